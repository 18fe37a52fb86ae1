"""Recurrent layers with what PyTorch's own do not have."""

from __future__ import annotations

import math
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import PackedSequence

from .._errors import ArgumentError
from ._cell import GATES, CellForm
from ._scan import Noise
from ._stack import Stack, checked_lengths, read_packed

#: The names of parameters where they are not those of ``rec_weights``.
_NAMES = {"peephole": "weight_peephole"}


class _Recurrent(nn.Module):
    """Layers on layers of a cell. Names and order of the parameters are PyTorch's, those of options are the library's."""

    def __init__(
        self,
        kind: str,
        input_size: int,
        hidden_size: int,
        num_layers: int,
        bias: bool,
        batch_first: bool,
        dropout: float,
        bidirectional: bool,
        zoneout: float,
        zoneout_cell: float,
        recurrent_dropout: float,
        **options: Any,
    ) -> None:
        super().__init__()
        for name, size in (("input_size", input_size), ("hidden_size", hidden_size), ("num_layers", num_layers)):
            if int(size) != size or size < 1:
                raise ArgumentError(f"{name} is {size}, expected 1 or more")
        rates = {"dropout": dropout, "zoneout": zoneout, "zoneout_cell": zoneout_cell}
        for name, rate in (rates | {"recurrent_dropout": recurrent_dropout}).items():
            if not 0 <= rate < 1:
                raise ArgumentError(f"{name} is {rate}, expected at least 0 and below 1")
        self.input_size, self.hidden_size, self.num_layers = input_size, hidden_size, num_layers
        self.bias, self.batch_first, self.dropout = bias, batch_first, dropout
        self.bidirectional = bidirectional
        self.zoneout, self.zoneout_cell, self.recurrent_dropout = zoneout, zoneout_cell, recurrent_dropout
        self.forms: list[CellForm] = []
        self._suffixes: list[str] = []
        directions = 2 if bidirectional else 1
        width = input_size
        for layer in range(num_layers):
            for direction in range(directions):
                form = CellForm(kind, width, hidden_size, bias=bias, **options)
                self.forms.append(form)
                self._suffixes.append(f"_l{layer}" + ("_reverse" if direction == 1 else ""))
                for name, shape in _shapes(form).items():
                    parameter = nn.Parameter(torch.empty(shape))
                    self.register_parameter(_NAMES.get(name, name) + self._suffixes[-1], parameter)
            width = self.forms[-1].state_size * directions
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Uniform numbers within 1 / sqrt(H), as PyTorch has them; scales of layer normalisation are 1, its shift is 0."""
        bound = 1 / math.sqrt(self.hidden_size)
        with torch.no_grad():
            for name, parameter in self.named_parameters():
                if name.startswith("norm_cell_bias"):
                    parameter.zero_()
                elif name.startswith("norm_"):
                    parameter.fill_(1)
                else:
                    parameter.uniform_(-bound, bound)

    def _parameters_of(self, index: int) -> tuple[Tensor, ...]:
        suffix = self._suffixes[index]
        return tuple(getattr(self, _NAMES.get(name, name) + suffix) for name in self.forms[index].names)

    def _noise(self, index: int, x: Tensor, steps: int, rows: int) -> Noise:
        """That of a cell: drawn in training, expected else."""
        form = self.forms[index]
        if not self.training:
            return Noise(self.zoneout, self.zoneout_cell)
        shape = (rows, steps) if self.batch_first else (steps, rows)

        def kept(rate: float, width: int) -> Tensor | None:
            return (torch.rand((*shape, width)) < rate).float() if rate > 0 else None

        mask = None
        if self.recurrent_dropout > 0:
            mask = nn.functional.dropout(torch.ones(rows, form.state_size), self.recurrent_dropout)
        has_cell = form.kind == "lstm"
        return Noise(
            keep_hidden=kept(self.zoneout, form.state_size),
            keep_cell=kept(self.zoneout_cell, form.hidden_size) if has_cell else None,
            recurrent_mask=mask,
        )

    @torch.compiler.disable
    def _read(self, x: Any, state: tuple[Tensor, ...] | None, lengths: Any) -> tuple[Any, tuple[Tensor, ...]]:
        values = x.data if isinstance(x, PackedSequence) else x
        parameters = [self._parameters_of(index) for index in range(len(self.forms))]
        for tensor in (values, *(state or ()), *parameters[0]):
            if not isinstance(tensor, Tensor) or tensor.dtype != torch.float32 or tensor.device.type != "cpu":
                found = f"{tensor.dtype} on {tensor.device}" if isinstance(tensor, Tensor) else type(tensor).__name__
                raise ArgumentError(f"{type(self).__name__} reads tensors of float32 on the CPU, received {found}")
        directions = 2 if self.bidirectional else 1
        dropout = self.dropout if self.training else 0.0
        stack = Stack(self.forms, parameters, directions, self, dropout)
        if isinstance(x, PackedSequence):
            if lengths is not None or self._has_noise:
                raise ArgumentError("a PackedSequence has its own lengths, and no noise inside the cell: give lengths instead")
            y, *ends = read_packed(stack, x, state)
            return y, tuple(torch.stack(part) for part in ends if part)
        is_single = values.dim() == 2
        if is_single:
            values = values.unsqueeze(0 if self.batch_first else 1)
            state = None if state is None else tuple(part.unsqueeze(1) for part in state)
        if values.dim() != 3 or values.shape[2] != self.input_size or 0 in values.shape:
            order = "[B, T" if self.batch_first else "[T, B"
            raise ArgumentError(f"the input has the shape {list(x.shape)}, expected {order}, {self.input_size}]")
        steps, rows = values.shape[1 if self.batch_first else 0], values.shape[0 if self.batch_first else 1]
        for part, width in zip(state or (), (self.forms[0].state_size, self.hidden_size)):
            expected = (len(self.forms), rows, width)
            if tuple(part.shape) != expected:
                raise ArgumentError(f"a state has the shape {list(part.shape)}, expected {list(expected)}")
        noise = self._noise if self._has_noise else None
        y, *ends = stack(values, state, checked_lengths(lengths, steps, rows), self.batch_first, noise)
        final = tuple(torch.stack(part) for part in ends if part)
        if is_single:
            y, final = y.squeeze(0 if self.batch_first else 1), tuple(part.squeeze(1) for part in final)
        return y, final

    @property
    def _has_noise(self) -> bool:
        return self.zoneout > 0 or self.zoneout_cell > 0 or self.training and self.recurrent_dropout > 0

    def extra_repr(self) -> str:
        """Sizes and options for people."""
        return f"{self.input_size}, {self.hidden_size}, num_layers={self.num_layers}, bidirectional={self.bidirectional}"


class LSTM(_Recurrent):
    """nn.LSTM with layer normalisation, peepholes, coupled gates, a clipped cell state, zoneout and recurrent dropout.

    ``layer(x, state, lengths)`` reads ``[T, B, I]``, ``[B, T, I]`` with ``batch_first``, one sequence ``[T, I]`` or a PackedSequence, and
    returns outputs, zero beyond the lengths, and ``(h, c)`` behind the last step of each row.
    """

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        num_layers: int = 1,
        bias: bool = True,
        batch_first: bool = False,
        dropout: float = 0.0,
        bidirectional: bool = False,
        proj_size: int = 0,
        *,
        layer_norm: bool = False,
        peepholes: bool = False,
        coupled: bool = False,
        cell_clip: float = 0.0,
        zoneout: float = 0.0,
        zoneout_cell: float = 0.0,
        recurrent_dropout: float = 0.0,
    ) -> None:
        if not 0 <= proj_size < hidden_size:
            raise ArgumentError(f"proj_size is {proj_size}, expected 0 or less than hidden_size")
        if not (cell_clip >= 0 and math.isfinite(cell_clip)):
            raise ArgumentError(f"cell_clip is {cell_clip}, expected a positive number, or 0 for none")
        super().__init__(
            "lstm", input_size, hidden_size, num_layers, bias, batch_first, dropout, bidirectional, zoneout,
            zoneout_cell, recurrent_dropout, proj_size=proj_size, layer_norm=layer_norm, peepholes=peepholes,
            coupled=coupled, cell_clip=float(cell_clip),
        )  # fmt: skip

    def forward(
        self, x: Any, state: tuple[Tensor, Tensor] | None = None, lengths: Any = None
    ) -> tuple[Any, tuple[Tensor, Tensor]]:
        """Outputs and ``(h, c)``."""
        y, (hidden, cell) = self._read(x, None if state is None else tuple(state), lengths)
        return y, (hidden, cell)


class _OneState(_Recurrent):
    def forward(self, x: Any, state: Tensor | None = None, lengths: Any = None) -> tuple[Any, Tensor]:
        """Outputs and h."""
        y, (hidden,) = self._read(x, None if state is None else (state,), lengths)
        return y, hidden


class GRU(_OneState):
    """nn.GRU with zoneout and recurrent dropout, and the reset gate before the product on request; see :class:`LSTM`."""

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        num_layers: int = 1,
        bias: bool = True,
        batch_first: bool = False,
        dropout: float = 0.0,
        bidirectional: bool = False,
        *,
        reset_before: bool = False,
        zoneout: float = 0.0,
        recurrent_dropout: float = 0.0,
    ) -> None:
        super().__init__(
            "gru_reset_before" if reset_before else "gru", input_size, hidden_size, num_layers, bias, batch_first,
            dropout, bidirectional, zoneout, 0.0, recurrent_dropout,
        )  # fmt: skip


class RNN(_OneState):
    """nn.RNN with zoneout and recurrent dropout; see :class:`LSTM`."""

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        num_layers: int = 1,
        nonlinearity: str = "tanh",
        bias: bool = True,
        batch_first: bool = False,
        dropout: float = 0.0,
        bidirectional: bool = False,
        *,
        zoneout: float = 0.0,
        recurrent_dropout: float = 0.0,
    ) -> None:
        if nonlinearity not in ("tanh", "relu"):
            raise ArgumentError(f"nonlinearity is {nonlinearity!r}, expected 'tanh' or 'relu'")
        super().__init__(
            f"rnn_{nonlinearity}", input_size, hidden_size, num_layers, bias, batch_first, dropout, bidirectional,
            zoneout, 0.0, recurrent_dropout,
        )  # fmt: skip


def _shapes(form: CellForm) -> dict[str, tuple[int, ...]]:
    """The shapes of the parameters, by the members of ``rec_weights``."""
    hidden, gates = form.hidden_size, GATES[form.kind] - form.coupled
    rows = gates * hidden
    shapes = {
        "weight_ih": (rows, form.input_size),
        "weight_hh": (rows, form.state_size),
        "bias_ih": (rows,),
        "bias_hh": (rows,),
        "weight_hr": (form.proj_size, hidden),
        "peephole": ((gates - 1) * hidden,),
        "norm_ih": (rows,),
        "norm_hh": (rows,),
        "norm_cell": (hidden,),
        "norm_cell_bias": (hidden,),
    }
    return {name: shapes[name] for name in form.names}
