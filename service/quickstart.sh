#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Builds the programs, starts the server on its embedded store, imports a sample
# spreadsheet and shows what came of it. What it leaves is in build/quickstart.
#
#   sh service/quickstart.sh
set -u
cd "$(dirname "$0")/.." || exit 1
. service/steps.sh

bin=build/release/bin
folder=build/quickstart
organization=practice-one
server_id=

stop_server() {
  [ -n "$server_id" ] || return 0
  kill "$server_id" 2>/dev/null
  wait "$server_id"
  status=$?
  server_id=
  return $status
}

give_up() {
  say "FAILED: $1"
  stop_server
  if [ -s "$folder/provisiond.log" ]; then
    echo "---- the end of $folder/provisiond.log"
    tail -n 20 "$folder/provisiond.log"
  fi
  exit 1
}

trap 'stop_server; exit 130' INT TERM

# run WANTED-EXIT-CODE COMMAND...: shows the command and what it prints.
run() {
  wanted=$1
  shift
  printf '\n$ %s\n' "$*"
  PATH="$PWD/$bin:$PATH" "$@" </dev/null 2>&1
  code=$?
  [ "$code" = "$wanted" ] || give_up "exit code $code instead of $wanted: $*"
}

start_server() {
  "$bin/provisiond" serve --listen 127.0.0.1:0 --insecure-loopback \
    --store "sqlite:$folder/clients.db" >"$folder/provisiond.log" 2>&1 </dev/null &
  server_id=$!
  tries=0
  address=
  while [ -z "$address" ]; do
    kill -0 "$server_id" 2>/dev/null || give_up "the server did not start"
    [ "$tries" -lt 100 ] || give_up "the server does not say where it listens"
    tries=$((tries + 1))
    sleep 0.1
    address=$(sed -n 's/.*listening on \([^ ]*\)$/\1/p' "$folder/provisiond.log")
  done
}

say "installing what is missing"
prepare_build || exit 1
say "building the programs (from nothing this takes some minutes)"
logged release-configure cmake --preset release || exit 1
logged release-build cmake --build --preset release --target provisiond provision || exit 1

rm -rf "$folder"
mkdir -p "$folder" || exit 1
cp service/samples/clients.csv "$folder/clients.csv"
start_server
say "provisiond listens on $address, its store is $folder/clients.db"
# As every command of `provision` takes them: the server, and no TLS on loopback.
export PROVISION_SERVER="$address" PROVISION_PLAINTEXT=1

printf '\nA spreadsheet with good, bad and repeated rows:\n'
run 0 cat "$folder/clients.csv"

printf '\nRows are wrong, so an import says which, and writes nothing:\n'
run 1 provision import "$folder/clients.csv" --organization "$organization" --generate-passwords
run 0 provision clients list --organization "$organization"

printf '\nLeaving the wrong rows out:\n'
run 1 provision import "$folder/clients.csv" --organization "$organization" --generate-passwords \
  --skip-rejected --yes

printf '\nEvery row has its line in the results, with the password to hand on:\n'
run 0 cat "$folder/clients.csv.results.csv"
printf '\nThe rejected rows, to be mended and sent as a new import:\n'
run 0 cat "$folder/clients.csv.rejects.csv"
printf '\nThe clients:\n'
run 0 provision clients list --organization "$organization"

echo
stop_server || give_up "the server ended with exit code $?"
say "done; the server is stopped, and $folder holds all of this"
