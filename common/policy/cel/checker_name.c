/* checker_name: what names and selections mean: variables, constants, enums' values, items of macros, fields.
 */

#include "common/base/memory.h"
#include "common/base/text.h"
#include "common/policy/cel/checker.h"
#include "common/policy/cel/names.h"
#include "common/policy/cel/type.h"

#include <string.h>

/* The name that a chain of selections spells, or NULL when it is more than dots and names. */
static const char *dotted_name(struct checker *checker, const struct syntax *syntax, bool *ret_is_rooted)
{
    size_t size = 0;
    const struct syntax *part = syntax;
    for (; part->kind == SYNTAX_SELECT; part = part->items[0]) {
        if (part->items[0]->is_bracketed)
            return NULL;
        size += strlen(part->name) + 1;
    }
    if (part->kind != SYNTAX_NAME)
        return NULL;
    *ret_is_rooted = part->is_rooted;
    size += strlen(part->name);
    char *name = pool_allocate(checker->compilation->pool, size + 1);
    for (part = syntax;; part = part->items[0]) {
        size_t part_size = strlen(part->name);
        size -= part_size;
        memcpy(name + size, part->name, part_size);
        if (part->kind == SYNTAX_NAME)
            return name;
        name[--size] = '.';
    }
}

static const struct scope *scope_find(const struct checker *checker, const char *name)
{
    size_t first = strcspn(name, ".");
    for (const struct scope *scope = checker->scope; scope; scope = scope->outer)
        if (strlen(scope->name) == first && memcmp(scope->name, name, first) == 0)
            return scope;
    return NULL;
}

/* Whether a fact is there for sure; if not the expression is refused. */
static bool check_guarded(struct checker *checker, const struct syntax *syntax)
{
    const struct compilation *compilation = checker->compilation;
    if (checker->is_probing || names_lenient(compilation->environment))
        return true;
    if (syntax->path &&
        (guards_hold(&checker->held, syntax->path) || names_present(compilation->environment, syntax->path)))
        return true;
    const char *text = compilation_quote(checker->compilation, syntax->place);
    if (!syntax->path)
        return compilation_refuse(checker->compilation, syntax->name_place,
                                  "%s may be absent, and has() cannot guard it there", text);
    if (syntax->kind == SYNTAX_VARIABLE)
        return compilation_refuse(checker->compilation, syntax->place,
                                  "%s may be absent; guard it: has() on one of its fields && …", text);
    return compilation_refuse(checker->compilation, syntax->place,
                              "%s may be absent; guard it: has(%.*s) && …", text, (int)syntax->place.size,
                              compilation->text + syntax->place.offset);
}

static bool become_symbol(struct checker *checker, struct syntax *syntax, const struct symbol *symbol)
{
    struct pool *pool = checker->compilation->pool;
    syntax->type = type_copy(pool, symbol->type);
    syntax->count = 0;
    syntax->height = 1;
    if (symbol->kind == SYMBOL_CONSTANT) {
        syntax->kind = SYNTAX_LITERAL;
        syntax->datum = datum_copy(pool, symbol->type, &symbol->datum);
        return true;
    }
    syntax->kind = SYNTAX_VARIABLE;
    syntax->slot = symbol->slot;
    syntax->path = syntax->fact = pool_text(pool, symbol->name, strlen(symbol->name));
    return !symbol->may_be_absent || check_guarded(checker, syntax);
}

static bool become_enum_value(struct checker *checker, struct syntax *syntax,
                              const ProtobufCEnumDescriptor *descriptor)
{
    const ProtobufCEnumValue *value = protobuf_c_enum_descriptor_get_value_by_name(descriptor, syntax->name);
    if (!value)
        return compilation_refuse(checker->compilation, syntax->name_place, "%s has no value %s",
                                  descriptor->short_name,
                                  compilation_quote(checker->compilation, syntax->name_place));
    struct cel_type *type = POOL_NEW(checker->compilation->pool, struct cel_type);
    *type = (struct cel_type){.kind = CEL_ENUM, .descriptor = descriptor};
    syntax->kind = SYNTAX_LITERAL;
    syntax->type = type;
    syntax->count = 0;
    syntax->height = 1;
    syntax->datum.integer = value->value;
    return true;
}

/* Whether the whole chain is one name; if so it becomes what that name means, and *ret_is_good says whether
 * it may. */
static bool check_dotted(struct checker *checker, struct syntax *syntax, bool *ret_is_good)
{
    bool is_rooted = false;
    const struct cel_environment *environment = checker->compilation->environment;
    const char *name = dotted_name(checker, syntax, &is_rooted);
    if (!name || (!is_rooted && scope_find(checker, name)))
        return false;
    const struct symbol *symbol = names_symbol(environment, name, is_rooted);
    if (symbol) {
        *ret_is_good = become_symbol(checker, syntax, symbol);
        return true;
    }
    const char *dot = strrchr(name, '.');
    if (!dot)
        return false;
    const char *owner = pool_text(checker->compilation->pool, name, (size_t)(dot - name));
    const ProtobufCEnumDescriptor *descriptor = names_enum(environment, owner, is_rooted);
    if (descriptor)
        *ret_is_good = become_enum_value(checker, syntax, descriptor);
    return descriptor;
}

static bool refuse_name(struct checker *checker, const struct syntax *syntax)
{
    static const char *const types[] = {"bool",  "int",       "uint",     "double",    "string",
                                        "bytes", "list",      "map",      "null_type", "type",
                                        "dyn",   "timestamp", "duration", "google"};
    const char *quoted = compilation_quote(checker->compilation, syntax->place);
    for (size_t i = 0; i < COUNT_OF(types); i++)
        if (text_equal(syntax->name, types[i]))
            return compilation_refuse(checker->compilation, syntax->place,
                                      "%s: types as values are outside the language", quoted);
    if (names_enum(checker->compilation->environment, syntax->name, syntax->is_rooted))
        return compilation_refuse(checker->compilation, syntax->place,
                                  "%s is an enum; name one of its values", quoted);
    return compilation_refuse(checker->compilation, syntax->place, "%s is not known here", quoted);
}

bool checker_name(struct checker *checker, struct syntax *syntax)
{
    const struct scope *scope = syntax->is_rooted ? NULL : scope_find(checker, syntax->name);
    bool is_good = false;
    if (!scope)
        return check_dotted(checker, syntax, &is_good) ? is_good : refuse_name(checker, syntax);
    syntax->kind = SYNTAX_ITEM;
    syntax->slot = scope->slot;
    syntax->type = scope->type;
    syntax->path = scope->path;
    syntax->fact = scope->fact;
    return true;
}

/* The field of a checked message. A part that never has a value has any field. */
static bool check_field(struct checker *checker, struct syntax *syntax)
{
    const struct syntax *part = syntax->items[0];
    struct compilation *compilation = checker->compilation;
    if (part->type->kind == CEL_NEVER)
        return true;
    if (part->type->kind != CEL_MESSAGE)
        return compilation_refuse(compilation, syntax->name_place, "%s is of type %s and has no fields",
                                  compilation_quote(compilation, part->place),
                                  checker_type_name(checker, part->type));
    if (!field_find(compilation->pool, part->type->descriptor, syntax->name, &syntax->field))
        return compilation_refuse(compilation, syntax->name_place, "%s has no field %s",
                                  checker_type_name(checker, part->type),
                                  compilation_quote(compilation, syntax->name_place));
    if (part->path)
        syntax->path = pool_print(compilation->pool, "%s.%s", part->path, syntax->name);
    if (part->fact)
        syntax->fact = pool_print(compilation->pool, "%s.%s", part->fact, syntax->name);
    return true;
}

bool checker_select(struct checker *checker, struct syntax *syntax)
{
    bool is_good = false;
    if (check_dotted(checker, syntax, &is_good))
        return is_good;
    if (!checker_node(checker, syntax->items[0]) || !check_field(checker, syntax))
        return false;
    if (!syntax->field.descriptor) {
        syntax->type = &cel_type_never;
        return true;
    }
    if (syntax->field.storage == STORAGE_NONE)
        return compilation_refuse(checker->compilation, syntax->name_place,
                                  "%s holds bytes, which are outside the language",
                                  compilation_quote(checker->compilation, syntax->place));
    syntax->type = syntax->field.type;
    return !field_may_be_absent(&syntax->field) || check_guarded(checker, syntax);
}

bool checker_has(struct checker *checker, struct syntax *syntax)
{
    bool was_probing = checker->is_probing;
    checker->is_probing = true;
    bool is_good = checker_node(checker, syntax->items[0]) && check_field(checker, syntax);
    checker->is_probing = was_probing;
    syntax->type = &cel_type_bool;
    return is_good;
}
