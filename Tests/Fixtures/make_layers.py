"""Makes the fixtures of the layers around the recurrent ones from PyTorch: outputs and every gradient.

    python Tests/Fixtures/make_layers.py

Needs the versions pinned in Benchmarks/requirements.txt: torch 2.15.0, numpy 2.4.6, safetensors 0.8.0.
The file and the names in it are described in README.md beside this script.
"""

import torch
from torch import nn
from torch.nn import functional

from fixture_file import Source, leaf, save_fixture

T, B, F = 5, 3, 17
VOCABULARY, WIDTH = 11, 6


def make_layer_norm(source: Source) -> dict[str, torch.Tensor]:
  inputs = leaf(source.normal(T, B, F, scale=2) + source.normal(T, B, 1))
  weight, bias = leaf(source.uniform(F, low=0.5, high=1.5)), leaf(source.uniform(F))
  grad_output = source.normal(T, B, F)
  output = functional.layer_norm(inputs, [F], weight, bias, eps=1e-5)
  (output * grad_output).sum().backward()
  return {
    "input": inputs, "weight": weight, "bias": bias, "grad_output": grad_output, "output": output,
    "grad.input": inputs.grad, "grad.weight": weight.grad, "grad.bias": bias.grad,
  }


def make_linear(source: Source) -> dict[str, torch.Tensor]:
  inputs = leaf(source.normal(T, B, F))
  weight, bias = leaf(source.uniform(WIDTH, F)), leaf(source.uniform(WIDTH))
  grad_output = source.normal(T, B, WIDTH)
  output = functional.linear(inputs, weight, bias)
  (output * grad_output).sum().backward()
  return {
    "input": inputs, "weight": weight, "bias": bias, "grad_output": grad_output, "output": output,
    "grad.input": inputs.grad, "grad.weight": weight.grad, "grad.bias": bias.grad,
  }


def make_embedding(source: Source) -> dict[str, torch.Tensor]:
  """Index 0 never occurs, index 3 in at least three places: its gradient is their sum."""
  indices = source.integers(VOCABULARY - 1, T, B) + 1
  indices[0, 0] = indices[1, 2] = indices[4, 0] = 3
  module = nn.Embedding(VOCABULARY, WIDTH).double()
  with torch.no_grad():
    module.weight.copy_(source.normal(VOCABULARY, WIDTH))
  grad_output = source.normal(T, B, WIDTH)
  output = module(indices)
  (output * grad_output).sum().backward()
  return {
    "indices": indices, "weight": module.weight, "grad_output": grad_output, "output": output,
    "grad.weight": module.weight.grad,
  }


def main() -> None:
  torch.set_num_threads(1)
  source = Source(700)
  tensors = {}
  for case, make in [("layer_norm", make_layer_norm), ("linear", make_linear), ("embedding", make_embedding)]:
    tensors |= {f"{case}/{name}": value for name, value in make(source).items()}
  save_fixture("layers", tensors, layer_norm_eps=1e-5)


if __name__ == "__main__":
  main()
