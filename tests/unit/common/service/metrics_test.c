/* metrics: the text that Prometheus reads. */
#include "tests/support/check.h"

#include "common/base/exposition.h"
#include "common/service/metrics.h"

struct numbers {
    uint64_t late;
    uint64_t unknown;
    int64_t waiting;
};

static const struct metric rows[] = {
    METRIC(struct numbers, late, "refused_total", "reason=\"late\"", "refused"),
    METRIC(struct numbers, unknown, "refused_total", "reason=\"unknown\"", "refused"),
    METRIC(struct numbers, waiting, "waiting", "", "waiting \\ now"),
};

static void measure(void *numbers)
{
    ((struct numbers *)numbers)->waiting++;
}

static TEST(rows_of_one_name_share_their_head)
{
    struct numbers numbers = {.late = 1, .unknown = UINT32_MAX, .waiting = -2};
    AUTO(metrics) *metrics = metrics_new();
    AUTO_CLEAR(bytes) page = {0};
    metrics_add_measured(metrics, rows, COUNT_OF(rows), &numbers, measure);
    metrics_write(metrics, &page);
    assert_text_equal(bytes_text(&page), "# HELP refused_total refused\n"
                                         "# TYPE refused_total counter\n"
                                         "refused_total{reason=\"late\"} 1\n"
                                         "refused_total{reason=\"unknown\"} 4294967295\n"
                                         "# HELP waiting waiting \\\\ now\n"
                                         "# TYPE waiting gauge\n"
                                         "waiting -1\n");
    metrics_remove(metrics, &numbers);
    bytes_reset(&page);
    metrics_write(metrics, &page);
    assert_int_equal(page.size, 0);
}

static TEST(a_histogram_is_cumulated)
{
    static const double bounds[] = {0.1, 1};
    static const uint64_t counts[] = {2, 3, 4};
    AUTO_CLEAR(bytes) page = {0};
    exposition_histogram(&page, "wait", "line=\"1\"", bounds, counts, 2, 12.5);
    assert_text_equal(bytes_text(&page), "wait_bucket{line=\"1\",le=\"0.1\"} 2\n"
                                         "wait_bucket{line=\"1\",le=\"1\"} 5\n"
                                         "wait_bucket{line=\"1\",le=\"+Inf\"} 9\n"
                                         "wait_sum{line=\"1\"} 12.5\n"
                                         "wait_count{line=\"1\"} 9\n");
}

RUN_TESTS(cmocka_unit_test(rows_of_one_name_share_their_head), cmocka_unit_test(a_histogram_is_cumulated))
