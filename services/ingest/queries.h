/* queries: verdict queries in flight: passed to bellhop-persist, then answered, or given up after their wait. */
#ifndef BELLHOP_INGEST_QUERIES_H
#define BELLHOP_INGEST_QUERIES_H

#include "common/link/router.h"
#include "common/loop/loop.h"
#include "services/ingest/outlet.h"

struct query {
    struct link_peer peer;
    uint64_t request_id;
    int64_t size_bytes; /* as admitted */
    int64_t wait_ms;
    uint8_t event_id[16];
};

/* Called once for each query; `result` NULL: no answer in time. */
typedef void query_answered(void *owner, const struct query *query, const WireVerdictResult *result);

struct queries;
struct queries *queries_new(struct loop *loop, struct outlet *outlet, query_answered *on_answer, void *owner);

/* Queries in flight are forgotten, without an answer. */
void queries_free(struct queries *queries);

/* `query` is copied. */
void queries_ask(struct queries *queries, const struct query *query);

/* An answer of bellhop-persist; dropped when nobody waits for it any more. */
void queries_answer(struct queries *queries, const WireVerdictResult *result);

#endif
