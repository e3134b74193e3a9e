"""How does a command judge a site?"""

import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final

import alsoread
from alsoread.archive import Overlay, Progress
from alsoread.cli.before import desk_before
from alsoread.cli.checked import NOTE, Told, as_said
from alsoread.cli.desk import Desk, open_desk, shown_folder
from alsoread.cli.progress import shown
from alsoread.cli.unchanged import Asked, seen_in
from alsoread.desk.changes import Changes, as_diff, write_changes
from alsoread.desk.check.examine import Examined, day_of
from alsoread.desk.check.known import known_files
from alsoread.desk.check.mend import FIXES, mend, mendable
from alsoread.desk.check.past import Past, known_past
from alsoread.desk.check.recent import Recent
from alsoread.desk.check.remembered import generation_in, next_generation, remember_found
from alsoread.desk.check.run import Site, Verdict, check
from alsoread.desk.check.since import Before, added, at, content_before, gone
from alsoread.diagnostics import Diagnostic
from alsoread.ledger_beside import ledger_path, read_ledger_beside
from alsoread.memory import FileMemory
from alsoread.news.gone import dropped
from alsoread.news.ignores import without_ignored
from alsoread.news.ledger import Ledger, read_ledger
from alsoread.news.storyfile import KINDS, Kind
from alsoread.press.digests import digest
from alsoread.press.files import FileRefused, read_regular
from alsoread.press.markdown_extensions import extensions_of
from alsoread.press.notes import write_note
from alsoread.press.stamps import NotTold
from alsoread.press.store import Store
from alsoread.press.surroundings import tools, work_folder
from alsoread.press.told import is_local, origin_of, told_or_kind
from alsoread.press.unchanged import Around, Seen, note_of
from alsoread.settings import DigestSettings, read_settings
from alsoread.settings_file import read_places
from alsoread.shelf import is_slow

__all__ = ["Judge", "judge_site", "site_of"]

# settings that say nothing of the content and how it is judged; the instant is looked at by itself
_APART: Final = frozenset({"OUTPUT_PATH", "PATH", "THEME", "CACHE_PATH", "ALSOREAD_NOW", "ALSOREAD_JOBS"})
_NOTHING: Final[Overlay] = {}
_LARGEST: Final = 64 * 1024 * 1024


@contextmanager
def judge_site(
    asked: Asked, content: str | None, settings: str | None, now: str | None, jobs: int
) -> Iterator["Judge"]:
    """The judge of the site that a command names; people are shown how far it goes with what is done in the block."""
    desk = open_desk(content, settings, now, asked.ran)
    with shown() as bar:
        yield Judge.of(desk, settings or "pelicanconf.py", jobs, bar, asked)


@dataclass(frozen=True, slots=True)
class Judge:
    """A site, what is wrong with its settings, and what was made of its files a moment ago. ``seen`` are the inputs of
    the check as they were before they were read, None where that cannot be told; what was known before is of a
    ``generation``.
    """

    site: Site
    about: Sequence[Diagnostic]
    recent: Mapping[Kind, Recent[Examined]]
    known: tuple[Store, FileMemory[Examined]] | None
    desk: Desk
    bar: Progress
    around: Around
    seen: Seen | None
    generation: str

    @classmethod
    def of(cls, desk: Desk, source: str, jobs: int, bar: Progress, asked: Asked) -> "Judge":
        """The judge of a site; ``source`` is the file of the settings, as findings name it."""
        settings, about = read_settings(desk.site, clock=datetime.now(UTC), places=read_places(source, desk.site))
        output = os.path.realpath(str(desk.site["OUTPUT_PATH"]))
        around = _around(asked, desk, settings, work_folder(output))
        seen = seen_in(asked, around) if output == asked.output else None
        site = site_of(desk, replace(settings, jobs=jobs))
        known = known_files(around.work, tools(), desk.root, settings, site.markdown)
        recent = {kind: Recent(known and known[1].of(kind)) for kind in KINDS}
        # before anything is looked up
        generation = generation_in(known[0]) if known is not None else ""
        return cls(site, about, recent, known, desk, bar, around, seen, generation)

    def remember(self) -> str:
        """Keep for the next time what was made of the files; of those that are there no more nothing is kept.

        Gives what tells this from what is kept at other times.
        """
        if self.known is not None:
            store, files = self.known
            if files.close():
                generation = next_generation(store)
                store.save()
                return generation
        return self.generation

    def verdict(self, overlay: Overlay = _NOTHING, *, before: Site | None = None) -> Verdict:
        """What is wrong now, or with other bytes in some files, or was with the site as it was."""
        return check(
            before or self.site, about_settings=self.about, overlay=overlay, memory=self.recent, progress=self.bar
        )

    def told(self, verdict: Verdict, since: str | None) -> Told:
        """What is told of a verdict: all of it, or what was not so at a branch or commit of git's."""
        site, desk = self.site, self.desk
        findings = verdict.findings if since is None else self._added(since, verdict)
        elsewhere = site.settings.places.files | {site.ledger.path}
        fixable: dict[Diagnostic, bool | None] = {each: None for each in findings if each.code in FIXES}
        folders = (str(desk.site["PATH"]), str(desk.site["THEME"]))
        extensions = (name.partition(":")[0] for name in extensions_of(desk.site))
        # those of Markdown's own go with its version
        origins = {name: origin_of(name) for name in ("markdown", *extensions) if not name.startswith("markdown.")}
        paths = tuple(map(str, desk.site["PLUGIN_PATHS"]))
        return Told(verdict.files, desk.root, elsewhere, findings, fixable, folders, origins, paths)

    def tried(self, told: Told, wanted: Sequence[Diagnostic], verdict: Verdict) -> Told:
        """The same, with what is known of repairs for those that are ``wanted``, unless they are too many to try."""
        if told.mendable_among(wanted) is not None:
            return told
        try:
            return replace(told, mendable={**told.mendable, **mendable(wanted, verdict, self._text)})
        except (FileRefused, UnicodeDecodeError):  # changed since it was read
            return told

    def mended(self, verdict: Verdict, is_wanted: Callable[[str], bool]) -> tuple[Changes, Verdict]:
        """What can be put right without asking, and the verdict on that."""
        return mend(verdict, self._text, self.verdict, is_wanted)

    def as_diff(self, changes: Changes) -> str:
        """A patch, with paths as they are seen from here."""
        return as_diff(changes, shown_folder(self.desk.root))

    def write(self, changes: Changes) -> None:
        """Let the files say what they are to say."""
        write_changes(self.desk.root, changes)

    def note(self, asked: Asked, verdict: Verdict, told: Told, generation: str) -> None:
        """Note for the next check what this one gave; no note is left where nobody can know what that depends on."""
        if self.known is None:
            return
        (store, files), around = self.known, self.around
        # what is not remembered of a file may have been the machine's doing, and so may what takes too long
        lasts = (
            self.desk.is_quiet and files.is_told and len(files.marks) == verdict.read and not is_slow(verdict.found.all)
        )
        write_note(around.work, None, NOTE)
        if not lasts or self.seen is None:
            return
        told = replace(told, key=os.urandom(8).hex())
        with suppress(NotTold, OSError):
            note = note_of(
                around,
                self.seen,
                begun=asked.begun,
                until=verdict.archive.digest.until,
                day=datetime.fromtimestamp(asked.begun / 1e9, UTC).date().isoformat(),
                code=_code(told.origins),
                known={},
                said=as_said(told),
            )
            remember_found(store, told.key, generation, verdict.found)
            store.save()
            write_note(around.work, note, NOTE)

    def _text(self, path: str) -> str:
        return read_regular(self.desk.root, path, _LARGEST).decode()

    def _added(self, reference: str, verdict: Verdict) -> tuple[Diagnostic, ...]:
        """What is found that was not so at a branch or commit, and what has gone since."""
        desk, ledger = self.desk, self.site.ledger
        old = content_before(reference, desk.root, ledger_path(desk.settings, desk.root))
        was = Ledger(ledger.path) if old.beside is None else read_ledger(old.beside, ledger.path)
        before = self._past(old, desk_before(desk, self.site.settings.places.source, old), was)
        lost = gone(verdict.archive, before.published, old.renamed, {*was.entries, *ledger.entries})
        lost += tuple(dropped(ledger, was))
        left, _ = without_ignored(lost, verdict.found.ignores, self.site.settings.ignore)
        told = added(verdict.findings, before.findings, old.renamed, self.site.settings.places.files)
        return tuple(sorted((*told, *left)))

    def _past(self, old: Before, then: Desk, was: Ledger) -> Past:
        """What was wrong with the content as it was, and what it published; ``then`` is the desk with its settings, and
        ``was`` the ledger of then.
        """

        def judged() -> Verdict:
            with old.laid_out() as folder:
                if then is self.desk:
                    return self.verdict(before=at(self.site, folder, was))
                site = site_of(then, replace(then.settings, jobs=self.site.settings.jobs))
                return check(at(site, folder, was), about_settings=then.findings, progress=self.bar)

        store = self.known[0] if self.known is not None else None
        scope = digest(*_told(then, self.site.settings), old.tree, was.path, old.beside or b"")
        return known_past(store, scope, self.site.settings.now, judged)


def _around(asked: Asked, desk: Desk, settings: DigestSettings, work: str) -> Around:
    """What there is around a check."""
    folders = desk.folders
    named = (*folders.stories, *folders.pages, *folders.topics, *folders.threads, *desk.site["STATIC_PATHS"])
    below = [os.path.normpath(os.path.join(desk.root, str(name))) for name in named]
    inputs = [desk.root, *sorted({path for path in below if not path.startswith(os.path.join(desk.root, ""))})]
    inputs += [*sorted(settings.places.files), os.path.dirname(os.path.abspath(alsoread.__file__))]
    inputs += filter(None, [ledger_path(settings, desk.root)])
    return Around(asked.words, asked.told, list(dict.fromkeys(map(os.path.abspath, inputs))), "", work, NOTE)


def _code(origins: Mapping[str, str]) -> set[str]:
    """The files of the modules that are the site's own, and of Markdown's extensions."""
    loaded = [getattr(module, "__file__", None) for module in sys.modules.values()]
    local = {os.path.abspath(path) for path in loaded if path and path.endswith(".py") and is_local(path)}
    return local.union(path for name, path in origins.items() if path and name != "markdown")


def _told(desk: Desk, settings: DigestSettings) -> list[str]:
    """All that decides what is wrong with a content folder, besides its bytes."""
    told = {name: told_or_kind(value) for name, value in desk.site.items() if name not in _APART}
    return [
        tools(),
        str(day_of(settings.now)),
        settings.places.source,
        *(f"{name}={told[name]}" for name in sorted(told)),
    ]


def site_of(desk: Desk, settings: DigestSettings) -> Site:
    """What is checked of a site."""
    from alsoread.plugin.addresses import addresses_of, list_folders
    from alsoread.plugin.published import expired_addresses, live_addresses, moved_topics

    ledger = read_ledger_beside(settings, desk.root)
    extra = desk.site["EXTRA_PATH_METADATA"]
    return Site(
        desk.folders,
        settings,
        desk.site["MARKDOWN"],
        addresses_of(desk.site, ledger),
        static=tuple(folder.strip("/") for folder in desk.site["STATIC_PATHS"]),
        named=frozenset(extra),
        list_folders=list_folders(desk.site),
        elsewhere=frozenset(str(each["path"]).casefold() for each in extra.values() if "path" in each),
        ledger=ledger,
        live=lambda digest: live_addresses(digest, desk.site, settings),
        moved=lambda digest: moved_topics(digest, desk.site),
        expired=lambda digest: expired_addresses(digest, desk.site, settings),
    )
