"""Makes the FLAC files that the reader is tested with, by the reference encoder.

    python Tests/Fixtures/make_flac.py

Needs the program flac 1.4.2 on the search path, and what Benchmarks/requirements.txt pins.
"""

import hashlib
import json
import subprocess

import numpy as np
from safetensors.numpy import save

from fixture_file import FOLDER, with_sorted_metadata


def flac(samples: np.ndarray, bits: int, rate: int, *options: str, pipe: bool = False) -> bytes:
  """Samples [count, channels] of so many bits; what comes from a pipe has no length and no digest."""
  width = (bits + 7) // 8
  raw = b"".join(int(v).to_bytes(width, "little", signed=True) for v in samples.flatten())
  command = [
    "flac", "--silent", "--force-raw-format", "--endian=little", "--sign=signed", f"--channels={samples.shape[1]}",
    f"--bps={bits}", f"--sample-rate={rate}", "--no-padding", *options]
  if pipe:
    return subprocess.run([*command, "-c", "-"], input=raw, check=True, capture_output=True).stdout
  source, target = FOLDER / "raw.tmp", FOLDER / "flac.tmp"
  source.write_bytes(raw)
  subprocess.run([*command, "-f", "-o", target, source], check=True)
  data = target.read_bytes()
  source.unlink()
  target.unlink()
  return data


def main() -> None:
  random = np.random.default_rng(5)

  def voice(count: int, channels: int, bits: int) -> np.ndarray:
    time = np.arange(count)[:, None] / 16000
    wave = sum(np.sin(2 * np.pi * f * time + np.arange(channels) * 0.1) / k for k, f in enumerate((180, 540, 1240), 1))
    wave = wave * 0.4 + random.normal(0, 0.003, (count, channels))
    return np.round(np.clip(wave, -1, 1) * ((1 << bits - 1) - 1)).astype(np.int64)

  def noise(count: int, channels: int, bits: int) -> np.ndarray:
    return random.integers(-(1 << bits - 1), 1 << bits - 1, (count, channels))

  cases: dict[str, tuple[np.ndarray, int, int, bytes]] = {}

  def add(name: str, samples: np.ndarray, bits: int, rate: int, *options: str, pipe: bool = False) -> None:
    cases[name] = (samples, bits, rate, flac(samples, bits, rate, *options, pipe=pipe))

  add("mono_16", voice(2000, 1, 16), 16, 16000, "-8", "--blocksize=576")
  add("mono_16_fixed", voice(700, 1, 16), 16, 22050, "-0")
  add("mono_8", voice(900, 1, 8), 8, 8000, "-8")
  add("mono_24", voice(500, 1, 24), 24, 48000, "-8", "--lax", "--blocksize=333")
  add("mono_32", voice(300, 1, 32), 32, 96000, "-8")
  add("stereo_16", voice(800, 2, 16), 16, 44100, "-8", "--blocksize=256", "--tag=TITLE=two channels")
  left = voice(400, 1, 16)
  add("stereo_left", np.concatenate([left, left // 2], 1), 16, 32000, "-8")
  add("stereo_24", voice(300, 2, 24), 24, 88200, "-5")
  add("stereo_32", voice(200, 2, 32), 32, 192000, "-8")
  add("eight_channels", voice(64, 8, 16), 16, 37003, "-8", "--lax", "--blocksize=64")
  add("noise_16", noise(300, 1, 16), 16, 16000, "-8")
  add("silence", np.zeros((5000, 1), np.int64), 16, 16000, "-8")
  add("wasted_bits", voice(400, 1, 16) << 8, 24, 16000, "-8")
  add("partitions", np.concatenate([voice(512, 1, 16) // 500, noise(512, 1, 16)]), 16, 16000, "-8", "--blocksize=1024")
  add("one_sample", voice(1, 1, 16) + 5, 16, 16000, "-8")
  add("odd_rate", voice(100, 1, 16), 16, 12345, "-8")
  add("pipe", voice(1500, 1, 16), 16, 16000, "-8", "--blocksize=512", pipe=True)

  tensors, options = {}, {}
  for name, (samples, bits, rate, data) in sorted(cases.items()):
    tensors[f"{name}/file"] = np.frombuffer(data, np.uint8)
    raw = samples.astype("<i4").tobytes()
    options[name] = {
      "bits": bits, "channels": samples.shape[1], "count": samples.shape[0], "rate": rate,
      "sha256": hashlib.sha256(raw).hexdigest()}
  metadata = {"format": "pt", "cases": json.dumps(options, sort_keys=True)}
  data = with_sorted_metadata(save(tensors, metadata=metadata))
  (FOLDER / "flac.safetensors").write_bytes(data)
  print(f"flac.safetensors: {len(tensors)} files, {len(data)} bytes")


if __name__ == "__main__":
  main()
