/* client: the library without a service: building events, what is refused before it is taken in, the rules of
 * use. */
#include "tests/support/check.h"

#include "common/client/bellhop.h"

#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

static struct bellhop_event *remedy(void)
{
    struct bellhop_event *event = bellhop_event_new("remedy_requested");
    assert_non_null(event);
    assert_int_equal(bellhop_event_set_text(event, "store_id", "17"), BELLHOP_OK);
    assert_int_equal(bellhop_event_set_text(event, "interaction_id", "i-1"), BELLHOP_OK);
    assert_int_equal(bellhop_event_set_text(event, "employee_id", "mira"), BELLHOP_OK);
    assert_int_equal(bellhop_event_set_text(event, "remedy_requested.remedy_id", "r-1"), BELLHOP_OK);
    assert_int_equal(bellhop_event_set_text(event, "remedy_requested.kind", "REFUND"), BELLHOP_OK);
    assert_int_equal(bellhop_event_set_int(event, "remedy_requested.amount.minor", 4500), BELLHOP_OK);
    assert_int_equal(bellhop_event_set_text(event, "remedy_requested.amount.currency", "EUR"), BELLHOP_OK);
    return event;
}

/* Nobody listens there. */
static struct bellhop_client *open_client(struct bellhop_options options)
{
    struct bellhop_client *client = NULL;
    options.size = sizeof options;
    options.publish_endpoint = "ipc:///tmp/bellhop-client-test-nobody";
    options.source = "17/till-2";
    assert_int_equal(bellhop_open(&options, &client), BELLHOP_OK);
    return client;
}

static TEST(an_event_is_built_field_by_field)
{
    struct bellhop_event *event = remedy();
    assert_int_equal(bellhop_event_check(event), BELLHOP_OK);
    bellhop_event_free(event);
    event = bellhop_event_new("sale_completed");
    bellhop_event_set_text(event, "store_id", "17");
    bellhop_event_set_text(event, "interaction_id", "i-1");
    bellhop_event_set_text(event, "employee_id", "mira");
    assert_int_equal(bellhop_event_set_text(event, "sale_completed.lines.0.product_id", "tyre"), BELLHOP_OK);
    assert_int_equal(bellhop_event_set_int(event, "sale_completed.lines.0.quantity", 4), BELLHOP_OK);
    assert_int_equal(bellhop_event_set_text(event, "sale_completed.lines.1.product_id", "valve"), BELLHOP_OK);
    assert_int_equal(bellhop_event_add_label(event, "colour", "black"), BELLHOP_OK);
    assert_int_equal(bellhop_event_check(event), BELLHOP_OK);
    bellhop_event_free(event);
}

static TEST(a_field_that_is_not_there_or_takes_something_else_is_told_by_name)
{
    struct bellhop_event *event = remedy();
    static const struct {
        const char *field;
        const char *text;
    } texts[] = {
        {"no_such_field", "x"},
        {"remedy_requested.colour", "x"},
        {"remedy_requested.kind", "GIFT"},
        {"remedy_requested.amount", "x"},
        {"store_id.deeper", "x"},
        {"remedy_requested.amount.minor", "12"},
        {"", "x"},
        {"labels.5.name", "x"},
        {"remedy_requested..kind", "REFUND"},
    };
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        assert_int_equal(bellhop_event_set_text(event, texts[i].field, texts[i].text), BELLHOP_INVALID);
        assert_true(strlen(bellhop_why(NULL)) > 0);
    }
    assert_int_equal(bellhop_event_set_int(event, "store_id", 17), BELLHOP_INVALID);
    assert_int_equal(bellhop_event_set_int(event, "drill", 2), BELLHOP_INVALID);
    assert_int_equal(bellhop_event_set_int(event, "drill", 1), BELLHOP_OK);
    assert_int_equal(bellhop_event_check(event), BELLHOP_OK);
    bellhop_event_free(event);
    assert_null(bellhop_event_new("no_such_type"));
}

static TEST(json_is_an_event_too)
{
    static const char good[] = "{\"store_id\":\"17\",\"interaction_id\":\"i\",\"complaint\":{\"about\":"
                               "\"PRICE\",\"text\":\"dear\"}}";
    struct bellhop_event *event = NULL;
    assert_int_equal(bellhop_event_from_json(good, strlen(good), &event), BELLHOP_OK);
    assert_int_equal(bellhop_event_check(event), BELLHOP_OK);
    bellhop_event_free(event);
    static const char *const bad[] = {"", "[]", "{", "{\"a\":1,\"a\":2}", "{} x", "{\"store_id\":\"\xff\"}"};
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        assert_int_equal(bellhop_event_from_json(bad[i], strlen(bad[i]), &event), BELLHOP_INVALID);
}

static TEST(an_event_that_can_never_be_accepted_is_not_taken_in)
{
    struct bellhop_client *client = open_client((struct bellhop_options){0});
    struct bellhop_event *event = remedy();
    bellhop_event_set_text(event, "store_id", "not a word!");
    assert_int_equal(bellhop_publish(client, event, 0, NULL), BELLHOP_INVALID);
    assert_non_null(strstr(bellhop_why(client), "store_id"));
    struct bellhop_status status;
    assert_int_equal(bellhop_status(client, &status), BELLHOP_OK);
    assert_int_equal(status.spooled, 0);
    bellhop_event_free(event);
    bellhop_close(client);
}

static TEST(one_bad_event_of_several_takes_none_in)
{
    struct bellhop_client *client = open_client((struct bellhop_options){0});
    struct bellhop_event *good = remedy(), *bad = remedy();
    bellhop_event_set_text(bad, "remedy_requested.remedy_id", "not an id!");
    const struct bellhop_event *both[] = {good, bad};
    assert_int_equal(bellhop_publish_many(client, both, 2, 0, NULL), BELLHOP_INVALID);
    assert_int_equal(bellhop_publish_many(client, both, 1, 0, NULL), BELLHOP_OK);
    struct bellhop_status status;
    bellhop_status(client, &status);
    assert_int_equal(status.spooled, 1);
    bellhop_event_free(good);
    bellhop_event_free(bad);
    bellhop_close(client);
}

static TEST(each_publishing_makes_a_new_id_and_a_foreign_id_always_the_same)
{
    struct bellhop_client *client = open_client((struct bellhop_options){0});
    struct bellhop_event *event = remedy();
    uint8_t first[BELLHOP_ID_SIZE], second[BELLHOP_ID_SIZE];
    bellhop_publish(client, event, 0, first);
    bellhop_publish(client, event, 0, second);
    assert_memory_not_equal(first, second, BELLHOP_ID_SIZE);
    assert_int_equal(first[6] >> 4, 7);
    bellhop_event_set_foreign_id(event, "their-4711", INT64_C(1714737600000000));
    assert_int_equal(bellhop_publish(client, event, 0, first), BELLHOP_OK);
    assert_int_equal(bellhop_publish(client, event, 0, second), BELLHOP_OK);
    assert_memory_equal(first, second, BELLHOP_ID_SIZE);
    assert_int_equal(first[6] >> 4, 8);
    bellhop_event_free(event);
    bellhop_close(client);
}

static TEST(a_full_spool_says_so_and_holds_what_it_took)
{
    struct bellhop_client *client = open_client((struct bellhop_options){.spool_quota_bytes = 65536});
    struct bellhop_event *event = remedy();
    int64_t taken = 0;
    int rc;
    while ((rc = bellhop_publish(client, event, 0, NULL)) == BELLHOP_OK && taken < 100000)
        taken++;
    assert_int_equal(rc, BELLHOP_SPOOL_FULL);
    struct bellhop_status status;
    bellhop_status(client, &status);
    assert_int_equal(status.spooled, taken);
    bellhop_event_free(event);
    bellhop_close(client);
}

static TEST(without_a_service_there_is_no_answer_and_no_guess)
{
    struct bellhop_client *client = open_client((struct bellhop_options){0});
    struct bellhop_event *event = remedy();
    const struct bellhop_verdict *verdict = NULL;
    assert_int_equal(bellhop_ask(client, event, 30, &verdict), BELLHOP_NO_ANSWER);
    assert_null(verdict);
    assert_int_equal(bellhop_flush(client, 30), BELLHOP_TIMEOUT);
    struct bellhop_status status;
    bellhop_status(client, &status);
    assert_int_equal(status.spooled, 1);
    const struct bellhop_delivery *delivery;
    assert_int_equal(bellhop_next(client, 0, &delivery), BELLHOP_NOT_OPEN);
    bellhop_event_free(event);
    bellhop_close(client);
}

static TEST(a_child_of_a_fork_is_told_that_the_client_is_not_its_own)
{
    struct bellhop_client *client = open_client((struct bellhop_options){0});
    pid_t child = fork();
    if (child == 0) {
        bool is_told = bellhop_process(client, 0) == BELLHOP_FORKED &&
                       bellhop_publish(client, NULL, 0, NULL) == BELLHOP_FORKED &&
                       bellhop_close(client) == BELLHOP_FORKED;
        _exit(is_told ? 0 : 1);
    }
    int status;
    waitpid(child, &status, 0);
    assert_int_equal(status, 0);
    assert_int_equal(bellhop_process(client, 0), BELLHOP_OK);
    bellhop_close(client);
}

static TEST(options_that_make_no_sense_are_refused)
{
    const struct bellhop_options bad[] = {
        {.size = 0},
        {.size = sizeof bad[0] + 8},
        {.size = sizeof bad[0], .source = "no slash"},
        {.size = sizeof bad[0], .source = "17/till", .numbered = 1}, /* nowhere to keep the count */
        {.size = sizeof bad[0], .request_events = 1001},
        {.size = sizeof bad[0], .publish_endpoint = "nonsense"},
        {.size = sizeof bad[0], .spool_path = "/no/such/folder/spool"},
    };
    static const int expected[] = {BELLHOP_INVALID, BELLHOP_INVALID, BELLHOP_INVALID,     BELLHOP_INVALID,
                                   BELLHOP_INVALID, BELLHOP_NETWORK, BELLHOP_SPOOL_FAILED};
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        struct bellhop_client *client = NULL;
        assert_int_equal(bellhop_open(&bad[i], &client), expected[i]);
        assert_null(client);
        assert_true(strlen(bellhop_why(NULL)) > 0);
    }
}

static TEST(ids_have_a_written_form)
{
    uint8_t id[BELLHOP_ID_SIZE];
    char text[BELLHOP_ID_TEXT_SIZE];
    assert_int_equal(bellhop_id_parse("018f3c9a-2b10-7abc-8def-0123456789ab", id), BELLHOP_OK);
    bellhop_id_format(id, text);
    assert_text_equal(text, "018f3c9a-2b10-7abc-8def-0123456789ab");
    assert_int_equal(bellhop_id_parse("018f3c9a", id), BELLHOP_INVALID);
}

RUN_TESTS(cmocka_unit_test(an_event_is_built_field_by_field),
          cmocka_unit_test(a_field_that_is_not_there_or_takes_something_else_is_told_by_name),
          cmocka_unit_test(json_is_an_event_too),
          cmocka_unit_test(an_event_that_can_never_be_accepted_is_not_taken_in),
          cmocka_unit_test(one_bad_event_of_several_takes_none_in),
          cmocka_unit_test(each_publishing_makes_a_new_id_and_a_foreign_id_always_the_same),
          cmocka_unit_test(a_full_spool_says_so_and_holds_what_it_took),
          cmocka_unit_test(without_a_service_there_is_no_answer_and_no_guess),
          cmocka_unit_test(a_child_of_a_fork_is_told_that_the_client_is_not_its_own),
          cmocka_unit_test(options_that_make_no_sense_are_refused), cmocka_unit_test(ids_have_a_written_form))
