# shellcheck shell=bash
# cell: starts and stops one cell (PostgreSQL and every service) in a folder of its own; read by run.sh and tests/demo/run.
#
#   cell_folder=…; . services/cell.sh; cell_start own|free; … ; cell_stop
#
# Everything listens on loopback: on the services' own ports unless one is taken, or on free ones.
# In the folder: env (shell assignments: every endpoint and BELLHOP_DATABASE_URL), postgres/, NAME.log and NAME.ready.
# A service that ends by itself, a signal, or the end of this shell ends the whole cell.

: "${cell_folder:?names the folder of the cell}"
cell_programs=${CELL_PROGRAMS:-build/${VARIANT:-release}/bin}
cell_start_s=60 # how long a service may take to be ready: a PostgreSQL on a slow disk
cell_stop_s=20  # how long one may take to stop before it is killed

cell_say() { echo "$*" >&2; }

# The service NAME of the cell, in a session of its own (a Ctrl-C is for us alone), gone when we are.
cell_launch() {
    local name=$1
    rm -f "$cell_folder/$name.ready"
    BELLHOP_READY_FILE=$cell_folder/$name.ready setsid setpriv --pdeathsig TERM \
        "$cell_programs/bellhop-$name" >>"$cell_folder/$name.log" 2>&1 </dev/null &
    cell_pids[$name]=$!
    cell_order=("$name" "${cell_order[@]}")
}

cell_is_running() { kill -0 "${cell_pids[$1]}" 2>/dev/null; }

cell_await_ready() {
    local name=$1 ends=$((SECONDS + cell_start_s))
    until [ -s "$cell_folder/$name.ready" ]; do
        if ! cell_is_running "$name" || [ "$SECONDS" -ge "$ends" ]; then
            cell_blame "$name" "did not become ready"
            return 1
        fi
        sleep 0.05
    done
}

cell_blame() {
    cell_say "bellhop-$1 $2; the end of $cell_folder/$1.log:"
    tail -n 15 "$cell_folder/$1.log" | sed 's/^/    /' >&2
}

# What a service bound, from its ready file: cell_bound persist append.
cell_bound() { sed -n "s/^$2=//p" "$cell_folder/$1.ready"; }

cell_port_is_free() { ! (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# The services' own ports, when all of them are free.
cell_choose_ports() {
    local port which=$1 ports=(7401 7402 7403 7404 7405)
    for port in "${ports[@]}"; do
        if [ "$which" = own ] && ! cell_port_is_free "$port"; then
            cell_say "port $port is taken: free ones are used instead"
            which=free
        fi
    done
    [ "$which" = own ] || ports=('*' '*' '*' '*' '*')
    export BELLHOP_PUBLISH="tcp://127.0.0.1:${ports[0]}" BELLHOP_APPEND="tcp://127.0.0.1:${ports[1]}"
    export BELLHOP_FEED="tcp://127.0.0.1:${ports[2]}" BELLHOP_SUBSCRIBE="tcp://127.0.0.1:${ports[3]}"
    export BELLHOP_TAIL="tcp://127.0.0.1:${ports[4]}"
    export BELLHOP_PERSIST_HTTP=127.0.0.1:0 BELLHOP_ESCALATE_HTTP=127.0.0.1:0
    export BELLHOP_INGEST_HTTP=127.0.0.1:0 BELLHOP_RELAY_HTTP=127.0.0.1:0
    export BELLHOP_STATE_DIR=$cell_folder/state
}

cell_write_env() {
    local names=(BELLHOP_DATABASE_URL BELLHOP_PUBLISH BELLHOP_APPEND BELLHOP_FEED BELLHOP_SUBSCRIBE BELLHOP_TAIL
        BELLHOP_INGEST_HTTP BELLHOP_PERSIST_HTTP BELLHOP_ESCALATE_HTTP BELLHOP_RELAY_HTTP)
    local name
    for name in "${names[@]}"; do
        printf "%s='%s'\n" "$name" "${!name}"
    done >"$cell_folder/env.new"
    echo "export ${names[*]}" >>"$cell_folder/env.new"
    mv "$cell_folder/env.new" "$cell_folder/env"
}

# persist comes first: it makes the schema, and everybody talks to it.
cell_start() {
    declare -gA cell_pids=()
    cell_order=()
    mkdir -p "$cell_folder/state"
    rm -f "$cell_folder"/*.log "$cell_folder"/*.ready "$cell_folder/env"
    cell_choose_ports "$1"
    BELLHOP_DATABASE_URL=$(tests/support/postgres start "$cell_folder/postgres" --while $$) || return 1
    export BELLHOP_DATABASE_URL
    cell_launch persist
    cell_await_ready persist || return 1
    BELLHOP_APPEND=$(cell_bound persist append) BELLHOP_FEED=$(cell_bound persist feed)
    cell_launch escalate
    cell_launch ingest
    cell_launch relay
    local name
    for name in escalate ingest relay; do
        cell_await_ready "$name" || return 1
    done
    BELLHOP_PUBLISH=$(cell_bound ingest publish) BELLHOP_SUBSCRIBE=$(cell_bound relay subscribe)
    BELLHOP_TAIL=$(cell_bound relay tail)
    BELLHOP_PERSIST_HTTP=$(cell_bound persist http) BELLHOP_ESCALATE_HTTP=$(cell_bound escalate http)
    BELLHOP_INGEST_HTTP=$(cell_bound ingest http) BELLHOP_RELAY_HTTP=$(cell_bound relay http)
    cell_write_env
}

# TERM, then KILL for what does not hear.
cell_end() {
    local pid=${cell_pids[$1]} ends=$((SECONDS + cell_stop_s))
    kill -TERM "$pid" 2>/dev/null || return 0
    while kill -0 "$pid" 2>/dev/null; do
        [ "$SECONDS" -lt "$ends" ] || { cell_say "bellhop-$1 does not stop: killed"; kill -KILL "$pid"; break; }
        sleep 0.05
    done
    wait "$pid" 2>/dev/null || true
}

# The last started stops first, so that what was accepted is still committed; the database comes last.
cell_stop() {
    local name
    rm -f "$cell_folder/env"
    for name in "${cell_order[@]}"; do
        cell_end "$name"
    done
    cell_order=()
    tests/support/postgres stop "$cell_folder/postgres"
}
