/* stores: a list of ids, each once. */
#include "services/cli/look/stores.h"

#include "common/base/auto.h"
#include "common/base/bytes.h"
#include "common/base/memory.h"
#include "common/base/text.h"
#include "services/cli/terminal/command.h"

#include <stdlib.h>

bool stores_ask(struct stores *stores, const char *wanted, const char *store_id)
{
    store_id = text_or_empty(store_id);
    if (wanted)
        return text_equal(wanted, store_id);
    for (size_t i = 0; i < stores->count; i++)
        if (text_equal(stores->ids[i], store_id))
            return true;
    stores->ids = memory_resize_array(stores->ids, stores->count + 1, sizeof *stores->ids);
    stores->ids[stores->count++] = memory_copy_text(store_id);
    return true;
}

bool stores_complain(const struct stores *stores, const char *interaction_id)
{
    if (stores->count < 2)
        return false;
    AUTO_CLEAR(bytes) names = {.size = 0};
    for (size_t i = 0; i < stores->count; i++)
        bytes_append_format(&names, "%s%s", i ? ", " : "", stores->ids[i]);
    command_complain("which store? several have an interaction \"%s\": %s; say --store STORE", interaction_id,
                     bytes_text(&names));
    return true;
}

void stores_clear(struct stores *stores)
{
    for (size_t i = 0; i < stores->count; i++)
        free(stores->ids[i]);
    free(stores->ids);
}
