/* golden: for one ENGINE_VERSION the same inputs give the same decisions, byte for byte, for ever; for one
 * SNAPSHOT_VERSION (and engine) the same state gives the same snapshot.
 *
 * What they gave when the version was new stands in tests/data/golden: decisions.ENGINE and snapshots.SNAPSHOT.ENGINE, a
 * line "NAME INPUT DIGEST" for each input of tests/support/golden.h. A change that makes other bytes of the same input
 * raises the number (ENGINE_VERSION in common/policy/state/fold.h, SNAPSHOT_VERSION in common/policy/state/state.h) and
 * records what the new one gives:
 *
 *   build/release/tests/unit/common/policy/golden_test --record
 *
 * which never records other bytes of the same input under a number that has some. An input that is changed on purpose
 * (a story, the shipped policy) is recorded anew by the same command, under the same number. `--print` prints every
 * decision as JSON, to be compared with what the code printed before.
 *
 * Older lists, logs and snapshots stay: what older engines decided must still be applied, and a snapshot of another
 * version must be refused, not misread. */
#include "tests/support/check.h"
#include "tests/support/golden.h"
#include "tests/support/holding.h"

#include "common/base/text.h"
#include "common/policy/state/state.h"

#include <glob.h>
#include <unistd.h>

/* What is compared: a list of the folder, and where its digests come from. */
struct measure {
    char path[128];
    size_t digest; /* offset in struct golden */
    const char *number, *what;
};

static void measures_of(struct measure ret_measures[static 2])
{
    ret_measures[0] = (struct measure){
        .digest = offsetof(struct golden, decisions), .number = "ENGINE_VERSION", .what = "decisions"};
    ret_measures[1] = (struct measure){
        .digest = offsetof(struct golden, snapshot), .number = "SNAPSHOT_VERSION", .what = "snapshots"};
    text_format(ret_measures[0].path, sizeof ret_measures[0].path, GOLDEN_FOLDER "/decisions.%d",
                ENGINE_VERSION);
    text_format(ret_measures[1].path, sizeof ret_measures[1].path, GOLDEN_FOLDER "/snapshots.%d.%d",
                SNAPSHOT_VERSION, ENGINE_VERSION);
}

static const char *digest_of(const struct golden *golden, const struct measure *measure)
{
    return (const char *)golden + measure->digest;
}

/* What is recorded; false: there is none. The digest stands where the measure has it. */
static bool read_list(const struct measure *measure, struct golden_list *ret_list)
{
    FILE *file = fopen(measure->path, "r");
    *ret_list = (struct golden_list){0};
    if (!file)
        return false;
    struct golden *golden = ret_list->items;
    while (ret_list->count < GOLDEN_MOST &&
           fscanf(file, "%63s %32s %32s", golden->name, golden->input, (char *)golden + measure->digest) == 3)
        golden = &ret_list->items[++ret_list->count];
    fclose(file);
    return true;
}

static const struct golden *find(const struct golden_list *list, const char *name)
{
    for (size_t i = 0; i < list->count; i++)
        if (text_equal(list->items[i].name, name))
            return &list->items[i];
    return NULL;
}

/* How what is there differs from what is recorded; true: it may be recorded anew. */
static bool compare(const struct measure *measure, const struct golden_list *is, struct bytes *into)
{
    struct golden_list was;
    bool may_record = true;
    if (!read_list(measure, &was)) {
        bytes_append_format(into, "%s is not there: record it\n", measure->path);
        return true;
    }
    for (size_t i = 0; i < is->count; i++) {
        const struct golden *now = &is->items[i], *then = find(&was, now->name);
        if (!then || !text_equal(now->input, then->input)) {
            bytes_append_format(into, "%s is a new input: record it\n", now->name);
        } else if (!text_equal(digest_of(now, measure), digest_of(then, measure))) {
            bytes_append_format(into, "%s: other %s of the same input\n", now->name, measure->what);
            may_record = false;
        }
    }
    for (size_t i = 0; i < was.count; i++)
        if (!find(is, was.items[i].name) && !text_equal(was.items[i].name, GOLDEN_WEEK))
            bytes_append_format(into, "%s is gone: record the others\n", was.items[i].name);
    if (!may_record)
        bytes_append_format(into, "undo the change, or raise %s (%s) and record\n", measure->number,
                            measure->path);
    return may_record;
}

/* Run once for all tests; made again by nobody. */
static struct golden_list outcomes;

static int run_inputs(void **state __attribute__((unused)))
{
    golden_run(&outcomes, NULL);
    return 0;
}

static void assert_as_recorded(size_t which)
{
    struct measure measures[2];
    AUTO_CLEAR(bytes) told = {0};
    measures_of(measures);
    compare(&measures[which], &outcomes, &told);
    if (told.size) {
        fputs(bytes_text(&told), stderr); /* cmocka would cut it */
        fail_msg("how to go on: the comment on top of tests/unit/common/policy/golden_test.c");
    }
}

static TEST(an_engine_decides_as_it_always_did)
{
    assert_as_recorded(0);
}

static TEST(a_snapshot_of_a_version_has_always_the_same_bytes)
{
    assert_as_recorded(1);
}

/* --- what was stored in older times --- */

static void for_each(const char *pattern, void (*look)(const char *path))
{
    glob_t found = {0};
    assert_int_equal(glob(GOLDEN_FOLDER, 0, NULL, &found), 0);
    globfree(&found);
    assert_int_equal(glob(pattern, 0, NULL, &found), 0);
    for (size_t i = 0; i < found.gl_pathc; i++)
        look(found.gl_pathv[i]);
    globfree(&found);
}

/* Of its own version it is read, and written again as it was; of another it is refused. */
static void look_at_snapshot(const char *path)
{
    AUTO_CLEAR(bytes) stored = check_read_file(path);
    AUTO(fold) *fold = fold_snapshot_read(NULL, 5, bytes_slice(&stored));
    int snapshot_version = 0, engine_version = 0;
    assert_int_equal(sscanf(path, GOLDEN_FOLDER "/%d.%d.snapshot", &snapshot_version, &engine_version), 2);
    if (snapshot_version != SNAPSHOT_VERSION || engine_version != ENGINE_VERSION) {
        assert_null(fold);
        return;
    }
    AUTO_CLEAR(bytes) again = {0};
    assert_non_null(fold);
    holding_write(fold, &again);
    assert_slice_equal(bytes_slice(&again), bytes_slice(&stored));
}

static TEST(a_stored_snapshot_is_read_or_refused)
{
    for_each(GOLDEN_FOLDER "/*.snapshot", look_at_snapshot);
}

static void look_at_log(const char *path)
{
    char why[WHY_SIZE] = "";
    AUTO_CLEAR(bytes) first = {0};
    AUTO_CLEAR(bytes) second = {0};
    AUTO(fold) *fold = golden_log_apply(path, 1, why);
    AUTO(fold) *other = golden_log_apply(path, UINT64_C(0x9e3779b97f4a7c15), why);
    if (!fold || !other)
        fail_msg("%s: %s", path, why);
    holding_write(fold, &first);
    holding_write(other, &second);
    assert_slice_equal(bytes_slice(&second), bytes_slice(&first));
}

static TEST(what_an_older_engine_decided_is_applied_whatever_the_seed_of_the_maps)
{
    for_each(GOLDEN_FOLDER "/*.log", look_at_log);
}

/* --- recording --- */

/* Logs that an engine of today decides, where there are none of the kind. */
static void record_logs(void)
{
    static const struct {
        const char *path;
        struct chronicle_options options;
    } logs[] = {
        {GOLDEN_FOLDER "/punctual.log", {.seed = 11, .events = 160, .deadlines = DEADLINES_PUNCTUAL}},
        {GOLDEN_FOLDER "/delayed.log",
         {.seed = 12, .events = 160, .deadlines = DEADLINES_DELAYED, .has_quarantine = true}},
        {GOLDEN_FOLDER "/wild.log",
         {.seed = 13, .events = 160, .deadlines = DEADLINES_WILD, .has_policies = true}},
        {GOLDEN_FOLDER "/inherited.log",
         {.seed = 14, .events = 160, .deadlines = DEADLINES_WILD, .older = 60}},
    };
    for (size_t i = 0; i < sizeof logs / sizeof *logs; i++) {
        if (access(logs[i].path, F_OK) == 0)
            continue;
        AUTO(chronicle) *chronicle = chronicle_new(&logs[i].options);
        golden_log_write(chronicle, logs[i].path);
    }
}

static void record_snapshot(void)
{
    char path[128], why[WHY_SIZE];
    AUTO(fold) *fold = golden_log_apply(GOLDEN_FOLDER "/punctual.log", 1, why);
    AUTO_CLEAR(bytes) snapshot = {0};
    text_format(path, sizeof path, GOLDEN_FOLDER "/%d.%d.snapshot", SNAPSHOT_VERSION, ENGINE_VERSION);
    FILE *file = fopen(path, "wb");
    holding_write(fold, &snapshot);
    fwrite(snapshot.data, 1, snapshot.size, file);
    fclose(file);
}

static void write_list(const struct measure *measure, const struct golden_list *list)
{
    FILE *file = fopen(measure->path, "w");
    for (size_t i = 0; i < list->count; i++)
        fprintf(file, "%s %s %s\n", list->items[i].name, list->items[i].input,
                digest_of(&list->items[i], measure));
    fclose(file);
}

static int record(void)
{
    struct measure measures[2];
    bool may_record = true;
    measures_of(measures);
    record_logs();
    golden_run(&outcomes, NULL);
    if (!find(&outcomes, GOLDEN_WEEK)) {
        fputs("record where the shared data is: the week of calls would be lost\n", stderr);
        return 1;
    }
    for (size_t i = 0; i < 2; i++) {
        AUTO_CLEAR(bytes) told = {0};
        may_record &= compare(&measures[i], &outcomes, &told);
        fputs(bytes_text(&told), stderr);
    }
    if (!may_record)
        return 1;
    for (size_t i = 0; i < 2; i++)
        write_list(&measures[i], &outcomes);
    record_snapshot();
    return 0;
}

int main(int argc, char **argv)
{
    if (argc == 2 && text_equal(argv[1], "--record"))
        return record();
    if (argc == 2 && text_equal(argv[1], "--print")) {
        golden_run(&outcomes, stdout);
        return 0;
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_engine_decides_as_it_always_did),
        cmocka_unit_test(a_snapshot_of_a_version_has_always_the_same_bytes),
        cmocka_unit_test(a_stored_snapshot_is_read_or_refused),
        cmocka_unit_test(what_an_older_engine_decided_is_applied_whatever_the_seed_of_the_maps),
    };
    return cmocka_run_group_tests(tests, run_inputs, NULL);
}
