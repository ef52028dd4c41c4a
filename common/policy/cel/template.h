/* template: sentences with expressions in them, "Last done {customer.last_service_at}: not needed yet."
 *
 * `{{` and `}}` stand for braces. Every type but messages is rendered as the activation's teller tells it. */
#ifndef BELLHOP_POLICY_CEL_TEMPLATE_H
#define BELLHOP_POLICY_CEL_TEMPLATE_H

#include "common/policy/cel/cel.h"

struct cel_template;

/* As cel_compile(); `source->expected` is not used. Places in *ret_error are places in the whole text. */
struct cel_template *cel_template_compile(const struct cel_environment *environment,
                                          const struct cel_source *source, struct cel_error *ret_error);
void cel_template_free(struct cel_template *template);
AUTO_FREE(cel_template)

/* Write the sentence, NUL-terminated, cut at a character when `size` is too small. Returns the length it
 * would have. A part that fails renders as "?" and makes *ret_failure non-empty; on success its message is
 * NULL. May be NULL. */
size_t cel_template_render(const struct cel_template *template, const struct cel_activation *activation,
                           char *buffer, size_t size, struct cel_failure *ret_failure);

size_t cel_template_parts(const struct cel_template *template);
/* The program of a part that is an expression, or NULL for plain text. */
const struct cel_program *cel_template_part(const struct cel_template *template, size_t index);
/* Its text, of plain text. */
struct cel_text cel_template_text(const struct cel_template *template, size_t index);

#endif
