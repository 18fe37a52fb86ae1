"""What `recurrent train sketch` and `recurrent train music --representation roll` train by default, in PyTorch, and how it draws and
writes: the modes `sketch` and `roll` of torch_tasks.py.

A layer-normalised LSTM is no operation of PyTorch: its loop over the steps is compiled by TorchScript, with the product of all inputs
outside of it. Batches are cut from examples that are sorted by length with a little noise, as Recurrent's are.
"""
import json
import math
import time

import torch
from torch import nn
from torch.nn import functional

from torch_training import clipped


def batches(lengths, size, generator):
    """Examples of similar lengths beside each other, in another order in each epoch."""
    noise = torch.rand(len(lengths), generator=generator)
    spans = torch.tensor(lengths, dtype=torch.float) * (1 + 0.1 * (2 * noise - 1)) + noise
    own = spans.argsort().split(size)
    return [own[i].tolist() for i in torch.randperm(len(own), generator=generator)]


class Cosine:
    """The learning rate, and the running average of the weights."""

    def __init__(self, model, optimizer, rate, steps, decay):
        self.optimizer, self.rate, self.steps, self.decay, self.step = optimizer, rate, steps, decay, 0
        self.parameters = list(model.parameters())
        self.average = [p.detach().clone() for p in self.parameters]

    def take(self, loss):
        factor = min(1, (self.step + 1) / 50) * (0.02 + 0.49 * (1 + math.cos(math.pi * self.step / self.steps)))
        for group in self.optimizer.param_groups:
            group["lr"] = self.rate * factor
        self.optimizer.zero_grad()
        loss.backward()
        clipped(self.parameters)
        self.optimizer.step()
        torch._foreach_lerp_(self.average, [p.detach() for p in self.parameters], 1 - self.decay)
        self.step += 1


class NormalizedLSTM(nn.Module):
    """s = a_ih * N(W_ih x) + a_hh * N(W_hh h) + b,  h' = o * tanh(a_c * N(c') + b_c)."""

    def __init__(self, size, hidden):
        super().__init__()
        self.input = nn.Linear(size, 4 * hidden, bias=False)
        self.weight = nn.Parameter(torch.empty(4 * hidden, hidden))
        for part in self.weight.data.chunk(4):
            nn.init.orthogonal_(part)
        self.input_norm = nn.LayerNorm(4 * hidden)
        self.scale = nn.Parameter(torch.ones(4 * hidden))
        self.cell_scale, self.cell_bias = nn.Parameter(torch.ones(hidden)), nn.Parameter(torch.zeros(hidden))

    def forward(self, x, h, c):  # [T, B, I], [B, H], [B, H]
        return run(
            self.input_norm(self.input(x)), h, c, self.weight.t(), self.scale, self.cell_scale, self.cell_bias
        )


@torch.jit.script
def run(x, h, c, weight, scale, cell_scale, cell_bias):
    outputs = []
    for step in x.unbind(0):
        s = step + functional.layer_norm(h @ weight, [weight.shape[1]], scale)
        i, f, g, o = s.chunk(4, 1)
        c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
        h = torch.sigmoid(o) * torch.tanh(functional.layer_norm(c, [c.shape[1]], cell_scale, cell_bias))
        outputs.append(h)
    return torch.stack(outputs), h, c


class Sketcher(nn.Module):
    """What the pen has done to the numbers of a mixture and of the pen."""

    def __init__(self, hidden=256, mixtures=20):
        super().__init__()
        self.hidden, self.mixtures = hidden, mixtures
        self.recurrent = NormalizedLSTM(5, hidden)
        self.output = nn.Linear(hidden, 6 * mixtures + 3)
        self.dropout = nn.Dropout(0.1)

    def forward(self, x):  # [T, B, 5]
        zeros = x.new_zeros(x.shape[1], self.hidden)
        outputs, _, _ = self.recurrent(x, zeros, zeros)
        return self.output(self.dropout(outputs))

    def point_loss(self, numbers, targets, least):  # [N, 6K], [N, 2]
        w, mx, my, sx, sy, q = numbers.chunk(6, 1)
        sx, sy, r = functional.softplus(sx) + least, functional.softplus(sy) + least, 0.999 * torch.tanh(q)
        a, b = (targets[:, :1] - mx) / sx, (targets[:, 1:] - my) / sy
        rest = (1 - r) * (1 + r)
        logs = w.log_softmax(1) - (sx * sy).log() - (rest.log() + a**2 + (b - r * a) ** 2 / rest) / 2
        return math.log(2 * math.pi) - logs.logsumexp(1)

    @torch.no_grad()
    def draw(self, count, temperature=0.7, limit=176):
        """Points until all drawings have ended."""
        h, c = torch.zeros(2, count, self.hidden).unbind(0)
        x = torch.tensor([0.0, 0, 1, 0, 0]).repeat(count, 1)
        ended, points = torch.zeros(count, dtype=torch.bool), 0
        for step in range(limit):
            outputs, h, c = self.recurrent(x[None], h, c)
            numbers = self.output(outputs[0])
            w, mx, my, sx, sy, q = numbers[:, : 6 * self.mixtures].chunk(6, 1)
            chosen = torch.multinomial((w / temperature).softmax(1), 1)
            mx, my, sx, sy, q = (v.gather(1, chosen)[:, 0] for v in (mx, my, sx, sy, q))
            sx, sy, r = (functional.softplus(sx), functional.softplus(sy), 0.999 * torch.tanh(q))
            u, v = torch.randn(2, count) * temperature**0.5
            pen = torch.multinomial((numbers[:, 6 * self.mixtures :] / temperature).softmax(1), 1)[:, 0]
            ended |= pen == 2 if step else False
            points += int((~ended).sum())
            if ended.all():
                break
            x = torch.cat(
                [torch.stack([mx + sx * u, my + sy * (r * u + (1 - r * r).sqrt() * v)], 1), functional.one_hot(pen, 3)], 1
            )
        return points


def drawings(path):
    """Offsets and what the pen does of each drawing, `[N, 5]`, and the scale of the offsets."""
    found = []
    for line in open(path):
        rows, last = [], None
        for xs, ys in json.loads(line)["drawing"]:
            for place, point in enumerate(zip(xs, ys)):
                last = last or point
                lifted = place == len(xs) - 1
                rows.append([point[0] - last[0], point[1] - last[1], not lifted, lifted, 0])
                last = point
        found.append(torch.tensor(rows, dtype=torch.float))
    offsets = torch.cat([rows[1:, :2] for rows in found])
    scale = offsets.std()
    for rows in found:
        rows[:, :2] /= scale
    return found, float(scale)


def varied(rows):
    """Scaled, and some of the points within strokes left out: their offsets are those of the points behind them."""
    inner = (rows[:, 2] == 1) & (torch.cat([torch.zeros(1), rows[:-1, 2]]) == 1)
    kept = ~(inner & (torch.rand(len(rows)) < 0.1))
    places = rows[:, :2].cumsum(0)[kept]
    offsets = torch.cat([places[:1], places[1:] - places[:-1]]) * (1 + 0.15 * (2 * torch.rand(2) - 1))
    return torch.cat([offsets, rows[kept, 2:]], 1)


def sketch(arguments):
    rows, scale = drawings(arguments.path)
    model = Sketcher()
    least = 0.2886751346 / scale
    generator = torch.Generator().manual_seed(1)
    count = -(-len(rows) // 64)
    course = Cosine(model, torch.optim.Adam(model.parameters(), lr=2e-3), 2e-3, 31 * count, 0.995)
    lengths = [len(own) for own in rows]
    begin = torch.tensor([[0.0, 0, 1, 0, 0]])

    def epoch():
        model.train()
        total, points = 0.0, 0
        for batch in batches(lengths, 64, generator)[: arguments.steps]:
            own = [varied(rows[i]) for i in batch]
            x = nn.utils.rnn.pad_sequence([torch.cat([begin, steps]) for steps in own])
            numbers = model(x).flatten(0, 1)
            # of the first point where it is says nothing; behind the last one there is the end
            sizes = torch.tensor([len(steps) for steps in own])
            step = torch.arange(len(x))[:, None]
            pens = torch.cat([x[1:, :, 2:].argmax(2), x.new_zeros(1, len(own), dtype=torch.long)])
            pens = torch.where(step == sizes, 2, torch.where(step > sizes, -100, pens)).flatten()
            targets = torch.cat([x[1:, :, :2], x.new_zeros(1, len(own), 2)]).flatten(0, 1)
            real = ((step > 0) & (step < sizes)).flatten().float()
            loss = functional.cross_entropy(numbers[:, -3:], pens, ignore_index=-100, reduction="sum")
            loss = loss + (model.point_loss(numbers[:, :-3], targets, least) * real).sum()
            course.take(loss / int(sizes.sum()))
            total, points = total + float(loss.detach()), points + int(sizes.sum())
        return total / points

    def generate(drawings):
        """Seconds and points of drawings, 32 side by side."""
        model.eval()
        model.draw(2)
        start = time.perf_counter()
        points = sum(model.draw(min(32, drawings - first)) for first in range(0, drawings, 32))
        return time.perf_counter() - start, points

    examples = min(len(rows), 64 * (arguments.steps or count))
    return epoch, sum(p.numel() for p in model.parameters()), examples, generate


class Keys(nn.Module):
    """An LSTM that reads all keys, and where asked for beside it a smaller one that each key has by itself with the same weights."""

    def __init__(self, own, hidden=256, keys=88, reach=24):
        super().__init__()
        self.keys, self.own = keys, own
        self.recurrent = nn.LSTM(keys + 1, hidden)
        self.head = nn.Linear(hidden, keys)
        self.dropout, self.own_dropout = nn.Dropout(0.5), nn.Dropout(0.3)
        if not own:
            return
        key, other = torch.arange(keys)[:, None], torch.arange(keys)[None]
        view = torch.zeros(keys, 2 * reach + 17, keys + 1)
        for feature in range(2 * reach + 1):
            view[:, feature, :keys] = (other - key == feature - reach).float()
        for feature in range(12):
            view[:, 2 * reach + 1 + feature, :keys] = ((other - key) % 12 == feature).float()
        view[:, 2 * reach + 13, :keys] = 0.5 * (other <= key)
        view[:, -1, keys] = 1
        place = (torch.arange(keys) - (keys - 1) / 2) / 16
        bias = torch.zeros(keys, 2 * reach + 17)
        bias[:, 2 * reach + 13], bias[:, 2 * reach + 14], bias[:, 2 * reach + 15] = -1, place, place**2 / 2
        self.register_buffer("view", view.flatten(0, 1))
        self.register_buffer("bias", bias.flatten())
        self.shared = nn.LSTM(view.shape[1], own)
        self.own_head = nn.Linear(own, 1, bias=False)

    def forward(self, x, state=None, own_state=None):  # [T, B, K + 1]
        outputs, state = self.recurrent(x, state)
        scores = self.head(self.dropout(outputs))
        if not self.own:
            return scores, state, None
        seen = functional.linear(x, self.view, self.bias).view(len(x), x.shape[1] * self.keys, -1)
        own, own_state = self.shared(seen, own_state)
        return scores + self.own_head(self.own_dropout(own)).view(len(x), -1, self.keys), state, own_state

    @torch.no_grad()
    def write(self, steps, temperature=1.0):
        x = torch.zeros(1, 1, self.keys + 1)
        x[0, 0, self.keys] = 1
        state = own = None
        for _ in range(steps):
            scores, state, own = self(x, state, own)
            x = functional.pad(torch.bernoulli((scores / temperature).sigmoid()), (0, 1))


def roll(arguments):
    with open(arguments.path) as file:
        pieces = json.load(file)["train"]
    rows = []
    for piece in pieces:
        rows.append(torch.zeros(len(piece), 88))
        for step, tones in enumerate(piece):
            rows[-1][step, [tone - 21 for tone in tones]] = 1
    model = Keys(arguments.key_hidden)
    generator = torch.Generator().manual_seed(1)
    count = -(-len(rows) // 16)
    course = Cosine(model, torch.optim.AdamW(model.parameters(), lr=6e-3, weight_decay=1e-2), 6e-3, 195 * count, 0.99)
    lengths = [len(own) for own in rows]

    def epoch():
        model.train()
        total = 0.0
        for batch in batches(lengths, 16, generator):
            shifts = torch.randint(-5, 6, (len(batch),), generator=generator).tolist()
            y = nn.utils.rnn.pad_sequence([torch.roll(rows[i], shift, 1) for i, shift in zip(batch, shifts)])
            sizes = torch.tensor([lengths[i] for i in batch])
            x = functional.pad(torch.cat([torch.zeros_like(y[:1]), y[:-1]]), (0, 1))
            x[0, :, -1] = 1
            losses = functional.binary_cross_entropy_with_logits(model(x)[0], y, reduction="none").sum(2)
            loss = (losses * (torch.arange(len(x))[:, None] < sizes)).sum()
            course.take(loss / int(sizes.sum()))
            total += float(loss.detach())
        return total / sum(lengths)

    def generate(steps):
        """Seconds and steps of one piece."""
        model.eval()
        model.write(8)
        start = time.perf_counter()
        model.write(steps)
        return time.perf_counter() - start, steps

    return epoch, sum(p.numel() for p in model.parameters()), len(rows), generate
