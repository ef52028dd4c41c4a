/* stream: one durable stream of deliveries: what is settled, what is with whom, what waits and why.
 *
 * A delivery is added, sent to a session, and settled when it is confirmed or becomes a dead letter. One
 * that is refused, unanswered, or left behind by its session is sent again after a rest, until its attempts
 * are used up. Deliveries of one hold (an interaction) follow one another: each is sent once the one before
 * is settled.
 *
 * The stream's position is a low-water mark in whole seqs, and the set of settled places beyond it.
 * It is pure: no sockets, no store, no clock. `now_ms` is passed in and never goes back. */
#ifndef BELLHOP_RELAY_STREAM_STREAM_H
#define BELLHOP_RELAY_STREAM_STREAM_H

#include "common/base/auto.h"
#include "services/relay/stream/dead_letter.h"
#include "services/relay/stream/stream_parts.h"

#include <stdbool.h>
#include <stdint.h>

struct stream;

/* Everything up to `position` counts as settled. `rules` stay where they are; `seed` as for a map. */
struct stream *stream_new(const struct stream_rules *rules, uint64_t position, uint64_t seed);
void stream_free(struct stream *stream);
AUTO_FREE(stream)

/* --- as it was stored; before anything is added --- */

/* Settled beyond the position; at or below it: of the snapshot. */
void stream_restore_settled(struct stream *stream, struct place place);
void stream_restore_dead_letter(struct stream *stream, const struct dead_letter *letter);

/* It was sent so often and is not settled: once it is added, its attempts go on. */
void stream_restore_tried(struct stream *stream, struct place place, unsigned attempts);

/* The snapshot follows: stream_snapshot_is_pending() until all of it is settled. */
void stream_begin_snapshot(struct stream *stream);
/* All of it has been added. */
void stream_end_snapshot(struct stream *stream);
bool stream_snapshot_is_pending(const struct stream *stream);

/* --- adding, in ascending order of places --- */

/* More may be added. Nothing may without sessions. */
bool stream_has_room(const struct stream *stream);

/* Takes the item, always: one that is settled already is released at once. */
void stream_add(struct stream *stream, const struct stream_decision *decision);

/* Every decision up to `seq`, wanted or not, has been offered. */
void stream_pass(struct stream *stream, uint64_t seq);
uint64_t stream_passed(const struct stream *stream);

/* A dead letter is delivered once more, outside the order. Takes the item; it stays stored as a dead letter
 * until it is confirmed. */
void stream_resend(struct stream *stream, const struct stream_decision *decision);

/* --- sessions --- */

/* -ENOSPC when there are too many. A session that is there gets the new credit. */
int stream_join(struct stream *stream, uint64_t session, unsigned credit, int64_t now_ms);

/* What it held is sent again, as another attempt. */
void stream_leave(struct stream *stream, uint64_t session, int64_t now_ms);

/* --- delivering --- */

/* The next delivery that may be sent, in order of places; it counts as sent. False when there is none, or no
 * credit. */
bool stream_next(struct stream *stream, int64_t now_ms, struct stream_sending *ret_sending);

enum stream_answer stream_confirm(struct stream *stream, uint64_t session, struct place place,
                                  int64_t now_ms);

/* `for_good` makes it a dead letter at once: STREAM_SETTLED. */
enum stream_answer stream_refuse(struct stream *stream, uint64_t session, struct place place,
                                 const char *reason, bool for_good, int64_t now_ms);

/* Do what is due: what was not answered rests, what has rested may be sent. */
void stream_tick(struct stream *stream, int64_t now_ms);

/* When stream_tick() has something to do; INT64_MAX: never. */
int64_t stream_due_ms(const struct stream *stream);

/* --- what is to be stored --- */

/* Everything up to here is settled. */
uint64_t stream_position(const struct stream *stream);

/* Beyond the position; and of a snapshot that is pending. */
const struct places *stream_settled(const struct stream *stream);
const struct places *stream_snapshot_settled(const struct stream *stream);

const struct dead_letters *stream_dead_letters(const struct stream *stream);

/* Dead letters made, or confirmed after all, since these sets were last emptied: to be added to, or removed
 * from, what is stored. Empty them once they are handed on. */
struct places *stream_new_dead_letters(struct stream *stream);
struct places *stream_revived_dead_letters(struct stream *stream);

/* --- for people --- */

/* Those sent and not settled, at most `most`, in no order; how many were written. */
size_t stream_tried(const struct stream *stream, struct stream_tried *into, size_t most);

struct stream_figures stream_figures(const struct stream *stream);

#endif
