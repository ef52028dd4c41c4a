/* spool: order, quota, what survives a kill, and who may have it open. */
#include "tests/support/check.h"

#include "common/client/spool_state.h"

#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

struct folder {
    char path[64];
    char spool[96];
};

static struct folder folder_new(void)
{
    struct folder folder = {.path = "/tmp/bellhop-spool.XXXXXX"};
    assert_non_null(mkdtemp(folder.path));
    snprintf(folder.spool, sizeof folder.spool, "%s/spool", folder.path);
    return folder;
}

static void folder_remove(struct folder *folder)
{
    char name[128];
    const char *const endings[] = {"", "-wal", "-shm"};
    for (size_t i = 0; i < COUNT_OF(endings); i++) {
        snprintf(name, sizeof name, "%s%s", folder->spool, endings[i]);
        unlink(name);
    }
    assert_int_equal(rmdir(folder->path), 0);
}

static struct spool *open_spool(const char *path, int64_t quota)
{
    struct spool *spool = NULL;
    char why[WHY_SIZE] = "";
    int rc = spool_open(path, quota, &spool, why, sizeof why);
    assert_text_equal(why, "");
    assert_int_equal(rc, BELLHOP_OK);
    return spool;
}

static int put(struct spool *spool, uint8_t mark, size_t size)
{
    uint8_t id[BELLHOP_ID_SIZE] = {mark};
    uint8_t *event = memory_zeroed(size);
    event[0] = mark;
    int rc = spool_begin(spool);
    if (rc == BELLHOP_OK)
        rc = spool_add(spool, id, mark % 2, slice_of(event, size));
    if (rc == BELLHOP_OK)
        rc = spool_commit(spool);
    else
        spool_rollback(spool);
    free(event);
    return rc;
}

struct seen {
    size_t count;
    size_t stop_after;
    int64_t numbers[64];
    uint8_t marks[64];
};

static bool see(void *owner, const struct spool_entry *entry)
{
    struct seen *seen = owner;
    assert_int_equal(entry->event.data[0], entry->event_id[0]);
    assert_int_equal(entry->flags, entry->event_id[0] % 2);
    seen->numbers[seen->count] = entry->number;
    seen->marks[seen->count++] = entry->event_id[0];
    return seen->stop_after == 0 || seen->count < seen->stop_after;
}

static struct seen walk(struct spool *spool)
{
    struct seen seen = {0};
    assert_int_equal(spool_walk(spool, 0, see, &seen), BELLHOP_OK);
    return seen;
}

static TEST(empties_in_the_order_of_taking_in)
{
    AUTO(spool) *spool = open_spool(NULL, 1 << 20);
    for (uint8_t mark = 1; mark <= 5; mark++)
        assert_int_equal(put(spool, mark, 100), BELLHOP_OK);
    struct seen seen = walk(spool);
    assert_int_equal(seen.count, 5);
    for (uint8_t mark = 1; mark <= 5; mark++)
        assert_int_equal(seen.marks[mark - 1], mark);
    assert_int_equal(spool_remove(spool, seen.numbers, 2), BELLHOP_OK);
    assert_int_equal(spool_entry_count(spool), 3);
    assert_int_equal(walk(spool).marks[0], 3);
}

static TEST(never_gives_a_number_twice_even_after_it_was_empty)
{
    AUTO(spool) *spool = open_spool(NULL, 1 << 20);
    put(spool, 1, 10);
    struct seen first = walk(spool);
    spool_remove(spool, first.numbers, 1);
    put(spool, 2, 10);
    assert_true(walk(spool).numbers[0] > first.numbers[0]);
}

static TEST(says_full_before_it_takes_an_event_and_takes_again_when_emptied)
{
    AUTO(spool) *spool = open_spool(NULL, 128 * 1024);
    int rc = BELLHOP_OK;
    int64_t taken = 0;
    while ((rc = put(spool, 1, 3000)) == BELLHOP_OK)
        assert_true(++taken < 64);
    assert_int_equal(rc, BELLHOP_SPOOL_FULL);
    assert_true(taken > 10);
    assert_int_equal(spool_entry_count(spool), taken);
    struct seen seen = walk(spool);
    assert_int_equal(seen.count, taken);
    assert_int_equal(spool_remove(spool, seen.numbers, 10), BELLHOP_OK);
    assert_int_equal(put(spool, 1, 3000), BELLHOP_OK);
}

static TEST(moves_to_the_refused_even_when_full)
{
    AUTO(spool) *spool = open_spool(NULL, 128 * 1024);
    while (put(spool, 1, 3000) == BELLHOP_OK) {
    }
    struct seen seen = walk(spool);
    const struct bellhop_receipt receipt = {
        .result = BELLHOP_REJECTED, .reason = "bad_id", .field = "id", .explanation = "is no id"};
    for (size_t i = 0; i < seen.count; i++)
        assert_int_equal(spool_refuse(spool, seen.numbers[i], &receipt, 1000), BELLHOP_OK);
    assert_int_equal(spool_entry_count(spool), 0);
    assert_int_equal(spool_refused_count(spool), seen.count);
    struct bellhop_refused refused;
    assert_int_equal(spool_refused_after(spool, 0, &refused), BELLHOP_OK);
    assert_text_equal(refused.reason, "bad_id");
    assert_text_equal(refused.field, "id");
    assert_int_equal(refused.message_size, 3000);
    for (size_t more = 0; put(spool, 1, 3000) == BELLHOP_OK; more++) /* they count until they are forgotten */
        assert_true(more < seen.count / 4);
    for (size_t i = 0; i < seen.count; i++)
        assert_int_equal(spool_refused_forget(spool, seen.numbers[i]), BELLHOP_OK);
    assert_int_equal(spool_refused_after(spool, 0, &refused), BELLHOP_NOT_OPEN);
    assert_int_equal(put(spool, 1, 3000), BELLHOP_OK);
}

static TEST(an_event_that_does_not_fit_undoes_all_of_its_transaction)
{
    AUTO(spool) *spool = open_spool(NULL, 128 * 1024);
    uint8_t id[BELLHOP_ID_SIZE] = {0};
    uint8_t *large = memory_zeroed(256 * 1024);
    uint64_t number = 0;
    assert_int_equal(spool_begin(spool), BELLHOP_OK);
    assert_int_equal(spool_count_up(spool, "till", &number), BELLHOP_OK);
    assert_int_equal(number, 1);
    assert_int_equal(spool_add(spool, id, 0, slice_of(large, 10)), BELLHOP_OK);
    assert_int_equal(spool_add(spool, id, 0, slice_of(large, 256 * 1024)), BELLHOP_SPOOL_FULL);
    spool_rollback(spool);
    free(large);
    assert_int_equal(spool_entry_count(spool), 0);
    assert_int_equal(walk(spool).count, 0);
    assert_int_equal(spool_begin(spool), BELLHOP_OK);
    assert_int_equal(spool_count_up(spool, "till", &number), BELLHOP_OK);
    assert_int_equal(number, 1);
    assert_int_equal(spool_commit(spool), BELLHOP_OK);
}

/* A child takes events in, tells us each one it was promised, and is killed in the middle of it. */
static TEST(what_was_taken_in_survives_kill_nine)
{
    struct folder folder = folder_new();
    int pipes[2];
    assert_int_equal(pipe(pipes), 0);
    pid_t child = fork();
    if (child == 0) {
        struct spool *spool = NULL;
        char why[WHY_SIZE];
        if (spool_open(folder.spool, 1 << 20, &spool, why, sizeof why) != BELLHOP_OK)
            _exit(1);
        for (uint8_t mark = 1;; mark++)
            if (put(spool, mark, 200) == BELLHOP_OK && write(pipes[1], &mark, 1) != 1)
                _exit(1);
    }
    uint8_t last = 0;
    while (last < 20)
        assert_int_equal(read(pipes[0], &last, 1), 1);
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    close(pipes[1]);
    while (read(pipes[0], &last, 1) == 1) {
    }
    close(pipes[0]);

    AUTO(spool) *spool = open_spool(folder.spool, 1 << 20);
    struct seen seen = {.stop_after = 60};
    assert_int_equal(spool_walk(spool, 0, see, &seen), BELLHOP_OK);
    assert_true(seen.count >= last || seen.count == 60);
    for (size_t i = 0; i < seen.count; i++)
        assert_int_equal(seen.marks[i], i + 1);
    spool_free(TAKE(spool));
    folder_remove(&folder);
}

static TEST(belongs_to_one_process_at_a_time)
{
    struct folder folder = folder_new();
    AUTO(spool) *spool = open_spool(folder.spool, 1 << 20);
    struct spool *second = NULL;
    char why[WHY_SIZE] = "";
    assert_int_equal(spool_open(folder.spool, 1 << 20, &second, why, sizeof why), BELLHOP_SPOOL_IN_USE);
    assert_null(second);
    spool_free(TAKE(spool));
    spool = open_spool(folder.spool, 1 << 20);
    spool_free(TAKE(spool));
    folder_remove(&folder);
}

static TEST(keeps_its_counts_and_texts)
{
    struct folder folder = folder_new();
    char text[32];
    uint64_t number;
    AUTO(spool) *spool = open_spool(folder.spool, 1 << 20);
    assert_int_equal(spool_keep_text(spool, "incarnation", "first", text, sizeof text), BELLHOP_OK);
    assert_int_equal(spool_begin(spool), BELLHOP_OK);
    assert_int_equal(spool_count_up(spool, "till", &number), BELLHOP_OK);
    assert_int_equal(spool_commit(spool), BELLHOP_OK);
    spool_free(TAKE(spool));
    spool = open_spool(folder.spool, 1 << 20);
    assert_int_equal(spool_keep_text(spool, "incarnation", "second", text, sizeof text), BELLHOP_OK);
    assert_text_equal(text, "first");
    assert_int_equal(spool_begin(spool), BELLHOP_OK);
    assert_int_equal(spool_count_up(spool, "till", &number), BELLHOP_OK);
    assert_int_equal(number, 2);
    assert_int_equal(spool_commit(spool), BELLHOP_OK);
    spool_free(TAKE(spool));
    folder_remove(&folder);
}

static TEST(refuses_a_file_that_is_no_spool)
{
    struct folder folder = folder_new();
    FILE *file = fopen(folder.spool, "w");
    assert_non_null(file);
    for (int i = 0; i < 500; i++)
        fputs("this is no database at all\n", file);
    fclose(file);
    struct spool *spool = NULL;
    char why[WHY_SIZE] = "";
    assert_int_equal(spool_open(folder.spool, 1 << 20, &spool, why, sizeof why), BELLHOP_SPOOL_FAILED);
    assert_string_not_equal(why, "");
    folder_remove(&folder);
}

/* Killing cannot find a missing fsync: the settings themselves are looked at. */
static TEST(writes_ahead_and_synchronously)
{
    struct folder folder = folder_new();
    AUTO(spool) *spool = open_spool(folder.spool, 1 << 20);
    assert_int_equal(spool_number(spool, "PRAGMA synchronous"), 2); /* FULL */
    char wal[128];
    snprintf(wal, sizeof wal, "%s-wal", folder.spool);
    assert_int_equal(put(spool, 1, 10), BELLHOP_OK);
    assert_int_equal(access(wal, F_OK), 0);
    spool_free(TAKE(spool));
    folder_remove(&folder);
}

RUN_TESTS(cmocka_unit_test(empties_in_the_order_of_taking_in),
          cmocka_unit_test(never_gives_a_number_twice_even_after_it_was_empty),
          cmocka_unit_test(says_full_before_it_takes_an_event_and_takes_again_when_emptied),
          cmocka_unit_test(moves_to_the_refused_even_when_full),
          cmocka_unit_test(an_event_that_does_not_fit_undoes_all_of_its_transaction),
          cmocka_unit_test(what_was_taken_in_survives_kill_nine),
          cmocka_unit_test(belongs_to_one_process_at_a_time), cmocka_unit_test(keeps_its_counts_and_texts),
          cmocka_unit_test(refuses_a_file_that_is_no_spool), cmocka_unit_test(writes_ahead_and_synchronously))
