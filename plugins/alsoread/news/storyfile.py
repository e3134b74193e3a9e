"""What does one file of the content folder say?

From bytes to a typed :class:`~alsoread.story.Story`, :class:`~alsoread.story.Topic`, :class:`~alsoread.story.Thread`
and :class:`~alsoread.story.Body`, or to findings that say why not. Nothing here raises for what an author wrote.
"""

import html
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, Literal, TypeVar, cast

from alsoread.diagnostics import Diagnostic
from alsoread.news.body import BodyEngine
from alsoread.news.characters import bad_character, decode, place
from alsoread.news.fields import Typed, load_schema, type_fields
from alsoread.news.frontmatter import FrontMatter, read_front_matter
from alsoread.news.names import SLUG, SLUG_LENGTH, cut_slug, slugify
from alsoread.news.places import Places
from alsoread.news.sanitize import ForbiddenCharacter
from alsoread.news.tags import NestingTooDeep
from alsoread.press.limits import TimeLimitExceeded, cpu_limit
from alsoread.settings import DigestSettings
from alsoread.story import Body, Contributor, Correction, Image, Link, Source, Status, Story, Thread, Topic

__all__ = ["Kind", "StoryFile", "ThreadFile", "TopicFile", "read_story", "read_thread", "read_topic"]

Kind = Literal["story", "page"]
T = TypeVar("T")

_EMPTY: Final = Body((), "", "")
_BARE_CODE: Final = re.compile(r"[\s*_#>-]*")
_REFERENCE: Final = re.compile(r"&#(?:0*([0-9]{1,7})(?![0-9])|[xX]0*([0-9A-Fa-f]{1,6})(?![0-9A-Fa-f]))")


@dataclass(frozen=True, slots=True)
class StoryFile:
    """What a story's (or page's) file gave; ``story`` is None where a finding is an error."""

    path: str
    story: Story | None
    body: Body
    findings: tuple[Diagnostic, ...] = ()
    places: Places = ()


@dataclass(frozen=True, slots=True)
class TopicFile:
    """What a topic's file gave; ``topic`` is None where a finding is an error."""

    path: str
    topic: Topic | None
    findings: tuple[Diagnostic, ...] = ()
    places: Places = ()


@dataclass(frozen=True, slots=True)
class ThreadFile:
    """What a thread's file gave; ``thread`` is None where a finding is an error."""

    path: str
    thread: Thread | None
    findings: tuple[Diagnostic, ...] = ()
    places: Places = ()


def read_story(data: bytes, path: str, settings: DigestSettings, engine: BodyEngine, kind: Kind = "story") -> StoryFile:
    """A story or page from the bytes of its file, within the digest's time limit."""
    try:
        with cpu_limit(settings.time_limit):
            return _read_story(data, path, settings, engine, kind)
    except TimeLimitExceeded:
        return StoryFile(path, None, _EMPTY, (_too_slow(path, settings.time_limit),))


def read_topic(data: bytes, path: str, settings: DigestSettings, engine: BodyEngine) -> TopicFile:
    """A topic from the bytes of its file, within the digest's time limit."""
    try:
        with cpu_limit(settings.time_limit):
            return _read_topic(data, path, settings, engine)
    except TimeLimitExceeded:
        return TopicFile(path, None, (_too_slow(path, settings.time_limit),))


def read_thread(data: bytes, path: str, settings: DigestSettings, engine: BodyEngine) -> ThreadFile:
    """A thread from the bytes of its file, within the digest's time limit."""
    try:
        with cpu_limit(settings.time_limit):
            return _read_thread(data, path, settings, engine)
    except TimeLimitExceeded:
        return ThreadFile(path, None, (_too_slow(path, settings.time_limit),))


def _read_story(data: bytes, path: str, settings: DigestSettings, engine: BodyEngine, kind: Kind) -> StoryFile:
    front, typed, findings = _typed_front(data, path, settings, kind)
    if typed is not None:
        findings += _about_headlines(typed, path)
    if front is None or typed is None or _has_error(findings):
        return StoryFile(path, None, _EMPTY, tuple(findings))
    story = _story(typed, path, settings.lang)
    story, about_slug = _with_slug(story, typed.places)
    findings += about_slug
    if kind == "story" and not story.tags:
        line, column = typed.places.get("tags", (front.fields.line, front.fields.column))
        findings.append(Diagnostic(path, line, column, "AR118", "the story has no tags", "tags: [A topic]"))
    body = _body(front, story, settings, engine, findings)
    if _has_error(findings):
        return StoryFile(path, None, _EMPTY, tuple(findings))
    return StoryFile(path, story, body, tuple(findings), _places(typed))


def _read_topic(data: bytes, path: str, settings: DigestSettings, engine: BodyEngine) -> TopicFile:
    front, typed, findings = _typed_front(data, path, settings, "topic")
    if front is None or typed is None or _has_error(findings):
        return TopicFile(path, None, tuple(findings))
    name = _text(typed, "name")
    story = Story(path, _text(typed, "slug"), name, None)
    story, about_slug = _with_slug(story, typed.places, of="name")
    findings += about_slug
    body = _body(front, story, settings, engine, findings) if front.body else _EMPTY
    if _has_error(findings):
        return TopicFile(path, None, tuple(findings))
    topic = Topic(
        slug=story.slug,
        label=name,
        description=_text(typed, "description"),
        aliases=_texts(typed, "aliases"),
        parent=_text(typed, "parent"),
        pinned=_texts(typed, "pinned"),
        media_topic=_text(typed, "media_topic"),
        curated=True,
        html=_html(body),
        path=path,
    )
    return TopicFile(path, topic, tuple(findings), _places(typed))


def _read_thread(data: bytes, path: str, settings: DigestSettings, engine: BodyEngine) -> ThreadFile:
    front, typed, findings = _typed_front(data, path, settings, "thread")
    if front is None or typed is None or _has_error(findings):
        return ThreadFile(path, None, tuple(findings))
    story = Story(path, _text(typed, "slug") or slugify(_stem(path)), _text(typed, "name"), None)
    story, about_slug = _with_slug(story, typed.places, of="name")
    findings += about_slug
    body = _body(front, story, settings, engine, findings) if front.body else _EMPTY
    if _has_error(findings):
        return ThreadFile(path, None, tuple(findings))
    thread = Thread(
        slug=story.slug,
        name=story.title,
        description=_text(typed, "description"),
        closed=typed.values.get("status") == "closed",
        html=_html(body),
        path=path,
    )
    return ThreadFile(path, thread, tuple(findings), _places(typed))


def _html(body: Body) -> str:
    return "".join(part if isinstance(part, str) else part.html for part in body.parts)


def _places(typed: Typed) -> Places:
    return tuple((name, *place) for name, place in typed.places.items())


def _typed_front(
    data: bytes, path: str, settings: DigestSettings, schema: str
) -> tuple[FrontMatter | None, Typed | None, list[Diagnostic]]:
    text, findings = decode(data, path)
    if _has_error(findings):
        return None, None, list(findings)
    front, about_front = read_front_matter(text, path)
    if front is None:
        return None, None, [*findings, *about_front]
    extra = settings.extra_fields if schema == "story" else ()
    typed = type_fields(front.fields, load_schema(schema), path, zone=settings.timezone, extra=extra)
    return front, typed, [*findings, *typed.findings]


def _body(
    front: FrontMatter, story: Story, settings: DigestSettings, engine: BodyEngine, findings: list[Diagnostic]
) -> Body:
    """The body of a file; what is wrong with it is added to ``findings``."""
    if _BARE_CODE.fullmatch(front.body):
        findings.append(Diagnostic(story.path, front.body_line, 1, "AR205", "the body is empty", "write a paragraph"))
    labels = settings.labels_for(story.lang)
    try:
        rendered = engine.render(front.body, labels=labels, summary=story.summary, first_line=front.body_line)
    except NestingTooDeep as error:
        hint = "close every element that you open, and nest less"
        findings.append(Diagnostic(story.path, front.body_line, 1, "AR202", f"the body: {error}", hint))
        return _EMPTY
    except ForbiddenCharacter as error:
        line, column = _find_reference(front, error.character.char)
        bad = error.character
        findings.append(Diagnostic(story.path, line, column, bad.code, bad.message, bad.hint))
        return _EMPTY
    except Exception as error:  # noqa: BLE001 - whatever a Markdown extension makes of a hostile text is that text's fault
        message = f"the body cannot be read: {type(error).__name__}: {' '.join(str(error).split())[:200]}"
        findings.append(Diagnostic(story.path, front.body_line, 1, "AR203", message, "look for unusual nesting"))
        return _EMPTY
    for name in rendered.removed:
        line, column = _find_element(front, name)
        message = f"the element <{name}> is not published"
        findings.append(
            Diagnostic(story.path, line, column, "AR204", message, f"use Markdown instead, or `<{name}>` as code")
        )
    return rendered.body


def _find_element(front: FrontMatter, name: str) -> tuple[int, int]:
    match = re.search(rf"<{re.escape(name)}\b", front.body, re.IGNORECASE)
    if match is None:
        return front.body_line, 1
    return _in_file(front, match.start())


def _find_reference(front: FrontMatter, char: str) -> tuple[int, int]:
    """Where the body names a character by its number; where it does not, the summary did."""
    for match in _REFERENCE.finditer(front.body):
        if int(match[1] or match[2], 10 if match[1] else 16) == ord(char):
            return _in_file(front, match.start())
    return next(((key.line, key.column) for key, _ in front.fields.entries if key.text == "summary"), (1, 1))


def _in_file(front: FrontMatter, offset: int) -> tuple[int, int]:
    line, column = place(front.body, offset)
    return front.body_line + line - 1, column


def _story(typed: Typed, path: str, default_lang: str) -> Story:
    values = typed.values
    return Story(
        path=path,
        slug=_text(typed, "slug"),
        title=_headline(_text(typed, "title")),
        date=cast("datetime | None", values.get("date")),
        id=_text(typed, "id"),
        modified=cast("datetime | None", values.get("modified")),
        tags=tuple(dict.fromkeys(" ".join(tag.split()) for tag in _texts(typed, "tags"))),
        summary=_text(typed, "summary"),
        lang=(_text(typed, "lang") or default_lang).lower(),
        authors=_texts(typed, "authors") or _texts(typed, "author"),
        category=_text(typed, "category"),
        status=cast("Status", values.get("status", "published")),
        headline_aliases=tuple(_headline(alias) for alias in _texts(typed, "headline_aliases")),
        embargo_until=cast("datetime | None", values.get("embargo_until")),
        expires=cast("datetime | None", values.get("expires")),
        sources=_sources(typed),
        thread=_text(typed, "thread"),
        links=tuple(_record(Link, entry) for entry in _records(typed, "links")),
        corrections=tuple(
            sorted((_record(Correction, entry) for entry in _records(typed, "corrections")), key=lambda each: each.date)
        ),
        image=_record(Image, cast("dict[str, object]", values["image"])) if "image" in values else None,
        contributors=tuple(_record(Contributor, entry) for entry in _records(typed, "contributors")),
        disclosure=_text(typed, "disclosure"),
        license=_text(typed, "license"),
        translation_of=_text(typed, "translation_of"),
        aliases=_texts(typed, "aliases"),
        extra=_extra(typed),
    )


def _about_headlines(typed: Typed, path: str) -> Iterable[Diagnostic]:
    """Headlines that say nothing, or say it with characters that may not be published, once they are decoded."""
    for name in ("title", "headline_aliases"):
        for text in (_text(typed, name),) if name == "title" and name in typed.values else _texts(typed, name):
            headline = _headline(text)
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
    listed = tuple(_record(Source, entry) for entry in _records(typed, "sources"))
    name, url = _text(typed, "source"), _text(typed, "source_url")
    if not name and not url:
        return listed
    short = Source(name or _host(url), url)
    return listed if any(source.url == url and url for source in listed) else (short, *listed)


def _host(url: str) -> str:
    return url.partition("://")[2].partition("/")[0].removeprefix("www.")


def _with_slug(story: Story, places: dict[str, tuple[int, int]], of: str = "title") -> tuple[Story, list[Diagnostic]]:
    """The story under a checked name, made from its headline where it chose none."""
    if story.slug and SLUG.fullmatch(story.slug) and len(story.slug) <= SLUG_LENGTH:
        return replace(story, id=story.id or story.slug), []
    chosen = slugify(story.slug or story.title) or slugify(_stem(story.path))
    slug = cut_slug(chosen, apart=bool(story.slug))
    line, column = places.get("slug" if story.slug else of, (0, 0))
    if not slug:
        message = f"no address can be made of {'the slug' if story.slug else 'the ' + of}"
        return story, [Diagnostic(story.path, line, column, "AR117", message, "slug: a-few-words")]
    findings = []
    if story.slug:
        message = (
            f"the slug '{story.slug[:60]}' is not made of a-z, 0-9 and '-' (at most {SLUG_LENGTH}); read as '{slug}'"
        )
        findings.append(Diagnostic(story.path, line, column, "AR116", message, f"slug: {slug}"))
    elif slug != chosen:
        message = f"the address made of the {of} is longer than {SLUG_LENGTH}; cut to '{slug}'"
        findings.append(Diagnostic(story.path, line, column, "AR116", message, f"slug: {slug}"))
    return replace(story, slug=slug, id=story.id or slug), findings


def _stem(path: str) -> str:
    return path.rpartition("/")[2].rpartition(".")[0]


def _extra(typed: Typed) -> tuple[tuple[str, str], ...]:
    known = load_schema("story")["properties"]
    return tuple(
        (name, ", ".join(cast("tuple[str, ...]", value))) for name, value in typed.values.items() if name not in known
    )


def _text(typed: Typed, name: str) -> str:
    return cast("str", typed.values.get(name, ""))


def _texts(typed: Typed, name: str) -> tuple[str, ...]:
    return cast("tuple[str, ...]", typed.values.get(name, ()))


def _records(typed: Typed, name: str) -> Iterable[dict[str, object]]:
    return cast("Iterable[dict[str, object]]", typed.values.get(name, ()))


def _record(kind: type[T], values: dict[str, object]) -> T:
    """A dataclass from the fields of its schema, which has the same names (a test holds the two together)."""
    return kind(**values)


def _has_error(findings: Iterable[Diagnostic]) -> bool:
    return any(finding.is_error for finding in findings)


def _too_slow(path: str, limit: float) -> Diagnostic:
    message = f"reading the story takes longer than {limit:g} processor seconds"
    return Diagnostic(path, 0, 0, "AR201", message, "look for very many '[', '![', '*' or '<' in a row")
