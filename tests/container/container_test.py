# SPDX-License-Identifier: Apache-2.0
"""What can be said of the image without an engine to build it.

    python3 -B tests/container/container_test.py BIN     with the programs in BIN
"""

import fnmatch
import os
import re
import subprocess
import sys
import unittest

import dockerfile

TOP = os.path.abspath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "../.."))
PROGRAMS = ["provisiond", "provision", "provision-load"]
# Of builds for tests alone.
SANITIZERS = re.compile(r"lib(asan|ubsan|tsan|lsan)\.so\.")


def output(*command):
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def needed_libraries(program):
    """Its own dependencies, by path; not theirs."""
    names = re.findall(r"\(NEEDED\).*\[(.*)\]", output("readelf", "-d", program))
    places = dict(re.findall(r"(\S+) => (/\S+)", output("ldd", program)))
    return [places[name] for name in names if name in places and not SANITIZERS.match(name)]


def package(path):
    """The Debian package that has this file, by the name that it was packed with."""
    real = os.path.realpath(path)
    for name in (path, real, real.removeprefix("/usr"), "/usr" + path):
        found = subprocess.run(["dpkg", "-S", name], capture_output=True, text=True, check=False)
        if found.returncode == 0:
            return found.stdout.split(":")[0]
    raise AssertionError(f"no package has {path}")


def ignored_paths():
    with open(os.path.join(TOP, ".dockerignore"), encoding="utf-8") as file:
        lines = [line.strip() for line in file]
    return [line for line in lines if line and not line.startswith("#")]


def is_ignored(path, patterns):
    return any(
        fnmatch.fnmatch(part, pattern.removeprefix("**/"))
        for pattern in patterns
        for part in (path.split("/") if pattern.startswith("**/") else path.split("/")[:1])
    )


class Container(unittest.TestCase):
    def setUp(self):
        self.build, self.image = dockerfile.load()

    def test_it_is_made_for_the_system_that_the_packages_are_for(self):
        self.assertEqual((self.build.base, self.image.base), ("debian:12", "debian:12-slim"))

    def test_what_is_copied_exists(self):
        patterns = ignored_paths()
        paths = [path for step in self.build.all("COPY") for path in dockerfile.copied(step)[1]]
        self.assertIn("service/install-deps.sh", paths)
        for path in paths:
            self.assertTrue(os.path.exists(os.path.join(TOP, path)), path)
            self.assertFalse(is_ignored(path, patterns), path)

    def test_what_is_copied_out_of_the_build_is_built_there(self):
        made = [
            dockerfile.copied(step) for step in self.image.all("COPY") if step.startswith("--from")
        ]
        self.assertEqual([stage for stage, _, _ in made], [self.build.name])
        self.assertEqual([os.path.basename(path) for path in made[0][1]], PROGRAMS)
        self.assertEqual(made[0][2], "/usr/local/bin/")
        [build] = [step for step in self.build.all("RUN") if "--build" in step]
        self.assertEqual(build.split("--target ")[1].split(), PROGRAMS)
        self.assertEqual(
            {os.path.dirname(path) for path in made[0][1]}, {"/source/build/release/bin"}
        )

    def test_what_was_built_here_and_the_history_stay_out(self):
        for path in ("build/dev/bin/provisiond", ".git/HEAD", "tests/chart/__pycache__/a.pyc"):
            self.assertTrue(is_ignored(path, ignored_paths()), path)
        for path in output("git", "-C", TOP, "ls-files").split("\n"):
            self.assertFalse(is_ignored(path, ignored_paths()), path)

    def test_the_build_installs_what_every_build_installs(self):
        self.assertIn("sh service/install-deps.sh", self.build.all("RUN"))
        self.assertEqual(dockerfile.installed(self.build), [])

    def test_the_image_has_what_the_programs_link(self):
        paths = {path for name in PROGRAMS for path in needed_libraries(f"{programs}/{name}")}
        self.assertGreater(len(paths), 10)
        linked = sorted({package(path) for path in paths})
        self.assertEqual(dockerfile.installed(self.image), linked)

    def test_nobody_is_root(self):
        [user] = self.image.all("USER")
        self.assertRegex(user, r"^[1-9]\d{4,}:[1-9]\d{4,}$")
        self.assertEqual(self.image.all("ENTRYPOINT"), ['["provisiond"]'])


if __name__ == "__main__":
    programs = sys.argv.pop(1)
    unittest.main()
