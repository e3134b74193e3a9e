"""Which findings can be put right without asking anybody, and what do the files say then?

Every repair is made from the text that its finding is about, and only those of them are taken together that touch
different places; then everything is judged again, until nothing is left to do. So a repair that makes another one
possible, or needless, is seen, and a second run changes nothing. A repair that makes an error is not made.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import Final

from alsoread.archive import Overlay
from alsoread.desk.changes import Changes, changes_between
from alsoread.desk.check.repair import Repair
from alsoread.desk.check.rule import ArchiveRule, FileRule, Fixer
from alsoread.desk.check.rules import ARCHIVE_RULES, FILE_RULES, REPAIRS
from alsoread.desk.check.run import Verdict
from alsoread.diagnostics import Diagnostic

__all__ = ["FIXES", "mend", "mendable"]

_ROUNDS: Final = 20

Fix = Callable[[Repair], str | None]
Edit = tuple[int, int, str]

_RULES: Final[tuple[FileRule | ArchiveRule | Fixer, ...]] = (*FILE_RULES, *ARCHIVE_RULES, *REPAIRS)
FIXES: Final[Mapping[str, Fix]] = {rule.CODE: fix for rule in _RULES if (fix := getattr(rule, "fix", None))}
"""By code, what puts a finding right."""


def mend(
    verdict: Verdict,
    text_of: Callable[[str], str],
    judge: Callable[[Overlay], Verdict],
    is_wanted: Callable[[str], bool] = lambda path: True,
) -> tuple[Changes, Verdict]:
    """What the files become when all that can be put right is, and the verdict on that.

    ``text_of`` gives the text of a file below the content folder, ``judge`` a verdict with other bytes in some files.
    """
    before: dict[str, str] = {}
    after: dict[str, str] = {}
    refused: set[str] = set()
    for _ in range(_ROUNDS):
        wanted = _fixable(verdict.findings, lambda path: is_wanted(path) and path not in refused)
        edited = {}
        for path, findings in wanted.items():
            text = after[path] if path in after else before.setdefault(path, text_of(path))
            new = _with_edits(text, (_edit(text, finding, verdict) for finding in findings))
            if new != text:
                edited[path] = new
        if not edited:
            break
        then = judge(_as_bytes(after | edited))
        if _errors(then) <= _errors(verdict):
            after, verdict = after | edited, then
            continue
        for path, text in edited.items():  # one of them makes an error, here or in another file
            then = judge(_as_bytes(after | {path: text}))
            if _errors(then) <= _errors(verdict):
                after, verdict = after | {path: text}, then
            else:
                refused.add(path)
    return changes_between(before, after), verdict


def mendable(findings: Iterable[Diagnostic], verdict: Verdict, text_of: Callable[[str], str]) -> dict[Diagnostic, bool]:
    """Of the findings that there is a repair for whether ``mend`` would begin with it."""
    fixable = [finding for finding in findings if finding.code in FIXES]
    texts = {path: text_of(path) for path in {finding.path for finding in fixable}}
    return {finding: _edit(texts[finding.path], finding, verdict) is not None for finding in fixable}


def _as_bytes(texts: Mapping[str, str]) -> dict[str, bytes]:
    return {path: text.encode("utf-8", "surrogatepass") for path, text in texts.items()}


def _errors(verdict: Verdict) -> Counter[tuple[str, str]]:
    return Counter((finding.path, finding.code) for finding in verdict.findings if finding.is_error)


def _fixable(findings: Iterable[Diagnostic], is_wanted: Callable[[str], bool]) -> dict[str, list[Diagnostic]]:
    by_file: dict[str, list[Diagnostic]] = defaultdict(list)
    for finding in findings:
        if finding.code in FIXES and is_wanted(finding.path):
            by_file[finding.path].append(finding)
    return by_file


def _edit(text: str, finding: Diagnostic, verdict: Verdict) -> Edit | None:
    """The one piece of the text that a repair changes."""
    new = FIXES[finding.code](Repair(text, finding, verdict.archive))
    if new is None or new == text:
        return None
    start = _same(text, new)
    end = min(_same(text[::-1], new[::-1]), min(len(text), len(new)) - start)
    return start, len(text) - end, new[start : len(new) - end]


def _same(one: str, other: str) -> int:
    """How many characters two texts have in common at their beginning."""
    least, most = 0, min(len(one), len(other))
    while least < most:  # comparing slices is many times faster than characters one by one
        middle = (least + most + 1) // 2
        if one[least:middle] == other[least:middle]:
            least = middle
        else:
            most = middle - 1
    return least


def _with_edits(text: str, edits: Iterable[Edit | None]) -> str:
    """The text with those edits that touch no other one before them; the rest waits for the next round."""
    taken: list[Edit] = []
    for edit in sorted(edit for edit in edits if edit is not None):
        if not taken or edit[0] > taken[-1][1]:
            taken.append(edit)
    for start, end, new in reversed(taken):
        text = text[:start] + new + text[end:]
    return text
