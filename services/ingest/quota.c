/* quota: so many at once, then so many a minute (a token bucket). */
#include "services/ingest/quota.h"

enum { PARTS = 60000 };

void quota_init(struct quota *quota, int64_t a_minute, int64_t now_ms)
{
    *quota = (struct quota){.a_minute = a_minute, .left = a_minute * PARTS, .filled_ms = now_ms};
}

bool quota_use(struct quota *quota, int64_t now_ms)
{
    int64_t passed_ms = now_ms - quota->filled_ms;
    int64_t most = quota->a_minute * PARTS;
    if (passed_ms > 0) {
        quota->left = passed_ms >= PARTS ? most : quota->left + passed_ms * quota->a_minute;
        if (quota->left > most)
            quota->left = most;
        quota->filled_ms = now_ms;
    }
    if (quota->left < PARTS)
        return false;
    quota->left -= PARTS;
    return true;
}
