/* cel_fuzz: the policy language on any text, over any message: what compiles is evaluated, and its
 * explanation must give the same answer.
 *
 * The input is a byte of choices, an expression, a NUL, and the bytes of an Event. */
#include "common/base/memory.h"
#include "common/policy/cel/template.h"
#include "proto/bellhop/v1/event.pb-c.h"
#include "tests/fuzz/fuzzing.h"
#include "tests/support/cel_value.h"

enum { IS_LENIENT = 1, IS_PRESENT = 2, IS_TEMPLATE = 4, ARENA_BYTES = 1 << 20 };

static const char *role_for(void *owner, void *host, const struct cel_value *arguments,
                            union cel_datum *ret_result)
{
    (void)owner, (void)host;
    if (arguments[0].as.integer < 0)
        return "no role";
    *ret_result = cel_string("shift_lead").as;
    return NULL;
}

static const struct cel_transition changes[] = {{0, 3600}, {954032400, 7200}, {972781200, 3600}};
static const struct cel_zone zone = {.first_offset_s = -3600, .count = 3, .transitions = changes};

static const struct cel_zone *find_zone(void *owner, struct cel_text name)
{
    (void)owner;
    return name.size > 3 ? &zone : NULL;
}

static struct cel_environment *environment_of(uint8_t choices)
{
    static const struct cel_type message = {.kind = CEL_MESSAGE, .descriptor = &wire_event__descriptor};
    static const struct cel_type texts = {.kind = CEL_LIST, .element = &cel_type_string};
    struct cel_environment *environment = cel_environment_new("bellhop.v1");
    cel_environment_variable(environment, "event", 0, &message);
    cel_environment_variable(environment, "words", 1, &texts);
    cel_environment_variable(environment, "x", 2, &cel_type_int);
    cel_environment_variable(environment, "d", 3, &cel_type_double);
    cel_environment_variable(environment, "t", 4, &cel_type_timestamp);
    cel_environment_optional(environment, "customer", 5, &wire_event__descriptor);
    struct cel_value lead = cel_duration_ms(300000);
    cel_environment_constant(environment, "figures.lead", &lead);
    cel_environment_zones(environment, find_zone, NULL);
    cel_environment_function(environment, &(struct cel_function){.name = "role_for",
                                                                 .arguments = {&cel_type_int},
                                                                 .result = &cel_type_string,
                                                                 .call = role_for});
    if (choices & IS_LENIENT)
        cel_environment_lenient(environment);
    if (choices & IS_PRESENT)
        cel_environment_present(environment, "event.source");
    return environment;
}

static void ignore(void *owner, const struct cel_report *report)
{
    require(report->node < *(unsigned *)owner && report->parent <= report->node);
}

static size_t print(const struct cel_value *value, char *text, size_t size)
{
    size_t length = cel_value_print(value, text, size);
    return length < size ? length : size - 1;
}

/* Both ways to run a program agree, to the place of the error and the bits of the value. */
static void compare(const struct cel_program *program, struct cel_activation *activation)
{
    static struct cel_scratch scratches[2];
    static char texts[2][CEL_SCRATCH_BYTES];
    struct cel_value values[2] = {0};
    struct cel_failure failures[2] = {0};
    unsigned nodes = cel_program_nodes(program);
    cel_scratch_reset(&scratches[0]);
    cel_scratch_reset(&scratches[1]);
    activation->scratch = &scratches[0];
    bool is_good = cel_evaluate(program, activation, &values[0], &failures[0]);
    activation->scratch = &scratches[1];
    require(cel_explain(program, activation, ignore, &nodes, &values[1], &failures[1]) == is_good);
    require(scratches[0].used == scratches[1].used);
    if (!is_good) {
        require(failures[0].message == failures[1].message && failures[0].offset == failures[1].offset);
        return;
    }
    size_t length = print(&values[0], texts[0], sizeof texts[0]);
    require(print(&values[1], texts[1], sizeof texts[1]) == length &&
            memcmp(texts[0], texts[1], length) == 0);
}

static void try_program(const struct cel_environment *environment, const struct cel_source *source,
                        struct cel_activation *activation)
{
    struct cel_error error = {0};
    const char *const *paths;
    struct cel_program *program = cel_compile(environment, source, &error);
    if (!program) {
        require(error.line && error.column && error.offset <= source->size && error.message[0]);
        return;
    }
    cel_program_reads(program, &paths);
    compare(program, activation);
    cel_program_free(program);
}

static void try_template(const struct cel_environment *environment, const struct cel_source *source,
                         struct cel_activation *activation)
{
    static struct cel_scratch scratch;
    char text[200];
    struct cel_error error = {0};
    struct cel_failure failure;
    struct cel_template *template = cel_template_compile(environment, source, &error);
    if (!template)
        return;
    activation->scratch = &scratch;
    cel_scratch_reset(&scratch);
    size_t length = cel_template_render(template, activation, text, sizeof text, &failure);
    require(strlen(text) <= length && strlen(text) < sizeof text);
    cel_template_free(template);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    uint8_t choices = data[0];
    const uint8_t *text = data + 1, *end = memchr(text, 0, size - 1);
    size_t text_size = end ? (size_t)(end - text) : size - 1;
    struct slice bytes = end ? slice_of(end + 1, size - 2 - text_size) : slice_of(NULL, 0);
    AUTO(arena) *arena = arena_new(ARENA_BYTES);
    ProtobufCMessage *event = wire_unpack(&wire_event__descriptor, bytes, arena, NULL);
    static const union cel_datum words[] = {{.text = {"Grüße", 7}}, {.text = {"", 0}}, {.text = {"x\0y", 3}}};
    const struct cel_value bindings[] = {
        cel_message(event),
        cel_value_list(NULL, words, COUNT_OF(words)),
        cel_int(choices - 100),
        cel_value_double(choices / 7.0),
        cel_value_timestamp((int64_t)choices * 1000003000007),
        cel_message(choices & IS_PRESENT ? event : NULL),
    };
    struct cel_activation activation = {.bindings = bindings};
    struct cel_source source = {.text = (const char *)text, .size = text_size};
    struct cel_environment *environment = environment_of(choices);
    if (choices & IS_TEMPLATE)
        try_template(environment, &source, &activation);
    else
        try_program(environment, &source, &activation);
    cel_environment_free(environment);
    return 0;
}
