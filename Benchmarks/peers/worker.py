"""What all opponents share: the protocol, the numbers that everybody computes with, and the memory of a process.

An opponent is started once and answers each line of JSON on standard input with one line on standard output. It
begins with {"name": ..., "versions": {...}} and then takes

    {"open": PROBLEM, "mode": MODE, "threads": 2, "pin": false, "limit": 120}
                                                                  {"variants": [...]} or {"skip": "why"}
    {"check": VARIANT}                                            {"values": {"loss": ..., ...}}
    {"run": VARIANT, "warmup": 1, "repeat": 5}                    {"milliseconds": [...]}
    {"memory": true}                                              {"peak": BYTES, "base": BYTES}
    {"close": true}                                               {"closed": true}

and {"error": ...} where it cannot; with "closed": true as well when the process of the problem has ended, which it
does by itself when an answer takes more than "limit" seconds. Each problem runs in a process of its own, which is forked after the imports and
before anything is computed: its peak memory is that of the problem and of the imported system. A VARIANT is a way in
which the opponent can do the same thing; the fastest one counts. PROBLEM is

    {"kind": "layer", "cell": "lstm", "numbers": {"I": 128, "H": 128, ...}, "options": {...}, "lengths": [...]}

All sides fill their parameters and inputs by `numbers_of`, so that the values of a check agree: `loss`, the norm of
the output, and the norm of each gradient by PyTorch's name of the parameter.
"""

import json
import os
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

GATES = {"lstm": 4, "gru": 3, "rnn_tanh": 1, "rnn_relu": 1}
GOLDEN = 0x9E3779B97F4A7C15
MASK = (1 << 64) - 1


class Skip(Exception):
  """The opponent has nothing that computes this problem."""


@dataclass
class Problem:
  """A problem as the benchmark sends it."""

  kind: str
  cell: str
  numbers: dict[str, float]
  options: dict[str, str]
  lengths: list[int] | None
  mode: str
  threads: int
  pin: bool

  def __getitem__(self, name: str) -> int:
    return int(self.numbers[name])

  @property
  def gates(self) -> int:
    return GATES[self.cell]

  @property
  def has_bias(self) -> bool:
    return self.options.get("bias", "true") == "true"

  def require(self, kinds: set[str], modes: set[str], options: set[str] = frozenset()) -> None:
    """Raises `Skip` when the problem is not one of these."""
    if self.kind not in kinds:
      raise Skip(f"no problems of the kind {self.kind}")
    if self.mode not in modes:
      raise Skip(f"no {self.mode}")
    for name, value in self.options.items():
      if name not in options and not (name == "precision" and value == "float32"):
        raise Skip(f"no {name}={value}")

  def layer_parameters(self) -> dict[str, np.ndarray]:
    """The parameters of the recurrent layers by PyTorch's names and in its layout."""
    input_size, hidden = self["E"] if "E" in self.numbers else self["I"], self["H"]
    directions = int(self.numbers.get("directions", 1))
    rows, bound = self.gates * hidden, hidden**-0.5
    result = {}
    for layer in range(int(self.numbers.get("layers", 1))):
      width = input_size if layer == 0 else hidden * directions
      for suffix in ("", "_reverse")[:directions]:
        shapes = {"weight_ih": (rows, width), "weight_hh": (rows, hidden)}
        if self.has_bias:
          shapes |= {"bias_ih": (rows,), "bias_hh": (rows,)}
        for name, shape in shapes.items():
          full = f"{name}_l{layer}{suffix}"
          result[full] = numbers_of(full, shape, bound)
    return result

  def inputs(self) -> np.ndarray:
    """The input of layers, [T, B, I]."""
    return numbers_of("input", (int(self.numbers.get("T", 1)), self["B"], self["I"]), 1)

  def upstream(self) -> np.ndarray:
    """The gradient of the output of layers, [T, B, directions * H]."""
    return numbers_of("upstream", (self["T"], self["B"], self["H"] * self["directions"]), 1)

  def language_model_parameters(self) -> dict[str, np.ndarray]:
    """The parameters of the language model by name, those of the layers without a prefix."""
    vocabulary, hidden = self["V"], self["H"]
    return self.layer_parameters() | {
      "embedding.weight": numbers_of("embedding.weight", (vocabulary, self["E"]), 1),
      "decoder.weight": numbers_of("decoder.weight", (vocabulary, hidden), hidden**-0.5),
      "decoder.bias": numbers_of("decoder.bias", (vocabulary,), hidden**-0.5),
    }

  def tokens(self) -> tuple[np.ndarray, np.ndarray]:
    """Inputs and targets of a language model, [T, B] each."""
    shape = (self["T"], self["B"])
    return tokens_of("tokens", shape, self["V"]), tokens_of("targets", shape, self["V"])


def bits_of(name: str, count: int) -> np.ndarray:
  """24 random bits for each element: SplitMix64 from a seed that is the FNV-1a hash of a name."""
  seed = 0xCBF29CE484222325
  for byte in name.encode():
    seed = (seed ^ byte) * 0x100000001B3 & MASK
  x = np.arange(1, count + 1, dtype=np.uint64) * np.uint64(GOLDEN) + np.uint64(seed)
  x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
  x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
  return (x ^ (x >> np.uint64(31))) >> np.uint64(40)


def numbers_of(name: str, shape: tuple[int, ...], bound: float) -> np.ndarray:
  """Numbers uniform in ± bound that everybody has under this name."""
  unit = bits_of(name, int(np.prod(shape))).astype(np.float32) * np.float32(2**-23) - np.float32(1)
  return (unit * np.float32(bound)).reshape(shape)


def tokens_of(name: str, shape: tuple[int, ...], vocabulary: int) -> np.ndarray:
  """Token numbers that everybody has under this name."""
  return (bits_of(name, int(np.prod(shape))) * np.uint64(vocabulary) >> np.uint64(24)).astype(np.int64).reshape(shape)


def norm(values) -> float:
  """The Euclidean norm, in double precision."""
  return float(np.sqrt(np.sum(np.square(np.asarray(values, dtype=np.float64)))))


def layer_values(problem: Problem, output, gradients: dict | None = None) -> dict[str, float]:
  """The values of a check of layers, from the output [T, B, directions * H] and the gradients by name."""
  output = np.asarray(output, dtype=np.float64)
  values = {"loss": float(np.sum(output * problem.upstream())), "output": norm(output)}
  return values | {f"d_{name}": norm(gradient) for name, gradient in (gradients or {}).items()}


@dataclass
class Work:
  """What an opponent does for a problem: for each variant a function that runs it once, and one for its values.

  `run` returns nothing, or the milliseconds when only a part counts or a run is divided. A variant is made when it
  is first asked for, by the function in `variants`.
  """

  variants: dict[str, Callable[[], "Variant"]]
  made: dict[str, "Variant"] = field(default_factory=dict)

  def __getitem__(self, name: str) -> "Variant":
    if name not in self.made:
      self.made[name] = self.variants[name]()
    return self.made[name]


@dataclass
class Variant:
  """One way to compute a problem."""

  run: Callable[[], float | None]
  check: Callable[[], dict[str, float]]


def timed(run: Callable[[], float | None]) -> float:
  """The milliseconds of one run."""
  begin = time.perf_counter()
  own = run()
  return (time.perf_counter() - begin) * 1e3 if own is None else own


def memory(key: str) -> int:
  """A line of the status of this process, in bytes."""
  with open("/proc/self/status", encoding="ascii") as status:
    return next(int(line.split()[1]) * 1024 for line in status if line.startswith(key))


class Channel:
  """Lines of JSON; whatever the systems print goes to the standard error instead."""

  def __init__(self) -> None:
    self.output = os.dup(1)
    os.dup2(2, 1)

  def read(self) -> dict | None:
    while line := sys.stdin.readline():
      if line.strip():
        return json.loads(line)
    return None

  def write(self, reply: dict) -> None:
    os.write(self.output, (json.dumps(reply) + "\n").encode())


def explain(error: BaseException) -> str:
  text = str(error).strip()
  return f"{type(error).__name__}: {text[:400]}"


def serve_problem(channel: Channel, request: dict, open_problem: Callable[[Problem], Work]) -> None:
  """Answers the requests about one problem, until it is closed."""
  limit = request["limit"]
  signal.alarm(limit)
  try:
    base = memory("VmRSS")
    if request.get("pin"):
      os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[: request["threads"]])
    problem = Problem(
      **{name: request["open"].get(name) for name in ("kind", "cell", "numbers", "options", "lengths")},
      mode=request["mode"], threads=request["threads"], pin=bool(request.get("pin")),
    )
    work = open_problem(problem)
    channel.write({"variants": list(work.variants)})
  except Skip as reason:
    channel.write({"skip": str(reason)})
    return
  except Exception as error:
    channel.write({"error": explain(error)})
    return
  while True:
    # the default action of the signal ends the process wherever it is, in a compiler too
    signal.alarm(0)
    if (request := channel.read()) is None:
      return
    signal.alarm(limit)
    try:
      if "close" in request:
        channel.write({"closed": True})
        return
      if "memory" in request:
        channel.write({"peak": memory("VmHWM"), "base": base})
      elif "check" in request:
        channel.write({"values": work[request["check"]].check()})
      else:
        run = work[request["run"]].run
        for _ in range(request.get("warmup", 1)):
          run()
        channel.write({"milliseconds": [timed(run) for _ in range(request.get("repeat", 1))]})
    except Exception as error:
      channel.write({"error": explain(error)})


def serve(name: str, versions: dict[str, str], open_problem: Callable[[Problem], Work]) -> None:
  """Answers the benchmark until its input ends; every problem in a process of its own."""
  channel = Channel()
  channel.write({"name": name, "versions": versions})
  while request := channel.read():
    if "open" not in request:
      channel.write({"error": "no problem is open"})
      continue
    child = os.fork()
    if child == 0:
      try:
        serve_problem(channel, request, open_problem)
      finally:
        os._exit(0)
    _, status = os.waitpid(child, 0)
    if status != 0:
      code = os.waitstatus_to_exitcode(status)
      reason = f"given up after {request['limit']} s" if code == -signal.SIGALRM else f"ended with status {code}"
      channel.write({"error": reason, "closed": True})
