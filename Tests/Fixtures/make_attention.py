"""Makes the fixtures of the decoder with attention from PyTorch: outputs, weights and the gradients of everything.

    python Tests/Fixtures/make_attention.py

Needs the versions pinned in Benchmarks/requirements.txt: torch 2.15.0, numpy 2.4.6, safetensors 0.8.0.
The file and the names in it are described in README.md beside this script.
"""

import torch
from torch.nn import functional

from fixture_file import Source, leaf, save_fixture


def cell_step(kind: str, x: torch.Tensor, state: list, p: dict, prefix: str) -> list:
  """One step of a cell of PyTorch for one row."""
  weights = [p[f"{prefix}.{name}"] for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")]
  if kind == "gru":
    return [torch.gru_cell(x[None], state[0][None], *weights)[0]]
  h, c = torch.lstm_cell(x[None], [state[0][None], state[1][None]], *weights)
  return [h[0], c[0]]


def energies(score: str, query: torch.Tensor, memory: torch.Tensor, p: dict) -> torch.Tensor:
  """The scores of the places of one row."""
  if score == "additive":
    keys = functional.linear(memory, p["attention.key.weight"], p["attention.key.bias"])
    return torch.tanh(keys + p["attention.query.weight"] @ query) @ p["attention.vector"]
  if score == "general":
    return (memory @ p["attention.key.weight"].T) @ query
  return memory @ query / query.shape[0] ** 0.5


def make_case(
  source: Source, cell: str, score: str, inputs: int, hidden: int, width: int, size: int, outputs: int,
  places: list[int], lengths: list[int],
) -> tuple[dict, dict]:
  """Tensors of the file: every row is decoded alone, with as many places and steps as it has."""
  gates = {"gru": 3, "lstm": 4}[cell]
  p = {"bridge.weight": source.normal(hidden, width, scale=0.5), "bridge.bias": source.normal(hidden, scale=0.3)}
  for prefix, own in (("first", inputs), ("second", width)):
    p[f"{prefix}.weight_ih"] = source.normal(gates * hidden, own, scale=0.5)
    p[f"{prefix}.weight_hh"] = source.normal(gates * hidden, hidden, scale=0.4)
    p[f"{prefix}.bias_ih"] = source.normal(gates * hidden, scale=0.3)
    p[f"{prefix}.bias_hh"] = source.normal(gates * hidden, scale=0.3)
  if score == "additive":
    p["attention.query.weight"] = source.normal(size, hidden, scale=0.6)
    p["attention.key.weight"] = source.normal(size, width, scale=0.6)
    p["attention.key.bias"] = source.normal(size, scale=0.3)
    p["attention.vector"] = source.normal(size)
  elif score == "general":
    p["attention.key.weight"] = source.normal(hidden, width, scale=0.6)
  p["readout.weight"] = source.normal(outputs, hidden + width + inputs, scale=0.3)
  p["readout.bias"] = source.normal(outputs, scale=0.3)
  p = {name: leaf(value) for name, value in p.items()}
  rows, most, steps = len(places), max(places), max(lengths)
  memory, x = leaf(source.normal(most, rows, width)), leaf(source.normal(steps, rows, inputs))
  grad = source.normal(steps, rows, outputs)
  y, weights = torch.zeros(steps, rows, outputs).double(), torch.zeros(steps, rows, most).double()
  finals, loss = [], torch.zeros(()).double()
  for row in range(rows):
    own = memory[: places[row], row]
    mean = own.mean(dim=0) if places[row] else torch.zeros(width).double()
    state = [torch.tanh(p["bridge.weight"] @ mean + p["bridge.bias"])]
    state += [torch.zeros(hidden).double()] * (gates - 3)
    for step in range(lengths[row]):
      between = cell_step(cell, x[step, row], state, p, "first")
      share = torch.softmax(energies(score, between[0], own, p), dim=0)
      context = share @ own if places[row] else torch.zeros(width).double()
      state = cell_step(cell, context, between, p, "second")
      joined = torch.cat([state[0], context, x[step, row]])
      out = torch.tanh(p["readout.weight"] @ joined + p["readout.bias"])
      loss = loss + (out * grad[step, row]).sum()
      y[step, row], weights[step, row, : places[row]] = out.detach(), share.detach()
    finals.append(torch.cat(state))
    loss = loss + finals[-1].sum()
  loss.backward()
  tensors = {f"parameter.{name}": value for name, value in p.items()}
  tensors |= {f"grad.{name}": value.grad for name, value in p.items()}
  tensors |= {
    "memory": memory, "x": x, "grad_output": grad, "output": y, "weights": weights, "final": torch.stack(finals),
    "grad.memory": memory.grad, "grad.x": x.grad, "places": torch.tensor(places), "lengths": torch.tensor(lengths),
  }
  return tensors, {"cell": cell, "score": score, "hidden": hidden, "size": size}


def main() -> None:
  torch.set_num_threads(1)
  source = Source(1600)
  ragged = ([5, 3, 0, 1], [4, 6, 2, 0])
  cases = {
    "gru_additive": make_case(source, "gru", "additive", 5, 19, 7, 18, 6, *ragged),
    "gru_additive_full": make_case(source, "gru", "additive", 4, 16, 32, 16, 8, [6, 6, 6], [5, 5, 5]),
    "gru_general": make_case(source, "gru", "general", 3, 6, 5, 0, 4, *ragged),
    "gru_dot": make_case(source, "gru", "dot", 3, 6, 6, 0, 4, *ragged),
    "lstm_additive": make_case(source, "lstm", "additive", 3, 6, 5, 7, 4, *ragged),
  }
  tensors = {f"{case}/{name}": value for case, (made, _) in cases.items() for name, value in made.items()}
  save_fixture("attention", tensors, cases={case: numbers for case, (_, numbers) in cases.items()})


if __name__ == "__main__":
  main()
