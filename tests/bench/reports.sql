-- A year of `stores` stores with `contacts` closed contacts a day each, as the tables of reports would hold it: written
-- by time, stores in turn, one contact in 16 asking for a remedy, one in 20 with a case, one in 25 with praise.
SET synchronous_commit = off;
CREATE TEMP TABLE contact AS
SELECT row_number() OVER (ORDER BY day, place, store) AS seq, day::date AS day,
       day + place * interval '12 hours' / :contacts + interval '8 hours' AS at,
       'store-' || store AS store_id, 'visit-' || place AS interaction_id, 'employee-' || store || '-' || place % 12 AS employee_id,
       random() AS chance, random() AS other, (random() * 10000)::integer AS pick
  FROM generate_series(current_date - 364, current_date, interval '1 day') day,
       generate_series(1, :contacts) place, generate_series(1, :stores) store
 ORDER BY day, place, store;

INSERT INTO bellhop_log.experience (seq, ordinal, epoch, store_id, interaction_id, outcome, feeling, reach, occurred_at, employee_id, drill,
                                    late, customer_id, opened_at, needs, offers, sales, hand_overs, complaints, remedies, promises,
                                    menus, announcements, held_ms, channel, day, queued_ms, moods, needs_by, sales_of_needs, first,
                                    how, leaving, trouble_contacts, trouble_hand_overs, trouble_ms, trouble_solved)
SELECT seq, 0, 1, store_id, interaction_id, 'SERVED', CASE WHEN chance < 0.1 THEN 'bad' WHEN chance < 0.5 THEN 'good' ELSE 'neither' END,
       CASE WHEN chance < 0.1 THEN 16 WHEN chance < 0.5 THEN 9 ELSE 0 END, at, employee_id, chance > 0.999, false,
       'customer-' || seq % 5000, at - interval '9 minutes', (other * 3)::integer, 2, 1, (other > 0.9)::integer + (other > 0.98)::integer,
       (pick % 25 = 1)::integer, 0, 0, 0, 0, 0, CASE WHEN other < 0.2 THEN 'PHONE' WHEN other < 0.3 THEN 'SERVICE_DESK' ELSE 'COUNTER' END,
       day, pick * 30, CASE WHEN chance < 0.1 THEN '{ANGRY}'::text[] END, CASE WHEN other > 0.4 THEN ARRAY[employee_id] END,
       (other > 0.5)::integer, pick % 10 = 0, (ARRAY['friend', 'advert'])[1 + pick % 3], pick % 100 = 1,
       CASE WHEN chance < 0.2 THEN 1 + pick % 3 END, 1, 600000, chance < 0.15
  FROM contact;
INSERT INTO bellhop_log.day_served (seq, ordinal, epoch, store_id, employee_id, day, from_at, until_at, role, authority_minor, authority_currency)
SELECT min(seq), 7, 1, store_id, employee_id, day, day, day + interval '1 day', 'associate', 50000, 'EUR'
  FROM contact GROUP BY store_id, employee_id, day;
INSERT INTO bellhop_log.remedy (seq, ordinal, epoch, remedy_id, store_id, interaction_id, kind, state, amount_minor, amount_currency,
                                charged_to, customer_id, requested_at, changed_at, escalation_id, drill, late, day, source)
SELECT seq, 1, 1, 'remedy-' || seq, store_id, interaction_id, 'refund', CASE WHEN other < 0.1 THEN 'refused' ELSE 'granted' END,
       (other * 9000)::bigint, 'EUR', employee_id, 'customer-' || seq % 5000, at, at,
       CASE WHEN other > 0.8 THEN '1-' || seq || '-1' END, false, false, day, ''
  FROM contact WHERE pick % 16 = 0;
INSERT INTO bellhop_log.case_state (seq, ordinal, epoch, escalation_id, store_id, interaction_id, rule, rule_id, role, opened_role, severity,
                                    state, round, opened_at, resolved_at, resolved_by, answer, causes, climbs, late, drill, silenced,
                                    outlives, proof, sentence, day)
SELECT seq, 1, 1, '1-' || seq || '-1', store_id, interaction_id, 'rule', rule_id, 'shift_lead', 'shift_lead', 'normal',
       CASE WHEN seq % 500 = 0 THEN 'open' ELSE 'resolved' END, 2, at, at + interval '5 minutes', 'lea', 'done', 1, 0, false, false, false,
       true, CASE rule_id WHEN 'A2' THEN :'proof'::bytea END, 'somebody is needed', day
  FROM (SELECT *, (ARRAY['A2', 'A4', 'C1', 'C3', 'F2'])[1 + (other * 4.99)::integer % 5] AS rule_id FROM contact WHERE pick % 20 = 0) c;
INSERT INTO bellhop_log.recognition (seq, ordinal, epoch, store_id, employee_id, manager_role, interaction_id, rule, rule_id, sentence,
                                     occurred_at, drill, late, kind, day)
SELECT seq, 2, 1, store_id, employee_id, 'store_manager', interaction_id, 'rule', (ARRAY['J1', 'G4'])[1 + (other > 0.5)::integer], 'well done', at,
       false, false, NULL, day
  FROM contact WHERE pick % 25 = 0;
INSERT INTO bellhop_log.coaching (seq, ordinal, epoch, employee_id, lead_role, sentence, subject, store_id, interaction_id, rule, rule_id,
                                  occurred_at, drill, late, day)
SELECT seq, 3, 1, employee_id, 'shift_lead', 'a yes was allowed', 'remedy-' || seq, store_id, interaction_id, 'rule',
       (ARRAY['A8', 'D3'])[1 + (other > 0.5)::integer], at, false, false, day
  FROM contact WHERE pick % 80 = 0;
INSERT INTO bellhop_log.finding (seq, ordinal, epoch, subject, sentence, value, store_id, rule, rule_id, occurred_at, drill, late, day)
SELECT seq, 5, 1, store_id || '/line', 'too many menus', 5, store_id, 'menus', 'F1', at, false, false, day FROM contact WHERE pick % 60 = 0;
INSERT INTO bellhop_log.follow_up (seq, ordinal, epoch, follow_up_id, store_id, rule, rule_id, kind, state, opened_at, drill, day)
SELECT seq, 6, 1, '1-' || seq || '-6', store_id, 'abandoned', 'F3', CASE WHEN other < 0.5 THEN 'call_back' ELSE 'recovery' END, 'done', at, false, day
  FROM contact WHERE pick % 30 = 0;
INSERT INTO bellhop_log.decision (seq, decided_at, policy_version, ordinal, epoch, kind, flags, store_id, rule_id, decision)
SELECT seq, occurred_at, 1, 3, 1, 42, 0, store_id, rule_id, '' FROM bellhop_log.coaching;
INSERT INTO bellhop_log.digest (seq, ordinal, epoch, store_id, day, since_at, until_at, compliments, kept_promises, returning_customers,
                                sales_gains, manager_role, sentence, detail)
SELECT max(seq), 4, 1, store_id, day, min(at), max(at), 4, 2, 3, 1, 'store_manager', 'good news', :'detail'::bytea
  FROM contact GROUP BY store_id, day;
INSERT INTO bellhop_log.staff_word (seq, ordinal, epoch, store_id, able, week, drill, late)
SELECT 4 * seq + 3, 8, 1, store_id, other < 0.7, day - (day - date '0001-01-01') % 7, false, false FROM contact WHERE pick % 50 = 2;
-- What of the log the reports read: openings (20), complaints (48), what customers leave for (51), and staff's words (66).
SELECT bellhop_log.add_month(month::date)
  FROM generate_series(date_trunc('month', current_date - 365), current_date + 31, interval '1 month') month
 WHERE NOT EXISTS (SELECT FROM bellhop_log.month m WHERE m.month = month.month::date);
INSERT INTO bellhop_log.event (id, seq, occurred_at, recorded_at, epoch, type, flags, source, store_id, interaction_id, employee_id, customer_id, event)
SELECT (left(bellhop_log.least_id(at)::text, 14) || '7' || right(md5(seq || '-' || type), 3) || '-8'
        || left(md5(seq || '-' || type), 3) || '-' || right(md5(type || '-' || seq), 12))::uuid, 4 * seq + place - 1, at, at, 1, type, 0, 'bench', store_id,
       interaction_id, employee_id, CASE WHEN other < 0.8 THEN 'customer-' || seq % 5000 END, ''
  FROM contact, unnest(ARRAY[20, 48, 51, 66]) WITH ORDINALITY kind (type, place)
 WHERE type = 20 OR type = 48 AND pick % 25 = 1 OR type = 51 AND pick % 100 = 1 OR type = 66 AND pick % 50 = 2;
DROP TABLE contact;
VACUUM (ANALYZE) bellhop_log.experience, bellhop_log.remedy, bellhop_log.case_state, bellhop_log.recognition, bellhop_log.coaching,
    bellhop_log.decision, bellhop_log.digest, bellhop_log.finding, bellhop_log.follow_up, bellhop_log.day_served, bellhop_log.staff_word,
    bellhop_log.event;
