"""What do the files of the stories and topics say, letter by letter?

For what changes them: also those of drafts and of stories that a build would leave out.
"""

import posixpath
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import cast

from alsoread.archive import MARKDOWN_ENDINGS, Folders
from alsoread.desk.rewrite import front_matter, items_in
from alsoread.diagnostics import Diagnostic
from alsoread.news.body import BodyEngine
from alsoread.news.characters import decode
from alsoread.news.fields import load_schema, type_fields
from alsoread.news.frontmatter import read_front_matter
from alsoread.news.names import cut_slug, slugify
from alsoread.news.topicfile import read_topic
from alsoread.news.topics import Vocabulary, vocabulary
from alsoread.press.files import FileRefused, read_regular, suffix, walk
from alsoread.settings import DigestSettings
from alsoread.story import Story, Topic

__all__ = ["Shelf", "read_markdown", "read_shelf"]


@dataclass(frozen=True, slots=True)
class Shelf:
    """The texts of the stories and topics of a digest by their paths, and the topics that they make together.

    Drafts, hidden and embargoed stories are among them. New files of topics go to ``folder``, if there is one;
    ``unread`` are findings about files of which nothing is known.
    """

    stories: Mapping[str, str]
    topics: Mapping[str, str]
    told: Vocabulary
    folder: str | None = "topics"
    unread: tuple[Diagnostic, ...] = ()

    def meaning(self, tag: str) -> str:
        """The slug of the topic that a tag means, whether there is such a topic or not."""
        name = slugify(tag)
        return self.told.means.get(name) or cut_slug(name)

    def find(self, name: str) -> Topic | None:
        """The topic of that name."""
        return self.told.topics.get(self.meaning(name))

    def free_path(self, folder: str, slug: str, ending: str = ".md") -> str:
        """A path for a file of a topic that no other file has."""
        taken = {path.casefold() for path in (*self.topics, *(finding.path for finding in self.unread))}
        names = (slug, *(f"{slug}-{number}" for number in range(2, len(taken) + 3)))
        return next(path for name in names if (path := posixpath.join(folder, name + ending)).casefold() not in taken)


def read_shelf(folders: Folders, settings: DigestSettings, engine: BodyEngine) -> Shelf:
    """All stories and topics of a content folder, whether readers may see them or not."""
    apart = (*folders.pages, *folders.topics, *folders.threads, *folders.exclude)
    stories, unread = _texts(folders, folders.stories, apart, settings.max_bytes)
    topics, about_topics = _texts(folders, folders.topics, (), settings.max_bytes)
    unread += about_topics
    found = [read_topic(text.encode(), path, settings, engine) for path, text in topics.items()]
    unread += [finding for file in found if file.topic is None for finding in file.findings if finding.is_error]
    tagged = []
    for path, text in stories.items():
        tagged.append(_tagged(text, path, settings))
        unread += _problem(text, path)
    told = vocabulary([file.topic for file in found if file.topic], tagged)
    return Shelf(stories, topics, told, next(iter(folders.topics), None), tuple(unread))


def read_markdown(
    folders: Folders, where: Sequence[str], apart: Sequence[str], limit: int
) -> Iterator[tuple[str, bytes | Diagnostic]]:
    """The Markdown files below some folders, without those ``apart``; of what cannot be read, why."""
    found = walk(
        folders.root,
        where,
        wanted=lambda path: suffix(path) in MARKDOWN_ENDINGS,
        exclude=[folder for folder in apart if folder not in where],
        ignore=folders.ignore,
    )
    yield from ((finding.path, finding) for finding in found.findings)
    for path in found.paths:
        try:
            yield path, read_regular(folders.root, path, limit)
        except FileRefused as refused:
            yield path, refused.finding


def _texts(
    folders: Folders, where: Sequence[str], apart: Sequence[str], limit: int
) -> tuple[dict[str, str], list[Diagnostic]]:
    texts, unread = {}, []
    for path, data in read_markdown(folders, where, apart, limit):
        if isinstance(data, Diagnostic):
            unread.append(data)
            continue
        try:
            texts[path] = data.decode("utf-8")
        except UnicodeDecodeError:
            unread.append(Diagnostic(path, 0, 0, "AR003", "the file is not UTF-8"))
    return texts, unread


def _problem(text: str, path: str) -> Iterator[Diagnostic]:
    """Why the front matter of a story cannot be read."""
    if front_matter(text) is None:
        decoded, findings = decode(text.encode(), path)
        findings += read_front_matter(decoded, path)[1] if decoded else ()
        yield from (finding for finding in findings if finding.is_error)


def _tagged(text: str, path: str, settings: DigestSettings) -> Story:
    """As much of a story as the names of its topics depend on."""
    front = front_matter(text)
    if front is None:
        return Story(path, path, path, None)
    dated = replace(front.fields, entries=tuple(entry for entry in front.fields.entries if entry[0].text == "date"))
    typed = type_fields(dated, load_schema("story"), path, zone=settings.timezone)
    return Story(path, path, path, cast("datetime | None", typed.values.get("date")), tags=items_in(text, "tags"))
