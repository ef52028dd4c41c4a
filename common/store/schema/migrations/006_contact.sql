-- What reports ask of a contact: columns of the experience that it was.

ALTER TABLE bellhop_log.experience
    ADD COLUMN customer_id   text COLLATE "C",
    ADD COLUMN opened_at     timestamptz,
    ADD COLUMN needs         integer,
    ADD COLUMN offers        integer,
    ADD COLUMN sales         integer,
    ADD COLUMN hand_overs    integer,
    ADD COLUMN complaints    integer,
    ADD COLUMN remedies      integer,
    ADD COLUMN promises      integer,
    ADD COLUMN menus         integer,
    ADD COLUMN announcements integer,
    ADD COLUMN held_ms       bigint,
    ADD COLUMN channel       text COLLATE "C";
