"""Which findings can be put right without asking anybody, and what do the files say then?

Every repair is made from the text that its finding is about, and only those of them are taken together that touch
different places; then everything is judged again, until nothing is left to do. So a repair that makes another one
possible, or needless, is seen, and a second run changes nothing.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import Final

from alsoread.archive import Overlay
from alsoread.desk.changes import Changes, changes_between
from alsoread.desk.check.repair import Repair
from alsoread.desk.check.rule import ArchiveRule, FileRule, Fixer
from alsoread.desk.check.rules import ARCHIVE_RULES, FILE_RULES, REPAIRS
from alsoread.desk.check.run import Verdict
from alsoread.diagnostics import Diagnostic

__all__ = ["FIXES", "mend"]

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
    for _ in range(_ROUNDS):
        edited = False
        for path, findings in _fixable(verdict.findings, is_wanted).items():
            text = after[path] if path in after else before.setdefault(path, text_of(path))
            new = _with_edits(text, (_edit(text, finding, verdict) for finding in findings))
            edited |= new != text
            after[path] = new
        if not edited:
            break
        verdict = judge({path: text.encode("utf-8", "surrogatepass") for path, text in after.items()})
    return changes_between(before, after), verdict


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
    start = next(
        (at for at, (old, now) in enumerate(zip(text, new, strict=False)) if old != now), min(len(text), len(new))
    )
    end = 0
    while end < min(len(text), len(new)) - start and text[-1 - end] == new[-1 - end]:
        end += 1
    return start, len(text) - end, new[start : len(new) - end]


def _with_edits(text: str, edits: Iterable[Edit | None]) -> str:
    """The text with those edits that touch no other one before them; the rest waits for the next round."""
    taken: list[Edit] = []
    for edit in sorted(edit for edit in edits if edit is not None):
        if not taken or edit[0] > taken[-1][1]:
            taken.append(edit)
    for start, end, new in reversed(taken):
        text = text[:start] + new + text[end:]
    return text
