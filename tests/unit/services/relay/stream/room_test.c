/* room: what each stream may take in while there is room for all, and when there is not. */
#include "tests/support/check.h"

#include "services/relay/stream/room.h"

static TEST(grants_what_is_wanted_while_there_is_room)
{
    struct room room = {0};
    assert_int_equal(room_grant(&room, 0, 1000), 1000);
    assert_int_equal(room_grant(&room, 5000, 1000), 1000);
    room_change(&room, 0, ROOM_DELIVERIES - 1000);
    assert_int_equal(room_grant(&room, 0, 1000), 1000);
}

static TEST(grants_a_share_beyond_it_so_that_every_stream_moves)
{
    struct room room = {0};
    room_change(&room, 0, ROOM_DELIVERIES - 999);
    assert_int_equal(room_grant(&room, 0, 1000), ROOM_SHARE);
    assert_int_equal(room_grant(&room, ROOM_SHARE - 1, 1000), ROOM_SHARE);
    assert_int_equal(room_grant(&room, 0, 1), 1);
    assert_int_equal(room_grant(&room, ROOM_SHARE, 1000), 0);
}

static TEST(has_room_again_when_deliveries_are_settled)
{
    struct room room = {0};
    room_change(&room, 0, 10 * ROOM_DELIVERIES);
    assert_int_equal(room_grant(&room, ROOM_SHARE, 1), 0);
    room_change(&room, 10 * ROOM_DELIVERIES, 0);
    assert_int_equal(room_grant(&room, ROOM_SHARE, 1000), 1000);
}

RUN_TESTS(cmocka_unit_test(grants_what_is_wanted_while_there_is_room),
          cmocka_unit_test(grants_a_share_beyond_it_so_that_every_stream_moves),
          cmocka_unit_test(has_room_again_when_deliveries_are_settled))
