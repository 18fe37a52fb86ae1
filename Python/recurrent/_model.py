"""Models that were trained, or taken over."""

from __future__ import annotations

import ctypes
import json
import os
from collections.abc import Mapping
from ctypes import c_int64
from typing import Any

import numpy as np

from . import _library as lib
from ._data import Data, _text
from ._errors import ArgumentError, UnsupportedError
from ._session import Rows, Session


def load(path: str | os.PathLike[str], threads: int | None = None) -> Model:
    """Opens a bundle, an ONNX model, a whole model of Keras, or a file with recurrent layers of PyTorch or Keras.

    ``threads`` is how many compute; None for one for each processor that the process may use.
    """
    return Model(path, threads)


class Model:
    """A trained model of a task, recurrent layers, or a graph of operators."""

    def __init__(self, path: str | os.PathLike[str], threads: int | None = None) -> None:
        self.path = os.fspath(path)
        self._engine = lib.made(lib.LIB.rec_engine_new, threads) if threads is not None else None
        self._handle = lib.made(lib.LIB.rec_open, lib.encoded(path), self._engine)
        self.description: dict[str, Any] = json.loads(lib.text(lib.LIB.rec_model_describe, self._handle))
        #: "task", "layers" or "graph".
        self.kind: str = self.description["kind"]
        #: The name of the task, such as "tagging".
        self.task: str = self.description["task"]
        #: I and R of layers; 0 for other models.
        self.input_size: int = lib.LIB.rec_model_input_size(self._handle)
        self.output_size: int = lib.LIB.rec_model_output_size(self._handle)

    def __del__(self) -> None:
        handle, self._handle = getattr(self, "_handle", None), None
        engine, self._engine = getattr(self, "_engine", None), None
        if handle:
            lib.LIB.rec_model_free(handle)
        if engine:
            lib.LIB.rec_engine_free(engine)

    def __repr__(self) -> str:
        return f"<recurrent.Model {self.task} {self.path!r}>"

    def __reduce__(self) -> Any:
        # a process of its own opens the model anew
        return (Model, (self.path,))

    @property
    def settings(self) -> dict[str, str]:
        """What can be set where a task predicts: the help of each setting by its name."""
        return {setting["name"]: setting["help"] for setting in self.description.get("settings", [])}

    def predict(self, data: Any, **settings: Any) -> Rows:
        """Predicts for each sequence of data, and returns a row for each prediction.

        ``data`` is a path, the bytes of a file, an array ``[steps]`` or ``[steps, channels]``, a frame of pandas, columns by their
        names, or values of JSON. Settings have the names of :attr:`settings`, with ``_`` in place of ``-``.
        """
        if self.kind != "task":
            raise UnsupportedError(f"{self.path}: is no model of a task; use apply or run")
        value = data if isinstance(data, Data) else Data(data)
        given = {name.replace("_", "-"): setting for name, setting in settings.items()}
        rows = lib.text(lib.LIB.rec_predict, self._handle, value.handle, _text(given) if given else None)
        return json.loads(rows)

    def apply(
        self, x: Any, lengths: Any = None, state: np.ndarray | None = None
    ) -> tuple[np.ndarray, np.ndarray]:
        """Reads a batch with layers.

        ``x`` is ``[T, B, I]``, ``lengths`` are B numbers from 0 to T. Returns the outputs ``[T, B, R]``, zero beyond the lengths, and
        the state at the end, which the next call goes on from.
        """
        values = _floats(x, "x")
        if values.ndim != 3 or values.shape[2] != self.input_size or 0 in values.shape:
            if self.kind != "layers":
                raise UnsupportedError(f"{self.path}: apply is for recurrent layers")
            raise ArgumentError(f"x has the shape {list(values.shape)}, expected [T, B, {self.input_size}]")
        steps, rows, _ = values.shape
        size = rows * lib.LIB.rec_model_state_size(self._handle)
        start = None if state is None else _floats(state, "state")
        if start is not None and start.size != size:
            raise ArgumentError(f"state holds {start.size} numbers, expected {size}")
        ends = None if lengths is None else np.ascontiguousarray(lengths, np.int64)
        if ends is not None and ends.shape != (rows,):
            raise ArgumentError(f"lengths has the shape {list(ends.shape)}, expected [{rows}]")
        y, end = np.empty((steps, rows, self.output_size), np.float32), np.empty(size, np.float32)
        lib.done(
            lib.LIB.rec_apply,
            self._handle,
            steps,
            rows,
            values.ctypes.data,
            None if ends is None else ends.ctypes.data,
            None if start is None else start.ctypes.data,
            y.ctypes.data,
            end.ctypes.data,
        )
        return y, end

    def run(self, inputs: Mapping[str, Any]) -> dict[str, np.ndarray]:
        """Runs the graph of a model on arrays by the names of its inputs."""
        kept: list[Any] = []
        arrays = (lib.Array * len(inputs))()
        for place, (name, value) in zip(arrays, inputs.items()):
            array = np.asarray(value, order="C")
            kind = array.dtype.str[1:]
            if kind not in ("f4", "f8", "i8", "i4", "b1"):
                raise ArgumentError(f'"{name}" holds {array.dtype}, expected float32, float64, int64, int32 or bool')
            shape = (c_int64 * max(1, array.ndim))(*array.shape)
            kept += [array, shape]
            place.name, place.type, place.rank = name.encode(), kind.encode(), array.ndim
            place.shape, place.values = shape, array.ctypes.data
        handle = lib.made(lib.LIB.rec_run, self._handle, arrays, len(inputs))
        try:
            return dict(_taken(handle, index) for index in range(lib.LIB.rec_arrays_count(handle)))
        finally:
            lib.LIB.rec_arrays_free(handle)

    def session(self, rows: int = 1) -> Session:
        """The beginning of a sequence that comes step by step; of layers, of ``rows`` of them side by side."""
        return Session(self, lib.made(lib.LIB.rec_session_new, self._handle, rows), rows)


def _taken(handle: int, index: int) -> tuple[str, np.ndarray]:
    """A copy of one of the arrays that a graph gave out."""
    array = lib.Array()
    lib.done(lib.LIB.rec_arrays_get, handle, index, ctypes.byref(array))
    shape = tuple(array.shape[axis] for axis in range(array.rank))
    kind = np.dtype(array.type.decode())
    size = int(np.prod(shape, dtype=np.int64)) * kind.itemsize
    return array.name.decode(), np.frombuffer(ctypes.string_at(array.values, size), kind).reshape(shape)


def _floats(value: Any, name: str) -> np.ndarray:
    """The numbers in float32, one after the other."""
    array = np.asarray(value)
    if array.dtype.kind not in "fiub":
        raise ArgumentError(f"{name} holds {array.dtype}, expected numbers")
    return np.ascontiguousarray(array, np.float32)
