# SPDX-License-Identifier: Apache-2.0
"""Makes an import with grpcurl over mTLS.

    python3 tests/callers/grpcurl_caller.py GRPCURL PROVISIOND

Exit code 0: every answer was as promised.
"""

import json
import os
import re
import subprocess
import sys
import tempfile
import uuid

from provisiond import Provisiond, expect, make_certificates, write_policy

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
IMPORT_CLIENTS = "provisioning.v1.ClientProvisioningService/ImportClients"


def messages(organization):
    rows = [
        {"rowNumber": n, "emailAddress": address, "firstName": "Ada", "lastName": "Example"}
        for n, address in enumerate(["ada@acme.example", "Bea@acme.example"], 1)
    ]
    start = {
        "organizationId": organization,
        "importId": str(uuid.uuid4()),
        "missingPassword": "MISSING_PASSWORD_GENERATE",
    }
    return "".join(json.dumps(m) for m in [{"start": start}, {"rows": {"rows": rows}}, {"end": {}}])


def objects(text):
    """The JSON objects that stand in it, one behind the other."""
    decoder = json.JSONDecoder()
    while text := text.strip():
        value, end = decoder.raw_decode(text)
        yield value
        text = text[end:]


def call(grpcurl, folder, address, flags, organization="acme"):
    return subprocess.run(
        [grpcurl, "-cacert", f"{folder}/ca.crt", *flags, "-import-path", f"{TOP}/proto",
         "-proto", "provisioning/v1/client_provisioning_service.proto",
         "-max-time", "60", "-d", "@", address, IMPORT_CLIENTS],
        input=messages(organization), capture_output=True, text=True, check=False,
    )  # fmt: skip


def main():
    grpcurl, provisiond = sys.argv[1:]
    with tempfile.TemporaryDirectory() as folder:
        make_certificates(folder)
        write_policy(folder, ["acme"])
        identity = ["-cert", f"{folder}/client.crt", "-key", f"{folder}/client.key"]
        with Provisiond(provisiond, folder, tls=True) as address:
            run = call(grpcurl, folder, address, identity)
            # No password stands in a log, not even in a test's.
            print(re.sub(r'("temporaryPassword": )"[^"]*"', r"\1...", run.stdout + run.stderr))
            expect("exit code", run.returncode, 0)
            answers = list(objects(run.stdout))
            results = [r for a in answers for r in a.get("results", {}).get("results", [])]
            outcomes = [r["outcome"] for r in results]
            expect("outcomes", outcomes, ["ROW_OUTCOME_CREATED", "ROW_OUTCOME_REJECTED"])
            expect("a summary", "summary" in answers[-1], True)
            run = call(grpcurl, folder, address, identity, organization="elsewhere")
            expect("another organization", "PermissionDenied" in run.stderr, True)
            run = call(grpcurl, folder, address, [])
            expect("without a certificate", run.returncode != 0 and run.stdout == "", True)


main()
