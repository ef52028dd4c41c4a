/* wire: protobuf-c over an arena. */
#include "common/wire/wire.h"

struct unpacking {
    struct arena *arena;
    bool is_full;
};

static void *unpacking_allocate(void *owner, size_t size)
{
    struct unpacking *unpacking = owner;
    void *memory = arena_allocate(unpacking->arena, size);
    unpacking->is_full = unpacking->is_full || !memory;
    return memory;
}

static void unpacking_release(void *owner, void *memory)
{
    (void)owner, (void)memory; /* the arena gives everything back at once */
}

void *wire_unpack(const ProtobufCMessageDescriptor *descriptor, struct slice bytes, struct arena *arena,
                  bool *ret_full)
{
    struct unpacking unpacking = {.arena = arena};
    ProtobufCAllocator allocator = {
        .alloc = unpacking_allocate, .free = unpacking_release, .allocator_data = &unpacking};
    void *message = protobuf_c_message_unpack(descriptor, &allocator, bytes.size, bytes.data);
    if (ret_full)
        *ret_full = !message && unpacking.is_full;
    return message;
}

void wire_pack(const void *message, struct bytes *into)
{
    size_t size = protobuf_c_message_get_packed_size(message);
    bytes_grew(into, protobuf_c_message_pack(message, bytes_reserve(into, size)));
}
