/* position: positions and identities of decisions, as text and in order. */
#include "tests/support/check.h"

#include "common/wire/position.h"

#include <errno.h>

static TEST(positions_are_written_and_read)
{
    struct position most = {.epoch = UINT32_MAX, .seq = UINT64_MAX}, read;
    char text[POSITION_TEXT_SIZE], id_text[DECISION_ID_TEXT_SIZE];
    position_format(most, text);
    assert_text_equal(text, "4294967295-18446744073709551615");
    assert_int_equal(position_parse(text, &read), 0);
    assert_true(read.epoch == most.epoch && read.seq == most.seq);
    struct decision_id id = {.position = {.epoch = 1, .seq = 4711}, .ordinal = 0}, read_id;
    decision_id_format(id, id_text);
    assert_text_equal(id_text, "1-4711-0");
    assert_int_equal(decision_id_parse(id_text, &read_id), 0);
    assert_true(read_id.position.epoch == 1 && read_id.position.seq == 4711 && read_id.ordinal == 0);
}

static TEST(what_is_no_position_is_refused_and_leaves_the_result_alone)
{
    static const char *const bad[] = {
        "",     "1",    "1-",   "-1",   "1-2-3", "01-2",         "1-02",
        " 1-2", "1-2 ", "1--2", "+1-2", "a-b",   "4294967296-1", "1-18446744073709551616"};
    struct position position = {.epoch = 7, .seq = 7};
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        if (position_parse(bad[i], &position) != -EINVAL)
            fail_msg("\"%s\"", bad[i]);
        assert_int_equal(position.epoch, 7);
    }
    struct decision_id id;
    static const char *const bad_ids[] = {"1-2", "1-2-", "1-2-3-4", "1-2-03", "1-2-4294967296"};
    for (size_t i = 0; i < COUNT_OF(bad_ids); i++)
        assert_int_equal(decision_id_parse(bad_ids[i], &id), -EINVAL);
}

static TEST(positions_come_from_messages_and_go_into_them)
{
    WirePosition message = position_message((struct position){.epoch = 3, .seq = 5});
    struct position position = position_of(&message);
    assert_int_equal(position.epoch, 3);
    assert_int_equal(position.seq, 5);
    assert_int_equal(position_of(NULL).seq, 0);
}

RUN_TESTS(cmocka_unit_test(positions_are_written_and_read),
          cmocka_unit_test(what_is_no_position_is_refused_and_leaves_the_result_alone),
          cmocka_unit_test(positions_come_from_messages_and_go_into_them))
