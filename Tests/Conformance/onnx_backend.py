"""Runs ONNX's own backend tests with `recurrent apply` as the backend.

    swift build -c release --product recurrent
    python Tests/Conformance/onnx_backend.py --recurrent .build/release/recurrent

Node tests are taken when every operator of theirs is in Documentation/onnx.md and all of their numbers are of types that
the format of the arrays (.npz) and the operators know; the rest is counted with the reason. Needs the packages pinned in
Benchmarks/requirements.txt.
"""

import argparse
import json
import re
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

import numpy as np
import onnx
from onnx.backend.test.case.test_case import TestCase
from onnx.backend.test.loader import load_model_tests

ROOT = Path(__file__).resolve().parents[2]
NUMBERS = {"bool", "uint8", "int8", "uint16", "int16", "uint32", "int32", "uint64", "int64", "float16", "float32", "float64"}


def claimed() -> set[str]:
  """The operators of the table."""
  rows = re.findall(r"^\| ([A-Za-z0-9.]+) \| \d", (ROOT / "Documentation/onnx.md").read_text(), re.MULTILINE)
  return set(rows)


def operators(graph: onnx.GraphProto) -> set[str]:
  found = set()
  for node in graph.node:
    found.add(f"{node.domain}.{node.op_type}" if node.domain else node.op_type)
    for attribute in node.attribute:
      if attribute.type == onnx.AttributeProto.GRAPH:
        found |= operators(attribute.g)
  return found


class Skip(Exception):
  pass


def check_numbers(values: dict) -> None:
  for value in values.values():
    if not isinstance(value, (np.ndarray, np.generic)):
      raise Skip(f"values of the kind {type(value).__name__}")
    if value.dtype.name not in NUMBERS:
      raise Skip(f"elements of the type {value.dtype.name}")


def noise(model: onnx.ModelProto, value: np.ndarray) -> float:
  """What is left of zeros in the expected spectra: NumPy computes them when the tests are loaded, in the precision of the value,
  with the instructions of this machine."""
  spectra = {"DFT", "STFT"} & operators(model.graph)
  return float(np.finfo(value.dtype).eps * np.abs(value).max()) if spectra and value.size else 0.0


def run_case(recurrent: str, case: TestCase, known: set[str]) -> None:
  model = case.model
  if opsets := [o.version for o in model.opset_import if o.domain in ("", "ai.onnx") and o.version > 28]:
    raise Skip(f"operators of the set {opsets[0]}")
  if unknown := operators(model.graph) - known:
    raise Skip(f"the operator {sorted(unknown)[0]}")
  for given, wanted in case.data_sets:
    inputs = {info.name: value for info, value in zip(model.graph.input, given)}
    expected = {info.name: value for info, value in zip(model.graph.output, wanted)}
    check_numbers(inputs | expected)
    with tempfile.TemporaryDirectory() as scratch:
      onnx.save(model, f"{scratch}/model.onnx")
      np.savez(f"{scratch}/in.npz", **inputs)
      command = [recurrent, "apply", f"{scratch}/model.onnx", "--input", f"{scratch}/in.npz", "--output",
                 f"{scratch}/out.npz"]
      done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
      if done.returncode != 0:
        raise AssertionError(done.stderr.strip())
      found = np.load(f"{scratch}/out.npz")
      for name, value in expected.items():
        if found[name].dtype != value.dtype:
          raise AssertionError(f"{name} is of the type {found[name].dtype}, expected {value.dtype}")
        np.testing.assert_equal(found[name].shape, value.shape)
        np.testing.assert_allclose(found[name], value, rtol=case.rtol, atol=max(case.atol, noise(model, value)))


def kind_of(result: str) -> str:
  """Why a test was not taken, without the name of the operator or type."""
  reason = result.removeprefix("skipped: ")
  for kind in ["operators of the set", "the operator", "elements of the type", "values of the kind"]:
    if reason.startswith(kind):
      return {"operators of the set": "operators of sets after 28", "the operator": "an operator that is not claimed",
              "elements of the type": "elements of a type that .npz or the operators do not have",
              "values of the kind": "values that are no arrays"}[kind]
  return reason


def main() -> int:
  parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
  parser.add_argument("--recurrent", default=str(ROOT / ".build/release/recurrent"))
  parser.add_argument("--only", default="", help="tests whose name contains this")
  parser.add_argument("--json", help="write all results to this file")
  parser.add_argument("--record", action="store_true", help="write the counts to Documentation/conformance.json")
  arguments = parser.parse_args()
  known = claimed()
  results: dict[str, str] = {}
  for case in load_model_tests(kind="node"):
    if arguments.only not in case.name:
      continue
    # dropout in training draws random numbers
    if case.name.startswith(("test_training_dropout", "test_dropout_default_mask_ratio")):
      results[case.name] = "skipped: random numbers"
      continue
    try:
      run_case(arguments.recurrent, case, known)
      results[case.name] = "passed"
    except Skip as reason:
      results[case.name] = f"skipped: {reason}"
    except Exception as error:
      results[case.name] = f"failed: {str(error).splitlines()[0] if str(error) else type(error).__name__}"
      print(f"{case.name}: {results[case.name]}", flush=True)
  counts = Counter(result.split(":")[0] for result in results.values())
  print(f"{counts['passed']} passed, {counts['failed']} failed, {counts['skipped']} skipped")
  if arguments.record:
    skipped = Counter(kind_of(result) for result in results.values() if result.startswith("skipped"))
    record = {"onnx": onnx.__version__, "passed": counts["passed"], "failed": counts["failed"],
              "skipped": dict(skipped.most_common())}
    (ROOT / "Documentation/conformance.json").write_text(json.dumps(record, indent=2) + "\n")
  if arguments.json:
    Path(arguments.json).write_text(json.dumps(results, indent=2, sort_keys=True) + "\n")
  return 1 if counts["failed"] else 0


if __name__ == "__main__":
  sys.exit(main())
