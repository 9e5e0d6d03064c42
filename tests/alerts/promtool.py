# SPDX-License-Identifier: Apache-2.0
"""What Prometheus's own tool says of the alerts, and of what a server shows.

    python3 promtool.py PROMTOOL PROVISIOND

The rules are valid; each alert fires when firing.yaml says that it must, alone, and not when it is
another job that has the fault; none fires on healthy servers; a rule that is broken on purpose is
caught; the metrics are well-formed.
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
_JOB = "provisiond"
_SERVER = {"job": _JOB, "instance": "pod-1:9464"}
_SECOND = {"job": _JOB, "instance": "pod-2:9464"}
_NEIGHBOUR = {"job": "another", "instance": "pod-3:9464"}
_SECOND_NEIGHBOUR = {"job": "another", "instance": "pod-4:9464"}
_ALL = (_SERVER, _SECOND, _NEIGHBOUR, _SECOND_NEIGHBOUR)
_HEALTHY_MINUTES = (10, 30, 60, 120, 240)


def promtool(*command, text=""):
    return subprocess.run(command, input=text, capture_output=True, text=True, check=False)


def with_labels(series, labels):
    text = ", ".join(f'{name}="{value}"' for name, value in labels.items())
    name, _, own = series.partition("{")
    return f"{name}{{{text}, {own}" if own else f"{name}{{{text}}}"


def test_of(healthy, series, faulty, alerts):
    """All servers are healthy, but for `series` at those that are `faulty`."""
    given = [
        {"series": with_labels(name, server), "values": values}
        for server in _ALL
        for name, values in (healthy | series if server in faulty else healthy).items()
    ]
    return {"interval": "1m", "input_series": given, "alert_rule_test": alerts}


def quiet(rules, minutes):
    return [
        {"eval_time": f"{minute}m", "alertname": rule["alert"], "exp_alerts": []}
        for minute in minutes
        for rule in rules
    ]


def firing(rule, case):
    of_whom = _SERVER if case.get("instance", True) else {"job": _JOB}
    expected = {
        "exp_labels": rule["labels"] | of_whom, "exp_annotations": rule["annotations"],
    }  # fmt: skip
    return {
        "eval_time": f"{case['at']}m", "alertname": rule["alert"], "exp_alerts": [expected],
    }  # fmt: skip


def cases_of(rules, cases):
    """As (rule, case)."""
    return [(rule, case) for rule in rules for case in cases["alerts"][rule["alert"]]]


def quiet_tests(rules, cases):
    for series in ({}, *cases["quiet"].values()):
        yield test_of(cases["healthy"], series, [_SERVER], quiet(rules, _HEALTHY_MINUTES))


def firing_tests(rules, cases):
    """Each alert fires, alone."""
    for rule, case in cases_of(rules, cases):
        others = [other for other in rules if other is not rule]
        faulty = [_SERVER, _SECOND] if case.get("both") else [_SERVER]
        expected = [firing(rule, case)] + quiet(others, [case["at"]])
        yield test_of(cases["healthy"], case["series"], faulty, expected)


def neighbour_tests(rules, cases):
    """A fault of another job is none of ours."""
    for _, case in cases_of(rules, cases):
        expected = quiet(rules, [case["at"]])
        yield test_of(cases["healthy"], case["series"], [_NEIGHBOUR], expected)


def run_rule_tests(tool, tests, rules_file):
    text = {"rule_files": [rules_file], "evaluation_interval": "1m", "tests": list(tests)}
    with tempfile.NamedTemporaryFile("w", suffix=".yaml") as file:
        yaml.safe_dump(text, file)
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
    for tests in (quiet_tests, firing_tests, neighbour_tests):
        run = run_rule_tests(tool, tests(rules, cases), os.path.abspath(_ALERTS))
        if run.returncode != 0:
            yield run.stdout + run.stderr
    yield from unseen_twins(tool, rules, cases)


def of_any_job(rule):
    return re.sub(r'\{job="[^"]*"\}', "", re.sub(r'job="[^"]*", ', "", rule["expr"]))


# What a rule can be by mistake, its expression then, and the tests that must notice.
_TWINS = {
    "one that never fires": (lambda rule: "vector(1) > 2", [firing_tests]),
    "one that always fires": (lambda rule: "vector(1)", [quiet_tests]),
    "one about every job": (of_any_job, [firing_tests, neighbour_tests]),
}


def unseen_twins(tool, rules, cases):
    """Each mistake must be found in each rule."""
    for what, (twin, kinds) in _TWINS.items():
        with tempfile.NamedTemporaryFile("w", suffix=".yaml") as file:
            broken = [rule | {"expr": twin(rule)} for rule in rules]
            yaml.safe_dump({"groups": [{"name": "twin", "rules": broken}]}, file)
            file.flush()
            tests = [test for kind in kinds for test in kind(rules, cases)]
            said = run_rule_tests(tool, tests, file.name).stderr
        for rule in rules:
            if not re.search(rf"alertname: {rule['alert']}\b", said):
                yield f"{rule['alert']}: nobody notices that it is {what}"


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
