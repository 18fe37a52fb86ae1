"""Mosec, whose network side is written in Rust, with an onnxruntime step and a dictionary of states.

    LAYERS=layers.safetensors python serving_mosec.py --port PORT --wait 1

`/v2/models/layers/infer` (JSON of the Open Inference Protocol, with sequences) and `/v1/completions` as events. One worker each, for the
states are its own; a batch waits a millisecond.
"""
import json
import os

import mosec

from serving_models import Steps, Tokens, event


class Infer(mosec.Worker):
    def __init__(self):
        self.steps = Steps(os.environ["LAYERS"])

    def serialize(self, data):
        return json.dumps(data).encode()

    def forward(self, data):
        return self.steps(data)


class Complete(mosec.SSEWorker):
    def __init__(self):
        self.tokens = Tokens()

    def forward(self, data):
        for texts in self.tokens(len(data), max(request["max_tokens"] for request in data)):
            for place, text in enumerate(texts):
                self.send_stream_event(event(text), place)
        for place in range(len(data)):
            self.send_stream_event("[DONE]", place)
        return data


if __name__ == "__main__":
    server = mosec.Server()
    server.register_runtime({
        "/v2/models/layers/infer": [mosec.Runtime(Infer, max_batch_size=64, max_wait_time=1, timeout=10)],
        "/v1/completions": [mosec.Runtime(Complete, max_batch_size=256, max_wait_time=10, timeout=120)]})
    server.run()
