"""The HTML report as people use it, in Chromium: no script needed, no request made, nothing a reader cannot reach."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.xdist_group("page")  # one browser, one page, made once
CHRONOLOGY = 'table[data-name="chronology"] tbody tr'
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
CHECK = """([source, places, rules]) => {
    (0, eval)(source);
    return axe.run({include: places}, {runOnly: rules, resultTypes: ['violations']});
}"""


@pytest.fixture(scope="module")
def page_file(page: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("page") / "perry.html"
    path.write_text(page, encoding="utf-8")
    return path


class Watched:
    """One page with all that went wrong on it."""

    def __init__(self, browser: Any, path: Path, **how: Any) -> None:
        self.context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}, **how})
        self.page = self.context.new_page()
        self.said: list[str] = []
        self.asked: list[str] = []
        self.page.on("console", lambda message: self.said.append(f"{message.type}: {message.text}"))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.goto(path.as_uri())

    def rows(self) -> list[str]:
        return list(self.page.eval_on_selector_all(CHRONOLOGY, "rows => rows.filter(r => !r.hidden).map(r => r.id)"))


@pytest.fixture(scope="module")
def opened(browser: Any, page_file: Path) -> Iterator[Watched]:
    watched = Watched(browser, page_file)
    yield watched
    watched.context.close()


@pytest.fixture
def seen(opened: Watched) -> Watched:
    """Give the page as it was when it opened."""
    opened.page.evaluate("() => { location.hash = ''; }")
    opened.page.reload()
    return opened


def violations(
    browser: Any, path: Path, axe: str, rules: list[str], places: tuple[str, ...] = ("html",), **how: Any
) -> list[str]:
    watched = Watched(browser, path, bypass_csp=True, **how)
    watched.page.evaluate("() => { for (const each of document.querySelectorAll('details')) each.open = true; }")
    found = watched.page.evaluate(CHECK, [axe, list(places), rules])
    watched.context.close()
    return [f"{one['id']}: {node['html'][:160]}" for one in found["violations"] for node in one["nodes"][:3]]


def test_axe_finds_no_violation(browser: Any, page_file: Path, axe: str) -> None:
    assert violations(browser, page_file, axe, RULES) == []


def test_axe_finds_no_poor_contrast_in_the_dark(browser: Any, page_file: Path, axe: str) -> None:
    places = ("nav", "#cover", "#key-1", "#doses", "#chronology")
    assert violations(browser, page_file, axe, ["color-contrast"], places, color_scheme="dark") == []


def test_nothing_is_asked_of_any_network_and_nothing_complains(seen: Watched, page_file: Path) -> None:
    assert set(seen.asked) == {page_file.as_uri()}
    assert seen.said == []


def test_the_filters_leave_what_fits_and_say_how_many(seen: Watched) -> None:
    everything = seen.rows()
    seen.page.select_option("#f-type", "injection")
    assert seen.rows() == ["e-shots-five", "e-shots", "e-shot-1", "e-shot-2", "e-shot-3"]
    seen.page.select_option("#f-standing", "admitted")
    assert seen.rows() == ["e-shot-1", "e-shot-2", "e-shot-3"]
    seen.page.fill("#f-text", "a BIG one")
    assert seen.rows() == ["e-shot-3"]
    assert seen.page.inner_text("#f-count").startswith("1 of ")
    seen.page.click("text=show all")
    seen.page.locator("#f-count", has_text=re.compile(r"^(\d+) of \1 events")).wait_for()
    assert seen.rows() == everything
    seen.page.select_option("#f-speaker", "trade newsletter")
    assert seen.rows() == []


def test_the_slider_gives_the_record_as_it_stood_by_keyboard(seen: Watched) -> None:
    whole = seen.rows()
    seen.page.focus("#stop")
    seen.page.keyboard.press("Home")
    for _ in range(17):
        seen.page.keyboard.press("ArrowRight")
    assert "position 18" in seen.page.get_attribute("#stop", "aria-valuetext")
    then = seen.rows()
    assert "e-shots" in then
    assert "e-death" not in then
    row = seen.page.inner_text(f'{CHRONOLOGY}[id="e-shots"]')
    assert "undated" in row, "within 4 days before @death bounds nothing while the death is not on record"
    assert "not on record yet" in seen.page.inner_text('.then[data-key="0"]')
    seen.page.keyboard.press("End")
    assert seen.rows() == whole
    assert seen.page.is_hidden('.then[data-key="0"]')


def test_what_was_withdrawn_later_is_there_before_that(seen: Watched) -> None:
    stops = int(seen.page.get_attribute("#stop", "max"))
    seen.page.evaluate(
        "at => { const s = document.querySelector('#stop'); s.value = at; s.dispatchEvent(new Event('input')); }",
        stops - 2,
    )
    row = seen.page.inner_text(f'{CHRONOLOGY}[id="e-trial-misprint"]')
    assert "2024-03-04" in row
    assert "stated" in row


def test_a_mention_shows_its_source_on_focus_and_hover_and_escape_puts_it_away(seen: Watched) -> None:
    mention = seen.page.locator('#answers a.ref[href="#e-shots"]').first
    mention.focus()
    card = seen.page.locator("#card")
    assert card.is_visible()
    assert "prosecutors, as reported by BBC News" in card.inner_text()
    assert "alleged" in card.inner_text()
    assert mention.get_attribute("aria-describedby") == "card"
    seen.page.keyboard.press("Escape")
    assert card.is_hidden()
    mention.hover()
    assert card.is_visible()


def test_a_mark_of_a_figure_leads_to_its_row(seen: Watched) -> None:
    mark = seen.page.locator('#chart-final-days .hit[data-row="e-shot-1"]').first
    mark.hover()
    assert "2023-10-28 08:30" in seen.page.inner_text("#card")
    mark.click()
    assert seen.page.url.endswith("#e-shot-1")


def test_every_link_leads_somewhere(seen: Watched) -> None:
    broken = seen.page.evaluate(
        "() => [...document.querySelectorAll('a[href^=\"#\"], .hit')].map(a => a.dataset.row || decodeURIComponent("
        "a.hash.slice(1))).filter(id => !document.getElementById(id))"
    )
    assert broken == []
    doubled = seen.page.evaluate(
        "() => { const ids = [...document.querySelectorAll('[id]')].map(e => e.id); "
        "return ids.filter((id, n) => ids.indexOf(id) !== n); }"
    )
    assert doubled == []


def test_the_page_fits_a_narrow_screen_and_paper(browser: Any, page_file: Path, tmp_path: Path) -> None:
    watched = Watched(browser, page_file, viewport={"width": 320, "height": 700})
    wide = watched.page.evaluate("document.documentElement.scrollWidth")
    assert wide <= 320, "WCAG 1.4.10: no scrolling in two directions"
    watched.page.set_viewport_size({"width": 900, "height": 700})
    watched.page.emulate_media(media="print")
    assert watched.page.is_hidden("nav")
    assert watched.page.is_hidden("#stood")
    made = watched.page.pdf(path=str(tmp_path / "a.pdf"), format="A4")
    assert made.count(b"/Type /Page\n") + made.count(b"/Type /Page ") > 5
    watched.context.close()


def test_without_scripts_everything_is_there(browser: Any, page_file: Path) -> None:
    watched = Watched(browser, page_file, java_script_enabled=False)
    assert watched.page.locator(CHRONOLOGY).count() > 30
    assert watched.page.locator("#f-type").is_hidden()
    assert watched.page.locator("#stop").is_hidden()
    assert watched.page.locator("svg.chart").count() >= 5
    watched.context.close()


def test_a_hostile_case_is_text(browser: Any, hostile_page: str, tmp_path: Path) -> None:
    path = tmp_path / "hostile.html"
    path.write_text(hostile_page, encoding="utf-8")
    watched = Watched(browser, path)
    page = watched.page
    assert page.title().startswith("</script><script>document.title='gone'</script>")
    assert "⟦U+202E⟧" in page.title()
    assert watched.said == []
    assert set(watched.asked) == {path.as_uri()}
    assert page.locator("img").count() == 0
    assert page.locator("script").count() == 2
    assert (
        page.evaluate(
            "[...document.querySelectorAll('*')].flatMap(e => [...e.attributes]).filter("
            "a => a.name.startsWith('on') || /^\\s*javascript:/i.test(a.value)).length"
        )
        == 0
    )
    assert "onerror=alert(1)" in page.inner_text("#chronology")
    for at in range(int(page.get_attribute("#stop", "max"))):
        page.evaluate(
            "at => { const s = document.querySelector('#stop'); s.value = at; s.dispatchEvent(new Event('input')); }",
            at,
        )
    assert page.locator("img").count() == 0
    assert watched.said == []
    watched.context.close()
