"""What does the content folder hold now?

Reads its files (safely, several at once) and assembles the digest that they make. The build, the desk's commands and
the live preview all begin here.
"""

import shlex
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from alsoread.diagnostics import Diagnostic
from alsoread.news.body import BodyEngine
from alsoread.news.digest import Addresses, Digest, assemble
from alsoread.news.storyfile import Kind, StoryFile, TopicFile, read_story, read_topic
from alsoread.press.files import FileRefused, read_regular, suffix, walk
from alsoread.press.pool import processes, run_over
from alsoread.settings import DigestSettings
from alsoread.story import Body

__all__ = ["MARKDOWN_ENDINGS", "Folders", "Progress", "read_archive"]

MARKDOWN_ENDINGS: Final = frozenset({"md", "markdown", "mkd", "mdown"})
_OTHER_ENDINGS: Final = frozenset({"rst", "html", "htm", "adoc", "asciidoc", "org", "textile", "ipynb"})

Progress = Callable[[str, int, int], None]
"""Told the name of a stage, how much of it is done, and how much there is."""


@dataclass(frozen=True, slots=True)
class Folders:
    """Which folders below ``root`` hold what; ``exclude`` are not searched for stories, ``ignore`` patterns never."""

    root: str
    stories: tuple[str, ...] = ("",)
    pages: tuple[str, ...] = ("pages",)
    topics: tuple[str, ...] = ("topics",)
    exclude: tuple[str, ...] = ()
    page_exclude: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()


def read_archive(
    folders: Folders,
    settings: DigestSettings,
    markdown: Mapping[str, Any],
    addresses: Addresses,
    *,
    progress: Progress = lambda stage, done, total: None,
) -> Digest:
    """The digest in a content folder, with a finding for every file that could not be part of it.

    ``markdown`` is Pelican's setting of that name. Nothing a file holds raises.
    """
    findings: list[Diagnostic] = []
    not_stories = (*folders.pages, *folders.topics, *folders.exclude)
    stories = _paths(folders, folders.stories, not_stories, findings)
    pages = _paths(folders, folders.pages, (*folders.topics, *folders.page_exclude), findings)
    topics = _paths(folders, folders.topics, (), findings)
    story_files = _read_stories(folders.root, stories, "story", settings, markdown, progress)
    page_files = _read_stories(folders.root, pages, "page", settings, markdown, progress)
    topic_files = _read_topics(folders.root, topics, settings, markdown)
    progress("Linking stories", 0, 1)
    digest = assemble(story_files, page_files, topic_files, settings, addresses)
    progress("Linking stories", 1, 1)
    return _with_findings(digest, findings)


def _paths(folders: Folders, where: Sequence[str], exclude: Sequence[str], findings: list[Diagnostic]) -> Sequence[str]:
    found = walk(
        folders.root,
        where,
        wanted=lambda path: suffix(path) in MARKDOWN_ENDINGS | _OTHER_ENDINGS,
        exclude=[folder for folder in exclude if folder not in where],
        ignore=folders.ignore,
    )
    findings += found.findings
    for path in found.paths:
        if suffix(path) in _OTHER_ENDINGS:
            message = f"a digest reads Markdown; '.{suffix(path)}' files are passed over"
            hint = shlex.join(["mv", "--", path, f"{path.rpartition('.')[0]}.md"])
            findings.append(Diagnostic(path, 0, 0, "AR007", message, hint))
    return [path for path in found.paths if suffix(path) in MARKDOWN_ENDINGS]


def _read_stories(
    root: str,
    paths: Sequence[str],
    kind: Kind,
    settings: DigestSettings,
    markdown: Mapping[str, Any],
    progress: Progress,
) -> list[StoryFile]:
    engine = BodyEngine(markdown)
    count = 0

    def read(path: str) -> StoryFile:
        try:
            data = read_regular(root, path, settings.max_bytes)
        except FileRefused as refused:
            return StoryFile(path, None, Body((), "", ""), (refused.finding,))
        return read_story(data, path, settings, engine, kind)

    def done(more: int) -> None:
        nonlocal count
        count += more
        progress("Reading stories", count, len(paths))

    files = run_over(read, paths, jobs=processes(settings.jobs), done=done)
    return [file or _crashed(path) for path, file in zip(paths, files, strict=True)]


def _read_topics(
    root: str, paths: Sequence[str], settings: DigestSettings, markdown: Mapping[str, Any]
) -> list[TopicFile]:
    engine = BodyEngine(markdown)
    files = []
    for path in paths:
        try:
            data = read_regular(root, path, settings.max_bytes)
        except FileRefused as refused:
            files.append(TopicFile(path, None, (refused.finding,)))
        else:
            files.append(read_topic(data, path, settings, engine))
    return files


def _crashed(path: str) -> StoryFile:
    message = "reading the story brought its process down"
    finding = Diagnostic(path, 0, 0, "AR901", message, "take the story out, and report it with the file")
    return StoryFile(path, None, Body((), "", ""), (finding,))


def _with_findings(digest: Digest, findings: Sequence[Diagnostic]) -> Digest:
    return replace(digest, findings=tuple(sorted({*digest.findings, *findings})))
