/* durable_row: a stream as persist is asked to store it: position, what is settled beyond it, dead letters. */
#include "services/relay/deliver/durable_state.h"

#include "common/base/clock.h"
#include "common/base/memory.h"
#include "services/relay/stream/hold_key.h"

static void fill_place(WireDeliveryPlace *message, struct place place)
{
    wire_delivery_place__init(message);
    message->has_seq = message->has_ordinal = true;
    message->seq = place.seq;
    message->ordinal = place.ordinal;
}

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
    for (size_t i = 0; i < places->count; i++)
        fill_place(&list->all[list->count++], places->all[i]);
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
        fill_place(&list->places[at], letter->place);
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

static void fill_state(struct durable *durable, WireStreamState *state, WirePosition *position,
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

static void ask_write(struct durable *durable, WireStreamWrite *write)
{
    write->instance = (char *)durable->parts->instance;
    write->stream = durable->name;
    durable->write_id = persist_link_write_stream(durable->parts->persist, write);
    durable->written_ms = durable_now_ms(durable);
}

void durable_row_write(struct durable *durable)
{
    WireStreamWrite write = WIRE_STREAM_WRITE__INIT;
    WireStreamState state = WIRE_STREAM_STATE__INIT;
    WirePosition position;
    struct place_list confirmed = {0};
    struct place_list resent = {0};
    struct letter_list letters = {0};
    struct places *new_dead = stream_new_dead_letters(durable->stream);
    struct places *revived = stream_revived_dead_letters(durable->stream);
    fill_state(durable, &state, &position, &confirmed);
    letter_list_fill(&letters, durable, new_dead);
    place_list_add(&resent, revived);
    write.state = &state;
    write.n_dead_letters = letters.count;
    write.dead_letters = letters.pointers;
    write.n_resent = resent.count;
    write.resent = resent.pointers;
    ask_write(durable, &write);
    durable->written_position = position.seq;
    durable->is_dirty = false;
    durable->parts->numbers->dead_letters_made += letters.count;
    durable_answers_ask(durable);
    places_clear(new_dead);
    places_clear(revived);
    place_list_clear(&confirmed);
    place_list_clear(&resent);
    letter_list_clear(&letters);
}

void durable_row_remove(struct durable *durable)
{
    WireStreamWrite write = WIRE_STREAM_WRITE__INIT;
    write.has_forget = write.forget = true;
    ask_write(durable, &write);
}
