"""What would a digest be with one file read anew?"""

from typing import Any

import pytest

from alsoread.news.anew import with_file
from alsoread.news.digest import Digest, Files, assemble
from alsoread.news.storyfile import StoryFile
from reading import settings
from test_digest import ADDRESSES, digest, file

SETTINGS = settings(related=0)
OTHERS = (
    file("port", "The port is open again"),
    file("storm", "The storm has passed", tags="Weather", embargo_until="2030-01-01"),
)
BODIES = (
    "READ: The port is open again",
    "READ: Nothing that anybody wrote\n\nWords [[port|and more]].",
    "READ: The storm has passed\n\nWords.",
    "Words.\n\nREAD: port",
)


def anew(before: StoryFile, after: StoryFile, *, kind: Any = "story") -> tuple[Digest | None, Digest]:
    """A digest with one of its files read anew, and one that is made of all files."""
    if kind == "page":
        told = [assemble(Files(OTHERS, [each]), SETTINGS, ADDRESSES) for each in (before, after)]
    else:
        told = [digest(each, *OTHERS) for each in (before, after)]
    return with_file(told[0], after, SETTINGS), told[1]


@pytest.mark.parametrize("summary", [{}, {"summary": "Few *words*"}])
@pytest.mark.parametrize("kind", ["story", "page"])
@pytest.mark.parametrize("body", BODIES)
def test_the_words_are_those_that_all_files_would_give(body: str, kind: str, summary: dict[str, str]) -> None:
    now, whole = anew(file("a", kind=kind), file("a", body=body, kind=kind, **summary), kind=kind)
    assert now is not None
    assert (now.html, now.bodies, now.resolutions) == (whole.html, whole.bodies, whole.resolutions)
    assert now.summaries == whole.summaries
    assert ("<em>words</em>" in now.summaries["a.md"]) is bool(summary)
    assert (now.stories, now.pages) == (whole.stories, whole.pages)
    assert "storm" not in now.html["a.md"]


def test_a_headline_and_topics_that_others_have_are_told_and_lists_stay() -> None:
    now, whole = anew(file("a"), file("a", "Quite another", tags="[Ports, port]", date="2026-01-02"))
    assert now is None
    now, whole = anew(file("a"), file("a", "Quite another", date="2026-01-02"))
    assert now is not None
    assert {story.title for story in now.stories} == {story.title for story in whole.stories}
    assert now.stories_of == digest(file("a"), *OTHERS).stories_of


@pytest.mark.parametrize(
    "fields",
    [
        {"slug": "b"},
        {"status": "draft"},
        {"status": "hidden"},
        {"lang": "nl"},
        {"embargo_until": "2026-01-01"},
        {"expires": "2030-01-01"},
        {"thread": "strike"},
        {"translation_of": "port"},
        {"tags": "New"},
    ],
)
def test_there_is_no_answer_where_others_would_have_to_know(fields: dict[str, str]) -> None:
    assert anew(file("a"), file("a", **fields))[0] is None
    assert with_file(digest(*OTHERS), file("a"), SETTINGS) is None


def test_a_story_of_a_day_to_come_is_no_answer_where_readers_may_not_see_it() -> None:
    strict = settings(related=0, future_dates=False)
    before, after = file("a"), file("a", date="2030-01-01")
    assert with_file(digest(before, future_dates=False), after, strict) is None
    drafts = settings(related=0, future_dates=False, drafts=True)
    assert with_file(digest(before, future_dates=False, drafts=True), after, drafts) is not None
