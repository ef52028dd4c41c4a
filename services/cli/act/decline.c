/* decline (bellhop decline): "not me", and why. */
#include "services/cli/act/act.h"

static bool fill(struct bellhop_event *event, const struct act_arguments *arguments,
                 const struct act_subject *subject)
{
    (void)subject;
    if (bellhop_event_set_text(event, "case_declined.reason", arguments->reason) == BELLHOP_OK)
        return true;
    command_complain("%s", bellhop_why(NULL));
    return false;
}

static int run(const struct command_call *call)
{
    static const struct act act = {
        .type = "case_declined", .id_field = "escalation_id", .find = act_find_case, .fill = fill};
    return act_run(call, &act);
}

static void check(void *owner, const struct argp_state *state)
{
    act_check(owner, state);
    if (!((const struct act_arguments *)owner)->reason)
        argp_error(state, "--reason WORD is missing: why not you? Such as busy, not_there, too_close");
}

static const struct option_row options[] = {
    {"reason", 'w', "WORD", "why, such as busy, not_there or too_close (required)", option_read_text,
     ACT_FIELD(reason)},
    {"text", 't', "SENTENCE", "more about it", option_read_text, ACT_FIELD(text)},
    {0},
};

const struct command decline_command = {
    .name = "decline",
    .summary = "decline a case: \"not me\"",
    .help = "Decline a case: it goes at once to somebody else of its level who is on duty, else to the next "
            "level.\v"
            "Exit codes: 0 it goes on, 1 refused (it is answered, or your role is too low; how the case "
            "stands is "
            "printed), 2 wrong usage, 3 a service cannot be reached, 4 no decision yet.",
    .check = check,
    ACT_ONE_CASE,
};
