/* hours: the cell's policy, a calendar behind it, and the table of a zone that is nowhere else. */
#include "tests/demo/hours.h"

#include "common/base/clock.h"
#include "common/wire/set.h"
#include "common/wire/wire.h"
#include "services/cli/log/proposing.h"

enum { DAY_S = 86400, CLOSING_S = 18 * 3600 };

/* What retail.yaml leaves open, at the end of the page. */
static const char hours[] = "\nzone: Demo/Harbour\n"
                            "calendar: demo\n"
                            "calendars: { demo: { mon-sun: 00:00-18:00 } }\n";

/* At most half a day away from UTC. */
static int32_t offset_of(int64_t now_us, int closes_in_s)
{
    int32_t closes_s = (int32_t)((now_us / 1000000 + closes_in_s) % DAY_S);
    int32_t offset_s = CLOSING_S - closes_s;
    return offset_s < -DAY_S / 2 ? offset_s + DAY_S : offset_s;
}

int hours_propose(const struct cell *cell, int closes_in_s)
{
    AUTO_CLEAR(bytes) document = {.size = 0};
    AUTO(reader) *reader = reader_open(&cell->settings);
    if (!reader)
        return EXIT_USAGE;
    bytes_append_slice(&document, bytes_slice(&cell->policy));
    bytes_append_text(&document, hours);
    WireZoneTransition always = WIRE_ZONE_TRANSITION__INIT;
    WireZoneTransition *transitions[] = {&always};
    WireZoneTable zone = WIRE_ZONE_TABLE__INIT;
    WireZoneTable *zones[] = {&zone};
    WirePolicyProposed proposed = WIRE_POLICY_PROPOSED__INIT;
    WIRE_SET(&always, from_at, INT64_MIN);
    WIRE_SET(&always, offset_seconds, offset_of(clock_utc_us(), closes_in_s));
    always.abbreviation = "DEMO";
    zone.name = "Demo/Harbour";
    zone.n_transitions = 1;
    zone.transitions = transitions;
    proposed.name = "retail.yaml, with the hours of the demo's shop";
    WIRE_SET(&proposed, document, wire_bytes(bytes_slice(&document)));
    proposed.n_zones = 1;
    proposed.zones = zones;
    return proposing_run(&cell->settings, reader, &proposed);
}
