"""By which short text are bytes, texts and groups of reads known, and what is done where a value has none?"""

import hashlib
import json
from collections.abc import Callable
from typing import Any, Final

__all__ = ["Untold", "digest", "digesting", "named_group", "told_text"]

# longer texts are told by their digests
_SHORT: Final = 96
_ENCODER: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


class Untold(Exception):
    """A value that cannot be told, so that what saw it has to be made each time."""


def digest(*parts: str | bytes) -> str:
    """BLAKE2b of the parts, 96 bits in hexadecimal; where one part ends and the next begins makes a difference."""
    hashed = hashlib.blake2b(digest_size=12)
    for part in parts:
        data = part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part
        hashed.update(len(data).to_bytes(8, "big"))
        hashed.update(data)
    return hashed.hexdigest()


def digesting(*parts: str | bytes) -> Callable[[bytes], str]:
    """What gives :func:`digest` of these parts and one more: what many have in common is taken in once."""
    begun = hashlib.blake2b(digest_size=12)
    for part in parts:
        data = part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part
        begun.update(len(data).to_bytes(8, "big") + data)

    def with_one_more(data: bytes) -> str:
        hashed = begun.copy()
        hashed.update(len(data).to_bytes(8, "big"))
        hashed.update(data)
        return hashed.hexdigest()

    return with_one_more


def told_text(text: str, *, is_html: bool) -> str:
    """A text in one line, and whether it is HTML, which needs no escaping."""
    mark = "m:" if is_html else "s:"
    return f"{mark}{text}" if len(text) <= _SHORT else f"{mark}#{digest(text)}"


def named_group(group: Any) -> tuple[str, str]:
    """The name of a group of reads, and its text."""
    text = _ENCODER.encode(group)
    return digest(text), text
