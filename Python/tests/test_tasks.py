"""Bundles of tasks: what the command line says, from any data."""

from __future__ import annotations

import csv
import json
import subprocess
from pathlib import Path

import numpy as np
import pytest
import recurrent


def rows(path: Path) -> list[dict[str, str]]:
    with path.open() as file:
        return list(csv.DictReader(file))


@pytest.fixture
def data(tmp_path: Path) -> Path:
    path = tmp_path / "new.csv"
    lines = ["time_s,pump"] + [f"{step},{3 + step % 4 * 0.25}" for step in range(30)]
    path.write_text("\n".join(lines) + "\n")
    return path


def test_predictions_are_those_of_the_command_line(command: str, tank: Path, data: Path) -> None:
    model = recurrent.load(tank)
    printed = subprocess.run(
        [command, "predict", str(tank), str(data), "--json"], check=True, capture_output=True, text=True
    )
    expected = json.loads(printed.stdout)["predictions"]
    found = model.predict(data)
    assert found and len(found) == len(expected)
    for own, other in zip(found, expected):
        assert own == other


def test_columns_frames_and_paths_give_the_same(tank: Path, data: Path) -> None:
    model = recurrent.load(tank)
    table = rows(data)
    columns = {name: np.array([float(row[name]) for row in table]) for name in table[0]}
    expected = [list(row.values())[-1] for row in model.predict(data)]
    assert [list(row.values())[-1] for row in model.predict(columns)] == expected
    assert [list(row.values())[-1] for row in model.predict(data.read_bytes())] == expected
    pandas = pytest.importorskip("pandas")
    assert [list(row.values())[-1] for row in model.predict(pandas.DataFrame(columns))] == expected


def test_sessions_say_what_the_whole_says(tank: Path, data: Path) -> None:
    model = recurrent.load(tank)
    session = model.session()
    streamed = [row for row in (session.push({name: float(value) for name, value in row.items()}) for row in rows(data))]
    assert sum(map(len, streamed)) + len(session.finish()) == 30


def test_settings_are_checked(tank: Path, data: Path) -> None:
    model = recurrent.load(tank)
    assert model.settings
    with pytest.raises(recurrent.DataError, match="no-such"):
        model.predict(data, no_such=1)
    with pytest.raises(recurrent.ArgumentError, match="columns have different lengths"):
        model.predict({"a": [1, 2], "b": [1]})
    with pytest.raises(recurrent.ArgumentError, match="expected a path"):
        model.predict(object())
    with pytest.raises(recurrent.ArgumentError, match=r"\[steps, channels\]"):
        model.predict(np.zeros((1, 1, 1)))
