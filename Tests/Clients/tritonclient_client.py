"""tritonclient: binary tensors as it sends them where nothing else is said, sequences, metadata."""
import sys

import numpy as np
import tritonclient.http as http
from tritonclient.utils import InferenceServerException

client = http.InferenceServerClient(f"127.0.0.1:{sys.argv[1]}")
assert client.is_server_live() and client.is_server_ready() and client.is_model_ready("layers")
assert "binary_tensor_data" in client.get_server_metadata()["extensions"]
assert client.get_model_metadata("layers")["outputs"][0]["shape"] == [-1, 16]
assert client.get_model_config("layers")["input"][0]["data_type"] == "TYPE_FP32"
assert {own["name"] for own in client.get_model_repository_index()} == {"layers", "text", "weather"}
steps = np.random.default_rng(2).normal(size=(5, 8)).astype(np.float32)


def infer(x, binary=True, **sequence):
    tensor = http.InferInput("steps", list(x.shape), "FP32")
    tensor.set_data_from_numpy(x, binary_data=binary)
    outputs = None if binary else [http.InferRequestedOutput("output", binary_data=False)]
    return client.infer("layers", [tensor], outputs=outputs, **sequence).as_numpy("output")


whole = infer(steps)
assert whole.shape == (5, 16) and whole.dtype == np.float32
assert (infer(steps, binary=False) == whole).all()
for name in (7, "a text"):
    for step in range(5):
        own = infer(steps[step : step + 1], sequence_id=name, sequence_start=step == 0, sequence_end=step == 4)
        assert (own == whole[step]).all()
try:
    infer(steps, sequence_id=7)
    raise AssertionError("a sequence that has ended goes on")
except InferenceServerException as error:
    assert "sequence_start" in error.message()
