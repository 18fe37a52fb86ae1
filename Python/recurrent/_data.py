"""Data of Python as data of the library."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from . import _library as lib
from ._errors import ArgumentError


class Data:
    """Sequences to predict from; freed with the object."""

    def __init__(self, value: Any, name: str = "data") -> None:
        self.handle = _handle(value, name)

    def __del__(self) -> None:
        handle, self.handle = getattr(self, "handle", None), None
        if handle:
            lib.LIB.rec_data_free(handle)


def _handle(value: Any, name: str) -> int:
    title = name.encode()
    if isinstance(value, (str, os.PathLike)):
        return lib.made(lib.LIB.rec_data_path, lib.encoded(value))
    if isinstance(value, (bytes, bytearray, memoryview)):
        content = bytes(value)
        return lib.made(lib.LIB.rec_data_bytes, content, len(content), title)
    if hasattr(value, "columns") and hasattr(value, "to_dict"):  # a frame of pandas
        return _json(_rows({str(column): value[column].tolist() for column in value.columns}), title)
    if isinstance(value, Mapping):
        columns = {str(key): _plain(column) for key, column in value.items()}
        if columns and all(isinstance(column, list) for column in columns.values()):
            return _json(_rows(columns), title)
        return _json(columns, title)
    if isinstance(value, np.ndarray) or hasattr(value, "__array__"):
        return _series(np.asarray(value), title)
    if isinstance(value, Sequence):
        return _json(_plain(value), title)
    raise ArgumentError(
        f"data is {type(value).__name__}, expected a path, bytes, an array, a frame, columns or values of JSON"
    )


def _series(array: np.ndarray, title: bytes) -> int:
    if array.ndim not in (1, 2) or array.size == 0:
        raise ArgumentError(f"data has the shape {list(array.shape)}, expected [steps] or [steps, channels], at least one of each")
    if array.dtype.kind not in "fiub":
        raise ArgumentError(f"data holds {array.dtype}, expected numbers")
    values = array.reshape(array.shape[0], -1) if array.ndim == 1 else array
    if values.dtype != np.float32:
        values = values.astype(np.float32)
    if any(stride % 4 for stride in values.strides):
        values = np.ascontiguousarray(values)
    steps, channels = values.shape
    return lib.made(
        lib.LIB.rec_data_series,
        values.ctypes.data,
        steps,
        channels,
        values.strides[0] // 4,
        values.strides[1] // 4,
        title,
    )


def _rows(columns: Mapping[str, list[Any]]) -> list[dict[str, Any]]:
    """A table as a list of objects."""
    counts = {name: len(column) for name, column in columns.items()}
    if len(set(counts.values())) > 1:
        raise ArgumentError(f"columns have different lengths: {counts}")
    names = list(columns)
    return [dict(zip(names, map(_plain, row))) for row in zip(*columns.values())]


def _plain(value: Any) -> Any:
    """The value as JSON has it; what is not finite is missing."""
    if isinstance(value, (np.ndarray, np.generic)):
        value = value.tolist()
    if isinstance(value, float):
        return value if value == value and abs(value) != float("inf") else None
    if value is None or isinstance(value, (str, bool, int)):
        return value
    if isinstance(value, Mapping):
        return {str(key): _plain(member) for key, member in value.items()}
    if isinstance(value, Sequence):
        return [_plain(member) for member in value]
    return str(value)  # a date, a path


def _json(value: Any, title: bytes) -> int:
    return lib.made(lib.LIB.rec_data_json, _text(value), title)


def _text(value: Any) -> bytes:
    """The value as JSON for the library."""
    return json.dumps(_plain(value), ensure_ascii=True, allow_nan=False).encode()
