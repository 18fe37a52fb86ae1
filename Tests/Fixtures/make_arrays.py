"""Makes the files of arrays that NumPy and PyTorch write, and what stands in them.

    python Tests/Fixtures/make_arrays.py

Needs the versions pinned in Benchmarks/requirements.txt.
"""

import io
import pickle
import zipfile
from collections import OrderedDict
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import save_file
from torch import nn

HERE = Path(__file__).parent
TYPES = ["bool", "uint8", "int8", "uint16", "int16", "uint32", "int32", "uint64", "int64", "float16", "float32", "float64"]


def ramp(dtype: str, *shape: int) -> np.ndarray:
  count = int(np.prod(shape))
  values = np.arange(count) % 2 if dtype == "bool" else np.arange(count) * (1 if "u" in dtype else -1) + 3
  return values.astype(dtype).reshape(shape)


def numpy_arrays() -> dict[str, np.ndarray]:
  arrays = {dtype: ramp(dtype, 2, 3) for dtype in TYPES}
  arrays["big_endian"] = ramp("float32", 4).astype(">f4")
  arrays["big_endian_integers"] = ramp("int16", 3).astype(">i2")
  arrays["columns_first"] = np.asfortranarray(ramp("float32", 2, 3, 4))
  arrays["scalar"] = np.float32(2.5)
  arrays["empty"] = np.zeros((0, 4), np.float32)
  arrays["long"] = np.tile(np.arange(16, dtype=np.float32), 300)
  return arrays


def make_numpy() -> None:
  arrays = numpy_arrays()
  np.save(HERE / "array.npy", ramp("float32", 3, 5))
  np.savez(HERE / "arrays.npz", **arrays)
  np.savez_compressed(HERE / "arrays_compressed.npz", **arrays)
  expected = {name: torch.from_numpy(np.array(a, order="C").astype(np.dtype(a.dtype).newbyteorder("=")))
              for name, a in arrays.items()}
  save_file(expected, HERE / "arrays.safetensors")


def make_torch() -> None:
  torch.manual_seed(1)
  lstm = nn.LSTM(3, 4, num_layers=2, bidirectional=True, proj_size=2)
  base = torch.arange(24, dtype=torch.float32).reshape(2, 3, 4)
  tensors = {
    "half": base.half(), "bfloat16": base.bfloat16(), "double": base.double(), "long": base.long(),
    "int": base.int(), "short": base.short(), "char": base.to(torch.int8), "byte": base.to(torch.uint8),
    "bool": base > 3, "transposed": base.permute(2, 0, 1), "sliced": base[:, 1:, ::2], "shared": base,
    "expanded": torch.tensor([1.0, 2.0]).reshape(2, 1).expand(2, 3), "scalar": torch.tensor(2.5),
    "empty": torch.zeros(0, 4), "parameter": nn.Parameter(base[0]),
  }
  checkpoint = {
    "epoch": 3, "rate": 0.25, "name": "a checkpoint", "isBest": True, "none": None, "big": 1 << 40,
    "model": lstm.state_dict(), "tensors": tensors, "list": [torch.ones(1), (torch.zeros(2), -5)],
    "size": torch.Size([3, 4]),
  }
  torch.save(checkpoint, HERE / "checkpoint.pt")
  # the form of PyTorch before version 1.6
  torch.save(checkpoint, HERE / "checkpoint_plain.pt", _use_new_zipfile_serialization=False)
  torch.save(lstm.state_dict(), HERE / "state_dict.pt")
  expected = {f"model.{name}": value for name, value in lstm.state_dict().items()}
  expected |= {f"tensors.{name}": value.detach().contiguous().clone() for name, value in tensors.items()}
  expected |= {"list.0": torch.ones(1), "list.1.0": torch.zeros(2)}
  save_file(expected, HERE / "checkpoint.safetensors")


def make_hostile() -> None:
  """A checkpoint that would run a command, and one that holds itself."""

  class Command:
    def __reduce__(self):
      import os

      return os.system, ("echo harm",)

  loop: list = []
  loop.append(loop)
  for name, value in {"hostile_command": Command(), "hostile_loop": {"loop": loop}}.items():
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
      info = zipfile.ZipInfo(f"{name}/data.pkl", (1980, 1, 1, 0, 0, 0))
      archive.writestr(info, pickle.dumps(value, protocol=2))
    (HERE / f"{name}.pt").write_bytes(content.getvalue())


if __name__ == "__main__":
  make_numpy()
  make_torch()
  make_hostile()
