/* chronicle: writes a log by deciding it once, so that acts and deadlines are about what there is. */
#include "common/policy/decide/decide.h"
#include "tests/support/chronicle.h"

#include "common/base/time.h"
#include "common/base/embedded.h"
#include "common/base/memory.h"
#include "common/base/text.h"
#include "common/base/uuid.h"
#include "common/wire/json.h"
#include "common/wire/event.h"
#include "common/wire/set.h"
#include "common/wire/wire.h"
#include "common/wire/zone_table.h"
#include "tests/support/check.h"
#include "tests/support/older_engine.h"
#include "tests/support/turmoil.h"
#include "tests/support/holding.h"

#include <stdio.h>
#include <stdlib.h>

enum {
    SKEW_US = 5000000,
    ARENA_SIZE = 64 << 20,
    SCRATCH_SIZE = 32 << 20,
    PENDING = 512,
    POLICY_SIZE = 256 * 1024
};

/* --- policies --- */

static const char stores[] =
    "currencies: [EUR, USD]\n"
    "zone: Europe/Vienna\n"
    "calendar: shop\n"
    "calendars:\n"
    "  shop:\n"
    "    mon-fri: 09:00-12:30, 13:30-18:00\n"
    "    sat: 09:00-17:00\n"
    "    holidays: { 12-25: closed, 2026-04-06: closed }\n"
    "  night: { mon-sun: 22:00-04:00 }\n"
    "stores:\n"
    "  york: { zone: America/New_York, calendar: night, region: west, tags: [mall] }\n"
    "  harbour: { calendar: always }\n";

static const char overrides[] =
    "\noverrides:\n"
    "- name: mall\n"
    "  for: { tag: mall }\n"
    "  ladder: { shift_lead: { remedy: 60.00, acknowledge_within: 3m } }\n"
    "- name: storm\n"
    "  for: { region: west }\n"
    "  from: 2026-03-08 02:30\n"
    "  until: 2026-10-31\n"
    "  figures: { waiting_limit: 10m }\n"
    "  rules: { needless-offer: off, hold: { to: store_manager, figures: { hold_lead: 120s } } }\n";

enum policies { POLICY_STORES, POLICY_SHIPPED, POLICY_STRICT, POLICY_BROKEN, POLICIES };

static void replace(char text[static POLICY_SIZE], const char *old, const char *new)
{
    char *at = strstr(text, old);
    assert_non_null(at);
    char rest[POLICY_SIZE];
    assert_true(text_copy(rest, sizeof rest, at + strlen(old)));
    assert_true(text_format(at, POLICY_SIZE - (size_t)(at - text), "%s%s", new, rest));
}

static const char *policy_text(enum policies which)
{
    static char texts[POLICIES][POLICY_SIZE];
    char *text = texts[which];
    const struct embedded_file *file = embedded_find("services/escalate/policy/retail.yaml");
    if (*text)
        return text;
    memcpy(text, file->data, *file->size);
    if (which == POLICY_SHIPPED)
        return text;
    replace(text, "currency: EUR\n", stores);
    replace(text, "acknowledge_within: 60m", "acknowledge_within: 3d"); /* else the log is of little else */
    size_t size = strlen(text);
    assert_true(text_copy(text + size, POLICY_SIZE - size, overrides));
    if (which == POLICY_STRICT) {
        replace(text, "hold_lead: 300s", "hold_lead: 30s");
        replace(text, "nobody_home_after: 60s", "nobody_home_after: 5m");
        replace(text, "- role: head_office\n  remedy: unlimited", "- role: owner\n  remedy: unlimited");
        replace(text, "service_interval: 180d", "service_interval: 10d");
    } else if (which == POLICY_BROKEN) {
        replace(text, "waiting_limit: 6m", "waiting_limit: soon");
    }
    return text;
}

struct slice chronicle_policy(void)
{
    return slice_of_text(policy_text(POLICY_STORES));
}

/* --- writing --- */

struct writing {
    struct chronicle *chronicle;
    struct turmoil turmoil;
    struct fold *fold;
    struct decisions *decisions;
    struct arena *scratch;
    struct slice pending[PENDING]; /* deadlines that were given out, in the chronicle's arena */
    size_t pending_count;
};

static struct slice keep(struct arena *arena, const void *data, size_t size)
{
    void *copy = arena_copy(arena, data, size);
    assert_non_null(copy);
    return slice_of(copy, size);
}

void chronicle_store(struct chronicle *chronicle, size_t at, struct slice packed)
{
    struct chronicle_entry *entry = &chronicle->entries[at];
    entry->decisions =
        memory_resize_array(entry->decisions, entry->decision_count + 1, sizeof *entry->decisions);
    entry->decisions[entry->decision_count++] =
        keep(entry->is_given ? chronicle->events : chronicle->stored, packed.data, packed.size);
}

void chronicle_forget(struct chronicle *chronicle)
{
    for (size_t i = 0; i < chronicle->count; i++)
        if (!chronicle->entries[i].is_given)
            chronicle->entries[i].decision_count = 0;
    arena_reset(chronicle->stored, 0);
}

static void decide(struct writing *writing, size_t at, const WireEvent *event)
{
    struct chronicle *chronicle = writing->chronicle;
    struct chronicle_entry *entry = &chronicle->entries[at];
    struct decisions *decisions = writing->decisions;
    bool is_older = at > 0 && at < chronicle->options.older;
    bool fails = at > 0 && chronicle->options.has_quarantine && turmoil_any(&writing->turmoil, 30) == 0;
    if (fails || decide_event(writing->fold, &entry->record, event, decisions))
        decisions_quarantine(writing->fold, &entry->record, event, decisions);
    entry->is_given = fails || is_older;
    if (is_older)
        older_engine_decides(decisions, &writing->turmoil);
    AUTO_CLEAR(bytes) packed = {0};
    for (size_t i = 0; i < decisions->count; i++) {
        bytes_reset(&packed);
        wire_pack(decisions->items[i], &packed);
        chronicle_store(chronicle, at, bytes_slice(&packed));
        turmoil_hear(&writing->turmoil, decisions->items[i]);
    }
}

static void apply(struct writing *writing, size_t at, const WireEvent *event)
{
    struct chronicle_entry *entry = &writing->chronicle->entries[at];
    WireDecision **stored = arena_allocate(writing->scratch, (entry->decision_count + 1) * sizeof *stored);
    char why[WHY_SIZE];
    for (size_t i = 0; i < entry->decision_count; i++)
        stored[i] = wire_unpack(&wire_decision__descriptor, entry->decisions[i], writing->scratch, NULL);
    if (fold_apply(writing->fold, &entry->record, event, stored, entry->decision_count, why))
        fail_msg("%s", why);
}

static struct slice with_id_of_rehearsal(struct writing *writing, struct slice packed, uint64_t seq)
{
    WireEvent *event = wire_unpack(&wire_event__descriptor, packed, writing->scratch, NULL);
    struct uuid id =
        uuid_derive(writing->turmoil.now, slice_of_text("rehearsal"), slice_of(&seq, sizeof seq));
    AUTO_CLEAR(bytes) again = {0};
    assert_non_null(event);
    WIRE_SET(event, id, wire_bytes(slice_of(id.bytes, sizeof id.bytes)));
    wire_pack(event, &again);
    return keep(writing->chronicle->events, again.data, again.size);
}

/* An event that happened is in the log now; what is decided is decided. */
static void append(struct writing *writing, struct slice packed, const int64_t *sent_at)
{
    struct chronicle *chronicle = writing->chronicle;
    struct chronicle_entry *entry = &chronicle->entries[chronicle->count];
    assert_true(chronicle->count < chronicle->capacity);
    uint64_t seq = chronicle->count + 1;
    if (chronicle->options.deadlines == DEADLINES_PUNCTUAL)
        packed = with_id_of_rehearsal(writing, packed, seq);
    WireEvent *event = wire_unpack(&wire_event__descriptor, packed, writing->scratch, NULL);
    assert_non_null(event);
    *entry = (struct chronicle_entry){.position = WIRE_POSITION__INIT, .record = WIRE_LOGGED_EVENT__INIT};
    entry->position.has_epoch = entry->position.has_seq = true;
    entry->position.epoch = chronicle->options.deadlines == DEADLINES_PUNCTUAL
                                ? 1
                                : 1 + (uint32_t)(seq / 100); /* writers take over */
    entry->position.seq = seq;
    entry->record.position = &entry->position;
    WIRE_SET(&entry->record, recorded_at, writing->turmoil.now);
    WIRE_SET(&entry->record, occurred_at, event->occurred_at);
    entry->record.has_sent_at = sent_at != NULL;
    entry->record.sent_at = sent_at ? *sent_at : 0;
    WIRE_SET(&entry->record, event, wire_bytes(packed));
    chronicle->count++;
    decide(writing, seq - 1, event);
    apply(writing, seq - 1, event);
    arena_reset(writing->scratch, 0);
}

static struct slice pack(struct writing *writing, const WireEvent *event)
{
    AUTO_CLEAR(bytes) packed = {0};
    wire_pack(event, &packed);
    return keep(writing->chronicle->events, packed.data, packed.size);
}

static void propose(struct writing *writing, enum policies which)
{
    struct slice document = slice_of_text(policy_text(which));
    struct zone_tables zones = {.count = 0};
    WirePolicyProposed proposed = WIRE_POLICY_PROPOSED__INIT;
    WireEvent event = WIRE_EVENT__INIT;
    assert_int_equal(zone_tables_of(document, writing->scratch, &zones), 0);
    proposed.name = "policy";
    WIRE_SET(&proposed, document, wire_bytes(document));
    proposed.n_zones = zones.count;
    proposed.zones = zones.items;
    if (writing->chronicle->count && turmoil_any(&writing->turmoil, 2)) {
        WIRE_SET(&proposed, active_at,
                 writing->turmoil.now + turmoil_any(&writing->turmoil, 3 * INT64_C(86400000000)));
    }
    event.source = "bellhop/cli";
    WIRE_SET(&event, occurred_at, writing->turmoil.now);
    event.body_case = WIRE_EVENT__BODY_POLICY_PROPOSED;
    event.policy_proposed = &proposed;
    append(writing, pack(writing, &event), NULL);
}

static bool has_room(const struct writing *writing)
{
    return writing->chronicle->count < writing->chronicle->options.events;
}

static void tell(struct writing *writing)
{
    struct turmoil *turmoil = &writing->turmoil;
    if (writing->chronicle->options.has_policies && turmoil_any(turmoil, 40) == 0) {
        propose(writing, (enum policies)turmoil_any(turmoil, POLICIES));
        return;
    }
    WireEvent *event = turmoil_event(turmoil, writing->scratch);
    int64_t sent_at = turmoil_sent_at(turmoil, event);
    append(writing, pack(writing, event), &sent_at);
}

/* --- deadlines --- */

static bool give_out(struct writing *writing, int64_t now)
{
    struct fold_deadline deadline;
    AUTO_CLEAR(bytes) packed = {0};
    assert_true(writing->pending_count < PENDING);
    if (!fold_due(writing->fold, now, &deadline))
        return false;
    const WireEvent event = fold_deadline_event(&deadline);
    wire_event_write(&event, &packed);
    writing->pending[writing->pending_count++] = keep(writing->chronicle->events, packed.data, packed.size);
    return true;
}

static void append_pending(struct writing *writing, bool is_kept)
{
    struct slice packed = writing->pending[0];
    if (!is_kept)
        memmove(writing->pending, writing->pending + 1, --writing->pending_count * sizeof *writing->pending);
    append(writing, packed, NULL);
}

/* As a rehearsal does: each at the time it is due. */
static void pass_punctually(struct writing *writing)
{
    int64_t until = writing->turmoil.now, due_at, now = until;
    if (writing->chronicle->count)
        now = writing->chronicle->entries[writing->chronicle->count - 1].record.recorded_at;
    while (fold_next_deadline(writing->fold, &due_at) && due_at <= until) {
        now = writing->turmoil.now = due_at > now ? due_at : now;
        assert_true(give_out(writing, now));
        append_pending(writing, false);
    }
    writing->turmoil.now = until;
}

/* Whatever is due is on its way before anything else is told: it will be in the log. */
static void pass_late(struct writing *writing, bool all)
{
    int64_t early = turmoil_any(&writing->turmoil, 6) ? 0 : turmoil_any(&writing->turmoil, SKEW_US);
    while (give_out(writing, writing->turmoil.now + early)) /* by another clock than the log's */
        ;
    while (writing->pending_count && (all || (has_room(writing) && turmoil_any(&writing->turmoil, 3)))) {
        append_pending(writing, false);
        while (give_out(writing, writing->turmoil.now))
            ;
    }
}

static void pass_wildly(struct writing *writing)
{
    struct turmoil *turmoil = &writing->turmoil;
    int64_t early = turmoil_any(turmoil, 6) ? 0 : turmoil_any(turmoil, 3600 * INT64_C(1000000));
    while (turmoil_any(turmoil, 5) && writing->pending_count + 1 < PENDING &&
           give_out(writing, turmoil->now + early))
        ;
    while (writing->pending_count && has_room(writing) && turmoil_any(turmoil, 3)) {
        if (turmoil_any(turmoil, 6) == 0)
            writing->pending_count--; /* never */
        else
            append_pending(writing, turmoil_any(turmoil, 10) == 0);
    }
    if (turmoil_any(turmoil, 10) == 0)
        holding_due_again(writing->fold); /* somebody else keeps them now */
}

static void write_log(struct writing *writing)
{
    enum chronicle_deadlines deadlines = writing->chronicle->options.deadlines;
    propose(writing, POLICY_STORES);
    while (has_room(writing)) {
        turmoil_wait(&writing->turmoil);
        if (deadlines == DEADLINES_PUNCTUAL)
            pass_punctually(writing);
        else if (deadlines == DEADLINES_DELAYED)
            pass_late(writing, false);
        else
            pass_wildly(writing);
        if (has_room(writing))
            tell(writing);
    }
    if (deadlines == DEADLINES_PUNCTUAL)
        pass_punctually(writing);
    else if (deadlines == DEADLINES_DELAYED)
        pass_late(writing, true);
}

enum { AFTERMATH = 4096 }; /* deadlines that are appended when the log is full */

struct chronicle *chronicle_new(const struct chronicle_options *options)
{
    static const int64_t begins[] = {1772791200, 1774602000, 1792746000, 1793350800, 1772445600}; /* around
        changes of clocks in New York and Vienna, in spring and autumn 2026 */
    struct chronicle *chronicle = NEW(chronicle);
    chronicle->options = *options;
    chronicle->capacity = options->events + AFTERMATH;
    chronicle->entries = memory_zeroed(chronicle->capacity * sizeof *chronicle->entries);
    chronicle->events = arena_new(ARENA_SIZE);
    chronicle->stored = arena_new(ARENA_SIZE);
    struct writing writing = {
        .chronicle = chronicle,
        .turmoil = {.seed = options->seed, .now = begins[options->seed % COUNT_OF(begins)] * 1000000},
        .fold = fold_new(options->limits, 1),
        .decisions = decisions_new(),
        .scratch = arena_new(SCRATCH_SIZE),
    };
    write_log(&writing);
    chronicle->written = chronicle->count;
    fold_free(writing.fold);
    decisions_free(writing.decisions);
    arena_free(writing.scratch);
    return chronicle;
}

/* --- afterwards --- */

void chronicle_blank(struct chronicle *chronicle, size_t at)
{
    struct chronicle_entry *entry = &chronicle->entries[at];
    WireSourceHeartbeat heartbeat = WIRE_SOURCE_HEARTBEAT__INIT;
    WireEvent event = WIRE_EVENT__INIT;
    AUTO_CLEAR(bytes) packed = {0};
    event.source = "harbour/till-1";
    event.store_id = "harbour";
    event.has_occurred_at = true;
    event.occurred_at = entry->record.occurred_at = entry->record.recorded_at;
    event.body_case = WIRE_EVENT__BODY_SOURCE_HEARTBEAT;
    event.source_heartbeat = &heartbeat;
    wire_pack(&event, &packed);
    struct slice kept = keep(chronicle->events, packed.data, packed.size);
    entry->record.event = wire_bytes(kept);
    entry->is_given = false;
    entry->decision_count = 0;
}

static WireEvent *event_of(const struct chronicle *chronicle, size_t at, struct arena *arena)
{
    WireEvent *event =
        wire_unpack(&wire_event__descriptor, wire_slice(chronicle->entries[at].record.event), arena, NULL);
    assert_non_null(event);
    return event;
}

bool chronicle_is_blank(const struct chronicle *chronicle, size_t at)
{
    struct arena *arena = arena_new(SCRATCH_SIZE);
    bool is_blank = event_of(chronicle, at, arena)->body_case == WIRE_EVENT__BODY_SOURCE_HEARTBEAT;
    arena_free(arena);
    return is_blank;
}

void chronicle_write(const struct chronicle *chronicle, size_t at, struct bytes *into)
{
    const struct chronicle_entry *entry = &chronicle->entries[at];
    struct arena *arena = arena_new(SCRATCH_SIZE);
    WireEvent *event = event_of(chronicle, at, arena);
    char time[TIME_TEXT_SIZE];
    time_format(entry->record.recorded_at, time);
    event->has_id = false;
    if (event->body_case == WIRE_EVENT__BODY_POLICY_PROPOSED) {
        event->policy_proposed->n_zones = 0;
        event->policy_proposed->document = wire_bytes(slice_of_text("…"));
    }
    bytes_append_format(into, "%zu %s%s ", at + 1, time, entry->is_given ? " given" : "");
    wire_json_write(event, into);
    bytes_append_text(into, "\n");
    arena_free(arena);
}

void chronicle_free(struct chronicle *chronicle)
{
    if (!chronicle)
        return;
    for (size_t i = 0; i < chronicle->capacity; i++)
        free(chronicle->entries[i].decisions);
    free(chronicle->entries);
    arena_free(chronicle->events);
    arena_free(chronicle->stored);
    free(chronicle);
}
