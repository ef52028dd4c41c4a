-- Reports: rows of the domain whose answer is a view, named after the row. Drills are left out of all of them.

CREATE VIEW bellhop.word_of_mouth AS
SELECT x.store_id, date_trunc('week', x.occurred_at AT TIME ZONE 'UTC')::date AS week,
       count(*) AS interactions,
       count(*) FILTER (WHERE x.feeling = 'good') AS good,
       count(*) FILTER (WHERE x.feeling = 'bad') AS bad,
       coalesce(sum(x.reach) FILTER (WHERE x.feeling = 'good'), 0) AS good_reach,
       coalesce(sum(x.reach) FILTER (WHERE x.feeling = 'bad'), 0) AS bad_reach
  FROM bellhop_log.experience x
 WHERE NOT x.drill
 GROUP BY 1, 2;
COMMENT ON VIEW bellhop.word_of_mouth IS 'G3: how many people are likely to hear of good and of bad experiences, by store and week';
COMMENT ON COLUMN bellhop.word_of_mouth.store_id IS 'the store';
COMMENT ON COLUMN bellhop.word_of_mouth.week IS 'its Monday, in UTC';
COMMENT ON COLUMN bellhop.word_of_mouth.interactions IS 'how many were closed';
COMMENT ON COLUMN bellhop.word_of_mouth.good IS 'how many of them were good experiences';
COMMENT ON COLUMN bellhop.word_of_mouth.bad IS 'how many of them were bad experiences';
COMMENT ON COLUMN bellhop.word_of_mouth.good_reach IS 'how many people are likely to hear of the good ones';
COMMENT ON COLUMN bellhop.word_of_mouth.bad_reach IS 'how many people are likely to hear of the bad ones';

CREATE VIEW bellhop.second_hand_over AS
SELECT h.store_id, h.interaction_id, h.hand_overs, h.first_at, h.last_at, c.escalation_id, c.state, c.role
  FROM (SELECT e.store_id, e.interaction_id, count(*) AS hand_overs, min(e.occurred_at) AS first_at,
               max(e.occurred_at) AS last_at
          FROM bellhop_log.event e
          JOIN bellhop_log.message_field f ON f.message = 'Event' AND f.name = 'handed_over' AND f.number = e.type
         WHERE e.flags & 1 = 0 AND e.interaction_id IS NOT NULL
         GROUP BY 1, 2
        HAVING count(*) >= 2) h
  LEFT JOIN bellhop_log.case_state c
    ON c.store_id = h.store_id AND c.interaction_id = h.interaction_id AND c.rule_id = 'A4' AND NOT c.drill;
COMMENT ON VIEW bellhop.second_hand_over IS 'A4: interactions that were handed over twice or more, with the case that this opened';
COMMENT ON COLUMN bellhop.second_hand_over.store_id IS 'the store';
COMMENT ON COLUMN bellhop.second_hand_over.interaction_id IS 'the contact of one customer';
COMMENT ON COLUMN bellhop.second_hand_over.hand_overs IS 'how often it was handed over';
COMMENT ON COLUMN bellhop.second_hand_over.first_at IS 'when it was first handed over';
COMMENT ON COLUMN bellhop.second_hand_over.last_at IS 'when it was last handed over';
COMMENT ON COLUMN bellhop.second_hand_over.escalation_id IS 'the case; absent while it is not decided';
COMMENT ON COLUMN bellhop.second_hand_over.state IS 'how the case stands';
COMMENT ON COLUMN bellhop.second_hand_over.role IS 'the level whose case it is';
