"""ONNX Runtime beside the benchmark: its recurrent operators, with input and output bound.

Run by the benchmark; the protocol is in worker.py. Versions are pinned in Benchmarks/requirements.txt.
"""

import time

import numpy as np
import onnx
import onnxruntime

import onnx_models
import worker
from worker import Problem, Variant, Work


def make_session(problem: Problem) -> onnxruntime.InferenceSession:
  options = onnxruntime.SessionOptions()
  options.intra_op_num_threads = problem.threads
  options.inter_op_num_threads = 1
  options.execution_mode = onnxruntime.ExecutionMode.ORT_SEQUENTIAL
  options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_ALL
  if problem.pin and problem.threads > 1:
    # one entry for each thread but the caller's, processors counted from 1
    affinities = ";".join(str(processor) for processor in range(2, problem.threads + 1))
    options.add_session_config_entry("session.intra_op_thread_affinities", affinities)
  model = onnx_models.make_model(problem)
  return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


def value_of(array: np.ndarray) -> onnxruntime.OrtValue:
  return onnxruntime.OrtValue.ortvalue_from_numpy(np.ascontiguousarray(array))


def open_layer(problem: Problem) -> Work:
  def make() -> Variant:
    session = make_session(problem)
    shape = (problem["T"], problem["B"], problem["directions"] * problem["H"])
    output = value_of(np.zeros(shape, np.float32))
    binding = session.io_binding()
    binding.bind_ortvalue_input("x", value_of(problem.inputs()))
    if problem.lengths:
      binding.bind_ortvalue_input("lengths", value_of(np.array(problem.lengths, np.int32)))
    binding.bind_ortvalue_output("output", output)

    def run() -> None:
      session.run_with_iobinding(binding)

    def check() -> dict[str, float]:
      run()
      return worker.layer_values(problem, output.numpy())

    return Variant(run, check)

  return Work({"bound": make})


def open_step(problem: Problem) -> Work:
  """Two bindings in turn: the states that one writes are those that the other one reads."""
  steps = problem["steps"]

  def make() -> Variant:
    session = make_session(problem)
    x = value_of(problem.inputs())
    output = value_of(np.zeros((1, problem["B"], problem["H"]), np.float32))
    zeros = np.zeros((1, problem["B"], problem["H"]), np.float32)
    names = onnx_models.state_names(problem)
    # a value shares the memory of its array: each gets one of its own
    states = [{name: value_of(zeros.copy()) for name in names} for _ in range(2)]
    bindings = []
    for side in range(2):
      binding = session.io_binding()
      binding.bind_ortvalue_input("x", x)
      binding.bind_ortvalue_output("output", output)
      for name in names:
        binding.bind_ortvalue_input(name, states[side][name])
        binding.bind_ortvalue_output(f"{name}_next", states[1 - side][name])
      bindings.append(binding)

    def go(count: int) -> None:
      for name in names:
        states[0][name].update_inplace(zeros)
      for number in range(count):
        session.run_with_iobinding(bindings[number % 2])

    def run() -> float:
      begin = time.perf_counter()
      go(steps)
      return (time.perf_counter() - begin) * 1e3 / steps

    def check() -> dict[str, float]:
      go(5)
      return {"output": worker.norm(output.numpy())}

    return Variant(run, check)

  return Work({"bound": make})


def open_problem(problem: Problem) -> Work:
  problem.require(onnx_models.KINDS, onnx_models.MODES, onnx_models.OPTIONS)
  return open_step(problem) if problem.kind == "step" else open_layer(problem)


if __name__ == "__main__":
  versions = {"onnxruntime": onnxruntime.__version__, "onnx": onnx.__version__}
  worker.serve("onnxruntime", versions, open_problem)
