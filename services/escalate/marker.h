/* marker: remembers, across a crash, which event was being decided.
 *
 * It is a small file mapped into memory: setting it is one store, which survives a crash of the process (not of
 * the machine; after that no event is blamed). The program that starts next counts the crash against the event
 * it happened at. */
#ifndef BELLHOP_ESCALATE_MARKER_H
#define BELLHOP_ESCALATE_MARKER_H

#include "common/base/auto.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { MARKER_CRASHES = 3 }; /* at one event: then it is quarantined */

struct marker;

/* In `directory`, or with "" in memory alone. NULL with the reason in `why`, for instance when another process
 * uses the file. A file of another form is started afresh. */
struct marker *marker_open(const char *directory, char *why, size_t why_size);
void marker_close(struct marker *marker);

/* A number that names this program for as long as its file exists: after a crash it has the same name. */
uint64_t marker_instance(const struct marker *marker);

/* Deciding begins, and is over. */
void marker_enter(struct marker *marker, uint32_t epoch, uint64_t seq);
void marker_leave(struct marker *marker);

/* How often the program has crashed at the event where it crashed last; 0 when it never did. */
unsigned marker_crashes(const struct marker *marker, uint64_t *ret_seq);

/* The program has crashed there too often: the event must not be tried again. */
bool marker_is_poisoned(const struct marker *marker, uint32_t epoch, uint64_t seq);

AUTO_CLOSE(marker)

#endif
