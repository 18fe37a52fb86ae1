"""Makes the fixture of the metrics from scikit-learn.

    python Tests/Fixtures/make_metrics.py

Needs the versions pinned in Benchmarks/requirements.txt: torch 2.15.0, numpy 2.4.6, safetensors 0.8.0,
scikit-learn 1.7.2, scipy 1.17.1. The file and the names in it are described in README.md beside this script.
"""

import numpy
import torch
from scipy.optimize import minimize_scalar
from scipy.special import log_softmax, softmax
from sklearn import metrics

from fixture_file import Source, save_fixture


def make_classification(source: Source, items: int, classes: int, has_ties: bool, temperature: float) -> dict:
  """Scores that know something about the labels; classes with a higher index are rarer."""
  labels = (source.uniform(items, low=0, high=1) ** 2 * classes).long()
  labels[:classes] = torch.arange(classes)
  logits = source.normal(items, classes, scale=2)
  logits[torch.arange(items), labels] += 2
  logits = logits.round() if has_ties else logits
  y, z = labels.numpy(), logits.numpy()
  p, answers = softmax(z / temperature, axis=1), z.argmax(axis=1)
  names = list(range(classes))
  per_class = metrics.precision_recall_fscore_support(y, answers, labels=names, zero_division=0)
  tensors = {
    "logits": logits,
    "labels": labels,
    "accuracy": metrics.accuracy_score(y, answers),
    "macro_f1": metrics.f1_score(y, answers, average="macro"),
    "precision": per_class[0],
    "recall": per_class[1],
    "f1": per_class[2],
    "confusion": metrics.confusion_matrix(y, answers, labels=names),
    "roc_auc": [metrics.roc_auc_score(y == k, p[:, k]) for k in names],
    "average_precision": [metrics.average_precision_score(y == k, p[:, k]) for k in names],
    "best_temperature": best_temperature(z, y),
  }
  fpr, tpr, _ = metrics.roc_curve(y == 0, p[:, 0], drop_intermediate=False)
  precision, recall, _ = metrics.precision_recall_curve(y == 0, p[:, 0])
  tensors |= {"roc_x": fpr, "roc_y": tpr, "pr_x": recall[-2::-1], "pr_y": precision[-2::-1]}
  if not has_ties and classes > 2:
    tensors["top_k"] = [metrics.top_k_accuracy_score(y, p, k=k, labels=names) for k in range(1, classes)]
  return {name: as_tensor(value) for name, value in tensors.items()}


def best_temperature(z: numpy.ndarray, y: numpy.ndarray) -> float:
  def loss(logarithm: float) -> float:
    return -log_softmax(z / numpy.exp(logarithm), axis=1)[numpy.arange(len(y)), y].sum()

  return numpy.exp(minimize_scalar(loss, bounds=(-2.99, 2.99), options={"xatol": 1e-9}).x)


def make_forecast(source: Source, items: int, levels: list[float]) -> dict:
  truth = source.normal(items, scale=10)
  mean = (truth + source.normal(items, scale=4)).float().double()
  spread = source.uniform(items, len(levels), low=0, high=6).cumsum(dim=1)
  quantiles = (mean[:, None] + spread - spread[:, len(levels) // 2 :][:, :1]).float().double()
  scale = source.uniform(items, low=0.5, high=4)
  y, m, q = truth.numpy(), mean.numpy(), quantiles.numpy()
  median = q[:, levels.index(0.5)]
  pinball = numpy.mean([metrics.mean_pinball_loss(y, q[:, k], alpha=a) for k, a in enumerate(levels)])
  tensors = {
    "truth": truth,
    "mean": mean,
    "quantiles": quantiles,
    "scale": scale,
    "mae": metrics.mean_absolute_error(y, median),
    "mse": metrics.mean_squared_error(y, m),
    "rmse": metrics.root_mean_squared_error(y, m),
    "mase": numpy.mean(abs(y - median) / scale.numpy()),
    "smape": 200 * numpy.mean(abs(y - median) / (abs(y) + abs(median))),
    "wql": 2 * pinball / numpy.mean(abs(y)),
    "crps": 2 * pinball,
    "coverage": [
      numpy.mean((q[:, k] <= y) & (y <= q[:, -1 - k])) for k in reversed(range(len(levels) // 2))
    ],
    "width": [numpy.mean(q[:, -1 - k] - q[:, k]) for k in reversed(range(len(levels) // 2))],
  }
  return {name: as_tensor(value) for name, value in tensors.items()}


def as_tensor(value: object) -> torch.Tensor:
  return value if isinstance(value, torch.Tensor) else torch.tensor(numpy.array(value))


def main() -> None:
  source = Source(700)
  descriptions = {
    "many": {"items": 160, "classes": 6, "has_ties": False, "temperature": 1.7},
    "two": {"items": 60, "classes": 2, "has_ties": False, "temperature": 1.0},
    "ties": {"items": 80, "classes": 3, "has_ties": True, "temperature": 0.6},
  }
  tensors = {}
  for case, options in descriptions.items():
    made = make_classification(source, **options)
    tensors |= {f"{case}/{name}": tensor for name, tensor in made.items()}
  levels = [0.025, 0.1, 0.25, 0.5, 0.75, 0.9, 0.975]
  tensors |= {f"forecast/{name}": tensor for name, tensor in make_forecast(source, 90, levels).items()}
  save_fixture("metrics", tensors, cases=descriptions | {"forecast": {"levels": levels}})


if __name__ == "__main__":
  main()
