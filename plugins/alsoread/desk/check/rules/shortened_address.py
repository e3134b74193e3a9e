"""Does an address hide where it leads?"""

from collections.abc import Iterator
from typing import Final
from urllib.parse import urlsplit

from alsoread.desk.check.addresses import named_in
from alsoread.desk.check.saying import shown
from alsoread.desk.check.subject import Subject
from alsoread.diagnostics import Diagnostic

__all__ = ["CODE", "check"]

CODE: Final = "AR704"
_SHORTENERS: Final = frozenset(
    "adf.ly bit.do bit.ly bitly.com buff.ly cutt.ly dlvr.it fb.me ff.im goo.gl ht.ly ift.tt is.gd j.mp lnkd.in ow.ly "
    "po.st rb.gy rebrand.ly shar.es shorturl.at snip.ly soo.gd su.pr t.co t.ly tcrn.ch tiny.cc tinyurl.com tr.im "
    "trib.al v.gd wp.me".split()
)


def check(subject: Subject) -> Iterator[Diagnostic]:
    """Addresses of sources and links at services that make addresses short."""
    for named in named_in(subject):
        if _is_shortened(named.address):
            message = f"'{shown(named.address)}' hides where it leads, and lasts as long as the service that made it"
            yield subject.found(CODE, named.where, message, "follow it once, and put the address that it leads to")


def _is_shortened(address: str) -> bool:
    """Whether it is one of such a service, and not the service's own page."""
    try:
        parts = urlsplit(address)
        host = (parts.hostname or "").removeprefix("www.")
    except ValueError:
        return False
    return host in _SHORTENERS and len(parts.path) > 1
