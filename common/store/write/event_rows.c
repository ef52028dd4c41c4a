/* event_rows: events as binary COPY rows. */
#include "common/store/write/event_rows.h"

#include "common/base/civil.h"
#include "common/base/memory.h"
#include "common/store/write/copy_rows.h"
#include "common/wire/event.h"

#include <assert.h>
#include <stdlib.h>

/* What is known last comes first, so that it has the same place in each row. */
const char event_rows_columns[] =
    "id, seq, recorded_at, epoch, occurred_at, sent_at, type, flags, skew_ms, "
    "source_sequence, source, incarnation, store_id, interaction_id, employee_id, "
    "customer_id, event";
const char event_rows_text_columns[] = "event_id, field, text";

enum {
    COLUMN_COUNT = 17,
    TEXT_COLUMN_COUNT = 3,
    SEQ_PLACE = 2 + 4 + 16 + 4,
    RECORDED_AT_PLACE = SEQ_PLACE + 8 + 4,
    EPOCH_PLACE = RECORDED_AT_PLACE + 8 + 4,
};

void event_rows_clear(struct event_rows *rows)
{
    bytes_clear(&rows->copy);
    bytes_clear(&rows->texts);
    bytes_clear(&rows->text_copy);
    free(rows->rows);
    free(rows->text_rows);
    free(rows->months);
    *rows = (struct event_rows){0};
}

void event_rows_reset(struct event_rows *rows)
{
    bytes_reset(&rows->copy);
    bytes_reset(&rows->texts);
    bytes_reset(&rows->text_copy);
    rows->count = rows->dropped = rows->text_count = rows->month_count = 0;
}

static int32_t month_of(const struct uuid *id)
{
    struct civil civil = civil_from_utc_us(uuid_ms(id) * 1000);
    return civil.year * 12 + civil.month - 1;
}

/* The ids of a batch are mostly of one month: the date is computed once for neighbours of the same day. */
static int32_t month_after(const struct event_rows *rows, const struct uuid *id)
{
    enum { DAY_MS = 86400000 };
    const struct event_row *last = rows->count ? &rows->rows[rows->count - 1] : NULL;
    return last && uuid_ms(&last->id) / DAY_MS == uuid_ms(id) / DAY_MS ? last->month : month_of(id);
}

static void append_texts(struct event_rows *rows, const WireAppendEvent *append, const struct uuid *id)
{
    for (size_t i = 0; i < append->n_texts; i++) {
        MAKE_ROOM(rows->text_rows, rows->text_count, rows->text_capacity);
        size_t start = rows->texts.size;
        copy_row(&rows->texts, TEXT_COLUMN_COUNT);
        copy_bytes(&rows->texts, slice_of(id->bytes, sizeof id->bytes));
        copy_text(&rows->texts, append->texts[i]->field ? append->texts[i]->field : "text");
        copy_text(&rows->texts, append->texts[i]->text ? append->texts[i]->text : "");
        rows->text_rows[rows->text_count++] =
            (struct event_text_row){.offset = (uint32_t)start, .size = (uint32_t)(rows->texts.size - start)};
    }
}

/* Returns where the column source begins. */
static size_t append_columns(struct bytes *copy, const WireAppendEvent *append, const WireEvent *event,
                             const struct uuid *id)
{
    int flags = (event->drill ? EVENT_IS_DRILL : 0) | (wire_event_has_text(event) ? EVENT_HAS_TEXT : 0);
    copy_row(copy, COLUMN_COUNT);
    copy_bytes(copy, slice_of(id->bytes, sizeof id->bytes));
    copy_bigint(copy, 0);  /* seq */
    copy_bigint(copy, 0);  /* recorded_at */
    copy_integer(copy, 0); /* epoch */
    copy_time(copy, append->occurred_at);
    copy_bigint_if(copy, append->has_sent_at, append->sent_at - STORE_TIME_ZERO);
    copy_smallint(copy, (int16_t)event->body_case);
    copy_smallint(copy, (int16_t)flags);
    copy_bigint_if(copy, append->has_skew_ms && append->skew_ms, append->skew_ms);
    copy_bigint_if(copy, event->has_sequence, (int64_t)event->sequence);
    size_t source_at = copy->size;
    copy_text(copy, event->source);
    copy_text(copy, event->incarnation);
    copy_text(copy, event->store_id);
    copy_text(copy, event->interaction_id);
    copy_text(copy, event->employee_id);
    copy_text(copy, event->customer_id);
    copy_bytes(copy, slice_of(append->event.data, append->event.len));
    return source_at;
}

size_t event_rows_add(struct event_rows *rows, const WireAppendEvent *append, const WireEvent *event)
{
    assert(event->id.len == UUID_SIZE);
    MAKE_ROOM(rows->rows, rows->count, rows->capacity);
    if (rows->count == 0)
        copy_begin(&rows->copy);
    struct event_row row = {
        .occurred_at = append->occurred_at,
        .sent_at = append->has_sent_at ? append->sent_at : 0,
        .skew_ms = append->has_skew_ms ? append->skew_ms : 0,
        .sequence = event->has_sequence ? event->sequence : 0,
        .offset = rows->copy.size,
        .canonical_size = (uint32_t)append->event.len,
        .first_text = (uint32_t)rows->text_count,
        .text_count = (uint32_t)append->n_texts,
        .is_awaited = append->want_verdict,
    };
    memcpy(row.id.bytes, event->id.data, UUID_SIZE);
    row.month = month_after(rows, &row.id);
    append_texts(rows, append, &row.id);
    row.source_at = (uint32_t)(append_columns(&rows->copy, append, event, &row.id) - row.offset);
    row.size = (uint32_t)(rows->copy.size - row.offset);
    rows->rows[rows->count] = row;
    return rows->count++;
}

void event_rows_drop(struct event_rows *rows, size_t index)
{
    rows->dropped += !rows->rows[index].is_dropped;
    rows->rows[index].is_dropped = true;
}

/* --- positions --- */

static void note_month(struct event_rows *rows, int32_t month, uint64_t seq)
{
    for (size_t i = rows->month_count; i-- > 0;)
        if (rows->months[i].month == month) {
            rows->months[i].highest_seq = seq;
            return;
        }
    MAKE_ROOM(rows->months, rows->month_count, rows->month_capacity);
    rows->months[rows->month_count++] =
        (struct event_months){.month = month, .lowest_seq = seq, .highest_seq = seq};
}

static void add_text_copies(struct event_rows *rows, const struct event_row *row)
{
    for (uint32_t i = row->first_text; i < row->first_text + row->text_count; i++) {
        if (rows->text_copy.size == 0)
            copy_begin(&rows->text_copy);
        bytes_append(&rows->text_copy, rows->texts.data + rows->text_rows[i].offset, rows->text_rows[i].size);
    }
}

void event_rows_position(struct event_rows *rows, uint32_t epoch, uint64_t first_seq, int64_t recorded_at)
{
    uint64_t seq = first_seq;
    size_t end = COPY_HEADER_SIZE;
    bytes_reset(&rows->text_copy);
    rows->month_count = 0;
    for (size_t i = 0; i < rows->count; i++) {
        struct event_row *row = &rows->rows[i];
        if (row->is_dropped)
            continue;
        if (row->offset != end)
            memmove(rows->copy.data + end, rows->copy.data + row->offset, row->size);
        row->offset = end;
        end += row->size;
        row->seq = seq++;
        uint8_t *data = rows->copy.data + row->offset;
        bytes_put_u64(data + SEQ_PLACE, row->seq);
        bytes_put_u64(data + RECORDED_AT_PLACE, (uint64_t)(recorded_at - STORE_TIME_ZERO));
        bytes_put_u32(data + EPOCH_PLACE, epoch);
        note_month(rows, row->month, row->seq);
        add_text_copies(rows, row);
    }
    if (rows->count == 0)
        return;
    rows->copy.size = end;
    copy_end(&rows->copy);
    if (rows->text_copy.size)
        copy_end(&rows->text_copy);
}

struct slice event_rows_canonical(const struct event_rows *rows, size_t index)
{
    const struct event_row *row = &rows->rows[index];
    return slice_of(rows->copy.data + row->offset + row->size - row->canonical_size, row->canonical_size);
}

/* A column's value; empty for NULL, whose size is -1. */
static struct slice column_at(const uint8_t *column)
{
    int32_t size = (int32_t)bytes_get_u32(column);
    return size < 0 ? slice_of(NULL, 0) : slice_of(column + 4, (size_t)size);
}

struct event_origin event_rows_origin(const struct event_rows *rows, size_t index)
{
    const struct event_row *row = &rows->rows[index];
    const uint8_t *source = rows->copy.data + row->offset + row->source_at;
    struct slice name = column_at(source);
    return (struct event_origin){.source = name, .incarnation = column_at(source + 4 + name.size)};
}
