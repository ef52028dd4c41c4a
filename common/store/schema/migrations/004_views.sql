-- The public SQL surface: the views of schema bellhop, and who may read them.
--
-- `rule` is a rule's name in the policy (hold), `rule_id` its row of the domain (F2). Words of a fixed set are in
-- lower case, an experience's outcome excepted, which is as the event says it. Instants are timestamptz. late: it
-- came later than the policy allows; drill: an exercise, to be left out of every report.

-- How long a deadline may be past before it counts as unnoticed.
CREATE FUNCTION bellhop.grace() RETURNS interval LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT interval '1 minute'
$$;
COMMENT ON FUNCTION bellhop.grace() IS 'how long a deadline may be past before overdue_deadline shows it';

-- ---------------------------------------------------------------- what happened

-- A staff's word (type 66) is shown of nobody: see bellhop.staff_word.
CREATE VIEW bellhop.event AS
SELECT e.epoch, e.seq, e.id AS event_id, e.source, e.source_sequence, e.store_id, f.name AS type, e.occurred_at,
       e.recorded_at, CASE WHEN e.type <> 66 THEN e.interaction_id END AS interaction_id,
       CASE WHEN e.type <> 66 THEN e.employee_id END AS employee_id,
       CASE WHEN e.type <> 66 THEN e.customer_id END AS customer_id,
       coalesce(e.sent_at - (e.occurred_at - coalesce(e.skew_ms, 0) * interval '1 millisecond') >
                (SELECT p.late_after_ms * interval '1 millisecond'
                   FROM bellhop_log.policy_result p
                  WHERE p.policy_version <= e.seq AND p.late_after_ms IS NOT NULL
                  ORDER BY p.policy_version DESC LIMIT 1), false) AS late,
       e.flags & 1 <> 0 AS drill,
       e.skew_ms, e.sent_at,
       CASE WHEN e.type <> 66 THEN bellhop.decode('Event', e.event) -> f.name END AS body
  FROM bellhop_log.event e
  LEFT JOIN bellhop_log.message_field f ON f.message = 'Event' AND f.number = e.type;

CREATE VIEW bellhop.rejected_event AS
SELECT CASE WHEN length(r.key) = 16 THEN encode(r.key, 'hex')::uuid END AS event_id, r.source, r.reason, r.field,
       r.explanation, r.received_at, r.key, r.hash, r.content
  FROM bellhop_log.rejected_event r;

CREATE VIEW bellhop.source AS
SELECT s.source, nullif(s.incarnation, '') AS incarnation, s.highest_sequence, s.last_seen_at, s.skew_ms
  FROM bellhop_log.source s;

CREATE VIEW bellhop.source_gap AS
SELECT g.source, g.incarnation, g.first_missing, g.last_missing, g.last_missing - g.first_missing + 1 AS missing,
       g.noticed_at
  FROM bellhop_log.source_gap g;

CREATE VIEW bellhop.hand_over AS
SELECT e.store_id, e.interaction_id, e.occurred_at, e.employee_id AS from_employee_id,
       b.body ->> 'to_employee_id' AS to_employee_id,
       coalesce((b.body -> 'takes_ownership')::boolean, false) AS takes_ownership, e.seq
  FROM bellhop_log.event e
  JOIN bellhop_log.message_field f ON f.message = 'Event' AND f.name = 'handed_over' AND f.number = e.type,
       LATERAL (SELECT bellhop.decode('Event', e.event) -> 'handed_over' AS body OFFSET 0) b
 WHERE e.flags & 1 = 0;

-- ---------------------------------------------------------------- what was concluded

-- Without coaching, which is not for every analyst, and without the staff's words, which are shown of nobody.
CREATE VIEW bellhop.decision AS
SELECT d.epoch, d.seq, d.ordinal, d.epoch || '-' || d.seq || '-' || d.ordinal AS decision_id, d.rule, d.rule_id,
       lower(k.name) AS kind, d.store_id, d.interaction_id, d.decided_at, d.policy_version,
       d.flags & 1 <> 0 AS late, d.flags & 2 <> 0 AS drill, bellhop.decode('Decision', d.decision) AS detail,
       d.flags & 4 <> 0 AS silenced, d.subject_id, d.event_id
  FROM bellhop_log.decision d
  LEFT JOIN bellhop_log.enum_value k ON k.enum = 'DecisionKind' AND k.number = d.kind
 WHERE d.kind NOT IN (42, 46);

CREATE VIEW bellhop.coaching AS
SELECT c.epoch || '-' || c.seq || '-' || c.ordinal AS decision_id, c.store_id, c.employee_id, c.lead_role, c.rule,
       c.rule_id, c.sentence, c.subject, c.interaction_id, d.decided_at, c.late, c.drill,
       c.examples, c.since_at, c.until_at, c.lead_alone
  FROM bellhop_log.coaching c
  JOIN bellhop_log.decision d USING (seq, ordinal);

CREATE VIEW bellhop.escalation AS
SELECT c.escalation_id, c.interaction_id, c.store_id, c.rule, c.rule_id, c.subject, c.role, c.opened_role, c.severity,
       c.state, c.opened_at, c.acknowledged_at, c.acknowledged_by, c.acknowledged_until, c.resolved_at, c.resolved_by,
       c.answer, c.owner, c.climbs, c.late, c.drill, bellhop.decode('Proof', c.proof) AS proof,
       c.round, c.due_at, c.causes, c.silenced, c.customer_id, c.requested_minor, c.requested_currency,
       c.granted_minor, c.granted_currency, c.sentence, c.call_back, c.legal, c.climb_reason, c.policy_version,
       c.event_id, c.asked_by, c.called, c.declined_by, c.exception, c.lent_by
  FROM bellhop_log.case_state c;

CREATE VIEW bellhop.case_step AS
SELECT d.subject_id AS escalation_id, row_number() OVER (PARTITION BY d.subject_id ORDER BY d.seq, d.ordinal) AS step,
       d.epoch, d.seq, d.ordinal, lower(k.name) AS kind, d.decided_at, d.store_id, s.body ->> 'state' AS state,
       s.body ->> 'role' AS role, lower(s.body ->> 'severity') AS severity, (s.body -> 'round')::bigint AS round,
       (s.body ->> 'due_at')::timestamptz AS due_at, s.body ->> 'acknowledged_by' AS acknowledged_by,
       s.body ->> 'resolved_by' AS resolved_by, s.body ->> 'answer' AS answer, s.body ->> 'climb_reason' AS climb_reason,
       s.body ->> 'sentence' AS sentence, d.flags & 1 <> 0 AS late, d.flags & 2 <> 0 AS drill,
       d.flags & 4 <> 0 AS silenced, s.page_id
  FROM bellhop_log.decision d
  JOIN bellhop_log.enum_value k ON k.enum = 'DecisionKind' AND k.number = d.kind,
       LATERAL (SELECT x.whole -> 'case' AS body, x.whole ->> 'page_id' AS page_id
                  FROM (SELECT bellhop.decode('Decision', d.decision) AS whole OFFSET 0) x) s
 WHERE d.kind BETWEEN 10 AND 18 OR d.kind = 20;

CREATE VIEW bellhop.verdict AS
SELECT d.event_id, d.epoch, d.seq, d.store_id, d.interaction_id, d.decided_at, lower(v.body ->> 'outcome') AS outcome,
       v.body ->> 'remedy_id' AS remedy_id, (v.body -> 'amount' -> 'minor')::bigint AS amount_minor,
       v.body -> 'amount' ->> 'currency' AS amount_currency, c.escalation_id, c.role, c.state, c.answer,
       c.granted_minor, c.resolved_by AS answered_by, c.resolved_at AS answered_at, v.body -> 'cases' AS cases,
       v.body -> 'advice' AS advice, v.body -> 'proof' AS proof, d.policy_version, d.flags & 1 <> 0 AS late,
       d.flags & 2 <> 0 AS drill
  FROM bellhop_log.decision d,
       LATERAL (SELECT bellhop.decode('Decision', d.decision) -> 'verdict' AS body OFFSET 0) v
  LEFT JOIN bellhop_log.case_state c ON c.escalation_id = v.body -> 'cases' -> 0 ->> 'escalation_id'
 WHERE d.kind = 1;

CREATE VIEW bellhop.follow_up AS
SELECT f.follow_up_id, f.rule, f.rule_id, f.kind, f.state, f.store_id, f.interaction_id, f.customer_id, f.owner,
       f.opened_at, f.due_at, f.ended_at, f.ended_by, f.late, f.drill, f.silenced, f.sentence, f.subject,
       f.policy_version, f.served_by, f.outcome, coalesce(f.waits, false) AS waits
  FROM bellhop_log.follow_up f;

CREATE VIEW bellhop.remedy AS
SELECT r.remedy_id, r.store_id, nullif(r.interaction_id, '') AS interaction_id, nullif(r.source, '') AS source,
       coalesce(r.kind, CASE WHEN r.exception IS NOT NULL THEN 'exception' END) AS kind, r.state, r.amount_minor, r.amount_currency, r.charged_to, r.customer_id, r.requested_at, r.changed_at,
       r.escalation_id, r.late, r.drill, r.returned_minor, r.ungranted_minor, r.exception, r.lent_to
  FROM bellhop_log.remedy r;

CREATE VIEW bellhop.loan AS
SELECT l.epoch || '-' || l.seq || '-' || l.ordinal AS decision_id, l.store_id, l.lender, l.borrower, l.state, l.role,
       l.from_at, l.until_at, l.changed_at, l.late, l.drill
  FROM bellhop_log.loan l;

CREATE VIEW bellhop.promise AS
SELECT p.promise_id, p.store_id, p.interaction_id, p.state, p.owner, p.customer_id, p.made_at, p.due_at, p.ended_at,
       p.worth_minor, p.worth_currency, p.product_id, p.evidence, p.late, p.drill, p.owed_by_role, p.to_employee_id,
       p.about, p.escalation_ids, p.answer, p.answered_by
  FROM bellhop_log.promise p;

CREATE VIEW bellhop.recognition AS
SELECT r.epoch || '-' || r.seq || '-' || r.ordinal AS decision_id, r.store_id, r.employee_id, r.manager_role,
       r.interaction_id, r.rule, r.rule_id, r.sentence, r.occurred_at, r.late, r.drill, r.kind
  FROM bellhop_log.recognition r;

CREATE VIEW bellhop.finding AS
SELECT f.epoch || '-' || f.seq || '-' || f.ordinal AS decision_id, f.store_id, f.subject, f.value, f.sentence,
       f.interaction_id, f.rule, f.rule_id, f.occurred_at, f.late, f.drill,
       f.day AS day
  FROM bellhop_log.finding f;

CREATE VIEW bellhop.experience AS
SELECT x.epoch || '-' || x.seq || '-' || x.ordinal AS decision_id, x.store_id, x.interaction_id, x.outcome, x.feeling,
       x.reach, x.occurred_at, x.employee_id, x.late, x.drill
  FROM bellhop_log.experience x;

CREATE VIEW bellhop.policy AS
SELECT p.policy_version, p.name, lower(k.name) = 'policy_accepted' AS accepted, p.active_at, p.late_after_ms,
       p.findings, d.decided_at
  FROM bellhop_log.policy_result p
  JOIN bellhop_log.decision d USING (seq, ordinal)
  JOIN bellhop_log.enum_value k ON k.enum = 'DecisionKind' AND k.number = d.kind;

CREATE VIEW bellhop.policy_history AS
SELECT p.policy_version, p.name, p.decided_at, p.active_at,
       lead(p.active_at) OVER (ORDER BY p.policy_version) AS active_until
  FROM bellhop.policy p
 WHERE p.accepted;

-- Empty when all is well.
CREATE VIEW bellhop.overdue_deadline AS
SELECT 'case' AS what, c.escalation_id AS id, c.store_id, c.interaction_id, c.due_at, now() - c.due_at AS overdue
  FROM bellhop_log.case_state c
 WHERE c.state IN ('open', 'acknowledged') AND c.due_at < now() - bellhop.grace()
UNION ALL
SELECT 'follow_up', f.follow_up_id, f.store_id, f.interaction_id, f.due_at, now() - f.due_at
  FROM bellhop_log.follow_up f
 WHERE f.state = 'open' AND NOT f.silenced AND f.due_at < now() - bellhop.grace()
UNION ALL
SELECT 'promise', p.promise_id, p.store_id, p.interaction_id, p.due_at, now() - p.due_at
  FROM bellhop_log.promise p
 WHERE p.state IN ('open', 'renegotiated') AND p.due_at < now() - bellhop.grace()
   AND NOT EXISTS (SELECT FROM bellhop_log.decision d
                    WHERE d.seq = p.seq AND d.ordinal = p.ordinal AND d.flags & 4 <> 0)
UNION ALL
-- A state that was made anew tells them again before the old ones go.
SELECT w.what, o.subject, coalesce(o.store_id, f.store_id), coalesce(o.interaction_id, f.interaction_id), o.due_at,
       now() - o.due_at
  FROM (SELECT DISTINCT d.kind, d.subject, d.store_id, d.interaction_id, d.due_at
          FROM bellhop_log.deadline d WHERE d.due_at < now() - bellhop.grace()) o
  JOIN (VALUES ('rule_due', 'wait'), ('promise_reminder_due', 'promise'), ('preparation_reminder_due', 'appointment'),
               ('preparation_due', 'appointment'), ('digest_due', 'digest'), ('week_due', 'week'), ('nobody_home_due', 'nobody_home'),
               ('follow_up_long_due', 'follow_up'), ('policy_begins', 'policy')) AS w (kind, what) USING (kind)
  LEFT JOIN bellhop_log.follow_up f ON w.what = 'follow_up' AND f.follow_up_id = o.subject
UNION ALL
SELECT 'undecided_event', e.epoch || '-' || e.seq, e.store_id, e.interaction_id, e.recorded_at, now() - e.recorded_at
  FROM bellhop_log.event e
 WHERE e.seq > (SELECT h.cursor FROM bellhop_log.head h) AND e.recorded_at < now() - bellhop.grace();

CREATE VIEW bellhop.position AS
SELECT h.epoch, h.head, h.cursor, h.recorded_at FROM bellhop_log.head h;

-- ---------------------------------------------------------------- what it all means

-- A column that means the same in every view: {name, meaning}. It is for those that have no comment of their own yet.
CREATE FUNCTION bellhop_log.explain_columns(meanings text[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    meaning   text[];
    of_column record;
BEGIN
    FOREACH meaning SLICE 1 IN ARRAY meanings LOOP
        FOR of_column IN
            SELECT a.attrelid::regclass AS view, a.attname AS name
              FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid AND c.relnamespace = 'bellhop'::regnamespace
             WHERE a.attname = meaning[1] AND col_description(a.attrelid, a.attnum) IS NULL
        LOOP
            EXECUTE format('COMMENT ON COLUMN %s.%I IS %L', of_column.view, of_column.name, meaning[2]);
        END LOOP;
    END LOOP;
END $$;

SELECT bellhop_log.explain_columns(ARRAY[
    ['acknowledged_at', 'when somebody took it'],
    ['acknowledged_by', 'the employee who took it'],
    ['acknowledged_until', 'by when there will be an answer'],
    ['active_at', 'not in force before; at once when absent'],
    ['active_until', 'when another came into force; absent of the last'],
    ['advice', 'sentences of advice, with their rules'],
    ['amount_currency', 'ISO 4217'],
    ['returned_minor', 'what of it came back, in the smallest unit'],
    ['ungranted_minor', 'what of it nobody had granted, in the smallest unit'],
    ['amount_minor', 'the amount in the smallest unit of its currency'],
    ['answer', 'granted, refused, done'],
    ['answered_at', 'when it was answered'],
    ['answered_by', 'the employee who answered'],
    ['asked_by', 'the employee who asked for it'],
    ['body', 'what happened: the event''s own fields, without free text'],
    ['call_back', 'the customer is to be called'],
    ['called', 'who in particular is called now, since somebody else of the level cannot help'],
    ['cases', 'every case that the event opened or joined'],
    ['causes', '1, and one for each cause added'],
    ['changed_at', 'when it last changed'],
    ['charged_to', 'the employee whose authority is used'],
    ['climb_reason', 'why it climbed: not acknowledged, nobody home'],
    ['climbs', 'how often it went one level up'],
    ['content', 'the bytes as they came, cut, free text taken out'],
    ['cursor', 'the last decided position'],
    ['customer_id', 'a pseudonym; absent when unknown'],
    ['day', 'the store''s day'],
    ['decided_at', 'when its event was recorded'],
    ['decision_id', 'epoch-seq-ordinal: the decision''s name everywhere'],
    ['detail', 'the whole decision'],
    ['declined_by', 'who was called and cannot help'],
    ['drill', 'an exercise: counts for nothing'],
    ['due_at', 'when it is due; absent when no clock runs'],
    ['employee_id', 'who serves, or who acts'],
    ['ended_at', 'when it was over'],
    ['ended_by', 'who ended it'],
    ['epoch', 'which writer recorded it; rises with every takeover'],
    ['escalation_id', 'the case: id of the decision that opened it'],
    ['event_id', 'the id that the source gave the event'],
    ['about', 'the figure, rule or role that a proposal is about'],
    ['escalation_ids', 'the cases that a proposal is about'],
    ['owed_by_role', 'of the answer to a proposal: the role that keeps the policy'],
    ['evidence', 'an order number, a ticket'],
    ['exception', 'the kind of exception to a rule that was asked for; absent where it is about money'],
    ['examples', 'the contacts it is about'],
    ['explanation', 'the reason for people, with the value complained of'],
    ['feeling', 'good, neither, bad'],
    ['field', 'the field complained of'],
    ['findings', 'what is wrong with a refused policy, with line and column'],
    ['first_missing', 'the first number that has not arrived'],
    ['follow_up_id', 'id of the decision that opened it'],
    ['from_employee_id', 'who handed over'],
    ['granted_currency', 'ISO 4217'],
    ['granted_minor', 'the amount granted, in the smallest unit of its currency'],
    ['hash', 'of the content'],
    ['head', 'the last position'],
    ['highest_sequence', 'the highest number it has given'],
    ['id', 'its name: the escalation_id, follow_up_id, promise_id, appointment_id, the digest''s day, the week''s Monday, the policy''s version, or epoch-seq of the event that is undecided or began the wait'],
    ['incarnation', 'which installation of the source; numbers start anew with each'],
    ['interaction_id', 'the contact of one customer that it belongs to'],
    ['key', 'the id as sent, or the hash of the bytes where there was none'],
    ['kind', 'what kind it is'],
    ['last_missing', 'the last number that has not arrived'],
    ['last_seen_at', 'when its last event was recorded'],
    ['late', 'came later than the policy allows'],
    ['late_after_ms', 'how old an event may be when it is sent, in milliseconds'],
    ['lent_by', 'whose authority was used by whoever took or answered it: it was lent to them'],
    ['lent_to', 'who used it: the authority was lent to them; absent where whoever it is charged to did'],
    ['lender', 'whose authority it is'],
    ['borrower', 'to whom it is lent'],
    ['from_at', 'when it begins'],
    ['until_at', 'when it ends, or has ended'],
    ['lead_alone', 'their lead hears of it, nobody else'],
    ['lead_role', 'the role that sees it as well'],
    ['legal', 'marked for legal'],
    ['made_at', 'when it was promised'],
    ['manager_role', 'the role that hears of it as well'],
    ['missing', 'how many numbers that is'],
    ['name', 'its name'],
    ['noticed_at', 'when it was noticed'],
    ['occurred_at', 'when it happened, by a right clock'],
    ['opened_at', 'when it was opened'],
    ['opened_role', 'the level it was opened at'],
    ['ordinal', 'counts the decisions of one event, from 0'],
    ['outcome', 'how it ended'],
    ['overdue', 'for how long'],
    ['owner', 'the employee who knows the customer'],
    ['policy_version', 'position of the policy that was applied'],
    ['product_id', 'the goods it is about'],
    ['promise_id', 'the store''s name of the promise'],
    ['proof', 'why each level passed over could not decide: which limit, by how much'],
    ['reach', 'how many people are likely to hear of it'],
    ['reason', 'why, as a stable word'],
    ['received_at', 'when it came'],
    ['recorded_at', 'when it was committed; never decreases along seq'],
    ['remedy_id', 'the store''s name of the remedy request'],
    ['requested_at', 'when it was asked for'],
    ['requested_currency', 'ISO 4217'],
    ['requested_minor', 'the amount asked for, in the smallest unit of its currency'],
    ['resolved_at', 'when it was answered'],
    ['resolved_by', 'the employee who answered'],
    ['role', 'the level whose it is'],
    ['round', 'counts the states and levels it went through, from 1'],
    ['rule', 'the rule''s name in the policy'],
    ['rule_id', 'the rule''s row of the domain'],
    ['sent_at', 'when the source sent it, by the source''s clock'],
    ['served_by', 'who sold, promised or served: hears how it turned out'],
    ['sentence', 'what it says, by the policy'],
    ['seq', 'position of the event in the log, without gaps'],
    ['severity', 'low, normal, high, critical'],
    ['silenced', 'recorded, but nobody is paged: late or old'],
    ['skew_ms', 'how far the source''s clock was behind (negative: ahead), in milliseconds, where that was beyond the limit'],
    ['source', 'who sent it: store/register'],
    ['source_sequence', 'the number that its source gave it'],
    ['state', 'how it stands'],
    ['step', 'counts the changes of a case, from 1'],
    ['store_id', 'the store it belongs to'],
    ['subject', 'what it is about'],
    ['subject_id', 'the case, follow-up, remedy or promise it is about'],
    ['takes_ownership', 'the relationship went with it'],
    ['to_employee_id', 'who went on'],
    ['type', 'what happened: the name of the event''s body'],
    ['what', 'case, follow_up, promise, appointment, wait, digest, week, policy, nobody_home or undecided_event'],
    ['worth_currency', 'ISO 4217'],
    ['worth_minor', 'what it is worth, in the smallest unit of its currency']]);

COMMENT ON VIEW bellhop.event IS 'everything that happened, in the order it was recorded';
COMMENT ON VIEW bellhop.rejected_event IS 'what was not accepted and why, once for each key and content';
COMMENT ON VIEW bellhop.source IS 'who sends events, and when last';
COMMENT ON VIEW bellhop.source_gap IS 'numbers that a source has given and that have not arrived';
COMMENT ON VIEW bellhop.hand_over IS 'each time a contact was handed from one employee to another';
COMMENT ON VIEW bellhop.decision IS 'every conclusion, without coaching and the staff''s words';
COMMENT ON VIEW bellhop.coaching IS 'private hints to employees and their leads; for role bellhop_coach';
COMMENT ON VIEW bellhop.escalation IS 'cases as they stand: what was handed to a level that can decide it';
COMMENT ON VIEW bellhop.case_step IS 'the timeline of each case';
COMMENT ON VIEW bellhop.verdict IS 'what registers were answered, with the present answer of the first case';
COMMENT ON VIEW bellhop.follow_up IS 'tasks for the owner of a relationship, with a due time';
COMMENT ON VIEW bellhop.remedy IS 'remedies as they stand';
COMMENT ON VIEW bellhop.loan IS 'each time authority was lent to somebody, or taken back';
COMMENT ON COLUMN bellhop.loan.state IS 'lent, reclaimed';
COMMENT ON COLUMN bellhop.loan.role IS 'the level that is lent, as far as the lender has it';
COMMENT ON VIEW bellhop.promise IS 'promises as they stand, and the answers that proposals are owed';
COMMENT ON VIEW bellhop.recognition IS 'good news for employees';
COMMENT ON VIEW bellhop.finding IS 'facts worth a line in a report, for nobody''s attention now';
COMMENT ON COLUMN bellhop.finding.value IS 'the figure that was found, in the rule''s own unit';
COMMENT ON VIEW bellhop.experience IS 'how interactions ended and how many people are likely to hear of it';
COMMENT ON VIEW bellhop.policy IS 'policies that were proposed, accepted and refused';
COMMENT ON VIEW bellhop.policy_history IS 'the policies that were in force, one after the other';
COMMENT ON VIEW bellhop.overdue_deadline IS
    'deadlines and undecided events older than bellhop.grace(); empty when all is well';
COMMENT ON VIEW bellhop.position IS 'where the log and its decisions are';
COMMENT ON COLUMN bellhop.case_step.kind IS 'what changed: case_opened, case_climbed, case_resolved, case_muted …';
COMMENT ON COLUMN bellhop.case_step.silenced IS 'nobody is paged: late, old, or muted by a critical case of the same contact';
COMMENT ON COLUMN bellhop.case_step.page_id IS 'steps of cases that share it are one page, later ones update it';
COMMENT ON COLUMN bellhop.decision.kind IS 'what was concluded: verdict_given, case_opened, follow_up_opened …';
COMMENT ON COLUMN bellhop.escalation.state IS 'open, acknowledged, resolved, overtaken';
COMMENT ON COLUMN bellhop.experience.outcome IS 'SERVED, SATISFIED, NEUTRAL, DISSATISFIED, ABANDONED';
COMMENT ON COLUMN bellhop.follow_up.waits IS 'until its owner is on duty; due_at is then the latest';
COMMENT ON COLUMN bellhop.follow_up.kind IS 'call_back, recovery, check_in, goods_arrived, customer_care, thank_you, asked_for';
COMMENT ON COLUMN bellhop.follow_up.state IS 'open, done, overtaken, overdue';
COMMENT ON COLUMN bellhop.policy.accepted IS 'false: it changed nothing';
COMMENT ON COLUMN bellhop.policy.name IS 'for people';
COMMENT ON COLUMN bellhop.policy_history.decided_at IS 'when its proposal was recorded';
COMMENT ON COLUMN bellhop.policy_history.name IS 'for people';
COMMENT ON COLUMN bellhop.policy_history.policy_version IS 'position of its proposal';
COMMENT ON COLUMN bellhop.promise.state IS 'open, kept, broken, renegotiated, withdrawn';
COMMENT ON COLUMN bellhop.recognition.employee_id IS 'who earned it';
COMMENT ON COLUMN bellhop.recognition.kind IS 'what it counts as in the digest: compliment, returning_customer; absent of others';
COMMENT ON COLUMN bellhop.remedy.kind IS 'refund, replacement, discount, repair, goodwill, exception (to a rule)';
COMMENT ON COLUMN bellhop.remedy.state IS 'requested, reserved, granted, refused, withdrawn; unknown: only its return was told';
COMMENT ON COLUMN bellhop.verdict.outcome IS 'nothing, granted, escalated, advice, undecided, act_done, act_refused';
COMMENT ON COLUMN bellhop.verdict.escalation_id IS 'the first case that the event opened or joined';

-- ---------------------------------------------------------------- who may read

-- bellhop_analyst reads everything but coaching, bellhop_coach coaching as well. Called after every migration;
-- where the owner may not create roles, an administrator creates them and migrates once more.
CREATE FUNCTION bellhop_log.grant_views() RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    missing text := '';
    name    text;
BEGIN
    FOREACH name IN ARRAY ARRAY['bellhop_analyst', 'bellhop_coach'] LOOP
        BEGIN
            IF NOT EXISTS (SELECT FROM pg_roles r WHERE r.rolname = name) THEN
                EXECUTE format('CREATE ROLE %I NOLOGIN', name);
            END IF;
        EXCEPTION
            WHEN insufficient_privilege THEN missing := missing || ' ' || name;
            WHEN duplicate_object OR unique_violation THEN NULL;  -- another database's migration was first
        END;
    END LOOP;
    FOR name IN SELECT r.rolname FROM pg_roles r WHERE r.rolname IN ('bellhop_analyst', 'bellhop_coach') LOOP
        EXECUTE format('GRANT USAGE ON SCHEMA bellhop, bellhop_log TO %I', name);
        EXECUTE format('GRANT SELECT ON ALL TABLES IN SCHEMA bellhop TO %I', name);
        EXECUTE format('GRANT SELECT ON bellhop_log.message_field, bellhop_log.message_shape, bellhop_log.enum_value TO %I', name);
    END LOOP;
    IF EXISTS (SELECT FROM pg_roles r WHERE r.rolname = 'bellhop_analyst') THEN
        REVOKE ALL ON bellhop.coaching FROM bellhop_analyst;
    END IF;
    RETURN trim(missing);
END $$;
