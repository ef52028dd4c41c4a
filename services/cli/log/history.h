/* history: the recorded log, event by event, each with what was decided for it. */
#ifndef BELLHOP_CLI_LOG_HISTORY_H
#define BELLHOP_CLI_LOG_HISTORY_H

#include "services/cli/log/reader.h"

#include "common/base/bytes.h"
#include "common/store/read/log_reader.h"

/* Valid until the callback returns. */
struct history_event {
    const WireLoggedEvent *record;
    const WireEvent *event;
    WireDecision *const *decisions;
    const struct slice *packed; /* each decision as it is stored */
    size_t count;
    struct arena *arena; /* for the caller's own, until the call returns */
};

/* False ends the walk. */
typedef bool history_each(void *owner, const struct history_event *event);

struct history_options {
    uint64_t after;   /* begin with the event after this one */
    uint64_t upto;    /* 0: as far as is decided */
    const char *what; /* "verifying", for the bar; NULL: no bar */
    bool without_decisions;
};

/* Every event in order; not from within another walk. EXIT_DONE at the end or when `each` ended it, EXIT_UNREACHABLE after
 * having complained. */
int history_walk(struct reader *reader, const struct history_options *options, history_each *each,
                 void *owner);

/* One event, whether or not it is decided. EXIT_NEGATIVE: the log has none. */
int history_read_event(struct reader *reader, uint64_t seq, history_each *each, void *owner);

/* Every event of one type, in order, without what was decided. */
int history_walk_type(struct reader *reader, WireEvent__BodyCase type, history_each *each, void *owner);

/* Every proposed policy, in order, whatever `each` returns. */
int history_walk_proposals(struct reader *reader, history_each *each, void *owner);

/* Where the log is. */
int history_read_head(struct reader *reader, struct log_head *ret_head);

#endif
