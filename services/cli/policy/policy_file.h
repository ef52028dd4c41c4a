/* policy_file: a policy in a file, with the time zones it names. */
#ifndef BELLHOP_CLI_POLICY_POLICY_FILE_H
#define BELLHOP_CLI_POLICY_POLICY_FILE_H

#include "common/base/auto.h"
#include "common/base/bytes.h"
#include "common/policy/rules/policy.h"
#include "common/policy/trial/backtest.h"
#include "common/wire/zone_table.h"
#include "services/cli/log/reader.h"

#include <stddef.h>

/* The words of a command that takes one FILE, which becomes `path` in its arguments. */
#define POLICY_FILE_WORD(type)                                                                               \
    {                                                                                                        \
        .count = 1, .at = {offsetof(type, path)}, .missing = "which file?", .only = "one file at a time"     \
    }

/* Why a policy is proposed: one line of at most 500 bytes. */
option_read policy_read_reason;
#define POLICY_REASON_OPTION(type, reason)                                                                   \
    {                                                                                                        \
        "reason", 'r', "TEXT", "why, for the staff of the stores it changes, in a sentence",                 \
            policy_read_reason, offsetof(type, reason), 0                                                    \
    }

struct policy_file {
    const char *path; /* of one from the log: what it is called in complaints */
    struct bytes document;
    struct arena arena;
    struct zone_tables zones;
};

/* From the file, or with "-" from standard input. NULL after having complained. */
struct policy_file *policy_file_read(const char *path);
/* The policy in force, with the zones it was proposed with, as the log has it. NULL after having complained. */
struct policy_file *policy_file_in_force(struct reader *reader);
void policy_file_free(struct policy_file *file);
AUTO_FREE(policy_file)

/* Complains of what is wrong in the file, place by place. */
void policy_file_complain(const char *path, const struct policy_findings *findings);

/* Read and load; NULL after having complained of everything that is wrong, with line and column. */
struct policy *policy_file_load(const char *path);

/* Loaded; NULL after having complained of everything that is wrong, with line and column. */
struct policy *policy_file_policy(const struct policy_file *file);

/* What a backtest of it is begun with: borrows from the file. `since_at` 0: from the beginning; `store_id` may be NULL. */
struct backtest_options policy_file_options(const struct policy_file *file, int64_t since_at,
                                            const char *store_id);
/* Its judgement of a past; `options` says the rest. NULL after having complained that it is no policy. */
struct backtest *policy_file_judge(const struct policy_file *file, struct backtest_options options);

/* As it is proposed: borrows from the file. */
WirePolicyProposed policy_file_make_proposal(const struct policy_file *file);

/* Appends the text of a file, of a policy or of stories; of a file that is too large, enough for its loader to see that.
 * False after having complained. */
bool policy_file_read_document(const char *path, struct bytes *into);

#endif
