/* document: YAML to a tree, through libyaml's events. */
#include "common/policy/load/document.h"

#include "common/base/text.h"
#include "common/policy/load/finding.h"

#include <yaml.h>

struct reading {
    yaml_parser_t parser;
    struct arena *arena;
    struct policy_findings *findings;
    unsigned nodes;
    bool failed;
};

struct node *node_find(struct node *mapping, const char *key)
{
    for (struct node *value = mapping->first; value; value = value->next)
        if (text_equal(value->key->text, key)) {
            value->was_read = true;
            return value;
        }
    return NULL;
}

void node_refuse_unread(const struct node *mapping, const char *what, struct policy_findings *findings)
{
    for (const struct node *value = mapping->first; value; value = value->next)
        if (!value->was_read)
            finding_at(findings, value->key, "%s has no \"%.40s\"", what, value->key->text);
}

static struct node *refuse(struct reading *reading, const yaml_mark_t *mark, const char *sentence)
{
    if (!reading->failed)
        finding_add(reading->findings, (unsigned)mark->line + 1, (unsigned)mark->column + 1, "%s", sentence);
    reading->failed = true;
    return NULL;
}

static struct node *refuse_syntax(struct reading *reading)
{
    const yaml_parser_t *parser = &reading->parser;
    char sentence[200];
    if (parser->error == YAML_READER_ERROR) {
        text_format(sentence, sizeof sentence, "this is not YAML: %s",
                    parser->problem ? parser->problem : "unreadable");
        return refuse(reading, &parser->mark, sentence);
    }
    text_format(sentence, sizeof sentence, "this is not YAML: %s%s%s",
                parser->problem ? parser->problem : "out of memory", parser->context ? " " : "",
                parser->context ? parser->context : "");
    return refuse(reading, &parser->problem_mark, sentence);
}

static struct node *node_new(struct reading *reading, enum node_kind kind, const yaml_event_t *event)
{
    struct node *node =
        ++reading->nodes > DOCUMENT_NODES ? NULL : arena_allocate(reading->arena, sizeof *node);
    if (!node)
        return refuse(reading, &event->start_mark, "the document is too large");
    *node = (struct node){
        .kind = kind,
        .line = (unsigned)event->start_mark.line + 1,
        .column = (unsigned)event->start_mark.column + 1,
    };
    return node;
}

static struct node *read_text(struct reading *reading, const yaml_event_t *event)
{
    struct slice text = slice_of(event->data.scalar.value, event->data.scalar.length);
    if (event->data.scalar.anchor)
        return refuse(reading, &event->start_mark, "anchors are not allowed: write it out");
    if (event->data.scalar.tag)
        return refuse(reading, &event->start_mark,
                      "tags are not allowed; text that begins with ! needs quotes");
    if (text.size && memchr(text.data, 0, text.size))
        return refuse(reading, &event->start_mark, "text with a NUL character is not allowed");
    struct node *node = node_new(reading, NODE_TEXT, event);
    if (!node)
        return NULL;
    yaml_scalar_style_t style = event->data.scalar.style;
    node->text = arena_text(reading->arena, text);
    node->size = text.size;
    node->is_plain = style == YAML_PLAIN_SCALAR_STYLE;
    node->quote = style == YAML_SINGLE_QUOTED_SCALAR_STYLE || style == YAML_DOUBLE_QUOTED_SCALAR_STYLE;
    node->is_one_line = event->start_mark.line == event->end_mark.line;
    return node->text ? node : refuse(reading, &event->start_mark, "the document is too large");
}

static void node_append(struct node *parent, struct node *child)
{
    if (parent->last)
        parent->last->next = child;
    else
        parent->first = child;
    parent->last = child;
}

static struct node *read_node(struct reading *reading, unsigned depth);

static struct node *read_list(struct reading *reading, const yaml_event_t *event, unsigned depth)
{
    if (event->data.sequence_start.anchor || event->data.sequence_start.tag)
        return refuse(reading, &event->start_mark, "anchors and tags are not allowed: write it out");
    struct node *list = node_new(reading, NODE_LIST, event);
    while (list && !reading->failed) {
        struct node *item = read_node(reading, depth + 1);
        if (!item)
            break;
        node_append(list, item);
    }
    return reading->failed ? NULL : list;
}

static struct node *read_mapping(struct reading *reading, const yaml_event_t *event, unsigned depth)
{
    if (event->data.mapping_start.anchor || event->data.mapping_start.tag)
        return refuse(reading, &event->start_mark, "anchors and tags are not allowed: write it out");
    struct node *mapping = node_new(reading, NODE_MAPPING, event);
    while (mapping && !reading->failed) {
        struct node *key = read_node(reading, depth + 1);
        struct node *value = key ? read_node(reading, depth + 1) : NULL;
        if (!value)
            break;
        if (key->kind != NODE_TEXT) {
            finding_at(reading->findings, key, "a key must be a word");
            continue;
        }
        bool is_known = false;
        unsigned count = 0;
        for (const struct node *other = mapping->first; other && !is_known; other = other->next, count++)
            is_known = text_equal(other->key->text, key->text);
        if (count >= DOCUMENT_KEYS)
            return refuse(reading, &event->start_mark, "a mapping here has too many keys");
        value->key = key;
        if (is_known)
            finding_at(reading->findings, key, "\"%.40s\" is said twice here", key->text);
        else
            node_append(mapping, value);
    }
    return reading->failed ? NULL : mapping;
}

/* NULL at the end of a list or mapping, and when reading failed. */
static struct node *read_node(struct reading *reading, unsigned depth)
{
    yaml_event_t event;
    if (!yaml_parser_parse(&reading->parser, &event))
        return refuse_syntax(reading);
    struct node *node = NULL;
    if (depth > DOCUMENT_DEPTH)
        refuse(reading, &event.start_mark, "this is nested too deeply");
    else if (event.type == YAML_ALIAS_EVENT)
        refuse(reading, &event.start_mark, "aliases are not allowed: write it out");
    else if (event.type == YAML_SCALAR_EVENT)
        node = read_text(reading, &event);
    else if (event.type == YAML_SEQUENCE_START_EVENT)
        node = read_list(reading, &event, depth);
    else if (event.type == YAML_MAPPING_START_EVENT)
        node = read_mapping(reading, &event, depth);
    yaml_event_delete(&event);
    return node;
}

/* Skips what must come before or after the one document; false at anything else. */
static bool expect(struct reading *reading, yaml_event_type_t type)
{
    yaml_event_t event;
    if (!yaml_parser_parse(&reading->parser, &event)) {
        refuse_syntax(reading);
        return false;
    }
    bool is_expected = event.type == type;
    if (!is_expected)
        refuse(reading, &event.start_mark,
               type == YAML_STREAM_END_EVENT ? "a policy is one document; here begins another"
                                             : "the document is empty; expected \"policy: NAME\" and more");
    yaml_event_delete(&event);
    return is_expected;
}

/* A node takes at least a character of the text; a text may grow by its final NUL and alignment. */
size_t document_text_bytes(size_t size)
{
    size_t nodes = size + 16 < DOCUMENT_NODES ? size + 16 : DOCUMENT_NODES;
    return 4096 + 2 * size + 32 * nodes;
}

size_t document_tree_bytes(size_t size)
{
    size_t nodes = size + 16 < DOCUMENT_NODES ? size + 16 : DOCUMENT_NODES;
    return document_text_bytes(size) + nodes * (sizeof(struct node) + 16);
}

struct node *document_parse(struct slice text, struct arena *arena, struct policy_findings *findings)
{
    struct reading reading = {.arena = arena, .findings = findings};
    if (text.size > POLICY_DOCUMENT_BYTES) {
        finding_add(findings, 1, 1, "the document has %zu bytes; at most %d are allowed", text.size,
                    POLICY_DOCUMENT_BYTES);
        return NULL;
    }
    if (!text_is_utf8(text.data, text.size)) {
        finding_add(findings, 1, 1, "the document is not UTF-8");
        return NULL;
    }
    if (!yaml_parser_initialize(&reading.parser)) {
        finding_add(findings, 1, 1, "out of memory");
        return NULL;
    }
    yaml_parser_set_encoding(&reading.parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&reading.parser, text.data ? text.data : (const uint8_t *)"", text.size);
    struct node *root = NULL;
    if (expect(&reading, YAML_STREAM_START_EVENT) && expect(&reading, YAML_DOCUMENT_START_EVENT))
        root = read_node(&reading, 1);
    if (root)
        (void)(expect(&reading, YAML_DOCUMENT_END_EVENT) && expect(&reading, YAML_STREAM_END_EVENT));
    yaml_parser_delete(&reading.parser);
    return reading.failed ? NULL : root;
}
