/* admission: the bounds: what is admitted, what is answered BUSY, and that all of it is given back. */
#include "tests/support/check.h"

#include "services/ingest/admission.h"

static const struct admission_limits limits = {
    .requests = 8, .peer_requests = 3, .bytes = 1000, .peer_bytes = 400};

static struct slice peer(const char *name)
{
    return slice_of_text(name);
}

static TEST(admits_up_to_each_bound_and_not_beyond)
{
    static const struct {
        const char *peer;
        int64_t size_bytes;
        enum admission_answer expected;
    } steps[] = {
        {"a", 100, ADMITTED}, {"a", 100, ADMITTED},    {"a", 100, ADMITTED},    {"a", 0, BUSY_PEER},
        {"b", 100, ADMITTED}, {"b", 301, BUSY_PEER},   {"b", 300, ADMITTED},    {"c", 301, BUSY_BYTES},
        {"c", 300, ADMITTED}, {"c", 1, BUSY_REQUESTS}, {"d", 1, BUSY_BYTES},    {"d", 0, ADMITTED},
        {"e", 0, ADMITTED},   {"e", 0, BUSY_REQUESTS}, {"d", 0, BUSY_REQUESTS}, {"f", 0, BUSY_REQUESTS},
    };
    AUTO(admission) *admission = admission_new(&limits, 1);
    for (size_t i = 0; i < COUNT_OF(steps); i++)
        assert_int_equal(admission_enter(admission, peer(steps[i].peer), steps[i].size_bytes),
                         steps[i].expected);
    assert_int_equal(admission_requests(admission), 8);
    assert_int_equal(admission_bytes(admission), 1000);
}

static TEST(the_first_request_of_a_peer_may_be_of_any_size)
{
    AUTO(admission) *admission = admission_new(&limits, 1);
    assert_int_equal(admission_enter(admission, peer("a"), 900), ADMITTED);
    assert_int_equal(admission_enter(admission, peer("a"), 1), BUSY_PEER);
    admission_leave(admission, peer("a"), 900);
    assert_int_equal(admission_enter(admission, peer("a"), 1), ADMITTED);
    assert_int_equal(admission_enter(admission, peer("a"), 399), ADMITTED);
}

static TEST(the_last_quarter_is_for_who_has_nothing_under_way)
{
    AUTO(admission) *admission = admission_new(&limits, 1);
    assert_int_equal(admission_enter(admission, peer("a"), 350), ADMITTED);
    assert_int_equal(admission_enter(admission, peer("b"), 350), ADMITTED);
    assert_int_equal(admission_enter(admission, peer("a"), 50), ADMITTED);
    assert_int_equal(admission_enter(admission, peer("b"), 1), BUSY_BYTES);
    assert_int_equal(admission_enter(admission, peer("c"), 250), ADMITTED);
    assert_int_equal(admission_enter(admission, peer("c"), 1), BUSY_BYTES);
}

static TEST(a_request_that_leaves_makes_room_for_its_peer)
{
    AUTO(admission) *admission = admission_new(&limits, 1);
    for (int i = 0; i < 3; i++)
        assert_int_equal(admission_enter(admission, peer("a"), 1), ADMITTED);
    assert_int_equal(admission_enter(admission, peer("a"), 1), BUSY_PEER);
    admission_leave(admission, peer("a"), 1);
    assert_int_equal(admission_enter(admission, peer("a"), 1), ADMITTED);
    for (int i = 0; i < 3; i++)
        admission_leave(admission, peer("a"), 1);
    assert_int_equal(admission_requests(admission), 0);
    assert_int_equal(admission_bytes(admission), 0);
}

static TEST(says_why_it_is_closed_and_opens_again)
{
    AUTO(admission) *admission = admission_new(&limits, 1);
    admission_close(admission, BUSY_LOG);
    assert_int_equal(admission_enter(admission, peer("a"), 1), BUSY_LOG);
    admission_close(admission, ADMITTED);
    assert_int_equal(admission_enter(admission, peer("a"), 1), ADMITTED);
}

static TEST(stopping_is_for_good)
{
    AUTO(admission) *admission = admission_new(&limits, 1);
    admission_close(admission, BUSY_STOPPING);
    admission_close(admission, ADMITTED);
    assert_int_equal(admission_enter(admission, peer("a"), 1), BUSY_STOPPING);
}

static TEST(every_answer_has_a_word)
{
    for (enum admission_answer answer = ADMITTED + 1; answer < ADMISSION_ANSWERS; answer++)
        assert_true(strlen(admission_word(answer)) > 3);
}

/* Random comings and goings beside a plain count. */
static TEST(keeps_count_over_many_random_steps)
{
    AUTO(admission) *admission = admission_new(
        &(struct admission_limits){.requests = 40, .peer_requests = 6, .bytes = 440, .peer_bytes = 50}, 7);
    static const char *const names[] = {"a", "b", "c", "d", "e", "f", "g", "h"};
    int64_t open[COUNT_OF(names)] = {0}, requests = 0;
    uint64_t seed = 42;
    for (int step = 0; step < 5000; step++) {
        size_t who = check_random(&seed) % COUNT_OF(names);
        if (check_random(&seed) % 2) {
            int64_t size_bytes = 11;
            bool is_first = open[who] == 0;
            enum admission_answer expected = (open[who] + 1) * size_bytes > 50  ? BUSY_PEER
                                             : requests >= (is_first ? 40 : 30) ? BUSY_REQUESTS
                                             : (requests + 1) * size_bytes > (is_first ? 440 : 330)
                                                 ? BUSY_BYTES
                                                 : ADMITTED;
            assert_int_equal(admission_enter(admission, peer(names[who]), size_bytes), expected);
            open[who] += expected == ADMITTED;
            requests += expected == ADMITTED;
        } else if (open[who] > 0) {
            admission_leave(admission, peer(names[who]), 11);
            open[who]--;
            requests--;
        }
        assert_int_equal(admission_requests(admission), requests);
        assert_int_equal(admission_bytes(admission), requests * 11);
    }
}

RUN_TESTS(cmocka_unit_test(admits_up_to_each_bound_and_not_beyond),
          cmocka_unit_test(a_request_that_leaves_makes_room_for_its_peer),
          cmocka_unit_test(the_first_request_of_a_peer_may_be_of_any_size),
          cmocka_unit_test(the_last_quarter_is_for_who_has_nothing_under_way),
          cmocka_unit_test(says_why_it_is_closed_and_opens_again), cmocka_unit_test(stopping_is_for_good),
          cmocka_unit_test(every_answer_has_a_word), cmocka_unit_test(keeps_count_over_many_random_steps))
