/* report_reader: one statement for the store, one for all that is reported of it. */
#include "common/store/read/report_reader.h"

#include "common/base/embedded.h"
#include "common/store/read/question.h"
#include "common/store/session/result.h"

static void answer_store(struct question *question, const PGresult *result, const char *fault)
{
    enum { KNOWN, OTHERS };
    struct report_store store = {.fault = fault, .others = ""};
    if (result && PQntuples(result) == 1) {
        store.is_known = result_number(result, 0, KNOWN) != 0;
        store.others = result_text(result, 0, OTHERS);
    }
    ((report_store_read *)question->read)(question->owner, &store);
}

/* The names are found one by one in the index, whatever the number of rows. */
static const char store_sql[] =
    "WITH RECURSIVE store (id) AS ("
    " (SELECT x.store_id FROM bellhop_log.day_served x ORDER BY 1 LIMIT 1)"
    " UNION ALL SELECT (SELECT x.store_id FROM bellhop_log.day_served x WHERE x.store_id > s.id"
    " ORDER BY x.store_id LIMIT 1) FROM store s WHERE s.id IS NOT NULL)"
    "SELECT EXISTS (SELECT FROM bellhop_log.day_served x WHERE x.store_id = $1)"
    " OR EXISTS (SELECT FROM bellhop_log.case_state x WHERE x.store_id = $1)"
    " OR EXISTS (SELECT FROM bellhop_log.remedy x WHERE x.store_id = $1)"
    " OR EXISTS (SELECT FROM bellhop_log.recognition x WHERE x.store_id = $1)"
    " OR EXISTS (SELECT FROM bellhop_log.digest x WHERE x.store_id = $1),"
    " coalesce((SELECT string_agg(s.id, ', ') FROM (SELECT id FROM store WHERE id IS NOT NULL LIMIT 12) s), "
    "'')";

void report_read_store(struct database *database, const char *store_id, report_store_read *read, void *owner)
{
    struct question *question = question_new(store_sql, answer_store, (question_read *)read, owner);
    question_add_name(question, store_id);
    database_ask(database, question);
}

static void answer_report(struct question *question, const PGresult *result, const char *fault)
{
    struct report_page page = {.fault = fault};
    if (result && PQntuples(result) == 1)
        page.json = result_text(result, 0, 0);
    ((report_page_read *)question->read)(question->owner, &page);
}

void report_read(struct database *database, const char *store_id, int64_t first_day, int64_t last_day,
                 report_page_read *read, void *owner)
{
    const char *sql = (const char *)embedded_find("common/store/read/report.sql")->data;
    struct question *question = question_new(sql, answer_report, (question_read *)read, owner);
    question_add_name(question, store_id);
    question_add(question, INTEGER_VALUE((int32_t)first_day));
    question_add(question, INTEGER_VALUE((int32_t)last_day));
    database_ask(database, question);
}
