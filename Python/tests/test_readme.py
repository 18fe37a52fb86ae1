"""The programs in the README do what they show."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from conftest import ROOT


def programs() -> list[str]:
    return re.findall(r"^```python\n(.*?)^```$", (ROOT / "README.md").read_text(), re.MULTILINE | re.DOTALL)


def test_a_model_is_read(tank: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(tank, tmp_path / "tank.bundle")
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {}
    exec(programs()[0], names)
    assert len(names["rows"]) == 3 and (tmp_path / "state.safetensors").exists()  # type: ignore[arg-type]


def test_layers_of_pytorch() -> None:
    pytest.importorskip("torch")
    assert len(programs()) == 2
    names: dict[str, object] = {}
    exec(programs()[1], names)
    assert names["y"].shape == (50, 3, 512)  # type: ignore[attr-defined]
