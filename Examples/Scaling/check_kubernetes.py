"""Checks job.yaml and mpijob.yaml against the schemas of Kubernetes: check_kubernetes.py

An MPIJob is an object of the MPI operator, whose schema comes with that; here its pods are checked.
"""

from pathlib import Path

import kubernetes_validate
import yaml

here = Path(__file__).parent
version = kubernetes_validate.latest_version()
job = yaml.safe_load((here / "job.yaml").read_text())
kubernetes_validate.validate(job, version, strict=True)
training = yaml.safe_load((here / "mpijob.yaml").read_text())
for name, replica in training["spec"]["mpiReplicaSpecs"].items():
    pod = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name.lower()}, "spec": replica["template"]["spec"]}
    kubernetes_validate.validate(pod, version, strict=True)
print(f"kubernetes: the job and the pods of the training are objects of version {version}")
