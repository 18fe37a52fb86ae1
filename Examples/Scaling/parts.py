"""What the scripts share: one part of the work as a command."""

import subprocess
from pathlib import Path


def predict(program, bundle, data, folder, index, count):
    """Predicts part `index` of `count`; returns the file. To be called again is free of charge."""
    output = Path(folder) / f"part-{index:05d}.jsonl"
    subprocess.run(
        [program, "predict", bundle, data, "--format", "jsonl", "--shard", f"{index}/{count}",
         "--output", str(output), "--skip-existing", "--threads", "1"],
        check=True)
    return str(output)


def whole(program, bundle, data):
    """The bytes that one process writes."""
    return subprocess.run(
        [program, "predict", bundle, data, "--format", "jsonl"], check=True, stdout=subprocess.PIPE).stdout


def check(engine, files, program, bundle, data):
    """Compares the parts, one behind the other, with the whole."""
    joined = b"".join(Path(file).read_bytes() for file in files)
    assert joined == whole(program, bundle, data), f"{engine}: the parts are not the whole"
    print(f"{engine}: {len(files)} parts are the bytes of the whole")
