"""Recurrent layers of a file: batches, sessions, states, threads."""

from __future__ import annotations

import copy
import pickle
import threading
from pathlib import Path

import numpy as np
import pytest
import recurrent
from conftest import reference

Stored = tuple[Path, dict[str, np.ndarray]]


def test_batches_are_those_of_the_equations(lstm: Stored) -> None:
    path, arrays = lstm
    model = recurrent.load(path)
    x = np.random.default_rng(1).standard_normal((7, 4, 3)).astype(np.float32)
    y, _ = model.apply(x)
    np.testing.assert_allclose(y, reference(arrays, x, 2), atol=1e-6)
    assert (model.kind, model.input_size, model.output_size) == ("layers", 3, 5)


def test_arrays_of_any_layout_give_the_same(lstm: Stored) -> None:
    model = recurrent.load(lstm[0])
    x = np.random.default_rng(2).standard_normal((4, 7, 3)).astype(np.float32)
    y, _ = model.apply(np.ascontiguousarray(x.transpose(1, 0, 2)))
    for other in (x.transpose(1, 0, 2), np.asfortranarray(x.transpose(1, 0, 2)), x.transpose(1, 0, 2).astype(float)):
        assert np.array_equal(model.apply(other)[0], y)


def test_rows_are_as_long_as_they_are(lstm: Stored) -> None:
    model = recurrent.load(lstm[0])
    x = np.random.default_rng(3).standard_normal((6, 3, 3)).astype(np.float32)
    y, end = model.apply(x, lengths=[2, 0, 6])
    alone, last = model.apply(x[:2, :1])
    assert np.array_equal(y[:2, 0], alone[:, 0])
    assert not y[2:, 0].any() and not y[:, 1].any()
    assert np.array_equal(end.reshape(4, 3, 5)[:, 0], last.reshape(4, 5))


def test_sessions_have_the_bits_of_the_whole(lstm: Stored, tmp_path: Path) -> None:
    model = recurrent.load(lstm[0])
    x = np.random.default_rng(4).standard_normal((6, 2, 3)).astype(np.float32)
    y, _ = model.apply(x)
    session = model.session(rows=2)
    for step in range(3):
        assert np.array_equal(session.push(x[step]), y[step])
    session.save(tmp_path / "state.safetensors")
    other, third = session.copy(), model.session(rows=2)
    third.load(tmp_path / "state.safetensors")
    for step in range(3, 6):
        for own in (session, other, third):
            assert np.array_equal(own.push(x[step]), y[step])
    assert session.finish() == []
    assert np.array_equal(session.push(x[0]), y[0])
    alone = model.session()
    assert np.array_equal(alone.push(list(map(float, x[0, 0]))), y[0, 0])
    assert alone.push(x[1, :1]).shape == (1, 5)


def test_what_came_back_is_not_overwritten(lstm: Stored) -> None:
    session = recurrent.load(lstm[0]).session()
    first = session.push([1, 2, 3])
    kept = first.copy()
    session.push([3, 2, 1])
    assert np.array_equal(first, kept)


def test_objects_of_python(lstm: Stored) -> None:
    model = recurrent.load(lstm[0], threads=1)
    again = pickle.loads(pickle.dumps(model))
    x = np.ones((2, 1, 3), np.float32)
    assert np.array_equal(again.apply(x)[0], model.apply(x)[0])
    assert str(lstm[0]) in repr(model)
    assert copy.copy(model.session()).push([1, 2, 3]).shape == (5,)
    assert recurrent.__version__.count(".") == 2


def test_threads_share_a_model(lstm: Stored) -> None:
    model = recurrent.load(lstm[0])
    x = np.random.default_rng(5).standard_normal((50, 8, 3)).astype(np.float32)
    y, _ = model.apply(x)
    results: list[bool] = []

    def work() -> None:
        results.append(all(np.array_equal(model.apply(x)[0], y) for _ in range(20)))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [True] * 4


@pytest.mark.parametrize(
    ("call", "text"),
    [
        (lambda model: model.apply(np.zeros((2, 3))), "x has the shape [2, 3], expected [T, B, 3]"),
        (lambda model: model.apply(np.zeros((2, 1, 4))), "x has the shape [2, 1, 4], expected [T, B, 3]"),
        (lambda model: model.apply(np.zeros((0, 1, 3))), "x has the shape [0, 1, 3], expected [T, B, 3]"),
        (lambda model: model.apply(np.array([["a"]])), "x holds <U1, expected numbers"),
        (lambda model: model.apply(np.zeros((2, 1, 3)), lengths=[3]), "lengths[0] is 3, expected 0 to 2"),
        (lambda model: model.apply(np.zeros((2, 1, 3)), lengths=[1, 1]), "lengths has the shape [2], expected [1]"),
        (lambda model: model.apply(np.zeros((2, 1, 3)), state=np.zeros(3)), "state holds 3 numbers, expected 20"),
        (lambda model: model.session().push([1, 2]), "the step has the shape [2], expected [1, 3]"),
        (lambda model: model.session(rows=0), "rows is 0, expected 1 to 1048576"),
    ],
)
def test_wrong_arguments_are_said(lstm: Stored, call: object, text: str) -> None:
    with pytest.raises(recurrent.ArgumentError) as caught:
        call(recurrent.load(lstm[0]))  # type: ignore[operator]
    assert str(caught.value) == text


def test_what_layers_cannot_do_is_said(lstm: Stored, tmp_path: Path) -> None:
    model = recurrent.load(lstm[0])
    with pytest.raises(recurrent.UnsupportedError, match="is no model of a task"):
        model.predict([1, 2, 3])
    with pytest.raises(recurrent.RecurrentError, match="none.bundle"):
        recurrent.load(tmp_path / "none.bundle")
    with pytest.raises(recurrent.RecurrentError):
        model.session().load(lstm[0])
    (tmp_path / "damaged.safetensors").write_bytes(lstm[0].read_bytes()[:-4])
    with pytest.raises(recurrent.RecurrentError, match="damaged.safetensors"):
        recurrent.load(tmp_path / "damaged.safetensors")
