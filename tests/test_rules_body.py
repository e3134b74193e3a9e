"""Do the rules over the words of a story, its links, its pictures and its sources find what they should, and no more?"""

import os
import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import pace
from alsoread.desk.check.repair import Repair
from alsoread.desk.check.rules import FILE_RULES, bare_address, link_in_another_case, link_target_missing
from alsoread.desk.check.subject import Archive, Subject, card_of
from alsoread.news.frontmatter import read_front_matter
from alsoread.news.reading import EMPTY
from alsoread.news.sanitize import clean, without_removed
from alsoread.news.tags import Tag, read_tags
from alsoread.settings import read_settings
from alsoread.story import Source, Story
from judging import NOW, fixed, judged, of, story, where

EXAMPLE = "stories/a.md"
OURS = frozenset("AR206 AR207 AR208 AR209 AR210 AR211 AR414 AR415 AR701 AR702 AR703 AR704 AR706 AR707".split())


def places(folder: Path, text: str, code: str) -> list[tuple[int, int]]:
    """Line and column of the findings of a code in a body; the body's own first line is 1."""
    first = text.split("\n").index("") + 1 if text.startswith("---") else 8
    file = text if text.startswith("---") else story(text)
    return [(line - first, column) for _, line, column in where(judged(folder, {EXAMPLE: file}), code)]


def repaired(folder: Path, text: str, code: str) -> str:
    """The text with the first finding of a code put right; asserts that one is gone by it."""
    verdict = judged(folder, {EXAMPLE: text})
    after = fixed(folder, verdict, code)
    assert len(of(judged(folder, {EXAMPLE: after}), code)) == len(of(verdict, code)) - 1
    return after


# -- AR206


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Text.\n\n# One", [(3, 1)]),
        ("One\n===\n\nText.", [(1, 1)]),
        ("#port is open", [(1, 1)]),
        ("#### One", [(1, 1)]),
        ("## One\n\n#### Two\n\n#### Three", [(3, 1)]),
        ("# One\n\n#### Two", [(1, 1), (3, 1)]),
    ],
)
def test_headings_that_skip_a_level(tmp_path: Path, text: str, expected: list[tuple[int, int]]) -> None:
    assert places(tmp_path, text, "AR206") == expected


@pytest.mark.parametrize(
    "text",
    [
        "## One\n\n### Two\n\n#### Three\n\n## Four",
        "### One\n\n#### Two\n\n## Three",
        "```\n# One\n```",
        r"\#port is open",
        "Open #port",
        "Text\n\n---\n\nText",
        "###### \n\n## One",
    ],
)
def test_headings_in_order(tmp_path: Path, text: str) -> None:
    assert places(tmp_path, text, "AR206") == []


@pytest.mark.parametrize(
    ("text", "hint"), [("# One", "## One"), ("#port", r"\#port"), ("One\n===", "## One"), ("## A\n\n##### B", "### B")]
)
def test_the_hint_is_the_heading_as_it_should_be(tmp_path: Path, text: str, hint: str) -> None:
    assert [finding.hint for finding in of(judged(tmp_path, {EXAMPLE: story(text)}), "AR206")] == [hint]


# -- AR207


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("See https://port.example/a_b.", [(1, 5)]),
        ("One\nand **http://port.example**, www.port.example too", [(2, 7), (2, 30)]),
        ("[words] (https://port.example/)", [(1, 10)]),
        ("[^1]: https://port.example/\n\nText[^1].", [(1, 7)]),
        ("“https://port.example/”参见https://port.example/一", [(1, 2), (1, 26)]),
        ("a | b\n--- | ---\nhttps://port.example | c", [(3, 1)]),
    ],
)
def test_bare_addresses(tmp_path: Path, text: str, expected: list[tuple[int, int]]) -> None:
    assert places(tmp_path, text, "AR207") == expected


@pytest.mark.parametrize(
    "text",
    [
        "<https://port.example/>",
        "[https://port.example/](https://port.example/)",
        "[https://port.example/](  https://port.example/a b )",
        "[https://port.example/]\n\n[https://port.example/]: https://port.example/",
        "[https://port.example/][a]\n\n[a]: https://port.example/",
        "`https://port.example/`",
        "    https://port.example/",
        '<a href="https://port.example/">https://port.example/</a>',
        "<div>https://port.example/</div>",
        "<!-- https://port.example/ -->",
        "Use https:// and not http://, say www. and go",
        "https://localhost/",
        "me@www.port.example",
        r"[a](https://port.example/a\_b)",
        '![a](https://port.example/a.png "b (c)")',
        "[[https://port.example/]]",
        '[a]: https://port.example/ "https://quay.example/"',
        "[a]: https://port.example/\n  'https://quay.example/'",
        "[a]: <https://port.example/> (https://quay.example/)",
    ],
)
def test_addresses_that_are_links_or_none(tmp_path: Path, text: str) -> None:
    assert places(tmp_path, text, "AR207") == []


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("See https://port.example/a_(b).", "See <https://port.example/a_(b)>."),
        ("(https://port.example/a)", "(<https://port.example/a>)"),
        ("**http://port.example/?a=b&c**", "**<http://port.example/?a=b&c>**"),
        ("_see https://port.example/a_", "_see <https://port.example/a>_"),
        ("_see https://port.example/a_b_", "_see <https://port.example/a_b>_"),
        ("Go to https://port.example/a!", "Go to <https://port.example/a>!"),
        ("'https://port.example/a'", "'<https://port.example/a>'"),
        ("[see https://port.example/a]", "[see <https://port.example/a>]"),
        ("https://port.example/a<br>b", "<https://port.example/a><br>b"),
        ("a_ b\n\nhttps://port.example/_a/", "a_ b\n\n<https://port.example/_a/>"),
    ],
)
def test_a_bare_address_becomes_a_link(tmp_path: Path, typed: str, expected: str) -> None:
    assert repaired(tmp_path, story(typed), "AR207") == story(typed).replace(typed, expected)


def test_line_ends_and_the_byte_order_mark_stay_as_they_are(tmp_path: Path) -> None:
    typed = "\ufeff" + story("One\nhttps://port.example/ two").replace("\n", "\r\n")
    expected = typed.replace("https://port.example/ ", "<https://port.example/> ")
    assert repaired(tmp_path, typed, "AR207") == expected


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        (r"See https://port.example/a\_b.", "<https://port.example/a_b>"),
        ("见https://port.example/一", "<https://port.example/>"),
        ("[words](https://port.example/", "<https://port.example/>"),
        ("See https://port.example/a[^1].\n\n[^1]: Note.", "<https://port.example/a>"),
        ("https://port.example/a![x](https://port.example/x.png)", "<https://port.example/a>"),
        ("https://port.example/a[link](https://port.example/x)", "<https://port.example/a>"),
        ("https://port.example/a[[The port opens again]]", "<https://port.example/a>"),
        ("a|b\n-|-\nhttps://port.example/a|b", "<https://port.example/a>"),
        ("x^https://port.example/a^", "<https://port.example/a>"),
        ("https://port.example/a?b&amp;", "<https://port.example/a?b&amp>"),
        ("https://port.example/a__{b}__", "<https://port.example/a>"),
        ("https://port.example/{name}", "<https://port.example/>"),
        ("https://port.example/o'brien", "<https://port.example/o>"),
        ("*https://port.example/a*b", "<https://port.example/a*b>"),
        ("_see https://port.example/a_(b) c", "<https://port.example/a_(b)>"),
        ("<https://port.example/a b>", "<https://port.example/a>"),
    ],
)
def test_where_an_address_ends_may_be_in_doubt(tmp_path: Path, text: str, hint: str) -> None:
    verdict = judged(tmp_path, {EXAMPLE: story(text)})
    assert [finding.hint for finding in of(verdict, "AR207")] == [hint]
    assert bare_address.fix(Repair(story(text), of(verdict, "AR207")[0], verdict.archive)) is None


def test_an_address_without_a_scheme_is_not_put_right(tmp_path: Path) -> None:
    verdict = judged(tmp_path, {EXAMPLE: story("See www.port.example.")})
    assert [finding.hint for finding in of(verdict, "AR207")] == ["<https://www.port.example>"]
    assert bare_address.fix(Repair(story("See www.port.example."), of(verdict, "AR207")[0], verdict.archive)) is None


def test_the_address_that_was_found_is_put_right_and_no_other(tmp_path: Path) -> None:
    text = story("See https://port.example/a.")
    verdict = judged(tmp_path, {EXAMPLE: text})
    other = text.replace("See https://port.example/a.", "`a  https://port.example/a`")
    assert bare_address.fix(Repair(other, of(verdict, "AR207")[0], verdict.archive)) is None


# -- AR208

SENTENCE = "Ten words are in this sentence that says nothing else. "


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One.\n\n" + SENTENCE * 26, [(3, 1)]),
        ("\n".join([SENTENCE] * 26) + "\n\n" + SENTENCE * 30, [(1, 1)]),
        ("- one\n- " + SENTENCE * 26, [(2, 1)]),
        ("港" * 1501, [(1, 1)]),
    ],
)
def test_long_paragraphs(tmp_path: Path, text: str, expected: list[tuple[int, int]]) -> None:
    assert places(tmp_path, text, "AR208") == expected


@pytest.mark.parametrize(
    "text",
    [
        SENTENCE * 25,
        "\n".join(["- " + SENTENCE * 2] * 40),
        "\n>\n".join(["> " + SENTENCE * 20] * 2),
        "[words](https://port.example/" + "a" * 3000 + ")",
        "港" * 1500,
        "```\n" + SENTENCE * 40 + "\n```",
        "\n".join(["| a | b |", "|---|---|", *(["| " + SENTENCE + " | c |"] * 40)]),
    ],
)
def test_paragraphs_that_can_be_read(tmp_path: Path, text: str) -> None:
    assert places(tmp_path, text, "AR208") == []


def test_the_other_long_paragraphs_are_counted(tmp_path: Path) -> None:
    verdict = judged(tmp_path, {EXAMPLE: story("\n\n".join([SENTENCE * 26] * 3))})
    assert [finding.message for finding in of(verdict, "AR208")] == [
        "the paragraph is too long: it has 260 words, more than 250; so are 2 others"
    ]


# -- AR209


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A {{ map }} here", [(1, 3)]),
        ("A\n{% image %} b", [(2, 1)]),
        ('{{< figure src="a.png" >}}', [(1, 1)]),
        ("[a]({{site}}/b.html)", [(1, 5)]),
        ("One\n\n<<<<<<< HEAD\nTwo\n=======\nThree\n>>>>>>> main\n\nFour", [(3, 1)]),
        ("One\n\n>>>>>>> main\n\nFour", [(3, 1)]),
        ("TODO: ask", [(1, 1)]),
        ("It costs (TK) and [FIXME]", [(1, 11), (1, 20)]),
        ("some XXX people", [(1, 6)]),
        ("Lorem ipsum dolor sit", [(1, 1)]),
        ("See [[The port opens\n\nTwo]]", [(1, 5)]),
    ],
)
def test_what_is_left_over(tmp_path: Path, text: str, expected: list[tuple[int, int]]) -> None:
    assert places(tmp_path, text, "AR209") == expected


@pytest.mark.parametrize("lang", ["es", "pt-br", "it", "gl", "ca"])
def test_a_word_of_a_language_is_no_note(tmp_path: Path, lang: str) -> None:
    def found(text: str) -> list[tuple[str, int, int]]:
        return where(judged(tmp_path, {EXAMPLE: story(text, f"lang: {lang}")}), "AR209")

    assert found("Lo cambia TODO en el puerto, y FIXME") == [(EXAMPLE, 10, 32)]
    assert found("TODO: preguntar") == [(EXAMPLE, 10, 1)]


@pytest.mark.parametrize(
    "text",
    [
        "[a]({static}/images/a.png) {.name}",
        "`{{ map }}` and\n\n    {% if %}",
        "$x_{{1}} ^{{2}}$",
        "TODO EL MUNDO canta; LO SABE TODO",
        "todo está bien, Todo, TODOS",
        "Super Bowl XXX and the XXX Olympiad, flight TK 1951, TK Maxx, 555-XXX-1234",
        "https://port.example/TODO/XXX",
        "[a](b#TODO)",
        "Text\n=======",
        "> > > quoted",
        "[[1]](https://port.example/) and [[a](https://port.example/) b]",
        "She put lorem ipsum in its place",
        r"\[[ and `[[`",
    ],
)
def test_what_only_looks_left_over(tmp_path: Path, text: str) -> None:
    assert places(tmp_path, text, "AR209") == []


# -- AR211


def removed(folder: Path, text: str) -> list[tuple[int, int, str, str]]:
    """Place in the body, message and hint of what is taken out."""
    return [
        (each.line - 8, each.column, each.message, each.hint)
        for each in of(judged(folder, {EXAMPLE: story(text)}), "AR211")
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('A <b onclick="x()">b</b>', (1, 3, "<b> is published without onclick", "<b>")),
        (
            "One\n<A HREF='https://port.example/?a&amp;b' target=_blank STYLE=\"a>b\">b</A>",
            (2, 1, "<a> is published without target and style", '<a href="https://port.example/?a&amp;b">'),
        ),
        ('<a href="javascript:x()">b</a>', (1, 1, "<a> is published without href", "<a>")),
        ('<a href="java&#10;script&#58;x()">b</a>', (1, 1, "<a> is published without href", "<a>")),
        (
            '<img src="data:x" alt="A &quot;b&quot;">',
            (1, 1, "<img> is published without src", '<img alt="A &quot;b&quot;">'),
        ),
        ('<div class="lead highlight">b</div>', (1, 1, "<div> is published without class", '<div class="highlight">')),
        ('<details open id="x">b</details>', (1, 1, "<details> is published without id", "<details open>")),
        (
            "<i id=a>b</i> <i id=b>c</i> <i>d</i>",
            (1, 1, "<i> is published without id, 2 times", "<i>"),
        ),
        (
            "a [map](javascript:x\\(\\)) b",
            (1, 9, "'javascript:x()' is no address that is published; the words stay without a link", "map"),
        ),
        (
            "a [map](<vbscript:x>) b",
            (1, 10, "'vbscript:x' is no address that is published; the words stay without a link", "map"),
        ),
        (
            "a [map][m] b\n\n[m]: data:text/html,x",
            (
                3,
                6,
                "'data:text/html,x' is no address that is published; the words stay without a link",
                "[m]: https://www.example.org/page",
            ),
        ),
        (
            "<ftp://port.example/>",
            (
                1,
                2,
                "'ftp://port.example/' is no address that is published; the words stay without a link",
                "ftp://port.example/",
            ),
        ),
        (
            "![map](data:x)",
            (
                1,
                8,
                "'data:x' is no address that is published; the picture is not shown",
                "![map]({static}/images/name.jpg)",
            ),
        ),
    ],
)
def test_what_is_taken_out_is_told(tmp_path: Path, text: str, expected: tuple[int, int, str, str]) -> None:
    assert removed(tmp_path, text) == [expected]


@pytest.mark.parametrize(
    "text",
    [
        '<a href="https://port.example/" title="b">c</a> <abbr title="a">b</abbr> <td colspan=2>',
        '<div markdown="1">\n\nText.\n\n</div>',
        '<script onclick="x()">x</script> <video style="x">y</video>',
        '`<b onclick="x()">` and <!-- <b onclick="x()"> -->',
        "[a](mailto:a@port.example) [b](/c.html) [d]({filename}/stories/a.md) [e](tel:1) <me@port.example>",
        "[a](javascript) [b](./javascript:x)",
        "1 <b onclick= 2",
        '<pre class="highlight"><span class="k">a</span></pre>',
    ],
)
def test_what_is_published_is_not_told(tmp_path: Path, text: str) -> None:
    assert removed(tmp_path, text) == []


TAGS = st.builds(
    "<{} {}={}>".format,
    st.sampled_from(["a", "b", "img", "div", "pre", "td", "ol", "A"]),
    st.sampled_from(["href", "src", "class", "id", "style", "onclick", "open", "start", "title", "cite", "HREF"]),
    st.sampled_from(
        ["x", "'javascript:x'", "'{index}'", '"{static}/a b"', "'k lead'", "'https://a.example/'", '"fn:1"']
    ),
)


@given(TAGS)
def test_what_is_told_is_what_the_sanitiser_does(source: str) -> None:
    (tag,) = [each for each in read_tags(source) if isinstance(each, Tag)]
    better, names = without_removed(tag)
    # a cell is one in a table only
    before, after = ("<table><tr>", "</tr></table>") if tag.name == "td" else ("", "")
    cleaned = clean(before + source + after)
    assert clean(before + better + after) == cleaned
    typed, left = source[:-1].partition("=")[2].strip("\"'"), re.search(r'="([^"]*)"', cleaned)
    assert bool(names) is (left is None or left[1].split() != typed.split())


# -- AR210


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A <b>b</b> <B>c</B>", [(1, 3)]),
        ('One\n<a href="https://port.example/">b</a> <em>c</em>', [(2, 1), (2, 39)]),
        ("<table>\n<tr><td>a</td></tr>\n</table>", [(1, 1)]),
        ("<ul>\n<li>a</li>\n</ul>", [(1, 1)]),
        ("<DIV>a</DIV>", [(1, 1)]),
    ],
)
def test_html_that_markdown_has_signs_for(tmp_path: Path, text: str, expected: list[tuple[int, int]]) -> None:
    assert places(tmp_path, text, "AR210") == expected


@pytest.mark.parametrize(
    "text",
    [
        "a<br>b<br />c H<sub>2</sub>O <abbr title='a'>b</abbr> <kbd>c</kbd>",
        "`<b>` and <!-- <b> -->",
        "<https://port.example/> <me@port.example>",
        "1 < b and c > 2",
        r"\<b>",
        "<blink>a</blink>",
        '<a id="fn1"></a>',
    ],
)
def test_html_that_has_its_use(tmp_path: Path, text: str) -> None:
    assert places(tmp_path, text, "AR210") == []


def test_an_element_is_counted_and_the_hint_is_its_markdown(tmp_path: Path) -> None:
    found = of(judged(tmp_path, {EXAMPLE: story("<b>a</b> <b>b</b>")}), "AR210")
    assert [(each.message, each.hint) for each in found] == [
        ("<b> is HTML, 2 times; Markdown is easier to read and to edit", "**words**")
    ]


# -- links and pictures inside the site

PNG = b"\x89PNG"
PORT = "---\ntitle: {}\ndate: 2026-01-31\ntags: [Ports]\nsource: Post\n{}---\n\nA paragraph of text about it.\n"
SITE: dict[str, str | bytes] = {
    "stories/Port.md": PORT.format("The harbour opens", "slug: harbour-opens\naliases: [/old/port.html]\n"),
    "stories/2026/b c.md": PORT.format("The second story", "slug: second\n"),
    "stories/draft.md": PORT.format("The draft", "slug: draft\nstatus: draft\n"),
    "stories/later.md": PORT.format("Coming later", "slug: later\nembargo_until: 2027-01-01\n"),
    "pages/about.md": "---\ntitle: About\nslug: about\n---\n\nText.\n",
    "images/Ferry.png": PNG,
    "images/b c.png": PNG,
}


def in_site(folder: Path, text: str, code: str) -> list[tuple[int, int]]:
    """Line and column of the findings of a code in a body; the body's own first line is 1."""
    return [
        (line - 8, column)
        for path, line, column in where(judged(folder, {**SITE, EXAMPLE: story(text)}), code)
        if path == EXAMPLE
    ]


@pytest.mark.parametrize(
    ("address", "hint"),
    [
        ("{filename}nothing.md", ""),
        ("{filename}/Port.md", "{filename}/stories/Port.md"),
        ("|filename|nothing.md", ""),
        ("{filename}nothing.md?a=b#c", ""),
        ("{static}/images/nothing.png", ""),
        ("{attach}ferry.pdf", ""),
        ("/stories/nothing.html", ""),
        ("nothing.html", ""),
        ("about.html", "{filename}/pages/about.md"),
        ("https://digest.example/nothing.html", ""),
        ("../nothing/", ""),
        ("images/Ferry.png", "{static}/images/Ferry.png"),
    ],
)
def test_links_to_what_is_not_there(tmp_path: Path, address: str, hint: str) -> None:
    text = f"Text.\n\nSee [this]({address})."
    assert in_site(tmp_path, text, "AR411") == [(3, 12)]
    assert in_site(tmp_path, text, "AR412") == []
    if hint:
        verdict = judged(tmp_path, {**SITE, EXAMPLE: story(text)})
        assert [finding.hint for finding in of(verdict, "AR411")] == [hint]


@pytest.mark.parametrize(
    "address",
    [
        "{filename}Port.md",
        "{filename}/stories/Port.md#top",
        "|filename|/stories/Port.md?a=b",
        "{filename}2026/b%20c.md",
        "<{filename}2026/b c.md>",
        "{filename}../pages/about.md",
        "{filename}/images/Ferry.png",
        "{static}../images/b%20c.png",
        "{attach}/images/Ferry.png",
        "{index}",
        "{tag}Ports",
        "{category}nothing",
        "harbour-opens.html",
        "/stories/harbour-opens.html#top",
        "/stories/harbour-opens",
        "../about.html",
        "../../about.html",
        "/",
        "../",
        "/old/port.html",
        "/topics.html",
        "/topics/nothing.html",
        "/feeds/all.atom.xml",
        "/archive/2026/",
        "/2026/",
        "/favicon.ico",
        "/index2.html",
        "https://digest.example/",
        "https://digest.example",
        "HTTPS://Digest.example/about.html",
        "https://digest.example.org/nothing.html",
        "//cdn.example/nothing.png",
        "/images/b%20c.png",
        "#nothing",
        "?page=2",
        "mailto:me@port.example",
        "tel:+123",
        "http://[bad",
        "{{ site }}/nothing.html",
    ],
)
def test_links_to_what_is_there_or_cannot_be_judged(tmp_path: Path, address: str) -> None:
    text = f"[this]({address})"
    assert in_site(tmp_path, text, "AR411") == []
    assert in_site(tmp_path, text, "AR412") == []


@pytest.mark.parametrize(
    ("address", "what"),
    [
        ("{filename}draft.md", "a draft"),
        ("draft.html", "a draft"),
        ("/stories/later.html", "stories/later.md, which is not published"),
    ],
)
def test_links_to_what_readers_do_not_see(tmp_path: Path, address: str, what: str) -> None:
    verdict = judged(tmp_path, {**SITE, EXAMPLE: story(f"[this]({address})")})
    assert [finding.message for finding in of(verdict, "AR411")] == [f"the link to '{address}' leads to {what}"]


def test_a_draft_may_link_to_a_draft_and_not_to_nothing(tmp_path: Path) -> None:
    text = story("[this](draft.html) and [that](nothing.html)", "status: draft")
    verdict = judged(tmp_path, {**SITE, EXAMPLE: text})
    assert ["nothing.html" in finding.message for finding in of(verdict, "AR411")] == [True]


@pytest.mark.parametrize(
    ("typed", "right"),
    [
        ("{filename}port.md#top", "{filename}Port.md#top"),
        ("{static}/Images/ferry.PNG", "{static}/images/Ferry.png"),
        ("/Stories/Harbour-opens.html", "/stories/harbour-opens.html"),
        ("../About.html?a=b", "../about.html?a=b"),
        ("https://digest.example/ABOUT.html", "https://digest.example/about.html"),
        ("/images/B%20c.png", "/images/b%20c.png"),
    ],
)
def test_links_in_another_case_and_their_repair(tmp_path: Path, typed: str, right: str) -> None:
    text = story(f"Text.\n\nSee [this]({typed} 'a title').").replace("\n", "\r\n")
    verdict = judged(tmp_path, {**SITE, EXAMPLE: text})
    assert of(verdict, "AR411") == []
    assert [(finding.hint, finding.column) for finding in of(verdict, "AR412")] == [(right, 12)]
    after = fixed(tmp_path, verdict, "AR412")
    assert after == text.replace(typed, right)
    assert of(judged(tmp_path, {**SITE, EXAMPLE: after}), "AR412") == []


def test_names_that_are_no_text_are_never_offered(tmp_path: Path) -> None:
    odd = os.fsdecode(os.fsencode(tmp_path / "b") + b"\xff")
    try:
        os.makedirs(odd)
    except OSError:
        pytest.skip("this disk has no such names")
    Path(odd, "quay.png").write_bytes(PNG)
    Path(odd, "port.png").write_bytes(PNG)
    addresses = ("{static}/quay.png", "{static}/B%FF/Port.png", "/b%EF%BF%BD/quay.png", "{static}/B\ufffd/port.png")
    body = "\n".join(f"[this]({address})" for address in addresses)
    verdict = judged(tmp_path, {**SITE, EXAMPLE: story(body)})
    assert [finding.line for finding in of(verdict, "AR411")] == [9, 10, 11, 12]
    assert not any("port.png" in finding.hint or "quay.png" in finding.hint for finding in of(verdict, "AR411"))
    assert [finding for finding in verdict.findings if finding.code == "AR902"] == []


def asked_again(archive: Archive, **changed: frozenset[str]) -> list[str]:
    """What AR411 says where the site has folders of lists, or files elsewhere."""
    return [finding.message for finding in link_target_missing.check(replace(archive, **changed))]


def test_folders_of_the_site_s_own_patterns_are_not_judged(tmp_path: Path) -> None:
    text = story("[this](/Schlagwort/hafen.html), [that](/robots/a.html) and [more](/Kontakt/x/)")
    archive = judged(tmp_path, {**SITE, EXAMPLE: text}).archive
    assert len(asked_again(archive)) == 3
    folders, elsewhere = frozenset({"schlagwort"}), frozenset({"robots/a.html", "kontakt/x/index.html"})
    assert len(asked_again(archive, list_folders=folders)) == 2
    assert [message[:18] for message in asked_again(archive, elsewhere=elsewhere)] == ["the link to '/Schl"]
    assert asked_again(archive, list_folders=folders, elsewhere=elsewhere) == []


def test_words_in_brackets_with_a_colon_are_no_link(tmp_path: Path) -> None:
    text = "[Redaktion]: Ja/Nein-Fragen sind das."
    assert in_site(tmp_path, text, "AR411") == []
    assert in_site(tmp_path, "[a][b]\n\n[b]: Ja/Nein-Fragen 'das'", "AR411") == [(3, 6)]


def test_of_two_files_that_differ_in_case_none_is_chosen(tmp_path: Path) -> None:
    for address in ("{static}/images/port.png", "/images/port.png"):
        text = story(f"![Port]({address})")
        files = {**SITE, "images/Port.png": PNG, "images/PORT.png": PNG, EXAMPLE: text}
        verdict = judged(tmp_path, files)
        if (tmp_path / "images/pORT.png").exists():
            pytest.skip("this disk does not tell capitals from small letters")
        (finding,) = of(verdict, "AR412")
        assert finding.hint == "images/PORT.png or images/Port.png"
        assert link_in_another_case.fix(Repair(text, finding, verdict.archive)) is None


@pytest.mark.parametrize(
    ("fields", "text", "expected"),
    [
        ("", "![a](/images/nothing.png)", [(9, 6)]),
        ("", "![a]({static}nothing.png)", [(9, 6)]),
        ("", '<img alt="a" src="images/Ferry.png">', [(9, 19)]),
        ("", "![a][b]\n\n[b]: /images/nothing.png", [(11, 6)]),
        ("image:\n  src: 'images/nothing.png'\n  alt: A\n  credit: B\n", "Text.", [(6, 8)]),
    ],
)
def test_pictures_that_are_not_there(tmp_path: Path, fields: str, text: str, expected: list[tuple[int, int]]) -> None:
    verdict = judged(tmp_path, {**SITE, EXAMPLE: story(text, fields)})
    assert [(line, column) for _, line, column in where(verdict, "AR413")] == expected
    assert of(verdict, "AR411") == []


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ("", "![a](/images/Ferry.png) ![a]({static}/images/Ferry.png) ![a](../images/b%20c.png)"),
        ("", "![a](https://port.example/nothing.png)"),
        ("image:\n  src: images/Ferry.png\n  alt: A\n  credit: B\n", "Text."),
        ("image:\n  src: https://port.example/nothing.png\n  alt: A\n  credit: B\n", "Text."),
    ],
)
def test_pictures_that_are_there(tmp_path: Path, fields: str, text: str) -> None:
    assert of(judged(tmp_path, {**SITE, EXAMPLE: story(text, fields)}), "AR413") == []


def test_the_picture_of_the_card_is_put_in_the_right_case_within_its_quotes(tmp_path: Path) -> None:
    text = story("Text.", 'image:\n  src: "images/ferry.png"  # ours\n  alt: A\n  credit: B\n')
    verdict = judged(tmp_path, {**SITE, EXAMPLE: text})
    assert fixed(tmp_path, verdict, "AR412") == text.replace("ferry", "Ferry")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Text ![](/images/Ferry.png)", [(1, 6)]),
        ("[![ ](/images/Ferry.png)](/about.html)", [(1, 2)]),
        ('Text\n<img src="/images/Ferry.png">', [(2, 1)]),
        ("![][b]\n\n[b]: /images/Ferry.png", [(1, 1)]),
    ],
)
def test_pictures_that_say_nothing(tmp_path: Path, text: str, expected: list[tuple[int, int]]) -> None:
    assert in_site(tmp_path, text, "AR414") == expected


@pytest.mark.parametrize(
    "text",
    [
        "![A ferry](/images/Ferry.png)",
        '![](/images/Ferry.png "A ferry")',
        '<img src="/images/Ferry.png" alt="">',
        '<img alt="A ferry" src="/images/Ferry.png">',
        "`![](/images/Ferry.png)`",
        "[](/images/Ferry.png)",
    ],
)
def test_pictures_that_say_something(tmp_path: Path, text: str) -> None:
    assert in_site(tmp_path, text, "AR414") == []


def test_the_picture_of_the_card_needs_words_and_a_credit(tmp_path: Path) -> None:
    verdict = judged(tmp_path, {**SITE, EXAMPLE: story("Text.", "image:\n  src: images/Ferry.png\n")})
    assert where(verdict, "AR414") == where(verdict, "AR415") == [(EXAMPLE, 6, 3)]
    whole = story("Text.", "image: {src: images/Ferry.png, alt: A ferry, credit: Post}")
    verdict = judged(tmp_path, {**SITE, EXAMPLE: whole})
    assert of(verdict, "AR414") == of(verdict, "AR415") == []


def test_large_pictures_are_told_where_they_are_shown(tmp_path: Path) -> None:
    files = {**SITE, "images/Ferry.png": b"1" * 1_000_001, "images/b c.png": b"1" * 1_000_000}
    shown = "![a](/images/Ferry.png) ![a](/images/b%20c.png) [a](/images/Ferry.png)"
    verdict = judged(tmp_path, {**files, EXAMPLE: story(shown)})
    assert where(verdict, "AR416") == [(EXAMPLE, 9, 6)]
    verdict = judged(tmp_path, {**files, EXAMPLE: story("Text.")})
    assert of(verdict, "AR416") == []


# -- sources


def with_source(
    text: str, source: str, body: str = "A paragraph of text.", *, slug: str = "a", date: str = "2026-01-31"
) -> str:
    return f"---\ntitle: {text}\ndate: {date}\ntags: [Ports]\nslug: {slug}\n{source}---\n\n{body}\n"


def test_a_story_without_a_source_is_told_at_its_front_matter(tmp_path: Path) -> None:
    bare = "---\ntitle: The port opens\ndate: 2026-01-31\ntags: [Ports]\n{}---\n\nText.\n"
    assert where(judged(tmp_path, {EXAMPLE: bare.format("")}), "AR701") == [(EXAMPLE, 2, 1)]
    assert where(judged(tmp_path, {EXAMPLE: bare.format("sources: []\nauthor: A\n")}), "AR701") == [(EXAMPLE, 5, 10)]


@pytest.mark.parametrize("text", ["---\n{}---\n\nText.\n", "{}\nText.\n"])
def test_the_hint_for_a_source_can_be_pasted_in_both_styles(tmp_path: Path, text: str) -> None:
    fields = "title: The port opens\ndate: 2026-01-31\ntags: Ports\n"
    (finding,) = of(judged(tmp_path, {EXAMPLE: text.format(fields)}), "AR701")
    assert finding.hint == "source: Harbour Post"
    verdict = judged(tmp_path, {EXAMPLE: text.format(f"{fields}{finding.hint}\n")})
    assert EXAMPLE in verdict.archive.stories
    assert of(verdict, "AR701") == []


@pytest.mark.parametrize(
    "fields",
    ["source: Post", "source_url: https://post.example/", "sources: [{name: Post}]", "status: draft\nsources: []"],
)
def test_stories_that_need_no_further_source(tmp_path: Path, fields: str) -> None:
    assert of(judged(tmp_path, {EXAMPLE: story("Text.", fields)}), "AR701") == []


def test_a_page_needs_no_source(tmp_path: Path) -> None:
    assert of(judged(tmp_path, {"pages/a.md": "---\ntitle: About\n---\n\nText.\n"}), "AR701") == []


@pytest.mark.parametrize("name", ["", "source:\n", "source: ~\n", 'source: ""\n'])
def test_a_source_without_a_name(tmp_path: Path, name: str) -> None:
    text = with_source("The port opens", f"source_url: https://www.post.example/a\n{name}")
    verdict = judged(tmp_path, {EXAMPLE: text})
    assert where(verdict, "AR702") == [(EXAMPLE, 6, 13)]
    assert "'post.example'" in of(verdict, "AR702")[0].message


@pytest.mark.parametrize(
    "fields",
    [
        "source: Post\nsource_url: https://www.post.example/a\n",
        "source: Post\n",
        "source_url: https://www.post.example/a\nsources: [{name: Post, url: https://www.post.example/a}]\n",
    ],
)
def test_sources_with_a_name(tmp_path: Path, fields: str) -> None:
    verdict = judged(tmp_path, {EXAMPLE: with_source("The port opens", fields)})
    assert verdict.files == 1
    assert of(verdict, "AR702") == []


def test_an_entry_of_the_list_without_a_name_is_an_error_already(tmp_path: Path) -> None:
    verdict = judged(tmp_path, {EXAMPLE: with_source("A", "sources: [{url: https://www.post.example/a}]\n")})
    assert [finding.code for finding in verdict.findings] == ["AR112"]


# -- AR703


@pytest.mark.parametrize(
    ("typed", "right"),
    [
        ("https://post.example/a?utm_source=b", "https://post.example/a"),
        ("https://post.example/a?utm_source=b&c=%20d&UTM_medium=e#f", "https://post.example/a?c=%20d#f"),
        ("https://post.example/a?c=d&fbclid=e&f", "https://post.example/a?c=d&f"),
        ("http://post.example?gclid", "http://post.example"),
        ("https://post.example/a?c&amp;mc_cid=e&amp;d", "https://post.example/a?c&amp;d"),
        ("https://post.example/a#utm_source=b", "https://post.example/a"),
        ("https://post.example/a?oly_anon_id=1&oly_enc_id=2", "https://post.example/a"),
        ("https://post.example/a?at_medium=b&at_link_id=c", "https://post.example/a"),
    ],
)
def test_tracking_parameters_and_their_repair(tmp_path: Path, typed: str, right: str) -> None:
    text = story(f"See\n[this]({typed} 'a') and [that](https://post.example/).").replace("\n", "\r\n")
    verdict = judged(tmp_path, {EXAMPLE: text})
    assert [(each.line, each.column, each.hint) for each in of(verdict, "AR703")] == [(10, 8, right)]
    assert repaired(tmp_path, text, "AR703") == text.replace(typed, right)


@pytest.mark.parametrize(
    ("fields", "place"),
    [
        ("source: Post\nsource_url: https://post.example/?utm_source=a&b=c  # ours\n", (7, 13)),
        ("sources:\n  - name: Post\n    url: 'https://post.example/?b=c&utm_source=a'\n", (8, 10)),
        ('sources: [{name: Post, url: "https://post.example/?b=c&utm_source=a"}]\n', (6, 29)),
    ],
)
def test_tracking_parameters_of_sources(tmp_path: Path, fields: str, place: tuple[int, int]) -> None:
    text = with_source("The port opens", fields)
    assert [each[1:] for each in where(judged(tmp_path, {EXAMPLE: text}), "AR703")] == [place]
    assert repaired(tmp_path, text, "AR703") == text.replace("utm_source=a&", "").replace("&utm_source=a", "")


def test_of_several_addresses_one_is_put_right_at_a_time(tmp_path: Path) -> None:
    text = story("[a](https://post.example/?fbclid=1) [b](https://post.example/?fbclid=1)")
    assert repaired(tmp_path, text, "AR703") == text.replace("?fbclid=1", "", 1)


@pytest.mark.parametrize(
    "address",
    [
        "https://post.example/?page=2&source=b&ref=c&id=d",
        "https://post.example/utm_source=a",
        "https://post.example/?a=utm_source",
        "https://post.example/?xutm_source=a",
        "https://post.example/#at_the_port",
        "https://post.example/#/a?utm_source=b",
        "/stories/a.html?utm_source=b",
    ],
)
def test_parameters_that_an_address_needs(tmp_path: Path, address: str) -> None:
    assert of(judged(tmp_path, {EXAMPLE: story(f"[this]({address})")}), "AR703") == []


# -- AR704


@pytest.mark.parametrize(
    "address", ["https://bit.ly/abc", "http://t.co/abc", "https://www.tinyurl.com/abc", "HTTP://GOO.GL/a"]
)
def test_shortened_addresses(tmp_path: Path, address: str) -> None:
    assert places(tmp_path, f"See [this]({address})", "AR704") == [(1, 12)]
    text = with_source("The port opens", f"source: Post\nsource_url: {address}\n")
    assert where(judged(tmp_path, {EXAMPLE: text}), "AR704") == [(EXAMPLE, 7, 13)]


@pytest.mark.parametrize(
    "address",
    ["https://youtu.be/abc", "https://bit.ly/", "https://bit.ly.example/a", "https://not-t.co/a", "http://[a"],
)
def test_addresses_that_are_short(tmp_path: Path, address: str) -> None:
    assert places(tmp_path, f"See [this]({address})", "AR704") == []


# -- AR705

FIRST = "https://www.post.example/2026/01/port?b=c&a=d"


@pytest.mark.parametrize(
    "address",
    [
        FIRST,
        "http://post.example:80/2026/01/port/?a=d&b=c",
        "https://POST.example/2026/01/port?utm_source=e&a=d&b=c#f",
    ],
)
def test_a_source_that_an_older_story_has(tmp_path: Path, address: str) -> None:
    verdict = judged(
        tmp_path,
        {
            "stories/old.md": with_source("One", f"source: Post\nsource_url: {FIRST}\n", date="2026-01-30"),
            "stories/new.md": with_source("Two", f"sources:\n- name: Post\n  url: {address}\n", slug="b"),
            "stories/draft.md": with_source(
                "Three", f"status: draft\nsource: Post\nsource_url: {address}\n", slug="c", date="2026-01-01"
            ),
        },
    )
    assert where(verdict, "AR705") == [("stories/draft.md", 8, 13), ("stories/new.md", 8, 8)]
    assert all("stories/old.md" in finding.message for finding in of(verdict, "AR705"))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://post.example/", "https://post.example/"),
        ("https://post.example/ferries/", "https://post.example/ferries/"),
        ("https://post.example/missions/mars-2020-rover", "https://post.example/missions/mars-2020-rover"),
        (FIRST, "https://post.example/2026/01/port?b=c&a=e"),
        ("https://post.example:8080/2026/01/a", "https://post.example/2026/01/a"),
    ],
)
def test_sources_that_differ_or_are_no_piece_of_writing(tmp_path: Path, one: str, other: str) -> None:
    files: dict[str, str | bytes] = {
        "stories/old.md": with_source("One", f"source: Post\nsource_url: {one}\n", date="2026-01-30"),
        "stories/new.md": with_source("Two", f"source: Post\nsource_url: {other}\n", slug="b"),
    }
    assert of(judged(tmp_path, files), "AR705") == []


def test_a_translation_has_the_source_of_its_original(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "stories/old.md": with_source("One", f"source: Post\nsource_url: {FIRST}\n"),
        "stories/new.md": with_source("Eins", f"lang: de\nsource: Post\nsource_url: {FIRST}\n"),
    }
    assert of(judged(tmp_path, files), "AR705") == []


# -- AR706 and AR707

SHORT = 'sources: [{name: "Harbour Post"%s}, {name: "Coast Chronicle"}]'


@pytest.mark.parametrize(
    ("source", "body", "expected", "hint"),
    [
        ("source: Harbour Post\n", "The port is open, according to the Coast Chronicle.", [(9, 36)], SHORT % ""),
        ("source: Harbour Post\n", "It is open.\n\nThe *Coast\nChronicle* reported that.", [(11, 6)], SHORT % ""),
        (
            "source: Harbour Post\nsource_url: https://post.example/\n",
            "The Coast Chronicle reported that.",
            [(10, 5)],
            SHORT % ', url: "https://post.example/"',
        ),
        (
            "sources:\n- name: Harbour Post\n",
            "It is open, according to the newspaper Coast Chronicle.",
            [(10, 40)],
            '- name: "Coast Chronicle"',
        ),
        (
            "sources: [{name: Harbour Post}]\n",
            "It is open, according to the newspaper Coast Chronicle.",
            [(9, 40)],
            '{name: "Coast Chronicle"}',
        ),
    ],
)
def test_an_outlet_that_is_no_source(
    tmp_path: Path, source: str, body: str, expected: list[tuple[int, int]], hint: str
) -> None:
    verdict = judged(tmp_path, {EXAMPLE: with_source("The port opens", source, body)})
    assert [place[1:] for place in where(verdict, "AR706")] == expected
    assert [finding.hint for finding in of(verdict, "AR706")] == [hint]


@pytest.mark.parametrize(
    ("source", "body"),
    [
        ("source: The Coast Chronicle\n", "It is open, according to the Coast Chronicle."),
        ("source: COAST CHRONICLE online\n", "It is open, according to the Coast Chronicle."),
        ("source: Chronicle\nsource_url: https://coastchronicle.example/a\n", "The Coast Chronicle reported it."),
        ("source: C\nsource_url: https://www.coast-chronicle.example/a\n", "The Coast Chronicle reported it."),
        ("source: CT\n", "It is open, according to the Coast Times."),
        ("source: Coast Broadcasting House\n", "It is open, according to the broadcaster CBH."),
        ("source: A\nsource_url: https://apnews.example/a\n", "It is open, the Associated Press reported."),
        ("source: A\nsource_url: https://www.nytimes.example/a\n", "It is open, the New York Times reported."),
        ("source: A\n", "It is open, [the Coast Chronicle](https://coastchronicle.example/) reported."),
        ("source: Harbour Post\n", "It is open, according to the minister."),
        ("status: draft\nsources: []\n", "It is open, according to the Coast Chronicle."),
        ("lang: de\nsource: Harbour Post\n", "It is open, according to the Coast Chronicle."),
        ("source: Harbour Post\n", "`It is open, according to the Coast Chronicle.`"),
    ],
)
def test_an_outlet_that_is_a_source_or_none(tmp_path: Path, source: str, body: str) -> None:
    verdict = judged(tmp_path, {EXAMPLE: with_source("The port opens", source, body)})
    assert of(verdict, "AR706") == of(verdict, "AR707") == []


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("source: Harbour Post\n", [(6, 9)]),
        ("sources:\n- name: Harbour Post\n- {name: 'Second Post', url: https://second.example/a}\n", [(7, 9), (8, 10)]),
        ("source: Post\nsource_url: https://harbour.example/a\n", [(6, 9)]),
    ],
)
def test_a_source_that_the_text_is_silent_about(tmp_path: Path, source: str, expected: list[tuple[int, int]]) -> None:
    body = "The port is open, according to the Coast Chronicle."
    verdict = judged(tmp_path, {EXAMPLE: with_source("The quay opens", source, body)})
    assert [place[1:] for place in where(verdict, "AR707")] == expected


@pytest.mark.parametrize(
    ("source", "body"),
    [
        ("source: The Harbour Post\n", "The Coast Chronicle reported it. So said the Harbour Post."),
        ("source: Coast Broadcasting House\n", "The Harbour Chronicle reported it. The CBH had it too."),
        ("source: Harbour Post\n", "The port is open."),
    ],
)
def test_a_source_that_the_text_names_or_need_not(tmp_path: Path, source: str, body: str) -> None:
    verdict = judged(tmp_path, {EXAMPLE: with_source("The quay opens", source, body)})
    assert of(verdict, "AR707") == []


# -- the time they take


@pytest.mark.parametrize(
    "sign",
    [
        "http://a.b",
        "[[",
        "{{ ",
        "{% ",
        "](http://a.b",
        "<b ",
        "<a ",
        "TODO ",
        "<<<<<<< a\n",
        "![](",
        "https://a.b?utm_a=b&",
        "A ",
        "[a](https://a.b)",
    ],
)
def test_no_text_takes_long(sign: str) -> None:
    text = story(sign * (400_000 // len(sign)))
    front, _ = read_front_matter(text, EXAMPLE)
    assert front is not None
    sources = (Source("Post", "https://post.example/"),)
    read = Story(EXAMPLE, "a", "A", None, sources=sources)
    settings, _ = read_settings({}, clock=NOW)

    def all_rules_are_asked() -> None:
        subject = Subject(front, read, EMPTY, settings)
        for rule in FILE_RULES:
            if rule.CODE in OURS:
                tuple(rule.check(subject))
        assert len(card_of(subject).targets) <= 400_000

    pace.within(6, all_rules_are_asked)
