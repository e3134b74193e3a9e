"""How is a verdict told to the machines that read one?

Each form is a pure function from findings to text:

- ``json``: our own, the same records as ``alsoread build --format json`` gives;
- ``github``: workflow commands, which become annotations on the changed lines of a pull request;
- ``gitlab``: a Code Quality report (an array in the form of Code Climate's);
- ``sarif``: SARIF 2.1.0 (OASIS Standard, 27 March 2020), for code scanning and editors;
- ``junit``: JUnit XML, a test case a finding, for servers that show tests;
- ``rdjson``: the Reviewdog Diagnostic Format, whose columns count bytes of UTF-8;
- ``checkstyle``: Checkstyle's XML, which nearly everything reads.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Sequence
from hashlib import blake2b
from typing import Any, Final
from urllib.parse import quote
from xml.etree import ElementTree as ET

from alsoread.diagnostics import CODES, Diagnostic, Severity, as_record, count_by_severity

__all__ = ["FORMS", "Report", "Text"]

Text = Callable[[str], str]
"""The text of a file, by its path as findings have it."""

Report = Callable[[Sequence[Diagnostic], Text], str]
"""Findings become a report; their paths are as they are seen from where the report is read."""

_LEVELS: Final = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "note"}
_GITHUB: Final = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}
_GITLAB: Final = {Severity.ERROR: "major", Severity.WARNING: "minor", Severity.NOTE: "info"}
_REVIEWDOG: Final = {Severity.ERROR: "ERROR", Severity.WARNING: "WARNING", Severity.NOTE: "INFO"}
_CHECKSTYLE: Final = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "info"}


def _json(findings: Sequence[Diagnostic], text: Text) -> str:
    records = [as_record(finding) for finding in findings]
    return _dumped({"counts": count_by_severity(findings), "findings": records})


def _github(findings: Sequence[Diagnostic], text: Text) -> str:
    """Workflow commands; a percent sign and line ends are escaped, in properties the marks between them too."""
    lines = []
    for finding in findings:
        place = {
            "file": finding.path,
            "line": finding.line or 1,
            "col": finding.column or 1,
            "title": f"{finding.code} {CODES[finding.code].slug}",
        }
        said = ",".join(f"{name}={_in_property(str(value))}" for name, value in place.items())
        lines.append(f"::{_GITHUB[finding.severity]} {said}::{_in_data(_told(finding))}\n")
    return "".join(lines)


def _in_data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _in_property(text: str) -> str:
    return _in_data(text).replace(":", "%3A").replace(",", "%2C")


def _gitlab(findings: Sequence[Diagnostic], text: Text) -> str:
    """A fingerprint stays when lines move, so that a merge request shows what is new in it."""
    seen: defaultdict[tuple[str, str, str], int] = defaultdict(int)
    records = []
    for finding in findings:
        key = (finding.path, finding.code, finding.message)
        seen[key] += 1
        records.append(
            {
                "description": _told(finding),
                "check_name": finding.code,
                "fingerprint": _fingerprint(*key, str(seen[key])),
                "severity": _GITLAB[finding.severity],
                "location": {"path": finding.path, "lines": {"begin": finding.line or 1}},
            }
        )
    return _dumped(records)


def _fingerprint(*parts: str) -> str:
    return blake2b("\0".join(parts).encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def _sarif(findings: Sequence[Diagnostic], text: Text) -> str:
    codes = sorted({finding.code for finding in findings})
    rules = [
        {
            "id": code,
            "name": _pascal(CODES[code].slug),
            "shortDescription": {"text": CODES[code].slug.replace("-", " ")},
            "help": {"text": f"alsoread explain {code}"},
            "defaultConfiguration": {"level": _LEVELS[CODES[code].severity]},
        }
        for code in codes
    ]
    results = [
        {
            "ruleId": finding.code,
            "ruleIndex": codes.index(finding.code),
            "level": _LEVELS[finding.severity],
            "message": {"text": _told(finding)},
            "locations": [
                {
                    "physicalLocation": {
                        "artifactLocation": {"uri": quote(finding.path)},
                        "region": {"startLine": finding.line or 1, "startColumn": finding.column or 1},
                    }
                }
            ],
            "partialFingerprints": {"finding/v1": _fingerprint(finding.path, finding.code, finding.message)},
        }
        for finding in findings
    ]
    from alsoread import __version__

    driver = {"name": "alsoread", "version": __version__, "rules": rules}
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    schema = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
    return _dumped({"$schema": schema, "version": "2.1.0", "runs": [run]})


def _pascal(slug: str) -> str:
    return "".join(word.capitalize() for word in slug.split("-"))


def _junit(findings: Sequence[Diagnostic], text: Text) -> str:
    """A file is a suite, a finding a case that failed; notes are cases that passed. No finding is one passed case."""
    root = ET.Element("testsuites", name="alsoread")
    by_file: dict[str, list[Diagnostic]] = _by_file(findings) or {"alsoread": []}
    for path, of_file in by_file.items():
        failed = [finding for finding in of_file if finding.severity is not Severity.NOTE]
        counts: dict[str, str] = {
            "tests": str(len(of_file) or 1),
            "failures": str(len(failed)),
            "errors": "0",
            "skipped": "0",
        }
        suite = ET.SubElement(root, "testsuite", {"name": _xml(path), **counts})
        if not of_file:
            ET.SubElement(suite, "testcase", name="check", classname="alsoread")
        for finding in of_file:
            name = f"{finding.code} {CODES[finding.code].slug} {finding.line or 1}:{finding.column or 1}"
            case = ET.SubElement(
                suite, "testcase", name=name, classname=_xml(path), file=_xml(path), line=str(finding.line or 1)
            )
            told = _xml(f"{path}:{finding.line or 1}:{finding.column or 1} {_told(finding)}")
            if finding in failed:
                failure = {"message": _xml(finding.message), "type": _LEVELS[finding.severity]}
                ET.SubElement(case, "failure", failure).text = told
            else:
                ET.SubElement(case, "system-out").text = told
    return _document(root)


def _checkstyle(findings: Sequence[Diagnostic], text: Text) -> str:
    root = ET.Element("checkstyle", version="4.3")
    for path, of_file in _by_file(findings).items():
        file = ET.SubElement(root, "file", name=_xml(path))
        for finding in of_file:
            ET.SubElement(
                file,
                "error",
                line=str(finding.line or 1),
                column=str(finding.column or 1),
                severity=_CHECKSTYLE[finding.severity],
                message=_xml(_told(finding)),
                source=f"alsoread.{finding.code}",
            )
    return _document(root)


def _rdjson(findings: Sequence[Diagnostic], text: Text) -> str:
    diagnostics = []
    for finding in findings:
        path = finding.path
        start = {"line": finding.line or 1, "column": _bytes_before(finding, text(path)) + 1}
        diagnostics.append(
            {
                "message": _told(finding),
                "location": {"path": path, "range": {"start": start}},
                "severity": _REVIEWDOG[finding.severity],
                "code": {"value": finding.code},
            }
        )
    worst = min((finding.severity for finding in findings), key=list(Severity).index, default=Severity.NOTE)
    report = {"source": {"name": "alsoread"}, "severity": _REVIEWDOG[worst], "diagnostics": diagnostics}
    return _dumped(report)


def _bytes_before(finding: Diagnostic, text: str) -> int:
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    line = lines[finding.line - 1] if 0 < finding.line <= len(lines) else ""
    return len(line[: max(finding.column - 1, 0)].encode("utf-8", "surrogatepass"))


def _by_file(findings: Sequence[Diagnostic]) -> dict[str, list[Diagnostic]]:
    by_file: dict[str, list[Diagnostic]] = defaultdict(list)
    for finding in findings:
        by_file[finding.path].append(finding)
    return dict(by_file)


def _told(finding: Diagnostic) -> str:
    return f"{finding.message}\nhint: {finding.hint}" if finding.hint else finding.message


def _xml(text: str) -> str:
    """A text without the characters that XML 1.0 cannot hold."""
    return "".join(
        char
        if char in "\t\n" or (char >= " " and not "\ud800" <= char <= "\udfff" and char not in "\ufffe\uffff")
        else "\ufffd"
        for char in text
    )


def _document(root: ET.Element) -> str:
    ET.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _dumped(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"


FORMS: Final[dict[str, Report]] = {
    "json": _json,
    "github": _github,
    "gitlab": _gitlab,
    "sarif": _sarif,
    "junit": _junit,
    "rdjson": _rdjson,
    "checkstyle": _checkstyle,
}
"""The forms by the names that ``--format`` has for them; ``text`` is the command line's own."""
