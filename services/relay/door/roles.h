/* roles: which roles the policies of this log have, so that a misspelt one is refused to whoever would wait for its pages.
 *
 * While nothing is known (no policy, no database) every role passes. */
#ifndef BELLHOP_RELAY_DOOR_ROLES_H
#define BELLHOP_RELAY_DOOR_ROLES_H

#include "common/base/auto.h"
#include "common/base/bytes.h"
#include "common/loop/loop.h"
#include "common/store/read/database.h"

struct roles;

/* Reads them at once. */
struct roles *roles_open(struct loop *loop, struct database *database);
void roles_close(struct roles *roles);
AUTO_CLOSE(roles)

/* A policy was accepted: read them again. */
void roles_refresh(struct roles *roles);

bool roles_allow(const struct roles *roles, const char *role);

/* "associate, shift_lead and store_manager". */
void roles_write(const struct roles *roles, struct bytes *into);

#endif
