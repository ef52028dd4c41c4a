/* day: the same seed gives the same day, and a day looks like one. */
#include "tests/support/check.h"

#include "common/base/map.h"
#include "common/base/uuid.h"
#include "common/wire/event.h"
#include "common/wire/validate.h"
#include "tests/support/day.h"

#include <stdio.h>

static const struct day_options options = {.seed = 7, .stores = 3, .registers = 4, .visits = 24};
static const int64_t begins_at = INT64_C(1714550400000000);

static TEST(gives_the_same_day_for_the_same_seed)
{
    AUTO(day) *one = day_new(&options);
    AUTO(day) *other = day_new(&options);
    static uint8_t left[4096], right[4096];
    for (int i = 0; i < 5000; i++) {
        const WireEvent *event = day_next(one, begins_at + i);
        const WireEvent *twin = day_next(other, begins_at + i);
        assert_true(protobuf_c_message_get_packed_size(&event->base) <= sizeof left);
        size_t size = protobuf_c_message_pack(&event->base, left);
        assert_int_equal(protobuf_c_message_pack(&twin->base, right), size);
        assert_memory_equal(left, right, size);
    }
}

static TEST(gives_another_day_for_another_seed)
{
    struct day_options another = options;
    another.seed = 8;
    AUTO(day) *one = day_new(&options);
    AUTO(day) *other = day_new(&another);
    assert_memory_not_equal(day_next(one, begins_at)->id.data, day_next(other, begins_at)->id.data,
                            UUID_SIZE);
}

static TEST(makes_only_events_that_are_accepted)
{
    AUTO(day) *day = day_new(&options);
    for (int i = 0; i < 30000; i++) {
        int64_t at = begins_at + INT64_C(250000) * i;
        const WireEvent *event = day_next(day, at);
        struct wire_refusal refusal;
        if (!wire_validate_event(event, (struct slice){0},
                                 &(struct wire_event_check){.sent_at = at, .now = at}, &refusal))
            fail_msg("event %d, %s: %s %s", i, wire_event_type(event), refusal.field, refusal.explanation);
    }
}

static TEST(mints_ids_of_version_7_that_never_repeat)
{
    enum { EVENTS = 20000 };
    AUTO(day) *day = day_new(&options);
    AUTO_CLEAR(map) seen_map;
    struct map *seen = &seen_map;
    map_init(seen, 1);
    struct uuid *ids = memory_resize_array(NULL, EVENTS, sizeof *ids);
    for (int i = 0; i < EVENTS; i++) {
        const WireEvent *event = day_next(day, begins_at + 500 * i);
        memcpy(ids[i].bytes, event->id.data, UUID_SIZE);
        assert_int_equal(uuid_version(&ids[i]), 7);
        assert_int_equal(uuid_ms(&ids[i]), (begins_at + 500 * i) / 1000);
        assert_null(map_put(seen, &ids[i], UUID_SIZE, &ids[i]));
    }
    free(ids);
}

/* A visit opens once, closes once, and nothing happens outside. */
static TEST(opens_each_visit_before_it_closes_it)
{
    AUTO(day) *day = day_new(&options);
    AUTO_CLEAR(map) open_map;
    struct map *open = &open_map;
    map_init(open, 1);
    static char names[30000][24];
    size_t opened = 0, closed = 0, waits = 0;
    for (int i = 0; i < 30000; i++) {
        const WireEvent *event = day_next(day, begins_at + i);
        size_t size = strlen(event->interaction_id);
        bool is_open = map_find(open, event->interaction_id, size) != NULL;
        if (event->body_case == WIRE_EVENT__BODY_INTERACTION_OPENED) {
            assert_false(is_open);
            snprintf(names[i], sizeof names[i], "%s", event->interaction_id);
            map_put(open, names[i], size, names[i]);
            opened++;
            continue;
        }
        assert_true(is_open);
        waits += event->body_case == WIRE_EVENT__BODY_WAIT_STARTED;
        waits -= event->body_case == WIRE_EVENT__BODY_WAIT_ENDED;
        if (event->body_case == WIRE_EVENT__BODY_INTERACTION_CLOSED) {
            map_take(open, event->interaction_id, size);
            closed++;
        }
    }
    assert_true(opened - closed <= options.visits);
    assert_true(waits <= options.visits);
}

/* What leads to a decision: closings, remedies, compliments, anger, long holds and many menus. */
static TEST(leads_to_a_decision_about_once_in_ten_events)
{
    enum { EVENTS = 50000 };
    AUTO(day) *day = day_new(&options);
    int deciding = 0;
    for (int i = 0; i < EVENTS; i++) {
        const WireEvent *event = day_next(day, begins_at + i);
        const WireWaitReported *wait =
            event->body_case == WIRE_EVENT__BODY_WAIT_REPORTED ? event->wait_reported : NULL;
        deciding += event->body_case == WIRE_EVENT__BODY_INTERACTION_CLOSED ||
                    event->body_case == WIRE_EVENT__BODY_COMPLIMENT ||
                    event->body_case == WIRE_EVENT__BODY_REMEDY_REQUESTED || (wait && wait->menus > 3) ||
                    (wait && wait->kind == WIRE_WAIT_KIND__HOLD && wait->duration_ms >= 300000) ||
                    (event->body_case == WIRE_EVENT__BODY_MOOD_OBSERVED &&
                     event->mood_observed->mood == WIRE_MOOD__ANGRY);
    }
    assert_in_range(deciding * 1000 / EVENTS, 85, 120);
}

RUN_TESTS(cmocka_unit_test(gives_the_same_day_for_the_same_seed),
          cmocka_unit_test(gives_another_day_for_another_seed),
          cmocka_unit_test(makes_only_events_that_are_accepted),
          cmocka_unit_test(mints_ids_of_version_7_that_never_repeat),
          cmocka_unit_test(opens_each_visit_before_it_closes_it),
          cmocka_unit_test(leads_to_a_decision_about_once_in_ten_events))
