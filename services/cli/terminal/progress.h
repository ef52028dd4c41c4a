/* progress: a bar on standard error for long work; nothing at all where that is no terminal. */
#ifndef BELLHOP_CLI_TERMINAL_PROGRESS_H
#define BELLHOP_CLI_TERMINAL_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct progress {
    const char *what; /* "importing calls" */
    uint64_t total;
    bool is_shown;    /* standard error is a terminal */
    int64_t drawn_ms; /* when it was last drawn, monotonic; 0: never */
};

/* `what` is borrowed. */
void progress_begin(struct progress *progress, const char *what, uint64_t total);

/* Draws at most ten times a second. */
void progress_update(struct progress *progress, uint64_t done);

/* Wipes the bar. */
void progress_end(struct progress *progress);

/* The bar as text: "importing calls  [#####.....]  50 %  22034 of 44069". */
enum { PROGRESS_LINE_SIZE = 160 };
void progress_format(const struct progress *progress, uint64_t done, char into[static PROGRESS_LINE_SIZE]);

#endif
