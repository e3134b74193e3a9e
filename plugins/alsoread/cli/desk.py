"""On which site does a command of the desk work, and on which of its stories?"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from types import ModuleType
from typing import Any

import click

from alsoread.archive import Folders
from alsoread.cli.site import instant, read_site_to_read, use_the_copy_pelican_uses
from alsoread.diagnostics import Diagnostic
from alsoread.settings import DigestSettings
from alsoread.story import Story

__all__ = ["Desk", "find_story", "open_desk", "shown_folder"]


@dataclass(frozen=True, slots=True)
class Desk:
    """A site, and what is needed to read its content; ``findings`` are those about its settings, of which Pelican says
    nothing if it ``is_quiet``.
    """

    site: Mapping[str, Any]
    settings: DigestSettings
    folders: Folders
    findings: tuple[Diagnostic, ...] = ()
    is_quiet: bool = True

    @property
    def root(self) -> str:
        """The content folder."""
        return self.folders.root

    @property
    def read(self) -> tuple[Folders, DigestSettings, Any]:
        """What the reading of the archive wants."""
        from alsoread.plugin.addresses import addresses_of

        return self.folders, self.settings, addresses_of(self.site)


def open_desk(content: str | None, settings: str | None, now: str | None = None, ran: ModuleType | None = None) -> Desk:
    """The desk of the site that the options of a command name. A settings file that was run already, as the module
    ``ran``, is not run again.
    """
    from alsoread.plugin.folders import folders_of
    from alsoread.settings import read_settings

    overrides = {"ALSOREAD_NOW": instant(now)} if now is not None else {}
    site, is_quiet = read_site_to_read(content, settings=settings, overrides=overrides, ran=ran)
    use_the_copy_pelican_uses(site)
    typed, _ = read_settings(site, clock=datetime.now(UTC))
    return Desk(site, typed, folders_of(site, typed), is_quiet=is_quiet)


def find_story(stories: tuple[Story, ...], name: str, root: str) -> Story:
    """The story of that slug, id or file; of translations the original.

    :raises click.UsageError: if there is none.
    """
    path = os.path.relpath(os.path.abspath(name), root).replace(os.sep, "/")
    found = [story for story in stories if name in (story.slug, story.id, story.path) or path == story.path]
    if found:
        # a translation has the slug of its original
        return min(found, key=lambda story: (path != story.path, bool(story.translation_of), story.path))
    import difflib

    near = difflib.get_close_matches(name, [story.slug for story in stories], n=3, cutoff=0.5)
    raise click.UsageError(f"no story is called '{name}'." + (f" Did you mean {' or '.join(near)}?" if near else ""))


def shown_folder(root: str) -> str:
    """The content folder as seen from here; nothing where it is elsewhere."""
    shown = os.path.relpath(root).replace(os.sep, "/")
    return "" if shown == "." or shown.startswith("../") else shown
