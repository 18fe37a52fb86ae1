"""Safetensors whose bytes two runs agree on."""

import json


def with_sorted_metadata(data: bytes) -> bytes:
  """Puts the metadata in order of its keys: the library's varies, and two runs shall give the same bytes."""
  length = int.from_bytes(data[:8], "little")
  header = json.loads(data[8 : 8 + length])
  header["__metadata__"] = dict(sorted(header["__metadata__"].items()))
  text = json.dumps(header, separators=(",", ":")).encode()
  text += b" " * (-len(text) % 8)
  return len(text).to_bytes(8, "little") + text + data[8 + length :]
