/* explain: a policy as sentences, section by section. */
#include "common/policy/explain/explain.h"

#include "common/base/text.h"
#include "common/policy/explain/explain_rule.h"
#include "common/policy/explain/statement.h"
#include "common/policy/explain/statements.h"

static void write_statements(const struct policy *policy, struct bytes *into)
{
    struct statements statements = {0};
    const char *section = "";
    statements_make(policy, &statements);
    for (size_t i = 0; i < statements.count; i++) {
        const struct statement *statement = &statements.items[i];
        if (!text_equal(section, statement->section))
            bytes_append_format(into, "\n%s\n\n", statement->section);
        section = statement->section;
        bytes_append_format(into, "%s%s%s\n", *section ? "  " : "", statement->text,
                            statement->note ? statement->note : "");
    }
    statements_clear(&statements);
}

void explain_policy(const struct policy *policy, struct bytes *into)
{
    write_statements(policy, into);
    bytes_append_text(into, "\nRules, looked at in this order; what stands in [brackets] is filled in\n");
    for (unsigned i = 0; i < policy->rule_count; i++) {
        bytes_append_text(into, "\n");
        explain_rule(policy, &policy->rules[i], into);
    }
}
