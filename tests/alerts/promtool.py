# SPDX-License-Identifier: Apache-2.0
"""What Prometheus's own tool says of the alerts, and of what a server shows.

    python3 promtool.py PROMTOOL PROVISIOND

The rules are valid; each alert fires when firing.yaml says that it must, and none on a healthy
server; a rule that is broken on purpose is caught; the metrics are well-formed.
"""

import os
import re
import subprocess
import sys
import tempfile
import urllib.request

import yaml
from expressions import alert_rules

_HERE = os.path.dirname(os.path.abspath(__file__))
_ALERTS = os.path.join(_HERE, "../../helm/files/alerts.yaml")
_INSTANCE = {"job": "provisiond", "instance": "pod-1:9090"}
_HEALTHY_MINUTES = (10, 30, 60, 120, 240)


def promtool(*command, text=""):
    return subprocess.run(command, input=text, capture_output=True, text=True, check=False)


def with_instance(series):
    labels = ", ".join(f'{name}="{value}"' for name, value in _INSTANCE.items())
    return re.sub(r"\{(?=.)", "{" + labels + ", ", series) if "{" in series else (
        series + "{" + labels + "}")  # fmt: skip


def test_of(series, alerts):
    return {
        "interval": "1m",
        "input_series": [
            {"series": with_instance(name), "values": values} for name, values in series.items()
        ],
        "alert_rule_test": alerts,
    }


def quiet(rules, minutes):
    return [
        {"eval_time": f"{minute}m", "alertname": rule["alert"], "exp_alerts": []}
        for minute in minutes
        for rule in rules
    ]


def firing(rule, case):
    labels = dict(rule["labels"]) | case.get("labels", {})
    if case.get("instance", True):
        labels |= _INSTANCE
    expected = {"exp_labels": labels, "exp_annotations": rule["annotations"]}
    return {
        "eval_time": f"{case['at']}m", "alertname": rule["alert"], "exp_alerts": [expected],
    }  # fmt: skip


def rule_tests(rules, cases, rules_file):
    tests = [test_of(cases["healthy"], quiet(rules, _HEALTHY_MINUTES))]
    for rule in rules:
        case = cases["alerts"][rule["alert"]]
        tests.append(test_of(cases["healthy"] | case["series"], [firing(rule, case)]))
    return {"rule_files": [rules_file], "evaluation_interval": "1m", "tests": tests}


def run_rule_tests(tool, rules, cases, rules_file):
    with tempfile.NamedTemporaryFile("w", suffix=".yaml") as file:
        yaml.safe_dump(rule_tests(rules, cases, rules_file), file)
        file.flush()
        return promtool(tool, "test", "rules", file.name)


def rule_complaints(tool):
    run = promtool(tool, "check", "rules", _ALERTS)
    if run.returncode != 0:
        yield run.stdout + run.stderr
    rules = alert_rules(_ALERTS)
    with open(os.path.join(_HERE, "firing.yaml"), encoding="utf-8") as file:
        cases = yaml.safe_load(file)
    for name in {rule["alert"] for rule in rules} ^ set(cases["alerts"]):
        yield f"{name}: is in one of alerts.yaml and firing.yaml, and not in the other"
        return
    run = run_rule_tests(tool, rules, cases, os.path.abspath(_ALERTS))
    if run.returncode != 0:
        yield run.stdout + run.stderr
    yield from unseen_twins(tool, rules, cases)


def unseen_twins(tool, rules, cases):
    """Rules that never fire, and rules that always do: each of them must be found."""
    for twin in ("vector(1) > 2", "vector(1)"):
        with tempfile.NamedTemporaryFile("w", suffix=".yaml") as file:
            broken = [rule | {"expr": twin} for rule in rules]
            yaml.safe_dump({"groups": [{"name": "twin", "rules": broken}]}, file)
            file.flush()
            said = run_rule_tests(tool, rules, cases, file.name).stderr
        for rule in rules:
            if not re.search(rf"alertname: {rule['alert']}\b", said):
                yield f"{rule['alert']}: nobody notices that it is {twin}"


def metrics_complaints(tool, provisiond):
    with tempfile.TemporaryDirectory() as folder:
        server = subprocess.Popen(
            [provisiond, "serve", "--listen", "127.0.0.1:0", "--insecure-loopback",
             "--store", f"sqlite:{folder}/clients.db", "--metrics-listen", "127.0.0.1:0"],
            stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        try:
            found = (re.search(r"metrics on (\S+)", line) for line in server.stderr)
            url = next((match[1] for match in found if match), None)
            if url is None:
                yield "the server did not start"
                return
            with urllib.request.urlopen(url, timeout=30) as answer:
                shown = answer.read().decode()
        finally:
            server.kill()
            server.wait()
    # Those of the library's own listener are not ours to name.
    ours = "".join(
        line for line in shown.splitlines(keepends=True)
        if not re.match(r"(# \w+ )?exposer_", line)
    )  # fmt: skip
    run = promtool(tool, "check", "metrics", text=ours)
    if run.returncode != 0:
        yield run.stdout + run.stderr
    twin = ours + "# TYPE twin counter\ntwin 1\n"
    if promtool(tool, "check", "metrics", text=twin).returncode == 0:
        yield "promtool lets a counter without _total pass"


def main():
    tool, provisiond = sys.argv[1:]
    found = list(rule_complaints(tool)) + list(metrics_complaints(tool, provisiond))
    print("\n".join(found) or "promtool: rules and metrics are as they should be")
    return 1 if found else 0


if __name__ == "__main__":
    raise SystemExit(main())
