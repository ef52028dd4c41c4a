/* call_fuzz: any bytes as a log of calls: refused with its line, or rows; what is made of a row is accepted.
 */
#include "services/cli/publish/call.h"
#include "tests/fuzz/fuzzing.h"

static void try_row(const struct call_columns *columns, const struct csv_row *row)
{
    static struct zone_transition utc = {.from_at = INT64_MIN};
    const struct zone zone = {.transitions = &utc, .count = 1};
    const struct wire_event_check check = {.sent_at = WIRE_LATEST_AT, .now = WIRE_LATEST_AT};
    char why[WHY_SIZE] = "";
    struct call call;
    if (call_read(&call, columns, row, why, sizeof why) < 0) {
        require(why[0] != 0 && text_is_utf8(why, strlen(why)));
        return;
    }
    AUTO(arena) *arena = arena_new(16 * 1024);
    WireEvent *events[CALL_MOST_EVENTS];
    int count = call_make_events(&call, &zone, arena, events);
    require(count >= 0);
    for (int i = 0; i < count; i++) {
        struct wire_refusal refusal = {.reason = WIRE_FINE};
        bool is_fine = wire_validate_event(events[i], slice_of(NULL, 0), &check, &refusal);
        require(is_fine || refusal.reason == WIRE_TOO_EARLY || refusal.reason == WIRE_OUT_OF_RANGE ||
                refusal.reason == WIRE_IN_THE_FUTURE);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct csv csv;
    struct csv_row row;
    struct call_columns columns;
    char why[WHY_SIZE] = "";
    csv_init(&csv, slice_of(data, size));
    int rc = csv_next(&csv, &row, why, sizeof why);
    bool is_log = rc > 0 && call_read_columns(&columns, &row, why, sizeof why) == 0;
    while (is_log && (rc = csv_next(&csv, &row, why, sizeof why)) > 0)
        try_row(&columns, &row);
    require(rc >= 0 || why[0] != 0);
    csv_clear(&csv);
    return 0;
}
