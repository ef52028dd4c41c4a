/* why: the sentence of the last failure: of a client, or, where there is none yet, of the thread. */
#ifndef BELLHOP_CLIENT_WHY_H
#define BELLHOP_CLIENT_WHY_H

#include "common/base/text.h"
#include "common/wire/refusal.h"

/* `error`, always: return why_set(why, BELLHOP_INVALID, "…") reads well. `why` NULL is the thread's. */
int why_set(char *why, int error, const char *sentence, ...) __attribute__((format(printf, 3, 4)));

/* The same of a refused message: "remedy_requested.kind: is …". */
int why_refused(char *why, int error, const struct wire_refusal *refusal);

/* The thread's own, WHY_SIZE bytes. */
char *why_of_thread(void);

#endif
