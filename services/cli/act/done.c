/* done (bellhop done): a follow-up has been done. */
#include "common/base/memory.h"
#include "common/base/text.h"
#include "services/cli/act/act.h"

static bool fill(struct bellhop_event *event, const struct act_arguments *arguments,
                 const struct act_subject *subject)
{
    (void)subject;
    if (arguments->outcome)
        bellhop_event_set_text(event, "follow_up_done.outcome", arguments->outcome);
    return true;
}

static int run(const struct command_call *call)
{
    static const struct act act = {
        .type = "follow_up_done", .id_field = "follow_up_id", .find = act_find_follow_up, .fill = fill};
    return act_run(call, &act);
}

static void read_outcome(const struct option_row *option, const char *value, void *field,
                         const struct argp_state *state)
{
    static const char *const words[][2] = {
        {"well", "WELL"}, {"not-well", "NOT_WELL"}, {"not-reached", "NOT_REACHED"}};
    (void)option;
    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (text_equal(words[i][0], value)) {
            *(const char **)field = words[i][1];
            return;
        }
    argp_error(state, "\"%s\" is no outcome: well, not-well or not-reached", value);
}

static const struct option_row options[] = {
    {"outcome", 'o', "WORD", "how it ended: well, not-well or not-reached", read_outcome, ACT_FIELD(outcome)},
    {"text", 't', "SENTENCE", "how it went", option_read_text, ACT_FIELD(text)},
    {0},
};

const struct command done_command = {
    .name = "done",
    .summary = "say that a follow-up has been done",
    .usage = "FOLLOW-UP",
    .help = "Say that a follow-up (such as a call-back or a recovery) has been done.\v"
            "Exit codes: 0 noted, 1 refused (it has ended already), 2 wrong usage, 3 a service cannot be "
            "reached, 4 no decision yet.",
    .options = options,
    .shared_options = act_options,
    .words = {.count = 1,
              .at = {ACT_FIELD(id)},
              .missing = "which FOLLOW-UP? `bellhop open --follow-ups` lists them",
              .only = "one FOLLOW-UP at a time"},
    .check = act_check,
    ACT_ARGUMENTS,
    .run = run,
};
