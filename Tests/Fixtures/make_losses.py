"""Makes the fixtures of the losses from PyTorch: the value and the gradient with respect to the input.

    python Tests/Fixtures/make_losses.py

Needs the versions pinned in Benchmarks/requirements.txt: torch 2.15.0, numpy 2.4.6, safetensors 0.8.0.
The file and the names in it are described in README.md beside this script.
"""

import torch
from torch.nn import functional

from fixture_file import Source, leaf, save_fixture

ROWS, CLASSES = 7, 5
IGNORED = -100


def make_cross_entropy(source: Source) -> tuple[dict, dict]:
  logits = source.normal(ROWS, CLASSES, scale=2)
  target = source.integers(CLASSES, ROWS)
  partly_ignored = target.clone()
  partly_ignored[[1, 4]] = IGNORED
  weight = source.uniform(CLASSES, low=0.2, high=2)
  # Rows whose exponentials overflow or vanish in float32 unless the largest logit is taken off first.
  extreme = source.normal(ROWS, CLASSES, scale=60)
  cases = {
    "cross_entropy": (logits, target, {}),
    "cross_entropy_sum": (logits, target, {"reduction": "sum"}),
    "cross_entropy_weight": (logits, target, {"weight": weight}),
    "cross_entropy_smoothing": (logits, target, {"label_smoothing": 0.1}),
    "cross_entropy_ignore": (logits, partly_ignored, {"ignore_index": IGNORED}),
    "cross_entropy_all": (
      logits, partly_ignored, {"weight": weight, "label_smoothing": 0.1, "ignore_index": IGNORED}
    ),
    "cross_entropy_extreme": (extreme, target, {}),
  }
  return make_cases(functional.cross_entropy, cases)


def make_regression(source: Source) -> tuple[dict, dict]:
  inputs, target = source.normal(ROWS, 3), source.normal(ROWS, 3)
  tensors, descriptions = {}, {}
  for name, function, options in [
    ("mse", functional.mse_loss, {}),
    ("l1", functional.l1_loss, {}),
    ("huber", functional.huber_loss, {"delta": 0.7}),
  ]:
    cases = {name: (inputs, target, options), f"{name}_sum": (inputs, target, options | {"reduction": "sum"})}
    for collected, made in zip((tensors, descriptions), make_cases(function, cases)):
      collected.update(made)
  return tensors, descriptions


def make_binary_cross_entropy(source: Source) -> tuple[dict, dict]:
  logits, target = source.normal(ROWS, 3, scale=2), source.uniform(ROWS, 3, low=0, high=1)
  target[::2] = target[::2].round()
  cases = {
    "binary_cross_entropy": (logits, target, {}),
    "binary_cross_entropy_pos_weight": (logits, target, {"pos_weight": source.uniform(3, low=0.5, high=3)}),
    "binary_cross_entropy_extreme": (source.normal(ROWS, 3, scale=60), target, {}),
  }
  return make_cases(functional.binary_cross_entropy_with_logits, cases)


def make_cases(function, cases: dict) -> tuple[dict, dict]:
  """Tensors of the file and, for its metadata, the options of each case that are not tensors."""
  tensors, descriptions = {}, {}
  for case, (given, target, options) in cases.items():
    inputs = leaf(given)
    loss = function(inputs, target, **options)
    loss.backward()
    tensors |= {
      f"{case}/input": inputs,
      f"{case}/target": target,
      f"{case}/loss": loss,
      f"{case}/grad.input": inputs.grad,
    }
    plain = {"loss": function.__name__, "reduction": "mean"}
    for name, value in options.items():
      if isinstance(value, torch.Tensor):
        tensors[f"{case}/{name}"] = value
      else:
        plain[name] = value
    descriptions[case] = plain
  return tensors, descriptions


def main() -> None:
  torch.set_num_threads(1)
  source = Source(600)
  tensors, descriptions = {}, {}
  for make in (make_cross_entropy, make_regression, make_binary_cross_entropy):
    for collected, made in zip((tensors, descriptions), make(source)):
      collected.update(made)
  save_fixture("losses", tensors, cases=descriptions)


if __name__ == "__main__":
  main()
