"""ONNX models of the problems, built from PyTorch's weights with onnx.helper.

Inputs: `x` [T, B, I], for ragged problems `lengths` [B]; outputs `output` [T, B, D * H]. Models of single steps
also take and give the states `h0`, `c0`, ... and `h0_next`, ... of each layer, [1, B, H].
"""

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from worker import Problem

# where PyTorch's gates i f g o and r z n stand in ONNX: i o f c and z r h
GATE_ORDER = {"lstm": (0, 3, 1, 2), "gru": (1, 0, 2), "rnn_tanh": (0,), "rnn_relu": (0,)}
OPERATORS = {"lstm": "LSTM", "gru": "GRU", "rnn_tanh": "RNN", "rnn_relu": "RNN"}
KINDS = {"layer", "graph", "ragged", "step"}
MODES = {"forward", "step"}
OPTIONS = {"bias", "reset"}


def reordered(problem: Problem, value: np.ndarray) -> np.ndarray:
  parts = np.split(value, problem.gates)
  return np.concatenate([parts[gate] for gate in GATE_ORDER[problem.cell]])


def state_names(problem: Problem) -> list[str]:
  """The states of a model of single steps, layer by layer."""
  parts = "hc" if problem.cell == "lstm" else "h"
  return [f"{part}{layer}" for layer in range(problem["layers"]) for part in parts]


def make_model(problem: Problem) -> bytes:
  """The serialised model of a problem."""
  parameters = problem.layer_parameters()
  is_step = problem.kind == "step"
  directions, hidden, batch = int(problem.numbers.get("directions", 1)), problem["H"], problem["B"]
  steps = 1 if is_step else problem["T"]
  nodes, constants = [], [numpy_helper.from_array(np.array([0, 0, -1], dtype=np.int64), "flat")]
  value = "x"
  for layer in range(problem["layers"]):
    suffixes = [f"_l{layer}{reverse}" for reverse in ("", "_reverse")[:directions]]

    def stacked(name: str) -> np.ndarray:
      return np.stack([reordered(problem, parameters[f"{name}{suffix}"]) for suffix in suffixes])

    constants.append(numpy_helper.from_array(stacked("weight_ih"), f"W{layer}"))
    constants.append(numpy_helper.from_array(stacked("weight_hh"), f"R{layer}"))
    if problem.has_bias:
      biases = np.concatenate([stacked("bias_ih"), stacked("bias_hh")], axis=1)
      constants.append(numpy_helper.from_array(biases, f"B{layer}"))
    attributes = {"hidden_size": hidden, "direction": "bidirectional" if directions == 2 else "forward"}
    if problem.cell == "gru":
      attributes["linear_before_reset"] = int(problem.options.get("reset") != "before")
    if problem.cell == "rnn_relu":
      attributes["activations"] = ["Relu"] * directions
    states = [f"{part}{layer}" for part in ("hc" if problem.cell == "lstm" else "h")] if is_step else []
    inputs = [value, f"W{layer}", f"R{layer}", f"B{layer}" if problem.has_bias else ""]
    inputs += ["lengths" if problem.lengths else "", *states]
    outputs = [f"Y{layer}", *(f"{state}_next" for state in states)]
    nodes.append(helper.make_node(OPERATORS[problem.cell], inputs, outputs, **attributes))
    # [T, D, B, H] to [T, B, D * H]
    nodes.append(helper.make_node("Transpose", [f"Y{layer}"], [f"Z{layer}"], perm=[0, 2, 1, 3]))
    value = "output" if layer == problem["layers"] - 1 else f"x{layer + 1}"
    nodes.append(helper.make_node("Reshape", [f"Z{layer}", "flat"], [value]))
  x = [helper.make_tensor_value_info("x", TensorProto.FLOAT, [steps, batch, problem["I"]])]
  if problem.lengths:
    x.append(helper.make_tensor_value_info("lengths", TensorProto.INT32, [batch]))
  y = [helper.make_tensor_value_info("output", TensorProto.FLOAT, [steps, batch, directions * hidden])]
  for name in state_names(problem) if is_step else []:
    x.append(helper.make_tensor_value_info(name, TensorProto.FLOAT, [1, batch, hidden]))
    y.append(helper.make_tensor_value_info(f"{name}_next", TensorProto.FLOAT, [1, batch, hidden]))
  graph = helper.make_graph(nodes, "problem", x, y, constants)
  model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
  onnx.checker.check_model(model)
  return model.SerializeToString()
