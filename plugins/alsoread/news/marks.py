"""What does an engine for bodies tell of a text besides its HTML?

Where the HTML holds what may be a cross-link: a paragraph that begins with a label, and brackets within a sentence.
The engine marks both, and ``news.body`` takes the marks out again when the HTML is cleaned. A mark is drawn at random
in each process, so that no text can forge one.
"""

import secrets
from dataclasses import dataclass
from typing import Final, Protocol

__all__ = ["MARK", "MAX_GROWTH", "Converter", "Marked", "Seen"]

MARK: Final = f"crosslink{secrets.token_hex(12)}n"
"""What stands at the beginning of a marked paragraph, and in the address of a marked link, before its number."""
MAX_GROWTH: Final = 8
"""How many times as long as its text HTML may be: one long address can stand in it ten thousand times."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A paragraph that was marked: its label, whether it is a cross-link for certain, and its first line.

    ``at`` is where in the text it begins, if the engine knows.
    """

    label: str
    certain: bool
    line: str
    at: int | None = None


@dataclass(frozen=True, slots=True)
class Marked:
    """The HTML of a text, the paragraphs that are marked in it, and what stands in the brackets that are.

    ``named_at`` has the place of each of these in the text, if the engine knows them.
    """

    html: str
    seen: tuple[Seen, ...] = ()
    named: tuple[str, ...] = ()
    named_at: tuple[int, ...] | None = None


class Converter(Protocol):
    """An engine for bodies."""

    def convert(self, text: str, labels: tuple[str, ...], *, linking: bool) -> Marked:
        """HTML from Markdown. Without ``linking`` nothing in brackets is marked, without labels no paragraph."""
