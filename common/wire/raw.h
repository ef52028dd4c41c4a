/* raw: encoded fields as they come: number, kind and content, whatever their message. Pure. */
#ifndef BELLHOP_WIRE_RAW_H
#define BELLHOP_WIRE_RAW_H

#include "common/base/bytes.h"

#include <stdbool.h>
#include <stdint.h>

enum wire_raw_kind {
    WIRE_RAW_NUMBER = 0,
    WIRE_RAW_FIXED64 = 1,
    WIRE_RAW_DELIMITED = 2,
    WIRE_RAW_FIXED32 = 5
};

struct wire_raw {
    unsigned number;
    unsigned kind;
    struct slice content; /* of WIRE_RAW_DELIMITED; empty otherwise */
};

/* Read one field off the front of `bytes`. False when they do not hold all of it, or its kind does not exist: then
 * number and kind are what its tag says, both 0 where that cannot be read either. */
bool wire_raw_read(struct slice *bytes, struct wire_raw *ret_raw);

#endif
