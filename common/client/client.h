/* client: what the parts of the library share. Private: applications see bellhop.h. */
#ifndef BELLHOP_CLIENT_CLIENT_H
#define BELLHOP_CLIENT_CLIENT_H

#include "common/base/arena.h"
#include "common/base/text.h"
#include "common/base/uuid.h"
#include "common/client/bellhop.h"
#include "common/client/outbox.h"
#include "common/client/spool.h"
#include "common/client/subscription.h"
#include "common/link/plug.h"
#include "common/wire/rules.h"

#include <sys/types.h>

/* The one question that bellhop_ask() or bellhop_verdict() waits on. */
struct question {
    uint8_t event_id[BELLHOP_ID_SIZE];
    bool is_open;
    bool has_receipt;
    bool is_refused; /* REJECTED or CONFLICT */
    bool is_unknown; /* the log holds no such event */
    bool is_pending; /* asked, and not decided yet: ask again */
    bool is_asked;   /* a VerdictQuery is under way */
    uint64_t query_id;
    int64_t ask_again_ms; /* when the query is lost, or was answered busy */
    uint8_t *verdict;     /* encoded; malloc */
    size_t verdict_size;
};

struct bellhop_client {
    pid_t process;
    int epoll;
    bool is_in_callback;
    struct bellhop_options options; /* its texts are copies */
    struct spool *spool;
    struct plug *publisher;
    struct plug *subscription_plug; /* NULL: not subscribed */
    struct outbox outbox;
    struct subscription *subscription; /* NULL: none */
    struct uuid_minter minter;
    struct arena received; /* of one message that came; callbacks are shown parts of it */
    struct arena building; /* of one that goes; callbacks may publish */
    struct arena shown;    /* of what the application holds until its next call */
    uint8_t *packed;       /* the message that goes */
    size_t packed_capacity;
    struct question question;
    char incarnation[WIRE_ID_MOST_BYTES + 1];
    char why[WHY_SIZE];
};

/* Encode into client->packed. BELLHOP_NO_MEMORY. */
int client_pack(struct bellhop_client *client, const void *message, struct slice *ret_bytes);

/* One turn of everything, without waiting. Negative: a bellhop.h code. *ret_did_something when there may be
 * more. */
int client_turn(struct bellhop_client *client, bool *ret_did_something);

/* The guard at the top of every public function: BELLHOP_FORKED, or, for those that drive,
 * BELLHOP_IN_CALLBACK. */
int client_may(struct bellhop_client *client, bool drives);

/* Connect to one of the doors, and let bellhop_fd() tell of it. */
int client_connect(struct bellhop_client *client, const char *endpoint, struct plug **ret_plug);

/* A turn, then a wait of a second at most when nothing came; where deliveries are heard they end the wait
 * too. False: the time is over, or, with *ret_rc set, something failed. */
bool client_drive(struct bellhop_client *client, int64_t until_ms, bool hears_deliveries, int *ret_rc);

/* A timeout (-1: none) as a moment on the monotonic clock, and what is left of it. */
int64_t client_until_ms(int timeout_ms);
int client_left_ms(int64_t until_ms);

/* Until the next thing is due, at most `most_ms` (-1: no bound). */
int client_wait_ms(const struct bellhop_client *client, int64_t now_ms, int most_ms);

#endif
