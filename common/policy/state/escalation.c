/* escalation: words of its states, its key, and its body. */
#include "common/policy/state/escalation.h"

#include "common/base/memory.h"
#include "common/wire/wire.h"

#include <string.h>

static const char *const words[] = {"open", "acknowledged", "resolved", "overtaken"};

const char *escalation_state_word(enum escalation_state state)
{
    return words[state];
}

enum escalation_state escalation_state_find(const char *word)
{
    for (size_t at = 0; word && at < COUNT_OF(words); at++)
        if (!strcmp(words[at], word))
            return (enum escalation_state)at;
    return ESCALATION_OVERTAKEN;
}

WireCase *escalation_read(const struct escalation *escalation, struct arena *arena)
{
    return wire_unpack(&wire_case__descriptor, slice_of(escalation->packed, escalation->packed_size), arena,
                       NULL);
}

static size_t put(char *into, const char *text, size_t most)
{
    size_t size = text ? strnlen(text, most) : 0;
    memcpy(into, text ? text : "", size);
    into[size] = '\0';
    return size + 1;
}

size_t group_key(const char *store_id, const char *interaction_id, const char *rule, const char *subject,
                 bool is_drill, char into[static GROUP_KEY_SIZE])
{
    size_t size = put(into, store_id, 64);
    size += put(into + size, interaction_id, 64);
    size += put(into + size, rule, 64);
    size += put(into + size, subject, 255);
    into[size++] = is_drill ? 'd' : 'r';
    return size;
}
