"""The door of the kept views: brought up, looked at, compared, read as a cohort. Never appends, and words nothing.

Kept views lie beside the log (`FILE.views`), are disposable and never verified. Whatever is wrong with them, an answer
is right: what cannot be trusted is discarded and made anew, and where nothing can be kept the cases are folded for
this one answer; either is said in `warnings`.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from events.errors import Fault, NotHeld, Unavailable
from events.log import Log, open_log
from events.log.on_postgres.server import PostgresDatabase
from events.log.on_sqlite.file import SqliteFile
from timeline.case import CaseTimeline
from timeline.hearings.account import Account
from timeline.kept.catch_up import TRIES, Kept, bring_up, kept_questions, rebuild, touched, why_of_no_use
from timeline.kept.place import Damaged, Place, Rows
from timeline.kept.questions import Question, seeds
from timeline.kept.rows import CaseRows, Row
from timeline.read import PLAIN, Asked, check_words, cut

SHOWN: Final = 50
"""Differences that are listed; there may be more."""
READ: Final = 1_000
"""Rows of a cohort that are held at a time."""
Told = Callable[[int], None] | None
_MISTYPED: Final = "no case could be asked {!r}: {}"


def place_of(log: Log) -> Place:
    """Give the place where the views of an open log are kept; touches nothing."""
    if isinstance(log.database, SqliteFile):
        from events.log.kept_views import ENDING, views_file
        from timeline.kept.on_sqlite import ViewsFile

        return ViewsFile(views_file(log.database.path), log.where + ENDING)
    if isinstance(log.database, PostgresDatabase):
        from timeline.kept.on_postgres import ViewsSchema

        return ViewsSchema(log.database)
    raise Unavailable(f"views of {log.where} cannot be kept; ask each case with `casefold ask`")


def project(where: str, texts: Sequence[str] = (), *, anew: bool = False, told: Told = None) -> dict[str, Any]:
    """Bring every kept view, and the questions named, to the head of the log; `anew`: make all of them again, aside.

    Raises `Fault` for what is no question, `Unavailable` where nothing can be kept.
    """
    named = [Question.read(text) for text in texts]
    with open_log(where) as log:
        place = place_of(log)

        def bring() -> dict[str, Any]:
            done = (rebuild if anew else bring_up)(log, place, named, told=told)
            with place.reading() as rows:
                kept = kept_questions(rows) if rows else []
                refused = [words for one in kept if rows and one.question in named for words in _refused(rows, one)]
            return {
                "log": log.origin,
                "views": place.where,
                "position": done.position,
                "folded": done.folded,
                "anew": done.anew,
                "questions": [_said(log, one) for one in kept],
                "warnings": [*_discarded(done.discarded), *refused],
            }

        return _trusted(log, place, bring)


def status(where: str) -> dict[str, Any]:
    """Say what is kept, how far it was brought, and what of it is of no use any more; changes nothing."""
    with open_log(where) as log:
        place = place_of(log)
        why, kept, counted = "", [], {}
        try:
            with place.reading() as rows:
                kept = kept_questions(rows) if rows else []
                counted = {one.number: _counts(rows, one) for one in kept} if rows else {}
            why = why_of_no_use(log, kept)
        except Damaged as damage:
            why, kept = str(damage), []
        there = {one.question.text for one in kept}
        return {
            "log": log.origin,
            "views": place.where,
            "head": log.head()[0],
            "of_no_use": why,
            "questions": [{**_said(log, one), **counted[one.number], "stale": one.stale} for one in kept],
            "missing": [each.text for each in seeds() if each.text not in there],
        }


def compare(where: str, texts: Sequence[str] = ()) -> dict[str, Any]:
    """Fold what is kept anew, each question at its checkpoint, and say what differs; changes nothing.

    Raises `Fault` for what is no question, or is not kept.
    """
    from timeline.kept.compare import compare as differences

    named = {Question.read(text).text for text in texts}
    with open_log(where) as log:
        place = place_of(log)
        kept: list[Kept] = []
        found: list[dict[str, Any]] = []
        try:
            kept = _look(place)
            why = why_of_no_use(log, kept)
            trusted = [one for one in kept if not (why or one.stale) and (not named or one.question.text in named)]
            found = list(differences(log, place, trusted))
        except Damaged as damage:
            why, trusted = str(damage), []
        if missing := named - {one.question.text for one in kept}:
            raise Fault(f"{min(missing)!r} is not kept", "see `casefold project --status`")
        asked = (one for one in kept if not named or one.question.text in named)
        useless = [{"question": one.question.text, "why": why or one.stale} for one in asked if one not in trusted]
        return {
            "log": log.origin,
            "views": place.where,
            "same": not found,
            "compared": [one.question.text for one in trusted],
            "of_no_use": useless,
            "why": why,
            "differences": found[:SHOWN],
            "different": len(found),
        }


def cohort(
    where: str, words: Sequence[str], output: str, *, asked: Asked = PLAIN, told: Told = None
) -> dict[str, Any]:
    """Write one row a case of a question, brought up first, to a .csv, .jsonl or .parquet file.

    Of an account or a cut nothing is kept: `asked` folds the cases. Where contradictions are to fail, `contradictory`
    is how many cases have some. Raises `Fault` for what is no question of one row a case, and for a file of another
    ending.
    """
    from timeline.kept.cohort_files import shape_of, write

    question = Question.read(words[0] if len(words) == 1 else shlex.join(words))
    if not question.by_case:
        instead = "read the table chronology of the kept views, or ask another view"
        raise Fault(f"{question.view} has many rows a case", instead)
    shape = shape_of(output)
    columns = [column for column in question.table.columns if column.name != "question"]

    def save(rows: Iterable[Row], stands: Mapping[str, Any], warnings: Sequence[str] = ()) -> dict[str, Any]:
        said = {"log": log.origin, **stands, "question": question.text, "view_version": question.version}
        refused = _Refused([column.name for column in columns].index("asked"))
        number = write(output, columns, refused.counted(rows), said)
        named = {"file": output, "format": shape, "rows": number, "not_asked": refused.number}
        mistyped = [_MISTYPED.format(question.text, refused.reason)] if number and number == refused.number else []
        return {**said, **named, "columns": [each.name for each in columns], "warnings": [*warnings, *mistyped]}

    with open_log(where) as log:
        if asked != PLAIN:
            failed: list[str] = []
            done = save(*_folded(log, question, asked, told, failed))
            return _failing(done, failed) if asked.on_conflict == "fail" else done
        try:
            place = place_of(log)
            return _trusted(log, place, lambda: _kept_cohort(log, place, question, save, told))
        except Unavailable as fault:
            warning = f"{fault}; nothing was kept, the cases were folded for this answer"
            return save(*_folded(log, question, asked, told), [warning])


def _kept_cohort(
    log: Log, place: Place, question: Question, save: Callable[..., dict[str, Any]], told: Told
) -> dict[str, Any]:
    """Bring a question up, and save its rows from one state of the place."""
    done = bring_up(log, place, [question], told=told)
    with place.reading() as rows:
        found = [one for one in kept_questions(rows) if one.question.text == question.text] if rows else []
        if not rows or not found:
            raise Unavailable(f"{place.where} was taken away by another program")
        stands = {"position": found[0].position, "root": found[0].root}
        return save(_rows_of(rows, found[0]), stands, _discarded(done.discarded))


def _trusted(log: Log, place: Place, task: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """Do a task with what is kept; where it turns out to be damaged, discard that and do it again."""
    damage = ""
    for _ in range(TRIES):
        try:
            done = task()
        except Damaged as found:
            damage = str(found)
            rebuild(log, place)
        else:
            return {**done, "warnings": [*_discarded(damage), *done["warnings"]]}
    raise Unavailable(f"{damage}, again and again; remove it")


class _Refused:
    """Counts, on their way, the rows of cases that could not be asked; keeps the first reason."""

    def __init__(self, at: int) -> None:
        self.number = 0
        self.reason = ""
        self._at = at

    def counted(self, rows: Iterable[Row]) -> Iterator[Row]:
        for row in rows:
            self.number += not row[self._at]
            self.reason = self.reason or str(row[self._at + 1])
            yield row


def _rows_of(rows: Rows, one: Kept) -> Iterator[Row]:
    table = one.question.table
    mine = "question = ? AND " if "question" in table.names else ""
    number = (one.number,) if mine else ()
    columns = ", ".join(name for name in table.names if name != "question")
    at, last = table.names.index("case_name") - bool(mine), ""
    sql = f"SELECT {columns} FROM {table.name} WHERE {mine}case_name > ? ORDER BY case_name LIMIT {READ}"
    while page := rows(sql, (*number, last)):
        yield from page
        last = page[-1][at]


def _folded(
    log: Log, question: Question, asked: Asked, told: Told, failed: list[str] | None = None
) -> tuple[Iterator[Row], dict[str, Any]]:
    """Give the rows that the cases have as they are read, and how they are read; raises `Fault`.

    `failed` gathers, as the rows are taken, the cases whose contradictions are to fail.
    """
    as_of = cut(log, asked.as_of)
    check_words(asked)
    first = "question" in question.table.names

    def rows() -> Iterator[Row]:
        for number, case in enumerate(sorted(touched(log, 0, as_of.position)), 1):
            events = log.events(case, upto=as_of.position)
            timeline = CaseTimeline.of(case, events, about=asked.about, on_conflict=asked.on_conflict)
            read = timeline.asserted_by(asked.asserted_by) if asked.asserted_by else timeline
            for row in CaseRows(read, asked.account).of(question) if timeline.events else ():
                yield row[first:]
            if failed is not None and asked.on_conflict == "fail" and _contradicts(read, asked.account):
                failed.append(case)
            if told:
                told(number)

    account = {"account": asked.account.json} if asked.account != PLAIN.account else {}
    return rows(), {"position": as_of.position, "root": as_of.root, **account, **asked.read}


def _contradicts(timeline: CaseTimeline, account: Account) -> bool:
    """Whether what an account of a case says cannot all be true, of a case that is read so that this fails."""
    try:
        timeline.hear(account)
    except NotHeld:
        return True
    except Fault:
        return False
    return False


def _failing(done: Mapping[str, Any], failed: Sequence[str]) -> dict[str, Any]:
    """Say of a cohort which cases contradict themselves, where that is to fail."""
    warnings = list(done["warnings"])
    if failed:
        many = f"{len(failed):,} case{'' if len(failed) == 1 else 's'}"
        warnings.append(f"{many} with statements that cannot all be true; see `casefold ask {failed[0]} conflicts`")
    return {**done, "contradictory": len(failed), "warnings": warnings}


def _look(place: Place) -> list[Kept]:
    with place.reading() as rows:
        return kept_questions(rows) if rows else []


def _said(log: Log, one: Kept) -> dict[str, Any]:
    asked = one.question
    return {
        "question": asked.text,
        "view": asked.view,
        "table": asked.table.name,
        "seed": asked.seed,
        "position": one.position,
        "lag": log.head()[0] - one.position,
        "versions": dict(one.versions),
    }


def _counts(rows: Rows, one: Kept) -> dict[str, int]:
    table = one.question.table
    mine = " WHERE question = ?" if "question" in table.names else ""
    not_asked = "sum(1 - asked)" if "asked" in table.names else "0"
    sql = f"SELECT count(DISTINCT case_name), count(*), coalesce({not_asked}, 0) FROM {table.name}{mine}"
    ((cases, number, refused),) = rows(sql, (one.number,) if mine else ())
    return {"cases": cases, "rows": number, "not_asked": int(refused)}


def _refused(rows: Rows, one: Kept) -> list[str]:
    """Warn of a question that no case could be asked: it may be mistyped."""
    counted, table = _counts(rows, one), one.question.table
    if not counted["cases"] or counted["not_asked"] < counted["cases"]:
        return []
    ((reason,),) = rows(f"SELECT reason FROM {table.name} WHERE question = ? LIMIT 1", (one.number,))
    return [_MISTYPED.format(one.question.text, reason)]


def _discarded(why: str) -> list[str]:
    return [f"what was kept so far was discarded and made anew: {why}"] if why else []
