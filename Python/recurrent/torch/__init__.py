"""Recurrent layers for PyTorch on the kernels of this package, forward and backward, on the CPU.

    import recurrent.torch
    net = recurrent.torch.accelerate(net)      # every nn.LSTM, nn.GRU and nn.RNN of a module; its state_dict stays as it is
    layer = recurrent.torch.LSTM(128, 256, num_layers=2, layer_norm=True, zoneout=0.1, bidirectional=True)
    y, (h, c) = layer(x, lengths=lengths)      # rows of any lengths, nothing is packed

Parameters are PyTorch's own tensors: optimisers, checkpoints, ``deepcopy`` and ``state_dict`` work as ever. Gradients of
gradients are refused, as ``torch.compile`` sees a break of the graph here.
"""

from ._accelerate import FallbackWarning, accelerate
from ._layers import GRU, LSTM, RNN

__all__ = ["GRU", "LSTM", "RNN", "FallbackWarning", "accelerate"]
