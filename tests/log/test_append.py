"""What appending promises: positions, chain, time, idempotency, expectations, all or nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from typing import Any

import msgspec
import pytest

from events.errors import BadInput, Overtaken, Problem
from events.event import Draft
from events.log import Log, open_log
from events.log import append as append_room
from events.log.auditing.check import check

Make = Callable[..., Draft]

pytestmark = pytest.mark.both


def put(
    log: Log, *drafts: Draft, actor: str = "keeper", clock: Callable[[], int] | None = None
) -> append_room.Appended:
    with log.writing(actor, clock) as writer:
        writer.append(drafts)
    return writer.outcome


def test_positions_run_over_the_log_and_case_positions_over_the_case(log: Log, draft: Make) -> None:
    outcome = put(log, draft("a", "1"), draft("b", "1"), draft("a", "2"))
    places = [(one.position, one.case, one.case_position) for one in log.all_events()]
    assert places == [(1, "a", 1), (2, "b", 1), (3, "a", 2)]
    assert (outcome.appended, outcome.cases, outcome.first_position, outcome.last_position) == (3, 2, 1, 3)
    assert (put(log, draft("b", "2")).first_position, log.head()[0]) == (4, 4)


def test_each_leaf_names_the_leaf_before_it_in_its_case(log: Log, draft: Make) -> None:
    put(log, draft("a", "1"), draft("b", "1"))
    put(log, draft("a", "2"))
    bodies = {
        position: (bytes(body), bytes(leaf))
        for position, body, leaf in log.rows("SELECT position, body, leaf_hash FROM event")
    }
    prevs = {position: msgspec.json.decode(body).get("prev", "") for position, (body, _) in bodies.items()}
    assert prevs == {1: "", 2: "", 3: bodies[1][1].hex()}
    assert all(hashlib.sha256(b"\x00" + body).digest() == leaf for body, leaf in bodies.values())
    assert check(log) == ()


def test_the_log_time_never_runs_back(log: Log, draft: Make) -> None:
    put(log, draft("a", "1"), clock=lambda: 2_000)
    back = put(log, draft("a", "2"), clock=lambda: 1_000)
    assert "clock stands before" in str(back.warnings[0])
    put(log, draft("a", "3"), clock=lambda: 3_000)
    assert [one.recorded_at for one in log.all_events()] == [2_000, 2_000, 3_000]
    assert [log.recorded_before(at) for at in (1_999, 2_000, 2_999, 3_000)] == [0, 2, 2, 3]


def test_the_actor_is_the_lines_own_else_the_writers(log: Log, draft: Make) -> None:
    put(log, draft("a", "1", actor="her"), draft("a", "2"), actor="him")
    assert [one.actor for one in log.events("a")] == ["her", "him"]


def test_the_same_line_again_is_counted_and_not_appended(log: Log, draft: Make) -> None:
    first = [draft("a", "1"), draft("a", "2", event_id="two")]
    put(log, *first)
    again = put(log, *first, draft("a", "3"))
    assert (again.appended, again.already_there, again.first_position) == (1, 2, 3)
    nothing = put(log, *first)
    assert (nothing.appended, nothing.already_there, nothing.first_position, nothing.batch) == (0, 2, 0, 0)


def test_the_same_id_with_other_content_names_both_and_appends_nothing(log: Log, draft: Make) -> None:
    put(log, draft("a", "1", event_id="x"))
    with pytest.raises(
        BadInput, match=r"a\.jsonl:7: id: x of case a is already at position 1, with other content; give"
    ) as refused:
        put(log, draft("a", "new"), draft("a", "2", event_id="x", line=7))
    assert len(refused.value.problems) == 1
    assert log.head()[0] == 1


def test_one_id_twice_in_a_batch_names_both_lines_wherever_the_first_stands(
    log: Log, draft: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    drafts = [draft("a", str(n), event_id=f"x{n}", line=3 * n) for n in range(1, 8)]
    clash = draft("a", "other", event_id="x2", line=99)
    for slice_ in (100, 2):
        monkeypatch.setattr(append_room, "SLICE", slice_)
        with pytest.raises(BadInput, match=r"a\.jsonl:99: id: x2 of case a is already at a\.jsonl:6.*other content"):
            put(log, *drafts, clash)
        assert log.head() == (0, 0)


def test_the_same_event_with_its_id_twice_in_a_batch_is_one(
    log: Log, draft: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    same = draft("a", "1", event_id="x")
    assert put(log, same, same).already_there == 1
    monkeypatch.setattr(append_room, "SLICE", 1)
    other = draft("b", "1", event_id="x")
    assert put(log, other, other).appended == 1


@pytest.mark.parametrize("slice_", [100, 2, 1])
@pytest.mark.parametrize("before", [0, 3])
def test_two_identical_lines_without_id_are_refused_naming_both(
    log: Log, draft: Make, monkeypatch: pytest.MonkeyPatch, slice_: int, before: int
) -> None:
    monkeypatch.setattr(append_room, "SLICE", slice_)
    drafts = [draft("a", str(n), line=n) for n in range(1, 6)]
    put(log, *drafts[:before])
    with pytest.raises(
        BadInput, match=r"a\.jsonl:9: says the same as a\.jsonl:2, and neither has an id; leave one out"
    ):
        put(log, *drafts, draft("a", "2", line=9))
    assert log.head()[0] == before


def test_refused_drafts_may_be_set_aside_instead(log: Log, draft: Make) -> None:
    put(log, draft("a", "1", event_id="x"))
    aside: list[tuple[int, Problem]] = []
    with log.writing("keeper") as writer:
        writer.append(
            [draft("a", "2", event_id="x", line=4), draft("a", "3")],
            lambda one, problem: aside.append((one.line, problem)),
        )
    assert [(line, problem.field) for line, problem in aside] == [(4, "id")]
    assert (writer.outcome.appended, writer.outcome.refused) == (1, 1)


def test_an_amendment_needs_its_target_before_it(log: Log, draft: Make) -> None:
    def retract(target: str) -> Draft:
        data = {"target": target, "reason": "told twice"}
        return draft("a", "", kind="amend.retract", data=data, requires=(target,), event_id=f"r-{target}", line=2)

    with pytest.raises(BadInput, match=r"a\.jsonl:2: data\.target: no event x in case a before this one"):
        put(log, retract("x"), draft("a", "1", event_id="x"))
    with pytest.raises(BadInput, match="no event r-self"):
        put(log, draft("a", "1"), draft("a", "", kind="amend.retract", event_id="r-self", requires=("r-self",)))
    with pytest.raises(BadInput, match="no event x"):
        put(log, draft("b", "1", event_id="x"), retract("x"))
    assert put(log, draft("a", "1", event_id="x"), retract("x")).appended == 2
    again = put(log, draft("a", "1", event_id="x"))
    assert "was amended since" in str(again.warnings[0])


def test_references_to_events_that_are_not_there_are_warned_about_at_the_end(log: Log, draft: Make) -> None:
    forward = draft("a", "1", mentions=("later", "never"), line=5)
    outcome = put(log, forward, draft("a", "2", event_id="later"), draft("b", "1", event_id="never"))
    assert [str(one) for one in outcome.warnings] == [
        (
            "a.jsonl:5: when: @never is not in case a, so this time bounds nothing until it is;"
            " add that event, or correct the reference"
        )
    ]
    assert put(log, draft("a", "3", mentions=("later",))).warnings == ()


@pytest.mark.parametrize(
    ("fields", "field", "left_open"),
    [
        ({"when": "after @x"}, "when", "this time bounds nothing"),
        ({"when": "2023", "until": "before @x.start"}, "until", "this time bounds nothing"),
        ({"source": {"doc": "x"}}, "source.doc", "the source takes nothing over from it"),
        ({"causes": ["@x"]}, "causes", "no cause is known here"),
        ({"data": {"ids": ["y", "@x"]}}, "data.ids", "what is said of it here has no effect"),
        ({"data": {"first": "@x1", "then": "x.start"}}, "data.then", "what is said of it here has no effect"),
        ({"data": {"text": "x and y", "set": {"when": "by @x"}}}, "data.set", "what is said of it here has no effect"),
        ({"when": "after @x1", "until": "before @x"}, "until", "this time bounds nothing"),
    ],
)
def test_the_field_that_mentions_an_event_that_is_not_there_is_named(
    log: Log, draft: Make, fields: dict[str, Any], field: str, left_open: str
) -> None:
    first = draft("a", "1", mentions=("x",))
    (warning,) = put(log, msgspec.structs.replace(first, own={**first.own, **fields})).warnings
    assert (warning.field, warning.what) == (field, f"@x is not in case a, so {left_open} until it is")


def several(draft: Make, event_id: str = "n", **own: Any) -> Draft:
    return draft("a", "", event_id=event_id, kind="injection", own=own, data=own.pop("data", {}))


SEVERAL: list[dict[str, Any]] = [
    {"data": {"count": "at least 27"}}, {"data": {"duration": "40 minutes"}}, {"until": "2023-10-28"},
    {"when": "from 2023-10-27 to 2023-10-28"},
]  # fmt: skip


@pytest.mark.parametrize("own", SEVERAL)
def test_a_bare_reference_to_an_event_of_several_is_refused(log: Log, draft: Make, own: dict[str, Any]) -> None:
    bare = draft("a", "1", own={"when": "at @n"}, mentions=("n",), singles=("n",))
    for drafts in ((several(draft, **own), bare), (bare, several(draft, **own))):
        with pytest.raises(BadInput, match=r"when: @n has more than one instant; write @n.first, .last, .start"):
            put(log, *drafts)
    put(log, several(draft, **own))
    with pytest.raises(BadInput, match="@n has more than one instant"):
        put(log, bare)
    point = draft("a", "1", own={"when": "at @n.first"}, mentions=("n",))
    assert put(log, point).appended == 1


def test_an_event_of_several_that_comes_after_a_bare_reference_is_warned_of(
    log: Log, draft: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(append_room, "SLICE", 1)
    bare = draft("a", "1", own={"when": "at @n"}, mentions=("n",), singles=("n",))
    (warning,) = put(log, bare, several(draft, data={"count": 2})).warnings
    assert (warning.field, warning.what) == ("when", "@n has more than one instant")
    assert put(log, bare).already_there == 1, "what is there is never refused"


@pytest.mark.parametrize("size", [1, 8])
def test_what_is_corrected_in_the_same_batch_is_left_to_answers(
    log: Log, draft: Make, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    monkeypatch.setattr(append_room, "SLICE", size)
    several_of_it = several(draft, data={"count": 2})
    put(log, several_of_it, several(draft, data={"duration": "1 hour"}, event_id="m"))
    data = {"target": "n", "set": {"data": {"count": 1}}}
    mended = draft("a", "", kind="amend.correct", data=data, requires=("n",), event_id="mend")
    bare = draft("a", "1", own={"when": "at @n"}, mentions=("n",), singles=("n",))
    assert put(log, several_of_it, mended, bare).appended == 2
    with pytest.raises(BadInput, match="@m has more than one instant"):
        put(log, mended, draft("a", "2", own={"when": "at @m"}, mentions=("m",), singles=("m",)))
    early = draft("b", "1", own={"when": "at @n"}, mentions=("n",), singles=("n",))
    late = [msgspec.structs.replace(one, case="b", own={**one.own, "case": "b"}) for one in (several_of_it, mended)]
    assert put(log, early, *late).warnings == ()


def test_the_field_that_takes_an_event_of_several_for_one_is_named(log: Log, draft: Make) -> None:
    own = {"when": "after @n2", "until": "at @n"}
    with pytest.raises(BadInput, match="until: @n has more than one instant"):
        put(log, several(draft, data={"count": 2}), draft("a", "1", own=own, mentions=("n2", "n"), singles=("n",)))


def test_one_instant_may_be_referred_to_as_it_is(log: Log, draft: Make) -> None:
    put(log, several(draft, data={"count": 1}))
    assert put(log, draft("a", "1", own={"when": "at @n"}, mentions=("n",), singles=("n",))).appended == 1


def test_expecting_a_case_as_it_was_seen(log: Log, draft: Make) -> None:
    with log.writing("keeper") as writer:
        writer.expect("a", 0)
        writer.append([draft("a", "1")])
        writer.expect("a", 1)
    with pytest.raises(Overtaken, match="case a has 1 event, not 0"), log.writing("keeper") as writer:
        writer.expect("a", 0)
    with pytest.raises(Overtaken, match="case b has 0 events, not 3"), log.writing("keeper") as writer:
        writer.expect("b", 3)


def test_the_logs_own_case_and_types_are_not_for_users(log: Log, draft: Make) -> None:
    with pytest.raises(BadInput, match="case casefold:log is kept for the log's own events"):
        put(log, draft("casefold:log", "mine"))
    with pytest.raises(BadInput, match=r"type log\.key is kept"):
        put(log, draft("a", "", kind="log.key"))
    with log.writing("keeper", reserved=True) as writer:
        writer.append([draft("casefold:log", "the log's own")])
    assert writer.outcome.appended == 1


def test_a_zone_is_known_as_soon_as_its_case_is_opened(log: Log, draft: Make) -> None:
    opened = draft("a", "", kind="case.opened", data={"title": "A", "zone": "America/Los_Angeles"})
    seen: list[str] = []
    with log.writing("keeper") as writer:

        def drafts() -> Iterator[Draft]:
            seen.append(writer.case_zone("a"))
            yield opened
            seen.append(writer.case_zone("a"))

        writer.append(drafts())
        seen.append(writer.case_zone("b"))
    assert seen == ["", "America/Los_Angeles", ""]
    with log.writing("keeper") as writer:
        assert writer.case_zone("a") == "America/Los_Angeles"
    assert (log.case_zone("a"), log.case_zone("b")) == ("America/Los_Angeles", "")


def test_a_dry_run_says_what_it_would_do_and_does_nothing(log: Log, draft: Make) -> None:
    with log.writing("keeper") as writer:
        writer.append([draft("a", "1")])
        writer.batch("a.jsonl", "00")
        writer.discard()
    assert (writer.outcome.appended, writer.outcome.batch, log.head(), log.batches()) == (1, 1, (0, 0), ())


def test_batches_say_what_was_read_for_which_positions(log: Log, draft: Make) -> None:
    with log.writing("keeper", lambda: 5) as writer:
        writer.append([draft("a", "1"), draft("a", "2")])
        writer.batch("one.jsonl", "aa", "")
        writer.append([draft("a", "3")])
        writer.batch("two.csv", "bb", "cc")
    with log.writing("keeper") as writer:
        writer.append([draft("a", "3")])
        writer.batch("two.csv", "bb", "cc")
    rows = [(one.n, one.name, one.sha256, one.map_sha256, one.first, one.last, one.actor) for one in log.batches()]
    assert rows == [(1, "one.jsonl", "aa", "", 1, 2, "keeper"), (2, "two.csv", "bb", "cc", 3, 3, "keeper")]
    assert log.batches()[0].loaded_at == 5


def test_sensitive_fields_are_digested_and_disclosed_beside_the_leaf(log: Log, draft: Make) -> None:
    put(log, draft("a", "a secret", own={"note": "another", "private": "a third"}))
    (one,) = log.events("a")
    assert (one.written, one.note, one.private, one.redacted) == (
        {"text": "a secret"},
        "another",
        "a third",
        frozenset(),
    )
    ((body,),) = log.rows("SELECT body FROM event")
    assert b"secret" not in body
    rows = log.rows("SELECT field, length(salt) FROM disclosure ORDER BY field")
    assert rows == [("data.text", 16), ("note", 16), ("private", 16)]


@pytest.mark.parametrize("error", [KeyboardInterrupt, SystemExit, MemoryError, ValueError])
def test_whatever_goes_wrong_nothing_is_written_and_it_is_said(
    log: Log, draft: Make, error: type[BaseException], monkeypatch: pytest.MonkeyPatch
) -> None:
    def drafts() -> Iterator[Draft]:
        yield draft("a", "1")
        raise error

    monkeypatch.setattr(append_room, "SLICE", 1)
    with pytest.raises(error), log.writing("keeper") as writer:
        writer.append(drafts())
    assert log.head() == (0, 0)
    assert put(log, draft("a", "1")).first_position == 1


def test_a_log_opened_for_reading_appends_nothing(db: str, log: Log, draft: Make) -> None:
    from events.errors import Unavailable

    with open_log(db) as reading, pytest.raises(Unavailable, match="opened for reading"):
        put(reading, draft("a", "1"))


def test_heads_are_right_however_few_are_kept(log: Log, draft: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    from events.log.appending import heads

    monkeypatch.setattr(heads, "KEPT", 2)
    monkeypatch.setattr(append_room, "SLICE", 3)
    outcome = put(log, *(draft(f"c{n % 7}", str(n)) for n in range(50)))
    assert (outcome.appended, outcome.cases) == (50, 7)
    assert check(log) == ()
    assert [one.events for one in log.cases()] == [8, 7, 7, 7, 7, 7, 7]
