"""Writes an LSTM of 8 numbers to 16 by the names of PyTorch, with weights of a fixed seed."""
import sys

import numpy as np
from safetensors.numpy import save_file

draw = np.random.default_rng(1).normal(0, 0.3, (10_000,)).astype(np.float32)
shapes = {"weight_ih_l0": (64, 8), "weight_hh_l0": (64, 16), "bias_ih_l0": (64,), "bias_hh_l0": (64,)}
save_file({name: draw[: int(np.prod(shape))].reshape(shape).copy() for name, shape in shapes.items()}, sys.argv[1])
