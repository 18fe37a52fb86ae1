"""Makes the files of sound, pictures and compressed data that the readers are tested with, and what is in them.

    python Tests/Fixtures/make_data.py

Needs torch 2.15.0, numpy 2.4.6 and safetensors 0.8.0 as pinned in Benchmarks/requirements.txt, and pillow 13.0.0,
scipy 1.17.1 and librosa 0.11.0.
"""

import gzip
import io
import struct
import wave
import zlib

import librosa
import numpy as np
import torch
from PIL import Image
from safetensors.torch import save
from scipy.io import wavfile

from fixture_file import FOLDER, with_sorted_metadata


def write(name: str, arrays: dict[str, np.ndarray | bytes]) -> None:
  """Bytes as U8, numbers as F32."""
  tensors = {}
  for key in sorted(arrays):
    value = arrays[key]
    array = np.frombuffer(value, np.uint8) if isinstance(value, bytes) else np.asarray(value)
    dtype = np.uint8 if array.dtype == np.uint8 else np.float32
    tensors[key] = torch.from_numpy(np.array(array, dtype, order="C"))
  data = with_sorted_metadata(save(tensors, metadata={"format": "pt"}))
  (FOLDER / f"{name}.safetensors").write_bytes(data)
  print(f"{name}.safetensors: {len(tensors)} arrays, {len(data)} bytes")


# Pictures


def lzw(pixels: list[int], minimum: int, clears: bool) -> bytes:
  """Codes of pixels; a full table is cleared, or kept as it is to the end."""
  clear, output, bits, count = 1 << minimum, bytearray(), 0, 0

  def put(code: int) -> None:
    nonlocal bits, count
    bits |= code << count
    count += size
    while count >= 8:
      output.append(bits & 255)
      bits >>= 8
      count -= 8

  table, size = {(i,): i for i in range(clear)}, minimum + 1
  put(clear)
  number, prefix = clear + 2, ()
  for pixel in pixels:
    longer = prefix + (pixel,)
    if longer in table:
      prefix = longer
      continue
    put(table[prefix])
    if number < 4096:
      table[longer] = number
      number += 1
      if number == (1 << size) + 1 and size < 12:
        size += 1
    elif clears:
      put(clear)
      table, size, number = {(i,): i for i in range(clear)}, minimum + 1, clear + 2
    prefix = (pixel,)
  put(table[prefix])
  if number == 1 << size and size < 12:
    size += 1
  put(clear + 1)
  if count:
    output.append(bits & 255)
  return bytes(output)


def blocks(data: bytes) -> bytes:
  parts = [data[i : i + 255] for i in range(0, len(data), 255)]
  return b"".join(bytes([len(part)]) + part for part in parts) + b"\0"


def palette(random: np.random.Generator, bits: int) -> bytes:
  """The first colour is black, as what a picture without a background shows."""
  return b"\0\0\0" + random.integers(0, 256, 3 * (1 << bits) - 3, dtype=np.uint8).tobytes()


def picture(
  random: np.random.Generator, area: tuple[int, int, int, int], bits: int, disposal: int = 0,
  transparent: int | None = None, interlaced: bool = False, own: bytes | None = None, delay: int = 7,
  clears: bool = True, noise: bool = True,
) -> bytes:
  x, y, width, height = area
  if noise:
    pixels = random.integers(0, 1 << bits, (height, width))
    # runs, so that codes stand for several pixels
    pixels[:, 1::2] = pixels[:, : width - width % 2 : 2]
  else:
    pixels = np.zeros((height, width), int)
  order = range(height)
  if interlaced:
    order = [row for first, step in [(0, 8), (4, 8), (2, 4), (1, 2)] for row in range(first, height, step)]
  flat = [int(value) for row in order for value in pixels[row]]
  flags = disposal << 2 | (transparent is not None)
  control = struct.pack("<BBBBHBB", 0x21, 0xF9, 4, flags, delay, transparent or 0, 0)
  local = 0x80 | (len(own) // 3).bit_length() - 2 if own else 0
  head = struct.pack("<BHHHHB", 0x2C, x, y, width, height, local | (0x40 if interlaced else 0)) + (own or b"")
  return control + head + bytes([max(bits, 2)]) + blocks(lzw(flat, max(bits, 2), clears))


def gif(size: tuple[int, int], colours: bytes | None, pictures: list[bytes], version: bytes = b"GIF89a") -> bytes:
  flags = 0x80 | (len(colours) // 3).bit_length() - 2 if colours else 0
  head = version + struct.pack("<HHBBB", *size, flags, 0, 0) + (colours or b"")
  extension = b"\x21\xff\x0bNETSCAPE2.0\x03\x01\0\0\0"
  comment = b"\x21\xfe" + blocks(b"made for a test")
  return head + extension + comment + b"".join(pictures) + b"\x3b"


def pillow_gif(random: np.random.Generator, **options: object) -> bytes:
  """Discs that move, as Pillow writes them."""
  frames = []
  for index in range(4):
    image = Image.new("P", (21, 13), 0)
    image.putpalette(b"\0\0\0" + bytes(random.integers(0, 256, 45, dtype=np.uint8)))
    image.paste(1 + index, (3 * index, 2, 3 * index + 6, 9))
    image.paste(6, (2, index, 5, index + 3))
    frames.append(image)
  output = io.BytesIO()
  frames[0].save(output, "GIF", save_all=True, append_images=frames[1:], **options)
  return output.getvalue()


def make_pictures() -> dict[str, np.ndarray | bytes]:
  random = np.random.default_rng(1)
  files = {}
  four, eight = palette(random, 4), palette(random, 8)
  for disposal in range(4):
    # without transparency in the first picture, Pillow shows the colour that is transparent where one was taken away
    pictures = [picture(random, (0, 0, 11, 9), 4, transparent=3)]
    for step in range(4):
      area, transparent = (step, 2 * step % 5, 6, 4), 3 if step % 2 else None
      pictures.append(picture(random, area, 4, disposal=disposal, transparent=transparent, delay=step))
    files[f"disposal_{disposal}"] = gif((11, 9), four, pictures)
  order = [1, 3, 2, 3, 3, 1]
  files["disposal_mixed"] = gif(
    (10, 8), four, [picture(random, (i, i % 3, 4, 5), 4, disposal=d, transparent=1) for i, d in enumerate(order)])
  files["interlaced"] = gif((5, 19), four, [picture(random, (0, 0, 5, 19), 4, interlaced=True)])
  for height in (1, 2, 3, 4, 5, 7, 8):
    files[f"interlaced_{height}"] = gif((3, height), four, [picture(random, (0, 0, 3, height), 4, interlaced=True)])
  files["local_palettes"] = gif(
    (7, 6), None, [picture(random, (0, 0, 7, 6), bits, own=palette(random, bits)) for bits in (1, 2, 5, 8)])
  files["global_and_local"] = gif(
    (7, 6), four,
    [picture(random, (0, 0, 7, 6), 3, own=palette(random, 3)), picture(random, (1, 1, 3, 3), 4, transparent=0)])
  for clears in (True, False):
    files[f"full_table_{'cleared' if clears else 'kept'}"] = gif(
      (80, 70), eight, [picture(random, (0, 0, 80, 70), 8, clears=clears)])
  # the code that is not in the table yet
  files["one_colour"] = gif((40, 30), four, [picture(random, (0, 0, 40, 30), 4, noise=False)])
  files["gif87a"] = gif((6, 5), four, [picture(random, (0, 0, 6, 5), 4)[8:]], version=b"GIF87a")
  for disposal in (0, 1, 2):
    durations = [40, 50, 60, 70]
    files[f"pillow_disposal_{disposal}"] = pillow_gif(random, disposal=disposal, duration=durations, transparency=0)
  files["pillow_plain"] = pillow_gif(random, duration=120, interlace=0, optimize=True)
  files["pillow_lists"] = pillow_gif(random, disposal=[1, 2, 3, 0], duration=20, transparency=0, interlace=1)
  arrays = {}
  for name, data in files.items():
    image = Image.open(io.BytesIO(data))
    frames, durations = [], []
    for index in range(image.n_frames):
      image.seek(index)
      pixels = np.array(image.convert("RGBA"))
      frames.append(np.where(pixels[..., 3:] > 0, pixels[..., :3], 0).astype(np.uint8))
      durations.append(image.info.get("duration", 0) / 1000)
    arrays |= {f"{name}/file": data, f"{name}/frames": np.stack(frames), f"{name}/durations": np.array(durations)}
  return arrays


# Sound


def riff(*chunks: tuple[bytes, bytes]) -> bytes:
  body = b"".join(name + struct.pack("<I", len(data)) + data + b"\0" * (len(data) % 2) for name, data in chunks)
  return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WAVE" + body


def make_sounds() -> dict[str, np.ndarray | bytes]:
  random = np.random.default_rng(2)
  arrays: dict[str, np.ndarray | bytes] = {}
  for channels in (1, 2):
    for bits in (8, 16, 24, 32):
      low, high = -(1 << bits - 1), (1 << bits - 1) - 1
      values = random.integers(low, high, (20, channels), endpoint=True)
      values[:5, 0] = [low, high, 0, -1, 1]
      raw = b"".join(
        (int(v) + 128).to_bytes(1, "little") if bits == 8 else int(v).to_bytes(bits // 8, "little", signed=True)
        for v in values.flatten())
      output = io.BytesIO()
      with wave.open(output, "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(bits // 8)
        file.setframerate(11025)
        file.writeframes(raw)
      arrays |= {f"pcm_{bits}_{channels}/file": output.getvalue(), f"pcm_{bits}_{channels}/samples": values.T / -low}
    for dtype in (np.float32, np.float64):
      values = random.uniform(-1.5, 1.5, (20, channels)).astype(dtype)
      output = io.BytesIO()
      wavfile.write(output, 44100, values[:, 0] if channels == 1 else values)
      name = f"{np.dtype(dtype).name}_{channels}"
      arrays |= {f"{name}/file": output.getvalue(), f"{name}/samples": values.T}
  values = random.integers(-(1 << 23), 1 << 23, (9, 3))
  raw = b"".join(int(v).to_bytes(3, "little", signed=True) for v in values.flatten())
  guid = b"\0\0\0\0\x10\0\x80\0\0\xaa\0\x38\x9b\x71"
  form = struct.pack("<HHIIHHHHI", 0xFFFE, 3, 48000, 48000 * 9, 9, 24, 22, 24, 7) + b"\1\0" + guid
  # an odd chunk before the samples, which a byte fills up, and one behind them
  data = riff((b"fmt ", form), (b"LIST", b"INFOodd"), (b"data", raw), (b"id3 ", b"behind"))
  arrays |= {"extensible/file": data, "extensible/samples": values.T / (1 << 23)}
  floats = random.uniform(-1, 1, (6, 1)).astype(np.float32)
  form = struct.pack("<HHIIHHHHI", 0xFFFE, 1, 8000, 32000, 4, 32, 22, 32, 4) + b"\3\0" + guid
  arrays |= {"extensible_float/file": riff((b"fmt ", form), (b"data", floats.tobytes())),
             "extensible_float/samples": floats.T}
  return arrays


def make_spectra() -> dict[str, np.ndarray | bytes]:
  """With librosa's parameters under their names here."""
  random = np.random.default_rng(3)
  arrays: dict[str, np.ndarray | bytes] = {}
  cases = {
    "bands": dict(rate=8000, window=256, hop=80, bands=40),
    "coefficients": dict(rate=8000, window=256, hop=80, bands=40, coefficients=13, order=2),
    "band_differences": dict(rate=16000, window=512, hop=160, bands=24, order=1),
    "limits": dict(rate=22050, window=1024, hop=221, bands=20, lowest=60, highest=7600),
    "nine_frames": dict(rate=8000, window=64, hop=100, bands=10, order=2, samples=850),
  }
  for name, case in cases.items():
    rate, window, hop = case["rate"], case["window"], case["hop"]
    time = np.arange(case.get("samples", 2400)) / rate
    sound = 0.4 * np.sin(2 * np.pi * (200 * time + 0.35 * rate * time**2)) * np.exp(-3 * time)
    sound = (sound + 0.001 * random.standard_normal(len(time))).astype(np.float32)
    power = librosa.feature.melspectrogram(
      y=sound.astype(np.float64), sr=rate, n_fft=window, hop_length=hop, n_mels=case["bands"],
      fmin=case.get("lowest", 0), fmax=case.get("highest"), center=True, pad_mode="constant", dtype=np.float64)
    frames = librosa.power_to_db(power, ref=1.0, amin=1e-10, top_db=80)
    if "coefficients" in case:
      frames = librosa.feature.mfcc(S=frames, n_mfcc=case["coefficients"], dct_type=2, norm="ortho")
    orders = range(1, case.get("order", 0) + 1)
    parts = [frames] + [librosa.feature.delta(frames, order=order) for order in orders]
    options = [rate, window, hop, case["bands"], case.get("lowest", 0), case.get("highest", 0),
               case.get("coefficients", 0), case.get("order", 0)]
    parts = {"samples": sound, "options": np.array(options), "frames": np.concatenate(parts).T}
    arrays |= {f"{name}/{part}": value for part, value in parts.items()}
  return arrays


# Arrays and compressed data


def make_arrays() -> dict[str, np.ndarray | bytes]:
  random = np.random.default_rng(4)
  arrays: dict[str, np.ndarray | bytes] = {}
  types = {8: "u1", 9: "i1", 11: ">i2", 12: ">i4", 13: ">f4", 14: ">f8"}
  for code, dtype in types.items():
    values = random.integers(0 if code == 8 else -100, 100, (3, 2, 5))
    if code > 12:
      values = values / 8
    head = bytes([0, 0, code, 3]) + struct.pack(">III", 3, 2, 5)
    arrays |= {f"idx_{code}/file": head + values.astype(dtype).tobytes(), f"idx_{code}/values": values}
  text = b"".join(b"%d,%d\n" % (i, i * i % 97) for i in range(400))
  arrays["gzip/text"] = text
  arrays["gzip/plain"] = gzip.compress(text, mtime=0)
  arrays["gzip/stored"] = gzip.compress(text, 0, mtime=0)
  middle = len(text) // 3
  arrays["gzip/members"] = gzip.compress(text[:middle], mtime=0) + gzip.compress(text[middle:], 1, mtime=0) + b"\0" * 7
  # every optional field: extra, name, comment, checksum of the head
  head = b"\x1f\x8b\x08\x1e" + b"\0" * 4 + b"\0\3" + struct.pack("<H", 5) + b"extra" + b"name\0" + b"comment\0"
  head += struct.pack("<H", zlib.crc32(head) & 0xFFFF)
  body = zlib.compressobj(9, wbits=-15)
  arrays["gzip/fields"] = head + body.compress(text) + body.flush() + struct.pack("<II", zlib.crc32(text), len(text))
  return arrays


if __name__ == "__main__":
  write("pictures", make_pictures())
  write("sounds", make_sounds())
  write("spectra", make_spectra())
  write("binary_files", make_arrays())
