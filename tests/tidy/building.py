# SPDX-License-Identifier: Apache-2.0
"""That everything is built, from what is listed, with packages that get installed."""

import posixpath
import re

from packages import HEADER_PACKAGES, package_of
from tree import includes


def _cmake_code(text):
    return re.sub(r"#[^\n]*", "", text)


def _cmake_files(tree):
    return {
        posixpath.dirname(path): _cmake_code(text)
        for path, text in tree.items("CMakeLists.txt")
    }


def _lists_above(path, lists):
    """Every folder above `path` that has a CMakeLists.txt, with its text."""
    folder = path
    while folder:
        folder = posixpath.dirname(folder)
        if folder in lists:
            yield folder, lists[folder]


def _relative(path, folder):
    return re.escape(posixpath.relpath(path, folder or "."))


def sources_are_built(tree):
    listed = {
        posixpath.normpath(posixpath.join(folder, name))
        for folder, text in _cmake_files(tree).items()
        for name in re.findall(r"[\w./-]+\.cc\b", text.replace("${CMAKE_CURRENT_SOURCE_DIR}/", ""))
    }
    for path, _ in tree.items(".cc"):
        if path not in listed:
            yield path, 1, "no CMakeLists.txt lists this file"


def folders_are_added(tree):
    lists = _cmake_files(tree)
    for folder in lists:
        if folder and not any(
            re.search(rf"add_subdirectory\(\s*{_relative(folder, above)}\s*\)", text)
            for above, text in _lists_above(folder, lists)
        ):
            yield posixpath.join(folder, "CMakeLists.txt"), 1, "nothing adds this folder"


def no_globs(tree):
    for path, text in tree.items("CMakeLists.txt", ".cmake"):
        for number, line in enumerate(_cmake_code(text).split("\n"), 1):
            if re.search(r"\bGLOB(_RECURSE)?\b|\baux_source_directory\b", line):
                yield path, number, "sources are listed one by one"


# In every C++ compiler's reach: the standard library, POSIX and Linux.
_SYSTEM = re.compile(
    r"[a-z_0-9]+|[a-z_0-9]+\.h|(sys|netinet|arpa|net|linux|sanitizer)/[a-z_0-9]+\.h"
)
_LIST = "service/install-deps.sh"


def packages_are_installed(tree):
    if _LIST not in tree.files:
        return
    listed = set(re.findall(r"[a-z0-9][a-z0-9.+-]+", tree.files[_LIST]))
    used = set()
    for path, text in tree.cpp():
        for line, kind, header in includes(text):
            package = package_of(header)
            used.add(package)
            if package is not None and package not in listed:
                yield path, line, f"{header} needs {package} in {_LIST}"
            elif package is None and kind == "<" and not _SYSTEM.fullmatch(header):
                yield path, line, f"<{header}>: say its package in tests/tidy/packages.py"
    # What no header of ours names is there for another package's CMake files.
    for package in sorted((listed & set(HEADER_PACKAGES.values())) - used - {"libgrpc-dev"}):
        yield _LIST, 1, f"nothing includes a header of {package}"


CHECKS = [sources_are_built, folders_are_added, no_globs, packages_are_installed]
