"""How do a body and its cross-links read together?"""

from dataclasses import replace

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
    assert compose(body(), [], [(Link("two", kind), RESOLVED)], TITLES) == aside(label, kind)


def aside(label: str, kind: str) -> str:
    marked = ASIDE.replace('"crosslink"', f'"crosslink crosslink-{kind}"') if kind else ASIDE
    return marked.format(label)


def test_a_kind_is_told_in_the_words_of_the_language_if_it_has_some() -> None:
    html = compose(
        body(), [], [(Link("two", "background"), RESOLVED)], TITLES, {"background": "HINTERGRUND"}.__getitem__
    )
    assert html == aside("Hintergrund", "background")


def test_a_label_of_the_body_says_its_kind() -> None:
    html = compose(
        body(crosslink(label="CONTEXTE")), [RESOLVED], [], TITLES, kind_of={"CONTEXTE": "background"}.__getitem__
    )
    assert html == aside("Contexte", "background")


@pytest.mark.parametrize(
    ("text", "misspelt", "shown"),
    [("[[two|My words]]", False, "My words"), ("[[two]]", False, ""), ("Tow", True, "Tow"), ("Two", False, "")],
)
def test_the_authors_words_stay_where_they_were_chosen_or_guessed_at(text: str, misspelt: bool, shown: str) -> None:
    html = compose(body(crosslink(text=text)), [replace(RESOLVED, misspelt=misspelt)], [], TITLES)
    headline = "Two &amp; &quot;three&quot; &lt;four&gt;"
    assert html == ASIDE.format("Also read").replace(headline, shown or headline)


def within(text: str, html: str) -> CrossLink:
    return CrossLink("", text, certain=True, html=html, line=1, column=1, inline=True)


INLINE: list[tuple[str, Outcome, str]] = [
    # in the brackets, outcome, what stands in the sentence; <b> stands for the author's words
    ("[[two]]", "resolved", '<a href="{filename}/stories/two.md">Two &amp; &quot;three&quot; &lt;four&gt;</a>'),
    ("[[two|w]]", "resolved", '<a href="{filename}/stories/two.md"><b>w</b></a>'),
    ("[[two]]", "withheld", ""),
    ("[[two|w]]", "withheld", "<b>w</b>"),
    ("[[a & b]]", "unresolved", "[[a &amp; b]]"),
    ("[[two|w]]", "unresolved", "<b>w</b>"),
    ("[[two|w]]", "itself", "<b>w</b>"),
    ("[[two|w]]", "ambiguous", "<b>w</b>"),
]


@pytest.mark.parametrize(("text", "outcome", "shown"), INLINE)
def test_one_within_a_sentence_is_a_link_or_its_words(text: str, outcome: Outcome, shown: str) -> None:
    html = compose(body("<p>See ", within(text, "<b>w</b>"), ".</p>"), [replace(RESOLVED, outcome=outcome)], [], TITLES)
    assert html == f"<p>See {shown}.</p>"


@pytest.mark.parametrize("outcome", ["withheld", "unresolved", "ambiguous", "itself", "external"])
def test_a_link_of_the_front_matter_that_leads_nowhere_shows_nothing(outcome: Outcome) -> None:
    assert compose(body("<p>1</p>"), [], [(Link("secret", label="Read this"), Resolution(outcome))], {}) == "<p>1</p>"
