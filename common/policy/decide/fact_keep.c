/* fact_keep: writes the facts that a rule has read into its decisions. */
#include "common/policy/decide/fact_keep.h"

#include "common/base/text.h"
#include "common/policy/rules/fact.h"

#include <string.h>

static const void *at_offset(const ProtobufCMessage *message, unsigned offset)
{
    return (const char *)message + offset;
}

/* The message of a path's last field; NULL when one on the way is not there. */
static const ProtobufCMessage *last_message(const struct fact_path *path, const ProtobufCMessage *message)
{
    for (unsigned hop = 0; message && hop + 1 < path->hop_count; hop++)
        message = *(const ProtobufCMessage *const *)at_offset(message, path->hops[hop]->offset);
    return message;
}

static bool is_set(const ProtobufCFieldDescriptor *field, const ProtobufCMessage *message)
{
    const void *value = at_offset(message, field->offset);
    if (field->label == PROTOBUF_C_LABEL_REQUIRED)
        return true;
    if (field->type == PROTOBUF_C_TYPE_STRING)
        return *(const char *const *)value != NULL;
    return *(const protobuf_c_boolean *)at_offset(message, field->quantifier_offset);
}

static const char *enum_name(const ProtobufCFieldDescriptor *field, int value)
{
    const ProtobufCEnumValue *known = protobuf_c_enum_descriptor_get_value(field->descriptor, value);
    return known ? known->name : NULL;
}

static void set_number(WireFact *fact, int64_t number)
{
    fact->value_case = WIRE_FACT__VALUE_NUMBER;
    fact->number = number;
}

static void set_text(struct deciding *deciding, WireFact *fact, const char *text)
{
    fact->value_case = WIRE_FACT__VALUE_TEXT;
    fact->text = deciding_keep(deciding, text ? text : "");
}

/* False: a type no fact has. */
static bool fact_read(struct deciding *deciding, const ProtobufCFieldDescriptor *field, const void *value,
                      WireFact *into)
{
    switch ((int)field->type) {
    case PROTOBUF_C_TYPE_BOOL:
        into->value_case = WIRE_FACT__VALUE_TRUTH;
        into->truth = *(const protobuf_c_boolean *)value;
        return true;
    case PROTOBUF_C_TYPE_INT32:
        set_number(into, *(const int32_t *)value);
        return true;
    case PROTOBUF_C_TYPE_UINT32:
        set_number(into, *(const uint32_t *)value);
        return true;
    case PROTOBUF_C_TYPE_INT64:
    case PROTOBUF_C_TYPE_UINT64:
        set_number(into, *(const int64_t *)value);
        return true;
    case PROTOBUF_C_TYPE_STRING:
        set_text(deciding, into, *(const char *const *)value);
        return true;
    case PROTOBUF_C_TYPE_ENUM:
        set_text(deciding, into, enum_name(field, *(const int *)value));
        return true;
    }
    return false;
}

struct keeping {
    struct deciding *deciding;
    WireFact **facts;
    size_t count, room;
};

static void keep(struct keeping *keeping, const struct fact_path *path, const void *value)
{
    WireFact *fact =
        keeping->count < keeping->room ? deciding_allocate(keeping->deciding, sizeof *fact) : NULL;
    if (!fact)
        return;
    *fact = (WireFact)WIRE_FACT__INIT;
    fact->path = (char *)path->path;
    if (fact_read(keeping->deciding, path->hops[path->hop_count - 1], value, fact))
        keeping->facts[keeping->count++] = fact;
}

static void keep_path(struct keeping *keeping, const struct fact_path *path)
{
    const struct facts *facts = &keeping->deciding->out->workspace->facts;
    const ProtobufCFieldDescriptor *field = path->hops[path->hop_count - 1];
    const ProtobufCMessage *message =
        facts->filled & 1U << path->fact ? last_message(path, facts->bindings[path->fact].as.message) : NULL;
    if (!message)
        return;
    if (field->label != PROTOBUF_C_LABEL_REPEATED) {
        if (is_set(field, message))
            keep(keeping, path, at_offset(message, field->offset));
        return;
    }
    size_t count = *(const size_t *)at_offset(message, field->quantifier_offset);
    const char *items = *(const char *const *)at_offset(message, field->offset);
    for (size_t i = 0; i < count && i < FACT_LIST_MOST; i++)
        keep(keeping, path, items + i * fact_size(field));
}

/* How many facts there can be: one a path, more of lists. */
static size_t room_of(const struct rule *rule)
{
    size_t room = rule->read_count;
    for (unsigned i = 0; i < rule->read_count; i++)
        if (rule->reads[i].hops[rule->reads[i].hop_count - 1]->label == PROTOBUF_C_LABEL_REPEATED)
            room += FACT_LIST_MOST;
    return room;
}

/* Both in order of their paths, each path once. */
static void merge(struct deciding *deciding, const struct keeping *with)
{
    struct telling *telling = &deciding->telling;
    WireFact **all = deciding_allocate(deciding, (telling->fact_count + with->count) * sizeof *all);
    size_t count = 0, own = 0, other = 0;
    while (all && (own < telling->fact_count || other < with->count)) {
        int order = own == telling->fact_count ? 1
                    : other == with->count     ? -1
                                               : strcmp(telling->facts[own]->path, with->facts[other]->path);
        const char *path = order <= 0 ? telling->facts[own]->path : with->facts[other]->path;
        for (; own < telling->fact_count && text_equal(telling->facts[own]->path, path); own++)
            all[count++] = telling->facts[own];
        for (; other < with->count && text_equal(with->facts[other]->path, path); other++)
            if (order > 0)
                all[count++] = with->facts[other];
    }
    telling->facts = all;
    telling->fact_count = count;
}

void fact_keep(struct deciding *deciding, const struct rule *rule, size_t first, size_t told_before)
{
    bool has_told = verdict_count(&deciding->telling) > told_before;
    if (!rule->read_count || (first == deciding->out->count && !has_told))
        return;
    struct keeping keeping = {.deciding = deciding, .room = room_of(rule)};
    keeping.facts = deciding_allocate(deciding, keeping.room * sizeof *keeping.facts);
    for (unsigned i = 0; keeping.facts && i < rule->read_count; i++)
        keep_path(&keeping, &rule->reads[i]);
    for (size_t i = first; i < deciding->out->count; i++) {
        WireDecision *decision = deciding->out->items[i];
        if (!decision->rule || !text_equal(decision->rule, rule->name))
            continue;
        decision->facts = keeping.facts;
        decision->n_facts = keeping.count;
    }
    if (has_told && keeping.count)
        merge(deciding, &keeping);
}
