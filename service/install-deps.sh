#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Installs the Debian packages that the build and the tests use. Does nothing
# when all are there.
#
#   sh service/install-deps.sh           install what is missing (root or sudo)
#   sh service/install-deps.sh --print   print the list, one a line
set -eu

packages="
  g++ cmake ninja-build pkg-config ccache
  libgrpc++-dev libgrpc-dev protobuf-compiler-grpc
  libprotobuf-dev protobuf-compiler
  libabsl-dev
  libssl-dev openssl libsodium-dev libcrypt-dev
  libsqlite3-dev libpq-dev
  libutf8proc-dev libidn2-dev libzxcvbn-dev
  libcli11-dev libspdlog-dev nlohmann-json3-dev prometheus-cpp-dev
  libgtest-dev libgmock-dev libargon2-dev postgresql
  python3 python3-yaml
"

# Each version of clang-format lays code out a little differently, so the style
# test wants exactly this one, and only Debian 12 has it.
if grep -qx 'VERSION_CODENAME=bookworm' /etc/os-release 2>/dev/null; then
  packages="$packages clang-format-14"
fi

case "${1:-}" in
  '') ;;
  --print)
    # shellcheck disable=SC2086  # One word a line is what is wanted.
    printf '%s\n' $packages
    exit 0
    ;;
  *)
    echo "usage: sh service/install-deps.sh [--print]" >&2
    exit 2
    ;;
esac

missing_packages() {
  # shellcheck disable=SC2086
  installed=$(dpkg-query -W -f '${db:Status-Abbrev} ${Package}\n' $packages 2>/dev/null |
    sed -n 's/^.i. *//p')
  for package in $packages; do
    printf '%s\n' "$installed" | grep -qxF "$package" || printf ' %s' "$package"
  done
}

if ! command -v apt-get >/dev/null 2>&1 || ! command -v dpkg-query >/dev/null 2>&1; then
  # shellcheck disable=SC2086
  echo "install-deps: this system has no apt-get. The build needs what is in these packages of" \
    "Debian 12:" $packages >&2
  exit 1
fi

missing=$(missing_packages)
[ -n "$missing" ] || exit 0

if [ "$(id -u)" = 0 ]; then
  as_root=
elif command -v sudo >/dev/null 2>&1; then
  as_root=sudo
else
  echo "install-deps: packages are missing, and only root can install them (there is no sudo)." \
    "As root: apt-get install$missing" >&2
  exit 1
fi

log=$(mktemp)
trap 'rm -f "$log"' EXIT
apt() {
  $as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y \
    -o Acquire::Retries=3 -o DPkg::Lock::Timeout=300 "$@" >"$log" 2>&1 </dev/null && return
  echo "install-deps: apt-get $1 failed:" >&2
  tail -n 20 "$log" >&2
  exit 1
}

echo "install-deps: installing$missing (some minutes on a bare system)"
apt update
# shellcheck disable=SC2086
apt install --no-install-recommends $missing
