/* policies: reads a policy's proposal from the log, once. */
#include "common/policy/load/policy_load.h"
#include "services/cli/log/policies.h"

#include "common/base/memory.h"
#include "common/base/text.h"
#include "common/store/read/policy_reader.h"
#include "services/cli/log/history.h"

#include <inttypes.h>
#include <stdlib.h>

struct policies {
    struct reader *reader;
    struct policy **items;
    size_t count;
};

struct policies *policies_new(struct reader *reader)
{
    struct policies *policies = NEW(policies);
    policies->reader = reader;
    return policies;
}

void policies_free(struct policies *policies)
{
    if (!policies)
        return;
    for (size_t i = 0; i < policies->count; i++)
        policy_free(policies->items[i]);
    free(policies->items);
    free(policies);
}

static bool on_proposal(void *owner, const struct history_event *event)
{
    struct policy **policy = owner;
    const WirePolicyProposed *proposed =
        event->event->body_case == WIRE_EVENT__BODY_POLICY_PROPOSED ? event->event->policy_proposed : NULL;
    struct policy_findings *findings = memory_allocate(sizeof *findings);
    if (proposed)
        *policy = policy_load(slice_of(proposed->document.data, proposed->document.len), proposed->zones,
                              proposed->n_zones, event->record->position->seq, findings);
    free(findings);
    return false;
}

const struct policy *policies_find(struct policies *policies, uint64_t version)
{
    struct policy *policy = NULL;
    for (size_t i = 0; i < policies->count; i++)
        if (policy_version(policies->items[i]) == version)
            return policies->items[i];
    if (version && history_read_event(policies->reader, version, on_proposal, &policy) == EXIT_UNREACHABLE)
        return NULL;
    if (!policy) {
        if (version)
            command_complain("the policy of version %" PRIu64 " cannot be read from the log", version);
        return NULL;
    }
    policies->items = memory_resize_array(policies->items, policies->count + 1, sizeof(struct policy *));
    policies->items[policies->count++] = policy;
    return policy;
}

struct in_force {
    uint64_t version;
    char fault[WHY_SIZE];
};

static void on_in_force(void *owner, const struct policy_page *page)
{
    struct in_force *in_force = owner;
    in_force->version = page->version;
    text_copy(in_force->fault, sizeof in_force->fault, page->fault ? page->fault : "");
}

const struct policy *policies_find_in_force(struct policies *policies)
{
    struct in_force in_force = {.version = 0};
    policy_read_in_force(reader_database(policies->reader), on_in_force, &in_force);
    int rc = reader_finish(policies->reader, in_force.fault);
    return rc == EXIT_DONE ? policies_find(policies, in_force.version) : NULL;
}
