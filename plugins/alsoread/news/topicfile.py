"""What does the file of a topic or a thread say?

From bytes to a typed :class:`~alsoread.story.Topic` or :class:`~alsoread.story.Thread` and the words of its page, or to
findings that say why not. Nothing here raises for what an author wrote.
"""

from dataclasses import dataclass

from alsoread.diagnostics import Diagnostic
from alsoread.news.body import BodyEngine
from alsoread.news.ignores import Ignore, ignores_in
from alsoread.news.names import slugify
from alsoread.news.places import Places, places_of
from alsoread.news.reading import (
    EMPTY,
    body_of,
    has_error,
    stem,
    text,
    texts,
    typed_front,
    with_slug,
    within_limit,
)
from alsoread.settings import DigestSettings
from alsoread.story import Body, Story, Thread, Topic

__all__ = ["ThreadFile", "TopicFile", "read_thread", "read_topic"]


@dataclass(frozen=True, slots=True)
class TopicFile:
    """What a topic's file gave; ``topic`` is None where a finding is an error."""

    path: str
    topic: Topic | None
    body: Body = EMPTY
    findings: tuple[Diagnostic, ...] = ()
    places: Places = ""
    ignores: tuple[Ignore, ...] = ()


@dataclass(frozen=True, slots=True)
class ThreadFile:
    """What a thread's file gave; ``thread`` is None where a finding is an error."""

    path: str
    thread: Thread | None
    body: Body = EMPTY
    findings: tuple[Diagnostic, ...] = ()
    places: Places = ""
    ignores: tuple[Ignore, ...] = ()


def read_topic(data: bytes, path: str, settings: DigestSettings, engine: BodyEngine) -> TopicFile:
    """A topic from the bytes of its file, within the digest's time limit."""
    return within_limit(
        lambda: _read_topic(data, path, settings, engine),
        path,
        settings,
        lambda finding: TopicFile(path, None, findings=(finding,)),
    )


def read_thread(data: bytes, path: str, settings: DigestSettings, engine: BodyEngine) -> ThreadFile:
    """A thread from the bytes of its file, within the digest's time limit."""
    return within_limit(
        lambda: _read_thread(data, path, settings, engine),
        path,
        settings,
        lambda finding: ThreadFile(path, None, findings=(finding,)),
    )


def _read_topic(data: bytes, path: str, settings: DigestSettings, engine: BodyEngine) -> TopicFile:
    front, typed, findings = typed_front(data, path, settings, "topic")
    if front is None or typed is None or has_error(findings):
        return TopicFile(path, None, findings=tuple(findings))
    name = text(typed, "name")
    story = Story(path, text(typed, "slug"), name, None)
    story, about_slug = with_slug(story, typed.places, of="name")
    findings += about_slug
    body = body_of(front, story, settings, engine, findings) if front.body else EMPTY
    if has_error(findings):
        return TopicFile(path, None, findings=tuple(findings))
    topic = Topic(
        slug=story.slug,
        label=name,
        description=text(typed, "description"),
        aliases=texts(typed, "aliases"),
        parent=text(typed, "parent"),
        pinned=texts(typed, "pinned"),
        media_topic=text(typed, "media_topic"),
        curated=True,
        path=path,
    )
    return TopicFile(
        path, topic, body, tuple(findings), places_of(typed.places), ignores_in(front.source, front.source_line)
    )


def _read_thread(data: bytes, path: str, settings: DigestSettings, engine: BodyEngine) -> ThreadFile:
    front, typed, findings = typed_front(data, path, settings, "thread")
    if front is None or typed is None or has_error(findings):
        return ThreadFile(path, None, findings=tuple(findings))
    story = Story(path, text(typed, "slug") or slugify(stem(path)), text(typed, "name"), None)
    story, about_slug = with_slug(story, typed.places, of="name")
    findings += about_slug
    body = body_of(front, story, settings, engine, findings) if front.body else EMPTY
    if has_error(findings):
        return ThreadFile(path, None, findings=tuple(findings))
    thread = Thread(
        slug=story.slug,
        name=story.title,
        description=text(typed, "description"),
        closed=typed.values.get("status") == "closed",
        path=path,
    )
    return ThreadFile(
        path, thread, body, tuple(findings), places_of(typed.places), ignores_in(front.source, front.source_line)
    )
