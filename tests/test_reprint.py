"""What is printed for a body is printed for another one too, with the addresses that stand for its links."""

import pytest

from alsoread.news.list_columns import ListColumns
from alsoread.news.listed import Listed
from alsoread.news.reprint import reprinted
from alsoread.outputs.feeds import Entry, with_another_body
from alsoread.outputs.feeds import atom_entry as entry_of

BEFORE = (
    '<p>One <a href="{filename}/a.md#b">link</a>.</p><p><img alt="" src="{static}/x.png"> and <a href="/y">y</a>.</p>'
)
PRINTED = '<p>One <a href="../a.html#b">link</a>.</p><p><img alt="" src="../x.png"> and <a href="/y">y</a>.</p>'


def test_links_have_the_addresses_that_they_had() -> None:
    after = BEFORE.replace("One", "Another &amp; <em>one</em>").replace(" and ", " with ")
    printed = PRINTED.replace("One", "Another &amp; <em>one</em>").replace(" and ", " with ")
    assert reprinted(BEFORE, BEFORE, PRINTED) == PRINTED
    assert reprinted(BEFORE, after, PRINTED) == printed


def test_paragraphs_may_come_go_and_change_places() -> None:
    first, second = BEFORE.split("</p><p>")
    after = f"<p>{second}<p>New.</p>{first}</p>"
    assert reprinted(BEFORE, after, PRINTED) == after.replace("{filename}/a.md", "../a.html").replace("{static}", "..")
    assert reprinted(BEFORE, "<p>Nothing.</p>", PRINTED) == "<p>Nothing.</p>"


@pytest.mark.parametrize(
    "after",
    [
        BEFORE.replace("a.md#b", "a.md#c"),
        BEFORE + '<a href="{filename}/c.md">c</a>',
        # a tag that is another one may have another address: Pelican looks at tags
        BEFORE.replace('<a href="{filename}', '<a title="t" href="{filename}'),
        # beside a tag a link is a text
        BEFORE + '"{filename}/a.md#b"',
    ],
)
def test_a_link_that_was_not_there_is_not_told(after: str) -> None:
    assert reprinted(BEFORE, after, PRINTED) is None


@pytest.mark.parametrize(
    "printed",
    [
        PRINTED.replace("One", "Two"),
        PRINTED + "!",
        PRINTED[:-1],
        PRINTED.replace('"/y"', '"/z"'),
        "",
        # no quotation mark behind the address
        PRINTED[: PRINTED.index("../a.html") + 4],
    ],
)
def test_what_was_printed_otherwise_is_not_told(printed: str) -> None:
    assert reprinted(BEFORE, BEFORE, printed) is None


def test_a_link_with_two_addresses_is_not_told() -> None:
    twice = '<a href="{filename}/a.md">x</a><a href="{filename}/a.md">x</a>'
    assert reprinted(twice, twice, '<a href="1">x</a><a href="1">x</a>') is not None
    assert reprinted(twice, twice, '<a href="1">x</a><a href="2">x</a>') is None


def test_a_link_in_a_text_stays_what_it_is() -> None:
    body = '<p>"{filename}/a.md" in <a href="{filename}/a.md">it</a></p>'
    printed = '<p>"{filename}/a.md" in <a href="/a">it</a></p>'
    assert reprinted(body, body.replace(" in ", " and "), printed) == printed.replace(" in ", " and ")


def feed_of(*bodies: str | None) -> str:
    from datetime import UTC, datetime

    moment = datetime(2025, 1, 1, tzinfo=UTC)
    entries = (Entry("t", "l", "i", "a", moment, None, ("c",), "<p>s</p>", body) for body in bodies)
    return f"<feed>{''.join(map(entry_of, entries))}</feed>"


def test_one_entry_of_a_feed_gets_another_body() -> None:
    feed = feed_of("<p>1 &amp; 2</p>", "", "<p>3</p>")
    new = with_another_body(feed, 2, 3, lambda old: old.replace("3", "<em>4</em> &lt;"))
    assert new == feed_of("<p>1 &amp; 2</p>", "", "<p><em>4</em> &lt;</p>")
    assert with_another_body(feed, 0, 3, lambda old: old.replace("2", "5")) == feed_of(
        "<p>1 &amp; 5</p>", "", "<p>3</p>"
    )


@pytest.mark.parametrize(
    ("feed", "number", "count", "body"),
    [
        # the same as the summary
        (feed_of("<p>1</p>"), 0, 1, "<p>s</p>"),
        (feed_of("<p>1</p>").replace('<summary type="html">&lt;p&gt;s&lt;/p&gt;</summary>', ""), 0, 1, "<p>2</p>"),
        (feed_of("<p>1</p>"), 0, 2, "<p>2</p>"),
        (feed_of("<p>1</p>", ""), 1, 2, "<p>2</p>"),
        (feed_of("<p>1</p>"), 0, 1, None),
        (feed_of("<p>1</p>"), 0, 1, ""),
        (feed_of("<p>1</p>"), 0, 1, "<p>\x0b</p>"),
        (feed_of("<p>1</p>").replace("&lt;p&gt;", "&#60;p&gt;"), 0, 1, "<p>2</p>"),
        ("<rss><item><description>&lt;p&gt;</description></item></rss>", 0, 1, "<p>2</p>"),
    ],
)
def test_a_feed_that_is_none_of_ours_is_not_told(feed: str, number: int, count: int, body: str | None) -> None:
    assert with_another_body(feed, number, count, lambda old: body) is None


def lists_of(*lists: Listed) -> ListColumns:
    from array import array
    from itertools import accumulate

    entries = [entry for each in lists for entry in each.entries]
    columns = (array("I", [each[0] for each in entries]), array("I", [each[1] for each in entries]))
    begins = array("Q", accumulate((len(each.entries) for each in lists), initial=0))
    barred, marks = [each.barred for each in lists], "".join(each.mark for each in lists)
    return ListColumns(begins, *columns, [each[2] for each in entries], barred, marks)


A, B, C = (
    Listed([(1, 5, "x"), (2, 4, "y")], [3], "a" * 24),
    Listed([], [], "b" * 24),
    Listed([(0, 9, "z")], [], "c" * 24),
)


def test_lists_are_read_from_their_columns() -> None:
    kept = lists_of(A, B, C)
    assert {place: Listed([*each.entries], *each[1:]) for place, each in kept.items()} == {0: A, 1: B, 2: C}
    assert 3 not in kept
    assert -1 not in kept


def test_lists_with_others_leave_the_first_alone() -> None:
    kept = lists_of(A, B, C)
    other = Listed([(2, 7, "u"), (1, 6, "v")], [], "d" * 24)
    now = kept.with_others({0: other}, 3)
    assert isinstance(now, ListColumns)
    assert dict(now) == {0: other, 1: B, 2: C}
    assert dict(kept) == {0: A, 1: B, 2: C}
    longer = Listed([(1, 1, "w")], [], "e" * 24)
    assert dict(kept.with_others({1: longer}, 3)) == {0: A, 1: longer, 2: C}
    assert dict(kept.with_others({2: A, 3: longer, 4: other}, 5)) == {0: A, 1: B, 2: A, 3: longer, 4: other}
    assert dict(kept.with_others({0: longer}, 1)) == {0: longer}
    assert dict(kept.with_others({}, 2)) == {0: A, 1: B}
    assert kept.with_others({1: B}, 3) == kept != now


def test_lists_with_a_story_from_a_place_on() -> None:
    kept = lists_of(A, B, C)
    assert [[*kept.reaching(place)] for place in range(4)] == [[0, 2], [0], [0], []]
    assert [*ListColumns().reaching(0)] == []
