/* mismatch: where two messages of one kind first differ, for people who sent one thing twice. Pure. */
#ifndef BELLHOP_WIRE_MISMATCH_H
#define BELLHOP_WIRE_MISMATCH_H

#include <protobuf-c/protobuf-c.h>
#include <stdbool.h>

enum { MISMATCH_FIELD_SIZE = 96, MISMATCH_VALUE_SIZE = 64 };

struct mismatch {
    char field[MISMATCH_FIELD_SIZE]; /* the path, "remedy_requested.amount.minor" */
    char one[MISMATCH_VALUE_SIZE],
        other[MISMATCH_VALUE_SIZE]; /* in words, cut; "absent" where there is none */
};

/* The first in the order of the fields. False: there is none. */
bool mismatch_find(const ProtobufCMessage *one, const ProtobufCMessage *other, struct mismatch *ret_mismatch);

#endif
