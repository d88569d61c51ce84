"""Shared by the report tests: the founding case with a fixed clock, a hostile case, one browser for all of them."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

HOSTILE = "</script><script>document.title='gone'</script><img src=x onerror=alert(1)> @death \" ' & {{7*7}} \u202egnp"
LOUD = (
    "no browser: the HTML report was NOT looked at in Chromium; install the Debian package chromium, and the extra test"
)


@pytest.fixture(scope="session")
def founding(told: Any, root: Path) -> Any:
    """Give the founding case, folded from fixed positions and times."""
    from timeline.case import CaseTimeline

    lines = [json.loads(line) for line in (root / "timeline/demo/perry.jsonl").read_text("utf-8").splitlines()]
    events = told(*({**line, "case": "perry"} for line in lines), case="perry")
    return CaseTimeline.of("perry", events)


@pytest.fixture(scope="session")
def hostile(told: Any) -> Any:
    """Give a case with markup and script in every field that takes a text."""
    from timeline.case import CaseTimeline

    source = {name: f"{HOSTILE} {name}" for name in ("speaker", "via", "document", "locator", "quote", "reads")}
    given = {"substance": HOSTILE, "given_by": HOSTILE, "place": HOSTILE, "regimen": HOSTILE}
    events = told(
        {"id": "opened", "type": "case.opened", "data": {"title": HOSTILE, "zone": "America/Los_Angeles"}},
        {"id": "death", "type": "death", "when": "2023-10-28", "source": {**source, "standing": "found"}},
        {"id": "shot", "type": "injection", "when": "2 hours before @death ± 5 min", "data": given, "source": source},
        {"id": "shots", "type": "injection", "when": "within 4 days before @death", "data": {"count": "at least 3"}},
        {
            "id": "said",
            "type": "finding",
            "when": "2023-11",
            "data": {"aspect": "other", "text": HOSTILE},
            "source": source,
        },
        {
            "id": "level",
            "type": "toxicology",
            "data": {"analyte": HOSTILE, "concentration": "5 ng/mL", "site": HOSTILE},
        },
        {"id": "charge", "type": "charge", "when": "2024", "data": {"defendant": HOSTILE, "offence": HOSTILE}},
        {"id": "doc", "type": "document", "data": {"title": HOSTILE, "address": "javascript:alert(1)"}},
        {"id": "gone", "type": "fact", "when": "2023", "data": {"text": HOSTILE}},
        {"id": "why", "type": "amend.retract", "data": {"target": "gone", "reason": HOSTILE}},
    )
    return CaseTimeline.of("c", events)


@pytest.fixture(scope="session")
def composed() -> Any:
    """Give a composer of a case into a report as the command makes it, with a log that never changes."""
    from timeline.answers import AsOf
    from timeline.hearings.account import EVERYBODY
    from timeline.reports.compose import compose

    def make(timeline: Any, account: Any = EVERYBODY, **how: Any) -> Any:
        at = timeline.events[-1]
        as_of = AsOf(position=at.position, recorded_at=at.recorded_at, root="ab" * 32)
        return compose(timeline, account, as_of=as_of, log="casefold/" + "0" * 32, **{"replayed": True, **how})

    return make


@pytest.fixture(scope="session")
def report(composed: Any, founding: Any) -> Any:
    """Give the report of the founding case."""
    return composed(founding)


@pytest.fixture(scope="session")
def page(report: Any) -> str:
    """Give the page of the founding case."""
    from timeline.reports.formats.as_html import as_html

    return as_html(report)


@pytest.fixture(scope="session")
def hostile_page(composed: Any, hostile: Any) -> str:
    """Give the page of the hostile case."""
    from timeline.reports.formats.as_html import as_html

    return as_html(composed(hostile))


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Give one headless Chromium for all tests; skips loudly where there is none."""
    sync = pytest.importorskip("playwright.sync_api", reason=LOUD)
    found = os.environ.get("CASEFOLD_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if not found:
        pytest.skip(LOUD)
    flags = (
        "--no-sandbox",
        "--disable-gpu",
        "--disable-background-networking",
        "--disable-component-update",
        "--mute-audio",
    )
    with sync.sync_playwright() as run:
        opened = run.chromium.launch(executable_path=found, headless=True, args=list(flags))
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def axe() -> str:
    """Give the source of axe-core, which a package brings along; skips where that is absent."""
    package = pytest.importorskip("axe_playwright_python", reason="no axe-core: install the extra test")
    return Path(package.__file__).with_name("axe.min.js").read_text("utf-8")
