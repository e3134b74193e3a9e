"""What does the content folder hold now?

Reads its files (safely, several at once) and assembles the digest that they make. The build, the desk's commands and
the live preview all begin here.
"""

import shlex
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from alsoread.diagnostics import Diagnostic
from alsoread.news.body import BodyEngine
from alsoread.news.digest import Addresses, Digest, Files, assemble
from alsoread.news.storyfile import Kind, StoryFile, read_story
from alsoread.news.topicfile import ThreadFile, TopicFile, read_thread, read_topic
from alsoread.press.files import FileRefused, read_regular, suffix, walk
from alsoread.press.parses import has_local_extensions, markdown_sources
from alsoread.press.plain import Plain
from alsoread.press.pool import processes, run_over
from alsoread.press.store import Store
from alsoread.press.told import told_setting
from alsoread.press.values import Untold, digest
from alsoread.settings import DigestSettings
from alsoread.story import Body, Contributor, Correction, CrossLink, Image, Link, Source, Story

__all__ = ["MARKDOWN_ENDINGS", "Folders", "Progress", "StoryMemory", "read_archive"]

MARKDOWN_ENDINGS: Final = frozenset({"md", "markdown", "mkd", "mdown"})
_OTHER_ENDINGS: Final = frozenset({"rst", "html", "htm", "adoc", "asciidoc", "org", "textile", "ipynb"})

Progress = Callable[[str, int, int], None]
"""Told the name of a stage, how much of it is done, and how much there is."""


_PLAIN: Final = Plain(StoryFile, Story, Body, CrossLink, Source, Correction, Link, Image, Contributor, Diagnostic)


# the settings that what a file gives depends on
_DECIDE: Final = ("labels", "extra_fields", "time_limit", "timezone", "lang", "max_bytes")


class StoryMemory:
    """What story files gave the last time, kept in the press's store under their bytes and all that else decides it.

    ``recipe`` stands for the tools and plugins, ``markdown`` is Pelican's setting of that name.
    """

    def __init__(self, store: Store, recipe: str, settings: DigestSettings, markdown: Mapping[str, Any]) -> None:
        self._store = store
        self._used: set[str] = set()
        self.read = 0
        told = [
            f"{name}={sorted(value) if isinstance(value, frozenset) else value!r}"
            for name in _DECIDE
            for value in [getattr(settings, name)]
        ]
        self._scope = ""
        if has_local_extensions({"MARKDOWN": markdown}):
            return
        try:
            self._scope = digest(recipe, told_setting(markdown), *told, *markdown_sources({"MARKDOWN": markdown}))
        except Untold:
            # some extension of Markdown's holds what cannot be told: nothing is known of it
            return

    def get(self, kind: str, path: str, data: bytes) -> StoryFile | None:
        """What a file with these bytes gave."""
        name = digest(self._scope, kind, path, data)
        written = self._store.get("story", name) if self._scope else None
        if written is None:
            self.read += 1
            return None
        try:
            file = _PLAIN.read(written)
        except (ValueError, LookupError, TypeError):
            return None
        self._used.add(name)
        return file if isinstance(file, StoryFile) else None

    def put(self, kind: str, path: str, data: bytes, file: StoryFile) -> None:
        """Remember what a file gave; but not that it took too long, which may be the machine's doing."""
        if not self._scope or any(finding.code == "AR201" for finding in file.findings):
            return
        name = digest(self._scope, kind, path, data)
        try:
            self._store.put("story", name, _PLAIN.written(file))
        except (Untold, UnicodeEncodeError):
            return
        self._used.add(name)

    def close(self) -> None:
        """Forget what no file of this reading gave."""
        self._store.keep_only("story", self._used)


@dataclass(frozen=True, slots=True)
class Folders:
    """Which folders below ``root`` hold what; ``exclude`` are not searched for stories, ``ignore`` patterns never."""

    root: str
    stories: tuple[str, ...] = ("",)
    pages: tuple[str, ...] = ("pages",)
    topics: tuple[str, ...] = ("topics",)
    threads: tuple[str, ...] = ("threads",)
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
    memory: "StoryMemory | None" = None,
) -> Digest:
    """The digest in a content folder, with a finding for every file that could not be part of it.

    ``markdown`` is Pelican's setting of that name; ``memory`` knows what files gave that were read before. Nothing a
    file holds raises.
    """
    findings: list[Diagnostic] = []
    not_stories = (*folders.pages, *folders.topics, *folders.threads, *folders.exclude)
    stories = _paths(folders, folders.stories, not_stories, findings)
    pages = _paths(folders, folders.pages, (*folders.topics, *folders.threads, *folders.page_exclude), findings)
    topics = _paths(folders, folders.topics, (), findings)
    threads = _paths(folders, folders.threads, (), findings)
    story_files = _read_stories(folders.root, stories, "story", settings, markdown, progress, memory)
    page_files = _read_stories(folders.root, pages, "page", settings, markdown, progress, memory)
    engine = BodyEngine(markdown)
    topic_files = [
        read_topic(given, path, settings, engine)
        if isinstance(given, bytes)
        else TopicFile(path, None, findings=(given,))
        for path, given in _read_all(folders.root, topics, settings)
    ]
    thread_files = [
        read_thread(given, path, settings, engine)
        if isinstance(given, bytes)
        else ThreadFile(path, None, findings=(given,))
        for path, given in _read_all(folders.root, threads, settings)
    ]
    progress("Linking stories", 0, 1)
    digest = assemble(Files(story_files, page_files, topic_files, thread_files), settings, addresses)
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
    memory: "StoryMemory | None",
) -> list[StoryFile]:
    engine = BodyEngine(markdown)
    known: dict[str, StoryFile] = {}
    unread: list[tuple[str, bytes]] = []
    for path in paths:
        try:
            data = read_regular(root, path, settings.max_bytes)
        except FileRefused as refused:
            known[path] = StoryFile(path, None, Body((), "", ""), (refused.finding,))
            continue
        found = memory.get(kind, path, data) if memory is not None else None
        if found is not None:
            known[path] = found
        else:
            unread.append((path, data))
    count = len(paths) - len(unread)

    def done(more: int) -> None:
        nonlocal count
        count += more
        progress("Reading stories", count, len(paths))

    files = run_over(
        lambda item: read_story(item[1], item[0], settings, engine, kind),
        unread,
        jobs=processes(settings.jobs),
        done=done,
    )
    for (path, data), file in zip(unread, files, strict=True):
        known[path] = file or _crashed(path)
        if memory is not None and file is not None:
            memory.put(kind, path, data, file)
    return [known[path] for path in paths]


def _read_all(root: str, paths: Sequence[str], settings: DigestSettings) -> Iterable[tuple[str, bytes | Diagnostic]]:
    """The bytes of each file, or why they cannot be had."""
    for path in paths:
        try:
            yield path, read_regular(root, path, settings.max_bytes)
        except FileRefused as refused:
            yield path, refused.finding


def _crashed(path: str) -> StoryFile:
    message = "reading the story brought its process down"
    finding = Diagnostic(path, 0, 0, "AR901", message, "take the story out, and report it with the file")
    return StoryFile(path, None, Body((), "", ""), (finding,))


def _with_findings(digest: Digest, findings: Sequence[Diagnostic]) -> Digest:
    return replace(digest, findings=tuple(sorted({*digest.findings, *findings})))
