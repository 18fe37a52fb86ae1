"""Sequences that come step by step."""

from __future__ import annotations

import ctypes
import json
import os
import threading
from typing import TYPE_CHECKING, Any

import numpy as np

from . import _library as lib
from ._data import _text
from ._errors import ArgumentError

if TYPE_CHECKING:
    from ._model import Model

Rows = list[dict[str, Any]]

#: The function without types of arguments, which would be looked at in every call.
_PUSH = lib.LIB["rec_push"]
_FLOAT32 = np.dtype(np.float32)


class Session:
    """A sequence that is read step by step, with the bits that the whole gives.

    Made by :meth:`Model.session`. Calls of several threads take turns.
    """

    def __init__(self, model: Model, handle: int, rows: int) -> None:
        self.model = model
        self.rows = rows
        self._handle = handle
        self._lock = threading.Lock()
        self._error = lib.Error()
        self._reads_numbers = model.kind == "layers"
        if self._reads_numbers:
            # the same memory for every step: neither addresses nor arguments are made anew
            self._x = np.zeros((rows, model.input_size), np.float32)
            self._y = np.zeros((rows, model.output_size), np.float32)
            # what a step may look like, and what is written and read of such a step
            self._places = {self._x.shape: (self._x, self._y)}
            if rows == 1:
                self._places[self._x.shape[1:]] = (self._x[0], self._y[0])
            self._arguments = (
                ctypes.c_void_p(handle),
                ctypes.c_void_p(self._x.ctypes.data),
                ctypes.c_int64(self._x.size),
                ctypes.c_void_p(self._y.ctypes.data),
                ctypes.c_int64(self._y.size),
                None,
                ctypes.byref(self._error),
            )

    def __del__(self) -> None:
        handle, self._handle = getattr(self, "_handle", None), None
        if handle:
            lib.LIB.rec_session_free(handle)

    def push(self, step: Any) -> Any:
        """Reads a step.

        Of layers: the I numbers of a row, or an array ``[rows, I]``; returns an array ``[rows, R]``, or ``[R]`` where the step
        had one axis. Of a task: a number, a list of numbers, an object of JSON; returns the rows that are known by it.
        """
        if not self._reads_numbers:
            value = _text(step)
            with self._lock:
                return json.loads(lib.text(lib.LIB.rec_push_json, self._handle, value))
        x = step if type(step) is np.ndarray else np.asarray(step)
        places = self._places.get(x.shape)
        if places is None:
            raise ArgumentError(f"the step has the shape {list(x.shape)}, expected {list(self._x.shape)}")
        if x.dtype is not _FLOAT32 and x.dtype.kind not in "fiub":
            raise ArgumentError(f"the step holds {x.dtype}, expected numbers")
        with self._lock:
            places[0][...] = x
            if _PUSH(*self._arguments) != 0:
                raise self._error.exception()
            return places[1].copy()

    def finish(self) -> Rows:
        """Ends the sequence and begins another one; returns the rows that waited for further steps."""
        with self._lock:
            return json.loads(lib.text(lib.LIB.rec_finish, self._handle))

    def save(self, path: str | os.PathLike[str]) -> None:
        """Writes the state to a file, atomically."""
        lib.done(lib.LIB.rec_session_save, self._handle, lib.encoded(path))

    def load(self, path: str | os.PathLike[str]) -> None:
        """Goes on from the state in a file; where that fails, the session is as it was."""
        lib.done(lib.LIB.rec_session_load, self._handle, lib.encoded(path))

    def copy(self) -> Session:
        """A session that goes on from here by itself."""
        return Session(self.model, lib.made(lib.LIB.rec_session_copy, self._handle), self.rows)

    __copy__ = copy

    def __repr__(self) -> str:
        return f"<recurrent.Session of {self.model!r}>"
