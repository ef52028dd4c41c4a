#!/bin/bash
# tests/layers: the arrows between folders, read from the include lines.
#
#   services/X -> common/* -> proto; never services/X -> services/Y; never up a floor; one owner for each outside thing.
# The rules are the two tables below. First the check itself is checked: a small tree that breaks every rule.
set -u
cd "$(dirname "$0")/../.." || exit 2

# $1: the tree to look at. Prints "file:line: what is wrong".
wrong_arrows() {
    # shellcheck disable=SC2016 # an awk program
    (cd "$1" && find common services tests proto -name '*.[ch]' 2>/dev/null | sort | xargs -r awk '
    BEGIN {
        # a floor, and the floors it may include beside itself
        may["base"] = " "
        may["wire"] = " base "
        may["loop"] = " base "
        may["link"] = " base wire loop "
        may["store"] = " base wire loop "
        may["policy"] = " base wire "
        may["service"] = " base wire loop link "
        may["client"] = " base wire loop link "
        # an outside header, and the one folder (or file) that may include it
        owner["zmq.h"] = "^common/(link|loop)/"
        owner["libpq-fe.h"] = "^common/store/"
        owner["microhttpd.h"] = "^common/service/door.c$"
        owner["sqlite3.h"] = "^common/client/"
        owner["yaml.h"] = "^common/policy/"
        owner["seccomp.h"] = "^common/service/"
    }
    function wrong(what) { printf "%s:%d: %s\n", FILENAME, FNR, what }
    /^[ \t]*#[ \t]*include[ \t]*</ {
        split($0, part, /[<>]/)
        if (part[2] in owner && FILENAME !~ owner[part[2]] && FILENAME !~ /^tests\//)
            wrong("<" part[2] "> belongs to " owner[part[2]])
    }
    /^[ \t]*#[ \t]*include[ \t]*"/ {
        split($0, part, "\"")
        to = part[2]
        split(FILENAME, here, "/")
        split(to, there, "/")
        if (to !~ /^(common|services|proto|tests)\//)
            wrong("\"" to "\" is not a full path")
        else if (FILENAME ~ /^tests\//)
            next
        else if (FILENAME == "common/client/bellhop.h")
            wrong("the public header includes \"" to "\"")
        else if (there[1] == "tests")
            wrong("the product includes a test, \"" to "\"")
        else if (here[1] == "services" && there[1] == "services" && here[2] != there[2])
            wrong("service " here[2] " includes service " there[2])
        else if (here[1] == "common" && there[1] == "services")
            wrong("floor " here[2] " includes service " there[2])
        else if (here[1] == "common" && there[1] == "common" && !(here[2] in may))
            wrong("floor " here[2] " is in no table")
        else if (here[1] == "common" && there[1] == "common" && here[2] != there[2] && !index(may[here[2]], " " there[2] " "))
            wrong("floor " here[2] " includes floor " there[2])
    }')
}

finds_every_broken_rule() {
    local tree found
    tree=$(mktemp -d) || return 1
    mkdir -p "$tree"/common/{base,policy,client,attic} "$tree"/services/{a,b}
    echo '#include "common/wire/event.h"' >"$tree/common/base/up.c"
    echo '#include "common/store/row.h"' >"$tree/common/policy/input.c"
    echo '#include "services/a/core.h"' >"$tree/common/policy/service.c"
    echo '#include "common/base/list.h"' >"$tree/common/attic/unknown.c"
    echo '#include "common/base/list.h"' >"$tree/common/client/bellhop.h"
    echo '#include "services/a/core.h"' >"$tree/services/b/sideways.c"
    echo '#include "core.h"' >"$tree/services/a/short.c"
    echo '#include "tests/support/check.h"' >"$tree/services/a/test.c"
    for outside in zmq libpq-fe microhttpd sqlite3 yaml seccomp; do
        echo "#include <$outside.h>" >"$tree/services/a/$outside.c"
    done
    found=$(wrong_arrows "$tree" | wc -l)
    rm -rf "$tree"
    [ "$found" = 14 ] || { echo "found $found of 14 broken rules"; return 1; }
}

if finds_every_broken_rule; then echo "ok 1 - finds every broken rule"; else echo "not ok 1 - finds every broken rule"; exit 1; fi
wrong=$(wrong_arrows .)
if [ -z "$wrong" ]; then
    echo "ok 2 - includes only follow the arrows"
else
    echo "$wrong"
    echo "not ok 2 - includes only follow the arrows"
    exit 1
fi
