"""Models that tests read."""

from __future__ import annotations

import json
import os
import shutil
import struct
import subprocess
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).resolve().parents[2]


def write_safetensors(path: Path, arrays: dict[str, np.ndarray]) -> None:
    """Writes arrays of float32."""
    head, offset = {}, 0
    for name, array in arrays.items():
        head[name] = {"dtype": "F32", "shape": list(array.shape), "data_offsets": [offset, offset + array.nbytes]}
        offset += array.nbytes
    text = json.dumps(head).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(struct.pack("<Q", len(text)) + text + b"".join(array.tobytes() for array in arrays.values()))


def lstm_arrays(inputs: int, hidden: int, layers: int = 1, seed: int = 0) -> dict[str, np.ndarray]:
    """The parameters of an LSTM by PyTorch's names."""
    random = np.random.default_rng(seed)
    arrays = {}
    for layer in range(layers):
        width = inputs if layer == 0 else hidden
        shapes = {"weight_ih": (4 * hidden, width), "weight_hh": (4 * hidden, hidden)}
        shapes |= {"bias_ih": (4 * hidden,), "bias_hh": (4 * hidden,)}
        for name, shape in shapes.items():
            arrays[f"{name}_l{layer}"] = random.uniform(-0.3, 0.3, shape).astype(np.float32)
    return arrays


def reference(arrays: dict[str, np.ndarray], x: np.ndarray, layers: int = 1) -> np.ndarray:
    """An LSTM in double precision."""

    def sigmoid(values: np.ndarray) -> np.ndarray:
        return 1 / (1 + np.exp(-values))

    values = x.astype(np.float64)
    for layer in range(layers):
        w, u, b, d = (
            arrays[f"{name}_l{layer}"].astype(np.float64) for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
        )
        h = c = np.zeros((x.shape[1], u.shape[1]))
        outputs = []
        for step in values:
            i, f, g, o = np.split(step @ w.T + b + h @ u.T + d, 4, axis=1)
            c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
            h = sigmoid(o) * np.tanh(c)
            outputs.append(h)
        values = np.stack(outputs)
    return values


@pytest.fixture
def lstm(tmp_path: Path) -> tuple[Path, dict[str, np.ndarray]]:
    """A file with two layers of 5 units over 3 inputs, and its parameters."""
    arrays = lstm_arrays(3, 5, 2)
    write_safetensors(tmp_path / "lstm.safetensors", arrays)
    return tmp_path / "lstm.safetensors", arrays


@pytest.fixture(scope="session")
def command() -> str:
    """The command line of the same build; its tests are left out where there is none."""
    found = os.environ.get("RECURRENT_COMMAND") or shutil.which("recurrent")
    if not found:
        pytest.skip("RECURRENT_COMMAND names no binary")
    return found


@pytest.fixture(scope="session")
def tank(command: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bundle that estimates the level of a tank, step by step."""
    bundle = tmp_path_factory.mktemp("tank") / "tank.bundle"
    data = ROOT / "Examples" / "Data" / "tanks.csv"
    settings = ["--target", "level", "--causal", "--hidden", "8", "--epochs", "1", "--threads", "1"]
    subprocess.run(
        [command, "train", "sequence-regression", str(data), *settings, "--output", str(bundle)],
        check=True,
        capture_output=True,
    )
    return bundle
