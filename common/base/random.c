/* random: getrandom(2), which cannot fail once the machine is up. */
#include "common/base/random.h"

#include <assert.h>
#include <errno.h>
#include <stdbool.h>
#include <sys/random.h>

void random_bytes(void *into, size_t size)
{
    for (size_t done = 0; done < size;) {
        ssize_t got = getrandom((char *)into + done, size - done, 0);
        bool is_possible = got > 0 || errno == EINTR;
        assert(is_possible);
        if (got > 0)
            done += (size_t)got;
    }
}

uint64_t random_u64(void)
{
    uint64_t value;
    random_bytes(&value, sizeof value);
    return value;
}
