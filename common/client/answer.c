/* answer: what came back, as bellhop.h shows it. */
#include "common/client/answer.h"

#include "common/base/text.h"
#include "common/wire/position.h"

#include <string.h>

_Static_assert((int)BELLHOP_COMMITTED == (int)WIRE_RECEIPT__RESULT__COMMITTED &&
                   (int)BELLHOP_DUPLICATE == (int)WIRE_RECEIPT__RESULT__DUPLICATE &&
                   (int)BELLHOP_CONFLICT == (int)WIRE_RECEIPT__RESULT__CONFLICT &&
                   (int)BELLHOP_REJECTED == (int)WIRE_RECEIPT__RESULT__REJECTED,
               "results are the protocol's");
_Static_assert((int)BELLHOP_NOTHING == (int)WIRE_VERDICT__OUTCOME__NOTHING &&
                   (int)BELLHOP_GRANTED == (int)WIRE_VERDICT__OUTCOME__GRANTED &&
                   (int)BELLHOP_ESCALATED == (int)WIRE_VERDICT__OUTCOME__ESCALATED &&
                   (int)BELLHOP_ADVICE == (int)WIRE_VERDICT__OUTCOME__ADVICE &&
                   (int)BELLHOP_PENDING == (int)WIRE_VERDICT__OUTCOME__PENDING &&
                   (int)BELLHOP_UNDECIDED == (int)WIRE_VERDICT__OUTCOME__UNDECIDED &&
                   (int)BELLHOP_ACT_DONE == (int)WIRE_VERDICT__OUTCOME__ACT_DONE &&
                   (int)BELLHOP_ACT_REFUSED == (int)WIRE_VERDICT__OUTCOME__ACT_REFUSED,
               "outcomes are the protocol's");

static const char *enum_name(const ProtobufCEnumDescriptor *descriptor, int value)
{
    const ProtobufCEnumValue *found = protobuf_c_enum_descriptor_get_value(descriptor, value);
    return found ? found->name : "";
}

static void copy_id(uint8_t into[BELLHOP_ID_SIZE], ProtobufCBinaryData id)
{
    memset(into, 0, BELLHOP_ID_SIZE);
    if (id.len == BELLHOP_ID_SIZE)
        memcpy(into, id.data, BELLHOP_ID_SIZE);
}

/* The message's own bytes, for applications that read more of it than we show. */
static bool encode(const void *message, struct arena *arena, const void **ret_bytes, size_t *ret_size)
{
    size_t size = protobuf_c_message_get_packed_size(message);
    uint8_t *bytes = arena_allocate(arena, size ? size : 1);
    if (!bytes)
        return false;
    *ret_size = protobuf_c_message_pack(message, bytes);
    *ret_bytes = bytes;
    return true;
}

struct bellhop_receipt answer_receipt(const WireReceipt *receipt, const uint8_t event_id[BELLHOP_ID_SIZE])
{
    struct position position = position_of(receipt->position);
    struct bellhop_receipt answer = {
        .result = (enum bellhop_result)receipt->result,
        .epoch = position.epoch,
        .seq = position.seq,
        .reason = text_or_empty(receipt->reason),
        .field = text_or_empty(receipt->field),
        .explanation = text_or_empty(receipt->explanation),
    };
    memcpy(answer.event_id, event_id, BELLHOP_ID_SIZE);
    return answer;
}

static struct bellhop_answer answer_of(const WireVerdictAnswer *answer)
{
    return (struct bellhop_answer){
        .escalation_id = text_or_empty(answer->escalation_id),
        .answer = answer->has_answer ? enum_name(&wire_answer__descriptor, answer->answer) : "",
        .amount_minor = answer->amount ? answer->amount->minor : 0,
        .currency = answer->amount ? text_or_empty(answer->amount->currency) : "",
        .answered_by = text_or_empty(answer->answered_by),
        .answered_at = answer->answered_at,
        .text = text_or_empty(answer->text),
    };
}

static struct bellhop_act act_of(const WireActResult *act)
{
    const WireCase *present = act->present;
    return (struct bellhop_act){
        .reason = text_or_empty(act->reason),
        .sentence = text_or_empty(act->sentence),
        .escalation_id = text_or_empty(present ? present->escalation_id : NULL),
        .round = present ? present->round : 0,
        .state = text_or_empty(present          ? present->state
                               : act->follow_up ? act->follow_up->state
                                                : NULL),
        .role = text_or_empty(present ? present->role : NULL),
        .follow_up_id = text_or_empty(act->follow_up ? act->follow_up->follow_up_id : NULL),
    };
}

static struct bellhop_verdict_case case_of(const WireVerdictCase *from)
{
    return (struct bellhop_verdict_case){
        .escalation_id = text_or_empty(from->escalation_id),
        .rule = text_or_empty(from->rule),
        .rule_id = text_or_empty(from->rule_id),
        .role = text_or_empty(from->role),
        .severity = from->has_severity ? enum_name(&wire_severity__descriptor, from->severity) : "",
        .state = text_or_empty(from->state),
        .round = from->round,
        .acknowledged_by = text_or_empty(from->acknowledged_by),
        .acknowledged_until = from->acknowledged_until,
        .climb_reason = text_or_empty(from->climb_reason),
        .changed_at = from->changed_at,
    };
}

static bool fill_cases(const WireVerdict *verdict, struct arena *arena, struct bellhop_verdict *into)
{
    struct bellhop_verdict_case *cases = arena_allocate(arena, (verdict->n_cases + 1) * sizeof *cases);
    struct bellhop_advice *advice = arena_allocate(arena, (verdict->n_advice + 1) * sizeof *advice);
    if (!cases || !advice)
        return false;
    for (size_t i = 0; i < verdict->n_cases; i++)
        cases[i] = case_of(verdict->cases[i]);
    for (size_t i = 0; i < verdict->n_advice; i++) {
        const WireAdvice *from = verdict->advice[i];
        advice[i] = (struct bellhop_advice){.rule = text_or_empty(from->rule),
                                            .rule_id = text_or_empty(from->rule_id),
                                            .sentence = text_or_empty(from->sentence)};
    }
    into->cases = cases;
    into->case_count = verdict->n_cases;
    into->advice = advice;
    into->advice_count = verdict->n_advice;
    return true;
}

bool answer_verdict(const WireVerdict *verdict, struct arena *arena, struct bellhop_verdict *ret_verdict)
{
    struct bellhop_verdict into = {
        .outcome = (enum bellhop_outcome)verdict->outcome,
        .remedy_id = text_or_empty(verdict->remedy_id),
        .amount_minor = verdict->amount ? verdict->amount->minor : 0,
        .currency = verdict->amount ? text_or_empty(verdict->amount->currency) : "",
    };
    copy_id(into.event_id, verdict->event_id);
    if (!fill_cases(verdict, arena, &into) || !encode(verdict, arena, &into.message, &into.message_size))
        return false;
    if (verdict->answer) {
        struct bellhop_answer *answer = arena_allocate(arena, sizeof *answer);
        if (!answer)
            return false;
        *answer = answer_of(verdict->answer);
        into.answer = answer;
    }
    if (verdict->act) {
        struct bellhop_act *act = arena_allocate(arena, sizeof *act);
        if (!act)
            return false;
        *act = act_of(verdict->act);
        into.act = act;
    }
    *ret_verdict = into;
    return true;
}

bool answer_update(const WireVerdictUpdate *update, struct arena *arena, struct bellhop_update *ret_update)
{
    static const WireVerdictAnswer none = WIRE_VERDICT_ANSWER__INIT;
    static const WireVerdictCase no_case = WIRE_VERDICT_CASE__INIT;
    struct bellhop_update into = {
        .source = text_or_empty(update->source),
        .remedy_id = text_or_empty(update->remedy_id),
        .answer = answer_of(update->answer ? update->answer : &none),
        .case_now = case_of(update->case_ ? update->case_ : &no_case),
    };
    copy_id(into.event_id, update->event_id);
    if (!encode(update, arena, &into.message, &into.message_size))
        return false;
    *ret_update = into;
    return true;
}

bool answer_delivery(const WireDelivery *delivery, struct arena *arena, struct bellhop_delivery *ret_delivery)
{
    static const WireDecision none = WIRE_DECISION__INIT;
    const WireDecision *decision = delivery->decision ? delivery->decision : &none;
    struct bellhop_delivery into = {
        .decision_id = text_or_empty(delivery->decision_id),
        .topic = text_or_empty(delivery->topic),
        .kind = decision->has_kind ? enum_name(&wire_decision_kind__descriptor, decision->kind) : "",
        .rule = text_or_empty(decision->rule),
        .rule_id = text_or_empty(decision->rule_id),
        .store_id = text_or_empty(decision->store_id),
        .interaction_id = text_or_empty(decision->interaction_id),
        .subject_id = text_or_empty(decision->subject_id),
        .audience = text_or_empty(decision->audience),
        .decided_at = decision->decided_at,
        .attempt = delivery->attempt,
        .replayed = delivery->replayed,
        .still_open = delivery->still_open,
        .snapshot = delivery->snapshot,
        .late = decision->late,
        .drill = decision->drill,
        .text = text_or_empty(delivery->text),
        .dead_letter = text_or_empty(delivery->dead_letter),
    };
    if (!encode(delivery, arena, &into.message, &into.message_size))
        return false;
    *ret_delivery = into;
    return true;
}
