"""Sessions that come and go, and connections with them, while the memory of the server is looked at: churn.py PORT PID MINUTES

Each of 64 clients opens a session, reads steps with it, forks it, ends both or leaves them to their own end, begins a completion and goes away
before it is over, and comes back by another connection. Fails where the memory grows after the first third.
"""
import asyncio
import json
import random
import sys
import time

port, pid, minutes = int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])
end = time.monotonic() + 60 * minutes
counts = {"requests": 0, "streams left": 0, "connections": 0}


def memory():
    lines = open(f"/proc/{pid}/status").read().splitlines()
    return int(next(line for line in lines if line.startswith("VmRSS")).split()[1]) / 1024


async def ask(connection, method, path, body=None):
    reader, writer = connection
    text = b"" if body is None else json.dumps(body).encode()
    writer.write(f"{method} {path} HTTP/1.1\r\nhost: a\r\ncontent-length: {len(text)}\r\n\r\n".encode() + text)
    head = await reader.readuntil(b"\r\n\r\n")
    length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
    answer = await reader.readexactly(length)
    counts["requests"] += 1
    assert head.split()[1] in (b"200", b"201"), (method, path, head, answer)
    return json.loads(answer)


async def client(number):
    draw = random.Random(number)
    while time.monotonic() < end:
        connection = await asyncio.open_connection("127.0.0.1", port)
        counts["connections"] += 1
        for _ in range(draw.randrange(1, 20)):
            step = [draw.uniform(-1, 1) for _ in range(8)]
            own = (await ask(connection, "POST", "/v1/sessions", {"model": "layers", "ttl": draw.choice([1, 5])}))["id"]
            await ask(connection, "POST", f"/v1/sessions/{own}/steps", {"steps": [step] * draw.randrange(1, 5)})
            other = (await ask(connection, "POST", f"/v1/sessions/{own}/fork"))["id"]
            for session in (own, other):
                if draw.random() < 0.97:
                    await ask(connection, "DELETE", f"/v1/sessions/{session}")
        if draw.random() < 0.5:
            body = json.dumps({"model": "text", "prompt": "A", "max_tokens": 2000, "stream": True}).encode()
            connection[1].write(f"POST /v1/completions HTTP/1.1\r\nhost: a\r\ncontent-length: {len(body)}\r\n\r\n".encode() + body)
            await connection[0].readuntil(b"data: ")
            counts["streams left"] += 1
        connection[1].close()


async def watch():
    seen = []
    while time.monotonic() < end:
        await asyncio.sleep(min(60, 60 * minutes / 10))
        seen.append(memory())
        print(f"{seen[-1]:.1f} MiB, {counts}", flush=True)
    return seen


async def main():
    return (await asyncio.gather(watch(), *(client(number) for number in range(64))))[0]


seen = asyncio.run(main())
first, last = max(seen[: len(seen) // 3 + 1]), seen[-1]
print(f"churn: {first:.1f} MiB after a third, {last:.1f} MiB at the end, {counts}")
assert last <= first * 1.02 + 1, "the memory grows"
