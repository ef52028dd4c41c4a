/* source_reader: what persist last wrote about sources. Rules for all questions: database.h. */
#ifndef BELLHOP_STORE_READ_SOURCE_READER_H
#define BELLHOP_STORE_READ_SOURCE_READER_H

#include "common/store/read/database.h"
#include "common/store/session/source_record.h"

struct source_page {
    const char *fault;
    const struct source_record *sources; /* in order of source and incarnation */
    size_t count;
};
typedef void source_page_read(void *owner, const struct source_page *page);

/* The `most` sources heard most recently. */
void source_read(struct database *database, uint32_t most, source_page_read *read, void *owner);

#endif
