# SPDX-License-Identifier: Apache-2.0
"""What may not be written, and how files are named, opened and laid out."""

import posixpath
import re

from tree import code_only, includes, line_of

COLUMNS_MAX = 100
_PRODUCT = ("service/", "client/")
_LICENCE = "SPDX-License-Identifier: Apache-2.0"
_COMMENT_MARKS = {
    ".h": "// ", ".cc": "// ", ".proto": "// ", ".sql": "-- ", ".sh": "# ", ".py": "# ",
}  # fmt: skip
# Files of other projects, which keep the opening that those gave them.
_FOREIGN = ("proto/google/", "proto/grpc/")

TOP_LEVEL = {
    "CMakeLists.txt", "CMakePresets.json", "LICENSE", "README.md",
    "proto", "service", "client", "tests", "helm",
}  # fmt: skip
_VAGUE_WORDS = {"util", "utils", "common", "helper", "helpers", "manager", "managers", "misc"}

# Who may read a secret. Each name here is a place that a reviewer of secrets has to know.
MAY_REVEAL = [
    "service/model/secret_string.h",
    "service/rules/password.cc",  # Checks and prepares it.
    "service/rules/password_hash.cc",  # Checks what may be the hash of one.
    "service/rules/row_report.cc",  # Takes it out of every message.
    "service/credential/credential_factory.cc",  # Hashes it.
    "service/rules/new_password.cc",  # Checks a client's own.
    "service/account/password_check.cc",  # Finds the form of it that is right.
    "service/rpc/results_message.cc",  # Puts a generated one on the wire.
    "service/rpc/message_conversion.cc",  # So do single calls.
    "client/passwords/lent_password.cc",  # Puts one that was typed on the wire.
    "client/passwords/take_passwords.cc",  # Compares two that were typed.
    "client/csv/row_source.cc",  # Sees whether the cell is empty or broken.
    "client/session/row_wire.cc",  # Puts a given one on the wire.
    "tests/",
]
# Who may write to the terminal. Everything else in the service logs.
MAY_PRINT = r"service/main\.cc|service/server/(main|\w*flags\w*|\w*command\w*)\.cc"

# (what is forbidden, in code without comments and strings; why; where the rule holds; where not)
_PHRASES = [
    (r"\babsl::(Mutex\w*|\w+MutexLock|CondVar)\b",
     "std::mutex: the system's absl::Mutex is not built for ThreadSanitizer", "", None),
    (r"\bgpr_log\b", "gpr_log is gone from newer gRPC", "", None),
    (r"\bstd::format\b", "std::format is missing in GCC 12", "", None),
    (r"^using namespace (?!std::(\w+_)?literals;)\S*",
     "no using namespace at file scope", "", None),
    (r"\bstd::(cout|cerr|clog)\b|\b(f?printf|f?puts|putchar)\s*\(",
     "the service logs; only its command lines print", "service/", MAY_PRINT),
    (r"\b(sleep_for|sleep_until|SleepFor|usleep|nanosleep)\b",
     "tests wait for a condition, not for a time", "tests/unit/", None),
    (r"\b(atoi|strcpy|strcat|sprintf|gets|system|tmpnam)\s*\(", "unsafe", ("service/", "client/"),
     None),
]  # fmt: skip


def licence(tree):
    for path, text in tree.items(*_COMMENT_MARKS):
        if path.startswith(_FOREIGN):
            continue
        lines = text.split("\n")
        first = 1 if lines[0].startswith("#!") else 0
        wanted = _COMMENT_MARKS[posixpath.splitext(path)[1]] + _LICENCE
        if lines[first : first + 1] != [wanted]:
            yield path, first + 1, f"a file opens with `{wanted}`"


def header_opening(tree):
    for path, text in tree.items(".h", under=_PRODUCT + ("tests/",)):
        if not re.search(r"^#pragma once$", text, re.MULTILINE):
            yield path, 1, "#pragma once is missing"
        if not re.search(r"^namespace provisioning\b", text, re.MULTILINE):
            yield path, 1, "nothing here is in namespace provisioning"


def forbidden_phrases(tree):
    for path, text in tree.cpp():
        code = code_only(text)
        for pattern, why, where, but_not in _PHRASES:
            if not path.startswith(where) or (but_not and re.fullmatch(but_not, path)):
                continue
            for match in re.finditer(pattern, code, re.MULTILINE):
                yield path, line_of(code, match.start()), f"{match[0]}: {why}"


def forbidden_headers(tree):
    for path, text in tree.cpp():
        for line, _, header in includes(text):
            if header == "format" or header.startswith(("grpcpp/impl/", "grpc/impl/")):
                yield path, line, f"<{header}> is not to be had everywhere this has to build"


def revealed_secrets(tree):
    for path, text in tree.cpp():
        if path.startswith(tuple(MAY_REVEAL)):
            continue
        code = code_only(text)
        for match in re.finditer(r"\bReveal\s*\(", code):
            yield path, line_of(code, match.start()), "secrets are not read here (MAY_REVEAL)"


def banners(tree):
    for path, text in tree.cpp():
        for match in re.finditer(r"^\s*(//|/\*)\s*[-=*#/~]{4,}", text, re.MULTILINE):
            yield path, line_of(text, match.start()) + match[0].count("\n"), "no banners"


def names(tree):
    for path in tree.files:
        if not path.startswith(_PRODUCT + ("proto/", "tests/")):
            continue
        for part in path.split("/"):
            if _VAGUE_WORDS & set(re.split(r"[._-]", part.lower())):
                yield path, 1, f"{part}: name it after what it does"
        if path.endswith((".cpp", ".cxx", ".hpp", ".hh")):
            yield path, 1, "C++ files end in .h and .cc"
        elif path.endswith((".h", ".cc")) and not re.fullmatch(
            r"[a-z0-9_]+\.(h|cc)", posixpath.basename(path)
        ):
            yield path, 1, "file names are lower case with underscores"


def top_level(tree):
    for name in sorted({path.split("/")[0] for path in tree.files}):
        if name not in TOP_LEVEL and not name.startswith("."):
            yield name, 1, "the top level is fixed"


def columns(tree):
    for path, text in tree.items(*_COMMENT_MARKS, "CMakeLists.txt", ".cmake"):
        if path.startswith(_FOREIGN):
            continue
        for number, line in enumerate(text.split("\n"), 1):
            if len(line) > COLUMNS_MAX and not re.search(r"https?://\S{60}", line):
                yield path, number, f"{len(line)} columns, more than {COLUMNS_MAX}"
            if line.endswith((" ", "\t", "\r")):
                yield path, number, "white space at the end of the line"


CHECKS = [
    licence, header_opening, forbidden_phrases, forbidden_headers, revealed_secrets, banners, names,
    top_level, columns,
]  # fmt: skip
