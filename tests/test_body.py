"""What do a story's words look like as HTML, and which of its paragraphs are cross-links?"""

import gc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alsoread.news.body import LEAD_LENGTH, BodyEngine
from alsoread.news.sanitize import ForbiddenCharacter
from alsoread.news.tags import NestingTooDeep
from alsoread.press.limits import TimeLimitExceeded, cpu_limit
from alsoread.story import Body, CrossLink
from reading import ENGINE, MARKDOWN

LABELS = ("BACKGROUND", "ALSO READ", "RELATED", "READ")


def body(text: str, *, first_line: int = 1, labels: tuple[str, ...] = LABELS) -> Body:
    return ENGINE.render(text, labels=labels, first_line=first_line).body


def html(text: str) -> str:
    return "".join(part if isinstance(part, str) else part.html for part in body(text).parts)


def test_a_body_is_html_with_its_cross_links_between() -> None:
    assert body("One\n\nREAD: *Two* [three](http://t.example/?a=1&b=2)\n\nFour").parts == (
        "<p>One</p>\n",
        CrossLink(
            label="READ",
            text="Two three",
            certain=True,
            html='<p>READ: <em>Two</em> <a href="http://t.example/?a=1&amp;b=2">three</a></p>',
            line=3,
            column=1,
            href="http://t.example/?a=1&b=2",
        ),
        "\n<p>Four</p>",
    )


PLACES = [
    # text, (line, column, headline) of each cross-link
    ("READ: One", [(1, 1, "One")]),
    ("  READ: One", [(1, 3, "One")]),
    ("Prose that says READ: One\n\nREAD: One", [(3, 1, "One")]),
    ("`READ: One`\n\n    READ: One\n\nREAD: One", [(5, 1, "One")]),
    ("READ: One\n\nREAD: One\n\n\nREAD: One", [(1, 1, "One"), (3, 1, "One"), (6, 1, "One")]),
    ("> READ: One\n>\n> > READ: Two", [(1, 3, "One"), (3, 5, "Two")]),
    ("Prose\nREAD: One\nALSO READ: Two\n\nprose", [(2, 1, "One"), (3, 1, "Two")]),
    ("Prose\nRead one\n\nRead two", [(4, 1, "two")]),
    ("READ: One\ntwo\n\nRead three.\nREAD: Four", [(1, 1, "One two"), (4, 1, "three."), (5, 1, "Four")]),
    ("**ALSO READ:** One", [(1, 1, "One")]),
    ("READ: a*b[c](d)e.f+g?", [(1, 1, "a*bce.f+g?")]),
    ("- READ: One\n- READ: Two", []),
    ("# READ: One", []),
    ("READ: One\n===", []),
    ("```\nREAD: One\n```", []),
    ("<div>\nREAD: One\n</div>", []),
    ("READ", []),
    ("READ: <div>x</div>", []),
    ("READ: ![](x.png)", []),
]


@pytest.mark.parametrize(("text", "found"), PLACES)
def test_a_cross_link_is_found_where_its_label_stands(text: str, found: list[tuple[int, int, str]]) -> None:
    links = body(text).crosslinks
    assert [(link.line, link.column, link.text) for link in links] == found
    assert [(link.line, link.column) for link in body(text, first_line=10).crosslinks] == [
        (line + 9, column) for line, column, _ in found
    ]


def test_a_paragraph_that_is_no_cross_link_after_all_reads_as_it_was_typed() -> None:
    for line in ("_Read_ the report", "**READ:** x", "_READ:_ x", "Read `code` & more", "READ: <b>x</b>"):
        assert html(line) == ENGINE.render(line, labels=()).body.parts[0]


def test_a_label_is_looked_for_only_where_the_site_has_it() -> None:
    assert body("READ: One", labels=()).crosslinks == ()
    assert body("LIRE: One", labels=("LIRE",)).crosslinks[0].label == "LIRE"


def test_the_mark_of_a_cross_link_is_in_no_output_whatever_stands_around_it() -> None:
    engine = BodyEngine(
        {"extensions": ["markdown.extensions.extra", "markdown.extensions.smarty", "markdown.extensions.toc"]}
    )
    texts = [
        'READ: "One"\n{: .note }',
        "READ: One | two\n--- | ---\na | b",
        "Term\n: READ: One",
        "[^1]: READ: One\n\nx[^1]",
        "*[READ]: One\n\nREAD: One",
        "<div markdown=1>\n\nREAD: One\n\n</div>",
        "1. a\n\n    READ: One",
        "READ: [one]: http://a.example",
    ]
    for text in texts:
        rendered = engine.render(text, labels=LABELS).body
        pieces = [rendered.text, rendered.lead, *(repr(part) for part in rendered.parts)]
        assert not any("crosslink" in piece.replace("CrossLink", "") for piece in pieces), text


def test_the_plain_text_has_the_words_and_no_markup() -> None:
    assert body("# One\n\ntwo **three** `<b>`\n\n- four\n- five &amp; six\n\nREAD: Seven").text == (
        "One two three <b> four five & six READ: Seven"
    )


def test_the_lead_is_the_first_paragraph_that_says_something() -> None:
    assert body("# Headline\n\n![](x.png)\n\nREAD: Cross-link\n\nThe *lead*.\n\nMore.").lead == "The lead."
    assert body("- only\n- a list").lead == "only a list"
    assert body("").lead == ""


def test_a_long_lead_ends_with_a_whole_word() -> None:
    lead = body("word, " * 100).lead
    assert lead.endswith("word…")
    assert LEAD_LENGTH - 10 < len(lead) <= LEAD_LENGTH + 1


def test_a_lead_in_a_script_without_spaces_is_cut_between_characters() -> None:
    assert body("漢" * 400).lead == "漢" * LEAD_LENGTH + "…"
    assert len(body("短 " + "漢" * 400).lead) == LEAD_LENGTH + 1


def test_a_summary_is_markdown_without_cross_links() -> None:
    rendered = ENGINE.render("x", labels=LABELS, summary="READ: *this* <script>y</script>")
    assert rendered.body.summary_html == "<p>READ: <em>this</em> </p>"
    assert rendered.body.crosslinks == ()
    assert ENGINE.render("x", labels=LABELS).body.summary_html == ""


def test_headings_begin_below_the_headline() -> None:
    assert html("# One\n\n## Two") == "<h2>One</h2>\n<h2>Two</h2>"


def test_the_elements_that_are_taken_out_are_named() -> None:
    assert ENGINE.render(
        "x <form>a</form> <INPUT> `<iframe>` <!-- <object> --> <b title='<embed>'>", labels=()
    ).removed == ("form", "input")


BOMBS = [
    "[a]: http://a.example/" + "x" * 50_000 + "\n\n" + "[a] " * 500,
    "[a]: http://a.example/" + "x" * 50_000 + "\n\n" + "[a]\n\n" * 500,
    "*[a]: " + "x" * 50_000 + "\n\n" + "a " * 500,
    "[a]: http://a.example '" + "x" * 50_000 + "'\n\n" + "![b][a] " * 500,
]


@pytest.mark.parametrize("text", BOMBS)
def test_a_long_address_or_abbreviation_that_repeats_without_end_is_refused(text: str) -> None:
    with pytest.raises(NestingTooDeep, match="repeat"):
        body(text)


def test_a_reference_used_now_and_then_is_not_taken_for_a_bomb() -> None:
    text = "[a]: https://www.example.org/" + "x" * 200 + "\n\n" + "Some words around [a] as usual. " * 200
    assert body(text).text.count("as usual") == 200


def test_a_converter_that_was_cut_short_is_not_used_again() -> None:
    engine = BodyEngine(MARKDOWN)
    with pytest.raises(TimeLimitExceeded), cpu_limit(0.1):
        engine.render("[^1]: a\n\n" + "[" * 200_000, labels=LABELS)
    for text in ("[" * 100_000, "&#1;", "<div>" * 70):
        with pytest.raises((TimeLimitExceeded, NestingTooDeep, ForbiddenCharacter)), cpu_limit(0.1):
            engine.render(text, labels=LABELS)
    assert engine.render("One[^1]\n\nREAD: Two", labels=LABELS) == BodyEngine(MARKDOWN).render(
        "One[^1]\n\nREAD: Two", labels=LABELS
    )
    gc.collect()


def test_pelicans_markdown_settings_are_used_but_for_metadata() -> None:
    engine = BodyEngine(
        {"extension_configs": {"markdown.extensions.meta": {}}, "extensions": ["markdown.extensions.tables"]}
    )
    assert "<table>" in str(engine.render("a|b\n-|-\nc|d", labels=()).body.parts)
    assert engine.render("Title: kept\n\nx", labels=()).body.text == "Title: kept x"


@given(
    st.lists(
        st.sampled_from(
            [
                "READ: x",
                "Read y",
                "\n",
                "\n\n",
                "> ",
                "- ",
                "    ",
                "*",
                "_",
                "[a](b)",
                "<div>",
                "</div>",
                "`",
                "word ",
                "|",
            ]
        ),
        max_size=20,
    )
)
def test_the_parts_together_are_what_markdown_makes_without_cross_links(pieces: list[str]) -> None:
    """Marking paragraphs must not change a word that a reader sees."""
    text = "".join(pieces)
    with_labels, without = body(text).text, body(text, labels=()).text
    assert with_labels.split() == without.split()
