/* policy_reader: the policies that were accepted, from the log. Rules for all questions: database.h. */
#ifndef BELLHOP_STORE_POLICY_READER_H
#define BELLHOP_STORE_POLICY_READER_H

#include "common/store/log_reader.h"

/* The PolicyProposed events that were accepted (their seq is the policy_version), in order, after the version
 * `after`; a page holds at most 16. Ask again until a page is empty. */
void policy_read_accepted(struct database *database, uint64_t after, log_page_read *read, void *owner);

#endif
