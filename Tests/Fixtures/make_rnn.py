"""Makes the fixtures of the recurrent layers from PyTorch: outputs, final states and every gradient.

    python Tests/Fixtures/make_rnn.py

Needs the versions pinned in Benchmarks/requirements.txt: torch 2.15.0, numpy 2.4.6, safetensors 0.8.0.
The files and the names in them are described in README.md beside this script.
"""

from dataclasses import dataclass

import torch
from torch import nn

from fixture_file import Source, leaf, save_fixture


@dataclass(frozen=True)
class Size:
  """T time steps, B rows, I inputs, H hidden units; `lengths` has one length a row, unsorted, with a zero."""

  T: int
  B: int
  I: int
  H: int
  lengths: tuple[int, ...]

  @property
  def suffix(self) -> str:
    return f"t{self.T}_b{self.B}_i{self.I}_h{self.H}"


# The last step of the first size lies beyond every row; the others have rows as long as the batch.
SMALL = Size(T=5, B=3, I=2, H=4, lengths=(2, 0, 4))
WIDE = Size(T=7, B=5, I=17, H=33, lengths=(3, 7, 0, 1, 6))
STACKED = Size(T=3, B=8, I=16, H=15, lengths=(1, 3, 0, 2, 3, 0, 1, 2))

FORMS = [(1, 1), (1, 2), (2, 1), (2, 2)]  # layers, directions
CASES = ["full", "given", "ragged"]


class ResetBeforeGRU(nn.Module):
  """One layer of the GRU whose reset gate acts on the state before the product: Keras' reset_after=False.

  Gates r z n as in `nn.GRU`; with `reset_before=False` it is `nn.GRU` itself, which `check` compares it with.
  """

  def __init__(self, input_size: int, hidden_size: int, reset_before: bool = True):
    super().__init__()
    self.reset_before = reset_before
    self.weight_ih_l0 = nn.Parameter(torch.empty(3 * hidden_size, input_size))
    self.weight_hh_l0 = nn.Parameter(torch.empty(3 * hidden_size, hidden_size))
    self.bias_ih_l0 = nn.Parameter(torch.empty(3 * hidden_size))
    self.bias_hh_l0 = nn.Parameter(torch.empty(3 * hidden_size))

  def forward(self, inputs: torch.Tensor, state: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    w_r, w_z, w_n = self.weight_hh_l0.chunk(3)
    b_r, b_z, b_n = self.bias_hh_l0.chunk(3)
    h = state[0]
    outputs = []
    for x in inputs:
      x_r, x_z, x_n = (x @ self.weight_ih_l0.T + self.bias_ih_l0).chunk(3, dim=-1)
      r = torch.sigmoid(x_r + h @ w_r.T + b_r)
      z = torch.sigmoid(x_z + h @ w_z.T + b_z)
      recurrent = (r * h) @ w_n.T + b_n if self.reset_before else r * (h @ w_n.T + b_n)
      n = torch.tanh(x_n + recurrent)
      h = (1 - z) * n + z * h
      outputs.append(h)
    return torch.stack(outputs), h[None]

  @staticmethod
  def check(source: Source, size: Size) -> None:
    """Raises unless this module with the reset after the product agrees with `nn.GRU`."""
    reference = fill(nn.GRU(size.I, size.H).double(), source)
    ours = ResetBeforeGRU(size.I, size.H, reset_before=False).double()
    ours.load_state_dict(reference.state_dict())
    inputs, state = source.normal(size.T, size.B, size.I), source.uniform(1, size.B, size.H)
    for ours_value, value in zip(ours(inputs, state), reference(inputs, state)):
      torch.testing.assert_close(ours_value, value, rtol=1e-12, atol=1e-12)


CELLS = {
  "rnn_tanh": lambda size, **form: nn.RNN(size.I, size.H, nonlinearity="tanh", **form),
  "rnn_relu": lambda size, **form: nn.RNN(size.I, size.H, nonlinearity="relu", **form),
  "lstm": lambda size, **form: nn.LSTM(size.I, size.H, **form),
  "gru": lambda size, **form: nn.GRU(size.I, size.H, **form),
  "gru_reset_before": lambda size, **form: ResetBeforeGRU(size.I, size.H),
}
NONLINEARITIES = {"rnn_tanh": "tanh", "rnn_relu": "relu"}


def fill(module: nn.Module, source: Source) -> nn.Module:
  """Draws every parameter from U(-0.5, 0.5)."""
  with torch.no_grad():
    for parameter in module.parameters():
      parameter.copy_(source.uniform(*parameter.shape))
  return module


def run(
  module: nn.Module, inputs: torch.Tensor, state: list[torch.Tensor]
) -> tuple[torch.Tensor, list[torch.Tensor]]:
  """Output and final state as a list: [h] or [h, c]."""
  output, final = module(inputs, tuple(state) if len(state) == 2 else state[0])
  return output, list(final) if isinstance(final, tuple) else [final]


def run_ragged(
  module: nn.Module, inputs: torch.Tensor, state: list[torch.Tensor], lengths: list[int], width: int
) -> tuple[torch.Tensor, list[torch.Tensor]]:
  """Every row alone for its own length, since packed sequences refuse a length of zero.

  Outputs past a row's length are zero; a row of length zero keeps its initial state.
  """
  steps = inputs.shape[0]
  outputs, finals = [], []
  for row, length in enumerate(lengths):
    row_state = [s[:, row : row + 1].contiguous() for s in state]
    padding = inputs.new_zeros(steps - length, 1, width)
    if length == 0:
      outputs.append(padding)
      finals.append(row_state)
      continue
    output, final = run(module, inputs[:length, row : row + 1].contiguous(), row_state)
    outputs.append(torch.cat([output, padding]))
    finals.append(final)
  return torch.cat(outputs, dim=1), [torch.cat(rows, dim=1) for rows in zip(*finals)]


def evaluate(
  module: nn.Module, size: Size, layers: int, directions: int, case: str, given: dict, dtype: torch.dtype
) -> dict[str, torch.Tensor]:
  """Results and gradients of one case, computed in `dtype`, under the names of the file."""
  module = module.to(dtype)
  module.zero_grad(set_to_none=True)
  given = {name: value.to(dtype) if value.is_floating_point() else value for name, value in given.items()}
  names = ["h", "c"] if "grad_cn" in given else ["h"]
  inputs = leaf(given["input"])
  zeros = inputs.new_zeros(layers * directions, size.B, size.H)
  state = [leaf(given.get(f"{name}0", zeros)) for name in names]
  if case == "ragged":
    output, final = run_ragged(module, inputs, state, given["lengths"].tolist(), directions * size.H)
  else:
    output, final = run(module, inputs, state)
  loss = (output * given["grad_output"]).sum()
  for name, value in zip(names, final):
    loss = loss + (value * given[f"grad_{name}n"]).sum()
  loss.backward()

  results = {"output": output, "grad.input": inputs.grad}
  for name, initial, value in zip(names, state, final):
    results[f"{name}n"] = value
    if case != "full":
      results[f"grad.{name}0"] = initial.grad
  for name, parameter in module.named_parameters():
    results[f"grad.{name}"] = parameter.grad
  return {name: value.detach().clone() for name, value in results.items()}


def make_case(
  cell: str, size: Size, layers: int, directions: int, case: str, source: Source
) -> dict[str, torch.Tensor]:
  module = fill(CELLS[cell](size, num_layers=layers, bidirectional=directions == 2).double(), source)
  names = ["h", "c"] if cell == "lstm" else ["h"]
  state_shape = (layers * directions, size.B, size.H)
  given = {
    "input": source.normal(size.T, size.B, size.I),
    "grad_output": source.normal(size.T, size.B, directions * size.H),
  }
  for name in names:
    given[f"grad_{name}n"] = source.normal(*state_shape)
    if case != "full":
      given[f"{name}0"] = source.uniform(*state_shape, low=-1, high=1)
  if case == "ragged":
    given["lengths"] = torch.tensor(size.lengths)
  parameters = {name: value.detach().clone() for name, value in module.named_parameters()}

  results = evaluate(module, size, layers, directions, case, given, torch.float64)
  # A case is of use only if float32 arithmetic can meet it: no ReLU on the edge, nothing ill-conditioned.
  single = evaluate(module, size, layers, directions, case, given, torch.float32)
  for name, value in results.items():
    margin = 1e-6 * (1 + float(value.abs().max()))
    torch.testing.assert_close(single[name].double(), value, rtol=1e-5, atol=margin)
  return {**given, **parameters, **results}


def make_file(cell: str, size: Size, cases: list[tuple[int, int, str]], seed: int) -> None:
  source = Source(seed)
  tensors, descriptions = {}, {}
  for layers, directions, case in cases:
    prefix = f"l{layers}_{'bi' if directions == 2 else 'uni'}_{case}"
    descriptions[prefix] = {"layers": layers, "directions": directions, "case": case}
    for name, value in make_case(cell, size, layers, directions, case, source).items():
      tensors[f"{prefix}/{name}"] = value
  save_fixture(
    f"{cell}_{size.suffix}",
    tensors,
    cell=cell,
    nonlinearity=NONLINEARITIES.get(cell, ""),
    cases=descriptions,
    **{letter: getattr(size, letter) for letter in "TBIH"},
  )


def main() -> None:
  torch.set_num_threads(1)
  ResetBeforeGRU.check(Source(1), SMALL)
  every_case = [(layers, directions, case) for layers, directions in FORMS for case in CASES]
  one_layer = [(1, 1, case) for case in CASES]
  for number, cell in enumerate(["rnn_tanh", "rnn_relu", "lstm", "gru"]):
    make_file(cell, SMALL, every_case, seed=100 + number)
    make_file(cell, WIDE, one_layer, seed=200 + number)
  for number, cell in enumerate(["lstm", "gru"]):
    make_file(cell, STACKED, [(2, 2, "given"), (2, 2, "ragged")], seed=300 + number)
  make_file("gru_reset_before", SMALL, one_layer, seed=400)
  make_file("gru_reset_before", WIDE, [(1, 1, "ragged")], seed=401)


if __name__ == "__main__":
  main()
