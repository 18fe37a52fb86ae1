"""TensorFlow beside the benchmark: Keras layers in `tf.function`, with and without XLA.

Run by the benchmark; the protocol is in worker.py. Versions are pinned in Benchmarks/requirements.txt.
"""

import os
import time

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
os.environ.setdefault("KERAS_BACKEND", "tensorflow")

import keras
import numpy as np
import tensorflow as tf

import worker
from worker import Problem, Variant, Work

# where PyTorch's gates i f g o and r z n stand in Keras
GATE_ORDER = {"lstm": (0, 1, 2, 3), "gru": (1, 0, 2), "rnn_tanh": (0,), "rnn_relu": (0,)}


def make_layer(problem: Problem, **form) -> keras.layers.Layer:
  form |= {"use_bias": problem.has_bias, "return_sequences": True, "return_state": True}
  hidden = problem["H"]
  match problem.cell:
    case "lstm":
      return keras.layers.LSTM(hidden, **form)
    case "gru":
      return keras.layers.GRU(hidden, reset_after=problem.options.get("reset") != "before", **form)
    case cell:
      return keras.layers.SimpleRNN(hidden, activation=cell.removeprefix("rnn_"), **form)


def reordered(problem: Problem, value: np.ndarray) -> np.ndarray:
  parts = np.split(value, problem.gates)
  return np.concatenate([parts[gate] for gate in GATE_ORDER[problem.cell]])


def fill(problem: Problem, layer: keras.layers.Layer, parameters: dict, width: int, suffix: str) -> None:
  """Gives a layer PyTorch's weights."""
  layer.build((problem["B"], None, width))
  weights = [reordered(problem, parameters[f"{name}{suffix}"]).T for name in ("weight_ih", "weight_hh")]
  if problem.has_bias:
    biases = [reordered(problem, parameters[f"{name}{suffix}"]) for name in ("bias_ih", "bias_hh")]
    split = problem.cell == "gru" and problem.options.get("reset") != "before"
    weights.append(np.stack(biases) if split else biases[0] + biases[1])
  layer.set_weights(weights)


class Layers:
  """The layers of a problem, batch first as Keras wants it."""

  def __init__(self, problem: Problem, width: int, parameters: dict):
    self.problem, self.levels, self.names = problem, [], []
    for level in range(problem["layers"]):
      directions = []
      for index, suffix in enumerate(("", "_reverse")[: int(problem.numbers.get("directions", 1))]):
        layer = make_layer(problem, go_backwards=index == 1)
        fill(problem, layer, parameters, width, f"_l{level}{suffix}")
        directions.append(layer)
        self.names.append(f"_l{level}{suffix}")
      self.levels.append(directions)
      width = problem["H"] * len(directions)

  @property
  def layers(self) -> list[keras.layers.Layer]:
    return [layer for directions in self.levels for layer in directions]

  @property
  def variables(self) -> list[tf.Variable]:
    return [weight.value for layer in self.layers for weight in layer.trainable_weights]

  def __call__(self, x: tf.Tensor, states=None, drop=None):
    final = []
    for level, directions in enumerate(self.levels):
      if level > 0 and drop is not None:
        x = drop(x)
      outputs = []
      for index, layer in enumerate(directions):
        output, *state = layer(x, initial_state=None if states is None else states[len(final)])
        outputs.append(tf.reverse(output, [1]) if index == 1 else output)
        final.append(state)
      x = outputs[0] if len(outputs) == 1 else tf.concat(outputs, axis=-1)
    return x, final

  def gradients(self, values: list[tf.Tensor]) -> dict[str, np.ndarray]:
    """Gradients by PyTorch's names; PyTorch's two biases have the gradient of the one bias of Keras."""
    result, rest = {}, list(values)
    for suffix in self.names:
      result[f"weight_ih{suffix}"] = rest.pop(0).numpy()
      result[f"weight_hh{suffix}"] = rest.pop(0).numpy()
      if self.problem.has_bias:
        bias = rest.pop(0).numpy()
        pair = bias if bias.ndim == 2 else (bias, bias)
        result[f"bias_ih{suffix}"], result[f"bias_hh{suffix}"] = pair
    return result


def variants(make) -> Work:
  return Work({"graph": lambda: make(False), "XLA": lambda: make(True)})


def open_layer(problem: Problem) -> Work:
  x = tf.constant(problem.inputs().transpose(1, 0, 2))
  upstream = tf.constant(problem.upstream().transpose(1, 0, 2))

  def make(is_compiled: bool) -> Variant:
    layers = Layers(problem, problem["I"], problem.layer_parameters())
    forward = tf.function(lambda x: layers(x)[0], jit_compile=is_compiled)

    @tf.function(jit_compile=is_compiled)
    def train(x):
      with tf.GradientTape() as tape:
        tape.watch(x)
        output = layers(x)[0]
        loss = tf.reduce_sum(output * upstream)
      return output, tape.gradient(loss, [x, *layers.variables])

    def check() -> dict[str, float]:
      if problem.mode == "forward":
        return worker.layer_values(problem, forward(x).numpy().transpose(1, 0, 2))
      output, (of_input, *gradients) = train(x)
      named = layers.gradients(gradients) | {"input": of_input.numpy()}
      return worker.layer_values(problem, output.numpy().transpose(1, 0, 2), named)

    def run() -> None:
      # the last result is read, so that nothing is left to compute
      forward(x).numpy() if problem.mode == "forward" else train(x)[1][0].numpy()

    return Variant(run, check)

  return variants(make)


def open_step(problem: Problem) -> Work:
  x = tf.constant(problem.inputs().transpose(1, 0, 2))
  steps = problem["steps"]

  def make(is_compiled: bool) -> Variant:
    layers = Layers(problem, problem["I"], problem.layer_parameters())
    step = tf.function(lambda x, states: layers(x, states), jit_compile=is_compiled, reduce_retracing=True)
    zeros = tf.zeros((problem["B"], problem["H"]))

    def go(count: int):
      states = [[zeros] * (2 if problem.cell == "lstm" else 1) for _ in layers.layers]
      for _ in range(count):
        output, states = step(x, states)
      return output.numpy()

    def run() -> float:
      begin = time.perf_counter()
      go(steps)
      return (time.perf_counter() - begin) * 1e3 / steps

    return Variant(run, lambda: {"output": worker.norm(go(5))})

  return variants(make)


def open_language_model(problem: Problem) -> Work:
  """A whole training step. The gradient of the token vectors stays sparse, as TensorFlow has it."""
  tokens, targets = (tf.constant(ids.T, dtype=tf.int32) for ids in problem.tokens())
  rate, clip = problem.numbers["rate"], problem.numbers["clip"]

  def make_step(dropout: float, is_compiled: bool):
    parameters = problem.language_model_parameters()
    layers = Layers(problem, problem["E"], parameters)
    embedding = tf.Variable(parameters["embedding.weight"])
    decoder = tf.Variable(parameters["decoder.weight"].T)
    bias = tf.Variable(parameters["decoder.bias"])
    variables = [embedding, *layers.variables, decoder, bias]
    is_adam = problem.options.get("optimizer") == "adam"
    first, second = ([tf.Variable(tf.zeros_like(value)) for value in variables if is_adam] for _ in range(2))

    def drop(x):
      return tf.nn.dropout(x, dropout) if dropout > 0 else x

    @tf.function(jit_compile=is_compiled)
    def step(states, number):
      with tf.GradientTape() as tape:
        x = drop(tf.gather(embedding, tokens))
        x, states = layers(x, states, drop)
        logits = tf.tensordot(drop(x), decoder, 1) + bias
        loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(targets, logits))
      gradients = tape.gradient(loss, variables)
      gradients, _ = tf.clip_by_global_norm(gradients, clip)
      for index, (variable, gradient) in enumerate(zip(variables, gradients)):
        if not is_adam:
          if isinstance(gradient, tf.IndexedSlices):
            variable.scatter_sub(tf.IndexedSlices(rate * gradient.values, gradient.indices))
          else:
            variable.assign_sub(rate * gradient)
          continue
        gradient = tf.convert_to_tensor(gradient)
        m = first[index].assign(0.9 * first[index] + 0.1 * gradient)
        v = second[index].assign(0.999 * second[index] + 0.001 * gradient * gradient)
        scale = rate / (1 - tf.pow(0.9, number))
        variable.assign_sub(scale * m / (tf.sqrt(v / (1 - tf.pow(0.999, number))) + 1e-8))
      return loss, states

    zeros = tf.zeros((problem["B"], problem["H"]))
    states = [[zeros] * (2 if problem.cell == "lstm" else 1) for _ in layers.layers]
    number = 0

    def run() -> float:
      nonlocal states, number
      number += 1
      loss, states = step(states, tf.constant(float(number)))
      return float(loss)

    return run

  def make(is_compiled: bool) -> Variant:
    step = make_step(problem.numbers["dropout"], is_compiled)

    def run() -> None:
      step()

    def check() -> dict[str, float]:
      checked = make_step(0, is_compiled)
      return {f"loss {number}": checked() for number in (1, 2, 3)}

    return Variant(run, check)

  return variants(make)


OPENERS = {"layer": open_layer, "step": open_step, "language-model": open_language_model}


def open_problem(problem: Problem) -> Work:
  problem.require(set(OPENERS), {"forward", "training", "step"}, {"bias", "optimizer", "reset"})
  tf.config.threading.set_intra_op_parallelism_threads(problem.threads)
  tf.config.threading.set_inter_op_parallelism_threads(1)
  return OPENERS[problem.kind](problem)


if __name__ == "__main__":
  worker.serve("tensorflow", {"tensorflow": tf.__version__, "keras": keras.__version__}, open_problem)
