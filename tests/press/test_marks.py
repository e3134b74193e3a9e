"""What was read of a content need not be read again where its mark is the same, and where it leads nowhere else."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from alsoread.press.marks import Marks, Same, same_since
from alsoread.press.reads import ATTRIBUTE, ITEM, Root
from alsoread.press.rows import row_of, shortened
from alsoread.press.store import Store
from alsoread.press.values import Fingerprint

BEYOND = 'topic"|in_thread"'
CONTENT: Root = ("generated_content", "stories/a.md")
VALUE = Fingerprint("s:x")


def group(*paths: tuple[str | int, ...], root: Root = CONTENT) -> str:
    """Reads of one root, as they are kept."""
    rows = [
        row_of([shortened((ATTRIBUTE if isinstance(name, str) else ITEM, name)) for name in path], "value", VALUE)
        for path in paths
    ]
    return json.dumps([(*root, rows)], ensure_ascii=False, separators=(",", ":"))


@pytest.fixture
def since(tmp_path: Path) -> Callable[[Marks | None, Marks | None], Same | None]:
    """What is as it was, of the marks of one build and those of the next."""

    def found(before: Marks | None, now: Marks | None) -> Same | None:
        store = Store(str(tmp_path / "store.sqlite"))
        same_since(store, before)
        store.save()
        return same_since(Store(str(tmp_path / "store.sqlite")), now)

    return found


def marks(shared: str = "s", **contents: str) -> Marks:
    return Marks({f"stories/{name}.md": mark for name, mark in contents.items()}, shared, BEYOND)


def holds(same: Same, group: str) -> bool:
    return same.holds(*same.about(group))


Since = Callable[[Marks | None, Marks | None], Same | None]


def test_what_was_read_of_a_content_with_the_same_mark_holds(since: Since) -> None:
    same = since(marks(a="1", b="2"), marks(a="1", b="3", c="4"))
    assert same is not None
    assert holds(same, group(("title",), ("tags", 0, "name")))
    assert not holds(same, group(("title",), root=("generated_content", "stories/b.md")))
    assert not holds(same, group(("title",), root=("generated_content", "stories/c.md")))
    assert not holds(same, group(("title",), root=("static_content", "stories/a.md")))
    assert not holds(same, group((), root=("name", "stories/a.md")))
    assert not holds(same, "")


def test_a_content_is_known_whatever_letters_its_name_has(since: Since) -> None:
    odd = 'stories/"a\\b\u00e9.md'
    same = since(Marks({odd: "1"}, "s"), Marks({odd: "1"}, "s"))
    assert same is not None
    assert holds(same, group(("title",), root=("generated_content", odd)))


@pytest.mark.parametrize("path", [("tags", 0, "topic", "label"), ("in_thread",), ("_context", "alsoread"), ("x", "_y")])
def test_what_leads_beyond_holds_only_as_long_as_the_rest_does(since: Since, path: tuple[str | int, ...]) -> None:
    reads = group(("title",), path)
    same, others = since(marks(a="1"), marks(a="1")), since(marks(a="1"), marks("another", a="1"))
    assert same is not None
    assert others is not None
    assert holds(same, reads)
    assert not holds(others, reads)
    assert holds(others, group(("title",), ("topics",), ("context_",)))


@pytest.mark.parametrize("before", [None, marks(b="1")])
def test_without_marks_of_the_last_build_nothing_is_known(since: Since, before: Marks | None) -> None:
    same = since(before, marks(a="1"))
    assert same is None or not holds(same, group(("title",)))


def test_a_build_that_has_no_marks_leaves_none(tmp_path: Path) -> None:
    """Otherwise what it verified would be held to marks that are older."""
    for each, expected in ((marks(a="1"), False), (None, False), (marks(a="1"), False), (marks(a="1"), True)):
        store = Store(str(tmp_path / "store.sqlite"))
        same = same_since(store, each)
        store.save()
        assert (same is not None and bool(same.contents)) is expected
