/* document: a policy's YAML as a tree that knows its places.
 *
 * A bounded subset, the same on every machine: one document, no anchors, aliases, tags or merge keys, no key
 * twice in a mapping, a bounded depth and number of nodes. Scalars are text; what they mean is decided by who
 * reads them. */
#ifndef BELLHOP_POLICY_LOAD_DOCUMENT_H
#define BELLHOP_POLICY_LOAD_DOCUMENT_H

#include "common/base/arena.h"
#include "common/policy/rules/policy.h"

enum { DOCUMENT_DEPTH = 12, DOCUMENT_NODES = 40000, DOCUMENT_KEYS = 1000 };

enum node_kind { NODE_TEXT, NODE_LIST, NODE_MAPPING };

struct node {
    enum node_kind kind;
    unsigned line, column; /* from 1, in characters */
    const char *text;      /* of NODE_TEXT, ends with NUL and holds no other */
    size_t size;
    unsigned quote;                   /* characters before the text: 1 of a quoted one */
    bool is_plain;                    /* neither quoted nor a block */
    bool is_one_line;                 /* places in the text are places in the document */
    bool was_read;                    /* of a mapping's value: somebody asked for it */
    struct node *key;                 /* of a mapping's value */
    struct node *first, *last, *next; /* items of a list, values of a mapping */
};

/* An arena of this size holds the tree of any text of `size` bytes; one that holds its texts alone takes the
 * other. */
size_t document_tree_bytes(size_t size);
size_t document_text_bytes(size_t size);

/* The tree in `arena`; NULL when there is none, and the findings say why. */
struct node *document_parse(struct slice text, struct arena *arena, struct policy_findings *findings);

/* The value of `key`, marked as read; NULL: none. */
struct node *node_find(struct node *mapping, const char *key);

/* A finding for each key nobody asked for. `what` is the mapping: "a rule". */
void node_refuse_unread(const struct node *mapping, const char *what, struct policy_findings *findings);

#endif
