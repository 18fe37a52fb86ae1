"""Makes the fixture of mixtures of bivariate normal distributions from PyTorch.

    python Tests/Fixtures/make_mixtures.py

Needs the versions pinned in Benchmarks/requirements.txt, torch 2.15.0 and safetensors 0.8.0. The file and the names in it are
described in README.md beside this script.
"""

import torch
from torch.distributions import Categorical, MixtureSameFamily, MultivariateNormal
from torch.nn.functional import softplus

from fixture_file import Source, leaf, save_fixture

ROWS, COUNT = 6, 4


def mixture(numbers: torch.Tensor, least: float) -> MixtureSameFamily:
  w, mx, my, sx, sy, q = numbers.split(COUNT, dim=1)
  sx, sy, r = softplus(sx) + least, softplus(sy) + least, 0.999 * torch.tanh(q)
  covariance = torch.stack(
    [torch.stack([sx * sx, r * sx * sy], -1), torch.stack([r * sx * sy, sy * sy], -1)], -2)
  return MixtureSameFamily(
    Categorical(logits=w), MultivariateNormal(torch.stack([mx, my], -1), covariance_matrix=covariance))


def main() -> None:
  source = Source(31)
  numbers = source.normal(ROWS, 6 * COUNT)
  narrow = numbers.clone()
  narrow[:, 3 * COUNT : 5 * COUNT] -= 3
  steep = numbers.clone()
  steep[:, 5 * COUNT :] *= 3
  targets = source.normal(ROWS, 2)
  weights = source.uniform(ROWS, low=0, high=2).round()
  # name: numbers, targets, the least deviation, weights; the far one underflows in any sum of densities
  cases = {
    "plain": (numbers, targets, 1e-3, None),
    "weights": (numbers, targets, 0.1, weights),
    "narrow": (narrow, targets, 1e-3, None),
    "far": (narrow, targets * 1000, 1e-3, None),
    "steep": (steep, targets, 1e-3, None),
  }
  tensors, descriptions = {}, {}
  for name, (own, target, least, own_weights) in cases.items():
    least = torch.tensor(least, dtype=torch.float32).double().item()
    point = leaf(own)
    losses = -mixture(point, least).log_prob(target)
    loss = losses.mean() if own_weights is None else (losses * own_weights).sum() / own_weights.sum()
    loss.backward()
    tensors |= {
      f"{name}/input": point,
      f"{name}/target": target,
      f"{name}/losses": losses,
      f"{name}/loss": loss,
      f"{name}/grad.input": point.grad,
    }
    if own_weights is not None:
      tensors[f"{name}/weights"] = own_weights
    descriptions[name] = {"least": least}
  save_fixture("mixtures", tensors, cases=descriptions)


main()
