/* command: a row becomes arguments. What is wrong with a command line ends the program, so scenarios try that. */
#include "services/cli/terminal/command.h"

#include "common/base/memory.h"
#include "common/base/text.h"
#include "tests/support/check.h"

#include <stdlib.h>

struct arguments {
    const char *first, *second, *store;
    bool as_json;
    int64_t for_ms, at, count;
    char spelled[16];
};

static void read_spelled(const struct option_row *option, const char *value, void *owner,
                         const struct argp_state *state)
{
    struct arguments *arguments = owner;
    (void)state;
    text_format(arguments->spelled, sizeof arguments->spelled, "%s:%s", option->name, value);
}

static const struct option_row shared[] = {
    {"store", 's', "STORE", "a text", option_read_text, offsetof(struct arguments, store)},
    {"count", 0, "N", "without a letter", option_read_count, offsetof(struct arguments, count)},
    {0},
};

static const struct option_row options[] = {
    {"json", 'j', NULL, "a switch", option_read_switch, offsetof(struct arguments, as_json)},
    {.help = "More:", .group = 1},
    {"for", 0, "TIME", "without a letter", option_read_duration_ms, offsetof(struct arguments, for_ms), 1},
    {"at", 'a', "TIME", "an instant", option_read_time, offsetof(struct arguments, at), 1},
    {"spell", 0, "WORD", "its own reader", read_spelled, 0, 1},
    {0},
};

static const struct command command = {
    .name = "try",
    .usage = "FIRST SECOND",
    .help = "Try.",
    .options = options,
    .shared_options = shared,
    .words = {.count = 2,
              .at = {offsetof(struct arguments, first), offsetof(struct arguments, second)},
              .missing = "which two?"},
    COMMAND_ARGUMENTS(struct arguments, .count = 7),
};

static struct arguments *parse(const char *line)
{
    static char words[256];
    char *argv[16], *rest = words;
    int argc = 0;
    text_copy(words, sizeof words, line);
    while (rest)
        argv[argc++] = strsep(&rest, " ");
    argv[argc] = NULL;
    return command_parse(&command, argc, argv);
}

static TEST(words_stand_anywhere_between_options)
{
    struct arguments *arguments = parse("try one --json two");
    assert_string_equal(arguments->first, "one");
    assert_string_equal(arguments->second, "two");
    assert_true(arguments->as_json);
    free(arguments);
}

static TEST(what_is_not_said_is_as_the_row_says)
{
    struct arguments *arguments = parse("try one two");
    assert_int_equal(arguments->count, 7);
    assert_null(arguments->store);
    assert_false(arguments->as_json);
    assert_int_equal(arguments->for_ms, 0);
    free(arguments);
}

static TEST(each_value_is_read_as_what_it_is)
{
    struct arguments *arguments =
        parse("try one two --for 2min --count=3 -s s1 -a 1970-01-01T00:00:01Z --spell it");
    assert_int_equal(arguments->for_ms, 120000);
    assert_int_equal(arguments->count, 3);
    assert_string_equal(arguments->store, "s1");
    assert_int_equal(arguments->at, 1000000);
    assert_string_equal(arguments->spelled, "spell:it");
    free(arguments);
}

RUN_TESTS(cmocka_unit_test(words_stand_anywhere_between_options),
          cmocka_unit_test(what_is_not_said_is_as_the_row_says),
          cmocka_unit_test(each_value_is_read_as_what_it_is))
