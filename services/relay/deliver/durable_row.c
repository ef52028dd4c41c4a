/* durable_row: a stream as persist is asked to store it: position, what is settled beyond it, dead letters. */
#include "services/relay/deliver/durable_state.h"

#include "common/base/arena.h"
#include "common/base/clock.h"
#include "common/wire/set.h"
#include "services/relay/stream/hold_key.h"

enum { TRIED_MOST = 1000, INTERACTION_SIZE = 128, PLACE_ROOM = 80, LETTER_ROOM = 512 };
_Static_assert(sizeof(WireDeliveryPlace) + sizeof(void *) + 15 <= PLACE_ROOM &&
                   sizeof(WireDeadLetter) + INTERACTION_SIZE + PLACE_ROOM + sizeof(void *) + 15 <=
                       LETTER_ROOM,
               "the room that each takes in the arena, its pointer in the list included");

static WireDeliveryPlace *place_message(struct place place, struct arena *arena)
{
    WireDeliveryPlace *message = arena_allocate(arena, sizeof *message);
    wire_delivery_place__init(message);
    WIRE_SET(message, seq, place.seq);
    WIRE_SET(message, ordinal, place.ordinal);
    return message;
}

static void add_places(WireDeliveryPlace **list, size_t *count, const struct places *places,
                       struct arena *arena)
{
    for (size_t i = 0; i < places->count; i++)
        list[(*count)++] = place_message(places->all[i], arena);
}

static void add_tried(const struct durable *durable, WireStreamState *state, struct arena *arena)
{
    struct stream_tried *tried = arena_allocate(arena, TRIED_MOST * sizeof *tried);
    size_t count = stream_tried(durable->stream, tried, TRIED_MOST);
    state->tried = arena_allocate(arena, count * sizeof *state->tried);
    for (size_t i = 0; i < count; i++) {
        state->tried[i] = place_message(tried[i].place, arena);
        WIRE_SET(state->tried[i], attempts, tried[i].attempts);
    }
    state->n_tried = count;
}

static WireDeadLetter *letter_message(const struct dead_letter *letter, uint32_t epoch, struct arena *arena)
{
    WireDeadLetter *message = arena_allocate(arena, sizeof *message);
    wire_dead_letter__init(message);
    message->place = place_message(letter->place, arena);
    WIRE_SET(message, epoch, epoch);
    message->interaction_id = arena_allocate(arena, INTERACTION_SIZE);
    hold_key_interaction(letter->hold, message->interaction_id, INTERACTION_SIZE);
    WIRE_SET(message, attempts, letter->attempts);
    message->reason = (char *)letter->reason;
    WIRE_SET(message, dead_at, clock_utc_us());
    return message;
}

static void fill_state(struct durable *durable, WireStreamState *state, WirePosition *position,
                       struct arena *arena)
{
    const struct places *snapshot = stream_snapshot_settled(durable->stream);
    const struct places *settled = stream_settled(durable->stream);
    state->topics = selection_topics(durable->selection, &state->n_topics);
    state->filter = (char *)selection_filter(durable->selection);
    WIRE_SET(state, created_at, durable->created_at);
    WIRE_SET(state, changed_at, clock_utc_us());
    WIRE_SET(state, snapshot_pending, stream_snapshot_is_pending(durable->stream));
    *position = position_message((struct position){.epoch = decision_source_epoch(durable->parts->source),
                                                   .seq = stream_position(durable->stream)});
    state->position = position;
    state->confirmed = arena_allocate(arena, (snapshot->count + settled->count) * sizeof *state->confirmed);
    add_places(state->confirmed, &state->n_confirmed, snapshot, arena);
    add_places(state->confirmed, &state->n_confirmed, settled, arena);
    add_tried(durable, state, arena);
}

static void fill_letters(struct durable *durable, WireStreamWrite *write, struct arena *arena)
{
    struct places *dead = stream_new_dead_letters(durable->stream);
    struct places *revived = stream_revived_dead_letters(durable->stream);
    write->dead_letters = arena_allocate(arena, dead->count * sizeof *write->dead_letters);
    for (size_t i = 0; i < dead->count; i++) {
        const struct dead_letter *letter =
            dead_letters_find(stream_dead_letters(durable->stream), dead->all[i]);
        if (letter)
            write->dead_letters[write->n_dead_letters++] =
                letter_message(letter, decision_source_epoch(durable->parts->source), arena);
    }
    write->resent = arena_allocate(arena, revived->count * sizeof *write->resent);
    add_places(write->resent, &write->n_resent, revived, arena);
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
    struct places *dead = stream_new_dead_letters(durable->stream);
    struct places *revived = stream_revived_dead_letters(durable->stream);
    size_t places = stream_snapshot_settled(durable->stream)->count + stream_settled(durable->stream)->count +
                    revived->count;
    AUTO(arena) *arena = arena_new((places + 2 * TRIED_MOST + 3) * PLACE_ROOM + dead->count * LETTER_ROOM);
    fill_state(durable, &state, &position, arena);
    fill_letters(durable, &write, arena);
    write.state = &state;
    ask_write(durable, &write);
    durable->written_position = position.seq;
    durable->is_dirty = durable->has_tried = false;
    durable->parts->numbers->dead_letters_made += write.n_dead_letters;
    durable_answers_ask(durable);
    places_clear(dead);
    places_clear(revived);
}

void durable_row_remove(struct durable *durable)
{
    WireStreamWrite write = WIRE_STREAM_WRITE__INIT;
    write.has_forget = write.forget = true;
    ask_write(durable, &write);
}
