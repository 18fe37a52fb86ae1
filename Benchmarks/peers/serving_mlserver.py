"""MLServer, the server of the Open Inference Protocol in Python, with an onnxruntime step and a dictionary of states.

    python serving_mlserver.py PORT LAYERS.safetensors

Its batches know no sequences, so each request is a step of its own.
"""
import asyncio
import sys

from mlserver import MLModel, MLServer, ModelSettings, Settings, types

from serving_models import Steps


class Layers(MLModel):
    async def load(self):
        self.steps = Steps(sys.argv[2])
        return True

    async def predict(self, payload):
        request = {"parameters": payload.parameters.model_dump() if payload.parameters else {},
                   "inputs": [{"data": payload.inputs[0].data.root}]}
        output = self.steps([request])[0]["outputs"][0]
        return types.InferenceResponse(model_name=self.name, outputs=[types.ResponseOutput(**output)])


if __name__ == "__main__":
    port = int(sys.argv[1])
    settings = Settings(host="127.0.0.1", http_port=port, grpc_port=port + 1, metrics_port=port + 2, parallel_workers=0,
                        use_structured_logging=False, debug=False)
    asyncio.run(MLServer(settings).start([ModelSettings(name="layers", implementation=Layers)]))
