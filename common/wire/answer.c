/* answer: three words, and a case in short. */
#include "common/wire/answer.h"

#include "common/base/text.h"
#include "common/wire/set.h"

const char *wire_answer_word(WireAnswer answer)
{
    return answer == WIRE_ANSWER__GRANTED ? "granted" : answer == WIRE_ANSWER__REFUSED ? "refused" : "done";
}

WireAnswer wire_answer_of(const char *word)
{
    return text_equal(text_or_empty(word), "granted")   ? WIRE_ANSWER__GRANTED
           : text_equal(text_or_empty(word), "refused") ? WIRE_ANSWER__REFUSED
                                                        : WIRE_ANSWER__DONE;
}

WireVerdictCase wire_verdict_case_of(const WireCase *body)
{
    WireVerdictCase told = WIRE_VERDICT_CASE__INIT;
    told.escalation_id = body->escalation_id;
    told.rule = body->rule;
    told.rule_id = body->rule_id;
    told.role = body->role;
    WIRE_SET(&told, severity, body->severity);
    told.state = body->state;
    WIRE_SET(&told, round, body->round);
    told.acknowledged_by = body->acknowledged_by;
    told.has_acknowledged_until = body->has_acknowledged_until;
    told.acknowledged_until = body->acknowledged_until;
    told.climb_reason = body->climb_reason;
    told.has_changed_at = body->has_changed_at;
    told.changed_at = body->changed_at;
    return told;
}
