# SPDX-License-Identifier: Apache-2.0
"""What has grown large. Only told: a long table is no fault."""

import re

FILE_LINES = 400
FUNCTION_LINES = 70


def large_files(tree):
    for path, text in tree.cpp():
        if (count := text.count("\n")) > FILE_LINES:
            yield path, 1, f"{count} lines"


def large_functions(tree):
    """Looks at layout alone: clang-format puts the end of a function under its beginning."""
    opening = re.compile(r"^( {0,2})(?!namespace|class|struct|enum|union|extern)\S.*\{$")
    for path, text in tree.cpp():
        start, indent = None, ""
        for number, line in enumerate(text.split("\n"), 1):
            if start is None and (match := opening.match(line)):
                start, indent = number, match[1]
            elif start is not None and re.match(rf"{indent}\}}", line):
                if number - start + 1 > FUNCTION_LINES:
                    yield path, start, f"{number - start + 1} lines in one block"
                start = None


NOTES = [large_files, large_functions]
