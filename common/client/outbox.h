/* outbox: sends what the spool holds, in order, several requests at a time, until each event is answered.
 *
 * A request is a run of entries of the spool. It stays until it is answered: it is sent again over a new
 * connection, when no answer comes in time, and after BUSY, then with a back-off and before anything newer. */
#ifndef BELLHOP_CLIENT_OUTBOX_H
#define BELLHOP_CLIENT_OUTBOX_H

#include "common/base/bytes.h"
#include "common/client/bellhop.h"

#include "proto/bellhop/v1/publish.pb-c.h"

#include <stdbool.h>
#include <stdint.h>

struct bellhop_client;

struct outbox_entry {
    int64_t number;
    uint8_t event_id[BELLHOP_ID_SIZE];
};

enum outbox_state { OUTBOX_FREE, OUTBOX_SENT, OUTBOX_AGAIN };

struct outbox_request {
    enum outbox_state state;
    uint64_t request_id; /* a new one each time it is sent */
    uint64_t earlier_id; /* of the time before: a late answer is as good as any; 0: none */
    int64_t first;       /* entries of these numbers, as far as they exist */
    int64_t last;
    bool awaits;
    bool one_by_one; /* the service could not take them together */
    int64_t due_ms;  /* of a sent one: no reply by then */
    size_t count;
    struct outbox_entry *entries; /* room for the most of one request */
};

struct outbox {
    struct outbox_request *requests;
    struct outbox_entry *entries;
    size_t request_count; /* room for as many */
    size_t most_events;
    int64_t sent_upto; /* number of the last entry that is, or was, in a request */
    uint64_t next_request;
    uint64_t connections; /* as last seen */
    bool is_unknown;      /* a new connection, and nothing was sent over it: updates would not find us */
    uint8_t *last_event;  /* sent last, encoded; where updates are wanted */
    size_t last_event_size;
    int64_t hold_until_ms; /* back-off */
    unsigned failures;
    int64_t *settled; /* answered entries, to be removed from the spool at the end of the turn */
    size_t settled_count;
    size_t settled_capacity;
    int64_t in_flight;
    int64_t sent_again;
    int64_t busy;
    int64_t skew_ms;
    char clock[32]; /* the skew in words */
    int64_t updates_since_at;
    char last_busy[64];
};

/* BELLHOP_OK or BELLHOP_NO_MEMORY. */
int outbox_init(struct outbox *outbox, size_t requests, size_t most_events);
void outbox_clear(struct outbox *outbox);

/* Send what is due. */
int outbox_send(struct bellhop_client *client, int64_t now_ms);

/* A sent request is to be sent once more. */
void outbox_send_again(struct outbox *outbox, struct outbox_request *request);

/* It was answered after all: it need not be sent again. */
void outbox_need_not_send(struct outbox *outbox, struct outbox_request *request);

/* Remove what was answered from the spool. */
int outbox_settle(struct bellhop_client *client);

/* When something is due next; INT64_MAX: nothing is. */
int64_t outbox_due_ms(const struct bellhop_client *client, int64_t now_ms);

/* Taken in, and not answered yet. */
int64_t outbox_left(const struct bellhop_client *client);

/* Ask for the verdict of client->question, if it is time to. */
int outbox_ask(struct bellhop_client *client, int64_t now_ms, int64_t wait_ms);

#endif
