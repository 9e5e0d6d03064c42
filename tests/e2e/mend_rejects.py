# SPDX-License-Identifier: Apache-2.0
"""Mends the records of a rejects file by what the problems file says of them.

    mend_rejects.py PROBLEMS REJECTS MENDED

It knows nothing else: neither the source nor the rules. A suggestion is taken
as it is; where there is none, the code says what may be done without asking.
"""

import csv
import sys


def read_problems(path):
    """The violations of each rejected row, in row order."""
    rows = {}
    with open(path, encoding="utf-8-sig", newline="") as file:
        delimiter = csv.Sniffer().sniff(file.readline(), ",;\t").delimiter
        file.seek(0)
        for problem in csv.DictReader(file, delimiter=delimiter):
            if problem["severity"] == "violation":
                rows.setdefault(int(problem["row_number"]), []).append(problem)
    return [rows[number] for number in sorted(rows)]


def read_lines(path):
    with open(path, encoding="utf-8", newline="") as file:
        return file.read().splitlines(keepends=True)


def take_record(lines, problems, delimiter):
    """The cells of the next record, which may be one that no reader can read."""
    codes = {problem["code"] for problem in problems}
    if codes & {"UNCLOSED_QUOTE", "TEXT_AFTER_QUOTE"}:
        # The quotes are what is wrong, so they cannot be relied on.
        return lines.pop(0).rstrip("\r\n").replace('"', "").split(delimiter)
    text = lines.pop(0)
    while text.count('"') % 2:
        text += lines.pop(0)
    return next(csv.reader([text], delimiter=delimiter))


def plain(suggestion):
    """Without the mark that keeps a spreadsheet from running the cell."""
    guarded = suggestion[:1] == "'" and suggestion[1:2] in tuple("=+-@")
    return suggestion[1:] if guarded else suggestion


def mend(cells, problem, columns):
    code, column = problem["code"], problem["column"]
    if code in ("UNCLOSED_QUOTE", "TEXT_AFTER_QUOTE"):
        return
    if code == "EXTRA_CELL":
        del cells[len(columns):]
        return
    place = columns.index(column)
    if problem["suggestion"]:
        cells[place] = plain(problem["suggestion"])
    elif code == "TOO_SHORT":
        cells[place] += "-made-longer"
    elif code == "CONTROL_CHARACTER":
        cells[place] = " ".join(cells[place].split())
    elif column in ("birthdate", "gender"):
        cells[place] = ""
    elif column in ("first_name", "last_name"):
        cells[place] = "Unknown"
    else:
        raise SystemExit(f"row {problem['row_number']}: {column} {code} has no remedy")


def main(problems_path, rejects_path, mended_path):
    lines = read_lines(rejects_path)
    header = lines.pop(0)
    delimiter = csv.Sniffer().sniff(header, ",;\t").delimiter
    columns = [name.strip().lower() for name in header.lstrip("\ufeff").rstrip().split(delimiter)]
    with open(mended_path, "w", encoding="utf-8", newline="") as file:
        file.write(header)
        writer = csv.writer(file, delimiter=delimiter)
        for problems in read_problems(problems_path):
            cells = take_record(lines, problems, delimiter)
            for problem in problems:
                mend(cells, problem, columns)
            writer.writerow(cells)
    if lines:
        raise SystemExit(f"{len(lines)} lines of the rejects file have no problem")


if __name__ == "__main__":
    main(*sys.argv[1:])
