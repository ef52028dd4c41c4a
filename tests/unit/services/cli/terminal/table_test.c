/* table: columns that line up, and the bar of long work. */
#include "tests/support/check.h"

#include "services/cli/terminal/progress.h"
#include "services/cli/terminal/table.h"

#include <stdlib.h>

static TEST(makes_each_column_as_wide_as_its_widest_text)
{
    static const char *const titles[] = {"case", "what", "by", NULL};
    AUTO(table) *table = table_new(titles);
    table_add(table, (const char *const[]){"1-4711-0", "hält", "ines"});
    table_add(table, (const char *const[]){"1-1-0", NULL, "x"});
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    table_print(table, out);
    fclose(out);
    assert_int_equal(table_rows(table), 2);
    assert_text_equal(text, "case      what  by\n"
                            "1-4711-0  hält  ines\n"
                            "1-1-0           x\n");
    free(text);
}

static TEST(draws_a_bar_that_fills_and_never_overflows)
{
    struct progress progress = {.what = "importing", .total = 200};
    static const struct {
        uint64_t done;
        const char *line;
    } cases[] = {
        {0, "importing  [..............................]    0 %  0 of 200"},
        {100, "importing  [###############...............]   50 %  100 of 200"},
        {200, "importing  [##############################]  100 %  200 of 200"},
        {300, "importing  [##############################]  100 %  300 of 200"},
    };
    char line[PROGRESS_LINE_SIZE];
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        progress_format(&progress, cases[i].done, line);
        assert_text_equal(line, cases[i].line);
    }
    progress.total = 0;
    progress_format(&progress, 0, line);
    assert_text_equal(line, "importing  [..............................]    0 %  0 of 0");
}

RUN_TESTS(cmocka_unit_test(makes_each_column_as_wide_as_its_widest_text),
          cmocka_unit_test(draws_a_bar_that_fills_and_never_overflows))
