# SPDX-License-Identifier: Apache-2.0
"""Makes the call from Python, as any other service would: nothing but the proto files and grpcio.

    python3 tests/callers/python_caller.py PROVISIOND

Calls that server in plaintext, then over mTLS. Exit code 0: every answer was as promised.
"""

import glob
import os
import sys
import tempfile
import uuid

import grpc
from grpc_tools import protoc
from provisiond import Provisiond, expect, make_certificates, write_policy

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PROTO = os.path.join(TOP, "proto")


def generate_stubs(folder):
    files = sorted(glob.glob(os.path.join(PROTO, "provisioning/v1/*.proto")))
    imports = [f"-I{PROTO}", f"-I{os.path.dirname(protoc.__file__)}/_proto"]
    outputs = [f"--python_out={folder}", f"--grpc_python_out={folder}"]
    if protoc.main(["protoc", *imports, *outputs, *files]) != 0:
        sys.exit("the stubs cannot be generated")
    sys.path.insert(0, folder)


def call(channel):
    from provisioning.v1 import client_account_service_pb2 as accounts
    from provisioning.v1 import client_account_service_pb2_grpc as accounts_grpc
    from provisioning.v1 import client_provisioning_service_pb2 as imports
    from provisioning.v1 import client_provisioning_service_pb2_grpc as imports_grpc
    from provisioning.v1 import client_row_pb2 as row
    from provisioning.v1 import import_pb2 as model

    start = imports.ImportStart(
        organization_id="acme",
        import_id=str(uuid.uuid4()),
        missing_password=model.MISSING_PASSWORD_GENERATE,
    )
    addresses = ["ada@acme.example", "Bea@acme.example", "ada@acme.example", "cyd@acme.example"]
    rows = [
        row.ClientRow(row_number=n, email_address=a, first_name="Ada", last_name="Example")
        for n, a in enumerate(addresses, 1)
    ]
    start_message = imports.ImportClientsRequest(start=start)
    rows_message = imports.ImportClientsRequest(rows=imports.ImportRows(rows=rows))
    end_message = imports.ImportClientsRequest(end=imports.ImportEnd())
    stub = imports_grpc.ClientProvisioningServiceStub(channel)

    def results(*requests):
        for response in stub.ImportClients(iter(requests), timeout=60):
            yield from response.results.results

    answers = list(results(start_message, rows_message, end_message))
    expect("row numbers", [answer.row_number for answer in answers], [1, 2, 3, 4])
    expect(
        "outcomes",
        [row.RowOutcome.Name(answer.outcome).removeprefix("ROW_OUTCOME_") for answer in answers],
        ["CREATED", "REJECTED", "DUPLICATE_ROW", "CREATED"],
    )
    expect("passwords", [bool(a.temporary_password) for a in answers], [True, False, False, True])
    expect("suggestion", answers[1].violations[0].suggestion, "bea@acme.example")

    again = list(results(start_message, rows_message, end_message))
    expect("sent again", [a.outcome for a in again], [a.outcome for a in answers])
    expect("replayed", {a.replayed for a in again}, {True})
    expect("the same ids", [a.client_id for a in again], [a.client_id for a in answers])

    accounts_stub = accounts_grpc.ClientAccountServiceStub(channel)
    listed = accounts_stub.ListClients(
        accounts.ListClientsRequest(organization_id="acme"), timeout=60
    )
    expect("clients", sorted(c.email_address for c in listed.clients), addresses[0:4:3])

    other = imports.ImportStart(organization_id="acme", import_id=str(uuid.uuid4()))
    try:
        list(results(imports.ImportClientsRequest(start=other)))
        sys.exit("an import without its end ended well")
    except grpc.RpcError as error:
        expect("half a call", error.code(), grpc.StatusCode.FAILED_PRECONDITION)
        details = dict(error.trailing_metadata()).get("grpc-status-details-bin", b"")
        expect("its reason", b"END_MISSING" in details, True)


def call_elsewhere(channel):
    from provisioning.v1 import client_provisioning_service_pb2 as imports
    from provisioning.v1 import client_provisioning_service_pb2_grpc as imports_grpc

    stub = imports_grpc.ClientProvisioningServiceStub(channel)
    try:
        stub.ListImports(imports.ListImportsRequest(organization_id="elsewhere"), timeout=60)
        sys.exit("another organization's imports were listed")
    except grpc.RpcError as error:
        expect("another organization", error.code(), grpc.StatusCode.PERMISSION_DENIED)


def read(folder, name):
    with open(os.path.join(folder, name), "rb") as file:
        return file.read()


def main():
    with tempfile.TemporaryDirectory() as folder:
        stubs = os.path.join(folder, "stubs")
        os.mkdir(stubs)
        generate_stubs(stubs)
        with Provisiond(sys.argv[1], folder, tls=False) as address:
            with grpc.insecure_channel(address) as channel:
                call(channel)
        make_certificates(folder)
        write_policy(folder, ["acme"])
        credentials = grpc.ssl_channel_credentials(
            read(folder, "ca.crt"), read(folder, "client.key"), read(folder, "client.crt")
        )
        with Provisiond(sys.argv[1], folder, tls=True) as address:
            with grpc.secure_channel(address, credentials) as channel:
                call(channel)
                call_elsewhere(channel)


main()
