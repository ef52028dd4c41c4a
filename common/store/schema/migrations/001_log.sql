-- The log: events in commit order, the writer's place in it, and what is known of their sources.
--
-- Everything in schema bellhop_log is bellhop-persist's own and may change with any version; analysts and
-- tests read the views of schema bellhop. Text is COLLATE "C": ids are compared as bytes, never by a locale.

CREATE SCHEMA IF NOT EXISTS bellhop_log;
CREATE SCHEMA bellhop;
COMMENT ON SCHEMA bellhop_log IS 'tables of bellhop-persist; read the views of schema bellhop instead';
COMMENT ON SCHEMA bellhop IS 'what Bellhop knows, for people and their programs: views only';

-- ---------------------------------------------------------------- events

-- One row an event. The primary key dedupes for as long as an event is kept: ids begin with 48 bits of Unix
-- milliseconds (UUIDv7, or v8 with the same prefix), and a partition holds the ids of one month. A further
-- index is paid by every event that it holds.
CREATE TABLE bellhop_log.event (
    id              uuid NOT NULL,
    seq             bigint NOT NULL,
    occurred_at     timestamptz NOT NULL,       -- corrected by skew_ms
    recorded_at     timestamptz NOT NULL,       -- never decreases along seq
    sent_at         timestamptz,                -- by the source's clock
    epoch           integer NOT NULL,
    type            smallint NOT NULL,          -- number of the body's field in message Event
    flags           smallint NOT NULL,          -- 1: drill, 2: has free text
    skew_ms         bigint,
    source_sequence bigint,
    source          text COLLATE "C" NOT NULL,
    incarnation     text COLLATE "C",
    store_id        text COLLATE "C",
    interaction_id  text COLLATE "C",
    employee_id     text COLLATE "C",
    customer_id     text COLLATE "C",
    event           bytea NOT NULL,             -- the Event in canonical form
    PRIMARY KEY (id)
) PARTITION BY RANGE (id);
CREATE INDEX event_seq ON bellhop_log.event (seq);
-- What reports count of the log itself: contacts opened (20), by whom, and handed over (50); what customers say, which are
-- few: questions nobody could answer (27), complaints (48) and signs of leaving (51). Exercises enter no report.
CREATE INDEX event_contact ON bellhop_log.event (store_id, occurred_at) WHERE type IN (20, 50) AND flags & 1 = 0;
CREATE INDEX event_named ON bellhop_log.event (store_id, interaction_id) WHERE type = 20 AND customer_id IS NOT NULL AND flags & 1 = 0;
CREATE INDEX event_said ON bellhop_log.event (store_id, occurred_at) WHERE type IN (27, 48, 51) AND flags & 1 = 0;

-- The partitions, and which positions each can hold: a reader of positions opens only those that overlap. highest_seq
-- runs ahead (MONTHS_AHEAD of common/store/write/months.h), so that it need not be written with every commit.
CREATE TABLE bellhop_log.month (
    month       date PRIMARY KEY,               -- its first day
    lowest_seq  bigint,                         -- NULL while it is empty
    highest_seq bigint
) WITH (fillfactor = 50);

-- The smallest id of an instant.
CREATE FUNCTION bellhop_log.least_id(at timestamptz) RETURNS uuid LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT (lpad(to_hex((extract(epoch FROM at) * 1000)::bigint), 12, '0') || repeat('0', 20))::uuid
$$;

CREATE FUNCTION bellhop_log.month_table(month date) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT 'event_' || to_char(month, 'YYYY_MM')
$$;

-- Make the partition of a month. It is built aside and attached, which does not wait for readers of the log.
CREATE FUNCTION bellhop_log.add_month(wanted date) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    name  text := bellhop_log.month_table(wanted);
    start timestamptz := wanted::timestamp AT TIME ZONE 'UTC';
    stop  timestamptz := (wanted + interval '1 month') AT TIME ZONE 'UTC';
BEGIN
    IF EXISTS (SELECT FROM bellhop_log.month WHERE month = wanted) THEN
        RETURN;
    END IF;
    EXECUTE format('CREATE TABLE bellhop_log.%I (LIKE bellhop_log.event INCLUDING ALL)', name);
    EXECUTE format('ALTER TABLE bellhop_log.event ATTACH PARTITION bellhop_log.%I FOR VALUES FROM (%L) TO (%L)',
                   name, bellhop_log.least_id(start), bellhop_log.least_id(stop));
    INSERT INTO bellhop_log.month (month) VALUES (wanted);
END $$;

-- months[i] can hold positions from lowest[i] to highest[i].
CREATE FUNCTION bellhop_log.open_months(months date[], lowest bigint[], highest bigint[])
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    FOR i IN 1 .. cardinality(months) LOOP
        PERFORM bellhop_log.add_month(months[i]);
        UPDATE bellhop_log.month m
           SET lowest_seq = least(m.lowest_seq, lowest[i]), highest_seq = greatest(m.highest_seq, highest[i])
         WHERE m.month = months[i];
    END LOOP;
END $$;

-- Free text that people wrote: apart from the event, so that it can be erased without changing anything.
CREATE TABLE bellhop_log.event_text (
    event_id uuid NOT NULL,
    field    text COLLATE "C" NOT NULL,         -- complaint.text
    text     text NOT NULL,
    PRIMARY KEY (event_id, field)
);

-- What was not accepted and why: once for each key and content.
CREATE TABLE bellhop_log.rejected_event (
    key         bytea NOT NULL,                 -- the id as sent, or the hash where there was none
    hash        bytea NOT NULL,
    source      text COLLATE "C",
    reason      text COLLATE "C" NOT NULL,
    field       text COLLATE "C",
    explanation text,
    content     bytea,
    received_at timestamptz NOT NULL,
    PRIMARY KEY (key, hash)
);

-- ---------------------------------------------------------------- the writer's place

-- One row. Every transaction of the writer changes it by one plain statement (common/store/write/writer.c), whose cost
-- every event that comes alone pays. It fails when it finds another epoch or place there than it expects: a writer that was
-- taken over cannot commit.
CREATE TABLE bellhop_log.head (
    single      boolean PRIMARY KEY DEFAULT true CHECK (single),
    epoch       integer NOT NULL DEFAULT 0,
    head        bigint NOT NULL DEFAULT 0,      -- last committed seq
    cursor      bigint NOT NULL DEFAULT 0,      -- last decided seq
    recorded_at timestamptz NOT NULL DEFAULT 'epoch',
    sources_seq bigint NOT NULL DEFAULT 0,      -- table source tells of events up to here
    CHECK (cursor <= head)
) WITH (fillfactor = 50, autovacuum_vacuum_threshold = 2000, autovacuum_vacuum_scale_factor = 0);
INSERT INTO bellhop_log.head DEFAULT VALUES;

CREATE TABLE bellhop_log.epoch (
    epoch     integer PRIMARY KEY,
    first_seq bigint NOT NULL,                  -- the first it may give
    since     timestamptz NOT NULL DEFAULT now()
);

-- Begin to write. Waits for the transaction of the writer before, if there is one left.
CREATE FUNCTION bellhop_log.take_over() RETURNS bellhop_log.head LANGUAGE plpgsql AS $$
DECLARE
    place bellhop_log.head;
BEGIN
    UPDATE bellhop_log.head SET epoch = epoch + 1 RETURNING * INTO STRICT place;
    INSERT INTO bellhop_log.epoch (epoch, first_seq) VALUES (place.epoch, place.head + 1);
    RETURN place;
END $$;

-- Why this server may lose what it has committed; NULL: it does not.
CREATE FUNCTION bellhop_log.unsafe_setting() RETURNS text LANGUAGE sql STABLE AS $$
    SELECT CASE WHEN NOT current_setting('fsync')::boolean THEN 'fsync is off'
                WHEN NOT current_setting('full_page_writes')::boolean THEN 'full_page_writes is off'
                WHEN current_setting('synchronous_commit') = 'off' THEN 'synchronous_commit is off' END
$$;

-- Ends the transaction.
CREATE FUNCTION bellhop_log.refuse(code text, reason text) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '%', reason USING ERRCODE = code;
END $$;

-- May this transaction write, whose writer took the log for (epoch, head, cursor)? BH001 and BH002: another has moved it.
-- BH003: the server may lose what it commits; asked each time, because that can be changed while it runs.
CREATE FUNCTION bellhop_log.may_write(place bellhop_log.head, epoch integer, head bigint, cursor bigint)
RETURNS boolean LANGUAGE sql VOLATILE AS $$
    SELECT CASE WHEN place.epoch <> epoch OR place.head <> head
                THEN bellhop_log.refuse('BH001', 'another writer has taken over, or the head is not ' || head)
                WHEN place.cursor <> cursor
                THEN bellhop_log.refuse('BH002', 'another writer has taken over, or the cursor is not ' || cursor)
                WHEN bellhop_log.unsafe_setting() IS NOT NULL
                THEN bellhop_log.refuse('BH003', bellhop_log.unsafe_setting())
                ELSE true END
$$;

-- The events after a position, in order, from the partitions that can hold some.
CREATE FUNCTION bellhop_log.events_after(after bigint, most integer) RETURNS SETOF bellhop_log.event
LANGUAGE plpgsql STABLE AS $$
DECLARE
    months text;
BEGIN
    -- Positions are dense: the page ends at after + most, wherever its events are kept.
    SELECT string_agg(format('SELECT * FROM bellhop_log.%I WHERE seq > $1 AND seq <= $1 + $2',
                             bellhop_log.month_table(m.month)), ' UNION ALL ')
      INTO months FROM bellhop_log.month m
     WHERE m.highest_seq > after AND m.lowest_seq <= after + most;
    IF months IS NOT NULL THEN
        RETURN QUERY EXECUTE months || ' ORDER BY seq' USING after, most;
    END IF;
END $$;

-- ---------------------------------------------------------------- sources

CREATE TABLE bellhop_log.source (
    source           text COLLATE "C" NOT NULL,
    incarnation      text COLLATE "C" NOT NULL, -- '' of a source that does not number
    highest_sequence bigint,
    last_seen_at     timestamptz NOT NULL,
    skew_ms          bigint,                    -- of its last event
    seq              bigint NOT NULL,           -- its events up to here are in this row and its gaps
    PRIMARY KEY (source, incarnation)
);

-- Numbers that a source has given and that have not arrived.
CREATE TABLE bellhop_log.source_gap (
    source        text COLLATE "C" NOT NULL,
    incarnation   text COLLATE "C" NOT NULL,
    first_missing bigint NOT NULL,
    last_missing  bigint NOT NULL,
    noticed_at    timestamptz NOT NULL,
    PRIMARY KEY (source, incarnation, first_missing)
);
