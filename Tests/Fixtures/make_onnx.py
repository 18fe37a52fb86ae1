"""Makes ONNX files and what ONNX Runtime, or the module that they come from, computes with them.

    python Tests/Fixtures/make_onnx.py

- `onnx_nodes.safetensors`: recurrent nodes with every option, as models in bytes, with inputs and the outputs of ONNX
  Runtime; where it refuses (layout = 1) those of the same node with the axes exchanged.
- `onnx_torch.safetensors`: recurrent modules of PyTorch exported by both of its exporters, with the outputs of the module.
- `lstm_peepholes.onnx`, `gru_packed.onnx`: one model of each as a file.
- `onnx_quantized.safetensors`: LSTMs that ONNX Runtime quantised, with the outputs of the floats that it rounded.

Needs the versions pinned in Benchmarks/requirements.txt, and onnxscript.
"""

import io
import itertools
import tempfile
import warnings
from pathlib import Path

import numpy as np
import onnx
import onnxruntime as ort
import torch
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic
from safetensors.torch import save_file
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

HERE = Path(__file__).parent
GATES = {"RNN": 1, "GRU": 3, "LSTM": 4}
T, B, I, H = 5, 3, 4, 6


def rng(name: str) -> np.random.Generator:
  return np.random.default_rng(sum(name.encode()))


def session(model: onnx.ModelProto) -> ort.InferenceSession:
  options = ort.SessionOptions()
  options.log_severity_level = 4
  return ort.InferenceSession(model.SerializeToString(), options)


def node_model(name: str, op: str, attributes: dict, use: set[str], opset: int = 17):
  """A model of one node, its inputs drawn; W, R, B and P are constants."""
  draw = rng(name)
  directions = 2 if attributes.get("direction") == "bidirectional" else 1
  gates = GATES[op]
  uniform = lambda *shape: draw.uniform(-0.8, 0.8, shape).astype(np.float32)
  constants = {"W": uniform(directions, gates * H, I), "R": uniform(directions, gates * H, H)}
  if "B" in use:
    constants["B"] = uniform(directions, 2 * gates * H)
  if "P" in use:
    constants["P"] = uniform(directions, 3 * H)
  inputs = {"X": uniform(T, B, I)}
  if "lengths" in use:
    inputs["lengths"] = np.array([3, 5, 0] if "zero" in use else [2, 5, 3], np.int32)
  if "h" in use:
    inputs["h"] = uniform(directions, B, H)
  if "c" in use:
    inputs["c"] = uniform(directions, B, H)
  names = ["X", "W", "R", "B" if "B" in use else "", "lengths" if "lengths" in use else "", "h" if "h" in use else ""]
  if op == "LSTM":
    names += ["c" if "c" in use else "", "P" if "P" in use else ""]
  outputs = ["Y", "Y_h"] + (["Y_c"] if op == "LSTM" else [])
  node = helper.make_node(op, names, outputs, hidden_size=H, **attributes)
  kinds = {np.dtype("float32"): TensorProto.FLOAT, np.dtype("int32"): TensorProto.INT32}
  graph = helper.make_graph(
    [node], name,
    [helper.make_tensor_value_info(k, kinds[v.dtype], [None] * v.ndim) for k, v in inputs.items()],
    [helper.make_tensor_value_info(k, TensorProto.FLOAT, None) for k in outputs],
    [numpy_helper.from_array(v, k) for k, v in constants.items()])
  model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)], ir_version=8)
  return model, inputs, outputs


def make_nodes() -> None:
  cases: dict[str, tuple[str, dict, set[str]]] = {}
  for op, direction in itertools.product(GATES, ["forward", "reverse", "bidirectional"]):
    cases[f"{op}_{direction}"] = (op, {"direction": direction}, {"B"})
    cases[f"{op}_{direction}_ragged"] = (op, {"direction": direction}, {"B", "lengths", "h", "c"})
  cases["LSTM_plain"] = ("LSTM", {}, set())
  cases["LSTM_peepholes"] = ("LSTM", {}, {"B", "P", "h", "c"})
  cases["LSTM_coupled"] = ("LSTM", {"input_forget": 1}, {"B"})
  cases["LSTM_clip"] = ("LSTM", {"clip": 0.3}, {"B", "h", "c"})
  cases["LSTM_activations"] = (
    "LSTM", {"activations": ["HardSigmoid", "Softsign", "Relu"], "activation_alpha": [0.3], "activation_beta": [0.4]},
    {"B"})
  cases["LSTM_activations_ragged"] = (
    "LSTM", {"direction": "bidirectional", "activations": ["Sigmoid", "Tanh", "Tanh", "Sigmoid", "Softsign", "Tanh"]},
    {"B", "lengths", "h", "c", "P"})
  cases["GRU_after"] = ("GRU", {"linear_before_reset": 1}, {"B", "h"})
  cases["GRU_clip"] = ("GRU", {"clip": 0.4}, {"B"})
  cases["GRU_after_activations"] = (
    "GRU", {"linear_before_reset": 1, "activations": ["HardSigmoid", "ScaledTanh"], "activation_alpha": [0.25, 1.1],
            "activation_beta": [0.5, 0.7]}, {"B", "lengths"})
  cases["RNN_relu"] = ("RNN", {"activations": ["Relu"]}, {"B", "lengths"})
  cases["RNN_affine_clip"] = (
    "RNN", {"activations": ["Affine"], "activation_alpha": [0.5], "activation_beta": [0.1], "clip": 0.5}, {"B"})
  cases["RNN_elu"] = ("RNN", {"activations": ["Elu"], "activation_alpha": [0.7]}, {"B"})
  tensors: dict[str, torch.Tensor] = {}

  def keep(name: str, model: onnx.ModelProto, inputs: dict, results: dict) -> None:
    tensors[f"{name}.model"] = torch.frombuffer(bytearray(model.SerializeToString()), dtype=torch.uint8)
    for key, value in inputs.items():
      tensors[f"{name}.in.{key}"] = torch.from_numpy(value)
    for key, value in results.items():
      tensors[f"{name}.out.{key}"] = torch.from_numpy(np.ascontiguousarray(value))

  for name, (op, attributes, use) in cases.items():
    model, inputs, outputs = node_model(name, op, attributes, use)
    results = dict(zip(outputs, session(model).run(outputs, inputs)))
    keep(name, model, inputs, results)
  for op in GATES:
    # the batch first: ONNX Runtime refuses it, so its axes are exchanged here
    name = f"{op}_layout"
    model, inputs, outputs = node_model(name, op, {"direction": "bidirectional"}, {"B", "lengths", "h", "c"})
    results = dict(zip(outputs, session(model).run(outputs, inputs)))
    model.graph.node[0].attribute.append(helper.make_attribute("layout", 1))
    inputs = {k: v if k == "lengths" else np.ascontiguousarray(np.swapaxes(v, 0, 1)) for k, v in inputs.items()}
    results = {k: v.transpose(2, 0, 1, 3) if k == "Y" else np.swapaxes(v, 0, 1) for k, v in results.items()}
    keep(name, model, inputs, results)
  (HERE / "lstm_peepholes.onnx").write_bytes(tensors["LSTM_peepholes.model"].numpy().tobytes())
  save_file(tensors, HERE / "onnx_nodes.safetensors")


class Stack(nn.Module):
  """Layers whose outputs and states go on."""

  def __init__(self, layers: nn.Module) -> None:
    super().__init__()
    self.layers = layers
    self.head = nn.Linear(H * (2 if layers.bidirectional else 1), 2)

  def forward(self, x):
    y, state = self.layers(x)
    return self.head(torch.tanh(y)), *(state if isinstance(state, tuple) else (state,))


class Packed(nn.Module):
  """Ragged rows by way of a packed sequence."""

  def __init__(self, layers: nn.Module) -> None:
    super().__init__()
    self.layers = layers

  def forward(self, x, lengths):
    packed = pack_padded_sequence(x, lengths, enforce_sorted=False)
    y, state = self.layers(packed)
    y, _ = pad_packed_sequence(y, total_length=x.shape[0])
    return y, *(state if isinstance(state, tuple) else (state,))


def make_torch() -> None:
  tensors: dict[str, torch.Tensor] = {}
  warnings.filterwarnings("ignore")
  for cell, (layers, bidirectional, first), dynamo in itertools.product(
    [nn.RNN, nn.GRU, nn.LSTM], [(1, False, False), (2, True, False), (2, False, True)], [False, True]
  ):
    name = f"{cell.__name__}_{layers}{'_bi' if bidirectional else ''}{'_first' if first else ''}{'_dynamo' if dynamo else ''}"
    torch.manual_seed(len(name))
    module = Stack(cell(I, H, layers, bidirectional=bidirectional, batch_first=first)).eval()
    x = torch.randn(B, T, I) if first else torch.randn(T, B, I)
    content = io.BytesIO()
    axes = {0: "batch", 1: "time"} if first else {0: "time", 1: "batch"}
    try:
      if dynamo:
        dims = {0: torch.export.Dim("batch"), 1: torch.export.Dim("time")}
        program = torch.onnx.export(module, (x,), dynamo=True, verbose=False)
        content.write(program.model_proto.SerializeToString())
      else:
        torch.onnx.export(module, (x,), content, dynamo=False, input_names=["x"], dynamic_axes={"x": axes})
    except Exception as error:  # an exporter that cannot is no business of ours
      print(f"{name}: not exported: {str(error).splitlines()[0]}")
      continue
    model = onnx.load_model_from_string(content.getvalue())
    tensors[f"{name}.model"] = torch.frombuffer(bytearray(model.SerializeToString()), dtype=torch.uint8)
    tensors[f"{name}.in.{model.graph.input[0].name}"] = x
    for info, value in zip(model.graph.output, module(x)):
      tensors[f"{name}.out.{info.name}"] = value.detach().contiguous()
  for cell in [nn.RNN, nn.GRU, nn.LSTM]:
    name = f"{cell.__name__}_packed"
    torch.manual_seed(len(name))
    module = Packed(cell(I, H, 2, bidirectional=True)).eval()
    x, lengths = torch.randn(T, B, I), torch.tensor([3, 5, 2])
    content = io.BytesIO()
    torch.onnx.export(
      module, (x, lengths), content, dynamo=False, input_names=["x", "lengths"],
      dynamic_axes={"x": {0: "time", 1: "batch"}, "lengths": {0: "batch"}})
    model = onnx.load_model_from_string(content.getvalue())
    tensors[f"{name}.model"] = torch.frombuffer(bytearray(model.SerializeToString()), dtype=torch.uint8)
    tensors[f"{name}.in.x"], tensors[f"{name}.in.lengths"] = x, lengths
    for info, value in zip(model.graph.output, module(x, lengths)):
      tensors[f"{name}.out.{info.name}"] = value.detach().contiguous()
  (HERE / "gru_packed.onnx").write_bytes(tensors["GRU_packed.model"].numpy().tobytes())
  save_file(tensors, HERE / "onnx_torch.safetensors")


def make_quantized() -> None:
  tensors: dict[str, torch.Tensor] = {}
  for direction, channels in itertools.product(["forward", "bidirectional"], [False, True]):
    name = f"LSTM_{direction}{'_channels' if channels else ''}"
    model, inputs, outputs = node_model(name, "LSTM", {"direction": direction}, {"B", "h", "c"})
    with tempfile.TemporaryDirectory() as scratch:
      onnx.save(model, f"{scratch}/float.onnx")
      quantize_dynamic(f"{scratch}/float.onnx", f"{scratch}/bytes.onnx", per_channel=channels, weight_type=QuantType.QInt8)
      quantized = onnx.load(f"{scratch}/bytes.onnx")
    # what the weights stand for; the activations, which ONNX Runtime rounds too, stay floats
    constants = {t.name: numpy_helper.to_array(t) for t in quantized.graph.initializer}
    node = next(n for n in quantized.graph.node if n.op_type == "DynamicQuantizeLSTM")
    rounded = onnx.ModelProto()
    rounded.CopyFrom(model)
    for place, (weight, scale, zero) in enumerate([(1, 8, 9), (2, 10, 11)]):
      values, scales, zeros = (constants[node.input[i]] for i in (weight, scale, zero))
      wide = scales[:, None, None] if scales.ndim == 1 else scales[:, None, :]
      offset = zeros.astype(np.float32)
      offset = offset[:, None, None] if offset.ndim == 1 else offset[:, None, :]
      floats = ((values.astype(np.float32) - offset) * wide).transpose(0, 2, 1)
      rounded.graph.initializer[place].CopyFrom(numpy_helper.from_array(np.ascontiguousarray(floats), "WR"[place]))
    results = session(rounded).run(outputs, inputs)
    tensors[f"{name}.model"] = torch.frombuffer(bytearray(quantized.SerializeToString()), dtype=torch.uint8)
    for key, value in inputs.items():
      tensors[f"{name}.in.{key}"] = torch.from_numpy(value)
    for key, value in zip(outputs, results):
      tensors[f"{name}.out.{key}"] = torch.from_numpy(np.ascontiguousarray(value))
  save_file(tensors, HERE / "onnx_quantized.safetensors")


if __name__ == "__main__":
  make_nodes()
  make_torch()
  make_quantized()
