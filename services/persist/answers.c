/* answers: listeners, and answers on their way. */
#include "services/persist/answers.h"

#include "common/base/memory.h"
#include "common/base/random.h"
#include "common/service/updates.h"
#include "common/store/read/log_reader.h"
#include "common/wire/answer.h"
#include "common/wire/set.h"

#include <stdlib.h>

enum { LISTENERS_MOST = 256, SOURCES_MOST = 100000, SOURCE_SIZE_MOST = 129 };

struct answers {
    struct database *database;
    reply_send *reply;
    void *owner;
    struct link_peer listeners[LISTENERS_MOST];
    size_t listener_count;
    struct updates *by_source; /* which of them wants it */
    int64_t now_ms;
};

/* An answer whose sentence is being read. */
struct answer_under_way {
    struct answers *answers;
    WireDecision *decision;
};

struct answers *answers_new(struct database *database, reply_send *reply, void *owner)
{
    struct answers *answers = NEW(answers);
    answers->database = database;
    answers->reply = reply;
    answers->owner = owner;
    answers->by_source = updates_new(SOURCES_MOST, INT64_MAX / 2, random_u64());
    return answers;
}

void answers_free(struct answers *answers)
{
    if (!answers)
        return;
    updates_free(answers->by_source);
    free(answers);
}

void answers_listen(struct answers *answers, const struct link_peer *peer)
{
    for (size_t i = 0; i < answers->listener_count; i++)
        if (link_peer_equal(&answers->listeners[i], peer))
            return;
    if (answers->listener_count == LISTENERS_MOST)
        memmove(&answers->listeners[0], &answers->listeners[1], --answers->listener_count * sizeof *peer);
    answers->listeners[answers->listener_count++] = *peer;
}

void answers_want(struct answers *answers, const char *source, const struct link_peer *peer, int64_t now_ms)
{
    answers->now_ms = now_ms;
    if (strlen(source) <= SOURCE_SIZE_MOST)
        updates_want(answers->by_source, source, peer, now_ms, 0);
}

/* To the one that wants it; where none is known, as after a restart, all of them look for the register. */
static void send_update(struct answers *answers, WireVerdictUpdate *update)
{
    const WireAppendReply *reply = REPLY(UPDATE, update, update);
    const struct link_peer *wanting =
        update->source ? updates_find(answers->by_source, update->source, answers->now_ms) : NULL;
    if (wanting && answers->reply(answers->owner, wanting, reply))
        return;
    if (wanting)
        updates_forget(answers->by_source, update->source);
    size_t kept = 0;
    for (size_t i = 0; i < answers->listener_count; i++)
        if (answers->reply(answers->owner, &answers->listeners[i], reply))
            answers->listeners[kept++] = answers->listeners[i];
    answers->listener_count = kept;
}

static WireVerdictAnswer answer_of(const WireCase *answered, const char *text)
{
    WireVerdictAnswer answer = WIRE_VERDICT_ANSWER__INIT;
    answer.escalation_id = answered->escalation_id;
    WIRE_SET(&answer, answer, wire_answer_of(answered->answer));
    answer.amount = answered->granted;
    answer.answered_by = answered->resolved_by;
    answer.lent_by = answered->lent_by;
    answer.has_answered_at = answered->has_resolved_at;
    answer.answered_at = answered->resolved_at;
    answer.text = (char *)text;
    return answer;
}

/* `text` may be NULL. */
static void send_change(struct answers *answers, const WireCase *changed, const char *text)
{
    WireVerdictAnswer answer = answer_of(changed, text);
    WireVerdictCase now = wire_verdict_case_of(changed);
    WireVerdictUpdate update = WIRE_VERDICT_UPDATE__INIT;
    update.has_event_id = changed->has_event_id;
    update.event_id = changed->event_id;
    update.source = changed->source;
    update.answer = changed->answer ? &answer : NULL;
    update.remedy_id = changed->requested || changed->exception ? changed->subject : NULL;
    update.case_ = &now;
    send_update(answers, &update);
}

/* If the sentence cannot be read now, the answer goes without it; VerdictQuery returns all of it later. */
static void has_text(void *owner, const struct text_page *page)
{
    struct answer_under_way *answer = owner;
    send_change(answer->answers, answer->decision->case_, page->fault ? NULL : page->text);
    wire_decision__free_unpacked(answer->decision, NULL);
    free(answer);
}

static void send_decided(struct answers *answers, struct slice packed)
{
    WireDecision *decision = wire_decision__unpack(NULL, packed.size, packed.data);
    const WireCase *body =
        decision && decision->body_case == WIRE_DECISION__BODY_CASE ? decision->case_ : NULL;
    bool is_unheard = body && ((decision->kind == WIRE_DECISION_KIND__CASE_OVERTAKEN && decision->silenced) ||
                               (decision->kind == WIRE_DECISION_KIND__CASE_NOTIFIED_AGAIN && !body->called));
    if (body && body->answer && decision->has_text && decision->event_id.len == UUID_SIZE) {
        struct answer_under_way *answer = NEW(answer_under_way);
        *answer = (struct answer_under_way){.answers = answers, .decision = decision};
        log_read_text(answers->database, decision->event_id.data, has_text, answer);
        return;
    }
    if (body && !is_unheard)
        send_change(answers, body, NULL);
    wire_decision__free_unpacked(decision, NULL);
}

static bool is_told(int kind)
{
    switch (kind) {
    case WIRE_DECISION_KIND__CASE_RAISED:
    case WIRE_DECISION_KIND__CASE_ACKNOWLEDGED:
    case WIRE_DECISION_KIND__CASE_REOPENED:
    case WIRE_DECISION_KIND__CASE_CLIMBED:
    case WIRE_DECISION_KIND__CASE_NOTIFIED_AGAIN:
    case WIRE_DECISION_KIND__CASE_RESOLVED:
    case WIRE_DECISION_KIND__CASE_OVERTAKEN:
        return true;
    }
    return false;
}

void answers_send(struct answers *answers, const struct commit *commit)
{
    if (answers->listener_count == 0)
        return;
    for (size_t i = 0; i < commit->decision_count; i++)
        if (is_told((int)commit->decisions[i].kind))
            send_decided(answers, slice_of(commit->packed.data + commit->decisions[i].offset,
                                           commit->decisions[i].size));
}
