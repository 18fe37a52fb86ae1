"""Times the generation of single characters in PyTorch eager, with the state carried from step to step.

    python Benchmarks/peers/torch_generate.py --cell lstm --characters 2000

Pinned in Benchmarks/requirements.txt: torch 2.15.0. The model is that of torch_language_model.py with random
weights, in evaluation mode and `torch.inference_mode`. Prints one line of JSON: the median rate over the
rounds, and all rates. With `--no-onednn` the layers run on PyTorch's own kernels: one step
at a time these can be the faster ones, and a fair comparison takes the better of the two.
"""

import argparse
import json
import resource
import statistics
import time

import torch

from character_model import CELLS, CharacterModel


def parse_arguments() -> argparse.Namespace:
  parser = argparse.ArgumentParser(description="Times the generation of characters in PyTorch eager.")
  parser.add_argument("--cell", choices=sorted(CELLS), default="lstm")
  parser.add_argument("--characters", type=int, default=2000, help="characters a round")
  parser.add_argument("--rounds", type=int, default=5)
  parser.add_argument("--warm-up", type=int, default=200, help="characters before the first round")
  parser.add_argument("--threads", type=int, default=1)
  parser.add_argument("--seed", type=int, default=1)
  parser.add_argument("--vocabulary", type=int, default=66)
  parser.add_argument("--embedding", type=int, default=64)
  parser.add_argument("--hidden", type=int, default=256)
  parser.add_argument("--layers", type=int, default=2)
  parser.add_argument("--temperature", type=float, default=0.8)
  parser.add_argument("--no-onednn", action="store_true", help="run on PyTorch's own kernels")
  return parser.parse_args()


@torch.inference_mode()
def main() -> None:
  options = parse_arguments()
  torch.set_num_threads(options.threads)
  torch.manual_seed(options.seed)
  torch.backends.mkldnn.enabled = not options.no_onednn
  model = CharacterModel(
    options.vocabulary, options.embedding, options.hidden, options.layers, dropout=0.0, cell=options.cell
  ).eval()
  token = torch.zeros(1, 1, dtype=torch.long)
  state = None

  def generate(characters: int) -> list[int]:
    nonlocal token, state
    generated = []
    for _ in range(characters):
      logits, state = model(token, state)
      token = torch.multinomial(torch.softmax(logits[0] / options.temperature, dim=-1), 1)
      generated.append(token.item())
    return generated

  generate(options.warm_up)
  rates = []
  for _ in range(options.rounds):
    begin = time.perf_counter()
    generate(options.characters)
    rates.append(options.characters / (time.perf_counter() - begin))
  print(json.dumps({
    "characters_per_second": statistics.median(rates),
    "rates": rates,
    "cell": options.cell,
    "threads": options.threads,
    "onednn": not options.no_onednn,
    "peak_rss_bytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
    "torch": torch.__version__,
  }))


if __name__ == "__main__":
  main()
