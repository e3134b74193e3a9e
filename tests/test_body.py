"""What do a story's words look like as HTML, and which of its paragraphs are cross-links?"""

import gc
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alsoread.news.body import LEAD_LENGTH, BodyEngine, _find_line
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
    (
        "`x` READ: One\n\n    READ: One and more\n\nREAD: One and more\n\nREAD: One",
        [(5, 1, "One and more"), (7, 1, "One")],
    ),
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
        engine.render("[^1]: a\n\n" + "](" + "[" * 200_000, labels=LABELS)
    for text in ("](" + "[" * 100_000, "&#1;", "<div>" * 70):
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


def inline(text: str) -> list[tuple[int, int, str, str]]:
    """Line, column, what is in the brackets and the words of each `[[...]]` in a sentence."""
    return [(link.line, link.column, link.text, link.html) for link in body(text).crosslinks if link.inline]


IN_SENTENCES = [
    # text, (line, column, in the brackets, words) of each
    ("See [[two]].", [(1, 5, "[[two]]", "two")]),
    ("See [[two|the *second* story]].", [(1, 5, "[[two|the *second* story]]", "the *second* story")]),
    ("[[two]] begins the sentence", [(1, 1, "[[two]]", "two")]),
    ("*see [[two]]* and **[[three|w]]**", [(1, 6, "[[two]]", "two"), (1, 21, "[[three|w]]", "w")]),
    ("# About [[two]]\n\n## And [[three|w]]", [(1, 9, "[[two]]", "two"), (3, 8, "[[three|w]]", "w")]),
    ("- a [[two]]\n- b\n    - [[three]]", [(1, 5, "[[two]]", "two"), (3, 7, "[[three]]", "three")]),
    ("- READ: [[two]]", [(1, 9, "[[two]]", "two")]),
    ("> said [[two]]", [(1, 8, "[[two]]", "two")]),
    ("a | b\n- | -\n[[two]] | [[three\\|w]]", [(3, 1, "[[two]]", "two"), (3, 11, "[[three|w]]", "w")]),
    ("Term\n:   [[two]]", [(2, 5, "[[two]]", "two")]),
    ("see <b>[[two]]</b>", [(1, 8, "[[two]]", "two")]),
    ("[[two]][[three]] [[two]]", [(1, 1, "[[two]]", "two"), (1, 8, "[[three]]", "three"), (1, 18, "[[two]]", "two")]),
    ("[[two]]\n[[two]]\n\n[[two]]", [(1, 1, "[[two]]", "two"), (2, 1, "[[two]]", "two"), (4, 1, "[[two]]", "two")]),
    ("[[[two]]]", [(1, 2, "[[two]]", "two")]),
    ("![[two]]", [(1, 2, "[[two]]", "two")]),
    ("\\\\[[two]]", [(1, 3, "[[two]]", "two")]),
    ("x[^1] [[b]]\n\n[^1]: see [[a]]\n\n[[c]]", [(1, 7, "[[b]]", "b"), (5, 1, "[[c]]", "c"), (3, 11, "[[a]]", "a")]),
    ("*[two]: An abbreviation\n\n[[two]] two", [(3, 1, "[[two]]", "two")]),
    ("[two]: http://a.example\n\n[[two]]", [(3, 1, "[[two]]", "two")]),
    ("[[ two | some words ]]", [(1, 1, "[[ two | some words ]]", "some words")]),
    ("[[two|a|b]]", [(1, 1, "[[two|a|b]]", "a|b")]),
    ("[[snake\\_case|1 \\* 2]]", [(1, 1, "[[snake_case|1 * 2]]", "1 * 2")]),
    ("[[two|the `code` words]]", [(1, 1, "[[two|the code words]]", "the <code>code</code> words")]),
    ("[[R&D wins|a < b]]", [(1, 1, "[[R&D wins|a < b]]", "a &lt; b")]),
    ("[[AT&amp;T|&lt;b&gt;]]", [(1, 1, "[[AT&T|<b>]]", "&lt;b&gt;")]),
    ("[[two|<b>w</b>]]", [(1, 1, "[[two|<b>w</b>]]", "&lt;b&gt;w&lt;/b&gt;")]),
    # what comes before it and is none does not shift its place
    ("`[[two]]` [[two]]", [(1, 11, "[[two]]", "two")]),
    ("\\[[two]] [[two]]", [(1, 10, "[[two]]", "two")]),
    ("    [[two]]\n\n[[two]]", [(3, 1, "[[two]]", "two")]),
    ("![a [[two]] b](x.png) [[two]]", [(1, 23, "[[two]]", "two")]),
    ("READ: [[two]]\n\nx [[two]]", [(3, 3, "[[two]]", "two")]),
    ("x [[two]]\n\nREAD: [[two]]", [(1, 3, "[[two]]", "two")]),
    # none at all
    ("`[[two]]`", []),
    ("```\n[[two]]\n```", []),
    ("    [[two]]", []),
    ("\\[[two]]", []),
    ("[\\[two]]", []),
    ("[[two]\\]", []),
    ("<div>[[two]]</div>", []),
    ('<span title="[[two]]">x</span>', []),
    ("<http://a.example/[[two]]>", []),
    ("<!-- [[two]] -->", []),
    ("[[two]](http://a.example)", []),
    ("[[two]][x]\n\n[x]: http://a.example", []),
    ("![[two]](x.png)", []),
    ("![a [[two]] b](x.png)", []),
    ("[[^1]]\n\n[^1]: a note", []),
    ("[[two\nthree]]", []),
    ("[[]] [[ ]] [[|w]] [[two|]] [[two| ]]", []),
    ("READ: [[two]]", []),
    ("READ: *[[two|w]]*", []),
]


@pytest.mark.parametrize(("text", "found"), IN_SENTENCES)
def test_brackets_in_a_sentence_are_a_cross_link_with_its_place(
    text: str, found: list[tuple[int, int, str, str]]
) -> None:
    assert inline(text) == found


@pytest.mark.parametrize("text", [text for text, found in IN_SENTENCES if not found and "READ" not in text])
def test_brackets_that_are_none_read_as_they_were_typed(text: str) -> None:
    shown = html(text).replace("&nbsp;", " ")
    if "^1" in text:
        assert "<p>[<sup" in shown
    elif "[x]" in text or "](http" in text:
        assert shown == '<p><a href="http://a.example">[two]</a></p>'
    elif "png" in text:
        assert 'alt="[two]"' in shown or 'alt="a two b"' in shown
    elif not text.startswith("<!--"):
        assert "[two" in shown or "[[]] [[ ]] [[|w]]" in shown


def test_prose_that_begins_with_a_label_and_holds_a_link_stays_prose() -> None:
    for text in (
        "Read [[two]] for more.",
        "Read [[two]]\nfor more.",
        "Background [[two|noise]] and more",
        "Read on in [[two]]",
    ):
        links = body(text).crosslinks
        assert [link.inline for link in links] == [True], text
    (both,) = [body("Read [[two]] first.\nREAD: Three").crosslinks]
    assert [(link.inline, link.text) for link in both] == [(True, "[[two]]"), (False, "Three")]


@pytest.mark.parametrize("text", ["Also read [[two]]", "Read [[two]].", "*Read* [[two|w]]"])
def test_a_label_and_brackets_alone_are_a_cross_link_in_any_spelling(text: str) -> None:
    (link,) = body(text).crosslinks
    assert (link.inline, link.certain) == (False, True)


def test_a_link_within_a_link_is_no_nested_link() -> None:
    for text in ("[see [[two]] here](http://a.example)", '<a href="http://a.example">see [[two]] here</a>'):
        (link,) = body(text).crosslinks
        assert (link.text, link.column) == ("[[two]]", text.index("[[two") + 1)
        before, after = (part for part in body(text).parts if isinstance(part, str))
        assert before.count("<a ") == before.count("</a>")
        assert after == " here</p>"


def test_an_attribute_given_to_a_link_brings_nothing_into_the_page() -> None:
    text = '[[two|w]]{: title="x><img src=x onerror=alert(1)>" onclick="alert(1)" }'
    assert inline(text) == [(1, 1, "[[two|w]]", "w")]
    assert "alert" not in "".join(part for part in body(text).parts if isinstance(part, str))
    assert html("[[two]]{: href=http://a.example }") == '<p><a href="http://a.example">two</a></p>'
    assert "javascript" not in html("[[two]]{: href=javascript:alert(1) }")


def test_the_place_in_the_body_is_the_place_in_the_file() -> None:
    (link,) = body("x\n\ny [[two]]", first_line=8).crosslinks
    assert (link.line, link.column) == (10, 3)


def test_a_table_of_contents_and_smart_quotes_go_with_brackets() -> None:
    engine = BodyEngine({"extensions": ["markdown.extensions.toc", "markdown.extensions.smarty"]})
    rendered = engine.render('[TOC]\n\n# About [[two|“it”]]\n\n# And [[three]] -- "x"', labels=LABELS).body
    assert [link.text for link in rendered.crosslinks] == ["[[two|“it”]]", "[[three]]"]
    assert "crosslink" not in rendered.text + rendered.lead + "".join(p for p in rendered.parts if isinstance(p, str))


PIECES = ["[[two]]", "[[two|w]]", "[[", "]]", "[", "]", "|", "\\", "`", "*", "_", "<b>", "</b>", '<a href="', '">', "<", ">",
          "(http://a.example)", "![", "READ: ", "Read ", "\n", "\n\n", "> ", "- ", "# ", "    ", "a|b\n-|-\n", "[^1]", "[^1]: ",
          "{: title='", "}", "&amp;", "word "]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=16))
def test_no_mark_of_ours_or_of_markdowns_is_left_whatever_stands_around_brackets(pieces: list[str]) -> None:
    rendered = body("".join(pieces))
    shown = repr((rendered.parts, rendered.text, rendered.lead)).replace("CrossLink", "")
    assert "crosslink" not in shown
    assert "klzzwxh" not in shown
    assert "wzxhzdk" not in shown
    assert "\\x02" not in shown
    lines = "".join(pieces).split("\n")
    for link in rendered.crosslinks:
        assert 1 <= link.line <= len(lines)
        if link.inline:
            assert lines[link.line - 1][link.column - 1 :].startswith("[[") or (link.line, link.column) == (1, 1)


def test_the_same_body_in_another_process_is_the_same() -> None:
    text = "\n\n".join(text for text, _ in IN_SENTENCES + PLACES)
    code = (
        "import sys; from alsoread.news.body import BodyEngine; from reading import MARKDOWN\n"
        f"print(repr(BodyEngine(MARKDOWN).render({text!r}, labels={LABELS!r})))"
    )
    path = [str(Path(__file__).parent), str(Path(__file__).parent.parent / "plugins")]
    for seed in ("1", "2"):
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path), "PYTHONHASHSEED": seed}
        out = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
        assert out.stdout.strip() == repr(BodyEngine(MARKDOWN).render(text, labels=LABELS))


def test_very_many_brackets_take_no_time_to_speak_of() -> None:
    text = "[[two]] " * 3_000 + "<b>x</b> " * 1_000
    with cpu_limit(10):
        assert len(body(text).crosslinks) == 3_000


def test_a_cross_link_behind_html_is_not_where_another_begins_with_its_words() -> None:
    links = body("<script>x</script> READ: One\n\nREAD: One and more").crosslinks
    assert [(link.line, link.column, link.text) for link in links] == [(1, 20, "One"), (3, 1, "One and more")]


LINES = st.text(alphabet=st.sampled_from("R: x\n\t>"), max_size=40)


def line_found(line: str, text: str, cursor: int) -> int:
    """Where a line is, by patterns that say what may stand before it, row by row; what is longer counts less."""
    found = []
    begin = 0
    for row in text.split("\n"):
        at = text.find(line, max(begin, cursor), begin + len(row))
        if at >= 0:
            before, behind = row[: at - begin], row[at - begin + len(line) :]
            patterns = (r"(?:[ \t]{0,3}>)*[ ]{0,3}", r"[ \t>]*", r".*")
            signs = next(number for number, pattern in enumerate(patterns) if re.fullmatch(pattern, before))
            found.append((bool(behind.strip()), signs, at))
        begin += len(row) + 1
    return min(found)[2] if found else 0


@given(st.sampled_from(["R: x", "R", "x"]), LINES, st.integers(0, 9))
def test_a_line_is_found_where_it_is_a_paragraph_and_else_where_it_is_code_or_part_of_one(
    line: str, text: str, at: int
) -> None:
    # the search goes on behind the beginning of a line that was found
    cursor = text.find("R", at) + 1
    assert _find_line(line, text, cursor) == line_found(line, text, cursor)
