"""Translates lines with the network of a bundle of `recurrent train translation` in PyTorch, and prints a line of JSON with the lines a second.

    python torch_beam.py en-de.bundle text.en --ours text.de

The search keeps `--beam` beginnings of each line, side by side for `--rows` lines of similar lengths. One that has ended leaves the others less
room; the search ends with the room, and the best is the one with the greatest logarithm of its probability divided by its tokens.
`--ours` has what `recurrent predict --lines` gave of the same lines: the share of equal ones tells whether both did the same. The default network
alone is understood, of pieces of words. Reading lines and making text of tokens is not timed.
"""
import argparse
import json
import time
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import nn

from torch_translation import Translator, pieces

NAMES = {
    "embedding.weight": "table", "output_bias": "bias", "decoder.attention.key": "keys", "decoder.attention.query": "query",
    "decoder.attention.vector": "energy.weight", "decoder.": "",
}


def renamed(name):
    for ours, theirs in NAMES.items():
        if name.startswith(ours):
            return theirs + name[len(ours):]
    return name


def translated(model, sources, end, beam):
    """The best tokens of each source."""
    lengths = torch.tensor([len(x) for x in sources])
    memory, keys, real, state = model.read(nn.utils.rnn.pad_sequence(sources), lengths)
    limits = (2 * lengths + 10).tolist()
    # of each source its open beginnings; of all of them, one below the other, the state and the source
    open_ones = [[([], 0.0)] for _ in sources]
    ended = [[] for _ in sources]
    owners = torch.arange(len(sources))
    last = torch.full((len(sources),), end)
    for place in range(1, max(limits) + 1):
        state, own = model.step(model.vectors(last), state, memory[:, owners], keys[:, owners], real[:, owners])
        logs = torch.log_softmax(model.scores(own), 1)
        values, tokens = logs.topk(beam, 1)
        values, tokens = values.tolist(), tokens.tolist()
        parents, taken, next_owners, first = [], [], [], 0
        for source, beginnings in enumerate(open_ones):
            found = [
                (score + value, first + number, token, written)
                for number, (written, score) in enumerate(beginnings)
                for value, token in zip(values[first + number], tokens[first + number])
            ]
            first += len(beginnings)
            found.sort(key=lambda entry: -entry[0])
            kept = []
            for score, parent, token, written in found[: beam - len(ended[source])]:
                if token == end or place == limits[source]:
                    ended[source].append((score / place, written))
                else:
                    kept.append((written + [token], score))
                    parents.append(parent)
                    taken.append(token)
                    next_owners.append(source)
            open_ones[source] = kept
        if not parents:
            break
        state, owners, last = state[torch.tensor(parents)], torch.tensor(next_owners), torch.tensor(taken)
    return [max(own, key=lambda entry: entry[0])[1] for own in ended]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("bundle")
    parser.add_argument("text")
    parser.add_argument("--ours", help="the translations of `recurrent predict --lines`")
    parser.add_argument("--beam", type=int, default=8)
    parser.add_argument("--rows", type=int, default=16)
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    bundle = Path(options.bundle)
    units = json.loads((bundle / "task.json").read_text())["description"]["task"]["units"]
    merges = [tuple(pair) for pair in units["vocabulary"]["merges"]]
    spelled = [bytes([byte]) for byte in range(256)]
    for first, second in merges:
        spelled.append(spelled[first] + spelled[second])
    ranks = {pair: 256 + number for number, pair in enumerate(merges)}
    end = len(spelled)
    model = Translator(end + 1)
    weights = {renamed(name): value for name, value in load_file(bundle / "model.safetensors").items()}
    weights["energy.weight"] = weights["energy.weight"][None]
    model.load_state_dict(weights)
    model.eval()
    lines = Path(options.text).read_text().splitlines()
    sources = [torch.tensor(pieces(line, ranks)) for line in lines]
    order = sorted(range(len(lines)), key=lambda index: len(sources[index]))
    results = [""] * len(lines)
    begin = time.perf_counter()
    with torch.inference_mode():
        for start in range(0, len(order), options.rows):
            own = order[start : start + options.rows]
            for index, tokens in zip(own, translated(model, [sources[i] for i in own], end, options.beam)):
                results[index] = tokens
    seconds = time.perf_counter() - begin
    texts = [b"".join(spelled[token] for token in tokens).decode(errors="replace").strip() for tokens in results]
    report = {"linesPerSecond": len(lines) / seconds, "lines": len(lines), "beam": options.beam, "torch": torch.__version__}
    if options.ours:
        ours = Path(options.ours).read_text().splitlines()
        report["equalLines"] = sum(a == b for a, b in zip(texts, ours))
    print(json.dumps(report))


if __name__ == "__main__":
    main()
