"""Does an address tell others who followed it, and from where?"""

from collections.abc import Iterator
from typing import Final

from alsoread.desk.check.addresses import named_at, named_in, with_address
from alsoread.desk.check.repair import Repair
from alsoread.desk.check.saying import shown
from alsoread.desk.check.subject import Subject
from alsoread.desk.check.tracking import tracking_in, without_tracking
from alsoread.diagnostics import Diagnostic

__all__ = ["CODE", "check", "fix"]

CODE: Final = "AR703"


def check(subject: Subject) -> Iterator[Diagnostic]:
    """Addresses of sources and of links that lead out of the site, with parameters that are there to count readers."""
    for named in named_in(subject):
        found = tracking_in(named.address)
        if found:
            names = ", ".join(dict.fromkeys(found))
            message = f"the address carries what is there to count readers: {shown(names)}"
            yield subject.found(CODE, named.where, message, without_tracking(named.address))


def fix(repair: Repair) -> str | None:
    """The address without them, and all else of it as it was."""
    named = named_at(repair)
    return with_address(repair, named.address, without_tracking(named.address)) if named is not None else None
