"""Can the machines that read a verdict read ours?

Ruff writes the same forms, and forges take them from it: what it always says, ours must say too, as the same kind of
value.
"""

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from alsoread.cli import check_
from alsoread.desk.reports import FORMS
from alsoread.diagnostics import CODES, Diagnostic

BAD = [
    Diagnostic("content/a, b: 100%.md", 2, 8, "AR401", "no story is called 'x<y>&z'", "READ: one\nor two"),
    Diagnostic("content/é.md", 2, 5, "AR112", "a \x01 control, and \ud800"),
    Diagnostic("content/é.md", 0, 0, "AR303", "a note"),
    Diagnostic("content/é.md", 2, 5, "AR112", "a \x01 control, and \ud800"),
]
TEXTS = {"content/é.md": "\ufeffeins\r\n日本é x\r\n", "content/a, b: 100%.md": "one\nzwölf mal\n"}


def report(form: str, findings: list[Diagnostic] | None = None) -> str:
    return FORMS[form](BAD if findings is None else findings, lambda path: TEXTS[path])


def shape(value: Any) -> Any:
    """Keys and kinds of values, without the values."""
    if isinstance(value, dict):
        return {key: shape(each) for key, each in value.items()}
    if isinstance(value, list):
        return [shape(each) for each in value[:1]]
    return type(value).__name__


def lacking(model: Any, ours: Any, where: str = "") -> list[str]:
    """What a model has and ours has not, or has as something else."""
    if isinstance(model, dict) and isinstance(ours, dict):
        absent = [f"{where}.{key}" for key in model if key not in ours]
        return absent + [
            each for key in model if key in ours for each in lacking(model[key], ours[key], f"{where}.{key}")
        ]
    if isinstance(model, list) and isinstance(ours, list):
        return lacking(model[0], ours[0], f"{where}[]") if model and ours else []
    return [] if model == ours else [where]


def ruffs(form: str, tmp_path: Path) -> str:
    (tmp_path / "x.py").write_text("import os\nimport sys\n", "utf-8")
    command = [sys.executable, "-m", "ruff", "check", "--isolated", "--no-cache", "--output-format", form, "x.py"]
    return subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=60).stdout


@pytest.mark.parametrize(
    ("form", "other"),
    [
        # what only Ruff can say: where a finding ends, what to put there, where its rule is on the web
        ("gitlab", {"[].location.positions"}),
        ("rdjson", {".diagnostics[].suggestions", ".diagnostics[].code.url", ".diagnostics[].location.range.end"}),
        (
            "sarif",
            {
                ".runs[].results[].fixes",
                ".runs[].results[].locations[].physicalLocation.region.endLine",
                ".runs[].results[].locations[].physicalLocation.region.endColumn",
                ".runs[].tool.driver.informationUri",
                ".runs[].tool.driver.rules[].helpUri",
                ".runs[].tool.driver.rules[].fullDescription",
                ".runs[].tool.driver.rules[].defaultConfiguration.enabled",
                ".runs[].tool.driver.rules[].properties",
            },
        ),
    ],
)
def test_json_has_what_ruffs_has(form: str, other: set[str], tmp_path: Path) -> None:
    model, ours = shape(json.loads(ruffs(form, tmp_path))), shape(json.loads(report(form)))
    missing = {each for each in lacking(model, ours) if not any(each.startswith(known) for known in other)}
    assert missing - {".source.url"} == set()


def test_github_commands_keep_everything_on_one_line() -> None:
    lines = report("github").splitlines()
    assert len(lines) == len(BAD)
    assert lines[0] == (
        "::warning file=content/a%2C b%3A 100%25.md,line=2,col=8,title=AR401 cross-link-unresolved"
        "::no story is called 'x<y>&z'%0Ahint: READ: one%0Aor two"
    )
    assert [line.split(" ")[0] for line in lines] == ["::warning", "::error", "::notice", "::error"]


def test_sarif_refers_to_its_rules() -> None:
    run = json.loads(report("sarif"))["runs"][0]
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == ["AR112", "AR303", "AR401"]
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
    first = run["results"][0]["locations"][0]["physicalLocation"]
    assert first == {
        "artifactLocation": {"uri": "content/a%2C%20b%3A%20100%25.md"},
        "region": {"startLine": 2, "startColumn": 8},
    }
    assert {result["level"] for result in run["results"]} == {"warning", "error", "note"}


def test_gitlabs_fingerprints_are_all_different_and_stay_when_lines_move() -> None:
    marks = [record["fingerprint"] for record in json.loads(report("gitlab"))]
    assert len(set(marks)) == len(BAD)
    moved = [Diagnostic(each.path, each.line + 3, 1, each.code, each.message, each.hint) for each in BAD]
    assert [record["fingerprint"] for record in json.loads(report("gitlab", moved))] == marks


def test_reviewdogs_columns_count_bytes() -> None:
    found = json.loads(report("rdjson"))
    starts = [each["location"]["range"]["start"] for each in found["diagnostics"]]
    # behind "zwölf m" stand 8 bytes, behind "日本é " 9
    assert starts[:3] == [{"line": 2, "column": 9}, {"line": 2, "column": 10}, {"line": 1, "column": 1}]
    assert found["severity"] == "ERROR"
    assert json.loads(report("rdjson", []))["severity"] == "INFO"


def test_junit_counts_what_failed() -> None:
    root = ET.fromstring(report("junit"))
    suites = {suite.get("name"): suite for suite in root}
    assert set(suites) == {each.path for each in BAD}
    suite = suites["content/é.md"]
    assert (suite.get("tests"), suite.get("failures")) == ("3", "2")
    assert Counter(child.tag for case in suite for child in case) == {"failure": 2, "system-out": 1}
    nothing = ET.fromstring(report("junit", []))
    assert [case.tag for case in nothing.iter("testcase")] == ["testcase"]
    assert not list(nothing.iter("failure"))


def test_checkstyle_has_a_file_for_each_and_an_error_for_each_finding() -> None:
    root = ET.fromstring(report("checkstyle"))
    assert [(file.get("name"), len(file)) for file in root] == [("content/a, b: 100%.md", 1), ("content/é.md", 3)]
    first = root[0][0]
    assert (first.get("line"), first.get("column"), first.get("severity")) == ("2", "8", "warning")
    assert first.get("source") == "alsoread.AR401"
    assert first.get("message") == "no story is called 'x<y>&z'\nhint: READ: one\nor two"


@pytest.mark.parametrize("form", FORMS)
def test_every_form_takes_every_code_and_no_finding(form: str) -> None:
    everything = [Diagnostic("a.md", 1, 1, code, "m") for code in CODES]
    told = FORMS[form](everything, lambda path: "")
    assert all(code in told for code in CODES)
    empty = report(form, [])
    assert "AR" not in empty
    assert empty.endswith("\n") or (form == "github" and empty == "")


def test_the_command_offers_each_form() -> None:
    assert ("text", *FORMS) == check_.FORMS
