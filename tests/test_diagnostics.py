"""What can be wrong with a digest, and how is it said?"""

import json
import re
from pathlib import Path

import pytest

from alsoread.diagnostics import CODES, Diagnostic, Severity, as_record, as_text, count_by_severity

TESTS = Path(__file__).parent
PACKAGE = TESTS.parent / "plugins/alsoread"
CODE = re.compile(r'"(AR\d{3})"')
# the codes of these are asked for by the tests of the plugin
ELSEWHERE = {"plugin", "cli", "desk", "outputs"}

ERROR = Diagnostic("stories/a.md", 3, 7, "AR103", "the YAML cannot be read: x", 'title: "x"')
WARNING = Diagnostic("stories/a.md", 0, 0, "AR118", "the story has no tags")
NOTE = Diagnostic("stories/b.md", 9, 1, "AR404", "left out", "nothing to do")


def test_every_code_is_well_formed_and_its_slug_is_its_own() -> None:
    for name, code in CODES.items():
        assert name == code.name
        assert re.fullmatch(r"AR[0-9]{3}", name)
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", code.slug)
    assert len({code.slug for code in CODES.values()}) == len(CODES)
    assert list(CODES) == sorted(CODES)


def sources() -> dict[str, str]:
    files = (path.relative_to(PACKAGE) for path in PACKAGE.rglob("*.py"))
    return {str(path): (PACKAGE / path).read_text("utf-8") for path in files if path.name != "diagnostics.py"}


def test_every_code_is_said_somewhere_and_none_is_made_up() -> None:
    said = {code for text in sources().values() for code in CODE.findall(text)}
    assert said == set(CODES)


def test_every_code_of_the_lower_floors_is_asked_for_by_a_test() -> None:
    lower = {path: text for path, text in sources().items() if path.partition("/")[0] not in ELSEWHERE}
    said = {code for text in lower.values() for code in CODE.findall(text)}
    asked = {
        code
        for path in TESTS.rglob("test_*.py")
        if path.name != "test_diagnostics.py"
        for code in CODE.findall(path.read_text("utf-8"))
    }
    assert said - asked == set()


def test_text_begins_with_a_place_that_a_terminal_can_open() -> None:
    assert as_text(ERROR) == 'stories/a.md:3:7 AR103 the YAML cannot be read: x\n    hint: title: "x"'
    assert as_text(ERROR, prefix="content/").startswith("content/stories/a.md:3:7 AR103 ")


def test_a_finding_about_a_whole_file_opens_at_its_beginning_and_has_no_empty_hint() -> None:
    assert as_text(WARNING) == "stories/a.md:1:1 AR118 the story has no tags"


def test_json_says_all_that_text_says() -> None:
    assert json.loads(json.dumps([as_record(finding, prefix="content/") for finding in (ERROR, WARNING)])) == [
        {
            "path": "content/stories/a.md",
            "line": 3,
            "column": 7,
            "code": "AR103",
            "name": "yaml-syntax",
            "severity": "error",
            "message": "the YAML cannot be read: x",
            "hint": 'title: "x"',
        },
        {
            "path": "content/stories/a.md",
            "line": 0,
            "column": 0,
            "code": "AR118",
            "name": "no-tags",
            "severity": "warning",
            "message": "the story has no tags",
            "hint": "",
        },
    ]


def test_only_an_error_leaves_a_story_out() -> None:
    assert [finding.is_error for finding in (ERROR, WARNING, NOTE)] == [True, False, False]
    assert [finding.severity for finding in (ERROR, WARNING, NOTE)] == [Severity.ERROR, Severity.WARNING, Severity.NOTE]


def test_findings_are_counted_by_severity_and_none_is_left_unsaid() -> None:
    assert count_by_severity([ERROR, WARNING, WARNING]) == {"error": 1, "warning": 2, "note": 0}


def test_findings_are_sorted_by_file_and_place() -> None:
    later = Diagnostic("stories/a.md", 10, 1, "AR110", "x")
    assert sorted([NOTE, later, ERROR, WARNING]) == [WARNING, ERROR, later, NOTE]


def test_a_code_that_does_not_exist_is_a_bug_of_ours() -> None:
    with pytest.raises(KeyError):
        _ = Diagnostic("a.md", 1, 1, "AR000", "x").severity


def test_a_finding_is_told_on_one_line_that_no_terminal_and_no_forge_obeys() -> None:
    hostile = Diagnostic("::error file=x::a\r.md", 1, 1, "AR303", "m\n::error::m\x1b[31m\u2028", "h\n::error::h\r::x")
    text = as_text(hostile)
    assert text.split("\n") == [
        "./::error file=x::a\ufffd.md:1:1 AR303 m\ufffd::error::m\ufffd[31m\ufffd",
        "    hint: h\ufffd::error::h\ufffd::x",
    ]
    ours = Diagnostic("a.md", 1, 1, "AR101", "m", "begin with\n---\ntitle: a")
    assert as_text(ours).endswith("    hint: begin with\n---\ntitle: a")
