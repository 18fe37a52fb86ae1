"""OpenVINO beside the benchmark: infer requests over ONNX models of recurrent operators.

Run by the benchmark; the protocol is in worker.py. Versions are pinned in Benchmarks/requirements.txt.
"""

import time

import numpy as np
import onnx
import openvino

import onnx_models
import worker
from worker import Problem, Variant, Work


def compile_model(problem: Problem) -> openvino.CompiledModel:
  settings = {
    "PERFORMANCE_HINT": "LATENCY",
    "INFERENCE_NUM_THREADS": problem.threads,
    "NUM_STREAMS": 1,
    "INFERENCE_PRECISION_HINT": "f32",
    "ENABLE_CPU_PINNING": problem.pin,
  }
  core = openvino.Core()
  model = core.read_model(onnx_models.make_model(problem), b"")
  return core.compile_model(model, "CPU", settings)


def open_layer(problem: Problem) -> Work:
  def make() -> Variant:
    request = compile_model(problem).create_infer_request()
    inputs = [openvino.Tensor(np.ascontiguousarray(problem.inputs()))]
    request.set_tensor("x", inputs[0])
    if problem.lengths:
      inputs.append(openvino.Tensor(np.array(problem.lengths, np.int32)))
      request.set_tensor("lengths", inputs[1])

    def run() -> None:
      request.infer()

    def check() -> dict[str, float]:
      run()
      return worker.layer_values(problem, request.get_tensor("output").data)

    return Variant(run, check)

  return Work({"request": make})


def open_step(problem: Problem) -> Work:
  """Two requests in turn: the states that one writes are those that the other one reads."""
  steps = problem["steps"]

  def make() -> Variant:
    compiled = compile_model(problem)
    requests = [compiled.create_infer_request() for _ in range(2)]
    x = openvino.Tensor(np.ascontiguousarray(problem.inputs()))
    zeros = np.zeros((1, problem["B"], problem["H"]), np.float32)
    names = onnx_models.state_names(problem)
    states = [{name: openvino.Tensor(zeros.copy()) for name in names} for _ in range(2)]
    for side, request in enumerate(requests):
      request.set_tensor("x", x)
      for name in names:
        request.set_tensor(name, states[side][name])
        request.set_tensor(f"{name}_next", states[1 - side][name])

    def go(count: int) -> None:
      for name in names:
        states[0][name].data[:] = zeros
      for number in range(count):
        requests[number % 2].infer()

    def run() -> float:
      begin = time.perf_counter()
      go(steps)
      return (time.perf_counter() - begin) * 1e3 / steps

    def check() -> dict[str, float]:
      go(5)
      return {"output": worker.norm(requests[0].get_tensor("output").data)}

    return Variant(run, check)

  return Work({"request": make})


def open_problem(problem: Problem) -> Work:
  problem.require(onnx_models.KINDS, onnx_models.MODES, onnx_models.OPTIONS)
  return open_step(problem) if problem.kind == "step" else open_layer(problem)


if __name__ == "__main__":
  versions = {"openvino": openvino.__version__, "onnx": onnx.__version__}
  worker.serve("openvino", versions, open_problem)
