-- Reports, continued: rows of the domain whose answer is a view. Days are those of UTC; drills are left out.

CREATE VIEW bellhop.empowerment_report AS
WITH asked AS (
    SELECT r.store_id, (r.requested_at AT TIME ZONE 'UTC')::date AS day, count(*) AS requested,
           count(*) FILTER (WHERE r.escalation_id IS NULL AND r.state IN ('reserved', 'granted')) AS at_counter,
           count(*) FILTER (WHERE r.escalation_id IS NOT NULL) AS escalated,
           coalesce(sum(r.amount_minor) FILTER (WHERE r.escalation_id IS NULL AND r.state IN ('reserved', 'granted')), 0)
               AS used_at_counter_minor,
           coalesce(sum(r.amount_minor) FILTER (WHERE r.state IN ('reserved', 'granted')), 0) AS used_minor
      FROM bellhop_log.remedy r WHERE NOT r.drill GROUP BY 1, 2
), nearly AS (
    SELECT c.store_id, (c.opened_at AT TIME ZONE 'UTC')::date AS day, count(*) AS nearly
      FROM bellhop_log.case_state c,
           LATERAL (SELECT bellhop.decode('Proof', c.proof) -> 'levels' -> 0 AS level OFFSET 0) p
     WHERE NOT c.drill AND c.rule_id = 'A2'
       AND (p.level -> 'shortfall_minor')::bigint * 5 <= (p.level -> 'limit_minor')::bigint
     GROUP BY 1, 2
), refused AS (
    SELECT d.store_id, (d.decided_at AT TIME ZONE 'UTC')::date AS day, count(*) AS refused
      FROM bellhop_log.decision d
     WHERE d.kind = 42 AND d.rule_id = 'A8' AND d.flags & 2 = 0 GROUP BY 1, 2
), met AS (
    SELECT x.store_id, (x.occurred_at AT TIME ZONE 'UTC')::date AS day, count(*) AS interactions,
           coalesce(sum(x.hand_overs), 0) AS hand_overs
      FROM bellhop_log.experience x WHERE NOT x.drill GROUP BY 1, 2
)
SELECT store_id, day, coalesce(a.requested, 0) AS requested, coalesce(a.at_counter, 0) AS at_counter,
       round(a.at_counter::numeric / nullif(a.requested, 0), 3) AS at_counter_share,
       coalesce(a.escalated, 0) AS escalated, coalesce(n.nearly, 0) AS nearly_at_counter,
       coalesce(r.refused, 0) AS refused_within_authority,
       coalesce(a.used_at_counter_minor, 0) AS used_at_counter_minor, coalesce(a.used_minor, 0) AS used_minor,
       coalesce(m.interactions, 0) AS interactions, coalesce(m.hand_overs, 0) AS hand_overs,
       round(m.hand_overs::numeric / nullif(m.interactions, 0), 3) AS hand_overs_per_interaction
  FROM asked a
  FULL JOIN nearly n USING (store_id, day)
  FULL JOIN refused r USING (store_id, day)
  FULL JOIN met m USING (store_id, day);
COMMENT ON VIEW bellhop.empowerment_report IS
    'A7, and A8 beside it: what was decided at the counter and what was not, by store and day';

CREATE VIEW bellhop.depth AS
SELECT x.store_id, x.employee_id, (x.occurred_at AT TIME ZONE 'UTC')::date AS day, count(*) AS interactions,
       count(*) FILTER (WHERE x.needs > 0) AS with_needs,
       round(count(*) FILTER (WHERE x.needs > 0)::numeric / count(*), 3) AS with_needs_share
  FROM bellhop_log.experience x
 WHERE NOT x.drill
 GROUP BY 1, 2, 3;
COMMENT ON VIEW bellhop.depth IS 'D4: in how many interactions needs were recorded, by store, employee and day';

CREATE VIEW bellhop.returning_customers AS
SELECT r.store_id, r.employee_id, (r.occurred_at AT TIME ZONE 'UTC')::date AS day, count(*) AS returned
  FROM bellhop_log.recognition r
 WHERE r.rule_id = 'G4' AND NOT r.drill
 GROUP BY 1, 2, 3;
COMMENT ON VIEW bellhop.returning_customers IS
    'G4: customers who came back after a good outcome, by store, the employee who earned it, and day';

CREATE VIEW bellhop.hand_over AS
SELECT e.store_id, e.interaction_id, e.occurred_at, e.employee_id AS from_employee_id,
       b.body ->> 'to_employee_id' AS to_employee_id,
       coalesce((b.body -> 'takes_ownership')::boolean, false) AS takes_ownership, e.seq
  FROM bellhop_log.event e
  JOIN bellhop_log.message_field f ON f.message = 'Event' AND f.name = 'handed_over' AND f.number = e.type,
       LATERAL (SELECT bellhop.decode('Event', e.event) -> 'handed_over' AS body OFFSET 0) b
 WHERE e.flags & 1 = 0;
COMMENT ON VIEW bellhop.hand_over IS 'each time a contact was handed from one employee to another';

CREATE VIEW bellhop.policy_history AS
SELECT p.policy_version, p.name, p.decided_at, p.active_at,
       lead(p.active_at) OVER (ORDER BY p.policy_version) AS active_until
  FROM bellhop.policy p
 WHERE p.accepted;
COMMENT ON VIEW bellhop.policy_history IS 'the policies that were in force, one after the other';

DO $$
DECLARE
    meaning record;
    place   record;
BEGIN
    FOR meaning IN SELECT * FROM (VALUES
        ('active_at', 'not in force before'),
        ('active_until', 'when another came into force; absent of the last'),
        ('at_counter', 'how many of them were granted at the counter'),
        ('at_counter_share', 'that, as a share of all'),
        ('day', 'the day, in UTC'),
        ('decided_at', 'when its proposal was recorded'),
        ('employee_id', 'who served'),
        ('escalated', 'how many of them were handed to a level that could decide'),
        ('from_employee_id', 'who handed over'),
        ('hand_overs', 'how often they were handed over'),
        ('hand_overs_per_interaction', 'that, per contact'),
        ('interaction_id', 'the contact of one customer'),
        ('interactions', 'how many contacts were closed'),
        ('name', 'for people'),
        ('nearly_at_counter', 'how many of those escalated a limit a fifth larger would have kept at the counter'),
        ('occurred_at', 'when it happened, by a right clock'),
        ('policy_version', 'position of its proposal'),
        ('refused_within_authority', 'how many noes were said where a yes was allowed (A8)'),
        ('requested', 'how many remedies were asked for'),
        ('returned', 'how many came back'),
        ('seq', 'position of the event in the log'),
        ('store_id', 'the store it belongs to'),
        ('takes_ownership', 'the relationship went with it'),
        ('to_employee_id', 'who went on'),
        ('used_at_counter_minor', 'what was granted at the counter, in the smallest unit'),
        ('used_minor', 'what was granted at all levels, in the smallest unit'),
        ('with_needs', 'in how many of them a need was recorded'),
        ('with_needs_share', 'that, as a share of all')) AS m (name, text)
    LOOP
        FOR place IN SELECT table_name FROM information_schema.columns
                      WHERE table_schema = 'bellhop' AND column_name = meaning.name
                        AND table_name IN ('empowerment_report', 'depth', 'returning_customers', 'hand_over',
                                           'policy_history') LOOP
            EXECUTE format('COMMENT ON COLUMN bellhop.%I.%I IS %L', place.table_name, meaning.name, meaning.text);
        END LOOP;
    END LOOP;
END $$;
