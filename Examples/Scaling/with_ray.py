"""Ray: with_ray.py PROGRAM BUNDLE DATA TEXTS; a line of the texts is a record."""

import os
import subprocess
import sys
import tempfile

import ray
from ray import tune

import parts
import trials

program, bundle, data, texts = sys.argv[1:5]
here = os.path.dirname(os.path.abspath(__file__))
ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False, runtime_env={"env_vars": {"PYTHONPATH": here}})

# tasks over parts of the data
with tempfile.TemporaryDirectory() as folder:
    count = 4
    predict = ray.remote(max_retries=2)(parts.predict)
    files = ray.get([predict.remote(program, bundle, data, folder, index, count) for index in range(count)])
    parts.check("ray", files, program, bundle, data)


class Predictor:
    """Ray Data: an actor that keeps a process, which answers each line in order."""

    def __init__(self):
        self.process = subprocess.Popen(
            [program, "predict", bundle, "--lines", "--json", "--threads", "1"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def __call__(self, batch):
        answers = []
        for text in batch["text"]:
            self.process.stdin.write(text + "\n")
            self.process.stdin.flush()
            answers.append(self.process.stdout.readline().rstrip("\n"))
        return {"number": batch["number"], "answer": answers}


with open(texts, encoding="utf-8") as file:
    lines = file.read().splitlines()[:200]
records = ray.data.from_items([{"number": number, "text": line} for number, line in enumerate(lines)])
rows = records.map_batches(Predictor, concurrency=1, batch_size=50).take_all()
answers = [row["answer"] for row in sorted(rows, key=lambda row: row["number"])]
alone = subprocess.run(
    [program, "predict", bundle, "--lines", "--json"], input="\n".join(lines) + "\n", check=True, stdout=subprocess.PIPE, text=True)
assert answers == alone.stdout.splitlines(), "ray: the answers are not those of one process"
print(f"ray: {len(answers)} lines by an actor are those of one process")


def trial(settings):
    """Ray Tune: a training whose epochs are reported; one that is given up leaves a checkpoint."""
    with tempfile.TemporaryDirectory() as folder:
        for event in trials.epochs(program, data, f"{folder}/trial", epochs=2, hidden=16, **settings):
            if event["event"] == "epoch":
                last = event["validationLoss"]
                tune.report({"loss": last})
            else:
                tune.report({"loss": last, "model": event["modelHash"]})


with tempfile.TemporaryDirectory() as folder:
    tuner = tune.Tuner(
        trial, param_space={"learning_rate": tune.grid_search([0.003, 0.01])},
        tune_config=tune.TuneConfig(metric="loss", mode="min"),
        run_config=tune.RunConfig(storage_path=folder, verbose=0))
    best = tuner.fit().get_best_result()
    assert best.metrics["model"], "ray: the best trial has no model"
    print(f"ray: best {best.metrics['loss']:.4f} at {best.config}")
ray.shutdown()
