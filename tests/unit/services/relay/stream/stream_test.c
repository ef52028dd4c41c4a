/* stream: what is sent, settled, held back and sent again; and a random run beside a naive twin. */
#include "tests/support/check.h"

#include "services/relay/stream/stream.h"

#include <errno.h>

static unsigned released; /* items given back */

static void release(void *item)
{
    (void)item;
    released++;
}

static const struct stream_rules rules = {
    .attempts = 3, .answer_ms = 1000, .rest = {.first_ms = 100, .most_ms = 400}, .release = release};

static struct stream *stream_with_session(unsigned credit)
{
    struct stream *stream = stream_new(&rules, 0, 7);
    assert_int_equal(stream_join(stream, 1, credit, 0), 0);
    return stream;
}

static void take(struct stream *stream, uint64_t seq, const char *hold)
{
    static char item;
    const struct stream_decision decision = {
        .place = {.seq = seq}, .hold = slice_of_text(hold), .item = &item};
    stream_add(stream, &decision);
    stream_pass(stream, seq);
}

static struct stream_sending next(struct stream *stream, int64_t now_ms)
{
    struct stream_sending sending;
    assert_true(stream_next(stream, now_ms, &sending));
    return sending;
}

static void assert_nothing_to_send(struct stream *stream, int64_t now_ms)
{
    struct stream_sending sending;
    assert_false(stream_next(stream, now_ms, &sending));
}

static TEST(delivers_in_the_order_of_places_and_no_more_than_the_credit)
{
    AUTO(stream) *stream = stream_with_session(2);
    for (uint64_t seq = 1; seq <= 3; seq++)
        take(stream, seq, NULL);
    assert_int_equal(next(stream, 0).place.seq, 1);
    assert_int_equal(next(stream, 0).place.seq, 2);
    assert_nothing_to_send(stream, 0);
    assert_int_equal(stream_confirm(stream, 1, (struct place){.seq = 2}, 0), STREAM_SETTLED);
    assert_int_equal(next(stream, 0).place.seq, 3);
}

static TEST(moves_its_position_only_past_what_is_settled)
{
    AUTO(stream) *stream = stream_with_session(10);
    for (uint64_t seq = 5; seq <= 7; seq++)
        take(stream, seq, NULL);
    assert_int_equal(stream_position(stream), 4);
    for (int i = 0; i < 3; i++)
        next(stream, 0);
    stream_confirm(stream, 1, (struct place){.seq = 6}, 0);
    assert_int_equal(stream_position(stream), 4);
    assert_true(places_has(stream_settled(stream), (struct place){.seq = 6}));
    stream_confirm(stream, 1, (struct place){.seq = 5}, 0);
    assert_int_equal(stream_position(stream), 6);
    assert_int_equal(stream_settled(stream)->count, 0);
    stream_confirm(stream, 1, (struct place){.seq = 7}, 0);
    stream_pass(stream, 900);
    assert_int_equal(stream_position(stream), 900);
}

static TEST(keeps_two_decisions_of_one_event_apart)
{
    AUTO(stream) *stream = stream_with_session(10);
    stream_add(stream, &(struct stream_decision){.place = {3, 0}});
    stream_add(stream, &(struct stream_decision){.place = {3, 1}});
    stream_pass(stream, 3);
    next(stream, 0);
    next(stream, 0);
    stream_confirm(stream, 1, (struct place){3, 0}, 0);
    assert_int_equal(stream_position(stream), 2);
    assert_true(places_has(stream_settled(stream), (struct place){3, 0}));
    assert_false(places_has(stream_settled(stream), (struct place){3, 1}));
}

static TEST(holds_later_deliveries_of_an_interaction_until_the_first_is_settled)
{
    AUTO(stream) *stream = stream_with_session(10);
    take(stream, 1, "a");
    take(stream, 2, "a");
    take(stream, 3, "b");
    assert_int_equal(next(stream, 0).place.seq, 1);
    assert_int_equal(next(stream, 0).place.seq, 3);
    assert_nothing_to_send(stream, 0);
    stream_confirm(stream, 1, (struct place){.seq = 1}, 0);
    assert_int_equal(next(stream, 0).place.seq, 2);
}

static TEST(sends_what_was_refused_again_after_a_rest_as_another_attempt)
{
    AUTO(stream) *stream = stream_with_session(10);
    take(stream, 1, "a");
    assert_int_equal(next(stream, 0).attempt, 1);
    assert_int_equal(stream_refuse(stream, 1, (struct place){.seq = 1}, "not now", false, 0),
                     STREAM_WILL_RETURN);
    stream_tick(stream, 10);
    assert_nothing_to_send(stream, 10);
    stream_tick(stream, stream_due_ms(stream));
    assert_int_equal(next(stream, 100).attempt, 2);
}

static TEST(attempts_go_on_where_an_earlier_run_left_them)
{
    AUTO(stream) *stream = stream_with_session(10);
    struct stream_tried tried[4];
    stream_restore_tried(stream, (struct place){.seq = 1}, 2);
    assert_int_equal(stream_tried(stream, tried, COUNT_OF(tried)),
                     1); /* stored again before it is read again */
    take(stream, 1, "a");
    take(stream, 2, "a");
    assert_int_equal(next(stream, 0).attempt, 3);
    assert_int_equal(stream_tried(stream, tried, COUNT_OF(tried)), 1);
    assert_int_equal(tried[0].attempts, 3);
    assert_int_equal(stream_confirm(stream, 1, (struct place){.seq = 1}, 0), STREAM_SETTLED);
    assert_int_equal(stream_tried(stream, tried, COUNT_OF(tried)), 0);
    assert_int_equal(next(stream, 0).attempt, 1);
    assert_int_equal(stream_tried(stream, tried, 0), 0);
}

static TEST(makes_a_dead_letter_of_what_is_refused_too_often_and_says_so_to_the_next)
{
    AUTO(stream) *stream = stream_with_session(10);
    take(stream, 1, "a");
    take(stream, 2, "a");
    int64_t now_ms = 0;
    for (unsigned attempt = 1; attempt <= rules.attempts; attempt++) {
        assert_int_equal(next(stream, now_ms).attempt, attempt);
        stream_refuse(stream, 1, (struct place){.seq = 1}, "no", false, now_ms);
        now_ms += 400;
        stream_tick(stream, now_ms);
    }
    assert_int_equal(dead_letters_count(stream_dead_letters(stream)), 1);
    assert_text_equal(dead_letters_find(stream_dead_letters(stream), (struct place){.seq = 1})->reason, "no");
    assert_true(places_has(stream_new_dead_letters(stream), (struct place){.seq = 1}));
    struct stream_sending sending = next(stream, now_ms);
    assert_int_equal(sending.place.seq, 2);
    assert_true(sending.has_dead_letter);
    assert_int_equal(sending.dead_letter.seq, 1);
}

static TEST(takes_a_refusal_for_good_at_its_word)
{
    AUTO(stream) *stream = stream_with_session(10);
    take(stream, 1, NULL);
    next(stream, 0);
    assert_int_equal(stream_refuse(stream, 1, (struct place){.seq = 1}, "broken", true, 0), STREAM_SETTLED);
    assert_int_equal(stream_position(stream), 1);
    assert_int_equal(dead_letters_count(stream_dead_letters(stream)), 1);
}

static TEST(sends_a_dead_letter_again_on_request_and_forgets_it_when_it_is_confirmed)
{
    AUTO(stream) *stream = stream_with_session(10);
    take(stream, 1, "a");
    next(stream, 0);
    stream_refuse(stream, 1, (struct place){.seq = 1}, "broken", true, 0);
    stream_resend(stream, &(struct stream_decision){.place = {.seq = 1}, .hold = slice_of_text("a")});
    struct stream_sending sending = next(stream, 0);
    assert_int_equal(sending.attempt, 1);
    assert_false(sending.has_dead_letter);
    assert_int_equal(stream_confirm(stream, 1, (struct place){.seq = 1}, 0), STREAM_SETTLED);
    assert_int_equal(dead_letters_count(stream_dead_letters(stream)), 0);
    assert_true(places_has(stream_revived_dead_letters(stream), (struct place){.seq = 1}));
    assert_int_equal(stream_position(stream), 1);
}

static TEST(gives_what_a_session_held_to_another_when_it_leaves)
{
    AUTO(stream) *stream = stream_with_session(10);
    take(stream, 1, NULL);
    assert_int_equal(next(stream, 0).session, 1);
    stream_join(stream, 2, 10, 0);
    stream_leave(stream, 1, 0);
    stream_tick(stream, stream_due_ms(stream));
    struct stream_sending sending = next(stream, 100);
    assert_int_equal(sending.session, 2);
    assert_int_equal(sending.attempt, 2);
}

static TEST(is_patient_with_a_session_that_works_through_what_it_holds)
{
    AUTO(stream) *stream = stream_with_session(10);
    for (uint64_t seq = 1; seq <= 3; seq++) {
        take(stream, seq, NULL);
        next(stream, 0);
    }
    stream_confirm(stream, 1, (struct place){.seq = 1}, 900);
    stream_tick(stream, 1000);
    assert_int_equal(stream_figures(stream).sent, 2);
    stream_tick(stream, 1900);
    assert_int_equal(stream_figures(stream).sent, 0);
    assert_int_equal(stream_figures(stream).resting, 2);
}

static TEST(does_not_wait_for_ever_for_one_answer_of_a_busy_session)
{
    AUTO(stream) *stream = stream_with_session(10);
    take(stream, 1, NULL);
    next(stream, 0);
    uint64_t seq = 2;
    for (int64_t now_ms = 500; now_ms < 10000; now_ms += 500, seq++) {
        take(stream, seq, NULL);
        next(stream, now_ms);
        stream_confirm(stream, 1, (struct place){.seq = seq}, now_ms);
        stream_tick(stream, now_ms);
        assert_int_equal(stream_figures(stream).sent, 1);
    }
    stream_tick(stream, 10000);
    assert_int_equal(stream_figures(stream).resting, 1);
}

static TEST(answers_a_repeated_confirmation_and_refuses_one_of_something_never_sent)
{
    AUTO(stream) *stream = stream_with_session(1);
    take(stream, 1, NULL);
    take(stream, 2, NULL);
    next(stream, 0);
    assert_int_equal(stream_confirm(stream, 1, (struct place){.seq = 1}, 0), STREAM_SETTLED);
    assert_int_equal(stream_confirm(stream, 1, (struct place){.seq = 1}, 0), STREAM_WAS_SETTLED);
    assert_int_equal(stream_confirm(stream, 1, (struct place){.seq = 2}, 0), STREAM_UNKNOWN);
    assert_int_equal(stream_confirm(stream, 1, (struct place){.seq = 99}, 0), STREAM_UNKNOWN);
}

static TEST(skips_what_was_settled_before_a_restart)
{
    AUTO(stream) *stream = stream_new(&rules, 10, 7);
    stream_restore_settled(stream, (struct place){.seq = 12});
    stream_join(stream, 1, 10, 0);
    take(stream, 11, NULL);
    take(stream, 12, NULL);
    take(stream, 13, NULL);
    assert_int_equal(next(stream, 0).place.seq, 11);
    assert_int_equal(next(stream, 0).place.seq, 13);
    assert_nothing_to_send(stream, 0);
    stream_confirm(stream, 1, (struct place){.seq = 11}, 0);
    assert_int_equal(stream_position(stream), 12);
}

static TEST(has_no_room_without_sessions_or_too_far_ahead_of_the_credit)
{
    AUTO(stream) *stream = stream_new(&rules, 0, 7);
    assert_false(stream_has_room(stream));
    stream_join(stream, 1, 1, 0);
    for (uint64_t seq = 1; seq <= STREAM_AHEAD; seq++) {
        assert_true(stream_has_room(stream));
        take(stream, seq, NULL);
    }
    assert_false(stream_has_room(stream));
    next(stream, 0);
    assert_true(stream_has_room(stream));
}

static TEST(has_no_room_while_one_unsettled_delivery_keeps_too_many_settled_ones_waiting)
{
    AUTO(stream) *stream = stream_with_session(10);
    take(stream, 1, NULL);
    next(stream, 0);
    for (uint64_t seq = 2; seq <= STREAM_WINDOW; seq++) {
        assert_true(stream_has_room(stream));
        take(stream, seq, NULL);
        next(stream, 0);
        stream_confirm(stream, 1, (struct place){.seq = seq}, 0);
    }
    assert_false(stream_has_room(stream));
    stream_confirm(stream, 1, (struct place){.seq = 1}, 0);
    assert_true(stream_has_room(stream));
}

static TEST(keeps_a_snapshot_apart_from_its_position_until_all_of_it_is_settled)
{
    AUTO(stream) *stream = stream_new(&rules, 100, 7);
    stream_join(stream, 1, 10, 0);
    stream_begin_snapshot(stream);
    stream_add(stream, &(struct stream_decision){
                           .place = {.seq = 40}, .hold = slice_of_text("a"), .is_snapshot = true});
    stream_add(stream, &(struct stream_decision){
                           .place = {.seq = 50}, .hold = slice_of_text("b"), .is_snapshot = true});
    stream_end_snapshot(stream);
    take(stream, 101, "a");
    assert_true(next(stream, 0).is_snapshot);
    assert_true(next(stream, 0).is_snapshot);
    assert_nothing_to_send(stream, 0);
    assert_int_equal(stream_position(stream), 100);
    stream_confirm(stream, 1, (struct place){.seq = 40}, 0);
    assert_true(places_has(stream_snapshot_settled(stream), (struct place){.seq = 40}));
    assert_int_equal(next(stream, 0).place.seq, 101);
    assert_true(stream_snapshot_is_pending(stream));
    stream_confirm(stream, 1, (struct place){.seq = 50}, 0);
    assert_false(stream_snapshot_is_pending(stream));
    assert_int_equal(stream_snapshot_settled(stream)->count, 0);
}

static TEST(shares_deliveries_among_sessions_by_room)
{
    AUTO(stream) *stream = stream_with_session(2);
    stream_join(stream, 2, 2, 0);
    unsigned got[3] = {0};
    for (uint64_t seq = 1; seq <= 4; seq++) {
        take(stream, seq, NULL);
        got[next(stream, 0).session]++;
    }
    assert_int_equal(got[1], 2);
    assert_int_equal(got[2], 2);
    for (uint64_t session = 3; session <= STREAM_SESSIONS; session++)
        assert_int_equal(stream_join(stream, session, 1, 0), 0);
    assert_int_equal(stream_join(stream, 1000, 1, 0), -ENOSPC);
}

/* --- a naive twin: every delivery in one array --- */

enum { MODEL_SEQS = 100, MODEL_HOLDS = 6, MODEL_SESSIONS = 3, MODEL_CREDIT = 4 };
enum model_state { MODEL_ABSENT, MODEL_OPEN, MODEL_SENT, MODEL_RESTING, MODEL_CONFIRMED, MODEL_DEAD };

struct model {
    enum model_state states[MODEL_SEQS + 2];
    unsigned attempts[MODEL_SEQS + 2];
    int64_t rested_ms[MODEL_SEQS + 2]; /* certainly ready from then on */
    int64_t sent_ms[MODEL_SEQS + 2];
    uint64_t sessions[MODEL_SEQS + 2];
    int64_t answered_ms[MODEL_SESSIONS + 1];
    uint64_t taken;
    int64_t now_ms;
};

static unsigned hold_of(uint64_t seq)
{
    return (unsigned)(seq * 2654435761u >> 7) % MODEL_HOLDS; /* 0: held by nothing */
}

static bool is_open(enum model_state state)
{
    return state == MODEL_OPEN || state == MODEL_SENT || state == MODEL_RESTING;
}

static bool model_is_held(const struct model *model, uint64_t seq)
{
    for (uint64_t earlier = 1; earlier < seq; earlier++)
        if (hold_of(seq) && hold_of(earlier) == hold_of(seq) && is_open(model->states[earlier]))
            return true;
    return false;
}

static unsigned model_sent(const struct model *model, uint64_t session)
{
    unsigned count = 0;
    for (uint64_t seq = 1; seq <= model->taken; seq++)
        count += model->states[seq] == MODEL_SENT && (session == 0 || model->sessions[seq] == session);
    return count;
}

static void model_send(struct model *model, struct stream *stream)
{
    struct stream_sending sending;
    if (!stream_next(stream, model->now_ms, &sending)) {
        for (uint64_t seq = 1; seq <= model->taken && model_sent(model, 0) < MODEL_SESSIONS * MODEL_CREDIT;
             seq++) {
            bool is_ready = model->states[seq] == MODEL_OPEN ||
                            (model->states[seq] == MODEL_RESTING && model->rested_ms[seq] <= model->now_ms);
            assert_false(is_ready && !model_is_held(model, seq));
        }
        return;
    }
    uint64_t seq = sending.place.seq;
    assert_true(model->states[seq] == MODEL_OPEN || model->states[seq] == MODEL_RESTING);
    assert_false(model_is_held(model, seq));
    assert_true(model_sent(model, sending.session) < MODEL_CREDIT);
    assert_int_equal(sending.attempt, ++model->attempts[seq]);
    model->states[seq] = MODEL_SENT;
    model->sessions[seq] = sending.session;
    model->sent_ms[seq] = model->now_ms;
}

static void model_fail(struct model *model, uint64_t seq, bool for_good)
{
    bool is_dead = for_good || model->attempts[seq] >= rules.attempts;
    model->states[seq] = is_dead ? MODEL_DEAD : MODEL_RESTING;
    model->rested_ms[seq] = model->now_ms + rules.rest.most_ms;
}

static void model_answer(struct model *model, struct stream *stream, uint64_t *seed)
{
    uint64_t seq = 1 + check_random(seed) % (model->taken + 1);
    uint64_t chance = check_random(seed) % 10;
    uint64_t session = model->sessions[seq] ? model->sessions[seq] : 1;
    bool was_sent = model->states[seq] == MODEL_SENT;
    model->answered_ms[session] = model->now_ms;
    if (chance < 7) {
        enum stream_answer answer =
            stream_confirm(stream, session, (struct place){.seq = seq}, model->now_ms);
        bool is_possible = is_open(model->states[seq]) && model->attempts[seq] > 0;
        assert_int_equal(answer == STREAM_SETTLED, is_possible);
        if (is_possible)
            model->states[seq] = MODEL_CONFIRMED;
    } else {
        stream_refuse(stream, session, (struct place){.seq = seq}, "model", chance == 9, model->now_ms);
        if (was_sent)
            model_fail(model, seq, chance == 9);
    }
}

static void model_tick(struct model *model, struct stream *stream, uint64_t *seed)
{
    model->now_ms += (int64_t)(check_random(seed) % 300);
    stream_tick(stream, model->now_ms);
    for (uint64_t seq = 1; seq <= model->taken; seq++) {
        int64_t answered_ms = model->answered_ms[model->sessions[seq]];
        int64_t from_ms = answered_ms > model->sent_ms[seq] ? answered_ms : model->sent_ms[seq];
        bool is_late = from_ms + rules.answer_ms <= model->now_ms ||
                       model->sent_ms[seq] + 10 * rules.answer_ms <= model->now_ms;
        if (model->states[seq] == MODEL_SENT && is_late)
            model_fail(model, seq, false);
    }
}

static void model_compare(const struct model *model, const struct stream *stream)
{
    uint64_t position = 0;
    while (position < model->taken && !is_open(model->states[position + 1]))
        position++;
    assert_int_equal(stream_position(stream), position);
    size_t beyond = 0;
    size_t dead = 0;
    for (uint64_t seq = 1; seq <= model->taken; seq++) {
        bool is_settled = !is_open(model->states[seq]) && seq > position;
        assert_int_equal(places_has(stream_settled(stream), (struct place){.seq = seq}), is_settled);
        beyond += is_settled;
        dead += model->states[seq] == MODEL_DEAD;
    }
    assert_int_equal(stream_settled(stream)->count, beyond);
    assert_int_equal(dead_letters_count(stream_dead_letters(stream)), dead);
    assert_int_equal(stream_figures(stream).sent, model_sent(model, 0));
}

static void model_run(uint64_t seed)
{
    struct model model = {0};
    AUTO(stream) *stream = stream_new(&rules, 0, seed);
    for (uint64_t session = 1; session <= MODEL_SESSIONS; session++)
        stream_join(stream, session, MODEL_CREDIT, 0);
    while (stream_position(stream) < MODEL_SEQS) {
        uint64_t chance = check_random(&seed) % 8;
        if (chance == 0 && model.taken < MODEL_SEQS) {
            char hold[2] = {(char)('a' + hold_of(++model.taken)), '\0'};
            model.states[model.taken] = MODEL_OPEN;
            take(stream, model.taken, hold_of(model.taken) ? hold : NULL);
        } else if (chance < 4) {
            model_send(&model, stream);
        } else if (chance < 7) {
            model_answer(&model, stream, &seed);
        } else {
            model_tick(&model, stream, &seed);
        }
        model_compare(&model, stream);
    }
}

static TEST(does_what_a_naive_twin_does)
{
    for (uint64_t seed = 1; seed <= 12; seed++)
        model_run(seed);
}

static TEST(releases_every_item_once)
{
    released = 0;
    struct stream *stream = stream_with_session(10);
    for (uint64_t seq = 1; seq <= 3; seq++)
        take(stream, seq, "a");
    next(stream, 0);
    stream_confirm(stream, 1, (struct place){.seq = 1}, 0);
    assert_int_equal(released, 1);
    stream_free(stream);
    assert_int_equal(released, 3);
}

RUN_TESTS(cmocka_unit_test(delivers_in_the_order_of_places_and_no_more_than_the_credit),
          cmocka_unit_test(moves_its_position_only_past_what_is_settled),
          cmocka_unit_test(keeps_two_decisions_of_one_event_apart),
          cmocka_unit_test(holds_later_deliveries_of_an_interaction_until_the_first_is_settled),
          cmocka_unit_test(sends_what_was_refused_again_after_a_rest_as_another_attempt),
          cmocka_unit_test(attempts_go_on_where_an_earlier_run_left_them),
          cmocka_unit_test(makes_a_dead_letter_of_what_is_refused_too_often_and_says_so_to_the_next),
          cmocka_unit_test(takes_a_refusal_for_good_at_its_word),
          cmocka_unit_test(sends_a_dead_letter_again_on_request_and_forgets_it_when_it_is_confirmed),
          cmocka_unit_test(gives_what_a_session_held_to_another_when_it_leaves),
          cmocka_unit_test(is_patient_with_a_session_that_works_through_what_it_holds),
          cmocka_unit_test(does_not_wait_for_ever_for_one_answer_of_a_busy_session),
          cmocka_unit_test(answers_a_repeated_confirmation_and_refuses_one_of_something_never_sent),
          cmocka_unit_test(skips_what_was_settled_before_a_restart),
          cmocka_unit_test(has_no_room_without_sessions_or_too_far_ahead_of_the_credit),
          cmocka_unit_test(has_no_room_while_one_unsettled_delivery_keeps_too_many_settled_ones_waiting),
          cmocka_unit_test(keeps_a_snapshot_apart_from_its_position_until_all_of_it_is_settled),
          cmocka_unit_test(shares_deliveries_among_sessions_by_room),
          cmocka_unit_test(does_what_a_naive_twin_does), cmocka_unit_test(releases_every_item_once))
