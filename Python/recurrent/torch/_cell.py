"""What a cell is, and its form in the header."""

from __future__ import annotations

import functools
from ctypes import sizeof
from dataclasses import dataclass

from .. import _library as lib

KINDS = {"lstm": 0, "gru": 1, "gru_reset_before": 2, "rnn_tanh": 3, "rnn_relu": 4}
#: Blocks of H rows in the weights.
GATES = {"lstm": 4, "gru": 3, "gru_reset_before": 3, "rnn_tanh": 1, "rnn_relu": 1}


@dataclass(frozen=True)
class CellForm:
    """What a cell is; weights apart."""

    kind: str
    input_size: int
    hidden_size: int
    proj_size: int = 0
    bias: bool = True
    coupled: bool = False
    peepholes: bool = False
    layer_norm: bool = False
    cell_clip: float = 0.0

    @property
    def state_size(self) -> int:
        """R."""
        return self.proj_size or self.hidden_size

    @property
    def names(self) -> tuple[str, ...]:
        """The members of ``rec_weights`` that the cell has, in their order."""
        has = {
            "bias_ih": self.bias,
            "bias_hh": self.bias,
            "weight_hr": self.proj_size > 0,
            "peephole": self.peepholes,
            "norm_ih": self.layer_norm,
            "norm_hh": self.layer_norm,
            "norm_cell": self.layer_norm,
            "norm_cell_bias": self.layer_norm,
        }
        return tuple(name for name in lib.WEIGHTS if has.get(name, True))


@functools.lru_cache(maxsize=256)
def header_cell(form: CellForm) -> lib.Cell:
    """The cell in the form of the header."""
    return lib.Cell(
        size=sizeof(lib.Cell),
        kind=KINDS[form.kind],
        precision=0,
        input=form.input_size,
        hidden=form.hidden_size,
        projection=form.proj_size,
        has_bias=form.bias,
        couples_gates=form.coupled,
        has_peepholes=form.peepholes,
        normalizes=form.layer_norm,
        cell_clip=form.cell_clip,
    )
