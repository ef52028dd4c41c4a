/* mismatch: the first difference of two messages, by its path, with both values in words. */
#include "tests/support/check.h"
#include "tests/support/json_text.h"

#include "common/base/text.h"
#include "common/wire/mismatch.h"
#include "proto/bellhop/v1/event.pb-c.h"

enum { ARENA_BYTES = 1 << 20 };

/* ' for " */
static const ProtobufCMessage *event_of(const char *text, struct arena *arena)
{
    struct wire_refusal refusal;
    AUTO_CLEAR(bytes) json = {0};
    for (const char *at = text; *at; at++)
        bytes_append(&json, *at == '\'' ? "\"" : at, 1);
    WireEvent *event = json_text_read(&wire_event__descriptor, bytes_slice(&json), arena, &refusal);
    if (!event)
        fail_msg("%s: %s", text, refusal.explanation);
    return &event->base;
}

#define REMEDY(id, minor) "{'remedy_requested':{'remedy_id':'" id "','amount':{'minor':" #minor "}}}"

static const struct {
    const char *one, *other, *said; /* "path: value / value"; NULL: the same */
} cases[] = {
    {"{}", "{}", NULL},
    {REMEDY("r", 1), REMEDY("r", 1), NULL},
    {"{'store_id':'a'}", "{'store_id':'b'}", "store_id: \"a\" / \"b\""},
    {"{'store_id':'a'}", "{}", "store_id: \"a\" / absent"},
    {"{}", "{'drill':false}", "drill: absent / false"},
    {REMEDY("r", 100), REMEDY("r", -7), "remedy_requested.amount.minor: 100 / -7"},
    {REMEDY("r", 1), REMEDY("s", 2), "remedy_requested.remedy_id: \"r\" / \"s\""},
    {"{'mood_observed':{'mood':'ANGRY'}}", "{'mood_observed':{'mood':'CALM'}}",
     "mood_observed.mood: ANGRY / CALM"},
    {"{'mood_observed':{'mood':'ANGRY'}}", "{'complaint':{}}", "mood_observed: there / absent"},
    {"{'occurred_at':'2026-01-01T00:00:00Z'}", "{'occurred_at':'2026-01-01T00:00:00.5Z'}",
     "occurred_at: 2026-01-01T00:00:00Z / 2026-01-01T00:00:00.5Z"},
    {"{'id':'018f3e53-5600-7abc-8def-000000000001'}", "{'id':'018f3e53-5600-7abc-8def-000000000002'}",
     "id: 16 bytes / 16 bytes"},
    {"{'labels':[{'name':'a','value':'x'},{'name':'b','value':'y'}]}",
     "{'labels':[{'name':'a','value':'x'},{'name':'b','value':'z'}]}", "labels[1].value: \"y\" / \"z\""},
    {"{'labels':[{'name':'a','value':'x'}]}", "{}", "labels[0]: there / absent"},
};

static TEST(the_first_difference_is_named_with_both_values)
{
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        AUTO(arena) *arena = arena_new(ARENA_BYTES);
        struct mismatch mismatch;
        char said[256] = "";
        if (mismatch_find(event_of(cases[i].one, arena), event_of(cases[i].other, arena), &mismatch))
            text_format(said, sizeof said, "%s: %s / %s", mismatch.field, mismatch.one, mismatch.other);
        assert_text_equal(said, text_or_empty(cases[i].said));
    }
}

static TEST(a_long_text_is_cut_after_a_whole_character)
{
    AUTO(arena) *arena = arena_new(ARENA_BYTES);
    WireEvent one = WIRE_EVENT__INIT, other = WIRE_EVENT__INIT;
    char text[200] = "x";
    for (size_t i = 1; i + 2 < sizeof text; i += 2)
        memcpy(text + i, "\xc3\xa4", 3);
    one.store_id = text;
    struct mismatch mismatch;
    assert_true(mismatch_find(&one.base, &other.base, &mismatch));
    assert_true(text_is_utf8(mismatch.one, strlen(mismatch.one)));
    assert_true(text_ends_with(mismatch.one, "...\""));
}

RUN_TESTS(cmocka_unit_test(the_first_difference_is_named_with_both_values),
          cmocka_unit_test(a_long_text_is_cut_after_a_whole_character))
