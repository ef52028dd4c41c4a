/* heap: against a naive twin that searches all of its items. */
#include "tests/support/check.h"

#include "common/base/heap.h"

enum { ITEMS = 64, STEPS = 20000 };

struct twin {
    struct heap_node nodes[ITEMS];
    int64_t keys[ITEMS];
    uint64_t orders[ITEMS];
    bool is_in[ITEMS];
    uint64_t next_order;
};

static int twin_first(const struct twin *twin)
{
    int first = -1;
    for (int i = 0; i < ITEMS; i++) {
        if (!twin->is_in[i])
            continue;
        bool is_before = first < 0 || twin->keys[i] < twin->keys[first] ||
                         (twin->keys[i] == twin->keys[first] && twin->orders[i] < twin->orders[first]);
        first = is_before ? i : first;
    }
    return first;
}

static struct heap_node *take_first(struct heap *heap)
{
    struct heap_node *first = heap_first(heap);
    if (first)
        heap_remove(heap, first);
    return first;
}

static void twin_step(struct twin *twin, struct heap *heap, uint64_t *seed)
{
    int item = (int)(check_random(seed) % ITEMS);
    switch (check_random(seed) % 4) {
    case 0:
    case 1:
        twin->keys[item] = (int64_t)(check_random(seed) % 20) - 10;
        twin->orders[item] = twin->next_order++;
        twin->is_in[item] = true;
        heap_put(heap, &twin->nodes[item], twin->keys[item]);
        break;
    case 2:
        twin->is_in[item] = false;
        heap_remove(heap, &twin->nodes[item]);
        break;
    case 3:
        item = twin_first(twin);
        if (item >= 0)
            twin->is_in[item] = false;
        assert_ptr_equal(take_first(heap), item < 0 ? NULL : &twin->nodes[item]);
        break;
    }
}

static TEST(does_what_a_naive_twin_does)
{
    struct twin twin = {0};
    struct heap heap = {0};
    uint64_t seed = 42;
    for (int step = 0; step < STEPS; step++) {
        twin_step(&twin, &heap, &seed);
        int first = twin_first(&twin);
        assert_ptr_equal(heap_first(&heap), first < 0 ? NULL : &twin.nodes[first]);
        for (int i = 0; i < ITEMS; i++)
            assert_int_equal(heap_is_member(&twin.nodes[i]), twin.is_in[i]);
    }
    heap_clear(&heap);
}

static TEST(equal_keys_come_out_by_the_order_that_was_given)
{
    struct heap heap = {0};
    struct heap_node nodes[3] = {0};
    heap_put_ordered(&heap, &nodes[0], 5, 3);
    heap_put_ordered(&heap, &nodes[1], 5, 1);
    heap_put_ordered(&heap, &nodes[2], 5, 2);
    assert_ptr_equal(take_first(&heap), &nodes[1]);
    assert_ptr_equal(take_first(&heap), &nodes[2]);
    assert_ptr_equal(take_first(&heap), &nodes[0]);
    heap_clear(&heap);
}

static TEST(clearing_frees_the_nodes_for_another_heap)
{
    struct heap one = {0}, other = {0};
    struct heap_node node = {0};
    heap_put(&one, &node, 1);
    heap_clear(&one);
    assert_false(heap_is_member(&node));
    heap_put(&other, &node, 1);
    assert_ptr_equal(heap_first(&other), &node);
    heap_clear(&other);
}

RUN_TESTS(cmocka_unit_test(does_what_a_naive_twin_does),
          cmocka_unit_test(equal_keys_come_out_by_the_order_that_was_given),
          cmocka_unit_test(clearing_frees_the_nodes_for_another_heap))
