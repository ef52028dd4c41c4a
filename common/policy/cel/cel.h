/* cel: the policy's expression language, a statically typed subset of CEL (Common Expression Language).
 *
 * An expression gives the standard's answer or is refused when compiled. In it: bool, int, double, string,
 * timestamp, duration, null, list, and the enum and message fields of protobuf-c descriptors; all operators
 * on them, `in`, `?:`, has(), size, startsWith, endsWith, contains, conversions, the selectors of time with
 * zones, and the macros all, exists, exists_one, filter and map on lists. Refused by name: uint, bytes, dyn,
 * maps, matches, type(), message construction. Fields are typed by convention: an int64 named `…_at` is a
 * timestamp (UTC microseconds), one named `…_ms` a duration in milliseconds, every other integer is an int.
 *
 * Compiling allocates; evaluating is pure, never allocates, and ends within a bounded number of steps. */
#ifndef BELLHOP_POLICY_CEL_CEL_H
#define BELLHOP_POLICY_CEL_CEL_H

#include "common/base/bytes.h"
#include "common/policy/cel/environment.h"
#include "common/policy/cel/value.h"

struct cel_program;

/* Where and why an expression was refused. */
struct cel_error {
    unsigned line, column; /* from 1, in characters */
    size_t offset;         /* in bytes */
    char message[240];
};

/* What is compiled. `given`, if any, is a condition known to hold where the expression stands: what it guards
 * by has() is guarded here too (an advice under its rule's `when`). `expected`, if any, is the type the
 * result must have. */
struct cel_source {
    const char *text; /* UTF-8 */
    size_t size;
    const struct cel_program *given;
    const struct cel_type *expected;
};

/* NULL when refused, with *ret_error filled. */
struct cel_program *cel_compile(const struct cel_environment *environment, const struct cel_source *source,
                                struct cel_error *ret_error);
void cel_program_free(struct cel_program *program);
AUTO_FREE(cel_program)

const struct cel_type *cel_program_type(const struct cel_program *program);
/* The paths of facts it reads or asks for, sorted, each once, as "event.occurred_at" or
 * "event.lines[].price". */
size_t cel_program_reads(const struct cel_program *program, const char *const **ret_paths);

/* Working memory for the strings and lists that evaluations make; they live until the next reset.
 * One size everywhere keeps answers the same everywhere: an evaluation that needs more ends in an error. */
enum { CEL_SCRATCH_BYTES = 64 * 1024 };

struct cel_scratch {
    size_t used;
    _Alignas(16) char bytes[CEL_SCRATCH_BYTES];
};

static inline void cel_scratch_reset(struct cel_scratch *scratch)
{
    scratch->used = 0;
}

/* How a template tells the values in its sentence; without one, as cel_value_print() prints them. */
struct cel_teller {
    void (*tell)(const struct cel_teller *teller, const struct cel_value *value, struct bytes *into);
    const void *owner;
    const char *place; /* the owner's: where the sentence is read */
};

struct cel_activation {
    const struct cel_value *bindings; /* by the slots of the variables, of the declared types */
    struct cel_scratch *scratch;
    void *host; /* given to host functions */
    struct cel_teller teller;
};

struct cel_failure {
    const char *message; /* lasting */
    size_t offset, size; /* the failing part of the text */
};

/* True with *ret_value, or false with *ret_failure (which may be NULL). */
bool cel_evaluate(const struct cel_program *program, const struct cel_activation *activation,
                  struct cel_value *ret_value, struct cel_failure *ret_failure);
/* The same for a program of type bool: an error counts as false. */
bool cel_holds(const struct cel_program *program, const struct cel_activation *activation);

enum cel_outcome { CEL_HAS_VALUE, CEL_HAS_FAILED, CEL_NOT_EVALUATED };

/* One sub-expression's part in an evaluation. In a macro's body there is one report for each item. */
struct cel_report {
    unsigned node, parent; /* numbers below cel_program_nodes(); the whole expression is its own parent */
    size_t offset, size;   /* its text */
    const struct cel_type *type;
    enum cel_outcome outcome;
    struct cel_value value; /* of CEL_HAS_VALUE */
    const char *message;    /* of CEL_HAS_FAILED */
};

typedef void cel_observe(void *owner, const struct cel_report *report);

unsigned cel_program_nodes(const struct cel_program *program);

/* Evaluate and report every sub-expression, parts before wholes, then those that were not evaluated.
 * The answer is that of cel_evaluate(), bit for bit. */
bool cel_explain(const struct cel_program *program, const struct cel_activation *activation,
                 cel_observe *observe, void *owner, struct cel_value *ret_value,
                 struct cel_failure *ret_failure);

#endif
