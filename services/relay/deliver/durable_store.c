/* durable_store: a stream's row as persist keeps it, and the answers that wait for it. */
#include "services/relay/deliver/durable_state.h"

#include "common/base/clock.h"
#include "common/base/memory.h"
#include "common/service/log.h"
#include "services/relay/stream/hold_key.h"

void durable_answers_clear(struct durable_answers *answers)
{
    free(answers->all);
    *answers = (struct durable_answers){0};
}

void durable_answer_later(struct durable *durable, uint64_t session, const char *decision_id)
{
    struct durable_answers *waiting = &durable->waiting;
    if (waiting->count == waiting->capacity) {
        waiting->capacity = waiting->capacity ? 2 * waiting->capacity : 64;
        waiting->all = reallocate_array(waiting->all, waiting->capacity, sizeof *waiting->all);
    }
    struct durable_answer *answer = &waiting->all[waiting->count++];
    answer->session = session;
    text_copy(answer->decision_id, sizeof answer->decision_id, decision_id);
    durable->is_dirty = true;
}

/* --- the row --- */

/* A list of messages, in one piece of memory each. */
struct place_list {
    WireDeliveryPlace *all;
    WireDeliveryPlace **pointers;
    size_t count;
};

static void place_list_clear(struct place_list *list)
{
    free(list->all);
    free(list->pointers);
}

static void place_list_add(struct place_list *list, const struct places *places)
{
    list->all = reallocate_array(list->all, list->count + places->count + 1, sizeof *list->all);
    list->pointers =
        reallocate_array(list->pointers, list->count + places->count + 1, sizeof *list->pointers);
    for (size_t i = 0; i < places->count; i++) {
        WireDeliveryPlace *message = &list->all[list->count++];
        wire_delivery_place__init(message);
        message->has_seq = message->has_ordinal = true;
        message->seq = places->all[i].seq;
        message->ordinal = places->all[i].ordinal;
    }
    for (size_t i = 0; i < list->count; i++)
        list->pointers[i] = &list->all[i];
}

struct letter_list {
    WireDeadLetter *all;
    WireDeadLetter **pointers;
    WireDeliveryPlace *places;
    char *interactions;
    size_t count;
};

enum { INTERACTION_SIZE = 128 };

static void letter_list_clear(struct letter_list *list)
{
    free(list->all);
    free(list->pointers);
    free(list->places);
    free(list->interactions);
}

static void letter_list_fill(struct letter_list *list, struct durable *durable, const struct places *places)
{
    list->all = allocate((places->count + 1) * sizeof *list->all);
    list->pointers = allocate((places->count + 1) * sizeof *list->pointers);
    list->places = allocate((places->count + 1) * sizeof *list->places);
    list->interactions = allocate((places->count + 1) * INTERACTION_SIZE);
    for (size_t i = 0; i < places->count; i++) {
        const struct dead_letter *letter =
            dead_letters_find(stream_dead_letters(durable->stream), places->all[i]);
        if (!letter)
            continue;
        size_t at = list->count++;
        WireDeadLetter *message = list->pointers[at] = &list->all[at];
        wire_delivery_place__init(&list->places[at]);
        list->places[at].has_seq = list->places[at].has_ordinal = true;
        list->places[at].seq = letter->place.seq;
        list->places[at].ordinal = letter->place.ordinal;
        hold_key_interaction(letter->hold, list->interactions + at * INTERACTION_SIZE, INTERACTION_SIZE);
        wire_dead_letter__init(message);
        message->place = &list->places[at];
        message->has_epoch = message->has_attempts = message->has_dead_at = true;
        message->epoch = decision_source_epoch(durable->parts->source);
        message->interaction_id = list->interactions + at * INTERACTION_SIZE;
        message->attempts = letter->attempts;
        message->reason = (char *)letter->reason;
        message->dead_at = clock_utc_us();
    }
}

static void durable_fill_state(struct durable *durable, WireStreamState *state, WirePosition *position,
                               struct place_list *confirmed)
{
    state->topics = selection_topics(durable->selection, &state->n_topics);
    state->filter = (char *)selection_filter(durable->selection);
    state->has_created_at = state->has_changed_at = state->has_snapshot_pending = true;
    state->created_at = durable->created_at;
    state->changed_at = clock_utc_us();
    state->snapshot_pending = stream_snapshot_is_pending(durable->stream);
    *position = position_message((struct position){.epoch = decision_source_epoch(durable->parts->source),
                                                   .seq = stream_position(durable->stream)});
    state->position = position;
    place_list_add(confirmed, stream_snapshot_settled(durable->stream));
    place_list_add(confirmed, stream_settled(durable->stream));
    state->n_confirmed = confirmed->count;
    state->confirmed = confirmed->pointers;
}

static void durable_ask_write(struct durable *durable, WireStreamWrite *write)
{
    write->instance = (char *)durable->parts->instance;
    write->stream = durable->name;
    durable->write_id = persist_link_write_stream(durable->parts->persist, write);
    durable->written_ms = loop_now_ms(durable->parts->loop);
}

void durable_write(struct durable *durable)
{
    WireStreamWrite write = WIRE_STREAM_WRITE__INIT;
    WireStreamState state = WIRE_STREAM_STATE__INIT;
    WirePosition position;
    struct place_list confirmed = {0};
    struct place_list resent = {0};
    struct letter_list letters = {0};
    struct places *new_dead = stream_new_dead_letters(durable->stream);
    struct places *revived = stream_revived_dead_letters(durable->stream);
    durable_fill_state(durable, &state, &position, &confirmed);
    letter_list_fill(&letters, durable, new_dead);
    place_list_add(&resent, revived);
    write.state = &state;
    write.n_dead_letters = letters.count;
    write.dead_letters = letters.pointers;
    write.n_resent = resent.count;
    write.resent = resent.pointers;
    durable_ask_write(durable, &write);
    durable->written_position = position.seq;
    durable->is_dirty = false;
    durable->parts->numbers->dead_letters += letters.count;
    struct durable_answers spare = durable->asked;
    durable->asked = durable->waiting;
    durable->waiting = spare;
    durable->waiting.count = 0;
    places_clear(new_dead);
    places_clear(revived);
    place_list_clear(&confirmed);
    place_list_clear(&resent);
    letter_list_clear(&letters);
}

void durable_write_removal(struct durable *durable)
{
    WireStreamWrite write = WIRE_STREAM_WRITE__INIT;
    write.has_forget = write.forget = true;
    durable_ask_write(durable, &write);
}

/* --- its result --- */

/* Tell each session what of its own was stored, in one message. */
static void durable_tell_confirmed(struct durable *durable)
{
    struct durable_answers *asked = &durable->asked;
    char **ids = allocate((asked->count + 1) * sizeof *ids);
    for (size_t i = 0; i < durable->session_count; i++) {
        uint64_t session = durable->sessions[i].id;
        size_t count = 0;
        for (size_t j = 0; j < asked->count; j++)
            if (asked->all[j].session == session)
                ids[count++] = asked->all[j].decision_id;
        if (count > 0)
            durable->parts->calls.on_confirmed(durable->parts->calls.owner, session, durable->name, ids,
                                               count);
    }
    free(ids);
    asked->count = 0;
}

bool durable_written(struct durable *durable, const WireStreamResult *result)
{
    if (durable->write_id == 0 || result->write_id != durable->write_id)
        return false;
    durable->write_id = 0;
    if (durable->is_removed) {
        durable->phase = DURABLE_GONE;
    } else if (!result->stored) {
        log_error("stream-not-stored", "persist did not take a stream's row", FIELD("stream", durable->name),
                  FIELD("reason", result->reason));
        durable->parts->numbers->lost++;
        durable_refuse_all(durable, WIRE_STREAM_ELSEWHERE, "another relay holds this stream");
    } else if (durable->phase == DURABLE_BEGINNING) {
        durable_be_open(durable);
    } else {
        durable_tell_confirmed(durable);
    }
    return true;
}

bool durable_is_writing(const struct durable *durable)
{
    return durable->write_id != 0 || durable->is_dirty;
}
