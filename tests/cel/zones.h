/* zones: the machine's time zones as the language takes them: tables of transitions. */
#ifndef BELLHOP_TESTS_CEL_ZONES_H
#define BELLHOP_TESTS_CEL_ZONES_H

#include "common/policy/cel/environment.h"

/* A cel_zone_find; the owner is not used. What it finds lives as long as the program. */
const struct cel_zone *zones_find(void *owner, struct cel_text name);

#endif
