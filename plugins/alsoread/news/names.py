"""How does a name become part of an address?"""

import hashlib
import re
import unicodedata
from functools import lru_cache
from typing import Final
from urllib.parse import unquote

from unidecode import unidecode

__all__ = ["SLUG", "SLUG_LENGTH", "bare_address", "cut_slug", "former_slug", "slugify"]

SLUG: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
SLUG_LENGTH: Final = 80

_APOSTROPHES = re.compile("['\u2019\u02bc`]")
_SIGNS = (("&", " and "), ("+", " plus "), ("#", " sharp "))


@lru_cache(maxsize=16_384)
def slugify(text: str) -> str:
    """A name of ``a-z``, ``0-9`` and ``-`` from any text, transliterated; empty where nothing can be.

    ``C++`` and ``C#`` differ, ``R&D`` reads as it is said. The result is not cut: see :func:`cut_slug`.
    """
    text = _APOSTROPHES.sub("", unicodedata.normalize("NFKC", text))
    for sign, word in _SIGNS:
        text = text.replace(sign, word)
    return "-".join(re.findall("[a-z0-9]+", unidecode(text).lower()))


def bare_address(text: str) -> str:
    """An address as it is compared: decoded, without slashes at its ends, ``index.html`` or an ending."""
    path = (unquote(text) if "%" in text else text).partition("#")[0].partition("?")[0].strip("/")
    return path.removesuffix("index.html").rstrip("/").removesuffix(".html").casefold()


def former_slug(address: str) -> str:
    """The slug that a former address of a story was made of: the last of its names."""
    return bare_address(address).rpartition("/")[2]


def cut_slug(slug: str, length: int = SLUG_LENGTH, *, apart: bool = False) -> str:
    """At most ``length`` characters of a slug, ending with a whole word where one ends in its second half.

    With ``apart`` a few characters of a digest of the whole stand at the end, so that slugs that differ only in what is
    cut off stay different.
    """
    if len(slug) <= length:
        return slug
    if apart:
        mark = hashlib.blake2b(slug.encode(), digest_size=3).hexdigest()
        return f"{cut_slug(slug, length - len(mark) - 1)}-{mark}"
    cut = slug[:length] if slug[length] == "-" else slug[:length].rpartition("-")[0]
    return cut if len(cut) > length // 2 else slug[:length].rstrip("-")
