"""Does an address name a file with other letters, large for small, than the file has?"""

from collections.abc import Iterator
from typing import Final

from alsoread.desk.check.addresses import with_address
from alsoread.desk.check.inside import inside_of, leads
from alsoread.desk.check.repair import Repair
from alsoread.desk.check.saying import shown
from alsoread.desk.check.subject import Archive
from alsoread.diagnostics import Diagnostic

__all__ = ["CODE", "check", "fix"]

CODE: Final = "AR412"


def check(archive: Archive) -> Iterator[Diagnostic]:
    """Links and pictures that are found where case does not count, and nowhere else."""
    for path, target, lead in leads(archive):
        if lead.state == "other case":
            message = f"'{shown(target.address)}' is there in another case only; most servers do not find it"
            yield Diagnostic(path, target.line, target.column, CODE, message, lead.better or " or ".join(lead.alike))


def fix(repair: Repair) -> str | None:
    """The address in the case of what is there."""
    finding = repair.finding
    inside = inside_of(repair.archive)
    for target in repair.archive.cards[finding.path].targets:
        if (target.line, target.column) == (finding.line, finding.column):
            lead = inside.lead(finding.path, target)
            if lead is not None and lead.state == "other case" and lead.better:
                return with_address(repair, target.address, lead.better)
    return None
