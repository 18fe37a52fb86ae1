"""What the trainings of torch_tasks.py share."""
from torch import nn


def clipped(parameters):
    nn.utils.clip_grad_norm_(parameters, 1.0)
