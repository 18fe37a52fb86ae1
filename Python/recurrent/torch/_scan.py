"""A cell over sequences as one operation of autograd."""

from __future__ import annotations

import ctypes
import functools
import threading
from ctypes import byref, c_float, sizeof
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor

from .. import _library as lib
from .._errors import UnsupportedError
from ._cell import CellForm, header_cell

class Plan:
    """Which rows are read in which order; freed with the object."""

    def __init__(
        self, steps: int, rows: int, lengths: tuple[int, ...] | None, backward: bool, batch_first: bool
    ) -> None:
        self.steps, self.rows, self.batch_first = steps, rows, batch_first
        values = None if lengths is None else np.array(lengths, np.int64)
        strides = (1, steps) if batch_first else (rows, 1)
        self.handle = lib.made(
            lib.LIB.rec_plan_new,
            steps,
            rows,
            None if values is None else values.ctypes.data,
            None,
            int(backward),
            *strides,
        )

    def __del__(self) -> None:
        handle, self.handle = getattr(self, "handle", None), None
        if handle:
            lib.LIB.rec_plan_free(handle)

    def extents(self, width: int) -> tuple[int, int, int]:
        """The shape of an array with so many numbers at each place."""
        if self.batch_first:
            return (self.rows, self.steps, width)
        return (self.steps, self.rows, width)


plan = functools.lru_cache(maxsize=256)(Plan)


class _Engine:
    def __init__(self, threads: int) -> None:
        # the threads of PyTorch: others would share the processors with these, which wait awake
        self.handle = lib.made(lib.LIB.rec_engine_new_openmp, threads)


@functools.lru_cache(maxsize=None)
def _engine(threads: int) -> _Engine:
    return _Engine(threads)


def engine() -> int:
    """Threads as PyTorch has them; kept as long as the process."""
    return _engine(torch.get_num_threads()).handle


def _address(tensor: Tensor | None) -> int | None:
    return None if tensor is None else tensor.data_ptr()


def _weights(form: CellForm, parameters: tuple[Tensor, ...]) -> lib.Weights:
    result = lib.Weights()
    for name, parameter in zip(form.names, parameters):
        setattr(result, name, parameter.data_ptr())
    return result


@dataclass
class Noise:
    """What of the old state steps leave: parts, or drawn masks; and factors on the state before the product."""

    zoneout_hidden: float = 0.0
    zoneout_cell: float = 0.0
    keep_hidden: Tensor | None = None
    keep_cell: Tensor | None = None
    recurrent_mask: Tensor | None = None


NONE = Noise()


class _Call:
    """A call of the kernels; it holds what its pointers lead to."""

    def __init__(
        self,
        form: CellForm,
        order: Plan,
        noise: Noise,
        x: Tensor,
        h0: Tensor | None,
        c0: Tensor | None,
        parameters: tuple[Tensor, ...],
        packed: int | None,
        saves: bool,
    ) -> None:
        has_cell = form.kind == "lstm"
        self.form = form
        self.y = x.new_empty(order.extents(form.state_size))
        self.hn = x.new_empty((order.rows, form.state_size))
        self.cn = x.new_empty((order.rows, form.hidden_size)) if has_cell else None
        self.saved: Tensor | None = None
        self.weights = _weights(form, parameters)
        self.cell = header_cell(form)
        self.call = lib.ForwardCall(
            sizeof(lib.ForwardCall),
            engine(),
            ctypes.pointer(self.cell),
            order.handle,
            ctypes.pointer(self.weights),
            packed,
            x.data_ptr(),
            _address(h0),
            _address(c0),
            self.y.data_ptr(),
            self.hn.data_ptr(),
            _address(self.cn),
            None,
            c_float(noise.zoneout_hidden),
            c_float(noise.zoneout_cell),
            _address(noise.keep_hidden),
            _address(noise.keep_cell),
            _address(noise.recurrent_mask),
        )
        error = lib.Error()
        if saves:
            count = lib.LIB.rec_saved_bytes(byref(self.call), byref(error))
            if count < 0:
                raise error.exception()
            self.saved = torch.empty(count, dtype=torch.uint8)
            self.call.saved = self.saved.data_ptr()
        if lib.LIB.rec_forward(byref(self.call), byref(error)) != 0:
            raise error.exception()


class Scan(torch.autograd.Function):
    """A cell over sequences: outputs, the last state, and the last cell state of an LSTM."""

    @staticmethod
    def forward(  # type: ignore[override]
        ctx: Any,
        form: CellForm,
        order: Plan,
        noise: Noise,
        x: Tensor,
        h0: Tensor | None,
        c0: Tensor | None,
        *parameters: Tensor,
    ) -> tuple[Tensor, ...]:
        call = _Call(form, order, noise, x, h0, c0, parameters, None, True)
        ctx.form, ctx.order, ctx.noise = form, order, noise
        ctx.saved, ctx.lock = call.saved, threading.Lock()
        ctx.save_for_backward(x, h0, c0, call.y, *parameters)
        ctx.set_materialize_grads(False)
        if call.cn is None:
            return call.y, call.hn
        return call.y, call.hn, call.cn

    @staticmethod
    def backward(ctx: Any, *upstream: Tensor | None) -> tuple[Any, ...]:
        if torch.is_grad_enabled():  # create_graph: a term of a loss made of gradients would be lost without a word
            raise UnsupportedError("the kernels know no gradients of gradients (create_graph); use PyTorch's own layers")
        x, h0, c0, y, *parameters = ctx.saved_tensors
        form, order = ctx.form, ctx.order
        gradients = [torch.empty_like(parameter) for parameter in parameters]
        dx = torch.empty_like(x) if ctx.needs_input_grad[3] else None
        dh0 = torch.empty_like(h0) if h0 is not None and ctx.needs_input_grad[4] else None
        dc0 = torch.empty_like(c0) if c0 is not None and ctx.needs_input_grad[5] else None
        dy, dhn, dcn = (
            None if gradient is None else gradient.contiguous() for gradient in (*upstream, None)[:3]
        )
        with ctx.lock:
            saved, ctx.saved = ctx.saved, None
        if saved is None:  # used up by an earlier pass over the same graph
            call = _Call(form, order, ctx.noise, x, h0, c0, tuple(parameters), None, True)
            saved, y = call.saved, call.y
        weights, written = _weights(form, tuple(parameters)), _weights(form, tuple(gradients))
        forward = lib.ForwardCall(
            sizeof(lib.ForwardCall),
            engine(),
            ctypes.pointer(header_cell(form)),
            order.handle,
            ctypes.pointer(weights),
            None,
            x.data_ptr(),
            _address(h0),
            _address(c0),
            y.data_ptr(),
            None,
            None,
            saved.data_ptr(),
            c_float(ctx.noise.zoneout_hidden),
            c_float(ctx.noise.zoneout_cell),
            _address(ctx.noise.keep_hidden),
            _address(ctx.noise.keep_cell),
            _address(ctx.noise.recurrent_mask),
        )
        call = lib.BackwardCall(
            sizeof(lib.BackwardCall),
            ctypes.pointer(forward),
            _address(dy),
            _address(dhn),
            _address(dcn),
            _address(dx),
            _address(dh0),
            _address(dc0),
            ctypes.pointer(written),
        )
        lib.done(lib.LIB.rec_backward, byref(call))
        return (None, None, None, dx, dh0, dc0, *gradients)


def scan(
    form: CellForm,
    order: Plan,
    noise: Noise,
    x: Tensor,
    h0: Tensor | None,
    c0: Tensor | None,
    parameters: tuple[Tensor, ...],
    packed: int | None = None,
) -> tuple[Tensor, Tensor, Tensor | None]:
    """A cell over sequences; ``packed`` weights serve where no gradient is asked for."""
    x = x.contiguous()
    h0 = None if h0 is None else h0.contiguous()
    c0 = None if c0 is None else c0.contiguous()
    parameters = tuple(parameter.contiguous() for parameter in parameters)
    inputs = [tensor for tensor in (x, h0, c0, *parameters) if tensor is not None]
    if torch.is_grad_enabled() and any(tensor.requires_grad for tensor in inputs):
        y, hn, *cn = Scan.apply(form, order, noise, x, h0, c0, *parameters)
        return y, hn, cn[0] if cn else None
    call = _Call(form, order, noise, x, h0, c0, parameters, packed, False)
    return call.y, call.hn, call.cn
