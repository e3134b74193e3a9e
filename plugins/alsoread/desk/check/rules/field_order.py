"""Do fields stand where an editor looks for them?"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from alsoread.desk.check.repair import Repair
from alsoread.desk.check.saying import shown
from alsoread.desk.check.subject import Subject
from alsoread.desk.check.typed import said
from alsoread.desk.rewrite import front_matter
from alsoread.diagnostics import Diagnostic
from alsoread.news.fields import load_schema
from alsoread.news.frontmatter import FrontMatter, Scalar

__all__ = ["CODE", "check", "fix"]

CODE: Final = "AR132"
_FIRST: Final = ("title", "id", "slug", "date", "modified")
_LINE: Final = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
_COMMENT: Final = re.compile(r"#.*|[ \t]*")


@dataclass(frozen=True, slots=True)
class _Field:
    """A field, its place, and its lines in the file, from the comments above it to the last that is its own."""

    name: str
    line: int
    column: int
    begin: int
    end: int

    @property
    def is_long(self) -> bool:
        """Does it have more than one line, comments aside?"""
        return self.end - self.line > 1


def check(subject: Subject) -> Iterator[Diagnostic]:
    """The first field of one line that stands behind a longer one which belongs below it, or a headline that is not the
    first. Among one another the fields of one line are seen at a glance in any order, and the longer ones too.
    """
    fields = _fields(subject.front)
    ranks = _ranks("page" if subject.is_page else "story")
    found = next(_misplaced(fields, ranks), None)
    if found is None:
        return
    field, before = found
    wanted = [each.name for each in _in_order(fields, ranks)]
    message = f"'{shown(field.name)}' stands behind '{shown(before.name)}', where it is easily missed"
    hint = f"the usual order is {', '.join(wanted)}" if len(wanted) <= 30 else f"put it above '{before.name}'"
    yield subject.found(CODE, (field.line, field.column), message, hint)


def fix(repair: Repair) -> str | None:
    """The text with its fields in order, each with its lines and the comments above it; None where that is in doubt."""
    front = front_matter(repair.text)
    if front is None or not front.fenced or len({key.line for key, _ in front.fields.entries}) < 2:
        return None
    fields = _fields(front)
    ordered = _in_order(fields, _ranks("page" if repair.finding.path in repair.archive.pages else "story"))
    lines = _LINE.findall(repair.text)
    if not fields or sum(field.end - field.begin for field in fields) != fields[-1].end - front.source_line:
        return None
    moved = [line for field in ordered for line in lines[field.begin - 1 : field.end - 1]]
    after = "".join((*lines[: front.source_line - 1], *moved, *lines[fields[-1].end - 1 :]))
    return after if _says_the_same(front, front_matter(after), ordered) else None


def _misplaced(fields: Sequence[_Field], ranks: dict[str, int]) -> Iterator[tuple[_Field, _Field]]:
    known = [field for field in fields if field.name in ranks]
    for place, field in enumerate(known):
        for before in known[:place]:
            is_hidden = field.name == "title" or (before.is_long and not field.is_long)
            if is_hidden and ranks[before.name] > ranks[field.name]:
                yield field, before


def _ranks(schema: str) -> dict[str, int]:
    names = dict.fromkeys((*_FIRST, *load_schema(schema)["properties"]))
    return {name: place for place, name in enumerate(names)}


def _fields(front: FrontMatter) -> list[_Field]:
    """The fields with their lines; none where they do not stand below one another."""
    entries = front.fields.entries
    if len({key.column for key, _ in entries}) > 1 or len({key.line for key, _ in entries}) < len(entries):
        return []
    if not front.fenced:
        counts = [node.text.count("\n") + 1 for _, node in entries if isinstance(node, Scalar)]
        pairs = zip((key for key, _ in entries), counts, strict=True)
        return [_Field(key.text, key.line, key.column, key.line, key.line + count) for key, count in pairs]
    lines = front.source.split("\n")
    begins = [_above(lines, key.line - front.source_line) + front.source_line for key, _ in entries]
    last = _above(lines, len(lines)) + front.source_line
    begins[:1] = [front.source_line]
    return [
        _Field(key.text, key.line, key.column, begin, end)
        for (key, _), begin, end in zip(entries, begins, (*begins[1:], last), strict=True)
    ]


def _above(lines: Sequence[str], place: int) -> int:
    """Where the comments and empty lines above a place begin."""
    while place > 0 and _COMMENT.fullmatch(lines[place - 1]):
        place -= 1
    return place


def _in_order(fields: Sequence[_Field], ranks: dict[str, int]) -> list[_Field]:
    """The fields in their usual order; one that has no place in it stays behind the field before it."""
    groups: list[list[_Field]] = [[]]
    for field in fields:
        if field.name in ranks:
            groups.append([field])
        else:
            groups[-1].append(field)
    ordered = sorted(groups[1:], key=lambda group: ranks[group[0].name])
    return [field for group in (groups[0], *ordered) for field in group]


def _says_the_same(old: FrontMatter, new: FrontMatter | None, ordered: Sequence[_Field]) -> bool:
    if new is None or (new.body, new.body_line) != (old.body, old.body_line):
        return False
    before = {key.text: said(node) for key, node in old.fields.entries}
    after = {key.text: said(node) for key, node in new.fields.entries}
    return before == after and [key.text for key, _ in new.fields.entries] == [field.name for field in ordered]
