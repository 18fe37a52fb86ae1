"""Makes the fixture of the adaptive softmax from PyTorch: loss, log-probabilities and every gradient.

    python Tests/Fixtures/make_adaptive_softmax.py

Needs the versions pinned in Benchmarks/requirements.txt: torch 2.15.0, numpy 2.4.6, safetensors 0.8.0.
The file and the names in it are described in README.md beside this script.
"""

import torch
from torch import nn

from fixture_file import Source, leaf, save_fixture

ROWS = 13
CASES = {
  "one_cluster": {"inputs": 8, "classes": 11, "cutoffs": [4], "division": 4.0, "head_bias": False},
  "two_clusters": {"inputs": 18, "classes": 23, "cutoffs": [5, 11], "division": 2.0, "head_bias": False},
  "head_bias": {"inputs": 18, "classes": 23, "cutoffs": [5, 11], "division": 2.5, "head_bias": True},
  "unused_cluster": {"inputs": 9, "classes": 20, "cutoffs": [3, 8, 15], "division": 2.0, "head_bias": False},
}


def make_case(source: Source, case: str, options: dict) -> dict[str, torch.Tensor]:
  module = nn.AdaptiveLogSoftmaxWithLoss(
    options["inputs"], options["classes"], options["cutoffs"], options["division"], options["head_bias"]
  ).double()
  with torch.no_grad():
    for parameter in module.parameters():
      parameter.copy_(source.normal(*parameter.shape))
  inputs = leaf(source.normal(ROWS, options["inputs"]))
  target = source.integers(options["classes"], ROWS)
  if case == "unused_cluster":
    low, high = options["cutoffs"][1:]
    target[(target >= low) & (target < high)] = 0
  loss = module(inputs, target).loss
  loss.backward()
  tensors = {
    "input": inputs, "target": target, "loss": loss, "grad.input": inputs.grad,
    "log_prob": module.log_prob(inputs.detach()),
  }
  for name, parameter in module.named_parameters():
    tensors[name] = parameter
    tensors[f"grad.{name}"] = torch.zeros_like(parameter) if parameter.grad is None else parameter.grad
  return {f"{case}/{name}": tensor for name, tensor in tensors.items()}


def main() -> None:
  torch.set_num_threads(1)
  source = Source(900)
  tensors = {}
  for case, options in CASES.items():
    tensors |= make_case(source, case, options)
  save_fixture("adaptive_softmax", tensors, cases=CASES)


if __name__ == "__main__":
  main()
