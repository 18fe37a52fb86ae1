"""Makes onnx_operators.safetensors: models of the operators that stand around recurrent layers, and what they compute.

- The node tests of ONNX for them, as they are (`test_...`).
- More of each, of old operator sets, odd extents and rare attributes (`more_...`), computed by ONNX Runtime or where it refuses by
  ONNX's reference, which must agree where both run.
- Modules of PyTorch with such operators around a recurrent layer, from both of its exporters (`around_...`), with the results of
  the module.

Needs the versions pinned in Benchmarks/requirements.txt, and onnxscript.
"""

import io
import warnings
from pathlib import Path

import numpy as np
import onnx
import onnxruntime as ort
import torch
from onnx import helper, numpy_helper
from onnx.backend.test.loader import load_model_tests
from onnx.reference import ReferenceEvaluator
from safetensors.torch import save_file
from torch import nn

HERE = Path(__file__).parent
OPERATORS = {
  "ConvTranspose", "ScatterND", "ScatterElements", "GatherND", "InstanceNormalization", "GroupNormalization", "Resize",
  "Upsample", "OneHot", "Einsum", "STFT", "DFT", "HannWindow", "HammingWindow", "BlackmanWindow", "MelWeightMatrix",
}
TYPES = {"bool", "uint8", "int8", "uint16", "int16", "uint32", "int32", "int64", "float16", "float32", "float64"}
TENSORS: dict[str, torch.Tensor] = {}


def keep(name: str, model: onnx.ModelProto, inputs: dict, results: dict) -> None:
  TENSORS[f"{name}.model"] = torch.frombuffer(bytearray(model.SerializeToString()), dtype=torch.uint8)
  for kind, values in [("in", inputs), ("out", results)]:
    for key, value in values.items():
      TENSORS[f"{name}.{kind}.{key}"] = torch.from_numpy(np.array(value, order="C"))


def make_node_tests() -> None:
  for case in load_model_tests(kind="node"):
    # functions written out in other operators are not what is checked here
    if "_expanded" in case.name or not {node.op_type for node in case.model.graph.node} <= OPERATORS:
      continue
    given, wanted = case.data_sets[0]
    if all(value.dtype.name in TYPES for value in [*given, *wanted]):
      names = lambda infos, values: {info.name: value for info, value in zip(infos, values)}
      keep(case.name, case.model, names(case.model.graph.input, given), names(case.model.graph.output, wanted))


def more(name: str, op: str, inputs: list, attributes: dict | None = None, opset: int = 20, by: str = "both") -> None:
  """A model of one node; inputs that are None are left out."""
  present = {f"x{index}": value for index, value in enumerate(inputs) if value is not None}
  node = helper.make_node(op, [f"x{i}" if v is not None else "" for i, v in enumerate(inputs)], ["y"], **(attributes or {}))
  info = lambda key, value: helper.make_tensor_value_info(key, helper.np_dtype_to_tensor_dtype(value.dtype), value.shape)
  # what is not a number of the first input is a constant, as it is in files
  constants = [numpy_helper.from_array(v, k) for k, v in present.items() if k != "x0"]
  results = {}
  for output_type in [onnx.TensorProto.FLOAT] if by == "reference" else range(1, 12):
    output = helper.make_tensor_value_info("y", output_type, None)
    graph = helper.make_graph([node], name, [info("x0", present["x0"])], [output], constants)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)], ir_version=8)
    if by == "reference":
      break
    try:
      options = ort.SessionOptions()
      options.log_severity_level = 4
      results["runtime"] = ort.InferenceSession(model.SerializeToString(), options).run(["y"], {"x0": present["x0"]})[0]
      break
    except Exception as error:  # the type of the output is found by trying
      if "Type Error" not in str(error):
        raise RuntimeError(f"{name}: {error}") from error
  if by != "runtime":
    results["reference"] = np.asarray(ReferenceEvaluator(model).run(["y"], {"x0": present["x0"]})[0])
  if len(results) == 2:
    np.testing.assert_allclose(results["runtime"], results["reference"], rtol=1e-5, atol=1e-5, err_msg=name)
  keep(f"more_{name}", model, {"x0": present["x0"]}, {"y": next(iter(results.values()))})


def uniform(name: str, *shape: int) -> np.ndarray:
  return np.random.default_rng(sum(name.encode())).uniform(-1, 1, shape).astype(np.float32)


def floats(*values: float) -> np.ndarray:
  return np.array(values, np.float32)


def longs(*values: int) -> np.ndarray:
  return np.array(values, np.int64)


def make_more() -> None:
  for name, shape, weights, attributes in [
    ("one", (2, 3, 5), (3, 2, 4), {"strides": [3], "output_padding": [2], "pads": [1, 0]}),
    ("groups", (2, 6, 4), (6, 2, 3), {"group": 3, "dilations": [2]}),
    ("planes", (1, 4, 3, 5), (4, 3, 2, 3), {"group": 2, "strides": [2, 1], "dilations": [1, 2], "pads": [1, 0, 0, 2]}),
    ("volumes", (1, 2, 2, 3, 2), (2, 1, 2, 2, 3), {"strides": [1, 2, 2]}),
    ("upper", (1, 2, 5), (2, 2, 4), {"strides": [2], "auto_pad": "SAME_UPPER"}),
    ("lower", (1, 2, 5), (2, 2, 5), {"strides": [2], "auto_pad": "SAME_LOWER"}),
    ("shape", (1, 2, 4), (2, 1, 3), {"strides": [2], "output_shape": [8]}),
    ("shape_longer", (1, 2, 4), (2, 1, 3), {"strides": [3], "output_shape": [14]}),
    ("valid", (1, 2, 4), (2, 1, 3), {"strides": [2], "auto_pad": "VALID"}),
    ("old", (2, 2, 4), (2, 3, 3), {"strides": [2]}),
  ]:
    bias = uniform(name, weights[1] * attributes.get("group", 1)) if name != "upper" else None
    more(f"transposed_{name}", "ConvTranspose", [uniform("x", *shape), uniform("w", *weights), bias], attributes,
         9 if name == "old" else 20, by="runtime")
  x = uniform("x", 3, 4, 5)
  more("gather_whole", "GatherND", [x, longs([2, 3, 4], [-1, -4, 0])])
  more("gather_rows", "GatherND", [x, longs([[0, 1]], [[2, -1]])], opset=11)
  more("gather_shared", "GatherND", [x, longs([[1], [0]], [[3], [3]], [[-1], [2]])], {"batch_dims": 1})
  more("gather_two_shared", "GatherND", [x, longs(*[[[i % 5] for i in range(r, r + 4)] for r in range(3)])], {"batch_dims": 2})
  more("gather_nothing", "GatherND", [x, np.zeros((0, 2), np.int64)])
  more("gather_numbers", "GatherND", [np.arange(12).reshape(3, 4), longs([2, 1], [0, 0])])
  for reduction in ["none", "add", "mul", "max", "min"]:
    indices = longs([0, 1], [-1, 2], [0, 1]) if reduction != "none" else longs([0, 1], [-1, 2], [2, 0])
    more(f"scatter_rows_{reduction}", "ScatterND", [x, indices, uniform("u", 3, 5)], {"reduction": reduction}, 18)
    more(f"scatter_elements_{reduction}", "ScatterElements",
         [x[0], longs([0, -1], [2, 1], [3, 0]), uniform("v", 3, 2)], {"axis": -1, "reduction": reduction}, 18)
  more("scatter_first_set", "ScatterND", [x, longs([1], [2]), uniform("u", 2, 4, 5)], opset=11)
  more("scatter_numbers", "ScatterND", [np.arange(6), longs([1], [-1]), longs(70, 80)], opset=16)
  for name, shape in [("one", (2, 3, 7)), ("planes", (2, 4, 3, 5)), ("volumes", (1, 2, 2, 3, 2))]:
    parameters = [uniform("s", shape[1]), uniform("b", shape[1])]
    more(f"instances_{name}", "InstanceNormalization", [uniform("x", *shape), *parameters], {"epsilon": 0.01}, 7)
  x = uniform("x", 2, 6, 5)
  more("groups", "GroupNormalization", [x, uniform("s", 6), uniform("b", 6)], {"num_groups": 3}, 21)
  more("groups_first_set", "GroupNormalization", [x, uniform("s", 2), uniform("b", 2)], {"num_groups": 2}, 18, by="runtime")
  more("hot_middle", "OneHot", [longs([0, 3, -1], [2, -5, 4]), np.array(4), floats(0.5, 2)], {"axis": 1}, 11)
  more("hot_first", "OneHot", [longs(1, 0, 2), np.array(3), longs(-1, 7)], {"axis": 0}, 9)
  more("hot_float_depth", "OneHot", [floats(1, 0, 2), floats(3), floats(0, 1)], {}, 11, by="runtime")
  for name, equation, shapes in [
    ("product", "ij,jk->ik", [(3, 4), (4, 5)]), ("implicit", "ij, jk", [(3, 4), (4, 5)]), ("order", "ba", [(3, 4)]),
    ("batches", "bth,bsh->bts", [(2, 6, 3), (2, 5, 3)]), ("trace", "ii->", [(4, 4)]), ("diagonal", "iij->ij", [(4, 4, 3)]),
    ("ellipsis", "...ij,...jk->...ik", [(2, 1, 3, 4), (5, 4, 2)]), ("implicit_ellipsis", "...ij,jk", [(2, 3, 4), (4, 5)]),
    ("three", "ab,bc,cd->ad", [(2, 3), (3, 4), (4, 5)]), ("outer", "i,j->ij", [(3,), (4,)]), ("sum", "ijk->j", [(2, 3, 4)]),
    ("upper_case", "Ab,bA->A", [(3, 4), (4, 3)]), ("permuted", "bhqd,bkhd->bhqk", [(2, 3, 4, 5), (2, 6, 3, 5)]),
    ("nothing", "ij,jk->ik", [(3, 0), (0, 5)]),
  ]:
    more(f"einsum_{name}", "Einsum", [uniform(f"{i}", *shape) for i, shape in enumerate(shapes)], {"equation": equation}, 12,
         by="reference" if name == "ellipsis" else "both")
  more("einsum_numbers", "Einsum", [np.arange(6).reshape(2, 3), np.arange(12).reshape(3, 4)], {"equation": "ij,jk->ki"}, 12)
  more("einsum_doubles", "Einsum", [uniform("a", 2, 3).astype(float), uniform("b", 4, 3).astype(float)],
       {"equation": "ij,kj->ik"}, 12)
  for scales in [(1, 1, 2), (1, 1, 0.6), (1, 1, 1.7)]:
    for mode in ["nearest", "linear"]:
      name = f"{mode}_{scales[2]}"
      x = uniform("x", 1, 2, 5) if mode == "nearest" else uniform("x", 1, 1, 4, 5)
      both = floats(*scales) if mode == "nearest" else floats(1, 1, 1.5, scales[2])
      more(f"resize_first_set_{name}", "Resize", [x, both], {"mode": mode}, 10, by="runtime")
      if scales[2] >= 1:
        more(f"upsample_{name}", "Upsample", [x, both], {"mode": mode}, 9, by="runtime")
        more(f"upsample_attribute_{name}", "Upsample", [x], {"mode": mode, "scales": both.tolist()}, 7, by="runtime")
  # scales whose products with the extents are whole: where they are not, ONNX Runtime and the reference differ by design
  x = uniform("x", 1, 2, 4, 6)
  coordinates = ["half_pixel", "pytorch_half_pixel", "align_corners", "asymmetric", "half_pixel_symmetric"]
  for mode in ["nearest", "linear", "cubic"]:
    for coordinate in coordinates:
      for size in [(7, 3), (1, 9)]:
        # one place of PyTorch's is place 0, where the reference has -0.5
        by = "runtime" if (mode, coordinate, size) == ("cubic", "pytorch_half_pixel", (1, 9)) else "both"
        attributes = {"mode": mode, "coordinate_transformation_mode": coordinate}
        if mode == "cubic":
          attributes |= {"cubic_coeff_a": -0.5, "exclude_outside": int(size == (7, 3))}
        more(f"resize_{mode}_{coordinate}_{size[0]}_{size[1]}", "Resize", [x, None, None, longs(1, 2, *size)], attributes, 19, by)
  for rule in ["round_prefer_floor", "round_prefer_ceil", "floor", "ceil"]:
    more(f"resize_{rule}", "Resize", [x, None, floats(1, 1, 1.5, 0.5)],
         {"mode": "nearest", "nearest_mode": rule, "coordinate_transformation_mode": "half_pixel"}, 13)
  more("resize_tensorflow", "Resize", [x, floats(), floats(1, 1, 1.5, 0.5)],
       {"mode": "nearest", "nearest_mode": "floor", "coordinate_transformation_mode": "tf_half_pixel_for_nn"}, 11, by="runtime")
  more("resize_crop", "Resize", [x, floats(0, 0, 0.25, -0.5, 1, 1, 1, 0.75), None, longs(1, 2, 3, 7)],
       {"mode": "linear", "coordinate_transformation_mode": "tf_crop_and_resize", "extrapolation_value": 9.0}, 13)
  for mode in ["linear", "cubic"]:
    more(f"resize_antialias_{mode}", "Resize", [x, None, None, longs(3, 2)], {"mode": mode, "antialias": 1, "axes": [-1, 2]}, 18,
         by="runtime")
  for policy in ["not_larger", "not_smaller"]:
    more(f"resize_{policy}", "Resize", [x, None, None, longs(3, 9)],
         {"mode": "linear", "axes": [2, 3], "keep_aspect_ratio_policy": policy}, 18)
  more("resize_bytes", "Resize", [np.arange(8, dtype=np.uint8).reshape(1, 1, 2, 4) * 30, None, floats(1, 1, 2, 0.5)],
       {"mode": "nearest"}, 13)
  # 67 and 201 have large factors
  for length in [1, 2, 7, 12, 30, 64, 67, 201]:
    more(f"dft_{length}", "DFT", [uniform("x", 2, 9, 3, 1), np.array(length)], {"axis": 1}, 17, by="reference")
  more("dft_complex_inverse", "DFT", [uniform("x", 2, 10, 2), None, np.array(-2)], {"inverse": 1})
  more("dft_half", "DFT", [uniform("x", 2, 15, 1), None, np.array(1)], {"onesided": 1})
  for length in [8, 9]:
    more(f"dft_half_inverse_{length}", "DFT", [uniform("x", 2, 5, 2), np.array(length)], {"inverse": 1, "onesided": 1},
         by="reference")
  signal = uniform("x", 2, 50, 1)
  for name, inputs, attributes in [
    ("window", [signal, np.array(7), uniform("w", 16)], {}),
    ("whole", [signal, np.array(5), uniform("w", 12), np.array(12)], {"onesided": 0}),
    ("frames", [signal, np.array(3), None, np.array(15)], {}),
    ("complex", [uniform("x", 1, 20, 2), np.array(4), None, np.array(8)], {"onesided": 0}),
  ]:
    more(f"stft_{name}", "STFT", inputs, attributes, 17, by="runtime" if name != "complex" else "reference")
  for op in ["HannWindow", "HammingWindow", "BlackmanWindow"]:
    for periodic in [0, 1]:
      more(f"{op}_{periodic}", op, [np.array(9)], {"periodic": periodic}, 17)
  more("mel", "MelWeightMatrix", [np.array(10), np.array(64), np.array(8000), np.array(20, np.float32), np.array(4000, np.float32)],
       {}, 17, by="reference")


class Around(nn.Module):
  """A recurrent layer over [B, T, 3] with something before or behind it."""

  def __init__(self, kind: str) -> None:
    super().__init__()
    self.kind = kind
    self.layer = nn.LSTM(3, 4, batch_first=True) if kind != "groups" else nn.GRU(3, 4, batch_first=True)
    self.spread = nn.ConvTranspose1d(4, 2, 4, stride=2)
    self.instances = nn.InstanceNorm1d(3, affine=True)
    self.groups = nn.GroupNorm(2, 4)
    self.register_buffer("window", torch.hann_window(4))

  def forward(self, x, lengths):
    if self.kind == "spectrum":
      # [B, T, 3] of a signal of 4 numbers a frame
      spectrum = torch.stft(x.flatten(1), 4, 2, window=self.window, center=True, return_complex=True)
      return self.layer(spectrum.abs().transpose(1, 2))[0]
    if self.kind == "instances":
      x = self.instances(x.transpose(1, 2)).transpose(1, 2)
    if self.kind == "hot":
      x = nn.functional.one_hot(lengths[:, None].expand(-1, 5) % 3, 3).float()
    y = self.layer(x)[0]
    match self.kind:
      case "spread":
        return self.spread(y.transpose(1, 2))
      case "groups":
        return self.groups(y.transpose(1, 2))
      case "longer":
        return nn.functional.interpolate(y.transpose(1, 2), scale_factor=1.5, mode="linear")
      case "nearest":
        return nn.functional.interpolate(y.transpose(1, 2), scale_factor=2, mode="nearest")
      case "attention":
        return torch.einsum("bth,bsh->bts", y, y)
      case "last":
        return y[torch.arange(x.shape[0]), lengths - 1]
      case "put":
        z = torch.zeros_like(y)
        z[:, 1:3] = y[:, :2]
        return z
    return y


def make_around() -> None:
  warnings.filterwarnings("ignore")
  for kind in ["spread", "instances", "groups", "longer", "nearest", "attention", "last", "put", "hot", "spectrum"]:
    for dynamo in [False, True]:
      torch.manual_seed(len(kind))
      module = Around(kind).eval()
      x, lengths = torch.randn(2, 6, 3), torch.tensor([6, 4])
      content = io.BytesIO()
      try:
        if dynamo:
          content.write(torch.onnx.export(module, (x, lengths), dynamo=True, verbose=False).model_proto.SerializeToString())
        else:
          torch.onnx.export(module, (x, lengths), content, dynamo=False, input_names=["x", "lengths"])
      except Exception as error:  # an exporter that cannot is no business of ours
        print(f"{kind}: not exported: {str(error).splitlines()[0]}")
        continue
      model = onnx.load_model_from_string(content.getvalue())
      given = {"x": x.numpy(), "lengths": lengths.numpy()}
      given = {info.name: given[info.name] for info in model.graph.input}
      output = model.graph.output[0].name
      keep(f"around_{kind}{'_dynamo' if dynamo else ''}", model, given, {output: module(x, lengths).detach().numpy()})


if __name__ == "__main__":
  make_node_tests()
  make_more()
  make_around()
  save_file(TENSORS, HERE / "onnx_operators.safetensors")
