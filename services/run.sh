#!/bin/bash
# run: a private PostgreSQL and all services on loopback, until interrupted. What it holds stays in .run for the next time.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1
cell_folder=$PWD/${RUN_FOLDER:-.run}
# shellcheck source=services/cell.sh
. services/cell.sh

mkdir -p "$cell_folder"
exec 9>"$cell_folder/lock"
flock -n 9 || { echo "it runs already (its folder $cell_folder is in use)" >&2; exit 1; }

stop_with=
trap 'stop_with=0' INT TERM HUP
trap 'cell_stop 9>&-' EXIT

cell_start own 9>&- || exit 1
[ -n "$stop_with" ] || cat <<END

Bellhop runs.  Register ▸ $BELLHOP_PUBLISH   Subscriber ▸ $BELLHOP_SUBSCRIBE   Live tail ▸ $BELLHOP_TAIL
               PostgreSQL ▸ psql "$BELLHOP_DATABASE_URL"   Logs ▸ $cell_folder/*.log

In another terminal:
    . ${cell_folder#"$PWD"/}/env && PATH=\$PWD/$cell_programs:\$PATH
    bellhop watch
    bellhop publish remedy_requested --store s1 --interaction i1 --employee mira --set remedy_id=r1 \\
        --set kind=REFUND --set amount.minor=30000 --set amount.currency=EUR --await-verdict
    bellhop open ; bellhop status ; bellhop --help

Ctrl-C stops everything.
END

# Until a signal comes, or a service ends that nobody told to. (`wait -n` would miss one that has ended already; reading
# from a pipe that nobody writes to is a pause that a signal ends.)
exec 8<> <(:)
while [ -z "$stop_with" ]; do
    for name in "${!cell_pids[@]}"; do
        if [ -z "$stop_with" ] && ! cell_is_running "$name"; then
            cell_blame "$name" "has ended by itself, everything is stopped"
            stop_with=1
        fi
    done
    [ -n "$stop_with" ] || read -r -t 0.5 -u 8
done
echo "stopping" >&2
exit "$stop_with"
