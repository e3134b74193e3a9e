"""One file read as the build reads it, with no site around it: `read(story(body="..."))`."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from alsoread.diagnostics import Diagnostic
from alsoread.news.body import BodyEngine
from alsoread.news.storyfile import Kind, StoryFile, read_story
from alsoread.news.topicfile import TopicFile, read_topic
from alsoread.settings import DigestSettings, read_settings

NOW = datetime(2026, 1, 31, 12, tzinfo=UTC)

# what Pelican has by default
MARKDOWN: dict[str, Any] = {
    "extension_configs": {
        "markdown.extensions.codehilite": {"css_class": "highlight"},
        "markdown.extensions.extra": {},
        "markdown.extensions.meta": {},
    },
    "output_format": "html5",
}
ENGINE = BodyEngine(MARKDOWN)

GOOD = "title: A headline\ndate: 2026-01-31\ntags: [Ports]"


def settings(**given: Any) -> DigestSettings:
    """The default settings, with other values for some fields (`settings(time_limit=0.5)`)."""
    return replace(read_settings({}, clock=NOW)[0], **given)


def story(front: str = GOOD, body: str = "A paragraph of text.") -> str:
    """A story's file. The front matter begins on line 2; with one of n lines, the body on line n + 4."""
    return f"---\n{front}\n---\n\n{body}\n"


def read(text: str | bytes, *, path: str = "a.md", kind: Kind = "story", **given: Any) -> StoryFile:
    data = text.encode() if isinstance(text, str) else text
    return read_story(data, path, settings(**given), ENGINE, kind)


def read_as_topic(text: str | bytes, *, path: str = "topics/a.md") -> TopicFile:
    return read_topic(text.encode() if isinstance(text, str) else text, path, settings(), ENGINE)


def places(findings: tuple[Diagnostic, ...] | list[Diagnostic]) -> list[tuple[str, int, int]]:
    """Code, line and column of each finding."""
    return [(finding.code, finding.line, finding.column) for finding in findings]
