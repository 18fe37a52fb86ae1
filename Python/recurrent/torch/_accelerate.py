"""The recurrent layers of a module on the kernels of this package."""

from __future__ import annotations

import warnings
from typing import Any, TypeVar

import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import PackedSequence

from ._cell import CellForm
from ._stack import Stack, read_packed

Module = TypeVar("Module", bound=nn.Module)


class FallbackWarning(UserWarning):
    """A layer runs on PyTorch's own kernels, and why."""


def accelerate(net: Module) -> Module:
    """Runs every nn.LSTM, nn.GRU and nn.RNN of a module on our kernels, and returns the module.

    The layers keep their parameters, their names and hence their ``state_dict``. What the kernels do not know, other types than
    float32, devices other than the CPU, functional transforms, runs on PyTorch's own with a warning, once for each reason.
    """
    for module in net.modules():
        subclass = _SUBCLASSES.get(type(module))
        if subclass is not None:
            module.__class__ = subclass
    return net


_warned: set[str] = set()


def _falls_back(layer: nn.RNNBase, x: Tensor, state: tuple[Tensor, ...]) -> bool:
    """Whether PyTorch's own kernels are to run; says why, once."""
    reason = None
    tensors = (x, *state, *layer._flat_weights)
    if any(not isinstance(tensor, Tensor) for tensor in tensors):
        return True
    dtype = next((tensor.dtype for tensor in tensors if tensor.dtype != torch.float32), None)
    device = next((tensor.device for tensor in tensors if tensor.device.type != "cpu"), None)
    if dtype is not None:
        reason = f"computes in {dtype}, the kernels in float32"
    elif device is not None:
        reason = f"is on {device}, the kernels on the CPU"
    elif torch.is_autocast_enabled("cpu"):
        reason = "is under autocast, the kernels compute in float32"
    elif torch.jit.is_tracing() or torch._C._functorch.peek_interpreter_stack() is not None:
        reason = "is traced or transformed"
    elif 0 in x.shape or x.shape[-1] != layer.input_size:
        return True  # PyTorch says what is wrong
    if reason is None:
        return False
    if reason not in _warned:
        _warned.add(reason)
        warnings.warn(f"{type(layer).__name__} {reason}: it runs on PyTorch's own", FallbackWarning, stacklevel=4)
    return True


def _stack(layer: nn.RNNBase) -> Stack:
    directions = 2 if layer.bidirectional else 1
    kind = {"LSTM": "lstm", "GRU": "gru", "RNN_TANH": "rnn_tanh", "RNN_RELU": "rnn_relu"}[layer.mode]
    forms, parameters = [], []
    width = layer.input_size
    state_size = layer.proj_size or layer.hidden_size
    for index in range(layer.num_layers):
        for direction in range(directions):
            suffix = f"_l{index}" + ("_reverse" if direction == 1 else "")
            form = CellForm(kind, width, layer.hidden_size, layer.proj_size, layer.bias)
            forms.append(form)
            parameters.append(tuple(getattr(layer, name + suffix) for name in form.names))
        width = state_size * directions
    dropout = layer.dropout if layer.training else 0.0
    return Stack(forms, parameters, directions, layer, dropout)


def _run(layer: nn.RNNBase, x: Any, hx: Any) -> tuple[Any, tuple[Tensor, ...]] | None:
    """Outputs and states; None where PyTorch's own kernels are to run."""
    is_lstm = layer.mode == "LSTM"
    given = () if hx is None else tuple(hx) if is_lstm else (hx,)
    if is_lstm and given and len(given) != 2:
        return None  # PyTorch says what is wrong
    values = x.data if isinstance(x, PackedSequence) else x
    if _falls_back(layer, values, given):
        return None
    if isinstance(x, PackedSequence):
        rows = int(x.batch_sizes[0])
    elif values.dim() == 3:
        rows = values.shape[0 if layer.batch_first else 1]
    elif values.dim() == 2:
        rows, values, given = 1, values.unsqueeze(0 if layer.batch_first else 1), tuple(
            part.unsqueeze(1) for part in given if part.dim() == 2
        )
        if hx is not None and not given:
            return None  # PyTorch says what is wrong
    else:
        return None
    cells = layer.num_layers * (2 if layer.bidirectional else 1)
    widths = (layer.proj_size or layer.hidden_size, layer.hidden_size)
    if any(part.shape != (cells, rows, width) for part, width in zip(given, widths)):
        return None
    stack = _stack(layer)
    if isinstance(x, PackedSequence):
        y, *ends = read_packed(stack, x, given or None)
    else:
        y, *ends = stack(values, given or None, None, layer.batch_first)
    state = tuple(torch.stack(part) for part in ends if part)
    if not isinstance(x, PackedSequence) and x.dim() == 2:
        y, state = y.squeeze(0 if layer.batch_first else 1), tuple(part.squeeze(1) for part in state)
    return y, state


class _Accelerated:
    """What the three layers have in common."""

    @torch.compiler.disable
    def forward(self, input: Any, hx: Any = None) -> Any:
        result = _run(self, input, hx)  # type: ignore[arg-type]
        if result is None:
            return super().forward(input, hx)  # type: ignore[misc]
        y, state = result
        return y, state if self.mode == "LSTM" else state[0]  # type: ignore[attr-defined]


class AcceleratedLSTM(_Accelerated, nn.LSTM):
    """An nn.LSTM on our kernels."""


class AcceleratedGRU(_Accelerated, nn.GRU):
    """An nn.GRU on our kernels."""


class AcceleratedRNN(_Accelerated, nn.RNN):
    """An nn.RNN on our kernels."""


_SUBCLASSES: dict[type, type] = {
    nn.LSTM: AcceleratedLSTM,
    nn.GRU: AcceleratedGRU,
    nn.RNN: AcceleratedRNN,
}
