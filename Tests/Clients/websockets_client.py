"""websockets: twenty streams at once, each with the numbers that it has alone; binary answers; fragments; the end."""
import asyncio
import json
import struct
import sys

import websockets

address = f"ws://127.0.0.1:{sys.argv[1]}/v1/stream"


async def stream(number, query=""):
    async with websockets.connect(f"{address}?model=layers{query}", subprotocols=["recurrent.v1"]) as socket:
        assert socket.subprotocol == "recurrent.v1"
        assert json.loads(await socket.recv())["position"] == 0
        answers = []
        for step in range(10):
            numbers = [((number * 7 + step * 3 + place) % 11 - 5) / 4 for place in range(8)]
            if query:
                await socket.send(struct.pack("<8f", *numbers))
                answers.append(await socket.recv())
            else:
                text = json.dumps({"step": numbers})
                await socket.send([text[:5], text[5:9], text[9:]])
                answer = json.loads(await socket.recv())
                assert answer["position"] == step + 1
                # the shortest numbers that read back to those of 32 bits
                answers.append(struct.pack("<16f", *answer["answer"]["output"]))
            await asyncio.sleep(0)
        await socket.send("{")
        assert "error" in json.loads(await socket.recv())
        await socket.send(json.dumps({"end": True}))
        await socket.wait_closed()
        assert socket.close_code == 1000
        return answers


async def main():
    alone = [await stream(number) for number in range(20)]
    assert await asyncio.gather(*(stream(number) for number in range(20))) == alone
    assert await asyncio.gather(*(stream(number, "&answers=binary") for number in range(20))) == alone


asyncio.run(main())
