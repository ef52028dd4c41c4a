/* setting: one figure or limit of a policy's text, found by its name and put to another value.
 *
 * Names lead through the document: figures.hold_lead, figures.hearer_worth.EUR, ladder.shift_lead.remedy,
 * authority.per_customer_day, promises.remind_percent, late_after. */
#ifndef BELLHOP_POLICY_LOAD_SETTING_H
#define BELLHOP_POLICY_LOAD_SETTING_H

#include "common/base/text.h"

enum { SETTING_NAME_SIZE = 160, SETTING_VALUE_SIZE = 48 };

struct setting_change {
    char name[SETTING_NAME_SIZE], value[SETTING_VALUE_SIZE];
};

/* "figures.hold_lead=240s". False and why: it is not written so. */
bool setting_parse(const char *text, struct setting_change *ret_change, char why[static WHY_SIZE]);

/* Append the document with the change in it; everything else stays as it is written. Whether the value can stand there
 * is for policy_load() to say. False and why: there is no such figure or limit. */
bool setting_apply(struct slice document, const struct setting_change *change, struct bytes *into,
                   char why[static WHY_SIZE]);

#endif
