# SPDX-License-Identifier: Apache-2.0
"""values.yaml as its readers see it: each value with the comment above it."""

import re

import yaml

_KEY = re.compile(r"^( *)([A-Za-z][\w-]*):( .*)?$")


class Value:
    def __init__(self, path, comment, default):
        self.path = path
        self.comment = comment
        self.default = default


def _at(values, path):
    for name in path:
        values = values[name]
    return values


def commented_values(text):
    """Every key with a comment right above it, in the file's order."""
    values = yaml.safe_load(text)
    above, comment = [], []
    for line in text.split("\n"):
        stripped = line.strip()
        key = _KEY.match(line)
        if stripped.startswith("# "):
            comment.append(stripped[2:])
            continue
        if key:
            depth = len(key[1]) // 2
            above = above[:depth] + [key[2]]
            if comment:
                yield Value(".".join(above), " ".join(comment), _at(values, above))
        comment = []


def leaves(values, commented, path=""):
    """The paths of what can be set: down to values with a comment, or without values inside."""
    for name, value in values.items():
        here = f"{path}.{name}" if path else name
        if here in commented or not isinstance(value, dict) or not value:
            yield here
        else:
            yield from leaves(value, commented, here)
