/* key: what entries of the state are found by. */
#ifndef BELLHOP_POLICY_STATE_KEY_H
#define BELLHOP_POLICY_STATE_KEY_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

enum { KEY_PAIR_SIZE = 64 + 1 + 64 + 1 };
/* A source: two ids and what parts them, and a NUL. */
enum { KEY_TEXT_SIZE = 64 + 1 + 64 + 1 };

/* "store NUL id", and its size without a final NUL: the key of what is unique within a store. */
size_t key_pair(const char *store_id, const char *id, char into[static KEY_PAIR_SIZE]);

enum { KEY_CONTACT_SIZE = KEY_PAIR_SIZE + 2 };

size_t key_contact(const char *store_id, const char *interaction_id, bool is_drill,
                   char into[static KEY_CONTACT_SIZE]);
/* Of such a key. */
static inline bool key_is_drill(const char *key, size_t size)
{
    return strlen(key) + 1 + strlen(key + strlen(key) + 1) < size;
}

/* The second text of such a key: the id within the store. */
static inline const char *key_second(const char *key)
{
    return key + strlen(key) + 1;
}

enum {
    KEY_SUBJECT_SIZE = 255 + KEY_TEXT_SIZE + 48, /* the longest, and what parts it from others of that name */
    KEY_GROUP_SIZE = 64 * 3 + KEY_SUBJECT_SIZE + 8,
};

/* The subject as it parts cases: see group.h. */
size_t key_group(const char *store_id, const char *interaction_id, const char *rule, const char *subject,
                 bool is_drill, char into[static KEY_GROUP_SIZE]);

#endif
