"""Is there HTML where Markdown would do?"""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Final

from alsoread.desk.check.subject import Subject
from alsoread.diagnostics import Diagnostic
from alsoread.news.sanitize import removed_elements

__all__ = ["CODE", "check"]

CODE: Final = "AR210"
_OPENING: Final = re.compile(r"<([A-Za-z][A-Za-z0-9]*)(?=[\s/>])([^<>]*)>")
# small things that Markdown has nothing for
_FINE: Final = frozenset("abbr bdi bdo br cite kbd mark q rp rt ruby small sub sup wbr".split())
_PARTS: Final = {
    **dict.fromkeys("caption col colgroup tbody td tfoot th thead tr".split(), "table"),
    **dict.fromkeys(("dd", "dt"), "dl"),
    "figcaption": "figure",
    "li": "",
    "summary": "details",
}
_MARKDOWN: Final = {
    **dict.fromkeys(("b", "strong"), "**words**"),
    **dict.fromkeys(("em", "i"), "*words*"),
    **dict.fromkeys(("code", "samp"), "`words`"),
    **{f"h{level}": f"{'#' * max(level, 2)} words" for level in range(1, 7)},
    "a": "[words](address)",
    "blockquote": "> words",
    "dl": "a line with the word, and below it a line with ': ' and its meaning",
    "hr": "---",
    "img": "![what it shows](address)",
    "ol": "1. words",
    "p": "an empty line before and behind the paragraph",
    "pre": "a line with ``` before and behind the lines",
    "table": "| head | head |, below it | --- | --- |, and below that | cell | cell |",
    "ul": "- words",
}


def check(subject: Subject) -> Iterator[Diagnostic]:
    """Elements that are published and that a text does not need, each once."""
    plain = subject.markdown.plain
    if "<" not in plain:
        return
    found: dict[str, int] = {}
    count: Counter[str] = Counter()
    for match in _OPENING.finditer(plain):
        name = match[1].lower()
        # an anchor without an address is a place to lead to, which Markdown cannot make
        if name not in _FINE and not (name == "a" and "href" not in match[2].lower()):
            count[name] += 1
            found.setdefault(name, match.start())
    for name, at in found.items():
        is_part = name in _PARTS and (_PARTS[name] in found or name == "li")
        if not is_part and not removed_elements(f"<{name}>"):
            yield subject.found(CODE, subject.in_body(at), _message(name, count[name]), _hint(name))


def _message(name: str, count: int) -> str:
    also = f", {count:,} times" if count > 1 else ""
    return f"<{name}> is HTML{also}; Markdown is easier to read and to edit"


def _hint(name: str) -> str:
    return _MARKDOWN.get(name, f"the words without <{name}>, if they read as well")
