/* migration: a schema brought up to date by a program that does nothing else. It needs no lock of the writer's. */
#ifndef BELLHOP_STORE_SCHEMA_MIGRATION_H
#define BELLHOP_STORE_SCHEMA_MIGRATION_H

#include "common/loop/loop.h"
#include "common/store/schema/schema.h"

#include <stdint.h>

/* Bring the database at `url` up to date; try for `timeout_ms` to reach it. Turns the loop until that is over, then
 * calls `done` once. */
void migration_run(struct loop *loop, const char *url, int64_t timeout_ms, schema_done *done, void *owner);

#endif
