/* csv: what rows are made of, and where exactly what is none goes wrong. */
#include "tests/support/check.h"

#include "common/base/text.h"
#include "services/cli/publish/csv.h"

#include <errno.h>

/* All rows as one text: fields parted by |, rows by a line end; or what csv_next() complained of. */
static void check_csv(const char *input, size_t size, const char *expected)
{
    struct csv csv;
    struct csv_row row;
    struct bytes seen = {.size = 0};
    char why[WHY_SIZE] = "";
    csv_init(&csv, slice_of(input, size));
    int rc;
    while ((rc = csv_next(&csv, &row, why, sizeof why)) > 0) {
        for (size_t i = 0; i < row.count; i++)
            bytes_append_format(&seen, "%s%s", i ? "|" : "", row.fields[i]);
        bytes_append_text(&seen, "\n");
    }
    if (rc < 0)
        bytes_append_format(&seen, "! %s", why);
    assert_text_equal(bytes_text(&seen), expected);
    bytes_clear(&seen);
    csv_clear(&csv);
}

static TEST(takes_rows_apart)
{
    static const struct {
        const char *input, *rows;
    } cases[] = {
        {"", ""},
        {"\n\r\n\n", ""},
        {"a,b,c\n", "a|b|c\n"},
        {"a,b,c", "a|b|c\n"},
        {"a,b\r\nc,d\r\n", "a|b\nc|d\n"},
        {"\xEF\xBB\xBF"
         "a,b\n",
         "a|b\n"},
        {",\n", "|\n"},
        {"a,,c,\n", "a||c|\n"},
        {" a , b \n", " a | b \n"},
        {"\"a\",\"b\"\n", "a|b\n"},
        {"\"a,b\",c\n", "a,b|c\n"},
        {"\"a \"\"b\"\" c\",d\n", "a \"b\" c|d\n"},
        {"\"two\nlines\",x\ny,z\n", "two\nlines|x\ny|z\n"},
        {"\"\",\"\"", "|\n"},
        {"\"a\"\r\n", "a\n"},
        {"\"\"\"\"\n", "\"\n"},
        {"Z\xC3\xBCrich,1\n", "Z\xC3\xBCrich|1\n"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        check_csv(cases[i].input, strlen(cases[i].input), cases[i].rows);
}

static TEST(says_where_it_is_no_csv)
{
    static const struct {
        const char *input;
        size_t size;
        const char *rows;
    } cases[] = {
        {"a,b\nc,d\"e\n", 10, "a|b\n! line 2, column 4: a quote inside a field without quotes"},
        {"a,\"b\"c\n", 7, "! line 1, column 6: a comma or the line's end must follow the closing quote"},
        {"a\n\"b\nc\n", 7, "a\n! line 2, column 1: this quote is never closed"},
        {"\"", 1, "! line 1, column 1: this quote is never closed"},
        {"a,\"", 3, "! line 1, column 3: this quote is never closed"},
        {"a\rb\n", 4, "! line 1, column 2: a carriage return that ends no line"},
        {"a,b\0c\n", 6, "! line 1, column 3: this field is not UTF-8 text"},
        {"a\nb,\xFF\n", 6, "a\n! line 2, column 3: this field is not UTF-8 text"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        check_csv(cases[i].input, cases[i].size, cases[i].rows);
}

static TEST(counts_lines_inside_quotes_too)
{
    struct csv csv;
    struct csv_row row;
    char why[WHY_SIZE];
    csv_init(&csv, slice_of_text("h\n\"a\nb\",c\nd\n"));
    static const size_t lines[] = {1, 2, 4};
    for (size_t i = 0; i < COUNT_OF(lines); i++) {
        assert_int_equal(csv_next(&csv, &row, why, sizeof why), 1);
        assert_int_equal(row.line, lines[i]);
    }
    assert_int_equal(csv_next(&csv, &row, why, sizeof why), 0);
    csv_clear(&csv);
}

static TEST(refuses_rows_that_have_no_end)
{
    struct bytes input = {.size = 0};
    char why[WHY_SIZE];
    struct csv csv;
    struct csv_row row;
    static const struct {
        const char *piece;
        size_t times;
        const char *why;
    } cases[] = {
        {"x", CSV_MOST_ROW_BYTES + 2, "line 1, column 1: the row is too long"},
        {",", CSV_MOST_FIELDS, "line 1, column 65: the row has too many fields"},
        {"\"\"", CSV_MOST_ROW_BYTES + 2, "line 1, column 1: the row is too long"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        bytes_reset(&input);
        for (size_t n = 0; n < cases[i].times; n++)
            bytes_append_text(&input, cases[i].piece);
        if (cases[i].piece[0] == '"')
            input.data[1] = 'x', bytes_append_text(&input, "\"");
        csv_init(&csv, bytes_slice(&input));
        assert_int_equal(csv_next(&csv, &row, why, sizeof why), -EINVAL);
        assert_text_equal(why, cases[i].why);
        csv_clear(&csv);
    }
    bytes_clear(&input);
}

RUN_TESTS(cmocka_unit_test(takes_rows_apart), cmocka_unit_test(says_where_it_is_no_csv),
          cmocka_unit_test(counts_lines_inside_quotes_too), cmocka_unit_test(refuses_rows_that_have_no_end))
