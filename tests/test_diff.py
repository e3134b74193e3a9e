"""What would a reader see that is not there now?"""

import html5lib
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alsoread.desk.changes_page import as_json, as_page, as_text
from alsoread.desk.diff import Change, Detail, Seen, compare, words_between
from sites import Site
from test_check import committed

A = Seen("story", "A", topics=("Ports",), text="One. Two.")


def test_the_same_is_no_change() -> None:
    assert compare({"a.html": A}, {"a.html": Seen("story", "A", topics=("Ports",), text="One. Two.")}) == ()


def test_what_comes_goes_and_differs_is_told_by_address() -> None:
    before = {"a.html": A, "gone.html": Seen("page", "Gone"), "moved.html": Seen("story", "Moved")}
    after = {
        "a.html": Seen("story", "A", topics=("Ports", "Quays"), text="One. Three."),
        "new.html": Seen("story", "New", date="2026-01-31"),
        "moved.html": Seen("redirect", "there.html"),
        "there.html": Seen("story", "Moved"),
    }
    assert compare(before, after) == (
        Change(
            "added", "new.html", "story", "New", (Detail("headline", (), ("New",)), Detail("date", (), ("2026-01-31",)))
        ),
        Change("added", "there.html", "story", "Moved", (Detail("headline", (), ("Moved",)),)),
        Change(
            "altered",
            "a.html",
            "story",
            "A",
            (Detail("topics", (), ("Quays",)), Detail("text", ("One. Two.",), ("One. Three.",))),
        ),
        Change("removed", "moved.html", "story", "Moved", to="there.html"),
        Change("removed", "gone.html", "page", "Gone"),
    )


def test_an_order_that_changes_is_a_change_and_what_follows_comes_last() -> None:
    before = {"a": Seen("story", "A", later=("x", "y")), "b": Seen("topic", "B", summary="s"), "c": Seen("thread", "C")}
    after = {
        "a": Seen("story", "A", later=("y", "x")),
        "b": Seen("topic", "B", summary="t"),
        "c": Seen("thread", "C", stories=("x",)),
    }
    changes = compare(before, after)
    assert [(change.address, change.is_consequence) for change in changes] == [("b", False), ("a", True), ("c", True)]
    assert changes[1].details == (Detail("order of later coverage", ("x", "y"), ("y", "x")),)


WORDS = st.text("ab .!", max_size=60)


@given(WORDS, WORDS)
def test_the_pieces_make_both_texts(before: str, after: str) -> None:
    pieces = words_between(before, after)
    for sign, text in (("-", before), ("+", after)):
        assert " ".join(piece for each, piece in pieces if each in ("=", sign)).split() == text.split()


def test_a_mended_word_is_one_piece_and_a_very_long_text_is_not_searched() -> None:
    assert words_between("The prot is open. It is so.", "The port is open. It is so.") == [
        ("=", "The"),
        ("-", "prot"),
        ("+", "port"),
        ("=", "is open."),
        ("=", "It is so."),
    ]
    long = "a b. " * 100_000
    assert words_between(long, long + "c.") == [("-", long), ("+", long + "c.")]


HOSTILE = (
    Change("added", 'a"<b>.html', "story", "<script>x</script>\x1b[31m", (Detail("topics", (), ("<i>",)),)),
    Change("altered", "b.html", "story", "B", (Detail("text", ("a <b> c",), ("a <i> c",)),)),
    Change("removed", "c.html", "page", "C", to="d.html"),
)


def test_the_page_is_valid_and_runs_nothing() -> None:
    page = as_page(HOSTILE, "Post & <Times>")
    html5lib.HTMLParser(strict=True).parse(page)
    assert "<script" not in page
    assert 'href="a%22%3Cb%3E.html"' in page
    assert "<del>&lt;b&gt;</del> <ins>&lt;i&gt;</ins>" in page
    html5lib.HTMLParser(strict=True).parse(as_page((), "N"))


def test_the_terminal_is_told_no_control_characters() -> None:
    text = as_text(HOSTILE)
    assert all(char.isprintable() or char == "\n" for char in text)
    assert "text: 1 words more, 1 words less" in text
    assert text.endswith("addresses: 1 added, 1 altered, 1 removed\n")
    assert as_text(()) == "nothing that a reader sees changes\n"
    assert as_json(()) == "[]\n"


def digest(site: Site) -> Site:
    site.conf().write("content/topics/ports.md", "---\nname: Ports\n---\n")
    site.story("storm", "Storm closes the northern port", thread="port").story(
        "quay", "The quay is dry", status="draft"
    )
    return committed(site)


def test_a_change_is_told_as_a_reader_sees_it(site: Site) -> None:
    digest(site)
    assert site.run("diff", "main").out == "nothing that a reader sees changes\n"
    site.story("new", "The port opens", date="2025-02-01", body="READ: Storm closes the northern port\n", thread="port")
    site.story("quay", "The quay is wet", status="draft")
    changes = {change["address"]: change for change in site.run("diff", "main", "--format", "json").json}
    assert {address: change["what"] for address, change in changes.items()} == {
        "stories/the-port-opens.html": "added",
        "stories/storm-closes-the-northern-port.html": "altered",
        "topics/ports.html": "altered",
        "threads/port.html": "altered",
    }
    (linked,) = changes["stories/storm-closes-the-northern-port.html"]["details"]
    assert (linked["name"], linked["after"]) == ("linked from", ["The port opens"])


def test_a_story_that_moves_is_told_with_where_its_readers_are_led(site: Site) -> None:
    digest(site)
    site.story("storm", "Storm closes the northern port", slug="storm", thread="port",
               aliases=["/stories/storm-closes-the-northern-port.html"])  # fmt: skip
    changes = {change["address"]: change for change in site.run("diff", "main", "--format", "json").json}
    gone = changes["stories/storm-closes-the-northern-port.html"]
    assert (gone["what"], gone["to"]) == ("removed", "stories/storm.html")
    assert changes["stories/storm.html"]["what"] == "added"


@pytest.mark.parametrize("secret", ["draft", "embargoed"])
def test_what_readers_may_not_see_is_not_told(site: Site, secret: str) -> None:
    digest(site)
    hidden = {"status": "draft"} if secret == "draft" else {"embargo_until": "2999-01-01"}
    site.story("secret", "What nobody may know", body="Secret words.\n", tags=["Hush"], **hidden)
    for form in ("text", "json", "html"):
        said = site.run("diff", "main", "--format", form).out
        assert "nobody" not in said
        assert "Hush" not in said
