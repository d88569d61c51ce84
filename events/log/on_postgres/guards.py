"""The schema of a log on PostgreSQL as its catalogues tell it, compared with the program's. Reads no event.

Everything in the schema is looked at, not tables alone: a rule, a policy, a child table or an altered function could
make the log read or write otherwise than it says.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any, Final

from events.log.database import Row
from events.log.on_postgres.session import SCHEMA
from events.log.on_postgres.triggers import SETTINGS, functions, triggers

THEIRS: Final = "alembic_version"
_OURS: Final = f"(SELECT oid FROM pg_namespace WHERE nspname = '{SCHEMA}')"
_RELATIONS: Final = f"(SELECT oid FROM pg_class WHERE relnamespace = {_OURS} AND relname <> '{THEIRS}')"
_ACTING: Final = f"""
SELECT 'trigger', tgname::text, pg_get_triggerdef(oid) || CASE tgenabled WHEN 'A' THEN '' ELSE ' not always' END
FROM pg_trigger WHERE tgrelid IN {_RELATIONS} AND NOT tgisinternal
UNION ALL
SELECT 'function', proname::text, concat_ws(E'\\n', prorettype::regtype, l.lanname, proargtypes,
    CASE WHEN prosecdef THEN 'as its owner' END, array_to_string(proconfig, ';'), prosrc)
FROM pg_proc p JOIN pg_language l ON l.oid = p.prolang WHERE pronamespace = {_OURS}
"""
_STANDING: Final = f"""
SELECT 'table', c.relname::text, concat_ws(E'\\n',
    (SELECT string_agg(concat(a.attname, ' ', format_type(a.atttypid, a.atttypmod),
        CASE WHEN l.collname = 'C' THEN ' C' WHEN l.collname <> 'default' THEN ' ' || l.collname END,
        CASE WHEN a.attnotnull THEN ' not null' END, CASE WHEN a.atthasdef THEN ' with a default' END),
        E'\\n' ORDER BY a.attnum)
    FROM pg_attribute a LEFT JOIN pg_collation l ON l.oid = a.attcollation
    WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped),
    CASE WHEN c.relkind <> 'r' THEN 'of kind ' || c.relkind::text END,
    CASE WHEN c.relpersistence <> 'p' THEN 'not kept after a crash' END,
    CASE WHEN c.relrowsecurity OR c.relforcerowsecurity THEN 'with row security' END,
    CASE WHEN c.relhassubclass THEN 'with tables that inherit from it' END,
    CASE WHEN c.relispartition THEN 'a part of another' END)
FROM pg_class c WHERE c.oid IN {_RELATIONS} AND c.relkind NOT IN ('i', 'I', 'c', 't')
UNION ALL
SELECT 'constraint', conname::text, concat(conrelid::regclass, ' ', pg_get_constraintdef(oid),
    CASE WHEN NOT convalidated THEN ' not valid' END)
FROM pg_constraint WHERE conrelid IN {_RELATIONS} AND contype <> 'n'
UNION ALL
SELECT 'index', c.relname::text, concat(i.indrelid::regclass, CASE WHEN NOT i.indisvalid THEN ' not valid' END)
FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid WHERE i.indrelid IN {_RELATIONS}
UNION ALL
SELECT 'rule', rulename::text, pg_get_ruledef(oid) FROM pg_rewrite WHERE ev_class IN {_RELATIONS}
UNION ALL
SELECT 'policy', polname::text, polrelid::regclass::text FROM pg_policy WHERE polrelid IN {_RELATIONS}
"""

Rows = Callable[[str, tuple[Any, ...]], list[Row]]


def look(rows: Rows) -> Iterator[str]:
    """Say of everything in the schema whether it is gone, altered or not Casefold's."""
    return _compared(rows(f"{_STANDING} UNION ALL {_ACTING}", ()), {**_standing(), **_acting()})


def strange_triggers(rows: Rows) -> Iterator[str]:
    """Name the triggers and functions that are there and not as Casefold made them: writing would run them."""
    wanted = _acting()
    for kind, name, words in rows(_ACTING, ()):
        if _plain(wanted.get((kind, name), "")) != _plain(words).removesuffix(" not always"):
            yield str(name)


def _compared(found: list[Row], wanted: Mapping[tuple[str, str], str]) -> Iterator[str]:
    there = {(kind, name): _plain(words) for kind, name, words in found}
    for (kind, name), words in wanted.items():
        if (kind, name) not in there:
            yield f"the {kind} {name} is gone"
        elif there[kind, name] != _plain(words):
            yield f"the {kind} {name} is not as Casefold made it"
    for kind, name in sorted(there.keys() - wanted.keys()):
        yield f"the {kind} {name} is not Casefold's"


def _plain(words: str) -> str:
    return " ".join(words.replace(f"{SCHEMA}.", "").replace('"', "").split())


@cache
def _acting() -> Mapping[tuple[str, str], str]:
    settings = ";".join(SETTINGS)
    return {
        **{("trigger", name): words for name, words in triggers().items()},
        **{("function", name): f"trigger\nplpgsql\n\n{settings}\n{body}" for name, body in functions().items()},
    }


@cache
def _standing() -> Mapping[tuple[str, str], str]:
    from sqlalchemy import PrimaryKeyConstraint, UniqueConstraint
    from sqlalchemy.dialects import postgresql

    from events.log.schema import metadata

    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
    made = {}
    for table in metadata.sorted_tables:
        columns = []
        for column in table.columns:
            kind = str(column.type.compile(dialect=dialect)).lower().partition(" ")[0]
            needed = "" if column.nullable else " not null"
            columns.append(f"{column.name} {kind}{' C' if kind == 'text' else ''}{needed}")
        made["table", table.name] = "\n".join(columns)
        for each in table.constraints:
            if isinstance(each, (PrimaryKeyConstraint, UniqueConstraint)):
                names = [column.name for column in each.columns]
                primary = isinstance(each, PrimaryKeyConstraint)
                name = f"{table.name}_pkey" if primary else f"{table.name}_{'_'.join(names)}_key"
                words = "PRIMARY KEY" if primary else "UNIQUE"
                made["constraint", name] = f"{table.name} {words} ({', '.join(names)})"
                made["index", name] = table.name
    return made
