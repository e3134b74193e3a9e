"""Which developing stories does a digest follow?"""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from alsoread.news.addresses import Address
from alsoread.news.digest import Files, assemble
from alsoread.news.threads import threads_of
from alsoread.news.topicfile import ThreadFile, read_thread
from alsoread.story import Story, Thread
from reading import ENGINE, places, settings
from test_digest import ADDRESSES, file

BY_LANGUAGE = replace(
    ADDRESSES, of_story=lambda story: Address(f"{story.slug}.{story.lang}", f"{story.slug}.{story.lang}")
)


def told(name: str, thread: str, day: int) -> Story:
    return Story(f"{name}.md", name, name, datetime(2025, 1, day, tzinfo=UTC), thread=thread)


def thread_file(text: str, path: str = "threads/port-strike.md") -> ThreadFile:
    return read_thread(text.encode(), path, settings(), ENGINE)


def test_a_thread_has_its_stories_oldest_first_and_the_newest_thread_comes_first() -> None:
    listed = [told("d", "b", 4), told("c", "a", 3), told("b", "a", 2), told("x", "", 2), told("a", "b", 1)]
    found, findings = threads_of([], listed)
    assert {slug: row.stories for slug, row in found.items()} == {"b": ("a.md", "d.md"), "a": ("b.md", "c.md")}
    assert list(found) == ["b", "a"]
    assert findings == ()


def test_a_thread_without_a_file_is_called_by_its_slug() -> None:
    found, _ = threads_of([], [told("a", "port-strike-2025", 1)])
    assert found["port-strike-2025"].thread == Thread("port-strike-2025", "Port strike 2025")


def test_a_file_names_a_thread_and_one_without_stories_is_none() -> None:
    strike = Thread("strike", "The strike", "Who stopped.", closed=True, path="threads/strike.md")
    found, _ = threads_of([strike, Thread("empty", "Empty", path="threads/empty.md")], [told("a", "strike", 1)])
    assert list(found) == ["strike"]
    assert found["strike"].thread is strike


@pytest.mark.parametrize(
    ("thread", "near"),
    [
        ("port-stirke", "port-strike"),
        ("portstrike", "port-strike"),
        ("emty-file", "empty-file"),
        ("port-strike-2", ""),
        ("storm-in-june", ""),
        ("alone-2", ""),
    ],
)
def test_a_thread_with_one_story_may_be_a_misspelt_one(thread: str, near: str) -> None:
    listed = [
        told("x", thread, 5),
        told("a", "port-strike", 1),
        told("b", "port-strike", 2),
        told("c", "alone-1", 2),
        told("d", "storm-in-jun", 2),
    ]
    empty = Thread("empty-file", "Empty", path="threads/empty-file.md")
    for order in (listed, listed[::-1]):
        _, findings = threads_of([empty], order)
        found = [finding for finding in findings if finding.path == "x.md"]
        assert [(finding.code, finding.hint) for finding in found] == ([("AR307", f"thread: {near}")] if near else [])


def test_a_thread_that_has_a_file_or_a_second_story_is_not_misspelt() -> None:
    file = Thread("port-strikes", "Strikes", path="threads/port-strikes.md")
    stories = [told("a", "port-strike", 1), told("b", "port-strike", 2), told("c", "port-strikes", 3)]
    assert threads_of([file], stories)[1] == ()
    assert threads_of([], [*stories, told("d", "port-strikes", 4)])[1] == ()


def test_of_two_files_for_one_thread_the_first_by_path_counts() -> None:
    one, two = (Thread("strike", name, path=f"threads/{name}.md") for name in ("a", "b"))
    for order in ([one, two], [two, one]):
        found, findings = threads_of(order, [told("s", "strike", 1)])
        assert found["strike"].thread is one
        assert [(finding.path, finding.code) for finding in findings] == [("threads/b.md", "AR306")]
        assert "threads/a.md" in findings[0].message


def test_a_file_of_a_thread_is_named_by_its_file_unless_it_says_otherwise() -> None:
    found = thread_file("---\nname: The strike\ndescription: Who stopped.\nstatus: closed\n---\n\nWhat *it* is.\n")
    assert found.thread == Thread("port-strike", "The strike", "Who stopped.", True, "threads/port-strike.md")
    assert found.body.parts == ("<p>What <em>it</em> is.</p>",)
    assert thread_file("---\nname: The strike\nslug: other\n---\n").thread == Thread(
        "other", "The strike", path="threads/port-strike.md"
    )
    assert not thread_file("---\nname: The strike\nstatus: developing\n---\n").findings


def test_a_file_that_cannot_be_read_is_no_thread_and_says_why() -> None:
    for text, code in (
        ("---\nstatus: closed\n---\n", "AR112"),
        ("---\nname: x\nstatus: over\n---\n", "AR114"),
        ("no fence", "AR101"),
    ):
        found = thread_file(text)
        assert found.thread is None, text
        assert [finding.code for finding in found.findings] == [code], text


def test_a_second_file_for_a_thread_is_told_at_its_slug() -> None:
    files = [
        thread_file("---\nname: One\nslug: strike\n---\n", "threads/a.md"),
        thread_file("---\nname: Two\nslug: strike\n---\n", "threads/b.md"),
        thread_file("---\nname: Three\n---\n", "threads/strike.md"),
    ]
    found = assemble(Files([file("s", thread="strike")], threads=files), settings(related=0), ADDRESSES)
    assert [(finding.path, *places([finding])[0]) for finding in found.findings] == [
        ("threads/b.md", "AR306", 3, 1),
        ("threads/strike.md", "AR306", 2, 1),
    ]
    assert found.threads["strike"].thread.name == "One"


def test_only_stories_in_lists_count_and_a_translation_counts_once() -> None:
    stories = [
        file("a", date="2025-01-01", thread="strike"),
        file("a-de", date="2025-01-01", thread="strike", slug="a", lang="de"),
        file("hidden", date="2025-01-02", thread="strike", status="hidden"),
        file("draft", date="2025-01-03", thread="strike", status="draft"),
        file("later", date="2025-01-04", thread="strike", embargo_until="2027-01-01"),
        file("alone", thread="hush", status="hidden"),
        file("nur-de", thread="nur", slug="a", lang="fr"),
    ]
    found = assemble(Files(stories), settings(related=0), BY_LANGUAGE)
    assert {slug: row.stories for slug, row in found.threads.items()} == {"strike": ("a.md",)}
