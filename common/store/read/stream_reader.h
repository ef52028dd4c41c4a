/* stream_reader: what persist keeps of the relay's durable streams. Rules for all questions: database.h. */
#ifndef BELLHOP_STORE_READ_STREAM_READER_H
#define BELLHOP_STORE_READ_STREAM_READER_H

#include "common/store/read/database.h"
#include "proto/bellhop/v1/append.pb-c.h"

struct stored_stream {
    const char *name;
    WireStreamState *state;
    uint64_t dead_letter_count;
};

struct stream_page {
    const char *fault;
    const struct stored_stream *streams;
    size_t count;
};
typedef void stream_page_read(void *owner, const struct stream_page *page);

/* One stream by its name (`count` is 0 if there is none), or all of them with NULL. */
void stream_read(struct database *database, const char *name, stream_page_read *read, void *owner);

struct dead_letter_page {
    const char *fault;
    WireDeadLetter *const *dead_letters;
    size_t count;
};
typedef void dead_letter_page_read(void *owner, const struct dead_letter_page *page);

/* The oldest `most` dead letters of a stream, in order. */
void stream_read_dead_letters(struct database *database, const char *name, uint32_t most,
                              dead_letter_page_read *read, void *owner);

#endif
