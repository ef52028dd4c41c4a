/* hold_key: what the deliveries of decisions follow one another by: their interaction, else their subject.
 * Pure. */
#ifndef BELLHOP_RELAY_STREAM_HOLD_KEY_H
#define BELLHOP_RELAY_STREAM_HOLD_KEY_H

#include "common/base/bytes.h"

/* Appended to `into`; nothing when there is neither interaction nor subject. Any of the texts may be NULL. */
void hold_key_write(const char *store_id, const char *interaction_id, const char *subject_id,
                    struct bytes *into);

/* The interaction that a key was made of, cut to `size`; "" when it was made of none. */
void hold_key_interaction(struct slice key, char *into, size_t size);

#endif
