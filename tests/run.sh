#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Builds everything and runs every test. The last line is `N passed, N failed`,
# and the exit code is 0 only if nothing failed. See tests/README.md.
#
#   sh tests/run.sh
set -u
cd "$(dirname "$0")/.." || exit 1
. service/steps.sh

passed=0
failed=0
left_out=

finish() {
  [ -z "$left_out" ] || printf '\nLEFT OUT:%s\n\n' "$left_out"
  say "done; the logs are in $PWD/$logs"
  echo "$passed passed, $failed failed"
  [ "$failed" = 0 ] && [ "$passed" -gt 0 ]
  exit
}

leave_out() {
  say "LEFT OUT: $1"
  left_out="$left_out
  $1"
}

# check NAME COMMAND...: a test of its own.
check() {
  name=$1
  say "$name"
  if logged "$@"; then passed=$((passed + 1)); else failed=$((failed + 1)); fi
}

# build PRESET: returns 1 if it cannot be built, which counts as a failure.
build() {
  say "building the $1 preset (from nothing this takes some minutes)"
  logged "$1-configure" cmake --preset "$1" && logged "$1-build" cmake --build --preset "$1" &&
    return 0
  failed=$((failed + 1))
  return 1
}

# run_tests PRESET: counts what ctest counts. A preset without a test has failed.
run_tests() {
  say "running the tests of the $1 preset"
  # ThreadSanitizer of GCC 12 does not know where newer kernels may put things.
  plain_layout=
  if setarch -R true 2>/dev/null; then plain_layout="setarch -R"; fi
  # shellcheck disable=SC2086
  logged "$1-test" $plain_layout ctest --preset "$1" -j "$(nproc)"
  set -- "$1" $(sed -n 's/^.* tests passed, \([0-9]*\) tests failed out of \([0-9]*\)$/\1 \2/p' \
    "$logs/$1-test.log")
  if [ $# = 3 ] && [ "$3" -gt 0 ]; then
    say "$1: $(($3 - $2)) of $3 tests passed"
    failed=$((failed + $2))
    passed=$((passed + $3 - $2))
  else
    say "FAILED: no test ran"
    failed=$((failed + 1))
  fi
}

# had NAME COMMAND...: gets a tool from a registry, quietly: it is no failure if
# it cannot be had.
had() {
  log=$logs/$1.log
  shift
  timeout 180 "$@" >"$log" 2>&1 </dev/null
}

check_contract() {
  buf=build/tools/node_modules/.bin/buf
  [ -x $buf ] ||
    had buf-install npm install --no-save --prefix build/tools --cache build/tools/npm-cache \
      @bufbuild/buf@1.75.0 ||
    { leave_out "the lint of the contract: buf cannot be had (npm, @bufbuild/buf)" && return; }
  check buf-lint $buf lint proto
}

check_python_caller() {
  packages=$PWD/build/tools/python
  [ -d "$packages/grpc_tools" ] ||
    had grpcio-install python3 -m pip install --quiet --cache-dir build/tools/pip-cache \
      --target "$packages" grpcio==1.85.1 grpcio-tools==1.85.1 ||
    { leave_out "a caller in Python: grpcio cannot be had (pip, PyPI)" && return; }
  check python-caller env PYTHONPATH="$packages" \
    python3 -B tests/callers/python_caller.py build/dev/bin/provisiond
}

# Only the tool, for Debian's package would start a server.
check_promtool() {
  folder=build/tools/prometheus
  promtool=$(command -v promtool || echo $folder/usr/bin/promtool)
  [ -x "$promtool" ] ||
    { mkdir -p $folder && had promtool-download sh -c \
      "cd $folder && apt-get download prometheus && dpkg -x prometheus_*.deb . && rm *.deb"; } ||
    { leave_out "alerts that fire: no promtool (apt-get download prometheus)" && return; }
  check promtool python3 -B tests/alerts/promtool.py "$promtool" build/dev/bin/provisiond
}

check_grpcurl() {
  grpcurl=build/tools/grpcurl
  [ -x $grpcurl ] ||
    had grpcurl-install env GOBIN="$PWD/build/tools" \
      go install github.com/fullstorydev/grpcurl/cmd/grpcurl@v1.9.3 ||
    { leave_out "an import by grpcurl: it cannot be had (go, the Go module proxy)" && return; }
  check grpcurl-caller python3 -B tests/callers/grpcurl_caller.py $grpcurl build/dev/bin/provisiond
}

check_distributed() {
  if ! sh tests/citus.sh installed; then
    leave_out "the store on a distributed engine: no Citus is installed (tests/citus.sh)"
    return
  fi
  check citus sh tests/citus.sh build/dev/bin
}

# Debian's Python, since it is the one that has Debian's python3-yaml.
debian_python="/usr/bin/python3 -B"

check_chart() {
  say "getting helm, kubeconform and kube-score (from nothing this takes some minutes)"
  timeout 600 sh tests/chart/get_tools.sh >$logs/chart-tools.log 2>&1 </dev/null ||
    { leave_out "the chart: helm, kubeconform and kube-score cannot be had (Go 1.26, its proxy)" &&
      return; }
  check chart $debian_python tests/chart/chart_test.py
  [ ! -x build/dev/bin/provision-load ] ||
    check chart-programs $debian_python tests/chart/programs_test.py build/dev/bin
}

say "installing what is missing"
if ! prepare_build; then
  failed=1
  finish
fi
if build dev; then
  run_tests dev
  check_python_caller
  check_promtool
  check_grpcurl
  check_distributed
fi
if build tsan; then run_tests tsan; fi
check_contract
check_chart
finish
