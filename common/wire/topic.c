/* topic: words of a decision, and patterns over them. */
#include "common/wire/topic.h"

#include "common/base/memory.h"
#include "common/base/text.h"
#include "common/wire/charset.h"

#include <string.h>

static const char *const kind_topics[] = {
    [WIRE_DECISION_KIND__VERDICT_GIVEN] = "verdict.given",
    [WIRE_DECISION_KIND__CASE_OPENED] = "case.opened",
    [WIRE_DECISION_KIND__CASE_CAUSE_ADDED] = "case.cause_added",
    [WIRE_DECISION_KIND__CASE_RAISED] = "case.raised",
    [WIRE_DECISION_KIND__CASE_ACKNOWLEDGED] = "case.acknowledged",
    [WIRE_DECISION_KIND__CASE_REOPENED] = "case.reopened",
    [WIRE_DECISION_KIND__CASE_CLIMBED] = "case.climbed",
    [WIRE_DECISION_KIND__CASE_NOTIFIED_AGAIN] = "case.notified_again",
    [WIRE_DECISION_KIND__CASE_HANDED_ON] = "case.handed_on",
    [WIRE_DECISION_KIND__CASE_RESOLVED] = "case.resolved",
    [WIRE_DECISION_KIND__CASE_OVERTAKEN] = "case.overtaken",
    [WIRE_DECISION_KIND__CASE_MUTED] = "case.muted",
    [WIRE_DECISION_KIND__ACT_REFUSED] = "act.refused",
    [WIRE_DECISION_KIND__FOLLOW_UP_OPENED] = "follow_up.opened",
    [WIRE_DECISION_KIND__FOLLOW_UP_DONE] = "follow_up.done",
    [WIRE_DECISION_KIND__FOLLOW_UP_OVERTAKEN] = "follow_up.overtaken",
    [WIRE_DECISION_KIND__FOLLOW_UP_OVERDUE] = "follow_up.overdue",
    [WIRE_DECISION_KIND__FOLLOW_UP_HANDED_ON] = "follow_up.handed_on",
    [WIRE_DECISION_KIND__FOLLOW_UP_WOKEN] = "follow_up.woken",
    [WIRE_DECISION_KIND__EXPERIENCE_RECORDED] = "experience.recorded",
    [WIRE_DECISION_KIND__RECOGNITION_MADE] = "recognition.made",
    [WIRE_DECISION_KIND__COACHING_MADE] = "coaching.made",
    [WIRE_DECISION_KIND__FINDING_MADE] = "finding.made",
    [WIRE_DECISION_KIND__NOTICE_GIVEN] = "notice.given",
    [WIRE_DECISION_KIND__DIGEST_MADE] = "digest.made",
    [WIRE_DECISION_KIND__STAFF_WORD_NOTED] = "staff_word.noted",
    [WIRE_DECISION_KIND__DAY_SERVED] = "day.served",
    [WIRE_DECISION_KIND__REMEDY_CHANGED] = "remedy.changed",
    [WIRE_DECISION_KIND__PROMISE_CHANGED] = "promise.changed",
    [WIRE_DECISION_KIND__AUTHORITY_CHANGED] = "authority.changed",
    [WIRE_DECISION_KIND__POLICY_ACCEPTED] = "policy.accepted",
    [WIRE_DECISION_KIND__POLICY_REFUSED] = "policy.refused",
    [WIRE_DECISION_KIND__QUARANTINED] = "event.quarantined",
};

const char *topic_of_kind(WireDecisionKind kind)
{
    const char *topic = (size_t)kind < COUNT_OF(kind_topics) ? kind_topics[kind] : NULL;
    return topic ? topic : "unknown.unknown";
}

static const char *verdict_word(const WireVerdict *verdict)
{
    const ProtobufCEnumValue *value =
        protobuf_c_enum_descriptor_get_value(&wire_verdict__outcome__descriptor, (int)verdict->outcome);
    return value ? value->name : NULL;
}

/* What the body says about whom it is for; NULL leaves it to the decision's audience. */
static const char *whom_of(const WireDecision *decision)
{
    switch (decision->body_case) {
    case WIRE_DECISION__BODY_VERDICT:
        return verdict_word(decision->verdict);
    case WIRE_DECISION__BODY_CASE:
        return decision->case_->role;
    case WIRE_DECISION__BODY_FOLLOW_UP:
        return decision->follow_up->owner ? decision->follow_up->owner : "nobody";
    case WIRE_DECISION__BODY_EXPERIENCE:
        return decision->experience->outcome;
    case WIRE_DECISION__BODY_RECOGNITION:
        return decision->recognition->employee_id;
    case WIRE_DECISION__BODY_COACHING:
        return decision->coaching->lead_alone ? decision->coaching->lead_role
                                              : decision->coaching->employee_id;
    case WIRE_DECISION__BODY_FINDING:
        return decision->rule;
    case WIRE_DECISION__BODY_NOTICE:
        return decision->notice->to_employee_id ? decision->notice->to_employee_id : decision->audience;
    case WIRE_DECISION__BODY_PROMISE:
        return decision->promise->owner;
    case WIRE_DECISION__BODY_REMEDY:
        return decision->remedy->charged_to;
    case WIRE_DECISION__BODY_LOAN:
        return decision->loan->borrower;
    case WIRE_DECISION__BODY_POLICY:
    case WIRE_DECISION__BODY_ACT_REFUSED:
    case WIRE_DECISION__BODY_DIGEST:
    case WIRE_DECISION__BODY_WORD:
    case WIRE_DECISION__BODY_DAY_SERVED:
    case WIRE_DECISION__BODY__NOT_SET:
    case _WIRE_DECISION__BODY__CASE_IS_INT_SIZE:
        break;
    }
    return NULL;
}

static bool whom_is_lowered(const WireDecision *decision)
{
    return decision->body_case == WIRE_DECISION__BODY_VERDICT ||
           decision->body_case == WIRE_DECISION__BODY_EXPERIENCE;
}

struct topic topic_of(const WireDecision *decision)
{
    const char *whom = whom_of(decision);
    if (!wire_charset_is_word(whom))
        whom = decision->audience;
    struct topic topic = {.text = ""};
    text_format(topic.text, sizeof topic.text, "%s.%s.", topic_of_kind(decision->kind),
                wire_charset_is_word(decision->store_id) ? decision->store_id : "-");
    size_t used = strlen(topic.text);
    text_format(topic.text + used, sizeof topic.text - used, "%s", wire_charset_is_word(whom) ? whom : "-");
    if (whom_is_lowered(decision))
        for (char *at = topic.text + used; *at; at++)
            *at = *at >= 'A' && *at <= 'Z' ? (char)(*at - 'A' + 'a') : *at;
    return topic;
}

/* The size of the word at `at`. */
static size_t word_size(const char *at)
{
    return strcspn(at, ".");
}

bool topic_pattern_is_valid(const char *pattern)
{
    if (strlen(pattern) > TOPIC_PATTERN_MOST_BYTES)
        return false;
    if (!*pattern)
        return true;
    for (unsigned words = 1;; words++) {
        size_t size = word_size(pattern);
        if (size == 0 || words > 4 || !wire_charset_allows(WIRE_WORD_OR_ANY, pattern, size))
            return false;
        if (!pattern[size])
            return true;
        pattern += size + 1;
    }
}

static bool word_is(const char *pattern, const char *word, size_t size)
{
    size_t wanted = word_size(pattern);
    return (wanted == 1 && *pattern == '*') || (wanted == size && memcmp(pattern, word, size) == 0);
}

/* Once each. */
static void add_word(char words[static TOPIC_WORDS_SIZE], const char *word, size_t size)
{
    for (const char *at = words; *at; at += strspn(at, ", ")) {
        size_t there = strcspn(at, ",");
        if (there == size && memcmp(at, word, size) == 0)
            return;
        at += there;
    }
    size_t used = strlen(words);
    text_format(words + used, TOPIC_WORDS_SIZE - used, "%s%.*s", used ? ", " : "", (int)size, word);
}

bool topic_pattern_is_known(const char *pattern, char words[static TOPIC_WORDS_SIZE])
{
    const char *second = pattern + word_size(pattern);
    char nouns[TOPIC_WORDS_SIZE] = "";
    *words = 0;
    for (size_t i = 0; i < COUNT_OF(kind_topics); i++) {
        if (!kind_topics[i])
            continue;
        size_t size = word_size(kind_topics[i]);
        const char *verb = kind_topics[i] + size + 1;
        bool is_noun = word_is(pattern, kind_topics[i], size);
        if (!*pattern || (is_noun && (!*second || word_is(second + 1, verb, strlen(verb)))))
            return true;
        add_word(nouns, kind_topics[i], size);
        if (is_noun)
            add_word(words, verb, strlen(verb));
    }
    if (!*words)
        text_copy(words, TOPIC_WORDS_SIZE, nouns);
    return false;
}

bool topic_matches(const char *pattern, const char *topic)
{
    while (*pattern) {
        size_t wanted = word_size(pattern), found = word_size(topic);
        bool is_any = wanted == 1 && *pattern == '*';
        if (!is_any && (wanted != found || memcmp(pattern, topic, wanted) != 0))
            return false;
        pattern += wanted + (pattern[wanted] == '.');
        if (*pattern && !topic[found])
            return false;
        topic += found + (topic[found] == '.');
    }
    return true;
}
