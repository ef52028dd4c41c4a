-- Reports: rows of the domain whose answer is a view, named after the row; exercises are left out of all of them.
--
-- Days are the store's, and so are weeks. A view that is asked for a store and some days reads no more than these: each table
-- has an index on them, and no view here reads table event.

-- A4: the case, and where a policy opened none, the contact.
CREATE VIEW bellhop.second_hand_over AS
SELECT c.store_id, coalesce(c.day, (c.opened_at AT TIME ZONE 'UTC')::date) AS day, c.interaction_id,
       greatest(c.causes + 1, x.hand_overs) AS hand_overs, c.escalation_id, c.state, c.role, c.opened_at, c.resolved_at,
       c.resolved_by
  FROM bellhop_log.case_state c
  LEFT JOIN LATERAL (SELECT max(x.hand_overs) AS hand_overs FROM bellhop_log.experience x
                      WHERE x.store_id = c.store_id AND x.interaction_id = c.interaction_id AND x.hand_overs >= 2
                        AND NOT x.drill) x ON true
 WHERE c.rule_id = 'A4' AND NOT c.drill
UNION ALL
SELECT x.store_id, coalesce(x.day, (x.occurred_at AT TIME ZONE 'UTC')::date), x.interaction_id, x.hand_overs, NULL, NULL,
       NULL, NULL, NULL, NULL
  FROM bellhop_log.experience x
 WHERE x.hand_overs >= 2 AND NOT x.drill
   AND NOT EXISTS (SELECT FROM bellhop_log.case_state c WHERE c.store_id = x.store_id
                      AND c.interaction_id = x.interaction_id AND c.rule_id = 'A4' AND NOT c.drill);

-- A8, for everybody: whose they were is coaching.
CREATE VIEW bellhop.no_within_authority AS
SELECT c.store_id, coalesce(c.day, (c.occurred_at AT TIME ZONE 'UTC')::date) AS day, r.amount_currency AS currency,
       count(*) AS refused, coalesce(sum(r.amount_minor), 0) AS refused_minor
  FROM bellhop_log.coaching c
  LEFT JOIN bellhop_log.remedy r ON r.store_id = c.store_id AND r.interaction_id = coalesce(c.interaction_id, '')
        AND r.remedy_id = c.subject AND NOT r.drill
 WHERE c.rule_id = 'A8' AND NOT c.drill
 GROUP BY 1, 2, 3;

-- A7. Each part is grouped on its own, and the parts are added up: what is asked of a store and some days reaches each
-- table. Money is in one currency: that of the employees' authority, else the first that was asked for.
CREATE VIEW bellhop.empowerment_report AS
WITH part AS (
    SELECT r.store_id, coalesce(r.day, (r.requested_at AT TIME ZONE 'UTC')::date) AS day, r.amount_currency AS currency,
           NULL AS usual, count(*) AS requested,
           count(*) FILTER (WHERE r.escalation_id IS NULL AND r.state IN ('reserved', 'granted')) AS at_counter,
           count(*) FILTER (WHERE r.escalation_id IS NOT NULL) AS escalated,
           sum(r.amount_minor) FILTER (WHERE r.escalation_id IS NULL AND r.state IN ('reserved', 'granted')) AS used_at_counter,
           sum(r.amount_minor) FILTER (WHERE r.state IN ('reserved', 'granted')) AS used,
           0::bigint AS nearly, 0::bigint AS refused, 0::bigint AS interactions, 0::bigint AS hand_overs,
           NULL::bigint AS available
      FROM bellhop_log.remedy r WHERE NOT r.drill GROUP BY 1, 2, 3
    UNION ALL
    SELECT c.store_id, coalesce(c.day, (c.opened_at AT TIME ZONE 'UTC')::date), NULL, NULL, 0, 0, 0, 0, 0, count(*), 0, 0, 0, NULL
      FROM bellhop_log.case_state c,
           LATERAL (SELECT bellhop.decode('Proof', c.proof) -> 'levels' -> 0 AS level OFFSET 0) p
     WHERE NOT c.drill AND c.rule_id = 'A2'
       AND (p.level -> 'shortfall_minor')::bigint * 5 <= (p.level -> 'limit_minor')::bigint
     GROUP BY 1, 2
    UNION ALL
    SELECT c.store_id, coalesce(c.day, (c.occurred_at AT TIME ZONE 'UTC')::date), NULL, NULL, 0, 0, 0, 0, 0, 0, count(*), 0, 0, NULL
      FROM bellhop_log.coaching c WHERE c.rule_id = 'A8' AND NOT c.drill GROUP BY 1, 2
    UNION ALL
    SELECT e.store_id, e.day, NULL, e.currency, 0, 0, 0, 0, 0, 0, 0, sum(e.interactions), sum(e.hand_overs), sum(e.available)
      FROM (SELECT x.store_id, coalesce(x.day, (x.occurred_at AT TIME ZONE 'UTC')::date) AS day, x.employee_id,
                   max(x.authority_currency) AS currency, max(x.authority_minor) AS available, count(*) AS interactions,
                   coalesce(sum(x.hand_overs), 0) AS hand_overs
              FROM bellhop_log.experience x WHERE NOT x.drill GROUP BY 1, 2, 3) e
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
       sum(available) FILTER (WHERE usual = money)::bigint AS available_minor,
       round(coalesce(sum(used_at_counter) FILTER (WHERE currency = money), 0)
             / nullif(sum(available) FILTER (WHERE usual = money), 0), 3) AS used_share,
       min(money) AS currency
  FROM priced
 GROUP BY store_id, day;

-- D4
CREATE VIEW bellhop.depth AS
SELECT x.store_id, x.employee_id, coalesce(x.day, (x.occurred_at AT TIME ZONE 'UTC')::date) AS day, count(*) AS interactions,
       count(*) FILTER (WHERE x.needs > 0) AS with_needs,
       round(count(*) FILTER (WHERE x.needs > 0)::numeric / count(*), 3) AS with_needs_share
  FROM bellhop_log.experience x
 WHERE NOT x.drill
 GROUP BY 1, 2, 3;

-- G3, by day and by week; the first of January of the year 1 was a Monday
CREATE VIEW bellhop.word_of_mouth_day AS
SELECT x.store_id, coalesce(x.day, (x.occurred_at AT TIME ZONE 'UTC')::date) AS day,
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
               coalesce(x.day, (x.occurred_at AT TIME ZONE 'UTC')::date)
               - (coalesce(x.day, (x.occurred_at AT TIME ZONE 'UTC')::date) - date '0001-01-01') % 7 AS week
          FROM bellhop_log.experience x WHERE NOT x.drill) w
 GROUP BY 1, 2;

-- G4
CREATE VIEW bellhop.returning_customers AS
SELECT r.store_id, r.employee_id, coalesce(r.day, (r.occurred_at AT TIME ZONE 'UTC')::date) AS day, count(*) AS returned
  FROM bellhop_log.recognition r
 WHERE r.rule_id = 'G4' AND NOT r.drill
 GROUP BY 1, 2, 3;

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
COMMENT ON VIEW bellhop.empowerment_report IS
    'A7, and A8 beside it: what was decided at the counter and what was not, authority used and available, by store and day';
COMMENT ON VIEW bellhop.depth IS 'D4: in how many interactions needs were recorded, by store, employee and day';
COMMENT ON VIEW bellhop.word_of_mouth IS
    'G3: how many people are likely to hear of good and of bad experiences, by store and week';
COMMENT ON VIEW bellhop.word_of_mouth_day IS 'G3: the same by store and day';
COMMENT ON VIEW bellhop.returning_customers IS
    'G4: customers who came back after a good outcome, by store, the employee who earned it, and day';
COMMENT ON VIEW bellhop.digest IS
    'J3: the good news of each store''s day, told at closing time; a day without any has none';

DO $$
DECLARE
    of_column record;
BEGIN
    FOR of_column IN
        SELECT a.attrelid::regclass AS view, meaning.*
          FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid AND c.relnamespace = 'bellhop'::regnamespace
          JOIN (VALUES
        ('at_counter', 'how many of them were granted at the counter'),
        ('at_counter_share', 'that, as a share of all'),
        ('available_minor', 'what the employees who served that day could have granted by their roles; of roles without limit nothing'),
        ('bad', 'how many of them were bad experiences'),
        ('bad_reach', 'how many people are likely to hear of the bad ones'),
        ('compliments', 'how many compliments were paid'),
        ('currency', 'of all amounts of the row; amounts in others are not in its sums'),
        ('day', 'the store''s day'),
        ('decision_id', 'epoch-seq-ordinal: the decision''s name everywhere'),
        ('earned', 'the same counts for each employee who earned some of it'),
        ('employee_id', 'who served'),
        ('escalated', 'how many of them were handed to a level that could decide'),
        ('escalation_id', 'the case; absent where none was opened'),
        ('gained', 'what the sales gains brought that told an amount, one for each currency'),
        ('good', 'how many of them were good experiences'),
        ('good_reach', 'how many people are likely to hear of the good ones'),
        ('hand_overs', 'how often they were handed over'),
        ('hand_overs_per_interaction', 'that, per contact'),
        ('interaction_id', 'the contact of one customer'),
        ('interactions', 'how many contacts were closed'),
        ('kept_promises', 'how many promises were kept'),
        ('manager_role', 'the role that hears it as well'),
        ('nearly_at_counter', 'how many of those escalated a limit a fifth larger would have kept at the counter'),
        ('opened_at', 'when the case was opened'),
        ('refused', 'how many'),
        ('refused_minor', 'what they would have cost, in the smallest unit'),
        ('refused_within_authority', 'how many noes were said where a yes was allowed (A8)'),
        ('requested', 'how many remedies were asked for'),
        ('resolved_at', 'when it was answered'),
        ('resolved_by', 'who answered'),
        ('returned', 'how many came back'),
        ('returning_customers', 'how many customers came back after a good outcome'),
        ('role', 'the level whose case it is'),
        ('sales_gains', 'how many sales gains were achieved'),
        ('sentence', 'what it says, by the policy'),
        ('since_at', 'when the first of its news was recorded'),
        ('state', 'how the case stands'),
        ('store_id', 'the store'),
        ('until_at', 'when the store closed'),
        ('used_at_counter_minor', 'what was granted at the counter, in the smallest unit'),
        ('used_minor', 'what was granted at all levels, in the smallest unit'),
        ('used_share', 'what was granted at the counter, as a share of what was available'),
        ('week', 'its Monday, by the store''s days'),
        ('with_needs', 'in how many of them a need was recorded'),
        ('with_needs_share', 'that, as a share of all')) AS meaning (name, text) ON meaning.name = a.attname
         WHERE col_description(a.attrelid, a.attnum) IS NULL
    LOOP
        EXECUTE format('COMMENT ON COLUMN %s.%I IS %L', of_column.view, of_column.name, of_column.text);
    END LOOP;
END $$;
