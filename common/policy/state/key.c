/* key: texts one after the other, a NUL after each. */
#include "common/policy/state/key.h"

size_t key_pair(const char *store_id, const char *id, char into[static KEY_PAIR_SIZE])
{
    size_t store_size = store_id ? strnlen(store_id, 64) : 0, id_size = id ? strnlen(id, 64) : 0;
    memcpy(into, store_id ? store_id : "", store_size);
    into[store_size] = '\0';
    memcpy(into + store_size + 1, id ? id : "", id_size);
    return store_size + 1 + id_size;
}

size_t key_contact(const char *store_id, const char *interaction_id, bool is_drill,
                   char into[static KEY_CONTACT_SIZE])
{
    size_t size = key_pair(store_id, interaction_id, into);
    if (!is_drill)
        return size;
    into[size++] = '\0';
    into[size++] = 'd';
    return size;
}

static size_t put(char *into, const char *text, size_t most)
{
    size_t size = text ? strnlen(text, most) : 0;
    memcpy(into, text ? text : "", size);
    into[size] = '\0';
    return size + 1;
}

size_t key_group(const char *store_id, const char *interaction_id, const char *rule, const char *subject,
                 bool is_drill, char into[static KEY_GROUP_SIZE])
{
    size_t size = put(into, store_id, 64);
    size += put(into + size, interaction_id, 64);
    size += put(into + size, rule, 64);
    size += put(into + size, subject, KEY_SUBJECT_SIZE - 1);
    into[size++] = is_drill ? 'd' : 'r';
    return size;
}
