"""Layers for PyTorch: what is asked of them wrongly, or of PyTorch's own kernels."""

from __future__ import annotations

import copy
import warnings
from collections.abc import Callable
from typing import Any

import pytest

torch = pytest.importorskip("torch")

import recurrent  # noqa: E402
import recurrent.torch as rt  # noqa: E402
from torch import nn  # noqa: E402


def both() -> tuple[Any, Any]:
    torch.manual_seed(1)
    own = nn.LSTM(4, 7)
    return own, rt.accelerate(copy.deepcopy(own))


def said(call: Callable[[Any], Any], layer: Any) -> tuple[str, str]:
    """The error of a call, or the shape of its output."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return "", str(call(layer)[0].shape)
        except Exception as error:
            return type(error).__name__, str(error)


@pytest.mark.parametrize(
    "call",
    [
        lambda layer: layer.to("meta")(torch.zeros(3, 2, 4, device="meta")),
        lambda layer: layer(torch.zeros(3, 2, 4, dtype=torch.int64)),
        lambda layer: layer(torch.zeros(0, 2, 4)),
        lambda layer: layer(torch.zeros(3, 0, 4)),
        lambda layer: layer(torch.zeros(4)),
        lambda layer: layer(torch.zeros(1, 3, 2, 4)),
        lambda layer: layer(torch.zeros(3, 2, 4), (torch.zeros(1, 3, 7), torch.zeros(1, 2, 7))),
        lambda layer: layer(torch.zeros(3, 2, 4), (torch.zeros(1, 2, 7),)),
        lambda layer: layer(torch.zeros(3, 2, 4), torch.zeros(1, 2, 7)),
        lambda layer: layer(None),
    ],
)
def test_errors_are_those_of_pytorch(call: Callable[[Any], Any]) -> None:
    own, fast = both()
    assert said(call, fast) == said(call, own)


def test_what_is_not_float32_is_named() -> None:
    rt._accelerate._warned.clear()
    _, fast = both()
    with pytest.warns(rt.FallbackWarning, match="computes in torch.float64"), pytest.raises(RuntimeError):
        fast(torch.zeros(3, 2, 4), (torch.zeros(1, 2, 7).double(), torch.zeros(1, 2, 7).double()))


def test_tensors_of_any_layout() -> None:
    own, fast = both()
    x = torch.randn(2, 3, 4).transpose(0, 1)
    state = (torch.randn(2, 1, 7).transpose(0, 1), torch.randn(1, 2, 14)[..., ::2])
    assert (own(x, state)[0] - fast(x, state)[0]).abs().max() < 1e-6


def test_gradients_of_gradients_are_refused() -> None:
    _, fast = both()
    x = torch.randn(3, 2, 4, requires_grad=True)
    with pytest.raises(recurrent.UnsupportedError, match="gradients of gradients"):
        torch.autograd.grad(fast(x)[0].sum(), x, create_graph=True)


def test_a_transformed_layer_runs() -> None:
    rt._accelerate._warned.clear()
    own, fast = both()
    x = torch.randn(3, 2, 4)

    def gradient(layer: Any) -> Any:
        parameters = dict(layer.named_parameters())
        return torch.func.grad(lambda values: torch.func.functional_call(layer, parameters, (values,))[0].sum())(x)

    with pytest.warns(rt.FallbackWarning, match="transformed"):
        found = gradient(fast)
    assert (found - gradient(own)).abs().max() < 1e-6
