"""What does the file of a new story hold?

What is known of it on the first day (headline, date, topics), the other fields that it may want as comments, and a line
to write over. Nothing here reads or writes.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from itertools import count
from typing import Final

import yaml

from alsoread.desk.intake.escape import literal
from alsoread.news.characters import is_forbidden
from alsoread.news.names import SLUG_LENGTH, cut_slug, slugify
from alsoread.story import Status

__all__ = ["Draft", "Moment", "as_yaml", "cleaned", "draft_text", "read_moment", "slugs_of"]

PLACEHOLDER: Final = "Write the story here."


@dataclass(frozen=True, slots=True)
class Moment:
    """The date of a story: as its file has it, and as an instant with a zone."""

    text: str
    instant: datetime


@dataclass(frozen=True, slots=True)
class Draft:
    """What is known of a story before it is written. ``title`` is :func:`cleaned`, ``lang`` empty for the usual one."""

    title: str
    moment: Moment
    slug: str
    tags: tuple[str, ...] = ()
    thread: str = ""
    lang: str = ""
    status: Status = "draft"


def draft_text(draft: Draft) -> str:
    """The file of a story: what it may want besides stands in comments that are right once ``# `` is taken away."""
    status = f"status: {draft.status}  # without this line it is published\n" if draft.status != "published" else ""
    thread = f"thread: {as_yaml(draft.thread)}" if draft.thread else "# thread: a-developing-story"
    lang = f"lang: {as_yaml(draft.lang)}\n" if draft.lang else ""
    return (
        f"---\ntitle: {as_yaml(literal(draft.title))}\ndate: {draft.moment.text}\ntags: {_flow(draft.tags)}\n"
        f"slug: {draft.slug}\n{lang}{status}{_SUMMARY}{thread}\n{_MORE}---\n\n{PLACEHOLDER}\n"
    )


_SUMMARY: Final = "# summary: One or two sentences for lists and feeds.\n"
_MORE: Final = """\
# sources:
#   - name: The outlet
#     url: https://www.example.org/its-story
#     role: primary
# image:
#   src: images/name.jpg
#   alt: What the picture shows
#   credit: Who made it
"""


def cleaned(text: str) -> str:
    """Words on one line, without characters that may not stand in a story's file."""
    return " ".join("".join(char for char in text if char != "\ufeff" and not is_forbidden(char)).split())


def slugs_of(title: str) -> Iterator[str]:
    """The names that a story may have in its address, best first: its headline's, then the same with a number."""
    slug = cut_slug(slugify(title)) or "story"
    yield slug
    for number in count(2):
        yield f"{cut_slug(slug, SLUG_LENGTH - len(f'-{number}'))}-{number}"


def read_moment(text: str, zone: tzinfo) -> Moment:
    """The date that an ISO 8601 text means; it keeps a zone of its own, and else is in ``zone``.

    :raises ValueError: if it means none.
    """
    try:
        day = date.fromisoformat(text)
    except ValueError:
        given = datetime.fromisoformat(text)
        if given.tzinfo is None:
            return moment_of(given.replace(tzinfo=zone))
        return Moment(given.isoformat(timespec="seconds"), given)
    return Moment(day.isoformat(), datetime(day.year, day.month, day.day, tzinfo=zone))


def moment_of(instant: datetime) -> Moment:
    """An instant by the clock of its own zone, to the minute."""
    return Moment(instant.replace(tzinfo=None).isoformat(" ", "minutes"), instant)


def as_yaml(text: str) -> str:
    """A text on one line as a value of YAML, in quotes only where it needs them."""
    if yaml.safe_dump(text, allow_unicode=True, width=100_000) == f"{text}\n...\n":
        return text
    if '"' not in text and "\\" not in text:
        return f'"{text}"'
    return "'" + text.replace("'", "''") + "'"


def _flow(words: tuple[str, ...]) -> str:
    """A list on one line of YAML."""
    return str(yaml.safe_dump(list(words), allow_unicode=True, width=100_000, default_flow_style=True)).rstrip("\n")
