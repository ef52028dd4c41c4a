-- The digest of a store's day (J3), and what a recognition counts as in it.

ALTER TABLE bellhop_log.recognition
    ADD COLUMN kind text COLLATE "C";

CREATE TABLE bellhop_log.digest (
    seq                 bigint NOT NULL,
    ordinal             integer NOT NULL,
    epoch               integer NOT NULL,
    store_id            text COLLATE "C",
    day                 text COLLATE "C",       -- 2026-11-27, by the store's clocks
    since_at            timestamptz,
    until_at            timestamptz,
    compliments         integer,
    kept_promises       integer,
    returning_customers integer,
    sales_gains         integer,
    manager_role        text COLLATE "C",
    sentence            text,
    detail              bytea                   -- DigestDetail
);
CREATE INDEX digest_day ON bellhop_log.digest (store_id, day);

CREATE OR REPLACE VIEW bellhop.recognition AS
SELECT r.epoch || '-' || r.seq || '-' || r.ordinal AS decision_id, r.store_id, r.employee_id, r.manager_role,
       r.interaction_id, r.rule, r.rule_id, r.sentence, r.occurred_at, r.late, r.drill, r.kind
  FROM bellhop_log.recognition r;
COMMENT ON COLUMN bellhop.recognition.kind IS 'what it counts as in the digest: compliment, returning_customer; absent of others';

CREATE VIEW bellhop.digest AS
SELECT d.epoch || '-' || d.seq || '-' || d.ordinal AS decision_id, d.store_id, d.day::date AS day, d.compliments,
       d.kept_promises, d.returning_customers, d.sales_gains, d.sentence, d.manager_role, d.since_at, d.until_at,
       coalesce(b.body -> 'lines', '[]') AS earned, coalesce(b.body -> 'gained', '[]') AS gained
  FROM bellhop_log.digest d,
       LATERAL (SELECT bellhop.decode('DigestDetail', d.detail) AS body OFFSET 0) b;
COMMENT ON VIEW bellhop.digest IS
    'J3: the good news of each store''s day, told at closing time; a day without any has none';
COMMENT ON COLUMN bellhop.digest.decision_id IS 'epoch-seq-ordinal: the decision''s name everywhere';
COMMENT ON COLUMN bellhop.digest.store_id IS 'the store';
COMMENT ON COLUMN bellhop.digest.day IS 'the day that ended with this closing, by the store''s clocks';
COMMENT ON COLUMN bellhop.digest.compliments IS 'how many compliments were paid';
COMMENT ON COLUMN bellhop.digest.kept_promises IS 'how many promises were kept';
COMMENT ON COLUMN bellhop.digest.returning_customers IS 'how many customers came back after a good outcome';
COMMENT ON COLUMN bellhop.digest.sales_gains IS 'how many sales gains were achieved';
COMMENT ON COLUMN bellhop.digest.sentence IS 'what it says, by the policy';
COMMENT ON COLUMN bellhop.digest.manager_role IS 'the role that hears it as well';
COMMENT ON COLUMN bellhop.digest.since_at IS 'when the first of its news was recorded';
COMMENT ON COLUMN bellhop.digest.until_at IS 'when the store closed';
COMMENT ON COLUMN bellhop.digest.earned IS 'the same counts for each employee who earned some of it';
COMMENT ON COLUMN bellhop.digest.gained IS 'what the sales gains brought that told an amount, one for each currency';
