# SPDX-License-Identifier: Apache-2.0
"""An authority and certificates of a test's own, by openssl."""

import os
import subprocess


def _openssl(*arguments):
    subprocess.run(["openssl", *arguments], check=True, capture_output=True)


class Authority:
    def __init__(self, folder):
        self._folder = folder
        self._issued = 0
        self.certificate = os.path.join(folder, "ca.crt")
        self._key = os.path.join(folder, "ca.key")
        _openssl(
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
            "-subj", "/CN=authority", "-days", "2", "-keyout", self._key, "-out", self.certificate,
        )  # fmt: skip

    def issue(self, names, usage):
        """The files of a Secret: tls.crt, tls.key and ca.crt. `names` as DNS:... or URI:..."""
        self._issued += 1
        base = os.path.join(self._folder, f"{self._issued}")
        with open(base + ".ext", "w", encoding="utf-8") as file:
            file.write(f"subjectAltName={','.join(names)}\nextendedKeyUsage={usage}\n")
        _openssl(
            "req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
            "-subj", "/CN=ignored", "-keyout", base + ".key", "-out", base + ".csr",
        )  # fmt: skip
        _openssl(
            "x509", "-req", "-in", base + ".csr", "-CA", self.certificate, "-CAkey", self._key,
            "-CAcreateserial", "-days", "2", "-extfile", base + ".ext", "-out", base + ".crt",
        )  # fmt: skip
        return {
            "tls.crt": _read(base + ".crt"),
            "tls.key": _read(base + ".key"),
            "ca.crt": _read(self.certificate),
        }


def _read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()
