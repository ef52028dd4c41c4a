/* updates: listeners, and answers on their way. */
#include "services/persist/updates.h"

#include "common/base/memory.h"
#include "common/base/text.h"
#include "common/store/log_reader.h"

#include <stdlib.h>

enum { LISTENERS_MOST = 256 };

struct updates {
    struct database *database;
    verdicts_reply *reply;
    void *owner;
    struct link_peer listeners[LISTENERS_MOST];
    size_t listener_count;
};

/* An answer whose sentence is being read. */
struct answer_under_way {
    struct updates *updates;
    WireDecision *decision;
};

struct updates *updates_new(struct database *database, verdicts_reply *reply, void *owner)
{
    struct updates *updates = NEW(updates);
    updates->database = database;
    updates->reply = reply;
    updates->owner = owner;
    return updates;
}

void updates_free(struct updates *updates)
{
    free(updates);
}

void updates_listen(struct updates *updates, const struct link_peer *peer)
{
    for (size_t i = 0; i < updates->listener_count; i++)
        if (link_peer_equal(&updates->listeners[i], peer))
            return;
    if (updates->listener_count == LISTENERS_MOST)
        memmove(&updates->listeners[0], &updates->listeners[1], --updates->listener_count * sizeof *peer);
    updates->listeners[updates->listener_count++] = *peer;
}

static void send_to_all(struct updates *updates, WireVerdictUpdate *update)
{
    WireAppendReply reply = WIRE_APPEND_REPLY__INIT;
    reply.reply_case = WIRE_APPEND_REPLY__REPLY_UPDATE;
    reply.update = update;
    size_t kept = 0;
    for (size_t i = 0; i < updates->listener_count; i++)
        if (updates->reply(updates->owner, &updates->listeners[i], &reply))
            updates->listeners[kept++] = updates->listeners[i];
    updates->listener_count = kept;
}

static WireAnswer answer_of(const char *word)
{
    return word && text_equal(word, "granted")   ? WIRE_ANSWER__GRANTED
           : word && text_equal(word, "refused") ? WIRE_ANSWER__REFUSED
                                                 : WIRE_ANSWER__DONE;
}

/* `text` may be NULL. */
static void tell_answer(struct updates *updates, const WireCase *answered, const char *text)
{
    WireVerdictAnswer answer = WIRE_VERDICT_ANSWER__INIT;
    answer.escalation_id = answered->escalation_id;
    answer.has_answer = true;
    answer.answer = answer_of(answered->answer);
    answer.amount = answered->granted;
    answer.answered_by = answered->resolved_by;
    answer.has_answered_at = answered->has_resolved_at;
    answer.answered_at = answered->resolved_at;
    answer.text = (char *)text;
    WireVerdictUpdate update = WIRE_VERDICT_UPDATE__INIT;
    update.has_event_id = answered->has_event_id;
    update.event_id = answered->event_id;
    update.source = answered->source;
    update.answer = &answer;
    update.remedy_id = answered->requested ? answered->subject : NULL;
    send_to_all(updates, &update);
}

/* When the sentence cannot be read now, the answer goes without it: VerdictQuery tells all of it later. */
static void has_text(void *owner, const struct text_page *page)
{
    struct answer_under_way *answer = owner;
    tell_answer(answer->updates, answer->decision->case_, page->fault ? NULL : page->text);
    wire_decision__free_unpacked(answer->decision, NULL);
    free(answer);
}

static void tell_decision(struct updates *updates, struct slice packed)
{
    WireDecision *decision = wire_decision__unpack(NULL, packed.size, packed.data);
    if (decision && decision->body_case == WIRE_DECISION__BODY_CASE && decision->has_text &&
        decision->event_id.len == UUID_SIZE) {
        struct answer_under_way *answer = NEW(answer_under_way);
        *answer = (struct answer_under_way){.updates = updates, .decision = decision};
        log_read_text(updates->database, decision->event_id.data, has_text, answer);
        return;
    }
    if (decision && decision->body_case == WIRE_DECISION__BODY_CASE)
        tell_answer(updates, decision->case_, NULL);
    wire_decision__free_unpacked(decision, NULL);
}

void updates_tell(struct updates *updates, const struct commit *commit)
{
    if (updates->listener_count == 0)
        return;
    for (size_t i = 0; i < commit->decision_count; i++)
        if (commit->decisions[i].kind == WIRE_DECISION_KIND__CASE_RESOLVED)
            tell_decision(updates, slice_of(commit->packed.data + commit->decisions[i].offset,
                                            commit->decisions[i].size));
}
