"""A training as a trial: its epochs one after the other, and its end."""

import json
import subprocess


def epochs(program, data, folder, seed=1, **settings):
    """Starts a training and gives an event for each epoch, then the last line; a trial that is given up is stopped, and its
    checkpoint stays."""
    flags = [word for name, value in settings.items() for word in (f"--{name.replace('_', '-')}", str(value))]
    process = subprocess.Popen(
        [program, "train", "classification", data, "--output", folder, "--json", "--resume", "--threads", "1",
         "--seed", str(seed)] + flags,
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        for line in process.stdout:
            event = json.loads(line)
            if event["event"] in ("epoch", "end"):
                yield event
    finally:
        process.terminate()
        process.wait()
