"""How do a body and its cross-links read together?"""

import pytest

from alsoread.news.compose import compose
from alsoread.news.crosslinks import Outcome, Resolution
from alsoread.story import Body, CrossLink, Link

TITLES = {"stories/two.md": 'Two & "three" <four>'}
RESOLVED = Resolution("resolved", "stories/two.md")
ASIDE = (
    '<aside class="crosslink"><p><span class="crosslink-label">{}</span> '
    '<a href="{{filename}}/stories/two.md">Two &amp; &quot;three&quot; &lt;four&gt;</a></p></aside>'
)


def crosslink(*, certain: bool = True, text: str = "Two", label: str = "ALSO READ") -> CrossLink:
    return CrossLink(label, text, certain, f"<p>{label}: <b>{text}</b></p>", 1, 1)


def body(*parts: str | CrossLink) -> Body:
    return Body(parts, "", "")


def test_a_cross_link_links_to_the_file_under_the_headline_of_today() -> None:
    html = compose(body("<p>a</p>", crosslink(text="Too"), "<p>b</p>"), [RESOLVED], [], TITLES)
    assert html == "<p>a</p>" + ASIDE.format("Also read") + "<p>b</p>"


@pytest.mark.parametrize(
    "path", ["stories/a b.md", "stories/50%.md", 'stories/a"b.md', "stories/a&b.md", "stories/é#?.md"]
)
def test_a_file_name_is_quoted_as_an_address(path: str) -> None:
    html = compose(body(crosslink()), [Resolution("resolved", path)], [], {path: "t"})
    href = html.partition('href="')[2].partition('"')[0]
    assert not set(href.removeprefix("{filename}/")) - set("abcdefghijklmnopqrstuvwxyzABCDEF0123456789/.%")


OTHERS: list[tuple[Outcome, bool, str]] = [
    ("withheld", True, ""),
    ("withheld", False, ""),
    ("external", True, "<p>ALSO READ: <b>a < b</b></p>"),
    ("external", False, "<p>ALSO READ: <b>a < b</b></p>"),
    ("unresolved", False, "<p>ALSO READ: <b>a < b</b></p>"),
    ("itself", False, "<p>ALSO READ: <b>a < b</b></p>"),
    *(
        (
            outcome,
            True,
            '<aside class="crosslink crosslink-unresolved"><p><span class="crosslink-label">Also read</span> a &lt; b</p></aside>',
        )
        for outcome in ("unresolved", "ambiguous", "itself")
    ),
]


@pytest.mark.parametrize(("outcome", "certain", "html"), OTHERS)
def test_one_that_leads_to_no_story_is_text_and_a_withheld_one_is_nothing(
    outcome: Outcome, certain: bool, html: str
) -> None:
    assert compose(body(crosslink(certain=certain, text="a < b")), [Resolution(outcome)], [], {}) == html


@pytest.mark.parametrize(
    ("after", "place"),
    [(0, 0), (1, 1), (2, 2), (3, 3), (4, 3), (None, 3), (999_999_999, 3)],
)
def test_a_link_of_the_front_matter_stands_after_its_paragraph_or_at_the_end(after: int | None, place: int) -> None:
    paragraphs = ["<p>1</p>", "\n<ul><li>x</li></ul>\n<p>2</p>", "<blockquote><p>3</p></blockquote>"]
    html = compose(body("".join(paragraphs)), [], [(Link("two", after_paragraph=after), RESOLVED)], TITLES)
    before = html.partition("<aside")[0]
    assert before.count("</p>") == place
    assert html.replace(ASIDE.format("Also read"), "") == "".join(paragraphs)


def test_cross_links_of_the_body_are_no_paragraphs_when_they_are_counted() -> None:
    html = compose(
        body("<p>1</p>", crosslink(), "<p>2</p><p>3</p>"),
        [RESOLVED],
        [(Link("two", after_paragraph=2, label="<Here>"), RESOLVED)],
        TITLES,
    )
    assert html == "<p>1</p>" + ASIDE.format("Also read") + "<p>2</p>" + ASIDE.format("&lt;Here&gt;") + "<p>3</p>"


def test_links_for_the_same_place_keep_their_order() -> None:
    links = [
        (Link("two", label="b", after_paragraph=1), RESOLVED),
        (Link("two", label="a", after_paragraph=1), RESOLVED),
        (Link("two", label="c", after_paragraph=0), RESOLVED),
    ]
    html = compose(body("<p>1</p>"), [], links, TITLES)
    assert html == ASIDE.format("c") + "<p>1</p>" + ASIDE.format("b") + ASIDE.format("a")


@pytest.mark.parametrize(
    ("kind", "label"),
    [
        ("background", "Background"),
        ("update", "Update"),
        ("denies", "Denied"),
        ("reaction", "Reaction"),
        ("opinion", "Opinion"),
        ("promo", "See also"),
        ("", "Also read"),
    ],
)
def test_a_kind_of_link_has_a_label(kind: str, label: str) -> None:
    assert compose(body(), [], [(Link("two", kind), RESOLVED)], TITLES) == ASIDE.format(label)


@pytest.mark.parametrize("outcome", ["withheld", "unresolved", "ambiguous", "itself", "external"])
def test_a_link_of_the_front_matter_that_leads_nowhere_shows_nothing(outcome: Outcome) -> None:
    assert compose(body("<p>1</p>"), [], [(Link("secret", label="Read this"), Resolution(outcome))], {}) == "<p>1</p>"
