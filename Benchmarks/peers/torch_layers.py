"""Times recurrent layers of PyTorch on request, so that another program can alternate its own runs with them.

Started once, it prints {"ready": true, "torch": ...} and then answers every line of JSON on standard input
with one line on standard output; a request, broken in two here, and its answer:

    {"cell": "lstm", "I": 128, "H": 128, "B": 32, "T": 100, "layers": 1, "directions": 1,
     "mode": "training", "threads": 2, "repeat": 5}
    {"milliseconds": [...], "threads": 2}

`cell` is lstm, gru, rnn_tanh or rnn_relu. `mode` is `forward`, in `torch.inference_mode`, or `training`: the
forward pass and the backward pass from a random upstream gradient of the output to the input and every
parameter. Gradients are dropped outside the timed section. `warmup` (1) is the number of untimed runs before;
`onednn` (true) lets PyTorch run on oneDNN where it would, and false keeps it on its own kernels, which can be
the faster ones for a single step. A layer and its tensors are kept from one request to the next of the same
shape. A request that cannot be met is answered by {"error": ...}; {"quit": true} or the end of the input ends
the program.

Pinned in Benchmarks/requirements.txt: torch 2.15.0.
"""

import json
import sys
import time
from collections.abc import Callable
from functools import lru_cache

import torch
from torch import nn

CELLS = {
  "lstm": nn.LSTM,
  "gru": nn.GRU,
  "rnn_tanh": lambda *sizes, **form: nn.RNN(*sizes, nonlinearity="tanh", **form),
  "rnn_relu": lambda *sizes, **form: nn.RNN(*sizes, nonlinearity="relu", **form),
}
SHAPE = ("I", "H", "B", "T", "layers", "directions")


@lru_cache(maxsize=1)
def make_runs(
  cell: str, I: int, H: int, B: int, T: int, layers: int, directions: int
) -> dict[str, Callable[[], float]]:
  """For each mode the function that runs the layer once and returns the milliseconds of it."""
  torch.manual_seed(1)
  module = CELLS[cell](I, H, num_layers=layers, bidirectional=directions == 2)
  inputs = torch.randn(T, B, I)
  training_inputs = inputs.clone().requires_grad_(True)
  upstream = torch.randn(T, B, directions * H)

  def forward() -> float:
    with torch.inference_mode():
      begin = time.perf_counter()
      module(inputs)
      return (time.perf_counter() - begin) * 1e3

  def training() -> float:
    module.zero_grad(set_to_none=True)
    training_inputs.grad = None
    begin = time.perf_counter()
    output, _ = module(training_inputs)
    output.backward(upstream)
    return (time.perf_counter() - begin) * 1e3

  return {"forward": forward, "training": training}


def answer(request: dict) -> dict:
  threads = int(request.get("threads", 1))
  torch.set_num_threads(threads)
  torch.backends.mkldnn.enabled = bool(request.get("onednn", True))
  run = make_runs(request["cell"], *(int(request[name]) for name in SHAPE))[request["mode"]]
  for _ in range(int(request.get("warmup", 1))):
    run()
  return {"milliseconds": [run() for _ in range(int(request.get("repeat", 1)))], "threads": threads}


def main() -> None:
  print(json.dumps({"ready": True, "torch": torch.__version__}), flush=True)
  for line in sys.stdin:
    if not line.strip():
      continue
    try:
      request = json.loads(line)
      if request.get("quit"):
        return
      reply = answer(request)
    except (ValueError, KeyError, TypeError, AttributeError, RuntimeError) as error:
      reply = {"error": f"{type(error).__name__}: {error}"}
    print(json.dumps(reply), flush=True)


if __name__ == "__main__":
  main()
