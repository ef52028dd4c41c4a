/* policy_file: reads a file, and the zones of its text. */
#include "common/policy/load/policy_load.h"
#include "services/cli/policy/policy_file.h"

#include "common/base/file.h"
#include "common/base/memory.h"
#include "common/base/text.h"
#include "common/wire/set.h"
#include "common/wire/wire.h"
#include "services/cli/log/history.h"
#include "services/cli/log/policies.h"
#include "services/cli/terminal/command.h"

#include <errno.h>
#include <stdlib.h>

enum { ZONE_BYTES = 16 * 1024 * 1024 };

bool policy_file_read_document(const char *path, struct bytes *into)
{
    int rc = file_read_all(path, POLICY_DOCUMENT_BYTES, into);
    bool is_read = rc == 0 || rc == -EFBIG;
    if (!is_read)
        command_complain("could not read %s: %s", path, strerror(-rc));
    return is_read;
}

struct policy_file *policy_file_read(const char *path)
{
    AUTO(policy_file) *file = NEW(policy_file);
    file->path = path;
    arena_init(&file->arena, ZONE_BYTES);
    if (!policy_file_read_document(path, &file->document))
        return NULL;
    if (zone_tables_of(bytes_slice(&file->document), &file->arena, &file->zones) != 0) {
        command_complain("%s names more time zones than can travel with it", path);
        return NULL;
    }
    return TAKE(file);
}

void policy_read_reason(const struct option_row *option, const char *value, void *field,
                        const struct argp_state *state)
{
    enum { REASON_BYTES = 500 };
    if (!*value || strlen(value) > REASON_BYTES || !text_is_printable(value, strlen(value)))
        argp_error(state, "--%s: expected one line of at most %d bytes", option->name, REASON_BYTES);
    *(const char **)field = value;
}

/* --- from the log --- */

static bool on_proposal(void *owner, const struct history_event *event)
{
    struct policy_file *file = owner;
    AUTO_CLEAR(bytes) packed = {.size = 0};
    if (event->event->body_case != WIRE_EVENT__BODY_POLICY_PROPOSED)
        return false;
    wire_pack(event->event->policy_proposed, &packed);
    const WirePolicyProposed *proposed =
        wire_unpack(&wire_policy_proposed__descriptor, bytes_slice(&packed), &file->arena, NULL);
    if (!proposed || proposed->n_zones > ZONE_TABLES)
        return false;
    bytes_append_slice(&file->document, wire_slice(proposed->document));
    for (size_t i = 0; i < proposed->n_zones; i++)
        file->zones.items[file->zones.count++] = proposed->zones[i];
    return false;
}

struct policy_file *policy_file_in_force(struct reader *reader)
{
    AUTO(policies) *policies = policies_new(reader);
    const struct policy *policy = policies_find_in_force(policies);
    AUTO(policy_file) *file = NEW(policy_file);
    file->path = "the policy in force";
    arena_init(&file->arena, ZONE_BYTES);
    if (policy && history_read_event(reader, policy_version(policy), on_proposal, file) != EXIT_UNREACHABLE &&
        file->document.size)
        return TAKE(file);
    if (!policy)
        command_complain("no policy is in force yet");
    return NULL;
}

void policy_file_free(struct policy_file *file)
{
    if (!file)
        return;
    bytes_clear(&file->document);
    arena_clear(&file->arena);
    free(file);
}

void policy_file_complain(const char *path, const struct policy_findings *findings)
{
    for (size_t i = 0; i < findings->count; i++)
        command_complain("%s:%u:%u: %s", path, findings->items[i].line, findings->items[i].column,
                         findings->items[i].sentence);
}

struct policy *policy_file_policy(const struct policy_file *file)
{
    struct policy_findings *findings = memory_allocate(sizeof *findings);
    struct policy *policy =
        policy_load(bytes_slice(&file->document), file->zones.items, file->zones.count, 0, findings);
    policy_file_complain(file->path, findings);
    free(findings);
    return policy;
}

struct policy *policy_file_load(const char *path)
{
    AUTO(policy_file) *file = policy_file_read(path);
    return file ? policy_file_policy(file) : NULL;
}

struct backtest_options policy_file_options(const struct policy_file *file, int64_t since_at,
                                            const char *store_id)
{
    return (struct backtest_options){.document = bytes_slice(&file->document),
                                     .zones = file->zones.items,
                                     .zone_count = file->zones.count,
                                     .since = since_at,
                                     .store_id = store_id};
}

struct backtest *policy_file_judge(const struct policy_file *file, struct backtest_options options)
{
    char why[WHY_SIZE];
    options.document = bytes_slice(&file->document);
    options.zones = file->zones.items;
    options.zone_count = file->zones.count;
    struct backtest *backtest = backtest_new(&options, why);
    if (!backtest)
        command_complain("%s: %s", file->path, why);
    return backtest;
}

WirePolicyProposed policy_file_make_proposal(const struct policy_file *file)
{
    WirePolicyProposed proposed = WIRE_POLICY_PROPOSED__INIT;
    const char *slash = strrchr(file->path, '/');
    proposed.name = (char *)(slash ? slash + 1 : file->path);
    WIRE_SET(&proposed, document, wire_bytes(bytes_slice(&file->document)));
    proposed.zones = (WireZoneTable **)file->zones.items;
    proposed.n_zones = file->zones.count;
    return proposed;
}
