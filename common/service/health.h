/* health: named states of a process, the worst of which is its own.
 *
 * Green works; yellow works with something to look at; red does not do its job. Each carries a reason. A
 * change is returned so that the caller logs it once. */
#ifndef BELLHOP_SERVICE_HEALTH_H
#define BELLHOP_SERVICE_HEALTH_H

#include "common/base/auto.h"
#include "common/base/bytes.h"

#include <stdbool.h>

enum health_state { HEALTH_GREEN, HEALTH_YELLOW, HEALTH_RED };

struct health;
struct health *health_new(void);
void health_free(struct health *health);
AUTO_FREE(health)

/* `name` such as "database" stays where it is (a literal); `reason` is copied, "" when green. True when the
 * state of this name changed. */
bool health_set(struct health *health, const char *name, enum health_state state, const char *reason);

/* Of all names; green when there are none. */
enum health_state health_worst(const struct health *health);

const char *health_state_name(enum health_state state);

/* JSON: {"state":"yellow","parts":[{"name":"database","state":"yellow","reason":"…"}]} */
void health_write(const struct health *health, struct bytes *into);

#endif
