/* answer: three words. */
#include "common/wire/answer.h"

#include "common/base/text.h"

const char *wire_answer_word(WireAnswer answer)
{
    return answer == WIRE_ANSWER__GRANTED ? "granted" : answer == WIRE_ANSWER__REFUSED ? "refused" : "done";
}

WireAnswer wire_answer_of(const char *word)
{
    return text_equal(text_or_empty(word), "granted")   ? WIRE_ANSWER__GRANTED
           : text_equal(text_or_empty(word), "refused") ? WIRE_ANSWER__REFUSED
                                                        : WIRE_ANSWER__DONE;
}
