/* bellhop acknowledge: "I have it", and by when there will be an answer. */
#include "common/base/clock.h"
#include "common/base/list.h"
#include "services/cli/act/act.h"

struct arguments {
    struct act_options common;
    int64_t until_ms; /* -1: the level's own time */
};

enum { KEY_UNTIL = 'u' };

static bool fill(struct bellhop_event *event, const struct act_options *options,
                 const struct act_subject *subject)
{
    const struct arguments *arguments = CONTAINER_OF(options, struct arguments, common);
    bellhop_event_set_int(event, "case_acknowledged.round", subject->round);
    if (arguments->until_ms >= 0)
        bellhop_event_set_int(event, "case_acknowledged.until_at",
                              clock_utc_us() + arguments->until_ms * 1000);
    return true;
}

static const struct act act = {
    .type = "case_acknowledged",
    .id_field = "escalation_id",
    .noun = "CASE",
    .listed_by = "bellhop open",
    .find = act_find_case,
    .fill = fill,
};

static error_t argument_parse(int key, char *value, struct argp_state *state)
{
    struct arguments *arguments = state->input;
    switch (key) {
    case KEY_UNTIL:
        arguments->until_ms = command_duration_ms(state, "until", value);
        return 0;
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &arguments->common;
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static int run(const struct command_settings *settings, int argc, char **argv)
{
    static const struct argp_option options[] = {
        {"until", KEY_UNTIL, "TIME", 0,
         "an answer will be there within this time, such as 20min; the level's own when left out", 0},
        {0},
    };
    static const struct argp_child children[] = {{&act_argp, 0, NULL, 0}, {0}};
    static const struct argp argp = {
        .options = options,
        .parser = argument_parse,
        .children = children,
        .args_doc = "CASE",
        .doc = "Take a case: its level stops paging others, and waits for your answer.\v"
               "Exit codes: 0 taken, 1 refused (somebody else has it, it is answered, or your role is too "
               "low: the "
               "present state is told), 2 usage, 3 a service cannot be reached, 4 no decision yet.",
    };
    struct arguments arguments = {.until_ms = -1};
    act_options_init(&arguments.common, &act);
    command_parse(&argp, argc, argv, &arguments);
    return act_run(settings, &arguments.common);
}

const struct command acknowledge_command = {
    .name = "acknowledge",
    .purpose = "take a case: \"I have it\"",
    .run = run,
};
