"""Ray Serve with an onnxruntime step and a dictionary of states: serving_ray.py PORT LAYERS.safetensors

`/v2/models/layers/infer` (JSON of the Open Inference Protocol, with sequences) and `/v1/completions` as events. One replica, for the
states are its own; what waits is one batch (`@serve.batch`).
"""
import json
import sys
import time

from fastapi import FastAPI, Request
from fastapi.responses import Response, StreamingResponse
from ray import serve

from serving_models import Steps, Tokens, event

app = FastAPI()


@serve.deployment(num_replicas=1, max_ongoing_requests=2000, ray_actor_options={"num_cpus": 1},
                  logging_config={"log_level": "ERROR", "enable_access_log": False})
@serve.ingress(app)
class Server:
    def __init__(self, path):
        self.steps, self.tokens = Steps(path), Tokens()

    @serve.batch(max_batch_size=64, batch_wait_timeout_s=0.001)
    async def infer(self, requests):
        return self.steps(requests)

    @serve.batch(max_batch_size=256, batch_wait_timeout_s=0.01)
    async def write(self, requests):
        for texts in self.tokens(len(requests), max(request["max_tokens"] for request in requests)):
            yield [f"data: {event(text)}\n\n" for text in texts]
        yield ["data: [DONE]\n\n"] * len(requests)

    @app.post("/v2/models/layers/infer")
    async def answer(self, request: Request):
        return Response(json.dumps(await self.infer(json.loads(await request.body()))), media_type="application/json")

    @app.post("/v1/completions")
    async def complete(self, request: Request):
        return StreamingResponse(self.write(json.loads(await request.body())), media_type="text/event-stream")


if __name__ == "__main__":
    serve.start(http_options={"host": "127.0.0.1", "port": int(sys.argv[1])})
    serve.run(Server.bind(sys.argv[2]), route_prefix="/")
    while True:
        time.sleep(1)
