"""Which parts of an address are there to count who follows it?"""

import re
from typing import Final

__all__ = ["tracking_in", "without_tracking"]

_NAMES: Final = (
    r"utm_[a-z0-9_]+|fbclid|gclid|gclsrc|dclid|gbraid|wbraid|msclkid|twclid|ttclid|yclid|igshid|igsh|mc_cid|mc_eid|"
    r"_hsenc|_hsmi|mkt_tok|vero_id|vero_conv|wickedid|oly_(?:anon|enc)_id|s_cid|ref_src|ref_url|cmpid|ncid|sr_share|"
    r"at_(?:medium|campaign(?:_type)?|custom[0-9]|link_(?:id|type|origin)|format|ptr_name|bbc_team)|ns_(?:campaign|"
    r"mchannel|source|linkname|fee)"
)
_TRACKING: Final = re.compile(rf"({_NAMES})(?:=.*)?", re.IGNORECASE | re.DOTALL)
_AND: Final = re.compile(r"(&amp;|&)")


def tracking_in(address: str) -> list[str]:
    """The names of such parameters in an address, as typed."""
    if "?" not in address and "#" not in address:
        return []
    _, _, query, _, fragment = _parts(address)
    found = (_TRACKING.fullmatch(each) for part in (query, fragment) for each in _AND.split(part))
    return [match[1] for match in found if match]


def without_tracking(address: str) -> str:
    """An address without such parameters, and all else as it was."""
    path, mark, query, sharp, fragment = _parts(address)
    query, fragment = _kept(query), _kept(fragment)
    return path + (mark + query if query else "") + (sharp + fragment if fragment else "")


def _parts(address: str) -> tuple[str, str, str, str, str]:
    rest, sharp, fragment = address.partition("#")
    return *rest.partition("?"), sharp, fragment


def _kept(query: str) -> str:
    """What is left of parameters; if none is told to go, not a character is changed."""
    parts = _AND.split(query)
    kept = ""
    for number in range(0, len(parts), 2):
        if not _TRACKING.fullmatch(parts[number]):
            kept += (parts[number - 1] if number and kept else "") + parts[number]
    return kept if any(_TRACKING.fullmatch(each) for each in parts[::2]) else query
