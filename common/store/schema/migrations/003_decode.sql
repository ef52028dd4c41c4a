-- Reading protobuf in SQL: the shapes of our messages, filled in by bellhop-persist from its own descriptors
-- after every migration, and a decoder that they drive.

CREATE TABLE bellhop_log.message_field (
    message    text COLLATE "C" NOT NULL,       -- Event
    number     integer NOT NULL,
    name       text COLLATE "C" NOT NULL,
    type       text COLLATE "C" NOT NULL,       -- instant, integer, unsigned, zigzag, boolean, enum,
                                                -- string, document, uuid, bytes, message
    of_type    text COLLATE "C",                -- of an enum or message: its name
    is_list    boolean NOT NULL,
    PRIMARY KEY (message, number)
);

-- The same, one row a message: place n + 1 of each array is field number n.
CREATE TABLE bellhop_log.message_shape (
    message    text COLLATE "C" PRIMARY KEY,
    names      text[] NOT NULL,                 -- as JSON writes them: "kind":
    types      text[] NOT NULL,
    of_types   text[] NOT NULL,
    are_lists  boolean[] NOT NULL
);

CREATE FUNCTION bellhop_log.make_shapes() RETURNS void LANGUAGE sql AS $$
    DELETE FROM bellhop_log.message_shape;
    INSERT INTO bellhop_log.message_shape (message, names, types, of_types, are_lists)
    SELECT m.message, array_agg(to_json(f.name)::text || ':' ORDER BY n), array_agg(f.type ORDER BY n),
           array_agg(f.of_type ORDER BY n), array_agg(f.is_list ORDER BY n)
      FROM (SELECT message, max(number) AS highest FROM bellhop_log.message_field GROUP BY message) m
     CROSS JOIN LATERAL generate_series(0, m.highest) n
      LEFT JOIN bellhop_log.message_field f ON f.message = m.message AND f.number = n
     GROUP BY m.message;
$$;

CREATE TABLE bellhop_log.enum_value (
    enum       text COLLATE "C" NOT NULL,       -- DecisionKind
    number     integer NOT NULL,
    name       text COLLATE "C" NOT NULL,       -- CASE_OPENED
    PRIMARY KEY (enum, number)
);

-- An instant as our JSON writes it: RFC 3339 in UTC, a fraction only where there is one. Outside the years 1970 to 9999
-- it is a number: the first offset of a zone holds from the beginning of time.
CREATE FUNCTION bellhop_log.instant_text(microseconds bigint) RETURNS text LANGUAGE sql STABLE STRICT PARALLEL SAFE AS $$
    SELECT CASE WHEN microseconds BETWEEN 0 AND 253402300799999999
           THEN '"' || rtrim(rtrim(to_char((timestamptz 'epoch' + microseconds * interval '1 microsecond') AT TIME ZONE 'UTC',
                                           'YYYY-MM-DD"T"HH24:MI:SS.US'), '0'), '.') || 'Z"'
           ELSE microseconds::text END
$$;

-- A message as JSON text, as common/wire/json.h writes it: names as in proto/, enumerations by their names, ids of 16
-- bytes as UUIDs, other bytes in base64, *_at in RFC 3339. Fields it does not know are left out. The values of a list
-- follow one another, as every encoder of ours puts them.
CREATE FUNCTION bellhop_log.decode_text(message_name text, data bytea) RETURNS text
LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE AS $$
DECLARE
    shape     bellhop_log.message_shape;
    names     text[];
    types     text[];
    result    text := '{';
    separator text := '';
    list      integer := -1;    -- the list that is not closed yet
    size      integer := length(data);
    place     integer := 0;
    octet     integer;
    shift     integer;
    wire      integer;
    field     integer;          -- number + 1
    varint    bigint;
    part      bytea;
    value     text;
BEGIN
    SELECT * INTO shape FROM bellhop_log.message_shape m WHERE m.message = message_name;
    names := shape.names;
    types := shape.types;
    WHILE place < size LOOP
        octet := get_byte(data, place);
        place := place + 1;
        wire := octet & 7;
        field := (octet & 127) >> 3;
        shift := 4;
        WHILE octet > 127 LOOP
            octet := get_byte(data, place);
            place := place + 1;
            field := field | ((octet & 127) << shift);
            shift := shift + 7;
        END LOOP;
        field := field + 1;
        IF wire = 0 OR wire = 2 THEN
            octet := get_byte(data, place);
            place := place + 1;
            varint := octet & 127;
            shift := 7;
            WHILE octet > 127 LOOP
                octet := get_byte(data, place);
                place := place + 1;
                varint := varint | ((octet & 127)::bigint << shift);
                shift := shift + 7;
            END LOOP;
            IF wire = 2 THEN
                part := substr(data, place + 1, varint::integer);
                place := place + varint::integer;
            END IF;
        ELSE
            place := place + CASE wire WHEN 1 THEN 8 ELSE 4 END;
        END IF;
        CONTINUE WHEN names[field] IS NULL;
        CASE types[field]
            WHEN 'string' THEN value := to_json(convert_from(part, 'UTF8'))::text;
            WHEN 'integer' THEN value := varint::text;
            WHEN 'boolean' THEN value := CASE varint WHEN 0 THEN 'false' ELSE 'true' END;
            WHEN 'instant' THEN value := bellhop_log.instant_text(varint);
            WHEN 'unsigned' THEN
                value := CASE WHEN varint < 0 THEN (varint + 18446744073709551616)::text ELSE varint::text END;
            WHEN 'enum' THEN
                value := coalesce((SELECT '"' || e.name || '"' FROM bellhop_log.enum_value e
                                    WHERE e.enum = shape.of_types[field] AND e.number = varint), varint::text);
            WHEN 'message' THEN value := bellhop_log.decode_text(shape.of_types[field], part);
            WHEN 'zigzag' THEN value := (((varint >> 1) & 9223372036854775807) # -(varint & 1))::text;
            WHEN 'document' THEN value := to_json(convert_from(part, 'UTF8'))::text;
            ELSE
                value := '"' || CASE WHEN types[field] = 'uuid' AND length(part) = 16 THEN encode(part, 'hex')::uuid::text
                                     ELSE translate(encode(part, 'base64'), E'\n', '') END || '"';
        END CASE;
        IF list = field THEN
            result := result || ',' || value;
            CONTINUE;
        END IF;
        IF list >= 0 THEN
            result := result || ']';
            list := -1;
        END IF;
        result := result || separator || names[field];
        separator := ',';
        IF shape.are_lists[field] THEN
            list := field;
            result := result || '[';
        END IF;
        result := result || value;
    END LOOP;
    RETURN result || CASE WHEN list >= 0 THEN ']}' ELSE '}' END;
END $$;

CREATE FUNCTION bellhop.decode(message_name text, data bytea) RETURNS jsonb
LANGUAGE sql STABLE STRICT PARALLEL SAFE AS $$
    SELECT bellhop_log.decode_text(message_name, data)::jsonb
$$;
COMMENT ON FUNCTION bellhop.decode(text, bytea) IS
    'a protobuf message of proto/ as JSON; the first argument is its name, such as Decision';
