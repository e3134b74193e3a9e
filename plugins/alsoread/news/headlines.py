"""When are two headlines the same to a reader, however they are typed?"""

import re
import unicodedata
from functools import lru_cache
from typing import Final

from alsoread.news.characters import MARKS

__all__ = ["normalised"]

# a number keeps what joins its digits (3.5 is not 3-5), a word the signs behind it (C# is not C++), a sum its currency
_WORDS: Final = re.compile(
    rf"(?:(?<!\S)-(?=\d))?[\w{MARKS}]+(?:(?<=\d)[.,:/-](?=\d)[\w{MARKS}]+)*(?:[+#]+(?!\w))?|[%‰$\u00a2-\u00a5\u20a0-\u20cf]"
)
_DASHES: Final = re.compile("[\u2010-\u2015\u2212]")
_THOUSANDS: Final = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_APOSTROPHES: Final = re.compile(r"(?<=\w)['’`]+(?=\w)")


@lru_cache(maxsize=65_536)
def normalised(headline: str) -> str:
    """A headline with case, quotes, dashes, punctuation and spaces put aside, but for what tells numbers apart."""
    words = headline.split()
    if headline.isascii() and all(map(str.isalpha, words)):
        return " ".join(words).lower()
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", headline).casefold())
    # U+02BC is a letter to \w
    plain = _APOSTROPHES.sub("", folded.replace("ʼ", "'"))
    return " ".join(_WORDS.findall(_THOUSANDS.sub("", _DASHES.sub("-", plain))))
