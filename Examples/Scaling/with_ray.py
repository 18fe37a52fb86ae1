"""Ray: with_ray.py PROGRAM BUNDLE DATA TRAINING"""

import os
import sys
import tempfile

import ray

import parts
import trials

program, bundle, data, training = sys.argv[1:5]
here = os.path.dirname(os.path.abspath(__file__))
ray.init(num_cpus=2, include_dashboard=False, runtime_env={"env_vars": {"PYTHONPATH": here}})
count = 4
with tempfile.TemporaryDirectory() as folder:
    predict = ray.remote(max_retries=2)(parts.predict)
    files = ray.get([predict.remote(program, bundle, data, folder, index, count) for index in range(count)])
    parts.check("ray", files, program, bundle, data)


@ray.remote
def trial(rate):
    """What a trainable of Tune does, with `ray.tune.report` in the place of the list."""
    with tempfile.TemporaryDirectory() as folder:
        events = list(trials.epochs(program, training, f"{folder}/trial", learning_rate=rate, epochs=2, hidden=16))
    return rate, events[-1]["modelHash"], min(event["validationLoss"] for event in events[:-1])


results = ray.get([trial.remote(rate) for rate in (0.003, 0.01)])
print("ray:", min(results, key=lambda result: result[2]))
ray.shutdown()
