"""The log, its cases, types, events, disclosures and batches. Frozen: never changes, and imports nothing of ours."""

from __future__ import annotations

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

SQLITE = (
    """CREATE TABLE log (
    origin TEXT NOT NULL,
    "key" BLOB NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (origin)
)""",
    """CREATE TABLE cases (
    id INTEGER NOT NULL,
    name TEXT NOT NULL,
    PRIMARY KEY (id),
    UNIQUE (name)
)""",
    """CREATE TABLE event_types (
    id INTEGER NOT NULL,
    name TEXT NOT NULL,
    version INTEGER NOT NULL,
    PRIMARY KEY (id),
    UNIQUE (name, version)
)""",
    """CREATE TABLE event (
    position INTEGER NOT NULL,
    case_id INTEGER NOT NULL,
    case_position INTEGER NOT NULL,
    event_id TEXT NOT NULL,
    type_id INTEGER NOT NULL,
    earliest BIGINT,
    latest BIGINT,
    recorded_at BIGINT NOT NULL,
    body BLOB NOT NULL,
    leaf_hash BLOB NOT NULL,
    PRIMARY KEY (position),
    UNIQUE (case_id, case_position),
    UNIQUE (case_id, event_id),
    FOREIGN KEY(case_id) REFERENCES cases (id) DEFERRABLE INITIALLY DEFERRED,
    FOREIGN KEY(type_id) REFERENCES event_types (id) DEFERRABLE INITIALLY DEFERRED
)""",
    """CREATE TABLE disclosure (
    position INTEGER NOT NULL,
    field TEXT NOT NULL,
    salt BLOB NOT NULL,
    value BLOB NOT NULL,
    PRIMARY KEY (position, field),
    FOREIGN KEY(position) REFERENCES event (position) DEFERRABLE INITIALLY DEFERRED
) WITHOUT ROWID""",
    """CREATE TABLE batch (
    n INTEGER NOT NULL,
    sha256 TEXT NOT NULL,
    name TEXT NOT NULL,
    map_sha256 TEXT NOT NULL,
    first INTEGER NOT NULL,
    last INTEGER NOT NULL,
    loaded_at BIGINT NOT NULL,
    actor TEXT NOT NULL,
    PRIMARY KEY (n)
)""",
    """CREATE TRIGGER log_once BEFORE INSERT ON log
WHEN EXISTS (SELECT 1 FROM log)
BEGIN SELECT RAISE(FAIL, 'casefold: a log has one origin'); END""",
    """CREATE TRIGGER cases_next BEFORE INSERT ON cases
WHEN NEW.id IS NOT (SELECT coalesce(max(id), 0) + 1 FROM cases) OR EXISTS (SELECT 1 FROM cases WHERE name = NEW.name)
BEGIN SELECT RAISE(FAIL, 'casefold: a case takes the next id and a new name'); END""",
    """CREATE TRIGGER event_types_next BEFORE INSERT ON event_types
WHEN NEW.id IS NOT (SELECT coalesce(max(id), 0) + 1 FROM event_types)
OR EXISTS (SELECT 1 FROM event_types WHERE name = NEW.name AND version = NEW.version)
BEGIN SELECT RAISE(FAIL, 'casefold: an event type takes the next id and a new name'); END""",
    """CREATE TRIGGER event_next BEFORE INSERT ON event
WHEN NEW.position IS NOT (SELECT coalesce(max(position), 0) + 1 FROM event)
OR NEW.case_position IS NOT (SELECT coalesce(max(case_position), 0) + 1 FROM event WHERE case_id = NEW.case_id)
BEGIN SELECT RAISE(FAIL, 'casefold: an event takes the next position'); END""",
    """CREATE TRIGGER event_once BEFORE INSERT ON event
WHEN EXISTS (SELECT 1 FROM event WHERE case_id = NEW.case_id AND event_id = NEW.event_id)
BEGIN SELECT RAISE(FAIL, 'casefold: this id is taken in its case'); END""",
    """CREATE TRIGGER disclosure_once BEFORE INSERT ON disclosure
WHEN EXISTS (SELECT 1 FROM disclosure WHERE position = NEW.position AND field = NEW.field)
BEGIN SELECT RAISE(FAIL, 'casefold: this field is disclosed already'); END""",
    """CREATE TRIGGER batch_next BEFORE INSERT ON batch
WHEN NEW.n IS NOT (SELECT coalesce(max(n), 0) + 1 FROM batch)
BEGIN SELECT RAISE(FAIL, 'casefold: a batch takes the next number'); END""",
    *(
        f"""CREATE TRIGGER {table}_never_updated BEFORE UPDATE ON {table}
BEGIN SELECT RAISE(ABORT, 'casefold: {table} is append-only; nothing in it is changed'); END"""
        for table in ("log", "cases", "event_types", "event", "disclosure", "batch")
    ),
    *(
        f"""CREATE TRIGGER {table}_never_deleted BEFORE DELETE ON {table}
BEGIN SELECT RAISE(ABORT, 'casefold: {table} is append-only; nothing is taken out of it'); END"""
        for table in ("log", "cases", "event_types", "event", "batch")
    ),
)

SETTINGS = (
    "SET search_path = casefold, pg_temp SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off"
)
"""Nothing outside the log's own schema is met in a trigger, and rows are looked up by their keys."""

POSTGRESQL = (
    """CREATE TABLE casefold.log (
    origin TEXT COLLATE "C" NOT NULL,
    "key" BYTEA NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (origin)
)""",
    """CREATE TABLE casefold.cases (
    id INTEGER NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (id),
    UNIQUE (name)
)""",
    """CREATE TABLE casefold.event_types (
    id INTEGER NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    version INTEGER NOT NULL,
    PRIMARY KEY (id),
    UNIQUE (name, version)
)""",
    """CREATE TABLE casefold.event (
    position BIGINT NOT NULL,
    case_id INTEGER NOT NULL,
    case_position INTEGER NOT NULL,
    event_id TEXT COLLATE "C" NOT NULL,
    type_id INTEGER NOT NULL,
    earliest BIGINT,
    latest BIGINT,
    recorded_at BIGINT NOT NULL,
    body BYTEA NOT NULL,
    leaf_hash BYTEA NOT NULL,
    PRIMARY KEY (position),
    UNIQUE (case_id, case_position),
    UNIQUE (case_id, event_id)
)""",
    """CREATE TABLE casefold.disclosure (
    position BIGINT NOT NULL,
    field TEXT COLLATE "C" NOT NULL,
    salt BYTEA NOT NULL,
    value BYTEA NOT NULL,
    PRIMARY KEY (position, field)
)""",
    """CREATE TABLE casefold.batch (
    n INTEGER NOT NULL,
    sha256 TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    map_sha256 TEXT COLLATE "C" NOT NULL,
    first BIGINT NOT NULL,
    last BIGINT NOT NULL,
    loaded_at BIGINT NOT NULL,
    actor TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (n)
)""",
    "ALTER TABLE casefold.disclosure ALTER COLUMN value SET STATISTICS 0",
    "ALTER TABLE casefold.disclosure ALTER COLUMN salt SET STATISTICS 0",
    f"""CREATE FUNCTION casefold.never() RETURNS trigger LANGUAGE plpgsql {SETTINGS} AS $$
BEGIN
    RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', MESSAGE = concat(
        'casefold: ', TG_TABLE_NAME, ' is append-only; ',
        CASE TG_OP WHEN 'UPDATE' THEN 'nothing in it is changed' ELSE 'nothing is taken out of it' END);
END
$$""",
    f"""CREATE FUNCTION casefold.log_once() RETURNS trigger LANGUAGE plpgsql {SETTINGS} AS $$
BEGIN
    IF (SELECT count(*) FROM casefold.log) > 1 THEN
        RAISE EXCEPTION 'casefold: a log has one origin'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END
$$""",
    """CREATE TRIGGER log_once AFTER INSERT ON casefold.log REFERENCING NEW TABLE AS fresh
FOR EACH STATEMENT EXECUTE FUNCTION casefold.log_once()""",
    "ALTER TABLE casefold.log ENABLE ALWAYS TRIGGER log_once",
    f"""CREATE FUNCTION casefold.cases_next() RETURNS trigger LANGUAGE plpgsql {SETTINGS} AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM (SELECT min(id) AS a, max(id) AS z, count(*) AS many FROM fresh) f
        WHERE many > 0 AND (z - a + 1 <> many OR a - 1 <> coalesce(
            (SELECT id FROM casefold.cases WHERE id = f.a - 1), 0))) THEN
        RAISE EXCEPTION 'casefold: a case takes the next id and a new name'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END
$$""",
    """CREATE TRIGGER cases_next AFTER INSERT ON casefold.cases REFERENCING NEW TABLE AS fresh
FOR EACH STATEMENT EXECUTE FUNCTION casefold.cases_next()""",
    "ALTER TABLE casefold.cases ENABLE ALWAYS TRIGGER cases_next",
    f"""CREATE FUNCTION casefold.event_types_next() RETURNS trigger LANGUAGE plpgsql {SETTINGS} AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM (SELECT min(id) AS a, max(id) AS z, count(*) AS many FROM fresh) f
        WHERE many > 0 AND (z - a + 1 <> many OR a - 1 <> coalesce(
            (SELECT id FROM casefold.event_types WHERE id = f.a - 1), 0))) THEN
        RAISE EXCEPTION 'casefold: an event type takes the next id and a new name'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END
$$""",
    """CREATE TRIGGER event_types_next AFTER INSERT ON casefold.event_types REFERENCING NEW TABLE AS fresh
FOR EACH STATEMENT EXECUTE FUNCTION casefold.event_types_next()""",
    "ALTER TABLE casefold.event_types ENABLE ALWAYS TRIGGER event_types_next",
    f"""CREATE FUNCTION casefold.event_next() RETURNS trigger LANGUAGE plpgsql {SETTINGS} AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM (SELECT min(position) AS a, max(position) AS z, count(*) AS many FROM fresh) f
        WHERE many > 0 AND (z - a + 1 <> many OR a - 1 <> coalesce(
            (SELECT position FROM casefold.event WHERE position = f.a - 1), 0))) THEN
        RAISE EXCEPTION 'casefold: an event takes the next position'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF EXISTS (SELECT 1 FROM (SELECT case_id, min(case_position) AS a, max(case_position) AS z, count(*) AS many
        FROM fresh GROUP BY case_id) f WHERE z - a + 1 <> many OR a - 1 <> coalesce(
            (SELECT case_position FROM casefold.event e
            WHERE e.case_id = f.case_id AND e.case_position = f.a - 1), 0)) THEN
        RAISE EXCEPTION 'casefold: an event takes the next position of its case'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF EXISTS (SELECT 1 FROM (SELECT DISTINCT case_id AS id FROM fresh) f
        WHERE (SELECT 1 FROM casefold.cases c WHERE c.id = f.id) IS NULL)
    OR EXISTS (SELECT 1 FROM (SELECT DISTINCT type_id AS id FROM fresh) f
        WHERE (SELECT 1 FROM casefold.event_types t WHERE t.id = f.id) IS NULL) THEN
        RAISE EXCEPTION 'casefold: an event is of a case and of a type that are there'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END
$$""",
    """CREATE TRIGGER event_next AFTER INSERT ON casefold.event REFERENCING NEW TABLE AS fresh
FOR EACH STATEMENT EXECUTE FUNCTION casefold.event_next()""",
    "ALTER TABLE casefold.event ENABLE ALWAYS TRIGGER event_next",
    f"""CREATE FUNCTION casefold.disclosure_once() RETURNS trigger LANGUAGE plpgsql {SETTINGS} AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM fresh f
        WHERE (SELECT 1 FROM casefold.event e WHERE e.position = f.position) IS NULL) THEN
        RAISE EXCEPTION 'casefold: a disclosure is of an event that is there'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END
$$""",
    """CREATE TRIGGER disclosure_once AFTER INSERT ON casefold.disclosure REFERENCING NEW TABLE AS fresh
FOR EACH STATEMENT EXECUTE FUNCTION casefold.disclosure_once()""",
    "ALTER TABLE casefold.disclosure ENABLE ALWAYS TRIGGER disclosure_once",
    f"""CREATE FUNCTION casefold.batch_next() RETURNS trigger LANGUAGE plpgsql {SETTINGS} AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM (SELECT min(n) AS a, max(n) AS z, count(*) AS many FROM fresh) f
        WHERE many > 0 AND (z - a + 1 <> many OR a - 1 <> coalesce(
            (SELECT n FROM casefold.batch WHERE n = f.a - 1), 0))) THEN
        RAISE EXCEPTION 'casefold: a batch takes the next number'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END
$$""",
    """CREATE TRIGGER batch_next AFTER INSERT ON casefold.batch REFERENCING NEW TABLE AS fresh
FOR EACH STATEMENT EXECUTE FUNCTION casefold.batch_next()""",
    "ALTER TABLE casefold.batch ENABLE ALWAYS TRIGGER batch_next",
    *(
        statement
        for table in ("log", "cases", "event_types", "event", "disclosure", "batch")
        for verb, done in (("UPDATE", "updated"), ("DELETE", "deleted"), ("TRUNCATE", "truncated"))
        if (table, verb) != ("disclosure", "DELETE")
        for statement in (
            f"""CREATE TRIGGER {table}_never_{done} BEFORE {verb} ON casefold.{table}
FOR EACH STATEMENT EXECUTE FUNCTION casefold.never()""",
            f"ALTER TABLE casefold.{table} ENABLE ALWAYS TRIGGER {table}_never_{done}",
        )
    ),
)

STEPS = {"sqlite": SQLITE, "postgresql": POSTGRESQL}


def upgrade() -> None:
    """Take the step, in the SQL of the database at hand."""
    for statement in STEPS[op.get_bind().dialect.name]:
        op.execute(statement)
