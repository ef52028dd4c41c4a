/* done (bellhop done): a follow-up has been done. */
#include "services/cli/act/act.h"

static int run(const struct command_call *call)
{
    static const struct act act = {
        .type = "follow_up_done", .id_field = "follow_up_id", .find = act_find_follow_up};
    return act_run(call, &act);
}

static const struct option_row options[] = {
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
