/* selection: patterns by wire/topic, the expression by policy/cel over the one variable `decision`. */
#include "services/relay/deliver/selection.h"

#include "common/base/memory.h"
#include "common/base/text.h"
#include "common/policy/cel/cel.h"
#include "common/wire/topic.h"

struct selection {
    char *topics[SELECTION_TOPICS];
    size_t topic_count;
    char *filter;
    struct cel_program *program; /* NULL: takes all */
    struct cel_scratch *scratch;
};

/* Set in every decision; anything else is guarded by has(), as in a policy. */
static const char *const always_present[] = {
    "decision.position", "decision.position.epoch", "decision.position.seq",   "decision.ordinal",
    "decision.kind",     "decision.decided_at",     "decision.engine_version", "decision.late",
    "decision.drill",    "decision.silenced",       "decision.event_id",       "decision.has_text",
};

static struct cel_program *compile(const char *filter, char why[static WHY_SIZE])
{
    const struct cel_type decision = {.kind = CEL_MESSAGE, .descriptor = &wire_decision__descriptor};
    const struct cel_source source = {.text = filter, .size = strlen(filter), .expected = &cel_type_bool};
    struct cel_environment *environment = cel_environment_new("bellhop.v1");
    struct cel_error error;
    cel_environment_variable(environment, "decision", 0, &decision);
    for (size_t i = 0; i < COUNT_OF(always_present); i++)
        cel_environment_present(environment, always_present[i]);
    struct cel_program *program = cel_compile(environment, &source, &error);
    cel_environment_free(environment);
    if (!program)
        text_format(why, WHY_SIZE, "line %u, column %u: %s", error.line, error.column, error.message);
    return program;
}

struct selection *selection_new(char *const *topics, size_t count, const char *filter, bool *ret_is_filter,
                                char why[static WHY_SIZE])
{
    AUTO(selection) *selection = NEW(selection);
    *ret_is_filter = false;
    if (count > SELECTION_TOPICS) {
        text_format(why, WHY_SIZE, "%zu topics, at most %d may be named", count, SELECTION_TOPICS);
        return NULL;
    }
    for (size_t i = 0; i < count; i++) {
        if (!topic_pattern_is_valid(topics[i])) {
            text_format(why, WHY_SIZE, "\"%s\" is not a pattern of topics", topics[i]);
            return NULL;
        }
        selection->topics[selection->topic_count++] = memory_copy_text(topics[i]);
    }
    selection->filter = memory_copy_text(text_or_empty(filter));
    *ret_is_filter = true;
    if (*selection->filter) {
        selection->scratch = NEW(cel_scratch);
        selection->program = compile(selection->filter, why);
        if (!selection->program)
            return NULL;
    }
    return TAKE(selection);
}

void selection_free(struct selection *selection)
{
    if (!selection)
        return;
    for (size_t i = 0; i < selection->topic_count; i++)
        free(selection->topics[i]);
    cel_program_free(selection->program);
    free(selection->scratch);
    free(selection->filter);
    free(selection);
}

bool selection_is_known(const struct selection *selection, char why[static WHY_SIZE])
{
    char words[TOPIC_WORDS_SIZE];
    for (size_t i = 0; i < selection->topic_count; i++)
        if (!topic_pattern_is_known(selection->topics[i], words)) {
            text_format(why, WHY_SIZE, "no topic begins with \"%.60s\"; there are: %s", selection->topics[i],
                        words);
            return false;
        }
    return true;
}

static bool has_topic(const struct selection *selection, const char *topic)
{
    for (size_t i = 0; i < selection->topic_count; i++)
        if (topic_matches(selection->topics[i], topic))
            return true;
    return selection->topic_count == 0;
}

static bool passes_filter(struct selection *selection, const struct item *item)
{
    if (!selection->program)
        return true;
    const struct cel_value decision = cel_message(&item->decision->base);
    const struct cel_activation activation = {.bindings = &decision, .scratch = selection->scratch};
    cel_scratch_reset(selection->scratch);
    return cel_holds(selection->program, &activation);
}

/* Who served on which day is for reports: whoever wants it asks for it by its name. */
static bool names_days(const struct selection *selection)
{
    for (size_t i = 0; i < selection->topic_count; i++)
        if (text_equal(selection->topics[i], "day") || text_starts_with(selection->topics[i], "day."))
            return true;
    return false;
}

bool selection_wants(struct selection *selection, const struct item *item)
{
    if (item->decision->body_case == WIRE_DECISION__BODY_DAY_SERVED && !names_days(selection))
        return false;
    return has_topic(selection, item->topic.text) && passes_filter(selection, item);
}

bool selection_wants_open_case(struct selection *selection, const struct item *item)
{
    WireDecision opening = *item->decision;
    opening.kind = WIRE_DECISION_KIND__CASE_OPENED;
    struct topic topic = topic_of(&opening);
    return (has_topic(selection, item->topic.text) || has_topic(selection, topic.text)) &&
           passes_filter(selection, item);
}

bool selection_is(const struct selection *selection, char *const *topics, size_t count, const char *filter)
{
    bool is_same = count == selection->topic_count && text_equal(text_or_empty(filter), selection->filter);
    for (size_t i = 0; i < count && is_same; i++)
        is_same = text_equal(topics[i], selection->topics[i]);
    return is_same;
}

char **selection_topics(const struct selection *selection, size_t *ret_count)
{
    *ret_count = selection->topic_count;
    return (char **)selection->topics;
}

const char *selection_filter(const struct selection *selection)
{
    return selection->filter;
}
