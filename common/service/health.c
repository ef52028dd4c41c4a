/* health: a short list of named states. */
#include "common/service/health.h"

#include "common/base/list.h"
#include "common/base/memory.h"
#include "common/base/text.h"

struct part_find {
    struct list_node node;
    const char *name;
    enum health_state state;
    char reason[WHY_SIZE];
};

struct health {
    struct list parts;
};

struct health *health_new(void)
{
    struct health *health = NEW(health);
    list_init(&health->parts);
    return health;
}

void health_free(struct health *health)
{
    if (!health)
        return;
    LIST_EACH_SAFE(node, &health->parts)
        free(CONTAINER_OF(node, struct part_find, node));
    free(health);
}

static struct part_find *part_find(struct health *health, const char *name)
{
    LIST_EACH(node, &health->parts) {
        struct part_find *part = CONTAINER_OF(node, struct part_find, node);
        if (text_equal(part->name, name))
            return part;
    }
    struct part_find *part = NEW(part_find);
    part->name = name;
    list_append(&health->parts, &part->node);
    return part;
}

bool health_set(struct health *health, const char *name, enum health_state state, const char *reason)
{
    struct part_find *part = part_find(health, name);
    bool is_changed = part->state != state;
    part->state = state;
    text_copy(part->reason, sizeof part->reason, reason);
    return is_changed;
}

enum health_state health_worst(const struct health *health)
{
    enum health_state worst = HEALTH_GREEN;
    LIST_EACH(node, &health->parts) {
        const struct part_find *part = CONTAINER_OF(node, struct part_find, node);
        worst = part->state > worst ? part->state : worst;
    }
    return worst;
}

const char *health_state_name(enum health_state state)
{
    static const char *const names[] = {
        [HEALTH_GREEN] = "green", [HEALTH_YELLOW] = "yellow", [HEALTH_RED] = "red"};
    return names[state];
}

void health_write(const struct health *health, struct bytes *into)
{
    bytes_append_format(into, "{\"state\":\"%s\",\"parts\":[", health_state_name(health_worst(health)));
    const char *separator = "";
    LIST_EACH(node, &health->parts) {
        const struct part_find *part = CONTAINER_OF(node, struct part_find, node);
        bytes_append_format(into, "%s{\"name\":\"%s\",\"state\":\"%s\",\"reason\":", separator, part->name,
                            health_state_name(part->state));
        text_append_quoted(into, part->reason);
        bytes_append_u8(into, '}');
        separator = ",";
    }
    bytes_append_text(into, "]}\n");
}
