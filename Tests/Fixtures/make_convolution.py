"""Makes the fixtures of the convolutions over time and over pictures from PyTorch: outputs and every gradient.

    python Tests/Fixtures/make_convolution.py

Needs the versions pinned in Benchmarks/requirements.txt: torch 2.15.0, numpy 2.4.6, safetensors 0.8.0.
The file and the names in it are described in README.md beside this script.
"""

import torch
from torch.nn import functional

from fixture_file import Source, leaf, save_fixture

T, B, F, O = 11, 4, 5, 3
LENGTHS = [7, 0, 11, 2]
CASES = {
  "same": dict(width=3),
  "same_even": dict(width=4),
  "same_dilated": dict(width=3, dilation=2),
  "same_strided": dict(width=5, stride=2),
  "causal": dict(width=3, padding="causal"),
  "causal_dilated_strided": dict(width=2, padding="causal", dilation=3, stride=3),
  "valid": dict(width=3, padding="valid"),
  "valid_dilated_strided": dict(width=3, padding="valid", dilation=2, stride=2),
  "one": dict(width=1),
}


def make(source: Source, ragged: bool, width: int, stride: int = 1, dilation: int = 1, padding: str = "same"):
  """Rows one by one, so that what stands beyond the end of one is seen by none."""
  inputs, weight, bias = leaf(source.normal(T, B, F)), leaf(source.uniform(O, F, width)), leaf(source.uniform(O))
  lengths = LENGTHS if ragged else [T] * B
  reach = (width - 1) * dilation
  before = {"same": reach // 2, "causal": reach, "valid": 0}[padding]
  behind = reach - before if padding == "same" else 0
  rows = []
  for row, length in enumerate(lengths):
    padded = functional.pad(inputs[:length, row].T, (before, behind))
    rows.append(
      functional.conv1d(padded, weight, bias, stride=stride, dilation=dilation).T
      if length and padded.shape[1] > reach else torch.zeros(0, O, dtype=torch.float64))
  steps = (T + before + behind - reach - 1) // stride + 1
  output = torch.stack([functional.pad(row, (0, 0, 0, steps - len(row))) for row in rows], 1)
  grad_output = source.normal(*output.shape)
  (output * grad_output).sum().backward()

  def flat(value: torch.Tensor) -> torch.Tensor:
    """[O, F, K] as [O, K F]."""
    return value.permute(0, 2, 1).reshape(O, -1)

  return {
    "input": inputs, "weight": flat(weight), "bias": bias, "output": output, "grad_output": grad_output,
    "grad.input": inputs.grad, "grad.weight": flat(weight.grad), "grad.bias": bias.grad,
    "lengths": torch.tensor(lengths), "new_lengths": torch.tensor([len(row) for row in rows]),
  }


PICTURES = {
  "same": dict(),
  "same_even": dict(height=2, width=4),
  "same_strided": dict(stride=2),
  "wide_strided": dict(height=1, width=5, stride=3),
  "valid": dict(padding="valid"),
  "valid_strided": dict(height=2, width=3, stride=2, padding="valid"),
}


def make_pictures(source: Source, height: int = 3, width: int = 3, stride: int = 1, padding: str = "same"):
  """[N, H, W, C], as the layer has it; PyTorch has the channels first."""
  inputs = leaf(source.normal(3, 7, 6, 2))
  weight, bias = leaf(source.uniform(5, 2, height, width)), leaf(source.uniform(5))
  planes = inputs.permute(0, 3, 1, 2)
  if padding == "same":
    above, before = (height - 1) // 2, (width - 1) // 2
    planes = functional.pad(planes, (before, width - 1 - before, above, height - 1 - above))
  output = functional.conv2d(planes, weight, bias, stride=stride).permute(0, 2, 3, 1)
  grad_output = source.normal(*output.shape)
  (output * grad_output).sum().backward()

  def flat(value: torch.Tensor) -> torch.Tensor:
    """[O, C, height, width] as [O, height width C]."""
    return value.permute(0, 2, 3, 1).reshape(len(value), -1)

  return {
    "input": inputs, "weight": flat(weight), "bias": bias, "output": output, "grad_output": grad_output,
    "grad.input": inputs.grad, "grad.weight": flat(weight.grad), "grad.bias": bias.grad,
  }


def main() -> None:
  torch.set_num_threads(1)
  source, tensors, cases = Source(900), {}, {}
  for name, options in CASES.items():
    for ragged in (False, True):
      title = f"{name}_{'ragged' if ragged else 'full'}"
      tensors |= {f"{title}/{part}": value for part, value in make(source, ragged, **options).items()}
      cases[title] = options | {"ragged": ragged}
  save_fixture("convolution", tensors, cases=cases)
  source, tensors, cases = Source(901), {}, {}
  for name, options in PICTURES.items():
    tensors |= {f"{name}/{part}": value for part, value in make_pictures(source, **options).items()}
    cases[name] = options
  save_fixture("convolution2d", tensors, cases=cases)


if __name__ == "__main__":
  main()
