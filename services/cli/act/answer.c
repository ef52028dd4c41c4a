/* answer (bellhop answer): a case's answer, which goes back to the register and to the owner. */
#include "common/base/text.h"
#include "services/cli/act/act.h"

/* The amount is in the currency that was asked for, unless another is named. */
static bool amount_set(struct bellhop_event *event, const struct act_arguments *arguments,
                       const struct act_subject *subject)
{
    if (arguments->amount_minor < 0)
        return true;
    const char *currency = arguments->currency ? arguments->currency : subject->currency;
    if (!currency[0]) {
        command_complain("this case names no currency: --currency EUR");
        return false;
    }
    if (bellhop_event_set_int(event, "case_answered.amount.minor", arguments->amount_minor) == BELLHOP_OK &&
        bellhop_event_set_text(event, "case_answered.amount.currency", currency) == BELLHOP_OK)
        return true;
    command_complain("%s", bellhop_why(NULL));
    return false;
}

static bool fill(struct bellhop_event *event, const struct act_arguments *arguments,
                 const struct act_subject *subject)
{
    bellhop_event_set_text(event, "case_answered.answer", arguments->answer);
    return amount_set(event, arguments, subject);
}

static int run(const struct command_call *call)
{
    static const struct act act = {
        .type = "case_answered", .id_field = "escalation_id", .find = act_find_case, .fill = fill};
    return act_run(call, &act);
}

/* --- arguments --- */

static const char *word_for(const char *word)
{
    return text_equal(word, "granted")   ? "GRANTED"
           : text_equal(word, "refused") ? "REFUSED"
           : text_equal(word, "done")    ? "DONE"
                                         : NULL;
}

static void word_read(void *owner, const char *word, const struct argp_state *state)
{
    struct act_arguments *arguments = owner;
    if (state->arg_num == 0) {
        arguments->id = word;
    } else if (state->arg_num == 1) {
        arguments->answer = word_for(word);
        if (!arguments->answer)
            argp_error(state, "\"%s\" is no answer: granted AMOUNT, refused or done", word);
    } else if (state->arg_num == 2 && text_equal(arguments->answer, "GRANTED")) {
        if (text_parse_amount_minor(word, &arguments->amount_minor) < 0 || arguments->amount_minor < 0)
            argp_error(state, "\"%s\" is no amount, such as 40 or 39.90", word);
    } else {
        argp_error(state, "what is \"%s\"?", word);
    }
}

static void check(void *owner, const struct argp_state *state)
{
    const struct act_arguments *arguments = owner;
    if (!arguments->id)
        argp_error(state, "which CASE? `bellhop open` lists them");
    act_check(owner, state);
    if (!arguments->answer)
        argp_error(state, "CASE and its answer are missing: granted AMOUNT, refused or done");
}

static const struct option_row options[] = {
    {"text", 't', "SENTENCE", "a sentence that the customer may hear", option_read_text, ACT_FIELD(text)},
    {"currency", 'c', "CODE", "the currency of AMOUNT, if it is not the one that was asked for",
     option_read_text, ACT_FIELD(currency)},
    {0},
};

const struct command answer_command = {
    .name = "answer",
    .summary = "answer a case: granted AMOUNT, refused or done",
    .usage = "CASE granted [AMOUNT]\nCASE refused\nCASE done",
    .help =
        "Answer a case. The register that asked hears the answer at once, and so does the owner.\v"
        "Exit codes: 0 the answer stands, 1 refused (already answered, not yours, or beyond your authority; "
        "how the case stands is printed), 2 wrong usage, 3 a service cannot be reached, 4 no decision yet.",

    .options = options,
    .shared_options = act_options,
    .word = word_read,
    .check = check,
    ACT_ARGUMENTS,
    .run = run,
};
