/* why: why a decision was made, in words. */
#ifndef BELLHOP_POLICY_EXPLAIN_WHY_H
#define BELLHOP_POLICY_EXPLAIN_WHY_H

#include "common/policy/explain/question.h"
#include "common/policy/rules/look.h"

/* Which rule made it, what it was about, and each term of its condition with the value it had; the proof of
 * one hop where there is one. Of what follows no rule: what it followed from. Lines behind two blanks,
 * appended. The question need not be bound. */
void why_decision(struct question *question, struct bytes *into);

/* What a rule was looked at for, and each term of its condition with the value it had. */
void why_look(const struct rule_look *look, const char *indent, struct bytes *into);
/* Who may decide what a remedy event asked for, level by level: which limit failed and by how much. Where none of its
 * decisions has a proof, as it was when the rule was looked at. */
void why_limits(WireDecision *const *decisions, size_t count, const struct rule_look *look,
                const char *indent, struct bytes *into);
/* ", remedy r-1": which of several an event is about; nothing where it names none. */
void why_subject(const WireEvent *event, struct bytes *into);
/* When the rules of that name or row are looked at, a line each; false: the policy has none. */
bool why_triggers(const struct policy *policy, const char *name_or_row, struct bytes *into);
bool why_is_about(const struct rule *rule, const char *name_or_row);

#endif
