/* demo_board: what is seen of the day: rows as things happen, expectations ticked off, and the summary of the
 * evening. */
#ifndef BELLHOP_CLI_DEMO_BOARD_H
#define BELLHOP_CLI_DEMO_BOARD_H

#include "common/base/auto.h"

#include "proto/decision.pb-c.h"

#include <stdbool.h>

struct demo_board;
struct demo_board *demo_board_new(void);
void demo_board_free(struct demo_board *board);
AUTO_FREE(demo_board)

/* A row of the day: when, who, what happened, what Bellhop said. NULL is nothing. */
void demo_board_tell(const char *time, const char *who, const char *what, const char *said);

/* A decision was told: counts it, and tells it unless it is a register's own verdict or figures for the
 * evening. */
void demo_board_decide(struct demo_board *board, const WireDecision *decision);

/* A register heard the answer to what it had asked. */
void demo_board_hear(struct demo_board *board, const char *sentence);

/* Something of this row (NULL: of no rule) and kind has been decided, at least once. */
bool demo_board_has_seen(const struct demo_board *board, const char *rule_id, WireDecisionKind kind);

/* Everything that must happen has happened. */
bool demo_board_is_complete(const struct demo_board *board);

/* The summary; then, when something expected is missing, what. Returns whether nothing is. */
bool demo_board_sum_up(const struct demo_board *board);

#endif
