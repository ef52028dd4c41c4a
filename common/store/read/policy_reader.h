/* policy_reader: which policy is in force, and which roles there are. Rules for all questions: database.h. */
#ifndef BELLHOP_STORE_READ_POLICY_READER_H
#define BELLHOP_STORE_READ_POLICY_READER_H

#include "common/store/read/database.h"

struct policy_page {
    const char *fault;
    uint64_t version; /* of the policy in force now; 0: there is none */
};
typedef void policy_page_read(void *owner, const struct policy_page *page);

void policy_read_in_force(struct database *database, policy_page_read *read, void *owner);

/* The roles of every policy that was ever accepted, those of the newest first, each ladder from its lowest. */
struct roles_page {
    const char *fault;
    const char *const *roles;
    size_t count;
};
typedef void roles_page_read(void *owner, const struct roles_page *page);

void policy_read_roles(struct database *database, roles_page_read *read, void *owner);

#endif
