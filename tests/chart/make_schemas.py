# SPDX-License-Identifier: Apache-2.0
"""Makes kubeconform's schemas from Kubernetes' OpenAPI file, one for each kind that the chart has.

    python3 make_schemas.py SWAGGER.json FOLDER

What is not in the OpenAPI file is refused: a misspelt field has no place to hide.
"""

import json
import os
import sys

KINDS = {
    "ConfigMap", "Deployment", "HorizontalPodAutoscaler", "Job", "NetworkPolicy", "Pod",
    "PodDisruptionBudget", "Service", "ServiceAccount", "StatefulSet",
}  # fmt: skip
PREFIX = "#/definitions/"
# What the OpenAPI file calls a string, and the API server takes as a number too.
LOOSE = {
    "io.k8s.apimachinery.pkg.util.intstr.IntOrString": ["string", "integer"],
    "io.k8s.apimachinery.pkg.api.resource.Quantity": ["string", "number"],
}


def strict(name, definition):
    if name in LOOSE:
        return {"type": LOOSE[name]}
    if "properties" in definition:
        return {**definition, "additionalProperties": False}
    return definition


def references(part):
    if isinstance(part, dict):
        if isinstance(part.get("$ref"), str):
            yield part["$ref"].removeprefix(PREFIX)
        for value in part.values():
            yield from references(value)
    elif isinstance(part, list):
        for value in part:
            yield from references(value)


def reachable(definitions, start):
    found, waiting = {}, [start]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found[name] = strict(name, definitions[name])
            waiting += references(found[name])
    return found


def file_name(group, version, kind):
    group = group.split(".")[0]
    return "-".join(part for part in (kind.lower(), group, version) if part) + ".json"


def schemas(definitions):
    for name, definition in definitions.items():
        for place in definition.get("x-kubernetes-group-version-kind", []):
            if place["kind"] not in KINDS:
                continue
            group, version, kind = place["group"], place["version"], place["kind"]
            parts = reachable(definitions, name)
            parts[name] = {
                **parts[name],
                "properties": {
                    **parts[name]["properties"],
                    "apiVersion": {"enum": [f"{group}/{version}" if group else version]},
                    "kind": {"enum": [kind]},
                },
                "required": ["apiVersion", "kind", "metadata"],
            }
            yield file_name(group, version, kind), {"$ref": PREFIX + name, "definitions": parts}


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        definitions = json.load(file)["definitions"]
    folder = sys.argv[2]
    os.makedirs(folder, exist_ok=True)
    for name, schema in schemas(definitions):
        with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
            json.dump(schema, file)


if __name__ == "__main__":
    main()
