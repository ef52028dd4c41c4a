/* map: against a naive twin, and its walk in order of insertion. */
#include "tests/support/check.h"

#include "common/base/map.h"

#include <stdio.h>

enum { KEYS = 300, STEPS = 100000 };

struct item {
    char key[8];
    bool is_in;
    uint64_t put_at; /* the twin's order of insertion */
};

static void items_init(struct item *items)
{
    for (int i = 0; i < KEYS; i++)
        snprintf(items[i].key, sizeof items[i].key, "%d", i * 7919 % 100003);
}

static void assert_walks_in_order(const struct map *map, size_t expected_count)
{
    struct item *item;
    uint64_t last = 0;
    size_t count = 0;
    MAP_EACH(item, map) {
        assert_true(item->is_in);
        assert_true(item->put_at > last);
        last = item->put_at;
        count++;
    }
    assert_int_equal(count, expected_count);
    assert_int_equal(map->count, expected_count);
}

static TEST(does_what_a_naive_twin_does)
{
    static struct item items[KEYS];
    struct map map;
    uint64_t random = 7, tick = 0;
    size_t count = 0;
    items_init(items);
    map_init(&map, 1);
    for (int step = 0; step < STEPS; step++) {
        struct item *item = &items[check_random(&random) % (step % 5000 < 2500 ? KEYS : KEYS / 10)];
        if (check_random(&random) % 2) {
            assert_ptr_equal(map_put_text(&map, item->key, item), item->is_in ? item : NULL);
            item->put_at = item->is_in ? item->put_at : ++tick;
            count += !item->is_in;
            item->is_in = true;
        } else {
            assert_ptr_equal(map_take_text(&map, item->key), item->is_in ? item : NULL);
            count -= item->is_in;
            item->is_in = false;
        }
        assert_ptr_equal(map_find_text(&map, item->key), item->is_in ? item : NULL);
        if (step % 1000 == 0)
            assert_walks_in_order(&map, count);
    }
    for (int i = 0; i < KEYS; i++)
        assert_ptr_equal(map_find_text(&map, items[i].key), items[i].is_in ? &items[i] : NULL);
    map_clear(&map);
}

static TEST(walks_the_same_under_every_seed)
{
    static struct item items[KEYS];
    AUTO_CLEAR(map) one_map;
    struct map *one = &one_map;
    map_init(one, 1);
    AUTO_CLEAR(map) other_map;
    struct map *other = &other_map;
    map_init(other, 0xdeadbeef);
    items_init(items);
    for (int i = 0; i < KEYS; i++) {
        map_put_text(one, items[i].key, &items[i]);
        map_put_text(other, items[i].key, &items[i]);
    }
    for (size_t at = 0, also = 0, i = 0; i <= KEYS; i++)
        assert_ptr_equal(map_next(one, &at), map_next(other, &also));
}

static TEST(what_is_walked_may_be_taken)
{
    static struct item items[KEYS];
    AUTO_CLEAR(map) held;
    struct map *map = &held;
    map_init(map, 3);
    struct item *item;
    items_init(items);
    for (int i = 0; i < KEYS; i++)
        map_put_text(map, items[i].key, &items[i]);
    MAP_EACH(item, map)
        assert_ptr_equal(map_take_text(map, item->key), item);
    assert_int_equal(map->count, 0);
}

static TEST(putting_again_replaces_value_and_key_in_place)
{
    AUTO_CLEAR(map) held;
    struct map *map = &held;
    map_init(map, 3);
    char first_key[] = "k", second_key[] = "k";
    int first, second, other;
    map_put_text(map, first_key, &first);
    map_put_text(map, "other", &other);
    assert_ptr_equal(map_put_text(map, second_key, &second), &first);
    first_key[0] = 'x'; /* nobody looks at it any more */
    assert_ptr_equal(map_find_text(map, "k"), &second);
    size_t at = 0;
    assert_ptr_equal(map_next(map, &at), &second);
}

static TEST(keys_are_bytes_of_any_value_and_size)
{
    AUTO_CLEAR(map) held;
    struct map *map = &held;
    map_init(map, 3);
    int empty, zero, zeros;
    map_put(map, "", 0, &empty);
    map_put(map, "\0", 1, &zero);
    map_put(map, "\0\0", 2, &zeros);
    assert_ptr_equal(map_find(map, "", 0), &empty);
    assert_ptr_equal(map_find(map, "\0", 1), &zero);
    assert_ptr_equal(map_find(map, "\0\0", 2), &zeros);
    assert_null(map_find(map, "\0\0\0", 3));
}

static TEST(memory_follows_what_is_live)
{
    static struct item items[KEYS];
    AUTO_CLEAR(map) held;
    struct map *map = &held;
    map_init(map, 3);
    items_init(items);
    for (int round = 0; round < 1000; round++) {
        struct item *item = &items[round % KEYS];
        map_put_text(map, item->key, item);
        map_take_text(map, item->key);
    }
    assert_in_range(map->entry_capacity, 1, 16);
}

RUN_TESTS(cmocka_unit_test(does_what_a_naive_twin_does), cmocka_unit_test(walks_the_same_under_every_seed),
          cmocka_unit_test(what_is_walked_may_be_taken),
          cmocka_unit_test(putting_again_replaces_value_and_key_in_place),
          cmocka_unit_test(keys_are_bytes_of_any_value_and_size),
          cmocka_unit_test(memory_follows_what_is_live))
