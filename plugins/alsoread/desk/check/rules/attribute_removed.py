"""Does a text hold attributes or addresses that are not published?"""

import html
import re
from collections import Counter
from collections.abc import Iterator
from typing import Final

from alsoread.desk.check.markdown import Reference
from alsoread.desk.check.saying import shown
from alsoread.desk.check.subject import Subject
from alsoread.diagnostics import Diagnostic
from alsoread.news.sanitize import is_published_address, without_removed
from alsoread.news.tags import Tag, read_tags

__all__ = ["CODE", "check"]

CODE: Final = "AR211"
_ESCAPED: Final = re.compile(r"\\([!-/:-@\[-`{-~])")
_LONGEST_HINT: Final = 200


def check(subject: Subject) -> Iterator[Diagnostic]:
    """What is taken out of elements that stay, and of links; the same of the same element once."""
    yield from _in_tags(subject)
    yield from _in_links(subject)


def _in_tags(subject: Subject) -> Iterator[Diagnostic]:
    if "<" not in subject.markdown.plain:
        return
    first: dict[tuple[str, tuple[str, ...]], tuple[Tag, str]] = {}
    count: Counter[tuple[str, tuple[str, ...]]] = Counter()
    for tag in read_tags(subject.markdown.plain):
        if isinstance(tag, Tag) and not tag.closing:
            better, names = without_removed(tag)
            if names:
                count[tag.name, names] += 1
                first.setdefault((tag.name, names), (tag, better))
    for (name, names), (tag, better) in first.items():
        times = count[name, names]
        also = f", {times:,} times" if times > 1 else ""
        message = f"<{name}> is published without {shown(' and '.join(names))}{also}"
        hint = better if len(better) <= _LONGEST_HINT else f"<{name}> without {names[0]}"
        yield subject.found(CODE, subject.in_body(tag.at), message, hint)


def _in_links(subject: Subject) -> Iterator[Diagnostic]:
    told = set()
    for reference in subject.markdown.references:
        address = html.unescape(_ESCAPED.sub(r"\1", reference.target))
        if not _is_of_tag(subject, reference) and not is_published_address(address) and address not in told:
            told.add(address)
            is_picture = reference.kind == "picture"
            what = "the picture is not shown" if is_picture else "the words stay without a link"
            message = f"'{shown(address)}' is no address that is published; {what}"
            words = shown(reference.words or "words")
            hint = f"![{words}]({{static}}/images/name.jpg)" if is_picture else words
            if "]:" in subject.markdown.plain[reference.start : reference.at]:
                hint = f"[{words}]: https://www.example.org/page"
            yield subject.found(CODE, subject.in_body(reference.at), message, hint)


def _is_of_tag(subject: Subject, reference: Reference) -> bool:
    """Whether an address stands in a tag; between angle brackets alone it is a link of Markdown's."""
    begun = subject.markdown.plain[reference.start : reference.at]
    return begun.startswith("<") and len(begun) > 1
