/* client: what the parts of the library share. Private: applications see bellhop.h.
 *
 * From the top: opening · publishing, subscribing · drive · reply · outbox, subscription · client, answer,
 * event, spool, why. */
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

/* The one question that bellhop_ask() or bellhop_verdict() waits for. */
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

/* The guard at the top of every public function: BELLHOP_FORKED, or, for those that drive,
 * BELLHOP_IN_CALLBACK. */
int client_may(struct bellhop_client *client, bool drives);

/* What a function of the spool returned; when it failed, with the spool's sentence. */
int client_spool_result(struct bellhop_client *client, int rc);

/* Connect to one of the doors, and let bellhop_fd() watch it. */
int client_connect(struct bellhop_client *client, const char *endpoint, struct plug **ret_plug);

/* Encode into client->packed. BELLHOP_NO_MEMORY. */
int client_pack(struct bellhop_client *client, const void *message, struct slice *ret_bytes);

/* Encode and send. *ret_sent false: there is no connection now, or its queue is full. */
int client_send(struct bellhop_client *client, struct plug *plug, const void *message, bool *ret_sent);

#endif
