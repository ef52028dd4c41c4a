/* sample: events for tests, made from JSON over one that is complete.
 *
 * The sample is an interaction_opened of harbour/till-1 that occurred, and was minted, at SAMPLE_AT. */
#ifndef BELLHOP_TESTS_SUPPORT_SAMPLE_H
#define BELLHOP_TESTS_SUPPORT_SAMPLE_H

#include "common/base/arena.h"

#include "proto/bellhop/v1/event.pb-c.h"

#define SAMPLE_AT INT64_C(1714737600000000) /* 2024-05-03T12:00:00Z */

/* `changes` is a JSON object whose members replace the sample's; null takes one away. Of another body than
 * interaction_opened that one is taken away. Fails the test when it cannot be read. */
WireEvent *sample_event(struct arena *arena, const char *changes);

#endif
