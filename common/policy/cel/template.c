/* template: texts and programs by turns. */

#include "common/policy/cel/template.h"

#include "common/base/memory.h"
#include "common/policy/cel/program.h"
#include "common/policy/cel/token.h"
#include "common/policy/cel/utf8.h"

#include <stdlib.h>
#include <string.h>

struct part {
    struct cel_text text;
    struct cel_program *program; /* NULL: the part is the text */
};

struct cel_template {
    struct pool *pool;
    struct part *parts;
    size_t count, capacity;
};

static struct part *part_add(struct cel_template *template)
{
    if (template->count == template->capacity) {
        size_t capacity = template->capacity ? template->capacity * 2 : 4;
        struct part *larger = POOL_ARRAY(template->pool, struct part, capacity);
        if (template->count)
            memcpy(larger, template->parts, template->count * sizeof *larger);
        template->parts = larger;
        template->capacity = capacity;
    }
    return &template->parts[template->count++];
}

static void part_add_text(struct cel_template *template, const char *bytes, size_t size)
{
    if (size)
        part_add(template)->text = (struct cel_text){pool_text(template->pool, bytes, size), size};
}

/* The offset of the brace that closes an expression; braces in its strings do not count. */
static bool expression_end(struct compilation *compilation, size_t at, size_t *ret_end)
{
    struct span open = {at - 1, 1};
    unsigned depth = 1;
    struct token token;
    while (depth) {
        if (!token_read(compilation, &at, &token))
            return false;
        if (token.kind == TOKEN_END)
            return compilation_refuse(compilation, open,
                                      "\"{\" without its \"}\"; a brace itself is written twice");
        depth += token.kind == TOKEN_OPEN_BRACE;
        depth -= token.kind == TOKEN_CLOSE_BRACE;
    }
    *ret_end = token.place.offset;
    return true;
}

static bool add_expression(struct cel_template *template, struct compilation *compilation,
                           const struct cel_source *source, size_t begin, size_t *ret_at)
{
    size_t end = begin;
    if (!expression_end(compilation, begin, &end))
        return false;
    struct cel_program *program =
        program_compile(compilation->environment, source, begin, end, compilation->error);
    if (!program)
        return false;
    part_add(template)->program = program;
    *ret_at = end + 1;
    const struct cel_type *type = cel_program_type(program);
    while (type->kind == CEL_LIST)
        type = type->element;
    return type->kind != CEL_MESSAGE ||
           compilation_refuse(compilation, (struct span){begin, end - begin},
                              "a message cannot be written in a sentence; name its fields");
}

static bool build(struct cel_template *template, struct compilation *compilation,
                  const struct cel_source *source)
{
    const char *text = source->text;
    size_t begin = 0;
    for (size_t at = 0; at < source->size;) {
        char c = text[at];
        if (c != '{' && c != '}') {
            at++;
            continue;
        }
        if (at + 1 < source->size && text[at + 1] == c) {
            part_add_text(template, text + begin, at + 1 - begin);
            begin = at += 2;
            continue;
        }
        if (c == '}')
            return compilation_refuse(compilation, (struct span){at, 1},
                                      "\"}\" without \"{\"; a brace itself is written twice");
        part_add_text(template, text + begin, at - begin);
        if (!add_expression(template, compilation, source, at + 1, &at))
            return false;
        begin = at;
    }
    part_add_text(template, text + begin, source->size - begin);
    return true;
}

struct cel_template *cel_template_compile(const struct cel_environment *environment,
                                          const struct cel_source *source, struct cel_error *ret_error)
{
    struct pool *pool = pool_new();
    struct cel_template *template = POOL_NEW(pool, struct cel_template);
    template->pool = pool;
    struct compilation compilation = {.environment = environment,
                                      .pool = pool,
                                      .text = source->text,
                                      .end = source->size,
                                      .error = ret_error};
    struct cel_source parts = *source;
    parts.expected = NULL;
    if (build(template, &compilation, &parts))
        return template;
    cel_template_free(template);
    return NULL;
}

void cel_template_free(struct cel_template *template)
{
    if (!template)
        return;
    for (size_t i = 0; i < template->count; i++)
        cel_program_free(template->parts[i].program);
    pool_free(template->pool);
}

/* Put a text behind what is written already; returns the length it would have. */
static size_t append(char *buffer, size_t size, size_t length, struct cel_text text)
{
    if (length + 1 < size) {
        size_t room = utf8_cut(text.bytes, text.size, size - 1 - length);
        memcpy(buffer + length, text.bytes, room);
        buffer[length + room] = '\0';
    }
    return length + text.size;
}

static size_t append_value(char *buffer, size_t size, size_t length, const struct cel_value *value,
                           const struct cel_teller *teller)
{
    if (teller->tell) {
        AUTO_CLEAR(bytes) told = {0};
        teller->tell(teller, value, &told);
        return append(buffer, size, length, (struct cel_text){bytes_text(&told), told.size});
    }
    if (value->type->kind == CEL_STRING)
        return append(buffer, size, length, value->as.text);
    size_t wanted = cel_value_print(value, NULL, 0);
    char *text = memory_allocate(wanted + 1);
    cel_value_print(value, text, wanted + 1);
    length = append(buffer, size, length, (struct cel_text){text, wanted});
    free(text);
    return length;
}

size_t cel_template_render(const struct cel_template *template, const struct cel_activation *activation,
                           char *buffer, size_t size, struct cel_failure *ret_failure)
{
    struct cel_failure failure = {0}, first = {0};
    size_t length = 0;
    if (size)
        buffer[0] = '\0';
    for (size_t i = 0; i < template->count; i++) {
        const struct part *part = &template->parts[i];
        struct cel_value value;
        if (!part->program) {
            length = append(buffer, size, length, part->text);
        } else if (cel_evaluate(part->program, activation, &value, &failure)) {
            length = append_value(buffer, size, length, &value, &activation->teller);
        } else {
            first = first.message ? first : failure;
            length = append(buffer, size, length, (struct cel_text){"?", 1});
        }
    }
    if (ret_failure)
        *ret_failure = first;
    return length;
}

size_t cel_template_parts(const struct cel_template *template)
{
    return template->count;
}

const struct cel_program *cel_template_part(const struct cel_template *template, size_t index)
{
    return template->parts[index].program;
}

struct cel_text cel_template_text(const struct cel_template *template, size_t index)
{
    return template->parts[index].text;
}
