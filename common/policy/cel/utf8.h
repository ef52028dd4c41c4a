/* utf8: code points in strings. */
#ifndef BELLHOP_POLICY_CEL_UTF8_H
#define BELLHOP_POLICY_CEL_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The length in bytes of the valid character at the start of `bytes`, or 0. */
size_t utf8_length(const char *bytes, size_t size);
/* Code points in a valid string. */
size_t utf8_count(const char *bytes, size_t size);
/* Whether a number is a character's: below 0x110000 and no surrogate. */
bool utf8_is_scalar(uint32_t point);
/* Write a scalar's 1 to 4 bytes; returns how many. */
size_t utf8_write(uint32_t point, char *ret_bytes);
/* The longest prefix of at most `limit` bytes that ends between characters. */
size_t utf8_cut(const char *bytes, size_t size, size_t limit);

#endif
