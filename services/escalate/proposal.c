/* proposal: a document, and the tables of the zones that it names. */
#include "services/escalate/proposal.h"

#include "common/base/arena.h"
#include "common/base/clock.h"
#include "common/base/embedded.h"
#include "common/base/file.h"
#include "common/base/memory.h"
#include "common/base/text.h"
#include "common/policy/rules/policy.h"
#include "common/policy/load/policy_load.h"
#include "common/service/log.h"
#include "common/wire/event.h"
#include "common/wire/set.h"
#include "common/wire/wire.h"
#include "common/wire/zone_table.h"

#include <errno.h>

#define SHIPPED_POLICY "services/escalate/policy/retail.yaml"
#define PROPOSER       "bellhop/escalate"

enum { PROPOSAL_ARENA_BYTES = 16 * 1024 * 1024 };

struct proposal {
    char *name;
    struct bytes document;
    struct arena arena; /* the zones' tables */
    struct zone_tables zones;
    WirePolicyProposed body; /* of these */
    bool is_sent;
    uint64_t append_id; /* 0: not asked, or answered */
};

/* --- the document --- */

/* What is too large is refused as a policy, in its words. */
static int read_file(struct proposal *proposal, const char *path)
{
    int rc = file_read_all(path, POLICY_DOCUMENT_BYTES, &proposal->document);
    return rc == -EFBIG ? 0 : rc;
}

static int read_document(struct proposal *proposal, const char *path)
{
    const char *slash = strrchr(*path ? path : SHIPPED_POLICY, '/');
    proposal->name = memory_copy_text(slash ? slash + 1 : path);
    if (*path)
        return read_file(proposal, path);
    const struct embedded_file *shipped = embedded_find(SHIPPED_POLICY);
    if (!shipped)
        return -ENOENT;
    bytes_append(&proposal->document, shipped->data, *shipped->size);
    return 0;
}

static void log_findings(const struct proposal *proposal, const struct policy_findings *findings)
{
    for (size_t i = 0; i < findings->count; i++)
        log_error("policy-mistake", findings->items[i].sentence, FIELD("file", proposal->name),
                  FIELD("line", findings->items[i].line), FIELD("column", findings->items[i].column));
    if (findings->omitted)
        log_error("policy-mistakes", "there are more mistakes in the policy", FIELD("file", proposal->name),
                  FIELD("count", findings->omitted));
}

static bool loads_on_trial(const struct proposal *proposal)
{
    struct policy_findings *findings = NEW(policy_findings);
    AUTO(policy) *policy = policy_load(bytes_slice(&proposal->document), proposal->zones.items,
                                       proposal->zones.count, 0, findings);
    if (!policy)
        log_findings(proposal, findings);
    free(findings);
    return policy != NULL;
}

struct proposal *proposal_load(const char *path)
{
    AUTO(proposal) *proposal = NEW(proposal);
    arena_init(&proposal->arena, PROPOSAL_ARENA_BYTES);
    int rc = read_document(proposal, path);
    if (rc == 0)
        rc = zone_tables_of(bytes_slice(&proposal->document), &proposal->arena, &proposal->zones);
    if (rc != 0) {
        log_error("policy-unread", "could not read the policy", FIELD("file", *path ? path : SHIPPED_POLICY),
                  FIELD("reason", strerror(-rc)));
        return NULL;
    }
    proposal->body = (WirePolicyProposed)WIRE_POLICY_PROPOSED__INIT;
    proposal->body.name = proposal->name;
    WIRE_SET(&proposal->body, document, wire_bytes(bytes_slice(&proposal->document)));
    proposal->body.n_zones = proposal->zones.count;
    proposal->body.zones = proposal->zones.items;
    proposal->body.proposed_by = (char *)PROPOSER;
    return loads_on_trial(proposal) ? TAKE(proposal) : NULL;
}

void proposal_free(struct proposal *proposal)
{
    if (!proposal)
        return;
    bytes_clear(&proposal->document);
    arena_clear(&proposal->arena);
    free(proposal->name);
    free(proposal);
}

WireEvent proposal_event(const struct proposal *proposal, int64_t now_us, struct uuid *ret_id)
{
    WireEvent event = wire_event_mint(PROPOSER, now_us, ret_id);
    event.body_case = WIRE_EVENT__BODY_POLICY_PROPOSED;
    event.policy_proposed = (WirePolicyProposed *)&proposal->body;
    return event;
}

void proposal_send(struct proposal *proposal, struct persist_link *persist)
{
    if (proposal->is_sent)
        return;
    struct uuid id;
    const WireEvent event = proposal_event(proposal, clock_utc_us(), &id);
    proposal->is_sent = true;
    proposal->append_id = persist_link_append_event(persist, &event);
    log_info("policy-proposed", "the log has no policy, proposing one", FIELD("policy", proposal->name));
}

void proposal_appended(struct proposal *proposal, const WireAppendResult *result)
{
    if (result->batch_id != proposal->append_id)
        return;
    proposal->append_id = 0;
    const WireReceipt *receipt = result->n_receipts ? result->receipts[0] : NULL;
    if (!receipt || receipt->result != WIRE_RECEIPT__RESULT__COMMITTED)
        log_error("policy-not-taken", "the log refused the proposed policy",
                  FIELD("reason", receipt ? receipt->reason : "no receipt"),
                  FIELD("explanation", receipt ? receipt->explanation : ""));
}
