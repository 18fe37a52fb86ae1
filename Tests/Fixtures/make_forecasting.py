"""Makes the fixtures of the likelihoods and distributions of forecasts from PyTorch and SciPy.

    python Tests/Fixtures/make_forecasting.py

Needs the versions pinned in Benchmarks/requirements.txt, torch 2.15.0, numpy 2.4.6 and safetensors 0.8.0, and scipy 1.17.1.
The file and the names in it are described in README.md beside this script.
"""

import torch
from scipy import special, stats

from fixture_file import Source, leaf, save_fixture

SHAPE = (5, 7)
LEVELS = [0.025, 0.1, 0.5, 0.8, 0.99]


def mean_with(weights: torch.Tensor | None, losses: torch.Tensor) -> torch.Tensor:
  return losses.mean() if weights is None else (losses * weights).sum() / weights.sum()


def make_likelihoods(source: Source) -> tuple[dict, dict]:
  weights = (source.uniform(*SHAPE, low=0, high=1) > 0.3).double()
  mean, scale = source.normal(*SHAPE), source.uniform(*SHAPE, low=0.1, high=3)
  degrees = source.uniform(*SHAPE, low=2.1, high=40)
  targets = source.normal(*SHAPE, scale=3)
  rate = source.uniform(*SHAPE, low=0.05, high=60)
  # from nearly Poisson's to far wider
  dispersion = torch.exp(source.uniform(*SHAPE, low=-7, high=1.5)).float().double()
  counts = torch.poisson(rate.float(), generator=source.generator).double()
  counts[0, :3] = 0
  large = source.integers(100_000, *SHAPE).double()

  def gaussian(y, m, s):
    return -torch.distributions.Normal(m, s).log_prob(y)

  def student_t(y, m, s, n):
    return -torch.distributions.StudentT(n, m, s).log_prob(y)

  def negative_binomial(y, m, a):
    return -torch.distributions.NegativeBinomial(1 / a, logits=torch.log(a * m)).log_prob(y)

  cases = {
    "gaussian": (gaussian, targets, {"mean": mean, "scale": scale}, None),
    "gaussian_weights": (gaussian, targets, {"mean": mean, "scale": scale}, weights),
    "student_t": (student_t, targets, {"mean": mean, "scale": scale, "degrees": degrees}, None),
    "student_t_far": (student_t, targets * 1000, {"mean": mean, "scale": scale, "degrees": degrees}, weights),
    "negative_binomial": (negative_binomial, counts, {"mean": rate, "dispersion": dispersion}, None),
    "negative_binomial_large": (
      negative_binomial, large, {"mean": rate * 1000, "dispersion": dispersion}, weights
    ),
  }
  tensors, descriptions = {}, {}
  for name, (function, target, parameters, own_weights) in cases.items():
    leaves = {part: leaf(value) for part, value in parameters.items()}
    loss = mean_with(own_weights, function(target, *leaves.values()))
    loss.backward()
    tensors |= {f"{name}/target": target, f"{name}/loss": loss}
    for part, value in leaves.items():
      tensors |= {f"{name}/{part}": value, f"{name}/grad.{part}": value.grad}
    if own_weights is not None:
      tensors[f"{name}/weights"] = own_weights
    descriptions[name] = {"loss": function.__name__}
  return tensors, descriptions


def make_quantiles(source: Source) -> tuple[dict, dict]:
  targets = source.normal(*SHAPE)
  weights = (source.uniform(*SHAPE, low=0, high=1) > 0.3).double()
  levels = torch.tensor(LEVELS, dtype=torch.float32).double()
  tensors, descriptions = {}, {}
  for name, own in (("quantile", None), ("quantile_weights", weights)):
    predictions = leaf(source.normal(*SHAPE, len(LEVELS)))
    difference = targets[..., None] - predictions
    pinball = torch.maximum(levels * difference, (levels - 1) * difference).mean(-1)
    loss = mean_with(own, pinball)
    loss.backward()
    tensors |= {
      f"{name}/input": predictions,
      f"{name}/target": targets,
      f"{name}/loss": loss,
      f"{name}/grad.input": predictions.grad,
    }
    if own is not None:
      tensors[f"{name}/weights"] = own
    descriptions[name] = {"loss": "quantile", "levels": LEVELS}
  return tensors, descriptions


def make_functions() -> dict:
  """Special functions and quantiles at float32 points, computed in float64."""
  levels = torch.tensor([1e-4, 0.01, 0.1, 0.35, 0.5, 0.6, 0.9, 0.975, 0.999], dtype=torch.float32).double()
  x = torch.tensor([1e-3, 0.1, 0.5, 1, 1.5, 2, 3.25, 9.9, 10.1, 100, 1e4], dtype=torch.float32).double()
  tensors = {
    "functions/x": x,
    "functions/log_gamma": torch.from_numpy(special.gammaln(x.numpy())),
    "functions/digamma": torch.from_numpy(special.digamma(x.numpy())),
    "quantiles/levels": levels,
  }
  for name, values in {"student_t": [0.7, 2.1, 5, 30, 1000]}.items():
    degrees = torch.tensor(values, dtype=torch.float32).double()
    tensors[f"quantiles/{name}.degrees"] = degrees
    tensors[f"quantiles/{name}"] = torch.stack(
      [torch.from_numpy(stats.t(float(n), loc=0.5, scale=2).ppf(levels.numpy())) for n in degrees]
    )
  pairs = torch.tensor([[0.3, 0.5], [7, 0.01], [40, 2], [300, 0.2], [20_000, 0.5]]).double()
  tensors["quantiles/negative_binomial.parameters"] = pairs
  tensors["quantiles/negative_binomial"] = torch.stack(
    [
      torch.from_numpy(stats.nbinom(1 / float(a), 1 / (1 + float(a * m))).ppf(levels.numpy()))
      for m, a in pairs
    ]
  )
  return tensors


def main() -> None:
  torch.set_num_threads(1)
  source = Source(900)
  tensors, descriptions = make_likelihoods(source)
  more, more_descriptions = make_quantiles(source)
  save_fixture("forecasting", tensors | more | make_functions(), cases=descriptions | more_descriptions)


if __name__ == "__main__":
  main()
