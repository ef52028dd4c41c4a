/* explain: what a program tells about itself: the values of its parts, the facts it reads, and sentences made with it.
 */
#include "tests/support/check.h"
#include "tests/support/visit.h"

#include "common/policy/cel/template.h"

#include <stdio.h>
#include <string.h>

static struct cel_environment *environment_of_visits(void)
{
    const struct cel_type message = {.kind = CEL_MESSAGE, .descriptor = &visit_descriptor};
    struct cel_environment *environment = cel_environment_new("shop.v1");
    cel_environment_variable(environment, "visit", 0, &message);
    cel_environment_variable(environment, "nap", 1, &cel_type_duration);
    return environment;
}

static struct cel_program *compile(const char *text)
{
    struct cel_environment *environment = environment_of_visits();
    struct cel_error error;
    struct cel_source source = {.text = text, .size = strlen(text)};
    struct cel_program *program = cel_compile(environment, &source, &error);
    cel_environment_free(environment);
    if (!program)
        fail_msg("%s: %u:%u: %s", text, error.line, error.column, error.message);
    return program;
}

struct story {
    const char *text;
    char told[1024];
    size_t size;
};

/* One line a report: the part's text, then its value, "!" and the error, or "-". */
static void tell(void *owner, const struct cel_report *report)
{
    struct story *story = owner;
    char value[128] = "-";
    if (report->outcome == CEL_HAS_VALUE)
        cel_value_print(&report->value, value, sizeof value);
    else if (report->outcome == CEL_HAS_FAILED)
        snprintf(value, sizeof value, "! %s", report->message);
    story->size += (size_t)snprintf(story->told + story->size, sizeof story->told - story->size, "%.*s: %s\n",
                                    (int)report->size, story->text + report->offset, value);
}

static void check_story(const char *text, const struct visit *visit, const char *expected)
{
    static struct cel_scratch scratch;
    struct story story = {.text = text};
    struct cel_program *program = compile(text);
    const struct cel_value bindings[] = {cel_message(&visit->base), cel_duration_ms(90000)};
    struct cel_value value;
    struct cel_failure failure;
    cel_explain(program, &(struct cel_activation){bindings, &scratch, NULL}, tell, &story, &value, &failure);
    assert_string_equal(story.told, expected);
    cel_program_free(program);
}

static TEST(every_part_is_told_before_the_whole)
{
    struct visit visit = {.amount = 5000, .has_limit = 1, .limit = 40};
    check_story(
        "visit.amount >= 100 * 2 && has(visit.limit) && visit.limit > 50", &visit,
        "visit: Visit\nvisit.amount: 5000\n100: 100\n2: 2\n100 * 2: 200\nvisit.amount >= 100 * 2: true\n"
        "has(visit.limit): true\nvisit: Visit\nvisit.limit: 40\n50: 50\nvisit.limit > 50: false\n"
        "visit.amount >= 100 * 2 && has(visit.limit) && visit.limit > 50: false\n");
}

static TEST(what_was_not_evaluated_is_told_last)
{
    struct visit visit = {.amount = 0};
    check_story("visit.amount > 1 && 7 / visit.amount > 1", &visit,
                "visit: Visit\nvisit.amount: 0\n1: 1\nvisit.amount > 1: false\n"
                "visit.amount > 1 && 7 / visit.amount > 1: false\n"
                "7 / visit.amount > 1: -\n7 / visit.amount: -\n7: -\nvisit.amount: -\nvisit: -\n1: -\n");
}

static TEST(errors_are_told_where_they_arise_and_where_they_end)
{
    struct visit visit = {.amount = 0};
    check_story("7 / visit.amount > 1 || visit.amount == 0", &visit,
                "7: 7\nvisit: Visit\nvisit.amount: 0\n7 / visit.amount: ! division by zero\n"
                "7 / visit.amount > 1: ! division by zero\nvisit: Visit\nvisit.amount: 0\n0: 0\nvisit.amount "
                "== 0: true\n"
                "7 / visit.amount > 1 || visit.amount == 0: true\n1: -\n");
}

static TEST(a_macros_body_is_told_for_each_item)
{
    struct visit visit = {.amount = 0};
    check_story("[1, 2].exists(x, x > 1)", &visit,
                "1: 1\n2: 2\n[1, 2]: [1, 2]\nx: 1\n1: 1\nx > 1: false\nx: 2\n1: 1\nx > 1: true\n"
                "[1, 2].exists(x, x > 1): true\n");
}

static TEST(a_failure_has_its_place)
{
    static struct cel_scratch scratch;
    struct visit visit = {.amount = 0};
    const char *text = "visit.amount == 0 && 7 / visit.amount > 1";
    struct cel_program *program = compile(text);
    const struct cel_value bindings[] = {cel_message(&visit.base), cel_duration_ms(0)};
    struct cel_activation activation = {bindings, &scratch, NULL};
    struct cel_value value;
    struct cel_failure failure;
    assert_false(cel_evaluate(program, &activation, &value, &failure));
    assert_string_equal(failure.message, "division by zero");
    assert_int_equal(failure.offset, 21);
    assert_int_equal(failure.size, strlen("7 / visit.amount"));
    assert_false(cel_holds(program, &activation));
    visit.amount = 1;
    assert_false(cel_holds(program, &activation));
    cel_program_free(program);
}

static TEST(the_facts_that_are_read_are_listed_once_in_order)
{
    struct cel_program *program =
        compile("has(visit.best.rebate) && visit.best.rebate > 1 && visit.amount > visit.best.price && "
                "visit.lines.exists(l, l.price > 3) && size(visit.topics) > 1 && visit.lines[0].price > 1");
    static const char *const expected[] = {"visit.amount", "visit.best.price",    "visit.best.rebate",
                                           "visit.lines",  "visit.lines[].price", "visit.topics"};
    const char *const *paths;
    assert_int_equal(cel_program_reads(program, &paths), COUNT_OF(expected));
    for (size_t i = 0; i < COUNT_OF(expected); i++)
        assert_string_equal(paths[i], expected[i]);
    cel_program_free(program);
}

static struct cel_template *compile_template(const char *text, struct cel_error *ret_error)
{
    struct cel_environment *environment = environment_of_visits();
    struct cel_source source = {.text = text, .size = strlen(text)};
    struct cel_template *template = cel_template_compile(environment, &source, ret_error);
    cel_environment_free(environment);
    return template;
}

static TEST(sentences_are_rendered_with_values)
{
    static struct cel_scratch scratch;
    static const char *const rows[][2] = {
        {"", ""},
        {"plain", "plain"},
        {"{visit.amount} of {nap}{{}}", "7 of 90s{}"},
        {"{'}' + \"{\"}!", "}{!"},
        {"größe {[1, 2].map(x, x * visit.amount)}", "größe [7, 14]"},
        {"{7 / (visit.amount - 7)} lost, {Mood.ANGRY} {true} {timestamp(0)}",
         "? lost, ANGRY true 1970-01-01T00:00:00Z"},
    };
    struct visit visit = {.amount = 7};
    const struct cel_value bindings[] = {cel_message(&visit.base), cel_duration_ms(90000)};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char text[128];
        struct cel_error error;
        struct cel_failure failure;
        struct cel_template *template = compile_template(rows[i][0], &error);
        assert_non_null(template);
        size_t length = cel_template_render(template, &(struct cel_activation){bindings, &scratch, NULL},
                                            text, sizeof text, &failure);
        assert_string_equal(text, rows[i][1]);
        assert_int_equal(length, strlen(rows[i][1]));
        assert_int_equal(failure.message != NULL, strchr(rows[i][1], '?') != NULL);
        cel_template_free(template);
    }
}

static TEST(a_sentence_too_long_is_cut_between_characters)
{
    static struct cel_scratch scratch;
    char text[4];
    struct cel_error error;
    struct cel_template *template = compile_template("aaé{'b'}", &error);
    const struct cel_activation activation = {NULL, &scratch, NULL};
    assert_int_equal(cel_template_render(template, &activation, text, sizeof text, NULL), 5);
    assert_string_equal(text, "aa");
    assert_int_equal(cel_template_render(template, &activation, NULL, 0, NULL), 5);
    cel_template_free(template);
}

static TEST(broken_sentences_are_refused_at_their_place)
{
    static const struct {
        const char *text;
        unsigned line, column;
        const char *message;
    } rows[] = {
        {"a {visit.amount", 1, 3, "without its \"}\""},
        {"a } b", 1, 3, "without \"{\""},
        {"a {1 +} b", 1, 7, "an expression"},
        {"a\nb {nothing}", 2, 4, "\"nothing\" is not known"},
        {"{visit}", 1, 2, "name its fields"},
        {"{}", 1, 2, "an expression"},
        {"{ {'a': 1}['a'] }", 1, 3, "maps"},
        {"{'a}", 1, 2, "closing quote"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct cel_error error = {0};
        assert_null(compile_template(rows[i].text, &error));
        if (error.line != rows[i].line || error.column != rows[i].column ||
            !strstr(error.message, rows[i].message))
            fail_msg("%s: %u:%u: %s", rows[i].text, error.line, error.column, error.message);
    }
}

RUN_TESTS(cmocka_unit_test(every_part_is_told_before_the_whole),
          cmocka_unit_test(what_was_not_evaluated_is_told_last),
          cmocka_unit_test(errors_are_told_where_they_arise_and_where_they_end),
          cmocka_unit_test(a_macros_body_is_told_for_each_item), cmocka_unit_test(a_failure_has_its_place),
          cmocka_unit_test(the_facts_that_are_read_are_listed_once_in_order),
          cmocka_unit_test(sentences_are_rendered_with_values),
          cmocka_unit_test(a_sentence_too_long_is_cut_between_characters),
          cmocka_unit_test(broken_sentences_are_refused_at_their_place))
