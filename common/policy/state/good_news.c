/* good_news: the news of each store's day, and their closing. */
#include "common/policy/state/good_news.h"

#include "common/base/text.h"
#include "common/policy/rules/calendar.h"
#include "common/policy/state/entry.h"
#include "common/policy/state/snapshot.h"

static struct good_news *find(const struct fold *fold, const char *store_id, const char *day)
{
    char key[KEY_PAIR_SIZE];
    return store_id && day ? map_find(&fold->good_news, key, key_pair(store_id, day, key)) : NULL;
}

const struct good_news *good_news_find(const struct fold *fold, const char *store_id, const char *day)
{
    return find(fold, store_id, day);
}

static struct good_news *make(struct fold *fold, const char *store_id, const char *day)
{
    struct good_news *news = find(fold, store_id, day);
    if (!news) {
        char key[KEY_PAIR_SIZE];
        size_t key_size = key_pair(store_id, day, key);
        ENTRY_ADD(fold, &fold->good_news, news, key, key_size);
        news->deadline.owner = DEADLINE_OF_GOOD_NEWS;
        list_init(&news->earners);
    }
    entry_touch(&fold->recent_good_news, &news->recent);
    return news;
}

static void drop(struct fold *fold, struct good_news *news)
{
    for (struct list_node *node; (node = list_first(&news->earners));) {
        struct earner *earner = CONTAINER_OF(node, struct earner, in_news);
        list_remove(node);
        name_set(&fold->names, &earner->employee, NULL);
        entry_free(fold, earner, sizeof *earner, 0);
    }
    deadline_stop(&fold->deadlines, &news->deadline);
    ENTRY_REMOVE(fold, &fold->good_news, news);
}

/* --- adding --- */

static struct earner *add_earner(struct fold *fold, struct good_news *news, const char *employee_id)
{
    struct earner *earner = entry_new(fold, sizeof *earner, 0);
    name_set(&fold->names, &earner->employee, employee_id);
    list_append(&news->earners, &earner->in_news);
    news->earner_count++;
    return earner;
}

/* NULL: nobody who could be named. */
static struct earner *find_earner(struct fold *fold, struct good_news *news, const char *employee_id)
{
    if (!employee_id)
        return NULL;
    LIST_EACH(node, &news->earners) {
        struct earner *earner = CONTAINER_OF(node, struct earner, in_news);
        if (text_equal(earner->employee, employee_id))
            return earner;
    }
    return news->earner_count < NEWS_EARNERS ? add_earner(fold, news, employee_id) : NULL;
}

static void gain(struct good_news *news, const WireMoney *gained)
{
    size_t at = 0;
    while (at < POLICY_CURRENCIES && news->currencies[at][0] &&
           !text_equal(news->currencies[at], gained->currency))
        at++;
    if (at == POLICY_CURRENCIES)
        return;
    text_copy(news->currencies[at], POLICY_CURRENCY_SIZE, gained->currency);
    if (__builtin_add_overflow(news->gained[at], gained->minor, &news->gained[at]))
        news->gained[at] = INT64_MAX;
}

static bool makes_digests(const struct policy *policy)
{
    const struct rule_list *list = &policy->by_event[WIRE_EVENT__BODY_DEADLINE_PASSED];
    for (unsigned i = 0; i < list->count; i++)
        if (trigger_is_closing(list->triggers[i]))
            return true;
    return false;
}

/* Of the day it belongs to, made when it is the first. */
static struct good_news *news_of(struct fold *fold, const struct policy *policy,
                                 const struct occurrence *occurrence, const char *store_id)
{
    char day_text[DAY_TEXT_SIZE];
    int64_t day, closing = calendar_next_closing(policy, store_id, occurrence->at, &day);
    place_format_day(day, day_text);
    struct good_news *news = find(fold, store_id, day_text);
    if (!news && closing <= occurrence->recorded_at) {
        closing = calendar_next_closing(policy, store_id, occurrence->recorded_at, &day);
        place_format_day(day, day_text);
        news = find(fold, store_id, day_text);
    }
    if (news)
        return news;
    news = make(fold, store_id, day_text);
    news->since_at = occurrence->recorded_at;
    deadline_set(&fold->deadlines, &news->deadline, closing);
    return news;
}

void good_news_add(struct fold *fold, const struct policy *policy, const struct occurrence *occurrence,
                   enum news kind, const char *store_id, const char *employee_id, const WireMoney *gained)
{
    if (!policy || !store_id || !makes_digests(policy))
        return;
    struct good_news *news = news_of(fold, policy, occurrence, store_id);
    struct earner *earner = find_earner(fold, news, employee_id);
    news->counts[kind]++;
    if (earner)
        earner->counts[kind]++;
    if (gained)
        gain(news, gained);
    bool is_told = news->seq_count && news->seqs[news->seq_count - 1] == occurrence->seq;
    if (!is_told && news->seq_count < NEWS_SEQS)
        news->seqs[news->seq_count++] = occurrence->seq;
}

void good_news_expire(struct fold *fold, const char *store_id, const WireDeadlinePassed *passed)
{
    struct good_news *news = find(fold, store_id, passed->subject);
    if (news && news->deadline.due_at == passed->due_at)
        drop(fold, news);
}

/* --- letting go --- */

void good_news_age(struct fold *fold)
{
    while (fold->good_news.count > fold->limits.good_news) {
        fold->forgotten++;
        drop(fold, CONTAINER_OF(list_first(&fold->recent_good_news), struct good_news, recent));
    }
}

void good_news_clear(struct fold *fold)
{
    ENTRIES_CLEAR(good_news, &fold->recent_good_news, drop)
    map_clear(&fold->good_news);
}

/* --- snapshots --- */

static void write_counts(struct bytes *into, const uint32_t counts[static NEWS_KINDS])
{
    for (int kind = 0; kind < NEWS_KINDS; kind++)
        bytes_append_u32(into, counts[kind]);
}

static void write_news(struct bytes *into, const struct good_news *news)
{
    put_pair(into, news->key);
    bytes_append_u64(into, (uint64_t)news->deadline.due_at);
    bytes_append_u64(into, (uint64_t)news->since_at);
    write_counts(into, news->counts);
    put_slice(into, news->gained, sizeof news->gained);
    put_slice(into, news->currencies, sizeof news->currencies);
    put_slice(into, news->seqs, sizeof news->seqs);
    bytes_append_u32(into, news->seq_count);
    bytes_append_u32(into, news->earner_count);
    LIST_EACH(node, &news->earners) {
        const struct earner *earner = CONTAINER_OF(node, struct earner, in_news);
        put_text(into, earner->employee);
        write_counts(into, earner->counts);
    }
}

void good_news_write(const struct fold *fold, struct bytes *into)
{
    bytes_append_u64(into, fold->good_news.count);
    LIST_EACH(node, &fold->recent_good_news)
        write_news(into, CONTAINER_OF(node, struct good_news, recent));
}

static void read_counts(struct reading *reading, uint32_t counts[static NEWS_KINDS])
{
    for (int kind = 0; kind < NEWS_KINDS; kind++)
        counts[kind] = get_u32(reading);
}

void good_news_read(struct reading *reading)
{
    struct fold *fold = reading->fold;
    for (uint64_t count = get_count(reading); count && !reading->failed; count--) {
        arena_reset(&reading->arena, 0);
        const char *store_id = get_word(reading), *day = get_word(reading);
        struct good_news *news = make(fold, store_id, day);
        deadline_set(&fold->deadlines, &news->deadline, (int64_t)get_u64(reading));
        news->since_at = (int64_t)get_u64(reading);
        read_counts(reading, news->counts);
        get_values(reading, news->gained, sizeof news->gained);
        get_values(reading, news->currencies, sizeof news->currencies);
        get_values(reading, news->seqs, sizeof news->seqs);
        news->seq_count = get_u32(reading);
        reading->failed |= news->seq_count > NEWS_SEQS;
        for (uint32_t earners = get_u32(reading); earners && !reading->failed; earners--)
            read_counts(reading, add_earner(fold, news, get_word(reading))->counts);
    }
}
