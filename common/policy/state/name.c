/* name: counted entries of a map; the last holder's going frees one. */
#include "common/policy/state/name.h"

#include "common/base/memory.h"
#include "common/base/text.h"

#include <stdlib.h>
#include <string.h>

struct name {
    uint32_t holders;
    uint32_t size;
    char text[];
};

static struct name *name_of(const char *text)
{
    return (struct name *)(void *)((char *)text - offsetof(struct name, text));
}

void names_init(struct names *names, uint64_t seed)
{
    map_init(&names->map, seed);
    names->bytes = 0;
}

void names_clear(struct names *names)
{
    struct name *name;
    MAP_EACH(name, &names->map)
        free(name);
    map_clear(&names->map);
}

static const char *name_keep(struct names *names, const char *text)
{
    size_t size = strlen(text);
    struct name *name = map_find(&names->map, text, size);
    if (!name) {
        name = memory_allocate(sizeof *name + size + 1);
        name->holders = 0;
        name->size = (uint32_t)size;
        memcpy(name->text, text, size + 1);
        map_put(&names->map, name->text, size, name);
        names->bytes += sizeof *name + size + 1;
    }
    name->holders++;
    return name->text;
}

static void name_release(struct names *names, const char *text)
{
    struct name *name = name_of(text);
    if (--name->holders)
        return;
    map_take(&names->map, name->text, name->size);
    names->bytes -= sizeof *name + name->size + 1;
    free(name);
}

void name_set(struct names *names, const char **slot, const char *text)
{
    if (!names) {
        *slot = text;
        return;
    }
    if (*slot && text && text_equal(*slot, text))
        return;
    const char *old = *slot;
    *slot = text ? name_keep(names, text) : NULL;
    if (old)
        name_release(names, old);
}

void name_own(struct names *names, const char **slot, const char *text)
{
    if (!names) {
        *slot = text;
        return;
    }
    if (*slot && text && text_equal(*slot, text))
        return;
    if (*slot)
        names->bytes -= strlen(*slot) + 1;
    free((char *)*slot);
    *slot = memory_copy_text(text);
    if (text)
        names->bytes += strlen(text) + 1;
}
