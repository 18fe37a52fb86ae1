"""kill -9 and restart, and an end under load: no session is lost beyond --state-every, no step is lost or read twice.

Usage: survive.py RECURRENT MODEL SCRATCH [KILLS]. MODEL: layers of 8 numbers to 16. Needs nothing but Python.
"""
import http.client
import json
import os
import random
import signal
import subprocess
import sys
import threading
import time

recurrent, model, scratch = sys.argv[1:4]
kills = int(sys.argv[4]) if len(sys.argv) > 4 else 5
every, names = 0.3, [f"s{number}" for number in range(24)]


def step(name, position):
    """The step that a session reads at a position."""
    draw = random.Random(f"{name} {position}")
    return [draw.randint(-8, 8) / 8 for _ in range(8)]


def start(folder):
    server = subprocess.Popen(
        [recurrent, "serve", f"m={model}", "--listen", "127.0.0.1:0", "--session-directory", folder,
         "--state-every", str(every), "--max-sessions", "20", "--idle", "1"], stderr=subprocess.PIPE, text=True)
    for line in server.stderr:
        if "listening at" in line:
            return server, int(line.rsplit(":", 1)[1])
    raise SystemExit("the server did not begin")


def ask(connection, method, path, body=None):
    connection.request(method, path, None if body is None else json.dumps(body))
    answer = connection.getresponse()
    return answer.status, json.loads(answer.read() or b"null")


def digest(outputs):
    """What stands for the rows of an answer: a hundred kills need a million of them."""
    return [hash(tuple(row)) for row in outputs]


def alone(count):
    """The digests of the answers of each session that nothing happens to."""
    server, port = start(scratch + "/alone")
    connection = http.client.HTTPConnection("127.0.0.1", port)
    answers = {}
    for name in names:
        ask(connection, "POST", "/v1/sessions", {"model": "m", "id": name})
        answers[name] = []
        for at in range(0, count, 1000):
            steps = {"steps": [step(name, place) for place in range(at, at + 1000)]}
            answers[name] += digest(ask(connection, "POST", f"/v1/sessions/{name}/steps", steps)[1]["outputs"])
    server.send_signal(signal.SIGTERM)
    assert server.wait(20) == 0
    return answers


class User(threading.Thread):
    """Goes on with some sessions, each step with its position, until the connection ends."""

    def __init__(self, port, own, positions):
        super().__init__()
        self.port, self.own, self.positions, self.times, self.problem = port, own, positions, {}, None
        self.refused = 0

    def run(self):
        try:
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
            while True:
                name = random.choice(self.own)
                at = self.positions[name]
                if at == len(expected[name]) - 1:
                    return
                status, body = ask(connection, "POST", f"/v1/sessions/{name}/steps", {"steps": [step(name, at)], "position": at})
                if status == 503:
                    self.refused += 1
                    return
                if status != 200 or digest(body["outputs"]) != [expected[name][at]]:
                    self.problem = (name, at, status, body)
                    return
                self.positions[name] = at + 1
                self.times.setdefault(name, []).append((time.monotonic(), at + 1))
        except (OSError, http.client.HTTPException):
            pass


def load(port, positions):
    users = [User(port, names[part::8], positions) for part in range(8)]
    for user in users:
        user.start()
    return users


def finish(users):
    for user in users:
        user.join()
        assert user.problem is None, user.problem


# a session reads some hundred steps between two kills
expected = alone(1000 * (kills + 2) // 2)
folder, positions = scratch + "/sessions", {name: 0 for name in names}
server, port = start(folder)
connection = http.client.HTTPConnection("127.0.0.1", port)
for name in names:
    assert ask(connection, "POST", "/v1/sessions", {"model": "m", "id": name})[0] == 201
time.sleep(3 * every + 1)
for kill in range(kills):
    users = load(port, positions)
    time.sleep(random.uniform(1, 3))
    killed = time.monotonic()
    server.kill()
    server.wait()
    finish(users)
    server, port = start(folder)
    connection = http.client.HTTPConnection("127.0.0.1", port)
    for name in names:
        status, body = ask(connection, "GET", f"/v1/sessions/{name}")
        assert status == 200, (name, body)
        # what was answered before the last writing is there; a sweep comes once a second
        old = [at for user in users for when, at in user.times.get(name, []) if when < killed - every - 2]
        assert body["position"] >= max(old, default=0), (name, body, old[-1])
        positions[name] = body["position"]
print(f"kill -9: {kills} times, every session goes on where it was written")
users = load(port, positions)
time.sleep(1.5)
server.send_signal(signal.SIGTERM)
assert server.wait(40) == 0, "the end under load"
finish(users)
server, port = start(folder)
connection = http.client.HTTPConnection("127.0.0.1", port)
for name in names:
    status, body = ask(connection, "GET", f"/v1/sessions/{name}")
    # an answer that was lost on its way is given again for the same position, and nothing else
    assert status == 200 and body["position"] in (positions[name], positions[name] + 1), (name, body, positions[name])
    at = positions[name]
    status, body = ask(connection, "POST", f"/v1/sessions/{name}/steps", {"steps": [step(name, at)], "position": at})
    assert status == 200 and digest(body["outputs"]) == [expected[name][at]], (name, at, body)
server.send_signal(signal.SIGTERM)
assert server.wait(20) == 0
print("the end under load: nothing lost, nothing read twice")
