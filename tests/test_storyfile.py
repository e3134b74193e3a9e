"""What does one file of the content folder say?"""

import pickle
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alsoread.diagnostics import CODES, Diagnostic, Severity
from alsoread.news.body import BodyEngine
from alsoread.news.topicfile import read_topic
from alsoread.story import Contributor, Correction, Image, Link, Source, Story
from reading import ENGINE, GOOD, places, read, read_as_topic, settings, story


def good(front: str = GOOD, body: str = "A paragraph of text.") -> Story:
    file = read(story(front, body))
    assert file.findings == ()
    assert file.story is not None
    return file.story


FOUND = [
    # a whole file, code, line, column, a word of the hint
    (b"caf\xe9", "AR003", 1, 4, "UTF-8"),
    (story().encode() + b"\n\x00", "AR004", 9, 1, "remove it"),
    ("---\ntitle: a\u202eb\n---\n", "AR005", 2, 9, "U+200E"),
    ("\ufeff" + story(), "AR006", 1, 1, "without a byte order mark"),
    ("No front matter.", "AR101", 1, 1, "title: The headline"),
    ("---\ntitle: a\n", "AR102", 1, 1, "---"),
    (story("title: a: b"), "AR103", 2, 9, 'title: "a: b"'),
    (story("- a"), "AR104", 2, 1, "title:"),
    (story(GOOD + "\ntitle: b"), "AR105", 5, 1, "keep one"),
    (story("a: [[[[[[[b]]]]]]]"), "AR106", 2, 9, "quotes"),
    (story("title: *a"), "AR107", 2, 8, 'title: "*a"'),
    (story(GOOD + "\ncolour: red"), "AR110", 5, 1, "ALSOREAD_EXTRA_FIELDS"),
    (story(GOOD + "\ndraft: true"), "AR111", 5, 1, "status: draft"),
    (story("date: 2026-01-31\ntags: a"), "AR112", 2, 1, "title: The headline"),
    (story("title: '&nbsp;'\ndate: 2026-01-31\ntags: a"), "AR112", 2, 1, "title: "),
    (story(GOOD + "\nimage: a.jpg"), "AR113", 5, 8, "image: {src: images/name.jpg}"),
    (story(GOOD + "\nstatus: secret"), "AR114", 5, 9, "status: published"),
    (story("title: a\ndate: soon\ntags: b"), "AR115", 3, 7, "date: 2026-01-31"),
    (story(GOOD + "\nslug: A Slug"), "AR116", 5, 1, "slug: a-slug"),
    (story(GOOD + f"\nslug: {'x' * 81}"), "AR116", 5, 1, "slug: xxx"),
    (story(f"tags: a\ntitle: {'word ' * 20}\ndate: 2026-01-31"), "AR116", 3, 1, "slug: word-word"),
    (story(GOOD + "\nslug: '!'"), "AR116", 5, 1, "slug: a"),
    (story("title: a\ndate: 2026-01-31"), "AR118", 2, 1, "tags: [A topic]"),
    (story("title: a\ndate: 2026-01-31\ntags: []"), "AR118", 4, 1, "tags: [A topic]"),
    (story(GOOD + "\nsource_url: javascript:alert(1)"), "AR119", 5, 13, "https://"),
    (story("title: a&#x202e;b\ndate: 2026-01-31\ntags: a"), "AR005", 2, 1, "U+200E"),
    (story(GOOD + "\nheadline_aliases: ['a&#x202e;b']"), "AR005", 5, 1, "U+200E"),
    (story(GOOD + "\nheadline_aliases: [a, '&#32;']"), "AR112", 5, 1, "headline_aliases: "),
    (story(body="one\n\ntwo &amp;#1; `&#2;`\nthree &#3; &#x4;"), "AR004", 10, 7, "remove it"),
    (story(body="one &#x202E; two"), "AR005", 7, 5, "U+200E"),
    (story(body="one &#8238; two"), "AR005", 7, 5, "U+200E"),
    (story(GOOD + "\nsummary: a &#x0001; b"), "AR004", 5, 1, "remove it"),
    (story(body="<div>\n" * 70), "AR202", 7, 1, "close every element"),
    (story(body="\n\none <form> two\n\n<FORM>"), "AR204", 9, 5, "`<form>`"),
    (story(body="one\n\n<script>alert(1)</script>"), "AR204", 9, 1, "`<script>`"),
    (story(body=""), "AR205", 5, 1, "write a paragraph"),
    (story(body="\n\n***\n"), "AR205", 9, 1, "write a paragraph"),
]


@pytest.mark.parametrize(("text", "code", "line", "column", "hint"), FOUND)
def test_what_is_wrong_with_a_file_is_reported_with_code_line_and_column(
    text: str | bytes, code: str, line: int, column: int, hint: str
) -> None:
    file = read(text)
    assert places(file.findings) == [(code, line, column)]
    assert hint in file.findings[0].hint
    assert file.findings[0].path == "a.md"


@pytest.mark.parametrize(("text", "code"), [(text, code) for text, code, _, _, _ in FOUND])
def test_an_error_leaves_the_story_out_and_a_warning_does_not(text: str | bytes, code: str) -> None:
    file = read(text)
    assert (file.story is None) == (CODES[code].severity is Severity.ERROR)
    assert file.story is not None or file.body.parts == ()


def test_a_story_that_nothing_can_be_called_by_is_reported_at_its_title() -> None:
    file = read(story("title: '—'\ndate: 2026-01-31\ntags: a"), path="—.md")
    assert places(file.findings) == [("AR117", 2, 1)]
    assert file.findings[0].hint == "slug: a-few-words"
    assert places(read(story("title: '—'\ndate: 2026-01-31\ntags: a\nslug: …"), path="—.md").findings) == [
        ("AR117", 5, 1)
    ]


@pytest.mark.parametrize("line", ["slug: A Slug", f"slug: {'x' * 81}", "slug: '!'"])
def test_the_slug_that_the_hint_proposes_is_the_one_that_is_used(line: str) -> None:
    before = read(story(f"{GOOD}\n{line}"))
    after = read(story(f"{GOOD}\n{before.findings[0].hint}"))
    assert after.findings == ()
    assert before.story is not None
    assert after.story is not None
    assert after.story.slug == before.story.slug


def test_a_body_that_takes_too_long_is_left_out_and_the_next_story_is_read() -> None:
    slow = read(story(body="](" + "[" * 200_000), time_limit=0.2)
    assert places(slow.findings) == [("AR201", 0, 0)]
    assert "0.2" in slow.findings[0].message
    assert "'['" in slow.findings[0].hint
    assert slow.story is None
    after = read(story(body="*One*\n\nREAD: Two"))
    assert after.body.text == "One READ: Two"
    assert len(after.body.crosslinks) == 1


def test_a_topic_that_takes_too_long_is_left_out() -> None:
    file = read_topic(f"---\nname: a\n---\n]({'[' * 200_000}".encode(), "topics/a.md", settings(time_limit=0.2), ENGINE)
    assert places(file.findings) == [("AR201", 0, 0)]
    assert file.topic is None


def test_what_an_extension_makes_of_a_text_is_reported_and_not_raised(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: object, **kwargs: object) -> None:
        raise RecursionError("maximum\nrecursion depth")

    monkeypatch.setattr(ENGINE, "render", fail)
    file = read(story(body="\ntext"))
    assert places(file.findings) == [("AR203", 8, 1)]
    assert "RecursionError: maximum recursion depth" in file.findings[0].message
    assert file.story is None


def test_every_field_reaches_the_story() -> None:
    front = """\
title: 'One &amp; two &lt;b&gt;  three'
date: 2026-01-31 10:00
modified: 2026-01-31T12:00:00+02:00
tags: [Ports, ' Ports ', Sea   trade]
summary: In *short*
slug: one
lang: PT-br
author: A
authors: [B, C]
category: News
status: hidden
id: X-1
headline_aliases: ['Uno  &quot;due&quot;']
embargo_until: 2026-01-01
expires: 2027-01-01
source: Outlet
source_url: https://www.outlet.example/a
sources: [{name: Wire, url: https://wire.example/b, role: wire, published: 2026-01-30}]
thread: ports
links: [{ref: two, kind: denies, after_paragraph: 1, label: Denied}]
corrections: [{date: 2026-02-02, kind: update, text: b}, {date: 2026-02-01, kind: correction, text: a}]
image: {src: images/a.jpg, alt: A harbour, credit: C, license: CC0}
contributors: [{name: D, role: pictures}]
disclosure: None
license: CC0
translation_of: uno
aliases: [old/one.html]
podcast: x, y"""
    file = read(story(front), extra_fields=("podcast",))
    assert file.findings == ()
    assert file.story == Story(
        path="a.md",
        slug="one",
        title="One & two <b> three",
        date=datetime(2026, 1, 31, 10, tzinfo=UTC),
        id="X-1",
        modified=datetime(2026, 1, 31, 10, tzinfo=UTC),
        tags=("Ports", "Sea trade"),
        summary="In *short*",
        lang="pt-br",
        authors=("B", "C"),
        category="News",
        status="hidden",
        headline_aliases=('Uno "due"',),
        embargo_until=datetime(2026, 1, 1, tzinfo=UTC),
        expires=datetime(2027, 1, 1, tzinfo=UTC),
        sources=(
            Source("Outlet", "https://www.outlet.example/a"),
            Source("Wire", "https://wire.example/b", published=date(2026, 1, 30), role="wire"),
        ),
        thread="ports",
        links=(Link("two", "denies", 1, "Denied"),),
        corrections=(Correction(date(2026, 2, 1), "correction", "a"), Correction(date(2026, 2, 2), "update", "b")),
        image=Image("images/a.jpg", "A harbour", "C", "CC0"),
        contributors=(Contributor("D", "pictures"),),
        disclosure="None",
        license="CC0",
        translation_of="uno",
        aliases=("old/one.html",),
        extra=(("podcast", "x, y"),),
    )
    assert file.body.summary_html == "<p>In <em>short</em></p>"


def test_a_story_can_travel_between_processes() -> None:
    file = read(story(GOOD + "\nsources: [{name: a}]", "One\n\nREAD: Two"))
    assert pickle.loads(pickle.dumps(file)) == file


@pytest.mark.parametrize(
    ("title", "path", "slug"),
    [
        ("Ports & harbours", "a.md", "ports-and-harbours"),
        ("—", "2026/01/the-name.of.it.md", "the-name-of-it"),
        ("word " * 30, "a.md", "-".join(["word"] * 16)),
    ],
)
def test_a_slug_is_made_from_the_headline_or_else_the_file_name(title: str, path: str, slug: str) -> None:
    file = read(story(f"title: {title}\ndate: 2026-01-31\ntags: a"), path=path)
    assert file.story is not None
    assert (file.story.slug, file.story.id) == (slug, slug)


@pytest.mark.parametrize(
    "slug", ["../../etc/passwd", "/etc/passwd", "a/b", "..", "a\\b", "con.", "%2e%2e%2f", "{slug}", "index.html"]
)
def test_a_slug_is_never_a_path(slug: str) -> None:
    file = read(story(f"{GOOD}\nslug: '{slug}'"))
    if file.story:
        assert not set(file.story.slug) & set("/\\.%{}")
    assert file.findings[0].code in ("AR116", "AR117")


def test_a_source_that_is_listed_too_is_not_repeated() -> None:
    short = "source: Outlet\nsource_url: https://o.example/a\n"
    assert good(f"{GOOD}\n{short}sources: [{{name: O, url: https://o.example/a}}]").sources == (
        Source("O", "https://o.example/a"),
    )
    assert good(f"{GOOD}\nsource_url: https://www.o.example/a").sources == (
        Source("o.example", "https://www.o.example/a"),
    )


def test_all_that_is_wrong_is_reported_at_once_and_the_body_is_not_read_for_a_story_that_is_left_out() -> None:
    file = read("\ufeff" + story("titel: a\ndate: soon\ncolour: b", "<script>"))
    assert places(file.findings) == [
        ("AR006", 1, 1),
        ("AR111", 2, 1),
        ("AR115", 3, 7),
        ("AR110", 4, 1),
        ("AR112", 2, 1),
    ]


def test_a_page_needs_no_date_and_no_tags() -> None:
    file = read(story("title: About"), kind="page")
    assert file.findings == ()
    assert file.story is not None
    assert file.story.date is None


def test_a_topic_says_how_a_tag_is_written() -> None:
    file = read_as_topic(
        "---\nname: Ports & harbours\naliases: Docks, Piers\nparent: trade\ndescription: d\n---\n\nREAD: *this*\n"
    )
    assert file.findings == ()
    assert file.topic is not None
    assert (file.topic.slug, file.topic.label, file.topic.aliases) == (
        "ports-and-harbours",
        "Ports & harbours",
        ("Docks", "Piers"),
    )
    assert file.body.text == "READ: this"
    assert file.topic.curated


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("---\nlabel: a\n---\n", [("AR110", 2, 1), ("AR112", 2, 1)]),
        ("---\nname: '—'\n---\n", [("AR117", 2, 1)]),
        ("---\nname: a\n---\n<form>", [("AR204", 4, 1)]),
        ("---\nname: a\n---\n&#1;", [("AR004", 4, 1)]),
        (b"\xff", [("AR003", 1, 1)]),
    ],
)
def test_what_is_wrong_with_a_topic_is_reported(text: str | bytes, where: list[tuple[str, int, int]]) -> None:
    path = "topics/—.md" if b"\xe2" in (text if isinstance(text, bytes) else text.encode()) else "topics/a.md"
    assert places(read_as_topic(text, path=path).findings) == where


def is_sound(finding: Diagnostic, lines: int) -> bool:
    return finding.code in CODES and 0 <= finding.line <= lines and finding.column >= 0 and "\n" not in finding.message


def lines_of(data: bytes) -> int:
    return data.replace(b"\r\n", b"\n").replace(b"\r", b"\n").count(b"\n") + 1


@given(st.binary(max_size=300))
def test_no_bytes_make_the_reader_raise(data: bytes) -> None:
    file = read(data)
    assert all(is_sound(finding, lines_of(data)) for finding in file.findings)
    assert (file.story is None) == any(finding.is_error for finding in file.findings)


PIECES = ["title: a", "date: 2026-01-31", "---", "\n", "\n\n", "\r\n", "\r", " ", "    ", "READ: x", "- a", "> ", "[", "](", ")", "![a](b)", "<b>", "</b>",
    "<div>", "</div>", "<p>", "<!--", "-->", "`", "```", "*", "_", "#", "|", "|-|-|", "[^1]", "[^1]: a", "*[a]: b", "[a]: http://b", "{: .c #d }", "&#1;",
    "&amp;", "\u2028", "\x85", "\xa0", "\t", "日本", "\u0301", "tags: [a]", "summary: |", "sources:", "  - name: a", "  url: b", "? ", ": ", "'", '"', "\\"]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=25).map("".join), st.booleans())
def test_no_text_makes_the_reader_raise_and_places_lie_within_the_file(text: str, fenced: bool) -> None:
    text = story(body=text) if fenced else text
    file = read(text, time_limit=5.0)
    assert all(is_sound(finding, lines_of(text.encode())) for finding in file.findings)
    lines = lines_of(text.encode())
    assert all(1 <= link.line <= lines and link.column >= 1 for link in file.body.crosslinks)


@given(st.text(max_size=80))
def test_no_topic_or_page_makes_the_reader_raise(text: str) -> None:
    data = text.encode("utf-8", "surrogatepass")
    topic = read_as_topic(data)
    page = read(data, kind="page")
    assert all(is_sound(finding, lines_of(data)) for finding in (*topic.findings, *page.findings))


def test_an_engine_is_not_shared_by_what_it_reads() -> None:
    """Footnotes, references and abbreviations of one story must not reach the next."""
    engine = BodyEngine({"extensions": ["markdown.extensions.extra"]})
    first = "[a]: http://b.example\n*[HTML]: x\n\n[a] HTML one[^1]\n\n[^1]: note"
    second = "[a] HTML one[^1]"
    engine.render(first, labels=())
    assert engine.render(second, labels=()).body.text == "[a] HTML one[^1]"


@pytest.mark.parametrize(
    "body", ["A\n{: hidden }", "{% image 'a' %}\n", "# Head {: x}\n\n| a |\n|---|\n| b |\n{: y=}\n"]
)
def test_an_attribute_without_a_value_is_no_mistake(body: str) -> None:
    file = read(story(body=body))
    assert [finding.code for finding in file.findings if finding.is_error] == []
    assert file.story is not None
