# SPDX-License-Identifier: Apache-2.0
"""Looks in built programs for what service/hardening.cmake asks of compiler and linker.

    python3 hardening.py --build FOLDER --compiler C++ [--sanitized] PROGRAM...

First it must find each protection missing in a program that was built without it. Then each finding
is a line, and the exit code is 1 if there is any.
"""

import argparse
import json
import os
import platform
import re
import subprocess
import sys
import tempfile

TWIN = """
#include <cstdio>
#include <cstring>
#include <vector>
int main(int argc, char** argv) {
  std::vector<char> bytes(argc);
  char text[64];
  std::strcpy(text, argv[0]);
  std::printf("%s", text);
  return bytes[argc - 1];
}
"""
GOOD = [
    "-O2", "-fPIE", "-pie", "-Wl,-z,relro,-z,now", "-Wl,-z,noexecstack", "-fstack-protector-strong",
    "-U_FORTIFY_SOURCE", "-D_FORTIFY_SOURCE=2", "-D_GLIBCXX_ASSERTIONS",
]  # fmt: skip
# What is put behind those to build the twin that has everything but one, and how it is called.
BROKEN = {
    "position-independent": ["-fno-pie", "-no-pie"],
    "relro": ["-Wl,-z,norelro"],
    "bind-now": ["-Wl,-z,lazy"],
    "stack-not-executable": ["-Wl,-z,execstack"],
    "stack-protector": ["-fno-stack-protector"],
    "fortify": ["-U_FORTIFY_SOURCE"],
    "glibcxx-assertions": ["-U_GLIBCXX_ASSERTIONS"],
}
# They leave nothing in a program that could be told from what its libraries leave.
UNSEEN = ["-fstack-clash-protection"]
if platform.machine() == "x86_64":
    UNSEEN.append("-fcf-protection")


def protections(program):
    text = subprocess.run(
        ["readelf", "--wide", "--file-header", "--program-headers", "--dynamic", "--dyn-syms",
         program],
        check=True, capture_output=True, text=True,
    ).stdout  # fmt: skip
    stack = re.search(r"GNU_STACK(?:\s+0x\w+){5}\s+(\S+)", text)
    found = {
        "position-independent": re.search(r"Type:\s+DYN .*Position-Independent Executable", text),
        "relro": "GNU_RELRO" in text,
        "bind-now": re.search(r"\(FLAGS(_1)?\).*\bNOW\b|\(BIND_NOW\)", text),
        "stack-not-executable": stack and "E" not in stack[1],
        "stack-protector": "__stack_chk_fail" in text,
        "fortify": re.search(r"UND __\w+_chk\b", text),
        "glibcxx-assertions": "glibcxx_assert_fail" in text,
    }
    return {name for name, there in found.items() if there}


def blind_spots(compiler):
    with tempfile.TemporaryDirectory() as folder:
        source = os.path.join(folder, "twin.cc")
        program = os.path.join(folder, "twin")
        with open(source, "w", encoding="utf-8") as file:
            file.write(TWIN)
        for name, flags in {None: [], **BROKEN}.items():
            subprocess.run([compiler, source, "-o", program, *GOOD, *flags], check=True)
            missing = set(BROKEN) - protections(program)
            if missing != ({name} - {None}):
                yield f"in the twin without {name or 'a fault'} it misses {missing or 'nothing'}"


def uncompiled(build):
    """Sources of the product that were compiled without a flag."""
    with open(os.path.join(build, "compile_commands.json"), encoding="utf-8") as file:
        for entry in json.load(file):
            if re.search(r"/(service|client)/[^.]*\.cc$", entry["file"]):
                for flag in UNSEEN:
                    if flag not in entry["command"].split():
                        yield f"{entry['file']}: compiled without {flag}"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", required=True)
    parser.add_argument("--compiler", required=True)
    parser.add_argument("--sanitized", action="store_true")
    parser.add_argument("programs", nargs="+")
    arguments = parser.parse_args()
    wanted = set(BROKEN)
    if arguments.sanitized:
        print("LEFT OUT: fortify, because sanitizers have checks of their own; release has it")
        wanted.remove("fortify")
    findings = list(blind_spots(arguments.compiler)) + list(uncompiled(arguments.build))
    for program in arguments.programs:
        for name in sorted(wanted - protections(program)):
            findings.append(f"{program}: no {name}")
    print("\n".join(findings))
    print(f"{len(arguments.programs)} programs, {len(wanted)} protections in each, {len(UNSEEN)}"
          f" more in what compiled them, {len(findings)} findings")  # fmt: skip
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
