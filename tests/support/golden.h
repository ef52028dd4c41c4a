/* golden: fixed inputs, and the digests of what is concluded from them and of the state that is left.
 *
 * The inputs are the stories of the shipped policy, a file of them each; the logs of tests/data/golden, which hold their
 * events and what an engine once decided about them; and a week of telephone calls, when the shared data is there. */
#ifndef BELLHOP_TESTS_SUPPORT_GOLDEN_H
#define BELLHOP_TESTS_SUPPORT_GOLDEN_H

#include "common/base/bytes.h"
#include "tests/support/chronicle.h"

#include <stdio.h>

#define GOLDEN_FOLDER "tests/data/golden"

#define GOLDEN_WEEK "calls-week1.csv"

enum { GOLDEN_MOST = 64, GOLDEN_NAME_SIZE = 64, GOLDEN_DIGEST_SIZE = 33 };

/* Digests in hexadecimal. */
struct golden {
    char name[GOLDEN_NAME_SIZE];
    char input[GOLDEN_DIGEST_SIZE];     /* of all that decides, but the code */
    char decisions[GOLDEN_DIGEST_SIZE]; /* of their bytes, and of the deadlines that passed */
    char snapshot[GOLDEN_DIGEST_SIZE];  /* of its bytes at the end */
};

struct golden_list {
    struct golden items[GOLDEN_MOST];
    size_t count;
};

/* Run all inputs. Decisions are printed to `print` as JSON, a line each, unless it is NULL. */
void golden_run(struct golden_list *ret_list, FILE *print);

/* Write what a chronicle holds as a log of the folder. */
void golden_log_write(const struct chronicle *chronicle, const char *path);

/* The state after the stored decisions of a log, whoever decided them; NULL and why: they cannot be applied. */
struct fold *golden_log_apply(const char *path, uint64_t seed, char why[static WHY_SIZE]);

#endif
