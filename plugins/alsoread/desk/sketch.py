"""What does a digest hold, when only its words and topics are asked for?

The same stories as those of ``archive.read_archive``, at a third of the time: the bodies are read as plain text with
their marks taken out, and not made into HTML. There are no related stories and no cross-links.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from alsoread.archive import Folders
from alsoread.desk.shelf import read_markdown
from alsoread.news.addresses import Addresses
from alsoread.news.body import LEAD_LENGTH, BodyEngine, Rendered
from alsoread.news.digest import Digest, Files, assemble
from alsoread.news.storyfile import Kind, StoryFile, read_story
from alsoread.news.topicfile import read_topic
from alsoread.settings import DigestSettings
from alsoread.story import Body, Story

__all__ = ["read_sketch", "without_marks"]

# elements and comments, addresses of links and pictures, definitions of references, Liquid's marks, signs of emphasis
_MARKS: Final = re.compile(
    r"<!--[^<>]*-->|</?[A-Za-z][^<>]*>|(?<=\])\([^()\s]*(?:\s+\"[^\"\n]*\")?\)|^[ ]{0,3}\[[^\]\n]+\]:.*$"
    r"|\{[%{][^{}\n]*[%}]\}|^[ ]{0,3}(?:`{3}|~{3}).*$|[*`#>|\[\]]|!(?=\[)|(?<!\w)_+|_+(?!\w)",
    re.MULTILINE,
)
_NOTHING: Final = Body((), "", "")


class _PlainEngine(BodyEngine):
    """Takes the words of a text as they are."""

    def __init__(self) -> None:
        super().__init__({})

    def render(self, text: str, *, labels: tuple[str, ...], summary: str = "", first_line: int = 1) -> Rendered:
        plain = without_marks(text)
        return Rendered(Body((), plain, plain[:LEAD_LENGTH]), ())


def read_sketch(folders: Folders, settings: DigestSettings, addresses: Addresses) -> tuple[Digest, tuple[Story, ...]]:
    """The digest in a content folder, its bodies as text only, and all stories, drafts among them, by their paths."""
    engine = _PlainEngine()
    apart = (*folders.pages, *folders.topics, *folders.threads, *folders.exclude)
    page_apart = (*folders.topics, *folders.threads, *folders.page_exclude)
    stories = _story_files(folders, folders.stories, apart, "story", settings, engine)
    pages = _story_files(folders, folders.pages, page_apart, "page", settings, engine)
    texts = read_markdown(folders, folders.topics, (), settings.max_bytes)
    topics = [read_topic(data, path, settings, engine) for path, data in texts if isinstance(data, bytes)]
    # two stories are never compared without their words, which is what takes long
    bare = [replace(file, body=_NOTHING) for file in stories]
    digest = assemble(Files(bare, pages, topics), replace(settings, related=0), addresses)
    everything = tuple(file.story for file in stories if file.story)
    return replace(digest, bodies={file.path: file.body for file in (*stories, *pages)}), everything


def without_marks(text: str) -> str:
    """The words of a Markdown text on one line."""
    return " ".join(_MARKS.sub(" ", text).split())


def _story_files(
    folders: Folders,
    where: Sequence[str],
    apart: Sequence[str],
    kind: Kind,
    settings: DigestSettings,
    engine: BodyEngine,
) -> list[StoryFile]:
    # what cannot be read is for `build` and `check` to say
    texts = read_markdown(folders, where, apart, settings.max_bytes)
    return [read_story(data, path, settings, engine, kind) for path, data in texts if isinstance(data, bytes)]
