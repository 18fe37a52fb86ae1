"""What every fixture script shares: the random numbers, the rounding and the file.

Pinned in Benchmarks/requirements.txt: torch 2.15.0, numpy 2.4.6, safetensors 0.8.0.

Inputs are drawn as float32 and results are computed in float64 from exactly those values, then rounded to
float32: what differs from a fixture is then the error of the code under test and not that of the reference.
"""

import json
from pathlib import Path

import torch
from safetensors.torch import save

from sorted_metadata import with_sorted_metadata

FOLDER = Path(__file__).resolve().parent


class Source:
  """Seeded random tensors: float32 values, held as float64."""

  def __init__(self, seed: int):
    self.generator = torch.Generator().manual_seed(seed)

  def uniform(self, *shape: int, low: float = -0.5, high: float = 0.5) -> torch.Tensor:
    return (torch.rand(shape, generator=self.generator) * (high - low) + low).double()

  def normal(self, *shape: int, scale: float = 1.0) -> torch.Tensor:
    return (torch.randn(shape, generator=self.generator) * scale).double()

  def integers(self, high: int, *shape: int) -> torch.Tensor:
    return torch.randint(high, shape, generator=self.generator)


def leaf(value: torch.Tensor) -> torch.Tensor:
  """A copy that autograd collects a gradient for."""
  return value.detach().clone().requires_grad_(True)


def save_fixture(name: str, tensors: dict[str, torch.Tensor], **metadata: object) -> None:
  """Writes `name`.safetensors beside this script: floating point as F32, integers as I64.

  Metadata values that are not strings are stored as JSON.
  """
  stored = {}
  for key in sorted(tensors):
    value = tensors[key].detach()
    if not torch.isfinite(value).all():
      raise SystemExit(f"{name}: {key} is not finite")
    stored[key] = value.to(torch.float32 if value.is_floating_point() else torch.int64).contiguous().clone()
  texts = {"format": "pt", "torch_version": torch.__version__.split("+")[0]}
  for key, value in metadata.items():
    texts[key] = value if isinstance(value, str) else json.dumps(value, sort_keys=True)
  data = with_sorted_metadata(save(stored, metadata=texts))
  (FOLDER / f"{name}.safetensors").write_bytes(data)
  print(f"{name}.safetensors: {len(stored)} tensors, {len(data)} bytes")
