/* machine: errors, memory and steps of an evaluation. */

#include "common/policy/cel/machine.h"

#include <string.h>

const char machine_out_of_memory[] = "the expression needs too much working memory";
const char machine_out_of_steps[] = "the expression takes too many steps";

bool machine_fail(struct machine *machine, const struct node *node, const char *message)
{
    machine->message = message;
    machine->failed = node->syntax;
    return false;
}

void *machine_allocate(struct machine *machine, size_t size)
{
    struct cel_scratch *scratch = machine->scratch;
    if (size > CEL_SCRATCH_BYTES - scratch->used)
        return NULL;
    void *piece = scratch->bytes + scratch->used;
    size_t rounded = (size + 15) & ~(size_t)15;
    scratch->used = rounded > CEL_SCRATCH_BYTES - scratch->used ? CEL_SCRATCH_BYTES : scratch->used + rounded;
    return piece;
}

const char *machine_text(struct machine *machine, const char *bytes, size_t size, union cel_datum *ret_datum)
{
    char *kept = machine_allocate(machine, size);
    if (!kept)
        return machine_out_of_memory;
    ret_datum->text = (struct cel_text){memcpy(kept, bytes, size), size};
    return NULL;
}

bool machine_charge(struct machine *machine, uint64_t steps)
{
    if (machine->steps < steps) {
        machine->steps = 0;
        machine->is_exhausted = true;
        return false;
    }
    machine->steps -= steps;
    return true;
}
