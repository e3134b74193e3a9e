"""Does the scan find what stands in a text of Markdown, where it stands, and nothing that is not there?"""

import pytest

import pace
from alsoread.desk.check.markdown import scan


def links(text: str) -> list[tuple[str, str]]:
    """Each address, with its kind; the place is held to the text on the way."""
    found = scan(text).references
    assert all(text.startswith(each.target, each.at) for each in found)
    return [(each.kind, each.target) for each in found]


def headings(text: str) -> list[tuple[int, str, int]]:
    return [(each.level, each.words, each.at) for each in scan(text).headings]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[a](b.md)", [("link", "b.md")]),
        ("a ![b](c.png) d", [("picture", "c.png")]),
        ("[![a](b.png)](c.md)", [("link", "c.md"), ("picture", "b.png")]),
        ("[a]( <b c.md> )", [("link", "b c.md")]),
        ("[a](b_(c).md 'd \"e\"')", [("link", "b_(c).md")]),
        ("[a [b] c](d.md)", [("link", "d.md")]),
        (r"[a \] b](c.md)", [("link", "c.md")]),
        (r"[a](https://a.example/b\_c)", [("link", r"https://a.example/b\_c")]),
        ("[a](\nb.md)", [("link", "b.md")]),
        ("see [a][b]\n\n[b]: c.md", [("link", "c.md")]),
        ("![a][b]\n\n[B]: c.png", [("picture", "c.png")]),
        ("a[^1]\n\n[^1]: https://a.example/", []),
        ("[b]: c.md 'd'", [("link", "c.md")]),
        ('[b]: <c.md>  \n  (d)\n[e]:\n  f.md "g"', [("link", "c.md"), ("link", "f.md")]),
        ("[b]: c.md\n'd' e", [("link", "c.md")]),
        ("<https://a.example/>", [("link", "https://a.example/")]),
        ("a <a title='x>y' href='b.md'>c</a>", [("link", "b.md")]),
        ("a <img src=b.png>", [("picture", "b.png")]),
        ("- a\n\n    [b](c.md)", [("link", "c.md")]),
        ("a\n    [b](c.md)", [("link", "c.md")]),
        ("a\n\n```\nb\n\n[c](d.md)", [("link", "d.md")]),
        ("a ` b\n\n[c](d.md) `", [("link", "d.md")]),
        ("a <!-- [c](d.md)", [("link", "d.md")]),
        ("<div>\n\n</div>\n\n[a](b.md)", [("link", "b.md")]),
        ('<div markdown="1">\n\n[a](b.md)\n\n</div>', [("link", "b.md")]),
    ],
)
def test_links_and_pictures(text: str, expected: list[tuple[str, str]]) -> None:
    assert links(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "`[a](b.md)`",
        "``a ` [a](b.md)``",
        "```\n[a](b.md)\n```",
        "~~~ python\n```\n[a](b.md)\n~~~",
        "a\n\n    [a](b.md)\n\n    [a](b.md)",
        "- a\n\n        [a](b.md)",
        "- a\n\nb\n\n    [a](b.md)",
        "<!-- [a](b.md) -->",
        "<!-- a ` b -->` [a](b.md) `",
        r"\[a](b.md)",
        "[a]\n(b.md)",
        "<div>\n\n[a](b.md)\n\n</div>",
        "[Redaktion]: Ja/Nein-Fragen sind das.",
        "[a]: b.md 'c' d",
    ],
)
def test_what_is_no_link(text: str) -> None:
    assert links(text) == []


def test_a_picture_of_html_says_whether_it_has_an_alternative_text() -> None:
    found = scan('<img src="a.png"> <img src="b.png" alt=""> <img alt="c" src="d.png">').references
    assert [each.words for each in found] == [None, "", "c"]


def test_a_title_stands_behind_the_address() -> None:
    assert [each.title for each in scan("![](a.png \"b\") [c](d.md 'e') [f](g.md)").references] == ["b", "e", ""]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("# a\n\n## b ##\n\n### c #d", [(1, "a", 0), (2, "b", 5), (3, "c #d", 14)]),
        ("#a", [(1, "a", 0)]),
        ("a\n=\n\nb\n---\n\nc", [(1, "a", 0), (2, "b", 5)]),
        ("a\n# b", [(1, "b", 2)]),
    ],
)
def test_headings(text: str, expected: list[tuple[int, str, int]]) -> None:
    assert headings(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        " # a",
        "####### a",
        "a\nb\n---",
        "---",
        "```\n# a\n```",
        "a\n\n    # b",
        "a | b\n--- | ---",
        "<pre>\n# a\n</pre>",
    ],
)
def test_what_is_no_heading(text: str) -> None:
    assert [each for each in headings(text) if each[0] < 6] == []


def test_blocks_are_paragraphs_and_lists_and_no_tables() -> None:
    text = "# a\n\nb\nc\n\n| d | e |\n|---|---|\n| f | g |\n\n- h\n- i"
    assert [(each.text, each.at) for each in scan(text).blocks] == [("b\nc", 5), ("- h\n- i", 41)]


def test_prose_has_neither_addresses_nor_tags_and_every_character_in_its_place() -> None:
    text = "a [b](c.md 'd') <i>e</i> <https://f.example/> ![g](h.png) `i`\n\n[j]: k.md"
    prose = scan(text).prose
    assert len(prose) == len(text)
    assert prose.split() == ["a", "[b]", "e", "![g]"]
    assert all(after in (" ", before) for before, after in zip(text, prose, strict=True))


HOSTILE = [
    *(
        sign * (500_000 // len(sign))
        for sign in (
            "<!-- ",
            "[a](b",
            '[](a "',
            '<a "',
            "`a ``",
            "~~~~\n",
            "````a\n```\n",
            "<div>\n",
            "|-",
            "[",
            "\\`",
            "\n ",
        )
    ),
    "[a]:" + " " * 500_000 + "<",
    "[a]: " + "b" * 500_000 + " c",
    "[a]: b" + " " * 500_000 + "c",
    "[a]: b '" * 60_000,
    "[a]: b\n" * 60_000 + "c",
    "[](" + " " * 500_000 + "<",
    "# " + "#" * 500_000 + "x",
    "\n".join("~" * length for length in range(1000, 2, -1)),
]


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: repr(text[:12]))
def test_the_time_grows_with_the_length_only(text: str) -> None:
    pace.within(3, lambda: scan(text))
