"""Which findings did somebody decide not to hear of?

A comment in the front matter, ``# alsoread: ignore=AR701 we are the source``, speaks for its file, and the setting
``ALSOREAD_IGNORE`` for every file whose path a pattern fits. An error cannot be ignored: what it is about is not
published whatever anybody decides.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Final

from alsoread.diagnostics import CODES, Diagnostic, Severity
from alsoread.settings_file import SettingPlaces

__all__ = ["Ignore", "about_ignores", "ignores_in", "without_ignored"]

_COMMENT: Final = re.compile(r"#[ \t]*alsoread:[ \t]*ignore[ \t]*=[ \t]*([^\s#]*)[ \t]*([^\n]*)")
_COMMA: Final = re.compile(r"[^\s,]+")
# told by a build, or by `check --since`, and not by every check: that nothing is found proves nothing
_ELSEWHERE: Final = frozenset({"AR503", "AR505"})


@dataclass(frozen=True, slots=True)
class Ignore:
    """A code that a file does not want to hear of, why, and where it says so."""

    code: str
    reason: str
    line: int
    column: int


def ignores_in(front: str, line: int) -> tuple[Ignore, ...]:
    """The codes that comments in front matter name; ``line`` is that of its first line."""
    if "alsoread:" not in front:
        return ()
    found = []
    for number, text in enumerate(front.split("\n"), line):
        match = _COMMENT.search(text)
        if match:
            found += [
                Ignore(code[0], match[2].strip(), number, match.start(1) + code.start() + 1)
                for code in _COMMA.finditer(match[1])
            ]
    return tuple(found)


def without_ignored(
    findings: Iterable[Diagnostic],
    ignores: Mapping[str, tuple[Ignore, ...]],
    patterns: Mapping[str, tuple[str, ...]],
) -> tuple[list[Diagnostic], set[tuple[str, str]]]:
    """The findings that are left, and who left others out: (path or pattern, code)."""
    left: list[Diagnostic] = []
    used: set[tuple[str, str]] = set()
    for finding in findings:
        by = {
            (finding.path, ignore.code)
            for ignore in ignores.get(finding.path, ())
            if ignore.code == finding.code and ignore.reason
        }
        by |= {
            (pattern, finding.code)
            for pattern, codes in patterns.items()
            if finding.code in codes and fnmatchcase(finding.path, pattern)
        }
        if by and not finding.is_error:
            used |= by
        else:
            left.append(finding)
    return left, used


def about_ignores(
    ignores: Mapping[str, tuple[Ignore, ...]],
    patterns: Mapping[str, tuple[str, ...]],
    used: set[tuple[str, str]],
    places: SettingPlaces,
) -> list[Diagnostic]:
    """What is wrong with the decisions themselves; ``places`` are those of the settings."""
    findings = [
        finding
        for path, of_file in ignores.items()
        for ignore in of_file
        for finding in _about(path, ignore, is_used=(path, ignore.code) in used)
    ]
    for pattern, codes in patterns.items():
        for code in codes:
            refused = _refused(code)
            place = places.at("ALSOREAD_IGNORE", pattern, code)
            if refused:
                findings.append(Diagnostic(*place, "AR802", f"ALSOREAD_IGNORE: {refused[0]}", refused[1]))
            elif (pattern, code) not in used and code not in _ELSEWHERE:
                message = f"ALSOREAD_IGNORE leaves {code} out for {pattern!r}, where nothing is wrong"
                findings.append(Diagnostic(*place, "AR801", message, f"remove {code} from {pattern!r}"))
    return findings


def _about(path: str, ignore: Ignore, *, is_used: bool) -> Iterable[Diagnostic]:
    refused = _refused(ignore.code)
    where = (path, ignore.line, ignore.column)
    if refused:
        yield Diagnostic(*where, "AR802", *refused)
    elif not ignore.reason:
        hint = f"# alsoread: ignore={ignore.code} the reason in a few words"
        yield Diagnostic(*where, "AR802", f"{ignore.code} is ignored without a reason, and so it is not", hint)
    elif not is_used and ignore.code not in _ELSEWHERE:
        message = f"{ignore.code} is ignored here, where nothing is wrong any more"
        yield Diagnostic(*where, "AR801", message, f"remove {ignore.code} from the comment")


def _refused(code: str) -> tuple[str, str] | None:
    """Why a code cannot be ignored, and what to do; None where it can."""
    known = CODES.get(code)
    if known is None:
        return f"'{code}' is no code", "write a code as it is reported, such as AR701"
    if known.severity is Severity.ERROR:
        return f"{code} is an error, which cannot be ignored", f"mend what it is about: alsoread explain {code}"
    return None
