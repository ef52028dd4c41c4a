/* golden: runs stories, logs and calls, and adds up what comes of them. */
#include "tests/support/golden.h"

#include "common/base/digest.h"
#include "common/base/embedded.h"
#include "common/base/uuid.h"
#include "common/policy/decide/decide.h"
#include "common/policy/trial/story.h"
#include "common/wire/json.h"
#include "common/wire/set.h"
#include "common/wire/wire.h"
#include "tests/support/check.h"
#include "tests/support/week.h"
#include "tests/support/holding.h"
#include "tests/support/past.h"

#include <glob.h>
#include <stdlib.h>

enum { ARENA_SIZE = 4 * 1024 * 1024 };

static const int64_t default_begin = INT64_C(1772445600000000); /* of a story: Monday 2026-03-02T10:00:00Z */

/* --- adding up --- */

struct adding {
    struct golden *golden;
    struct digester *input, *decisions, *snapshot;
    FILE *print;
};

static void add(struct digester *hasher, struct slice bytes)
{
    uint8_t size[4];
    bytes_put_u32(size, (uint32_t)bytes.size);
    digester_add(hasher, slice_of(size, sizeof size));
    digester_add(hasher, bytes);
}

static void add_message(struct digester *hasher, const void *message)
{
    AUTO_CLEAR(bytes) packed = {0};
    wire_pack(message, &packed);
    add(hasher, bytes_slice(&packed));
}

static void add_decisions(struct adding *adding, WireDecision *const *decisions, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        add_message(adding->decisions, decisions[i]);
        if (adding->print) {
            AUTO_CLEAR(bytes) json = {0};
            wire_json_write(decisions[i], &json);
            fprintf(adding->print, "%s %s\n", adding->golden->name, bytes_text(&json));
        }
    }
}

static void add_snapshot(struct adding *adding, const struct fold *fold)
{
    AUTO_CLEAR(bytes) snapshot = {0};
    holding_write(fold, &snapshot);
    add(adding->snapshot, bytes_slice(&snapshot));
}

static struct adding adding_begin(struct golden_list *list, const char *name, FILE *print)
{
    assert_true(list->count < GOLDEN_MOST);
    struct golden *golden = &list->items[list->count++];
    assert_true(text_copy(golden->name, sizeof golden->name, name));
    return (struct adding){.golden = golden,
                           .input = digester_new(),
                           .decisions = digester_new(),
                           .snapshot = digester_new(),
                           .print = print};
}

static void write_digest(struct digester *hasher, char into[static GOLDEN_DIGEST_SIZE])
{
    uint8_t hash[CONTENT_HASH_SIZE];
    digester_end(hasher, hash);
    for (size_t i = 0; i < sizeof hash; i++)
        snprintf(into + 2 * i, 3, "%02x", hash[i]);
}

static void adding_end(struct adding *adding)
{
    write_digest(adding->input, adding->golden->input);
    write_digest(adding->decisions, adding->golden->decisions);
    write_digest(adding->snapshot, adding->golden->snapshot);
}

/* For a shop: what passes by itself is an output too. */
static void on_recorded(void *recorder, const WireLoggedEvent *record __attribute__((unused)),
                        const WireEvent *event, WireDecision *const *decisions, size_t count)
{
    struct adding *adding = recorder;
    if (event->body_case == WIRE_EVENT__BODY_DEADLINE_PASSED)
        add_message(adding->decisions, event);
    add_decisions(adding, decisions, count);
}

static void add_shipped_policy(struct adding *adding)
{
    const struct embedded_file *file = embedded_find("services/escalate/policy/retail.yaml");
    add(adding->input, slice_of(file->data, *file->size));
}

/* --- stories --- */

struct telling {
    struct shop *shop;
    struct node *file, *story;
    struct story_moment moment;
    struct arena *arena;
    struct policy_findings findings;
};

static int64_t time_or(struct telling *telling, struct node *mapping, const char *key, int64_t otherwise)
{
    struct node *node = node_find(mapping, key);
    int64_t at = otherwise;
    if (node)
        assert_true(story_time(node, &telling->moment, &telling->findings, &at));
    return at;
}

static void wait_until(struct shop *shop, int64_t at)
{
    assert_true(at >= shop->now && (at - shop->now) % 1000000 == 0);
    shop_wait(shop, (at - shop->now) / 1000000);
}

static void tell_events(struct telling *telling, const char *key)
{
    struct shop *shop = telling->shop;
    struct node *events = node_find(telling->story, key);
    struct story_defaults defaults = {.own = telling->story, .file = node_find(telling->file, "defaults")};
    for (struct node *entry = events ? events->first : NULL; entry; entry = entry->next) {
        telling->moment.before = shop->now;
        telling->moment.round = shop->round;
        int64_t at = time_or(telling, entry, "at", shop->now);
        int64_t happened = time_or(telling, entry, "happened", at);
        int64_t sent = time_or(telling, entry, "sent", at);
        wait_until(shop, at);
        arena_reset(telling->arena, 0);
        WireEvent *event =
            story_event(entry, &defaults, &telling->moment, telling->arena, &telling->findings);
        assert_non_null(event);
        struct uuid id =
            uuid_derive(shop->now, slice_of_text("golden"), slice_of(&shop->seq, sizeof shop->seq));
        WIRE_SET(event, id, wire_bytes(slice_of(id.bytes, sizeof id.bytes)));
        WIRE_SET(event, occurred_at, happened);
        shop->sent_after_us = sent - happened;
        shop_feed(shop, event, true);
    }
}

static void tell_story(struct adding *adding, struct node *file, struct node *story)
{
    struct telling *telling = NEW(telling);
    const struct trial_policy shipped = {.document = past_shipped()};
    telling->file = file;
    telling->story = story;
    telling->arena = arena_new(ARENA_SIZE);
    telling->moment.begins_at = time_or(telling, story, "begin", default_begin);
    AUTO(shop) *shop = telling->shop = shop_open_at(telling->moment.begins_at);
    shop->snapshot_every = 0;
    telling->moment.escalation_id = shop->case_id;
    telling->moment.follow_up_id = shop->follow_up_id;
    telling->moment.policy = &shipped;
    shop->recorded = on_recorded;
    shop->recorder = adding;
    tell_events(telling, "given");
    tell_events(telling, "events");
    telling->moment.before = shop->now;
    wait_until(shop, time_or(telling, story, "until", shop->now));
    add_snapshot(adding, shop->fold);
    arena_free(telling->arena);
    free(telling);
}

static void run_stories(struct golden_list *list, const char *path, FILE *print)
{
    AUTO_CLEAR(bytes) text = check_read_file(path);
    struct policy_findings *findings = memory_zeroed(sizeof *findings);
    struct arena *tree = arena_new(document_tree_bytes(text.size));
    struct node *file = document_parse(bytes_slice(&text), tree, findings);
    assert_non_null(file);
    struct adding adding = adding_begin(list, strrchr(path, '/') + 1, print);
    add_shipped_policy(&adding);
    add(adding.input, bytes_slice(&text));
    for (struct node *story = node_find(file, "cases")->first; story; story = story->next)
        tell_story(&adding, file, story);
    adding_end(&adding);
    arena_free(tree);
    free(findings);
}

/* --- logs --- */

/* Of each event: the record's size and bytes, whether its decisions are given, their number, and each one's size and
 * bytes. */
static void put(FILE *file, struct slice bytes)
{
    uint8_t size[4];
    bytes_put_u32(size, (uint32_t)bytes.size);
    assert_int_equal(fwrite(size, 1, sizeof size, file), sizeof size);
    assert_int_equal(fwrite(bytes.data, 1, bytes.size, file), bytes.size);
}

void golden_log_write(const struct chronicle *chronicle, const char *path)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    for (size_t i = 0; i < chronicle->count; i++) {
        const struct chronicle_entry *entry = &chronicle->entries[i];
        AUTO_CLEAR(bytes) record = {0};
        wire_pack(&entry->record, &record);
        put(file, bytes_slice(&record));
        putc(entry->is_given ? 1 : 0, file);
        putc((int)entry->decision_count, file);
        assert_true(entry->decision_count < 256);
        for (size_t at = 0; at < entry->decision_count; at++)
            put(file, entry->decisions[at]);
    }
    assert_int_equal(fclose(file), 0);
}

struct reading {
    struct bytes content;
    size_t at;
    struct arena *arena; /* of one entry */
    const WireLoggedEvent *record;
    const WireEvent *event;
    WireDecision *decisions[256];
    size_t count;
    bool is_given;
};

static struct slice get(struct reading *reading)
{
    assert_true(reading->at + 4 <= reading->content.size);
    size_t size = bytes_get_u32(reading->content.data + reading->at);
    reading->at += 4 + size;
    assert_true(reading->at <= reading->content.size);
    return slice_of(reading->content.data + reading->at - size, size);
}

static void *get_message(struct reading *reading, const ProtobufCMessageDescriptor *descriptor)
{
    void *message = wire_unpack(descriptor, get(reading), reading->arena, NULL);
    assert_non_null(message);
    return message;
}

static void reading_open(struct reading *reading, const char *path)
{
    *reading = (struct reading){.content = check_read_file(path), .arena = arena_new(ARENA_SIZE)};
}

static void reading_close(struct reading *reading)
{
    bytes_clear(&reading->content);
    arena_free(reading->arena);
}

static bool reading_next(struct reading *reading)
{
    if (reading->at == reading->content.size)
        return false;
    arena_reset(reading->arena, 0);
    reading->record = get_message(reading, &wire_logged_event__descriptor);
    reading->event =
        wire_unpack(&wire_event__descriptor, wire_slice(reading->record->event), reading->arena, NULL);
    assert_non_null(reading->event);
    reading->is_given = reading->content.data[reading->at++];
    reading->count = reading->content.data[reading->at++];
    for (size_t i = 0; i < reading->count; i++)
        reading->decisions[i] = get_message(reading, &wire_decision__descriptor);
    return true;
}

struct fold *golden_log_apply(const char *path, uint64_t seed, char why[static WHY_SIZE])
{
    struct reading reading;
    AUTO(fold) *fold = fold_new(NULL, seed);
    int rc = 0;
    reading_open(&reading, path);
    while (!rc && reading_next(&reading))
        rc = fold_apply(fold, reading.record, reading.event, reading.decisions, reading.count, why);
    reading_close(&reading);
    return rc ? NULL : TAKE(fold);
}

/* What is not given is decided anew, by our engine. */
static void run_log(struct golden_list *list, const char *path, FILE *print)
{
    struct adding adding = adding_begin(list, strrchr(path, '/') + 1, print);
    struct reading reading;
    struct decisions *decisions = decisions_new();
    AUTO(fold) *fold = fold_new(NULL, 1);
    char why[WHY_SIZE];
    reading_open(&reading, path);
    add(adding.input, bytes_slice(&reading.content));
    while (reading_next(&reading)) {
        WireDecision *const *concluded = reading.decisions;
        size_t count = reading.count;
        if (!reading.is_given) {
            assert_int_equal(decide_event(fold, reading.record, reading.event, decisions), 0);
            concluded = decisions->items;
            count = decisions->count;
            add_decisions(&adding, concluded, count);
        }
        if (fold_apply(fold, reading.record, reading.event, concluded, count, why))
            fail_msg("%s: %s", path, why);
    }
    add_snapshot(&adding, fold);
    adding_end(&adding);
    reading_close(&reading);
    decisions_free(decisions);
}

/* --- the week of calls --- */

static void run_week(struct golden_list *list, FILE *print)
{
    char path[4096];
    const char *folder = check_shared_data(GOLDEN_WEEK);
    if (!folder)
        return;
    text_format(path, sizeof path, "%s/" GOLDEN_WEEK, folder);
    struct adding adding = adding_begin(list, GOLDEN_WEEK, print);
    AUTO_CLEAR(bytes) content = check_read_file(path);
    add_shipped_policy(&adding);
    add(adding.input, bytes_slice(&content));
    FILE *calls = fopen(path, "r");
    assert_non_null(calls);
    AUTO(shop) *shop = shop_open(NULL);
    shop->snapshot_every = 0;
    shop->recorded = on_recorded;
    shop->recorder = &adding;
    week_play(shop, calls);
    fclose(calls);
    add_snapshot(&adding, shop->fold);
    adding_end(&adding);
}

/* --- all of them --- */

static void run_each(struct golden_list *list, const char *pattern, FILE *print,
                     void (*run)(struct golden_list *, const char *, FILE *))
{
    glob_t found = {0};
    assert_int_equal(glob(pattern, 0, NULL, &found), 0);
    for (size_t i = 0; i < found.gl_pathc; i++)
        run(list, found.gl_pathv[i], print);
    globfree(&found);
}

void golden_run(struct golden_list *ret_list, FILE *print)
{
    *ret_list = (struct golden_list){0};
    run_each(ret_list, "services/escalate/policy/tests/*.yaml", print, run_stories);
    run_each(ret_list, GOLDEN_FOLDER "/*.log", print, run_log);
    run_week(ret_list, print);
}
