# SPDX-License-Identifier: Apache-2.0
"""The chart as helm renders it."""

import glob
import os
import subprocess

import yaml

TOP = os.path.abspath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "../.."))
TOOLS = os.path.join(TOP, "build/tools/bin")
CHART = os.path.join(TOP, "helm")
RELEASE = "staging"
NAMESPACE = "accounts"


def topologies():
    """The name of each ci/NAME-values.yaml."""
    ending = "-values.yaml"
    files = glob.glob(os.path.join(CHART, "ci", "*" + ending))
    return sorted(os.path.basename(file).removesuffix(ending) for file in files)


def run(*command, given=None):
    """The finished process; its output is text."""
    return subprocess.run(
        command, input=given, capture_output=True, text=True, timeout=120, check=False
    )


def helm(command, topology, *more):
    values = os.path.join(CHART, "ci", topology + "-values.yaml")
    where = [CHART] if command == "lint" else [RELEASE, CHART]
    return run(
        os.path.join(TOOLS, "helm"), command, *where, "--namespace", NAMESPACE,
        "--kube-version", "1.27", "-f", values, *more,
    )  # fmt: skip


def render(topology, *more):
    """The manifests as text."""
    rendered = helm("template", topology, *more)
    if rendered.returncode != 0:
        raise AssertionError(f"{topology} does not render: {rendered.stderr}")
    return rendered.stdout


def objects(manifests):
    return [one for one in yaml.safe_load_all(manifests) if one]


def named(found, kind, ending=""):
    """The one object of that kind whose name ends like this."""
    fitting = [
        one for one in found if one["kind"] == kind and one["metadata"]["name"].endswith(ending)
    ]
    if len(fitting) != 1:
        raise AssertionError(f"{len(fitting)} objects of kind {kind}, *{ending}")
    return fitting[0]


def workload(found):
    """The servers: a Deployment or a StatefulSet."""
    return next(one for one in found if one["kind"] in ("Deployment", "StatefulSet"))


def pod_spec(found):
    """Of a Pod, or of what makes pods; None of anything else."""
    if found["kind"] == "Pod":
        return found["spec"]
    return found.get("spec", {}).get("template", {}).get("spec")
