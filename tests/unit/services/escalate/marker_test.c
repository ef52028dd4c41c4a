/* marker: deaths are counted against the event they happened at. */
#include "tests/support/check.h"

#include "common/base/text.h"
#include "services/escalate/marker.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

/* A folder of its own for each test, removed with what is in it. */
static char folder[64];

static int make_folder(void **state)
{
    (void)state;
    text_copy(folder, sizeof folder, "/tmp/bellhop-marker-XXXXXX");
    return mkdtemp(folder) ? 0 : -1;
}

static int remove_folder(void **state)
{
    (void)state;
    char path[128];
    text_format(path, sizeof path, "%s/escalate.marker", folder);
    unlink(path);
    return rmdir(folder);
}

/* A process of its own dies in the middle of an event. */
static void die_at(uint64_t seq)
{
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        char why[WHY_SIZE];
        struct marker *marker = marker_open(folder, why, sizeof why);
        if (marker)
            marker_enter(marker, 1, seq);
        _exit(0);
    }
    waitpid(child, NULL, 0);
}

static struct marker *open_marker(void)
{
    char why[WHY_SIZE];
    struct marker *marker = marker_open(folder, why, sizeof why);
    assert_non_null(marker);
    return marker;
}

static TEST(holds_nothing_against_an_event_that_was_finished)
{
    struct marker *first = open_marker();
    marker_enter(first, 1, 7);
    marker_leave(first);
    marker_close(first);
    AUTO(marker) *marker = open_marker();
    uint64_t seq;
    assert_int_equal(marker_crashes(marker, &seq), 0);
    assert_false(marker_is_poisoned(marker, 1, 7));
}

static TEST(poisons_an_event_at_which_three_processes_died)
{
    for (int death = 1; death < MARKER_CRASHES; death++)
        die_at(7);
    struct marker *before = open_marker();
    assert_false(marker_is_poisoned(before, 1, 7));
    marker_close(before);
    die_at(7);
    AUTO(marker) *marker = open_marker();
    assert_true(marker_is_poisoned(marker, 1, 7));
    assert_false(marker_is_poisoned(marker, 1, 8));
    assert_false(marker_is_poisoned(marker, 2, 7));
}

static TEST(begins_to_count_again_at_another_event)
{
    die_at(7);
    die_at(7);
    die_at(8);
    AUTO(marker) *marker = open_marker();
    uint64_t seq;
    assert_int_equal(marker_crashes(marker, &seq), 1);
    assert_int_equal(seq, 8);
}

static TEST(begins_anew_with_a_file_it_does_not_understand)
{
    char path[128];
    text_format(path, sizeof path, "%s/escalate.marker", folder);
    FILE *file = fopen(path, "w");
    fputs("something else entirely, which is longer than the marker's own file is", file);
    fclose(file);
    AUTO(marker) *marker = open_marker();
    uint64_t seq;
    assert_int_equal(marker_crashes(marker, &seq), 0);
}

static TEST(is_known_again_after_its_death_and_is_used_by_one_process_alone)
{
    struct marker *first = open_marker();
    uint64_t instance = marker_instance(first);
    char why[WHY_SIZE] = "";
    assert_null(marker_open(folder, why, sizeof why));
    assert_non_null(strstr(why, "another process"));
    marker_close(first);
    die_at(7);
    AUTO(marker) *marker = open_marker();
    assert_int_equal(marker_instance(marker), instance);
}

static TEST(says_why_it_cannot_be_opened)
{
    char why[WHY_SIZE] = "";
    assert_null(marker_open("/nonexistent/folder", why, sizeof why));
    assert_non_null(strstr(why, "/nonexistent/folder"));
}

static TEST(does_without_a_folder)
{
    char why[WHY_SIZE];
    AUTO(marker) *marker = marker_open("", why, sizeof why);
    marker_enter(marker, 1, 1);
    marker_leave(marker);
}

#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, make_folder, remove_folder)

RUN_TESTS(IN_FOLDER(holds_nothing_against_an_event_that_was_finished),
          IN_FOLDER(poisons_an_event_at_which_three_processes_died),
          IN_FOLDER(begins_to_count_again_at_another_event),
          IN_FOLDER(begins_anew_with_a_file_it_does_not_understand),
          IN_FOLDER(is_known_again_after_its_death_and_is_used_by_one_process_alone),
          cmocka_unit_test(says_why_it_cannot_be_opened), cmocka_unit_test(does_without_a_folder))
