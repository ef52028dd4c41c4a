/* set: an optional field of a message, and the mark that it is there, in one step. */
#ifndef BELLHOP_WIRE_SET_H
#define BELLHOP_WIRE_SET_H

/* `message` is a pointer, and is evaluated twice. */
#define WIRE_SET(message, field, ...) ((message)->has_##field = true, (message)->field = (__VA_ARGS__))

#endif
