"""Writes an LSTM by the names of PyTorch, with random weights of a fixed seed: make_layers.py FILE INPUTS UNITS."""
import json
import random
import struct
import sys

path, inputs, units = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
draw = random.Random(1)
header, data = {}, b""
shapes = {"weight_ih_l0": (4 * units, inputs), "weight_hh_l0": (4 * units, units), "bias_ih_l0": (4 * units,), "bias_hh_l0": (4 * units,)}
for name, shape in shapes.items():
    count = shape[0] * (shape[1] if len(shape) > 1 else 1)
    numbers = struct.pack(f"<{count}f", *(draw.gauss(0, 0.3) for _ in range(count)))
    header[name] = {"dtype": "F32", "shape": shape, "data_offsets": [len(data), len(data) + len(numbers)]}
    data += numbers
text = json.dumps(header).encode()
text += b" " * (-len(text) % 8)
with open(path, "wb") as file:
    file.write(struct.pack("<Q", len(text)) + text + data)
