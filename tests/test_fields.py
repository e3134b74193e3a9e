"""Which type does each field of the front matter have?"""

import dataclasses
import json
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import jsonschema
import pytest

from alsoread import story as words
from alsoread.news.fields import Typed, load_schema, type_fields
from alsoread.news.frontmatter import read_front_matter
from reading import places

DELHI = ZoneInfo("Asia/Kolkata")


def typed(front: str, schema: str = "story", *, extra: tuple[str, ...] = ()) -> Typed:
    matter, findings = read_front_matter(f"---\n{front}\n---\nbody", "a.md")
    assert findings == ()
    assert matter is not None
    return type_fields(matter.fields, load_schema(schema), "a.md", zone=DELHI, extra=extra)


def reported(front: str, schema: str = "story") -> list[tuple[str, int, int]]:
    return places(typed(front, schema).findings)


GOOD = "title: A headline\ndate: 2026-01-31\n"

REFUSED = [
    # a line of front matter (the third, behind title and date), code, column, hint
    ("colour: red", "AR110", 1, 'remove it, or ask the publisher for ALSOREAD_EXTRA_FIELDS = ["colour"]'),
    ("save_as: ../../x", "AR110", 1, "remove it; the address follows from the slug, the template from the theme"),
    ("Template: x", "AR110", 1, "remove it; the address follows from the slug, the template from the theme"),
    ("statsu: draft", "AR111", 1, "status: draft"),
    ("Tags: [a, b]", "AR111", 1, "tags: [a, b]"),
    ('sumary: "a: b"', "AR111", 1, 'summary: "a: b"'),
    ("source-url: https://a.example/", "AR111", 1, "source_url: https://a.example/"),
    ("draft: true", "AR111", 1, "status: draft"),
    ("draft: false", "AR111", 1, "status: published"),
    ("published: no", "AR111", 1, "status: draft"),
    ("published: yes", "AR111", 1, "status: published"),
    ("hidden: 1", "AR111", 1, "status: hidden"),
    ("publishDate: 2030-01-01", "AR111", 1, "embargo_until: 2030-01-01"),
    ("expiryDate: 2030-01-01", "AR111", 1, "expires: 2030-01-01"),
    ("sources: [{url: https://a.example/}]", "AR112", 11, "name: The outlet"),
    ("sources: [{name: }]", "AR112", 12, "name: The outlet"),
    ("corrections: [{date: 2026-01-31, kind: update}]", "AR112", 15, 'text: "..."'),
    ("corrections: [{date: 2026-01-31, text: a}]", "AR112", 15, "kind: correction"),
    ("contributors: [{role: pictures}]", "AR112", 16, "name: A name"),
    ("image: {alt: a}", "AR112", 8, "src: images/name.jpg"),
    ("links: [{kind: update}]", "AR112", 9, "ref: a-few-words"),
    ("image: images/a.jpg", "AR113", 8, "image: {src: images/name.jpg}"),
    ("image: [images/a.jpg]", "AR113", 8, "image: {src: images/name.jpg}"),
    ("sources: The Outlet", "AR113", 10, "sources: [{name: The outlet}]"),
    ("sources: [The Outlet]", "AR113", 11, "sources: [{name: The outlet}]"),
    ("sources: {name: The Outlet}", "AR113", 10, "sources: [{name: The outlet}]"),
    ("links: [a-story]", "AR113", 9, "links: [{ref: a-few-words}]"),
    ("corrections: none", "AR113", 14, 'corrections: [{date: 2026-01-31, kind: correction, text: "..."}]'),
    ("headline_aliases: One", "AR113", 19, 'headline_aliases: ["..."]'),
    ("summary: [one, two]", "AR113", 10, 'summary: "..."'),
    ("thread: {a: b}", "AR113", 9, "thread: a-few-words"),
    ("tags: {a: b}", "AR113", 7, "tags: [A topic]"),
    ("tags: [[a]]", "AR113", 8, "tags: [A topic]"),
    ("links: [{ref: a, after_paragraph: two}]", "AR113", 35, "after_paragraph: 2"),
    ("links: [{ref: a, after_paragraph: -1}]", "AR113", 35, "after_paragraph: 2"),
    ("links: [{ref: a, after_paragraph: 1.5}]", "AR113", 35, "after_paragraph: 2"),
    ("status: Draft", "AR114", 9, "status: draft"),
    ("status: secret", "AR114", 9, "status: published"),
    ("links: [{ref: a, kind: backgruond}]", "AR114", 24, "kind: background"),
    ("sources: [{name: a, role: author}]", "AR114", 27, "role: primary"),
    ("lang: english!", "AR114", 7, "lang: en"),
    ("thread: Moon Landings", "AR114", 9, "thread: moon-landings"),
    ("id: a b", "AR114", 5, "id: a-b"),
    (f"category: {'x' * 101}", "AR114", 11, "shorten it"),
    (f"tags: [a, {'x' * 201}]", "AR114", 11, "shorten it"),
    (f"tags: [{'a,' * 101}]", "AR114", 7, "keep the ones that matter"),
    (f"tags: {'a,' * 101}", "AR114", 7, "keep the ones that matter"),
    ("modified: yesterday", "AR115", 11, "modified: 2026-01-31"),
    ("modified: 2026-02-30", "AR115", 11, "modified: 2026-02-28"),
    ("modified: 31.01.2026", "AR115", 11, "modified: 2026-01-31"),
    (
        "modified: 2026-01-31 25:00",
        "AR115",
        11,
        "modified: 2026-01-31",
    ),
    (
        "modified: 2026-01-31T00:00+99:99",
        "AR115",
        11,
        "modified: 2026-01-31",
    ),
    ("modified: 0001-01-01", "AR115", 11, "modified: 2026-01-31"),
    ("modified: 9999-12-31", "AR115", 11, "modified: 2026-01-31"),
    (
        "sources: [{name: a, published: soon}]",
        "AR115",
        32,
        "published: 2026-01-31",
    ),
    ("source_url: javascript:alert(1)", "AR119", 13, "source_url: https://www.example.org/page"),
    ("source_url: www.example.org", "AR119", 13, "source_url: https://www.example.org/page"),
    ("source_url: ftp://a.example/", "AR119", 13, "source_url: https://www.example.org/page"),
    ("source_url: https://", "AR119", 13, "source_url: https://www.example.org/page"),
    ("source_url: 'https://[bad'", "AR119", 13, "source_url: https://www.example.org/page"),
    ('source_url: "https://a.example/ b"', "AR119", 13, "source_url: https://www.example.org/page"),
    ('source_url: https://a.example/"onx=1', "AR119", 13, "source_url: https://www.example.org/page"),
    ("sources: [{name: a, url: 'data:text/html,x'}]", "AR119", 26, "url: https://www.example.org/page"),
    ("image: {src: 'javascript:alert(1)'}", "AR119", 14, "src: images/name.jpg"),
    ("image: {src: //a.example/b.jpg}", "AR119", 14, "src: images/name.jpg"),
    ("image: {src: ../../secret.jpg}", "AR119", 14, "src: images/name.jpg"),
    ("image: {src: 'a\\b.jpg'}", "AR119", 14, "src: images/name.jpg"),
    ("image: {src: 'data:image/png;base64,AA'}", "AR119", 14, "src: images/name.jpg"),
]


@pytest.mark.parametrize(("line", "code", "column", "hint"), REFUSED)
def test_a_field_that_cannot_be_used_is_reported_at_its_value_with_a_hint(
    line: str, code: str, column: int, hint: str
) -> None:
    findings = typed(GOOD + line).findings
    assert places(findings) == [(code, 4, column)]
    assert findings[0].hint == hint


@pytest.mark.parametrize(
    "hint", sorted({hint for _, _, _, hint in REFUSED if ": " in hint and not hint.startswith("remove")})
)
def test_every_hint_that_is_yaml_is_accepted_where_it_is_pasted(hint: str) -> None:
    name = hint.partition(":")[0]
    around = {
        "name": "sources: [{name: a}, {%s}]",
        "text": "corrections: [{date: 2026-01-31, kind: update, %s}]",
        "kind": "links: [{ref: a, %s}]" if "background" in hint else "corrections: [{date: 2026-01-31, text: a, %s}]",
        "src": "image: {%s}",
        "ref": "links: [{%s}]",
        "after_paragraph": "links: [{ref: a, %s}]",
        "role": "sources: [{name: a, %s}]",
        "url": "sources: [{name: a, %s}]",
        "published": "sources:\n  - name: a\n    %s",
    }.get(name, "%s")
    assert typed(GOOD + around % hint).findings == []


REQUIRED = [
    # front matter, its good part, schema, places, hints
    ("slug: a", "slug: a", "story", [("AR112", 2, 1)] * 2, ["title: The headline", "date: 2026-01-31"]),
    ("title: a\ndate:", "title: a", "story", [("AR112", 3, 1)], ["date: 2026-01-31"]),
    (
        "title: ''\ndate: ~",
        "",
        "story",
        [("AR112", 2, 1), ("AR112", 3, 1)],
        ["title: The headline", "date: 2026-01-31"],
    ),
    ("slug: a", "slug: a", "page", [("AR112", 2, 1)], ["title: The headline"]),
    ("slug: a", "slug: a", "topic", [("AR112", 2, 1)], ["name: The topic"]),
]


@pytest.mark.parametrize(("front", "good", "schema", "where", "hints"), REQUIRED)
def test_a_missing_field_is_reported_with_a_line_to_paste(
    front: str, good: str, schema: str, where: list[tuple[str, int, int]], hints: list[str]
) -> None:
    findings = typed(front, schema).findings
    assert places(findings) == where
    assert [finding.hint for finding in findings] == hints
    assert reported("\n".join([good, *hints]), schema) == []


DATES = [
    ("2026-01-31", datetime(2026, 1, 31, tzinfo=DELHI)),
    ("2026/1/5", datetime(2026, 1, 5, tzinfo=DELHI)),
    ("2026-01-31 14:30", datetime(2026, 1, 31, 14, 30, tzinfo=DELHI)),
    ("2026-01-31T14:30:15.123", datetime(2026, 1, 31, 14, 30, 15, tzinfo=DELHI)),
    ("2026-01-31T14:30:15Z", datetime(2026, 1, 31, 14, 30, 15, tzinfo=UTC)),
    ("2026-01-31 14:30 UTC", datetime(2026, 1, 31, 14, 30, tzinfo=UTC)),
    ("2026-01-31T14:30:00+05:30", datetime(2026, 1, 31, 14, 30, tzinfo=timezone(timedelta(hours=5, minutes=30)))),
    ("2026-01-31T14:30:00-0130", datetime(2026, 1, 31, 14, 30, tzinfo=timezone(-timedelta(hours=1, minutes=30)))),
]


@pytest.mark.parametrize(("text", "instant"), DATES)
def test_a_date_without_a_zone_is_in_the_zone_of_the_digest(text: str, instant: datetime) -> None:
    value = typed(f"title: a\ndate: {text}").values["date"]
    assert isinstance(value, datetime)
    assert (value, value.utcoffset()) == (instant, instant.utcoffset())


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("2026-02-30", "2026-02-28"),
        ("2024-02-30", "2024-02-29"),
        ("2026-13-01", "2026-01-13"),
        ("2026/4/31 12:00", "2026-04-30"),
        ("31.01.2026", "2026-01-31"),
        ("31/12/2025", "2025-12-31"),
        ("1 February 2026", "2026-02-01"),
        ("February 1st, 2026", "2026-02-01"),
        ("Sun, 1 Feb 2026", "2026-02-01"),
        ("10/11/2026", "2026-01-31"),
        ("2026-99-99", "2026-01-31"),
        ("0000-01-01", "2026-01-31"),
        ("soon", "2026-01-31"),
        ("9" * 5000, "2026-01-31"),
    ],
)
def test_the_hint_for_a_date_is_the_date_that_was_meant_if_it_can_be_told(text: str, meant: str) -> None:
    (finding,) = typed(f"title: a\ndate: {text}").findings
    assert finding.hint == f"date: {meant}"
    assert reported(f"title: a\ndate: {meant}") == []


def test_values_have_the_types_of_their_fields() -> None:
    values = typed(
        GOOD + "tags: One, two\nauthor: A; B, C\nsummary: ' s '\naliases: [1, no]\n"
        "sources: [{name: 007, published: 2026-01-30T23:00:00Z}]\nlinks: [{ref: a, after_paragraph: 0}]\nslug:\nexpires: ~"
    ).values
    assert values == {
        "title": "A headline",
        "date": datetime(2026, 1, 31, tzinfo=DELHI),
        "tags": ("One", "two"),
        "author": ("A", "B, C"),
        "summary": "s",
        "aliases": ("1", "no"),
        "sources": ({"name": "007", "published": date(2026, 1, 30)},),
        "links": ({"ref": "a", "after_paragraph": 0},),
    }


def test_extra_fields_are_text_and_only_those_that_are_allowed() -> None:
    allowed = typed(GOOD + "podcast: https://a.example/x, y\nrating: [4, 5]\ncolour: red", extra=("podcast", "rating"))
    assert allowed.values["podcast"] == ("https://a.example/x", "y")
    assert allowed.values["rating"] == ("4", "5")
    assert places(allowed.findings) == [("AR110", 6, 1)]


def test_an_extra_field_without_end_is_reported_and_nothing_is_raised() -> None:
    assert places(typed(f"{GOOD}rating: [{'1,' * 1001}]", extra=("rating",)).findings) == [("AR114", 4, 9)]


@pytest.mark.parametrize("name", ["status", "lang", "podcast"])
def test_a_value_without_end_is_reported_and_nothing_is_raised(name: str) -> None:
    matter, _ = read_front_matter(f"Title: a\nDate: 2026-01-31\n{name}: {'x' * 100_001}\n\nbody", "a.md")
    assert matter is not None
    found = type_fields(matter.fields, load_schema("story"), "a.md", zone=UTC, extra=("podcast",))
    assert places(found.findings) == [("AR114", 3, len(name) + 3)]


def test_several_faults_of_one_file_are_reported_together() -> None:
    assert reported("titel: a\ndate: soon\nsources: [{url: x}, {name: b, role: c}]") == [
        ("AR111", 2, 1),
        ("AR115", 3, 7),
        ("AR119", 4, 17),
        ("AR112", 4, 11),
        ("AR114", 4, 37),
        ("AR112", 2, 1),
    ]


# the schemas themselves

SCHEMAS = ["story", "topic", "page"]


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_schema_is_a_valid_json_schema(name: str) -> None:
    schema = load_schema(name)
    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["$schema"].endswith("2020-12/schema")


def names(kind: type[Any]) -> set[str]:
    return {field.name for field in dataclasses.fields(kind)}


# what a schema has and the value does not, or has under another name
SHORT = {"author", "source", "source_url"}
MADE = {"path", "extra"}


def test_the_schema_of_a_story_and_the_story_have_the_same_names() -> None:
    assert set(load_schema("story")["properties"]) - SHORT == names(words.Story) - MADE


def test_the_schema_of_a_page_has_names_of_a_story_only() -> None:
    assert set(load_schema("page")["properties"]) - SHORT < names(words.Story)


def test_the_schema_of_a_topic_and_the_topic_have_the_same_names() -> None:
    renamed = {"name" if name == "label" else name for name in names(words.Topic)}
    assert set(load_schema("topic")["properties"]) == renamed - {"path", "html", "curated"}


@pytest.mark.parametrize("kind", [words.Source, words.Link, words.Correction, words.Image, words.Contributor])
def test_the_schema_of_an_entry_and_the_entry_have_the_same_names(kind: type[Any]) -> None:
    definition = load_schema("story")["$defs"][kind.__name__.lower()]
    assert set(definition["properties"]) == names(kind)
    required = {field.name for field in dataclasses.fields(kind) if field.default is dataclasses.MISSING}
    assert set(definition["required"]) == required


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_schema_uses_only_what_the_walker_reads(name: str) -> None:
    known = {
        *("type", "enum", "pattern", "maxLength", "minimum", "maxItems", "format", "items", "properties", "required"),
        *("$ref", "$schema", "$id", "$defs", "title", "description", "additionalProperties"),
        *("x-form", "x-body", "x-web-editor"),  # for desk/editors.py
    }

    def walk(schema: dict[str, Any]) -> None:
        assert set(schema) <= known
        assert schema.get("additionalProperties", False) is False
        for below in [*schema.get("properties", {}).values(), *schema.get("$defs", {}).values()]:
            walk(below)
        if "items" in schema:
            walk(schema["items"])

    walk(dict(load_schema(name)))


STORY = {"title": "A headline", "date": "2026-01-31T14:30:00Z"}
AGREED: list[tuple[str, dict[str, Any], bool]] = [
    ("story", STORY, True),
    ("story", {**STORY, "tags": ["a", "b"]}, True),
    ("story", {**STORY, "tags": "a, b", "author": "c", "authors": ["d"]}, True),
    ("story", {**STORY, "status": "hidden", "lang": "pt-BR", "thread": "a-b", "id": "x:1"}, True),
    ("story", {**STORY, "sources": [{"name": "a", "url": "https://a.example/", "role": "wire"}]}, True),
    ("story", {**STORY, "corrections": [{"date": "2026-01-31", "kind": "update", "text": "a"}]}, True),
    ("story", {**STORY, "links": [{"ref": "a", "kind": "denies", "after_paragraph": 3, "label": "b"}]}, True),
    ("story", {**STORY, "image": {"src": "images/a.jpg", "alt": "b"}}, True),
    ("story", {**STORY, "title": "x" * 300}, True),
    ("story", {"title": "a"}, False),
    ("story", {"date": "2026-01-31T14:30:00Z"}, False),
    ("story", {**STORY, "statsu": "draft"}, False),
    ("story", {**STORY, "title": "x" * 301}, False),
    ("story", {**STORY, "title": ["a"]}, False),
    ("story", {**STORY, "tags": {"a": "b"}}, False),
    ("story", {**STORY, "tags": [["a"]]}, False),
    ("story", {**STORY, "tags": ["a"] * 101}, False),
    ("story", {**STORY, "status": "secret"}, False),
    ("story", {**STORY, "lang": "x"}, False),
    ("story", {**STORY, "thread": "Moon landings"}, False),
    ("story", {**STORY, "id": "-a"}, False),
    ("story", {**STORY, "sources": [{"url": "https://a.example/"}]}, False),
    ("story", {**STORY, "sources": ["a"]}, False),
    ("story", {**STORY, "sources": [{"name": "a", "tilte": "b"}]}, False),
    ("story", {**STORY, "corrections": [{"date": "2026-01-31", "kind": "fix", "text": "a"}]}, False),
    ("story", {**STORY, "links": [{"ref": "a", "after_paragraph": -1}]}, False),
    ("story", {**STORY, "image": "a.jpg"}, False),
    ("story", {**STORY, "headline_aliases": "a"}, False),
    ("page", {"title": "a", "author": ["b"]}, True),
    ("page", {"title": "a", "summary": "x" * 2001}, False),
    ("page", {"slug": "a"}, False),
    ("topic", {"name": "a", "aliases": ["b"], "pinned": ["c"]}, True),
    ("topic", {"name": "a", "pinned": "c"}, False),
    ("topic", {"name": "x" * 101}, False),
    ("topic", {}, False),
]


@pytest.mark.parametrize(("name", "document", "good"), AGREED)
def test_jsonschema_and_our_walker_agree(name: str, document: dict[str, Any], good: bool) -> None:
    theirs = list(jsonschema.Draft202012Validator(load_schema(name)).iter_errors(document))
    ours = [finding for finding in typed(json.dumps(document), name).findings if finding.is_error]
    assert (not theirs, not ours) == (good, good), (theirs, ours)
