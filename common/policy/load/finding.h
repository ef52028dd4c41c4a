/* finding: what is wrong in a document, and where. */
#ifndef BELLHOP_POLICY_LOAD_FINDING_H
#define BELLHOP_POLICY_LOAD_FINDING_H

#include "common/policy/load/document.h"

/* Say what is wrong at a place; at a node, or `offset` characters into its text. */
void finding_add(struct policy_findings *findings, unsigned line, unsigned column, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
void finding_at(struct policy_findings *findings, const struct node *node, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Put them in the order of the document. */
void findings_sort(struct policy_findings *findings);

/* The node is of that kind. False, and "expected …" is added: it is not. */
bool finding_expect(struct policy_findings *findings, const struct node *node, enum node_kind kind,
                    const char *expected);
/* How many items or values it has. False, and that is added: more than `most`. */
bool finding_count(struct policy_findings *findings, const struct node *node, const char *what, unsigned most,
                   unsigned *ret_count);

#endif
