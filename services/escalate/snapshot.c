/* snapshot: a header with a checksum, then what the fold writes. */
#include "services/escalate/snapshot.h"

#include "common/base/digest.h"
#include "common/base/file.h"
#include "common/base/memory.h"
#include "common/base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

enum {
    SNAPSHOT_PATH_SIZE = 4096,
    SNAPSHOT_HASH_PLACE = 16,
    SNAPSHOT_HEADER_SIZE = SNAPSHOT_HASH_PLACE + CONTENT_HASH_SIZE,
};

static const char snapshot_magic[8] = "BHSNAP01";

static void format_path(const char *directory, const char *ending, char path[static SNAPSHOT_PATH_SIZE])
{
    text_format(path, SNAPSHOT_PATH_SIZE, "%s/escalate.snapshot%s", directory, ending);
}

/* Magic, size of what follows the header, its hash. */
static void fill_header(uint64_t size, uint8_t header[static SNAPSHOT_HEADER_SIZE])
{
    memcpy(header, snapshot_magic, sizeof snapshot_magic);
    bytes_put_u64(header + 8, size);
}

struct snapshot_file {
    int fd;
    int rc; /* of the first write that failed */
    uint64_t size;
    struct digester *hasher;
};

static void write_piece(void *owner, struct slice piece)
{
    struct snapshot_file *file = owner;
    while (piece.size && file->rc == 0) {
        ssize_t written = write(file->fd, piece.data, piece.size);
        if (written < 0) {
            file->rc = errno == EINTR ? 0 : -errno;
            continue;
        }
        digester_add(file->hasher, slice_of(piece.data, (size_t)written));
        file->size += (uint64_t)written;
        piece = slice_of(piece.data + written, piece.size - (size_t)written);
    }
}

/* The header comes last: until then there are zeros in its place. */
static int write_file(int fd, const struct fold *fold)
{
    uint8_t header[SNAPSHOT_HEADER_SIZE];
    struct snapshot_file file = {.fd = fd, .hasher = digester_new()};
    if (lseek(fd, SNAPSHOT_HEADER_SIZE, SEEK_SET) < 0)
        file.rc = -errno;
    fold_snapshot_stream(fold, write_piece, &file);
    fill_header(file.size, header);
    digester_end(file.hasher, header + SNAPSHOT_HASH_PLACE);
    if (file.rc == 0 && pwrite(fd, header, sizeof header, 0) != (ssize_t)sizeof header)
        file.rc = errno ? -errno : -ENOSPC;
    return file.rc;
}

int snapshot_write(const char *directory, const struct fold *fold)
{
    if (!*directory)
        return 0;
    char fresh[SNAPSHOT_PATH_SIZE];
    char path[SNAPSHOT_PATH_SIZE];
    format_path(directory, ".new", fresh);
    format_path(directory, "", path);
    int fd = open(fresh, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (fd < 0)
        return -errno;
    int rc = write_file(fd, fold);
    if (close(fd) != 0 && rc == 0)
        rc = -errno;
    if (rc == 0 && rename(fresh, path) != 0)
        rc = -errno;
    return rc;
}

struct fold *snapshot_read(const char *directory, uint64_t seed, char *why, size_t why_size)
{
    text_copy(why, why_size, "");
    if (!*directory)
        return NULL;
    AUTO_CLEAR(bytes) file = {0};
    char path[SNAPSHOT_PATH_SIZE];
    format_path(directory, "", path);
    int rc = file_read_all(path, SIZE_MAX, &file);
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
    fill_header(state.size, header);
    digest_content(&state, 1, header + SNAPSHOT_HASH_PLACE);
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
    format_path(directory, "", path);
    if (*directory)
        unlink(path);
}
