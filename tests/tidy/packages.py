# SPDX-License-Identifier: Apache-2.0
"""Which Debian package a header comes from."""

# What a header's path begins with, and the Debian package that it comes from.
HEADER_PACKAGES = {
    "absl/": "libabsl-dev",
    "argon2.h": "libargon2-dev",
    "benchmark/": "libbenchmark-dev",
    "crypt.h": "libcrypt-dev",
    "CLI/": "libcli11-dev",
    "gmock/": "libgmock-dev",
    "google/protobuf/": "libprotobuf-dev",
    "grpc/": "libgrpc-dev",
    "grpcpp/": "libgrpc++-dev",
    "gtest/": "libgtest-dev",
    "idn2.h": "libidn2-dev",
    "libpq-fe.h": "libpq-dev",
    "nlohmann/": "nlohmann-json3-dev",
    "openssl/": "libssl-dev",
    "prometheus/": "prometheus-cpp-dev",
    "sodium.h": "libsodium-dev",
    "spdlog/": "libspdlog-dev",
    "sqlite3.h": "libsqlite3-dev",
    "utf8proc.h": "libutf8proc-dev",
    "zxcvbn.h": "libzxcvbn-dev",
}


def package_of(header):
    """None: it is of this project, of the standard library or of the system."""
    return next((p for start, p in HEADER_PACKAGES.items() if header.startswith(start)), None)
