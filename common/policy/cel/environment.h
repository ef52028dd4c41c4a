/* environment: the names an expression may use.
 *
 * Everything given is copied but protobuf descriptors, zones and the owners of callbacks, which must outlive
 * the environment and its programs. An environment is filled first and compiled with afterwards; it may be
 * freed while programs live on. A name declared twice is a bug. */
#ifndef BELLHOP_POLICY_CEL_ENVIRONMENT_H
#define BELLHOP_POLICY_CEL_ENVIRONMENT_H

#include "common/base/auto.h"
#include "common/policy/cel/value.h"

struct cel_environment;

/* `container` is the package that names are resolved in, such as "bellhop.v1"; "" is none. */
struct cel_environment *cel_environment_new(const char *container);
/* A new one that knows all that `parent` knows; the parent must outlive it and is not added to any more. */
struct cel_environment *cel_environment_extend(const struct cel_environment *parent);
void cel_environment_free(struct cel_environment *environment);
AUTO_FREE(cel_environment)

/* A variable, bound at evaluation by bindings[slot]. The enums of a message's fields, at any depth, are
 * declared with it. */
void cel_environment_variable(struct cel_environment *environment, const char *name, unsigned slot,
                              const struct cel_type *type);
/* A message variable that may be bound to NULL: it must be guarded by has() on one of its fields. */
void cel_environment_optional(struct cel_environment *environment, const char *name, unsigned slot,
                              const ProtobufCMessageDescriptor *descriptor);
/* A constant; the name may be dotted ("figures.hold_lead"). It is folded into programs. */
void cel_environment_constant(struct cel_environment *environment, const char *name,
                              const struct cel_value *value);
/* A path that needs no guard, such as "event.offer_made" under a rule that offers trigger. */
void cel_environment_present(struct cel_environment *environment, const char *path);

enum { CEL_ARGUMENTS = 4 };

/* A host function must be pure for one evaluation's `host`. It returns NULL, or a lasting sentence that says
 * why it has no answer (a runtime error). Its string results must outlive the evaluation's result. */
typedef const char *cel_call(void *owner, void *host, const struct cel_value *arguments,
                             union cel_datum *ret_result);

struct cel_function {
    const char *name;                                /* may be of a namespace: "figures.hearer_worth" */
    const struct cel_type *arguments[CEL_ARGUMENTS]; /* NULL ends them */
    const struct cel_type *result;
    cel_call *call;
    void *owner;
};

void cel_environment_function(struct cel_environment *environment, const struct cel_function *function);

/* A time zone as its transitions from UTC, in order of time. */
struct cel_transition {
    int64_t at_s; /* UTC seconds from which on the offset holds */
    int32_t offset_s;
};

struct cel_zone {
    int32_t first_offset_s; /* before the first transition */
    uint32_t count;
    const struct cel_transition *transitions;
};

/* The zone of an IANA name, or NULL. UTC and fixed offsets never get here. */
typedef const struct cel_zone *cel_zone_find(void *owner, struct cel_text name);

void cel_environment_zones(struct cel_environment *environment, cel_zone_find *find, void *owner);

/* Leave to evaluation what policies are refused for at load: unguarded facts, constant parts that always
 * fail, unknown zones. For the conformance suite. */
void cel_environment_lenient(struct cel_environment *environment);

#endif
