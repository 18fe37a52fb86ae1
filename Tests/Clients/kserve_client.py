"""kserve: its REST client with the protocol v2: health, metadata, tensors as bytes and as JSON."""
import asyncio
import sys

import numpy as np
from kserve import InferInput, InferRequest, InferenceRESTClient, RESTConfig

base = f"http://127.0.0.1:{sys.argv[1]}"
steps = np.random.default_rng(2).normal(size=(5, 8)).astype(np.float32)


async def main():
    client = InferenceRESTClient(RESTConfig(protocol="v2", timeout=20))
    assert await client.is_server_live(base) and await client.is_server_ready(base)
    assert await client.is_model_ready(base, "layers")
    answers = []
    for binary in (True, False):
        tensor = InferInput("steps", [5, 8], "FP32")
        tensor.set_data_from_numpy(steps, binary_data=binary)
        answer = await client.infer(base, InferRequest("layers", [tensor]), model_name="layers")
        answers.append(answer.outputs[0].as_numpy())
    assert answers[0].shape == (5, 16) and (answers[0] == answers[1]).all()
    await client.close()


asyncio.run(main())
