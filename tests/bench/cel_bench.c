/* cel_bench: how many conditions of a typical rule are evaluated in a second, on one core.
 *
 * Prints "evaluations/s N CONDITION" for each; bound to messages whose values change, so that no branch is
 * always the same. */
#include "common/policy/cel/cel.h"
#include "tests/support/visit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { MESSAGES = 64, ROUNDS = 200000, SLOTS = 1 };

static const char *const conditions[] = {
    "visit.amount >= 5000 && visit.mood == Mood.ANGRY && has(visit.limit)",
    "has(visit.waited_ms) && visit.waited_ms >= duration('5m') && !visit.drill",
    "has(visit.seen_at) && now() - visit.seen_at < duration('336h') && visit.store == 'berlin'",
    "visit.lines.exists(l, l.price > 9000)",
};

static const char *now(void *owner, void *host, const struct cel_value *arguments,
                       union cel_datum *ret_result)
{
    (void)owner, (void)host, (void)arguments;
    ret_result->moment = (struct cel_moment){.seconds = 1700000000};
    return NULL;
}

static void visits_fill(struct visit *visits, struct visit_line **lines)
{
    for (int i = 0; i < MESSAGES; i++)
        visits[i] = (struct visit){
            .amount = i * 313 % 10000,
            .has_mood = 1,
            .mood = 1 + i * 7 % 3,
            .has_limit = i % 5 != 0,
            .has_waited_ms = 1,
            .waited_ms = i * 9100,
            .has_seen_at = 1,
            .seen_at = 1700000000000000 - i * 30000000000,
            .store = i % 2 ? "berlin" : "paris",
            .n_lines = 2,
            .lines = lines,
        };
}

/* This process' time on a core, so that neighbours do not count. */
static double seconds_now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void measure(const struct cel_environment *environment, const char *condition,
                    const struct visit *visits)
{
    static struct cel_scratch scratch;
    struct cel_error error;
    struct cel_source source = {.text = condition, .size = strlen(condition), .expected = &cel_type_bool};
    struct cel_program *program = cel_compile(environment, &source, &error);
    if (!program) {
        fprintf(stderr, "%s: %u:%u: %s\n", condition, error.line, error.column, error.message);
        exit(1);
    }
    unsigned long held = 0;
    double start = seconds_now();
    for (int round = 0; round < ROUNDS; round++) {
        for (int i = 0; i < MESSAGES; i++) {
            const struct cel_value bindings[SLOTS] = {cel_message(&visits[i].base)};
            struct cel_activation activation = {bindings, &scratch, NULL};
            held += cel_holds(program, &activation);
        }
    }
    double spent = seconds_now() - start;
    printf("evaluations/s %.1f million  (%lu of %lu held)  %s\n", ROUNDS * (double)MESSAGES / spent / 1e6,
           held / ROUNDS, (unsigned long)MESSAGES, condition);
    cel_program_free(program);
}

int main(void)
{
    struct visit_line soap = {.product = "soap", .price = 250}, tyre = {.product = "tyre", .price = 9900};
    struct visit visits[MESSAGES];
    visits_fill(visits, (struct visit_line *[]){&soap, &tyre});
    const struct cel_type message = {.kind = CEL_MESSAGE, .descriptor = &visit_descriptor};
    struct cel_environment *environment = cel_environment_new("shop.v1");
    cel_environment_variable(environment, "visit", 0, &message);
    cel_environment_lenient(environment);
    cel_environment_function(
        environment, &(struct cel_function){.name = "now", .result = &cel_type_timestamp, .call = now});
    for (size_t i = 0; i < sizeof conditions / sizeof *conditions; i++)
        measure(environment, conditions[i], visits);
    cel_environment_free(environment);
    return 0;
}
