"""Makes the fixture of the LSTM with options: outputs, final states and every gradient.

    python Tests/Fixtures/make_cells.py

The projection is PyTorch's own (`nn.LSTM(proj_size=...)`); the other options are written out here in the order of the
papers: peepholes (Gers and Schmidhuber 2000), coupled gates (Greff et al. 2015), layer normalisation (Ba et al. 2016),
a bound on the cell state, and zoneout as it is in inference (Krueger et al. 2016).
Needs the versions pinned in Benchmarks/requirements.txt.
"""

from dataclasses import dataclass

import torch
from torch import nn
from torch.nn import functional

from fixture_file import Source, leaf, save_fixture

T, B, I, H = 6, 3, 5, 18


@dataclass(frozen=True)
class Variant:
  peepholes: bool = False
  coupled: bool = False
  norm: bool = False
  projection: int = 0
  clip: float = 0.0
  zoneout: float = 0.0
  zoneout_cell: float = 0.0


VARIANTS = {
  "plain": Variant(),
  "peepholes": Variant(peepholes=True),
  "coupled": Variant(coupled=True),
  "norm": Variant(norm=True),
  "projection": Variant(projection=7),
  "clip": Variant(clip=0.25),
  "zoneout": Variant(zoneout=0.2, zoneout_cell=0.4),
  "all": Variant(True, True, True, 7, 0.5, 0.1, 0.3),
}


def parameters(variant: Variant, source: Source) -> dict[str, torch.Tensor]:
  gates = 3 if variant.coupled else 4
  state = variant.projection or H
  drawn = {
    "weight_ih_l0": source.uniform(gates * H, I),
    "weight_hh_l0": source.uniform(gates * H, state),
    "bias_ih_l0": source.uniform(gates * H),
    "bias_hh_l0": source.uniform(gates * H),
  }
  if variant.projection:
    drawn["weight_hr_l0"] = source.uniform(state, H)
  if variant.peepholes:
    drawn["weight_peephole_l0"] = source.uniform((gates - 1) * H)
  if variant.norm:
    for name in ["norm_ih_l0", "norm_hh_l0"]:
      drawn[name] = 1 + source.uniform(gates * H)
    drawn["norm_cell_l0"] = 1 + source.uniform(H)
    drawn["norm_cell_bias_l0"] = source.uniform(H)
  return drawn


def step(v: Variant, p: dict, x: torch.Tensor, h: torch.Tensor, c: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
  from_input, from_state = x @ p["weight_ih_l0"].T, h @ p["weight_hh_l0"].T
  if v.norm:
    width = from_input.shape[1:]
    from_input = functional.layer_norm(from_input, width) * p["norm_ih_l0"]
    from_state = functional.layer_norm(from_state, width) * p["norm_hh_l0"]
  sums = from_input + p["bias_ih_l0"] + from_state + p["bias_hh_l0"]
  peepholes = p["weight_peephole_l0"].chunk(2 if v.coupled else 3) if v.peepholes else [torch.zeros(())] * 3
  if v.coupled:
    s_i, s_g, s_o = sums.chunk(3, dim=1)
    i = torch.sigmoid(s_i + peepholes[0] * c)
    f = 1 - i
  else:
    s_i, s_f, s_g, s_o = sums.chunk(4, dim=1)
    i = torch.sigmoid(s_i + peepholes[0] * c)
    f = torch.sigmoid(s_f + peepholes[1] * c)
  fresh = f * c + i * torch.tanh(s_g)
  if v.clip:
    fresh = fresh.clamp(-v.clip, v.clip)
  o = torch.sigmoid(s_o + peepholes[1 if v.coupled else 2] * fresh)
  seen = functional.layer_norm(fresh, (H,)) * p["norm_cell_l0"] + p["norm_cell_bias_l0"] if v.norm else fresh
  output = o * torch.tanh(seen)
  if v.projection:
    output = output @ p["weight_hr_l0"].T
  return v.zoneout * h + (1 - v.zoneout) * output, v.zoneout_cell * c + (1 - v.zoneout_cell) * fresh


def evaluate(name: str, variant: Variant, given: dict, drawn: dict, dtype: torch.dtype) -> dict[str, torch.Tensor]:
  p = {key: leaf(value.to(dtype)) for key, value in drawn.items()}
  x, h0, c0 = (leaf(given[key].to(dtype)) for key in ["input", "h0", "c0"])
  if name in ("plain", "projection"):
    module = nn.LSTM(I, H, proj_size=variant.projection).to(dtype)
    output, (h, c) = torch.func.functional_call(module, p, (x, (h0, c0)))
  else:
    h, c, outputs = h0[0], c0[0], []
    for row in x:
      h, c = step(variant, p, row, h, c)
      outputs.append(h)
    output, h, c = torch.stack(outputs), h[None], c[None]
  upstream = (given[key].to(dtype) for key in ["grad_output", "grad_hn", "grad_cn"])
  loss = sum((value * factor).sum() for value, factor in zip((output, h, c), upstream))
  loss.backward()
  results = {"output": output, "hn": h, "cn": c, "grad.input": x.grad, "grad.h0": h0.grad, "grad.c0": c0.grad}
  results |= {f"grad.{key}": value.grad for key, value in p.items()}
  return {key: value.detach().clone() for key, value in results.items()}


def main() -> None:
  torch.set_num_threads(1)
  source = Source(500)
  tensors, descriptions = {}, {}
  for name, variant in VARIANTS.items():
    state = variant.projection or H
    drawn = parameters(variant, source)
    given = {
      "input": source.normal(T, B, I),
      "h0": source.uniform(1, B, state, low=-1, high=1),
      "c0": source.uniform(1, B, H, low=-1, high=1),
      "grad_output": source.normal(T, B, state),
      "grad_hn": source.normal(1, B, state),
      "grad_cn": source.normal(1, B, H),
    }
    results = evaluate(name, variant, given, drawn, torch.float64)
    single = evaluate(name, variant, given, drawn, torch.float32)
    for key, value in results.items():
      margin = (4e-6 if key.startswith("grad.") else 1e-6) * (1 + float(value.abs().max()))
      torch.testing.assert_close(single[key].double(), value, rtol=1e-5, atol=margin)
    # the equations written out here agree with nn.LSTM where that has them
    if name in ("plain", "projection"):
      own = evaluate("written out", variant, given, drawn, torch.float64)
      for key, value in results.items():
        torch.testing.assert_close(own[key], value, rtol=1e-10, atol=1e-12)
    for key, value in (given | drawn | results).items():
      tensors[f"{name}/{key}"] = value
    descriptions[name] = {"layers": 1, "directions": 1, "case": "given", **vars(variant)}
  save_fixture("lstm_options", tensors, cases=descriptions, T=T, B=B, I=I, H=H)


if __name__ == "__main__":
  main()
