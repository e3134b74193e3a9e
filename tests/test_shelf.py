"""The words of stories come from the shelf as they were put there, are fetched when they are asked for and not before,
and a shelf that has lost them, or cannot be written, costs time and nothing else.
"""

import json
import logging
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from builds import Project, assert_same
from hypothesis import given
from hypothesis import strategies as st

from alsoread import memory as memory_of_files
from alsoread import shelf
from alsoread.diagnostics import Diagnostic
from alsoread.news.shelved import Shelved, Words, intrasite_links, mark_of_body, whole
from alsoread.news.storyfile import StoryFile
from alsoread.news.unread import Unread
from alsoread.press.digests import Untold
from alsoread.press.entries import EntryFile
from alsoread.press.stamps import stamp_of
from alsoread.press.store import Store
from alsoread.shelf import SAID, WORDS, Cards, Packed, StoryMemory, place_of
from alsoread.story import Body, CrossLink, Story
from test_two_gears import TEXT, story

CROSSLINK = CrossLink("READ", "The ferry", certain=True, html="<p>READ: The ferry</p>", line=3, column=1)
BODY = Body(
    ('<p>One <a href="{filename}b.md">b</a></p>', CROSSLINK, '<img src="{static}/a b.png">'), "One b", "One", "<p>S</p>"
)
FILE = StoryFile("a.md", Story("a.md", "a", "A", datetime(2025, 1, 1, tzinfo=UTC), tags=("Ports",)), BODY)


def store_at(folder: Path) -> Store:
    return Store(str(folder / "store.sqlite"))


def never(path: str) -> Body:
    raise AssertionError(f"{path} was read again")


def put(cards: Cards, store: Store, file: StoryFile) -> Any:
    """Put a file's words on the shelf; its card."""
    packed = cards.packed(file)
    store.put_text(WORDS, packed.place, packed.words)
    store.put_text(SAID, packed.place, packed.said)
    return json.loads(packed.card)


@pytest.fixture
def shelved(tmp_path: Path) -> tuple[Store, Any]:
    """A store with the words of one file, and its card."""
    store = store_at(tmp_path)
    card = put(Cards(store, never), store, FILE)
    store.save()
    return store_at(tmp_path), card


def words(body: Body) -> Words:
    return SimpleNamespace(parts=lambda: body.parts, said=lambda: (body.text, body.lead))


TEXTS = st.text(alphabet=st.sampled_from("ab<{|\"'\ud800é\n"), max_size=4)
CROSSLINKS = st.builds(
    CrossLink,
    label=TEXTS,
    text=TEXTS,
    certain=st.booleans(),
    html=TEXTS,
    line=st.integers(1, 3),
    column=st.integers(1, 3),
    href=TEXTS,
    inline=st.booleans(),
)
BODIES = st.builds(
    Body,
    parts=st.lists(TEXTS | CROSSLINKS, max_size=3).map(tuple),
    text=TEXTS,
    lead=TEXTS,
    summary_html=TEXTS,
)


@given(BODIES, BODIES)
def test_two_bodies_have_one_mark_if_they_say_the_same(one: Body, other: Body) -> None:
    assert (mark_of_body(one) == mark_of_body(other)) is (one == other)


@given(BODIES, st.sampled_from(["parts", "text", "lead", "summary_html"]))
def test_whatever_differs_makes_another_mark(body: Body, name: str) -> None:
    other = replace(body, **{name: (*body.parts, "x") if name == "parts" else getattr(body, name) + "x"})
    assert mark_of_body(body) != mark_of_body(other)


@given(BODIES, BODIES)
def test_a_shelved_body_is_equal_to_the_whole_one_and_to_no_other(body: Body, other: Body) -> None:
    shelved = Shelved.of(body.crosslinks, mark_of_body(body), intrasite_links(body), body.summary_html, words(body))
    assert shelved == body
    assert body == shelved
    assert hash(shelved) == hash(body)
    assert (shelved == other) is (body == other)
    assert (other == shelved) is (body == other)
    assert shelved != "body"
    assert whole(shelved) == body
    assert type(whole(shelved)) is Body
    assert whole(body) is body
    function, values = shelved.__reduce__()
    assert function(*values) == body


def test_nothing_is_fetched_that_the_card_tells() -> None:
    def fail() -> Body:
        raise AssertionError("fetched")

    shelved = Shelved.of((CROSSLINK,), "mark", ("{static}/a.png",), "<p>S</p>", SimpleNamespace(parts=fail, said=fail))
    assert shelved.crosslinks == (CROSSLINK,)
    assert mark_of_body(shelved) == "mark"
    assert intrasite_links(shelved) == ("{static}/a.png",)
    assert shelved.summary_html == "<p>S</p>"
    for name in ("parts", "text", "lead"):
        with pytest.raises(AssertionError, match="fetched"):
            getattr(shelved, name)


def test_links_of_words_are_those_that_pelican_resolves() -> None:
    assert intrasite_links(BODY) == ("{filename}b.md", "{static}/a b.png")
    summary = Body(
        ("<p>{filename}no.md</p>",), "", "", '<a href="|filename|c.md">c</a> <a href="https://x.example">x</a>'
    )
    assert intrasite_links(summary) == ("|filename|c.md",)


def test_a_card_is_read_as_it_was_written_and_its_words_are_fetched_once(
    shelved: tuple[Store, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    store, card = shelved
    asked: list[str] = []
    stock = store.get

    def noting(kind: str, name: str) -> Any:
        asked.append(kind)
        return stock(kind, name)

    monkeypatch.setattr(store, "get", noting)
    cards = Cards(store, never)
    file = cards.read(card)
    assert (file.path, file.story, file.findings) == ("a.md", FILE.story, ())
    assert (file.body.crosslinks, mark_of_body(file.body)) == ((CROSSLINK,), mark_of_body(BODY))
    assert cards.places == {place_of("a.md", mark_of_body(BODY))}
    assert asked == []
    assert (file.body.text, file.body.lead, file.body.summary_html) == (BODY.text, BODY.lead, BODY.summary_html)
    assert asked == [SAID]
    assert file.body.parts == BODY.parts
    assert file.body == BODY
    assert asked == [SAID, WORDS]


def test_words_of_one_story_are_not_those_of_another(tmp_path: Path) -> None:
    store = store_at(tmp_path)
    bodies = [replace(BODY, text=f"text {number}") for number in range(3)]
    rows = [
        put(Cards(store, never), store, replace(FILE, path=f"{at}.md", body=body)) for at, body in enumerate(bodies)
    ]
    store.save()
    files = list(map(Cards(store_at(tmp_path), never).read, rows))
    for _ in range(2):
        for file, body in zip(files, bodies, strict=True):
            assert file.body.text == body.text


@pytest.mark.parametrize("kind", [WORDS, SAID])
@pytest.mark.parametrize("damage", ["gone", '"words"', "[]", "[1,2]", "{", "null"])
def test_a_file_is_read_again_whose_words_are_gone(
    tmp_path: Path, shelved: tuple[Store, Any], damage: str, kind: str
) -> None:
    store, card = shelved
    if damage == "gone":
        store.keep_only(kind, set())
    elif damage == "{":
        with closing(sqlite3.connect(tmp_path / "store.sqlite")) as connection, connection:
            connection.execute("UPDATE entry SET value = '{' WHERE kind = ?", (kind,))
    else:
        store.put_text(kind, place_of("a.md", mark_of_body(BODY)), damage)
    store.save()
    reread: list[str] = []

    def again(path: str) -> Body:
        reread.append(path)
        return BODY

    store = store_at(tmp_path)
    file = Cards(store, again).read(card)
    assert reread == []
    for _ in range(2):
        assert (file.body.text, file.body.lead, file.body.parts) == (BODY.text, BODY.lead, BODY.parts)
    assert reread == ["a.md"]
    store.save()
    # once: they are on the shelf again
    file = Cards(store_at(tmp_path), never).read(card)
    assert (file.body.text, file.body.lead, file.body.parts) == (BODY.text, BODY.lead, BODY.parts)


def test_other_words_are_not_put_in_the_place_of_those_that_are_gone(
    tmp_path: Path, shelved: tuple[Store, Any]
) -> None:
    store, card = shelved
    store.keep_only(SAID, set())
    store.save()
    store = store_at(tmp_path)
    file = Cards(store, lambda path: replace(BODY, text="edited since")).read(card)
    assert file.body.text == "edited since"
    store.save()
    assert not store_at(tmp_path).names(SAID)
    assert len(store_at(tmp_path).names(WORDS)) == 1


def test_what_cannot_be_written_is_not_put_away(tmp_path: Path) -> None:
    cards = Cards(store_at(tmp_path), never)
    with pytest.raises(Untold):
        cards.packed(replace(FILE, body=replace(BODY, parts=(3,))))  # type: ignore[arg-type]


# the memory of stories


def memory(folder: Path, reread: Callable[[str], Body] = never, scope: str = "scope") -> tuple[Store, StoryMemory]:
    store = store_at(folder)
    return store, StoryMemory(store, scope, str(folder), reread)


def kept(store: Store) -> set[str]:
    names = set(store.names(WORDS))
    assert names == set(store.names(SAID))
    return names


def remember(folder: Path, **bodies: str) -> None:
    """A reading that finds files with these texts."""
    store, stories = memory(folder)
    for name, text in bodies.items():
        path = f"{name}.md"
        if stories.get("story", path, text.encode()) is None:
            file = replace(FILE, path=path, body=replace(BODY, text=text))
            stories.put("story", path, text.encode(), stories.packed(file))
    stories.close()
    store.save()


def test_stories_are_remembered_and_their_words_left_where_they_are(tmp_path: Path) -> None:
    remember(tmp_path, a="one", b="two")
    _, stories = memory(tmp_path)
    found = stories.get("story", "a.md", b"one")
    assert found is not None
    assert type(found.body) is Shelved
    assert found.body.text == "one"
    assert stories.get("story", "a.md", b"another") is None
    assert stories.get("page", "a.md", b"one") is None
    assert stories.get("story", "c.md", b"one") is None
    assert memory(tmp_path, scope="another")[1].get("story", "a.md", b"one") is None


def test_words_that_no_story_has_are_let_go_and_the_same_of_another_are_not(tmp_path: Path) -> None:
    remember(tmp_path, a="one", b="one", c="two")
    assert len(kept(store_at(tmp_path))) == 3
    remember(tmp_path, a="three", b="one")
    assert len(kept(store_at(tmp_path))) == 2
    remember(tmp_path, a="three")
    assert len(kept(store_at(tmp_path))) == 1
    remember(tmp_path)
    assert kept(store_at(tmp_path)) == set()


@pytest.mark.parametrize("at_once", [1, 1000])
def test_words_go_when_those_of_their_story_are_others(
    tmp_path: Path, at_once: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shelf, "_BATCH", at_once)
    remember(tmp_path, a="one", b="two", c="one")
    before = kept(store_at(tmp_path))
    remember(tmp_path, a="three", b="two", c="one")
    assert len(kept(store_at(tmp_path)) & before) == 2
    remember(tmp_path, a="three", b="one", c="two")
    assert kept(store_at(tmp_path)).isdisjoint(before)
    remember(tmp_path, a="one", b="two", c="one")
    assert kept(store_at(tmp_path)) == before


def test_words_stand_in_the_order_of_their_stories(tmp_path: Path) -> None:
    remember(tmp_path, b="one", a="two", c="three")
    assert [name.partition(":")[0] for name in store_at(tmp_path).names(WORDS)] == ["a.md", "b.md", "c.md"]


def test_what_a_build_left_that_did_not_end_goes_with_the_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shelf, "_BATCH", 2)
    store, stories = memory(tmp_path)
    for path in ("a.md", "b.md"):
        file = replace(FILE, path=path, body=replace(BODY, text=path))
        stories.put("story", path, b"", stories.packed(file))
    store.close()
    assert len(kept(store_at(tmp_path))) == 2
    remember(tmp_path, a="one", b="two")
    assert len(kept(store_at(tmp_path))) == 2


def test_what_a_build_left_that_did_not_end_goes_though_its_stories_are_what_they_were_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    remember(tmp_path, a="one", b="two")
    before = kept(store_at(tmp_path))
    with monkeypatch.context() as patched:
        patched.setattr(shelf, "_BATCH", 2)
        store, stories = memory(tmp_path)
        for path in ("a.md", "b.md"):
            file = replace(FILE, path=path, body=replace(BODY, text=f"other {path}"))
            stories.put("story", path, b"other", stories.packed(file))
        store.close()
    assert len(kept(store_at(tmp_path))) == 4
    for _ in range(2):
        remember(tmp_path, a="one", b="two")
        assert kept(store_at(tmp_path)) == before


def test_what_took_too_long_is_not_remembered(tmp_path: Path) -> None:
    slow = replace(FILE, findings=(Diagnostic("a.md", 1, 1, "AR201", "slow", ""),))
    store, stories = memory(tmp_path)
    assert stories.packed(slow) is slow
    assert stories.put("story", "a.md", b"one", slow) is slow
    stories.close()
    assert kept(store) == set()
    assert stories.marks == {}


def test_without_a_scope_nothing_is_remembered(tmp_path: Path) -> None:
    _, stories = memory(tmp_path, scope="")
    assert stories.packed(FILE) is FILE
    assert stories.put("story", "a.md", b"one", FILE) is FILE
    assert stories.get("story", "a.md", b"one") is None


def test_a_result_is_packed_in_one_process_and_put_away_in_another(tmp_path: Path) -> None:
    _, stories = memory(tmp_path)
    packed = stories.packed(FILE)
    assert isinstance(packed, Packed)
    found = stories.put("story", "a.md", b"one", Packed(*packed))
    assert found == FILE
    assert type(found.body) is Shelved


# the store: kinds of which each entry is read by itself


def test_an_entry_of_a_kind_kept_apart_is_read_by_itself(tmp_path: Path) -> None:
    store = store_at(tmp_path)
    store.keep_apart("large")
    for number in range(200):
        store.put("large", str(number), number)
        assert store.get("large", str(number)) == number
    store.save()
    again = store_at(tmp_path)
    again.keep_apart("large")
    assert [again.get("large", str(number)) for number in range(201)] == [*range(200), None]
    assert "large" not in again._read
    assert not again._some.get("large")
    again.put("large", "7", "seven")
    assert again.get("large", "7") == "seven"
    again.keep_only("large", {"7", "8"})
    assert (again.get("large", "7"), again.get("large", "8"), again.get("large", "9")) == ("seven", 8, None)
    again.save()
    assert sorted(store_at(tmp_path).names("large")) == ["7", "8"]
    assert (again.get("large", "7"), again.get("large", "9")) == ("seven", None)


def test_entries_of_a_kind_kept_apart_are_held_until_they_are_written(tmp_path: Path) -> None:
    store = store_at(tmp_path)
    store.keep_apart("large")
    store.put("large", "a", 1)
    store.put("other", "b", 2)
    store.release("large")
    assert not [key for key in store._changes if key[0] == "large"]
    assert (store.get("large", "a"), store.get("other", "b")) == (1, 2)
    assert store_at(tmp_path).get("large", "a") == 1
    assert store_at(tmp_path).get("other", "b") is None


def test_few_entries_are_read_one_by_one_and_many_at_once(tmp_path: Path) -> None:
    store = store_at(tmp_path)
    for number in range(100):
        store.put("page", str(number), number)
    store.save()
    again = store_at(tmp_path)
    assert [again.get("page", str(number)) for number in (1, 2, 200)] == [1, 2, None]
    assert "page" not in again._read
    again.put("page", "1", "one")
    again.keep_only("page", {str(number) for number in range(90)})
    assert [again.get("page", str(number)) for number in range(100)] == [0, "one", *range(2, 90), *[None] * 10]
    assert "page" in again._read
    assert len(again.names("page")) == 90


@pytest.fixture
def read_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder whose store cannot be written any more, as on a disk that is full."""
    remember(tmp_path, a="one", b="two")
    stock = EntryFile.write

    def full(self: Store, changes: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(EntryFile, "write", full)
    yield tmp_path
    monkeypatch.setattr(EntryFile, "write", stock)


def test_words_are_known_though_the_store_cannot_be_written(read_only: Path, caplog: pytest.LogCaptureFixture) -> None:
    _, stories = memory(read_only, lambda path: replace(BODY, text=f"{path} again"))
    old = stories.get("story", "a.md", b"one")
    file = replace(FILE, path="b.md", body=replace(BODY, text="three"))
    new = stories.put("story", "b.md", b"three", stories.packed(file))
    assert stories.close()
    assert old is not None
    assert new.body.text == "three"
    assert old.body.text in ("one", "a.md again")
    assert "cannot be written" in caplog.text
    assert caplog.records[0].levelno == logging.WARNING


def test_a_store_in_a_folder_that_nobody_may_write_to_keeps_working(tmp_path: Path) -> None:
    remember(tmp_path, a="one")
    (tmp_path / "store.sqlite").chmod(0o400)
    tmp_path.chmod(0o500)
    try:
        remember(tmp_path, a="one", b="two")
        _, stories = memory(tmp_path, lambda path: replace(BODY, text="one"))
        found = stories.get("story", "a.md", b"one")
        assert found is None or found.body.text == "one"
    finally:
        tmp_path.chmod(0o700)


def in_a_child(work: Callable[[], object]) -> str:
    """What a forked process gives."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.write(writer, json.dumps(work()).encode())
        finally:
            os._exit(0)
    os.close(writer)
    with open(reader, "rb") as pipe:
        said = pipe.read().decode()
    os.waitpid(child, 0)
    return said


def test_children_read_what_their_parent_has_open(tmp_path: Path) -> None:
    remember(tmp_path, a="one", b="two", c="three")
    store, stories = memory(tmp_path)
    files = [stories.get("story", f"{name}.md", text) for name, text in (("a", b"one"), ("b", b"two"), ("c", b"three"))]
    assert files[0] is not None
    assert files[0].body.text == "one"
    assert store._file._reader is not None
    for _ in range(3):
        assert json.loads(in_a_child(lambda: [file.body.text for file in files if file])) == ["one", "two", "three"]
        assert json.loads(in_a_child(lambda: [json.loads(in_a_child(lambda: files[2].body.text)), store.close()])) == [
            "three",
            None,
        ]
    assert [file.body.text for file in files if file] == ["one", "two", "three"]
    store.put("page", "a", 1)
    store.save()
    assert files[1] is not None
    assert files[1].body.text == "two"


# stories that are compared


def test_the_words_of_a_story_to_be_compared_are_fetched_when_they_are_asked_for() -> None:
    fetched: list[str] = []

    def fetch() -> Body:
        fetched.append("once")
        return BODY

    assert FILE.story is not None
    subject = Unread.of(FILE.story, datetime(2025, 1, 1, tzinfo=UTC), ("ports",), "mark", BODY, fetch)
    assert (subject.key, subject.title, subject.topics, subject.lang, subject.mark) == (
        "a.md",
        "A",
        ("ports",),
        "en",
        "mark",
    )
    assert subject.lead == "S"
    assert fetched == []
    assert subject.text == "One b"
    assert len(fetched) == 1
    plain = replace(BODY, summary_html="")
    unwritten = Unread.of(
        FILE.story, datetime(2025, 1, 1, tzinfo=UTC), (), "", plain, lambda: replace(plain, lead="Two")
    )
    assert unwritten.lead == "Two"


# whole sites


def lose_words(project: Project, damage: str) -> None:
    with closing(sqlite3.connect(project.root / ".output.alsoread/store.sqlite")) as connection, connection:
        for kind in (WORDS, SAID):
            assert connection.execute("SELECT count(*) FROM entry WHERE kind = ?", (kind,)).fetchone()[0] > 2
            connection.execute(damage, (kind,))


@pytest.mark.parametrize(
    "damage", ["DELETE FROM entry WHERE kind = ?", "UPDATE entry SET value = value || ' ' WHERE kind = ?"]
)
def test_a_site_is_the_same_though_its_words_are_lost(tmp_path: Path, damage: str) -> None:
    project = Project(tmp_path, "simple", ("alsoread",))
    story(project, "a", "One", TEXT)
    story(project, "b", "Two", TEXT * 2 + "READ: One\n", summary="In *short*.")
    project.write("content/pages/about.md", "---\ntitle: About\n---\n\nAbout *us*.\n")
    project.write("overrides/article.html", "{{ article.content }}")
    project.write("overrides/page.html", "{{ page.content }}")
    before = project.build()
    assert b"About <em>us</em>" in before["about.html"]
    lose_words(project, damage)
    project.write("overrides/article.html", "<b>{{ article.content }}</b>")
    project.write("overrides/page.html", "<b>{{ page.content }}</b>")
    found = project.build()
    assert_same(found, project.clean())
    assert b"About <em>us</em>" in found["about.html"]
    assert found != before


def test_a_file_that_was_seen_is_not_looked_at_again_unless_it_was_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "a.md"
    file.write_text("one", "utf-8")
    # long ago, so that its stamp tells it
    os.utime(file, (1, 1))
    monkeypatch.setattr(memory_of_files, "_RACY", -(10**12))
    store, stories = memory(tmp_path)
    assert not stories.unchanged("story", str(tmp_path), ["a.md"])
    stories.put("story", "a.md", b"one", stories.packed(replace(FILE, path="a.md")))
    stories.close()
    store.save()
    seen = stamp_of(str(file))
    assert seen is not None

    _, stories = memory(tmp_path)
    stories.seen = {str(file): seen}
    monkeypatch.setattr(memory_of_files, "stamp_of", never)
    assert stories.unchanged("story", str(tmp_path), ["a.md"])
    monkeypatch.undo()
    # whoever saw another file has to look again
    stories.seen = {str(file): (*seen[:3], seen[3] + 1)}
    assert stories.unchanged("story", str(tmp_path), ["a.md"])
    file.write_text("two", "utf-8")
    assert not stories.unchanged("story", str(tmp_path), ["a.md"])
