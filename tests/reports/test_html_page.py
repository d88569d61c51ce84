"""The page as text: what its policy allows, that no text of a case is markup, that it is the same bytes again."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timeline.reports.composing.shape import Key
from timeline.reports.escape import visible
from timeline.reports.formats.as_html import as_html
from timeline.reports.web.marks import linked
from timeline.reports.web.page import _safe

pytestmark = pytest.mark.xdist_group("page")  # one browser, one page, made once


class Read(HTMLParser):
    """What a browser makes of a piece of HTML: its text, its elements and their attributes."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.text = ""
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def test_the_policy_allows_what_carries_the_nonce_and_nothing_else(page: str) -> None:
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', page)
    assert policy is not None
    rules = dict(rule.strip().split(" ", 1) for rule in policy.group(1).split(";"))
    nonce = rules["script-src"]
    assert re.fullmatch(r"'nonce-[A-Za-z0-9+/]{24}'", nonce)
    assert rules == {
        "default-src": "'none'", "script-src": nonce, "style-src": nonce, "img-src": "data:",
        "base-uri": "'none'", "form-action": "'none'",
    }  # fmt: skip
    assert page.count(nonce[1:-1].removeprefix("nonce-")) == 2 + 3


@pytest.mark.parametrize("which", ["page", "hostile_page"])
def test_nothing_in_the_page_can_run_or_ask_a_network(which: str, request: pytest.FixtureRequest) -> None:
    read = Read(request.getfixturevalue(which))
    tags = [tag for tag, _ in read.elements]
    assert tags.count("script") == 2
    assert not {"img", "iframe", "object", "embed", "base", "link", "image", "use", "foreignobject"} & set(tags)
    for tag, attributes in read.elements:
        assert not [
            name for name in attributes if name.startswith("on") or name in ("style", "src", "srcset", "action")
        ]
        assert (attributes.get("href") or "#").startswith("#"), tag


def test_what_a_hostile_case_says_is_there_as_text(hostile_page: str) -> None:
    text = Read(hostile_page).text
    assert "<img src=x onerror=alert(1)>" in text
    assert "{{7*7}}" in text
    assert "\u202e" not in hostile_page
    assert "javascript:alert(1)" in text


def test_the_same_report_is_the_same_bytes_and_another_has_another_nonce(
    page: str, hostile_page: str, composed: Any, hostile: Any
) -> None:
    assert as_html(composed(hostile)) == hostile_page
    nonces = {re.search(r"'nonce-([^']*)'", each).group(1) for each in (page, hostile_page)}  # type: ignore[union-attr]
    assert len(nonces) == 2


def test_a_page_of_the_founding_case_is_small(page: str) -> None:
    assert len(page.encode()) < 500_000


@given(st.text(max_size=60), st.sets(st.sampled_from(["a", "a.b", "shot-1", "x:y"])))
def test_words_stay_words_whatever_they_are(text: str, targets: set[str]) -> None:
    read = Read(str(linked(text, targets)))
    assert read.text == visible(text).replace("\r\n", "\n").replace("\r", "\n")
    assert {tag for tag, _ in read.elements} <= {"a"}
    assert all(attributes["href"][3:] in targets for _, attributes in read.elements if attributes["href"])


@given(st.recursive(st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=5))
def test_data_never_end_the_element_that_holds_them(value: Any) -> None:
    held = _safe(value)
    assert "<" not in held
    assert ">" not in held
    assert json.loads(held) == value


def test_a_mention_is_a_link_only_where_it_leads_somewhere() -> None:
    said = str(linked("@a.b. @a, @nobody @shot-1.first", {"a", "shot-1"}))
    assert re.findall(r'href="#e-([^"]*)"', said) == ["a", "a", "shot-1"]


def test_the_head_says_each_key_answer_its_disputes_and_on_whose_word(report: Any, page: str) -> None:
    keys = [block for block in report.section("answers").blocks if isinstance(block, Key)]
    head = page.partition('<section class="short"')[2].partition("</section>")[0]
    assert len(keys) == 4
    for n, key in enumerate(keys, 1):
        link = f'<a href="#key-{n}">{key.plain}</a></dt><dd>'
        said = Read(head.partition(link)[2].partition("</div>")[0]).text
        answer, disputed, by = key.text.partition("; DISPUTED")
        assert said == f"{answer}{disputed[2:]}{by}{key.word}"
    assert "3 of them undated" in head
    assert "1 set of statements that cannot all be true" in head
    assert page.index('class="short"') < page.index("<dt>log</dt>"), "before all else that stands on the cover"


def test_a_report_without_key_answers_has_no_head_of_them(composed: Any, founding: Any) -> None:
    assert 'class="short"' not in as_html(composed(founding, only=("cover", "method"), replayed=False))
