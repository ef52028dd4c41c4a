/* explain (bellhop policy explain): a policy as sentences. */
#include "common/policy/explain/effective.h"
#include "common/policy/explain/explain.h"
#include "common/policy/explain/explain_place.h"

#include "common/base/clock.h"
#include "common/base/memory.h"
#include "common/base/text.h"
#include "common/base/time.h"
#include "common/policy/phrase/phrase.h"
#include "services/cli/policy/policy.h"
#include "services/cli/policy/policy_file.h"

#include <stdio.h>

struct arguments {
    const char *path, *store_id;
    int64_t at; /* 0: now */
};

struct listing {
    const char *section;
    struct bytes *into;
};

static void write_heading(struct listing *listing, const char *section)
{
    static const struct {
        const char *section, *heading;
    } headings[] = {
        {"zone", "Where it is, and when it is open"},
        {"ladder", "Who may decide what, lowest first"},
        {"figures", "Figures"},
        {"rules", "Rules that are otherwise here; all others are as `policy explain` tells them"},
        {"later", "Still to come"},
    };
    for (size_t i = 0; i < COUNT_OF(headings); i++)
        if (text_equal(headings[i].section, section) && !text_equal(listing->section, section))
            bytes_append_format(listing->into, "\n%s\n\n", headings[i].heading);
    listing->section = section;
}

static void write_source(const struct effective_setting *setting, struct bytes *into)
{
    if (setting->override)
        bytes_append_format(into, "   (by \"%s\", line %u, %s; otherwise %s)\n", setting->override,
                            setting->line, setting->why, setting->otherwise);
    else if (setting->is_own)
        bytes_append_format(into, "   (said of this store, line %u)\n", setting->line);
    else if (text_equal(setting->section, "later"))
        bytes_append_format(into, "   (line %u)\n", setting->line);
    else if (setting->line)
        bytes_append_format(into, "   (as in all stores, line %u)\n", setting->line);
    else
        bytes_append_text(into, "   (as in all stores: the policy says nothing of it)\n");
}

static void on_setting(void *owner, const struct effective_setting *setting)
{
    struct listing *listing = owner;
    struct bytes *into = listing->into;
    write_heading(listing, setting->section);
    bytes_append_text(into, "  ");
    if (text_equal(setting->section, "zone")) {
        bytes_append_text(into, "It goes by the clocks of ");
    } else if (text_equal(setting->section, "calendar")) {
        bytes_append_text(into, "It ");
    } else if (text_equal(setting->section, "rules")) {
        bytes_append_format(into, "%s: ", setting->name);
    } else if (text_equal(setting->section, "later")) {
        bytes_append_format(into, "\"%s\" ", setting->name);
    } else {
        phrase_name(setting->name, into);
        bytes_append_format(into, "%s%s: ", setting->part ? ", " : "", setting->part ? setting->part : "");
    }
    bytes_append_text(into, setting->value);
    write_source(setting, into);
}

/* What holds in one store, and where each of it comes from. */
static void write_store(const struct policy *policy, const struct arguments *arguments, struct bytes *into)
{
    int64_t at = arguments->at ? arguments->at : clock_utc_us();
    char time[TIME_TEXT_SIZE];
    struct listing listing = {.section = "", .into = into};
    time_format(at / 1000000 * 1000000, time);
    bytes_append_format(into, "In the store %s, at %s, by the policy \"%s\"\n", arguments->store_id, time,
                        policy_name(policy));
    explain_where(policy, arguments->store_id, into);
    effective_each(policy, arguments->store_id, at, on_setting, &listing);
}

static int run(const struct command_call *call)
{
    const struct arguments *arguments = call->arguments;
    AUTO(policy) *policy = policy_file_load(arguments->path);
    if (!policy)
        return EXIT_USAGE;
    AUTO_CLEAR(bytes) told = {.size = 0};
    if (arguments->store_id)
        write_store(policy, arguments, &told);
    else
        explain_policy(policy, &told);
    fputs(bytes_text(&told), stdout);
    return EXIT_DONE;
}

static const struct option_row options[] = {
    {"store", 's', "STORE", "explain what holds in this store, and where each part of it comes from",
     option_read_text, offsetof(struct arguments, store_id)},
    {"at", 'a', "TIME", "as of that time; defaults to now", option_read_time, offsetof(struct arguments, at)},
    {0},
};

const struct command policy_explain_command = {
    .name = "explain",
    .summary = "explain a whole policy in sentences",
    .usage = "FILE",
    .help =
        "Explain a whole policy in sentences: who may decide what, where stores are and when they are open, "
        "goods, figures, when each rule does what, and what differs in some stores or for some time.\v"
        "Exit codes: 0 explained, 2 wrong usage, or the file is no policy.",
    .options = options,
    .words = POLICY_FILE_WORD(struct arguments),
    COMMAND_ARGUMENTS(struct arguments, .path = NULL),
    .run = run,
};
