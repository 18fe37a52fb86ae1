"""Translates lines with onnxruntime alone: python translate.py reader.onnx writer.onnx < text.en

Of a model of pieces; the likeliest token is written at each step, as `recurrent predict --beam 1` does."""
import json, re, sys

import numpy as np
import onnxruntime

reader, writer = (onnxruntime.InferenceSession(path) for path in sys.argv[1:3])
units = json.loads(reader.get_modelmeta().custom_metadata_map["recurrent.units"])
merges = {tuple(pair): 256 + number for number, pair in enumerate(units["vocabulary"]["merges"])}
pieces = [bytes([byte]) for byte in range(256)]
for left, right in merges:
    pieces.append(pieces[left] + pieces[right])
end = len(pieces)


def encode(text):
    tokens = []
    for part in re.findall(r" ?[^\W\d_]+| ?\d+| ?(?:[^\w\s]|_)+", " " + " ".join(text.split())):
        own = list(part.encode())
        while (best := min((merges.get(pair, end) for pair in zip(own, own[1:])), default=end)) < end:
            place = next(i for i, pair in enumerate(zip(own, own[1:])) if merges.get(pair) == best)
            own[place : place + 2] = [best]
        tokens += own
    return np.array(tokens, np.int64)[:, None]


for line in sys.stdin:
    tokens, last, written = encode(line), end, []
    if len(tokens):
        memory, keys, state = reader.run(["memory", "keys", "state"], {"tokens": tokens})
    while len(tokens) and len(written) < 2 * len(tokens) + 10:
        given = {"tokens": np.array([last]), "state_in": state, "memory": memory, "keys": keys}
        logs, state = writer.run(["log_probabilities", "state_out"], given)
        last = int(logs[0].argmax())
        if last == end:
            break
        written.append(last)
    print(" ".join(b"".join(pieces[token] for token in written).decode(errors="ignore").split()))
