"""What `recurrent train translation` trains by default, in PyTorch: the mode `translation` of torch_tasks.py, and the network that
torch_beam.py searches with.
"""
import json
import re
from pathlib import Path

import torch
from torch import nn

from torch_training import clipped


class Translator(nn.Module):
    """A bidirectional layer of GRUs reads; a GRU, additive attention and a GRU write; one table of vectors."""

    def __init__(self, tokens, width=192, hidden=160):
        super().__init__()
        size = 2 * hidden
        self.table = nn.Parameter(torch.randn(tokens, width) / width**0.5)
        self.bias = nn.Parameter(torch.zeros(tokens))
        self.encoder = nn.GRU(width, hidden, bidirectional=True)
        self.bridge, self.keys = nn.Linear(size, size), nn.Linear(size, size)
        self.query, self.energy = nn.Linear(size, size, bias=False), nn.Linear(size, 1, bias=False)
        self.first, self.second = nn.GRUCell(width, size), nn.GRUCell(size, size)
        self.readout = nn.Linear(2 * size + width, width)
        self.noise, self.output_noise = nn.Dropout(0.2), nn.Dropout(0.4)

    def vectors(self, tokens):
        return nn.functional.embedding(tokens, self.table) * self.table.shape[1] ** 0.5

    def read(self, sources, lengths):  # [S, B], [B]
        """What is looked at, its keys, which of it is no padding, and the first state."""
        x = self.vectors(sources)
        if self.training:
            x = x * (torch.rand(x.shape[0], x.shape[1], 1) >= 0.1) / 0.9
        packed = nn.utils.rnn.pack_padded_sequence(self.noise(x), lengths, enforce_sorted=False)
        memory = self.noise(nn.utils.rnn.pad_packed_sequence(self.encoder(packed)[0])[0])
        real = (torch.arange(len(memory))[:, None] < lengths).unsqueeze(-1)
        return memory, self.keys(memory), real, torch.tanh(self.bridge((memory * real).sum(0) / lengths[:, None]))

    def step(self, y, state, memory, keys, real):
        between = self.first(y, state)
        energies = self.energy(torch.tanh(keys + self.query(between)))
        weights = torch.softmax(energies.masked_fill(~real, float("-inf")), 0)
        context = (weights * memory).sum(0)
        state = self.second(context, between)
        return state, torch.cat([state, context, y], 1)

    def scores(self, written):
        return nn.functional.linear(self.output_noise(torch.tanh(self.readout(written))), self.table, self.bias)

    def forward(self, sources, lengths, inputs):  # [S, B], [B], [T, B]
        memory, keys, real, state = self.read(sources, lengths)
        y, written = self.noise(self.vectors(inputs)), []
        for step in y:
            state, own = self.step(step, state, memory, keys, real)
            written.append(own)
        return self.scores(torch.stack(written))


def pieces(text, merges):
    """The pieces of a text, by the merges of a bundle."""
    tokens = []
    for part in re.findall(r" ?[^\W\d_]+| ?\d+| ?(?:[^\w\s]|_)+", " " + " ".join(text.split())):
        own = list(part.encode())
        while True:
            found = min((merges.get(pair, 1 << 30) for pair in zip(own, own[1:])), default=1 << 30)
            if found == 1 << 30:
                break
            place = next(i for i, pair in enumerate(zip(own, own[1:])) if merges.get(pair) == found)
            own[place : place + 2] = [found]
        tokens += own
    return tokens


def translation(arguments):
    with open(Path(arguments.bundle) / "task.json") as file:
        units = json.load(file)["description"]["task"]["units"]
    merges = {tuple(pair): 256 + number for number, pair in enumerate(units["vocabulary"]["merges"])}
    end = 256 + len(merges)
    sides = [[pieces(line, merges) for line in open(path)] for path in (arguments.path, arguments.target)]
    pairs = [(source, target + [end]) for source, target in zip(*sides)]
    model = Translator(end + 1)
    if arguments.compile:
        # the step alone: the whole network is compiled anew for each number of steps
        model.step = torch.compile(model.step, dynamic=True)
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    average = [p.detach().clone() for p in model.parameters()]
    generator = torch.Generator().manual_seed(1)

    def cost(index):
        return max(len(pairs[index][0]) + 1, len(pairs[index][1]))

    def batches():
        """Pairs of similar lengths, of 1,250 tokens at most with their padding; in random order."""
        order = sorted(torch.randperm(len(pairs), generator=generator).tolist(), key=cost)
        found, own = [], []
        for index in order:
            if own and (len(own) + 1) * cost(index) > 1250:
                found.append(own)
                own = []
            own.append(index)
        found.append(own)
        return [found[i] for i in torch.randperm(len(found), generator=generator)]

    def epoch():
        model.train()
        total, count = 0.0, 0
        for batch in batches():
            sources = [torch.tensor(pairs[i][0]) for i in batch]
            targets = [torch.tensor(pairs[i][1]) for i in batch]
            inputs = [torch.tensor([end] + pairs[i][1][:-1]) for i in batch]
            labels = nn.utils.rnn.pad_sequence(targets, padding_value=-100)
            scores = model(
                nn.utils.rnn.pad_sequence(sources), torch.tensor([len(x) for x in sources]),
                nn.utils.rnn.pad_sequence(inputs),
            )
            loss = nn.functional.cross_entropy(scores.flatten(0, 1), labels.flatten(), label_smoothing=0.1)
            optimizer.zero_grad()
            loss.backward()
            clipped(model.parameters())
            optimizer.step()
            torch._foreach_lerp_(average, [p.detach() for p in model.parameters()], 0.005)
            own = sum(len(x) for x in targets)
            total, count = total + float(loss.detach()) * own, count + own
        return total / count

    return epoch, sum(p.numel() for p in model.parameters()), len(pairs)
