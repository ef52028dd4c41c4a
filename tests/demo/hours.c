/* hours: the cell's policy, a calendar behind it, and the table of a zone that is nowhere else. */
#include "tests/demo/hours.h"

#include "common/base/civil.h"
#include "common/policy/load/setting.h"
#include "common/policy/rules/place.h"
#include "common/wire/set.h"
#include "common/wire/wire.h"
#include "services/cli/log/proposing.h"

enum { DAY_S = 86400, CLOSING_S = 18 * 3600 };

/* What retail.yaml leaves open, at the end of the page. The shop's week ends today, whatever day it is: it is closed until
 * Monday. */
static void write_hours(int64_t closes_at, int32_t offset_s, struct bytes *into)
{
    static const char *const days[] = {"mon-sun", "mon",     "mon-tue", "mon-wed",
                                       "mon-thu", "mon-fri", "mon-sat"};
    char thanks[DAY_TEXT_SIZE];
    struct civil today = civil_from_utc_us(closes_at + offset_s * INT64_C(1000000));
    place_format_day((closes_at / 1000000 + offset_s) / DAY_S, thanks);
    bytes_append_format(
        into,
        "\nzone: Demo/Harbour\ncalendar: demo\n"
        "calendars: { demo: { %s: 00:00-18:00 }, fete: { mon-sun: 00:00-18:00, thanks: [ %s ] } }\n"
        "stores: { pier: { calendar: fete } }\n",
        days[today.weekday], thanks);
}

/* At most half a day away from UTC. */
static int32_t offset_of(int64_t closes_at)
{
    int32_t closes_s = (int32_t)(closes_at / 1000000 % DAY_S);
    int32_t offset_s = CLOSING_S - closes_s;
    return offset_s < -DAY_S / 2 ? offset_s + DAY_S : offset_s;
}

/* The cell's policy, with the change in it if there is one. */
static bool write_policy(const struct cell *cell, const char *text, struct bytes *into)
{
    struct setting_change change;
    char why[WHY_SIZE];
    if (!text)
        bytes_append_slice(into, bytes_slice(&cell->policy));
    if (!text ||
        (setting_parse(text, &change, why) && setting_apply(bytes_slice(&cell->policy), &change, into, why)))
        return true;
    command_complain("%s", why);
    return false;
}

int hours_propose(const struct cell *cell, int64_t closes_at, const char *change, const char *reason)
{
    AUTO_CLEAR(bytes) document = {.size = 0};
    AUTO(reader) *reader = reader_open(&cell->settings);
    if (!reader || !write_policy(cell, change, &document))
        return EXIT_USAGE;
    int32_t offset_s = offset_of(closes_at);
    write_hours(closes_at, offset_s, &document);
    WireZoneTransition always = WIRE_ZONE_TRANSITION__INIT;
    WireZoneTransition *transitions[] = {&always};
    WireZoneTable zone = WIRE_ZONE_TABLE__INIT;
    WireZoneTable *zones[] = {&zone};
    WirePolicyProposed proposed = WIRE_POLICY_PROPOSED__INIT;
    WIRE_SET(&always, from_at, INT64_MIN);
    WIRE_SET(&always, offset_seconds, offset_s);
    always.abbreviation = "DEMO";
    zone.name = "Demo/Harbour";
    zone.n_transitions = 1;
    zone.transitions = transitions;
    proposed.name = "retail.yaml, with the hours of the demo's shop";
    WIRE_SET(&proposed, document, wire_bytes(bytes_slice(&document)));
    proposed.reason = (char *)reason;
    proposed.n_zones = 1;
    proposed.zones = zones;
    return proposing_run(&cell->settings, reader, &proposed);
}
