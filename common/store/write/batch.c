/* batch: the statements of one transaction. */
#include "common/store/write/batch.h"

#include "common/base/memory.h"
#include "common/store/session/literal.h"
#include "common/store/write/copy_rows.h"
#include "common/wire/wire.h"

#include <inttypes.h>
#include <stdlib.h>

enum { DECISION_COLUMN_COUNT = 14 };
static const char decision_columns[] =
    "seq, decided_at, policy_version, ordinal, epoch, kind, flags, event_id, rule, "
    "rule_id, store_id, interaction_id, subject_id, decision";

struct batch *batch_new(void)
{
    struct batch *batch = NEW(batch);
    body_rows_init(&batch->bodies);
    return batch;
}

void batch_free(struct batch *batch)
{
    if (!batch)
        return;
    event_rows_clear(&batch->events);
    body_rows_clear(&batch->bodies);
    bytes_clear(&batch->decisions);
    bytes_clear(&batch->statements);
    bytes_clear(&batch->sql);
    free(batch);
}

void batch_reset(struct batch *batch)
{
    event_rows_reset(&batch->events);
    body_rows_reset(&batch->bodies);
    bytes_reset(&batch->decisions);
    bytes_reset(&batch->statements);
    bytes_reset(&batch->sql);
    batch->decision_count = batch->copy_count = 0;
    batch->after = batch->upto = 0;
}

bool batch_is_empty(const struct batch *batch)
{
    return event_rows_count(&batch->events) == 0 && batch->decision_count == 0 &&
           batch->statements.size == 0 && batch->upto == batch->after;
}

/* --- decisions --- */

static int flags_of(const WireDecision *decision)
{
    enum { LATE = 1, DRILL = 2, SILENCED = 4, HAS_TEXT = 8 };
    return (decision->late ? LATE : 0) | (decision->drill ? DRILL : 0) | (decision->silenced ? SILENCED : 0) |
           (decision->has_text ? HAS_TEXT : 0);
}

void batch_add_decision(struct batch *batch, const WireDecision *decision, struct slice packed)
{
    struct bytes *rows = &batch->decisions;
    if (batch->decision_count++ == 0)
        copy_begin(rows);
    copy_row(rows, DECISION_COLUMN_COUNT);
    copy_bigint(rows, (int64_t)decision->position->seq);
    copy_time(rows, decision->decided_at);
    copy_bigint_if(rows, decision->has_policy_version, (int64_t)decision->policy_version);
    copy_integer(rows, (int32_t)decision->ordinal);
    copy_integer(rows, (int32_t)decision->position->epoch);
    copy_smallint(rows, (int16_t)decision->kind);
    copy_smallint(rows, (int16_t)flags_of(decision));
    if (decision->event_id.len == UUID_SIZE)
        copy_bytes(rows, slice_of(decision->event_id.data, UUID_SIZE));
    else
        copy_null(rows);
    copy_text(rows, decision->rule);
    copy_text(rows, decision->rule_id);
    copy_text(rows, decision->store_id);
    copy_text(rows, decision->interaction_id);
    copy_text(rows, decision->subject_id);
    copy_bytes(rows, packed);
    body_rows_add(&batch->bodies, decision);
}

/* --- what is rare: ready-made statements --- */

static void add_text(struct bytes *sql, const char *before, const char *text)
{
    bytes_append_text(sql, before);
    literal_write_text(sql, text);
}

static void add_time(struct bytes *sql, const char *before, int64_t at)
{
    bytes_append_text(sql, before);
    literal_write_time(sql, at);
}

static void add_bytes(struct bytes *sql, const char *before, struct slice bytes)
{
    bytes_append_text(sql, before);
    literal_write_bytes(sql, bytes);
}

void batch_add_rejected(struct batch *batch, const WireRejectedEvent *rejected)
{
    struct bytes *sql = &batch->statements;
    add_bytes(sql,
              "INSERT INTO bellhop_log.rejected_event (key, hash, content, source, reason, field,"
              " explanation, received_at) VALUES (",
              wire_slice(rejected->key));
    add_bytes(sql, ", ", wire_slice(rejected->hash));
    add_bytes(sql, ", ", wire_slice(rejected->content));
    add_text(sql, ", ", rejected->source);
    add_text(sql, ", ", rejected->reason ? rejected->reason : "malformed");
    add_text(sql, ", ", rejected->field);
    add_text(sql, ", ", rejected->explanation);
    add_time(sql, ", ", rejected->received_at);
    bytes_append_text(sql, ") ON CONFLICT DO NOTHING;\n");
}

static void add_armed(struct bytes *sql, uint64_t run, const WireArmedDeadline *armed)
{
    const ProtobufCEnumValue *kind =
        protobuf_c_enum_descriptor_get_value(&wire_deadline_kind__descriptor, (int)armed->kind);
    bytes_append_format(sql, "(%" PRIu64 ", %u, lower('%s')", run, armed->number, kind ? kind->name : "");
    add_text(sql, ", ", armed->subject);
    add_text(sql, ", ", armed->store_id);
    add_text(sql, ", ", armed->interaction_id);
    add_time(sql, ", ", armed->due_at);
    bytes_append_text(sql, "::timestamptz)");
}

void batch_add_deadlines(struct batch *batch, const WireDecisionBatch *decided)
{
    struct bytes *sql = &batch->statements;
    for (size_t i = 0; i < decided->n_ended; i++)
        bytes_append_format(sql, "%s%u", i ? ", " : "DELETE FROM bellhop_log.deadline WHERE number IN (",
                            decided->ended[i]);
    if (decided->n_ended)
        bytes_append_format(sql, ") AND run = %" PRIu64 ";\n", decided->run);
    for (size_t i = 0; i < decided->n_armed; i++) {
        bytes_append_text(sql, i ? ",\n"
                                 : "INSERT INTO bellhop_log.deadline (run, number, kind, subject,"
                                   " store_id, interaction_id, due_at) VALUES\n");
        add_armed(sql, decided->run, decided->armed[i]);
    }
    if (decided->n_armed)
        bytes_append_text(sql, " ON CONFLICT (run, number) DO UPDATE SET kind = EXCLUDED.kind, subject ="
                               " EXCLUDED.subject, store_id = EXCLUDED.store_id, interaction_id ="
                               " EXCLUDED.interaction_id, due_at = EXCLUDED.due_at;\n");
    if (decided->all_armed)
        bytes_append_format(sql, "DELETE FROM bellhop_log.deadline WHERE run <> %" PRIu64 ";\n",
                            decided->run);
}

/* Nothing is kept of a stream that is gone. */
static void add_dead_letter(struct bytes *sql, const char *stream, const WireDeadLetter *letter)
{
    add_text(sql,
             "INSERT INTO bellhop_log.stream_dead_letter (stream, interaction_id, reason, dead_at,"
             " seq, ordinal, epoch, attempts) SELECT name, ",
             letter->interaction_id);
    add_text(sql, ", ", letter->reason);
    add_time(sql, ", ", letter->dead_at);
    bytes_append_format(sql, "::timestamptz, %" PRIu64 ", %u, %u, %u", letter->place ? letter->place->seq : 0,
                        letter->place ? letter->place->ordinal : 0, letter->epoch, letter->attempts);
    add_text(sql, " FROM bellhop_log.stream WHERE name = ", stream);
    bytes_append_text(sql, " ON CONFLICT DO NOTHING;\n");
}

static void add_stream_state(struct bytes *sql, const char *stream, const WireStreamState *state)
{
    AUTO_CLEAR(bytes) packed = {0};
    wire_pack(state, &packed);
    add_text(sql, "INSERT INTO bellhop_log.stream (name, seq, state) VALUES (", stream);
    bytes_append_format(sql, ", %" PRIu64, state->position ? state->position->seq : 0);
    add_bytes(sql, ", ", bytes_slice(&packed));
    bytes_append_text(sql, ") ON CONFLICT (name) DO UPDATE SET seq = EXCLUDED.seq, state = EXCLUDED.state,"
                           " changed_at = now();\n");
}

void batch_add_stream(struct batch *batch, const WireStreamWrite *write)
{
    struct bytes *sql = &batch->statements;
    if (write->forget) {
        add_text(sql, "DELETE FROM bellhop_log.stream WHERE name = ", write->stream);
        bytes_append_text(sql, ";\n");
        return;
    }
    if (write->state)
        add_stream_state(sql, write->stream, write->state);
    for (size_t i = 0; i < write->n_resent; i++) {
        add_text(sql, "DELETE FROM bellhop_log.stream_dead_letter WHERE stream = ", write->stream);
        bytes_append_format(sql, " AND seq = %" PRIu64 " AND ordinal = %u;\n", write->resent[i]->seq,
                            write->resent[i]->ordinal);
    }
    for (size_t i = 0; i < write->n_dead_letters; i++)
        add_dead_letter(sql, write->stream, write->dead_letters[i]);
}

void batch_add_source(struct batch *batch, const struct source_record *source)
{
    struct bytes *sql = &batch->statements;
    add_text(
        sql,
        "INSERT INTO bellhop_log.source (source, incarnation, last_seen_at, highest_sequence, skew_ms, seq) "
        "VALUES (",
        source->source);
    add_text(sql, ", ", source->incarnation);
    add_time(sql, ", ", source->last_seen_at);
    if (source->highest_sequence)
        bytes_append_format(sql, ", %" PRIu64, source->highest_sequence);
    else
        bytes_append_text(sql, ", NULL");
    bytes_append_format(sql,
                        ", %" PRId64 ", %" PRIu64
                        ") ON CONFLICT (source, incarnation) DO UPDATE SET last_seen_at ="
                        " EXCLUDED.last_seen_at, highest_sequence = EXCLUDED.highest_sequence, skew_ms ="
                        " EXCLUDED.skew_ms, seq = EXCLUDED.seq;\n",
                        source->skew_ms, source->upto);
    add_text(sql, "DELETE FROM bellhop_log.source_gap WHERE source = ", source->source);
    add_text(sql, " AND incarnation = ", source->incarnation);
    bytes_append_text(sql, ";\n");
    for (size_t i = 0; i < source->gap_count; i++) {
        add_text(sql,
                 "INSERT INTO bellhop_log.source_gap (source, incarnation, noticed_at, first_missing, "
                 "last_missing)"
                 " VALUES (",
                 source->source);
        add_text(sql, ", ", source->incarnation);
        add_time(sql, ", ", source->gaps[i].noticed_at);
        bytes_append_format(sql, ", %" PRIu64 ", %" PRIu64 ");\n", source->gaps[i].first,
                            source->gaps[i].last);
    }
}

void batch_set_sources_seq(struct batch *batch, uint64_t seq)
{
    bytes_append_format(&batch->statements, "UPDATE bellhop_log.head SET sources_seq = %" PRIu64 ";\n", seq);
}

/* --- the transaction --- */

static void compose_copy(struct batch *batch, const char *table, const char *columns, struct bytes *rows)
{
    bytes_append_format(&batch->sql, "COPY bellhop_log.%s (%s) FROM STDIN (FORMAT binary);\n", table,
                        columns);
    batch->copies[batch->copy_count++] = bytes_slice(rows);
}

static void compose_months(struct bytes *sql, const struct event_rows *events)
{
    bytes_append_text(sql, "SELECT bellhop_log.open_months('{");
    for (size_t i = 0; i < events->month_count; i++)
        bytes_append_format(sql, "%s%04d-%02d-01", i ? "," : "", events->months[i].month / 12,
                            events->months[i].month % 12 + 1);
    bytes_append_text(sql, "}', '{");
    for (size_t i = 0; i < events->month_count; i++)
        bytes_append_format(sql, "%s%" PRIu64, i ? "," : "", events->months[i].lowest_seq);
    bytes_append_text(sql, "}', '{");
    for (size_t i = 0; i < events->month_count; i++)
        bytes_append_format(sql, "%s%" PRIu64, i ? "," : "", events->months[i].highest_seq + MONTHS_AHEAD);
    bytes_append_text(sql, "}');\n");
}

static void compose_events(struct batch *batch, const struct batch_place *place)
{
    event_rows_position(&batch->events, place->epoch, place->first_seq, place->recorded_at);
    if (!months_cover(place->months, &batch->events))
        compose_months(&batch->sql, &batch->events);
    compose_copy(batch, "event", event_rows_columns, &batch->events.copy);
    if (batch->events.text_copy.size)
        compose_copy(batch, "event_text", event_rows_text_columns, &batch->events.text_copy);
}

/* The first statement locks the head's row and fails if another writer has taken over. NULL changes nothing. */
static void compose_place(struct batch *batch, const struct batch_place *place)
{
    size_t count = event_rows_count(&batch->events);
    struct bytes *sql = &batch->sql;
    bytes_append_format(sql, "EXECUTE bellhop_write(%u, %" PRIu64 ", %" PRIu64, place->epoch,
                        place->first_seq - 1, place->first_seq - 1 + count);
    if (count)
        add_time(sql, ", ", place->recorded_at);
    else
        bytes_append_text(sql, ", NULL");
    if (batch->upto != batch->after)
        bytes_append_format(sql, ", %" PRIu64 ", %" PRIu64 ");\n", batch->after, batch->upto);
    else
        bytes_append_text(sql, ", NULL, NULL);\n");
}

void batch_compose(struct batch *batch, const struct batch_place *place)
{
    bytes_reset(&batch->sql);
    batch->copy_count = 0;
    batch->recorded_at = place->recorded_at;
    compose_place(batch, place);
    if (event_rows_count(&batch->events) > 0)
        compose_events(batch, place);
    if (batch->decision_count) {
        size_t size = batch->decisions.size;
        copy_end(&batch->decisions);
        compose_copy(batch, "decision", decision_columns, &batch->decisions);
        batch->decisions.size = size; /* it may be composed again, and more may have come */
    }
    batch->copy_count += body_rows_write(&batch->bodies, &batch->sql, batch->copies + batch->copy_count);
    bytes_append_slice(&batch->sql, bytes_slice(&batch->statements));
}
