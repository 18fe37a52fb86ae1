"""What the opponents of `recurrent serve` compute with: onnxruntime, and a dictionary of states.

`Steps` reads a step of an LSTM (ONNX from the safetensors of Tests/Clients/make_layers.py), `Tokens` writes with a language model of
2 x 256 units and random weights. One thread: the processors belong to the server and the load as well.
"""
import json
import struct

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

GATES = (0, 3, 1, 2)  # where i f g o stand in i o f c
VOCABULARY, WIDTH = 66, 64


def lstm(layer, x, weights, hidden, tail=""):
    """Nodes and constants of one layer that reads one step, `[1, B, I]` to `[1, B, H]`."""
    def order(value):
        return np.concatenate([np.split(value, 4)[gate] for gate in GATES])
    w, r, b, c = weights
    values = {f"W{layer}": order(w)[None], f"R{layer}": order(r)[None], f"B{layer}": np.concatenate([order(b), order(c)])[None]}
    node = helper.make_node("LSTM", [x, f"W{layer}", f"R{layer}", f"B{layer}", "", f"h{layer}", f"c{layer}"],
                            ["", f"h{layer}_next", f"c{layer}_next"], hidden_size=hidden)
    return node, [numpy_helper.from_array(value.astype(np.float32), name) for name, value in values.items()]


def session(nodes, constants, first, hidden, layers, outputs=()):
    states = [f"{part}{layer}" for layer in range(layers) for part in "hc"]
    shape = [1, "B", hidden]
    inputs = [first] + [helper.make_tensor_value_info(name, TensorProto.FLOAT, shape) for name in states]
    outputs = list(outputs) + [helper.make_tensor_value_info(f"{name}_next", TensorProto.FLOAT, shape) for name in states]
    model = helper.make_model(helper.make_graph(nodes, "step", inputs, outputs, constants),
                              opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    onnx.checker.check_model(model)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    return onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])


class Steps:
    """Steps of sequences, those of a batch together."""

    def __init__(self, path):
        data = open(path, "rb").read()
        length = struct.unpack("<Q", data[:8])[0]
        header, tensors = json.loads(data[8:8 + length]), {}
        for name, entry in header.items():
            start, end = (8 + length + offset for offset in entry["data_offsets"])
            tensors[name] = np.frombuffer(data[start:end], np.float32).reshape(entry["shape"])
        weights = [tensors[f"{name}_l0"] for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")]
        self.hidden, inputs = weights[1].shape[1], weights[0].shape[1]
        node, constants = lstm(0, "x", weights, self.hidden)
        self.session = session([node], constants, helper.make_tensor_value_info("x", TensorProto.FLOAT, [1, "B", inputs]), self.hidden, 1)
        self.states, self.zeros = {}, np.zeros((2, self.hidden), np.float32)

    def __call__(self, batch):
        """Requests of the Open Inference Protocol, each of one step, to answers."""
        names, x = [], []
        for request in batch:
            parameters = request.get("parameters") or {}
            name = parameters.get("sequence_id")
            if parameters.get("sequence_start"):
                self.states[name] = self.zeros
            names.append(name)
            x.append(np.asarray(request["inputs"][0]["data"], np.float32).reshape(-1))
        states = np.stack([self.states.get(name, self.zeros) for name in names], axis=1)
        h, c = self.session.run(["h0_next", "c0_next"], {"x": np.stack(x)[None], "h0": states[:1], "c0": states[1:]})
        for place, name in enumerate(names):
            if name is not None:
                self.states[name] = np.stack([h[0, place], c[0, place]])
        return [{"model_name": "layers", "model_version": "1", "outputs": [
            {"name": "output", "datatype": "FP32", "shape": [1, self.hidden], "data": row.tolist()}]} for row in h[0]]


class Tokens:
    """Tokens of texts, those of a batch together."""

    def __init__(self, hidden=256, layers=2):
        draw = np.random.default_rng(1)

        def matrix(*shape):
            return draw.normal(0, 0.1, shape).astype(np.float32)
        constants = [numpy_helper.from_array(matrix(VOCABULARY, WIDTH), "E"), numpy_helper.from_array(matrix(hidden, VOCABULARY), "P")]
        nodes = [helper.make_node("Gather", ["E", "x"], ["x0"])]
        for layer in range(layers):
            width = WIDTH if layer == 0 else hidden
            weights = matrix(4 * hidden, width), matrix(4 * hidden, hidden), matrix(4 * hidden), matrix(4 * hidden)
            node, own = lstm(layer, "x0" if layer == 0 else f"h{layer - 1}_next", weights, hidden)
            nodes.append(node)
            constants += own
        nodes.append(helper.make_node("MatMul", [f"h{layers - 1}_next", "P"], ["scores"]))
        scores = helper.make_tensor_value_info("scores", TensorProto.FLOAT, [1, "B", VOCABULARY])
        self.session = session(nodes, constants, helper.make_tensor_value_info("x", TensorProto.INT64, [1, "B"]), hidden, layers, [scores])
        self.names = [output.name for output in self.session.get_outputs()]
        self.shape, self.states, self.random = (1, hidden), [f"{part}{layer}" for layer in range(layers) for part in "hc"], draw

    def __call__(self, count, length):
        """For each of `length` steps the characters of `count` texts."""
        ids = np.ones((1, count), np.int64)
        states = {name: np.zeros((1, count, self.shape[1]), np.float32) for name in self.states}
        for _ in range(length):
            scores, *rest = self.session.run(self.names, {"x": ids, **states})
            states = dict(zip(self.states, rest))
            # Gumbel's way to draw by a softmax (Maddison et al. 2014)
            ids = (scores - np.log(-np.log(self.random.random(scores.shape)))).argmax(-1)
            yield [chr(32 + token) for token in ids[0]]


def event(text):
    return json.dumps({"object": "text_completion", "choices": [{"text": text, "index": 0, "finish_reason": None}]})
