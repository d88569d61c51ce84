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

STEPS = {"sqlite": SQLITE}


def upgrade() -> None:
    """Take the step, in the SQL of the database at hand; the program fills the tiles of a log that is there."""
    for statement in STEPS[op.get_bind().dialect.name]:
        op.execute(statement)
