# SPDX-License-Identifier: Apache-2.0
"""The queries of the alerts and of the dashboard, and which metrics they ask for."""

import json
import re

import yaml

# Words of PromQL that stand where a metric could.
_WORDS = {"and", "or", "unless", "bool", "offset", "atan2", "inf", "nan"}
_GROUPING = r"\b(by|without|on|ignoring|group_left|group_right)\s*\([^()]*\)"


def metrics_of(expression):
    """Every metric's name in a query of Prometheus, or of a variable of Grafana."""
    variable = re.fullmatch(r"label_values\((.*),\s*\w+\)", expression.strip())
    text = variable[1] if variable else expression
    text = re.sub(r'"(\\.|[^"\\])*"', "", text)
    text = re.sub(r"\{[^{}]*\}|\[[^\[\]]*\]", "", text)
    text = re.sub(_GROUPING, "", text)
    names = re.findall(r"(?<![\w:.])[a-zA-Z_:][\w:]*\b(?!\s*\()", text)
    return {name for name in names if name.lower() not in _WORDS}


def alert_rules(path):
    with open(path, encoding="utf-8") as file:
        groups = yaml.safe_load(file)["groups"]
    return [rule for group in groups for rule in group["rules"]]


def dashboard_queries(path):
    """As (title, query)."""
    with open(path, encoding="utf-8") as file:
        dashboard = json.load(file)
    for variable in dashboard["templating"]["list"]:
        if variable["type"] == "query":
            yield f"variable {variable['name']}", variable["query"]["query"]
    for panel in dashboard["panels"]:
        for target in panel["targets"]:
            yield panel["title"], target["expr"]


def queries(alerts, dashboard):
    """All of both, as (where, query)."""
    for rule in alert_rules(alerts):
        yield rule["alert"], rule["expr"]
    yield from dashboard_queries(dashboard)
