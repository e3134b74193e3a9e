"""What does the file of a story say?

From bytes to a typed :class:`~alsoread.story.Story` and its :class:`~alsoread.story.Body`, or to findings that say why
not. Nothing here raises for what an author wrote.
"""

import html
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, TypeVar, cast

from alsoread.diagnostics import Diagnostic
from alsoread.news.body import BodyEngine
from alsoread.news.characters import bad_character
from alsoread.news.fields import Typed, load_schema
from alsoread.news.ignores import Ignore, ignores_in
from alsoread.news.places import Places, places_of
from alsoread.news.reading import (
    EMPTY,
    body_of,
    has_error,
    records,
    text,
    texts,
    typed_front,
    with_slug,
    within_limit,
)
from alsoread.settings import DigestSettings
from alsoread.story import Body, Contributor, Correction, Image, Link, Source, Status, Story

__all__ = ["KINDS", "Kind", "StoryFile", "read_story"]

Kind = Literal["story", "page"]
KINDS: Final[tuple[Kind, ...]] = ("story", "page")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class StoryFile:
    """What a story's (or page's) file gave; ``story`` is None where a finding is an error."""

    path: str
    story: Story | None
    body: Body
    findings: tuple[Diagnostic, ...] = ()
    places: Places = ""
    ignores: tuple[Ignore, ...] = ()


def read_story(data: bytes, path: str, settings: DigestSettings, engine: BodyEngine, kind: Kind = "story") -> StoryFile:
    """A story or page from the bytes of its file, within the digest's time limit."""
    return within_limit(
        lambda: _read_story(data, path, settings, engine, kind),
        path,
        settings,
        lambda finding: StoryFile(path, None, EMPTY, (finding,)),
    )


def _read_story(data: bytes, path: str, settings: DigestSettings, engine: BodyEngine, kind: Kind) -> StoryFile:
    front, typed, findings = typed_front(data, path, settings, kind)
    if typed is not None:
        findings += _about_headlines(typed, path)
    if front is None or typed is None or has_error(findings):
        return StoryFile(path, None, EMPTY, tuple(findings))
    story = _story(typed, path, settings.lang)
    story, about_slug = with_slug(story, typed.places)
    findings += about_slug
    if kind == "story" and not story.tags:
        line, column = typed.places.get("tags", (front.fields.line, front.fields.column))
        findings.append(Diagnostic(path, line, column, "AR118", "the story has no tags", "tags: [A topic]"))
    body = body_of(front, story, settings, engine, findings)
    if has_error(findings):
        return StoryFile(path, None, EMPTY, tuple(findings))
    ignores = ignores_in(front.source, front.source_line)
    return StoryFile(path, story, body, tuple(findings), places_of(typed.places), ignores)


def _story(typed: Typed, path: str, default_lang: str) -> Story:
    values = typed.values
    return Story(
        path=path,
        slug=text(typed, "slug"),
        title=_headline(text(typed, "title")),
        date=cast("datetime | None", values.get("date")),
        id=text(typed, "id"),
        modified=cast("datetime | None", values.get("modified")),
        tags=tuple(dict.fromkeys(" ".join(tag.split()) for tag in texts(typed, "tags"))),
        summary=text(typed, "summary"),
        lang=(text(typed, "lang") or default_lang).lower(),
        authors=texts(typed, "authors") or texts(typed, "author"),
        category=text(typed, "category"),
        status=cast("Status", values.get("status", "published")),
        headline_aliases=tuple(_headline(alias) for alias in texts(typed, "headline_aliases")),
        embargo_until=cast("datetime | None", values.get("embargo_until")),
        expires=cast("datetime | None", values.get("expires")),
        sources=_sources(typed),
        thread=text(typed, "thread"),
        links=tuple(_record(Link, entry) for entry in records(typed, "links")),
        corrections=tuple(
            sorted((_record(Correction, entry) for entry in records(typed, "corrections")), key=lambda each: each.date)
        ),
        image=_record(Image, cast("dict[str, object]", values["image"])) if "image" in values else None,
        contributors=tuple(_record(Contributor, entry) for entry in records(typed, "contributors")),
        disclosure=text(typed, "disclosure"),
        license=text(typed, "license"),
        translation_of=text(typed, "translation_of"),
        aliases=texts(typed, "aliases"),
        extra=_extra(typed),
    )


def _about_headlines(typed: Typed, path: str) -> Iterable[Diagnostic]:
    """Headlines that say nothing, or say it with characters that may not be published, once they are decoded."""
    for name in ("title", "headline_aliases"):
        for typed_as in (text(typed, name),) if name == "title" and name in typed.values else texts(typed, name):
            headline = _headline(typed_as)
            bad = bad_character(headline)
            if bad:
                yield Diagnostic(path, *typed.places[name], bad.code, bad.message, bad.hint)
            elif not headline:
                yield Diagnostic(path, *typed.places[name], "AR112", f"the field '{name}' is empty", f"{name}: ...")


def _headline(text: str) -> str:
    """A headline on one line. Character references become characters: Pelican reads headlines as HTML."""
    return " ".join(html.unescape(text).split())


def _sources(typed: Typed) -> tuple[Source, ...]:
    """The list, and before it the one that ``source`` and ``source_url`` are short for."""
    listed = tuple(_record(Source, entry) for entry in records(typed, "sources"))
    name, url = text(typed, "source"), text(typed, "source_url")
    if not name and not url:
        return listed
    short = Source(name or _host(url), url)
    return listed if any(source.url == url and url for source in listed) else (short, *listed)


def _host(url: str) -> str:
    return url.partition("://")[2].partition("/")[0].removeprefix("www.")


def _extra(typed: Typed) -> tuple[tuple[str, str], ...]:
    known = load_schema("story")["properties"]
    return tuple(
        (name, ", ".join(cast("tuple[str, ...]", value))) for name, value in typed.values.items() if name not in known
    )


def _record(kind: type[T], values: dict[str, object]) -> T:
    """A dataclass from the fields of its schema, which has the same names (a test holds the two together)."""
    return kind(**values)
