/* snapshot: a header with a checksum, then what the fold writes. */
#include "services/escalate/snapshot.h"

#include "common/base/digest.h"
#include "common/base/memory.h"
#include "common/base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

enum { SNAPSHOT_PATH_SIZE = 4096, SNAPSHOT_HEADER_SIZE = 16 + CONTENT_HASH_SIZE };

static const char snapshot_magic[8] = "BHSNAP01";

static void snapshot_path(const char *directory, const char *ending, char path[static SNAPSHOT_PATH_SIZE])
{
    text_format(path, SNAPSHOT_PATH_SIZE, "%s/escalate.snapshot%s", directory, ending);
}

/* Magic, size of what follows the header, its hash. */
static void snapshot_header(struct slice state, uint8_t header[static SNAPSHOT_HEADER_SIZE])
{
    memcpy(header, snapshot_magic, sizeof snapshot_magic);
    be64_put(header + 8, state.size);
    content_hash(&state, 1, header + 16);
}

static int snapshot_write_all(int fd, struct slice bytes)
{
    while (bytes.size) {
        ssize_t written = write(fd, bytes.data, bytes.size);
        if (written < 0 && errno != EINTR)
            return -errno;
        if (written > 0)
            bytes = slice_of(bytes.data + written, bytes.size - (size_t)written);
    }
    return 0;
}

static int snapshot_write_file(const char *path, struct slice state)
{
    uint8_t header[SNAPSHOT_HEADER_SIZE];
    snapshot_header(state, header);
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (fd < 0)
        return -errno;
    int rc = snapshot_write_all(fd, slice_of(header, sizeof header));
    if (rc == 0)
        rc = snapshot_write_all(fd, state);
    if (close(fd) != 0 && rc == 0)
        rc = -errno;
    return rc;
}

int snapshot_write(const char *directory, const struct fold *fold)
{
    if (!*directory)
        return 0;
    AUTO_CLEAR(bytes) state = {0};
    fold_snapshot_write(fold, &state);
    char fresh[SNAPSHOT_PATH_SIZE];
    char path[SNAPSHOT_PATH_SIZE];
    snapshot_path(directory, ".new", fresh);
    snapshot_path(directory, "", path);
    int rc = snapshot_write_file(fresh, bytes_slice(&state));
    if (rc == 0 && rename(fresh, path) != 0)
        rc = -errno;
    return rc;
}

static int snapshot_read_file(const char *path, struct bytes *into)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return -errno;
    int rc = 0;
    for (ssize_t size = 1; rc == 0 && size > 0;) {
        size = read(fd, bytes_reserve(into, 1 << 20), 1 << 20);
        if (size < 0 && errno != EINTR)
            rc = -errno;
        else if (size > 0)
            bytes_grew(into, (size_t)size);
    }
    close(fd);
    return rc;
}

struct fold *snapshot_read(const char *directory, uint64_t seed, char *why, size_t why_size)
{
    text_copy(why, why_size, "");
    if (!*directory)
        return NULL;
    AUTO_CLEAR(bytes) file = {0};
    char path[SNAPSHOT_PATH_SIZE];
    snapshot_path(directory, "", path);
    int rc = snapshot_read_file(path, &file);
    if (rc == -ENOENT)
        return NULL;
    if (rc != 0) {
        text_copy(why, why_size, strerror(-rc));
        return NULL;
    }
    uint8_t header[SNAPSHOT_HEADER_SIZE];
    struct slice state = {0};
    if (file.size >= sizeof header)
        state = slice_of(file.data + sizeof header, file.size - sizeof header);
    snapshot_header(state, header);
    if (file.size < sizeof header || memcmp(file.data, header, sizeof header) != 0) {
        text_copy(why, why_size, "it is damaged");
        return NULL;
    }
    struct fold *fold = fold_snapshot_read(NULL, seed, state);
    if (!fold)
        text_copy(why, why_size, "it is of another version");
    return fold;
}

void snapshot_remove(const char *directory)
{
    char path[SNAPSHOT_PATH_SIZE];
    snapshot_path(directory, "", path);
    if (*directory)
        unlink(path);
}
