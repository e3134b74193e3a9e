"""What is wrong with the content folder of a digest?

The same reading and the same assembling as for a build, then the rules. Nothing is rendered and nothing is written.
"""

import os
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from alsoread.archive import (
    MARKDOWN_ENDINGS,
    Folders,
    Overlay,
    Progress,
    about_statics,
    paths_in,
    read_each,
    read_lists,
)
from alsoread.desk.check.examine import Examined, examine, lost, own_findings
from alsoread.desk.check.found import Found
from alsoread.desk.check.rule import ArchiveRule
from alsoread.desk.check.rules import ARCHIVE_RULES
from alsoread.desk.check.subject import Archive
from alsoread.diagnostics import Diagnostic
from alsoread.memory import Memory
from alsoread.news.addresses import Addresses
from alsoread.news.body import BodyEngine
from alsoread.news.digest import Digest, Files, assemble
from alsoread.news.gone import would_die
from alsoread.news.ledger import EMPTY, Ledger, Live
from alsoread.news.places import placed
from alsoread.news.storyfile import Kind, StoryFile
from alsoread.press.files import suffix
from alsoread.press.stamps import APART
from alsoread.settings import DigestSettings

__all__ = ["Site", "Verdict", "check", "standing"]

_NOTHING: Final[Overlay] = {}


@dataclass(frozen=True, slots=True)
class Site:
    """What is checked: the folders, and the settings that decide how they are read.

    ``static`` are folders of files that are published as they are, and ``named`` files that are whatever their type;
    ``ledger`` is what was published before, ``live`` tells which addresses a digest has now, and ``moved`` for which
    files besides servers can answer, ``expired`` which may be gone with stories that have expired;
    for the rest see :class:`Archive`.
    """

    folders: Folders
    settings: DigestSettings
    markdown: Mapping[str, Any]
    addresses: Addresses
    static: tuple[str, ...] = ()
    named: frozenset[str] = frozenset()
    list_folders: frozenset[str] = frozenset()
    elsewhere: frozenset[str] = frozenset()
    ledger: Ledger = EMPTY
    live: Callable[[Digest], tuple[Live, ...]] = lambda digest: ()
    moved: Callable[[Digest], frozenset[str]] = lambda digest: frozenset()
    expired: Callable[[Digest], Collection[str]] = lambda digest: ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """All findings that are told, in the order of files and lines, the archive that they are about, and all that was
    found; how many stories and pages were ``read`` for it.
    """

    findings: tuple[Diagnostic, ...]
    archive: Archive
    found: Found
    read: int

    @property
    def files(self) -> int:
        """How many files were read."""
        return len(self.archive.digest.places)


def check(
    site: Site,
    *,
    about_settings: Sequence[Diagnostic] = (),
    overlay: Overlay = _NOTHING,
    memory: Mapping[Kind, Memory[Examined]] | None = None,
    progress: Progress = lambda stage, done, total: None,
) -> Verdict:
    """Every finding about a site, but for those that somebody decided not to hear of.

    ``about_settings`` are findings made before; ``overlay`` has the bytes of files that are to be judged by those and
    not by what the disk holds.
    """
    # related stories are no matter of right and wrong, and take longer than all the rest
    settings, folders = replace(site.settings, related=0), site.folders
    paths = paths_in(folders)
    engine = BodyEngine(site.markdown, site.settings.body_engine)

    def read(kind: Kind, of_kind: Sequence[str]) -> list[Examined]:
        return read_each(
            folders.root,
            of_kind,
            settings,
            lambda data, path: examine(data, path, settings, engine, kind),
            lost,
            progress=progress,
            memory=memory[kind] if memory is not None else None,
            overlay=overlay,
        )

    stories, pages = read("story", paths.stories), read("page", paths.pages)
    topics, threads = read_lists(folders.root, paths, settings, engine, overlay=overlay)
    # what files say themselves is apart from what is found between them
    files = Files([_alone(each) for each in stories], [_alone(each) for each in pages], topics, threads)
    digest = assemble(files, settings, site.addresses, for_pages=False)
    own = {each.file.path: findings for each in (*stories, *pages) if (findings := own_findings(each))}
    archive = Archive(
        digest=digest,
        stories={each.file.path: each.file.story for each in stories if each.file.story is not None},
        pages={each.file.path: each.file.story for each in pages if each.file.story is not None},
        cards={each.file.path: each.card for each in (*stories, *pages) if each.card is not None},
        settings=settings,
        files=_files_below(folders.root),
        address_of=site.addresses.of_story,
        page_address_of=site.addresses.of_page,
        is_reserved=site.addresses.is_reserved,
        site=site.addresses.site,
        static=site.static,
        list_folders=site.list_folders,
        elsewhere=site.elsewhere,
    )
    about_site = [*about_settings, *site.ledger.findings, *paths.findings, *digest.findings, *_lost(site, archive)]
    about_site += about_statics(folders, site.static, settings, site.named)
    about_site += placed((finding for rule in ARCHIVE_RULES for finding in _asked(rule, archive)), digest.places)
    found = Found(tuple(about_site), own, digest.ignores)
    return Verdict(found.told(settings), archive, found, len(stories) + len(pages))


def _alone(examined: Examined) -> StoryFile:
    file = examined.file
    return replace(file, findings=()) if file.findings else file


def standing(site: Site, archive: Archive, live: Iterable[Live]) -> Callable[[str], bool]:
    """At which files something stands, of a site with these addresses. What only a build can make counts as made."""
    there = {each.file for each in live} | site.moved(archive.digest)
    return lambda file: file in there or archive.is_static(file) or file.casefold() in archive.elsewhere


def _lost(site: Site, archive: Archive) -> Sequence[Diagnostic]:
    """The published addresses that would lead nowhere."""
    if not site.ledger.entries:
        return ()
    digest = archive.digest
    live = site.live(digest)
    stands = standing(site, archive, live)
    return would_die(site.ledger, stands, live, digest.unseen, site.expired(digest), digest.broken)


def _asked(rule: ArchiveRule, archive: Archive) -> Sequence[Diagnostic]:
    """What a rule finds. One that fails must not make the verdict milder, nor take those of the others with it."""
    try:
        return tuple(rule.check(archive))
    except Exception as error:  # noqa: BLE001 - whatever a rule makes of hostile files
        said = " ".join(str(error).split())[:200]
        message = f"the rule of {rule.CODE} cannot judge these files: {type(error).__name__}: {said}"
        return (Diagnostic(archive.settings.places.source, 0, 0, "AR902", message, "report it with the files"),)


def _files_below(root: str) -> dict[str, int]:
    """All regular files of the content folder, with their sizes (those of texts are of no interest, and 0); but for
    those of folders that hold nothing of a site.

    No symbolic link is followed.
    """
    found: dict[str, int] = {}
    folders = [""]
    while folders:
        folder = folders.pop()
        with os.scandir(os.path.join(root, folder)) as entries:
            for entry in entries:
                path = f"{folder}/{entry.name}" if folder else entry.name
                if entry.is_dir(follow_symlinks=False):
                    if entry.name not in APART:
                        folders.append(path)
                elif entry.is_file(follow_symlinks=False):
                    is_text = suffix(entry.name) in MARKDOWN_ENDINGS
                    found[path] = 0 if is_text else entry.stat(follow_symlinks=False).st_size
    return found
