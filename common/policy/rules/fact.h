/* fact: what a condition may ask, and the facts that decisions keep, given back, so that a decision can be questioned.
 *
 * A fact of the event itself is not kept: the event is in the log. Bound again to the kept facts, their event
 * and their policy, a rule's expressions give what they gave when the decision was made. */
#ifndef BELLHOP_POLICY_RULES_FACT_H
#define BELLHOP_POLICY_RULES_FACT_H

#include "common/base/arena.h"
#include "common/policy/cel/cel.h"
#include "common/policy/cel/template.h"
#include "proto/bellhop/v1/decision.pb-c.h"

/* What a condition may ask: the slots of the variables. */
enum fact {
    FACT_EVENT,
    FACT_INTERACTION,
    FACT_CUSTOMER,
    FACT_EMPLOYEE,
    FACT_STORE,
    FACT_WAIT,
    FACT_REMEDY,
    FACT_CASE,
    FACT_PROMISE,
    FACT_PRODUCT,
    FACT_APPOINTMENT,
    FACT_QUESTION,
    FACT_DIGEST,
    FACT_HOP,
    FACT_RECURRENCE,
    FACT_PATTERN,
    FACT_FOLLOW_UP,
    FACT_LOAN,
    FACT_ASKED,
    FACT_POLICY,
    FACT_PROPOSAL,
    FACT_WEEK,
    FACT_COUNT,
};

struct expression {
    struct cel_program *program; /* NULL: not given */
    unsigned facts;              /* bits 1 << enum fact: what it reads */
};

struct sentence {
    struct cel_template *template; /* NULL: not given */
    unsigned facts;
};

struct policy;
struct rule;

enum {
    FACT_HOPS = 4,
    FACT_LIST_MOST = 64 /* of a list so many items are kept */
};

/* A fact a rule reads: the field at the end of a path of messages. */
struct fact_path {
    const char *path; /* "wait.lasted_ms" */
    enum fact fact;   /* its variable */
    unsigned hop_count;
    const ProtobufCFieldDescriptor *hops[FACT_HOPS];
};

/* Of a fact's variable, which is a message. */
const struct cel_type *fact_type(enum fact fact);
const char *fact_name(enum fact fact);

/* Which change of a case a rule was looked at for; kept with each of its decisions. */
#define FACT_CHANGE "hop.change"

/* Which facts the rule's expressions read, for rule->reads. */
void fact_find_reads(struct policy *policy, struct rule *rule);

/* Of one value of a scalar field. */
size_t fact_size(const ProtobufCFieldDescriptor *field);

/* Make the messages that `decision` kept, in `arena`, and bind them and the event. What was not known is not
 * bound. 0, -EINVAL when a path is not known to this program, -ENOMEM when the arena is full. */
int facts_bind(const WireDecision *decision, const WireEvent *event, struct arena *arena,
               struct cel_value ret_bindings[static FACT_COUNT]);

#endif
