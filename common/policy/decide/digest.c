/* digest: a store closes, and its day's good news is told to everybody there. */
#include "common/policy/decide/digest.h"

#include "common/policy/decide/evaluate.h"
#include "common/policy/state/good_news.h"
#include "common/wire/set.h"

/* Of a digest, and of a line of it. */
#define SET_COUNTS(message, counts)                                                                          \
    ((message)->has_compliments = (message)->has_kept_promises = (message)->has_returning_customers =        \
         (message)->has_sales_gains = true,                                                                  \
     (message)->compliments = (int32_t)(counts)[NEWS_COMPLIMENT],                                            \
     (message)->kept_promises = (int32_t)(counts)[NEWS_KEPT_PROMISE],                                        \
     (message)->returning_customers = (int32_t)(counts)[NEWS_RETURNING_CUSTOMER],                            \
     (message)->sales_gains = (int32_t)(counts)[NEWS_SALES_GAIN])

static void fill_lines(struct deciding *deciding, const struct good_news *news, WireDigestDetail *detail)
{
    detail->lines = deciding_allocate(deciding, (news->earner_count + 1) * sizeof *detail->lines);
    if (!detail->lines)
        return;
    LIST_EACH(node, &news->earners) {
        const struct earner *earner = CONTAINER_OF(node, struct earner, in_news);
        WireDigestLine *line = deciding_allocate(deciding, sizeof *line);
        if (!line)
            return;
        *line = (WireDigestLine)WIRE_DIGEST_LINE__INIT;
        line->employee_id = deciding_keep(deciding, earner->employee);
        SET_COUNTS(line, earner->counts);
        detail->lines[detail->n_lines++] = line;
    }
}

static void fill_gained(struct deciding *deciding, const struct good_news *news, WireDigestDetail *detail)
{
    detail->gained = deciding_allocate(deciding, POLICY_CURRENCIES * sizeof *detail->gained);
    for (size_t i = 0; detail->gained && i < POLICY_CURRENCIES && news->currencies[i][0]; i++) {
        WireMoney *gained = deciding_money(deciding, news->gained[i], news->currencies[i]);
        if (gained)
            detail->gained[detail->n_gained++] = gained;
    }
}

void digest_make(struct deciding *deciding, const struct rule *rule)
{
    const struct action *action = &rule->actions[ACTION_DIGEST];
    const struct good_news *news = deciding->good_news;
    WireDigest *body = news ? deciding_allocate(deciding, sizeof *body) : NULL;
    WireDigestDetail *detail = body ? deciding_allocate(deciding, sizeof *detail) : NULL;
    int manager = evaluate_level(deciding, &action->to, NULL);
    char *sentence = evaluate_sentence(deciding, &action->says);
    WireDecision *decision = detail ? deciding_add(deciding, WIRE_DECISION_KIND__DIGEST_MADE, rule) : NULL;
    if (!decision)
        return;
    *body = (WireDigest)WIRE_DIGEST__INIT;
    *detail = (WireDigestDetail)WIRE_DIGEST_DETAIL__INIT;
    body->store_id = (char *)deciding->store_id;
    body->day = deciding_keep(deciding, good_news_day(news));
    WIRE_SET(body, since_at, news->since_at);
    WIRE_SET(body, until_at, news->deadline.due_at);
    SET_COUNTS(body, news->counts);
    body->manager_role = manager < 0 ? NULL : (char *)deciding->policy->ladder.levels[manager].role;
    body->sentence = sentence;
    fill_lines(deciding, news, detail);
    fill_gained(deciding, news, detail);
    body->detail = detail;
    for (uint32_t i = 0; i < news->seq_count; i++)
        deciding_rest_on(deciding, decision, news->seqs[i]);
    decision->audience = "staff";
    decision->subject_id = body->day;
    decision->body_case = WIRE_DECISION__BODY_DIGEST;
    decision->digest = body;
}
