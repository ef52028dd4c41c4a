#!/bin/bash
# demo: a cell on free ports in a folder of its own, the small shop day played on it, and its end.
#
# The folder goes with it; when something expected did not happen it stays, and is named.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1
mkdir -p .run
cell_folder=$(mktemp -d "$PWD/.run/demo-XXXXXX") || exit 1
chmod 755 "$cell_folder"
# shellcheck source=services/cell.sh
. services/cell.sh

player=
# shellcheck disable=SC2317 # called by the trap
finish() {
    local status=$?
    trap - EXIT INT TERM HUP
    [ -z "$player" ] || kill -TERM "$player" 2>/dev/null
    cell_stop
    if [ "$status" = 0 ] || [ "$status" = 130 ]; then
        tests/support/postgres remove "$cell_folder/postgres"
        rm -rf "$cell_folder"
    else
        echo "what the services said is in $cell_folder/*.log" >&2
    fi
    exit "$status"
}
trap finish EXIT
trap 'exit 130' INT TERM HUP

cell_start free || exit 1
# In the background, so that a signal is heard at once.
setpriv --pdeathsig TERM "$cell_programs/bellhop" demo "$@" &
player=$!
wait "$player"
status=$?
player=
exit "$status"
