"""Makes the sound files of kinds that are not compressed, by libsndfile and, for NIST SPHERE and odd heads, by hand.

    pip install soundfile==0.14.0
    python Tests/Fixtures/make_sounds.py

What the samples of mu-law and A-law are is what libsndfile reads from the files that it wrote.
"""

import io
import json
import struct

import numpy as np
import soundfile
from safetensors.numpy import save

from fixture_file import FOLDER, with_sorted_metadata

KINDS = {
  "rf64": [("PCM_16", None), ("PCM_24", None), ("FLOAT", None)],
  "wav_ulaw": [("ULAW", None)], "wav_alaw": [("ALAW", None)],
  "rifx": [("PCM_U8", "BIG"), ("PCM_16", "BIG"), ("PCM_24", "BIG"), ("PCM_32", "BIG"), ("FLOAT", "BIG"), ("DOUBLE", "BIG"),
           ("ULAW", "BIG")],
  "wavex": [("PCM_24", None), ("ULAW", None)],
  "aiff": [("PCM_S8", None), ("PCM_U8", None), ("PCM_16", None), ("PCM_24", None), ("PCM_32", None), ("PCM_16", "LITTLE"),
           ("PCM_24", "LITTLE"), ("PCM_32", "LITTLE"), ("FLOAT", None), ("DOUBLE", None), ("ULAW", None), ("ALAW", None)],
  "au": [("PCM_S8", None), ("PCM_16", None), ("PCM_24", None), ("PCM_32", None), ("FLOAT", None), ("DOUBLE", None),
         ("ULAW", None), ("ALAW", None)],
  "nist": [("PCM_S8", None), ("PCM_16", "LITTLE"), ("PCM_16", "BIG"), ("PCM_24", "LITTLE"), ("PCM_32", "BIG"), ("ULAW", None),
           ("ALAW", None)],
}
CONTAINERS = {"wav_ulaw": "WAV", "wav_alaw": "WAV", "rifx": "WAV", "wavex": "WAVEX"}


def sphere(fields: list[str], samples: bytes) -> bytes:
  head = "NIST_1A\n   1024\n" + "".join(f"{field}\n" for field in fields) + "end_head\n"
  return head.encode().ljust(1024) + samples


def bw64(samples: bytes) -> bytes:
  """A BW64 with a long chunk before the samples, and a name of broadcast behind the head."""
  chunks = b"fmt " + struct.pack("<IHHIIHH", 16, 1, 1, 16000, 32000, 2, 16)
  chunks += b"axml" + struct.pack("<I", 0xFFFFFFFF) + b"<xml />\0"
  chunks += b"data" + struct.pack("<I", 0xFFFFFFFF) + samples
  table = struct.pack("<QQQI", 4 + 48 + len(chunks), len(samples), len(samples) // 2, 1) + b"axml" + struct.pack("<Q", 8)
  return b"BW64" + struct.pack("<I", 0xFFFFFFFF) + b"WAVEds64" + struct.pack("<I", len(table)) + table + chunks


def main() -> None:
  random = np.random.default_rng(7)
  tensors: dict[str, np.ndarray] = {}
  options: dict[str, dict] = {}

  def add(name: str, data: bytes, samples: np.ndarray, rate: float) -> None:
    """Samples [count, channels]."""
    tensors[f"{name}/file"] = np.frombuffer(data, np.uint8).copy()
    tensors[f"{name}/samples"] = np.ascontiguousarray(samples.T, np.float32)
    options[name] = {"rate": rate}

  for kind, variants in KINDS.items():
    for subtype, endian in variants:
      for channels in (1, 2):
        values = random.uniform(-1, 1, (23, channels))
        values[:4, 0] = [0, -1, 1 - 2**-31, 1e-3]
        output = io.BytesIO()
        container = CONTAINERS.get(kind, kind.upper())
        rate = 11025 * channels
        soundfile.write(output, values, rate, subtype=subtype, endian=endian, format=container)
        read, _ = soundfile.read(io.BytesIO(output.getvalue()), dtype="float64", always_2d=True)
        add(f"{kind}_{subtype.lower()}{'_' + endian.lower() if endian else ''}_{channels}", output.getvalue(), read, rate)

  whole = random.integers(-32768, 32768, (15, 1))
  raw = whole.astype("<i2").tobytes()
  add("bw64", bw64(raw), whole / 32768, 16000)
  codes = np.arange(256, dtype=np.uint8)
  for name, subtype in (("ulaw", "ULAW"), ("alaw", "ALAW")):
    linear = soundfile.read(
      io.BytesIO(codes.tobytes()), dtype="float64", samplerate=8000, channels=1, subtype=subtype, format="RAW")[0]
    fields = ["sample_rate -i 8000", "channel_count -i 1", f"sample_coding -s4 {name}", "sample_n_bytes -i 1",
              "; a remark", "sample_count -i 256"]
    add(f"sphere_{name}", sphere(fields, codes.tobytes()), linear[:, None], 8000)
  fields = ["sample_rate -r 11025.5", "sample_byte_format -s2 01", "sample_coding -s3 pcm", "sample_n_bytes -i 2"]
  add("sphere_short_head", sphere(fields, raw), whole / 32768, 11025.5)

  # samples before what says how they are written, with an offset, and a rate with a fraction (of old Macintoshes)
  rate = struct.pack(">HQ", 16383 + 14, int(22254.54545454545 * 2**(63 - 14)))
  sound = b"SSND" + struct.pack(">III", 8 + 4 + len(raw), 4, 0) + b"skip" + whole.astype(">i2").tobytes()
  common = b"COMM" + struct.pack(">IhIh", 18, 1, len(whole), 12) + rate
  body = b"AIFF" + sound + common
  add("aiff_turned", b"FORM" + struct.pack(">I", len(body)) + body, whole / 32768, 22254.54545454545)

  metadata = {"format": "pt", "cases": json.dumps(options, sort_keys=True)}
  data = with_sorted_metadata(save({key: tensors[key] for key in sorted(tensors)}, metadata=metadata))
  (FOLDER / "sound_files.safetensors").write_bytes(data)
  print(f"sound_files.safetensors: {len(options)} cases, {len(data)} bytes")


if __name__ == "__main__":
  main()
