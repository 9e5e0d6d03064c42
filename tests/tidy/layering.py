# SPDX-License-Identifier: Apache-2.0
"""Who may include whom: the folders' order, and the libraries that stay in one place."""

import posixpath
import re

from packages import package_of
from tree import includes, line_of, strings

# Each folder and the folders that it may include, beside itself. The nearest entry above a file
# counts, so that a folder inside a listed one need not be listed.
_CORE = [
    "service/model", "service/hash_format", "service/rules", "service/sharing",
    "service/credential", "service/store",
]  # fmt: skip
MAY_INCLUDE = {
    "service/model": [],
    "service/hash_format": ["service/model"],
    "service/rules": ["service/model", "service/hash_format"],
    "service/sharing": ["service/model"],
    "service/trust": ["service/model"],
    "service/credential": ["service/model", "service/hash_format", "service/sharing"],
    "service/store": ["service/model"],
    "service/store/sqlite": ["service/model", "service/sharing", "service/store"],
    "service/store/postgres": ["service/model", "service/sharing", "service/store"],
    "service/import": _CORE,
    "service/account": _CORE,
    "service/signals": ["service/model", "service/rules", "service/import"],
    "service/listening": ["service/model"],
    "service/rpc": _CORE + ["service/import", "service/account", "service/trust"],
    "service/server": ["service"],
    "service": ["service/server", "service/signals"],  # main.cc
    "client": ["service/model", "service/rules", "service/trust"],
    "tests": ["service", "client"],
}
# A database engine is known to the composition root and to itself.
ENGINES = ("service/store/sqlite", "service/store/postgres")

_EDGES = ["service/rpc/", "service/server/", "client/", "tests/"]
# (what the header's path looks like, the folders that may include it)
PLACED_HEADERS = [
    (r"grpcpp/|grpc/|.*\.grpc\.pb\.h$", _EDGES),
    (r"google/protobuf/|.*\.pb\.h$", _EDGES),
    (r"sqlite3\.h$", ["service/store/sqlite/", "tests/"]),
    (r"libpq-fe\.h$", ["service/store/postgres/", "tests/"]),
    (r"sodium\.h$|sodium/", ["service/credential/", "tests/"]),
    (r"crypt\.h$", ["service/credential/", "tests/"]),
    (r"nlohmann/", ["service/signals/", "service/trust/", "tests/"]),
    (r"argon2\.h$", ["tests/"]),
    (r"prometheus/", ["service/signals/", "tests/"]),
    (r"(gtest|gmock)/", ["tests/"]),
]
SQL_PLACES = ("service/store/sqlite/", "service/store/postgres/", "tests/")


def home(path):
    """The nearest folder in MAY_INCLUDE, or None. `service` itself only takes in main.cc."""
    folder = posixpath.dirname(path)
    if folder == "service":
        return folder
    while folder and folder != "service":
        if folder in MAY_INCLUDE:
            return folder
        folder = posixpath.dirname(folder)
    return None


def _is_in(path, folder):
    return path.startswith(folder + "/")


def include_edges(tree):
    for path, text in tree.cpp():
        place = home(path)
        if place is None:
            yield path, 1, "this folder has no place among the others (tests/tidy/layering.py)"
            continue
        for line, kind, header in includes(text):
            if kind == "<" or not header.startswith(("service/", "client/", "tests/")):
                continue
            target = home(header)
            if target is None:
                yield path, line, f"{header} stands in no known folder"
                continue
            allowed = target == place or any(
                target == folder or _is_in(target, folder) for folder in MAY_INCLUDE[place]
            )
            if target in ENGINES and place not in (target, "service/server", "tests"):
                allowed = False
            if not allowed:
                yield path, line, f"{place} may not include {target}"


def local_includes_exist(tree):
    """A quoted path is one from the top, so that it means the same everywhere."""
    for path, text in tree.cpp():
        for line, kind, header in includes(text):
            generated = header.endswith(".pb.h")
            if kind == '"' and not (generated or package_of(header) or header in tree.files):
                yield path, line, f'"{header}" is no path from the top of the tree'


def placed_headers(tree):
    for path, text in tree.cpp():
        for line, _, header in includes(text):
            for pattern, places in PLACED_HEADERS:
                if re.match(pattern, header) and not path.startswith(tuple(places)):
                    yield path, line, f"{header} may only be included in {', '.join(places)}"


_SQL = re.compile(
    r"\s*(SELECT\s|INSERT (OR \w+ )?INTO\s|UPDATE \w+ SET\s|DELETE FROM\s"
    r"|CREATE (TABLE|INDEX|UNIQUE)|BEGIN IMMEDIATE|PRAGMA\s)"
)


def placed_sql(tree):
    for path, text in tree.cpp():
        if path.startswith(SQL_PLACES):
            continue
        for position, content in strings(text):
            if _SQL.match(content):
                yield path, line_of(text, position), "SQL stands only in service/store/<engine>"


# One file says what there is to be seen.
METRICS_PLACE = "service/signals/metrics.cc"
_METRIC = re.compile(r"(provisioning|process|grpc_server)(_[a-z]+)+")


def placed_metrics(tree):
    for path, text in tree.cpp(under=("service/", "client/")):
        if path == METRICS_PLACE:
            continue
        for position, content in strings(text):
            if _METRIC.fullmatch(content):
                yield path, line_of(text, position), f"metrics are declared in {METRICS_PLACE}"


def include_cycles(tree):
    graph = {
        path: [header for _, kind, header in includes(text) if kind == '"' and header in tree.files]
        for path, text in tree.cpp()
    }
    done, under_way = set(), []

    def visit(path):
        if path in under_way:
            yield path, 1, "a circle of includes: " + " -> ".join(
                under_way[under_way.index(path) :] + [path]
            )
        elif path not in done:
            under_way.append(path)
            for header in graph[path]:
                yield from visit(header)
            under_way.pop()
            done.add(path)

    for path in graph:
        yield from visit(path)


CHECKS = [
    include_edges, local_includes_exist, placed_headers, placed_sql, placed_metrics, include_cycles,
]  # fmt: skip
