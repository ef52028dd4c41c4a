/* replay_shrink: a failure as short as can be: what comes after it is cut off, and what it does not need is blanked. */
#include "tests/support/check.h"
#include "tests/support/replay.h"

#include <stdlib.h>

enum { TOLD_MOST = 20 };

static const char *const way_names[] = {
    [REPLAY_SECOND] = "a second instance", [REPLAY_RESTART] = "a restart",
    [REPLAY_RESUME] = "a snapshot",        [REPLAY_TAKEOVER] = "a takeover",
    [REPLAY_BACKTEST] = "a backtest",      [REPLAY_REHEARSAL] = "a rehearsal",
};

static bool still_fails(struct replay *replay)
{
    return !replay_agrees(replay);
}

static void truncate_log(struct replay *replay)
{
    struct chronicle *log = replay->log;
    for (size_t less = log->count / 2; less; less /= 2)
        while (log->count > less + 1) {
            size_t count = log->count;
            log->count -= less;
            if (still_fails(replay))
                continue;
            log->count = count;
            break;
        }
}

static void blank_entry(struct replay *replay, size_t at)
{
    struct chronicle *log = replay->log;
    struct chronicle_entry before = log->entries[at];
    log->entries[at].decisions = NULL;
    chronicle_blank(log, at);
    bool is_needed = !still_fails(replay);
    free(is_needed ? log->entries[at].decisions : before.decisions);
    if (is_needed) {
        log->entries[at] = before;
        log->entries[at].record.position = &log->entries[at].position;
    }
}

void replay_shrink(struct replay *replay)
{
    replay->ways = 1U << replay->way;
    truncate_log(replay);
    bool has_own_clock = replay->way == REPLAY_BACKTEST || replay->way == REPLAY_REHEARSAL;
    for (size_t i = has_own_clock ? 0 : replay->log->count; i > 1; i--) /* else: other deadlines would pass */
        if (!chronicle_is_blank(replay->log, i - 1))
            blank_entry(replay, i - 1);
    truncate_log(replay);
    assert_true(still_fails(replay));
}

void replay_write(struct replay *replay, struct bytes *into)
{
    bytes_append_format(into, "%s from %zu on parts from the live run ", way_names[replay->way],
                        replay->from + 1);
    bytes_append_text(into, bytes_text(&replay->complaint));
    size_t happened = 0, told = 0;
    for (size_t i = 0; i < replay->log->count; i++)
        happened += !chronicle_is_blank(replay->log, i);
    for (size_t i = 0; i < replay->log->count; i++)
        if (!chronicle_is_blank(replay->log, i) && told++ + TOLD_MOST >= happened)
            chronicle_write(replay->log, i, into);
}
