"""Trains the character language model in PyTorch eager, the reference for this package's training.

    python Benchmarks/peers/torch_language_model.py --data Examples/Data/tinyshakespeare.txt

Pinned in Benchmarks/requirements.txt: torch 2.15.0. The recipe:
- the sorted distinct characters of the whole file and one id more for the unknown; the first 90 % trains;
- Embedding 64, two LSTM layers of 256, Linear; dropout 0.2 at the embedding, between the layers and at the
  output;
- 64 contiguous streams in windows of 128 (the last one shorter), the state carried on and zero at the start
  of every epoch;
- Adam 2e-3 (0.9, 0.999, 1e-8), gradient norm clipped to 1, a cosine per step down to 5 % of the rate;
- then the mean cross-entropy of the whole validation part, in one carried state from zero.

Prints one line of JSON to standard output at the end and progress to standard error.
"""

import argparse
import json
import math
import resource
import statistics
import sys
import time
from pathlib import Path

import torch
from torch.nn import functional

from character_model import CharacterModel, detach

WARM_UP_STEPS = 5
VALIDATION_CHUNK = 1024


def parse_arguments() -> argparse.Namespace:
  parser = argparse.ArgumentParser(description="Trains the character language model in PyTorch eager.")
  parser.add_argument("--data", type=Path, required=True, help="a UTF-8 text file")
  parser.add_argument("--epochs", type=int, default=15)
  parser.add_argument("--threads", type=int, default=2)
  parser.add_argument("--seed", type=int, default=1)
  parser.add_argument("--embedding", type=int, default=64)
  parser.add_argument("--hidden", type=int, default=256)
  parser.add_argument("--layers", type=int, default=2)
  parser.add_argument("--dropout", type=float, default=0.2)
  parser.add_argument("--batch-size", type=int, default=64)
  parser.add_argument("--sequence-length", type=int, default=128)
  parser.add_argument("--learning-rate", type=float, default=2e-3)
  parser.add_argument("--fused-adam", action="store_true", help="the fused kernel, not the loop")
  parser.add_argument("--validate-epochs", action="store_true", help="validate after every epoch")
  parser.add_argument("--max-steps", type=int, help="stop then, without validation: for timing")
  parser.add_argument("--json", type=Path, help="write the line of JSON to this file too")
  return parser.parse_args()


def read_tokens(path: Path) -> tuple[torch.Tensor, int]:
  """The tokens [n] of the file and the size of the vocabulary, one id for the unknown included."""
  text = path.read_bytes().decode("utf-8")
  index = {character: number for number, character in enumerate(sorted(set(text)))}
  return torch.tensor([index[character] for character in text]), len(index) + 1


def make_streams(tokens: torch.Tensor, batch_size: int) -> tuple[torch.Tensor, torch.Tensor]:
  """Inputs and targets [(n - 1) / B, B]: column b is one contiguous part of the text."""
  length = (len(tokens) - 1) // batch_size
  count = length * batch_size
  return tuple(tokens[start : start + count].view(batch_size, length).T.contiguous() for start in (0, 1))


def learning_rate(step: int, steps: int, peak: float, final_fraction: float = 0.05) -> float:
  """Half a cosine: `peak` at step 0, `final_fraction` of it at step `steps`."""
  return peak * (final_fraction + (1 - final_fraction) * 0.5 * (1 + math.cos(math.pi * step / steps)))


@torch.inference_mode()
def validate(model: CharacterModel, tokens: torch.Tensor) -> float:
  """Mean cross-entropy in nats a character of all but the first token, in one state carried from zero."""
  model.eval()
  state, total = None, 0.0
  inputs, targets = tokens[:-1], tokens[1:]
  for start in range(0, len(inputs), VALIDATION_CHUNK):
    logits, state = model(inputs[start : start + VALIDATION_CHUNK, None], state)
    loss = functional.cross_entropy(logits[:, 0], targets[start : start + VALIDATION_CHUNK], reduction="sum")
    total += loss.item()
  model.train()
  return total / len(inputs)


def main() -> None:
  options = parse_arguments()
  torch.set_num_threads(options.threads)
  torch.manual_seed(options.seed)
  tokens, vocabulary_size = read_tokens(options.data)
  split = len(tokens) * 9 // 10
  inputs, targets = make_streams(tokens[:split], options.batch_size)
  windows = range(0, len(inputs), options.sequence_length)
  steps = options.epochs * len(windows)

  model = CharacterModel(vocabulary_size, options.embedding, options.hidden, options.layers, options.dropout)
  optimizer = torch.optim.Adam(
    model.parameters(),
    lr=options.learning_rate,
    betas=(0.9, 0.999),
    eps=1e-8,
    fused=options.fused_adam or None,
  )
  rates, epoch_losses, epoch_validations = [], [], []
  step = 0
  begin = time.perf_counter()
  for epoch in range(options.epochs):
    state, total, count = None, 0.0, 0
    for start in windows:
      if step == options.max_steps:
        break
      step_begin = time.perf_counter()
      optimizer.param_groups[0]["lr"] = learning_rate(step, steps, options.learning_rate)
      window = slice(start, start + options.sequence_length)
      logits, state = model(inputs[window], detach(state))
      loss = functional.cross_entropy(logits.flatten(0, 1), targets[window].flatten())
      optimizer.zero_grad()
      loss.backward()
      torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
      optimizer.step()
      characters = targets[window].numel()
      total += loss.item() * characters
      count += characters
      rates.append(characters / (time.perf_counter() - step_begin))
      step += 1
    if count > 0:
      epoch_losses.append(total / count)
    if step == options.max_steps:
      break
    progress = f"epoch {epoch + 1}/{options.epochs} loss {epoch_losses[-1]:.4f}"
    if options.validate_epochs:
      epoch_validations.append(validate(model, tokens[split:]))
      progress += f" validation {epoch_validations[-1]:.4f}"
    print(f"{progress} after {time.perf_counter() - begin:.1f} s", file=sys.stderr, flush=True)
  seconds = time.perf_counter() - begin

  validation = None if options.max_steps is not None else validate(model, tokens[split:])
  line = json.dumps({
    "validation_nats": validation,
    "characters_per_second": statistics.median(rates[WARM_UP_STEPS:] or rates),
    "seconds": seconds,
    "peak_rss_bytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
    "torch": torch.__version__,
    "threads": options.threads,
    "seed": options.seed,
    "steps": step,
    "parameters": sum(parameter.numel() for parameter in model.parameters()),
    "vocabulary_size": vocabulary_size,
    "epoch_losses": epoch_losses,
    "epoch_validation_nats": epoch_validations,
  })
  print(line, flush=True)
  if options.json:
    options.json.write_text(line + "\n")


if __name__ == "__main__":
  main()
