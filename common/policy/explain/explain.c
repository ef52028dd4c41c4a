/* explain: a policy as sentences, section by section. */
#include "common/policy/explain/explain.h"

#include "common/policy/explain/statement.h"

static void statements_tell(const struct policy *policy, struct bytes *into)
{
    struct statements statements = {0};
    const char *section = "";
    policy_statements(policy, &statements);
    for (size_t at = 0; at < statements.count; at++) {
        const struct statement *statement = &statements.items[at];
        if (strcmp(section, statement->section) != 0)
            bytes_append_format(into, "\n%s\n\n", statement->section);
        section = statement->section;
        bytes_append_format(into, "%s%s%s\n", *section ? "  " : "", statement->text,
                            statement->note ? statement->note : "");
    }
    statements_clear(&statements);
}

void explain_policy(const struct policy *policy, struct bytes *into)
{
    statements_tell(policy, into);
    bytes_append_text(into, "\nRules, looked at in this order; what stands in [brackets] is filled in\n");
    for (unsigned at = 0; at < policy->rule_count; at++) {
        bytes_append_text(into, "\n");
        explain_rule(policy, &policy->rules[at], into);
    }
}
