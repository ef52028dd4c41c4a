/* evaluate: the answers of the policy language, by expression. */
#include "common/base/text.h"
#include "tests/support/cel_value.h"
#include "tests/support/check.h"
#include "tests/support/visit.h"

#include "common/policy/cel/cel.h"

#include <stdio.h>
#include <string.h>

struct row {
    const char *expression;
    const char *answer; /* as cel_value_print() has it; "error" for an error */
};

static struct visit_line soap = {.product = "soap", .price = 250, .has_rebate = 1, .rebate = 25};
static struct visit_line tyre = {.product = "tyre", .price = 9900};
static struct visit_line *lines[] = {&soap, &tyre};
static char *topics[] = {"returns", "tyres", "größe"};
static enum visit_mood moods[] = {VISIT_CALM, VISIT_ANGRY};
static struct visit earlier = {.amount = 3, .store = "north"};

static struct visit visit = {
    .amount = 5000,
    .store = "berlin",
    .channel = "phone",
    .has_mood = 1,
    .mood = VISIT_ANGRY,
    .has_drill = 1,
    .drill = 1,
    .has_share = 1,
    .share = 0.25,
    .has_rate = 1,
    .rate = 1.5f,
    .has_count = 1,
    .count = -7,
    .has_menus = 1,
    .menus = 4000000000u,
    .has_sequence = 1,
    .sequence = 9,
    .has_seen_at = 1,
    .seen_at = 1700000000123456,
    .has_waited_ms = 1,
    .waited_ms = 300000,
    .best = &soap,
    .n_lines = 2,
    .lines = lines,
    .n_topics = 3,
    .topics = topics,
    .n_moods = 2,
    .moods = moods,
    .earlier = &earlier,
    .outcome_case = VISIT_REFUND,
    .refund = 120,
};
static struct visit empty = {.amount = 1};
static struct visit strange = {
    .amount = 1,
    .has_sequence = 1,
    .sequence = UINT64_MAX,
    .has_seen_at = 1,
    .seen_at = INT64_MAX,
    .has_waited_ms = 1,
    .waited_ms = INT64_MAX,
};

/* A zone of two halves: one hour east of UTC from 2000 on, two before. */
static const struct cel_transition half_change[] = {{946684800, 3600}};
static const struct cel_zone half_zone = {.first_offset_s = 7200, .count = 1, .transitions = half_change};

static const struct cel_zone *find_zone(void *owner, struct cel_text name)
{
    (void)owner;
    return name.size == 4 && memcmp(name.bytes, "Half", 4) == 0 ? &half_zone : NULL;
}

static const char *role_for(void *owner, void *host, const struct cel_value *arguments,
                            union cel_datum *ret_result)
{
    const char *const *roles = owner;
    (void)host;
    if (arguments[0].as.integer < 0)
        return "no role grants a negative amount";
    *ret_result = cel_string(roles[arguments[0].as.integer > 5000]).as;
    return NULL;
}

static const char *host_bonus(void *owner, void *host, const struct cel_value *arguments,
                              union cel_datum *ret_result)
{
    (void)owner;
    ret_result->integer = *(int64_t *)host + arguments[0].as.integer + (int64_t)arguments[1].as.text.size;
    return NULL;
}

enum { SLOT_VISIT, SLOT_EMPTY, SLOT_STRANGE, SLOT_NUMBER, SLOT_NOBODY, SLOT_NOW, SLOTS };

static struct cel_environment *environment_of_visits(void)
{
    static const char *const roles[] = {"associate", "store_manager"};
    const struct cel_type message = {.kind = CEL_MESSAGE, .descriptor = &visit_descriptor};
    struct cel_environment *environment = cel_environment_new("shop.v1");
    cel_environment_lenient(environment);
    cel_environment_variable(environment, "visit", SLOT_VISIT, &message);
    cel_environment_variable(environment, "empty", SLOT_EMPTY, &message);
    cel_environment_variable(environment, "strange", SLOT_STRANGE, &message);
    cel_environment_variable(environment, "number", SLOT_NUMBER, &cel_type_int);
    cel_environment_optional(environment, "nobody", SLOT_NOBODY, &visit_descriptor);
    cel_environment_variable(environment, "now", SLOT_NOW, &cel_type_timestamp);
    struct cel_value lead = cel_duration_ms(300000), name = cel_string("a \"name\"");
    cel_environment_constant(environment, "figures.hold_lead", &lead);
    cel_environment_constant(environment, "shop.v1.figures.name", &name);
    cel_environment_zones(environment, find_zone, NULL);
    cel_environment_function(environment, &(struct cel_function){.name = "role_for",
                                                                 .arguments = {&cel_type_int},
                                                                 .result = &cel_type_string,
                                                                 .call = role_for,
                                                                 .owner = (void *)roles});
    cel_environment_function(environment,
                             &(struct cel_function){.name = "bonus",
                                                    .arguments = {&cel_type_int, &cel_type_string},
                                                    .result = &cel_type_int,
                                                    .call = host_bonus});
    return environment;
}

static void ignore(void *owner, const struct cel_report *report)
{
    (void)report;
    ++*(unsigned *)owner;
}

struct answer {
    char text[256];
};

static struct answer answer_of(bool is_good, const struct cel_value *value)
{
    struct answer answer = {"error"};
    if (is_good)
        cel_value_print(value, answer.text, sizeof answer.text);
    return answer;
}

/* Both forms of the program must give the answer, and explain every node at least once. */
static void check_rows(const struct row *rows, size_t count)
{
    static struct cel_scratch scratch;
    int64_t host = 1000;
    struct cel_environment *environment = environment_of_visits();
    const struct cel_value bindings[SLOTS] = {
        [SLOT_VISIT] = cel_message(&visit.base),     [SLOT_EMPTY] = cel_message(&empty.base),
        [SLOT_STRANGE] = cel_message(&strange.base), [SLOT_NUMBER] = cel_int(42),
        [SLOT_NOBODY] = cel_message(NULL),           [SLOT_NOW] = cel_value_timestamp(1700000000000000),
    };
    const struct cel_activation activation = {bindings, &scratch, &host};
    for (size_t i = 0; i < count; i++) {
        struct cel_source source = {.text = rows[i].expression, .size = strlen(rows[i].expression)};
        struct cel_error error;
        struct cel_program *program = cel_compile(environment, &source, &error);
        if (!program)
            fail_msg("%s: refused at %u:%u: %s", rows[i].expression, error.line, error.column, error.message);
        struct cel_value value;
        struct cel_failure fast = {0}, explained = {0};
        cel_scratch_reset(&scratch);
        struct answer answer = answer_of(cel_evaluate(program, &activation, &value, &fast), &value);
        if (!text_equal(answer.text, rows[i].answer))
            fail_msg("%s is %s (%s), not %s", rows[i].expression, answer.text, fast.message, rows[i].answer);
        unsigned reports = 0;
        cel_scratch_reset(&scratch);
        answer = answer_of(cel_explain(program, &activation, ignore, &reports, &value, &explained), &value);
        assert_string_equal(answer.text, rows[i].answer);
        assert_true(reports >= cel_program_nodes(program));
        assert_true(fast.message == explained.message && fast.offset == explained.offset &&
                    fast.size == explained.size);
        cel_program_free(program);
    }
    cel_environment_free(environment);
}

#define CHECK(...)                                                                                           \
    do {                                                                                                     \
        static const struct row rows[] = {__VA_ARGS__};                                                      \
        check_rows(rows, COUNT_OF(rows));                                                                    \
    } while (0)

static TEST(ints_stay_within_64_bits)
{
    CHECK({"1 + 2 * 3 - 4", "3"}, {"7 / 2", "3"}, {"-7 / 2", "-3"}, {"-7 % 3", "-1"}, {"7 % -3", "1"},
          {"9223372036854775807", "9223372036854775807"}, {"-9223372036854775808", "-9223372036854775808"},
          {"9223372036854775807 + 1", "error"}, {"-9223372036854775808 - 1", "error"},
          {"-9223372036854775808 / -1", "error"}, {"-9223372036854775808 % -1", "error"},
          {"-(-9223372036854775808)", "error"}, {"3037000500 * 3037000500", "error"}, {"1 / 0", "error"},
          {"1 % 0", "error"}, {"0x10 + 0xfF", "271"}, {"-0x10", "-16"}, {"2 - -1", "3"}, {"2-1", "1"},
          {"--1", "1"}, {"- 5", "-5"});
}

static TEST(doubles_are_those_of_ieee_754)
{
    CHECK({"0.1 + 0.2", "0.30000000000000004"}, {"1.0 / 0.0", "+Inf"}, {"-1.0 / 0.0", "-Inf"},
          {"0.0 / 0.0", "NaN"}, {"0.0 / 0.0 == 0.0 / 0.0", "false"}, {"0.0 / 0.0 != 0.0 / 0.0", "true"},
          {"0.0 / 0.0 < 1.0", "false"}, {"-0.0 == 0.0", "true"}, {".5 + 1.0", "1.5"});
}

static TEST(numbers_of_both_kinds_are_ordered_exactly)
{
    CHECK({"1 < 1.5", "true"}, {"2 <= 1.5", "false"}, {"1.0 >= 1", "true"},
          {"9223372036854775807 < 9223372036854775808.0", "true"},
          {"9223372036854775807 >= 9223372036854775808.0", "false"},
          {"9007199254740993 > 9007199254740992.0", "true"}, {"1 < 0.0 / 0.0", "false"},
          {"1 > 0.0 / 0.0", "false"}, {"0.0 / 0.0 > 1", "false"}, {"0.0 / 0.0 <= 1", "false"},
          {"-1 > -1.5", "true"}, {"-2 < -1.5", "true"}, {"1 < 1e300", "true"}, {"1 > -1e300", "true"});
}

static TEST(and_and_or_absorb_errors_from_either_side)
{
    CHECK({"1 / 0 == 1 || true", "true"}, {"true || 1 / 0 == 1", "true"}, {"1 / 0 == 1 && false", "false"},
          {"false && 1 / 0 == 1", "false"}, {"1 / 0 == 1 || false", "error"}, {"1 / 0 == 1 && true", "error"},
          {"true && 1 / 0 == 1 && false", "false"}, {"(1 / 0 == 1 || true) && true", "true"},
          {"false || false || 1 / 0 == 1 || true", "true"}, {"!(1 / 0 == 1)", "error"},
          {"!true || !!true", "true"});
}

static TEST(a_condition_takes_one_branch)
{
    CHECK({"true ? 1 : 1 / 0", "1"}, {"false ? 1 / 0 : 2", "2"}, {"1 / 0 == 1 ? 1 : 2", "error"},
          {"false ? 1 : true ? 2 : 3", "2"}, {"(true ? [] : [1]) == []", "true"}, {"true ? 1 : 2 + 3", "1"});
}

static TEST(strings_are_code_points)
{
    CHECK({"size('größe')", "5"}, {"'größe'.size()", "5"}, {"size('\\U0001F431')", "1"},
          {"'a' + 'b' == 'ab'", "true"}, {"'größe'.startsWith('grö')", "true"},
          {"'größe'.endsWith('ße')", "true"}, {"'größe'.contains('ß')", "true"}, {"'x'.contains('')", "true"},
          {"''.startsWith('')", "true"}, {"''.contains('x')", "false"},
          {"'a' < 'b' && 'Z' < 'a' && 'a' < 'aa' && '\\uFFFF' < '\\U00010000'", "true"}, {"'' < 'a'", "true"},
          {"'\\x41\\101\\u0041\\U00000041'", "AAAA"}, {"r'\\n' == '\\\\n'", "true"},
          {"'''a'b\n''' == \"a'b\\n\"", "true"}, {"R\"\"\"a\"\\b\"\"\"", "a\"\\b"},
          {"'a' // comment\n + 'b'", "ab"});
}

static TEST(conversions_give_a_value_of_the_type_or_an_error)
{
    CHECK({"int('-12')", "-12"}, {"int('1.5')", "error"}, {"int('')", "error"}, {"int(' 1')", "error"},
          {"int('9223372036854775808')", "error"}, {"int(-1.9)", "-1"}, {"int(1.9)", "1"},
          {"int(1e19)", "error"}, {"int(9223372036854775808.0)", "error"},
          {"int(-9223372036854775808.0)", "error"}, {"int(0.0 / 0.0)", "error"},
          {"int(timestamp('1970-01-01T00:00:01.9Z'))", "1"},
          {"int(timestamp('1969-12-31T23:59:59.5Z'))", "-1"}, {"int(Mood.ANGRY)", "3"},
          {"double('1e3')", "1000"}, {"double('abc')", "error"}, {"double(3)", "3"},
          {"double('1e400')", "+Inf"}, {"double('-inf')", "-Inf"}, {"double('NaN')", "NaN"},
          {"double('.5')", "0.5"}, {"double('0x1p3')", "error"}, {"string(12)", "12"}, {"string(1.5)", "1.5"},
          {"string(1e6)", "1e+06"}, {"string(123456.0)", "123456"}, {"string(0.0001)", "0.0001"},
          {"string(0.00001)", "1e-05"}, {"string(-0.0)", "-0"}, {"string(6.02214e23)", "6.02214e+23"},
          {"string(true)", "true"}, {"string(duration('1.5s'))", "1.5s"}, {"string('x')", "x"},
          {"bool('true')", "true"}, {"bool('False')", "false"}, {"bool('yes')", "error"},
          {"timestamp('2024-02-29T12:00:00+02:00')", "2024-02-29T10:00:00Z"},
          {"timestamp(0)", "1970-01-01T00:00:00Z"}, {"timestamp('2023-02-29T00:00:00Z')", "error"},
          {"timestamp('2024-01-01')", "error"}, {"timestamp(-62135596801)", "error"},
          {"duration('1h30m')", "5400s"}, {"duration('-1ms')", "-0.001s"}, {"duration('1')", "error"},
          {"duration('')", "error"}, {"duration('0')", "0s"},
          {"duration('2562047h47m16.854775807s')", "9223372036.854775807s"},
          {"duration('2562047h47m16.854775808s')", "error"},
          {"duration('-2562047h47m16.854775808s')", "-9223372036.854775808s"});
}

static TEST(times_keep_their_range)
{
    CHECK({"timestamp('9999-12-31T23:59:59.999999999Z') + duration('1ns')", "error"},
          {"timestamp('0001-01-01T00:00:00Z') - duration('1ns')", "error"},
          {"timestamp('2024-01-01T00:00:00Z') - duration('-1h')", "2024-01-01T01:00:00Z"},
          {"timestamp('2024-01-01T00:00:00Z') - timestamp('2023-12-31T23:59:59.999999999Z')", "0.000000001s"},
          {"timestamp('2024-01-01T00:00:00Z') - timestamp('1600-01-01T00:00:00Z')", "error"},
          {"duration('200000000000s')", "error"}, {"duration('6m') / 3", "120s"},
          {"duration('100s') / 3", "33.333333333s"}, {"duration('1s') / 0", "error"},
          {"duration('-9223372036.854775808s') / -1", "error"},
          {"duration('9000000000s') + duration('9000000000s')", "error"},
          {"duration('1s') < duration('2s') && timestamp(1) <= timestamp(1)", "true"});
}

static TEST(selectors_of_time_know_zones)
{
    CHECK({"timestamp('2024-02-29T23:30:15.25Z').getFullYear()", "2024"},
          {"timestamp('2024-02-29T23:30:15.25Z').getMonth()", "1"},
          {"timestamp('2024-02-29T23:30:15.25Z').getDate()", "29"},
          {"timestamp('2024-02-29T23:30:15.25Z').getDayOfMonth()", "28"},
          {"timestamp('2024-02-29T23:30:15.25Z').getDayOfWeek()", "4"},
          {"timestamp('2024-12-31T23:30:15.25Z').getDayOfYear()", "365"},
          {"timestamp('2024-02-29T23:30:15.25Z').getHours('+02:00')", "1"},
          {"timestamp('2024-02-29T23:30:15.25Z').getMinutes('-00:45')", "45"},
          {"timestamp('2024-02-29T23:30:15.25Z').getSeconds()", "15"},
          {"timestamp('2024-02-29T23:30:15.25Z').getMilliseconds('UTC')", "250"},
          {"timestamp('1999-12-31T23:59:59Z').getHours('Half')", "1"},
          {"timestamp('2000-01-01T00:00:00Z').getHours('Half')", "1"},
          {"timestamp('2000-01-01T00:00:00Z').getHours('Quarter')", "error"},
          {"timestamp(0).getHours('2:00')", "error"},
          {"timestamp('0001-01-01T00:00:00Z').getFullYear('-01:00')", "0"},
          {"timestamp('1969-12-31T00:00:00Z').getDayOfWeek()", "3"}, {"duration('3730.5s').getHours()", "1"},
          {"duration('3730.5s').getMinutes()", "62"}, {"duration('3730.5s').getSeconds()", "3730"},
          {"duration('3730.5s').getMilliseconds()", "500"});
}

static TEST(lists_and_macros)
{
    CHECK(
        {"[1, 2] + [3]", "[1, 2, 3]"}, {"[] + []", "[]"}, {"[[1], []] == [[1], []]", "true"},
        {"[1, 2][1]", "2"}, {"[1][1]", "error"}, {"[1][-1]", "error"}, {"[][0]", "error"},
        {"2 in [1, 2]", "true"}, {"'a' in []", "false"}, {"[1] in [[1], [2]]", "true"}, {"size([1, 2])", "2"},
        {"[1, 2,].size()", "2"}, {"[1, 2, 3].all(x, x > 0)", "true"}, {"[1, 0].all(x, 1 / x > 5)", "false"},
        {"[1, 0].all(x, 1 / x > 0)", "error"}, {"[0, 1].exists(x, 1 / x > 0)", "true"},
        {"[0, 2].exists(x, 1 / x > 0)", "error"}, {"[1, 2].exists_one(x, x > 1)", "true"},
        {"[2, 2].exists_one(x, x > 1)", "false"}, {"[0, 1].exists_one(x, 1 / x == 1)", "error"},
        {"[1, 2, 3].filter(x, x % 2 == 1)", "[1, 3]"}, {"[1, 2].map(x, x * 2)", "[2, 4]"},
        {"[1, 2, 3].map(x, x > 1, string(x))", "[2, 3]"}, {"[1, 0].map(x, 1 / x)", "error"},
        {"[].all(x, x)", "true"}, {"[1, 2].map(x, [x, x]).map(x, x[0] + x[1])", "[2, 4]"},
        {"[1, 2].all(x, [3, 4].exists(y, x < y && y in [3, 4]))", "true"},
        {"[1].all(number, number == 1) && number == 42", "true"}, {"[1].all(number, .number == 42)", "true"},
        {"[][0] + 1", "error"}, {"[].exists(x, x.y.z == 3 || x[0].a)", "false"});
}

static TEST(fields_have_the_types_of_their_conventions)
{
    CHECK({"visit.amount", "5000"}, {"visit.store", "berlin"}, {"visit.mood", "ANGRY"},
          {"visit.mood == Mood.ANGRY", "true"}, {"visit.mood != shop.v1.Mood.CALM", "true"},
          {"visit.drill", "true"}, {"visit.share + 0.25", "0.5"}, {"visit.rate", "1.5"},
          {"visit.count", "-7"}, {"visit.menus", "4000000000"}, {"visit.sequence", "9"},
          {"visit.seen_at", "2023-11-14T22:13:20.123456Z"}, {"visit.waited_ms", "300s"},
          {"visit.waited_ms >= figures.hold_lead", "true"}, {"duration('5m') <= visit.waited_ms", "true"},
          {"visit.seen_at - visit.waited_ms < now", "true"}, {"visit.best.price * 2", "500"},
          {"visit.earlier.amount", "3"}, {"visit.lines.map(l, l.price)", "[250, 9900]"},
          {"visit.lines[1].product", "tyre"}, {"visit.lines[2].product", "error"},
          {"visit.lines.exists(l, l.price > 5000 && !has(l.rebate))", "true"},
          {"'tyres' in visit.topics", "true"}, {"visit.topics.map(t, size(t))", "[7, 5, 5]"},
          {"visit.moods", "[CALM, ANGRY]"}, {"Mood.ANGRY in visit.moods", "true"},
          {"visit.moods + [Mood.HURRIED]", "[CALM, ANGRY, HURRIED]"}, {"size(visit.lines)", "2"},
          {"visit.refund", "120"}, {"figures.name", "a \"name\""},
          {"visit.topics == ['returns', 'tyres', 'größe']", "true"});
}

static TEST(unset_fields_read_as_their_defaults_and_has_tells)
{
    CHECK({"has(visit.limit)", "false"}, {"visit.limit", "50"}, {"empty.limit", "50"},
          {"empty.channel", "counter"}, {"has(empty.channel)", "false"}, {"has(visit.channel)", "true"},
          {"empty.mood", "HURRIED"}, {"empty.store", ""}, {"has(empty.store)", "false"},
          {"empty.drill", "false"}, {"empty.share", "0"}, {"empty.seen_at", "1970-01-01T00:00:00Z"},
          {"empty.waited_ms", "0s"}, {"empty.best.price", "0"}, {"has(empty.best.price)", "false"},
          {"has(visit.best.price)", "true"}, {"has(empty.best)", "false"},
          {"empty.earlier.earlier.earlier.limit", "50"}, {"has(empty.earlier.earlier.limit)", "false"},
          {"has(visit.earlier.store)", "true"}, {"has(empty.lines)", "false"}, {"has(visit.lines)", "true"},
          {"empty.lines.all(l, l.price > 1)", "true"}, {"has(visit.photo)", "false"},
          {"has(visit.refund) && !has(visit.remark) && !has(visit.sale)", "true"}, {"visit.remark", ""},
          {"visit.sale.price", "0"}, {"has(nobody.store)", "false"}, {"nobody.limit", "50"},
          {"size(nobody.lines)", "0"}, {"nobody.best.product", ""});
}

static TEST(fields_out_of_their_types_range_are_errors)
{
    CHECK({"strange.sequence", "error"}, {"strange.seen_at", "error"}, {"strange.waited_ms", "error"},
          {"strange.waited_ms > duration('1s')", "error"}, {"has(strange.seen_at)", "true"},
          {"strange.seen_at > now || true", "true"});
}

static TEST(host_functions_get_typed_arguments)
{
    CHECK({"role_for(visit.amount)", "associate"}, {"role_for(visit.amount + 1) == 'store_manager'", "true"},
          {"role_for(-1)", "error"}, {"role_for(-1) == 'x' || true", "true"}, {"bonus(2, 'abc')", "1005"});
}

static TEST(what_runs_away_is_stopped)
{
    static char text[8192];
    size_t size = (size_t)sprintf(text, "visit.topics");
    for (int i = 0; i < 12; i++)
        size += (size_t)sprintf(text + size, ".map(x, x + x)");
    sprintf(text + size, ".size()");
    const struct row grows[] = {{text, "error"}};
    check_rows(grows, 1);
    const struct row absorbed[] = {{"visit.topics.map(x, x + x + x).all(x, size(x) > 1)", "true"}};
    check_rows(absorbed, 1);
}

RUN_TESTS(cmocka_unit_test(ints_stay_within_64_bits), cmocka_unit_test(doubles_are_those_of_ieee_754),
          cmocka_unit_test(numbers_of_both_kinds_are_ordered_exactly),
          cmocka_unit_test(and_and_or_absorb_errors_from_either_side),
          cmocka_unit_test(a_condition_takes_one_branch), cmocka_unit_test(strings_are_code_points),
          cmocka_unit_test(conversions_give_a_value_of_the_type_or_an_error),
          cmocka_unit_test(times_keep_their_range), cmocka_unit_test(selectors_of_time_know_zones),
          cmocka_unit_test(lists_and_macros), cmocka_unit_test(fields_have_the_types_of_their_conventions),
          cmocka_unit_test(unset_fields_read_as_their_defaults_and_has_tells),
          cmocka_unit_test(fields_out_of_their_types_range_are_errors),
          cmocka_unit_test(host_functions_get_typed_arguments), cmocka_unit_test(what_runs_away_is_stopped))
