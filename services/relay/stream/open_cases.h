/* open_cases: which cases are open or acknowledged, kept from the decisions as they come. Pure. */
#ifndef BELLHOP_RELAY_STREAM_OPEN_CASES_H
#define BELLHOP_RELAY_STREAM_OPEN_CASES_H

#include "proto/bellhop/v1/decision.pb-c.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct open_cases;

struct open_cases *open_cases_new(uint64_t seed);
void open_cases_free(struct open_cases *cases);

/* This is how the case stands now. */
void open_cases_note(struct open_cases *cases, const WireCase *state);

bool open_cases_has(const struct open_cases *cases, const char *escalation_id);
size_t open_cases_count(const struct open_cases *cases);
void open_cases_reset(struct open_cases *cases);

#endif
