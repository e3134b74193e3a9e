"""Where do the two engines for bodies agree, and where do they differ as docs/engines.md says?"""

import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alsoread.memory import scope_of
from alsoread.news.body import BodyEngine
from alsoread.news.sanitize import ForbiddenCharacter
from alsoread.news.storyfile import read_story
from alsoread.news.tags import NestingTooDeep
from alsoread.press.limits import TimeLimitExceeded, cpu_limit
from alsoread.story import Body, CrossLink
from reading import ENGINE, MARKDOWN, settings, story
from sites import Site
from test_body import LABELS, PLACES
from test_docs import DOCS, rows, section

COMMONMARK = BodyEngine(MARKDOWN, "commonmark")


def body(text: str, **given: Any) -> Body:
    return COMMONMARK.render(text, **{"labels": LABELS, **given}).body


def html_of(read: Body) -> str:
    return "".join(part if isinstance(part, str) else part.html for part in read.parts)


def without_spaces(html: str) -> str:
    """The HTML but for white space between lines, and with the attributes of pictures in one order."""
    html = re.sub(r'<img (alt="[^"]*") (src="[^"]*")', r"<img \2 \1", html)
    return re.sub(r"\s*\n\s*", "", html)


SAME = [
    'Prose with *emphasis*, **strength**, `code` and a [link](http://a.example/?b=1&c=2 "d").',
    "# One\n\n## Two #\n\nThree\n=====\n\nFour\n----",
    "- a\n- b\n    - c",
    "1. d\n2. e\n\nf",
    "> a\n> b\n>\n> > c",
    "```python\nx = 1\n```\n\n    y = 2\n\n~~~\nz\n~~~",
    "| a | b |\n|---|--:|\n| 1 | *2* |\n\nc|d\n-|-\ne|f",
    "Term\n: definition\n\nOther\n:   one\n:   two",
    "a[^1] b[^1] c[^2]\n\n[^1]: note *x*\n\n    second\n\n[^2]: - d\n    - e",
    "[a]({filename}/stories/x.md) ![é](<{static}/images/é x.png>) [b](|filename|/a.md#x) [c]({filename}../ü.md?d)",
    "[x]: http://a.example\n\nSee [x] and [this][x], <http://b.example> and <c@d.example>.",
    "&copy; &amp; & < > \" ' é 日本\n\na  \nb",
    '<b>a</b> <p>raw</p>\n\n<div class="x">\nb\n</div>\n\n<script>alert(1)</script>',
    "*a*b, snake_case_word, __c__, ***d** e*",
    "\\*not emphasis\\* \\[not a link\\] 1986\\. a",
    "a\n\n***\n\nb",
    "",
    " \n\n",
]


@pytest.mark.parametrize("text", SAME)
def test_what_is_written_as_usual_looks_the_same(text: str) -> None:
    one, two = ENGINE.render(text, labels=LABELS), COMMONMARK.render(text, labels=LABELS)
    assert without_spaces(html_of(two.body)) == without_spaces(html_of(one.body))
    assert (two.body.text, two.body.lead, two.removed) == (one.body.text, one.body.lead, one.removed)


DIFFERENT = [
    # as docs/engines.md has it, an example, what Python-Markdown makes of it, what CommonMark makes of it
    ("`~~old~~`", "~~old~~", "<p>~~old~~</p>", "<p><del>old</del></p>"),
    ("a list right below a line of text", "a\n- b", "<p>a- b</p>", "<p>a</p><ul><li>b</li></ul>"),
    ("a table right below a line of text", "a\n|b|c|\n|-|-|", "<p>a|b|c||-|-|</p>", "<p>a</p><table><thead><tr><th>b</th><th>c</th></tr></thead><tbody></tbody></table>"),
    ("a list within a list, indented by two spaces", "- a\n  - b", "<ul><li>a</li><li>b</li></ul>", "<ul><li>a<ul><li>b</li></ul></li></ul>"),
    ("a paragraph within a list, indented by two spaces", "- a\n\n  b", "<ul><li>a</li></ul><p>b</p>", "<ul><li><p>a</p><p>b</p></li></ul>"),
    ("another sign in the same list: `-` below `1.` or `*`", "1. a\n- b", "<ol><li>a</li><li>b</li></ol>", "<ol><li>a</li></ol><ul><li>b</li></ul>"),
    ("an empty line between the last two of three items", "- a\n- b\n\n- c", "<ul><li>a</li><li><p>b</p></li><li><p>c</p></li></ul>", "<ul><li><p>a</p></li><li><p>b</p></li><li><p>c</p></li></ul>"),
    ("`3. three`, first in a list", "3. a", "<ol><li>a</li></ol>", '<ol start="3"><li>a</li></ol>'),
    ("`1) one`", "1) one", "<p>1) one</p>", "<ol><li>one</li></ol>"),
    ("`#Heading`, without a space", "#Heading", "<h2>Heading</h2>", "<p>#Heading</p>"),
    ("`---` below two lines of text", "a\nb\n---", "<p>ab</p><hr>", "<h2>ab</h2>"),
    ("a backslash at the end of a line", "a\\\nb", "<p>a\\b</p>", "<p>a<br>b</p>"),
    ("a backslash before `\"`, `$`, `~` and the like", "\\$", "<p>\\$</p>", "<p>$</p>"),
    ('`**"a"**b`, a word right behind a quotation mark and its emphasis', '**"a"**b', '<p><strong>"a"</strong>b</p>', '<p>**"a"**b</p>'),
    ("`<div>`, and behind an empty line `*text*`", "<div>\n\n*text*\n\n</div>", "<div>*text*</div>", "<div><p><em>text</em></p></div>"),
    ('`<div markdown="1">`, and on the next line `*text*`', '<div markdown="1">\n*text*\n</div>', "<div><p><em>text</em></p></div>", "<div>*text*</div>"),
    ("`*[HTML]: HyperText`", "*[HTML]: HyperText\n\nHTML", '<p><abbr title="HyperText">HTML</abbr></p>', "<p>*[HTML]: HyperText</p><p>HTML</p>"),
    ("`{: .note }` below a paragraph", "a\n{: .note }", "<p>a</p>", "<p>a{: .note }</p>"),
    ("`[words](an address)`, an address with a space", "[a](b c)", '<p><a href="b c">a</a></p>', "<p>[a](b c)</p>"),
    ("`[words](<an address>)`, and one with letters such as `é`", "[a](<b é>)", '<p><a href="b é">a</a></p>', '<p><a href="b%20%C3%A9">a</a></p>'),
    ("a footnote that is defined before another, and named after it", "a[^b] c[^a]\n\n[^a]: A\n[^b]: B", "2|1|fn:a|fn:b", "1|2|fn:1|fn:2"),
    ("a footnote that is never named", "[^a]: A", "fn:a|fnref:a", "fn:1"),
    ("`![see [[storm]]](a.png)`, double brackets in the words of a picture", "![see [[storm]]](a.png)", '<p><img src="a.png" alt="see storm"></p>', '<p><img src="a.png" alt="see [storm]"></p>'),
]  # fmt: skip


@pytest.mark.parametrize(("row", "text", "one", "two"), DIFFERENT, ids=[each[0] for each in DIFFERENT])
def test_what_is_said_to_differ_does(row: str, text: str, one: str, two: str) -> None:
    for engine, expected in ((ENGINE, one), (COMMONMARK, two)):
        html = without_spaces(html_of(engine.render(text, labels=()).body))
        if "footnote" in row:
            html = "|".join(
                re.findall(
                    r'(?<=">)\d(?=</a></sup>)|(?<=li id=")[^"]*|(?<=footnote-backref" href="#)fnref:a(?=")', html
                )
            )
            html = html if "never" in row else html.replace("|fnref:a", "")
        assert html == expected


def test_the_documentation_has_these_differences_and_no_others() -> None:
    documented = rows(section(DOCS / "engines.md", "## Differences"))
    assert [row[0] for row in documented] == [each[0] for each in DIFFERENT]
    assert all(len(row) == 3 and row[1] and row[2] for row in documented)


# -- cross-links


@pytest.mark.parametrize(("text", "found"), PLACES)
def test_a_cross_link_is_found_where_its_label_stands(text: str, found: list[tuple[int, int, str]]) -> None:
    assert [(link.line, link.column, link.text) for link in body(text).crosslinks] == found
    assert [(link.line, link.column) for link in body(text, first_line=10).crosslinks] == [
        (line + 9, column) for line, column, _ in found
    ]


CROSSLINKS = [
    "One\n\nREAD: *Two* [three](http://t.example/?a=1&b=2)\n\nFour",
    "é READ: no\n\nREAD: é\nREAD: ü *a\nREAD: b*\n\n> READ: c\n> d\n>\n> READ: e",
    "Prose  \nREAD: One\n\nRead the report. [[storm]]\n\nRead [[storm|the storm]]\n\nREAD: [[storm]] and more [[flood]]",
    "1. a\n\n    READ: One\n\n[^1]: READ: Two\n\nx[^1]",
    "é [[id]] [[id|w *o* & &amp; <x]] [[1]](x) `[[c]]` [[a\\|b]] \\[[x]] [[ ]] [[|x]] [[a|]] [[x]] y",
    "| [[a\\|b]] |\n|---|\n| [[c]] |\n\n- [[d]]\n\n# [[e]]\n\n<b title='[[f]]'>[[g]]</b> <http://h.example/[[i]]>",
    "    [[code]]\n\n```\n[[code]]\n```\n\n[[real]]",
]


@pytest.mark.parametrize("text", CROSSLINKS)
def test_cross_links_are_the_same_with_both_engines(text: str) -> None:
    def told(engine: BodyEngine) -> list[tuple[object, ...]]:
        links = engine.render(text, labels=LABELS, first_line=5).body.crosslinks
        return [(each.label, each.text, each.certain, each.line, each.column, each.href, each.inline) for each in links]

    assert told(COMMONMARK) == told(ENGINE)
    assert told(ENGINE)


def test_words_in_brackets_are_shown_as_typed() -> None:
    assert [part.html for part in body("[[a|*b* <c> &amp; d]]").parts if isinstance(part, CrossLink)] == [
        "*b* &lt;c&gt; &amp; d"
    ]


@given(st.lists(st.sampled_from(["READ: a", "ALSO READ b", "[[c]]", "\n", "\n\n", "*", "`", "> ", "- ", "é ", "    ", "|", "[", "]", "(d)", "<b>", "[^1]", "[^1]: "]), max_size=20).map("".join))  # fmt: skip
def test_no_mark_is_left_whatever_stands_around_it(text: str) -> None:
    rendered = body(text, summary=text)
    assert not re.search(r"crosslink[0-9a-f]", repr(rendered).replace("CrossLink", ""))
    lines = text.split("\n")
    for link in rendered.crosslinks:
        rest = lines[link.line - 1][link.column - 1 :]
        assert rest.startswith("[[") if link.inline else re.match(r"[*_]*(?:ALSO )?READ", rest)


# -- what it may not do


def test_an_engine_that_was_cut_short_reads_the_next_text() -> None:
    engine = BodyEngine(MARKDOWN, "commonmark")
    with pytest.raises(TimeLimitExceeded), cpu_limit(0.05):
        engine.render("READ: x\n" * 200_000, labels=LABELS)
    for text in ("&#1;", "<div>" * 70):
        with pytest.raises((NestingTooDeep, ForbiddenCharacter)):
            engine.render(text, labels=LABELS)
    assert engine.render("One[^1]\n\nREAD: [[Two]]", labels=LABELS) == COMMONMARK.render(
        "One[^1]\n\nREAD: [[Two]]", labels=LABELS
    )


def test_a_table_of_many_columns_and_short_rows_is_too_much() -> None:
    with pytest.raises(NestingTooDeep):
        body("|".join("a" * 300) + "\n" + "|".join("-" * 300) + "\n" + "a\n" * 3000)


def test_a_story_reads_the_same_but_for_its_engine() -> None:
    text = story(body="# A\n\nREAD: B\n\nSee [[c]].").encode()
    one, two = (read_story(text, "a.md", settings(), engine) for engine in (ENGINE, COMMONMARK))
    assert one == two


def test_the_engine_is_part_of_what_decides_what_a_file_gives() -> None:
    one, two = (scope_of("recipe", settings(body_engine=engine), MARKDOWN) for engine in ("markdown", "commonmark"))
    assert one
    assert one != two


def test_a_site_is_built_and_checked_with_the_engine_of_its_settings(tmp_path: Path) -> None:
    site = Site(tmp_path).conf(ALSOREAD_BODY_ENGINE="commonmark").story("a", body="~~old~~ new")
    assert site.build("--strict").exit_code == 0
    assert "<del>old</del> new" in site.page("stories/a.html")
    site.conf(ALSOREAD_BODY_ENGINE="markdown")
    assert site.build("--strict").exit_code == 0
    assert "~~old~~ new" in site.page("stories/a.html")
