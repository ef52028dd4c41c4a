/* script: a day at the shop "harbour". */
#include "tests/demo/script.h"

#include "common/base/memory.h"

#define OPEN(at, story_, who, visit, customer_, fields_)                                                     \
    {                                                                                                        \
        .shop_time = at, .story = story_, .employee = who, .interaction = visit, .customer = customer_,      \
        .type = "interaction_opened", .fields = fields_                                                      \
    }
#define STEP(at, story_, who, visit, customer_, type_, fields_)                                              \
    {                                                                                                        \
        .shop_time = at, .story = story_, .employee = who, .interaction = visit, .customer = customer_,      \
        .type = type_, .fields = fields_                                                                     \
    }
#define STEP_AGO(at, story_, who, visit, customer_, type_, fields_, ago)                                     \
    {                                                                                                        \
        .shop_time = at, .story = story_, .employee = who, .interaction = visit, .customer = customer_,      \
        .type = type_, .fields = fields_, .ago_s = ago                                                       \
    }
#define STEP_AWAIT(at, story_, who, visit, customer_, type_, fields_, ago, row, kind)                        \
    {                                                                                                        \
        .shop_time = at, .story = story_, .employee = who, .interaction = visit, .customer = customer_,      \
        .type = type_, .fields = fields_, .ago_s = ago, .await = row,                                        \
        .await_kind = WIRE_DECISION_KIND__##kind                                                             \
    }

const struct script_step script_steps[] = {
    STEP("08:50", "Ines, the manager, is there", "ines", NULL, NULL, "on_duty", "role=store_manager"),
    STEP("08:50", "Lena leads the shift", "lena", NULL, NULL, "on_duty", "role=shift_lead topics.0=hinges"),
    STEP("08:50", "Mira is at the counter", "mira", NULL, NULL, "on_duty", "role=associate"),
    STEP("08:50", "Noah too", "noah", NULL, NULL, "on_duty", "role=associate"),
    STEP("08:55", "he sold the most tiles this week", "noah", NULL, NULL, "achievement",
         "kind=SALES_GAIN amount.minor=84000 amount.currency=EUR"),

    /* A1, G3: what lies within the counter's authority is decided there */
    OPEN("09:05", "Anna brings a kettle back", "mira", "v1", "anna", "channel=COUNTER purpose=RETURN"),
    STEP("09:06", "it leaks: 40.00 back?", "mira", "v1", "anna", "remedy_requested",
         "remedy_id=r1 kind=REFUND amount.minor=4000 amount.currency=EUR"),
    STEP("09:07", "Mira pays it out", "mira", "v1", "anna", "remedy_granted",
         "remedy_id=r1 amount.minor=4000 amount.currency=EUR"),
    STEP("09:08", "Anna leaves content", "mira", "v1", "anna", "interaction_closed",
         "outcome=SATISFIED rating=5"),

    /* A2, A3: one hop to who can decide; the answer comes back to the register, and to the owner */
    OPEN("09:40", "Ben's oven failed twice", "noah", "v2", "ben", "channel=COUNTER purpose=SERVICE"),
    STEP_AWAIT("09:42", "he wants 300.00 back", "noah", "v2", "ben", "remedy_requested",
               "remedy_id=r2 kind=REFUND amount.minor=30000 amount.currency=EUR", 0, "A2", CASE_RESOLVED),
    STEP("09:47", "Noah pays it out", "noah", "v2", "ben", "remedy_granted",
         "remedy_id=r2 amount.minor=30000 amount.currency=EUR"),
    STEP("09:48", "Ben leaves content", "noah", "v2", "ben", "interaction_closed", "outcome=SATISFIED"),

    /* A5: a yes that is cheaper than a no */
    OPEN("09:55", "Rosa's lamp never worked", "mira", "v15", "rosa", "channel=COUNTER purpose=RETURN"),
    STEP("09:56", "she wants all 75.00 back", "mira", "v15", "rosa", "remedy_requested",
         "remedy_id=r4 kind=REFUND amount.minor=7500 amount.currency=EUR"),
    STEP("09:57", "Mira pays it out", "mira", "v15", "rosa", "remedy_granted",
         "remedy_id=r4 amount.minor=7500 amount.currency=EUR"),
    STEP("09:58", "Rosa stays a customer", "mira", "v15", "rosa", "interaction_closed", "outcome=SATISFIED"),

    /* A10: not all authority is money */
    OPEN("10:00", "Ada has no receipt", "mira", "v24", "ada", "channel=COUNTER purpose=RETURN"),
    STEP("10:01", "and wants one cup of a set", "mira", "v24", "ada", "exception_requested",
         "remedy_id=x1 exception=split-set"),
    STEP_AWAIT("10:02", "the saucer to be exchanged", "mira", "v24", "ada", "exception_requested",
               "remedy_id=x2 exception=exchange-without-receipt worth.minor=900 worth.currency=EUR", 0, "A10",
               CASE_RESOLVED),
    STEP("10:04", "Ada has her cup and saucer", "mira", "v24", "ada", "interaction_closed",
         "outcome=SATISFIED"),

    /* A11: Ines goes out for an hour, and lends her level */
    STEP("10:05", "Ines lends Lena her level", "ines", NULL, NULL, "authority_lent",
         "to_employee_id=lena until_at=+3600"),
    OPEN("10:06", "Lena serves Uwe herself", "lena", "v25", "uwe", "channel=COUNTER purpose=SERVICE"),
    STEP("10:07", "whose tap floods the kitchen", "lena", "v25", "uwe", "remedy_requested",
         "remedy_id=r6 kind=GOODWILL amount.minor=40000 amount.currency=EUR"),
    STEP("10:08", "Ines is back", "ines", NULL, NULL, "authority_reclaimed", "to_employee_id=lena"),
    STEP("10:09", "Uwe leaves", "lena", "v25", "uwe", "interaction_closed", "outcome=SATISFIED"),

    /* C1: a hurried customer's limit is a third; it passes while nobody does anything */
    {.shop_time = "10:10",
     .story = "Cleo comes in, in a hurry",
     .interaction = "v3",
     .customer = "cleo",
     .type = "interaction_opened",
     .fields = "channel=COUNTER",
     .ago_s = 119},
    STEP_AGO("10:10", "her taxi waits outside", NULL, "v3", "cleo", "mood_observed", "mood=HURRIED", 118),
    STEP_AWAIT("10:10", "she queues …", NULL, "v3", "cleo", "wait_started", "kind=QUEUE", 118, "C1",
               CASE_OPENED),
    STEP("10:13", "Mira serves her", "mira", "v3", "cleo", "wait_ended", "kind=QUEUE"),
    STEP("10:16", "Cleo leaves", "mira", "v3", "cleo", "interaction_closed", "outcome=SERVED"),

    /* C3: taken, not answered in time, open again, answered */
    OPEN("10:45", "Dora's parcel is lost", "noah", "v4", "dora", "channel=SERVICE_DESK"),
    STEP_AWAIT("10:46", "she is angry", "noah", "v4", "dora", "mood_observed", "mood=ANGRY", 0, "C3",
               CASE_RESOLVED),
    STEP("10:58", "Dora leaves, calmer", "noah", "v4", "dora", "interaction_closed", "outcome=NEUTRAL"),

    /* A4, A12: nobody explains their trouble three times, and a lead who cannot come says so */
    OPEN("11:20", "Emil asks about a drill", "mira", "v5", "emil", "channel=COUNTER"),
    STEP("11:22", "Mira hands him to Noah", "mira", "v5", "emil", "handed_over", "to_employee_id=noah"),
    STEP("11:24", "Rosa, another lead, comes in", "rosa", NULL, NULL, "on_duty", "role=shift_lead"),
    STEP_AWAIT("11:25", "Noah hands him on", "noah", "v5", "emil", "handed_over", "to_employee_id=olga", 0,
               "A4", CASE_NOTIFIED_AGAIN),
    STEP("11:34", "Emil leaves", "olga", "v5", "emil", "interaction_closed", "outcome=SERVED"),

    /* C2, D2, C4: advice before, praise after */
    OPEN("11:40", "Kim wants her first drill", "noah", "v12", "kim",
         "channel=COUNTER purpose=PURCHASE first_purchase=yes"),
    STEP("11:41", "Noah shows her one", "noah", "v12", "kim", "offer_made", "product_id=drill-9"),
    STEP("11:43", "then he asks what it is for", "noah", "v12", "kim", "need_recorded", "topic=shelves"),
    STEP("11:50", "she buys a smaller one", "noah", "v12", "kim", "sale_completed",
         "lines.0.product_id=drill-3 total.minor=4900 total.currency=EUR"),
    STEP("11:51", "\"just what I needed!\"", "noah", "v12", "kim", "mood_observed", "mood=DELIGHTED"),
    STEP("11:52", "Kim leaves", "noah", "v12", "kim", "interaction_closed", "outcome=SATISFIED"),

    /* F1 to F4: the telephone */
    OPEN("12:00", "Finn calls", NULL, "v6", "finn", "channel=PHONE"),
    STEP("12:02", "five menus before a person", NULL, "v6", "finn", "wait_reported",
         "kind=MENU duration_ms=95s menus=5"),
    STEP_AWAIT("12:02", "he is put on hold …", NULL, "v6", "finn", "wait_started", "kind=HOLD", 296, "F2",
               CASE_OPENED),
    STEP("12:08", "Finn hangs up", NULL, "v6", "finn", "interaction_closed", "outcome=ABANDONED"),
    OPEN("12:30", "Gina calls", NULL, "v7", "gina", "channel=PHONE"),
    STEP("12:46", "sixteen minutes on hold", NULL, "v7", "gina", "wait_reported",
         "kind=HOLD duration_ms=16min interruptions=20"),
    STEP("12:46", "Gina hangs up", NULL, "v7", "gina", "interaction_closed", "outcome=ABANDONED"),
    OPEN("13:05", "Finn calls again", "mira", "v8", "finn", "channel=PHONE"),
    STEP("13:09", "and is helped", "mira", "v8", "finn", "interaction_closed", "outcome=SATISFIED"),

    /* G5: who was held so long, and leaves without a word */
    OPEN("13:15", "Gina calls again", "mira", "v23", "gina", "channel=PHONE"),
    STEP("13:18", "she hears the price", "mira", "v23", "gina", "interaction_closed", "outcome=SERVED"),

    /* G4, K1: she is back, and waits at the service desk */
    OPEN("13:20", "Kim's drill squeaks", "noah", "v16", "kim", "channel=SERVICE_DESK purpose=SERVICE"),
    STEP("13:27", "she has queued for 7 minutes", "noah", "v16", "kim", "wait_reported",
         "kind=QUEUE duration_ms=7min"),
    STEP("13:30", "Noah oils it", "noah", "v16", "kim", "interaction_closed", "outcome=SATISFIED"),

    /* A13: the customer asks for who knows her */
    OPEN("13:35", "Kim comes once more", "mira", "v26", "kim", "channel=COUNTER"),
    STEP("13:36", "and asks for Noah", "mira", "v26", "kim", "employee_asked_for", ""),
    STEP("13:37", "who comes over", "noah", "v26", "kim", "interaction_closed", "outcome=SATISFIED"),

    /* J5: a year since the first visit; J9: at the pier it is the day of thanks */
    STEP_AGO("13:40", "Otto came first a year ago", "mira", "v17", "otto", "interaction_opened",
             "channel=COUNTER", 366 * 86400),
    STEP_AGO("13:40", "and left with a saw", "mira", "v17", "otto", "interaction_closed", "outcome=SERVED",
             366 * 86400 - 600),
    OPEN("13:41", "here he is again", "mira", "v18", "otto", "channel=COUNTER"),
    STEP("13:45", "Otto leaves", "mira", "v18", "otto", "interaction_closed", "outcome=SERVED"),

    {.shop_time = "13:50",
     .story = "At the pier they thank Petra",
     .employee = "pete",
     .interaction = "v29",
     .customer = "petra",
     .type = "interaction_opened",
     .fields = "channel=COUNTER",
     .store = "pier"},

    /* G1, G2: losing a customer */
    OPEN("14:10", "Hugo, a regular", "noah", "v9", "hugo", "channel=COUNTER"),
    STEP("14:14", "\"I am going elsewhere\"", "noah", "v9", "hugo", "leaving_signalled", "topic=prices"),
    STEP("14:20", "Hugo goes, unhappy", "noah", "v9", "hugo", "interaction_closed",
         "outcome=DISSATISFIED rating=1"),

    /* G7: whom we failed before we fail again */
    STEP_AGO("14:22", "Hal was let down last month", "noah", "v33", "hal", "interaction_closed",
             "outcome=DISSATISFIED", 30 * 86400),
    STEP_AWAIT("14:24", "and now again", "noah", "v34", "hal", "interaction_closed", "outcome=DISSATISFIED",
               0, "G7", CASE_RESOLVED),

    /* A6, D3, D6, E2, H2, A8, A9: complaints, a no where a yes was allowed, and a gift that nobody allowed */
    OPEN("14:30", "Lea writes to us", "mira", "v13", "lea", "channel=ONLINE purpose=COMPLAINING"),
    STEP("14:31", "where everybody reads it", "mira", "v13", "lea", "complaint", "about=PRICE in_public=yes"),
    OPEN("14:40", "Max was pushed to buy", "noah", "v14", "max", "channel=COUNTER purpose=COMPLAINING"),
    STEP_AGO("14:41", "so was Uma, twenty days ago", "noah", "v40", "uma", "complaint", "about=PRESSURE",
             20 * 86400),
    STEP_AGO("14:41", "and Vic, ten days ago", "noah", "v41", "vic", "complaint", "about=PRESSURE",
             10 * 86400),
    STEP("14:41", "he says", "noah", "v14", "max", "complaint", "about=PRESSURE"),
    STEP("14:43", "and told it was waterproof", "noah", "v14", "max", "complaint", "about=TOLD_UNTRUE"),
    STEP("14:45", "Noah gives nothing back", "noah", "v14", "max", "remedy_refused",
         "remedy_id=r3 amount.minor=2000 amount.currency=EUR"),
    STEP("14:47", "then a voucher, unasked", "noah", "v14", "max", "remedy_granted",
         "remedy_id=r5 amount.minor=1000 amount.currency=EUR"),
    STEP("14:50", "Max leaves", "noah", "v14", "max", "interaction_closed", "outcome=NEUTRAL"),

    /* I1, I2: what nobody at the counter knows */
    OPEN("14:51", "Sven asks about hinges", "noah", "v22", "sven", "channel=COUNTER"),
    STEP("14:51", "Noah does not know", "noah", "v22", "sven", "question_unanswered", "topic=hinges"),
    STEP("14:51", "nor does he of screws for them", "noah", "v22", "sven", "question_unanswered",
         "topic=hinges"),
    STEP("14:51", "nor of oil for them", "noah", "v22", "sven", "question_unanswered", "topic=hinges"),
    STEP("14:52", "Lena could help him", "noah", "v22", "sven", "interaction_closed", "outcome=SERVED"),

    /* D1: three at once */
    OPEN("14:52", "Pia looks for paint", "noah", "v19", "pia", "channel=COUNTER"),
    OPEN("14:53", "Quinn for a brush", "noah", "v20", "quinn", "channel=COUNTER"),
    OPEN("14:53", "Rita for both", "noah", "v21", "rita", "channel=COUNTER"),
    STEP("14:54", "Lena takes Rita over", "lena", "v21", "rita", "interaction_closed", "outcome=SERVED"),
    STEP("14:56", "Pia has her paint", "noah", "v19", "pia", "interaction_closed", "outcome=SERVED"),
    STEP("14:57", "Quinn his brush", "noah", "v20", "quinn", "interaction_closed", "outcome=SERVED"),

    /* H1: past every other level */
    OPEN("15:00", "Ida has a coffee", "mira", "v10", "ida", "channel=COUNTER"),
    STEP("15:02", "hot coffee spills on her", "mira", "v10", "ida", "incident", "kind=SPILL"),
    STEP("15:20", "Ida leaves", "mira", "v10", "ida", "interaction_closed", "outcome=NEUTRAL"),

    /* E1: done not long ago; B5: asked later how it goes; E3: the wrong thing comes back */
    OPEN("15:24", "Sven's oil is changed", "mira", "v30", "sven", "channel=SERVICE_DESK purpose=SERVICE"),
    STEP("15:25", "and a mattress he only looked at", "mira", "v30", "sven", "sale_completed",
         "lines.0.product_id=oil-change lines.1.product_id=mattress"),
    STEP("15:26", "Sven leaves", "mira", "v30", "sven", "interaction_closed", "outcome=NEUTRAL"),
    OPEN("15:44", "Sven is back already", "noah", "v31", "sven", "channel=COUNTER purpose=RETURN"),
    STEP("15:45", "the mattress does not suit", "noah", "v31", "sven", "return_made",
         "product_id=mattress reason=DOES_NOT_SUIT sale_interaction_id=v30"),
    STEP("15:46", "\"another oil change?\"", "noah", "v31", "sven", "offer_made", "product_id=oil-change"),
    STEP("15:48", "Sven leaves again", "noah", "v31", "sven", "interaction_closed", "outcome=NEUTRAL"),

    /* B1 to B4, B8: what was promised is a debt; B6, B7: what somebody waits for */
    OPEN("15:54", "Tess orders a sofa", "mira", "v32", "tess", "channel=COUNTER purpose=PURCHASE"),
    STEP("15:55", "it is not in stock", "mira", "v32", "tess", "product_wanted", "product_id=sofa"),
    STEP("15:55", "\"you have it in two hours\"", "mira", "v32", "tess", "promise_made",
         "promise_id=p4 due_at=+7200 product_id=sofa"),
    STEP("15:55", "the van breaks down", "noah", NULL, NULL, "stock_expected",
         "product_id=sofa expected_at=+86400"),
    STEP("15:56", "\"800.00 off, by tomorrow!\"", "mira", "v32", "tess", "promise_made",
         "promise_id=p1 due_at=+86400 worth.minor=80000 worth.currency=EUR"),
    STEP("15:57", "Mira thinks better of it", "mira", "v32", "tess", "promise_withdrawn", "promise_id=p1"),
    STEP_AWAIT("15:58", "\"I ring you in a minute\"", "mira", "v32", "tess", "promise_made",
               "promise_id=p2 due_at=+3", 0, "B3", CASE_OPENED),
    STEP("16:00", "she rings, late", "mira", "v32", "tess", "promise_kept", "promise_id=p2"),
    STEP("16:01", "the sofa is here", "noah", NULL, NULL, "stock_arrived", "product_id=sofa"),
    STEP("16:01", "as Mira said", "mira", "v32", "tess", "promise_kept", "promise_id=p4"),
    STEP_AWAIT("16:02", "a fitting to prepare", "mira", "v32", "tess", "appointment_booked",
               "appointment_id=a1 at=+3600 to_prepare=true prepare_by_at=+3", 0, "B7", CASE_OPENED),
    STEP("16:03", "it is ready now", "mira", "v32", "tess", "appointment_prepared", "appointment_id=a1"),
    STEP("16:03", "\"and I carry it to your car\"", "mira", "v32", "tess", "promise_made",
         "promise_id=p3 due_at=+3600"),
    STEP("16:04", "she does", "mira", "v32", "tess", "promise_kept", "promise_id=p3"),
    STEP("16:04", "Tess leaves", "mira", "v32", "tess", "interaction_closed", "outcome=SATISFIED"),

    /* J1, J2, J4, J11: good news, a lesson for all, and a proposal */
    OPEN("16:30", "Anna is back", "mira", "v11", "anna", "channel=COUNTER"),
    STEP("16:32", "\"Mira was wonderful\"", "mira", "v11", "anna", "compliment", "for_employee_id=mira"),
    STEP("16:34", "Noah helps in the garden", "noah", NULL, NULL, "achievement",
         "kind=HELPED_OTHER_DEPARTMENT department=garden"),
    STEP("16:36", "and tells how to fit a hose", "noah", NULL, NULL, "lesson_shared", "topic=hoses"),
    STEP("16:37", "Mira would have shorter holds", "mira", NULL, NULL, "change_proposed",
         "proposal_id=q1 about=hold_lead escalation_ids.0=1-13-0"),
    STEP("16:37", "Hanna keeps the policy", "hanna", NULL, NULL, "on_duty", "role=head_office"),
    STEP("16:38", "and will see to it", "hanna", NULL, NULL, "change_answered",
         "proposal_id=q1 answer=GRANTED"),
    STEP("16:40", "she buys a new kettle", "mira", "v11", "anna", "sale_completed",
         "lines.0.product_id=kettle total.minor=5990 total.currency=EUR"),
    STEP("16:41", "Anna leaves happy", "mira", "v11", "anna", "interaction_closed",
         "outcome=SATISFIED rating=5"),

    /* J7: the policy is another, and everybody there hears what is otherwise for them, and why */
    STEP_AWAIT("17:00", "Too many hung up while they waited.", "ines", NULL, NULL, "policy_proposed",
               "figures.hold_lead=240s", 0, "J7", NOTICE_GIVEN),

    /* J3, K2: the shop closes, and everybody hears what went well; its week ends, and the desks are compared */
    STEP_AWAIT("18:00", "Mira goes home", "mira", NULL, NULL, "off_duty", "", 0, "K2", FINDING_MADE),
};
const size_t script_step_count = COUNT_OF(script_steps);

const struct script_reaction script_reactions[] = {
    {.rule_id = "A2",
     .role = "store_manager",
     .employee = "ines",
     .until_s = 0,
     .answer = "GRANTED",
     .granted_minor = 30000,
     .text = "Of course. I am sorry about the oven.",
     .twice = true},
    {.rule_id = "A10",
     .role = "shift_lead",
     .employee = "lena",
     .until_s = 0,
     .answer = "GRANTED",
     .granted_minor = 900,
     .text = "Of course: we know the set."},
    {.rule_id = "A4", .employee = "lena", .declines = "busy"},
    {.rule_id = "C3",
     .role = "shift_lead",
     .employee = "lena",
     .until_s = 2,
     .answer = "DONE",
     .text = "We found the parcel together."},
    {.rule_id = "E2",
     .role = "store_manager",
     .employee = "ines",
     .answer = "DONE",
     .text = "I have rung him: he is right, and we take it back."},
    {.rule_id = "G1",
     .role = "store_manager",
     .employee = "ines",
     .answer = "DONE",
     .text = "We spoke about the prices."},
    {.rule_id = "G7",
     .role = "store_manager",
     .employee = "ines",
     .answer = "DONE",
     .text = "I rang him: his parcel is on its way, and so are our apologies."},
    {.rule_id = "H1",
     .role = "store_manager",
     .employee = "ines",
     .until_s = 0,
     .answer = "DONE",
     .text = "I sat down with her; she is not hurt."},
};
const size_t script_reaction_count = COUNT_OF(script_reactions);

const struct script_expectation script_expectations[] = {
    {"A1", WIRE_DECISION_KIND__VERDICT_GIVEN, "a refund granted at the counter"},
    {"A2", WIRE_DECISION_KIND__CASE_OPENED, "a refund beyond the counter, in one hop to the manager"},
    {"A2", WIRE_DECISION_KIND__CASE_ACKNOWLEDGED, "the manager taking it"},
    {"A2", WIRE_DECISION_KIND__CASE_RESOLVED, "the manager's answer"},
    {"A3", WIRE_DECISION_KIND__NOTICE_GIVEN, "the owner hearing of the answer"},
    {NULL, WIRE_DECISION_KIND__ACT_REFUSED, "a second answer, too late"},
    {"A4", WIRE_DECISION_KIND__CASE_OPENED, "a second hand-over"},
    {"A4", WIRE_DECISION_KIND__CASE_NOTIFIED_AGAIN, "a lead who cannot come"},
    {"A5", WIRE_DECISION_KIND__VERDICT_GIVEN, "a yes that is cheaper than a no"},
    {"A6", WIRE_DECISION_KIND__CASE_OPENED, "a complaint in public"},
    {"A8", WIRE_DECISION_KIND__COACHING_MADE, "a no where a yes was allowed"},
    {"A9", WIRE_DECISION_KIND__COACHING_MADE, "something given that nobody had granted"},
    {"A10", WIRE_DECISION_KIND__VERDICT_GIVEN, "an exception made at the counter"},
    {"A10", WIRE_DECISION_KIND__CASE_RESOLVED, "an exception made by who may make it"},
    {"A11", WIRE_DECISION_KIND__NOTICE_GIVEN, "authority that somebody lends"},
    {"A11", WIRE_DECISION_KIND__VERDICT_GIVEN, "a yes given with it"},
    {"A12", WIRE_DECISION_KIND__NOTICE_GIVEN, "somebody else called when a lead cannot come"},
    {"A13", WIRE_DECISION_KIND__NOTICE_GIVEN, "a customer asking for who knows them"},
    {"B1", WIRE_DECISION_KIND__PROMISE_CHANGED, "a promise in the ledger"},
    {"B2", WIRE_DECISION_KIND__NOTICE_GIVEN, "the owner reminded of a promise"},
    {"B3", WIRE_DECISION_KIND__CASE_OPENED, "a promise that was not kept in time"},
    {"B4", WIRE_DECISION_KIND__COACHING_MADE, "a promise beyond somebody's means"},
    {"B5", WIRE_DECISION_KIND__FOLLOW_UP_OPENED, "a check-in after a sale"},
    {"B6", WIRE_DECISION_KIND__FOLLOW_UP_OPENED, "a call when what was waited for has arrived"},
    {"B7", WIRE_DECISION_KIND__NOTICE_GIVEN, "a reminder of what is to be prepared"},
    {"B7", WIRE_DECISION_KIND__CASE_OPENED, "an appointment that was not prepared in time"},
    {"B8", WIRE_DECISION_KIND__NOTICE_GIVEN, "a promise in danger, as what it waits for is put off"},
    {"C1", WIRE_DECISION_KIND__CASE_OPENED, "a hurried customer waiting too long"},
    {"C1", WIRE_DECISION_KIND__CASE_OVERTAKEN, "that wait ending before anybody took it"},
    {"C3", WIRE_DECISION_KIND__CASE_OPENED, "an angry customer"},
    {"C3", WIRE_DECISION_KIND__CASE_REOPENED, "an answer that did not come in time"},
    {"C3", WIRE_DECISION_KIND__CASE_RESOLVED, "the angry customer calmed"},
    {"C2", WIRE_DECISION_KIND__VERDICT_GIVEN, "advice to take time for a first purchase"},
    {"C4", WIRE_DECISION_KIND__RECOGNITION_MADE, "delight becoming recognition"},
    {"D1", WIRE_DECISION_KIND__CASE_OPENED, "an employee with three customers at once"},
    {"D1", WIRE_DECISION_KIND__CASE_OVERTAKEN, "backup that is not needed any more"},
    {"D2", WIRE_DECISION_KIND__VERDICT_GIVEN, "advice to listen first"},
    {"D3", WIRE_DECISION_KIND__COACHING_MADE, "a complaint of pressure becoming coaching"},
    {"D6", WIRE_DECISION_KIND__COACHING_MADE, "three contacts that went wrong for the same reason"},
    {"E1", WIRE_DECISION_KIND__VERDICT_GIVEN, "advice against what is not needed yet"},
    {"E3", WIRE_DECISION_KIND__COACHING_MADE, "the wrong thing, sold without listening"},
    {"E2", WIRE_DECISION_KIND__CASE_OPENED, "something untrue that was told"},
    {"F1", WIRE_DECISION_KIND__FINDING_MADE, "too many menus"},
    {"F2", WIRE_DECISION_KIND__CASE_OPENED, "a long hold"},
    {"F3", WIRE_DECISION_KIND__FOLLOW_UP_OPENED, "a call-back for who hung up"},
    {"F3", WIRE_DECISION_KIND__FOLLOW_UP_OVERTAKEN, "a call-back that is not needed any more"},
    {"F3", WIRE_DECISION_KIND__FOLLOW_UP_DONE, "a call-back made"},
    {"F4", WIRE_DECISION_KIND__FINDING_MADE, "a wait interrupted too often"},
    {"G1", WIRE_DECISION_KIND__CASE_OPENED, "a customer about to leave"},
    {"G2", WIRE_DECISION_KIND__FOLLOW_UP_OPENED, "a recovery for who left dissatisfied"},
    {"G3", WIRE_DECISION_KIND__EXPERIENCE_RECORDED, "the reach of every visit"},
    {"G7", WIRE_DECISION_KIND__CASE_OPENED, "a customer failed again"},
    {"G7", WIRE_DECISION_KIND__CASE_RESOLVED, "and somebody who puts it right"},
    {"G4", WIRE_DECISION_KIND__RECOGNITION_MADE, "a customer coming back to who served them well"},
    {"G5", WIRE_DECISION_KIND__FOLLOW_UP_OPENED, "a customer to win back who said nothing"},
    {"H1", WIRE_DECISION_KIND__CASE_OPENED, "a safety incident"},
    {"H2", WIRE_DECISION_KIND__COACHING_MADE, "the same complaint three times in a store"},
    {"I1", WIRE_DECISION_KIND__NOTICE_GIVEN, "a question reaching who can answer it"},
    {"I2", WIRE_DECISION_KIND__COACHING_MADE, "what a store does not know"},
    {"J1", WIRE_DECISION_KIND__RECOGNITION_MADE, "a compliment reaching who earned it"},
    {"J2", WIRE_DECISION_KIND__RECOGNITION_MADE, "help in another department"},
    {"J3", WIRE_DECISION_KIND__DIGEST_MADE, "the good news of the day, told when the shop closes"},
    {"J4", WIRE_DECISION_KIND__NOTICE_GIVEN, "a lesson told to all"},
    {"J5", WIRE_DECISION_KIND__FOLLOW_UP_OPENED, "a thank-you for a loyal customer"},
    {"J6", WIRE_DECISION_KIND__NOTICE_GIVEN, "a hard case becoming a lesson"},
    {"J7", WIRE_DECISION_KIND__NOTICE_GIVEN, "a policy that is another from now on, told with the reason"},
    {"J8", WIRE_DECISION_KIND__NOTICE_GIVEN, "how a call turned out, told to whoever served"},
    {"J9", WIRE_DECISION_KIND__VERDICT_GIVEN, "a day of thanks"},
    {"J10", WIRE_DECISION_KIND__NOTICE_GIVEN, "whoever had a hard case asked whether they could help"},
    {NULL, WIRE_DECISION_KIND__STAFF_WORD_NOTED, "their word, which is shown of nobody"},
    {"J11", WIRE_DECISION_KIND__NOTICE_GIVEN, "a proposal, and what became of it"},
    {"K1", WIRE_DECISION_KIND__CASE_OPENED, "a customer waiting too long after the sale"},
    {"K2", WIRE_DECISION_KIND__FINDING_MADE, "more trouble at the service desk than at the sales desk"},
};
const size_t script_expectation_count = COUNT_OF(script_expectations);
