/* exec: what a command is given, and how its end is told. */
#include "tests/support/check.h"

#include "common/base/text.h"
#include "services/cli/look/exec.h"

#include <errno.h>
#include <signal.h>

static TEST(tells_how_a_command_took_its_input)
{
    static const struct {
        const char *command, *input;
        int rc;
        const char *why;
    } cases[] = {
        {"grep -q 'needle'", "a needle\n", 0, ""},
        {"grep -q 'needle'", "hay\n", -ECHILD, "the command exited with 1"},
        {"exit 3", "unread\n", -ECHILD, "the command exited with 3"},
        {"kill -TERM $$", "", -ECHILD, "the command was ended by signal 15"},
        {"no-such-command-here 2>/dev/null", "", -ECHILD, "the command exited with 127"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        char why[WHY_SIZE] = "";
        assert_int_equal(exec_feed(cases[i].command, slice_of_text(cases[i].input), why, sizeof why),
                         cases[i].rc);
        assert_text_equal(why, cases[i].why);
    }
}

static TEST(is_not_held_up_by_a_command_that_reads_nothing)
{
    struct bytes much = {.size = 0};
    char why[WHY_SIZE] = "";
    check_append_zeros(&much, 1 << 20);
    assert_int_equal(exec_feed("exit 0", bytes_slice(&much), why, sizeof why), 0);
    bytes_clear(&much);
}

static TEST(gives_the_command_its_signals_back)
{
    sigset_t stop, before;
    char why[WHY_SIZE] = "";
    sigemptyset(&stop);
    sigaddset(&stop, SIGTERM);
    sigprocmask(SIG_BLOCK, &stop, &before);
    assert_int_equal(exec_feed("kill -TERM $$; exit 0", slice_of_text(""), why, sizeof why), -ECHILD);
    sigprocmask(SIG_SETMASK, &before, NULL);
    assert_text_equal(why, "the command was ended by signal 15");
}

static int ignore_pipes(void **state)
{
    (void)state;
    signal(SIGPIPE, SIG_IGN);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tells_how_a_command_took_its_input),
        cmocka_unit_test(is_not_held_up_by_a_command_that_reads_nothing),
        cmocka_unit_test(gives_the_command_its_signals_back),
    };
    return cmocka_run_group_tests(tests, ignore_pipes, NULL);
}
