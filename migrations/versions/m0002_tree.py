"""The tree's tiles, checkpoints, attachments and time stamps. Frozen: never changes, and imports nothing of ours."""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

SQLITE = (
    """CREATE TABLE tile (
    level INTEGER NOT NULL,
    "index" INTEGER NOT NULL,
    hash BLOB NOT NULL,
    PRIMARY KEY (level, "index")
) WITHOUT ROWID""",
    """CREATE TABLE checkpoint (
    size INTEGER NOT NULL,
    root BLOB NOT NULL,
    note BLOB NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (size)
)""",
    """CREATE TABLE blob (
    sha256 BLOB NOT NULL,
    size BIGINT NOT NULL,
    data BLOB NOT NULL,
    PRIMARY KEY (sha256)
)""",
    """CREATE TABLE timestamp (
    token_sha256 BLOB NOT NULL,
    size BIGINT NOT NULL,
    token BLOB NOT NULL,
    received_at BIGINT NOT NULL,
    PRIMARY KEY (token_sha256)
)""",
    """CREATE TRIGGER tile_next BEFORE INSERT ON tile
WHEN NEW."index" IS NOT (SELECT coalesce(max("index"), -1) + 1 FROM tile WHERE level = NEW.level)
BEGIN SELECT RAISE(FAIL, 'casefold: a tile takes the next index of its level'); END""",
    """CREATE TRIGGER checkpoint_next BEFORE INSERT ON checkpoint
WHEN NEW.size IS NULL OR NEW.size <= (SELECT coalesce(max(size), -1) FROM checkpoint)
BEGIN SELECT RAISE(FAIL, 'casefold: a checkpoint is of a greater size than the last'); END""",
    """CREATE TRIGGER blob_once BEFORE INSERT ON blob
WHEN EXISTS (SELECT 1 FROM blob WHERE sha256 = NEW.sha256)
BEGIN SELECT RAISE(FAIL, 'casefold: this attachment is there already'); END""",
    """CREATE TRIGGER timestamp_once BEFORE INSERT ON timestamp
WHEN EXISTS (SELECT 1 FROM timestamp WHERE token_sha256 = NEW.token_sha256)
BEGIN SELECT RAISE(FAIL, 'casefold: this time stamp is there already'); END""",
    *(
        f"""CREATE TRIGGER {table}_never_updated BEFORE UPDATE ON {table}
BEGIN SELECT RAISE(ABORT, 'casefold: {table} is append-only; nothing in it is changed'); END"""
        for table in ("tile", "checkpoint", "blob", "timestamp")
    ),
    *(
        f"""CREATE TRIGGER {table}_never_deleted BEFORE DELETE ON {table}
BEGIN SELECT RAISE(ABORT, 'casefold: {table} is append-only; nothing is taken out of it'); END"""
        for table in ("tile", "checkpoint", "blob", "timestamp")
    ),
)

SETTINGS = (
    "SET search_path = casefold, pg_temp SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off"
)
"""Nothing outside the log's own schema is met in a trigger, and rows are looked up by their keys."""

POSTGRESQL = (
    """CREATE TABLE casefold.tile (
    level INTEGER NOT NULL,
    "index" BIGINT NOT NULL,
    hash BYTEA NOT NULL,
    PRIMARY KEY (level, "index")
)""",
    """CREATE TABLE casefold.checkpoint (
    size BIGINT NOT NULL,
    root BYTEA NOT NULL,
    note BYTEA NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (size)
)""",
    """CREATE TABLE casefold.blob (
    sha256 BYTEA NOT NULL,
    size BIGINT NOT NULL,
    data BYTEA NOT NULL,
    PRIMARY KEY (sha256)
)""",
    """CREATE TABLE casefold.timestamp (
    token_sha256 BYTEA NOT NULL,
    size BIGINT NOT NULL,
    token BYTEA NOT NULL,
    received_at BIGINT NOT NULL,
    PRIMARY KEY (token_sha256)
)""",
    f"""CREATE FUNCTION casefold.tile_next() RETURNS trigger LANGUAGE plpgsql {SETTINGS} AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM (SELECT level, min("index") AS a, max("index") AS z, count(*) AS many
        FROM fresh GROUP BY level) f WHERE z - a + 1 <> many OR a < 0 OR a > 0 AND (SELECT 1
        FROM casefold.tile t WHERE t.level = f.level AND t."index" = f.a - 1) IS NULL) THEN
        RAISE EXCEPTION 'casefold: a tile takes the next index of its level'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END
$$""",
    """CREATE TRIGGER tile_next AFTER INSERT ON casefold.tile REFERENCING NEW TABLE AS fresh
FOR EACH STATEMENT EXECUTE FUNCTION casefold.tile_next()""",
    "ALTER TABLE casefold.tile ENABLE ALWAYS TRIGGER tile_next",
    f"""CREATE FUNCTION casefold.checkpoint_next() RETURNS trigger LANGUAGE plpgsql {SETTINGS} AS $$
BEGIN
    IF (SELECT count(*) FROM casefold.checkpoint WHERE size >= (SELECT min(size) FROM fresh))
        <> (SELECT count(*) FROM fresh) THEN
        RAISE EXCEPTION 'casefold: a checkpoint is of a greater size than the last'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END
$$""",
    """CREATE TRIGGER checkpoint_next AFTER INSERT ON casefold.checkpoint REFERENCING NEW TABLE AS fresh
FOR EACH STATEMENT EXECUTE FUNCTION casefold.checkpoint_next()""",
    "ALTER TABLE casefold.checkpoint ENABLE ALWAYS TRIGGER checkpoint_next",
    *(
        statement
        for table in ("tile", "checkpoint", "blob", "timestamp")
        for verb, done in (("UPDATE", "updated"), ("DELETE", "deleted"), ("TRUNCATE", "truncated"))
        for statement in (
            f"""CREATE TRIGGER {table}_never_{done} BEFORE {verb} ON casefold.{table}
FOR EACH STATEMENT EXECUTE FUNCTION casefold.never()""",
            f"ALTER TABLE casefold.{table} ENABLE ALWAYS TRIGGER {table}_never_{done}",
        )
    ),
)

STEPS = {"sqlite": SQLITE, "postgresql": POSTGRESQL}


def upgrade() -> None:
    """Take the step, in the SQL of the database at hand; the program fills the tiles of a log that is there."""
    for statement in STEPS[op.get_bind().dialect.name]:
        op.execute(statement)
