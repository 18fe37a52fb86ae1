"""Trains in PyTorch what `recurrent train classification`, `recurrent train forecasting`, `recurrent train transcription --unit word`,
`recurrent train translation`, `recurrent train sketch` and `recurrent train music --representation roll` train by default on MNIST's
rows, on ETTh1, on recordings of 16 bits, on lines of two languages, on drawings and on chorales, and prints a line of JSON with the
seconds of each epoch.

    python torch_tasks.py rows train10k-images-idx3-ubyte.gz
    python torch_tasks.py forecast ETTh1.csv --horizon 96
    python torch_tasks.py transcription transcripts.tsv
    python torch_tasks.py translation train.en --target train.de --bundle en-de.bundle
    python torch_tasks.py sketch train.ndjson --generate 320
    python torch_tasks.py roll jsb-chorales.json --generate 1000

The networks, sizes of batches, optimisers, variations and losses are the same; the data are tensors before the clock starts.
"""
import argparse
import csv
import gzip
import json
import time
import wave
from pathlib import Path

import numpy
import torch
from torch import nn

from torch_creative import roll, sketch
from torch_training import clipped
from torch_translation import translation


class Rows(nn.Module):
    """Two convolutions with layer norm, a bidirectional GRU, mean and maximum of its outputs, mean of its inputs."""

    def __init__(self):
        super().__init__()
        self.first, self.second = nn.Conv1d(28, 64, 3, padding=1), nn.Conv1d(64, 64, 3, padding=1)
        self.norms = nn.ModuleList([nn.LayerNorm(64), nn.LayerNorm(64)])
        self.recurrent = nn.GRU(64, 96, bidirectional=True)
        self.head = nn.Linear(2 * 192 + 64, 10)
        self.dropout = nn.Dropout(0.3)

    def forward(self, x):  # [B, T, F]
        for convolution, norm in zip((self.first, self.second), self.norms):
            x = torch.relu(norm(convolution(x.transpose(1, 2)).transpose(1, 2)))
        x = x.transpose(0, 1)
        y, _ = self.recurrent(x)
        pooled = torch.cat([y.mean(0), y.amax(0), x.mean(0)], 1)
        return self.head(self.dropout(pooled))


def pictures(path):
    images = numpy.frombuffer(gzip.open(path).read(), numpy.uint8, offset=16).reshape(-1, 28, 28)
    labels = path.replace("images-idx3", "labels-idx1")
    labels = numpy.frombuffer(gzip.open(labels).read(), numpy.uint8, offset=8)
    values = images.reshape(-1, 28).astype(numpy.float32) / 255
    values = (values - values.mean(0)) / numpy.maximum(values.std(0), 1e-6)
    return torch.tensor(values.reshape(-1, 28, 28)), torch.tensor(labels.astype(numpy.int64))


def rows(arguments):
    values, labels = pictures(arguments.path)
    count = 8999  # what is left for training when every tenth chooses
    training, validation = torch.arange(count), torch.arange(count, len(values))
    model = Rows()
    optimizer = torch.optim.AdamW(model.parameters(), lr=2e-3, weight_decay=1e-2)
    average = [p.detach().clone() for p in model.parameters()]
    generator = torch.Generator().manual_seed(1)

    def epoch():
        model.train()
        for batch in training[torch.randperm(count, generator=generator)].split(50):
            x = values[batch]
            x = torch.roll(x, int(torch.randint(-2, 3, ())), 2)
            x = x * (1 + 0.1 * (2 * torch.rand(len(x), 1, 1) - 1)) + 0.05 * torch.randn(x.shape)
            loss = nn.functional.cross_entropy(model(x), labels[batch])
            optimizer.zero_grad()
            loss.backward()
            clipped(model.parameters())
            optimizer.step()
            torch._foreach_lerp_(average, [p.detach() for p in model.parameters()], 0.01)
        model.eval()
        with torch.no_grad():
            losses = [
                nn.functional.cross_entropy(model(values[b]), labels[b], reduction="sum") for b in validation.split(200)
            ]
        return float(sum(losses)) / len(validation)

    return epoch, sum(p.numel() for p in model.parameters()), count


LEVELS = torch.tensor([0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.975, 0.99])


class Segments(nn.Module):
    """SegRNN with quantiles, and a linear map beside it."""

    def __init__(self, look_back, segment, horizon, targets, covariates, width=128):
        super().__init__()
        self.sizes = (look_back, segment, horizon, -(-horizon // segment))
        self.embedding = nn.Linear(segment, width)
        self.recurrent = nn.GRU(width, width)
        self.position = nn.Embedding(self.sizes[3], width // 2)
        self.target = nn.Embedding(targets, width // 2)
        self.covariates = nn.Linear(segment * covariates, width)
        self.head = nn.Linear(width, segment * len(LEVELS))
        self.highway = nn.Linear(look_back, horizon, bias=False)
        self.dropout = nn.Dropout(0.5)

    def forward(self, x, known, targets):  # [R, L], [B, H', F], R = B * C
        look_back, segment, horizon, count = self.sizes
        rows = len(x)
        encoded = torch.relu(self.embedding(x.view(rows, -1, segment).transpose(0, 1)))
        _, state = self.recurrent(encoded)
        places = torch.cat(
            [
                self.position.weight.repeat(rows, 1),
                self.target(targets).repeat_interleave(count, 0),
            ],
            1,
        )
        ahead = self.covariates(known.reshape(len(known) * count, -1)).view(len(known), 1, count, -1)
        ahead = ahead.expand(-1, rows // len(known), -1, -1).reshape(rows * count, -1)
        outputs, _ = self.recurrent((places + ahead)[None], state.repeat_interleave(count, 1))
        numbers = self.head(self.dropout(outputs[0])).view(rows, count * segment, -1)[:, :horizon]
        distance = 0.3 * self.highway(x)[:, :, None] - numbers[:, :, 5:6]
        share = (torch.rand(rows, 1, 1) < 0.5).float() if self.training else 0.5
        return numbers + distance * share


def forecast(arguments):
    with open(arguments.path) as file:
        table = list(csv.reader(file))[1:]
    values = torch.tensor([[float(v) for v in row[1:]] for row in table])
    values = (values - values[:8640].mean(0)) / values[:8640].std(0)
    hours = torch.arange(len(values))
    angles = torch.stack([hours * 2 * torch.pi * turns / 168 for turns in (1, 2, 7, 14)], 1)
    known = torch.cat([angles.sin(), angles.cos()], 1)
    look_back, segment, horizon, targets = 720, 48, arguments.horizon, values.shape[1]
    ahead = -(-horizon // segment) * segment
    model = Segments(look_back, segment, horizon, targets, known.shape[1])
    optimizer = torch.optim.AdamW(model.parameters(), lr=3e-3, weight_decay=1e-2)
    generator = torch.Generator().manual_seed(1)

    def loss(origins):
        x = values.unfold(0, look_back, 1)[origins - look_back].reshape(-1, look_back)  # [B * C, L]
        last = x[:, -1:]
        y = values.unfold(0, horizon, 1)[origins].reshape(-1, horizon) - last
        covariates = known.unfold(0, ahead, 1)[origins].transpose(1, 2)
        p = model(x - last, covariates, torch.arange(targets).repeat(len(origins)))
        difference = y[:, :, None] - p
        return (difference.abs() / 2 + difference * (LEVELS - 0.5)).mean()

    validation = torch.linspace(8640, 11520 - horizon, 600).long()

    def epoch():
        model.train()
        for origins in (look_back + torch.randperm(8640 - horizon - look_back, generator=generator))[:4000].split(64):
            value = loss(origins)
            optimizer.zero_grad()
            value.backward()
            clipped(model.parameters())
            optimizer.step()
        model.eval()
        with torch.no_grad():
            return float(torch.stack([loss(origins) for origins in validation.split(64)]).mean())

    return epoch, sum(p.numel() for p in model.parameters()), 4000


class Frames(nn.Module):
    """A convolution with layer norm that makes one frame of two, two bidirectional GRUs, and the units with the blank first."""

    def __init__(self, bands, units, width=128):
        super().__init__()
        self.convolution = nn.Conv1d(bands, width, 5, stride=2, padding=2)
        self.norm = nn.LayerNorm(width)
        self.recurrent = nn.GRU(width, width, num_layers=2, bidirectional=True, dropout=0.3)
        self.head = nn.Linear(2 * width, units + 1)
        self.dropout = nn.Dropout(0.3)

    def forward(self, x, lengths):  # [B, T, F]
        x = torch.relu(self.norm(self.convolution(x.transpose(1, 2)).transpose(1, 2)))
        lengths = (lengths + 1) // 2
        packed = nn.utils.rnn.pack_padded_sequence(self.dropout(x), lengths, batch_first=True, enforce_sorted=False)
        outputs, _ = nn.utils.rnn.pad_packed_sequence(self.recurrent(packed)[0])
        return self.head(self.dropout(outputs)), lengths  # [T', B, V]


def spectrum(path, bands=40):
    with wave.open(str(path)) as file:
        rate = file.getframerate()
        samples = numpy.frombuffer(file.readframes(file.getnframes()), numpy.int16).astype(numpy.float32) / 32768
    size, hop = rate // 40, rate // 100
    power = torch.stft(torch.tensor(samples), 512, hop, size, torch.hann_window(size), return_complex=True).abs() ** 2
    mel = numpy.linspace(0, 2595 * numpy.log10(1 + rate / 2 / 700), bands + 2)
    edges = torch.tensor(700 * (10 ** (mel / 2595) - 1), dtype=torch.float32)[:, None]
    bins = torch.linspace(0, rate / 2, len(power))
    rising, falling = (bins - edges[:-2]) / (edges[1:-1] - edges[:-2]), (edges[2:] - bins) / (edges[2:] - edges[1:-1])
    return (torch.minimum(rising, falling).clamp(min=0) @ power + 1e-6).log().T


def transcription(arguments):
    with open(arguments.path) as file:
        table = list(csv.DictReader(file, delimiter="\t"))
    table = [row for row in table if row["split"] == "train"]
    frames = [spectrum(Path(arguments.path).parent / row["file"]) for row in table]
    whole = torch.cat(frames)
    frames = [(x - whole.mean(0)) / whole.std(0) for x in frames]
    words = sorted({word for row in table for word in row["text"].split()})
    targets = [torch.tensor([1 + words.index(word) for word in row["text"].split()]) for row in table]
    model = Frames(frames[0].shape[1], len(words))
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    average = [p.detach().clone() for p in model.parameters()]
    generator = torch.Generator().manual_seed(1)

    def varied(x):
        length = max(1, int(len(x) * (0.9 + 0.2 * float(torch.rand(())))))
        x = nn.functional.interpolate(x.T[None], length, mode="linear")[0].T
        x = x + 0.05 * torch.randn(x.shape)
        for _ in range(2):
            size = int(torch.randint(0, length // 10 + 1, ()))
            start = int(torch.randint(0, length - size + 1, ()))
            x[start : start + size] = 0
        size = int(torch.randint(0, 9, ()))
        start = int(torch.randint(0, x.shape[1] - size + 1, ()))
        x[:, start : start + size] = 0
        return x

    def epoch():
        model.train()
        total = 0.0
        for batch in torch.randperm(len(frames), generator=generator).split(16):
            rows = [varied(frames[i]) for i in batch]
            lengths = torch.tensor([len(x) for x in rows])
            logits, lengths = model(nn.utils.rnn.pad_sequence(rows, batch_first=True), lengths)
            own = [targets[i] for i in batch]
            loss = nn.functional.ctc_loss(
                logits.log_softmax(2), torch.cat(own), lengths, torch.tensor([len(t) for t in own]), reduction="sum"
            ) / len(batch)
            optimizer.zero_grad()
            loss.backward()
            clipped(model.parameters())
            optimizer.step()
            torch._foreach_lerp_(average, [p.detach() for p in model.parameters()], 0.01)
            total += float(loss.detach()) * len(batch)
        return total / len(frames)

    return epoch, sum(p.numel() for p in model.parameters()), len(frames)


def main():
    tasks = {"rows": rows, "forecast": forecast, "transcription": transcription, "translation": translation}
    tasks |= {"sketch": sketch, "roll": roll}
    parser = argparse.ArgumentParser()
    parser.add_argument("task", choices=list(tasks))
    parser.add_argument("path")
    parser.add_argument("--target", help="the file with the translations")
    parser.add_argument("--bundle", help="whose pieces are taken")
    parser.add_argument("--compile", action="store_true", help="with torch.compile of the step that writes (translation)")
    parser.add_argument("--horizon", type=int, default=96)
    parser.add_argument("--steps", type=int, help="the steps of an epoch, of its batches the first (sketch)")
    parser.add_argument("--key-hidden", type=int, default=0, help="units that each key has by itself (roll)")
    parser.add_argument("--generate", type=int, help="drawings, or steps of music, to write behind the training (sketch, roll)")
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--threads", type=int, default=2)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    torch.manual_seed(1)
    epoch, parameters, examples, *generate = tasks[arguments.task](arguments)
    seconds, losses = [], []
    for _ in range(arguments.epochs):
        start = time.perf_counter()
        losses.append(epoch())
        seconds.append(time.perf_counter() - start)
    result = {"torch": torch.__version__, "parameters": parameters, "examples": examples, "seconds": seconds, "losses": losses}
    if arguments.generate and generate:
        result["generation"] = dict(zip(("seconds", "steps"), generate[0](arguments.generate)))
    print(json.dumps(result))


if __name__ == "__main__":
    main()
