"""Makes the fixtures of the optimisers and of gradient clipping from PyTorch.

    python Tests/Fixtures/make_optimizers.py

Needs the versions pinned in Benchmarks/requirements.txt: torch 2.15.0, numpy 2.4.6, safetensors 0.8.0.
The files and the names in them are described in README.md beside this script.
"""

import torch
from torch import optim

from fixture_file import Source, leaf, save_fixture

STEPS = 12
SHAPES = {"weight": (3, 5), "bias": (7,)}

# Every hyperparameter that acts is named here, PyTorch's defaults too: the metadata is all a reader needs.
ADAM = {"lr": 0.01, "betas": [0.9, 0.999], "eps": 1e-8, "weight_decay": 0.0, "amsgrad": False}
SGD = {"lr": 0.1, "momentum": 0.0, "dampening": 0.0, "weight_decay": 0.0, "nesterov": False}
RMSPROP = {"lr": 0.01, "alpha": 0.99, "eps": 1e-8, "weight_decay": 0.0, "momentum": 0.0, "centered": False}
ADAGRAD = {"lr": 0.1, "lr_decay": 0.0, "weight_decay": 0.0, "initial_accumulator_value": 0.0, "eps": 1e-10}
ASGD = {"lr": 0.1, "lambd": 1e-2, "alpha": 0.75, "t0": 4.0, "weight_decay": 0.0}

CASES = {
  "sgd": (optim.SGD, SGD),
  "sgd_momentum": (optim.SGD, SGD | {"momentum": 0.9}),
  "sgd_nesterov": (optim.SGD, SGD | {"momentum": 0.9, "nesterov": True}),
  "sgd_weight_decay": (optim.SGD, SGD | {"weight_decay": 0.1}),
  "sgd_dampening": (optim.SGD, SGD | {"momentum": 0.9, "dampening": 0.3, "weight_decay": 0.1}),
  "adam": (optim.Adam, ADAM),
  "adam_amsgrad": (optim.Adam, ADAM | {"amsgrad": True}),
  "adam_weight_decay": (optim.Adam, ADAM | {"weight_decay": 0.1}),
  "adam_betas": (optim.Adam, ADAM | {"betas": [0.5, 0.9], "eps": 1e-3}),
  "adamw": (optim.AdamW, ADAM | {"weight_decay": 0.1}),
  "adamw_amsgrad": (optim.AdamW, ADAM | {"weight_decay": 0.1, "amsgrad": True}),
  "rmsprop": (optim.RMSprop, RMSPROP),
  "rmsprop_momentum_centered": (optim.RMSprop, RMSPROP | {"momentum": 0.9, "centered": True}),
  "rmsprop_weight_decay": (optim.RMSprop, RMSPROP | {"alpha": 0.9, "weight_decay": 0.1}),
  "adagrad": (optim.Adagrad, ADAGRAD),
  "adagrad_lr_decay": (
    optim.Adagrad,
    ADAGRAD | {"lr_decay": 0.1, "weight_decay": 0.1, "initial_accumulator_value": 0.1},
  ),
  "asgd": (optim.ASGD, ASGD),
  "asgd_from_start": (optim.ASGD, ASGD | {"t0": 0.0, "weight_decay": 0.1}),
}


def make_optimizers() -> None:
  source = Source(500)
  initial = {name: source.uniform(*shape, low=-1, high=1) for name, shape in SHAPES.items()}
  gradients = {name: source.normal(STEPS, *shape) for name, shape in SHAPES.items()}
  # What a rarely used row of an embedding sees: no gradient at all, and none but once.
  gradients["bias"][:, 0] = 0
  gradients["bias"][:5, 1] = 0
  gradients["bias"][6:, 1] = 0
  tensors = {f"initial/{name}": value for name, value in initial.items()}
  tensors |= {f"gradient/{name}": value for name, value in gradients.items()}
  descriptions = {}
  for case, (make, options) in CASES.items():
    parameters = {name: leaf(value) for name, value in initial.items()}
    optimizer = make(parameters.values(), **options, foreach=False)
    history = {name: [] for name in parameters}
    averages = {name: [] for name in parameters}
    for step in range(STEPS):
      for name, parameter in parameters.items():
        parameter.grad = gradients[name][step].clone()
      optimizer.step()
      for name, parameter in parameters.items():
        history[name].append(parameter.detach().clone())
        if make is optim.ASGD:
          averages[name].append(optimizer.state[parameter]["ax"].clone())
    for name in parameters:
      tensors[f"{case}/{name}"] = torch.stack(history[name])
      if averages[name]:
        tensors[f"{case}/average.{name}"] = torch.stack(averages[name])
    descriptions[case] = {"optimizer": make.__name__.lower(), **options}
  save_fixture("optimizers", tensors, steps=STEPS, cases=descriptions)


def make_clipping() -> None:
  source = Source(501)
  gradients = {"a": source.normal(3, 5), "b": source.normal(7), "c": source.normal(1, scale=3)}
  tensors = {f"gradient/{name}": value for name, value in gradients.items()}
  cases = {
    "norm": {"norm_type": 2.0, "max_norm": 1.0},
    "norm_within": {"norm_type": 2.0, "max_norm": 100.0},
    "norm_infinity": {"norm_type": "inf", "max_norm": 0.5},
    "value": {"clip_value": 0.25},
  }
  for case, options in cases.items():
    parameters = {name: leaf(torch.zeros_like(value)) for name, value in gradients.items()}
    for name, parameter in parameters.items():
      parameter.grad = gradients[name].clone()
    if "clip_value" in options:
      torch.nn.utils.clip_grad_value_(parameters.values(), options["clip_value"])
    else:
      norm = torch.nn.utils.clip_grad_norm_(
        parameters.values(), options["max_norm"], norm_type=float(options["norm_type"])
      )
      tensors[f"{case}/total_norm"] = norm
    tensors |= {f"{case}/{name}": parameter.grad for name, parameter in parameters.items()}
  save_fixture("clipping", tensors, cases=cases)


if __name__ == "__main__":
  torch.set_num_threads(1)
  make_optimizers()
  make_clipping()
