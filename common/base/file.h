/* file: all of a file as bytes. */
#ifndef BELLHOP_BASE_FILE_H
#define BELLHOP_BASE_FILE_H

#include "common/base/bytes.h"

/* Appends what the file at `path` holds to `into`; "-" is standard input. 0 or -errno. -EFBIG: it holds more than `most`
 * bytes, and so does `into` now, which has its beginning. */
int file_read_all(const char *path, size_t most, struct bytes *into);

#endif
