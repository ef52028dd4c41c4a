/* snapshot: the fold's state in a local file, so that a restart need not read the whole log.
 *
 * A cache: a file that is damaged, of another version or of another log is logged and ignored. It is replaced
 * by renaming, so there is always an old one or a new one. */
#ifndef BELLHOP_ESCALATE_SNAPSHOT_H
#define BELLHOP_ESCALATE_SNAPSHOT_H

#include "common/policy/state/fold.h"

/* Write the state of `fold`, which must stand at a cursor that persist has confirmed. Does nothing when
 * `directory` is "". 0 or -errno. */
int snapshot_write(const char *directory, const struct fold *fold);

/* The fold that was written there, or NULL with the reason in `why` ("" when there is no file at all). */
struct fold *snapshot_read(const char *directory, uint64_t seed, char *why, size_t why_size);

/* It must not be read again. */
void snapshot_remove(const char *directory);

#endif
