"""What goes wrong, with the sentences of the library."""

from __future__ import annotations


class RecurrentError(Exception):
    """A call of the library failed; the text is the library's own."""


class ArgumentError(RecurrentError, ValueError):
    """An argument is wrong: a shape, a type, a number of values."""


class DataError(RecurrentError, ValueError):
    """Data are not what the model reads, or a setting is none."""


class FormatError(RecurrentError, ValueError):
    """A file is damaged, or cannot be read or written."""


class ModelError(RecurrentError, ValueError):
    """A bundle, model or state is damaged, or of another task or model."""


class UnsupportedError(RecurrentError, NotImplementedError):
    """The model cannot do what is asked of it."""


class LibraryError(RecurrentError, RuntimeError):
    """The library is missing or too old, or the processor lacks what its kernels need."""


OF_CODE: dict[int, type[RecurrentError]] = {
    1: ArgumentError,
    2: DataError,
    3: FormatError,
    4: ModelError,
    5: UnsupportedError,
    6: LibraryError,
}
