/* file: reads until the end, or until there is too much. */
#include "common/base/file.h"

#include "common/base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

enum { CHUNK = 64 * 1024 };

static int read_until_end(int fd, size_t most, struct bytes *into)
{
    size_t begins = into->size;
    for (;;) {
        ssize_t got = read(fd, bytes_reserve(into, CHUNK), CHUNK);
        if (got == 0)
            return 0;
        if (got < 0 && errno != EINTR)
            return -errno;
        if (got > 0)
            bytes_grew(into, (size_t)got);
        if (into->size - begins > most)
            return -EFBIG;
    }
}

int file_read_all(const char *path, size_t most, struct bytes *into)
{
    if (text_equal(path, "-"))
        return read_until_end(STDIN_FILENO, most, into);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return -errno;
    int rc = read_until_end(fd, most, into);
    close(fd);
    return rc;
}
