"""Where in its file does a field stand that a finding is about?"""

import pytest

from alsoread.diagnostics import CODES, Diagnostic
from alsoread.news.places import _FIELDS, fields_in, placed, places_of

FIELDS = {"title": (2, 1), "slug": (3, 1), "aliases": (4, 3), "parent": (5, 1), "tags": (6, 1)}
PLACES = {"a.md": places_of(FIELDS)}


def test_the_places_of_fields_are_read_as_they_were_told() -> None:
    assert fields_in(places_of(FIELDS)) == FIELDS
    assert fields_in(places_of({"two words": (1, 2), "": (3, 4)})) == {"two words": (1, 2), "": (3, 4)}
    assert fields_in(places_of({})) == {}
    assert fields_in(places_of({"a\n1 1 title": (1, 2), "slug": (3, 4)})) == {"slug": (3, 4)}


def at(code: str, path: str = "a.md", line: int = 0, column: int = 0) -> tuple[int, int]:
    (finding,) = placed([Diagnostic(path, line, column, code, "x")], PLACES)
    return finding.line, finding.column


@pytest.mark.parametrize(
    ("code", "place"),
    [("AR301", (4, 3)), ("AR303", (6, 1)), ("AR304", (5, 1)), ("AR501", (3, 1)), ("AR503", (4, 3)), ("AR305", (0, 0))],
)
def test_a_finding_between_files_stands_at_the_field_it_is_about(code: str, place: tuple[int, int]) -> None:
    assert at(code) == place


def test_a_finding_that_has_a_place_keeps_it() -> None:
    assert at("AR501", line=9, column=4) == (9, 4)


def test_a_finding_about_another_file_or_another_matter_is_left_alone() -> None:
    assert at("AR501", "b.md") == (0, 0)
    assert at("AR101") == (0, 0)


def test_the_first_field_that_the_file_has_counts() -> None:
    (finding,) = placed([Diagnostic("b.md", 0, 0, "AR501", "x")], {"b.md": places_of({"title": (2, 1)})})
    assert finding.line == 2


def test_the_findings_keep_their_order_and_their_words() -> None:
    findings = [Diagnostic("a.md", 0, 0, code, code, "hint") for code in ("AR502", "AR301", "AR101")]
    assert [(each.code, each.message, each.hint) for each in placed(findings, PLACES)] == [
        (code, code, "hint") for code in ("AR502", "AR301", "AR101")
    ]


def test_every_code_of_the_table_exists() -> None:
    assert set(_FIELDS) <= set(CODES)
