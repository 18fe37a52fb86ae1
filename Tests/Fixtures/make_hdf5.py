"""Makes the fixture of HDF5: files as h5py writes them, with what stands in them.

    pip install h5py==3.16.0 numpy
    python Tests/Fixtures/make_hdf5.py

`hdf5.zip` has small files, and in `contents.json` the data sets of each: shape, and all values or texts as h5py reads them. They cover the
superblocks 0, 2 and 3, groups of the old and the new kind with few and many members, data in the header, in one piece and in chunks under
all indices, filters, types in both orders of bytes, elements that were not written, and the layouts of D4RL, Minari and robomimic,
which also stand by themselves as `d4rl.h5`, `minari.h5` and `robomimic.h5`.
"""
import io
import json
import pathlib
import zipfile

import h5py
import numpy as np

FOLDER = pathlib.Path(__file__).resolve().parent


def numbers(seed: int, *shape: int, kind: str = "<f4") -> np.ndarray:
  """Random numbers: quarters, which JSON keeps exactly."""
  source = np.random.default_rng(seed)
  return (source.integers(-200, 200, shape) / (4 if "f" in kind else 1)).astype(kind)


def types(file: h5py.File) -> None:
  """Each type that is read, in one piece."""
  for kind in ["<f4", ">f4", "<f8", ">f8", "<f2", "<i8", ">i8", "<i4", "<i2", "|i1"]:
    file.create_dataset(f"n{kind[1:]}{'big' if kind[0] == '>' else ''}", data=numbers(1, 3, 2, kind=kind))
  for kind in ["<u8", "<u4", ">u2", "|u1"]:
    file.create_dataset(f"u{kind[1:]}", data=np.abs(numbers(2, 5, kind="<i8")).astype(kind))
  file.create_dataset("truth", data=np.array([True, False, True]))
  file.create_dataset("scalar", data=np.float64(2.5))
  file.create_dataset("empty", data=np.zeros((0, 3), "<f4"))
  file.create_dataset("words", data=np.array([b"demo_0", b"demo_12"], dtype="S8"))
  file.attrs.create("title", np.bytes_("a fixture"))
  file.create_dataset("unwritten", shape=(4,), dtype="<f4", fillvalue=1.5)


def chunks(file: h5py.File) -> None:
  """Chunks under the index that each shape gets, with and without filters."""
  plain = numbers(3, 10, 3)
  file.create_dataset("single", data=plain, chunks=(10, 3))
  file.create_dataset("single_deflate", data=plain, chunks=(10, 3), compression="gzip")
  file.create_dataset("fixed", data=plain, chunks=(4, 2))
  file.create_dataset("fixed_deflate", data=plain, chunks=(4, 2), compression="gzip", shuffle=True)
  file.create_dataset("fixed_fletcher", data=plain, chunks=(4, 2), compression="gzip", fletcher32=True)
  file.create_dataset("growing", data=plain, chunks=(2, 3), maxshape=(None, 3))
  file.create_dataset("growing_deflate", data=numbers(4, 90, 2), chunks=(1, 2), maxshape=(None, 2), compression="gzip")
  file.create_dataset("growing_second", data=numbers(5, 4, 9), chunks=(2, 2), maxshape=(4, None))
  file.create_dataset("growing_long", data=numbers(6, 300), chunks=(1,), maxshape=(None,))
  file.create_dataset("both", data=plain, chunks=(3, 2), maxshape=(None, None))
  file.create_dataset("both_deflate", data=plain, chunks=(3, 2), maxshape=(None, None), compression="gzip", shuffle=True)
  file.create_dataset("capped", data=plain, chunks=(4, 2), maxshape=(20, 5))
  file.create_dataset("cube", data=numbers(7, 5, 3, 4, kind="<i4"), chunks=(2, 2, 3), compression="gzip", shuffle=True)
  holes = file.create_dataset("holes", shape=(9, 2), dtype="<f4", chunks=(2, 2), fillvalue=-0.5)
  holes[4:6] = 7


def paged(file: h5py.File) -> None:
  """More chunks than a page of an index holds."""
  file.create_dataset("fixed", data=numbers(8, 1100, kind="|i1"), chunks=(1,))
  holes = file.create_dataset("holes", shape=(2100,), dtype="|i1", chunks=(1,))
  holes[2099] = 9
  file.create_dataset("tree", data=numbers(9, 40, 40, kind="|i1"), chunks=(1, 2), maxshape=(None, None))


def groups(file: h5py.File) -> None:
  """Few and many members, and groups in groups."""
  for number in range(60):
    file.create_dataset(f"many/member {number}", data=numbers(number, 2))
  file.create_group("nothing")
  file["a/b/c/deep"] = numbers(10, 3)
  file["again"] = file["a/b/c/deep"]
  file["soft"] = h5py.SoftLink("/a/b/c/deep")
  file["up"] = file["a"]


def refused(file: h5py.File) -> None:
  """What is listed and not read."""
  file.create_dataset("any length", data=["a", "bc"], dtype=h5py.string_dtype())
  file.create_dataset("records", data=np.array([(1, 2.0)], dtype=[("a", "<i4"), ("b", "<f4")]))
  file.create_dataset("lzf", data=numbers(11, 8), chunks=(8,), compression="lzf")
  file.create_dataset("plain", data=numbers(12, 4))


def d4rl(file: h5py.File) -> None:
  """One piece, whose episodes end by a mark."""
  file["observations"] = numbers(13, 12, 3)
  file["actions"] = numbers(14, 12, 2)
  file["rewards"] = numbers(15, 12)
  file["terminals"] = np.array([step == 4 for step in range(12)])
  file["timeouts"] = np.array([step == 8 for step in range(12)])


def minari(file: h5py.File) -> None:
  """A group for each episode, which is observed once more than it acts."""
  for number, steps in enumerate([3, 5, 4, 2, 2, 2, 2, 2, 2, 2, 2]):
    group = file.create_group(f"episode_{number}")
    group["observations"] = numbers(16 + number, steps + 1, 2)
    group["actions"] = np.arange(steps, dtype="<i8") % 3
    group["rewards"] = numbers(30, steps)
    group["terminations"] = np.zeros(steps, bool)
    group["truncations"] = np.zeros(steps, bool)


def robomimic(file: h5py.File) -> None:
  """A group for each demonstration, with observations by name and parts by masks."""
  for number, steps in enumerate([4, 3, 5]):
    group = file.create_group(f"data/demo_{number}")
    group["obs/arm"] = numbers(40 + number, steps, 2)
    group["obs/hand"] = numbers(50 + number, steps, 1)
    group["obs/picture"] = np.zeros((steps, 2, 2, 3), "|u1")
    group["actions"] = numbers(60 + number, steps, 2, kind="<f8")
    group["dones"] = np.arange(steps, dtype="<i8") == steps - 1
  file["mask/train"] = np.array([b"demo_0", b"demo_2"], dtype="S8")
  file["mask/valid"] = np.array([b"demo_1"], dtype="S8")


def written(fill, libver) -> bytes:
  memory = io.BytesIO()
  with h5py.File(memory, "w", libver=libver, track_order=False) as file:
    fill(file)
  return memory.getvalue()


def content(data: bytes) -> dict:
  """All data sets by their paths, as h5py reads them."""
  found = {}

  def visit(name, item):
    if isinstance(item, h5py.Dataset):
      values = item[()]
      if values.dtype.kind in "SO" or values.dtype.names:
        texts = [v.decode() for v in values.reshape(-1).tolist()] if values.dtype.kind == "S" else None
        found[name] = {"shape": list(item.shape), "texts": texts}
      else:
        found[name] = {"shape": list(item.shape), "values": np.asarray(values, "<f8").reshape(-1).tolist()}

  with h5py.File(io.BytesIO(data), "r") as file:
    file.visititems(visit)
  return found


def main() -> None:
  files, contents = {}, {}
  cases = [(types, 3), (chunks, 2), (paged, 2), (groups, 2), (refused, 2), (d4rl, 2), (minari, 2), (robomimic, 2)]
  bounds = {"earliest": ("earliest", "v108"), "v108": ("v108", "v108"), "latest": ("v110", "latest")}
  for fill, count in cases:
    for version in (["earliest", "latest"] if count == 2 else ["earliest", "v108", "latest"]):
      name = f"{fill.__name__}-{version}.h5"
      files[name] = written(fill, bounds[version])
      contents[name] = content(files[name])
  text = json.dumps({"h5py": h5py.__version__, "files": contents}, sort_keys=True, separators=(",", ":"))
  with zipfile.ZipFile(FOLDER / "hdf5.zip", "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
    for name, data in [("contents.json", text.encode())] + sorted(files.items()):
      # the same bytes whenever they are made
      entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
      entry.compress_type = zipfile.ZIP_DEFLATED
      archive.writestr(entry, data)
  for name in ["d4rl", "minari", "robomimic"]:
    (FOLDER / f"{name}.h5").write_bytes(files[f"{name}-latest.h5"])
  for name, data in files.items():
    print(f"{name}: {len(data)} bytes, superblock {data[8]}, {len(contents[name])} data sets")


main()
