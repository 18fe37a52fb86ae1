"""Reads manifests by the models of the clients of Kubernetes and KServe: a field that those do not know is an error."""
import json
import re
import sys

import kserve
import kubernetes
import yaml

kinds = {"Deployment": "V1Deployment", "Service": "V1Service", "InferenceService": "V1beta1InferenceService"}
client = kubernetes.client.ApiClient()


def check(value, kind, place):
    """Checks a value of a kind by the name of its model, such as V1Container or list[V1Container]."""
    if listed := re.match(r"list\[(.*)\]|List\[(.*)\]", kind):
        for number, own in enumerate(value):
            check(own, listed[1] or listed[2], f"{place}[{number}]")
    elif model := getattr(kserve, kind, None):
        names = {written: name for name, written in model.attribute_map.items()}
        for name, own in value.items():
            assert name in names, f"{place} has {name}, {kind} has no such field"
            check(own, model.openapi_types[names[name]], f"{place}.{name}")
    elif model := getattr(kubernetes.client, kind, None):
        again = client.sanitize_for_serialization(client.deserialize(json.dumps(value), model, "application/json"))
        assert again == value, f"{place} is {again} to {kind}"


for path in sys.argv[1:]:
    for document in yaml.safe_load_all(open(path)):
        check(document, kinds[document["kind"]], path)
