"""What does the process do that builds a preview once?

It reads the settings, builds, says what the build gave, and stays: with the site that it has in memory it shows how the
pages of single stories look, until the server ends it because a newer build has taken its place.
"""

import gc
import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import import_module
from multiprocessing.connection import Connection
from typing import Any, Final

from alsoread.cli.building import build
from alsoread.cli.built import Built
from alsoread.cli.failures import SettingsRefused, told
from alsoread.cli.other_copy import other_copy
from alsoread.cli.site import make_pelican, read_site
from alsoread.desk.claims import KEPT, preview_folder
from alsoread.desk.compiled import CompiledTemplates
from alsoread.diagnostics import Refusal
from alsoread.ledger_beside import ledger_path
from alsoread.press.keep import KEPT_PAGES
from alsoread.press.seed import seed
from alsoread.press.surroundings import work_folder
from alsoread.related_memory import FOLDER as RELATED
from alsoread.settings import read_settings

__all__ = [
    "Asked",
    "Claim",
    "Failed",
    "Finished",
    "Job",
    "Looks",
    "Options",
    "as_preview",
    "build_once",
    "places_of",
    "read_settings_of",
    "warm",
    "work",
]

Site = dict[str, Any]
Looks = dict[str, bytes]
"""Pages as they look now, by their files below the output folder."""
Asking = Callable[[str, str], None]
"""Claims a folder for the preview of the site that is published from another; raises :class:`Refusal`."""

# a change of more files than these is no editor's save
_MOST_LOOKS: Final = 16


@dataclass(frozen=True, slots=True)
class Options:
    """What the command was asked for."""

    content: str | None
    output: str | None
    settings: str | None
    theme: str | None
    drafts: bool

    @property
    def source(self) -> str:
        """The file of the settings."""
        return self.settings or "pelicanconf.py"


@dataclass(frozen=True, slots=True)
class Job:
    """A build that is to be done: the preview's folder and that of the site, as far as they are claimed already, and
    the templates that earlier builds compiled.
    """

    claimed: tuple[str, str] = ("", "")
    templates: bytes = b""


@dataclass(frozen=True, slots=True)
class Claim:
    """A folder that a build would like to put the preview in; the answer is nothing, or why it cannot."""

    folder: str
    output: str


@dataclass(frozen=True, slots=True)
class Finished:
    """A build that came to its end: where the preview is, what it is made of, and what was said."""

    claimed: tuple[str, str]
    places: tuple[str, ...]
    built: Built
    templates: bytes


@dataclass(frozen=True, slots=True)
class Failed:
    """A build that did not."""

    why: str


@dataclass(frozen=True, slots=True)
class Asked:
    """Files that were saved: how do their pages look, and those that browsers show?"""

    paths: tuple[str, ...]
    viewed: tuple[str, ...]


def warm() -> None:
    """Import what builds import, once for all of them."""
    for name in _WARM:
        import_module(name)


def read_settings_of(options: Options) -> Site:
    """The settings of the site.

    :raises Refusal: if they cannot be read.
    """
    return read_site(options.content, settings=options.settings, theme=options.theme, overrides={"ALSOREAD_JOBS": 1})


def as_preview(site: Site, options: Options, claim: Asking) -> Site:
    """The settings of a site with the preview's folder in them, once it is claimed.

    :raises Refusal: if it cannot be had.
    """
    published = site["OUTPUT_PATH"]
    folder = os.path.abspath(options.output) if options.output else preview_folder(published, drafts=options.drafts)
    if os.path.commonpath([os.path.realpath(folder), os.path.realpath(site["PATH"])]) == os.path.realpath(folder):
        raise SettingsRefused(f"the folder {folder} holds the content folder; choose another with -o")
    claim(folder, published)
    return {**site, "OUTPUT_PATH": folder, "OUTPUT_RETENTION": list(KEPT)}


def build_once(options: Options, job: Job, claim: Asking) -> tuple[Finished | Failed, Any]:
    """What a build gave, and the Pelican instance that it was done with."""
    compiled = CompiledTemplates(job.templates)
    pelican: Any = None
    try:
        read = read_settings_of(options)
        if other_copy(read):
            raise Refusal("the settings name another copy of Alsoread: start serve again")
        read["JINJA_ENVIRONMENT"] = {"bytecode_cache": compiled, **read["JINJA_ENVIRONMENT"]}
        site = as_preview(read, options, claim)
        # a preview that is new has mostly the pages of the site that is published
        seed(work_folder(site["OUTPUT_PATH"]), work_folder(read["OUTPUT_PATH"]), (KEPT_PAGES, RELATED))
        pelican = make_pelican(site)
        pelican.alsoread_press.calls = {}
        built = build(site, source=options.source, drafts=options.drafts, pelican=pelican)
        places = places_of(site, options.source)
    except Exception as error:  # noqa: BLE001 - somebody is writing, and may mend it
        return Failed(told(error)), None
    return Finished((site["OUTPUT_PATH"], read["OUTPUT_PATH"]), places, built, compiled.as_bytes()), pelican


def work(options: Options, line: "Connection[Any, Any]") -> None:
    """Build, and answer to the server as long as it listens."""
    job: Job = line.recv()

    def claim(folder: str, output: str) -> None:
        if (folder, output) != job.claimed:
            line.send(Claim(folder, output))
            why: str = line.recv()
            if why:
                raise Refusal(why)

    outcome, pelican = build_once(options, job, claim)
    line.send(outcome)
    if pelican is None:
        return
    looks = _looking(pelican)
    while True:
        asked: Asked = line.recv()
        line.send(looks(asked))


def _looking(pelican: Any) -> Callable[[Asked], Looks]:
    """What tells how pages look when files were saved."""
    from alsoread.plugin.look import LiveSite

    live = LiveSite.of(pelican)
    if live is not None:
        with suppress(Exception):
            live.rehearse()
    # what a build made stays: there is no need to look through it for cycles
    gc.freeze()

    def looks(asked: Asked) -> Looks:
        names = [os.path.relpath(path, pelican.settings["PATH"]).replace(os.sep, "/") for path in asked.paths]
        # whatever is wrong, the build will tell
        with suppress(Exception):
            if live is not None and len(names) <= _MOST_LOOKS and all(map(live.has, names)):
                return live.looks(names, asked.viewed[:_MOST_LOOKS])
        return {}

    return looks


def places_of(site: Site | None, source: str) -> tuple[str, ...]:
    """What the site is made of; as long as the settings cannot be read, they alone."""
    if site is None:
        return (os.path.abspath(source),)
    settings, _ = read_settings(site, clock=datetime.now(UTC))
    ledger = [path for path in [ledger_path(settings, site["PATH"])] if path]
    own = (source, site["PATH"], site["THEME"], *site["THEME_TEMPLATES_OVERRIDES"])
    return tuple(os.path.abspath(each) for each in (*own, *ledger))


# what a build imports only when it comes to it
_WARM: Final = (
    "alsoread.news.python_markdown",
    "alsoread.news.quick",
    "alsoread.news.related",
    "alsoread.plugin.attach",
    "alsoread.plugin.look",
    "alsoread.press.feeds",
    "alsoread.press.pages",
    "alsoread.press.parses",
    "alsoread.press.sorted_files",
    "alsoread.press.pressroom",
    "alsoread.press.writer",
    "markdown.extensions.abbr",
    "markdown.extensions.attr_list",
    "markdown.extensions.codehilite",
    "markdown.extensions.def_list",
    "markdown.extensions.extra",
    "markdown.extensions.fenced_code",
    "markdown.extensions.footnotes",
    "markdown.extensions.md_in_html",
    "markdown.extensions.meta",
    "markdown.extensions.tables",
    "pelican.plugins._utils",
)
