/* why: the sentence of the last failure: of a client, or, where there is none yet, of the thread. */
#include "common/client/why.h"

#include <stdarg.h>
#include <stdio.h>

char *why_of_thread(void)
{
    static _Thread_local char why[WHY_SIZE]; /* like errno: there is nowhere else to put it */
    return why;
}

int why_set(char *why, int error, const char *sentence, ...)
{
    va_list values;
    va_start(values, sentence);
    vsnprintf(why ? why : why_of_thread(), WHY_SIZE, sentence, values);
    va_end(values);
    return error;
}

int why_refused(char *why, int error, const struct wire_refusal *refusal)
{
    return why_set(why, error, "%s%s%s", refusal->field, refusal->field[0] ? " " : "", refusal->explanation);
}
