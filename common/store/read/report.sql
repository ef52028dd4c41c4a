-- What the report views say of store $1 on the days from $2 to $3 (counted from 1970-01-01), as one JSON object: an array of
-- rows for each view, and `empowerment`, the sum of A7's days in one currency, the first of theirs.
WITH day AS MATERIALIZED (
    SELECT * FROM bellhop.empowerment_report v
     WHERE v.store_id = $1 AND v.day BETWEEN date '1970-01-01' + $2::integer AND date '1970-01-01' + $3::integer
), usual AS (
    SELECT min(d.currency) AS currency FROM day d
)
SELECT jsonb_build_object(
    'digest', (SELECT coalesce(jsonb_agg(to_jsonb(r)), '[]') FROM (
        SELECT v.day, v.sentence, v.compliments, v.kept_promises, v.returning_customers, v.sales_gains, v.earned, v.gained
          FROM bellhop.digest v
         WHERE v.store_id = $1 AND v.day BETWEEN date '1970-01-01' + $2::integer AND date '1970-01-01' + $3::integer
         ORDER BY v.day, v.until_at) r),
    'empowerment_report', (SELECT coalesce(jsonb_agg(to_jsonb(r)), '[]') FROM (
        SELECT d.* FROM day d ORDER BY d.day) r),
    'empowerment', (SELECT coalesce(jsonb_agg(to_jsonb(r)), '[]') FROM (
        SELECT coalesce(sum(d.requested), 0) AS requested, coalesce(sum(d.at_counter), 0) AS at_counter,
               round(sum(d.at_counter) / nullif(sum(d.requested), 0), 3) AS at_counter_share,
               coalesce(sum(d.escalated), 0) AS escalated, coalesce(sum(d.nearly_at_counter), 0) AS nearly_at_counter,
               coalesce(sum(d.refused_within_authority), 0) AS refused_within_authority,
               coalesce(sum(d.used_at_counter_minor) FILTER (WHERE d.currency = u.currency), 0) AS used_at_counter_minor,
               coalesce(sum(d.used_minor) FILTER (WHERE d.currency = u.currency), 0) AS used_minor,
               sum(d.available_minor) FILTER (WHERE d.currency = u.currency) AS available_minor,
               coalesce(sum(d.used_of_available_minor) FILTER (WHERE d.currency = u.currency), 0) AS used_of_available_minor,
               round(sum(d.used_of_available_minor) FILTER (WHERE d.currency = u.currency)
                     / nullif(sum(d.available_minor) FILTER (WHERE d.currency = u.currency), 0), 3) AS used_share,
               u.currency, coalesce(sum(d.given_without_yes), 0) AS given_without_yes,
               coalesce(sum(d.refused_at_counter), 0) AS refused_at_counter, coalesce(sum(d.employees), 0) AS employees,
               coalesce(sum(d.interactions), 0) AS interactions, coalesce(sum(d.hand_overs), 0) AS hand_overs,
               round(sum(d.hand_overs) / nullif(sum(d.interactions), 0), 3) AS hand_overs_per_interaction
          FROM usual u LEFT JOIN day d ON true
         GROUP BY u.currency) r),
    'no_within_authority', (SELECT coalesce(jsonb_agg(to_jsonb(r)), '[]') FROM (
        SELECT v.currency, sum(v.refused) AS refused, sum(v.refused_minor) AS refused_minor
          FROM bellhop.no_within_authority v
         WHERE v.store_id = $1 AND v.day BETWEEN date '1970-01-01' + $2::integer AND date '1970-01-01' + $3::integer
         GROUP BY v.currency ORDER BY v.currency) r),
    'lent_authority', (SELECT coalesce(jsonb_agg(to_jsonb(r)), '[]') FROM (
        SELECT v.lender, v.borrower, v.currency, sum(v.granted) AS granted, sum(v.granted_minor) AS granted_minor,
               sum(v.answered) AS answered
          FROM bellhop.lent_authority v
         WHERE v.store_id = $1 AND v.day BETWEEN date '1970-01-01' + $2::integer AND date '1970-01-01' + $3::integer
         GROUP BY v.lender, v.borrower, v.currency ORDER BY v.lender, v.borrower, v.currency) r),
    'second_hand_over', (SELECT coalesce(jsonb_agg(to_jsonb(r)), '[]') FROM (
        SELECT v.day, v.interaction_id, v.hand_overs, v.escalation_id, v.state, v.role, v.opened_at, v.resolved_at,
               v.resolved_by
          FROM bellhop.second_hand_over v
         WHERE v.store_id = $1 AND v.day BETWEEN date '1970-01-01' + $2::integer AND date '1970-01-01' + $3::integer
         ORDER BY v.day, v.opened_at, v.interaction_id LIMIT 1000) r),
    'depth', (SELECT coalesce(jsonb_agg(to_jsonb(r)), '[]') FROM (
        SELECT v.employee_id, sum(v.interactions) AS interactions, sum(v.with_needs) AS with_needs,
               round(sum(v.with_needs) / sum(v.interactions), 3) AS with_needs_share
          FROM bellhop.depth v
         WHERE v.store_id = $1 AND v.day BETWEEN date '1970-01-01' + $2::integer AND date '1970-01-01' + $3::integer
         GROUP BY v.employee_id ORDER BY v.employee_id) r),
    'more_than_asked', (SELECT coalesce(jsonb_agg(to_jsonb(r)), '[]') FROM (
        SELECT coalesce(sum(v.interactions), 0) AS interactions, coalesce(sum(v.with_needs), 0) AS with_needs,
               coalesce(sum(v.needs), 0) AS needs, round(sum(v.needs) / nullif(sum(v.interactions), 0), 3) AS needs_per_interaction,
               coalesce(sum(v.sales), 0) AS sales, coalesce(sum(v.sales_of_needs), 0) AS sales_of_needs,
               round(sum(v.sales_of_needs) / nullif(sum(v.sales), 0), 3) AS sales_of_needs_share
          FROM bellhop.more_than_asked v
         WHERE v.store_id = $1 AND v.day BETWEEN date '1970-01-01' + $2::integer AND date '1970-01-01' + $3::integer) r),
    'first_contact', (SELECT coalesce(jsonb_agg(to_jsonb(r)), '[]') FROM (
        SELECT v.how, sum(v.first_contacts) AS first_contacts, sum(v.waited) AS waited, sum(v.waited_ms) AS waited_ms,
               max(v.longest_waited_ms) AS longest_waited_ms, sum(v.ended_well) AS ended_well, sum(v.ended_badly) AS ended_badly
          FROM bellhop.first_contact v
         WHERE v.store_id = $1 AND v.day BETWEEN date '1970-01-01' + $2::integer AND date '1970-01-01' + $3::integer
         GROUP BY v.how ORDER BY sum(v.first_contacts) DESC, v.how LIMIT 100) r),
    'contacts_until_solved', (SELECT coalesce(jsonb_agg(to_jsonb(r)), '[]') FROM (
        SELECT coalesce(sum(v.troubles_begun), 0) AS troubles_begun, coalesce(sum(v.troubles_solved), 0) AS troubles_solved,
               coalesce(sum(v.solved_in_one), 0) AS solved_in_one,
               round(sum(v.solved_in_one) / nullif(sum(v.troubles_solved), 0), 3) AS solved_in_one_share,
               coalesce(sum(v.contacts_taken), 0) AS contacts_taken, coalesce(sum(v.hand_overs_taken), 0) AS hand_overs_taken,
               coalesce(sum(v.minutes_taken), 0) AS minutes_taken
          FROM bellhop.contacts_until_solved v
         WHERE v.store_id = $1 AND v.day BETWEEN date '1970-01-01' + $2::integer AND date '1970-01-01' + $3::integer) r),
    'regret', (SELECT coalesce(jsonb_agg(to_jsonb(r)), '[]') FROM (
        SELECT coalesce(sum(v.granted), 0) AS granted, coalesce(sum(v.granted_lost), 0) AS granted_lost,
               coalesce(sum(v.refused), 0) AS refused, coalesce(sum(v.refused_lost), 0) AS refused_lost,
               coalesce(sum(v.refused_within_authority), 0) AS refused_within_authority,
               coalesce(sum(v.refused_within_authority_lost), 0) AS refused_within_authority_lost,
               coalesce(sum(v.left_us), 0) AS left_us, coalesce(sum(v.complained_again), 0) AS complained_again,
               coalesce(sum(v.sixty_days_over), 0) AS sixty_days_over
          FROM bellhop.regret v
         WHERE v.store_id = $1 AND v.day BETWEEN date '1970-01-01' + $2::integer AND date '1970-01-01' + $3::integer) r),
    'why_they_leave', (SELECT coalesce(jsonb_agg(to_jsonb(r)), '[]') FROM (
        SELECT v.week, v.what, v.subject, v.customers, v.leaving_customers
          FROM bellhop.why_they_leave v
         WHERE v.store_id = $1 AND v.week = date '1970-01-01' + $2::integer - (date '1970-01-01' + $2::integer - date '0001-01-01') % 7
         ORDER BY v.customers DESC, v.what, v.subject LIMIT 100) r),
    'same_care', (SELECT coalesce(jsonb_agg(to_jsonb(r)), '[]') FROM (
        SELECT v.* FROM bellhop.same_care v
         WHERE v.store_id = $1 AND v.week = date '1970-01-01' + $2::integer - (date '1970-01-01' + $2::integer - date '0001-01-01') % 7) r),
    'word_of_mouth', (SELECT coalesce(jsonb_agg(to_jsonb(r)), '[]') FROM (
        SELECT coalesce(sum(v.interactions), 0) AS interactions, coalesce(sum(v.good), 0) AS good,
               coalesce(sum(v.bad), 0) AS bad, coalesce(sum(v.good_reach), 0) AS good_reach,
               coalesce(sum(v.bad_reach), 0) AS bad_reach
          FROM bellhop.word_of_mouth_day v
         WHERE v.store_id = $1 AND v.day BETWEEN date '1970-01-01' + $2::integer AND date '1970-01-01' + $3::integer) r),
    'second_failure', (SELECT coalesce(jsonb_agg(to_jsonb(r)), '[]') FROM (
        SELECT v.day, v.customer_id, v.interaction_id, v.escalation_id, v.state, v.role, v.opened_at, v.resolved_at, v.resolved_by
          FROM bellhop.second_failure v
         WHERE v.store_id = $1 AND v.day BETWEEN date '1970-01-01' + $2::integer AND date '1970-01-01' + $3::integer
         ORDER BY v.day, v.opened_at, v.escalation_id LIMIT 1000) r),
    'telephone', (SELECT coalesce(jsonb_agg(to_jsonb(r)), '[]') FROM (
        SELECT coalesce(sum(v.calls), 0) AS calls, coalesce(sum(v.held), 0) AS held, coalesce(sum(v.held_ms), 0) AS held_ms,
               coalesce(max(v.longest_held_ms), 0) AS longest_held_ms, coalesce(sum(v.menus), 0) AS menus,
               coalesce(sum(v.announcements), 0) AS announcements, coalesce(sum(v.hung_up), 0) AS hung_up,
               coalesce(sum(v.hung_up_waiting), 0) AS hung_up_waiting, coalesce(sum(v.call_backs), 0) AS call_backs,
               coalesce(sum(v.call_backs_owed), 0) AS call_backs_owed, coalesce(sum(v.hold_cases), 0) AS hold_cases,
               coalesce(sum(v.findings), 0) AS findings, coalesce(sum(v.interrupted), 0) AS interrupted
          FROM bellhop.telephone v
         WHERE v.store_id = $1 AND v.day BETWEEN date '1970-01-01' + $2::integer AND date '1970-01-01' + $3::integer) r),
    'finding', (SELECT coalesce(jsonb_agg(to_jsonb(r)), '[]') FROM (
        SELECT v.day, v.rule, v.rule_id, v.subject, v.value, v.sentence, count(*) AS times
          FROM bellhop.finding v
         WHERE v.store_id = $1 AND v.day BETWEEN date '1970-01-01' + $2::integer AND date '1970-01-01' + $3::integer AND NOT v.drill
         GROUP BY v.day, v.rule, v.rule_id, v.subject, v.value, v.sentence
         ORDER BY v.day, count(*) DESC, v.rule, v.subject, v.value LIMIT 100) r),
    'time_to_yes', (SELECT coalesce(jsonb_agg(to_jsonb(r)), '[]') FROM (
        SELECT v.role, count(*) AS answered, count(*) FILTER (WHERE v.answer = 'granted') AS granted,
               round(percentile_cont(0.5) WITHIN GROUP (ORDER BY v.seconds)::numeric, 1) AS median_seconds,
               round(percentile_cont(0.9) WITHIN GROUP (ORDER BY v.seconds)::numeric, 1) AS nine_in_ten_seconds,
               round(max(v.seconds), 1) AS longest_seconds
          FROM bellhop.remedy_answer v
         WHERE v.store_id = $1 AND v.day BETWEEN date '1970-01-01' + $2::integer AND date '1970-01-01' + $3::integer
           AND v.answer <> 'none'
         GROUP BY v.role ORDER BY max(v.seconds), v.role) r),
    'cost_by_level', (SELECT coalesce(jsonb_agg(to_jsonb(r)), '[]') FROM (
        SELECT v.role, v.amount_currency AS currency, count(*) AS handed_over,
               count(DISTINCT coalesce(v.interaction_id, v.remedy_id)) AS contacts, sum(v.amount_minor) AS cost_minor,
               round(sum(v.amount_minor) / count(DISTINCT coalesce(v.interaction_id, v.remedy_id))) AS cost_per_contact_minor
          FROM bellhop.remedy_answer v
         WHERE v.store_id = $1 AND v.day BETWEEN date '1970-01-01' + $2::integer AND date '1970-01-01' + $3::integer
           AND v.handed_over AND v.answer <> 'refused' AND v.amount_minor IS NOT NULL
         GROUP BY v.role, v.amount_currency ORDER BY v.amount_currency, v.role <> 'counter', sum(v.amount_minor), v.role) r),
    'staff_word', (SELECT coalesce(jsonb_agg(to_jsonb(r)), '[]') FROM (
        SELECT v.week, v.answered, v.able, v.able_share
          FROM bellhop.staff_word v
         WHERE v.store_id = $1 AND v.week >= date '1970-01-01' + $2::integer AND v.week + 6 <= date '1970-01-01' + $3::integer) r),
    'returning_customers', (SELECT coalesce(jsonb_agg(to_jsonb(r)), '[]') FROM (
        SELECT v.employee_id, sum(v.returned) AS returned
          FROM bellhop.returning_customers v
         WHERE v.store_id = $1 AND v.day BETWEEN date '1970-01-01' + $2::integer AND date '1970-01-01' + $3::integer
         GROUP BY v.employee_id ORDER BY sum(v.returned) DESC, v.employee_id) r))::text
