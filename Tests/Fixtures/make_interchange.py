"""Makes matrices of recurrent layers as PyTorch and Keras store them, with what they compute.

    python Tests/Fixtures/make_interchange.py

- `interchange_pytorch.pt`: 3 cells x 1-3 layers x directions x biases, LSTMs also with projections; for each case
  `NAME.state` (the state_dict), `NAME.input`, `NAME.lengths`, `NAME.output`, `NAME.h_n`, `NAME.c_n` of the ragged batch.
- `interchange_cells.pt`: cells without a number in their names, and weights under `weight_norm`, in the same form.
- `interchange_keras.npz`: LSTM, GRU of both forms, SimpleRNN, one and two layers, both directions; for each case the weights
  by their Keras names below `NAME/weights/`, `NAME/input` and `NAME/output`, batch first.

Needs the versions pinned in Benchmarks/requirements.txt, and keras for the second file (KERAS_BACKEND=torch or jax).
"""

import itertools
import os
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

HERE = Path(__file__).parent
T, B, I, H, R = 5, 3, 4, 6, 3


def make_pytorch() -> None:
  cases = {}
  cells = [("rnn", nn.RNN, {}), ("relu", nn.RNN, {"nonlinearity": "relu"}), ("gru", nn.GRU, {}), ("lstm", nn.LSTM, {}),
           ("projected", nn.LSTM, {"proj_size": R})]
  for (name, cell, options), layers, bidirectional, bias in itertools.product(cells, [1, 2, 3], [False, True], [True, False]):
    key = f"{name}-{layers}{'-bi' if bidirectional else ''}{'' if bias else '-nobias'}"
    torch.manual_seed(sum(key.encode()))
    module = cell(I, H, layers, bidirectional=bidirectional, bias=bias, **options).eval()
    x, lengths = torch.randn(T, B, I), torch.tensor([3, 5, 2])
    with torch.no_grad():
      output, state = module(pack_padded_sequence(x, lengths, enforce_sorted=False))
    output, _ = pad_packed_sequence(output, total_length=T)
    h, c = state if isinstance(state, tuple) else (state, None)
    cases[key] = {"state": module.state_dict(), "input": x, "lengths": lengths, "output": output, "h_n": h}
    if c is not None:
      cases[key]["c_n"] = c
  torch.save(cases, HERE / "interchange_pytorch.pt")


def make_cells() -> None:
  """Cells with what they give step by step, and layers whose weights are kept as lengths and directions."""
  cases = {}
  for name, cell in [("rnn", nn.RNNCell), ("gru", nn.GRUCell), ("lstm", nn.LSTMCell)]:
    for bias in [True, False]:
      key = f"{name}{'' if bias else '-nobias'}"
      torch.manual_seed(sum(key.encode()))
      module, x, state, outputs = cell(I, H, bias=bias), torch.randn(T, B, I), None, []
      with torch.no_grad():
        for step in x:
          state = module(step, state)
          outputs.append(state[0] if isinstance(state, tuple) else state)
      cases[key] = {"state": module.state_dict(), "input": x, "output": torch.stack(outputs)}
  norms = {"new": torch.nn.utils.parametrizations.weight_norm, "old": torch.nn.utils.weight_norm}
  for (name, norm), dim in itertools.product(norms.items(), [0, 1, None]):
    key = f"norm-{name}-{dim}"
    torch.manual_seed(sum(key.encode()))
    module = nn.LSTM(I, H)
    for weight in ["weight_hh_l0", "weight_ih_l0"]:
      norm(module, weight, dim=dim)
    with torch.no_grad():
      for parameter in module.parameters():
        parameter.mul_(torch.rand_like(parameter) + 0.5)
      x = torch.randn(T, B, I)
      output = module(x)[0]
    cases[key] = {"state": module.state_dict(), "input": x, "output": output}
  torch.save(cases, HERE / "interchange_cells.pt")


def make_keras() -> None:
  os.environ.setdefault("KERAS_BACKEND", "torch")
  import keras
  from keras import layers as k

  keras.utils.set_random_seed(3)
  kinds = {
    "lstm": lambda **o: k.LSTM(H, **o),
    "gru-after": lambda **o: k.GRU(H, reset_after=True, **o),
    "gru-before": lambda **o: k.GRU(H, reset_after=False, **o),
    "rnn": lambda **o: k.SimpleRNN(H, **o),
  }
  arrays: dict[str, np.ndarray] = {}
  for (kind, make), count, bidirectional, bias in itertools.product(kinds.items(), [1, 2], [False, True], [True, False]):
    key = f"{kind}-{count}{'-bi' if bidirectional else ''}{'' if bias else '-nobias'}"
    keras.backend.clear_session()
    options = {"return_sequences": True, "use_bias": bias, "bias_initializer": "random_normal"}
    layer = lambda: k.Bidirectional(make(**options)) if bidirectional else make(**options)
    model = keras.Sequential([keras.Input((None, I))] + [layer() for _ in range(count)])
    x = np.random.default_rng(len(key)).normal(size=(B, T, I)).astype(np.float32)
    for weight in model.weights:
      arrays[f"{key}/weights/{weight.path}"] = np.asarray(keras.ops.convert_to_numpy(weight.value))
    arrays[f"{key}/input"] = x
    arrays[f"{key}/output"] = keras.ops.convert_to_numpy(model(x)).astype(np.float32)
  np.savez_compressed(HERE / "interchange_keras.npz", **arrays)


if __name__ == "__main__":
  make_pytorch()
  make_cells()
  make_keras()
