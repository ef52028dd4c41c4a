/* marker: at which event the program is deciding, remembered beyond its own death.
 *
 * A small file mapped into memory: setting it is one store, and what was stored survives a crash of the
 * process (not of the machine, after which nothing is held against any event). The program that starts again
 * counts the death against the event it happened at. */
#ifndef BELLHOP_ESCALATE_MARKER_H
#define BELLHOP_ESCALATE_MARKER_H

#include "common/base/auto.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { MARKER_CRASHES = 3 }; /* so many at one event, and it is quarantined */

struct marker;

/* In `directory`, or with "" in memory alone. NULL with the reason in `why` when the file cannot be had. A
 * file that is not ours to understand is begun anew; -EBUSY's text when another process that lives uses it.
 */
struct marker *marker_open(const char *directory, char *why, size_t why_size);
void marker_close(struct marker *marker);

/* A number that names this program for as long as its file exists: who starts again is known as who died. */
uint64_t marker_instance(const struct marker *marker);

/* Deciding begins, and is over. */
void marker_enter(struct marker *marker, uint32_t epoch, uint64_t seq);
void marker_leave(struct marker *marker);

/* How often the program has died at the event that it died at last; 0 when it never did. */
unsigned marker_crashes(const struct marker *marker, uint64_t *ret_seq);

/* The program has died there too often: it is not to be tried again. */
bool marker_is_poisoned(const struct marker *marker, uint32_t epoch, uint64_t seq);

AUTO_CLOSE(marker)

#endif
