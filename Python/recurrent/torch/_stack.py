"""Layers on layers, one or two directions, rows of any lengths."""

from __future__ import annotations

import weakref
from collections.abc import Callable, Sequence
from ctypes import byref

import torch
from torch import Tensor
from torch.nn.utils.rnn import PackedSequence

from .. import _library as lib
from .._errors import ArgumentError
from ._cell import CellForm, header_cell
from ._scan import Noise, engine, plan, scan, _weights

#: The parameters of a cell by the members of ``rec_weights``.
Parameters = tuple[Tensor, ...]
State = tuple[Tensor, ...]


class _Packed:
    """Weights in the form of the kernels, and what they were packed from."""

    def __init__(self, form: CellForm, parameters: Parameters, mark: tuple[object, ...]) -> None:
        self.mark = mark
        self.handle = lib.made(
            lib.LIB.rec_pack, engine(), byref(header_cell(form)), byref(_weights(form, parameters))
        )

    def __del__(self) -> None:
        handle, self.handle = getattr(self, "handle", None), None
        if handle:
            lib.LIB.rec_packed_free(handle)


_packed: weakref.WeakKeyDictionary[object, dict[int, _Packed]] = weakref.WeakKeyDictionary()


def packed(owner: object, index: int, form: CellForm, parameters: Parameters) -> int | None:
    """The packed weights of a cell of a module, packed anew where the parameters have changed."""
    if torch.is_grad_enabled() or any(not parameter.is_contiguous() for parameter in parameters):
        return None
    if any(parameter.is_inference() for parameter in parameters):
        return None
    mark = tuple((parameter.data_ptr(), parameter._version) for parameter in parameters)
    kept = _packed.setdefault(owner, {})
    found = kept.get(index)
    if found is None or found.mark != mark:
        found = kept[index] = _Packed(form, parameters, mark)
    return found.handle


class Stack:
    """What is read: forms and parameters of the cells, forward before backward in each layer."""

    def __init__(
        self,
        forms: Sequence[CellForm],
        parameters: Sequence[Parameters],
        directions: int,
        owner: object,
        dropout: float = 0.0,
    ) -> None:
        self.forms, self.parameters, self.directions = forms, parameters, directions
        self.owner, self.dropout = owner, dropout

    def __call__(
        self,
        x: Tensor,
        state: State | None,
        lengths: tuple[int, ...] | None,
        batch_first: bool,
        noise: Callable[[int, Tensor, int, int], Noise] | None = None,
    ) -> tuple[Tensor, list[Tensor], list[Tensor]]:
        """Reads ``[T, B, I]``, or ``[B, T, I]``; states are ``[cells, B, width]``.

        ``noise`` draws that of a cell, given its number, what it reads, T and B.
        """
        steps, rows = (x.shape[1], x.shape[0]) if batch_first else (x.shape[0], x.shape[1])
        hidden: list[Tensor] = []
        cells: list[Tensor] = []
        for layer in range(len(self.forms) // self.directions):
            if layer > 0 and self.dropout > 0:
                x = torch.nn.functional.dropout(x, self.dropout)
            outputs: list[Tensor] = []
            for direction in range(self.directions):
                index = layer * self.directions + direction
                form, parameters = self.forms[index], self.parameters[index]
                own = Noise() if noise is None else noise(index, x, steps, rows)
                y, hn, cn = scan(
                    form,
                    plan(steps, rows, lengths, direction == 1, batch_first),
                    own,
                    x,
                    None if state is None else state[0][index],
                    None if state is None or len(state) < 2 else state[1][index],
                    parameters,
                    packed(self.owner, index, form, parameters) if own.keep_hidden is None else None,
                )
                outputs.append(y)
                hidden.append(hn)
                if cn is not None:
                    cells.append(cn)
            x = outputs[0] if len(outputs) == 1 else torch.cat(outputs, dim=-1)
        return x, hidden, cells


def read_packed(
    stack: Stack, sequence: PackedSequence, state: State | None
) -> tuple[PackedSequence, list[Tensor], list[Tensor]]:
    """Reads a PackedSequence; states are in the order of its rows."""
    sizes = sequence.batch_sizes
    steps, rows = sizes.numel(), int(sizes[0])
    counts = sizes.tolist()
    # the place [t, b] of each packed row; rows are sorted by falling length
    time = torch.repeat_interleave(torch.arange(steps), sizes)
    starts = torch.cumsum(sizes, 0) - sizes
    places = time * rows + (torch.arange(sequence.data.shape[0]) - starts[time])
    lengths = tuple(int(length) for length in (sizes.unsqueeze(1) > torch.arange(rows)).sum(0))
    if counts[-1] == rows:
        padded, ends = sequence.data, None  # all rows are as long as the batch
    else:
        padded = sequence.data.new_zeros((steps * rows, sequence.data.shape[1])).index_copy(
            0, places, sequence.data
        )
        ends = lengths
    if state is not None and sequence.sorted_indices is not None:
        state = tuple(part.index_select(1, sequence.sorted_indices) for part in state)
    y, hidden, cells = stack(padded.view(steps, rows, -1), state, ends, False)
    flat = y.reshape(steps * rows, -1)
    data = flat if ends is None else flat.index_select(0, places)
    if sequence.unsorted_indices is not None:
        hidden = [part.index_select(0, sequence.unsorted_indices) for part in hidden]
        cells = [part.index_select(0, sequence.unsorted_indices) for part in cells]
    return (
        PackedSequence(data, sizes, sequence.sorted_indices, sequence.unsorted_indices),
        hidden,
        cells,
    )


def checked_lengths(lengths: object, steps: int, rows: int) -> tuple[int, ...] | None:
    """Lengths as integers; None where all rows are whole."""
    if lengths is None:
        return None
    values = lengths.tolist() if isinstance(lengths, Tensor) else list(lengths)  # type: ignore[call-overload]
    if len(values) != rows or any(int(value) != value or not 0 <= value <= steps for value in values):
        raise ArgumentError(f"lengths are {values}, expected {rows} whole numbers from 0 to {steps}")
    return None if all(value == steps for value in values) else tuple(int(value) for value in values)
