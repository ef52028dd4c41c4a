/* narrate: decisions, verdicts and cases as sentences for people. Times are UTC. */
#ifndef BELLHOP_CLI_TERMINAL_NARRATE_H
#define BELLHOP_CLI_TERMINAL_NARRATE_H

#include "common/base/bytes.h"

#include "proto/bellhop/v1/decision.pb-c.h"

enum { NARRATE_TIME_SIZE = sizeof "2024-02-29 12:00:00" };

/* Each appends one line without its end. */

/* "case 1-44-0 opened for shift_lead, high (F2 hold): on hold for 5 minutes" */
void narrate_decision(const WireDecision *decision, struct bytes *into);

/* "granted, 40.00 EUR" or "escalated to store_manager (A2, case 1-44-0)", with advice and answer */
void narrate_verdict(const WireVerdict *verdict, struct bytes *into);

/* "case 1-44-0 taken by ines until 2026-11-27 14:05:00", "refused (too_low): …" */
void narrate_act(const WireActResult *act, struct bytes *into);

/* "40.00 EUR"; nothing of NULL. */
void narrate_money(const WireMoney *money, struct bytes *into);

/* "2024-02-29 12:00:00"; "" of 0. */
const char *narrate_time(int64_t at, char into[static NARRATE_TIME_SIZE]);

/* A constant's name in lower case, "high", "call_back"; "" if there is none. */
struct narrate_word {
    char text[40];
};
struct narrate_word narrate_word(const ProtobufCEnumDescriptor *descriptor, int value);

#endif
