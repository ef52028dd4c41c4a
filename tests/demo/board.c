/* board: counts decisions and puts them in words for a store manager. */
#include "tests/demo/board.h"

#include "common/base/map.h"
#include "common/base/memory.h"
#include "common/base/text.h"
#include "services/cli/terminal/narrate.h"
#include "services/cli/terminal/table.h"
#include "tests/demo/script.h"

#include <stdio.h>
#include <stdlib.h>

enum { TIME_WIDTH = 5, WHO_WIDTH = 13, WHAT_WIDTH = 30, LEVELS = 8 };

/* How often something went to one level, or to one employee. */
struct tally {
    char name[65];
    unsigned count;
};

struct board {
    bool *is_seen; /* of each expectation */
    unsigned granted, advised, heard;
    int64_t granted_minor;
    struct tally levels[LEVELS];     /* cases opened */
    struct tally recognised[LEVELS]; /* employees */
    unsigned cases, answered, overtaken, reopened;
    unsigned call_backs, recoveries, done, follow_ups_overtaken;
    unsigned good, bad;
    int64_t good_reach, bad_reach;
    unsigned findings, coaching;
    char good_news[128]; /* of the day, by its digest */
};

struct board *board_new(void)
{
    struct board *board = NEW(board);
    board->is_seen = memory_zeroed(script_expectation_count * sizeof *board->is_seen);
    return board;
}

void board_free(struct board *board)
{
    if (!board)
        return;
    free(board->is_seen);
    free(board);
}

void board_tell(const char *time, const char *who, const char *what, const char *said)
{
    const struct {
        const char *text;
        size_t width;
    } cells[] = {{time, TIME_WIDTH}, {who, WHO_WIDTH}, {what, WHAT_WIDTH}, {said, 0}};
    size_t owed = 0; /* blanks before the next text */
    for (size_t i = 0; i < COUNT_OF(cells); i++) {
        const char *text = cells[i].text ? cells[i].text : "";
        if (text[0]) {
            printf("%*s%s", (int)owed, "", text);
            owed = 0;
        }
        size_t taken = table_text_width(text);
        owed += (taken < cells[i].width ? cells[i].width - taken : 0) + 2;
    }
    printf("\n");
    fflush(stdout);
}

void board_hear(struct board *board, const char *sentence)
{
    board->heard++;
    board_tell(NULL, "till-1", "the register hears", sentence);
}

static void tally_add(struct tally *tallies, const char *name)
{
    for (size_t i = 0; i < LEVELS; i++) {
        if (tallies[i].count == 0)
            text_copy(tallies[i].name, sizeof tallies[i].name, name ? name : "nobody");
        if (text_equal(tallies[i].name, name ? name : "nobody")) {
            tallies[i].count++;
            return;
        }
    }
}

static void case_count(struct board *board, const WireDecision *decision)
{
    if (decision->kind == WIRE_DECISION_KIND__CASE_OPENED) {
        board->cases++;
        tally_add(board->levels, decision->case_->role);
    }
    board->answered += decision->kind == WIRE_DECISION_KIND__CASE_RESOLVED;
    board->overtaken += decision->kind == WIRE_DECISION_KIND__CASE_OVERTAKEN;
    board->reopened += decision->kind == WIRE_DECISION_KIND__CASE_REOPENED;
}

static void follow_up_count(struct board *board, const WireDecision *decision)
{
    bool is_new = decision->kind == WIRE_DECISION_KIND__FOLLOW_UP_OPENED;
    board->call_backs += is_new && decision->follow_up->kind == WIRE_FOLLOW_UP_KIND__CALL_BACK;
    board->recoveries += is_new && decision->follow_up->kind == WIRE_FOLLOW_UP_KIND__RECOVERY;
    board->done += decision->kind == WIRE_DECISION_KIND__FOLLOW_UP_DONE;
    board->follow_ups_overtaken += decision->kind == WIRE_DECISION_KIND__FOLLOW_UP_OVERTAKEN;
}

static void experience_count(struct board *board, const WireExperience *experience)
{
    board->good += experience->feeling == WIRE_FEELING__GOOD;
    board->bad += experience->feeling == WIRE_FEELING__BAD;
    board->good_reach += experience->feeling == WIRE_FEELING__GOOD ? experience->reach : 0;
    board->bad_reach += experience->feeling == WIRE_FEELING__BAD ? experience->reach : 0;
}

static void verdict_count(struct board *board, const WireVerdict *verdict)
{
    bool is_granted = verdict->outcome == WIRE_VERDICT__OUTCOME__GRANTED;
    board->granted += is_granted;
    board->granted_minor += is_granted && verdict->amount ? verdict->amount->minor : 0;
    board->advised += verdict->n_advice > 0;
}

static void digest_note(struct board *board, const WireDigest *digest)
{
    text_format(board->good_news, sizeof board->good_news,
                "compliments %d, promises kept %d, customers who came back %d, sales gains %d",
                (int)digest->compliments, (int)digest->kept_promises, (int)digest->returning_customers,
                (int)digest->sales_gains);
}

static void decision_count(struct board *board, const WireDecision *decision)
{
    if (decision->body_case == WIRE_DECISION__BODY_CASE)
        case_count(board, decision);
    else if (decision->body_case == WIRE_DECISION__BODY_FOLLOW_UP)
        follow_up_count(board, decision);
    else if (decision->body_case == WIRE_DECISION__BODY_EXPERIENCE)
        experience_count(board, decision->experience);
    else if (decision->body_case == WIRE_DECISION__BODY_VERDICT)
        verdict_count(board, decision->verdict);
    else if (decision->body_case == WIRE_DECISION__BODY_RECOGNITION)
        tally_add(board->recognised, decision->recognition->employee_id);
    else if (decision->body_case == WIRE_DECISION__BODY_DIGEST)
        digest_note(board, decision->digest);
    board->findings += decision->body_case == WIRE_DECISION__BODY_FINDING;
    board->coaching += decision->body_case == WIRE_DECISION__BODY_COACHING;
}

/* A verdict is of every row that advised in it, too. */
static bool is_of_row(const WireDecision *decision, const char *rule_id)
{
    if (!rule_id || (decision->rule_id && text_equal(decision->rule_id, rule_id)))
        return true;
    const WireVerdict *verdict =
        decision->body_case == WIRE_DECISION__BODY_VERDICT ? decision->verdict : NULL;
    for (size_t i = 0; verdict && i < verdict->n_advice; i++)
        if (verdict->advice[i]->rule_id && text_equal(verdict->advice[i]->rule_id, rule_id))
            return true;
    return false;
}

void board_decide(struct board *board, const WireDecision *decision)
{
    decision_count(board, decision);
    for (size_t i = 0; i < script_expectation_count; i++) {
        const struct script_expectation *expected = &script_expectations[i];
        bool is_it = expected->kind == decision->kind && is_of_row(decision, expected->rule_id);
        board->is_seen[i] = board->is_seen[i] || is_it;
    }
    bool is_quiet = decision->body_case == WIRE_DECISION__BODY_VERDICT ||
                    decision->body_case == WIRE_DECISION__BODY_REMEDY ||
                    decision->body_case == WIRE_DECISION__BODY_EXPERIENCE;
    if (is_quiet)
        return;
    AUTO_CLEAR(bytes) sentence = {.size = 0};
    narrate_decision(decision, &sentence);
    struct narrate_word kind = narrate_word(&wire_decision_kind__descriptor, (int)decision->kind);
    for (char *at = kind.text; *at; at++)
        *at = *at == '_' ? ' ' : *at;
    board_tell(NULL, decision->audience, kind.text, bytes_text(&sentence));
}

bool board_has_seen(const struct board *board, const char *rule_id, WireDecisionKind kind)
{
    for (size_t i = 0; i < script_expectation_count; i++) {
        const struct script_expectation *expected = &script_expectations[i];
        bool is_asked =
            rule_id ? expected->rule_id && text_equal(expected->rule_id, rule_id) : !expected->rule_id;
        if (expected->kind == kind && is_asked)
            return board->is_seen[i];
    }
    return false;
}

bool board_is_complete(const struct board *board)
{
    for (size_t i = 0; i < script_expectation_count; i++)
        if (!board->is_seen[i])
            return false;
    return board->heard > 0;
}

static void tallies_print(const struct tally *tallies)
{
    for (size_t i = 0; i < LEVELS && tallies[i].count > 0; i++)
        printf("%s%s %u", i ? ", " : "", tallies[i].name, tallies[i].count);
    printf("\n");
}

static void summary_print(const struct board *board)
{
    printf("\nThe day at harbour\n");
    printf("  decided at the counter   %u, worth %d.%02d EUR; advice given %u\n", board->granted,
           (int)(board->granted_minor / 100), (int)(board->granted_minor % 100), board->advised);
    printf("  escalated                %u: ", board->cases);
    tallies_print(board->levels);
    printf("  of which                 %u answered, %u ended by themselves, %u still open; %u reopened "
           "because the "
           "answer came late\n",
           board->answered, board->overtaken, board->cases - board->answered - board->overtaken,
           board->reopened);
    printf("  heard at the register    %u\n", board->heard);
    printf("  to call back             %u; recoveries %u; done %u, not needed any more %u\n",
           board->call_backs, board->recoveries, board->done, board->follow_ups_overtaken);
    printf("  recognised               ");
    tallies_print(board->recognised);
    printf("  good news of the day     %s\n", board->good_news);
    printf("  to look at               findings %u, coaching %u\n", board->findings, board->coaching);
    printf("  word of mouth            %d people will hear of good visits (%u), %d of bad ones (%u)\n",
           (int)board->good_reach, board->good, (int)board->bad_reach, board->bad);
}

bool board_sum_up(const struct board *board)
{
    summary_print(board);
    if (board_is_complete(board))
        return true;
    for (size_t i = 0; i < script_expectation_count; i++)
        if (!board->is_seen[i])
            fprintf(stderr, "did not happen: %s (%s, %s)\n", script_expectations[i].what,
                    script_expectations[i].rule_id ? script_expectations[i].rule_id : "no row",
                    narrate_word(&wire_decision_kind__descriptor, (int)script_expectations[i].kind).text);
    if (board->heard == 0)
        fprintf(stderr, "did not happen: a register hearing the answer to what it had asked\n");
    return false;
}
