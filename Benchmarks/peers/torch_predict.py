"""Predicts in PyTorch what `recurrent predict BUNDLE DATA --format jsonl` predicts of short texts: the weights, the words and the table are
read from the same files, and the same lines of JSON are written.

    recurrent train classification opinions.tsv --no-evidence --output opinions.bundle
    python torch_predict.py opinions.bundle data.tsv --threads 2 > predictions.jsonl

Texts of one length stand in a batch of up to --batch-size rows, so that nothing is padded or packed, which is faster than both. The seconds
of the parts go to standard error as a line of JSON: reading and words, the network, writing; the time of the process has the import of
PyTorch besides.
"""
import argparse
import json
import re
import sys
import time

import torch
from safetensors.torch import load_file
from torch import nn

# a line end, a run of letters and digits with single marks between two of them, any other character
PIECE = re.compile(r"\n|[^\W_]+(?:['\-.,:_][^\W_]+)*|[^\w\s]|_")


class Classifier(nn.Module):
    """A bidirectional GRU over vectors of words; mean and maximum of its outputs, mean of its inputs."""

    def __init__(self, weights):
        super().__init__()
        table = weights["network.embedding.weight"]
        prefix = "network.recurrent."
        own = {name[len(prefix) :]: value for name, value in weights.items() if name.startswith(prefix)}
        self.embedding = nn.Embedding.from_pretrained(table)
        self.recurrent = nn.GRU(table.shape[1], own["weight_hh_l0"].shape[1], bidirectional=True)
        self.recurrent.load_state_dict(own)
        self.head = nn.Linear(*reversed(weights["head.weight"].shape))
        self.head.load_state_dict({"weight": weights["head.weight"], "bias": weights["head.bias"]})

    def forward(self, ids):  # [T, B]
        x = self.embedding(ids)
        y, _ = self.recurrent(x)
        return self.head(torch.cat([y.mean(0), y.amax(0), x.mean(0)], 1))


parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("bundle")
parser.add_argument("data", help="a table with tabs between the columns, the text first")
parser.add_argument("--threads", type=int, default=2)
parser.add_argument("--batch-size", type=int, default=1024)
arguments = parser.parse_args()
torch.set_num_threads(arguments.threads)

begin = time.perf_counter()
with open(f"{arguments.bundle}/task.json") as file:
    task = json.load(file)["description"]["task"]
text = task["featurizer"]["text"]["_0"]
numbers = {word: index + 1 for index, word in enumerate(text["vocabulary"]["tokens"])}
model = Classifier(load_file(f"{arguments.bundle}/model.safetensors")).eval()
lengths = {}
with open(arguments.data) as file:
    next(file)
    for row, line in enumerate(file):
        words = PIECE.findall(line[: line.index("\t")].lower())[: text["lengthLimit"]]
        lengths.setdefault(len(words), []).append((row, [numbers.get(word, 0) for word in words]))
count = row + 1
read = time.perf_counter()

labels, temperature = task["labels"], task["scaling"]["temperature"]
results = torch.empty(count, len(labels))
with torch.inference_mode():
    for texts in lengths.values():
        for start in range(0, len(texts), arguments.batch_size):
            rows, ids = zip(*texts[start : start + arguments.batch_size])
            scores = model(torch.tensor(ids).T.contiguous())
            results[torch.tensor(rows)] = torch.softmax(scores / temperature, 1)
predicted = time.perf_counter()

name = arguments.data.rsplit("/", 1)[-1]
best, order = results.sort(1, descending=True)
lines = []
for row, (own, places) in enumerate(zip(best.tolist(), order.tolist())):
    ranks = range(min(3, len(own)))
    fields = {f"label {i + 1}" if i else "label": labels[places[i]] for i in ranks}
    fields |= {f"probability {i + 1}" if i else "probability": own[i] for i in ranks}
    lines.append(json.dumps({"input": f"{name}:{row + 2}", **fields}, separators=(",", ":")))
sys.stdout.write("\n".join(lines) + "\n")
written = time.perf_counter()
seconds = {"read": read - begin, "network": predicted - read, "write": written - predicted, "all": written - begin}
print(json.dumps({name: round(value, 3) for name, value in seconds.items()}), file=sys.stderr)
