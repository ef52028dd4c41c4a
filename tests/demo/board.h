/* board: what is seen of the day: rows as things happen, expectations ticked off, and the summary of the
 * evening. */
#ifndef BELLHOP_TESTS_DEMO_BOARD_H
#define BELLHOP_TESTS_DEMO_BOARD_H

#include "common/base/auto.h"

#include "proto/bellhop/v1/decision.pb-c.h"

#include <stdbool.h>

struct board;
struct board *board_new(void);
void board_free(struct board *board);
AUTO_FREE(board)

/* A row of the day: when, who, what happened, what Bellhop said. NULL is nothing. */
void board_tell(const char *time, const char *who, const char *what, const char *said);

/* A decision was announced: counts it, and shows it unless it is a register's own verdict or a figure for the evening. */
void board_decide(struct board *board, const WireDecision *decision);

/* A register heard the answer to what it had asked. */
void board_hear(struct board *board, const char *sentence);

/* Something of this row (NULL: of no rule) and kind has been decided, at least once. */
bool board_has_seen(const struct board *board, const char *rule_id, WireDecisionKind kind);

/* Everything that must happen has happened. */
bool board_is_complete(const struct board *board);

/* The summary; then, when something expected is missing, what. Returns whether nothing is. */
bool board_sum_up(const struct board *board);

#endif
