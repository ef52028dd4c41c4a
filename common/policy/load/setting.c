/* setting: follows a name through the document's tree to the place of its value. */
#include "common/policy/load/setting.h"

#include "common/base/memory.h"
#include "common/policy/load/document.h"

#include <stdlib.h>

/* A value is one plain word: nothing that could end the line it stands in. */
static bool is_value(const char *text)
{
    return *text && !text[strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.")];
}

bool setting_parse(const char *text, struct setting_change *ret_change, char why[static WHY_SIZE])
{
    const char *equals = strchr(text, '=');
    size_t size = equals ? (size_t)(equals - text) : 0;
    if (!size || size >= sizeof ret_change->name || !is_value(equals + 1) ||
        strlen(equals + 1) >= sizeof ret_change->value) {
        text_format(why, WHY_SIZE, "\"%.80s\" is no change: write NAME=VALUE, such as figures.hold_lead=240s",
                    text);
        return false;
    }
    memcpy(ret_change->name, text, size);
    ret_change->name[size] = '\0';
    text_copy(ret_change->value, sizeof ret_change->value, equals + 1);
    return true;
}

/* Sections that hold figures and limits; a rule or an override is changed in its file. */
static bool is_open_to_change(const char *name)
{
    static const char *const beginnings[] = {"figures.", "ladder.", "authority.", "promises."};
    static const char *const whole[] = {"late_after", "old_after", "overdue_lead_after", "nobody_home_after"};
    for (size_t i = 0; i < COUNT_OF(beginnings); i++)
        if (text_starts_with(name, beginnings[i]))
            return true;
    for (size_t i = 0; i < COUNT_OF(whole); i++)
        if (text_equal(name, whole[i]))
            return true;
    return false;
}

/* The value of a mapping's key, or the level of the ladder that is called so. */
static struct node *step(struct node *node, const char *word)
{
    if (node->kind == NODE_MAPPING)
        return node_find(node, word);
    for (struct node *item = node->kind == NODE_LIST ? node->first : NULL; item; item = item->next) {
        const struct node *role = item->kind == NODE_MAPPING ? node_find(item, "role") : NULL;
        if (role && role->kind == NODE_TEXT && text_equal(role->text, word))
            return item;
    }
    return NULL;
}

static struct node *follow(struct node *root, const char *name)
{
    struct node *node = root;
    while (node && *name) {
        char word[SETTING_NAME_SIZE];
        size_t size = strcspn(name, ".");
        memcpy(word, name, size);
        word[size] = '\0';
        node = step(node, word);
        name += size + (name[size] == '.');
    }
    return node;
}

/* Where a line and a column, counted in characters from 1, are in the text. */
static size_t offset_of(struct slice document, unsigned line, unsigned column)
{
    const char *text = (const char *)document.data;
    size_t at = 0;
    for (unsigned i = 1; i < line && at < document.size; at++)
        i += text[at] == '\n';
    for (unsigned i = 1; i < column && at < document.size; i++)
        at += text_character_size(text + at, document.size - at);
    return at;
}

static const struct node *find(struct slice document, const char *name, struct arena *tree,
                               char why[static WHY_SIZE])
{
    struct policy_findings *findings = memory_zeroed(sizeof *findings);
    struct node *root = document_parse(document, tree, findings);
    free(findings);
    const struct node *node = root && is_open_to_change(name) ? follow(root, name) : NULL;
    if (!node)
        text_format(why, WHY_SIZE,
                    "the policy's text has no figure or limit \"%.80s\": write figures.NAME, "
                    "ladder.ROLE.remedy or authority.per_customer_day",
                    name);
    else if (node->kind != NODE_TEXT || !node->is_plain || !node->is_one_line) {
        text_format(why, WHY_SIZE, "\"%.80s\" is not one value: name the part of it that is meant%s", name,
                    node->kind == NODE_MAPPING ? ", such as the currency" : "");
        node = NULL;
    }
    return node;
}

bool setting_apply(struct slice document, const struct setting_change *change, struct bytes *into,
                   char why[static WHY_SIZE])
{
    if (document.size > POLICY_DOCUMENT_BYTES) {
        text_format(why, WHY_SIZE, "the policy is larger than a policy may be");
        return false;
    }
    AUTO(arena) *tree = arena_new(document_tree_bytes(document.size));
    const struct node *node = find(document, change->name, tree, why);
    if (!node)
        return false;
    size_t at = offset_of(document, node->line, node->column);
    if (at + node->size > document.size ||
        memcmp((const char *)document.data + at, node->text, node->size) != 0) {
        text_format(why, WHY_SIZE, "\"%.80s\" cannot be changed in its place: change it in the file",
                    change->name);
        return false;
    }
    bytes_append(into, document.data, at);
    bytes_append_text(into, change->value);
    bytes_append(into, (const char *)document.data + at + node->size, document.size - at - node->size);
    return true;
}
