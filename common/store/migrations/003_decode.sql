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

CREATE TABLE bellhop_log.enum_value (
    enum       text COLLATE "C" NOT NULL,       -- DecisionKind
    number     integer NOT NULL,
    name       text COLLATE "C" NOT NULL,       -- CASE_OPENED
    PRIMARY KEY (enum, number)
);

-- An instant as our JSON writes it: RFC 3339 in UTC, a fraction only where there is one.
CREATE FUNCTION bellhop_log.instant_text(microseconds bigint) RETURNS text LANGUAGE sql STABLE STRICT PARALLEL SAFE AS $$
    SELECT rtrim(rtrim(to_char((timestamptz 'epoch' + microseconds * interval '1 microsecond') AT TIME ZONE 'UTC',
                               'YYYY-MM-DD"T"HH24:MI:SS.US'), '0'), '.') || 'Z'
$$;

-- A message as JSON, as common/wire/json.h writes it: names as in proto/, enumerations by their names, ids of 16
-- bytes as UUIDs, other bytes in base64, *_at in RFC 3339. Fields it does not know are left out.
CREATE FUNCTION bellhop.decode(message_name text, data bytea) RETURNS jsonb
LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE AS $$
DECLARE
    result jsonb := '{}';
    size   integer := length(data);
    place  integer := 0;
    octet  integer;
    shift  integer;
    tag    integer;
    varint bigint;
    part   bytea;
    value  jsonb;
    field  bellhop_log.message_field;
BEGIN
    WHILE place < size LOOP
        tag := 0;
        shift := 0;
        LOOP
            octet := get_byte(data, place);
            place := place + 1;
            tag := tag | ((octet & 127) << shift);
            EXIT WHEN octet < 128;
            shift := shift + 7;
        END LOOP;
        IF (tag & 7) IN (0, 2) THEN
            varint := 0;
            shift := 0;
            LOOP
                octet := get_byte(data, place);
                place := place + 1;
                varint := varint | ((octet & 127)::bigint << shift);
                EXIT WHEN octet < 128;
                shift := shift + 7;
            END LOOP;
        ELSIF (tag & 7) = 1 THEN
            place := place + 8;
        ELSE
            place := place + 4;
        END IF;
        IF (tag & 7) = 2 THEN
            part := substr(data, place + 1, varint::integer);
            place := place + varint::integer;
        END IF;
        SELECT * INTO field FROM bellhop_log.message_field f WHERE f.message = message_name AND f.number = tag >> 3;
        CONTINUE WHEN NOT FOUND;
        value := CASE field.type
            WHEN 'instant' THEN to_jsonb(bellhop_log.instant_text(varint))
            WHEN 'integer' THEN to_jsonb(varint)
            WHEN 'unsigned' THEN to_jsonb(CASE WHEN varint < 0 THEN varint + 18446744073709551616 ELSE varint END)
            WHEN 'zigzag' THEN to_jsonb(((varint >> 1) & 9223372036854775807) # -(varint & 1))
            WHEN 'boolean' THEN to_jsonb(varint <> 0)
            WHEN 'enum' THEN (SELECT to_jsonb(e.name) FROM bellhop_log.enum_value e
                               WHERE e.enum = field.of_type AND e.number = varint)
            WHEN 'string' THEN to_jsonb(convert_from(part, 'UTF8'))
            WHEN 'message' THEN bellhop.decode(field.of_type, part)
            WHEN 'document' THEN to_jsonb(convert_from(part, 'UTF8'))
            ELSE to_jsonb(CASE WHEN field.type = 'uuid' AND length(part) = 16 THEN encode(part, 'hex')::uuid::text
                               ELSE translate(encode(part, 'base64'), E'\n', '') END)
        END;
        IF field.is_list THEN
            value := coalesce(result -> field.name, '[]') || jsonb_build_array(value);
        END IF;
        result := result || jsonb_build_object(field.name, value);
    END LOOP;
    RETURN result;
END $$;
COMMENT ON FUNCTION bellhop.decode(text, bytea) IS
    'a protobuf message of proto/ as JSON; the first argument is its name, such as Decision';
