/* phrase_value: names, times, amounts and other values as people read them. */
#include "common/base/memory.h"
#include "common/base/text.h"
#include "common/policy/phrase/phrasing.h"
#include "common/policy/rules/currency.h"
#include "common/policy/rules/place.h"

#include <ctype.h>
#include <inttypes.h>

void phrase_name(const char *name, struct bytes *into)
{
    for (const char *at = name; *at; at++)
        bytes_append(into, *at == '_' ? " " : at, 1);
}

void phrase_enum(const ProtobufCEnumDescriptor *descriptor, int value, struct bytes *into)
{
    const ProtobufCEnumValue *known = protobuf_c_enum_descriptor_get_value(descriptor, value);
    for (const char *at = known ? known->name : "unknown"; *at; at++) {
        char letter = *at == '_' ? ' ' : (char)tolower((unsigned char)*at);
        bytes_append(into, &letter, 1);
    }
}

void phrase_duration(int64_t us, struct bytes *into)
{
    static const struct {
        const char *name;
        int64_t us;
    } units[] = {{"day", INT64_C(86400000000)},
                 {"h", INT64_C(3600000000)},
                 {"min", 60000000},
                 {"s", 1000000},
                 {"ms", 1000}};
    uint64_t left = us < 0 ? -(uint64_t)us : (uint64_t)us;
    unsigned told = 0;
    if (us < 0)
        bytes_append_text(into, "minus ");
    for (size_t i = 0; i < COUNT_OF(units) && told < 3; i++) {
        uint64_t count = left / (uint64_t)units[i].us;
        left %= (uint64_t)units[i].us;
        if (count)
            bytes_append_format(into, "%s%" PRIu64 " %s%s", told++ ? " " : "", count, units[i].name,
                                i == 0 && count > 1 ? "s" : "");
    }
    if (!told)
        bytes_append_text(into, "0 s");
}

void phrase_money(int64_t minor, const char *currency, struct bytes *into)
{
    char text[CURRENCY_TEXT_SIZE];
    currency_format(minor, currency, text);
    size_t digits = *text == '-', end = digits + strspn(text + digits, "0123456789");
    for (size_t i = 0; text[i]; i++) {
        if (i > digits && i < end && (end - i) % 3 == 0)
            bytes_append_text(into, ",");
        bytes_append(into, &text[i], 1);
    }
}

static void write_list(const struct policy *policy, const struct cel_value *list, struct bytes *into)
{
    struct cel_value item;
    for (uint32_t i = 0; i < list->as.list.count; i++)
        if (cel_list_item(list, i, &item)) {
            bytes_append_text(into, i ? ", " : "");
            phrase_value(policy, &item, false, into);
        }
    if (!list->as.list.count)
        bytes_append_text(into, "none");
}

static void write_text(const struct policy *policy, struct cel_text text, struct bytes *into)
{
    char name[POLICY_NAME_SIZE];
    text_format(name, sizeof name, "%.*s", (int)(text.size < sizeof name ? text.size : 0), text.bytes);
    if (!text.size)
        bytes_append_text(into, "nobody");
    else if (ladder_find(&policy->ladder, name) >= 0)
        phrase_name(name, into);
    else
        bytes_append(into, text.bytes, text.size);
}

void phrase_value(const struct policy *policy, const struct cel_value *value, bool is_money,
                  struct bytes *into)
{
    char text[128];
    switch ((int)value->type->kind) {
    case CEL_BOOL:
        bytes_append_text(into, value->as.truth ? "yes" : "no");
        return;
    case CEL_INT:
        if (is_money) {
            phrase_money(value->as.integer, policy->currency, into);
            return;
        }
        break;
    case CEL_STRING:
        write_text(policy, value->as.text, into);
        return;
    case CEL_DURATION:
        phrase_duration(value->as.nanoseconds / 1000, into);
        return;
    case CEL_ENUM:
        phrase_enum(value->type->descriptor, (int)value->as.integer, into);
        return;
    case CEL_LIST:
        write_list(policy, value, into);
        return;
    case CEL_MESSAGE:
        bytes_append_text(into, "…");
        return;
    }
    cel_value_print(value, text, sizeof text);
    bytes_append_text(into, text);
}

/* --- in the sentences of decisions --- */

static const int64_t second_us = 1000000, minute_us = 60 * INT64_C(1000000);

void phrase_time(const struct policy *policy, const char *store_id, int64_t at, struct bytes *into)
{
    struct place place = calendar_place(policy, store_id);
    int64_t day = place_day(&place, at);
    int minute = (int)((place_local(&place, at) - day * MINUTES_OF_DAY * minute_us) / minute_us);
    char date[DAY_TEXT_SIZE];
    place_format_day(day, date);
    bytes_append_format(into, "%s %02d:%02d", date, minute / 60, minute % 60);
}

static void write_sentence_value(const struct cel_teller *teller, const struct cel_value *value,
                                 struct bytes *into)
{
    if (value->type->kind == CEL_TIMESTAMP)
        phrase_time(teller->owner, teller->place, value->as.moment.seconds * second_us, into);
    else if (value->type->kind != CEL_STRING || value->as.text.size)
        phrase_value(teller->owner, value, false, into);
}

struct cel_teller phrase_teller(const struct policy *policy, const char *store_id)
{
    return (struct cel_teller){.tell = write_sentence_value, .owner = policy, .place = store_id};
}

void phrasing_write_value(const struct phrasing *phrasing, const struct cel_value *value, bool is_money)
{
    if (is_money && phrasing->currency && value->type->kind == CEL_INT)
        phrase_money(value->as.integer, phrasing->currency, phrasing->into);
    else
        phrase_value(phrasing->policy, value, is_money, phrasing->into);
}

void phrase_figure(const struct policy *policy, const struct figure *figure, struct bytes *into)
{
    phrase_value(policy, &figure->value, figure->is_money, into);
    for (unsigned i = 1; figure->is_money && i < policy->currency_count; i++)
        if (figure->amounts[i] >= 0) {
            bytes_append_text(into, ", ");
            phrase_money(figure->amounts[i], policy->currencies[i], into);
        }
}
