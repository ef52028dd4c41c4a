/* marker: one page of a file, mapped shared. */
#include "services/escalate/marker.h"

#include "common/base/memory.h"
#include "common/base/random.h"
#include "common/base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <unistd.h>

enum { MARKER_MAGIC = 0x42484d31 }; /* "BHM1" */

/* As it is in the file. */
struct marker_file {
    uint32_t magic;
    uint32_t crashes; /* at the place below */
    uint64_t crashed_seq;
    uint64_t deciding_seq; /* 0: none */
    uint32_t crashed_epoch;
    uint32_t deciding_epoch;
    uint64_t instance; /* 0: not chosen yet */
};

struct marker {
    volatile struct marker_file *file; /* volatile: the stores must be there when the process dies */
    int fd;                            /* held open, and locked; -1: in memory */
};

/* -1 with the reason in `why`. The lock ends with the process, however it ends. */
static int open_file(const char *directory, char *why, size_t why_size)
{
    char path[4096];
    text_format(path, sizeof path, "%s/escalate.marker", directory);
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) == 0 && ftruncate(fd, sizeof(struct marker_file)) == 0)
        return fd;
    bool is_used = fd >= 0 && errno == EWOULDBLOCK;
    text_format(why, why_size, "%s: %s", path, is_used ? "another process uses it" : strerror(errno));
    if (fd >= 0)
        close(fd);
    return -1;
}

/* The last process ended in the middle of an event: count it. */
static void count_crash(volatile struct marker_file *file)
{
    if (file->deciding_seq == 0)
        return;
    bool again = file->crashed_seq == file->deciding_seq && file->crashed_epoch == file->deciding_epoch;
    file->crashes = again ? file->crashes + 1 : 1;
    file->crashed_seq = file->deciding_seq;
    file->crashed_epoch = file->deciding_epoch;
    file->deciding_seq = 0;
}

struct marker *marker_open(const char *directory, char *why, size_t why_size)
{
    int fd = *directory ? open_file(directory, why, why_size) : -1;
    if (*directory && fd < 0)
        return NULL;
    int flags = MAP_SHARED | (fd < 0 ? MAP_ANONYMOUS : 0);
    void *memory = mmap(NULL, sizeof(struct marker_file), PROT_READ | PROT_WRITE, flags, fd, 0);
    if (memory == MAP_FAILED) {
        text_format(why, why_size, "could not map the marker: %s", strerror(errno));
        if (fd >= 0)
            close(fd);
        return NULL;
    }
    struct marker *marker = NEW(marker);
    marker->file = memory;
    marker->fd = fd;
    if (marker->file->magic != MARKER_MAGIC) {
        memset(memory, 0, sizeof(struct marker_file));
        marker->file->magic = MARKER_MAGIC;
    }
    while (marker->file->instance == 0)
        marker->file->instance = random_u64();
    count_crash(marker->file);
    return marker;
}

void marker_close(struct marker *marker)
{
    munmap((void *)marker->file, sizeof(struct marker_file));
    if (marker->fd >= 0)
        close(marker->fd);
    free(marker);
}

uint64_t marker_instance(const struct marker *marker)
{
    return marker->file->instance;
}

void marker_enter(struct marker *marker, uint32_t epoch, uint64_t seq)
{
    marker->file->deciding_epoch = epoch;
    marker->file->deciding_seq = seq;
}

void marker_leave(struct marker *marker)
{
    marker->file->deciding_seq = 0;
}

unsigned marker_crashes(const struct marker *marker, uint64_t *ret_seq)
{
    *ret_seq = marker->file->crashed_seq;
    return marker->file->crashes;
}

bool marker_is_poisoned(const struct marker *marker, uint32_t epoch, uint64_t seq)
{
    return marker->file->crashes >= MARKER_CRASHES && marker->file->crashed_seq == seq &&
           marker->file->crashed_epoch == epoch;
}
