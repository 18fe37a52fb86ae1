"""The library itself: versions, memory, processes."""

from __future__ import annotations

import ctypes
import multiprocessing
import os
import resource
import sys
from pathlib import Path

import numpy as np
import pytest
import recurrent
from recurrent import _library


def test_a_library_that_is_none_is_said(tmp_path: Path) -> None:
    with pytest.raises(recurrent.LibraryError, match="no such library"):
        _library.open_library(tmp_path / "none.so")
    (tmp_path / "text.so").write_text("no library")
    with pytest.raises(recurrent.LibraryError, match="cannot be loaded"):
        _library.open_library(tmp_path / "text.so")


def test_an_older_library_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_library, "INTERFACE", (0, 999))
    with pytest.raises(recurrent.LibraryError, match="this package needs 0.999"):
        _library.open_library(_library.LIB._name)


def test_structures_have_the_size_of_the_header() -> None:
    sizes = [ctypes.sizeof(kind) for kind in (_library.Error, _library.Cell, _library.Weights)]
    assert sizes == [1024, 72, 80]
    assert ctypes.sizeof(_library.ForwardCall) == 136 and ctypes.sizeof(_library.BackwardCall) == 72
    assert ctypes.sizeof(_library.Array) == 40


def test_nothing_is_lost_in_many_calls(lstm: tuple[Path, object]) -> None:
    model = recurrent.load(lstm[0], threads=1)
    x, step = np.ones((3, 2, 3), np.float32), np.ones(3, np.float32)

    def work(count: int) -> None:
        session = model.session()
        for index in range(count):
            session.push(step)
            if index % 10 == 0:
                model.apply(x)
                session.copy()
                session.finish()

    work(2_000)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    work(100_000)
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown < 4096 * (1024 if sys.platform == "darwin" else 1)


def _applied(path: str, queue: object) -> None:
    model = recurrent.load(path)
    queue.put(model.apply(np.ones((20, 64, 3), np.float32))[0])  # type: ignore[attr-defined]


@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_children_compute(lstm: tuple[Path, object], method: str) -> None:
    model = recurrent.load(lstm[0])
    x = np.ones((20, 64, 3), np.float32)
    y, _ = model.apply(x)
    context = multiprocessing.get_context(method)
    queue = context.Queue()
    child = context.Process(target=_applied, args=(str(lstm[0]), queue))
    child.start()
    assert np.array_equal(queue.get(timeout=60), y)
    child.join(60)
    assert child.exitcode == 0


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork")
def test_a_model_goes_on_in_a_fork(lstm: tuple[Path, object]) -> None:
    model = recurrent.load(lstm[0])
    session = model.session()
    x = np.random.default_rng(1).standard_normal((40, 256, 3)).astype(np.float32)
    y, _ = model.apply(x)
    session.push([1, 2, 3])
    expected = session.copy().push([1, 2, 3])
    child = os.fork()
    if child == 0:
        right = np.array_equal(model.apply(x)[0], y) and np.array_equal(session.push([1, 2, 3]), expected)
        os._exit(0 if right else 1)
    _, status = os.waitpid(child, 0)
    assert status == 0
    assert np.array_equal(model.apply(x)[0], y)
