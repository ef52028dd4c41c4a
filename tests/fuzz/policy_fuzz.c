/* policy_fuzz: any bytes as a policy: refused with findings that can be shown, or loaded, twice alike. */
#include "common/policy/rules/policy_parts.h"
#include "common/policy/load/policy_load.h"
#include "tests/fuzz/fuzzing.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct policy_findings findings;
    struct policy *first = policy_load(slice_of(data, size), NULL, 0, 1, &findings);
    require(!first == (findings.count > 0));
    for (size_t at = 0; at < findings.count; at++) {
        require(findings.items[at].line > 0 && findings.items[at].column > 0);
        require(text_is_utf8(findings.items[at].sentence, strlen(findings.items[at].sentence)));
    }
    if (!first)
        return 0;
    struct policy *second = policy_load(slice_of(data, size), NULL, 0, 1, &findings);
    require(second && second->rule_count == first->rule_count && second->figure_count == first->figure_count);
    policy_free(first);
    policy_free(second);
    return 0;
}
