/* verdict_reader: the verdict as it was decided, then its cases as they stand, and the answer of the first that has one. */
#include "common/store/read/verdict_reader.h"

#include "common/base/memory.h"
#include "common/base/text.h"
#include "common/store/read/head_columns.h"
#include "common/store/read/question.h"
#include "common/store/session/result.h"
#include "common/wire/answer.h"
#include "common/wire/set.h"

#include "proto/bellhop/v1/decision.pb-c.h"

#include <stdlib.h>

enum { SEQ = HEAD_COLUMN_COUNT, DECISION };
enum {
    ESCALATION_ID,
    ANSWER,
    GRANTED_MINOR,
    GRANTED_CURRENCY,
    RESOLVED_BY,
    RESOLVED_AT,
    TEXT,
    ROLE,
    SEVERITY,
    STATE,
    ROUND,
    ACKNOWLEDGED_BY,
    ACKNOWLEDGED_UNTIL,
    CLIMB_REASON,
    CHANGED_AT,
    LENT_BY
};

/* What is known before the answer is asked for; question->kept is this and then the packed decision. */
struct verdict_so_far {
    struct log_head at;
    uint64_t seq;
    size_t decision_size;
};

static void answer_with(struct question *question, const struct verdict_so_far *so_far, WireVerdict *verdict)
{
    verdict->has_event_id = true;
    verdict->event_id = (ProtobufCBinaryData){.len = sizeof question->id, .data = question->id};
    const struct verdict_page page = {
        .at = so_far->at, .is_known = true, .seq = so_far->seq, .verdict = verdict};
    ((verdict_read_done *)question->read)(question->owner, &page);
}

static void answer_fault(struct question *question, const char *fault)
{
    const struct verdict_page page = {.fault = fault};
    ((verdict_read_done *)question->read)(question->owner, &page);
}

static void read_case(const PGresult *result, int row, WireVerdictCase *into)
{
    const char *severity = result_text(result, row, SEVERITY);
    const ProtobufCEnumValue *known =
        protobuf_c_enum_descriptor_get_value_by_name(&wire_severity__descriptor, severity ? severity : "");
    into->role = (char *)result_text(result, row, ROLE);
    if (known)
        WIRE_SET(into, severity, (WireSeverity)known->value);
    into->state = (char *)result_text(result, row, STATE);
    WIRE_SET(into, round, (uint32_t)result_number(result, row, ROUND));
    into->acknowledged_by = (char *)result_text(result, row, ACKNOWLEDGED_BY);
    into->has_acknowledged_until = !result_is_null(result, row, ACKNOWLEDGED_UNTIL);
    into->acknowledged_until =
        into->has_acknowledged_until ? result_time(result, row, ACKNOWLEDGED_UNTIL) : 0;
    into->climb_reason = (char *)result_text(result, row, CLIMB_REASON);
    WIRE_SET(into, changed_at, result_time(result, row, CHANGED_AT));
}

static void read_cases(const PGresult *result, const WireVerdict *verdict)
{
    for (size_t i = 0; i < verdict->n_cases; i++)
        for (int row = 0; row < PQntuples(result); row++)
            if (text_equal(text_or_empty(verdict->cases[i]->escalation_id),
                           text_or_empty(result_text(result, row, ESCALATION_ID))))
                read_case(result, row, verdict->cases[i]);
}

static void read_answer(const PGresult *result, WireVerdictAnswer *into, WireMoney *amount)
{
    wire_verdict_answer__init(into);
    wire_money__init(amount);
    into->escalation_id = (char *)result_text(result, 0, ESCALATION_ID);
    WIRE_SET(into, answer, wire_answer_of(result_text(result, 0, ANSWER)));
    amount->has_minor = !result_is_null(result, 0, GRANTED_MINOR);
    amount->minor = result_number(result, 0, GRANTED_MINOR);
    amount->currency = (char *)result_text(result, 0, GRANTED_CURRENCY);
    into->amount = amount->has_minor ? amount : NULL;
    into->answered_by = (char *)result_text(result, 0, RESOLVED_BY);
    into->lent_by = (char *)result_text(result, 0, LENT_BY);
    WIRE_SET(into, answered_at, result_time(result, 0, RESOLVED_AT));
    into->text = (char *)result_text(result, 0, TEXT);
}

/* The verdict as it was decided, with its cases and their answer as they stand now. */
static void answer_as_it_stands(struct question *question, const struct verdict_so_far *so_far,
                                const WireVerdict *decided, const PGresult *result)
{
    WireVerdict verdict = *decided;
    WireVerdictAnswer answer;
    WireMoney amount;
    WireVerdictCase *copies = memory_allocate(decided->n_cases * sizeof *copies);
    verdict.cases = memory_allocate(decided->n_cases * sizeof *verdict.cases);
    for (size_t i = 0; i < decided->n_cases; i++) {
        copies[i] = *decided->cases[i];
        verdict.cases[i] = &copies[i];
    }
    read_cases(result, &verdict);
    if (PQntuples(result) > 0 && text_equal(text_or_empty(result_text(result, 0, STATE)), "resolved")) {
        read_answer(result, &answer, &amount);
        verdict.answer = &answer;
    }
    answer_with(question, so_far, &verdict);
    free(verdict.cases);
    free(copies);
}

static void answer_with_case(struct question *question, const PGresult *result, const char *fault)
{
    if (!result) {
        answer_fault(question, fault);
        return;
    }
    struct verdict_so_far so_far;
    memcpy(&so_far, question->kept.data, sizeof so_far);
    WireDecision *decision =
        wire_decision__unpack(NULL, so_far.decision_size, question->kept.data + sizeof so_far);
    answer_as_it_stands(question, &so_far, decision->verdict, result);
    wire_decision__free_unpacked(decision, NULL);
}

/* The ids of the verdict's cases as an array for SQL: decision ids, digits and hyphens. */
static void ask_for_cases(struct question *question, const WireVerdict *verdict)
{
    struct bytes *kept = &question->kept;
    size_t start = kept->size;
    bytes_append_text(kept, "{");
    for (size_t i = 0; i < verdict->n_cases; i++) {
        const char *id = verdict->cases[i]->escalation_id;
        if (!id || strspn(id, "0123456789-") != strlen(id))
            continue;
        bytes_append_format(kept, "%s%s", kept->size > start + 1 ? "," : "", id);
    }
    bytes_append_text(kept, "}");
    const char *ids = bytes_text(kept) + start;
    question_ask_again(
        question, answer_with_case,
        "SELECT c.escalation_id, c.answer, c.granted_minor, c.granted_currency, c.resolved_by,"
        " c.resolved_at, t.text, c.role, c.severity, c.state, c.round, c.acknowledged_by,"
        " c.acknowledged_until, c.climb_reason, c.changed_at, c.lent_by FROM bellhop_log.case_state c"
        " LEFT JOIN bellhop_log.decision d ON d.subject_id = c.escalation_id AND d.kind = 17"
        " LEFT JOIN bellhop_log.event_text t ON t.event_id = d.event_id"
        " WHERE c.escalation_id = ANY ($1::text[])"
        " ORDER BY c.resolved_at NULLS LAST, c.escalation_id",
        TEXT_VALUE(ids));
}

static void answer_decided(struct question *question, const struct verdict_so_far *so_far,
                           struct slice packed)
{
    WireDecision *decision = wire_decision__unpack(NULL, packed.size, packed.data);
    if (!decision || !decision->verdict) {
        answer_fault(question, "a stored verdict cannot be read");
    } else if (decision->verdict->n_cases > 0) {
        bytes_append(&question->kept, so_far, sizeof *so_far);
        bytes_append_slice(&question->kept, packed);
        ask_for_cases(question, decision->verdict);
    } else {
        ProtobufCBinaryData had_id = decision->verdict->event_id;
        answer_with(question, so_far, decision->verdict);
        decision->verdict->event_id = had_id;
    }
    wire_decision__free_unpacked(decision, NULL);
}

static void answer_verdict(struct question *question, const PGresult *result, const char *fault)
{
    if (!result || PQntuples(result) == 0) {
        answer_fault(question, fault ? fault : "the log has no head");
        return;
    }
    struct slice packed = result_bytes(result, 0, DECISION);
    const struct verdict_so_far so_far = {.at = head_columns_read(result),
                                          .seq = (uint64_t)result_number(result, 0, SEQ),
                                          .decision_size = packed.size};
    if (result_is_null(result, 0, SEQ)) {
        const struct verdict_page page = {.at = so_far.at};
        ((verdict_read_done *)question->read)(question->owner, &page);
    } else if (so_far.seq <= so_far.at.cursor && packed.size > 0) {
        answer_decided(question, &so_far, packed);
    } else {
        WireVerdict verdict = WIRE_VERDICT__INIT;
        verdict.has_outcome = true;
        verdict.outcome =
            so_far.seq <= so_far.at.cursor ? WIRE_VERDICT__OUTCOME__NOTHING : WIRE_VERDICT__OUTCOME__PENDING;
        answer_with(question, &so_far, &verdict);
    }
}

void verdict_read(struct database *database, const uint8_t event_id[16], verdict_read_done *read, void *owner)
{
    static const char sql[] = "SELECT " HEAD_COLUMNS ", e.seq, (SELECT d.decision FROM bellhop_log.decision d"
                              " WHERE d.seq = e.seq AND d.kind = 1 ORDER BY d.ordinal LIMIT 1)"
                              " FROM bellhop_log.head h LEFT JOIN bellhop_log.event e"
                              " ON e.id = encode($1, 'hex')::uuid";
    struct question *question = question_new(sql, answer_verdict, (question_read *)read, owner);
    question_add_id(question, event_id);
    database_ask(database, question);
}
