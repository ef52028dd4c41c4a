/* tallied: what a tally holds. Internal to tally. */
#ifndef BELLHOP_POLICY_TRIAL_TALLIED_H
#define BELLHOP_POLICY_TRIAL_TALLIED_H

#include "common/base/map.h"
#include "common/policy/trial/tally.h"

enum { TALLY_KEY_SIZE = 512, TALLY_ITEMS_MOST = 200000 };

/* Decisions of one rule and kind, and of one currency. */
struct group {
    uint64_t count[2];
    int64_t minor[2]; /* money in it */
    char currency[4];
    char role[64];   /* of cases: whose; "" otherwise */
    bool is_counter; /* money decided at the counter */
    bool is_broken;  /* promises */
    bool is_warned;  /* promises that were broken: where somebody hears of them in time */
    char rule_id[20], rule[64];
    char what[96];
    size_t key_size;
    char key[];
};

/* Something that was concluded more often on one side; forgotten when the other side has it too. */
struct item {
    struct group *group;
    int64_t more; /* after less before */
    int64_t at;
    char store_id[65], interaction_id[72], subject[72];
    size_t key_size;
    char key[];
};

/* How often somebody hears of a promise before it is due, more on one side than on the other. */
struct warning {
    int64_t more; /* after less before */
    size_t key_size;
    char key[];
};

struct tally {
    struct map groups, items, warnings;
    uint64_t omitted; /* items and warnings beyond the bound */
};

#endif
