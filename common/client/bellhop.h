/* bellhop: publish what happens at a counter, receive Bellhop's answers, subscribe to its decisions.
 *
 *   struct bellhop_options options = {
 *       .size = sizeof options, .source = "17/till-2", .spool_path = "/var/lib/till/spool" };
 *   struct bellhop_client *client;
 *   if (bellhop_open(&options, &client) != BELLHOP_OK) …
 *   struct bellhop_event *event = bellhop_event_new("remedy_requested");
 *   bellhop_event_set_text(event, "store_id", "17");
 *   bellhop_event_set_text(event, "remedy_requested.remedy_id", "r-1");
 *   bellhop_event_set_text(event, "remedy_requested.kind", "REFUND");
 *   bellhop_event_set_int(event, "remedy_requested.amount.minor", 4500);
 *   bellhop_event_set_text(event, "remedy_requested.amount.currency", "EUR");
 *   const struct bellhop_verdict *verdict;
 *   int rc = bellhop_ask(client, event, 2000, &verdict);   BELLHOP_NO_ANSWER: nobody knows yet, never a guess
 *
 * Errors: every function that returns int returns BELLHOP_OK (0) or a negative BELLHOP_… code unless its
 * comment says otherwise. Results come through ret_… parameters, which stay untouched on failure.
 * bellhop_why() explains the last failure. The library never aborts, prints or installs a signal handler;
 * when memory runs out it returns BELLHOP_NO_MEMORY.
 *
 * Threads: only one thread at a time may use a client, its events and whatever it hands out; clients are
 * independent of each other. Callbacks run on the calling thread, inside bellhop_process(), _ask(),
 * _verdict(), _flush() or _next(). A callback may publish; if it calls one of these five or
 * bellhop_close(), it gets BELLHOP_IN_CALLBACK.
 *
 * Fork: a client belongs to the process that opened it. In a child every call returns BELLHOP_FORKED, and
 * bellhop_close() only forgets the client; the child opens its own, with another spool.
 *
 * Times: `_at` are microseconds UTC since 1970, `_ms` milliseconds; a timeout of -1 waits for ever. Ids of
 * events are 16 bytes. Field names are those of the protocol's messages (proto/bellhop/v1/event.proto). */
#ifndef BELLHOP_H
#define BELLHOP_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { BELLHOP_ID_SIZE = 16, BELLHOP_ID_TEXT_SIZE = 37 };

enum bellhop_error {
    BELLHOP_OK = 0,
    BELLHOP_NO_MEMORY = -1,
    BELLHOP_INVALID = -2, /* an argument, a field or an event that can never be accepted; see bellhop_why() */
    BELLHOP_SPOOL_FULL = -3,   /* not accepted: the spool has reached its quota, or the disk is full */
    BELLHOP_SPOOL_FAILED = -4, /* not accepted: the spool cannot be read or written */
    BELLHOP_SPOOL_IN_USE = -5, /* another process or client has this spool open */
    BELLHOP_NO_ANSWER = -6, /* nobody knows yet; the event stays published and is sent until it is answered */
    BELLHOP_TIMEOUT = -7,
    BELLHOP_REFUSED = -8, /* by the service: the event's receipt, or bellhop_why(), says why */
    BELLHOP_NETWORK = -9, /* an endpoint that cannot be used at all; being disconnected is not an error */
    BELLHOP_IN_CALLBACK = -10,
    BELLHOP_FORKED = -11,
    BELLHOP_NOT_OPEN = -12 /* no endpoint for this is set, or not subscribed */
};

struct bellhop_client;
struct bellhop_event;

/* What an error code means, in general. Never NULL. */
const char *bellhop_error_text(int error);

/* Why this client's last failed call failed, as a sentence. For NULL: the last failed call on this thread
 * that had no client (bellhop_open, bellhop_event_…). Valid until the next call. Never NULL. */
const char *bellhop_why(const struct bellhop_client *client);

/* --- events --- */

/* An event of this type, which is the name of a body field: "complaint". occurred_at is now unless you set
 * it. NULL: no such type, or no memory. */
struct bellhop_event *bellhop_event_new(const char *type);

/* From one JSON object with the protocol's names: {"store_id":"17","complaint":{"about":"PRICE"}}. */
int bellhop_event_from_json(const char *json, size_t size, struct bellhop_event **ret_event);

/* NULL does nothing. */
void bellhop_event_free(struct bellhop_event *event);

/* Sets one field, "store_id" or "sale_completed.lines.0.product_id". Names are dotted; a list's elements
 * are numbered, and the next free number adds one. Set text, enumerations (by name, "REFUND") and ids of
 * events (in their written form) as text; set numbers, times and true or false (1, 0) as int. */
int bellhop_event_set_text(struct bellhop_event *event, const char *field, const char *text);
int bellhop_event_set_int(struct bellhop_event *event, const char *field, int64_t number);

int bellhop_event_add_label(struct bellhop_event *event, const char *name, const char *value);

/* Says that another system has an id for this fact. The event's id is derived from it, so that publishing
 * it again, even years later and from another machine, adds nothing. `id_time_at` must never change for one
 * foreign id. */
int bellhop_event_set_foreign_id(struct bellhop_event *event, const char *foreign_id, int64_t id_time_at);

/* Would the service accept it? What only the client adds (source, id) is taken for granted. */
int bellhop_event_check(const struct bellhop_event *event);

/* --- answers --- */

enum bellhop_result {
    BELLHOP_COMMITTED = 1,
    BELLHOP_DUPLICATE = 2,
    BELLHOP_CONFLICT = 3,
    BELLHOP_REJECTED = 4
};

/* The event is in the log at (epoch, seq) when COMMITTED or DUPLICATE. CONFLICT and REJECTED are final: the
 * event is moved to the spool's refused events. */
struct bellhop_receipt {
    uint8_t event_id[BELLHOP_ID_SIZE];
    enum bellhop_result result;
    uint32_t epoch;
    uint64_t seq;
    const char *reason; /* texts are never NULL, "" when absent */
    const char *field;
    const char *explanation;
};

enum bellhop_outcome {
    BELLHOP_NOTHING = 1,   /* decided, and there is nothing to say */
    BELLHOP_GRANTED = 2,   /* go ahead */
    BELLHOP_ESCALATED = 3, /* somebody who can decide has been told */
    BELLHOP_ADVICE = 4,
    BELLHOP_PENDING = 5,    /* not decided within the wait; ask again with bellhop_verdict() */
    BELLHOP_UNDECIDED = 6,  /* no decision will come; people have been told */
    BELLHOP_ACT_DONE = 7,   /* of an act on a case or a follow-up; `act` says how it stands */
    BELLHOP_ACT_REFUSED = 8 /* likewise; `act` says why */
};

struct bellhop_verdict_case {
    const char *escalation_id, *rule, *rule_id;
    const char *role;     /* who has been told: whose case it is now */
    const char *severity; /* "HIGH" */
    const char *state;    /* "open", "acknowledged", "resolved", "overtaken": as the case stands */
    uint32_t round;
    const char *acknowledged_by; /* "" unless it is acknowledged */
    int64_t acknowledged_until;
    const char *climb_reason; /* "" if it has not climbed */
    int64_t changed_at;
};

struct bellhop_advice {
    const char *rule, *rule_id, *sentence;
};

/* A person's answer to a case this event opened. */
struct bellhop_answer {
    const char *escalation_id;
    const char *answer; /* "GRANTED", "REFUSED", "DONE" */
    int64_t amount_minor;
    const char *currency; /* "" when there is no amount */
    const char *answered_by;
    int64_t answered_at;
    const char *text; /* the sentence the customer may hear */
};

/* What became of an act, for whoever pressed the button. Texts are never NULL, "" when absent. */
struct bellhop_act {
    const char *reason; /* of a refusal, such as "too_low" */
    const char *sentence;
    const char *escalation_id; /* of the case as it stands; "": none */
    uint32_t round;            /* for the next act on it */
    const char *state, *role;
    const char *follow_up_id; /* of the follow-up as it stands; "": none */
};

struct bellhop_verdict {
    uint8_t event_id[BELLHOP_ID_SIZE];
    enum bellhop_outcome outcome;
    const char *remedy_id;
    int64_t amount_minor; /* for GRANTED; 0 without a currency: an exception that costs nothing */
    const char *currency;
    const struct bellhop_verdict_case *cases;
    size_t case_count;
    const struct bellhop_advice *advice;
    size_t advice_count;
    const struct bellhop_answer *answer; /* NULL: not answered (yet) */
    const struct bellhop_act *act;       /* NULL: the event is no act */
    const void *message;                 /* everything, with the proof: an encoded bellhop.v1.Verdict */
    size_t message_size;
};

/* A case that an event of this source opened has changed. It is sent once, to the connection that
 * published last; if that was cut off meanwhile, bellhop_verdict() has the case as it stands, and the answer. */
struct bellhop_update {
    uint8_t event_id[BELLHOP_ID_SIZE];
    const char *source;
    const char *remedy_id;
    struct bellhop_answer answer;         /* its `answer` is "" while the case has none */
    struct bellhop_verdict_case case_now; /* whether it is still open, and with whom */
    const void *message;                  /* an encoded bellhop.v1.VerdictUpdate */
    size_t message_size;
};

/* --- the client --- */

/* With everything but `size` zero, the client has no spool and only publishes, to tcp://127.0.0.1:7401.
 * Texts are copied. */
struct bellhop_options {
    size_t size;                  /* sizeof(struct bellhop_options) */
    const char *publish_endpoint; /* NULL: BELLHOP_PUBLISH from the environment, else tcp://127.0.0.1:7401 */
    const char *subscribe_endpoint; /* NULL: BELLHOP_SUBSCRIBE, else tcp://127.0.0.1:7404 */
    const char *source;             /* "store/register", for events that name none */
    int numbered; /* 1: number the events of `source` 1, 2, 3 …; needs a spool, which keeps the count */
    const char *incarnation; /* of the numbering; NULL: the spool has its own */
    const char *spool_path;  /* a file; NULL: in memory, and events without a receipt die with the process */
    int64_t spool_quota_bytes; /* 64 MiB when 0 */
    int answer_timeout_ms;     /* unanswered requests are sent again after it; 5000 when 0, at least 1000 */
    int request_events;        /* most events in one request; 50 when 0, at most 1000 */
    int requests_in_flight;    /* 8 when 0, at most 64 */

    /* Called with `owner`; any may be NULL. Their arguments are gone when they return. */
    void *owner;
    void (*on_receipt)(void *owner, const struct bellhop_receipt *receipt);
    /* For events published with BELLHOP_AWAIT_VERDICT. */
    void (*on_verdict)(void *owner, const struct bellhop_verdict *verdict);
    /* Updates are sent to those that set it. */
    void (*on_update)(void *owner, const struct bellhop_update *update);
};

/* Opens the spool and begins to connect, without waiting for a connection. Events that are still in the
 * spool are sent first, in order. */
int bellhop_open(const struct bellhop_options *options, struct bellhop_client **ret_client);

/* Sends nothing more; events without a receipt stay in the spool. NULL does nothing. */
int bellhop_close(struct bellhop_client *client);

enum { BELLHOP_AWAIT_VERDICT = 1 };

/* Takes events in. After BELLHOP_OK they are on disk (with a spool) and will be sent, in order, until they
 * are answered; after anything else none of them was taken. bellhop_process() sends them. The events stay
 * the caller's; one without an id gets a new id each time it is published. `ret_ids` is NULL or has room
 * for `count` ids. Several events at once cost one write to the disk. */
int bellhop_publish(struct bellhop_client *client, const struct bellhop_event *event, unsigned flags,
                    uint8_t ret_id[BELLHOP_ID_SIZE]);
int bellhop_publish_many(struct bellhop_client *client, const struct bellhop_event *const *events,
                         size_t count, unsigned flags, uint8_t (*ret_ids)[BELLHOP_ID_SIZE]);

/* Sends, receives and calls back; waits up to `timeout_ms` for something to do. */
int bellhop_process(struct bellhop_client *client, int timeout_ms);

/* For an event loop of your own: wait until bellhop_fd() is readable, but at most bellhop_wait_ms() (ask each
 * time; -1: nothing is due). Then call bellhop_process(client, 0) and, if you have subscribed,
 * bellhop_next(client, 0, …) until it returns BELLHOP_TIMEOUT. */
int bellhop_fd(const struct bellhop_client *client);
int bellhop_wait_ms(const struct bellhop_client *client);

/* Works until every event taken in has its receipt. BELLHOP_TIMEOUT: the rest stays in the spool. */
int bellhop_flush(struct bellhop_client *client, int timeout_ms);

/* Publishes one event and waits for its verdict, which is valid until the next call. BELLHOP_NO_ANSWER:
 * none came in time, or it is still PENDING; the event is published all the same. BELLHOP_REFUSED: it was
 * not accepted. */
int bellhop_ask(struct bellhop_client *client, const struct bellhop_event *event, int timeout_ms,
                const struct bellhop_verdict **ret_verdict);

/* The verdict on an event published earlier. BELLHOP_INVALID: the log holds no such event. */
int bellhop_verdict(struct bellhop_client *client, const uint8_t event_id[BELLHOP_ID_SIZE], int timeout_ms,
                    const struct bellhop_verdict **ret_verdict);

struct bellhop_status {
    int64_t spooled;       /* taken in, without a receipt */
    int64_t in_flight;     /* those of them that are sent and wait for an answer */
    int64_t refused;       /* REJECTED or CONFLICT, kept in the spool */
    int64_t sent_again;    /* events sent again since bellhop_open(), after a timeout or BUSY */
    int64_t busy;          /* requests answered BUSY */
    const char *last_busy; /* why; "" when the last request was accepted */
    int64_t skew_ms;   /* how far this clock is behind the service's (negative: ahead), at the last answer */
    const char *clock; /* the same in words: "3600.0 s behind", "12.5 s ahead"; "" within a second */
    int64_t
        updates_since_at; /* with on_update: since then this connection has missed none; when it becomes later, ask by
                                 bellhop_verdict() for the cases still open. 0: not known yet */
};
int bellhop_status(struct bellhop_client *client, struct bellhop_status *ret_status);

/* An event that was refused for good. */
struct bellhop_refused {
    int64_t number; /* its place among the refused */
    uint8_t event_id[BELLHOP_ID_SIZE];
    const char *reason, *field, *explanation;
    int64_t refused_at;
    const void *message; /* an encoded bellhop.v1.Event */
    size_t message_size;
};

/* The first refused event after `number` (0: the first of all), valid until the next call; BELLHOP_NOT_OPEN
 * when there is none. The second function forgets one that somebody has dealt with. */
int bellhop_refused_after(struct bellhop_client *client, int64_t number, struct bellhop_refused *ret_refused);
int bellhop_refused_forget(struct bellhop_client *client, int64_t number);

/* --- subscribing --- */

struct bellhop_serves {
    const char *store_id; /* "*": every store */
    const char *role;
};

enum bellhop_from {
    BELLHOP_FROM_NOW = 0,
    BELLHOP_FROM_BEGINNING = 1,
    BELLHOP_FROM_POSITION = 2,
    BELLHOP_FROM_TIME = 3
};

/* A durable stream: it continues where it left off, whoever resumes it. A client has one at a time. */
struct bellhop_subscription {
    size_t size;        /* sizeof(struct bellhop_subscription) */
    const char *stream; /* its name: 1 to 64 of A-Z a-z 0-9 _ - */
    /* "case.opened", "case.*.17"; none: everything. The first subscription fixes them. */
    const char *const *topics;
    size_t topic_count;
    const char *filter;     /* an expression over `decision`, or NULL; likewise */
    enum bellhop_from from; /* where a new stream begins; NOW starts with a snapshot of the open cases */
    uint32_t from_epoch;
    uint64_t from_seq;
    int64_t from_at;
    uint32_t credit;                     /* most unconfirmed deliveries; 100 when 0 */
    const struct bellhop_serves *serves; /* levels this subscriber takes pages for */
    size_t serves_count;
};

/* Subscribes, now and after each reconnection, and waits for the answer. BELLHOP_REFUSED: bellhop_why() has
 * the reason. BELLHOP_TIMEOUT: no answer yet; bellhop_next() keeps trying. */
int bellhop_subscribe(struct bellhop_client *client, const struct bellhop_subscription *subscription,
                      int timeout_ms);

struct bellhop_delivery {
    const char *decision_id; /* "epoch-seq-ordinal", the same on every attempt: apply each id once */
    const char *topic;
    const char *kind; /* "CASE_OPENED" */
    const char *rule, *rule_id, *store_id, *interaction_id, *subject_id, *audience;
    int64_t decided_at;
    uint32_t attempt;
    int replayed, still_open, snapshot, late, drill;
    const char *text;        /* free text of the event */
    const char *dead_letter; /* an earlier delivery of this interaction that became a dead letter */
    const void *message;     /* an encoded bellhop.v1.Delivery */
    size_t message_size;
};

/* The next delivery, valid until the next call. BELLHOP_TIMEOUT: none. */
int bellhop_next(struct bellhop_client *client, int timeout_ms, const struct bellhop_delivery **ret_delivery);

/* Confirms a delivery: it will not come again once the service has recorded that; until then it may. Or
 * refuses it: it comes again after a while, or, with `for_good`, becomes a dead letter. */
int bellhop_confirm(struct bellhop_client *client, const char *decision_id);
int bellhop_refuse(struct bellhop_client *client, const char *decision_id, const char *reason, int for_good);

/* Leaves; with `forget` the stream and its position are removed for everybody. */
int bellhop_unsubscribe(struct bellhop_client *client, int forget);

/* --- help --- */

/* An encoded message as JSON, by its name: bellhop_json("Verdict", verdict->message, …). The caller must
 * free() the text. */
int bellhop_json(const char *message_name, const void *message, size_t size, char **ret_json);

/* The written form of an id, 01234567-89ab-7cde-8fff-0123456789ab, and back. */
void bellhop_id_format(const uint8_t id[BELLHOP_ID_SIZE], char into[BELLHOP_ID_TEXT_SIZE]);
int bellhop_id_parse(const char *text, uint8_t ret_id[BELLHOP_ID_SIZE]);

#ifdef __cplusplus
}
#endif
#endif
