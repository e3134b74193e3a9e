"""What did the author write between the fences, and where?"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alsoread.diagnostics import CODES, Diagnostic
from alsoread.news.frontmatter import MAX_NODES, FrontMatter, Mapping, Scalar, Sequence, read_front_matter
from reading import places


def fields(text: str) -> FrontMatter:
    front, findings = read_front_matter(text, "a.md")
    assert findings == ()
    assert front is not None
    return front


def refused(text: str) -> Diagnostic:
    """The one finding about front matter that cannot be read."""
    front, findings = read_front_matter(text, "a.md")
    assert front is None
    (finding,) = findings
    assert finding.is_error
    return finding


def fenced(front: str) -> str:
    return f"---\n{front}\n---\nbody\n"


def values(front: FrontMatter) -> dict[str, object]:
    return {key.text: node.text if isinstance(node, Scalar) else node for key, node in front.fields.entries}


REFUSED = [
    # text, code, line, column, a word of the hint
    ("", "AR101", 1, 1, "---"),
    ("A paragraph, and no front matter.\n", "AR101", 1, 1, "title: The headline"),
    ("\n\n  \nA paragraph.\n", "AR101", 4, 1, "---"),
    ("# A heading\n\ntext", "AR101", 1, 1, "---"),
    ("+++\ntitle = 'a'\n+++\n", "AR101", 1, 1, '---\ntitle: "a"\n---'),
    (
        "+++\ndate = 2026-01-31\n[p]\na = ['x\\n']\n+++\nb",
        "AR101",
        1,
        1,
        '---\ndate: 2026-01-31\np: {"a": ["x\\\\n"]}\n---',
    ),
    ("+++\ntitle = 'a\n+++\n", "AR101", 1, 1, "title: The headline"),
    ("+++\n'::error::a' = 'a'\n+++\n", "AR101", 1, 1, "title: The headline"),
    (f"+++\ntitle = '{'a' * 9_000}'\n+++\n", "AR101", 1, 1, "title: The headline"),
    ('{"title": "a"}\n', "AR101", 1, 1, '---\ntitle: "a"\n---'),
    ('{"title": "a\\n::error::"}\n\nText', "AR101", 1, 1, '---\ntitle: "a\\n::error::"\n---'),
    ("{" * 5_000, "AR101", 1, 1, "title: The headline"),
    ("{}\n", "AR101", 1, 1, "title: The headline"),
    ("---\ntitle: a\n\nbody\n", "AR102", 1, 1, "---"),
    ("\n\n---\ntitle: a\n -----\n", "AR102", 3, 1, "---"),
    ("---\n--- title: a\n", "AR102", 1, 1, "---"),
    (fenced("title: a\nnote: b: c"), "AR103", 3, 8, 'note: "b: c"'),
    (fenced("title: @home"), "AR103", 2, 8, 'title: "@home"'),
    (fenced("title: 50% off\nnote: %x"), "AR103", 3, 7, 'note: "%x"'),
    (fenced("title: **Bold** words"), "AR103", 2, 9, 'title: "**Bold** words"'),
    (fenced("title: `code`"), "AR103", 2, 8, 'title: "`code`"'),
    (fenced("title: [One] and two"), "AR103", 2, 14, 'title: "[One] and two"'),
    (fenced('title: "a" and b'), "AR103", 2, 12, 'title: "a\\" and b"'),
    (fenced('title: "so-called "news" of it"'), "AR103", 2, 20, 'title: "so-called \\"news\\" of it"'),
    (fenced("title: 'it's'"), "AR103", 2, 12, 'title: "it\'s"'),
    (fenced('title: "a\ndate: 2026-01-31'), "AR103", 2, 8, 'title: "a"'),
    (fenced("title: a\ntags: [a, b\nslug: c"), "AR103", 3, 7, "tags: [a, b]"),
    (fenced("title: a\nimage: {src: b\nslug: c"), "AR103", 3, 8, "image: {src: b}"),
    (fenced("title: a\n\tslug: b"), "AR103", 3, 1, ""),
    (fenced("title: a\n slug: b"), "AR103", 3, 6, ""),
    (fenced("sources:\n  - name: One: two"), "AR103", 3, 14, '- name: "One: two"'),
    (fenced("title: a\n...\nslug: b"), "AR103", 4, 1, ""),
    (fenced("- title: a"), "AR104", 2, 1, "title: The headline"),
    (fenced("just words"), "AR104", 2, 1, "title: The headline"),
    (fenced("title: a\ntitle: b"), "AR105", 3, 1, "keep one"),
    (fenced('title: a\n"title": b'), "AR105", 3, 1, "keep one"),
    (fenced("image: {src: a, src: b}"), "AR105", 2, 17, "keep one"),
    ("Title: a\ndate: 2026-01-31\nTITLE: b\n\nbody", "AR105", 3, 1, "keep one"),
    (fenced("a: [[[[[[b]]]]]]"), "AR106", 2, 9, "quotes"),
    (fenced("tags: [" + "a," * MAX_NODES + "]"), "AR106", 2, 8 + 2 * (MAX_NODES - 3), "quotes"),
    (fenced("title: " + "x" * 65_536), "AR106", 2, 1, "body"),
    (fenced("title: &a b"), "AR107", 2, 8, 'title: "&a b"'),
    (fenced("title: a\nslug: *a"), "AR107", 3, 7, 'slug: "*a"'),
    (fenced("title: !important a"), "AR107", 2, 8, 'title: "!important a"'),
    (fenced("title: !!python/object/apply:os.system [id]"), "AR107", 2, 8, 'title: "!!python'),
    (fenced("title: a\n<<: {slug: b}"), "AR107", 3, 1, "write the fields out"),
    (fenced("title: a\n? [b]\n: c"), "AR107", 3, 3, "title: ..."),
    (fenced('title: "a\\x00b"'), "AR004", 2, 8, "remove it"),
    (fenced('title: a\nsources: [{name: "\\e[31mred"}]'), "AR004", 3, 18, "remove it"),
    (fenced('title: "a\\u202Eb"'), "AR005", 2, 8, "U+200E"),
    (fenced('title: a\n"\\u2066slug": b'), "AR005", 3, 1, "U+200E"),
]


@pytest.mark.parametrize(("text", "code", "line", "column", "hint"), REFUSED)
def test_front_matter_that_cannot_be_read_is_reported_where_it_begins_to_go_wrong(
    text: str, code: str, line: int, column: int, hint: str
) -> None:
    finding = refused(text)
    assert places([finding]) == [(code, line, column)]
    assert hint in finding.hint
    assert finding.hint


PASTED = [
    text for text, code, _, _, hint in REFUSED if code in ("AR103", "AR107") and ": " in hint and "..." not in hint
]


@pytest.mark.parametrize("text", PASTED)
def test_the_hint_pasted_over_the_line_mends_the_front_matter(text: str) -> None:
    finding = refused(text)
    lines = text.split("\n")
    typed = lines[finding.line - 1]
    lines[finding.line - 1] = typed[: len(typed) - len(typed.lstrip())] + finding.hint
    assert read_front_matter("\n".join(lines), "a.md")[1] == ()


def test_the_example_for_a_file_without_front_matter_can_be_pasted() -> None:
    example = refused("A paragraph.").hint.removeprefix("begin the file with\n")
    assert [key.text for key, _ in fields(f"{example}\n\nA paragraph.").fields.entries] == ["title", "date", "tags"]


def test_a_repeated_field_names_the_line_of_the_first() -> None:
    assert "line 2" in refused(fenced("title: a\nslug: b\ntitle: c")).message


def test_values_stay_as_they_were_typed() -> None:
    typed = ["no", "1.10", "0o17", "2026-01-31", "1_000", "NULL", "12:30:45", ".inf", "0x1F", "on"]
    front = fields(fenced("\n".join(f"f{number}: {value}" for number, value in enumerate(typed))))
    assert list(values(front).values()) == typed


def test_a_value_knows_its_place_and_whether_it_stood_in_quotes() -> None:
    front = fields(fenced('title: "a"\ndate:   ~\ntags:\n  - one\n  - two\nimage: {src: x}'))
    (title, date, tags, image) = [node for _, node in front.fields.entries]
    assert title == Scalar("a", 2, 8, plain=False)
    assert date == Scalar("~", 3, 9, plain=True)
    assert tags == Sequence((Scalar("one", 5, 5), Scalar("two", 6, 5)), 5, 3)
    assert image == Mapping(((Scalar("src", 7, 9), Scalar("x", 7, 14)),), 7, 8)


@pytest.mark.parametrize("sign", ["\x85", "\u2028", "\u2029"])
def test_line_ends_that_only_yaml_knows_do_not_shift_places(sign: str) -> None:
    front = fields(fenced(f'title: "a{sign}b"\nslug: c'))
    assert front.fields.entries[1][0] == Scalar("slug", 3, 1)
    assert values(front)["title"] == "a b"


BODIES = [
    # text, body, line
    ("---\ntitle: a\n---\nbody", "body", 4),
    ("---\ntitle: a\n---\n\n\n body\n\n", " body", 6),
    ("---\ntitle: a\n---\n\n    code\n\ntext\n", "    code\n\ntext", 5),
    ("\n \n---\ntitle: a\n---\nbody", "body", 6),
    ("---\ntitle: a\n---", "", 3),
    ("---\ntitle: a\n---\n\n\n", "", 3),
    ("----  \ntitle: a\n-----\t\nbody\n---\nmore", "body\n---\nmore", 4),
    ("---\nsummary: |\n  one\n  ---\n  two\n---\nbody", "body", 7),
    ("Title: a\nTags: b\n\nbody", "body", 4),
    ("\nTitle: a\n\n\n    code\n", "    code", 5),
    ("Title: a\nbody, begun without an empty line", "body, begun without an empty line", 2),
    ("Title: a", "", 1),
]


@pytest.mark.parametrize(("text", "body", "line"), BODIES)
def test_the_body_keeps_its_indent_and_knows_its_line(text: str, body: str, line: int) -> None:
    front = fields(text)
    assert (front.body, front.body_line) == (body, line)


def test_an_empty_fence_is_front_matter_without_fields() -> None:
    assert fields("---\n---\nbody").fields == Mapping((), 2, 1)


def test_headers_as_pelican_reads_them_are_front_matter_too() -> None:
    front = fields("Title: One: two\nDATE: 2026-01-31\nSummary:\n    first\n    second\n\n---\nbody")
    assert values(front) == {"title": "One: two", "date": "2026-01-31", "summary": "first\nsecond"}
    assert front.fields.entries[0] == (Scalar("title", 1, 1), Scalar("One: two", 1, 8))
    assert front.body == "---\nbody"


def test_a_bomb_of_aliases_is_refused_before_it_is_built() -> None:
    bomb = "a: &a [x]\n" + "\n".join(
        f"{name}: &{name} [*{last}, *{last}]" for last, name in zip("abcdefgh", "bcdefghi", strict=True)
    )
    assert refused(fenced(bomb)).code == "AR107"


@pytest.mark.parametrize("sign", ["[", "{", "- ", "? ", "[{", "a: [", "!!seq ["])
def test_sixty_kilobytes_of_openers_are_refused(sign: str) -> None:
    assert refused(fenced(sign * (60_000 // len(sign)))).code in ("AR103", "AR106", "AR107")


@given(st.text(st.sampled_from("ab:-[]{}&*!|>'\"#%@`~?,.\\ \t\nÿ\u2028\x85日"), max_size=60))
def test_any_text_between_fences_is_read_or_refused_with_a_place_in_the_file(front: str) -> None:
    text = fenced(front)
    matter, findings = read_front_matter(text, "a.md")
    assert (matter is None) == bool(findings)
    for finding in findings:
        assert finding.code in CODES
        assert 1 <= finding.line <= text.count("\n") + 1
        assert finding.column >= 1
    if matter is not None:
        assert 1 <= matter.body_line <= text.count("\n") + 1


@pytest.mark.parametrize(
    ("lines", "line", "column", "hint"),
    [
        ("title: a\ntags [Town life]\nsummary: Hi", 3, 5, "tags: [Town life]"),
        ("title: a\nsummary: It is\na long one\nauthor: Jo", 4, 1, "  a long one"),
        ("title:No space\ndate:2026-11-10\ntags: [a]", 2, 6, "title: No space"),
        ("sources:\n  - name: Post\n   url: https://a.example", 4, 4, "    url: https://a.example"),
        ("title: a\ntags:\n\t- Town life", 4, 1, "  - Town life"),
    ],
)
def test_common_slips_are_told_where_they_are_and_the_hint_mends_them(
    lines: str, line: int, column: int, hint: str
) -> None:
    known = ("title", "date", "tags", "summary", "author", "sources")
    front, (finding,) = read_front_matter(fenced(lines), "a.md", known)
    assert front is None
    assert (finding.code, finding.line, finding.column, finding.hint) == ("AR103", line, column, hint)
    text = fenced(lines).split("\n")
    text[line - 1] = hint
    after, left = read_front_matter("\n".join(text), "a.md", known)
    assert after is not None or left[0].line > line, left
