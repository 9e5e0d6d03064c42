#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The store on a distributed engine: a coordinator and two workers of a Citus that
# is installed on this machine for Debian's PostgreSQL. Runs the conformance suite,
# two servers on one import, and the fault test with a worker killed again and
# again. Where there is no Citus it says so, and passes.
#
#   sh tests/citus.sh [BIN]       with the test programs in BIN (build/dev/bin)
#   sh tests/citus.sh start DIR [WORKERS]   only the nodes, for a look; prints their URL
#   sh tests/citus.sh kill-worker DIR       kills one of them, and starts it again
#   sh tests/citus.sh stop DIR
#   sh tests/citus.sh installed             whether there is one
#
# As root, or as a user who may run servers; COUNT and SEED as in tests/README.md.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
pg=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1)

# PostgreSQL does not run as root.
as_server() {
  if [ "$(id -u)" = 0 ]; then (cd / && runuser -u postgres -- "$@"); else "$@"; fi
}

installed() { [ -e "$("$pg/pg_config" --sharedir 2>/dev/null)/extension/citus.control" ]; }

query() { # PORT DATABASE SQL
  psql -X -q -A -t -v ON_ERROR_STOP=1 -h 127.0.0.1 -p "$1" -U postgres -d "$2" -c "$3"
}

control() { # DIR NODE pg_ctl's arguments...
  node=$1/$2
  log=$1/$2.log
  shift 2
  as_server "$pg/pg_ctl" -D "$node" -l "$log" -w -t 60 "$@" >/dev/null
}

free_port() {
  # shellcheck disable=SC2016
  perl -MIO::Socket::INET -e '
    print IO::Socket::INET->new(LocalAddr => "127.0.0.1", Listen => 1)->sockport'
}

start_node() { # DIR NODE
  port=$(free_port)
  as_server "$pg/initdb" -D "$1/$2" -U postgres -A trust -E UTF8 --locale=C.UTF-8 -N \
    >"$1/$2.initdb"
  as_server sh -c "cat >>'$1/$2/postgresql.conf'" <<CONF
shared_preload_libraries = 'citus'
listen_addresses = '127.0.0.1'
port = $port
unix_socket_directories = ''
max_connections = 200
citus.shard_count = 8
citus.node_conninfo = 'sslmode=disable'
citus.enable_statistics_collection = off
citus.recover_2pc_interval = '5s'
CONF
  control "$1" "$2" start
  # Neither reaches the other nodes by itself.
  query "$port" postgres 'CREATE DATABASE clients' 2>>"$1/$2.initdb"
  query "$port" clients 'CREATE EXTENSION citus' 2>>"$1/$2.initdb"
}

start() { # DIR WORKERS
  mkdir -p "$1"
  [ "$(id -u)" != 0 ] || chown postgres "$1"
  start_node "$1" coordinator
  coordinator=$port
  query "$coordinator" clients \
    "SELECT citus_set_coordinator_host('127.0.0.1', $coordinator)" >/dev/null
  worker=0
  while [ "$worker" -lt "$2" ]; do
    worker=$((worker + 1))
    start_node "$1" "worker$worker"
    query "$coordinator" clients "SELECT citus_add_node('127.0.0.1', $port)" >/dev/null
  done
  echo "$2" >"$1/count"
  url=postgresql://postgres@127.0.0.1:$coordinator/clients
}

stop() { # DIR
  for node in "$1"/coordinator "$1"/worker?; do
    control "$1" "$(basename "$node")" -m immediate stop || true
  done
}

kill_worker() { # DIR
  worker=worker$(($(date +%s) % $(cat "$1/count") + 1))
  # With all its sessions, as a machine dies.
  postmaster=$(head -n 1 "$1/$worker/postmaster.pid")
  sessions=$(pgrep -P "$postmaster")
  # shellcheck disable=SC2086
  kill -9 "$postmaster" $sessions 2>/dev/null || true
  # It does not start beside what is still going.
  tries=0
  until rm -f "$1/$worker/postmaster.pid" && control "$1" "$worker" start 2>/dev/null; do
    tries=$((tries + 1))
    [ "$tries" -lt 50 ] || exit 1
  done
}

case ${1-} in
  installed)
    installed
    exit
    ;;
  start)
    start "$2" "${3-2}"
    echo "$url"
    exit
    ;;
  stop)
    stop "$2"
    exit
    ;;
  kill-worker)
    kill_worker "$2"
    exit
    ;;
esac

bin=${1-$root/build/dev/bin}
if ! installed; then
  echo "LEFT OUT: the distributed engine: no Citus is installed for PostgreSQL in $pg"
  exit 0
fi
folder=$(mktemp -d "${TMPDIR:-/tmp}/provisioning-citus-XXXXXX")
chmod 755 "$folder"
trap 'stop "$folder/nodes"; rm -rf "$folder"' EXIT
start "$folder/nodes" 2
"$bin/provisiond" migrate --store "$url"
psql -X -q -v ON_ERROR_STOP=1 -d "$url" -f "$root/service/store/postgres/distribute.sql" >/dev/null
echo "a coordinator and two workers: $url"
query "$coordinator" clients \
  "SELECT nodeport, count(*) FROM citus_shards WHERE table_name='client'::regclass GROUP BY 1" |
  sed 's/|/: /; s/^/  shards of client on port /'

export POSTGRES_URL="$url"
failed=0
"$bin/postgres_store_test" --gtest_brief=1 || failed=1
"$bin/postgres_ownership_test" --gtest_brief=1 || failed=1
FAULT_COMMAND="sh $root/tests/citus.sh kill-worker $folder/nodes" \
  "$bin/postgres_fault_test" --gtest_brief=1 --gtest_filter='*External*' || failed=1
exit $failed
