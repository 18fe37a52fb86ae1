"""The shared library and the structures of its header, ``recurrent.h``."""

from __future__ import annotations

import ctypes
import os
import sys
from ctypes import POINTER, Structure, c_char, c_char_p, c_float, c_int32, c_int64, c_size_t, c_void_p
from pathlib import Path

from ._errors import OF_CODE, LibraryError, RecurrentError

#: The interface that this package is written for: REC_MAJOR, REC_MINOR.
INTERFACE = (0, 1)


class Error(Structure):
    """``rec_error``."""

    _fields_ = [("code", c_int32), ("message", c_char * 1020)]

    def exception(self) -> RecurrentError:
        """The exception of the code, with the message."""
        return OF_CODE.get(self.code, RecurrentError)(self.message.decode("utf-8", "replace"))


class Cell(Structure):
    """``rec_cell``."""

    _fields_ = [
        ("size", c_size_t),
        ("kind", c_int32),
        ("precision", c_int32),
        ("input", c_int64),
        ("hidden", c_int64),
        ("projection", c_int64),
        ("has_bias", c_int32),
        ("couples_gates", c_int32),
        ("has_peepholes", c_int32),
        ("normalizes", c_int32),
        ("cell_clip", c_float),
        ("activation", c_int32),
        ("alpha", c_float),
        ("beta", c_float),
    ]


#: The members of ``rec_weights``, in their order.
WEIGHTS = (
    "weight_ih",
    "weight_hh",
    "bias_ih",
    "bias_hh",
    "weight_hr",
    "peephole",
    "norm_ih",
    "norm_hh",
    "norm_cell",
    "norm_cell_bias",
)


class Weights(Structure):
    """``rec_weights``."""

    _fields_ = [(name, c_void_p) for name in WEIGHTS]


class ForwardCall(Structure):
    """``rec_forward_call``."""

    _fields_ = [
        ("size", c_size_t),
        ("engine", c_void_p),
        ("cell", POINTER(Cell)),
        ("plan", c_void_p),
        ("weights", POINTER(Weights)),
        ("packed", c_void_p),
        ("x", c_void_p),
        ("h0", c_void_p),
        ("c0", c_void_p),
        ("y", c_void_p),
        ("hn", c_void_p),
        ("cn", c_void_p),
        ("saved", c_void_p),
        ("zoneout_hidden", c_float),
        ("zoneout_cell", c_float),
        ("keep_hidden", c_void_p),
        ("keep_cell", c_void_p),
        ("recurrent_mask", c_void_p),
    ]


class BackwardCall(Structure):
    """``rec_backward_call``."""

    _fields_ = [
        ("size", c_size_t),
        ("forward", POINTER(ForwardCall)),
        ("dy", c_void_p),
        ("dhn", c_void_p),
        ("dcn", c_void_p),
        ("dx", c_void_p),
        ("dh0", c_void_p),
        ("dc0", c_void_p),
        ("gradients", POINTER(Weights)),
    ]


class Array(Structure):
    """``rec_array``."""

    _fields_ = [
        ("name", c_char_p),
        ("type", c_char_p),
        ("rank", c_int64),
        ("shape", POINTER(c_int64)),
        ("values", c_void_p),
    ]


_ERROR = POINTER(Error)

#: Results and arguments of the functions, apart from the error at the end.
_FUNCTIONS: dict[str, tuple[object, list[object]]] = {
    "rec_engine_new": (c_void_p, [c_int32]),
    "rec_engine_new_openmp": (c_void_p, [c_int32]),
    "rec_engine_name": (c_void_p, [c_void_p]),
    "rec_open": (c_void_p, [c_char_p, c_void_p]),
    "rec_model_describe": (c_void_p, [c_void_p]),
    "rec_data_path": (c_void_p, [c_char_p]),
    "rec_data_bytes": (c_void_p, [c_char_p, c_int64, c_char_p]),
    "rec_data_json": (c_void_p, [c_char_p, c_char_p]),
    "rec_data_series": (c_void_p, [c_void_p, c_int64, c_int64, c_int64, c_int64, c_char_p]),
    "rec_predict": (c_void_p, [c_void_p, c_void_p, c_char_p]),
    "rec_apply": (c_int32, [c_void_p, c_int64, c_int64] + [c_void_p] * 5),
    "rec_run": (c_void_p, [c_void_p, POINTER(Array), c_int64]),
    "rec_arrays_get": (c_int32, [c_void_p, c_int64, POINTER(Array)]),
    "rec_session_new": (c_void_p, [c_void_p, c_int64]),
    "rec_push": (c_int32, [c_void_p, c_void_p, c_int64, c_void_p, c_int64, c_void_p]),
    "rec_push_json": (c_void_p, [c_void_p, c_char_p]),
    "rec_finish": (c_void_p, [c_void_p]),
    "rec_session_save": (c_int32, [c_void_p, c_char_p]),
    "rec_session_load": (c_int32, [c_void_p, c_char_p]),
    "rec_session_copy": (c_void_p, [c_void_p]),
    "rec_plan_new": (c_void_p, [c_int64, c_int64, c_void_p, c_void_p, c_int32, c_int64, c_int64]),
    "rec_pack": (c_void_p, [c_void_p, POINTER(Cell), POINTER(Weights)]),
    "rec_saved_bytes": (c_int64, [POINTER(ForwardCall)]),
    "rec_forward": (c_int32, [POINTER(ForwardCall)]),
    "rec_backward": (c_int32, [POINTER(BackwardCall)]),
}

_PLAIN: dict[str, tuple[object, list[object]]] = {
    "rec_interface": (c_int32, []),
    "rec_version": (c_char_p, []),
    "rec_commit": (c_char_p, []),
    "rec_text_free": (None, [c_void_p]),
    "rec_engine_free": (None, [c_void_p]),
    "rec_model_free": (None, [c_void_p]),
    "rec_model_input_size": (c_int64, [c_void_p]),
    "rec_model_output_size": (c_int64, [c_void_p]),
    "rec_model_state_size": (c_int64, [c_void_p]),
    "rec_data_free": (None, [c_void_p]),
    "rec_arrays_count": (c_int64, [c_void_p]),
    "rec_arrays_free": (None, [c_void_p]),
    "rec_session_free": (None, [c_void_p]),
    "rec_plan_free": (None, [c_void_p]),
    "rec_packed_free": (None, [c_void_p]),
}


def _candidates() -> list[Path]:
    """Where the library may be: RECURRENT_LIBRARY, or beside this file."""
    named = os.environ.get("RECURRENT_LIBRARY")
    if named:
        return [Path(named)]
    ending = "dylib" if sys.platform == "darwin" else "so"
    return [Path(__file__).parent / f"librecurrent.{ending}"]


def open_library(path: str | os.PathLike[str] | None = None) -> ctypes.CDLL:
    """Loads the library and describes its functions; raises LibraryError where it is missing or too old.

    Calls release the interpreter's lock.
    """
    places = [Path(path)] if path is not None else _candidates()
    found = next((place for place in places if place.exists()), None)
    if found is None:
        raise LibraryError(f"{places[0]}: no such library; build a wheel with Python/build, or set RECURRENT_LIBRARY")
    try:
        library = ctypes.CDLL(str(found))
        interface = library.rec_interface()
    except (OSError, AttributeError) as error:
        raise LibraryError(f"{found}: cannot be loaded: {error}") from None
    if interface // 1000 != INTERFACE[0] or interface % 1000 < INTERFACE[1]:
        raise LibraryError(
            f"{found}: has the interface {interface // 1000}.{interface % 1000}, "
            f"this package needs {INTERFACE[0]}.{INTERFACE[1]}"
        )
    for name, (result, arguments) in _PLAIN.items():
        function = getattr(library, name)
        function.restype, function.argtypes = result, arguments
    for name, (result, arguments) in _FUNCTIONS.items():
        function = getattr(library, name)
        function.restype, function.argtypes = result, [*arguments, _ERROR]
    return library


LIB = open_library()


def made(function: object, *arguments: object) -> int:
    """The object that a function makes."""
    error = Error()
    handle = function(*arguments, ctypes.byref(error))  # type: ignore[operator]
    if not handle:
        raise error.exception()
    return handle


def done(function: object, *arguments: object) -> None:
    """Calls a function that returns a code."""
    error = Error()
    if function(*arguments, ctypes.byref(error)) != 0:  # type: ignore[operator]
        raise error.exception()


def text(function: object, *arguments: object) -> str:
    """The text that a function returns, which is freed."""
    pointer = made(function, *arguments)
    try:
        return ctypes.string_at(pointer).decode("utf-8")
    finally:
        LIB.rec_text_free(pointer)


def encoded(path: str | os.PathLike[str]) -> bytes:
    """A path for the library."""
    result = os.fsencode(path)
    if b"\0" in result:
        raise ValueError("a path holds no zero byte")
    return result
