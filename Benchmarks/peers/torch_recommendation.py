"""Trains the recommender of `recurrent train recommendation` in PyTorch and prints a line of JSON with its events a second.

    python torch_recommendation.py events.csv --items 20000 --loss sampled-softmax

`--make` writes made-up sessions of so many items to the file first. The network is the same: item vectors of 128 that are also the weight of the
scores, a bias, one GRU of 128, dropout 0.3 and 0.2, windows of 16 steps of the rows with the state carried, Adagrad, gradients clipped
to 1; the loss is a softmax over all items or over the targets and 2,048 items that are drawn by the root of their counts, with the
correction of their logarithms. Gradients of the item vectors are kept as rows where that is faster (`--sparse`). The GRU of PyTorch knows no resets
inside rows: its cell takes the steps one by one, with the state of a row set to zero where a session begins. With `--no-resets` the GRU takes whole
windows and sessions run into one another, which is another model and less work than ours does. Seconds are those of the processor
(`process_time`): with one thread they are those of the clock on a machine without other work.
"""
import argparse
import csv
import json
import statistics
import time

import torch
from torch import nn
from torch.nn import functional


def make(path, items, sessions):
    generator = torch.Generator().manual_seed(1)
    weights = 1 / torch.arange(1, items + 1, dtype=torch.float64)
    lengths = torch.randint(2, 12, (sessions,), generator=generator)
    draws = torch.multinomial(weights, int(lengths.sum()), replacement=True, generator=generator).tolist()
    with open(path, "w") as file:
        file.write("session,item,time\n")
        # every item once, so that all are known
        for item in range(items):
            file.write(f"all{item // 10},{item},{item}\n")
        place = 0
        for session, length in enumerate(lengths.tolist()):
            for event in range(length):
                file.write(f"s{session},{draws[place]},{items + 100 * session + event}\n")
                place += 1


def rows(path, batch):
    """Inputs and targets [T, B], zeros where a session begins, and how often each item occurs."""
    sessions = {}
    with open(path) as file:
        for row in csv.DictReader(file):
            sessions.setdefault(row["session"], []).append(int(row["item"]))
    streams = [[] for _ in range(batch)]
    for items in sessions.values():
        stream = min(streams, key=len)
        stream.extend((item, target, place == 0) for place, (item, target) in enumerate(zip(items, items[1:])))
    length = min(len(stream) for stream in streams)
    pairs = torch.tensor([stream[:length] for stream in streams]).permute(2, 1, 0)
    counts = torch.bincount(torch.tensor([item for items in sessions.values() for item in items]))
    return pairs[0].contiguous(), pairs[1].contiguous(), 1.0 - pairs[2].float(), counts


class Recommender(nn.Module):
    def __init__(self, items, size, sparse, resets):
        super().__init__()
        self.embedding = nn.Embedding(items, size, sparse=sparse)
        nn.init.uniform_(self.embedding.weight, -0.1, 0.1)
        self.bias = nn.Embedding(items, 1, sparse=sparse)
        nn.init.zeros_(self.bias.weight)
        self.recurrent = nn.GRUCell(size, size) if resets else nn.GRU(size, size)

    def forward(self, items, keeps, state):
        vectors = functional.dropout(self.embedding(items), 0.3, self.training)
        if isinstance(self.recurrent, nn.GRU):
            outputs, state = self.recurrent(vectors, state)
        else:
            outputs = []
            state = vectors.new_zeros(vectors.shape[1:]) if state is None else state
            for vector, keep in zip(vectors, keeps):
                state = self.recurrent(vector, state * keep[:, None])
                outputs.append(state)
            outputs = torch.stack(outputs)
        return functional.dropout(outputs, 0.2, self.training).flatten(0, 1), state.detach()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("path")
    parser.add_argument("--make", action="store_true")
    parser.add_argument("--items", type=int, default=20_000)
    parser.add_argument("--sessions", type=int, default=40_000)
    parser.add_argument("--loss", choices=["cross-entropy", "sampled-softmax"], default="sampled-softmax")
    parser.add_argument("--batch-size", type=int, default=64)
    parser.add_argument("--bptt", type=int, default=16)
    parser.add_argument("--negatives", type=int, default=2048)
    parser.add_argument("--steps", type=int, default=60)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--sparse", action="store_true")
    parser.add_argument("--no-resets", action="store_true")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.manual_seed(1)
    if options.make:
        return make(options.path, options.items, options.sessions)
    inputs, targets, keeps, counts = rows(options.path, options.batch_size)
    items = len(counts)
    model = Recommender(items, 128, options.sparse and options.loss == "sampled-softmax", not options.no_resets)
    tables = [model.embedding.weight, model.bias.weight]
    optimizer = torch.optim.Adagrad(model.parameters(), lr=0.1, eps=1e-10)
    shares = counts / counts.sum()
    draw = shares.sqrt() / shares.sqrt().sum()
    sums = draw.cumsum(0)
    state, times = None, []
    for step in range(options.steps):
        begin = time.process_time()
        start = step * options.bptt % (len(inputs) - options.bptt)
        labels = targets[start : start + options.bptt].flatten()
        window = slice(start, start + options.bptt)
        hidden, state = model(inputs[window], keeps[window], state)
        if options.loss == "cross-entropy":
            loss = functional.cross_entropy(hidden @ tables[0].T + tables[1][:, 0], labels)
        else:
            drawn = torch.searchsorted(sums, torch.rand(options.negatives)).clamp(max=items - 1)
            classes, places = torch.unique(torch.cat([labels, drawn]), return_inverse=True)
            others = (len(labels) - 1) * torch.log1p(-shares[classes]) + options.negatives * torch.log1p(-draw[classes])
            correction = torch.log(-torch.expm1(others))
            logits = hidden @ model.embedding(classes).T + model.bias(classes)[:, 0] - correction
            loss = functional.cross_entropy(logits, places[: len(labels)])
        optimizer.zero_grad()
        loss.backward()
        if not options.sparse:
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        times.append(time.process_time() - begin)
    rate = options.bptt * options.batch_size / statistics.median(times[5:])
    print(json.dumps({
        "eventsPerSecond": rate, "items": items, "loss": options.loss, "sparse": options.sparse,
        "resets": not options.no_resets, "threads": options.threads, "torch": torch.__version__, "lastLoss": loss.item(),
    }))


if __name__ == "__main__":
    main()
