"""BentoML with an onnxruntime step and a dictionary of states: serving_bentoml.py PORT LAYERS.safetensors

`/v2/models/layers/infer` (JSON of the Open Inference Protocol, with sequences) and `/v1/completions` as events. One worker computes, for
the states are its own; what waits is one batch (`batchable`). Events come from a thread of each stream: its batches have none.
"""
import json
import os
import tempfile
import sys

import bentoml
from fastapi import FastAPI, Request
from fastapi.responses import StreamingResponse

from serving_models import Steps, Tokens, event

app = FastAPI()


@bentoml.service(workers=1, traffic={"timeout": 60}, logging={"access": {"enabled": False}})
class Reader:
    def __init__(self):
        self.steps = Steps(os.environ["LAYERS"])

    @bentoml.api(batchable=True, max_batch_size=64, max_latency_ms=1000)
    def read(self, requests: list[dict]) -> list[dict]:
        return self.steps(requests)


@bentoml.service(workers=1, traffic={"timeout": 60}, logging={"access": {"enabled": False}})
@bentoml.asgi_app(app, path="/")
class Server:
    reader = bentoml.depends(Reader)

    def __init__(self):
        self.tokens = Tokens()

    @app.post("/v2/models/layers/infer")
    async def infer(self, request: Request):
        return (await self.reader.to_async.read([json.loads(await request.body())]))[0]

    @app.post("/v1/completions")
    async def complete(self, request: Request):
        length = json.loads(await request.body())["max_tokens"]

        def write():
            for texts in self.tokens(1, length):
                yield f"data: {event(texts[0])}\n\n"
            yield "data: [DONE]\n\n"
        return StreamingResponse(write(), media_type="text/event-stream")


if __name__ == "__main__":
    port, os.environ["LAYERS"] = sys.argv[1:]
    os.environ.update(BENTOML_DO_NOT_TRACK="true", BENTOML_HOME=os.environ.get("BENTOML_HOME", os.path.join(tempfile.gettempdir(), "bentoml")))
    os.execv(sys.executable, [sys.executable, "-m", "bentoml", "serve", "serving_bentoml:Server", "--host", "127.0.0.1", "--port", port,
                              "--working-dir", os.path.dirname(os.path.abspath(__file__))])
