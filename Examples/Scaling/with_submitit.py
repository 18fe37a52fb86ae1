"""submitit: with_submitit.py PROGRAM BUNDLE DATA [local|slurm]"""

import os
import sys
import tempfile

import submitit

import parts

program, bundle, data = sys.argv[1:4]
# a job finds `parts` by its name
os.environ["PYTHONPATH"] = os.path.dirname(os.path.abspath(__file__))
count = 4
# jobs may run on other machines, which have this folder
with tempfile.TemporaryDirectory(dir=os.getcwd()) as folder:
    executor = submitit.AutoExecutor(folder=folder + "/log", cluster=sys.argv[4] if len(sys.argv) > 4 else "local")
    executor.update_parameters(timeout_min=10, cpus_per_task=1)
    jobs = executor.map_array(
        parts.predict, *zip(*[(program, bundle, data, folder, index, count) for index in range(count)]))
    parts.check("submitit", [job.result() for job in jobs], program, bundle, data)
