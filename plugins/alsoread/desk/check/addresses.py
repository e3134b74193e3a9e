"""Which addresses does a file name, where do they stand, and how is one of them replaced?"""

from collections.abc import Iterator
from dataclasses import dataclass

from alsoread.desk.check.markdown import scan
from alsoread.desk.check.repair import Repair
from alsoread.desk.check.subject import Place, Subject
from alsoread.desk.rewrite import front_matter, offset_of
from alsoread.news.characters import place
from alsoread.news.frontmatter import FrontMatter, Mapping, Node, Scalar, Sequence

__all__ = ["Named", "named_at", "named_in", "with_address"]


@dataclass(frozen=True, slots=True)
class Named:
    """An address as typed, of a source or of a link in the body, and where it stands."""

    address: str
    where: Place
    is_source: bool


def named_in(subject: Subject) -> Iterator[Named]:
    """The addresses of a file's sources, and those in its body that lead out of the site."""
    yield from _of_sources(subject.front)
    for reference in subject.markdown.references:
        if _is_outside(reference.target):
            yield Named(reference.target, subject.in_body(reference.at), is_source=False)


def named_at(repair: Repair) -> Named | None:
    """The address that a finding is about."""
    front = front_matter(repair.text)
    if front is None:
        return None
    where = (repair.finding.line, repair.finding.column)
    return next((named for named in (*_of_sources(front), *_of_body(front)) if named.where == where), None)


def with_address(repair: Repair, old: str, new: str) -> str | None:
    """The text with another address at the finding's place, with or without quotes."""
    text, at = repair.text, offset_of(repair.text, repair.finding.line, repair.finding.column)
    at += text[at : at + 1] in ("'", '"')
    return text[:at] + new + text[at + len(old) :] if old and text.startswith(old, at) else None


def _of_body(front: FrontMatter) -> Iterator[Named]:
    for reference in scan(front.body).references:
        if _is_outside(reference.target):
            line, column = place(front.body, reference.at)
            yield Named(reference.target, (front.body_line + line - 1, column), is_source=False)


def _of_sources(front: FrontMatter) -> Iterator[Named]:
    fields = {key.text: node for key, node in front.fields.entries}
    sources = fields.get("sources")
    items = sources.items if isinstance(sources, Sequence) else ()
    listed = [{key.text: node for key, node in item.entries} for item in items if isinstance(item, Mapping)]
    nodes: list[Node | None] = [fields.get("source_url"), *(item.get("url") for item in listed)]
    for node in nodes:
        if isinstance(node, Scalar) and node.text.strip():
            yield Named(node.text.strip(), (node.line, node.column), is_source=True)


def _is_outside(address: str) -> bool:
    return address[:8].lower().startswith(("http://", "https://"))
