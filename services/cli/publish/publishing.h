/* publishing: publishes events, and prints receipts and verdicts as they come. */
#ifndef BELLHOP_CLI_PUBLISH_PUBLISHING_H
#define BELLHOP_CLI_PUBLISH_PUBLISHING_H

#include "common/client/bellhop.h"
#include "services/cli/terminal/command.h"

struct publishing_counts {
    uint64_t committed, duplicates, refused; /* receipts */
    uint64_t verdicts, pending;
};

struct publishing {
    bool await_verdict;
    bool as_json;   /* receipts and verdicts as JSON, one per line */
    bool is_single; /* one event: its receipt is printed too; of many, only refusals are */
    int64_t timeout_ms;
    struct bellhop_client *client; /* NULL: closed */
    struct publishing_counts counts;
};

/* The settings above are filled in; `source` NULL: the settings'. An exit code. */
int publishing_open(struct publishing *publishing, const struct command_settings *settings,
                    const char *source);
void publishing_close(struct publishing *publishing);

/* Takes one event in; waits while too many have no receipt yet. A code of bellhop.h. */
int publishing_send(struct publishing *publishing, const struct bellhop_event *event);

/* Waits until everything has its receipt, and its verdict where one was asked for; else complains of what is
 * missing. An exit code. */
int publishing_await(struct publishing *publishing);

#endif
