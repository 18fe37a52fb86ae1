"""Makes the fixtures of connectionist temporal classification from PyTorch: losses and gradients of the logits.

    python Tests/Fixtures/make_ctc.py

Needs the versions pinned in Benchmarks/requirements.txt: torch 2.15.0, numpy 2.4.6, safetensors 0.8.0.
The file and the names in it are described in README.md beside this script.
"""

import torch
from torch.nn import functional

from fixture_file import Source, leaf, save_fixture

# Of many classes the first ones are drawn, which all tokens are of, and their gradient is kept; the logits of the others are
# (class + frame) % 7 / 2 - 3, frames counted over steps and rows.
KEPT = 40


def make_case(
  source: Source, steps: int, classes: int, targets: list[list[int]], lengths: list[int], blank: int = 0,
  scale: float = 2,
) -> tuple[dict, dict]:
  """Tensors of the file and, for its metadata, the numbers of the case.

  The losses are those of PyTorch's `reduction="none"`; the gradient is that of their sum weighted by `weights`.
  """
  rows = len(targets)
  drawn = source.normal(steps, rows, min(classes, KEPT), scale=scale)
  frame = torch.arange(steps * rows).reshape(steps, rows, 1)
  rest = ((torch.arange(drawn.shape[-1], classes) + frame) % 7 - 6).double() * 0.5
  logits = leaf(torch.cat([drawn, rest], dim=-1))
  weights = source.uniform(rows, low=0.5, high=2)
  sizes = torch.tensor([len(target) for target in targets])
  longest = max(1, int(sizes.max()))
  padded = torch.tensor([target + [blank] * (longest - len(target)) for target in targets])
  losses = functional.ctc_loss(
    functional.log_softmax(logits, dim=-1), padded, torch.tensor(lengths), sizes, blank=blank, reduction="none"
  )
  (losses * weights).sum().backward()
  tensors = {
    "logits": drawn, "weights": weights, "losses": losses, "grad.logits": logits.grad[:, :, :KEPT],
    "lengths": torch.tensor(lengths), "sizes": sizes,
    "targets": torch.tensor([token for target in targets for token in target], dtype=torch.long),
  }
  return tensors, {"blank": blank, "classes": classes}


def random_targets(source: Source, sizes: list[int], low: int, high: int) -> list[list[int]]:
  return [(source.integers(high - low, size) + low).tolist() for size in sizes]


def main() -> None:
  torch.set_num_threads(1)
  source = Source(1500)
  cases = {
    "one_frame": make_case(source, 1, 4, [[2], []], [1, 1]),
    "repeated": make_case(source, 9, 4, [[1, 1, 1, 1], [2, 2, 3, 3], [1, 2, 1, 2]], [9, 7, 4]),
    "empty_targets": make_case(source, 6, 5, [[], [1, 4], []], [6, 6, 2], blank=3),
    "blank_last": make_case(source, 20, 8, random_targets(source, [5, 9, 0, 1], 0, 7), [20, 18, 11, 1], blank=7),
    "long": make_case(source, 120, 30, random_targets(source, [40, 17, 31], 1, 30), [120, 60, 101], scale=3),
    "confident": make_case(source, 40, 6, random_targets(source, [12, 8], 1, 6), [40, 33], scale=60),
    "wide": make_case(source, 12, 5000, [[3, 3, 8, 1], [39, 2, 5]], [12, 9]),
  }
  tensors = {f"{case}/{name}": value for case, (made, _) in cases.items() for name, value in made.items()}
  save_fixture("ctc", tensors, cases={case: numbers for case, (_, numbers) in cases.items()})


if __name__ == "__main__":
  main()
