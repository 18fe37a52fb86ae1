"""Makes keras.zip: models that Keras saved whole, as `CASE.keras` and `CASE.h5`, and what they give.

`CASE.npz` has the inputs by the names of their tensors, and `output`, or `output_0`, `output_1`; `weights/CASE.weights.h5` with `weights/CASE.npz` are
weights alone. Needs keras 3.15.1 (KERAS_BACKEND=torch) and h5py 3.16.0.
"""

import io
import os
import tempfile
import warnings
import zipfile
from pathlib import Path

os.environ.setdefault("KERAS_BACKEND", "torch")
warnings.filterwarnings("ignore")

import keras
import numpy as np
from keras import layers as k

HERE = Path(__file__).parent
B, T, I = 3, 6, 4


def cases() -> dict:
  """Makers of models, each with the shapes of its inputs; integers below 9 where a shape is followed by `int`."""
  sequence = lambda *stack: keras.Sequential([keras.Input((None, I)), *stack])
  table = lambda *stack: keras.Sequential([keras.Input((None,)), *stack])

  def functional():
    x = keras.Input((T, I), name="signal")
    left = k.LSTM(3, return_sequences=True, name="left")(x)
    right = k.TimeDistributed(k.Dense(3, activation="relu"), name="right")(x)
    both = k.Concatenate(name="both")([k.Add(name="sum")([left, right]), x])
    return keras.Model(x, [k.GRU(5, name="code")(both), k.Dense(2, name="steps")(both)])

  def states():
    x = keras.Input((None, I), name="x")
    y, h, c = k.LSTM(3, return_sequences=True, return_state=True, name="encoder")(x)
    return keras.Model(x, [y, k.Multiply(name="product")([h, c])])

  def two_inputs():
    words, series = keras.Input((None,), dtype="int32", name="words"), keras.Input((None, I), name="series")
    left = k.GRU(3)(k.Embedding(9, 5)(words))
    return keras.Model([words, series], k.Average()([left, k.SimpleRNN(3)(series)]))

  def masked():
    words = keras.Input((None,), dtype="int32", name="words")
    rows = k.Embedding(9, 5, mask_zero=True)(words)
    return keras.Model(words, k.Concatenate()([k.LSTM(3)(rows), k.Bidirectional(k.GRU(2))(rows)]))

  def masked_series():
    x = keras.Input((None, I), name="x")
    return keras.Model(x, k.Dense(2)(k.GRU(3)(k.LSTM(4, return_sequences=True)(k.Masking()(x)))))

  def all_states():
    x = keras.Input((None, I), name="x")
    return keras.Model(x, k.LSTM(3, return_sequences=True, return_state=True, name="encoder")(x))

  activations = ["linear", "relu", "softsign", "softplus", "elu", "hard_sigmoid", "leaky_relu"]
  dense = ["selu", "exponential", "log_softmax", "relu6", "silu", "gelu", "softmax", "hard_sigmoid"]
  found = {
    "stack": (lambda: sequence(k.LSTM(8, return_sequences=True), k.GRU(4, return_sequences=True), k.SimpleRNN(5), k.Dense(2)), [(B, T, I)]),
    "gru_before": (lambda: sequence(k.GRU(3, reset_after=False, return_sequences=True), k.GRU(3, use_bias=False)), [(B, T, I)]),
    "backwards": (lambda: sequence(k.LSTM(3, go_backwards=True, return_sequences=True), k.GRU(3, go_backwards=True)), [(B, T, I)]),
    "bidirectional_sequences": (
      lambda: sequence(*[k.Bidirectional(k.LSTM(3, return_sequences=True), merge_mode=m) for m in ["concat", "sum", "mul", "ave"]]),
      [(B, T, I)]),
    "bidirectional_last": (lambda: sequence(k.Bidirectional(k.GRU(3)), k.Dropout(0.5), k.Dense(2, activation="softmax")), [(B, T, I)]),
    "bidirectional_two": (
      lambda: sequence(k.Bidirectional(k.LSTM(3, return_sequences=True), backward_layer=k.GRU(2, return_sequences=True, go_backwards=True))),
      [(B, T, I)]),
    "masking": (lambda: sequence(k.Masking(mask_value=0.0), k.LSTM(4, return_sequences=True), k.GRU(3)), [(B, T, I)]),
    "masking_zeros": (
      lambda: sequence(k.Masking(), k.LSTM(4, return_sequences=True, zero_output_for_mask=True), k.GlobalAveragePooling1D()), [(B, T, I)]),
    "masking_both": (lambda: sequence(k.Masking(), k.Bidirectional(k.GRU(3, return_sequences=True)), k.Bidirectional(k.LSTM(2))), [(B, T, I)]),
    "words": (
      lambda: table(k.Embedding(9, 5, mask_zero=True), k.SpatialDropout1D(0.2), k.Bidirectional(k.LSTM(4)), k.Dense(1, activation="sigmoid")),
      [(B, T, int)]),
    "tagger": (
      lambda: table(k.Embedding(9, 5), k.GRU(4, return_sequences=True), k.LayerNormalization(), k.TimeDistributed(k.Dense(3, activation="softmax"))),
      [(B, T, int)]),
    "autoencoder": (
      lambda: keras.Sequential([keras.Input((T, I)), k.LSTM(3), k.RepeatVector(T), k.LSTM(3, return_sequences=True), k.TimeDistributed(k.Dense(I))]),
      [(B, T, I)]),
    "convolutions": (
      lambda: sequence(k.Conv1D(6, 3, padding="causal", activation="relu"), k.MaxPooling1D(2), k.Conv1D(4, 2, strides=2, padding="same"),
                       k.BatchNormalization(), k.LSTM(3)), [(B, 9, I)]),
    "shapes": (
      lambda: keras.Sequential([keras.Input((T, I)), k.Permute((2, 1)), k.Reshape((T, I)), k.SimpleRNN(3, return_sequences=True), k.Flatten(), k.Dense(2)]),
      [(B, T, I)]),
    "nested": (lambda: sequence(keras.Sequential([k.LSTM(3, return_sequences=True), k.Dense(4)], name="front"), k.GRU(2), k.Dense(3)), [(B, T, I)]),
    "functional": (functional, [(B, T, I)]),
    "states": (states, [(B, T, I)]),
    "two_inputs": (two_inputs, [(B, T, int), (B, T, I)]),
    "masked": (masked, [(B, T, int)]),
    "masked_series": (masked_series, [(B, T, I)]),
    "all_states": (all_states, [(B, T, I)]),
    "flat": (lambda: keras.Sequential([keras.Input((T, I)), k.LSTM(3, return_sequences=True), k.Reshape((-1,)), k.Dense(2)]), [(B, T, I)]),
  }
  for name in activations:
    found[f"cell_{name}"] = (
      lambda name=name: sequence(k.LSTM(3, activation=name, recurrent_activation="hard_sigmoid", return_sequences=True),
                                 k.GRU(3, activation="tanh", recurrent_activation=name, return_sequences=True), k.SimpleRNN(2, activation=name)),
      [(B, T, I)])
  found["dense_activations"] = (lambda: sequence(k.LSTM(4), *[k.Dense(4, activation=name) for name in dense], k.LeakyReLU(0.1), k.ReLU()), [(B, T, I)])
  return found


def inputs(shapes: list) -> list[np.ndarray]:
  arrays = []
  for shape in shapes:
    draw = np.random.default_rng(len(arrays) + 5)
    if shape[-1] is int:
      values = draw.integers(1, 9, shape[:-1])
      values[0, :2], values[1, -3:], values[2, 2:4] = 0, 0, 0
    else:
      values = draw.normal(size=shape).astype(np.float32)
      # steps that a mask leaves out: before, behind and between others
      values[0, :2], values[1, -2:], values[2, 2:4] = 0, 0, 0
    arrays.append(values)
  return arrays


def main() -> None:
  with zipfile.ZipFile(HERE / "keras.zip", "w", zipfile.ZIP_DEFLATED) as archive, tempfile.TemporaryDirectory() as scratch:
    def write(name: str, content: bytes) -> None:
      archive.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)

    for name, (make, shapes) in cases().items():
      keras.backend.clear_session()
      keras.utils.set_random_seed(7)
      model, given = make(), inputs(shapes)
      for weight in model.weights:
        if "bias" in weight.path or "gamma" in weight.path or "moving" in weight.path or "beta" in weight.path:
          weight.assign(np.random.default_rng(len(weight.path)).uniform(0.2, 0.9, weight.shape))
      outputs = model(given if len(given) > 1 else given[0])
      outputs = [keras.ops.convert_to_numpy(o) for o in (outputs if isinstance(outputs, (list, tuple)) else [outputs])]
      for ending in ["keras", "h5"]:
        model.save(f"{scratch}/m.{ending}")
        write(f"{name}.{ending}", Path(f"{scratch}/m.{ending}").read_bytes())
      content = io.BytesIO()
      results = {"output": outputs[0]} if len(outputs) == 1 else {f"output_{i}": o for i, o in enumerate(outputs)}
      np.savez(content, **{t.name: v for t, v in zip(model.inputs, given)}, **results)
      write(f"{name}.npz", content.getvalue())
    for name, stack in {"lstm_gru": [k.LSTM(8, return_sequences=True), k.GRU(5, return_sequences=True)],
                        "both": [k.Bidirectional(k.LSTM(3, return_sequences=True))],
                        "beside": [k.LSTM(3, return_sequences=True), k.Dense(2)]}.items():
      keras.backend.clear_session()
      keras.utils.set_random_seed(7)
      model, given = keras.Sequential([keras.Input((None, I)), *stack]), inputs([(B, T, I)])
      model.save_weights(f"{scratch}/m.weights.h5")
      write(f"weights/{name}.weights.h5", Path(f"{scratch}/m.weights.h5").read_bytes())
      content = io.BytesIO()
      np.savez(content, input=given[0], output=keras.ops.convert_to_numpy(model(given[0])))
      write(f"weights/{name}.npz", content.getvalue())


if __name__ == "__main__":
  main()
