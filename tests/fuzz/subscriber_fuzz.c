/* subscriber_fuzz: any bytes as a subscriber's request. */
#include "tests/fuzz/fuzzing.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    try_request(&wire_subscriber_request_rules, data, size);
    return 0;
}
