"""PyTorch with and without recurrent.torch, side by side, in one process, in turns.

    python Benchmarks/accelerate.py [--seconds 3] [--only TEXT] [--threads N] [--json FILE]

A line is a whole step of training: data, forward, loss, backward, clipped gradients, Adam; or a layer alone. Each figure is the
median of pairs that are measured one right after the other, so that both see the same machine. The package must be installed,
or PYTHONPATH and RECURRENT_LIBRARY set. What a call costs is compared with a loop in C, where there is a compiler (CC).
"""

from __future__ import annotations

import argparse
import copy
import itertools
import json
import platform
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import recurrent
import recurrent.torch as rt
import torch
from accelerate_call import overhead
from torch import Tensor, nn
from torch.nn.functional import cross_entropy
from torch.nn.utils.rnn import pack_padded_sequence

ROOT = Path(__file__).resolve().parents[1]
Step = Callable[[], None]


@dataclass
class Problem:
    """PyTorch's step and ours, and how many times as fast ours is to be."""

    name: str
    torch: Step
    own: Step
    goal: float


class CharacterModel(nn.Module):
    """Embedding, two LSTM layers, a linear map to characters; the state is carried from step to step."""

    def __init__(self) -> None:
        super().__init__()
        self.embedding, self.rnn = nn.Embedding(128, 64), nn.LSTM(64, 256, 2)
        self.head, self.state = nn.Linear(256, 128), None

    def forward(self, ids: Tensor) -> Tensor:
        """The loss of the characters behind the first."""
        y, (h, c) = self.rnn(self.embedding(ids[:-1]), self.state)
        self.state = (h.detach(), c.detach())
        return cross_entropy(self.head(y).flatten(0, 1), ids[1:].flatten())


class Tagger(nn.Module):
    """A bidirectional LSTM over sentences of many lengths, and a label for each word."""

    def __init__(self, uses_lengths: bool) -> None:
        super().__init__()
        self.embedding, self.head = nn.Embedding(2_000, 64), nn.Linear(256, 17)
        kind = rt.LSTM if uses_lengths else nn.LSTM
        self.rnn, self.uses_lengths = kind(64, 128, bidirectional=True), uses_lengths

    def forward(self, words: Tensor, labels: Tensor, lengths: Tensor) -> Tensor:
        """The loss of the labels."""
        x = self.embedding(words)
        if self.uses_lengths:
            real = torch.arange(words.shape[0])[:, None] < lengths
            return cross_entropy(self.head(self.rnn(x, lengths=lengths)[0][real]), labels[real])
        packed = pack_padded_sequence(x, lengths, enforce_sorted=False)
        wanted = pack_padded_sequence(labels[..., None], lengths, enforce_sorted=False)
        return cross_entropy(self.head(self.rnn(packed)[0].data), wanted.data[:, 0])


class Translator(nn.Module):
    """An encoder of two directions, and a decoder that begins with its last states."""

    def __init__(self) -> None:
        super().__init__()
        self.source, self.target = nn.Embedding(1_000, 128), nn.Embedding(1_000, 128)
        self.encoder, self.decoder = nn.GRU(128, 256, bidirectional=True), nn.GRU(128, 512)
        self.head = nn.Linear(512, 1_000)

    def forward(self, source: Tensor, target: Tensor) -> Tensor:
        """The loss of the words of the target."""
        _, h = self.encoder(self.source(source))
        y, _ = self.decoder(self.target(target[:-1]), torch.cat([h[0], h[1]], 1)[None])
        return cross_entropy(self.head(y).flatten(0, 1), target[1:].flatten())


def training(model: nn.Module, batches: Sequence[tuple[Tensor, ...]]) -> Step:
    """A step with the next batch."""
    optimizer = torch.optim.Adam(model.parameters(), 1e-3)
    order: Iterator[tuple[Tensor, ...]] = itertools.cycle(batches)

    def step() -> None:
        optimizer.zero_grad()
        model(*next(order)).backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()

    return step


def loops() -> Iterator[Problem]:
    """Whole trainings."""
    text = np.frombuffer((ROOT / "Examples/Data/tinyshakespeare.txt").read_bytes(), np.uint8).clip(0, 127)
    rows = torch.from_numpy(text[: 32 * (len(text) // 32)].astype(np.int64)).view(32, -1).T
    pieces = [(rows[start : start + 65],) for start in range(0, 64 * 50, 64)]
    model = CharacterModel()
    yield Problem(
        "character model, LSTM 2 x 256, T 64, B 32",
        training(model, pieces), training(rt.accelerate(copy.deepcopy(model)), pieces), 1.3,
    )  # fmt: skip
    sentences = []
    for _ in range(20):
        lengths = torch.randint(3, 60, (32,))
        shape = (int(lengths.max()), 32)
        sentences.append((torch.randint(2_000, shape), torch.randint(17, shape), lengths))
    tagger = Tagger(False)
    yield Problem(
        "tagger, LSTM 128 both ways, lengths 3 to 59: PackedSequence against lengths",
        training(tagger, sentences), training(Tagger(True), sentences), 3,
    )  # fmt: skip
    yield Problem(
        "the same, PackedSequence both times",
        training(copy.deepcopy(tagger), sentences), training(rt.accelerate(copy.deepcopy(tagger)), sentences), 0.95,
    )  # fmt: skip
    pairs = [(torch.randint(1_000, (30, 32)), torch.randint(1_000, (31, 32))) for _ in range(10)]
    translator = Translator()
    yield Problem(
        "translator, GRU 256 both ways and 512, T 30, B 32",
        training(translator, pairs), training(rt.accelerate(copy.deepcopy(translator)), pairs), 1.3,
    )  # fmt: skip


def layers() -> Iterator[Problem]:
    """Layers alone, in training and in inference."""
    for kind in (nn.LSTM, nn.GRU, nn.RNN):
        for steps, rows, inputs, hidden in ((100, 32, 128, 128), (35, 20, 192, 192), (50, 64, 512, 512), (100, 1, 32, 64)):
            own = kind(inputs, hidden)
            fast = rt.accelerate(copy.deepcopy(own))
            x = torch.randn(steps, rows, inputs)

            def train(module: nn.Module, x: Tensor = x) -> Step:
                return lambda: module(x)[0].sum().backward()

            def infer(module: nn.Module, x: Tensor = x) -> Step:
                def body() -> None:
                    with torch.inference_mode():
                        module(x)

                return body

            name = f"{kind.__name__} T {steps} B {rows} I {inputs} H {hidden}"
            yield Problem(name + ", training", train(own), train(fast), 0.95)
            yield Problem(name, infer(own), infer(fast), 0.95)


class LoopLSTM(nn.Module):
    """The loop that people write for an LSTM that nn.LSTM is not."""

    def __init__(self, inputs: int, hidden: int, norm: bool, peepholes: bool, zoneout: float) -> None:
        super().__init__()
        self.x, self.h = nn.Linear(inputs, 4 * hidden), nn.Linear(hidden, 4 * hidden)
        self.x_norm, self.h_norm, self.c_norm = (
            nn.LayerNorm(size) if norm else nn.Identity() for size in (4 * hidden, 4 * hidden, hidden)
        )
        self.peep = nn.Parameter(torch.zeros(3, hidden)) if peepholes else None
        self.hidden, self.zoneout = hidden, zoneout

    def forward(self, x: Tensor) -> tuple[Tensor]:
        """The outputs."""
        h = c = x.new_zeros(x.shape[1], self.hidden)
        outputs = []
        for step in x:
            i, f, g, o = (self.x_norm(self.x(step)) + self.h_norm(self.h(h))).chunk(4, 1)
            if self.peep is not None:
                i, f = i + self.peep[0] * c, f + self.peep[1] * c
            new_c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
            if self.peep is not None:
                o = o + self.peep[2] * new_c
            new_h = torch.sigmoid(o) * torch.tanh(self.c_norm(new_c))
            if self.zoneout > 0:
                new_h = torch.where(torch.rand_like(h) < self.zoneout, h, new_h)
                new_c = torch.where(torch.rand_like(c) < self.zoneout, c, new_c)
            h, c = new_h, new_c
            outputs.append(h)
        return (torch.stack(outputs),)


def variants() -> Iterator[Problem]:
    """Cells that PyTorch does not have, forward and backward, against loops."""
    x = torch.randn(100, 32, 64)
    for name, norm, peepholes, zoneout in (
        ("layer norm", True, False, 0.0), ("zoneout", False, False, 0.1), ("peepholes", False, True, 0.0),
        ("layer norm, zoneout, peepholes", True, True, 0.1),
    ):  # fmt: skip
        loop = LoopLSTM(64, 128, norm, peepholes, zoneout)
        own = rt.LSTM(64, 128, layer_norm=norm, peepholes=peepholes, zoneout=zoneout, zoneout_cell=zoneout)
        yield Problem(
            f"LSTM with {name} against a loop, T 100 B 32 I 64 H 128, training",
            lambda loop=loop: loop(x)[0].sum().backward(), lambda own=own: own(x)[0].sum().backward(), 20,
        )  # fmt: skip


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


def main() -> None:
    """Prints a table in Markdown."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=3)
    parser.add_argument("--only", default="", help="problems with this in their name")
    parser.add_argument("--threads", type=int, help="of PyTorch, and hence ours")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    if options.threads:
        torch.set_num_threads(options.threads)
    torch.manual_seed(1)
    head = {
        "torch": torch.__version__,
        "recurrent": recurrent.__version__,
        "threads": torch.get_num_threads(),
        "machine": platform.machine(),
        "seconds": options.seconds,
    }
    results = []
    print(f"PyTorch {head['torch']}, {head['threads']} threads, recurrent {head['recurrent']}\n")
    print("| problem | PyTorch, ms | recurrent, ms | times | goal |\n|---|--:|--:|--:|--:|")
    for problem in itertools.chain(loops(), variants(), layers()):
        if options.only in problem.name:
            own, fast, ratio = pairs(problem.torch, problem.own, options.seconds)
            results.append(
                {"problem": problem.name, "torch": own, "recurrent": fast, "ratio": ratio, "goal": problem.goal}
            )
            print(f"| {problem.name} | {own:.2f} | {fast:.2f} | {ratio:.2f} | {problem.goal} |", flush=True)
    if options.only in "step of a session":
        push, call = overhead()
        results.append({"problem": "step of a session, H = 64, one row", "python": push, "c": call, "goal": 3})
        above = "" if call is None else f", {call:.2f} us in C: {push - call:.2f} us above it (goal: 3)"
        print(f"\nA step of a session, H = 64, one row: {push:.2f} us in Python{above}.")
    if options.json:
        options.json.write_text(json.dumps(head | {"results": results}, indent=1) + "\n")


if __name__ == "__main__":
    main()
