"""How do the footnotes of a CommonMark engine come to look like Python-Markdown's?

Where a note is defined, ``pyromark`` writes it; on a page it stands at the end, in a list, with the way back to where
it is named. The result has the classes and the form of ids that themes and ``news.sanitize`` know.
"""

import re
from collections import Counter
from typing import Final

__all__ = ["with_footnotes"]

_NAMED: Final = re.compile(r'<sup class="footnote-reference"><a href="#[^"]*">(\d+)</a></sup>')
_DIV: Final = re.compile(
    r'<div class="footnote-definition" id="[^"]*"><sup class="footnote-definition-label">(?P<number>\d+)</sup>\n?'
    r"|<div\b|</div>\n?"
)


def with_footnotes(html: str) -> str:
    """The HTML with its footnotes in a list at the end."""
    text, notes = _apart(html)
    named: Counter[str] = Counter()

    def name(match: re.Match[str]) -> str:
        named[match[1]] += 1
        anchor = _anchor(match[1], named[match[1]])
        return f'<sup id="{anchor}"><a class="footnote-ref" href="#fn:{match[1]}">{match[1]}</a></sup>'

    text = _NAMED.sub(name, text)
    notes = [(number, _NAMED.sub(name, note)) for number, note in notes]
    if not notes:
        return text
    items = "\n".join(
        _item(number, note, named[number]) for number, note in sorted(notes, key=lambda each: int(each[0]))
    )
    return f'{text}<div class="footnote">\n<hr>\n<ol>\n{items}\n</ol>\n</div>\n'


def _apart(html: str) -> tuple[str, list[tuple[str, str]]]:
    """The HTML without its notes, and these with their numbers."""
    kept: list[str] = []
    notes: list[tuple[str, str]] = []
    begun: re.Match[str] | None = None
    at = depth = 0
    for div in _DIV.finditer(html):
        if begun is None:
            if div["number"]:
                begun, depth = div, 1
            continue
        depth += -1 if div[0].startswith("</") else 1
        if not depth:
            kept.append(html[at : begun.start()])
            notes.append((begun["number"], html[begun.end() : div.start()].strip()))
            at, begun = div.end(), None
    kept.append(html[at:])
    return "".join(kept), notes


def _item(number: str, note: str, times: int) -> str:
    back = "".join(_back(number, time) for time in range(1, times + 1))
    if not back:
        return f'<li id="fn:{number}">\n{note}\n</li>'
    whole = f"{note.removesuffix('</p>')}&#160;{back}</p>" if note.endswith("</p>") else f"{note}\n<p>{back}</p>"
    return f'<li id="fn:{number}">\n{whole}\n</li>'


def _back(number: str, time: int) -> str:
    title = f"Jump back to footnote {number} in the text"
    return f'<a class="footnote-backref" href="#{_anchor(number, time)}" title="{title}">&#8617;</a>'


def _anchor(number: str, time: int) -> str:
    """Where a note is named, for the first time or again."""
    return f"fnref{'' if time == 1 else time}:{number}"
