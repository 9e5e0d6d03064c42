# SPDX-License-Identifier: Apache-2.0
"""Makes the table of values in the chart's README from the comments in its values.yaml.

    python3 -B tests/chart/readme.py           writes it
    python3 -B tests/chart/readme.py --check   exit code 1 if it is not current
"""

import json
import os
import re
import sys

from values_file import commented_values

BEGIN = "<!-- Made by tests/chart/readme.py from values.yaml. -->\n"
END = "<!-- End of what is made. -->\n"


def table(values_text):
    lines = ["| value | what it is | default |\n", "|---|---|---|\n"]
    for value in commented_values(values_text):
        default = json.dumps(value.default, ensure_ascii=False)
        cells = (f"`{value.path}`", value.comment, f"`{default}`")
        lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |\n")
    return "".join(lines)


def with_table(readme, values_text):
    pattern = re.escape(BEGIN) + ".*?" + re.escape(END)
    made, count = re.subn(
        pattern, lambda _: BEGIN + "\n" + table(values_text) + "\n" + END, readme, flags=re.DOTALL
    )
    if count != 1:
        sys.exit("README.md has no single place for the table of values")
    return made


def main():
    chart = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../helm")
    with open(os.path.join(chart, "values.yaml"), encoding="utf-8") as file:
        values_text = file.read()
    path = os.path.join(chart, "README.md")
    with open(path, encoding="utf-8") as file:
        readme = file.read()
    made = with_table(readme, values_text)
    if sys.argv[1:] == ["--check"]:
        if made != readme:
            sys.exit("helm/README.md is not current: python3 -B tests/chart/readme.py")
        return
    with open(path, "w", encoding="utf-8") as file:
        file.write(made)


if __name__ == "__main__":
    main()
