-- What is concluded from the log: decisions, the rows they make, and the relay's durable streams.
--
-- The tables of bodies have one column for each field of the message of the same name (proto/bellhop/v1/decision.proto):
-- an amount `x` becomes x_minor and x_currency, an instant timestamptz, an enumeration its name in lower case, a
-- message bytea. seq and ordinal are the place of the decision that wrote the row. `day` is the store's, by its clocks; a
-- report that asks for a store and some days finds them in an index.

CREATE TABLE bellhop_log.decision (
    seq            bigint NOT NULL,             -- of the event it was concluded from
    decided_at     timestamptz NOT NULL,
    policy_version bigint,
    ordinal        integer NOT NULL,
    epoch          integer NOT NULL,
    kind           smallint NOT NULL,           -- DecisionKind
    flags          smallint NOT NULL,           -- 1: late, 2: drill, 4: silenced, 8: its event has free text
    event_id       uuid,
    rule           text COLLATE "C",
    rule_id        text COLLATE "C",
    store_id       text COLLATE "C",
    interaction_id text COLLATE "C",
    subject_id     text COLLATE "C",
    decision       bytea NOT NULL,              -- the Decision, byte for byte
    PRIMARY KEY (seq, ordinal)
);
-- The timeline of a case, and the answer that a verdict waits for.
CREATE INDEX decision_case ON bellhop_log.decision (subject_id, seq, ordinal) WHERE kind BETWEEN 10 AND 18;

CREATE TABLE bellhop_log.case_state (
    seq                 bigint NOT NULL,
    ordinal             integer NOT NULL,
    epoch               integer NOT NULL,
    escalation_id       text COLLATE "C" PRIMARY KEY,
    store_id            text COLLATE "C",
    interaction_id      text COLLATE "C",
    rule                text COLLATE "C",
    rule_id             text COLLATE "C",
    subject             text COLLATE "C",
    role                text COLLATE "C",
    opened_role         text COLLATE "C",
    severity            text COLLATE "C",
    state               text COLLATE "C",
    round               bigint,
    opened_at           timestamptz,
    due_at              timestamptz,
    acknowledged_at     timestamptz,
    acknowledged_by     text COLLATE "C",
    acknowledged_until  timestamptz,
    resolved_at         timestamptz,
    resolved_by         text COLLATE "C",
    answer              text COLLATE "C",
    granted_minor       bigint,
    granted_currency    text COLLATE "C",
    owner               text COLLATE "C",
    climbs              bigint,
    causes              bigint,
    late                boolean,
    drill               boolean,
    silenced            boolean,
    outlives            boolean,
    customer_id         text COLLATE "C",
    source              text COLLATE "C",
    event_id            uuid,
    requested_minor     bigint,
    requested_currency  text COLLATE "C",
    proof               bytea,
    sentence            text,
    call_back           boolean,
    legal               boolean,
    policy_version      bigint,
    climb_reason        text,
    changed_at          timestamptz,
    day                 date,
    asked_by            text COLLATE "C",
    called              text COLLATE "C",
    declined_by         text[],
    exception           text COLLATE "C",
    lent_by             text COLLATE "C"
);
CREATE INDEX case_open ON bellhop_log.case_state (escalation_id) WHERE state IN ('open', 'acknowledged');
CREATE INDEX case_day ON bellhop_log.case_state (store_id, day);
CREATE INDEX case_handed_over ON bellhop_log.case_state (store_id, interaction_id) WHERE rule_id = 'A4'; -- few

CREATE TABLE bellhop_log.follow_up (
    seq            bigint NOT NULL,
    ordinal        integer NOT NULL,
    epoch          integer NOT NULL,
    follow_up_id   text COLLATE "C" PRIMARY KEY,
    store_id       text COLLATE "C",
    interaction_id text COLLATE "C",
    rule           text COLLATE "C",
    rule_id        text COLLATE "C",
    kind           text COLLATE "C",
    state          text COLLATE "C",
    customer_id    text COLLATE "C",
    owner          text COLLATE "C",
    opened_at      timestamptz,
    due_at         timestamptz,
    ended_at       timestamptz,
    ended_by       text COLLATE "C",
    late           boolean,
    drill          boolean,
    silenced       boolean,
    sentence       text,
    subject        text COLLATE "C",
    policy_version bigint,
    day            date,
    occurred_at    timestamptz,
    served_by      text COLLATE "C",
    outcome        text COLLATE "C",
    waits          boolean,
    due_in_ms      bigint
);
CREATE INDEX follow_up_call_back ON bellhop_log.follow_up (store_id, day) WHERE kind = 'call_back';
CREATE INDEX follow_up_open ON bellhop_log.follow_up (follow_up_id) WHERE state IN ('open', 'overdue');

CREATE TABLE bellhop_log.remedy (
    seq             bigint NOT NULL,
    ordinal         integer NOT NULL,
    epoch           integer NOT NULL,
    remedy_id       text COLLATE "C",
    store_id        text COLLATE "C",
    interaction_id  text COLLATE "C",
    kind            text COLLATE "C",
    state           text COLLATE "C",
    amount_minor    bigint,
    amount_currency text COLLATE "C",
    charged_to      text COLLATE "C",
    customer_id     text COLLATE "C",
    requested_at    timestamptz,
    changed_at      timestamptz,
    escalation_id   text COLLATE "C",
    drill           boolean,
    late            boolean,
    day             date,
    source          text COLLATE "C",
    returned_minor     bigint,
    returned_currency  text COLLATE "C",
    ungranted_minor    bigint,
    ungranted_currency text COLLATE "C",
    exception       text COLLATE "C",
    lent_to         text COLLATE "C",
    -- ids of a register's own choosing, within a contact; where there is none, within the source. None is ''
    PRIMARY KEY (store_id, interaction_id, source, remedy_id, drill)
);
CREATE INDEX remedy_day ON bellhop_log.remedy (store_id, day);

CREATE TABLE bellhop_log.promise (
    seq            bigint NOT NULL,
    ordinal        integer NOT NULL,
    epoch          integer NOT NULL,
    promise_id     text COLLATE "C",
    store_id       text COLLATE "C",
    interaction_id text COLLATE "C",
    state          text COLLATE "C",
    owner          text COLLATE "C",
    customer_id    text COLLATE "C",
    made_at        timestamptz,
    due_at         timestamptz,
    ended_at       timestamptz,
    worth_minor    bigint,
    worth_currency text COLLATE "C",
    product_id     text COLLATE "C",
    evidence       text COLLATE "C",
    drill          boolean,
    late           boolean,
    owed_by_role   text COLLATE "C",
    to_employee_id text COLLATE "C",
    about          text COLLATE "C",
    escalation_ids text[],
    answer         text COLLATE "C",
    answered_by    text COLLATE "C",
    PRIMARY KEY (store_id, promise_id, drill)   -- an exercise has its own
);

CREATE INDEX promise_open ON bellhop_log.promise (due_at) WHERE state IN ('open', 'renegotiated');

CREATE TABLE bellhop_log.experience (
    seq                bigint NOT NULL,
    ordinal            integer NOT NULL,
    epoch              integer NOT NULL,
    store_id           text COLLATE "C",
    interaction_id     text COLLATE "C",
    outcome            text COLLATE "C",
    feeling            text COLLATE "C",
    reach              integer,
    occurred_at        timestamptz,
    employee_id        text COLLATE "C",
    drill              boolean,
    late               boolean,
    customer_id        text COLLATE "C",
    opened_at          timestamptz,
    needs              integer,
    offers             integer,
    sales              integer,
    hand_overs         integer,
    complaints         integer,
    remedies           integer,
    promises           integer,
    menus              integer,
    announcements      integer,
    held_ms            bigint,
    channel            text COLLATE "C",
    day                date,
    queued_ms          bigint,
    moods              text[],
    rating             integer,
    needs_by           text[],
    sales_of_needs     integer,
    first              boolean,
    how                text,
    leaving            boolean,
    trouble_contacts   integer,
    trouble_hand_overs integer,
    trouble_ms         bigint,
    trouble_solved     boolean
);
-- Hang-ups, holds and menus: what the telephone report asks of (F).
CREATE INDEX experience_phone ON bellhop_log.experience (store_id, day) WHERE channel = 'PHONE';
-- One index on contacts for days and weeks: each is paid by every contact that ends. By week a report reads what it needs;
-- by day it passes over the store's part of the index, not of the table. The first of January of the year 1 was a Monday.
CREATE INDEX experience_week ON bellhop_log.experience (store_id, (day - (day - date '0001-01-01') % 7), day);
-- The customers of few contacts are asked for by these.
CREATE INDEX experience_hurt ON bellhop_log.experience (store_id, interaction_id)
    WHERE hand_overs >= 2 OR complaints > 0 OR leaving;

CREATE TABLE bellhop_log.recognition (
    seq            bigint NOT NULL,
    ordinal        integer NOT NULL,
    epoch          integer NOT NULL,
    store_id       text COLLATE "C",
    employee_id    text COLLATE "C",
    manager_role   text COLLATE "C",
    interaction_id text COLLATE "C",
    rule           text COLLATE "C",
    rule_id        text COLLATE "C",
    sentence       text,
    occurred_at    timestamptz,
    drill          boolean,
    late           boolean,
    kind           text COLLATE "C",
    day            date
);
CREATE INDEX recognition_day ON bellhop_log.recognition (store_id, day);

CREATE TABLE bellhop_log.coaching (
    seq            bigint NOT NULL,
    ordinal        integer NOT NULL,
    epoch          integer NOT NULL,
    employee_id    text COLLATE "C",
    lead_role      text COLLATE "C",
    sentence       text,
    subject        text COLLATE "C",
    store_id       text COLLATE "C",
    interaction_id text COLLATE "C",
    rule           text COLLATE "C",
    rule_id        text COLLATE "C",
    occurred_at    timestamptz,
    drill          boolean,
    late           boolean,
    day            date,
    examples       text[],
    since_at       timestamptz,
    until_at       timestamptz,
    lead_alone     boolean
);
CREATE INDEX coaching_day ON bellhop_log.coaching (store_id, day);
CREATE INDEX coaching_no ON bellhop_log.coaching (store_id, interaction_id, subject) WHERE rule_id = 'A8'; -- few

-- J10. Whose word it was is in the log alone.
CREATE TABLE bellhop_log.staff_word (
    seq      bigint NOT NULL,
    ordinal  integer NOT NULL,
    epoch    integer NOT NULL,
    store_id text COLLATE "C",
    able     boolean,
    week     date,
    drill    boolean,
    late     boolean
);

CREATE TABLE bellhop_log.finding (
    seq            bigint NOT NULL,
    ordinal        integer NOT NULL,
    epoch          integer NOT NULL,
    subject        text COLLATE "C",
    sentence       text,
    value          bigint,
    store_id       text COLLATE "C",
    interaction_id text COLLATE "C",
    rule           text COLLATE "C",
    rule_id        text COLLATE "C",
    occurred_at    timestamptz,
    drill          boolean,
    late           boolean,
    day            date
);
CREATE INDEX finding_day ON bellhop_log.finding (store_id, day);

-- Each time authority was lent, or taken back (A11).
CREATE TABLE bellhop_log.loan (
    seq            bigint NOT NULL,
    ordinal        integer NOT NULL,
    epoch          integer NOT NULL,
    lender         text COLLATE "C",
    borrower       text COLLATE "C",
    store_id       text COLLATE "C",
    state          text COLLATE "C",
    role           text COLLATE "C",
    from_at        timestamptz,
    until_at       timestamptz,
    changed_at     timestamptz,
    drill          boolean,
    late           boolean,
    day            date
);
CREATE INDEX loan_day ON bellhop_log.loan (store_id, (coalesce(day, (changed_at AT TIME ZONE 'UTC')::date)));

-- The digest of a store's day (J3).
CREATE TABLE bellhop_log.digest (
    seq                 bigint NOT NULL,
    ordinal             integer NOT NULL,
    epoch               integer NOT NULL,
    store_id            text COLLATE "C",
    day                 date,                   -- that ended with this closing
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

-- Who served in a store on a day of it, and what their role may grant in a day. '': somebody nobody named, or nobody.
CREATE TABLE bellhop_log.day_served (
    seq                bigint NOT NULL,
    ordinal            integer NOT NULL,
    epoch              integer NOT NULL,
    store_id           text COLLATE "C",
    employee_id        text COLLATE "C",
    day                date,
    from_at            timestamptz,             -- the day, by the store's clocks
    until_at           timestamptz,
    role               text COLLATE "C",
    authority_minor    bigint,
    authority_currency text COLLATE "C",
    PRIMARY KEY (store_id, day, employee_id)
);

-- Accepted and refused policies.
CREATE TABLE bellhop_log.policy_result (
    seq            bigint NOT NULL,
    ordinal        integer NOT NULL,
    epoch          integer NOT NULL,
    name           text COLLATE "C",
    policy_version bigint,
    active_at      timestamptz,
    late_after_ms  bigint,
    findings       text[],
    roles          text[]                       -- its ladder, lowest first
);

-- The open deadlines that no row above shows, kept with the cursor: should nobody be there to notice one, it is seen here.
-- `run` is the state that holds them: what another one numbered is void once all of this one's are here.
CREATE TABLE bellhop_log.deadline (
    run            bigint NOT NULL,
    number         bigint NOT NULL,
    kind           text COLLATE "C" NOT NULL,   -- DeadlineKind
    subject        text COLLATE "C" NOT NULL,
    store_id       text COLLATE "C",
    interaction_id text COLLATE "C",
    due_at         timestamptz NOT NULL,
    PRIMARY KEY (run, number)
);
CREATE INDEX deadline_due ON bellhop_log.deadline (due_at);

CREATE TABLE bellhop_log.stream (
    name       text COLLATE "C" PRIMARY KEY,
    seq        bigint NOT NULL,                 -- everything up to here is confirmed, dead or from before
    changed_at timestamptz NOT NULL DEFAULT now(),
    state      bytea NOT NULL                   -- StreamState
);

CREATE TABLE bellhop_log.stream_dead_letter (
    stream         text COLLATE "C" NOT NULL REFERENCES bellhop_log.stream ON DELETE CASCADE,
    seq            bigint NOT NULL,
    ordinal        integer NOT NULL,
    epoch          integer NOT NULL,
    interaction_id text COLLATE "C",
    attempts       integer NOT NULL,
    reason         text,
    dead_at        timestamptz NOT NULL,
    PRIMARY KEY (stream, seq, ordinal)
);
