/* zone_fuzz: any bytes as a zone file: refused, or a table in order in which every instant is found. */
#include "common/base/zone.h"
#include "tests/fuzz/fuzzing.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const int64_t instants[] = {INT64_C(-62135596800000000), 0, INT64_C(1714555800000000),
                                       INT64_C(253402300799999999)};
    struct zone zone = {.count = 0};
    if (zone_parse(&zone, slice_of(data, size)) < 0)
        return 0;
    require(zone.count > 0 && zone.transitions[0].from_at == INT64_MIN);
    for (size_t i = 1; i < zone.count; i++)
        require(zone.transitions[i - 1].from_at < zone.transitions[i].from_at);
    for (size_t i = 0; i < sizeof instants / sizeof instants[0]; i++) {
        const struct zone_transition *found = zone_at(&zone, instants[i]);
        require(found->from_at <= instants[i]);
        (void)zone_utc_from_local(&zone, instants[i]);
    }
    zone_clear(&zone);
    return 0;
}
