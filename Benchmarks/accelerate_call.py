"""What a call from Python costs beside one from C."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

import numpy as np
import recurrent
import torch
from recurrent import _library
from torch import nn

ROOT = Path(__file__).resolve().parents[1]


def in_c(model: Path, folder: Path) -> float | None:
    """Microseconds of a step in a loop in C; None where there is no compiler."""
    compiler = shutil.which(os.environ.get("CC", "cc"))
    if not compiler:
        return None
    library = Path(_library.LIB._name).resolve()
    subprocess.run(
        [compiler, "-O2", f"-I{ROOT}/Sources/CRecurrent/include", f"{ROOT}/Benchmarks/push.c", str(library),
         f"-Wl,-rpath,{library.parent}", "-o", f"{folder}/push"],
        check=True,
    )  # fmt: skip
    # the name that a released library calls itself by
    for name in ("librecurrent.so.0", library.name):
        if not (folder / name).exists():
            (folder / name).symlink_to(library)
    environment = os.environ | {"LD_LIBRARY_PATH": str(folder)}
    result = subprocess.run([f"{folder}/push", model], check=True, capture_output=True, text=True, env=environment)
    return float(result.stdout)


def overhead() -> tuple[float, float | None]:
    """Microseconds of a step of a session with H = 64 and one row, from Python and from C."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "layer.pt"
        torch.save(nn.LSTM(32, 64).state_dict(), path)
        session, step = recurrent.load(path, threads=1).session(), np.ones(32, np.float32)
        results = []
        for _ in range(20):
            begin = time.perf_counter()
            for _ in range(2_000):
                session.push(step)
            results.append((time.perf_counter() - begin) / 2_000 * 1e6)
        return min(results), in_c(path, Path(folder))
