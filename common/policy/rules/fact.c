/* fact: the facts' names and messages, the paths to them, and those that a decision kept, read back. */
#include "common/policy/rules/fact.h"

#include "common/base/memory.h"
#include "common/base/text.h"
#include "common/policy/rules/policy_parts.h"
#include "proto/bellhop/v1/facts.pb-c.h"

#include <errno.h>
#include <stdlib.h>

#define MESSAGE(of)                                                                                          \
    {                                                                                                        \
        .kind = CEL_MESSAGE, .descriptor = &of                                                               \
    }

/* THE table of what a condition may ask. */
static const struct {
    const char *name;
    struct cel_type type;
} variables[FACT_COUNT] = {
    [FACT_EVENT] = {"event", MESSAGE(wire_event__descriptor)},
    [FACT_INTERACTION] = {"interaction", MESSAGE(wire_interaction_facts__descriptor)},
    [FACT_CUSTOMER] = {"customer", MESSAGE(wire_customer_facts__descriptor)},
    [FACT_EMPLOYEE] = {"employee", MESSAGE(wire_employee_facts__descriptor)},
    [FACT_STORE] = {"store", MESSAGE(wire_store_facts__descriptor)},
    [FACT_WAIT] = {"wait", MESSAGE(wire_wait_facts__descriptor)},
    [FACT_REMEDY] = {"remedy", MESSAGE(wire_remedy_facts__descriptor)},
    [FACT_QUESTION] = {"question", MESSAGE(wire_question_facts__descriptor)},
    [FACT_RECURRENCE] = {"recurrence", MESSAGE(wire_recurrence_facts__descriptor)},
    [FACT_PATTERN] = {"pattern", MESSAGE(wire_pattern_facts__descriptor)},
    [FACT_DIGEST] = {"digest", MESSAGE(wire_digest_facts__descriptor)},
    [FACT_ASKED] = {"asked", MESSAGE(wire_asked_facts__descriptor)},
    [FACT_WEEK] = {"week", MESSAGE(wire_week_facts__descriptor)},
    [FACT_LOAN] = {"loan", MESSAGE(wire_loan_facts__descriptor)},
    [FACT_HOP] = {"hop", MESSAGE(wire_hop_facts__descriptor)},
    [FACT_FOLLOW_UP] = {"follow_up", MESSAGE(wire_follow_up__descriptor)},
    [FACT_PROPOSAL] = {"proposal", MESSAGE(wire_proposal_facts__descriptor)},
    [FACT_CASE] = {"case", MESSAGE(wire_case__descriptor)},
    [FACT_POLICY] = {"policy", MESSAGE(wire_policy_facts__descriptor)},
    [FACT_PROMISE] = {"promise", MESSAGE(wire_promise_facts__descriptor)},
    [FACT_PRODUCT] = {"product", MESSAGE(wire_product_facts__descriptor)},
    [FACT_APPOINTMENT] = {"appointment", MESSAGE(wire_appointment_facts__descriptor)},
};

const struct cel_type *fact_type(enum fact fact)
{
    return &variables[fact].type;
}

const char *fact_name(enum fact fact)
{
    return variables[fact].name;
}

/* --- paths --- */

/* False: no path of scalars, or of the event. */
static bool path_parse(const char *text, struct fact_path *ret_path)
{
    const ProtobufCMessageDescriptor *message = NULL;
    size_t length = strcspn(text, ".");
    *ret_path = (struct fact_path){.path = text};
    for (int i = 0; i < FACT_COUNT; i++)
        if (strlen(variables[i].name) == length && !strncmp(variables[i].name, text, length)) {
            ret_path->fact = (enum fact)i;
            message = variables[i].type.descriptor;
        }
    while (message && text[length] == '.' && ret_path->hop_count < FACT_HOPS) {
        char name[64];
        text += length + 1;
        length = strcspn(text, ".[");
        if (!text_format(name, sizeof name, "%.*s", (int)length, text))
            return false;
        const ProtobufCFieldDescriptor *field =
            protobuf_c_message_descriptor_get_field_by_name(message, name);
        if (!field)
            return false;
        ret_path->hops[ret_path->hop_count++] = field;
        message = field->type == PROTOBUF_C_TYPE_MESSAGE ? field->descriptor : NULL;
    }
    return ret_path->hop_count && !message && ret_path->fact != FACT_EVENT && text[length] != '.';
}

struct reading {
    struct policy *policy;
    const char **paths;
    size_t count, capacity;
};

static void gather(void *owner, const char *what, const struct cel_program *program)
{
    (void)what;
    struct reading *reading = owner;
    const char *const *paths;
    size_t count = cel_program_reads(program, &paths);
    for (size_t i = 0; i < count; i++) {
        MAKE_ROOM(reading->paths, reading->count, reading->capacity);
        reading->paths[reading->count++] = paths[i];
    }
}

static int compare_paths(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

void fact_find_reads(struct policy *policy, struct rule *rule)
{
    struct reading reading = {.policy = policy};
    rule_each_program(rule, gather, &reading);
    if (rule->trigger_count && rule->triggers[0].event == WIRE_EVENT__BODY__NOT_SET) {
        MAKE_ROOM(reading.paths, reading.count, reading.capacity);
        reading.paths[reading.count++] = FACT_CHANGE; /* by which of several changes it was looked at */
    }
    struct fact_path *reads = arena_allocate(&policy->arena, (reading.count + 1) * sizeof *reads);
    if (reading.count)
        qsort(reading.paths, reading.count, sizeof *reading.paths, compare_paths);
    for (size_t i = 0; reads && i < reading.count; i++) {
        bool is_again = i && text_equal(reading.paths[i - 1], reading.paths[i]);
        if (!is_again && path_parse(reading.paths[i], &reads[rule->read_count]))
            rule->read_count++;
    }
    rule->reads = reads;
    free(reading.paths);
}

size_t fact_size(const ProtobufCFieldDescriptor *field)
{
    switch ((int)field->type) {
    case PROTOBUF_C_TYPE_BOOL:
        return sizeof(protobuf_c_boolean);
    case PROTOBUF_C_TYPE_INT32:
    case PROTOBUF_C_TYPE_UINT32:
    case PROTOBUF_C_TYPE_ENUM:
        return sizeof(int32_t);
    }
    return sizeof(int64_t);
}

/* --- giving back --- */

static void *zeroed(struct arena *arena, size_t size)
{
    void *memory = arena_allocate(arena, size);
    if (memory)
        memset(memory, 0, size);
    return memory;
}

static ProtobufCMessage *make(struct arena *arena, const ProtobufCMessageDescriptor *descriptor)
{
    ProtobufCMessage *message = zeroed(arena, descriptor->sizeof_message);
    if (message)
        descriptor->message_init(message);
    return message;
}

/* The place of the path's last field, the messages on the way made; NULL when the arena is full. */
static ProtobufCMessage *reach(const struct fact_path *path, ProtobufCMessage *message, struct arena *arena)
{
    for (unsigned hop = 0; message && hop + 1 < path->hop_count; hop++) {
        ProtobufCMessage **next = (ProtobufCMessage **)(void *)((char *)message + path->hops[hop]->offset);
        if (!*next)
            *next = make(arena, path->hops[hop]->descriptor);
        message = *next;
    }
    return message;
}

static int put_value(const ProtobufCFieldDescriptor *field, void *value, const WireFact *fact)
{
    const ProtobufCEnumValue *known;
    switch ((int)field->type) {
    case PROTOBUF_C_TYPE_BOOL:
        *(protobuf_c_boolean *)value = fact->truth;
        return fact->value_case == WIRE_FACT__VALUE_TRUTH ? 0 : -EINVAL;
    case PROTOBUF_C_TYPE_INT32:
    case PROTOBUF_C_TYPE_UINT32:
        *(int32_t *)value = (int32_t)fact->number;
        return fact->value_case == WIRE_FACT__VALUE_NUMBER ? 0 : -EINVAL;
    case PROTOBUF_C_TYPE_INT64:
    case PROTOBUF_C_TYPE_UINT64:
        *(int64_t *)value = fact->number;
        return fact->value_case == WIRE_FACT__VALUE_NUMBER ? 0 : -EINVAL;
    case PROTOBUF_C_TYPE_STRING:
        *(char **)value = fact->text;
        return fact->value_case == WIRE_FACT__VALUE_TEXT ? 0 : -EINVAL;
    case PROTOBUF_C_TYPE_ENUM:
        known = fact->value_case == WIRE_FACT__VALUE_TEXT
                    ? protobuf_c_enum_descriptor_get_value_by_name(field->descriptor, fact->text)
                    : NULL;
        *(int *)value = known ? known->value : 0;
        return known ? 0 : -EINVAL;
    }
    return -EINVAL;
}

static int put(const ProtobufCFieldDescriptor *field, ProtobufCMessage *message, const WireFact *fact,
               struct arena *arena)
{
    void *value = (char *)message + field->offset;
    if (field->label != PROTOBUF_C_LABEL_REPEATED) {
        if (field->label == PROTOBUF_C_LABEL_OPTIONAL && field->type != PROTOBUF_C_TYPE_STRING)
            *(protobuf_c_boolean *)((char *)message + field->quantifier_offset) = true;
        return put_value(field, value, fact);
    }
    size_t *count = (size_t *)(void *)((char *)message + field->quantifier_offset);
    char **items = value;
    if (!*items && !(*items = zeroed(arena, FACT_LIST_MOST * fact_size(field))))
        return -ENOMEM;
    if (*count == FACT_LIST_MOST)
        return -EINVAL;
    return put_value(field, *items + (*count)++ * fact_size(field), fact);
}

int facts_bind(const WireDecision *decision, const WireEvent *event, struct arena *arena,
               struct cel_value ret_bindings[static FACT_COUNT])
{
    ProtobufCMessage *messages[FACT_COUNT] = {[FACT_EVENT] = (ProtobufCMessage *)&event->base};
    for (size_t i = 0; i < decision->n_facts; i++) {
        const WireFact *fact = decision->facts[i];
        struct fact_path path;
        if (!fact->path || !path_parse(fact->path, &path))
            return -EINVAL;
        if (!messages[path.fact] &&
            !(messages[path.fact] = make(arena, variables[path.fact].type.descriptor)))
            return -ENOMEM;
        ProtobufCMessage *message = reach(&path, messages[path.fact], arena);
        int rc = message ? put(path.hops[path.hop_count - 1], message, fact, arena) : -ENOMEM;
        if (rc)
            return rc;
    }
    for (int i = 0; i < FACT_COUNT; i++)
        ret_bindings[i] = cel_message(messages[i]);
    return 0;
}
