"""LitServe with an onnxruntime step and a dictionary of states: serving_litserve.py PORT LAYERS.safetensors

`/v2/models/layers/infer` (JSON of the Open Inference Protocol, with sequences) and `/v1/completions` as events. One worker, for the
states are its own; requests that wait are one batch.
"""
import sys

import litserve

from serving_models import Steps, Tokens, event


class Infer(litserve.LitAPI):
    def setup(self, device):
        self.steps = Steps(sys.argv[2])

    def batch(self, inputs):
        return inputs

    def unbatch(self, outputs):
        return outputs

    def predict(self, requests):
        return self.steps(requests)


class Complete(litserve.LitAPI):
    def setup(self, device):
        self.tokens = Tokens()

    def batch(self, inputs):
        return inputs

    def unbatch(self, outputs):
        yield from outputs

    def predict(self, requests):
        # a stream of a batch ends for all at the same time
        yield from self.tokens(len(requests), max(request["max_tokens"] for request in requests))
        yield ["[DONE]"] * len(requests)

    def encode_response(self, outputs):
        for texts in outputs:
            yield [f"data: {text if text == '[DONE]' else event(text)}\n\n" for text in texts]


if __name__ == "__main__":
    apis = [Infer(max_batch_size=64, api_path="/v2/models/layers/infer"),
            Complete(max_batch_size=256, stream=True, api_path="/v1/completions")]
    server = litserve.LitServer(apis, accelerator="cpu", workers_per_device=1)
    server.run(port=int(sys.argv[1]), host="127.0.0.1", num_api_servers=1, log_level="error", generate_client_file=False)
