/* currency: the smallest units of currencies, by ISO 4217. No floating point. */
#ifndef BELLHOP_POLICY_RULES_CURRENCY_H
#define BELLHOP_POLICY_RULES_CURRENCY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { CURRENCY_TEXT_SIZE = 40, POLICY_CURRENCIES = 16, POLICY_CURRENCY_SIZE = 4 };

/* Decimals of an amount: 2 of EUR, 0 of JPY, 3 of KWD; 2 of a code nobody knows. */
unsigned currency_decimals(const char *code);

/* "50", "50.00" as smallest units. False: no amount of this currency, or too large. */
bool currency_parse(const char *text, const char *code, int64_t *ret_minor);

/* "50.00 EUR"; its length. */
size_t currency_format(int64_t minor, const char *code, char into[static CURRENCY_TEXT_SIZE]);

#endif
