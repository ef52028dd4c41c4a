/* terminal: a stream of the C library in front of standard output. */
#include "services/cli/terminal/terminal.h"

#include "common/base/memory.h"
#include "common/base/text.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static bool is_harmful(uint32_t character)
{
    bool is_control = (character < 0x20 && character != '\t' && character != '\n') ||
                      (character >= 0x7f && character < 0xa0);
    bool is_separator = character == 0x2028 || character == 0x2029;
    bool is_direction = character == 0x061c || character == 0x200e || character == 0x200f ||
                        (character >= 0x202a && character <= 0x202e) ||
                        (character >= 0x2066 && character <= 0x2069);
    return is_control || is_separator || is_direction;
}

static uint32_t decode(const uint8_t *at, size_t size)
{
    if (size == 1)
        return at[0];
    uint32_t character = at[0] & (0x7fU >> size);
    for (size_t i = 1; i < size; i++)
        character = character << 6 | (at[i] & 0x3f);
    return character;
}

size_t terminal_escape(struct slice text, bool follows, struct bytes *into)
{
    size_t taken = 0;
    while (taken < text.size) {
        const uint8_t *at = text.data + taken;
        size_t left = text.size - taken, size = text_character_size(at, left);
        uint32_t character = size ? decode(at, size) : 0;
        if (!size && follows && left < 4 && *at >= 0xc2)
            break;
        if (!size)
            bytes_append_text(into, "\xef\xbf\xbd");
        else if (is_harmful(character))
            bytes_append_format(into, "\\u%04x", character);
        else
            bytes_append(into, at, size);
        taken += size ? size : 1;
    }
    return taken;
}

/* --- standard output --- */

struct guard {
    struct bytes pending; /* the beginning of a character */
    struct bytes escaped;
};

static bool write_all(struct slice data)
{
    while (data.size > 0) {
        ssize_t written = write(STDOUT_FILENO, data.data, data.size);
        if (written < 0 && errno != EINTR)
            return false;
        if (written > 0)
            data = slice_of(data.data + written, data.size - (size_t)written);
    }
    return true;
}

static ssize_t guarded_write(void *owner, const char *data, size_t size)
{
    struct guard *guard = owner;
    bytes_append(&guard->pending, data, size);
    bytes_reset(&guard->escaped);
    size_t taken = terminal_escape(bytes_slice(&guard->pending), true, &guard->escaped);
    guard->pending.size -= taken;
    memmove(guard->pending.data, guard->pending.data + taken, guard->pending.size);
    return write_all(bytes_slice(&guard->escaped)) ? (ssize_t)size
                                                   : 0; /* 0 is an error, says fopencookie(3) */
}

static int guard_close(void *owner)
{
    struct guard *guard = owner;
    bytes_clear(&guard->pending);
    bytes_clear(&guard->escaped);
    free(guard);
    return 0;
}

/* At exit, and so also after --help: the guard goes with its stream. */
static void close_output(void)
{
    fclose(stdout);
}

void terminal_guard(void)
{
    struct guard *guard = NEW(guard);
    FILE *guarded =
        fopencookie(guard, "w", (cookie_io_functions_t){.write = guarded_write, .close = guard_close});
    if (!guarded)
        abort();
    setvbuf(guarded, NULL, isatty(STDOUT_FILENO) ? _IOLBF : _IOFBF, BUFSIZ);
    stdout = guarded;
    atexit(close_output);
}
