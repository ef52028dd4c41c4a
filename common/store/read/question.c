/* question: a statement with its parameters. */
#include "common/store/read/question.h"

#include "common/base/memory.h"
#include "common/base/text.h"

#include <assert.h>

struct question *question_new(const char *sql, question_answered *answered, question_read *read, void *owner)
{
    struct question *question = NEW(question);
    question->sql = sql;
    question->answered = answered;
    question->read = read;
    question->owner = owner;
    return question;
}

void question_free(struct question *question)
{
    bytes_clear(&question->kept);
    free(question);
}

void question_add(struct question *question, struct session_value value)
{
    assert(question->value_count < SESSION_VALUES_MOST);
    question->values[question->value_count++] = value;
}

void question_add_id(struct question *question, const uint8_t id[16])
{
    memcpy(question->id, id, sizeof question->id);
    question_add(question, BYTES_VALUE(slice_of(question->id, sizeof question->id)));
}

void question_add_name(struct question *question, const char *name)
{
    text_copy(question->name, sizeof question->name, text_or_empty(name));
    question_add(question, TEXT_VALUE(name ? question->name : NULL));
}

void question_ask_again(struct question *question, question_answered *answered, const char *sql,
                        struct session_value value)
{
    question->answered = answered;
    question->sql = sql;
    question->value_count = 0;
    question_add(question, value);
    question->is_asked_again = true;
}
