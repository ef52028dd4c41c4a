/* bellhop answer: a case's answer, which goes back to the register and to the owner. */
#include "common/base/list.h"
#include "common/base/text.h"
#include "services/cli/act/act.h"

struct arguments {
    struct act_options common;
    const char *answer; /* GRANTED, REFUSED, DONE */
    const char *currency;
    int64_t amount_minor; /* -1: none */
};

enum { KEY_TEXT = 't', KEY_CURRENCY = 'c' };

static const char *answer_named(const char *word)
{
    return text_equal(word, "granted")   ? "GRANTED"
           : text_equal(word, "refused") ? "REFUSED"
           : text_equal(word, "done")    ? "DONE"
                                         : NULL;
}

static void positional_take(struct arguments *arguments, const char *value, struct argp_state *state)
{
    if (state->arg_num == 0) {
        arguments->common.id = value;
    } else if (state->arg_num == 1) {
        arguments->answer = answer_named(value);
        if (!arguments->answer)
            argp_error(state, "\"%s\" is no answer: granted AMOUNT, refused or done", value);
    } else if (state->arg_num == 2 && text_equal(arguments->answer, "GRANTED")) {
        if (text_parse_amount_minor(value, &arguments->amount_minor) < 0 || arguments->amount_minor < 0)
            argp_error(state, "\"%s\" is no amount, such as 40 or 39.90", value);
    } else {
        argp_error(state, "what is \"%s\"?", value);
    }
}

/* The amount is in the currency that was asked for, unless another is named. */
static bool amount_set(struct bellhop_event *event, const struct arguments *arguments,
                       const struct act_subject *subject)
{
    if (arguments->amount_minor < 0)
        return true;
    const char *currency = arguments->currency ? arguments->currency : subject->currency;
    if (!currency[0]) {
        complain("this case names no currency: --currency EUR");
        return false;
    }
    if (bellhop_event_set_int(event, "case_answered.amount.minor", arguments->amount_minor) == BELLHOP_OK &&
        bellhop_event_set_text(event, "case_answered.amount.currency", currency) == BELLHOP_OK)
        return true;
    complain("%s", bellhop_why(NULL));
    return false;
}

static bool fill(struct bellhop_event *event, const struct act_options *options,
                 const struct act_subject *subject)
{
    const struct arguments *arguments = CONTAINER_OF(options, struct arguments, common);
    bellhop_event_set_int(event, "case_answered.round", subject->round);
    bellhop_event_set_text(event, "case_answered.answer", arguments->answer);
    return amount_set(event, arguments, subject);
}

static const struct act act = {
    .type = "case_answered",
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
    case KEY_TEXT:
        arguments->common.text = value;
        return 0;
    case KEY_CURRENCY:
        arguments->currency = value;
        return 0;
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &arguments->common;
        return 0;
    case ARGP_KEY_ARG:
        positional_take(arguments, value, state);
        return 0;
    case ARGP_KEY_END:
        if (!arguments->answer)
            argp_error(state, "CASE and its answer are missing: granted AMOUNT, refused or done");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static int run(const struct command_settings *settings, int argc, char **argv)
{
    static const struct argp_option options[] = {
        {"text", KEY_TEXT, "SENTENCE", 0, "what the customer may hear", 0},
        {"currency", KEY_CURRENCY, "CODE", 0, "of AMOUNT, when it is not the one that was asked for", 0},
        {0},
    };
    static const struct argp_child children[] = {{&act_argp, 0, NULL, 0}, {0}};
    static const struct argp argp = {
        .options = options,
        .parser = argument_parse,
        .children = children,
        .args_doc = "CASE granted [AMOUNT]\nCASE refused\nCASE done",
        .doc = "Answer a case. The register that asked hears it at once, and so does the owner.\v"
               "Exit codes: 0 the answer stands, 1 refused (answered already, not yours, or beyond your "
               "authority: the "
               "present state is told), 2 usage, 3 a service cannot be reached, 4 no decision yet.",
    };
    struct arguments arguments = {.amount_minor = -1};
    act_options_init(&arguments.common, &act);
    command_parse(&argp, argc, argv, &arguments);
    return act_run(settings, &arguments.common);
}

const struct command answer_command = {
    .name = "answer",
    .purpose = "answer a case: granted AMOUNT, refused or done",
    .run = run,
};
