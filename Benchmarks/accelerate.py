"""PyTorch with and without recurrent.torch, side by side: whole steps of training, in one process, in turns.

    python Benchmarks/accelerate.py [--seconds 3] [--json FILE]

Each figure is the median of pairs that are measured one right after the other, so that both see the same machine. The
package must be installed, or PYTHONPATH and RECURRENT_LIBRARY set.
"""

from __future__ import annotations

import argparse
import copy
import ctypes
import json
import statistics
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import recurrent
import recurrent.torch as rt
import torch
from recurrent import _library
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence

Step = Callable[[], None]


class CharacterModel(nn.Module):
    """Embedding, two LSTM layers, a linear map to characters."""

    def __init__(self) -> None:
        super().__init__()
        self.embedding, self.rnn = nn.Embedding(65, 64), nn.LSTM(64, 256, 2)
        self.head = nn.Linear(256, 65)

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        return self.head(self.rnn(self.embedding(ids))[0])


class Tagger(nn.Module):
    """A bidirectional LSTM over sentences of many lengths."""

    def __init__(self, uses_lengths: bool) -> None:
        super().__init__()
        self.embedding, self.head = nn.Embedding(2_000, 64), nn.Linear(256, 17)
        kind = rt.LSTM if uses_lengths else nn.LSTM
        self.rnn, self.uses_lengths = kind(64, 128, bidirectional=True), uses_lengths

    def forward(self, ids: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
        x = self.embedding(ids)
        if self.uses_lengths:
            y, _ = self.rnn(x, lengths=lengths)
            steps = torch.arange(ids.shape[0])[:, None]
            return self.head(y[steps < lengths])
        return self.head(self.rnn(pack_padded_sequence(x, lengths, enforce_sorted=False))[0].data)


class Encoder(nn.Module):
    """The encoder of a translator, with a decoder that reads its last state."""

    def __init__(self) -> None:
        super().__init__()
        self.source, self.target = nn.Embedding(1_000, 128), nn.Embedding(1_000, 128)
        self.encoder, self.decoder = nn.GRU(128, 256, bidirectional=True), nn.GRU(128, 512)
        self.head = nn.Linear(512, 1_000)

    def forward(self, source: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
        _, h = self.encoder(self.source(source))
        y, _ = self.decoder(self.target(target), torch.cat([h[0], h[1]], 1)[None])
        return self.head(y)


def training(model: nn.Module, *inputs: torch.Tensor) -> Step:
    """A step: forward, backward, clipped gradients, Adam."""
    optimizer = torch.optim.Adam(model.parameters(), 1e-3)

    def step() -> None:
        logits = model(*inputs)
        loss = torch.logsumexp(logits, -1).mean() - logits[..., 0].mean()
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()

    return step


def layer(kind: type[nn.RNNBase], steps: int, rows: int, inputs: int, hidden: int, trains: bool) -> tuple[Step, Step]:
    """A layer alone, PyTorch's and ours."""
    own = kind(inputs, hidden)
    fast = rt.accelerate(copy.deepcopy(own))
    x = torch.randn(steps, rows, inputs)

    def run(module: nn.Module) -> Step:
        if trains:
            return lambda: module(x)[0].sum().backward()
        module.eval()

        def infer() -> None:
            with torch.inference_mode():
                module(x)

        return infer

    return run(own), run(fast)


class LoopLSTM(nn.Module):
    """The loop that people write for an LSTM with layer normalisation, peepholes and zoneout."""

    def __init__(self, inputs: int, hidden: int) -> None:
        super().__init__()
        self.x, self.h = nn.Linear(inputs, 4 * hidden), nn.Linear(hidden, 4 * hidden)
        self.x_norm, self.h_norm = nn.LayerNorm(4 * hidden), nn.LayerNorm(4 * hidden)
        self.c_norm, self.peep = nn.LayerNorm(hidden), nn.Parameter(torch.zeros(3, hidden))
        self.hidden = hidden

    def forward(self, x: torch.Tensor) -> tuple[torch.Tensor]:
        h = c = x.new_zeros(x.shape[1], self.hidden)
        outputs = []
        for step in x:
            i, f, g, o = (self.x_norm(self.x(step)) + self.h_norm(self.h(h))).chunk(4, 1)
            i, f = torch.sigmoid(i + self.peep[0] * c), torch.sigmoid(f + self.peep[1] * c)
            new_c = f * c + i * torch.tanh(g)
            new_h = torch.sigmoid(o + self.peep[2] * new_c) * torch.tanh(self.c_norm(new_c))
            keep = torch.rand_like(h) < 0.1
            h, c = torch.where(keep, h, new_h), torch.where(keep, c, new_c)
            outputs.append(h)
        return (torch.stack(outputs),)


def pairs(first: Step, second: Step, seconds: float) -> tuple[float, float, float]:
    """Milliseconds of both, and the median of their ratios."""
    for step in (first, second, first, second):
        step()
    times: list[tuple[float, float]] = []
    end = time.perf_counter() + seconds
    while time.perf_counter() < end or len(times) < 5:
        marks = [time.perf_counter()]
        for step in (first, second):
            step()
            marks.append(time.perf_counter())
        times.append((marks[1] - marks[0], marks[2] - marks[1]))
    own, fast = (statistics.median(part) * 1e3 for part in zip(*times))
    return own, fast, statistics.median(a / b for a, b in times)


def problems() -> list[tuple[str, Step, Step]]:
    """Name, PyTorch's step, ours."""
    torch.manual_seed(1)
    found = []
    ids = torch.randint(65, (64, 32))
    own = CharacterModel()
    found.append(("character model", training(own, ids), training(rt.accelerate(copy.deepcopy(own)), ids)))
    lengths = torch.randint(3, 60, (32,))
    words = torch.randint(2_000, (int(lengths.max()), 32))
    found.append(
        ("tagger, lengths 3 to 59", training(Tagger(False), words, lengths), training(Tagger(True), words, lengths))
    )
    packed = Tagger(False)
    found.append(
        ("the same, PackedSequence", training(packed, words, lengths),
         training(rt.accelerate(copy.deepcopy(packed)), words, lengths))
    )  # fmt: skip
    source, target = torch.randint(1_000, (30, 32)), torch.randint(1_000, (30, 32))
    translator = Encoder()
    found.append(
        ("translator", training(translator, source, target),
         training(rt.accelerate(copy.deepcopy(translator)), source, target))
    )  # fmt: skip
    for kind in (nn.LSTM, nn.GRU, nn.RNN):
        for steps, rows, inputs, hidden in ((100, 32, 128, 128), (35, 20, 192, 192), (50, 64, 512, 512), (100, 1, 32, 64)):
            for trains in (True, False):
                name = f"{kind.__name__} T {steps} B {rows} I {inputs} H {hidden}{', training' if trains else ''}"
                found.append((name, *layer(kind, steps, rows, inputs, hidden, trains)))
    x = torch.randn(100, 32, 64)
    loop, fused = LoopLSTM(64, 128), rt.LSTM(64, 128, layer_norm=True, peepholes=True, zoneout=0.1, zoneout_cell=0.1)
    found.append(
        ("LSTM with norm, peepholes, zoneout, training", lambda: loop(x)[0].sum().backward(),
         lambda: fused(x)[0].sum().backward())
    )  # fmt: skip
    return found


def overhead() -> tuple[float, float]:
    """Microseconds of a step of a session with H = 64 and one row, from Python and through ctypes alone."""
    path = Path("overhead.pt")
    torch.save(nn.LSTM(32, 64).state_dict(), path)
    try:
        session = recurrent.load(path, threads=1).session()
    finally:
        path.unlink()
    step, function = np.ones(32, np.float32), _library.LIB.rec_push
    arguments = session._arguments

    def mean(body: Step) -> float:
        results = []
        for _ in range(20):
            begin = time.perf_counter()
            for _ in range(2_000):
                body()
            results.append((time.perf_counter() - begin) / 2_000 * 1e6)
        return min(results)

    assert isinstance(function, ctypes._CFuncPtr)
    return mean(lambda: session.push(step)), mean(lambda: function(*arguments))


def main() -> None:
    """Prints a table in Markdown."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=3)
    parser.add_argument("--only", default="", help="problems with this in their name")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    results = []
    print(f"PyTorch {torch.__version__}, {torch.get_num_threads()} threads, recurrent {recurrent.__version__}\n")
    print("| problem | PyTorch, ms | recurrent, ms | times |\n|---|--:|--:|--:|")
    for name, own, fast in problems():
        if options.only in name:
            result = pairs(own, fast, options.seconds)
            results.append({"problem": name, "torch": result[0], "recurrent": result[1], "ratio": result[2]})
            print(f"| {name} | {result[0]:.2f} | {result[1]:.2f} | {result[2]:.2f} |", flush=True)
    if not options.only:
        push, call = overhead()
        results.append({"problem": "push", "python": push, "call": call})
        print(f"\nA step of a session, H = 64, one row: {push:.2f} us, {call:.2f} us of it in the library and ctypes.")
    if options.json:
        options.json.write_text(json.dumps(results, indent=1) + "\n")


if __name__ == "__main__":
    main()
