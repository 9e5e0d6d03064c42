# SPDX-License-Identifier: Apache-2.0
"""The project's text files, and C++ text with its comments or strings taken out."""

import os
import re

SKIPPED_FOLDERS = {".git", "build", "__pycache__"}


class Tree:
    """Maps each path (with slashes, from the top) to its text."""

    def __init__(self, files):
        self.files = files

    @classmethod
    def load(cls, top):
        files = {}
        for folder, folders, names in os.walk(top):
            folders[:] = sorted(f for f in folders if f not in SKIPPED_FOLDERS)
            for name in sorted(names):
                path = os.path.join(folder, name)
                if os.path.islink(path):
                    continue
                try:
                    with open(path, encoding="utf-8") as file:
                        files[os.path.relpath(path, top).replace(os.sep, "/")] = file.read()
                except UnicodeDecodeError:
                    pass  # Not text: nothing here reads it.
        return cls(files)

    def items(self, *suffixes, under=("",)):
        for path, text in self.files.items():
            if path.endswith(suffixes) and path.startswith(tuple(under)):
                yield path, text

    def cpp(self, under=("service/", "client/", "tests/")):
        return self.items(".h", ".cc", under=under)


# A comment, a raw string, a string or a character, whichever begins first. A quote between digits
# (1'000) opens nothing.
_LEXEMES = re.compile(
    r"""
    (?P<comment> //[^\n]* | /\*.*?\*/ )
  | (?P<raw> R"(?P<mark>[^()\\\s]*)\(.*?\)(?P=mark)" )
  | (?P<string> "(?:\\.|[^"\\\n])*" )
  | (?P<char> (?<![0-9A-Fa-f])'(?:\\.|[^'\\\n])+' )
    """,
    re.VERBOSE | re.DOTALL,
)


def _blank(text):
    return re.sub(r"[^\n]", " ", text)


def without_comments(text):
    """Comments become spaces; lines stay where they are."""
    return _LEXEMES.sub(lambda m: _blank(m[0]) if m["comment"] else m[0], text)


def code_only(text):
    """As without_comments, and what is inside strings goes too."""

    def replace(match):
        if match["comment"]:
            return _blank(match[0])
        return match[0][0] + _blank(match[0][1:-1]) + match[0][-1]

    return _LEXEMES.sub(replace, text)


def strings(text):
    """Every string literal as (position, what is inside)."""
    for match in _LEXEMES.finditer(text):
        if match["string"]:
            yield match.start(), match[0][1:-1]
        elif match["raw"]:
            mark = len(match["mark"])
            yield match.start(), match[0][3 + mark : -2 - mark]


def line_of(text, position):
    return text.count("\n", 0, position) + 1


_INCLUDE = re.compile(r'^#\s*include\s*([<"])([^>"]+)[>"]', re.MULTILINE)


def includes(text):
    """Every include as (line, '<' or '"', path)."""
    for match in _INCLUDE.finditer(without_comments(text)):
        yield line_of(text, match.start()), match[1], match[2]
