/* worth_write: what a change would have been worth, as sentences and as JSON. */
#include "common/base/text.h"
#include "common/policy/phrase/phrase.h"
#include "common/policy/trial/worth.h"

#include <inttypes.h>

static const int64_t second_us = 1000000;

static const char *plural(int64_t count, const char *one, const char *many)
{
    return count == 1 ? one : many;
}

/* Whole seconds, so that long sums stay readable. */
static void write_time(int64_t us, struct bytes *into)
{
    us = us < 0 ? -us : us;
    phrase_duration(us < second_us ? us : (us + second_us / 2) / second_us * second_us, into);
}

static void write_contacts(const struct worth_sum *sum, const char *indent, struct bytes *into)
{
    if (sum->kept)
        bytes_append_format(into,
                            "%s%" PRId64 " contact%s would have stayed at the counter, of %" PRId64
                            " that went above it; of the %" PRId64 ", %" PRId64 " ended badly.\n",
                            indent, sum->kept, plural(sum->kept, "", "s"), sum->contacts_before, sum->kept,
                            sum->kept_bad);
    if (sum->sent)
        bytes_append_format(into,
                            "%s%" PRId64 " contact%s more would have gone above the counter, beside %" PRId64
                            " that did; of the %" PRId64 ", %" PRId64 " ended badly.\n",
                            indent, sum->sent, plural(sum->sent, "", "s"), sum->contacts_before, sum->sent,
                            sum->sent_bad);
}

static void write_times(const struct worth_sum *sum, const char *indent, struct bytes *into)
{
    if (sum->answers) {
        bytes_append_format(into, "%s%" PRId64 " answer%s would have come at once: ", indent, sum->answers,
                            plural(sum->answers, "", "s"));
        write_time(sum->answers_us, into);
        bytes_append_text(into, " sooner in all.\n");
    }
    if (sum->waits_us) {
        bytes_append_format(into, "%sIn all, customers would have waited ", indent);
        write_time(sum->waits_us, into);
        bytes_append_format(into, " %s with nobody called.\n", sum->waits_us > 0 ? "less" : "more");
    }
    if (sum->climbs_us) {
        bytes_append_format(into, "%sCases that nobody had taken would have gone on ", indent);
        write_time(sum->climbs_us, into);
        bytes_append_format(into, " %s in all.\n", sum->climbs_us > 0 ? "sooner" : "later");
    }
    if (sum->climbs || sum->climbs_spared)
        bytes_append_format(into,
                            "%sCases that would not have gone on to the next level: %" PRId64
                            "; that would have, too: %" PRId64 ".\n",
                            indent, sum->climbs_spared, sum->climbs);
}

static void write_money(const struct worth_sum *sum, const char *indent, struct bytes *into)
{
    for (size_t i = 0; i < sum->currencies; i++) {
        int64_t more = sum->money[i].more;
        if (!more)
            continue;
        bytes_append_text(into, indent);
        phrase_money(more < 0 ? -more : more, sum->money[i].currency, into);
        bytes_append_format(into, " %s would have been given (", more > 0 ? "more" : "less");
        phrase_money(sum->money[i].given_before, sum->money[i].currency, into);
        bytes_append_text(into, " was).\n");
    }
}

static void write_noes(const struct worth_sum *sum, const char *indent, struct bytes *into)
{
    if (sum->noes_turned)
        bytes_append_format(into,
                            "%s%" PRId64 " no%s would have been a yes; %" PRId64
                            " of these customers left or complained within sixty days.\n",
                            indent, sum->noes_turned, plural(sum->noes_turned, "", "es"),
                            sum->noes_regretted);
}

void worth_write(const struct worth_sum *sum, const char *indent, struct bytes *into)
{
    size_t before = into->size;
    write_contacts(sum, indent, into);
    write_times(sum, indent, into);
    write_money(sum, indent, into);
    write_noes(sum, indent, into);
    if (into->size == before)
        bytes_append_format(
            into, "%sNo contact, no time, no money and no answer would have been different.\n", indent);
    if (sum->omitted)
        bytes_append_format(into, "%s%" PRIu64 " more differ, but are too many to be counted.\n", indent,
                            sum->omitted);
}

json_t *worth_json(const struct worth_sum *sum)
{
    json_t *money = json_array();
    for (size_t i = 0; i < sum->currencies; i++)
        json_array_append_new(money, json_pack("{s:s, s:I, s:I}", "currency", sum->money[i].currency,
                                               "minor_more", (json_int_t)sum->money[i].more, "minor_before",
                                               (json_int_t)sum->money[i].given_before));
    return json_pack(
        "{s:{s:I, s:I, s:I, s:I, s:I}, s:{s:I, s:I, s:I, s:I}, s:{s:I, s:I}, s:o, s:{s:I, s:I, s:I}, s:I}",
        "contacts", "before", (json_int_t)sum->contacts_before, "kept", (json_int_t)sum->kept,
        "kept_ended_badly", (json_int_t)sum->kept_bad, "sent", (json_int_t)sum->sent, "sent_ended_badly",
        (json_int_t)sum->sent_bad, "sooner_ms", "answers", (json_int_t)(sum->answers_us / 1000), "waits",
        (json_int_t)(sum->waits_us / 1000), "climbs", (json_int_t)(sum->climbs_us / 1000), "all",
        (json_int_t)((sum->answers_us + sum->waits_us + sum->climbs_us) / 1000), "climbs", "more",
        (json_int_t)sum->climbs, "spared", (json_int_t)sum->climbs_spared, "money", money, "noes", "before",
        (json_int_t)sum->noes_before, "turned", (json_int_t)sum->noes_turned, "regretted",
        (json_int_t)sum->noes_regretted, "omitted", (json_int_t)sum->omitted);
}
