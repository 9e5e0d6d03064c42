# SPDX-License-Identifier: Apache-2.0
# How the project's scripts tell what they are doing. They source it from the
# top folder.

logs=build/logs
started_at=$(date +%s)

# say TEXT...: a line with the time since the script began.
say() {
  elapsed=$(($(date +%s) - started_at))
  printf '[%2d:%02d] %s\n' $((elapsed / 60)) $((elapsed % 60)) "$*"
}

# logged NAME COMMAND...: the command's output goes to $logs/NAME.log. If it
# fails, the end of that is shown, and 1 is returned.
logged() {
  log=$logs/$1.log
  shift
  "$@" >"$log" 2>&1 </dev/null && return 0
  say "FAILED: $*"
  echo "---- the end of $log"
  tail -n 40 "$log"
  echo "----"
  return 1
}

# prepare_build: the packages are there, and a build folder that can be written.
prepare_build() {
  sh service/install-deps.sh || return 1
  if ! mkdir -p "$logs" 2>/dev/null || [ ! -w build ] || [ ! -w "$logs" ]; then
    echo "$PWD/build cannot be written to. Does it belong to another user?" >&2
    return 1
  fi
  # A user without a home (in a container, say) still gets a compiler cache.
  if [ -z "${CCACHE_DIR:-}" ] && [ ! -w "${HOME:-/nonexistent}" ]; then
    export CCACHE_DIR="$PWD/build/ccache"
  fi
}
