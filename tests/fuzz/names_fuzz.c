/* names_fuzz: any text as a topic pattern, a position and a decision's identity. */
#include "common/base/text.h"
#include "common/wire/position.h"
#include "common/wire/topic.h"
#include "tests/fuzz/fuzzing.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = strndup((const char *)data, size);
    struct position position;
    struct decision_id id;
    char written[DECISION_ID_TEXT_SIZE];
    if (topic_pattern_is_valid(text))
        require(topic_matches(text, text));
    topic_matches(text, "case.opened.harbour.shift_lead");
    if (position_parse(text, &position) == 0) {
        position_format(position, written);
        require(text_equal(written, text));
    }
    if (decision_id_parse(text, &id) == 0) {
        decision_id_format(id, written);
        require(text_equal(written, text));
    }
    free(text);
    return 0;
}
