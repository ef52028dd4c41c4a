/* question: how a reader asks through a database. For the store floor's own use.
 *
 * A reader makes a question of its statement, adds the parameters and asks it. `answered` turns the answer into the
 * reader's page; `read` is the asker's own callback, of the reader's type. */
#ifndef BELLHOP_STORE_READ_QUESTION_H
#define BELLHOP_STORE_READ_QUESTION_H

#include "common/base/list.h"
#include "common/store/read/database.h"
#include "common/store/session/session.h"

struct question;

/* `result` is the statement's rows, or NULL with the reason in `fault`. Must call question->read once, unless
 * it asks further with question_ask_again(). */
typedef void question_answered(struct question *question, const PGresult *result, const char *fault);

typedef void question_read(void);

struct question {
    struct list_node node;
    const char *sql; /* outlives the question */
    struct session_value values[SESSION_VALUES_MOST];
    size_t value_count;
    question_answered *answered;
    question_read *read; /* the asker's, cast to the reader's own type by `answered` */
    void *owner;
    uint8_t id[16]; /* room for what values point to */
    char name[160];
    uint64_t number;   /* what the reader needs to remember */
    struct bytes kept; /* likewise */
    bool is_asked_again;
};

/* A question of `owner`, to be asked. */
struct question *question_new(const char *sql, question_answered *answered, question_read *read, void *owner);
void question_free(struct question *question);

/* Its next parameter; an id and a name (one of each; NULL is SQL's NULL) are copied. */
void question_add(struct question *question, struct session_value value);
void question_add_id(struct question *question, const uint8_t id[16]);
void question_add_name(struct question *question, const char *name);

/* Takes the question. */
void database_ask(struct database *database, struct question *question);

/* From within `answered`: ask the next statement, with one parameter, before anything else is asked. */
void question_ask_again(struct question *question, question_answered *answered, const char *sql,
                        struct session_value value);

#endif
