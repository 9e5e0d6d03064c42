# SPDX-License-Identifier: Apache-2.0
"""Holds the tree to the rules of tests/README.md.

    python3 tests/tidy/tidy.py [TOP]

Every check must first catch its broken twins (twins.py). Then each complaint about the tree is one
line, FILE:LINE: TEXT, and the exit code is 1 if there is any. Sizes are told and break nothing.
"""

import os
import shutil
import subprocess
import sys

import building
import layering
import sizes
import twins
import wording
from tree import Tree

CHECKS = layering.CHECKS + wording.CHECKS + building.CHECKS
CLANG_FORMAT = "clang-format-14"


def blind_spots():
    """What the checks fail to see, or see where it is not."""
    for check in CHECKS + sizes.NOTES:
        if check not in twins.TWINS:
            yield f"{check.__name__} has no broken twin"
        for number, (broken, sound) in enumerate(twins.TWINS.get(check, []), 1):
            if not list(check(Tree(broken))):
                yield f"{check.__name__} does not catch its broken twin {number}"
            if found := list(check(Tree(sound))):
                yield f"{check.__name__} complains about the sound twin {number}: {found}"


def format_complaints(top, tree):
    """Nothing where this version of clang-format is not installed."""
    program = shutil.which(CLANG_FORMAT)
    if program is None:
        print(f"LEFT OUT: the layout of the code, because there is no {CLANG_FORMAT}")
        return
    twin = subprocess.run(
        [program, "--style=Google", "--dry-run", "--Werror", "--assume-filename=a.cc"],
        input="int  a ;\n", capture_output=True, text=True,
    )  # fmt: skip
    if twin.returncode == 0:
        yield f"{CLANG_FORMAT} lets bad layout pass"
    run = subprocess.run(
        [program, "--dry-run", "--Werror", *(path for path, _ in tree.cpp())],
        cwd=top, capture_output=True, text=True,
    )  # fmt: skip
    if run.returncode != 0:
        lines = [line for line in run.stderr.split("\n") if "error:" in line]
        files = sorted({line.split(":")[0] for line in lines})
        yield from lines[:10] or [run.stderr]
        yield f"mend with: {CLANG_FORMAT} -i {' '.join(files)}"


def main():
    here = os.path.dirname(os.path.abspath(__file__))
    top = sys.argv[1] if len(sys.argv) > 1 else os.path.dirname(os.path.dirname(here))
    complaints = list(blind_spots())
    twin_count = sum(len(cases) for cases in twins.TWINS.values())
    tree = Tree.load(top)
    for check in CHECKS:
        complaints += [f"{path}:{line}: {text}" for path, line, text in check(tree)]
    complaints += format_complaints(top, tree)
    for note in sizes.NOTES:
        for path, line, text in note(tree):
            print(f"note: {path}:{line}: {text}")
    print("\n".join(complaints))
    print(
        f"tidy: {len(CHECKS)} checks ({twin_count} broken twins caught first) over"
        f" {len(tree.files)} files, {len(complaints)} complaints"
    )
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
