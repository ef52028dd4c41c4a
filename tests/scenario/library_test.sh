#!/bin/bash
# library: the client library as a stranger has it: installed, found by pkg-config, linked both ways, nothing else shown.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 2
build=build/${VARIANT:-release}
folder=$(mktemp -d) || exit 2
trap 'rm -rf "$folder"' EXIT
number=0 failed=0

tell() { # STATUS SENTENCE
    number=$((number + 1))
    if [ "$1" = 0 ]; then echo "ok $number - $2"; else failed=1; echo "not ok $number - $2"; fi
}

cat >"$folder/till.c" <<'END'
#include <bellhop.h>
#include <stdio.h>
#include <string.h>

int main(void)
{
    struct bellhop_options options = {.size = sizeof options, .publish_endpoint = "ipc:///tmp/nobody-listens-here", .source = "17/till"};
    struct bellhop_client *client;
    if (bellhop_open(&options, &client) != BELLHOP_OK)
        return 1;
    static const char json[] = "{\"store_id\":\"17\",\"interaction_id\":\"i\",\"complaint\":{\"about\":\"PRICE\"}}";
    struct bellhop_event *event;
    uint8_t id[BELLHOP_ID_SIZE];
    int rc = bellhop_event_from_json(json, strlen(json), &event);
    if (rc == BELLHOP_OK)
        rc = bellhop_publish(client, event, 0, id);
    bellhop_event_free(event);
    if (rc == BELLHOP_OK && bellhop_flush(client, 10) == BELLHOP_TIMEOUT)
        puts("taken in");
    return bellhop_close(client);
}
END

prefix=$folder/usr
make --no-print-directory install PREFIX="$prefix" >"$folder/install.log" 2>&1
tell $? "it is installed" || cat "$folder/install.log"
export PKG_CONFIG_PATH=$prefix/lib/pkgconfig LD_LIBRARY_PATH=$prefix/lib
read -ra shared <<<"$(pkg-config --cflags --libs bellhop-client)"
read -ra static <<<"$(pkg-config --static --cflags --libs bellhop-client)"

gcc -std=c99 -Wall -Wextra -Wpedantic -Werror -o "$folder/shared" "$folder/till.c" "${shared[@]}" && [ "$("$folder/shared")" = "taken in" ]
tell $? "a program links with the shared library"
rm "$prefix/lib/libbellhop-client.so"
gcc -std=c99 -o "$folder/static" "$folder/till.c" "${static[@]}" && LD_LIBRARY_PATH='' "$folder/static" | grep -qx "taken in"
tell $? "a program links with the static library"
g++ -x c++ -std=c++17 -fsyntax-only -Wall -Wextra -Werror -include "$prefix/include/bellhop.h" /dev/null
tell $? "the header is C++ too"
! grep -n '#include "' common/client/bellhop.h
tell $? "the header includes nothing of ours"
for library in "$build/libbellhop-client.so" "$build/libbellhop-client.a"; do
    case $library in *.so) flags=(-D --defined-only) ;; *) flags=(-g --defined-only) ;; esac
    others=$(nm "${flags[@]}" "$library" | awk 'NF == 3 && $3 !~ /^bellhop_/ { print $3 }')
    [ -z "$others" ] || echo "$others"
    [ -z "$others" ]
    tell $? "${library##*.}: shows names of bellhop_ alone"
done
missing=$(grep -oE '\bbellhop_[a-z_]+\(' common/client/bellhop.h | tr -d '(' | sort -u | grep -vxF "$(nm -D --defined-only "$build/libbellhop-client.so" | awk '{ print $3 }')")
[ -z "$missing" ] || echo "$missing"
[ -z "$missing" ]
tell $? "every function of the header is there"
exit "$failed"
