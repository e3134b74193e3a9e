"""A feed is made again if anything is another than what it was made from, and only then."""

from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pelican.contents import Article
from pelican.settings import DEFAULT_CONFIG
from pelican.writers import Writer

from alsoread.press import feeds
from alsoread.press.feeds import FeedMemory
from alsoread.press.keep import Keep
from alsoread.press.store import Store

DATE = datetime(2024, 2, 29, 12, tzinfo=UTC)


class Watched(Article):
    """An article that counts how often its body is asked for."""

    asked = 0

    def get_content(self, siteurl: str) -> str:
        self.asked += 1
        return str(super().get_content(siteurl))


@dataclass
class Builds:
    """Builds of one feed, one after another; each knows what the one before it kept."""

    folder: Path
    settings: dict[str, Any] = field(default_factory=lambda: {**deepcopy(DEFAULT_CONFIG), "SITEURL": "https://a.example"})  # fmt: skip
    marks: dict[str, str] = field(default_factory=dict)
    foreign: bool = False

    def article(self, name: str, body: str = "Words.", **metadata: Any) -> Watched:
        settings = {**self.settings, "PATH": "/c"}
        front = {"title": name, "slug": name, "date": DATE, **metadata}
        return Watched(body, front, settings=settings, source_path=f"/c/{name}.md", context=self.settings)

    def make(self, *articles: Article, form: str = "atom", paths: tuple[str, ...] = ("feed.xml",)) -> FeedMemory:
        store = Store(str(self.folder / "store"))
        memory = FeedMemory(store, Keep(str(self.folder / "keep"), {}), "recipe", self.foreign)
        if self.marks:
            memory.mark_of = lambda item: self.marks.get(item.slug)
        writer = Writer(str(self.folder), {**self.settings, "FEED_APPEND_REF": False})
        context = {"FEED_DOMAIN": "https://a.example", **self.settings, "SITENAME": "Feeds"}
        for path in paths:
            memory.write(writer, writer.write_feed, list(articles), context, path, path, form)
        memory.save()
        store.save()
        return memory

    @property
    def text(self) -> str:
        return (self.folder / "feed.xml").read_text()


@pytest.fixture
def builds(tmp_path: Path) -> Builds:
    return Builds(tmp_path)


def test_a_feed_of_the_same_is_put_back_as_it_was(builds: Builds) -> None:
    assert builds.make(builds.article("a"), builds.article("b")).made == 1
    first = builds.text
    again = builds.make(builds.article("a"), builds.article("b"))
    assert (again.made, again.reused) == (0, 1)
    assert builds.text == first


def test_contents_and_methods_are_told_once_for_all_feeds_of_a_build(
    builds: Builds, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    for name in ("_told", "code_of"):
        monkeypatch.setattr(feeds, name, counting(getattr(feeds, name), name, told))
    builds.make(builds.article("a"), builds.article("b"), paths=("1.xml", "2.xml", "feed.xml"))
    assert (told.count("_told"), told.count("code_of")) == (2, 3)


def counting(function: Callable[..., str], name: str, told: list[str]) -> Callable[..., str]:
    def count(*given: Any, **named: Any) -> str:
        told.append(name)
        return function(*given, **named)

    return count


def test_a_content_with_a_mark_is_not_asked(builds: Builds) -> None:
    builds.marks = {"a": "1", "b": "2"}
    builds.make(builds.article("a"), builds.article("b"))
    first, articles = builds.text, [builds.article("a"), builds.article("b")]
    again = builds.make(*articles)
    assert (again.made, again.reused) == (0, 1)
    assert [article.asked for article in articles] == [0, 0]
    assert builds.text == first


def test_without_a_mark_the_content_itself_is_looked_at(builds: Builds) -> None:
    builds.marks = {"a": "1"}
    builds.make(builds.article("a"), builds.article("b"))
    articles = [builds.article("a"), builds.article("b")]
    assert builds.make(*articles).reused == 1
    assert [bool(article.asked) for article in articles] == [False, True]
    assert builds.make(builds.article("a"), builds.article("b", "Other words.")).made == 1
    assert "Other words." in builds.text


def test_another_mark_is_another_feed(builds: Builds) -> None:
    builds.marks = {"a": "1", "b": "2"}
    builds.make(builds.article("a"), builds.article("b"))
    builds.marks["b"] = "3"
    assert builds.make(builds.article("a"), builds.article("b", "Other words.")).made == 1
    assert "Other words." in builds.text


def test_two_contents_with_one_mark_are_two(builds: Builds) -> None:
    builds.marks = {"a": "1", "b": "1"}
    builds.make(builds.article("a"))
    assert builds.make(builds.article("b")).made == 1
    assert "<title>b</title>" in builds.text
    builds.make(builds.article("a"), builds.article("b"))
    assert builds.make(builds.article("b"), builds.article("a")).made == 1


def test_a_mark_that_comes_or_goes_makes_the_feed_again(builds: Builds) -> None:
    builds.make(builds.article("a"))
    builds.marks = {"a": "1"}
    assert builds.make(builds.article("a")).made == 1
    builds.marks = {}
    assert builds.make(builds.article("a")).made == 1


def test_marks_count_for_nothing_with_foreign_code_about(builds: Builds) -> None:
    builds.marks, builds.foreign = {"a": "1"}, True
    builds.make(builds.article("a"))
    assert builds.make(builds.article("a", "Other words.")).made == 1
    assert "Other words." in builds.text


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SITEURL", "https://b.example"),
        ("FEED_DOMAIN", "https://b.example"),
        ("SITESUBTITLE", "Another"),
        ("FEED_MAX_ITEMS", 1),
        ("TIMEZONE", "Asia/Kathmandu"),
        ("RELATIVE_URLS", True),
        ("RSS_FEED_SUMMARY_ONLY", False),
    ],
)
@pytest.mark.parametrize("marks", [{}, {"a": "1", "b": "2"}])
def test_a_setting_makes_the_feed_again_with_marks_too(
    builds: Builds, name: str, value: object, marks: dict[str, str]
) -> None:
    builds.marks = marks
    builds.make(builds.article("a"), builds.article("b"), form="rss")
    builds.settings[name] = value
    assert builds.make(builds.article("a"), builds.article("b"), form="rss").made == 1


@pytest.mark.parametrize("marks", [{}, {"a": "1"}])
def test_where_the_links_of_a_summary_begin_makes_a_difference(builds: Builds, marks: dict[str, str]) -> None:
    builds.marks = marks
    builds.settings |= {"RELATIVE_URLS": True, "SITEURL": "", "localsiteurl": ".", "FEED_DOMAIN": ""}
    body = '<p><a href="{index}">Home</a>'
    builds.make(builds.article("a", body))
    builds.settings["localsiteurl"] = "../.."
    assert builds.make(builds.article("a", body)).made == 1
    assert "../../index.html" in builds.text


def keys_in_one_build(builds: Builds, article: Article, *, foreign: bool = False) -> Iterator[str]:
    """The key of one feed, written again and again."""
    memory = FeedMemory(Store(str(builds.folder / "store")), Keep(str(builds.folder / "keep"), {}), "recipe", foreign)
    writer = Writer(str(builds.folder), {**builds.settings, "FEED_APPEND_REF": False})
    while True:
        writer._written_files.clear()
        memory.write(writer, writer.write_feed, [article], builds.settings, "feed.xml", "feed.xml")
        yield memory._records["feed.xml"][0]


def test_where_the_links_begin_is_looked_at_for_each_feed(builds: Builds) -> None:
    builds.settings |= {"RELATIVE_URLS": True, "SITEURL": "", "localsiteurl": ".", "FEED_DOMAIN": ""}
    keys = keys_in_one_build(builds, builds.article("a", '<p><a href="{index}">Home</a>'))
    first = next(keys)
    builds.settings["localsiteurl"] = "../.."
    assert next(keys) != first
    builds.settings["localsiteurl"] = "."
    assert next(keys) == first


@pytest.mark.parametrize("marks", [{}, {"a": "1"}])
def test_a_writer_that_makes_feeds_otherwise_is_seen(
    builds: Builds, marks: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    builds.marks = marks
    builds.make(builds.article("a"))
    add: Callable[..., None] = Writer._add_item_to_the_feed

    def shout(self: Writer, feed: Any, item: Any) -> None:
        add(self, feed, item)
        feed.items[-1]["title"] += "!"

    monkeypatch.setattr(Writer, "_add_item_to_the_feed", shout)
    assert builds.make(builds.article("a")).made == 1
    assert "<title>a!</title>" in builds.text


def test_with_foreign_code_about_nothing_is_taken_for_granted_within_a_build(
    builds: Builds, monkeypatch: pytest.MonkeyPatch
) -> None:
    builds.settings["FEED_DOMAIN"] = ""
    article = builds.article("a")
    keys = keys_in_one_build(builds, article, foreign=True)
    found = {next(keys)}
    article.title = "b"
    found.add(next(keys))
    add: Callable[..., None] = Writer._add_item_to_the_feed

    def as_before(self: Writer, feed: Any, item: Any) -> None:
        add(self, feed, item)

    monkeypatch.setattr(Writer, "_add_item_to_the_feed", as_before)
    found.add(next(keys))
    assert len(found) == 3
