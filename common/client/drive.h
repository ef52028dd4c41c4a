/* drive: one turn of everything, and waiting for the next. */
#ifndef BELLHOP_CLIENT_DRIVE_H
#define BELLHOP_CLIENT_DRIVE_H

#include "common/client/client.h"

/* A turn, then a wait of a second at most when nothing came; where deliveries are heard they end the wait
 * too. False: the time is over, or, with *ret_rc set, something failed. */
bool drive_once(struct bellhop_client *client, int64_t until_ms, bool hears_deliveries, int *ret_rc);

/* A timeout (-1: none) as a moment on the monotonic clock, and what is left of it. */
int64_t drive_until_ms(int timeout_ms);
int drive_left_ms(int64_t until_ms);

#endif
