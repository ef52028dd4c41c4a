-- Reports: rows of the domain whose answer is a view, named after the row; exercises are left out of all of them.
--
-- Days are the store's, and so are weeks. A view that is asked for a store and some days reads no more than these: each table
-- has an index on them, and of table event only what its index for reports holds is read, a day at a time.

-- The days of each store, by its clocks.
CREATE VIEW bellhop_log.store_day AS
SELECT d.store_id, d.day, min(d.from_at) AS from_at, max(d.until_at) AS until_at
  FROM bellhop_log.day_served d
 GROUP BY 1, 2;

-- A4: the case, and where a policy opened none, the contact.
CREATE VIEW bellhop.second_hand_over AS
SELECT c.store_id, c.day, c.interaction_id,
       greatest(c.causes + 1, x.hand_overs) AS hand_overs, c.escalation_id, c.state, c.role, c.opened_at, c.resolved_at,
       c.resolved_by
  FROM bellhop_log.case_state c
  LEFT JOIN LATERAL (SELECT max(x.hand_overs) AS hand_overs FROM bellhop_log.experience x
                      WHERE x.store_id = c.store_id AND x.interaction_id = c.interaction_id AND x.hand_overs >= 2
                        AND NOT x.drill) x ON true
 WHERE c.rule_id = 'A4' AND NOT c.drill
UNION ALL
SELECT x.store_id, x.day, x.interaction_id, x.hand_overs, NULL, NULL,
       NULL, NULL, NULL, NULL
  FROM bellhop_log.experience x
 WHERE x.hand_overs >= 2 AND NOT x.drill
   AND NOT EXISTS (SELECT FROM bellhop_log.case_state c WHERE c.store_id = x.store_id
                      AND c.interaction_id = x.interaction_id AND c.rule_id = 'A4' AND NOT c.drill);

-- A8, for everybody: whose they were is coaching.
CREATE VIEW bellhop.no_within_authority AS
SELECT c.store_id, c.day, r.amount_currency AS currency,
       count(*) AS refused, coalesce(sum(r.amount_minor), 0) AS refused_minor
  FROM bellhop_log.coaching c
  LEFT JOIN LATERAL (SELECT * FROM bellhop_log.remedy r
                      WHERE r.store_id = c.store_id AND r.interaction_id = coalesce(c.interaction_id, '')
                        AND r.remedy_id = c.subject AND NOT r.drill ORDER BY r.changed_at DESC LIMIT 1) r ON true
 WHERE c.rule_id = 'A8' AND NOT c.drill
 GROUP BY 1, 2, 3;

-- A9, for everybody: who it was is coaching.
CREATE VIEW bellhop.given_without_yes AS
SELECT r.store_id, r.day, r.ungranted_currency AS currency,
       count(*) AS given_without_yes, sum(r.ungranted_minor)::bigint AS ungranted_minor
  FROM bellhop_log.remedy r
 WHERE (r.ungranted_minor > 0 OR r.exception IS NOT NULL) AND r.ungranted_minor IS NOT NULL AND NOT r.drill
 GROUP BY 1, 2, 3;

-- A11: remedies and exceptions granted, and cases answered, with authority that was lent.
CREATE VIEW bellhop.lent_authority AS
WITH part AS (
    SELECT r.store_id, coalesce(r.day, (r.requested_at AT TIME ZONE 'UTC')::date) AS day, r.charged_to AS lender,
           r.lent_to AS borrower, r.amount_currency AS currency, count(*) AS granted,
           coalesce(sum(r.amount_minor), 0) AS granted_minor, 0::bigint AS answered
      FROM bellhop_log.remedy r
     WHERE r.lent_to IS NOT NULL AND r.state IN ('reserved', 'granted') AND NOT r.drill GROUP BY 1, 2, 3, 4, 5
    UNION ALL
    SELECT c.store_id, coalesce(c.day, (c.opened_at AT TIME ZONE 'UTC')::date), c.lent_by, c.resolved_by, c.granted_currency,
           0, 0, count(*)
      FROM bellhop_log.case_state c
     WHERE c.lent_by IS NOT NULL AND c.state = 'resolved' AND NOT c.drill GROUP BY 1, 2, 3, 4, 5
)
SELECT store_id, day, lender, borrower, max(currency) AS currency, sum(granted)::bigint AS granted,
       sum(granted_minor)::bigint AS granted_minor, sum(answered)::bigint AS answered
  FROM part
 GROUP BY store_id, day, lender, borrower, currency;

-- A7. Each part is grouped on its own, and the parts are added up: what is asked of a store and some days reaches each
-- table. Money is in one currency: that of the employees' authority, else the first that was asked for. A contact counts
-- on the day it was opened or handed over; one whose opening nobody told, when it closed.
CREATE VIEW bellhop.empowerment_report AS
WITH part AS (
    SELECT r.store_id, r.day, r.amount_currency AS currency, NULL AS usual,
           count(*) FILTER (WHERE r.state <> 'unknown') AS requested,
           count(*) FILTER (WHERE r.escalation_id IS NULL AND r.state IN ('reserved', 'granted')
                              AND r.ungranted_minor IS NULL) AS at_counter,
           count(*) FILTER (WHERE r.escalation_id IS NOT NULL) AS escalated,
           sum(r.amount_minor) FILTER (WHERE r.escalation_id IS NULL AND r.state IN ('reserved', 'granted')
                                         AND r.ungranted_minor IS NULL) AS used_at_counter,
           sum(r.amount_minor) FILTER (WHERE r.state IN ('reserved', 'granted')) AS used,
           0::bigint AS nearly, 0::bigint AS refused, 0::bigint AS interactions, 0::bigint AS hand_overs,
           0::bigint AS servers, NULL::bigint AS available, NULL::bigint AS used_of_available,
           count(r.ungranted_minor) AS ungranted,
           count(*) FILTER (WHERE r.escalation_id IS NULL AND r.state = 'refused') AS refused_there
      FROM bellhop_log.remedy r WHERE NOT r.drill AND r.state <> 'withdrawn' GROUP BY 1, 2, 3
    UNION ALL
    SELECT c.store_id, c.day, NULL, NULL, 0, 0, 0, 0, 0, count(*), 0, 0, 0, 0, NULL, NULL, 0, 0
      FROM bellhop_log.case_state c,
           LATERAL (SELECT bellhop.decode('Proof', c.proof) AS proof OFFSET 0) p
     WHERE NOT c.drill AND c.rule_id IN ('A2', 'A10') AND p.proof ? 'near'
     GROUP BY 1, 2
    UNION ALL
    SELECT c.store_id, c.day, NULL, NULL, 0, 0, 0, 0, 0, 0, count(*), 0, 0, 0, NULL, NULL, 0, 0
      FROM bellhop_log.coaching c WHERE c.rule_id = 'A8' AND NOT c.drill GROUP BY 1, 2
    UNION ALL
    SELECT d.store_id, d.day, NULL, NULL, 0, 0, 0, 0, 0, 0, 0, count(DISTINCT e.interaction_id),
           count(*) FILTER (WHERE e.type = 50), 0, NULL, NULL, 0, 0
      FROM bellhop_log.store_day d
      JOIN bellhop_log.event e ON e.store_id = d.store_id AND e.occurred_at >= d.from_at AND e.occurred_at < d.until_at
     WHERE e.type IN (20, 50) AND e.flags & 1 = 0
     GROUP BY 1, 2
    UNION ALL
    SELECT x.store_id, x.day, NULL, NULL, 0, 0, 0, 0, 0, 0, 0, count(*), 0, 0, NULL, NULL, 0, 0
      FROM bellhop_log.experience x
     WHERE x.opened_at IS NULL AND coalesce(x.hand_overs, 0) = 0 AND NOT x.drill GROUP BY 1, 2
    UNION ALL
    SELECT d.store_id, d.day, NULL, d.authority_currency, 0, 0, 0, 0, 0, 0, 0, 0, 0, count(*), sum(d.authority_minor),
           sum(u.used) FILTER (WHERE d.authority_minor IS NOT NULL), 0, 0
      FROM bellhop_log.day_served d,
           LATERAL (SELECT coalesce(sum(r.amount_minor), 0)::bigint AS used FROM bellhop_log.remedy r
                     WHERE r.store_id = d.store_id AND r.day = d.day
                       AND r.charged_to = d.employee_id AND r.amount_currency = d.authority_currency AND NOT r.drill
                       AND r.escalation_id IS NULL AND r.ungranted_minor IS NULL AND r.state IN ('reserved', 'granted')) u
     WHERE d.employee_id <> ''
     GROUP BY 1, 2, 4
), priced AS (
    SELECT p.*, coalesce(max(p.usual) OVER store_day, min(p.currency) OVER store_day) AS money
      FROM part p WINDOW store_day AS (PARTITION BY p.store_id, p.day)
)
SELECT store_id, day, sum(requested)::bigint AS requested, sum(at_counter)::bigint AS at_counter,
       round(sum(at_counter) / nullif(sum(requested), 0), 3) AS at_counter_share,
       sum(escalated)::bigint AS escalated, sum(nearly)::bigint AS nearly_at_counter,
       sum(refused)::bigint AS refused_within_authority,
       coalesce(sum(used_at_counter) FILTER (WHERE currency = money), 0)::bigint AS used_at_counter_minor,
       coalesce(sum(used) FILTER (WHERE currency = money), 0)::bigint AS used_minor,
       sum(interactions)::bigint AS interactions, sum(hand_overs)::bigint AS hand_overs,
       round(sum(hand_overs) / nullif(sum(interactions), 0), 3) AS hand_overs_per_interaction,
       sum(servers)::bigint AS employees, sum(available) FILTER (WHERE usual = money)::bigint AS available_minor,
       round(sum(used_of_available) FILTER (WHERE usual = money)
             / nullif(sum(available) FILTER (WHERE usual = money), 0), 3) AS used_share,
       min(money) AS currency, coalesce(sum(used_of_available) FILTER (WHERE usual = money), 0)::bigint AS used_of_available_minor,
       sum(ungranted)::bigint AS given_without_yes, sum(refused_there)::bigint AS refused_at_counter
  FROM priced
 GROUP BY store_id, day;

-- D4: a contact is of whoever served when it closed, and of whoever else recorded a need in it.
CREATE VIEW bellhop.depth AS
SELECT p.store_id, p.employee_id, p.day, count(*) AS interactions, count(*) FILTER (WHERE p.has_recorded) AS with_needs,
       round(count(*) FILTER (WHERE p.has_recorded)::numeric / count(*), 3) AS with_needs_share
  FROM (SELECT x.store_id, x.employee_id, x.day, coalesce(x.employee_id = ANY (x.needs_by), false) AS has_recorded
          FROM bellhop_log.experience x WHERE NOT x.drill
        UNION ALL
        SELECT x.store_id, n.employee_id, x.day, true
          FROM bellhop_log.experience x, unnest(x.needs_by) n (employee_id)
         WHERE NOT x.drill AND n.employee_id IS DISTINCT FROM x.employee_id) p
 GROUP BY 1, 2, 3;

-- D5
CREATE VIEW bellhop.more_than_asked AS
SELECT x.store_id, x.day, count(*) AS interactions, count(*) FILTER (WHERE x.needs > 0) AS with_needs,
       coalesce(sum(x.needs), 0) AS needs, round(coalesce(sum(x.needs), 0)::numeric / count(*), 3) AS needs_per_interaction,
       coalesce(sum(x.sales), 0) AS sales, coalesce(sum(x.sales_of_needs), 0) AS sales_of_needs,
       round(sum(x.sales_of_needs)::numeric / nullif(sum(x.sales), 0), 3) AS sales_of_needs_share
  FROM bellhop_log.experience x
 WHERE NOT x.drill
 GROUP BY 1, 2;

-- G3, by day and by week; the first of January of the year 1 was a Monday
CREATE VIEW bellhop.word_of_mouth_day AS
SELECT x.store_id, x.day,
       count(*) AS interactions,
       count(*) FILTER (WHERE x.feeling = 'good') AS good,
       count(*) FILTER (WHERE x.feeling = 'bad') AS bad,
       coalesce(sum(x.reach) FILTER (WHERE x.feeling = 'good'), 0) AS good_reach,
       coalesce(sum(x.reach) FILTER (WHERE x.feeling = 'bad'), 0) AS bad_reach
  FROM bellhop_log.experience x
 WHERE NOT x.drill
 GROUP BY 1, 2;

CREATE VIEW bellhop.word_of_mouth AS
SELECT w.store_id, w.week, count(*) AS interactions,
       count(*) FILTER (WHERE w.feeling = 'good') AS good,
       count(*) FILTER (WHERE w.feeling = 'bad') AS bad,
       coalesce(sum(w.reach) FILTER (WHERE w.feeling = 'good'), 0) AS good_reach,
       coalesce(sum(w.reach) FILTER (WHERE w.feeling = 'bad'), 0) AS bad_reach
  FROM (SELECT x.store_id, x.feeling, x.reach,
               x.day
               - (x.day - date '0001-01-01') % 7 AS week
          FROM bellhop_log.experience x WHERE NOT x.drill) w
 GROUP BY 1, 2;

-- G4
CREATE VIEW bellhop.returning_customers AS
SELECT r.store_id, r.employee_id, r.day, count(*) AS returned
  FROM bellhop_log.recognition r
 WHERE r.rule_id = 'G4' AND NOT r.drill
 GROUP BY 1, 2, 3;

-- G7
CREATE VIEW bellhop.second_failure AS
SELECT c.store_id, c.day, c.customer_id, c.interaction_id, c.escalation_id, c.state, c.role, c.sentence, c.opened_at,
       c.resolved_at, c.resolved_by
  FROM bellhop_log.case_state c
 WHERE c.rule_id = 'G7' AND NOT c.drill;

-- F1 to F4. Each part is grouped on its own, and the parts are added up.
CREATE VIEW bellhop.telephone AS
WITH part AS (
    SELECT x.store_id, x.day, count(*) AS calls,
           count(*) FILTER (WHERE x.held_ms > 0) AS held, coalesce(sum(x.held_ms), 0) AS held_ms,
           coalesce(max(x.held_ms), 0) AS longest_held_ms, coalesce(sum(x.menus), 0) AS menus,
           coalesce(sum(x.announcements), 0) AS announcements,
           count(*) FILTER (WHERE x.outcome = 'ABANDONED') AS hung_up,
           count(*) FILTER (WHERE x.outcome = 'ABANDONED' AND x.feeling = 'bad') AS hung_up_waiting,
           0::bigint AS call_backs, 0::bigint AS call_backs_owed, 0::bigint AS hold_cases, 0::bigint AS findings,
           0::bigint AS interrupted
      FROM bellhop_log.experience x WHERE x.channel = 'PHONE' AND NOT x.drill GROUP BY 1, 2
    UNION ALL
    SELECT f.store_id, f.day, 0, 0, 0, 0, 0, 0, 0, 0, count(*),
           count(*) FILTER (WHERE f.state IN ('open', 'overdue')), 0, 0, 0
      FROM bellhop_log.follow_up f WHERE f.kind = 'call_back' AND NOT f.drill GROUP BY 1, 2
    UNION ALL
    SELECT c.store_id, c.day, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, count(*), 0, 0
      FROM bellhop_log.case_state c WHERE c.rule_id = 'F2' AND NOT c.drill GROUP BY 1, 2
    UNION ALL
    SELECT f.store_id, f.day, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, count(*),
           count(*) FILTER (WHERE f.rule_id = 'F4')
      FROM bellhop_log.finding f WHERE f.rule_id LIKE 'F%' AND NOT f.drill GROUP BY 1, 2
)
SELECT store_id, day, sum(calls)::bigint AS calls, sum(held)::bigint AS held, sum(held_ms)::bigint AS held_ms,
       max(longest_held_ms) AS longest_held_ms, sum(menus)::bigint AS menus, sum(announcements)::bigint AS announcements,
       sum(hung_up)::bigint AS hung_up, sum(hung_up_waiting)::bigint AS hung_up_waiting, sum(call_backs)::bigint AS call_backs,
       sum(call_backs_owed)::bigint AS call_backs_owed, sum(hold_cases)::bigint AS hold_cases, sum(findings)::bigint AS findings,
       sum(interrupted)::bigint AS interrupted
  FROM part
 GROUP BY store_id, day;

-- J10, never by person: below three answers of three employees in a week, what was answered says who answered it.
CREATE VIEW bellhop.staff_word AS
WITH answer AS (
    SELECT w.store_id, w.week, w.able, e.employee_id
      FROM bellhop_log.staff_word w
      JOIN bellhop_log.event e USING (seq)
     WHERE NOT w.drill
), week AS (
    SELECT a.store_id, a.week, count(*) AS answered, count(*) FILTER (WHERE a.able) AS able,
           count(DISTINCT a.employee_id) >= 3 AS is_shown
      FROM answer a GROUP BY 1, 2
)
SELECT store_id, week, answered, CASE WHEN is_shown THEN able END AS able,
       CASE WHEN is_shown THEN round(able::numeric / answered, 3) END AS able_share
  FROM week;

-- L1: each remedy that was answered, once, with the level that answered: the counter at once, the others through a case.
-- What nobody had granted was handed over all the same, and cost something.
CREATE VIEW bellhop.remedy_answer AS
SELECT r.store_id, r.day, r.remedy_id,
       nullif(r.interaction_id, '') AS interaction_id, 'counter' AS role, 'granted' AS answer, 0::numeric AS seconds,
       r.state = 'granted' AS handed_over, r.amount_minor, r.amount_currency
  FROM bellhop_log.remedy r
 WHERE NOT r.drill AND r.escalation_id IS NULL AND r.state IN ('reserved', 'granted') AND r.ungranted_minor IS NULL
UNION ALL
SELECT r.store_id, r.day, r.remedy_id, nullif(r.interaction_id, ''), 'nobody', 'none', NULL, true, r.amount_minor,
       r.amount_currency
  FROM bellhop_log.remedy r
 WHERE NOT r.drill AND r.escalation_id IS NULL AND r.state = 'granted' AND r.ungranted_minor IS NOT NULL
UNION ALL
SELECT r.store_id, r.day, r.remedy_id, nullif(r.interaction_id, ''),
       c.role, c.answer, extract(epoch FROM c.resolved_at - r.requested_at), r.state = 'granted', r.amount_minor,
       r.amount_currency
  FROM bellhop_log.remedy r
  JOIN bellhop_log.case_state c ON c.escalation_id = r.escalation_id
 WHERE NOT r.drill AND c.state = 'resolved' AND c.answer IN ('granted', 'refused');

CREATE VIEW bellhop.time_to_yes AS
SELECT a.store_id, a.day, a.role, count(*) AS answered, count(*) FILTER (WHERE a.answer = 'granted') AS granted,
       round(percentile_cont(0.5) WITHIN GROUP (ORDER BY a.seconds)::numeric, 1) AS median_seconds,
       round(percentile_cont(0.9) WITHIN GROUP (ORDER BY a.seconds)::numeric, 1) AS nine_in_ten_seconds,
       round(max(a.seconds), 1) AS longest_seconds
  FROM bellhop.remedy_answer a
 WHERE a.answer <> 'none'
 GROUP BY 1, 2, 3;

-- L2
CREATE VIEW bellhop.cost_by_level AS
SELECT a.store_id, a.day, a.role, a.amount_currency AS currency, count(*) AS handed_over,
       count(DISTINCT coalesce(a.interaction_id, a.remedy_id)) AS contacts, sum(a.amount_minor)::bigint AS cost_minor,
       round(sum(a.amount_minor) / count(DISTINCT coalesce(a.interaction_id, a.remedy_id)), 0)::bigint AS cost_per_contact_minor
  FROM bellhop.remedy_answer a
 WHERE a.handed_over AND a.answer <> 'refused' AND a.amount_minor IS NOT NULL
 GROUP BY 1, 2, 3, 4;

-- What customers said, and who: a customer where one is known, else the contact.
CREATE VIEW bellhop_log.said AS
SELECT e.store_id, e.interaction_id, e.occurred_at, e.type, e.event,
       coalesce('c ' || coalesce(e.customer_id, o.customer_id, x.customer_id), 'i ' || e.store_id || ' ' || e.interaction_id,
                'e ' || e.seq) AS person
  FROM bellhop_log.event e
  LEFT JOIN LATERAL (SELECT max(x.customer_id) AS customer_id FROM bellhop_log.experience x
                      WHERE x.store_id = e.store_id AND x.interaction_id = e.interaction_id AND NOT x.drill
                        AND (x.hand_overs >= 2 OR x.complaints > 0 OR x.leaving)) x ON e.customer_id IS NULL
  LEFT JOIN LATERAL (SELECT min(o.customer_id) AS customer_id FROM bellhop_log.event o
                      WHERE o.store_id = e.store_id AND o.interaction_id = e.interaction_id AND o.type = 20
                        AND o.customer_id IS NOT NULL AND o.flags & 1 = 0) o ON e.customer_id IS NULL
 WHERE e.type IN (27, 48, 51) AND e.flags & 1 = 0;

-- L3. Lost: within sixty days of the answer the customer said that they were leaving, or complained again.
CREATE VIEW bellhop.regret AS
WITH answer AS (
    SELECT r.store_id, r.day, r.interaction_id, r.source, r.remedy_id, r.state <> 'refused' AS is_yes,
           coalesce('c ' || r.customer_id, 'i ' || r.store_id || ' ' || nullif(r.interaction_id, '')) AS person,
           coalesce(c.resolved_at, CASE r.state WHEN 'refused' THEN r.changed_at ELSE r.requested_at END) AS answered_at,
           r.state = 'refused' AND EXISTS (SELECT FROM bellhop_log.coaching a
                                            WHERE a.store_id = r.store_id AND a.interaction_id IS NOT DISTINCT FROM nullif(r.interaction_id, '')
                                              AND a.subject = r.remedy_id AND a.rule_id = 'A8' AND NOT a.drill) AS is_needless
      FROM bellhop_log.remedy r
      LEFT JOIN bellhop_log.case_state c ON c.escalation_id = r.escalation_id AND c.answer IN ('granted', 'refused')
     WHERE NOT r.drill AND r.state IN ('reserved', 'granted', 'refused')
), outcome AS (
    SELECT a.store_id, a.day, a.is_yes, a.is_needless, a.answered_at, coalesce(bool_or(s.type = 51), false) AS has_left,
           coalesce(bool_or(s.type = 48), false) AS has_complained
      FROM answer a
      LEFT JOIN bellhop_log.said s ON s.person = a.person AND s.type IN (48, 51) AND s.occurred_at > a.answered_at
                                  AND s.occurred_at <= a.answered_at + interval '60 days'
     GROUP BY a.store_id, a.day, a.interaction_id, a.source, a.remedy_id, a.is_yes, a.is_needless, a.answered_at
)
SELECT o.store_id, o.day, count(*) FILTER (WHERE o.is_yes) AS granted,
       count(*) FILTER (WHERE o.is_yes AND (o.has_left OR o.has_complained)) AS granted_lost,
       count(*) FILTER (WHERE NOT o.is_yes) AS refused,
       count(*) FILTER (WHERE NOT o.is_yes AND (o.has_left OR o.has_complained)) AS refused_lost,
       count(*) FILTER (WHERE o.is_needless) AS refused_within_authority,
       count(*) FILTER (WHERE o.is_needless AND (o.has_left OR o.has_complained)) AS refused_within_authority_lost,
       count(*) FILTER (WHERE o.has_left) AS left_us, count(*) FILTER (WHERE o.has_complained) AS complained_again,
       count(*) FILTER (WHERE o.answered_at + interval '60 days' < (SELECT h.recorded_at FROM bellhop_log.head h)) AS sixty_days_over
  FROM outcome o
 GROUP BY 1, 2;

-- L4: a trouble counts on the day of the contact that solved it, and as begun on that of its first.
CREATE VIEW bellhop.contacts_until_solved AS
SELECT x.store_id, x.day, count(*) FILTER (WHERE x.trouble_contacts = 1) AS troubles_begun,
       count(*) FILTER (WHERE x.trouble_solved) AS troubles_solved,
       count(*) FILTER (WHERE x.trouble_solved AND x.trouble_contacts = 1) AS solved_in_one,
       round(count(*) FILTER (WHERE x.trouble_solved AND x.trouble_contacts = 1)::numeric
             / nullif(count(*) FILTER (WHERE x.trouble_solved), 0), 3) AS solved_in_one_share,
       coalesce(sum(x.trouble_contacts) FILTER (WHERE x.trouble_solved), 0) AS contacts_taken,
       coalesce(sum(x.trouble_hand_overs) FILTER (WHERE x.trouble_solved), 0) AS hand_overs_taken,
       round(coalesce(sum(x.trouble_ms) FILTER (WHERE x.trouble_solved), 0) / 60000, 1) AS minutes_taken
  FROM bellhop_log.experience x
 WHERE NOT x.drill AND x.trouble_contacts > 0
 GROUP BY 1, 2;

-- G6. Who left: somebody who said so, or gave up waiting. Of them, what they said and asked for in the sixty days before,
-- and in the same contact.
CREATE VIEW bellhop.why_they_leave AS
WITH leaver AS (
    SELECT d.store_id, d.day - (d.day - date '0001-01-01') % 7 AS week, s.person, s.interaction_id, s.occurred_at AS at,
           'reason' AS what, coalesce(bellhop.decode('Event', s.event) -> 'leaving_signalled' ->> 'topic', 'not told') AS subject
      FROM bellhop_log.store_day d
      JOIN bellhop_log.said s ON s.store_id = d.store_id AND s.occurred_at >= d.from_at AND s.occurred_at < d.until_at
     WHERE s.type = 51
    UNION ALL
    SELECT x.store_id, x.day - (x.day - date '0001-01-01') % 7,
           coalesce('c ' || x.customer_id, 'i ' || x.store_id || ' ' || x.interaction_id), x.interaction_id, x.occurred_at,
           'gave_up', 'waiting'
      FROM bellhop_log.experience x
     WHERE x.outcome = 'ABANDONED' AND x.feeling = 'bad' AND NOT x.drill
), cause AS (
    SELECT l.store_id, l.week, l.person, l.what, l.subject FROM leaver l
    UNION ALL
    SELECT l.store_id, l.week, l.person, CASE s.type WHEN 48 THEN 'complaint' ELSE 'question' END,
           lower(coalesce(b.body -> 'complaint' ->> 'about', b.body -> 'question_unanswered' ->> 'topic'))
      FROM leaver l
      JOIN bellhop_log.said s ON s.person = l.person AND s.type IN (27, 48) AND s.occurred_at > l.at - interval '60 days'
                             AND (s.occurred_at <= l.at OR (s.store_id = l.store_id AND s.interaction_id = l.interaction_id)),
           LATERAL (SELECT bellhop.decode('Event', s.event) AS body OFFSET 0) b
    UNION ALL
    SELECT l.store_id, l.week, l.person, 'not_given', coalesce(r.exception, r.kind, 'remedy')
      FROM leaver l
      JOIN bellhop_log.remedy r ON r.requested_at > l.at - interval '60 days'
                               AND coalesce('c ' || r.customer_id, 'i ' || r.store_id || ' ' || nullif(r.interaction_id, '')) = l.person
                               AND (r.requested_at <= l.at OR (r.store_id = l.store_id AND r.interaction_id = l.interaction_id))
     WHERE NOT r.drill AND r.state IN ('requested', 'refused', 'withdrawn')
)
SELECT c.store_id, c.week, c.what, c.subject, count(DISTINCT c.person) AS customers, n.leaving_customers
  FROM cause c
  JOIN (SELECT l.store_id, l.week, count(DISTINCT l.person) AS leaving_customers FROM leaver l GROUP BY 1, 2) n USING (store_id, week)
 GROUP BY 1, 2, 3, 4, 6;

-- G8
CREATE VIEW bellhop.first_contact AS
SELECT x.store_id, x.day, coalesce(x.how, 'not told') AS how, count(*) AS first_contacts,
       count(*) FILTER (WHERE x.held_ms + x.queued_ms > 0) AS waited, coalesce(sum(x.held_ms + x.queued_ms), 0)::bigint AS waited_ms,
       coalesce(max(x.held_ms + x.queued_ms), 0) AS longest_waited_ms, count(*) FILTER (WHERE x.feeling = 'good') AS ended_well,
       count(*) FILTER (WHERE x.feeling = 'bad') AS ended_badly
  FROM bellhop_log.experience x
 WHERE x.first AND NOT x.drill
 GROUP BY 1, 2, 3;

-- K2: the two desks side by side, each share of the contacts there.
CREATE VIEW bellhop.same_care AS
SELECT x.store_id, x.day - (x.day - date '0001-01-01') % 7 AS week, count(*) FILTER (WHERE desk.is_sales) AS sales_contacts,
       count(*) FILTER (WHERE NOT desk.is_sales) AS service_contacts,
       round(avg(x.queued_ms) FILTER (WHERE desk.is_sales) / 1000, 1) AS sales_waited_seconds,
       round(avg(x.queued_ms) FILTER (WHERE NOT desk.is_sales) / 1000, 1) AS service_waited_seconds,
       round(avg((x.moods && '{ANGRY}')::integer) FILTER (WHERE desk.is_sales), 3) AS sales_angry_share,
       round(avg((x.moods && '{ANGRY}')::integer) FILTER (WHERE NOT desk.is_sales), 3) AS service_angry_share,
       round(avg((x.complaints > 0)::integer) FILTER (WHERE desk.is_sales), 3) AS sales_complaint_share,
       round(avg((x.complaints > 0)::integer) FILTER (WHERE NOT desk.is_sales), 3) AS service_complaint_share,
       round(avg((x.feeling = 'bad')::integer) FILTER (WHERE desk.is_sales), 3) AS sales_bad_share,
       round(avg((x.feeling = 'bad')::integer) FILTER (WHERE NOT desk.is_sales), 3) AS service_bad_share
  FROM bellhop_log.experience x, LATERAL (SELECT x.channel = 'COUNTER' AS is_sales) desk
 WHERE x.channel IN ('COUNTER', 'SERVICE_DESK') AND NOT x.drill
 GROUP BY 1, 2;

-- J3
CREATE VIEW bellhop.digest AS
SELECT d.epoch || '-' || d.seq || '-' || d.ordinal AS decision_id, d.store_id, d.day, d.compliments, d.kept_promises,
       d.returning_customers, d.sales_gains, d.sentence, d.manager_role, d.since_at, d.until_at,
       coalesce(b.body -> 'lines', '[]') AS earned, coalesce(b.body -> 'gained', '[]') AS gained
  FROM bellhop_log.digest d,
       LATERAL (SELECT bellhop.decode('DigestDetail', d.detail) AS body OFFSET 0) b;

-- ---------------------------------------------------------------- what it all means

COMMENT ON VIEW bellhop.second_hand_over IS 'A4: contacts that were handed over twice or more, with the case that this opened';
COMMENT ON VIEW bellhop.no_within_authority IS
    'A8: noes that were said where a yes was allowed, by store, day and currency';
COMMENT ON VIEW bellhop.given_without_yes IS
    'A9: what was handed over although nobody had granted it, or more than was granted, by store, day and currency';
COMMENT ON VIEW bellhop.lent_authority IS
    'A11: what was decided with authority that somebody lent, by store, day, lender and borrower, and currency';
COMMENT ON COLUMN bellhop.lent_authority.granted IS 'how many remedies and exceptions were granted with it';
COMMENT ON COLUMN bellhop.lent_authority.granted_minor IS 'their amount, in the smallest unit';
COMMENT ON COLUMN bellhop.lent_authority.answered IS 'how many cases were answered with it';
COMMENT ON COLUMN bellhop.lent_authority.currency IS 'ISO 4217; absent of cases that are about no money';
COMMENT ON COLUMN bellhop.lent_authority.lender IS 'whose authority it is, and to whom it is charged';
COMMENT ON COLUMN bellhop.lent_authority.borrower IS 'who decided with it';
COMMENT ON VIEW bellhop.empowerment_report IS
    'A7, and A8 beside it: what was decided at the counter and what was not, authority used and available, by store and day';
COMMENT ON VIEW bellhop.depth IS
    'D4: in how many contacts an employee recorded needs, of those they closed or recorded needs in, by store, employee and day';
COMMENT ON VIEW bellhop.more_than_asked IS
    'D5: how many needs contacts brought to light, and how often something was bought after a need had been recorded, by store and day';
COMMENT ON VIEW bellhop.regret IS
    'L3: what became of remedies that were granted and refused, by store and day of the request. Lost: within sixty days of the answer the customer said that they were leaving, or complained again. It claims no cause';
COMMENT ON VIEW bellhop.contacts_until_solved IS
    'L4: what solved troubles took, by store and day of the contact that solved them. A trouble begins with a contact in which a customer complained, returned something, asked for a remedy, had an incident or was about to leave; it is solved by their first contact that ends SERVED or SATISFIED and is no bad experience, and given up after sixty days without one';
COMMENT ON VIEW bellhop.why_they_leave IS
    'G6: what customers who said that they were leaving, or gave up waiting, complained of, asked and asked for and did not get in the sixty days before and in that contact, by store and week. It claims no cause';
COMMENT ON VIEW bellhop.first_contact IS
    'G8: customers'' first contacts: how they came (the label how), how long they waited, how it ended, by store and day';
COMMENT ON VIEW bellhop.same_care IS
    'K2: the sales desk (COUNTER) and the service desk (SERVICE_DESK) side by side, by store and week: waits in queues, moods, complaints and outcomes of the contacts that ended';
COMMENT ON COLUMN bellhop.why_they_leave.what IS
    'reason: what they said it was; gave_up: they left while waiting; complaint: what about; question: a topic nobody could answer; not_given: the kind of a remedy or exception that they asked for and did not get';
COMMENT ON VIEW bellhop.word_of_mouth IS
    'G3: how many people are likely to hear of good and of bad experiences, by store and week';
COMMENT ON VIEW bellhop.word_of_mouth_day IS 'G3: the same by store and day';
COMMENT ON VIEW bellhop.telephone IS
    'F1, F2, F3, F4: calls, holds, menus, announcements, hang-ups and call-backs, by store and day';
COMMENT ON VIEW bellhop.staff_word IS
    'J10: whether those who had a hard case were able to help, by store and week; of fewer than three people''s answers only how many there are';
COMMENT ON COLUMN bellhop.staff_word.able IS 'how many said yes; absent where fewer than three people answered';
COMMENT ON COLUMN bellhop.staff_word.answered IS 'how many answered';
COMMENT ON COLUMN bellhop.staff_word.week IS 'its Monday, by the store''s clock';
COMMENT ON VIEW bellhop.remedy_answer IS
    'each remedy that was answered, and how long that took from when it was asked for; exercises are left out';
COMMENT ON VIEW bellhop.time_to_yes IS
    'L1: from asked to answered, by store, day of the request and the level that answered; counter: at once, by whoever was asked';
COMMENT ON VIEW bellhop.cost_by_level IS
    'L2: what was handed over cost, by store, day of the request, the level that granted it, and currency';
COMMENT ON COLUMN bellhop.remedy_answer.handed_over IS 'the customer has it';
COMMENT ON COLUMN bellhop.remedy_answer.role IS
    'the level that answered; counter: whoever was asked, at once; nobody: it was handed over without a yes (A9)';
COMMENT ON COLUMN bellhop.time_to_yes.role IS 'the level that answered; counter: whoever was asked, at once';
COMMENT ON COLUMN bellhop.time_to_yes.granted IS 'how many of them were granted';
COMMENT ON COLUMN bellhop.cost_by_level.role IS
    'the level that granted it; counter: whoever was asked; nobody: it was handed over without a yes (A9)';
COMMENT ON COLUMN bellhop.cost_by_level.currency IS 'ISO 4217: each currency has a row of its own';
COMMENT ON VIEW bellhop.returning_customers IS
    'G4: customers who came back after a good outcome, by store, the employee who earned it, and day';
COMMENT ON VIEW bellhop.second_failure IS
    'G7: customers who were failed again within the time that the policy says, with the case that this opened';
COMMENT ON VIEW bellhop.digest IS
    'J3: the good news of each store''s day, told at closing time; a day without any has none';

COMMENT ON COLUMN bellhop.empowerment_report.interactions IS
    'how many contacts were opened, or handed over, that day, those that are still open included';
COMMENT ON COLUMN bellhop.empowerment_report.hand_overs IS 'how often contacts were handed over that day';
COMMENT ON COLUMN bellhop.empowerment_report.refused_at_counter IS 'how many of them were refused at the counter';
COMMENT ON COLUMN bellhop.empowerment_report.employees IS
    'how many served that day: opened, were handed, asked, granted or closed';
COMMENT ON COLUMN bellhop.regret.refused_within_authority IS 'how many of them the counter could have granted (A8)';
COMMENT ON COLUMN bellhop.regret.refused IS 'how many remedies were refused';
COMMENT ON COLUMN bellhop.regret.granted IS 'how many remedies were granted';
SELECT bellhop_log.explain_columns(ARRAY[
    ['complained_again', 'after how many of all these answers the customer complained again'],
    ['contacts_taken', 'how many contacts they took together'],
    ['customers', 'of how many of those who left that is so'],
    ['ended_badly', 'how many were bad experiences'],
    ['ended_well', 'how many were good experiences'],
    ['first_contacts', 'how many customers had their first contact, as far as is known'],
    ['granted_lost', 'after how many of them the customer was lost all the same'],
    ['hand_overs_taken', 'how often the contacts were handed over'],
    ['how', 'how they came: the label how of the opening; not told'],
    ['leaving_customers', 'how many left or were about to leave that week: what the row rests on'],
    ['left_us', 'after how many of all these answers the customer said that they were leaving'],
    ['longest_waited_ms', 'the longest waited so long, in milliseconds'],
    ['minutes_taken', 'how many minutes the contacts lasted, from opened to closed'],
    ['needs', 'how many needs were recorded in them'],
    ['needs_per_interaction', 'that, per contact'],
    ['refused_lost', 'after how many of them the customer was lost'],
    ['refused_within_authority_lost', 'after how many of these the customer was lost'],
    ['sales', 'how many sales were made in them'],
    ['sales_bad_share', 'share of bad experiences at the sales desk'],
    ['sales_complaint_share', 'share of contacts with a complaint at the sales desk'],
    ['sales_contacts', 'how many contacts ended at the sales desk: what its figures rest on'],
    ['sales_of_needs', 'how many of these after a need was recorded in the contact'],
    ['sales_of_needs_share', 'that, as a share of all sales'],
    ['sales_angry_share', 'share of contacts at the sales desk in which the customer was angry'],
    ['sales_waited_seconds', 'how long customers queued at the sales desk, on average'],
    ['service_bad_share', 'the same at the service desk'],
    ['service_complaint_share', 'the same at the service desk'],
    ['service_contacts', 'how many ended at the service desk'],
    ['service_angry_share', 'the same at the service desk'],
    ['service_waited_seconds', 'the same at the service desk'],
    ['sixty_days_over', 'for how many of all these answers the sixty days are over'],
    ['solved_in_one', 'how many of these with their first contact'],
    ['solved_in_one_share', 'that, as a share of those solved'],
    ['subject', 'what in particular'],
    ['troubles_begun', 'how many troubles began'],
    ['troubles_solved', 'how many were solved: what the figures that follow rest on'],
    ['waited', 'how many of them waited on hold or in a queue'],
    ['waited_ms', 'for how long together, in milliseconds'],
    ['at_counter', 'how many of them were granted at the counter'],
    ['able_share', 'that, as a share of those who answered'],
    ['at_counter_share', 'that, as a share of all'],
    ['amount_currency', 'ISO 4217'],
    ['amount_minor', 'the amount in the smallest unit of its currency'],
    ['announcements', 'how many announcements interrupted waits'],
    ['answer', 'granted, refused; none: nobody was asked'],
    ['answered', 'how many answers that rests on'],
    ['call_backs', 'how many call-backs were owed for what happened that day'],
    ['call_backs_owed', 'how many of these are still owed'],
    ['calls', 'how many contacts by telephone ended'],
    ['contacts', 'how many contacts that rests on'],
    ['cost_minor', 'what they cost together, in the smallest unit'],
    ['cost_per_contact_minor', 'that, per contact solved so'],
    ['available_minor', 'what the employees who served that day could have granted by their roles; of roles without limit nothing'],
    ['bad', 'how many of them were bad experiences'],
    ['bad_reach', 'how many people are likely to hear of the bad ones'],
    ['compliments', 'how many compliments were paid'],
    ['currency', 'of all amounts of the row; amounts in others are not in its sums'],
    ['customer_id', 'a pseudonym; absent when unknown'],
    ['day', 'the store''s day'],
    ['decision_id', 'epoch-seq-ordinal: the decision''s name everywhere'],
    ['earned', 'the same counts for each employee who earned some of it'],
    ['employee_id', 'who served'],
    ['escalated', 'how many of them were handed to a level that could decide'],
    ['escalation_id', 'the case; absent where none was opened'],
    ['findings', 'how many findings there were about lines'],
    ['gained', 'what the sales gains brought that told an amount, one for each currency'],
    ['good', 'how many of them were good experiences'],
    ['given_without_yes', 'how many were handed over although nobody had granted them, or beyond what was granted (A9)'],
    ['good_reach', 'how many people are likely to hear of the good ones'],
    ['hand_overs', 'how often they were handed over'],
    ['hand_overs_per_interaction', 'that, per contact'],
    ['handed_over', 'how many were handed over'],
    ['held', 'how many of them were on hold'],
    ['held_ms', 'for how long together, in milliseconds'],
    ['hold_cases', 'how many cases long holds opened (F2)'],
    ['interrupted', 'how many waits were interrupted too often (F4)'],
    ['hung_up', 'how many of them the caller ended by leaving'],
    ['hung_up_waiting', 'how many of these had waited on hold or in a queue'],
    ['interaction_id', 'the contact of one customer'],
    ['interactions', 'how many contacts were closed'],
    ['kept_promises', 'how many promises were kept'],
    ['longest_held_ms', 'the longest of them, in milliseconds'],
    ['longest_seconds', 'the longest took this long'],
    ['manager_role', 'the role that hears it as well'],
    ['median_seconds', 'half of them took no longer than this'],
    ['menus', 'how many menus callers heard'],
    ['nearly_at_counter', 'how many of those escalated a limit a fifth larger would have kept at the counter'],
    ['nine_in_ten_seconds', 'nine in ten took no longer than this'],
    ['opened_at', 'when the case was opened'],
    ['refused', 'how many'],
    ['refused_minor', 'what they would have cost, in the smallest unit'],
    ['refused_within_authority', 'how many noes were said where a yes was allowed (A8)'],
    ['remedy_id', 'the store''s name of the remedy request'],
    ['requested', 'how many remedies were asked for and not withdrawn'],
    ['resolved_at', 'when it was answered'],
    ['resolved_by', 'who answered'],
    ['returned', 'how many came back'],
    ['returning_customers', 'how many customers came back after a good outcome'],
    ['role', 'the level whose case it is'],
    ['sales_gains', 'how many sales gains were achieved'],
    ['seconds', 'from when it was asked for to the answer'],
    ['sentence', 'what it says, by the policy'],
    ['since_at', 'when the first of its news was recorded'],
    ['state', 'how the case stands'],
    ['store_id', 'the store'],
    ['until_at', 'when the store closed'],
    ['used_at_counter_minor', 'what was granted at the counter, in the smallest unit'],
    ['used_minor', 'what was granted at all levels, in the smallest unit'],
    ['ungranted_minor', 'what of them nobody had granted, in the smallest unit'],
    ['used_of_available_minor', 'what those who had authority available, and whose it is known, granted of it at the counter'],
    ['used_share', 'that, as a share of what was available'],
    ['week', 'its Monday, by the store''s days'],
    ['with_needs', 'in how many of them a need was recorded'],
    ['with_needs_share', 'that, as a share of all']]);
