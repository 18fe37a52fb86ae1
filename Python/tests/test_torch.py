"""Layers for PyTorch: outputs and gradients are PyTorch's."""

from __future__ import annotations

import copy
import pickle
import warnings
from typing import Any

import pytest

torch = pytest.importorskip("torch")

import recurrent  # noqa: E402
import recurrent.torch as rt  # noqa: E402
from torch import nn  # noqa: E402
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence  # noqa: E402

LAYERS: list[Any] = [
    (nn.LSTM, {}),
    (nn.LSTM, {"num_layers": 2, "bidirectional": True, "batch_first": True}),
    (nn.LSTM, {"proj_size": 3, "num_layers": 2}),
    (nn.LSTM, {"bias": False}),
    (nn.GRU, {"num_layers": 2, "bidirectional": True}),
    (nn.GRU, {"batch_first": True}),
    (nn.RNN, {"num_layers": 2}),
    (nn.RNN, {"nonlinearity": "relu", "bidirectional": True, "batch_first": True}),
]


def close(found: Any, wanted: Any, relative: float) -> None:
    scale = max(wanted.abs().max().item(), 1e-6)
    assert (found - wanted).abs().max().item() <= relative * scale


def flattened(state: Any) -> list[Any]:
    return list(state) if isinstance(state, tuple) else [state]


def loss_of(outputs: list[Any]) -> Any:
    generator = torch.Generator().manual_seed(3)
    return sum((part * torch.randn(part.shape, generator=generator)).sum() for part in outputs)


def both(kind: Any, options: dict[str, Any], inputs: int = 4, hidden: int = 7) -> tuple[Any, Any]:
    torch.manual_seed(1)
    own = kind(inputs, hidden, **options)
    return own, rt.accelerate(copy.deepcopy(own))


def start_for(layer: Any, rows: int) -> Any:
    cells = layer.num_layers * (2 if layer.bidirectional else 1)
    h = torch.randn(cells, rows, getattr(layer, "proj_size", 0) or layer.hidden_size)
    return (h, torch.randn(cells, rows, layer.hidden_size)) if layer.mode == "LSTM" else h


def required(tensors: Any) -> Any:
    if tensors is None:
        return None
    if isinstance(tensors, tuple):
        return tuple(tensor.clone().requires_grad_() for tensor in tensors)
    return tensors.clone().requires_grad_()


@pytest.mark.parametrize("has_start", [False, True])
@pytest.mark.parametrize(("kind", "options"), LAYERS)
def test_outputs_and_gradients(kind: Any, options: dict[str, Any], has_start: bool) -> None:
    own, fast = both(kind, options)
    assert type(fast) is not kind and isinstance(fast, kind)
    x = torch.randn(5, 5, 4)
    start = start_for(own, 5) if has_start else None
    results = []
    for layer in (own, fast):
        given, state = required(x), required(start)
        y, end = layer(given, state)
        loss_of([y, *flattened(end)]).backward()
        gradients = [given.grad] + [part.grad for part in flattened(state) if part is not None]
        gradients += [parameter.grad for parameter in layer.parameters()]
        results.append(([y, *flattened(end)], gradients))
    for wanted, found in zip(results[0][0], results[1][0]):
        assert found.shape == wanted.shape
        close(found, wanted, 1e-5)
    for wanted, found in zip(results[0][1], results[1][1]):
        close(found, wanted, 1e-4)


@pytest.mark.parametrize("lengths", [[5, 3, 1], [2, 5, 4], [5, 5, 5]])
@pytest.mark.parametrize(("kind", "options"), LAYERS)
def test_packed_sequences(kind: Any, options: dict[str, Any], lengths: list[int]) -> None:
    own, fast = both(kind, options)
    is_first = options.get("batch_first", False)
    x = torch.randn((3, 5, 4) if is_first else (5, 3, 4))
    start = start_for(own, 3)
    results = []
    for layer in (own, fast):
        given, state = required(x), required(start)
        packed = pack_padded_sequence(given, lengths, batch_first=is_first, enforce_sorted=False)
        output, end = layer(packed, state)
        y, _ = pad_packed_sequence(output, batch_first=is_first)
        loss_of([y, *flattened(end)]).backward()
        gradients = [given.grad] + [part.grad for part in flattened(state)]
        results.append(([y, *flattened(end)], gradients + [parameter.grad for parameter in layer.parameters()]))
    for part, relative in ((0, 1e-5), (1, 1e-4)):
        for wanted, found in zip(results[0][part], results[1][part]):
            close(found, wanted, relative)


@pytest.mark.parametrize(("kind", "options"), LAYERS)
def test_lengths_are_those_of_rows_alone(kind: Any, options: dict[str, Any]) -> None:
    torch.manual_seed(2)
    layer = getattr(rt, kind.__name__)(4, 7, **options)
    is_first = options.get("batch_first", False)
    lengths = [2, 5, 0]
    x = torch.randn(5, 3, 4, requires_grad=True)
    y, end = layer(x.transpose(0, 1) if is_first else x, lengths=lengths)
    y = y.transpose(0, 1) if is_first else y
    for row, length in enumerate(lengths):
        assert not y[length:, row].any()
        if length == 0:
            continue
        single = x[:length, row : row + 1]
        alone, last = layer(single.transpose(0, 1) if is_first else single)
        alone = alone.transpose(0, 1) if is_first else alone
        assert torch.equal(alone[:, 0], y[:length, row])
        for part, own in zip(flattened(end), flattened(last)):
            assert torch.equal(part[:, row], own[:, 0])
    y.sum().backward()
    assert not x.grad[2:, 0].any() and x.grad[:2, 0].any()


def step(layer: Any, x: Any, h: Any, c: Any) -> tuple[Any, Any]:
    """A step of an LSTM with every option, in PyTorch's operations."""
    p = {name.removesuffix("_l0"): parameter for name, parameter in layer.named_parameters()}
    size = layer.hidden_size

    def norm(values: Any, weight: Any, bias: Any) -> Any:
        return nn.functional.layer_norm(values, values.shape[-1:], weight, bias)

    sums = norm(x @ p["weight_ih"].T, p["norm_ih"], p["bias_ih"]) + norm(h @ p["weight_hh"].T, p["norm_hh"], p["bias_hh"])
    i, f, g, o = sums.split(size, dim=1)
    peep_i, peep_f, peep_o = p["weight_peephole"].split(size)
    i, f = torch.sigmoid(i + peep_i * c), torch.sigmoid(f + peep_f * c)
    new_c = (f * c + i * torch.tanh(g)).clamp(-layer.forms[0].cell_clip, layer.forms[0].cell_clip)
    o = torch.sigmoid(o + peep_o * new_c)
    new_h = (o * torch.tanh(norm(new_c, p["norm_cell"], p["norm_cell_bias"]))) @ p["weight_hr"].T
    return new_h + layer.zoneout * (h - new_h), new_c + layer.zoneout_cell * (c - new_c)


def test_options_are_their_equations() -> None:
    torch.manual_seed(4)
    layer = rt.LSTM(
        3, 6, proj_size=4, layer_norm=True, peepholes=True, cell_clip=0.4, zoneout=0.2, zoneout_cell=0.1
    ).eval()
    x = torch.randn(4, 2, 3, requires_grad=True)
    y, (h, c) = layer(x)
    loss_of([y, h, c]).backward()
    found = [x.grad.clone()] + [parameter.grad.clone() for parameter in layer.parameters()]
    layer.zero_grad()
    x.grad = None
    hidden, cell, outputs = torch.zeros(2, 4), torch.zeros(2, 6), []
    for index in range(4):
        hidden, cell = step(layer, x[index], hidden, cell)
        outputs.append(hidden)
    loss_of([torch.stack(outputs), hidden[None], cell[None]]).backward()
    close(y, torch.stack(outputs), 1e-5)
    for own, wanted in zip(found, [x.grad] + [parameter.grad for parameter in layer.parameters()]):
        close(own, wanted, 1e-4)


def test_noise_is_drawn_in_training_alone() -> None:
    torch.manual_seed(5)
    layer = rt.GRU(3, 8, zoneout=0.5, recurrent_dropout=0.3)
    x = torch.randn(20, 4, 3)
    assert not torch.equal(layer(x)[0], layer(x)[0])
    y, _ = layer(x)
    share = (y[1:] == y[:-1]).float().mean().item()
    assert 0.4 < share < 0.6
    layer.eval()
    assert torch.equal(layer(x)[0], layer(x)[0])


def test_one_sequence_has_no_batch() -> None:
    own, fast = both(nn.LSTM, {"num_layers": 2})
    x, start = torch.randn(5, 4), (torch.randn(2, 7), torch.randn(2, 7))
    for state in (None, start):
        wanted, found = own(x, state), fast(x, state)
        close(found[0], wanted[0], 1e-5)
        assert found[1][0].shape == wanted[1][0].shape == (2, 7)


def test_state_dicts_copies_and_pickles() -> None:
    own, fast = both(nn.GRU, {"num_layers": 2})
    assert list(own.state_dict()) == list(fast.state_dict())
    x = torch.randn(5, 2, 4)
    with torch.no_grad():
        y, _ = fast(x)
        for other in (copy.deepcopy(fast), pickle.loads(pickle.dumps(fast))):
            assert torch.equal(other(x)[0], y)
        fast.weight_hh_l1.mul_(2)
        assert not torch.equal(fast(x)[0], y)
        own.load_state_dict(fast.state_dict())
        close(fast(x)[0], own(x)[0], 1e-5)


def test_a_graph_can_be_used_twice() -> None:
    _, fast = both(nn.LSTM, {})
    x = torch.randn(4, 2, 4, requires_grad=True)
    y, _ = fast(x)
    (first,) = torch.autograd.grad(y.sum(), x, retain_graph=True)
    (second,) = torch.autograd.grad(y.sum(), x, retain_graph=True)
    assert torch.equal(first, second)


def test_checkpoints_recompute() -> None:
    from torch.utils.checkpoint import checkpoint

    own, fast = both(nn.LSTM, {})
    x = torch.randn(6, 2, 4)
    gradients = []
    for layer in (own, fast):
        given = required(x)
        checkpoint(lambda values, layer=layer: layer(values)[0], given, use_reentrant=False).sum().backward()
        gradients.append([given.grad] + [parameter.grad for parameter in layer.parameters()])
    for wanted, found in zip(*gradients):
        close(found, wanted, 1e-4)


def test_training_goes_the_same_way() -> None:
    own, fast = both(nn.LSTM, {}, 4, 16)
    heads = [nn.Linear(16, 1), nn.Linear(16, 1)]
    heads[1].load_state_dict(heads[0].state_dict())
    losses = []
    for layer, head in zip((own, fast), heads):
        torch.manual_seed(7)
        optimizer = torch.optim.Adam([*layer.parameters(), *head.parameters()], 1e-2)
        for _ in range(30):
            x = torch.randn(8, 4, 4)
            loss = ((head(layer(x)[0]) - x.cumsum(0)[..., :1]) ** 2).mean()
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        losses.append(loss.item())
    assert abs(losses[0] - losses[1]) < 1e-3 * losses[0]


def test_what_kernels_do_not_know_falls_back() -> None:
    rt._accelerate._warned.clear()
    own, fast = both(nn.LSTM, {})
    x = torch.randn(3, 2, 4)
    with pytest.warns(rt.FallbackWarning, match="computes in torch.float64"):
        y, _ = fast.double()(x.double())
    close(y, own.double()(x.double())[0], 1e-12)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        fast(x.double())
    with pytest.raises(RuntimeError):
        own.float()(torch.randn(3, 2, 5))
    with pytest.raises(RuntimeError):
        fast.float()(torch.randn(3, 2, 5))


@pytest.mark.parametrize(
    ("call", "text"),
    [
        (lambda: rt.LSTM(4, 7)(torch.zeros(3, 2, 5)), "expected [T, B, 4]"),
        (lambda: rt.LSTM(4, 7)(torch.zeros(3, 2, 4).double()), "reads tensors of float32"),
        (lambda: rt.LSTM(4, 7)(torch.zeros(0, 2, 4)), "[0, 2, 4]"),
        (lambda: rt.GRU(4, 7)(torch.zeros(3, 2, 4), lengths=[4, 1]), "whole numbers from 0 to 3"),
        (lambda: rt.GRU(4, 7)(torch.zeros(3, 2, 4), torch.zeros(1, 3, 7)), "expected [1, 2, 7]"),
        (lambda: rt.LSTM(4, 7, zoneout=1.0), "zoneout is 1.0"),
        (lambda: rt.LSTM(4, 7, proj_size=7), "proj_size is 7"),
        (lambda: rt.RNN(4, 7, nonlinearity="sine"), "nonlinearity is 'sine'"),
        (lambda: rt.GRU(0, 7), "input_size is 0"),
        (lambda: rt.LSTM(4, 7, cell_clip=float("nan")), "cell_clip is nan"),
    ],
)
def test_wrong_arguments_are_said(call: Any, text: str) -> None:
    with pytest.raises(recurrent.ArgumentError) as caught:
        call()
    assert text in str(caught.value)


def test_saved_parameters_open_in_the_library(tmp_path: Any) -> None:
    layer = rt.LSTM(3, 5, num_layers=2, bidirectional=True)
    torch.save(layer.state_dict(), tmp_path / "lstm.pt")
    x = torch.randn(6, 2, 3)
    with torch.no_grad():
        y, _ = layer(x)
    found, _ = recurrent.load(tmp_path / "lstm.pt").apply(x.numpy())
    assert (torch.from_numpy(found) == y).all()
