# SPDX-License-Identifier: Apache-2.0
"""A provisiond for callers to call: on a free port and an empty store, with or without mTLS."""

import json
import os
import re
import subprocess
import sys

CALLER = "spiffe://clinic.example/onboarding"


def make_certificates(folder):
    """ca.crt, and server.crt, server.key, client.crt, client.key that it vouches for."""

    def openssl(*arguments):
        subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True)

    key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
    openssl("req", "-x509", *key, "-keyout", "ca.key", "-out", "ca.crt", "-days", "1",
            "-subj", "/CN=authority")  # fmt: skip
    names = {"server": "DNS:localhost,IP:127.0.0.1", "client": f"URI:{CALLER}"}
    for who, name in names.items():
        openssl("req", *key, "-keyout", f"{who}.key", "-out", f"{who}.csr", "-subj", f"/CN={who}")
        with open(os.path.join(folder, f"{who}.ext"), "w", encoding="utf-8") as file:
            file.write(f"subjectAltName={name}\nextendedKeyUsage={who}Auth\n")
        openssl("x509", "-req", "-in", f"{who}.csr", "-CA", "ca.crt", "-CAkey", "ca.key",
                "-CAcreateserial", "-days", "1", "-extfile", f"{who}.ext",
                "-out", f"{who}.crt")  # fmt: skip


def write_policy(folder, organizations):
    rights = {"organizations": organizations, "verbs": ["import", "read"]}
    with open(os.path.join(folder, "policy.json"), "w", encoding="utf-8") as file:
        json.dump({"callers": {CALLER: rights}}, file)


class Provisiond:
    """Runs while the `with` lasts; ends with an error if the server does not end well."""

    def __init__(self, program, folder, tls):
        flags = ["--insecure-loopback"]
        if tls:
            flags = ["--tls-cert", f"{folder}/server.crt", "--tls-key", f"{folder}/server.key",
                     "--tls-client-ca", f"{folder}/ca.crt",
                     "--policy", f"{folder}/policy.json"]  # fmt: skip
        self.command = [program, "serve", "--listen", "127.0.0.1:0",
                        "--store", f"sqlite:{folder}/{'tls' if tls else 'plain'}.db",
                        *flags]  # fmt: skip

    def __enter__(self):
        """The address that it listens on."""
        self.process = subprocess.Popen(self.command, stderr=subprocess.PIPE, text=True)
        for line in self.process.stderr:
            if match := re.search(r"listening on (\S+)", line):
                return match[1]
        sys.exit("the server did not start")

    def __exit__(self, *_):
        self.process.terminate()
        self.process.stderr.read()
        expect("the server's exit code", self.process.wait(timeout=60), 0)


def expect(name, seen, wanted):
    if seen != wanted:
        sys.exit(f"{name}: {seen!r} instead of {wanted!r}")
    print(f"ok: {name}: {seen!r}")
