"""Makes the PNG pictures that the reader is tested with: every kind and depth, all filters, the data in two parts.

    python Tests/Fixtures/make_png.py

Written here after RFC 2083 and compressed by Python's zlib; needs what Benchmarks/requirements.txt pins.
"""

import json
import struct
import zlib

import numpy as np
from safetensors.numpy import save

from fixture_file import FOLDER, with_sorted_metadata

WIDTH, HEIGHT = 7, 6
CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}


def chunk(name: bytes, data: bytes) -> bytes:
  return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def paeth(left: int, above: int, corner: int) -> int:
  distances = [abs(above - corner), abs(left - corner), abs(left + above - 2 * corner)]
  return [left, above, corner][distances.index(min(distances))]


def picture(kind: int, depth: int, random: np.random.Generator) -> tuple[bytes, np.ndarray]:
  channels = CHANNELS[kind]
  numbers = random.integers(0, 1 << depth, (HEIGHT, WIDTH * channels))
  palette = random.integers(0, 256, (1 << min(depth, 8), 3)).astype(np.uint8)
  step = max(1, channels * depth // 8)
  before, data = bytes((WIDTH * channels * depth + 7) // 8), b""
  for row in range(HEIGHT):
    bits = "".join(format(int(number), f"0{depth}b") for number in numbers[row])
    bits += "0" * (-len(bits) % 8)
    own = bytes(int(bits[place : place + 8], 2) for place in range(0, len(bits), 8))
    kind_of_row = row % 5
    data += bytes([kind_of_row])
    for place, value in enumerate(own):
      left = own[place - step] if place >= step else 0
      corner = before[place - step] if place >= step else 0
      above = before[place]
      guess = [0, left, above, (left + above) // 2, paeth(left, above, corner)][kind_of_row]
      data += bytes([(value - guess) % 256])
    before = own
  packed = zlib.compress(data, 9)
  file = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", WIDTH, HEIGHT, depth, kind, 0, 0, 0))
  file += chunk(b"tEXt", b"Comment\0a note") + (chunk(b"PLTE", palette.tobytes()) if kind == 3 else b"")
  file += chunk(b"IDAT", packed[:20]) + chunk(b"IDAT", packed[20:]) + chunk(b"IEND", b"")
  eight = numbers >> 8 if depth == 16 else numbers
  pixels = eight.reshape(HEIGHT, WIDTH, channels)
  if kind == 3:
    colours = palette[pixels[:, :, 0]]
  elif kind in (2, 6):
    colours = pixels[:, :, :3]
  else:
    grey = pixels[:, :, :1] * 255 // ((1 << min(depth, 8)) - 1)
    colours = np.repeat(grey, 3, axis=2)
  return file, colours.astype(np.uint8)


def main() -> None:
  random = np.random.default_rng(3)
  tensors, cases = {}, {}
  for kind, depths in [(0, [1, 2, 4, 8, 16]), (2, [8, 16]), (3, [1, 2, 4, 8]), (4, [8, 16]), (6, [8, 16])]:
    for depth in depths:
      name = f"kind{kind}_depth{depth}"
      file, colours = picture(kind, depth, random)
      tensors[name + "/file"] = np.frombuffer(file, np.uint8).copy()
      tensors[name + "/colours"] = colours
      cases[name] = {"kind": kind, "depth": depth}
  metadata = {"cases": json.dumps(cases, sort_keys=True), "height": str(HEIGHT), "width": str(WIDTH)}
  metadata["zlib_version"] = zlib.ZLIB_VERSION
  data = with_sorted_metadata(save(dict(sorted(tensors.items())), metadata=metadata))
  (FOLDER / "png.safetensors").write_bytes(data)
  print(f"png.safetensors: {len(tensors)} tensors, {len(data)} bytes")


main()
