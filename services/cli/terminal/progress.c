/* progress: draws one line over and over. */
#include "services/cli/terminal/progress.h"

#include "common/base/clock.h"
#include "common/base/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { BAR_WIDTH = 30, REDRAW_MS = 100 };

void progress_begin(struct progress *progress, const char *what, uint64_t total)
{
    *progress = (struct progress){.what = what, .total = total, .is_shown = isatty(STDERR_FILENO)};
}

void progress_format(const struct progress *progress, uint64_t done, char into[static PROGRESS_LINE_SIZE])
{
    uint64_t total = progress->total ? progress->total : 1;
    uint64_t reached = done < total ? done : total;
    char bar[BAR_WIDTH + 1];
    size_t filled = (size_t)((double)reached / (double)total * BAR_WIDTH);
    memset(bar, '#', filled);
    memset(bar + filled, '.', BAR_WIDTH - filled);
    bar[BAR_WIDTH] = 0;
    text_format(into, PROGRESS_LINE_SIZE, "%s  [%s]  %3d %%  %" PRIu64 " of %" PRIu64, progress->what, bar,
                (int)((double)reached / (double)total * 100), done, progress->total);
}

void progress_update(struct progress *progress, uint64_t done)
{
    if (!progress->is_shown)
        return;
    int64_t now_ms = clock_monotonic_ms();
    if (progress->drawn_ms && now_ms - progress->drawn_ms < REDRAW_MS)
        return;
    char line[PROGRESS_LINE_SIZE];
    progress_format(progress, done, line);
    fprintf(stderr, "\r%s\033[K", line);
    fflush(stderr);
    progress->drawn_ms = now_ms;
}

void progress_end(struct progress *progress)
{
    if (progress->drawn_ms)
        fputs("\r\033[K", stderr);
    progress->drawn_ms = 0;
}
