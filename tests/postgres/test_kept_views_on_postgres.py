"""Kept views in PostgreSQL: the same rows as in a file, taken away by a redaction, made by several at once."""

from __future__ import annotations

import contextlib
import threading
from typing import Any

import pytest

from events.drafting import draft
from events.errors import Unavailable
from events.log import Log, open_log
from events.log.redact import redact
from timeline import store
from timeline.kept.tables import TABLES

LINES: tuple[dict[str, Any], ...] = (
    {"case": "a", "id": "i", "type": "infusion", "when": "more than 7 days before @d", "source": {"speaker": "x"}},
    {"case": "a", "id": "d", "type": "death", "when": "2023-10-28T16:17"},
    {"case": "B", "id": "s", "type": "injection", "when": "2023-10-28T08:30", "data": {"amount": "20 mg"}},
    {"case": "B", "id": "f", "type": "fact", "data": {"text": "a walk"}, "source": {"quote": "walked for hours"}},
    {"case": "B", "id": "d", "type": "death", "when": "2023-10-29"},
)
LAST = "days-since-last infusion --at death"


def append(log: Log, *lines: dict[str, Any]) -> None:
    with log.writing("keeper") as writer:
        writer.append([draft(line, zone="UTC") for line in lines])


def kept(log: Log, *leave: str) -> dict[str, list[Any]]:
    with store.place_of(log).reading() as rows:
        assert rows is not None
        named = ((table.name, [name for name in table.names if name not in leave]) for table in TABLES)
        return {name: sorted(rows(f"SELECT {', '.join(names)} FROM {name}"), key=repr) for name, names in named}


def named(db: str) -> str:
    return db.partition("?")[0].rpartition("/")[2]


def there(server: Any, db: str) -> list[str]:
    with contextlib.closing(server.connect(named(db))) as connection:
        found = connection.execute("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'casefold%' ORDER BY 1")
        return [one for (one,) in found.fetchall()]


def test_the_same_is_kept_as_in_a_file(db: str, log: Log, server: Any, tmp_path: Any) -> None:
    with open_log(str(tmp_path / "log.db"), mode="write") as other:
        for line in LINES:
            append(log, line)
            append(other, line)
            assert store.project(db)["folded"] == 1
        store.project(other.where)
        leave = ("log", "root", "first_recorded_us", "last_recorded_us")
        assert kept(log, *leave) == kept(other, *leave)
    assert store.compare(db)["same"]
    assert store.project(db, anew=True)["anew"]
    assert there(server, db) == ["casefold", "casefold_views"]
    store.cohort(db, [LAST], str(tmp_path / "out.csv"))
    lines = (tmp_path / "out.csv").read_text("utf-8").splitlines()
    assert [line.partition(",")[0] for line in lines] == ["case_name", "B", "a"]


def test_a_planted_change_is_found_and_damage_is_made_anew(db: str, log: Log, server: Any) -> None:
    append(log, *LINES)
    store.project(db)
    right = kept(log)
    with contextlib.closing(server.connect(named(db))) as connection:
        connection.execute("UPDATE casefold_views.elapsed SET text = '' WHERE question = 3 AND case_name = 'a'")
        (found,) = store.compare(db)["differences"]
        assert (found["case"], found["column"], found["kept"]) == ("a", "text", "")
        assert found["folded"].startswith("more than 7 days")
        connection.execute("DROP TABLE casefold_views.elapsed")
    assert "has other tables" in store.project(db)["warnings"][0]
    assert kept(log) == right


def test_a_redaction_takes_them_away(db: str, log: Log, server: Any) -> None:
    append(log, *LINES)
    store.project(db)
    assert "walked for hours" in str(kept(log)["chronology"])
    done = redact(log, "B", "f", ["source.quote"], reason="asked for", authority="court")
    assert done["scrubbed"] is True
    assert there(server, db) == ["casefold"]
    store.project(db)
    assert "walked for hours" not in str(kept(log))


def test_a_redaction_in_the_middle_of_a_rebuild_begins_it_again(
    db: str, log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    from timeline.kept import catch_up

    monkeypatch.setattr("events.log.on_postgres.server.BUSY_SECONDS", 0.1)  # the rebuild itself is in its way
    append(log, *LINES)
    reached, times = catch_up._reached, [0]

    def late(*given: Any) -> None:
        times[0] += 1
        if times[0] == 1:
            redact(log, "B", "f", ["source.quote"], reason="asked for", authority="court")
        reached(*given)

    monkeypatch.setattr(catch_up, "_reached", late)
    store.project(db)
    assert times == [2]
    assert "walked for hours" not in str(kept(log))


def test_a_role_that_may_only_read_the_log_has_its_answer_folded(
    db: str, log: Log, server: Any, tmp_path: Any
) -> None:
    append(log, *LINES)
    role = f"looker_{named(db)}"
    with contextlib.closing(server.connect(named(db))) as connection:
        connection.execute(f"CREATE ROLE {role} LOGIN")
        connection.execute(f"GRANT USAGE ON SCHEMA casefold TO {role}")
        connection.execute(f"GRANT SELECT ON ALL TABLES IN SCHEMA casefold TO {role}")
        theirs = server.url(named(db), role)
        for _ in range(2):
            done = store.cohort(theirs, [LAST], str(tmp_path / "theirs.csv"))
            assert "may not be used by this role" in done["warnings"][0]
            with pytest.raises(Unavailable, match="may not be used by this role"):
                store.project(theirs)
            store.cohort(db, [LAST], str(tmp_path / "ours.csv"))
            assert (tmp_path / "theirs.csv").read_bytes() == (tmp_path / "ours.csv").read_bytes()
        connection.execute(f"DROP OWNED BY {role}")
        connection.execute(f"DROP ROLE {role}")


def test_many_at_once(db: str, log: Log) -> None:
    append(log, *LINES)
    failed: list[BaseException] = []

    def keep(anew: bool) -> None:
        try:
            for _ in range(3):
                store.project(db, anew=anew)
        except Unavailable as fault:
            failed.append(fault)

    keepers = [threading.Thread(target=keep, args=(anew,)) for anew in (False, True, True)]
    for keeper in keepers:
        keeper.start()
    append(log, {"case": "c", "id": "d", "type": "death", "when": "2020"})
    for keeper in keepers:
        keeper.join()
    assert failed == []
    store.project(db)
    assert store.compare(db)["same"]
    assert {row[8] for row in kept(log)["question"]} == {len(LINES) + 1}
