"""How are the changes that a reader would see told: in a terminal, to a program, and on a page?

The page stands on its own, and needs no script. Put into the folder of a preview, its links lead to the pages of that.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from html import escape as escaped
from typing import Final
from urllib.parse import quote

from alsoread.desk.diff import Change, Detail, words_between

__all__ = ["as_json", "as_page", "as_text"]

_LONGEST: Final = 100
_STYLE: Final = """
:root { color-scheme: light dark; }
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 50rem; margin: 0 auto; padding: 1.5rem 1rem 4rem; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.15rem; margin: 2.5rem 0 .5rem; }
article { border-top: 1px solid #8888; padding: .75rem 0; }
h3 { font-size: 1rem; margin: 0; } .address { overflow-wrap: anywhere; font-size: .875rem; }
dl { display: grid; grid-template-columns: minmax(6rem, max-content) 1fr; gap: .25rem 1rem; margin: .5rem 0 0; }
dt { font-weight: 600; } dd { margin: 0; overflow-wrap: anywhere; } @media (max-width: 30rem) { dl { display: block; } }
ins { background: #2da44e33; text-decoration: none; } del { background: #cf222e33; }
ins::before { content: "+ "; } del::before { content: "\\2212 "; }
.text ins::before, .text del::before { content: none; }
.text ins { text-decoration: underline; }
"""
_PAGE: Final = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
{head}
</head>
<body>
<main>
{body}
</main>
</body>
</html>
"""
_WHAT: Final = ("added", "altered", "removed")


_SECTIONS: Final[Mapping[str, Callable[[Change], bool]]] = {
    "New": lambda change: change.what == "added",
    "Altered": lambda change: change.what == "altered" and not change.is_consequence,
    "Gone": lambda change: change.what == "removed",
    "What follows on other pages": lambda change: change.is_consequence,
}


def as_text(changes: Sequence[Change]) -> str:
    """A few lines a change."""
    lines = []
    for change in changes:
        lines.append(f"{change.what:8} {change.address}  {_one_line(change.title)}")
        if change.to:
            lines.append(f"         leads to {change.to}")
        if change.why:
            lines.append(f"         withdrawn: {_one_line(change.why)}")
        lines += [f"         {_in_line(detail)}" for detail in change.details if _is_worth_saying(change, detail)]
    return "\n".join([*lines, _summary(changes)]) + "\n"


def as_json(changes: Sequence[Change]) -> str:
    """A list of records."""
    return json.dumps([asdict(change) for change in changes], ensure_ascii=False, indent=2) + "\n"


def as_page(changes: Sequence[Change], title: str) -> str:
    """A page of HTML; ``title`` is the name of the digest. Its own words are English."""
    body = [f"<h1>What changes in {_escaped(title)}</h1>", f"<p>{_escaped(_summary(changes))}</p>"]
    for heading, is_here in _SECTIONS.items():
        here = [change for change in changes if is_here(change)]
        if here:
            body += [f"<h2>{heading}</h2>", *map(_article, here)]
    named = f"<title>Changes: {_escaped(title)}</title>"
    return _PAGE.format(head=f"{named}\n<style>{_STYLE}</style>", body="\n".join(body))


def _article(change: Change) -> str:
    link = _escaped(change.address)
    if change.what != "removed":
        link = f'<a href="{_escaped(quote(change.address))}">{link}</a>'
    rows = [f"<h3>{_escaped(change.title)}</h3>", f'<div class="address">{change.kind} {link}</div>']
    if change.to:
        rows.append(f"<p>Readers are led to {_escaped(change.to)}.</p>")
    if change.why:
        rows.append(f"<p>Withdrawn: {_escaped(change.why)}</p>")
    details = [detail for detail in change.details if _is_worth_saying(change, detail)]
    if details:
        rows += ["<dl>", *map(_row, details), "</dl>"]
    return "\n".join(["<article>", *rows, "</article>"])


def _row(detail: Detail) -> str:
    if detail.name in ("text", "summary"):
        marked = "".join(_marked(sign, text) for sign, text in _pieces(detail))
        return f'<dt>{detail.name}</dt><dd class="text">{marked}</dd>'
    gone = [f"<del>{_escaped(item)}</del>" for item in detail.before]
    come = [f"<ins>{_escaped(item)}</ins>" for item in detail.after]
    return f"<dt>{_escaped(detail.name)}</dt><dd>{'<br>'.join([*gone, *come])}</dd>"


def _pieces(detail: Detail) -> list[tuple[str, str]]:
    return words_between("".join(detail.before), "".join(detail.after))


def _marked(sign: str, text: str) -> str:
    if sign == "=":
        return f"{_escaped(_shortened(text))} "
    tag = "ins" if sign == "+" else "del"
    return f"<{tag}>{_escaped(text)}</{tag}> "


def _shortened(text: str) -> str:
    """Words that stayed, of which the ends are enough to see where one is."""
    words = text.split()
    return text if len(words) <= 24 else f"{' '.join(words[:10])} […] {' '.join(words[-10:])}"


def _in_line(detail: Detail) -> str:
    if detail.name == "text":
        pieces = _pieces(detail)
        count = {sign: sum(len(text.split()) for each, text in pieces if each == sign) for sign in "+-"}
        return f"text: {count['+']} words more, {count['-']} words less"
    gone, come = ("; ".join(map(_one_line, side)) for side in (detail.before, detail.after))
    return f"{detail.name}: {' -> '.join(filter(None, [gone and f'-{gone}', come and f'+{come}']))}"


def _escaped(text: str) -> str:
    """A text as HTML, without characters that HTML cannot hold."""
    return escaped("".join(char if char.isprintable() else " " for char in text))


def _one_line(text: str) -> str:
    """A text without control characters, which a terminal would obey."""
    plain = " ".join("".join(char if char.isprintable() else " " for char in text).split())
    return plain if len(plain) <= _LONGEST else plain[: _LONGEST - 1] + "…"


def _is_worth_saying(change: Change, detail: Detail) -> bool:
    """The headline of something new stands above already, and its text is on its page."""
    return change.what != "added" or detail.name not in ("headline", "text")


def _summary(changes: Sequence[Change]) -> str:
    counts = {what: sum(change.what == what for change in changes) for what in _WHAT}
    told = ", ".join(f"{number} {what}" for what, number in counts.items() if number)
    return f"addresses: {told}" if told else "nothing that a reader sees changes"
