/* refuse: what the policy language refuses when it is compiled: where, and in which words. */
#include "tests/support/check.h"
#include "tests/support/visit.h"

#include "common/policy/cel/template.h"

#include <stdlib.h>
#include <string.h>

struct row {
    const char *expression;
    unsigned line, column; /* 0: it is accepted */
    const char *message;   /* a part of it */
};

static const char *hello(void *owner, void *host, const struct cel_value *arguments,
                         union cel_datum *ret_result)
{
    (void)owner, (void)host;
    *ret_result = arguments[0].as;
    return NULL;
}

static struct cel_environment *environment_of_visits(void)
{
    const struct cel_type message = {.kind = CEL_MESSAGE, .descriptor = &visit_descriptor};
    struct cel_environment *environment = cel_environment_new("shop.v1");
    cel_environment_variable(environment, "visit", 0, &message);
    cel_environment_variable(environment, "event", 1, &message);
    cel_environment_optional(environment, "customer", 2, &visit_descriptor);
    cel_environment_present(environment, "event.best");
    struct cel_value limit = cel_int(7);
    cel_environment_constant(environment, "figures.limit", &limit);
    cel_environment_function(environment, &(struct cel_function){.name = "hello",
                                                                 .arguments = {&cel_type_string},
                                                                 .result = &cel_type_string,
                                                                 .call = hello});
    return environment;
}

static void check_row(const struct row *row, const struct cel_program *program, const struct cel_error *error)
{
    if (!row->line) {
        if (!program)
            fail_msg("%s: refused at %u:%u: %s", row->expression, error->line, error->column, error->message);
        return;
    }
    if (program)
        fail_msg("%s: accepted", row->expression);
    if (error->line != row->line || error->column != row->column || !strstr(error->message, row->message))
        fail_msg("%s: refused at %u:%u: %s\nnot at %u:%u: %s", row->expression, error->line, error->column,
                 error->message, row->line, row->column, row->message);
}

static void check_rows(const struct row *rows, size_t count, const struct cel_type *expected)
{
    struct cel_environment *environment = environment_of_visits();
    for (size_t i = 0; i < count; i++) {
        struct cel_source source = {
            .text = rows[i].expression, .size = strlen(rows[i].expression), .expected = expected};
        struct cel_error error = {0};
        struct cel_program *program = cel_compile(environment, &source, &error);
        check_row(&rows[i], program, &error);
        cel_program_free(program);
    }
    cel_environment_free(environment);
}

#define CHECK(...)                                                                                           \
    do {                                                                                                     \
        static const struct row rows[] = {__VA_ARGS__};                                                      \
        check_rows(rows, COUNT_OF(rows), NULL);                                                              \
    } while (0)

static TEST(what_is_no_expression_is_refused_at_its_place)
{
    CHECK({"", 1, 1, "ends"}, {"1 +", 1, 4, "an expression"}, {"1 2", 1, 3, "the end"}, {"(1", 1, 3, "\")\""},
          {"[1 2]", 1, 4, "\"]\""}, {"hello('a',)", 1, 11, "an expression"}, {"a ? b", 1, 6, "\":\""},
          {"'abc", 1, 1, "closing quote"}, {"'a\nb'", 1, 1, "line"}, {"1 $ 2", 1, 3, "\"$\" is no part"},
          {"1\n + é", 2, 4, "\"é\" is no part"}, {"'\xff'", 1, 2, "not UTF-8"}, {"\xff", 1, 1, "not UTF-8"},
          {"'\\q'", 1, 2, "\"\\q\" is no escape"}, {"'\\u12'", 1, 2, "too short"},
          {"'\\ud800'", 1, 2, "Unicode"}, {"'\\8'", 1, 2, "no escape"}, {"12abc", 1, 3, "number ends"},
          {"9223372036854775808", 1, 1, "64 bits"}, {"1e400", 1, 1, "double"}, {"1 & 2", 1, 3, "no part"},
          {"visit.", 1, 7, "the name of a field"}, {"visit..amount", 1, 7, "the name of a field"},
          {".", 1, 2, "a name"}, {"while", 1, 1, "reserved word"}, {"true && if", 1, 9, "reserved word"},
          {"1 = 2", 1, 3, "no part"}, {"-1 == 2 ! 3", 1, 9, "the end"});
}

static TEST(what_lies_outside_the_subset_is_refused_by_its_name)
{
    CHECK({"1u", 1, 1, "uint"}, {"b'a'", 1, 1, "bytes"}, {"{'a': 1}", 1, 1, "maps"},
          {"Visit{amount: 1}", 1, 1, "messages made"}, {"'a'.matches('b')", 1, 5, "matches() is outside"},
          {"matches('a', 'b')", 1, 1, "matches() is outside"}, {"type(1)", 1, 1, "type() is outside"},
          {"dyn(1)", 1, 1, "dyn() is outside"}, {"uint(1)", 1, 1, "uint() is outside"},
          {"bytes('a')", 1, 1, "bytes() is outside"}, {"int == int", 1, 1, "types as values"},
          {"[1, 'a']", 1, 5, "mixed types"}, {"visit.photo", 1, 7, "bytes"}, {"Mood", 1, 1, "is an enum"});
}

static TEST(types_must_fit)
{
    CHECK({"1 + 'a'", 1, 1, "\"+\" does not take int, string"}, {"1 + 1.0", 1, 1, "int, double"},
          {"!1", 1, 1, "\"!\" does not take int"}, {"-'a'", 1, 1, "\"-\" does not take string"},
          {"1 == 1.0", 1, 1, "int and double are never the same"}, {"visit.amount == null", 1, 1, "has()"},
          {"1 && true", 1, 1, "a term of && is a bool, not int"}, {"true || 'a'", 1, 9, "a term of ||"},
          {"1 ? 2 : 3", 1, 1, "a bool, not int"}, {"true ? 1 : 'a'", 1, 1, "int or string"},
          {"1 in 2", 1, 6, "a list, not int"}, {"1 in ['a']", 1, 1, "int and string"},
          {"1[0]", 1, 1, "a list, not of int"}, {"[1]['a']", 1, 5, "an index is an int"},
          {"[1] + ['a']", 1, 1, "cannot join list(int) and list(string)"},
          {"visit.nothing", 1, 7, "Visit has no field \"nothing\""},
          {"visit.amount.x", 1, 14, "of type int and has no fields"},
          {"Mood.FURIOUS", 1, 6, "Mood has no value"}, {"unknown", 1, 1, "\"unknown\" is not known"},
          {"unknown.x.y", 1, 1, "\"unknown\" is not known"},
          {"figures.limits", 1, 1, "\"figures\" is not known"}, {"f(1)", 1, 1, "f() is not known"},
          {"hello(1)", 1, 1, "hello() does not take (int)"}, {"hello()", 1, 1, "does not take ()"},
          {"size(1)", 1, 1, "size() does not take (int)"},
          {"startsWith('a', 'b')", 1, 1, "is called on a value"},
          {"1.int()", 1, 3, "is called as a function"},
          {"'a'.contains(1)", 1, 1, "contains() on string does not take (int)"},
          {"visit == event", 1, 1, "field by field"}, {"visit.lines == []", 1, 1, "field by field"},
          {"Mood.ANGRY == 3", 1, 1, "Mood and int"},
          {"Mood.ANGRY < Mood.CALM", 1, 1, "does not take Mood, Mood"},
          {"string(Mood.ANGRY)", 1, 1, "string() does not take (Mood)"},
          {"visit.amount.map(x, x)", 1, 1, "goes over a list, not int"},
          {"visit.lines.map(x)", 1, 13, "map() takes a variable"},
          {"visit.lines.all(x.y, true)", 1, 17, "no simple name"},
          {"visit.lines.all(x, 1)", 1, 20, "a bool, not int"}, {"has(visit)", 1, 1, "one field"},
          {"has(visit.amount, 1)", 1, 1, "one field"}, {"has(visit.nothing)", 1, 11, "no field"},
          {"duration(1)", 1, 1, "duration() does not take (int)"});
}

static TEST(a_part_that_always_fails_is_refused)
{
    CHECK({"visit.amount > 1 / 0", 1, 16, "\"1 / 0\" always fails: division by zero"},
          {"duration('5 min')", 1, 1, "is no duration"}, {"timestamp('yesterday')", 1, 1, "no timestamp"},
          {"timestamp(visit.amount).getHours('Mars/Base')", 1, 34, "no time zone"},
          {"timestamp(visit.amount).getHours('+02:00') > 3", 0, 0, NULL});
}

static TEST(facts_that_may_be_absent_must_be_guarded)
{
    CHECK({"visit.limit > 3", 1, 1, "guard it: has(visit.limit)"},
          {"has(visit.limit) && visit.limit > 3", 0, 0, NULL},
          {"visit.limit > 3 && has(visit.limit)", 1, 1, "visit.limit"},
          {"!has(visit.limit) || visit.limit > 3", 0, 0, NULL},
          {"has(visit.limit) || visit.limit > 3", 1, 21, "visit.limit"},
          {"has(visit.limit) ? visit.limit : 0", 0, 0, NULL},
          {"has(visit.limit) ? 0 : visit.limit", 1, 24, "visit.limit"},
          {"!has(visit.limit) ? 0 : visit.limit", 0, 0, NULL},
          {"!(has(visit.limit) && visit.drill)", 1, 23, "visit.drill"},
          {"(has(visit.limit) && has(visit.drill)) && visit.drill && visit.limit > 1", 0, 0, NULL},
          {"(has(visit.limit) || has(visit.drill)) && visit.drill", 1, 43, "visit.drill"},
          {"!(!has(visit.limit) || !has(visit.drill)) && visit.drill", 0, 0, NULL},
          {"(has(visit.limit) && has(visit.drill) || has(visit.limit)) && visit.limit == 1", 0, 0, NULL},
          {"(has(visit.limit) ? true : false) && visit.limit == 1", 0, 0, NULL},
          {"(has(visit.limit) ? has(visit.drill) : false) && visit.drill", 0, 0, NULL},
          {"visit.amount > 3 && size(visit.lines) > 0", 0, 0, NULL},
          {"visit.best.price > 3", 1, 1, "\"visit.best\" may be absent"},
          {"has(visit.best) && visit.best.price > 3", 0, 0, NULL},
          {"has(visit.best.price) && visit.best.price > 3", 0, 0, NULL},
          {"has(visit.best) && visit.best.rebate > 3", 1, 20, "visit.best.rebate"},
          {"has(visit.best.rebate) && visit.best.price > visit.best.rebate", 0, 0, NULL},
          {"has(visit.earlier.earlier.limit) && visit.earlier.earlier.limit > 1", 0, 0, NULL},
          {"event.best.price > 3", 0, 0, NULL}, {"event.best.rebate > 3", 1, 1, "event.best.rebate"},
          {"visit.lines.all(l, l.rebate > 3)", 1, 20, "has(l.rebate)"},
          {"visit.lines.all(l, has(l.rebate) && l.rebate > 3)", 0, 0, NULL},
          {"visit.lines.map(l, has(l.rebate), l.rebate) == [1]", 0, 0, NULL},
          {"visit.lines.all(l, has(l.rebate)) && visit.lines.all(l, l.rebate > 3)", 1, 57, "l.rebate"},
          {"visit.lines.all(l, has(l.rebate) && visit.lines.all(l, l.rebate > 3))", 1, 56, "l.rebate"},
          {"visit.lines[0].rebate > 1", 1, 1, "visit.lines[0].rebate"},
          {"has(visit.lines[0].rebate) && visit.lines[0].rebate > 1", 0, 0, NULL},
          {"has(visit.lines[0].rebate) && visit.lines[1].rebate > 1", 1, 31, "visit.lines[1].rebate"},
          {"has(visit.lines[0].rebate) && visit.lines[visit.amount].rebate > 1", 1, 57, "has() cannot guard"},
          {"customer.amount > 1", 1, 1, "customer"},
          {"has(customer.store) && customer.amount > 1", 0, 0, NULL},
          {"has(customer.amount) && customer.amount > 1", 0, 0, NULL},
          {"has(visit.refund) && visit.refund > 1", 0, 0, NULL}, {"visit.refund > 1", 1, 1, "visit.refund"},
          {"false && visit.limit > 1", 0, 0, NULL});
}

static TEST(a_condition_that_is_given_guards_what_stands_under_it)
{
    struct cel_environment *environment = environment_of_visits();
    struct cel_error error = {0};
    struct cel_source when = {.text = "has(visit.limit) && visit.amount > 3", .size = 36};
    struct cel_program *given = cel_compile(environment, &when, &error);
    assert_non_null(given);
    const char *text = "limit {visit.limit}, {{not}} {visit.store}";
    struct cel_source source = {.text = text, .size = strlen(text), .given = given};
    assert_null(cel_template_compile(environment, &source, &error));
    assert_int_equal(error.column, 31);
    assert_non_null(strstr(error.message, "\"visit.store\" may be absent"));
    source.size = strlen("limit {visit.limit}");
    struct cel_template *template = cel_template_compile(environment, &source, &error);
    assert_non_null(template);
    cel_template_free(template);
    cel_program_free(given);
    cel_environment_free(environment);
}

static TEST(the_result_must_have_the_expected_type)
{
    static const struct row rows[] = {{"visit.amount", 1, 1, "bool is wanted here, and this is int"},
                                      {"visit.amount > 1", 0, 0, NULL}};
    check_rows(rows, COUNT_OF(rows), &cel_type_bool);
}

/* `text` times `before`, then a middle, then `text` times `after`. */
static char *repeated(const char *before, const char *middle, const char *after, size_t times)
{
    struct bytes text = {0};
    for (size_t i = 0; i < times; i++)
        bytes_append_text(&text, before);
    bytes_append_text(&text, middle);
    for (size_t i = 0; i < times; i++)
        bytes_append_text(&text, after);
    bytes_append_u8(&text, 0);
    return (char *)text.data;
}

static TEST(depth_length_and_cost_are_bounded)
{
    struct {
        char *text;
        const char *message;
    } rows[] = {
        {repeated("(", "1", ")", 5000), "deep"},
        {repeated("!", "true", "", 5000), "deep"},
        {repeated("-", "1", "", 5000), "deep"},
        {repeated("[", "1", "]", 5000), "deep"},
        {repeated("", "1", " + 1", 3000), "deep"},
        {repeated("true ? true : ", "true", "", 1000), "deep"},
        {repeated("hello(", "'a'", ")", 2000), "deep"},
        {repeated("", "visit", ".earlier", 1500), "deep"},
        {repeated("", "1", " == 1 && 1", 3000), "longer than"},
        {repeated("visit.lines.all(l, ", "true", ")", 3), "steps"},
        {repeated("[1].all(x, ", "true", ")", 9), "macros are nested"},
    };
    struct cel_environment *environment = environment_of_visits();
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct cel_error error = {0};
        struct cel_source source = {.text = rows[i].text, .size = strlen(rows[i].text)};
        assert_null(cel_compile(environment, &source, &error));
        if (!strstr(error.message, rows[i].message))
            fail_msg("%.40s…: %s", rows[i].text, error.message);
        free(rows[i].text);
    }
    cel_environment_free(environment);
}

/* Each level doubles what a checker would do that looked at conditions again and again. */
static TEST(nested_conditions_take_no_exponential_time)
{
    char *text = repeated("(", "has(visit.limit)", " ? true : has(visit.drill))", 60);
    struct cel_environment *environment = environment_of_visits();
    struct cel_error error = {0};
    struct cel_source source = {.text = text, .size = strlen(text)};
    struct cel_program *program = cel_compile(environment, &source, &error);
    assert_non_null(program);
    cel_program_free(program);
    cel_environment_free(environment);
    free(text);
}

RUN_TESTS(cmocka_unit_test(what_is_no_expression_is_refused_at_its_place),
          cmocka_unit_test(what_lies_outside_the_subset_is_refused_by_its_name),
          cmocka_unit_test(types_must_fit), cmocka_unit_test(a_part_that_always_fails_is_refused),
          cmocka_unit_test(facts_that_may_be_absent_must_be_guarded),
          cmocka_unit_test(a_condition_that_is_given_guards_what_stands_under_it),
          cmocka_unit_test(the_result_must_have_the_expected_type),
          cmocka_unit_test(depth_length_and_cost_are_bounded),
          cmocka_unit_test(nested_conditions_take_no_exponential_time))
