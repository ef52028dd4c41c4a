/* decision_reader: reads stored decisions in the order of their positions. Rules for all questions: database.h. */
#ifndef BELLHOP_STORE_READ_DECISION_READER_H
#define BELLHOP_STORE_READ_DECISION_READER_H

#include "common/base/bytes.h"
#include "common/store/read/log_reader.h"

/* A decision's place in the order of decisions. */
struct decision_place {
    uint64_t seq;
    uint32_t ordinal;
};

struct stored_decision {
    struct decision_place place;
    struct slice packed; /* a WireDecision, byte for byte as it was decided */
};

struct decision_page {
    const char *fault;
    struct log_head at;
    const struct stored_decision *decisions;
    size_t count;
    uint64_t upto; /* the page has every decision on events up to this seq, from the place asked for */
};
typedef void decision_page_read(void *owner, const struct decision_page *page);

/* Decisions after `after`, at most `most` and about 16 MiB; {n - 1, UINT32_MAX} begins with those on seq n. A page
 * may end in the middle of an event's decisions; then `upto` is that event's seq - 1. */
void decision_read(struct database *database, struct decision_place after, uint32_t most,
                   decision_page_read *read, void *owner);

/* The decisions on one event, by their ordinal. */
void decision_read_event(struct database *database, uint64_t seq, decision_page_read *read, void *owner);

/* The timeline of one case: its decisions in order. */
void decision_read_case(struct database *database, const char *escalation_id, uint32_t most,
                        decision_page_read *read, void *owner);

/* The decisions on one interaction, in order. Scans all decisions: for people's questions, not for services. */
void decision_read_interaction(struct database *database, const char *interaction_id, uint32_t most,
                               decision_page_read *read, void *owner);

#endif
