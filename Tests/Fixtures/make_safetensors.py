"""Writes safetensors_types.safetensors with the format's own writer: every element type, one metadata entry.

Run with safetensors 0.8.0:  python3 make_safetensors.py
The bytes of each tensor count up from the length of its name, so that a reader can predict them.
"""

import ctypes
import pathlib

import safetensors

TYPES = {
    "bool": 1, "uint8": 1, "int8": 1, "float8_e5m2": 1, "float8_e4m3fn": 1, "int16": 2, "uint16": 2,
    "float16": 2, "bfloat16": 2, "int32": 4, "uint32": 4, "float32": 4, "float64": 8, "int64": 8, "uint64": 8,
}


def payload(name: str, count: int) -> bytes:
    return bytes((len(name) + i) % 256 for i in range(count))


BUFFERS = []


def spec(dtype: str, shape: list[int], data: bytes) -> safetensors.TensorSpec:
    buffer = ctypes.create_string_buffer(data, max(len(data), 1))
    BUFFERS.append(buffer)
    return safetensors.TensorSpec(
        dtype=dtype, shape=shape, data_ptr=ctypes.addressof(buffer), data_len=len(data))


tensors = {dtype: spec(dtype, [2, 3], payload(dtype, 6 * size)) for dtype, size in TYPES.items()}
tensors["bool"] = spec("bool", [2, 3], bytes([1, 0, 1, 0, 0, 1]))
tensors["a \"quoted\"\\\n\u0001 \u00fc"] = spec("float32", [], bytes([0, 0, 0x80, 0x3F]))
tensors["empty"] = spec("float32", [0, 4], b"")
out = pathlib.Path(__file__).parent / "safetensors_types.safetensors"
out.write_bytes(safetensors.serialize(tensors, {"format": "pt"}))
