"""Workers of a DataLoader that use the library, beside PyTorch's threads, and memory over many calls."""

from __future__ import annotations

import os
import resource
import sys
from typing import Any

import pytest

torch = pytest.importorskip("torch")

import recurrent.torch as rt  # noqa: E402
from torch import nn  # noqa: E402
from torch.utils.data import DataLoader, Dataset  # noqa: E402


class Features(Dataset):
    """Items that a layer has read, as features of a model that is trained on."""

    def __init__(self) -> None:
        torch.manual_seed(1)
        self.layer = rt.accelerate(nn.LSTM(4, 16, 2, bidirectional=True)).requires_grad_(False)
        self.items = torch.randn(12, 20, 8, 4)

    def __len__(self) -> int:
        return len(self.items)

    def __getitem__(self, index: int) -> Any:
        return self.layer(self.items[index])[0]


@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_workers_of_a_loader(method: str) -> None:
    data = Features()
    # the parent has computed with all its threads before
    alone = torch.stack([data[index] for index in range(len(data))])
    loader = DataLoader(data, batch_size=3, num_workers=2, multiprocessing_context=method)
    head = rt.LSTM(32, 8)
    for index, batch in enumerate(loader):
        assert torch.equal(batch, alone[3 * index : 3 * index + 3])
        # the parent goes on between its children
        head(batch[0])[0].sum().backward()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="counts threads in /proc")
def test_threads_are_as_many_as_pytorch_has() -> None:
    before = torch.get_num_threads()
    try:
        torch.set_num_threads(1)
        layer = rt.accelerate(nn.LSTM(4, 64))
        layer(torch.randn(50, 64, 4))[0].sum().backward()
        count = len(os.listdir("/proc/self/task"))
        for _ in range(20):
            layer(torch.randn(50, 64, 4))[0].sum().backward()
        assert len(os.listdir("/proc/self/task")) <= count
    finally:
        torch.set_num_threads(before)


def test_nothing_is_lost_in_many_steps_of_training() -> None:
    torch.manual_seed(2)
    layer = rt.accelerate(nn.LSTM(3, 5))
    own = rt.LSTM(3, 5, layer_norm=True, zoneout=0.1)

    def work(count: int) -> None:
        for index in range(count):
            x = torch.randn(3, 2, 3)
            layer(x)[0].sum().backward()
            own(x, lengths=[1 + index % 3, 2])[0].sum().backward()
            layer.zero_grad()
            own.zero_grad()
            with torch.no_grad():
                layer(x)

    work(500)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    work(3_000)
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown < 4096 * (1024 if sys.platform == "darwin" else 1)
