/* admission: the bounds: what is admitted, what is answered BUSY, and that all of it is given back. */
#include "tests/support/check.h"

#include "services/ingest/admission.h"

static const struct admission_limits limits = {.requests = 5, .peer_requests = 3, .bytes = 1000};

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
        {"a", 100, ADMITTED},    {"a", 100, ADMITTED},    {"a", 100, ADMITTED}, {"a", 1, BUSY_PEER},
        {"b", 701, BUSY_BYTES},  {"b", 700, ADMITTED},    {"c", 1, BUSY_BYTES}, {"c", 0, ADMITTED},
        {"d", 0, BUSY_REQUESTS}, {"a", 0, BUSY_REQUESTS},
    };
    AUTO(admission) *admission = admission_new(&limits, 1);
    for (size_t i = 0; i < COUNT_OF(steps); i++)
        assert_int_equal(admission_enter(admission, peer(steps[i].peer), steps[i].size_bytes),
                         steps[i].expected);
    assert_int_equal(admission_requests(admission), 5);
    assert_int_equal(admission_bytes(admission), 1000);
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
    AUTO(admission) *admission =
        admission_new(&(struct admission_limits){.requests = 40, .peer_requests = 6, .bytes = 500}, 7);
    static const char *const names[] = {"a", "b", "c", "d", "e", "f", "g", "h"};
    int64_t open[COUNT_OF(names)] = {0}, requests = 0;
    uint64_t seed = 42;
    for (int step = 0; step < 5000; step++) {
        size_t who = check_random(&seed) % COUNT_OF(names);
        if (check_random(&seed) % 2) {
            enum admission_answer expected = requests >= 40              ? BUSY_REQUESTS
                                             : (requests + 1) * 10 > 500 ? BUSY_BYTES
                                             : open[who] >= 6            ? BUSY_PEER
                                                                         : ADMITTED;
            assert_int_equal(admission_enter(admission, peer(names[who]), 10), expected);
            open[who] += expected == ADMITTED;
            requests += expected == ADMITTED;
        } else if (open[who] > 0) {
            admission_leave(admission, peer(names[who]), 10);
            open[who]--;
            requests--;
        }
        assert_int_equal(admission_requests(admission), requests);
        assert_int_equal(admission_bytes(admission), requests * 10);
    }
}

RUN_TESTS(cmocka_unit_test(admits_up_to_each_bound_and_not_beyond),
          cmocka_unit_test(a_request_that_leaves_makes_room_for_its_peer),
          cmocka_unit_test(says_why_it_is_closed_and_opens_again), cmocka_unit_test(stopping_is_for_good),
          cmocka_unit_test(every_answer_has_a_word), cmocka_unit_test(keeps_count_over_many_random_steps))
