/* acknowledge (bellhop acknowledge): "I have it", and by when there will be an answer. */
#include "common/base/clock.h"
#include "services/cli/act/act.h"

static bool fill(struct bellhop_event *event, const struct act_arguments *arguments,
                 const struct act_subject *subject)
{
    (void)subject;
    if (arguments->until_ms >= 0)
        bellhop_event_set_int(event, "case_acknowledged.until_at",
                              clock_utc_us() + arguments->until_ms * 1000);
    return true;
}

static int run(const struct command_call *call)
{
    static const struct act act = {
        .type = "case_acknowledged", .id_field = "escalation_id", .find = act_find_case, .fill = fill};
    return act_run(call, &act);
}

static const struct option_row options[] = {
    {"until", 'u', "TIME",
     "promise an answer within this time, such as 20min; defaults to what the level allows",
     option_read_duration_ms, ACT_FIELD(until_ms)},
    {0},
};

const struct command acknowledge_command = {
    .name = "acknowledge",
    .summary = "take a case: \"I have it\"",
    .help =
        "Take a case: its level stops paging others and waits for your answer.\v"
        "Exit codes: 0 taken, 1 refused (somebody else has it, it is answered, or your role is too low; how "
        "the case stands is printed), 2 wrong usage, 3 a service cannot be reached, 4 no decision yet.",
    .check = act_check,
    ACT_ONE_CASE,
};
