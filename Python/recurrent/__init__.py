"""Recurrent neural networks: trained models, streams, and fast layers for PyTorch.

    import recurrent
    model = recurrent.load("beats.bundle")
    model.predict("ecg.csv")
    session = model.session()
    session.push([0.1])

:mod:`recurrent.torch` has layers for PyTorch and runs those of a module on the kernels of this package.
"""

from ._errors import (
    ArgumentError,
    DataError,
    FormatError,
    LibraryError,
    ModelError,
    RecurrentError,
    UnsupportedError,
)
from ._library import LIB as _LIB
from ._model import Model, load
from ._session import Session

__version__: str = _LIB.rec_version().decode()

__all__ = [
    "ArgumentError",
    "DataError",
    "FormatError",
    "LibraryError",
    "Model",
    "ModelError",
    "RecurrentError",
    "Session",
    "UnsupportedError",
    "load",
]
