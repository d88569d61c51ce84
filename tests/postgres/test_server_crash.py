"""The server crashes under load: what was acknowledged is there, no batch torn, and what is sent again is met once."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator
from threading import Thread
from typing import Any

import pytest

from events.drafting import draft as drafting
from events.errors import Unavailable
from events.log import open_log
from events.log.auditing.check import check
from tests.databases.server import NoServerError, Server, new_server

BATCH = 7
WRITERS = 4


@pytest.fixture
def own_server() -> Iterator[Server]:
    """Give a server that may be crashed: nobody else's."""
    pytest.importorskip("psycopg")
    try:
        made = new_server()
    except NoServerError as missing:
        pytest.skip(str(missing))
    yield made
    made.remove()


def batch(writer: str, n: int) -> list[Any]:
    lines = ({"case": case, "id": f"{writer}-{n}-{k}", "type": "fact", "data": {"text": f"{k}"}}
             for k, case in enumerate(["shared", writer, *"abcde"]))  # fmt: skip
    return [drafting(line) for line in lines]


class Load:
    """One writer that appends batches until the server is gone; `acknowledged` counts those it was told of."""

    def __init__(self, url: str, name: str) -> None:
        self.url, self.name, self.acknowledged, self.said = url, name, 0, ""
        self.thread = Thread(target=self.run)
        self.thread.start()

    def run(self) -> None:
        try:
            with open_log(self.url, mode="write") as log:
                for n in range(100_000):
                    with log.writing(self.name) as writer:
                        writer.append(batch(self.name, n))
                        writer.batch(f"{self.name} {n}")
                    self.acknowledged += 1
        except Unavailable as gone:
            self.said = str(gone)


def test_a_crash_of_the_server_costs_nothing_that_was_acknowledged(own_server: Server) -> None:
    url = own_server.database("crashing")
    open_log(url, mode="write").close()
    for round_ in range(2):
        writers = [Load(url, f"w{round_}{n}") for n in range(WRITERS)]
        time.sleep(0.3)
        own_server.stop(signal.SIGQUIT)
        for one in writers:
            one.thread.join()
            assert one.said
            assert "\n" not in one.said
        own_server.start()
        with open_log(url, mode="write") as log:
            assert check(log) == ()
            batches = [(one.name, one.last - one.first + 1) for one in log.batches()]
            assert {size for _, size in batches} == {BATCH}
            assert log.head()[0] == BATCH * len(batches)
            names = {name for name, _ in batches}
            for one in writers:
                kept = sum(name.startswith(f"{one.name} ") for name in names)
                assert {f"{one.name} {n}" for n in range(one.acknowledged)} <= names
                assert kept in (one.acknowledged, one.acknowledged + 1), "at most the one that nobody was told of"
                with log.writing(one.name) as writer:
                    for n in range(one.acknowledged + 1):
                        writer.append(batch(one.name, n))
                    writer.batch(f"{one.name} sent again")
                assert writer.outcome.already_there == BATCH * kept
            assert sum(one.acknowledged for one in writers) > 0
            assert check(log) == ()
