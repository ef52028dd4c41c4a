/* in_flight: what persist's answers mean for the batches on their way. */
#include "tests/support/check.h"

#include "services/escalate/in_flight.h"

static void add(struct in_flight *in_flight, uint64_t id, uint64_t upto)
{
    const struct decided_batch batch = {.after = upto - 10, .upto = upto};
    in_flight_add(in_flight, id, &batch);
}

static TEST(gives_up_batches_in_their_order_however_their_answers_come)
{
    struct in_flight in_flight = {0};
    add(&in_flight, 1, 10);
    add(&in_flight, 2, 20);
    assert_true(in_flight_answered(&in_flight, 2, true, 20));
    assert_int_equal(in_flight_drop_stored(&in_flight), 0);
    assert_true(in_flight_answered(&in_flight, 1, true, 20));
    assert_int_equal(in_flight_drop_stored(&in_flight), 20);
    assert_int_equal(in_flight.count, 0);
}

static TEST(is_lost_when_a_batch_is_refused_before_the_cursor_has_passed_it)
{
    struct in_flight in_flight = {0};
    add(&in_flight, 1, 10);
    assert_false(in_flight_answered(&in_flight, 1, false, 5));
}

static TEST(doubts_a_refused_batch_that_the_cursor_has_passed_until_somebody_vouches_for_it)
{
    struct in_flight in_flight = {0};
    add(&in_flight, 1, 10);
    assert_true(in_flight_answered(&in_flight, 1, false, 10));
    assert_int_equal(in_flight_first(&in_flight)->state, IN_FLIGHT_DOUBTED);
    assert_int_equal(in_flight_drop_stored(&in_flight), 0);
    in_flight_vouch(&in_flight);
    assert_int_equal(in_flight_drop_stored(&in_flight), 10);
}

static TEST(takes_no_notice_of_answers_to_what_is_not_in_flight)
{
    struct in_flight in_flight = {0};
    add(&in_flight, 1, 10);
    assert_true(in_flight_answered(&in_flight, 99, false, 0));
    assert_int_equal(in_flight_first(&in_flight)->state, IN_FLIGHT_SENT);
}

static TEST(goes_round_its_ring)
{
    struct in_flight in_flight = {0};
    for (uint64_t id = 1; id <= 5 * IN_FLIGHT_MOST; id++) {
        assert_true(in_flight_has_room(&in_flight));
        add(&in_flight, id, 10 * id);
        if (!in_flight_has_room(&in_flight)) {
            assert_true(in_flight_answered(&in_flight, id + 1 - IN_FLIGHT_MOST, true, 10 * id));
            assert_int_equal(in_flight_drop_stored(&in_flight), 10 * (id + 1 - IN_FLIGHT_MOST));
        }
    }
}

RUN_TESTS(cmocka_unit_test(gives_up_batches_in_their_order_however_their_answers_come),
          cmocka_unit_test(is_lost_when_a_batch_is_refused_before_the_cursor_has_passed_it),
          cmocka_unit_test(doubts_a_refused_batch_that_the_cursor_has_passed_until_somebody_vouches_for_it),
          cmocka_unit_test(takes_no_notice_of_answers_to_what_is_not_in_flight),
          cmocka_unit_test(goes_round_its_ring))
