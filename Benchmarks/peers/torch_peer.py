"""PyTorch beside the benchmark: eager with oneDNN and with its own kernels, compiled, and scripted.

Run by the benchmark; the protocol is in worker.py. Versions are pinned in Benchmarks/requirements.txt.
"""

import time
from contextlib import nullcontext

import torch
from torch import nn
from torch.nn import functional
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

import worker
from character_model import CharacterModel, detach
from worker import Problem, Skip, Variant, Work

CELLS = {
  "lstm": nn.LSTM,
  "gru": nn.GRU,
  "rnn_tanh": lambda *sizes, **form: nn.RNN(*sizes, nonlinearity="tanh", **form),
  "rnn_relu": lambda *sizes, **form: nn.RNN(*sizes, nonlinearity="relu", **form),
}
STEP_CELLS = {
  "lstm": nn.LSTMCell,
  "gru": nn.GRUCell,
  "rnn_tanh": lambda *sizes, **form: nn.RNNCell(*sizes, nonlinearity="tanh", **form),
  "rnn_relu": lambda *sizes, **form: nn.RNNCell(*sizes, nonlinearity="relu", **form),
}


def make_layer(problem: Problem) -> nn.Module:
  form = {"num_layers": problem["layers"], "bidirectional": problem["directions"] == 2, "bias": problem.has_bias}
  if "projection" in problem.options:
    if problem.cell != "lstm":
      raise Skip("no projection but for LSTM")
    form["proj_size"] = int(problem.options["projection"])
  layer = CELLS[problem.cell](problem["I"], problem["H"], **form)
  fill(layer, problem["H"] ** -0.5)
  return layer


def fill(module: nn.Module, bound: float) -> None:
  with torch.no_grad():
    for name, parameter in module.named_parameters():
      parameter.copy_(torch.from_numpy(worker.numbers_of(name, tuple(parameter.shape), bound)))


def precision(problem: Problem):
  if problem.options.get("precision") == "bfloat16":
    return torch.autocast("cpu", dtype=torch.bfloat16)
  return nullcontext()


def open_layer(problem: Problem) -> Work:
  """`forward` in inference mode; `training` with the gradients of the input and of all parameters."""
  layer = make_layer(problem)
  x = torch.from_numpy(problem.inputs())
  width = int(problem.options.get("projection", problem["H"])) * problem["directions"]
  upstream = torch.from_numpy(worker.numbers_of("upstream", (problem["T"], problem["B"], width), 1))
  lengths = torch.tensor(problem.lengths) if problem.lengths else None

  def apply(values: torch.Tensor) -> torch.Tensor:
    with precision(problem):
      if lengths is None:
        return layer(values)[0]
      packed = pack_padded_sequence(values, lengths, enforce_sorted=False)
      return pad_packed_sequence(layer(packed)[0], total_length=problem["T"])[0]

  def forward() -> torch.Tensor:
    with torch.inference_mode():
      return apply(x)

  leaf = x.clone().requires_grad_(True)

  def train() -> tuple[torch.Tensor, float]:
    layer.zero_grad(set_to_none=True)
    leaf.grad = None
    begin = time.perf_counter()
    output = apply(leaf)
    output.backward(upstream.to(output.dtype))
    return output, (time.perf_counter() - begin) * 1e3

  def values() -> dict[str, float]:
    if problem.mode == "forward":
      return digest(forward(), {})
    output, _ = train()
    return digest(output, {"input": leaf.grad} | {name: p.grad for name, p in layer.named_parameters()})

  def digest(output: torch.Tensor, gradients: dict[str, torch.Tensor]) -> dict[str, float]:
    result = {"loss": float((output.double() * upstream).sum()), "output": float(output.double().norm())}
    return result | {f"d_{name}": float(gradient.double().norm()) for name, gradient in gradients.items()}

  def variant(onednn: bool) -> Variant:
    def run() -> float | None:
      torch.backends.mkldnn.enabled = onednn
      if problem.mode == "training":
        return train()[1]
      forward()
      return None

    def check() -> dict[str, float]:
      torch.backends.mkldnn.enabled = onednn
      return values()

    return Variant(run, check)

  # packed sequences never run on oneDNN
  if lengths is not None:
    return Work({"packed": lambda: variant(True)})
  return Work({"oneDNN": lambda: variant(True), "own kernels": lambda: variant(False)})


def open_step(problem: Problem) -> Work:
  """Single steps with the state carried: nn.LSTM with T = 1, nn.LSTMCell, and the latter scripted and compiled."""
  hidden, batch, steps = problem["H"], problem["B"], problem["steps"]
  x = torch.from_numpy(problem.inputs())
  layers = problem["layers"]
  parts = 2 if problem.cell == "lstm" else 1

  def layer_steps(onednn: bool) -> Variant:
    problem.numbers["directions"] = 1
    layer = make_layer(problem)
    zeros = torch.zeros(layers, batch, hidden)
    begin = (zeros, zeros) if parts == 2 else zeros

    def go(count: int) -> torch.Tensor:
      torch.backends.mkldnn.enabled = onednn
      state = begin
      with torch.inference_mode():
        for _ in range(count):
          output, state = layer(x, state)
      return output[0]

    return steps_variant(go)

  def cell_steps(transform) -> Variant:
    cells = nn.ModuleList()
    for index in range(layers):
      cell = STEP_CELLS[problem.cell](problem["I"] if index == 0 else hidden, hidden, bias=problem.has_bias)
      with torch.no_grad():
        for name, parameter in cell.named_parameters():
          shape = tuple(parameter.shape)
          parameter.copy_(torch.from_numpy(worker.numbers_of(f"{name}_l{index}", shape, hidden**-0.5)))
      cells.append(transform(cell.eval(), torch.zeros(batch, cell.input_size), torch.zeros(batch, hidden)))

    def go(count: int) -> torch.Tensor:
      zeros = torch.zeros(batch, hidden)
      states = [(zeros, zeros) if parts == 2 else zeros] * layers
      with torch.inference_mode():
        for _ in range(count):
          value = x[0]
          for index, cell in enumerate(cells):
            states[index] = cell(value, states[index])
            value = states[index][0] if parts == 2 else states[index]
      return value

    return steps_variant(go)

  def steps_variant(go) -> Variant:
    def run() -> float:
      begin = time.perf_counter()
      go(steps)
      return (time.perf_counter() - begin) * 1e3 / steps

    return Variant(run, lambda: {"output": float(go(5).double().norm())})

  def traced(cell: nn.Module, example: torch.Tensor, zeros: torch.Tensor):
    with torch.inference_mode():
      module = torch.jit.trace(cell, (example, (zeros, zeros) if parts == 2 else zeros))
      return torch.jit.freeze(module)

  return Work({
    "layer, oneDNN": lambda: layer_steps(True),
    "layer, own kernels": lambda: layer_steps(False),
    "cell": lambda: cell_steps(lambda cell, *_: cell),
    "cell, traced": lambda: cell_steps(traced),
    "cell, compiled": lambda: cell_steps(lambda cell, *_: torch.compile(cell, dynamic=False)),
  })


def make_model(problem: Problem, dropout: float) -> CharacterModel:
  cell = {"rnn_tanh": "rnn"}.get(problem.cell, problem.cell)
  if cell == "rnn_relu":
    raise Skip("no language model of rnn_relu")
  model = CharacterModel(problem["V"], problem["E"], problem["H"], problem["layers"], dropout, cell=cell)
  parameters = problem.language_model_parameters()
  with torch.no_grad():
    for name, parameter in model.named_parameters():
      name = name.removeprefix("recurrent.").replace("output.", "decoder.")
      parameter.copy_(torch.from_numpy(parameters[name]))
  return model


def open_language_model(problem: Problem) -> Work:
  """A whole training step: embedding, layers, loss, backward, clipping, optimiser; the state carried."""
  tokens, targets = (torch.from_numpy(ids) for ids in problem.tokens())
  rate, clip = problem.numbers["rate"], problem.numbers["clip"]

  def make(dropout: float, is_compiled: bool):
    model = make_model(problem, dropout)
    if problem.options.get("optimizer") == "adam":
      optimizer = torch.optim.Adam(model.parameters(), lr=rate, fused=True)
    else:
      optimizer = torch.optim.SGD(model.parameters(), lr=rate, fused=True)
    state = None

    def loss_of(state):
      logits, state = model(tokens, state)
      return functional.cross_entropy(logits.flatten(0, 1), targets.flatten()), state

    function = torch.compile(loss_of, dynamic=False) if is_compiled else loss_of

    def step() -> float:
      nonlocal state
      with precision(problem):
        loss, state = function(detach(state))
      optimizer.zero_grad()
      loss.backward()
      torch.nn.utils.clip_grad_norm_(model.parameters(), clip)
      optimizer.step()
      return loss.item()

    return step

  def variant(onednn: bool, is_compiled: bool) -> Variant:
    step = make(problem.numbers["dropout"], is_compiled)

    def run() -> None:
      torch.backends.mkldnn.enabled = onednn
      step()

    def check() -> dict[str, float]:
      torch.backends.mkldnn.enabled = onednn
      checked = make(0, is_compiled)
      return {f"loss {number}": checked() for number in (1, 2, 3)}

    return Variant(run, check)

  return Work({
    "oneDNN": lambda: variant(True, False),
    "own kernels": lambda: variant(False, False),
    "compiled": lambda: variant(True, True),
  })


def open_generation(problem: Problem) -> Work:
  """Tokens drawn one after the other, the state carried; a run is `length` tokens, its time that of one."""
  model = make_model(problem, 0).eval()
  length = problem["length"]

  @torch.inference_mode()
  def generate(onednn: bool) -> float:
    torch.backends.mkldnn.enabled = onednn
    token, state = torch.zeros(1, 1, dtype=torch.long), None
    begin = time.perf_counter()
    for _ in range(length):
      logits, state = model(token, state)
      token = torch.multinomial(torch.softmax(logits[0] / 0.8, dim=-1), 1)
      token.item()
    return (time.perf_counter() - begin) * 1e3 / length

  @torch.inference_mode()
  def check(onednn: bool) -> dict[str, float]:
    torch.backends.mkldnn.enabled = onednn
    return {"output": float(model(torch.arange(5).reshape(5, 1), None)[0].double().norm())}

  def variant(onednn: bool) -> Variant:
    return Variant(lambda: generate(onednn), lambda: check(onednn))

  return Work({"oneDNN": lambda: variant(True), "own kernels": lambda: variant(False)})


def open_product(problem: Problem) -> Work:
  """x [M, K] times a weight [N, K] transposed."""
  x = torch.from_numpy(worker.numbers_of("x", (problem["M"], problem["K"]), 1))
  weight = torch.from_numpy(worker.numbers_of("weight", (problem["N"], problem["K"]), 1))
  runs = max(1, 20_000_000 // (problem["M"] * problem["K"] * problem["N"]))

  @torch.inference_mode()
  def run() -> float:
    begin = time.perf_counter()
    for _ in range(runs):
      functional.linear(x, weight)
    return (time.perf_counter() - begin) * 1e3 / runs

  return Work({"linear": lambda: Variant(run, lambda: {"output": float(functional.linear(x, weight).double().norm())})})


def open_ctc(problem: Problem) -> Work:
  """From logits to the mean loss of the rows and the gradient of the logits; the blank is class 0."""
  steps, rows, classes, size = (problem[name] for name in ("T", "B", "V", "L"))
  logits = torch.from_numpy(worker.numbers_of("logits", (steps, rows, classes), 3)).requires_grad_(True)
  targets = torch.from_numpy(worker.tokens_of("targets", (rows, size), classes - 1) + 1)
  lengths, sizes = torch.full((rows,), steps), torch.full((rows,), size)

  def train() -> torch.Tensor:
    logits.grad = None
    losses = functional.ctc_loss(functional.log_softmax(logits, dim=-1), targets, lengths, sizes, reduction="none")
    losses.mean().backward()
    return losses.mean().detach()

  def run() -> None:
    train()

  def check() -> dict[str, float]:
    return {"loss": float(train().double()), "d_logits": float(logits.grad.double().norm())}

  return Work({"ctc_loss": lambda: Variant(run, check)})


OPENERS = {
  "layer": open_layer,
  "ragged": open_layer,
  "step": open_step,
  "language-model": open_language_model,
  "generate": open_generation,
  "product": open_product,
  "ctc": open_ctc,
}


def open_problem(problem: Problem) -> Work:
  options = {"bias", "optimizer", "precision", "projection"}
  problem.require(set(OPENERS), {"forward", "training", "step", "generation"}, options)
  if problem.options.get("precision") not in (None, "float32", "bfloat16"):
    raise Skip(f"no precision={problem.options['precision']}")
  torch.set_num_threads(problem.threads)
  return OPENERS[problem.kind](problem)


if __name__ == "__main__":
  worker.serve("torch", {"torch": torch.__version__}, open_problem)
