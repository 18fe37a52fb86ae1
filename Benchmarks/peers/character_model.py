"""The character language model that the PyTorch programs of this folder share.

Pinned in Benchmarks/requirements.txt: torch 2.15.0.
"""

import torch
from torch import nn

CELLS = {"lstm": nn.LSTM, "gru": nn.GRU, "rnn": nn.RNN}
State = torch.Tensor | tuple[torch.Tensor, torch.Tensor] | None


class CharacterModel(nn.Module):
  """Embedding(V, 64), a stack of recurrent layers, Linear(H, V), with PyTorch's default initialisation.

  Dropout acts on the output of the embedding, between the layers and on the output of the last layer.
  """

  def __init__(
    self,
    vocabulary_size: int,
    embedding_size: int,
    hidden_size: int,
    layers: int,
    dropout: float,
    cell: str = "lstm",
  ):
    super().__init__()
    self.embedding = nn.Embedding(vocabulary_size, embedding_size)
    self.dropout = nn.Dropout(dropout)
    self.recurrent = CELLS[cell](
      embedding_size, hidden_size, num_layers=layers, dropout=dropout if layers > 1 else 0.0
    )
    self.output = nn.Linear(hidden_size, vocabulary_size)

  def forward(self, tokens: torch.Tensor, state: State) -> tuple[torch.Tensor, State]:
    """Tokens [T, B] to logits [T, B, V] and the state after the last step; `None` is the zero state."""
    outputs, state = self.recurrent(self.dropout(self.embedding(tokens)), state)
    return self.output(self.dropout(outputs)), state


def detach(state: State) -> State:
  """The same state without its history."""
  if isinstance(state, tuple):
    return tuple(part.detach() for part in state)
  return None if state is None else state.detach()
