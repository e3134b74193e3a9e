"""Feeds that are written as text are, byte for byte, what Pelican's writer would have written."""

from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from datetime import UTC, datetime, timedelta, timezone
from functools import wraps
from io import StringIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from feedgenerator import Atom1Feed, Enclosure, Rss201rev2Feed
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup
from pelican import signals, writers
from pelican.contents import Article, Author, Category, Tag
from pelican.settings import DEFAULT_CONFIG
from pelican.writers import Writer

from alsoread.news.sanitize import escaped
from alsoread.plugin.feeds import TextFeed
from alsoread.plugin.writer import digest_writer
from alsoread.press.feeds import FeedMemory
from alsoread.press.keep import Keep
from alsoread.press.pressroom import Pressroom
from alsoread.press.store import Store
from alsoread.press.writer import press_writer
from sites import Site, tree

ATOM, RSS = "atom", "rss"
LIBRARY = {ATOM: Atom1Feed, RSS: Rss201rev2Feed}
MOMENT = datetime(2024, 2, 29, 12, 30, tzinfo=UTC)
HOSTILE = (
    "",
    " two  spaces ",
    "a < b > c & d",
    "&amp; &lt;b&gt; &#38; &nbsp;",
    "<b>bold</b> <!-- no --> <br/>",
    "]]> <![CDATA[ x ]]>",
    "“curly” 'single' \"double\"",
    "tab\there, line\nhere, return\rhere",
    "Ports & harbours: Häfen, порт, 港, \U0001f6a2 \U000e0001",
    "\u0085 \u2028 \ufeff \ufffe \x7f \x9f",
    "?q=1&r=2#part %20 %zz {slug}",
)


class Desk:
    """Writes the same feeds as text and by the library."""

    def __init__(self, folder: Path, **settings: Any) -> None:
        self.folder = folder
        self.settings = {**deepcopy(DEFAULT_CONFIG), "SITENAME": "The Digest", "SITEURL": "https://digest.example"}
        self.settings |= {"FEED_DOMAIN": settings.get("SITEURL", self.settings["SITEURL"]), "FEED_APPEND_REF": False}
        self.settings |= {"RSS_FEED_SUMMARY_ONLY": False, **settings}
        self.context = {**self.settings, "generated_content": {}, "static_content": {}}

    def story(self, title: object, body: str = "<p>Words.</p>", date: datetime = MOMENT, **more: Any) -> Article:
        metadata = {"title": title, "slug": "s", "date": date, **more}
        return Article(body, metadata, settings=self.settings, source_path="/c/s.md", context=self.context)

    def writer(self, *, foreign: bool, name: str = "a") -> Any:
        """A digest's writer; with foreign code about it leaves its feeds to the library."""
        out = self.folder / name
        out.mkdir(parents=True, exist_ok=True)
        state = SimpleNamespace(on_page=lambda name: None)
        memory = FeedMemory(Store(str(out / "store")), Keep(str(out / "keep"), {}), "", foreign=foreign)
        room = Pressroom(lambda context: None, lambda path: None, copies=False, feeds=memory)  # type: ignore[arg-type, return-value]
        return press_writer(digest_writer(Writer(str(out), self.settings), state), room)  # type: ignore[arg-type]

    def outcome(self, items: Sequence[Any], *, text: bool, **kwargs: Any) -> bytes | type[Exception]:
        """The bytes of a feed, or what is raised."""
        writer = self.writer(foreign=not text)
        path = self.folder / "a" / "feeds" / "x.xml"
        try:
            feed = writer.write_feed(items, self.context, "feeds/x.xml", **kwargs)
        except (ValueError, TypeError) as raised:
            return type(raised)
        assert isinstance(feed, TextFeed) is text
        return path.read_bytes()

    def agrees(self, items: Sequence[Any], **kwargs: Any) -> bytes | type[Exception]:
        """The outcome, which is the same both ways."""
        stock = self.outcome(items, text=False, **kwargs)
        assert self.outcome(items, text=True, **kwargs) == stock
        return stock


def hostile_stories(desk: Desk) -> list[Article]:
    """Each text is a title, a body, a summary, a topic and an author once."""
    stories = []
    for number, text in enumerate(HOSTILE):
        following = [HOSTILE[(number + step) % len(HOSTILE)] for step in range(4)]
        zone = timezone(timedelta(minutes=345 * (number % 3 - 1)))
        stories.append(
            desk.story(
                escaped(text) if number % 2 else text,
                Markup(f"<p>{escaped(following[0])}</p>\n{following[0]}"),
                datetime(2024, 1, 1, 12, tzinfo=zone) + timedelta(days=number * 7 % 11, microseconds=number % 2),
                slug=f"s{number} é&'\"<{number}",
                tags=[Tag(escaped(each), desk.settings) for each in following[1:]],
                **({"summary": Markup(following[1])} if number % 3 else {}),
                **({"author": Author(escaped(following[2]), desk.settings)} if number % 4 else {}),
                **({"category": Category(escaped(following[3]), desk.settings)} if number % 2 else {}),
                **({"modified": datetime(2024, 1, number + 1, 23, tzinfo=UTC)} if number % 3 == 1 else {}),
            )
        )
    return stories


@pytest.fixture(params=[ATOM, RSS])
def form(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"FEED_APPEND_REF": True},
        {"FEED_MAX_ITEMS": 3},
        {"FEED_MAX_ITEMS": 0},
        {"FEED_MAX_ITEMS": None},
        {"RSS_FEED_SUMMARY_ONLY": True},
        {"RELATIVE_URLS": True, "SITEURL": ""},
        {"RELATIVE_URLS": True},
        {"SITEURL": ""},
        {"SITEURL": "https://digest.example/é & 'co'/\"x\""},
        {"FEED_DOMAIN": "https://feeds.example/?a&b='\""},
        {"TIMEZONE": "Asia/Kathmandu"},
        {"AUTHOR": "A <i>Desk</i> & 'Co'"},
        {"SITENAME": ""},
        {"SITENAME": "The <b>Post</b> &amp; \"Co\" & 'Sons' \U0001f6a2"},
        {"SITENAME": Markup("The &lt;Post&gt;")},
        {"SITESUBTITLE": ""},
        {"SITESUBTITLE": None},
        {"SITESUBTITLE": "All < & > \"that\"\n'matters'"},
        {"SITESUBTITLE": Markup("All &amp; sundry")},
        {"SITESUBTITLE": 7},
    ],
)  # fmt: skip
def test_a_feed_is_the_same_both_ways(tmp_path: Path, form: str, settings: dict[str, Any]) -> None:
    desk = Desk(tmp_path, **settings)
    stories = hostile_stories(desk)
    for title in (None, "", *HOSTILE[1:], escaped("Ports & <harbours>")):
        written = desk.agrees(stories, feed_type=form, feed_title=title)
        assert isinstance(written, bytes)
        carried = written.count(b"</entry>" if form == ATOM else b"</item>")
        assert carried == len(stories[: desk.settings["FEED_MAX_ITEMS"]])
    desk.agrees(stories, feed_type=form, url="https://elsewhere.example/é?a&b")
    desk.agrees(stories[3:4], feed_type=form)
    desk.agrees([], feed_type=form)


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("field", ["title", "body", "summary", "tags", "author", "category", "slug"])
def test_every_text_is_written_as_the_library_writes_it(desk: Desk, form: str, field: str, text: str) -> None:
    kinds: dict[str, Callable[[str], Any]] = {
        "tags": lambda text: [Tag(text, desk.settings), Tag(escaped(text), desk.settings)],
        "author": lambda text: Author(escaped(text), desk.settings),
        "category": lambda text: Category(escaped(text), desk.settings),
    }
    story = desk.story(**{"title": "A story", field: kinds.get(field, Markup)(text)})
    assert isinstance(desk.agrees([story, story], feed_type=form), bytes)


@pytest.mark.parametrize(
    ("field", "control"),
    [
        *((field, "\x00") for field in ("title", "summary", "author", "SITENAME", "SITESUBTITLE")),
        # of titles Pelican takes some of them for blanks
        *(("body", control) for control in "\x00\x08\x0b\x0c\x0e\x1f"),
    ],
)
def test_what_xml_cannot_say_is_refused_by_the_library(tmp_path: Path, form: str, field: str, control: str) -> None:
    text = f"before{control}after"
    desk = Desk(tmp_path, **({field: text} if field.isupper() else {}))
    own = {} if field.isupper() else {field: Author(text, desk.settings) if field == "author" else text}
    story = desk.story(**{"title": "A story", **own})
    if form == RSS and field == "summary":
        assert isinstance(desk.agrees([story], feed_type=form), bytes)
    else:
        assert issubclass(desk.agrees([story], feed_type=form), ValueError)  # type: ignore[arg-type]


def test_what_the_library_lets_pass_in_an_attribute_passes(desk: Desk) -> None:
    story = desk.story("A story", tags=[Tag("a\x01b", desk.settings)])
    assert b'term="a\x01b"' in desk.agrees([story], feed_type=ATOM)  # type: ignore[operator]
    assert issubclass(desk.agrees([story], feed_type=RSS), ValueError)  # type: ignore[arg-type]


@pytest.mark.parametrize("field", ["title", "body", "tags"])
def test_half_a_surrogate_pair_is_no_text(desk: Desk, form: str, field: str) -> None:
    half = "half \ud83d"
    story = desk.story(**{"title": "A story", field: [Tag(half, desk.settings)] if field == "tags" else half})
    assert desk.agrees([story], feed_type=form) is UnicodeEncodeError


def test_a_summary_that_says_what_the_body_says_is_left_out_as_pelican_does(desk: Desk) -> None:
    same = desk.story("A story", "<p>Words.</p>", summary=Markup("<p>Words.</p>"))
    assert b"<summary" not in desk.agrees([same], feed_type=ATOM)  # type: ignore[operator]
    empty = desk.story("A story", "", summary="")
    desk.agrees([empty], feed_type=ATOM)
    desk.agrees([empty], feed_type=RSS)
    desk.agrees([desk.story("A story", "<p>Words.</p>", summary="")], feed_type=ATOM)


@pytest.mark.parametrize("first", [0, 1, 2])
def test_of_one_moment_in_several_zones_the_first_is_the_feeds_date(desk: Desk, form: str, first: int) -> None:
    zones = [UTC, timezone(timedelta(hours=5, minutes=45)), ZoneInfo("America/New_York")]
    stories = [
        desk.story("A story", date=MOMENT.astimezone(zone), modified=MOMENT.astimezone(zones[(place + 1) % 3]))
        for place, zone in enumerate(zones)
    ]
    plain = [desk.story("A story", date=MOMENT.astimezone(zone)) for zone in zones]
    desk.agrees(stories[first:] + stories[:first], feed_type=form)
    desk.agrees(plain[first:] + plain[:first], feed_type=form)
    desk.agrees([plain[first], stories[first]], feed_type=form)


def test_a_date_without_a_zone_is_in_the_sites_or_in_none(tmp_path: Path, form: str) -> None:
    for zone in ("Europe/Madrid", None):
        desk = Desk(tmp_path)
        story = desk.story("A story", modified=MOMENT)
        story.date, story.modified = MOMENT.replace(tzinfo=None), MOMENT.replace(tzinfo=None, microsecond=5)
        desk.settings["TIMEZONE"] = zone
        desk.agrees([story], feed_type=form)


def test_a_correction_that_is_older_than_its_story_is_what_was_changed_last(desk: Desk, form: str) -> None:
    desk.agrees([desk.story("A story", modified=MOMENT - timedelta(days=9))], feed_type=form)


TEXTS = st.text(
    st.one_of(
        st.sampled_from("<>&\"'\n\r\t;#aé \U0001f6a2\x0b"),
        st.characters(exclude_categories=["Cs"]),
    ),
    max_size=20,
)
ZONES = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
DATES = ZONES.flatmap(
    lambda zone: st.integers(0, 3_000_000_000).map(lambda seconds: datetime.fromtimestamp(seconds, zone))
)
STORIES = st.fixed_dictionaries(
    {"title": TEXTS.map(escaped), "body": TEXTS.map(Markup), "date": DATES},
    optional={"summary": TEXTS.map(Markup), "modified": DATES, "tags": st.lists(TEXTS.map(escaped), max_size=3), "author": TEXTS.map(escaped)},
)  # fmt: skip


@given(
    stories=st.lists(STORIES, max_size=4),
    form=st.sampled_from([ATOM, RSS]),
    name=TEXTS,
    about=st.none() | TEXTS,
    title=st.none() | TEXTS,
    switches=st.fixed_dictionaries({
        "FEED_APPEND_REF": st.booleans(), "RSS_FEED_SUMMARY_ONLY": st.booleans(), "RELATIVE_URLS": st.booleans(),
        "FEED_MAX_ITEMS": st.none() | st.integers(0, 5), "SITEURL": st.sampled_from(["", "https://a.example/é'\""]),
    }),
)  # fmt: skip
def test_whatever_the_texts_the_bytes_are_the_same(
    tmp_path_factory: pytest.TempPathFactory,
    stories: list[dict[str, Any]],
    form: str,
    name: str,
    about: str | None,
    title: str | None,
    switches: dict[str, Any],
) -> None:
    desk = Desk(tmp_path_factory.getbasetemp() / "whatever", SITENAME=name, SITESUBTITLE=about, **switches)
    made = [desk.story(**_wrapped(desk, story)) for story in stories]
    desk.agrees([*made, *made[:1]], feed_type=form, feed_title=title)


def _wrapped(desk: Desk, story: Mapping[str, Any]) -> dict[str, Any]:
    wrapped = dict(story)
    if "tags" in story:
        wrapped["tags"] = [Tag(tag, desk.settings) for tag in story["tags"]]
    if "author" in story:
        wrapped["author"] = Author(story["author"], desk.settings)
    return wrapped


def test_a_story_is_described_once_for_all_feeds_of_a_form(desk: Desk) -> None:
    stories = hostile_stories(desk)
    writer, described = desk.writer(foreign=False), []
    add = writer.texts.add
    writer.texts.add = lambda feed, item, site: (described.append(item), add(feed, item, site))
    for number in range(4):
        writer.write_feed(stories[number:], desk.context, f"feeds/{number}.xml")
    assert described == stories
    for number in range(4):
        writer.write_feed(stories[number:], desk.context, f"feeds/{number}.rss", feed_type=RSS)
    assert described == stories * 2
    stock = desk.writer(foreign=True, name="b")
    for number in range(4):
        stock.write_feed(stories[number:], desk.context, f"feeds/{number}.xml")
        stock.write_feed(stories[number:], desk.context, f"feeds/{number}.rss", feed_type=RSS)
    assert tree(desk.folder / "a" / "feeds") == tree(desk.folder / "b" / "feeds")


def test_a_text_is_of_one_address_of_the_site(desk: Desk) -> None:
    story = desk.story("A story", '<p><a href="{index}">home</a></p>')
    for foreign, name in ((False, "a"), (True, "b")):
        writer = desk.writer(foreign=foreign, name=name)
        for number, address in enumerate(("https://one.example", "https://two.example")):
            writer.write_feed([story], {**desk.context, "SITEURL": address}, f"feeds/{number}.xml")
    assert tree(desk.folder / "a" / "feeds") == tree(desk.folder / "b" / "feeds")
    assert b"two.example/index.html" in (desk.folder / "a/feeds/1.xml").read_bytes()


def test_a_summary_leads_from_the_page_that_was_written_last(tmp_path: Path) -> None:
    desk = Desk(tmp_path, RELATIVE_URLS=True, SITEURL="", SUMMARY_MAX_LENGTH=1)
    story = desk.story("A story", '<p><a href="{index}">home</a> and more words</p>')
    for foreign, name in ((False, "a"), (True, "b")):
        writer = desk.writer(foreign=foreign, name=name)
        for number, place in enumerate((".", "../..")):
            desk.context["localsiteurl"] = place
            writer.write_feed([story], desk.context, f"feeds/{number}.xml")
    assert tree(desk.folder / "a" / "feeds") == tree(desk.folder / "b" / "feeds")
    assert b"../../index.html" in (desk.folder / "a/feeds/1.xml").read_bytes()


def test_who_looks_at_a_feed_sees_the_librarys(desk: Desk, form: str) -> None:
    stories = hostile_stories(desk)
    feed = desk.writer(foreign=False).write_feed(stories, desk.context, "feeds/x.xml", feed_type=form)
    stock = desk.writer(foreign=True, name="b").write_feed(stories, desk.context, "feeds/x.xml", feed_type=form)
    assert isinstance(feed, TextFeed)
    assert feed.items == stock.items
    assert feed.num_items() == len(stories)
    assert feed.feed == stock.feed
    assert feed.latest_post_date() == stock.latest_post_date()
    assert feed.writeString("utf-8").encode() == (desk.folder / "b/feeds/x.xml").read_bytes()


def test_a_feed_without_a_file_is_made_too(desk: Desk, form: str) -> None:
    stories = hostile_stories(desk)
    feeds = [
        desk.writer(foreign=foreign).write_feed(stories, desk.context, None, "feeds/x.xml", form)
        for foreign in (False, True)
    ]
    assert [feed.num_items() for feed in feeds] == [len(stories)] * 2
    assert feeds[0].writeString("utf-8") == feeds[1].writeString("utf-8")


def test_a_feed_that_is_looked_at_later_is_of_its_own_site(desk: Desk) -> None:
    story = desk.story("A story", '<p><a href="{index}">home</a></p>')
    writer = desk.writer(foreign=False)
    feed = writer.write_feed([story], {**desk.context, "SITEURL": "https://one.example"}, "feeds/1.xml")
    writer.write_feed([story], {**desk.context, "SITEURL": "https://two.example"}, "feeds/2.xml")
    assert feed.items[0]["link"] == "https://one.example/s.html"


def test_what_is_changed_in_a_feed_before_it_is_written_is_written(desk: Desk, form: str) -> None:
    stories = hostile_stories(desk)[:3]

    def change(context: Any, feed: Any) -> None:
        feed.feed["title"] = "Changed"
        feed.items[1]["title"] = "changed, too"
        feed.items[1]["enclosures"] = [Enclosure("https://a.example/é", "7", "audio/mpeg")]
        feed.items.pop()

    with signals.feed_generated.connected_to(change):
        written = desk.agrees(stories, feed_type=form)
    assert isinstance(written, bytes)
    assert b">Changed</title>" in written
    assert b"audio/mpeg" in written


def test_a_feed_that_is_looked_at_while_stories_come_has_them_all(desk: Desk, form: str) -> None:
    for foreign, name in ((False, "a"), (True, "b")):
        writer = desk.writer(foreign=foreign, name=name)
        writer._add_item_to_the_feed = _shouting(writer._add_item_to_the_feed)
        writer.write_feed(hostile_stories(desk), desk.context, "feeds/x.xml", feed_type=form)
    made = tree(desk.folder / "a" / "feeds")
    assert made == tree(desk.folder / "b" / "feeds")
    assert made["x.xml"].count(b"!</title>") == len(HOSTILE)


def _shouting(add: Callable[..., None]) -> Callable[..., None]:
    def shouting(feed: Any, item: Any) -> None:
        add(feed, item)
        feed.items[-1]["title"] += "!"

    return shouting


@pytest.mark.parametrize(
    "more",
    [
        {"enclosures": [Enclosure("https://a.example/é?a&b", "7", "audio/mpeg")]},
        {"author_email": "desk@digest.example"},
        {"author_link": "https://a.example/"},
        {"comments": "https://a.example/c"},
        {"unique_id_is_permalink": True},
        {"item_copyright": "©"},
        {"ttl": "60"},
        {"geo": "a name that the library may have one day"},
    ],
)
def test_what_has_no_place_in_the_texts_the_library_writes(desk: Desk, form: str, more: dict[str, Any]) -> None:
    stories = hostile_stories(desk)
    for foreign, name in ((False, "a"), (True, "b")):
        writer = desk.writer(foreign=foreign, name=name)
        writer.texts.add = _adding(writer.texts.add, stories[2], more)
        if foreign:
            writer.describe = writer.texts.add
        writer.write_feed(stories, desk.context, "feeds/x.xml", feed_type=form)
    assert tree(desk.folder / "a" / "feeds") == tree(desk.folder / "b" / "feeds")


def _adding(add: Callable[..., None], story: Article, more: Mapping[str, Any]) -> Callable[..., None]:
    def adding(feed: Any, item: Any, site: str) -> None:
        add(feed, item, site)
        if item is story:
            feed.items[-1] |= more

    return adding


@pytest.mark.parametrize(
    "more",
    [
        {"language": "en"},
        {"author_name": "Desk"},
        {"categories": ("a", "b")},
        {"feed_copyright": "©"},
        {"ttl": "5"},
        {"id": "urn:another"},
        {"description": "Another"},
    ],
)
def test_what_a_feed_says_besides_the_library_writes(desk: Desk, form: str, more: dict[str, Any]) -> None:
    for foreign, name in ((False, "a"), (True, "b")):
        writer = desk.writer(foreign=foreign, name=name)
        create = writer._create_new_feed
        writer._create_new_feed = _saying(create, more)
        writer.write_feed(hostile_stories(desk), desk.context, "feeds/x.xml", feed_type=form)
    assert tree(desk.folder / "a" / "feeds") == tree(desk.folder / "b" / "feeds")


def _saying(create: Callable[..., Any], more: Mapping[str, Any]) -> Callable[..., Any]:
    def saying(*args: Any) -> Any:
        feed = create(*args)
        (feed._feed if isinstance(feed, TextFeed) else feed).feed.update(more)
        return feed

    return saying


def test_a_library_that_writes_otherwise_is_left_to_it(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    stories = hostile_stories(desk)
    monkeypatch.setattr(Atom1Feed, "ns", "urn:another")
    feed = desk.writer(foreign=False).write_feed(stories, desk.context, "feeds/x.xml")
    assert isinstance(feed, Atom1Feed)
    assert b'xmlns="urn:another"' in (desk.folder / "a/feeds/x.xml").read_bytes()


def test_another_class_of_feeds_writes_itself(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    class Podcast(Rss201rev2Feed):
        pass

    monkeypatch.setattr(writers, "Rss201rev2Feed", Podcast)
    feed = desk.writer(foreign=False).write_feed(hostile_stories(desk), desk.context, "feeds/x.xml", feed_type=RSS)
    assert isinstance(feed, Podcast)


@pytest.mark.parametrize("name", ["write_feed", "_create_new_feed", "_add_item_to_the_feed"])
def test_who_takes_the_place_of_pelicans_methods_gets_the_librarys_feeds(
    desk: Desk, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = getattr(Writer, name)

    @wraps(before)
    def another(self: Writer, *args: Any, **kwargs: Any) -> Any:
        return before(self, *args, **kwargs)

    monkeypatch.setattr(Writer, name, another)
    feed = desk.writer(foreign=False).write_feed(hostile_stories(desk), desk.context, "feeds/x.xml")
    assert isinstance(feed, Atom1Feed)


def test_where_other_code_has_a_hand_in_feeds_the_library_writes(desk: Desk) -> None:
    writer = desk.writer(foreign=False)
    writer.pressroom.feeds = None
    assert isinstance(writer.write_feed([], desk.context, "feeds/x.xml"), Atom1Feed)


def test_the_librarys_own_clock_is_not_asked(desk: Desk, form: str) -> None:
    empty = desk.agrees([], feed_type=form)
    assert isinstance(empty, bytes)
    assert (b"1970-01-01T00:00:00+00:00" if form == ATOM else b"Thu, 01 Jan 1970 00:00:00 +0000") in empty


def test_another_encoding_is_named_in_the_head(desk: Desk, form: str) -> None:
    stories = hostile_stories(desk)
    written = []
    for foreign in (False, True):
        out = StringIO()
        feed = desk.writer(foreign=foreign).write_feed(stories, desk.context, "feeds/x.xml", feed_type=form)
        feed.write(out, "iso-8859-1")
        written.append(out.getvalue())
    assert written[0] == written[1]
    assert 'encoding="iso-8859-1"' in written[0]


LISTENER = """
from pelican import signals

def look(context, feed):
    pass

def register():
    signals.feed_generated.connect(look)
"""


def digest(folder: Path, plugins: list[str], **settings: Any) -> Site:
    """A digest with every kind of feed, built."""
    site = (
        Site(folder)
        .write("listener.py", LISTENER)
        .write("content/threads/strike.md", "---\nname: A <b>strike</b> &\n---\n")
    )
    feeds = {
        f"{kind}_FEED_{form.upper()}": f"feeds/{kind.lower()}-{{slug}}.{form}"
        for kind in ("TAG", "AUTHOR", "CATEGORY")
        for form in (ATOM, RSS)
    }
    feeds |= {"FEED_ATOM": "feeds/first.atom", "FEED_RSS": "feeds/first.rss", "FEED_ALL_RSS": "feeds/all.rss"}
    site.conf(PLUGINS=plugins, PLUGIN_PATHS=["."], **feeds, **settings)
    for number, text in enumerate((*HOSTILE[2:7], "\u6e2f, \u043f\u043e\u0440\u0442", HOSTILE[-1]), 1):
        site.story(
            f"s{number}",
            f"No {number}: {text}",
            f"Words, {escaped(text)} \U0001f6a2\n\nSee [it]({{filename}}s1.md).\n\nREAD: [[s{number % 7 + 1}]]\n",
            slug=f"s{number}",
            date=f"2025-01-{number:02} 12:00:00+0{number % 3}:00",
            thread="strike" if number % 2 else None,
            tags=["Ports & <harbours>", f"Topic {number % 2}"],
            author='O’Neil & "Co"' if number % 3 else None,
            category="News & <more>" if number % 2 else None,
            summary="A *summary* & more" if number % 4 else None,
        )
    result = site.build("--now", "2026-01-01T00:00:00Z")
    assert result.exit_code == 0, result.err
    return site


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {
            "RELATIVE_URLS": True,
            "RSS_FEED_SUMMARY_ONLY": False,
            "FEED_APPEND_REF": True,
            "TIMEZONE": "Asia/Kathmandu",
            "SITENAME": "A <b>&amp; B",
        },
    ],
)
def test_a_digest_is_the_same_whoever_writes_its_feeds(tmp_path: Path, settings: dict[str, Any]) -> None:
    """For the plugin that listens to feeds the library writes them."""
    ours = tree(digest(tmp_path / "ours", ["alsoread"], **settings).root / "output")
    assert ours == tree(digest(tmp_path / "librarys", ["alsoread", "listener"], **settings).root / "output")
    assert {"feeds/all.rss", "feeds/first.rss", "feeds/threads/strike.atom.xml"} < ours.keys()
    assert sum(name.startswith("feeds/") for name in ours) > 10
