"""What stands in a field of the front matter, as typed?"""

import re
from collections.abc import Iterator
from datetime import date
from typing import Final

from alsoread.desk.check.saying import shown
from alsoread.desk.check.subject import Subject
from alsoread.desk.rewrite import value_of
from alsoread.news.frontmatter import Mapping, Node, Scalar, Sequence
from alsoread.news.names import slugify

__all__ = ["address_in", "day_of", "days_within", "said", "typed_in"]

_DAY: Final = re.compile(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})")


def typed_in(subject: Subject, name: str) -> str:
    """The text of a field, to be quoted."""
    node = subject.node(name)
    return shown(node.text) if isinstance(node, Scalar) else ""


def day_of(node: Node | None) -> date | None:
    """The day that a date begins with."""
    match = _DAY.match(node.text.strip()) if isinstance(node, Scalar) else None
    return date(int(match[1]), int(match[2]), int(match[3])) if match else None


def days_within(subject: Subject, name: str, inner: str) -> Iterator[tuple[date, Node, Mapping]]:
    """The days that a field of the entries of a list gives, each with its value and its entry."""
    for entry in subject.items(name):
        if isinstance(entry, Mapping):
            value = next((node for key, node in entry.entries if key.text == inner), None)
            day = day_of(value)
            if value is not None and day is not None:
                yield day, value, entry


def address_in(text: str) -> tuple[str, str]:
    """The field of a file that its address is made of, and what is made of it."""
    name = "slug" if value_of(text, "slug") else "title"
    return name, slugify(value_of(text, name))


def said(node: Node) -> object:
    """What a value says, whatever its place."""
    if isinstance(node, Scalar):
        return node.text, node.plain
    if isinstance(node, Sequence):
        return [said(item) for item in node.items]
    return [(key.text, said(value)) for key, value in node.entries]
