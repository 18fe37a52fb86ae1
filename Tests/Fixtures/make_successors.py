"""Makes the fixtures of the successors of the classic cells: outputs, final states and every gradient.

    python Tests/Fixtures/make_successors.py

The cells are the equations of the papers in plain operations; autograd gives the gradients. Needs the versions pinned
in Benchmarks/requirements.txt. The files and the names in them are described in README.md beside this script.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import sigmoid, tanh
from torch.nn.functional import logsigmoid

from fixture_file import Source, leaf, save_fixture

Tensors = dict[str, torch.Tensor]
Step = Callable[[torch.Tensor, list[torch.Tensor], Tensors], tuple[torch.Tensor, list[torch.Tensor]]]


@dataclass(frozen=True)
class Cell:
  """The shapes of parameters and states (without the batch) and one step: x, states, parameters to h, states."""

  parameters: dict[str, tuple[int, ...]]
  states: dict[str, tuple[int, ...]]
  step: Step
  options: dict[str, object]


def linear(x: torch.Tensor, p: Tensors) -> torch.Tensor:
  return x @ p["weight_ih"].T + p["bias_ih"]


def positive(x: torch.Tensor) -> torch.Tensor:
  return torch.where(x >= 0, x + 0.5, sigmoid(x))


def projected(gates: int, inputs: int, units: int) -> dict[str, tuple[int, ...]]:
  return {"weight_ih": (gates * units, inputs), "bias_ih": (gates * units,)}


def min_gru(I: int, H: int, candidate: str) -> Cell:
  def step(x, states, p):
    z, n = linear(x, p).chunk(2, dim=-1)
    z, n = sigmoid(z), positive(n) if candidate == "positive" else n
    h = (1 - z) * states[0] + z * n
    return h, [h]

  return Cell(projected(2, I, H), {"h": (H,)}, step, {"candidate": candidate})


def min_lstm(I: int, H: int, candidate: str) -> Cell:
  def step(x, states, p):
    f, i, n = linear(x, p).chunk(3, dim=-1)
    f, i, n = sigmoid(f), sigmoid(i), positive(n) if candidate == "positive" else n
    h = f / (f + i) * states[0] + i / (f + i) * n
    return h, [h]

  return Cell(projected(3, I, H), {"h": (H,)}, step, {"candidate": candidate})


def indrnn(I: int, H: int, activation: str) -> Cell:
  def step(x, states, p):
    total = linear(x, p) + p["weight_hh"] * states[0]
    h = torch.relu(total) if activation == "relu" else tanh(total)
    return h, [h]

  return Cell({**projected(1, I, H), "weight_hh": (H,)}, {"h": (H,)}, step, {"activation": activation})


def sru(I: int, H: int, highway_bias: float) -> Cell:
  blocks = 3 if I == H else 4
  alpha = math.sqrt(1 + 2 * math.exp(highway_bias)) if I == H else 1

  def step(x, states, p):
    value, f, r, *projection = (x @ p["weight_ih"].T).chunk(blocks, dim=-1)
    v_f, v_r = p["weight_hh"].chunk(2)
    b_f, b_r = p["bias_hh"].chunk(2)
    c = states[0]
    f, r = sigmoid(f + v_f * c + b_f), sigmoid(r + v_r * c + b_r)
    c = f * c + (1 - f) * value
    return r * c + (1 - r) * (projection[0] if projection else x * alpha), [c]

  shapes = {"weight_ih": (blocks * H, I), "weight_hh": (2 * H,), "bias_hh": (2 * H,)}
  return Cell(shapes, {"c": (H,)}, step, {"highway_bias": highway_bias})


def qrnn(I: int, H: int, window: int, pooling: str) -> Cell:
  gates = {"f": 2, "fo": 3, "ifo": 4}[pooling]

  def step(x, states, p):
    c = states[0]
    seen = torch.cat([states[1], x[:, None]], dim=1) if window > 1 else x[:, None]
    z, f, *rest = linear(seen.flatten(1), p).chunk(gates, dim=-1)
    z, f = tanh(z), sigmoid(f)
    c = f * c + (sigmoid(rest[1]) if pooling == "ifo" else 1 - f) * z
    h = c if pooling == "f" else sigmoid(rest[0]) * c
    return h, [c, seen[:, 1:]] if window > 1 else [c]

  past = {"past": (window - 1, I)} if window > 1 else {}
  return Cell(projected(gates, window * I, H), {"c": (H,), **past}, step, {"window": window, "pooling": pooling})


def slstm(I: int, H: int, heads: int) -> Cell:
  size = H // heads

  def step(x, states, p):
    h, c, n, m = states
    weight = p["weight_hh"].view(4, heads, size, size)
    recurrent = torch.einsum("ghuv,bhv->bghu", weight, h.view(-1, heads, size)).reshape(-1, 4 * H)
    i, f, z, o = (linear(x, p) + recurrent).chunk(4, dim=-1)
    kept = logsigmoid(f) + m
    m = torch.maximum(kept, i)
    i, f = torch.exp(i - m), torch.exp(kept - m)
    c, n = f * c + i * tanh(z), f * n + i
    h = sigmoid(o) * c / n
    return h, [h, c, n, m]

  shapes = {**projected(4, I, H), "weight_hh": (4 * H, size)}
  return Cell(shapes, {name: (H,) for name in "hcnm"}, step, {"heads": heads})


def mlstm(I: int, H: int, heads: int) -> Cell:
  size = H // heads

  def step(x, states, p):
    memory, n, m = states
    q, k, v, o = (part.reshape(-1, heads, size) for part in linear(x, p).chunk(4, dim=-1))
    k = k / math.sqrt(size)
    i, f = (x @ p["weight_gate"].T + p["bias_gate"]).chunk(2, dim=-1)
    kept = logsigmoid(f) + m
    m = torch.maximum(kept, i)
    i, f = torch.exp(i - m), torch.exp(kept - m)
    memory = f[..., None, None] * memory + i[..., None, None] * k[..., :, None] * v[..., None, :]
    n = f[..., None] * n + i[..., None] * k
    divisor = torch.maximum((n * q).sum(-1).abs(), torch.exp(-m))
    h = sigmoid(o) * torch.einsum("bhj,bhju->bhu", q, memory) / divisor[..., None]
    return h.flatten(1), [memory, n, m]

  shapes = {**projected(4, I, H), "weight_gate": (2 * heads, I), "bias_gate": (2 * heads,)}
  states = {"memory": (heads, size, size), "n": (heads, size), "m": (heads,)}
  return Cell(shapes, states, step, {"heads": heads})


def scan(cell: Cell, inputs: torch.Tensor, states: list[torch.Tensor], lengths: list[int], p: Tensors):
  """Every row alone for its own length; outputs beyond are zero, a row of length zero keeps its state."""
  outputs, finals = [], []
  for row, length in enumerate(lengths):
    own = [state[row : row + 1] for state in states]
    steps = []
    for t in range(length):
      h, own = cell.step(inputs[t, row : row + 1], own, p)
      steps.append(h)
    width = cell_width(cell)
    steps += [inputs.new_zeros(1, width)] * (inputs.shape[0] - length)
    outputs.append(torch.stack(steps))
    finals.append(own)
  return torch.cat(outputs, dim=1), [torch.cat(parts) for parts in zip(*finals)]


def cell_width(cell: Cell) -> int:
  return math.prod(cell.states.get("n", cell.states.get("c", cell.states.get("h"))))


def evaluate(cell: Cell, given: Tensors, parameters: Tensors, dtype: torch.dtype) -> Tensors:
  """Results and gradients of one case, computed in `dtype`, under the names of the file."""
  given = {name: value.to(dtype) if value.is_floating_point() else value for name, value in given.items()}
  p = {name: leaf(value.to(dtype)) for name, value in parameters.items()}
  inputs = leaf(given["input"])
  states = [leaf(given[f"initial_{index}"]) for index in range(len(cell.states))]
  output, finals = scan(cell, inputs, states, given["lengths"].tolist(), p)
  loss = (output * given["grad_output"]).sum()
  for index, value in enumerate(finals):
    loss = loss + (value * given[f"grad_final_{index}"]).sum()
  loss.backward()
  results = {"output": output, "grad.input": inputs.grad}
  for index, (initial, value) in enumerate(zip(states, finals)):
    results[f"final_{index}"] = value
    results[f"grad.initial_{index}"] = initial.grad
  for name, value in p.items():
    results[f"grad.{name}"] = torch.zeros_like(value) if value.grad is None else value.grad
  return {name: value.detach().clone() for name, value in results.items()}


def make_case(cell: Cell, T: int, B: int, I: int, lengths: list[int], source: Source) -> Tensors:
  parameters = {name: source.uniform(*shape) for name, shape in cell.parameters.items()}
  width = cell_width(cell)
  given = {
    "input": source.normal(T, B, I),
    "lengths": torch.tensor(lengths),
    "grad_output": source.normal(T, B, width),
  }
  for index, (name, shape) in enumerate(cell.states.items()):
    initial = source.uniform(B, *shape, low=-1, high=1)
    given[f"initial_{index}"] = initial.abs() + 0.5 if name == "n" else initial
    given[f"grad_final_{index}"] = source.normal(B, *shape)
  results = evaluate(cell, given, parameters, torch.float64)
  # A case is of use only if float32 arithmetic can meet it.
  single = evaluate(cell, given, parameters, torch.float32)
  for name, value in results.items():
    margin = 1e-6 * (1 + float(value.abs().max()))
    torch.testing.assert_close(single[name].double(), value, rtol=1e-5, atol=margin)
  return {**given, **parameters, **results}


def main() -> None:
  torch.set_num_threads(1)
  source = Source(500)
  T, B, I, H = 6, 4, 3, 10
  full, ragged = [T] * B, [4, 0, 6, 1]
  cells = {
    "min_gru_linear": (I, min_gru(I, H, "linear")),
    "min_gru_positive": (I, min_gru(I, H, "positive")),
    "min_lstm_linear": (I, min_lstm(I, H, "linear")),
    "min_lstm_positive": (I, min_lstm(I, H, "positive")),
    "indrnn_relu": (I, indrnn(I, H, "relu")),
    "indrnn_tanh": (I, indrnn(I, H, "tanh")),
    "sru": (I, sru(I, H, -1.0)),
    "sru_square": (H, sru(H, H, -1.0)),
    "qrnn_f": (I, qrnn(I, H, 1, "f")),
    "qrnn_fo": (I, qrnn(I, H, 2, "fo")),
    "qrnn_ifo": (I, qrnn(I, H, 3, "ifo")),
    "slstm": (I, slstm(I, H, 2)),
    "slstm_one_head": (I, slstm(I, H, 1)),
    "mlstm": (I, mlstm(I, H, 2)),
    "mlstm_one_head": (I, mlstm(I, H, 1)),
  }
  tensors, descriptions = {}, {}
  for name, (inputs, cell) in cells.items():
    for form, lengths in [("full", full), ("ragged", ragged)]:
      title = f"{name}_{form}"
      descriptions[title] = {"cell": name, "inputs": inputs, "units": H, **cell.options}
      for key, value in make_case(cell, T, B, inputs, lengths, source).items():
        tensors[f"{title}/{key}"] = value
  save_fixture("successors", tensors, cases=descriptions)


if __name__ == "__main__":
  main()
