#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# What an engine would do with service/Dockerfile, in folders that debootstrap
# makes: the commands of its stages, in a Debian 12 that has nothing else, then the
# programs as the image's user, with nothing writable but a folder for the store.
# As root, with debootstrap and some 3 GB; half an hour, most of it compiling.
#
#   sh tests/container/build_in_folder.sh FOLDER     FOLDER is made, and stays
set -eu
top=$(cd "$(dirname "$0")/../.." && pwd)
if [ "$#" != 1 ] || [ -e "$1" ] || [ "$(id -u)" != 0 ] || ! command -v debootstrap >/dev/null; then
  echo "usage, as root and with debootstrap: sh tests/container/build_in_folder.sh NEW-FOLDER" >&2
  exit 2
fi
mkdir -p "$1"
folder=$(cd "$1" && pwd)
stage=
mounts=

leave() {
  for mount in $mounts; do umount -R "$mount" || true; done
  mounts=
}
trap leave EXIT

mounted() { # WHAT INTO
  mkdir -p "$2"
  mount --rbind "$1" "$2"
  mount --make-rslave "$2"
  mounts="$2 $mounts"
}

enter() { mkdir -p "$stage$1"; }

within() { # WORKDIR COMMAND
  echo "==== $2"
  chroot "$stage" env -i PATH="$PATH" HOME=/root DEBIAN_FRONTEND=noninteractive \
    sh -c "cd '$1' && $2"
}

copy() { # STAGE FROM... TO
  from=$1
  shift
  for to in "$@"; do :; done
  while [ $# -gt 1 ]; do
    echo "==== copy ${from:-the sources} $1 $to"
    if [ -n "$from" ]; then
      install -D -t "$stage$to" "$folder/0$1"
    elif [ "$1" = . ]; then
      tar -C "$top" --exclude-from="$top/.dockerignore" -c . | tar -C "$stage$to" -x
    else
      install -D "$top/$1" "$stage$to"
    fi
    shift
  done
}

for number in 0 1; do
  stage=$folder/$number
  mkdir "$stage"
  echo "==== debootstrap of stage $number"
  debootstrap --variant=minbase bookworm "$stage" "${MIRROR:-http://deb.debian.org/debian}" \
    >"$folder/debootstrap-$number.log"
  mounted /proc "$stage/proc"
  mounted /dev "$stage/dev"
  cp /etc/resolv.conf "$stage/etc/resolv.conf"
  eval "$(python3 -B "$top/tests/container/dockerfile.py" script "$number")"
done

echo "==== the programs as 65532, on a root that cannot be written"
mkdir -p "$stage/var/lib/provisiond"
chown 65532:65532 "$stage/var/lib/provisiond"
chmod 700 "$stage/var/lib/provisiond"
mount --bind "$stage" "$stage"
mounts="$stage $mounts"
mount -o remount,bind,ro "$stage"
mount -t tmpfs -o uid=65532,gid=65532,mode=700 store "$stage/var/lib/provisiond"
mounts="$stage/var/lib/provisiond $mounts"
as_user() { chroot --userspec=65532:65532 "$stage" env -i PATH=/usr/local/bin "$@"; }
as_user provision version
as_user provision-load --help | head -n 3
as_user provisiond serve --listen 127.0.0.1:0 --insecure-loopback \
  --store sqlite:/var/lib/provisiond/clients.db 2>"$folder/provisiond.log" &
server=$!
address=
while [ -z "$address" ]; do
  kill -0 $server || { cat "$folder/provisiond.log"; exit 1; }
  sleep 0.1
  address=$(sed -n 's/.*listening on \([^ ]*\)$/\1/p' "$folder/provisiond.log")
done
as_user provision health --server "$address" --plaintext
as_user provision-load --server "$address" --plaintext --rows 10000 --quiet
kill $server
wait $server
echo "==== done: $folder"
