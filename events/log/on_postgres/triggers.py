"""The PostgreSQL triggers that keep the log append-only, as the newest schema has them; they guard against accidents.

Each speaks once a statement, so that COPY stays fast: what is inserted must be what comes next, and nothing is updated,
deleted (but a disclosure) or truncated. ENABLE ALWAYS has them speak in a session that plays the replica, too. Keys
between tables are asked after here, a statement at a time, and not row by row as foreign keys would; that no id is
taken twice is the part of the unique constraints.

Whoever owns the tables, and a superuser, can still take a trigger away: against people stand the Merkle tree and a
checkpoint kept elsewhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from events.log.triggers import ERASABLE, TABLES

SETTINGS: Final = (
    "search_path=casefold, pg_temp", "enable_seqscan=off", "enable_hashjoin=off", "enable_mergejoin=off",
)  # fmt: skip
"""What holds inside every function: no other schema's names, and rows looked up by their keys."""
NEVER: Final = "never"
_NEVER: Final = """
BEGIN
    RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', MESSAGE = concat(
        'casefold: ', TG_TABLE_NAME, ' is append-only; ',
        CASE TG_OP WHEN 'UPDATE' THEN 'nothing in it is changed' ELSE 'nothing is taken out of it' END);
END
"""
_NEXT: Final = (
    "EXISTS (SELECT 1 FROM (SELECT min({key}) AS a, max({key}) AS z, count(*) AS many FROM fresh) f\n"
    "        WHERE many > 0 AND (z - a + 1 <> many OR a - 1 <> coalesce(\n"
    "            (SELECT {key} FROM casefold.{table} WHERE {key} = f.a - 1), 0)))"
)
_REFUSALS: Final[Mapping[str, tuple[str, tuple[tuple[str, str], ...]]]] = {
    "log_once": ("log", (("(SELECT count(*) FROM casefold.log) > 1", "a log has one origin"),)),
    "cases_next": (
        "cases",
        ((_NEXT.format(table="cases", key="id"), "a case takes the next id and a new name"),),
    ),
    "event_types_next": (
        "event_types",
        ((_NEXT.format(table="event_types", key="id"), "an event type takes the next id and a new name"),),
    ),
    "event_next": (
        "event",
        (
            (_NEXT.format(table="event", key="position"), "an event takes the next position"),
            (
                ("EXISTS (SELECT 1 FROM (SELECT case_id, min(case_position) AS a, max(case_position) AS z,"
                " count(*) AS many\n        FROM fresh GROUP BY case_id) f"
                " WHERE z - a + 1 <> many OR a - 1 <> coalesce(\n"
                "            (SELECT case_position FROM casefold.event e\n"
                "            WHERE e.case_id = f.case_id AND e.case_position = f.a - 1), 0))"),
                "an event takes the next position of its case",
            ),
            (
                ("EXISTS (SELECT 1 FROM (SELECT DISTINCT case_id AS id FROM fresh) f\n"
                "        WHERE (SELECT 1 FROM casefold.cases c WHERE c.id = f.id) IS NULL)\n"
                "    OR EXISTS (SELECT 1 FROM (SELECT DISTINCT type_id AS id FROM fresh) f\n"
                "        WHERE (SELECT 1 FROM casefold.event_types t WHERE t.id = f.id) IS NULL)"),
                "an event is of a case and of a type that are there",
            ),
        ),
    ),
    "disclosure_once": (
        "disclosure",
        (
            (
                ("EXISTS (SELECT 1 FROM fresh f\n        WHERE (SELECT 1 FROM casefold.event e"
                " WHERE e.position = f.position) IS NULL)"),
                "a disclosure is of an event that is there",
            ),
        ),
    ),
    "batch_next": ("batch", ((_NEXT.format(table="batch", key="n"), "a batch takes the next number"),)),
    "tile_next": (
        "tile",
        (
            (
                ('EXISTS (SELECT 1 FROM (SELECT level, min("index") AS a, max("index") AS z, count(*) AS many\n'
                "        FROM fresh GROUP BY level) f WHERE z - a + 1 <> many OR a < 0 OR a > 0 AND (SELECT 1\n"
                '        FROM casefold.tile t WHERE t.level = f.level AND t."index" = f.a - 1) IS NULL)'),
                "a tile takes the next index of its level",
            ),
        ),
    ),
    "checkpoint_next": (
        "checkpoint",
        (
            (
                ("(SELECT count(*) FROM casefold.checkpoint WHERE size >= (SELECT min(size) FROM fresh))\n"
                "        <> (SELECT count(*) FROM fresh)"),
                "a checkpoint is of a greater size than the last",
            ),
        ),
    ),
}


def functions() -> Mapping[str, str]:
    """Give the body of every trigger function by name; each runs as whoever fires it, under `SETTINGS`.

    >>> sorted(functions())[:2]
    ['batch_next', 'cases_next']
    """
    made = {NEVER: _NEVER}
    for name, (_, refusals) in _REFUSALS.items():
        refused = "".join(
            f"    IF {wrong} THEN\n        RAISE EXCEPTION 'casefold: {words}'\n"
            "            USING ERRCODE = 'integrity_constraint_violation';\n    END IF;\n"
            for wrong, words in refusals
        )
        made[name] = f"\nBEGIN\n{refused}    RETURN NULL;\nEND\n"
    return made


def triggers() -> Mapping[str, str]:
    """Give every trigger by name, as PostgreSQL itself puts it into words.

    >>> triggers()["log_never_truncated"]
    'CREATE TRIGGER log_never_truncated BEFORE TRUNCATE ON casefold.log FOR EACH STATEMENT EXECUTE FUNCTION never()'
    """
    made = {
        name: f"CREATE TRIGGER {name} AFTER INSERT ON casefold.{table} REFERENCING NEW TABLE AS fresh"
        f" FOR EACH STATEMENT EXECUTE FUNCTION {name}()"
        for name, (table, _) in _REFUSALS.items()
    }
    for table in TABLES:
        for verb, done in (("UPDATE", "updated"), ("DELETE", "deleted"), ("TRUNCATE", "truncated")):
            if verb != "DELETE" or table not in ERASABLE:
                name = f"{table}_never_{done}"
                made[name] = (
                    f"CREATE TRIGGER {name} BEFORE {verb} ON casefold.{table} FOR EACH STATEMENT"
                    f" EXECUTE FUNCTION {NEVER}()"
                )
    return made
