"""JAX beside the benchmark: jitted `lax.scan`, the products of the input taken out of the loop.

Run by the benchmark; the protocol is in worker.py. Versions are pinned in Benchmarks/requirements.txt.
"""

import os
import time
from functools import partial

import jax
import jax.numpy as jnp
from jax import lax

import worker
from worker import Problem, Variant, Work

Parameters = dict[str, jax.Array]


def cell_step(cell: str, hidden: int, parameters: Parameters, suffix: str):
  """(state, sums of the input) -> (state, output), in PyTorch's equations and gate order."""
  weight = parameters[f"weight_hh{suffix}"].T
  bias = parameters.get(f"bias_hh{suffix}", 0.0)

  def lstm(state, fixed):
    h, c = state
    i, f, g, o = jnp.split(fixed + h @ weight + bias, 4, axis=-1)
    c = jax.nn.sigmoid(f) * c + jax.nn.sigmoid(i) * jnp.tanh(g)
    h = jax.nn.sigmoid(o) * jnp.tanh(c)
    return (h, c), h

  def gru(state, fixed):
    (h,) = state
    r, z, n = jnp.split(fixed, 3, axis=-1)
    hr, hz, hn = jnp.split(h @ weight + bias, 3, axis=-1)
    n = jnp.tanh(n + jax.nn.sigmoid(r + hr) * hn)
    z = jax.nn.sigmoid(z + hz)
    h = (1 - z) * n + z * h
    return (h,), h

  def elman(activation, state, fixed):
    h = activation(fixed + state[0] @ weight + bias)
    return (h,), h

  return {
    "lstm": lstm,
    "gru": gru,
    "rnn_tanh": partial(elman, jnp.tanh),
    "rnn_relu": partial(elman, jax.nn.relu),
  }[cell]


def zero_state(problem: Problem):
  zeros = jnp.zeros((problem["B"], problem["H"]))
  return (zeros, zeros) if problem.cell == "lstm" else (zeros,)


def own_states(problem: Problem) -> list:
  """Zero states of all layers, each part in a buffer of its own: donated ones may not be shared."""
  return [jax.tree.map(lambda part: part + 0, zero_state(problem)) for _ in range(problem["layers"])]


def run_layers(problem: Problem, unroll: int, parameters: Parameters, x: jax.Array, states=None, drop=None):
  """Outputs [T, B, D * H] of all layers and their last states; rows end at their lengths."""
  lengths = None if problem.lengths is None else jnp.asarray(problem.lengths)[:, None]
  times = jnp.arange(x.shape[0])
  directions = int(problem.numbers.get("directions", 1))
  final = []
  for layer in range(problem["layers"]):
    if layer > 0 and drop is not None:
      x = drop(layer, x)
    outputs = []
    for direction, reverse in enumerate(("", "_reverse")[:directions]):
      suffix = f"_l{layer}{reverse}"
      step = cell_step(problem.cell, problem["H"], parameters, suffix)
      fixed = x @ parameters[f"weight_ih{suffix}"].T + parameters.get(f"bias_ih{suffix}", 0.0)

      def body(state, values):
        following, output = step(state, values[0])
        if lengths is not None:
          alive = values[1] < lengths
          following = jax.tree.map(lambda new, old: jnp.where(alive, new, old), following, state)
          output = jnp.where(alive, output, 0)
        return following, output

      begin = zero_state(problem) if states is None else states[len(final)]
      end, output = lax.scan(body, begin, (fixed, times), reverse=bool(reverse), unroll=unroll)
      outputs.append(output)
      final.append(end)
    x = outputs[0] if directions == 1 else jnp.concatenate(outputs, axis=-1)
  return x, final


def open_layer(problem: Problem) -> Work:
  parameters = {name: jnp.asarray(value) for name, value in problem.layer_parameters().items()}
  x, upstream = jnp.asarray(problem.inputs()), jnp.asarray(problem.upstream())

  def variant(unroll: int) -> Variant:
    forward = jax.jit(lambda parameters, x: run_layers(problem, unroll, parameters, x)[0])

    def loss(parameters, x):
      output = run_layers(problem, unroll, parameters, x)[0]
      return jnp.sum(output * upstream), output

    train = jax.jit(jax.value_and_grad(loss, argnums=(0, 1), has_aux=True))
    if problem.mode == "forward":
      return Variant(
        lambda: wait(forward(parameters, x)),
        lambda: worker.layer_values(problem, forward(parameters, x)),
      )

    def check() -> dict[str, float]:
      (_, output), (gradients, of_input) = train(parameters, x)
      return worker.layer_values(problem, output, gradients | {"input": of_input})

    return Variant(lambda: wait(train(parameters, x)), check)

  return Work({"scan": lambda: variant(1), "scan, 8 steps unrolled": lambda: variant(8)})


def wait(values) -> None:
  jax.block_until_ready(values)


def open_step(problem: Problem) -> Work:
  parameters = {name: jnp.asarray(value) for name, value in problem.layer_parameters().items()}
  x = jnp.asarray(problem.inputs())
  steps = problem["steps"]

  def make() -> Variant:
    @partial(jax.jit, donate_argnums=(2,))
    def step(parameters, x, states):
      output, states = run_layers(problem, 1, parameters, x, states)
      return output[0], states

    def go(count: int):
      states = own_states(problem)
      for _ in range(count):
        output, states = step(parameters, x, states)
        output.block_until_ready()
      return output

    def run() -> float:
      begin = time.perf_counter()
      go(steps)
      return (time.perf_counter() - begin) * 1e3 / steps

    return Variant(run, lambda: {"output": worker.norm(go(5))})

  return Work({"jit": make})


def open_language_model(problem: Problem) -> Work:
  tokens, targets = (jnp.asarray(ids) for ids in problem.tokens())
  rate, clip = problem.numbers["rate"], problem.numbers["clip"]
  is_adam = problem.options.get("optimizer") == "adam"

  def make(dropout: float, unroll: int):
    def drop(key, x):
      if dropout == 0:
        return x
      keep = jax.random.bernoulli(key, 1 - dropout, x.shape)
      return jnp.where(keep, x / (1 - dropout), 0)

    def loss_of(parameters, states, key):
      keys = jax.random.split(key, problem["layers"] + 1)
      x = drop(keys[0], parameters["embedding.weight"][tokens])
      x, states = run_layers(problem, unroll, parameters, x, states, lambda layer, x: drop(keys[layer], x))
      x = drop(keys[-1], x)
      logits = x @ parameters["decoder.weight"].T + parameters["decoder.bias"]
      chosen = jnp.take_along_axis(jax.nn.log_softmax(logits), targets[..., None], axis=-1)
      return -jnp.mean(chosen), states

    @partial(jax.jit, donate_argnums=(0, 1, 2))
    def step(parameters, states, moments, key, number):
      (loss, states), gradients = jax.value_and_grad(loss_of, has_aux=True)(parameters, states, key)
      norm = jnp.sqrt(sum(jnp.sum(jnp.square(gradient)) for gradient in gradients.values()))
      scale = jnp.minimum(1.0, clip / (norm + 1e-6))
      gradients = jax.tree.map(lambda gradient: gradient * scale, gradients)
      if is_adam:
        first = jax.tree.map(lambda m, g: 0.9 * m + 0.1 * g, moments[0], gradients)
        second = jax.tree.map(lambda v, g: 0.999 * v + 0.001 * g * g, moments[1], gradients)
        correction, bias = 1 - 0.9**number, 1 - 0.999**number

        def update(parameter, m, v):
          return parameter - rate / correction * m / (jnp.sqrt(v / bias) + 1e-8)

        return loss, jax.tree.map(update, parameters, first, second), states, (first, second)
      return loss, jax.tree.map(lambda p, g: p - rate * g, parameters, gradients), states, moments

    parameters = {name: jnp.array(value) for name, value in problem.language_model_parameters().items()}
    states = own_states(problem)
    moments = tuple(jax.tree.map(jnp.zeros_like, parameters) for _ in range(2)) if is_adam else ()
    key, number = jax.random.key(1), 0

    def run() -> float:
      nonlocal parameters, states, moments, number
      number += 1
      loss, parameters, states, moments = step(
        parameters, states, moments, jax.random.fold_in(key, number), float(number)
      )
      wait(parameters)
      return float(loss)

    return run

  def variant(unroll: int) -> Variant:
    step = make(problem.numbers["dropout"], unroll)

    def check() -> dict[str, float]:
      checked = make(0, unroll)
      return {f"loss {number}": checked() for number in (1, 2, 3)}

    def run() -> None:
      step()

    return Variant(run, check)

  return Work({"jit": lambda: variant(1), "jit, 5 steps unrolled": lambda: variant(5)})


OPENERS = {
  "layer": open_layer,
  "ragged": open_layer,
  "step": open_step,
  "language-model": open_language_model,
}


def open_problem(problem: Problem) -> Work:
  problem.require(set(OPENERS), {"forward", "training", "step"}, {"bias", "optimizer"})
  # read by XLA when its first client is made
  os.environ["NPROC"] = str(problem.threads)
  jax.config.update("jax_platforms", "cpu")
  return OPENERS[problem.kind](problem)


if __name__ == "__main__":
  worker.serve("jax", {"jax": jax.__version__, "jaxlib": jax.lib.__version__}, open_problem)
