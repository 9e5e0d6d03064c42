# SPDX-License-Identifier: Apache-2.0
"""That the alerts and the dashboard ask for nothing that there is not.

    python3 check_names.py SCRAPE ALERTS DASHBOARD RUNBOOK [--elsewhere NAME]...

SCRAPE is what a server showed after an import; a metric that only another kind of server has is
named by --elsewhere. Each query of an alert says of which job it speaks, so that the chart can say
of which release. Each complaint is one line, and the exit code is 1 if there is any.
"""

import argparse
import re

from expressions import alert_rules, metrics_of, queries

# (query, its metrics): what the search for names must get right before its word counts.
_EXAMPLES = [
    ("a_total", {"a_total"}),
    ('sum by (le) (rate(a_bucket{b="c_d", e=~"f|g"}[5m])) > 0.5', {"a_bucket"}),
    ("a:b and on (c, d) e unless ignoring (f) g offset 5m", {"a:b", "e", "g"}),
    ("histogram_quantile(0.99, sum(rate(a[$__rate_interval])) by (le)) / 1e3", {"a"}),
    ("1000 * min(a - time())", {"a"}),
    ("label_values(a, b)", {"a"}),
]

# Prometheus makes it, for each target.
_OF_PROMETHEUS = {"up"}


def without_job(expression):
    """The metrics of a query of which it does not say at once whose they are."""
    return metrics_of(re.sub(r'[\w:]+\{job="provisiond"[^{}]*\}', "1", expression))


def shown_names(path):
    with open(path, encoding="utf-8") as file:
        return set(re.findall(r"^([a-zA-Z_:][\w:]*)[{ ]", file.read(), re.MULTILINE))


def complaints(arguments):
    for query, expected in _EXAMPLES:
        if (found := metrics_of(query)) != expected:
            yield f"the search for names finds {found} in {query}"
    if without_job('a{job="provisiond"} / a{b="c"} > b{job="provisiond", d="e"}[5m]') != {"a"}:
        yield "the search for metrics without a job does not find them"
    known = shown_names(arguments.scrape) | set(arguments.elsewhere) | _OF_PROMETHEUS
    for where, query in queries(arguments.alerts, arguments.dashboard):
        names = metrics_of(query)
        if not names:
            yield f"{where}: asks for no metric: {query}"
        for name in sorted(names - known):
            yield f"{where}: no server has a metric {name}"
    with open(arguments.runbook, encoding="utf-8") as file:
        sections = set(re.findall(r"^## (\w+)$", file.read(), re.MULTILINE))
    rules = alert_rules(arguments.alerts)
    for rule in rules:
        for name in sorted(without_job(rule["expr"])):
            yield f"{rule['alert']}: does not say of which job {name} is"
        if rule["annotations"].get("runbook_url") != f"RUNBOOK.md#{rule['alert'].lower()}":
            yield f"{rule['alert']}: its runbook_url does not name its section"
        if rule["alert"] not in sections:
            yield f"{rule['alert']}: the runbook has no section about it"
        if rule["labels"].get("severity") not in ("critical", "warning"):
            yield f"{rule['alert']}: is it critical, or a warning?"
    for section in sorted(sections - {rule["alert"] for rule in rules}):
        yield f"{section}: the runbook tells of an alert that there is not"


def main():
    parser = argparse.ArgumentParser()
    for name in ("scrape", "alerts", "dashboard", "runbook"):
        parser.add_argument(name)
    parser.add_argument("--elsewhere", action="append", default=[])
    found = list(complaints(parser.parse_args()))
    print("\n".join(found) or "every metric that is asked for is there")
    return 1 if found else 0


if __name__ == "__main__":
    raise SystemExit(main())
