/* reader: asks the database and waits for the answer, for commands that look things up.
 *
 * Each asking function calls `each` for what it finds, in order, and returns EXIT_DONE, EXIT_NEGATIVE when
 * there is none, or EXIT_UNREACHABLE after having complained. */
#ifndef BELLHOP_CLI_LOG_READER_H
#define BELLHOP_CLI_LOG_READER_H

#include "common/base/auto.h"
#include "common/loop/loop.h"
#include "common/store/read/database.h"
#include "services/cli/terminal/command.h"

#include "proto/bellhop/v1/decision.pb-c.h"

struct reader;

/* Connects when first asked. NULL after having complained that no database is set. */
struct reader *reader_open(const struct command_settings *settings);
void reader_free(struct reader *reader);
AUTO_FREE(reader)

/* The decision is valid until it returns. */
typedef void reader_each(void *owner, const WireDecision *decision);

/* A case as it stands, as the last decision about it. */
int reader_ask_case(struct reader *reader, const char *escalation_id, reader_each *each, void *owner);

/* All that are open or acknowledged; and follow-ups that are open or overdue. */
int reader_ask_open_cases(struct reader *reader, reader_each *each, void *owner);
int reader_ask_open_follow_ups(struct reader *reader, reader_each *each, void *owner);

/* What was decided for the event at `seq`. */
int reader_ask_event(struct reader *reader, uint64_t seq, reader_each *each, void *owner);
/* What was decided in one interaction, in order. */
int reader_ask_interaction(struct reader *reader, const char *interaction_id, reader_each *each, void *owner);
/* What was decided about one case, in order. */
int reader_ask_timeline(struct reader *reader, const char *escalation_id, reader_each *each, void *owner);

/* For questions of one's own: ask them of the database, with whatever owner, then wait for all answers. EXIT_DONE, or
 * EXIT_UNREACHABLE after having complained: also when an answer has put what is wrong into `fault`. */
struct database *reader_database(struct reader *reader);
int reader_finish(struct reader *reader, const char *fault);
/* For long reads of the log, one at a time. */
struct log_stream *reader_stream(struct reader *reader);

#endif
