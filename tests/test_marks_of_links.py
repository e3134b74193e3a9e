"""Where links lead is told without taking apart those that mean what they say."""

import re

import pytest

from alsoread.plugin import marks

PATH = "stories/2026/a.md"
VALUES = [
    "/stories/b.md",
    "/stories/../b.md",
    "/b.md#top",
    "/b.md?one",
    "/a%20b.md",
    "/a b.md",
    "/a&amp;b.md",
    "//host/b.md",
    "/\u00fcber/\u65b0\u805e.md",
    "/a;b.md",
    "/a_b-1.md",
    "/b.md\n",
    "b.md",
    "../b.md",
    "",
    "/",
    "//[b.md",
]


@pytest.mark.parametrize("value", VALUES)
def test_a_plain_link_leads_where_it_would_if_it_were_taken_apart(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    places = marks._places(value, PATH)
    monkeypatch.setattr(marks, "_PLAIN", re.compile(r"(?!)"))
    assert places == marks._places(value, PATH)


def test_only_what_is_plain_is_not_taken_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(marks, "urlparse", None)
    assert marks._places("/stories/b.md", PATH) == ("stories/b.md",)
