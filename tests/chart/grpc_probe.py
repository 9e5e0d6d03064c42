# SPDX-License-Identifier: Apache-2.0
"""A gRPC health check as the kubelet makes it: without TLS, one call, a service's name."""

import socket
import struct

SERVING = 1
_DATA, _HEADERS, _RESET, _SETTINGS, _PING, _GOAWAY = 0, 1, 3, 4, 6, 7
_END_STREAM, _ACK, _END_HEADERS = 1, 1, 4


def _frame(kind, flags, stream, payload=b""):
    return struct.pack(">I", len(payload))[1:] + struct.pack(">BBI", kind, flags, stream) + payload


def _header(name, value):
    """A literal that is not indexed."""
    return b"\0" + bytes([len(name)]) + name + bytes([len(value)]) + value


def _request(service):
    name = service.encode()
    message = b"\x0a" + bytes([len(name)]) + name if name else b""
    headers = b"".join(
        _header(*field)
        for field in (
            (b":method", b"POST"), (b":scheme", b"http"), (b":authority", b"localhost"),
            (b":path", b"/grpc.health.v1.Health/Check"), (b"te", b"trailers"),
            (b"content-type", b"application/grpc"),
        )  # fmt: skip
    )
    return (
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
        + _frame(_SETTINGS, 0, 0)
        + _frame(_HEADERS, _END_HEADERS, 1, headers)
        + _frame(_DATA, _END_STREAM, 1, b"\0" + struct.pack(">I", len(message)) + message)
    )


def _frames(file):
    while len(head := file.read(9)) == 9:
        length = int.from_bytes(head[:3], "big")
        kind, flags, stream = struct.unpack(">BBI", head[3:])
        yield kind, flags, stream & 0x7FFFFFFF, file.read(length)


def _answer(connection):
    data = b""
    for kind, flags, stream, payload in _frames(connection.makefile("rb")):
        if kind == _SETTINGS and not flags & _ACK:
            connection.sendall(_frame(_SETTINGS, _ACK, 0))
        elif kind == _PING and not flags & _ACK:
            connection.sendall(_frame(_PING, _ACK, 0, payload))
        elif kind == _DATA and stream == 1:
            data += payload
        if kind in (_RESET, _GOAWAY) or (stream == 1 and flags & _END_STREAM):
            break
    return data


def check(port, service="", timeout=5):
    """The ServingStatus; None: the call failed (an unknown service, no such listener)."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout) as connection:
            connection.settimeout(timeout)
            connection.sendall(_request(service))
            data = _answer(connection)
    except OSError:
        return None
    message = data[5:]
    if len(data) < 5:
        return None
    return message[1] if message[:1] == b"\x08" else 0
