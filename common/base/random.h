/* random: bytes from the kernel. Never used while deciding or applying an event. */
#ifndef BELLHOP_BASE_RANDOM_H
#define BELLHOP_BASE_RANDOM_H

#include <stddef.h>
#include <stdint.h>

void random_bytes(void *into, size_t size);
uint64_t random_u64(void);

#endif
