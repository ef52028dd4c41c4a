-- The writer's place, changed by one plain statement a transaction: what it costs is paid by every event that comes
-- alone. The statement is common/store/write/writer.c's.

DROP FUNCTION bellhop_log.advance(integer, bigint, bigint, timestamptz, date[], bigint[], bigint[]);
DROP FUNCTION bellhop_log.decide(integer, bigint, bigint);
DROP FUNCTION bellhop_log.guard(integer);
DROP FUNCTION bellhop_log.check_safe();
DROP FUNCTION bellhop_log.month_reserve();

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
