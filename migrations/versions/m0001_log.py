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

STEPS = {"sqlite": SQLITE}


def upgrade() -> None:
    """Take the step, in the SQL of the database at hand."""
    for statement in STEPS[op.get_bind().dialect.name]:
        op.execute(statement)
