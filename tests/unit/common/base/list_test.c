/* list: order, removal during a walk, and nodes that know whether they are linked. */
#include "tests/support/check.h"

#include "common/base/list.h"

struct item {
    struct list_node node;
    char letter;
};

static void list_spell(const struct list *list, char *into)
{
    LIST_EACH(node, list)
        *into++ = CONTAINER_OF(node, struct item, node)->letter;
    *into = 0;
}

static TEST(keeps_the_order_of_appending_and_prepending)
{
    struct item a = {.letter = 'a'}, b = {.letter = 'b'}, c = {.letter = 'c'};
    struct list list;
    char word[4];
    list_init(&list);
    list_append(&list, &b.node);
    list_append(&list, &c.node);
    list_prepend(&list, &a.node);
    list_spell(&list, word);
    assert_text_equal(word, "abc");
    assert_int_equal(list_count(&list), 3);
    assert_ptr_equal(list_first(&list), &a.node);
    assert_ptr_equal(list_last(&list), &c.node);
}

static TEST(a_node_may_be_removed_during_the_safe_walk)
{
    struct item items[4] = {{.letter = 'a'}, {.letter = 'b'}, {.letter = 'c'}, {.letter = 'd'}};
    struct list list;
    char word[5];
    list_init(&list);
    for (int i = 0; i < 4; i++)
        list_append(&list, &items[i].node);
    LIST_EACH_SAFE(node, &list)
        if (CONTAINER_OF(node, struct item, node)->letter % 2)
            list_remove(node);
    list_spell(&list, word);
    assert_text_equal(word, "bd");
    assert_false(list_is_linked(&items[0].node));
    assert_true(list_is_linked(&items[1].node));
}

static TEST(removing_an_unlinked_node_does_nothing)
{
    struct item a = {.letter = 'a'};
    list_remove(&a.node);
    assert_false(list_is_linked(&a.node));
}

static TEST(an_empty_list_has_neither_first_nor_last)
{
    struct list list;
    list_init(&list);
    assert_true(list_is_empty(&list));
    assert_null(list_first(&list));
    assert_null(list_last(&list));
    assert_null(list_take_first(&list));
}

RUN_TESTS(cmocka_unit_test(keeps_the_order_of_appending_and_prepending),
          cmocka_unit_test(a_node_may_be_removed_during_the_safe_walk),
          cmocka_unit_test(removing_an_unlinked_node_does_nothing),
          cmocka_unit_test(an_empty_list_has_neither_first_nor_last))
