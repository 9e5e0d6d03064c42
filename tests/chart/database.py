# SPDX-License-Identifier: Apache-2.0
"""A PostgreSQL of a test's own, as Debian has it, on a socket in a folder."""

import glob
import os
import pwd
import shutil
import subprocess
import tempfile


class Database:
    def __init__(self):
        self._programs = sorted(glob.glob("/usr/lib/postgresql/*/bin"))[-1]
        # Not below a folder that the database's user may not enter, and short: it is a socket's.
        self._folder = tempfile.mkdtemp(prefix="provisioning-")
        self._prefix = []
        if os.getuid() == 0:  # Which PostgreSQL refuses.
            self._prefix = ["runuser", "-u", "postgres", "--"]
            os.chown(self._folder, pwd.getpwnam("postgres").pw_uid, -1)
        os.chmod(self._folder, 0o711)
        data = os.path.join(self._folder, "data")
        self._run("initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C")
        options = f"-c listen_addresses='' -c unix_socket_directories={self._folder}"
        self._run(
            "pg_ctl", "-D", data, "-w", "-t", "60", "-l", os.path.join(self._folder, "log"),
            "-o", options, "start",
        )  # fmt: skip
        self._run("createdb", "-h", self._folder, "-U", "postgres", "clients")

    @property
    def url(self):
        return f"postgresql://postgres@/clients?host={self._folder}"

    def stop(self):
        data = os.path.join(self._folder, "data")
        self._run("pg_ctl", "-D", data, "-w", "-m", "immediate", "stop")
        shutil.rmtree(self._folder)

    def _run(self, program, *arguments):
        subprocess.run(
            [*self._prefix, os.path.join(self._programs, program), *arguments],
            check=True, cwd="/", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
