"""What does the content folder hold now?

Reads its files (safely, several at once) and assembles the digest that they make. The build, the desk's commands and
the live preview all begin here.
"""

import shlex
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, TypeVar

from alsoread.diagnostics import Diagnostic
from alsoread.memory import FileMemory, Memory
from alsoread.news.addresses import Addresses
from alsoread.news.body import BodyEngine
from alsoread.news.digest import Digest, Files, Relating, assemble
from alsoread.news.storyfile import Kind, StoryFile, read_story
from alsoread.news.topicfile import ThreadFile, TopicFile, read_thread, read_topic
from alsoread.press.collecting import uncollected
from alsoread.press.files import FileRefused, read_regular, suffix, walk
from alsoread.press.pool import as_ready, processes
from alsoread.settings import DigestSettings
from alsoread.story import Body

__all__ = [
    "MARKDOWN_ENDINGS",
    "Folders",
    "Overlay",
    "Paths",
    "Progress",
    "about_statics",
    "paths_in",
    "read_archive",
    "read_each",
    "read_lists",
    "refused_static",
]

MARKDOWN_ENDINGS: Final = frozenset({"md", "markdown", "mkd", "mdown"})
_OTHER_ENDINGS: Final = frozenset({"rst", "html", "htm", "adoc", "asciidoc", "org", "textile", "ipynb"})
_READ: Final = tuple(f".{ending}" for ending in sorted(MARKDOWN_ENDINGS))
_ALL: Final = tuple(f".{ending}" for ending in sorted(MARKDOWN_ENDINGS | _OTHER_ENDINGS))

Progress = Callable[[str, int, int], None]
"""Told the name of a stage, how much of it is done, and how much there is."""

Overlay = Mapping[str, bytes]
"""By path, the bytes of files that are read from there and not from the disk."""

T = TypeVar("T")
_NOTHING: Final[Overlay] = {}
# so many files are read before what they give is handed over
_AT_ONCE: Final = 4096


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


@dataclass(frozen=True, slots=True)
class Paths:
    """The files of a content folder by what they are, and what is wrong with those that are none of it."""

    stories: Sequence[str]
    pages: Sequence[str]
    topics: Sequence[str]
    threads: Sequence[str]
    findings: Sequence[Diagnostic] = ()


def paths_in(folders: Folders) -> Paths:
    """Which files of a content folder are read."""
    findings: list[Diagnostic] = []
    not_stories = (*folders.pages, *folders.topics, *folders.threads, *folders.exclude)
    not_pages = (*folders.topics, *folders.threads, *folders.page_exclude)
    return Paths(
        _paths(folders, folders.stories, not_stories, findings),
        _paths(folders, folders.pages, not_pages, findings),
        _paths(folders, folders.topics, (), findings),
        _paths(folders, folders.threads, (), findings),
        findings,
    )


def read_archive(
    folders: Folders,
    settings: DigestSettings,
    markdown: Mapping[str, Any],
    addresses: Addresses,
    *,
    progress: Progress = lambda stage, done, total: None,
    memory: FileMemory[StoryFile] | None = None,
    relating: Relating | None = None,
) -> Digest:
    """The digest in a content folder, with a finding for every file that could not be part of it.

    ``markdown`` is Pelican's setting of that name; ``memory`` knows what files gave that were read before, and
    ``relating`` finds related stories. Nothing a file holds raises.
    """
    paths = paths_in(folders)
    engine = BodyEngine(markdown, settings.body_engine)

    def read(kind: Kind, of_kind: Sequence[str]) -> list[StoryFile]:
        return read_each(
            folders.root,
            of_kind,
            settings,
            lambda data, path: read_story(data, path, settings, engine, kind),
            lambda path, finding: StoryFile(path, None, Body((), "", ""), (finding,)),
            progress=progress,
            memory=memory.of(kind) if memory is not None else None,
        )

    story_files, page_files = read("story", paths.stories), read("page", paths.pages)
    topics, threads = read_lists(folders.root, paths, settings, engine)
    progress("Linking stories", 0, 1)
    with uncollected():
        digest = assemble(Files(story_files, page_files, topics, threads), settings, addresses, relating=relating)
    progress("Linking stories", 1, 1)
    return _with_findings(digest, paths.findings)


def read_lists(
    root: str,
    paths: Paths,
    settings: DigestSettings,
    engine: BodyEngine,
    *,
    overlay: Overlay = _NOTHING,
) -> tuple[list[TopicFile], list[ThreadFile]]:
    """The files of topics and of threads."""
    topics = [
        read_topic(given, path, settings, engine)
        if isinstance(given, bytes)
        else TopicFile(path, None, findings=(given,))
        for path, given in _read_all(root, paths.topics, settings, overlay)
    ]
    threads = [
        read_thread(given, path, settings, engine)
        if isinstance(given, bytes)
        else ThreadFile(path, None, findings=(given,))
        for path, given in _read_all(root, paths.threads, settings, overlay)
    ]
    return topics, threads


def _paths(folders: Folders, where: Sequence[str], exclude: Sequence[str], findings: list[Diagnostic]) -> Sequence[str]:
    found = walk(
        folders.root,
        where,
        wanted=lambda path: path.lower().endswith(_ALL),
        exclude=[folder for folder in exclude if folder not in where],
        ignore=folders.ignore,
    )
    findings += found.findings
    read = [path for path in found.paths if path.lower().endswith(_READ)]
    for path in found.paths if len(read) < len(found.paths) else ():
        if suffix(path) in _OTHER_ENDINGS:
            message = f"a digest reads Markdown; '.{suffix(path)}' files are passed over"
            hint = shlex.join(["mv", "--", path, f"{path.rpartition('.')[0]}.md"])
            findings.append(Diagnostic(path, 0, 0, "AR007", message, hint))
    return read


def read_each(
    root: str,
    paths: Sequence[str],
    settings: DigestSettings,
    read: Callable[[bytes, str], T],
    lost: Callable[[str, Diagnostic], T],
    *,
    progress: Progress = lambda stage, done, total: None,
    memory: Memory[T] | None = None,
    overlay: Overlay = _NOTHING,
) -> list[T]:
    """What ``read`` makes of the bytes of each file, in several processes, or made of them before (``memory``).

    ``lost`` makes something of a file that cannot be read, or that brought down the process that read it. ``overlay``
    has the bytes of files that are to be read from there and not from the disk.
    """
    known: dict[str, T] = {}
    if memory is not None:
        with uncollected():
            known = memory.unchanged(root, [path for path in paths if path not in overlay] if overlay else paths)
    count = len(known)

    def done(more: int) -> None:
        nonlocal count
        count += more
        progress("Reading stories", count, len(paths))

    changed = [path for path in paths if path not in known]
    # not all at once: what is read is let go of again
    for begin in range(0, len(changed), _AT_ONCE):
        unread: list[tuple[str, bytes]] = []
        for path, given in _read_all(root, changed[begin : begin + _AT_ONCE], settings, overlay):
            before = memory.get(path, given) if memory is not None and isinstance(given, bytes) else None
            if before is not None:
                known[path] = before
            elif isinstance(given, bytes):
                unread.append((path, given))
                continue
            else:
                known[path] = lost(path, given)
            done(1)
        known |= _read_now(unread, settings, read, lost, memory, done)
    return [known[path] for path in paths]


def _read_now(
    unread: Sequence[tuple[str, bytes]],
    settings: DigestSettings,
    read: Callable[[bytes, str], T],
    lost: Callable[[str, Diagnostic], T],
    memory: Memory[T] | None,
    done: Callable[[int], None],
) -> dict[str, T]:
    """What files give that are not known, in several processes."""

    def made(item: tuple[str, bytes]) -> Any:
        result = read(item[1], item[0])
        return memory.packed(result) if memory is not None else result

    known: dict[str, T] = {}
    for number, result in as_ready(made, unread, jobs=processes(settings.jobs)):
        path, data = unread[number]
        if result is None:
            known[path] = lost(path, _crashed(path))
        else:
            known[path] = memory.put(path, data, result) if memory is not None else result
        done(1)
    return known


def _read_all(
    root: str, paths: Sequence[str], settings: DigestSettings, overlay: Overlay
) -> Iterable[tuple[str, bytes | Diagnostic]]:
    """The bytes of each file, or why they cannot be had."""
    for path in paths:
        try:
            yield path, overlay[path] if path in overlay else read_regular(root, path, settings.max_bytes)
        except FileRefused as refused:
            yield path, refused.finding


def about_statics(
    folders: Folders, static: Sequence[str], settings: DigestSettings, named: Container[str]
) -> list[Diagnostic]:
    """What is wrong with the files that are to be published as they are: links, and types that are not published.

    ``static`` are their folders; files that are ``named`` are published whatever their type.
    """
    found = walk(folders.root, static, wanted=lambda path: True, ignore=folders.ignore)
    refused = (path for path in found.paths if suffix(path) not in settings.static_types and path not in named)
    # a story that lies among the pictures is no picture
    return [*found.findings, *(refused_static(path) for path in refused if suffix(path) not in MARKDOWN_ENDINGS)]


def refused_static(path: str) -> Diagnostic:
    """A file that is not published, because of its type."""
    message = f"static files of the type '.{suffix(path)}' are not published"
    hint = f"name it in EXTRA_PATH_METADATA, or add '{suffix(path)}' to ALSOREAD_STATIC_TYPES"
    return Diagnostic(path, 0, 0, "AR008", message, hint)


def _crashed(path: str) -> Diagnostic:
    message = "reading the story brought its process down"
    return Diagnostic(path, 0, 0, "AR901", message, "take the story out, and report it with the file")


def _with_findings(digest: Digest, findings: Sequence[Diagnostic]) -> Digest:
    return replace(digest, findings=tuple(sorted({*digest.findings, *findings})))
