/* week: one real week of telephone service at a bank, told to a shop (the shared data's calls-week1.csv). */
#ifndef BELLHOP_TESTS_SUPPORT_WEEK_H
#define BELLHOP_TESTS_SUPPORT_WEEK_H

#include "tests/support/shop.h"

#include <stdio.h>

struct week_counts {
    int opened, menus, holds, closed, phantoms; /* events of each kind; phantoms are told to nobody */
};

/* All calls of the file, a second of the log each. */
struct week_counts week_play(struct shop *shop, FILE *calls);

#endif
