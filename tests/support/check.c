/* check: what the tests share. */
#include "tests/support/check.h"

#include "common/base/file.h"
#include "common/base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

const char *check_shared_data(const char *file)
{
    const char *folder = getenv("SHARED_DATA");
    char path[4096];
    if (!folder)
        folder = "../shared/data";
    text_format(path, sizeof path, "%s/%s", folder, file);
    if (access(path, R_OK) == 0)
        return folder;
    printf("SKIP %s is not there\n", path);
    return NULL;
}

void check_slice_equal(struct slice actual, struct slice expected, const char *file, int line)
{
    if (slice_equal(actual, expected))
        return;
    size_t at = 0;
    while (at < actual.size && at < expected.size && actual.data[at] == expected.data[at])
        at++;
    print_error("%zu bytes, expected %zu; they differ from byte %zu\n", actual.size, expected.size, at);
    _fail(file, line);
}

struct bytes check_read_file(const char *path)
{
    struct bytes content = {0};
    int rc = file_read_all(path, SIZE_MAX, &content);
    if (rc)
        fail_msg("could not read %s: %s", path, strerror(-rc));
    return content;
}

void check_append_zeros(struct bytes *bytes, size_t size)
{
    memset(bytes_reserve(bytes, size), 0, size);
    bytes_grew(bytes, size);
}

uint64_t check_random(uint64_t *seed)
{
    uint64_t x = *seed ? *seed : 1;
    x ^= x >> 12;
    x ^= x << 25;
    x ^= x >> 27;
    *seed = x;
    return x * 0x2545f4914f6cdd1d;
}
