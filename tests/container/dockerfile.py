# SPDX-License-Identifier: Apache-2.0
"""service/Dockerfile, as far as it uses the language.

    python3 dockerfile.py stages           the base of each stage, one a line
    python3 dockerfile.py script STAGE     the stage's RUN, COPY and WORKDIR as shell commands:
                                           `copy STAGE FROM... TO` is the caller's ("" as the
                                           stage: the folder with the sources)
"""

import os
import re
import shlex
import sys

PATH = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../service/Dockerfile")
KNOWN = {"FROM", "WORKDIR", "COPY", "RUN", "USER", "EXPOSE", "ENTRYPOINT"}


class Stage:
    def __init__(self, base, name):
        self.base = base
        self.name = name
        self.steps = []  # (instruction, the rest of its line)

    def all(self, instruction):
        return [rest for name, rest in self.steps if name == instruction]


def read(text):
    stages = []
    joined = re.sub(r"\\\n\s*", "", text)
    for line in joined.split("\n"):
        if not line.strip() or line.startswith("#"):
            continue
        instruction, rest = line.split(None, 1)
        if instruction not in KNOWN:
            raise ValueError(f"{instruction}: nothing here knows what that does")
        if instruction == "FROM":
            words = rest.split()
            stages.append(Stage(words[0], words[2] if len(words) == 3 else ""))
        else:
            stages[-1].steps.append((instruction, rest))
    return stages


def load():
    with open(PATH, encoding="utf-8") as file:
        return read(file.read())


def copied(step):
    """(the stage that it is from, the sources, the target)."""
    words = step.split()
    stage = ""
    if words[0].startswith("--from="):
        stage = words.pop(0).removeprefix("--from=")
    return stage, words[:-1], words[-1]


def installed(stage):
    """The packages that apt-get is told to install."""
    for step in stage.all("RUN"):
        found = re.search(r"apt-get install ([^&]*)", step)
        if found:
            return [word for word in found[1].split() if not word.startswith("-")]
    return []


def script(stage):
    yield "set -e"
    folder = "/"
    for name, rest in stage.steps:
        if name == "WORKDIR":
            folder = rest
            yield f"enter {shlex.quote(rest)}"
        elif name == "COPY":
            source, paths, target = copied(rest)
            target = os.path.join(folder, target)
            yield shlex.join(["copy", source, *paths, target])
        elif name == "RUN":
            yield shlex.join(["within", folder, rest])


def main():
    stages = load()
    if sys.argv[1:] == ["stages"]:
        print("\n".join(stage.base for stage in stages))
    elif sys.argv[1] == "script":
        print("\n".join(script(stages[int(sys.argv[2])])))


if __name__ == "__main__":
    main()
