/* decision_question: a question whose answer is a page of decisions. For the store floor's own use. */
#ifndef BELLHOP_STORE_READ_DECISION_QUESTION_H
#define BELLHOP_STORE_READ_DECISION_QUESTION_H

#include "common/store/read/decision_reader.h"
#include "common/store/read/head_columns.h"
#include "common/store/read/question.h"

/* At most `most` rows of `d` in order, and about 16 MiB; with the head in each row, and alone when there are
 * none. */
#define SELECT_DECISIONS(from, order, most)                                                                  \
    "SELECT " HEAD_COLUMNS ", d.seq, d.ordinal, d.decision FROM bellhop_log.head h LEFT JOIN LATERAL ("      \
    "SELECT x.*, sum(length(x.decision)) OVER w - length(x.decision) AS bytes_before, row_number() OVER w"   \
    " AS place FROM (SELECT d.* FROM " from " ORDER BY " order " LIMIT " most ") x"                          \
    " WINDOW w AS (ORDER BY " order ")) d ON d.bytes_before < 16777216 ORDER BY d.place"

/* A SELECT_DECISIONS() with `name` as $1 and `most`, what it asks for, as $2. */
struct question *decision_question_of(const char *sql, const char *name, uint32_t most,
                                      decision_page_read *read, void *owner);

#endif
