/* roles: read from the database, kept as texts. */
#include "services/relay/door/roles.h"

#include "common/base/memory.h"
#include "common/base/text.h"
#include "common/store/read/policy_reader.h"

#include <stdlib.h>

enum { AGAIN_MS = 1000 };

struct roles {
    struct loop *loop;
    struct database *database;
    struct loop_timer again;
    char **names;
    size_t count;
};

static void forget(struct roles *roles)
{
    for (size_t i = 0; i < roles->count; i++)
        free(roles->names[i]);
    free(TAKE(roles->names));
    roles->count = 0;
}

static void on_roles(void *owner, const struct roles_page *page)
{
    struct roles *roles = owner;
    if (page->fault) {
        loop_timer_set(roles->loop, &roles->again, AGAIN_MS);
        return;
    }
    forget(roles);
    roles->names = memory_allocate((page->count + 1) * sizeof *roles->names);
    for (; roles->count < page->count; roles->count++)
        roles->names[roles->count] = memory_copy_text(page->roles[roles->count]);
}

static void read_roles(void *owner)
{
    struct roles *roles = owner;
    policy_read_roles(roles->database, on_roles, roles);
}

struct roles *roles_open(struct loop *loop, struct database *database)
{
    struct roles *roles = NEW(roles);
    roles->loop = loop;
    roles->database = database;
    loop_timer_init(&roles->again, read_roles, roles);
    read_roles(roles);
    return roles;
}

void roles_close(struct roles *roles)
{
    loop_timer_clear(roles->loop, &roles->again);
    database_forget(roles->database, roles);
    forget(roles);
    free(roles);
}

void roles_refresh(struct roles *roles)
{
    read_roles(roles);
}

bool roles_allow(const struct roles *roles, const char *role)
{
    bool is_there = roles->count == 0;
    for (size_t i = 0; !is_there && i < roles->count; i++)
        is_there = text_equal(roles->names[i], role);
    return is_there;
}

void roles_write(const struct roles *roles, struct bytes *into)
{
    for (size_t i = 0; i < roles->count; i++)
        bytes_append_format(into, "%s%s", !i ? "" : i + 1 < roles->count ? ", " : " and ", roles->names[i]);
}
