/* state: all that the fold holds. Internal to common/policy.
 *
 * Found by key, forgotten by age, longest untouched first. Deciding reads it, applying alone changes it. */
#ifndef BELLHOP_POLICY_STATE_STATE_H
#define BELLHOP_POLICY_STATE_STATE_H

#include "common/policy/rules/policy_parts.h"
#include "common/policy/state/appointment.h"
#include "common/policy/state/charge.h"
#include "common/policy/state/countdown.h"
#include "common/policy/state/customer.h"
#include "common/policy/state/escalation.h"
#include "common/policy/state/fold.h"
#include "common/policy/state/follow_up.h"
#include "common/policy/state/good_news.h"
#include "common/policy/state/loan.h"
#include "common/policy/state/product.h"
#include "common/policy/state/promise.h"
#include "common/policy/state/purchase.h"
#include "common/policy/state/remedy.h"
#include "common/policy/state/roster.h"
#include "common/policy/state/staff.h"
#include "common/policy/state/stock.h"

/* A policy that was accepted. They are kept for good: cases, countdowns and late events come back to them. */
struct accepted_policy {
    struct policy *policy;
    int64_t active_at;
    uint8_t *proposal; /* packed WirePolicyProposed, for snapshots */
    size_t proposal_size;
    char *reason, *proposed_by; /* NULL: not given */
};

/* Of a snapshot. The version changes with whatever is in it, be it the layout of a struct of known values. */
enum { SNAPSHOT_VERSION = 13, SNAPSHOT_MAGIC = 0x42484653 };
#define SNAPSHOT_NO_TEXT UINT32_MAX

struct fold {
    struct fold_limits limits;
    uint64_t seed;
    uint32_t epoch;
    uint64_t seq;
    int64_t recorded_at;
    int64_t longest_us; /* time that an accepted policy names: its rules may look so far back */
    struct names names;
    struct accepted_policy *policies; /* in order of acceptance */
    size_t policy_count;
    struct map interactions, customers, employees, stores, escalations, groups, follow_ups, remedies;
    struct list open_interactions, closed_interactions;
    struct list recent_customers, recent_employees, recent_stores;
    struct list live_escalations, ended_escalations, recent_follow_ups, recent_remedies;
    struct map promises, bearers;
    struct list live_promises, ended_promises;
    struct map products, purchases, shelves;
    struct list recent_products, recent_purchases, recent_shelves, arrived_shelves;
    size_t want_count;
    struct list waiting_follow_ups; /* until their owner is on duty; in the order of the others */
    struct map appointments;
    struct list recent_appointments;
    struct map posts; /* attendance.c */
    struct list attended_posts, vacant_posts;
    struct map rosters;
    struct list recent_rosters;
    struct map loans;
    struct list recent_loans;
    struct map good_news;
    struct list recent_good_news;
    struct map asked;
    struct list recent_asked;
    struct map recurrences;
    struct list recent_recurrences;
    struct charges charges;
    struct deadlines deadlines;
    size_t open_count;
    size_t bytes; /* of entries, beside names and charges */
    uint64_t forgotten;
    uint64_t forgotten_told; /* those that a finding has reported */
};

/* Subject of the finding that reports a cap. */
#define STATE_FORGOTTEN "state/forgotten"

/* --- finding; NULL is none --- */

/* Exercises and real contacts never see each other. */
struct interaction *state_interaction(const struct fold *fold, const char *store_id,
                                      const char *interaction_id, bool is_drill);
struct customer *state_customer(const struct fold *fold, const char *customer_id);
struct employee *state_employee(const struct fold *fold, const char *store_id, const char *employee_id);
struct store *state_store(const struct fold *fold, const char *store_id);
struct remedy *state_remedy(const struct fold *fold, const struct remedy_name *name);
struct escalation *state_escalation(const struct fold *fold, const char *escalation_id);
struct follow_up *state_follow_up(const struct fold *fold, const char *follow_up_id);
const struct policy *state_policy(const struct fold *fold, uint64_t version);
/* The same as its overrides made it for the store at that time. */
const struct policy *state_policy_of(const struct fold *fold, uint64_t version, const char *store_id,
                                     int64_t at);

/* In force for an event that is judged by `at`: of a late one the time it happened. NULL: there is none yet.
 */
const struct policy *state_policy_at(const struct fold *fold, int64_t at, bool is_late);

/* --- making; what is there already is touched --- */

struct interaction *state_make_interaction(struct fold *fold, const char *store_id,
                                           const char *interaction_id, bool is_drill);
struct customer *state_make_customer(struct fold *fold, const char *customer_id);
struct employee *state_make_employee(struct fold *fold, const char *store_id, const char *employee_id);
struct store *state_make_store(struct fold *fold, const char *store_id);
struct remedy *state_make_remedy(struct fold *fold, const struct remedy_name *name);
struct escalation *state_make_escalation(struct fold *fold, const WireCase *body);
struct follow_up *state_make_follow_up(struct fold *fold, const WireFollowUp *body);

/* As long as it is not known whose it is, its contact knows of it. */
void state_join_contact(struct fold *fold, struct remedy *remedy);
/* Of a snapshot: `escalation` and `follow_up` may be NULL. */
void state_join_interaction(struct interaction *interaction, struct escalation *escalation);
void state_join_customer(struct customer *customer, struct follow_up *follow_up);

/* --- letting go --- */

/* It closed: kept for a while. */
void state_file_interaction(struct fold *fold, struct interaction *interaction);

#endif
