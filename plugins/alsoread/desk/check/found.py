"""What was found, before anybody is asked which of it to hear?"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from alsoread.diagnostics import Diagnostic
from alsoread.news.ignores import Ignore, about_ignores, without_ignored
from alsoread.settings import DigestSettings

__all__ = ["Found"]


@dataclass(frozen=True, slots=True)
class Found:
    """Findings about a site: those of each story and page that hold whatever other files say (its ``own``), and those
    ``between`` files, of lists and of settings. ``ignores`` are what files do not want to hear of.
    """

    between: tuple[Diagnostic, ...] = ()
    own: Mapping[str, tuple[Diagnostic, ...]] = field(default_factory=dict)
    ignores: Mapping[str, tuple[Ignore, ...]] = field(default_factory=dict)

    @property
    def all(self) -> list[Diagnostic]:
        """Every finding, some perhaps twice."""
        return [*self.between, *(finding for findings in self.own.values() for finding in findings)]

    def told(self, settings: DigestSettings) -> tuple[Diagnostic, ...]:
        """The findings that somebody wants to hear of, in the order of files and lines."""
        left, used = without_ignored(self.all, self.ignores, settings.ignore)
        left += about_ignores(self.ignores, settings.ignore, used, settings.places)
        return tuple(sorted(set(left)))
