/* report_reader: one statement for the store, one for all that is reported of it. */
#include "common/store/read/report_reader.h"

#include "common/store/read/question.h"
#include "common/store/session/result.h"

static void answer_store(struct question *question, const PGresult *result, const char *fault)
{
    enum { KNOWN, OTHERS, POLICY_VERSION };
    struct report_store store = {.fault = fault, .others = ""};
    if (result && PQntuples(result) == 1) {
        store.is_known = result_number(result, 0, KNOWN) != 0;
        store.others = result_text(result, 0, OTHERS);
        store.policy_version = (uint64_t)result_number(result, 0, POLICY_VERSION);
    }
    ((report_store_read *)question->read)(question->owner, &store);
}

/* The names are found one by one in the index, whatever the number of rows. */
#define STORES                                                                                               \
    "WITH RECURSIVE store (id) AS ("                                                                         \
    " (SELECT x.store_id FROM bellhop_log.experience x WHERE x.store_id IS NOT NULL ORDER BY 1 LIMIT 1)"     \
    " UNION ALL SELECT (SELECT x.store_id FROM bellhop_log.experience x WHERE x.store_id > s.id"             \
    " ORDER BY x.store_id LIMIT 1) FROM store s WHERE s.id IS NOT NULL)"

void report_read_store(struct database *database, const char *store_id, report_store_read *read, void *owner)
{
    struct question *question = question_new(answer_store, (question_read *)read, owner);
    question->values[question->value_count++] = question_name(question, store_id);
    question->sql = STORES "SELECT EXISTS (SELECT FROM bellhop_log.experience x WHERE x.store_id = $1)"
                           " OR EXISTS (SELECT FROM bellhop_log.case_state x WHERE x.store_id = $1)"
                           " OR EXISTS (SELECT FROM bellhop_log.remedy x WHERE x.store_id = $1)"
                           " OR EXISTS (SELECT FROM bellhop_log.recognition x WHERE x.store_id = $1)"
                           " OR EXISTS (SELECT FROM bellhop_log.digest x WHERE x.store_id = $1),"
                           " coalesce((SELECT string_agg(s.id, ', ') FROM (SELECT id FROM store WHERE id IS "
                           "NOT NULL LIMIT 12) s), ''),"
                           " coalesce((SELECT max(p.policy_version) FROM bellhop.policy p"
                           " WHERE p.accepted AND coalesce(p.active_at, p.decided_at) <= now()), 0)";
    database_ask(database, question);
}

static void answer_report(struct question *question, const PGresult *result, const char *fault)
{
    struct report_page page = {.fault = fault};
    if (result && PQntuples(result) == 1)
        page.json = result_text(result, 0, 0);
    ((report_page_read *)question->read)(question->owner, &page);
}

#define OF_THE_DAYS                                                                                          \
    " v.store_id = $1 AND v.day BETWEEN date '1970-01-01' + $2::integer AND date '1970-01-01' + $3::integer"
/* The rows of a statement as an array. */
#define ROWS(name, select) "'" name "', (SELECT coalesce(jsonb_agg(to_jsonb(r)), '[]') FROM (" select ") r)"

static const char report[] =
    "WITH day AS MATERIALIZED (SELECT * FROM bellhop.empowerment_report v "
    "WHERE" OF_THE_DAYS "),"
    " usual AS (SELECT min(d.currency) AS currency FROM day d)"
    "SELECT jsonb_build_object(" ROWS(
        "digest", "SELECT v.day, v.sentence, v.compliments, v.kept_promises, "
                  "v.returning_customers, v.sales_gains,"
                  " v.earned, v.gained FROM bellhop.digest v WHERE" OF_THE_DAYS
                  " ORDER BY v.day, v.until_at") "," ROWS("empowerment_report",
                                                          "SELECT d.* FROM day d ORDER BY "
                                                          "d.day") "," ROWS("empowerment", "SELECT "
                                                                                           "coalesce(sum(d."
                                                                                           "requested), 0) "
                                                                                           "AS requested, "
                                                                                           "coalesce(sum(d."
                                                                                           "at_counter), 0) "
                                                                                           "AS at_counter,"
                                                                                           " round(sum(d.at_"
                                                                                           "counter) / "
                                                                                           "nullif(sum(d."
                                                                                           "requested), 0), "
                                                                                           "3) AS "
                                                                                           "at_counter_share,"
                                                                                           " coalesce(sum(d."
                                                                                           "escalated), 0) "
                                                                                           "AS escalated, "
                                                                                           "coalesce(sum(d."
                                                                                           "nearly_at_"
                                                                                           "counter), 0) AS "
                                                                                           "nearly_at_"
                                                                                           "counter,"
                                                                                           " coalesce(sum(d."
                                                                                           "refused_within_"
                                                                                           "authority), 0) "
                                                                                           "AS "
                                                                                           "refused_within_"
                                                                                           "authority,"
                                                                                           " coalesce(sum(d."
                                                                                           "used_at_counter_"
                                                                                           "minor) FILTER "
                                                                                           "(WHERE "
                                                                                           "d.currency = "
                                                                                           "u.currency), 0) "
                                                                                           "AS "
                                                                                           "used_at_counter_"
                                                                                           "minor,"
                                                                                           " coalesce(sum(d."
                                                                                           "used_minor) "
                                                                                           "FILTER (WHERE "
                                                                                           "d.currency = "
                                                                                           "u.currency), 0) "
                                                                                           "AS used_minor,"
                                                                                           " sum(d.available_"
                                                                                           "minor) FILTER "
                                                                                           "(WHERE "
                                                                                           "d.currency = "
                                                                                           "u.currency) AS "
                                                                                           "available_minor,"
                                                                                           " round(sum(d."
                                                                                           "used_at_counter_"
                                                                                           "minor) FILTER "
                                                                                           "(WHERE "
                                                                                           "d.currency = "
                                                                                           "u.currency)"
                                                                                           " / "
                                                                                           "nullif(sum(d."
                                                                                           "available_minor) "
                                                                                           "FILTER (WHERE "
                                                                                           "d.currency = "
                                                                                           "u.currency), 0), "
                                                                                           "3) AS used_share,"
                                                                                           " u.currency, "
                                                                                           "coalesce(sum(d."
                                                                                           "interactions), "
                                                                                           "0) AS "
                                                                                           "interactions, "
                                                                                           "coalesce(sum(d."
                                                                                           "hand_overs), 0) "
                                                                                           "AS hand_overs,"
                                                                                           " round(sum(d."
                                                                                           "hand_overs) / "
                                                                                           "nullif(sum(d."
                                                                                           "interactions), "
                                                                                           "0), 3) AS "
                                                                                           "hand_overs_per_"
                                                                                           "interaction"
                                                                                           " FROM usual u "
                                                                                           "LEFT JOIN day d "
                                                                                           "ON true GROUP BY "
                                                                                           "u.currency") "," ROWS("no_within_authority", "SELECT v.currency, sum(v.refused) AS refused, sum(v.refused_minor) AS refused_minor"
                                                                                                                                         " FROM bellhop.no_within_authority v WHERE" OF_THE_DAYS " GROUP BY v.currency ORDER BY v.currency") "," ROWS("second_hand_over",
                                                                                                                                                                                                                                                      "SELECT v.day, v.interaction_id, v.hand_overs, v.escalation_id, v.state, v.role, v.opened_at,"
                                                                                                                                                                                                                                                      " v.resolved_at, v.resolved_by FROM bellhop.second_hand_over v WHERE" OF_THE_DAYS " ORDER BY v.day, v.opened_at, v.interaction_id LIMIT 1000") "," ROWS("depth",
                                                                                                                                                                                                                                                                                                                                                                                                              "SELECT v.employee_id, sum(v.interactions) AS interactions, sum(v.with_needs) AS with_needs,"
                                                                                                                                                                                                                                                                                                                                                                                                              " round(sum(v.with_needs) / sum(v.interactions), 3) AS with_needs_share"
                                                                                                                                                                                                                                                                                                                                                                                                              " FROM bellhop.depth v WHERE" OF_THE_DAYS
                                                                                                                                                                                                                                                                                                                                                                                                              " GROUP BY v.employee_id ORDER BY v.employee_id") "," ROWS("word_of_mouth", "SELECT coalesce(sum(v.interactions), 0) AS interactions, coalesce(sum(v.good), 0) AS good,"
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                          " coalesce(sum(v.bad), 0) AS bad, coalesce(sum(v.good_reach), 0) AS good_reach,"
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                          " coalesce(sum(v.bad_reach), 0) AS bad_reach FROM bellhop.word_of_mouth_day v WHERE" OF_THE_DAYS) "," ROWS("returning_customers",
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                     "SELECT v.employee_id, sum(v.returned) AS returned"
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                     " FROM bellhop.returning_customers v WHERE" OF_THE_DAYS
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                     " GROUP BY v.employee_id ORDER BY sum(v.returned) DESC, v.employee_id") ")::text";

void report_read(struct database *database, const char *store_id, int64_t first_day, int64_t last_day,
                 report_page_read *read, void *owner)
{
    struct question *question = question_new(answer_report, (question_read *)read, owner);
    question->values[question->value_count++] = question_name(question, store_id);
    question->values[question->value_count++] = INTEGER_VALUE((int32_t)first_day);
    question->values[question->value_count++] = INTEGER_VALUE((int32_t)last_day);
    question->sql = report;
    database_ask(database, question);
}
