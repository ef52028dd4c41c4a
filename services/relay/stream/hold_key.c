/* hold_key: a letter that says of what it is made, the store, NUL, the id. */
#include "services/relay/stream/hold_key.h"

#include <string.h>

void hold_key_write(const char *store_id, const char *interaction_id, const char *subject_id,
                    struct bytes *into)
{
    bool has_interaction = interaction_id && *interaction_id;
    const char *id = has_interaction ? interaction_id : subject_id;
    if (!id || !*id)
        return;
    bytes_append_u8(into, has_interaction ? 'i' : 's');
    if (store_id)
        bytes_append_text(into, store_id);
    bytes_append_u8(into, 0);
    bytes_append_text(into, id);
}

void hold_key_interaction(struct slice key, char *into, size_t size)
{
    const uint8_t *nul = key.size ? memchr(key.data, 0, key.size) : NULL;
    into[0] = '\0';
    if (!nul || key.data[0] != 'i')
        return;
    size_t length = key.size - (size_t)(nul + 1 - key.data);
    if (length >= size)
        length = size - 1;
    memcpy(into, nul + 1, length);
    into[length] = '\0';
}
