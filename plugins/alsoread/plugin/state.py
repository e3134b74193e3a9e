"""What does one Pelican instance know of its digest?

Lives on the instance, never in a module: one process may build several sites, and the same site again.
"""

import logging
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, Final

from markupsafe import Markup

from alsoread.archive import Progress, read_archive
from alsoread.diagnostics import Diagnostic, Severity, as_text
from alsoread.ledger_beside import read_ledger_beside
from alsoread.memory import FileMemory
from alsoread.news.addresses import Addresses
from alsoread.news.digest import Digest, Relating
from alsoread.news.ignores import without_ignored
from alsoread.news.ledger import EMPTY, Ledger, Live
from alsoread.news.storyfile import StoryFile
from alsoread.plugin.addresses import addresses_of
from alsoread.plugin.folders import folders_of
from alsoread.plugin.theme import shows_reasons
from alsoread.press.foreign import is_anybody_listening
from alsoread.press.pool import give_back, spread_over
from alsoread.press.press import Press
from alsoread.related_memory import RelatedMemory
from alsoread.settings import DigestSettings, read_settings
from alsoread.settings_file import SettingPlaces, read_places
from alsoread.shelf import story_memory
from alsoread.story import Story

if TYPE_CHECKING:
    from alsoread.plugin.contents import Article
    from alsoread.plugin.feeds import FeedTexts
    from alsoread.plugin.views import CombinationView, Tag
    from alsoread.plugin.words import Words

__all__ = ["State"]

logger = logging.getLogger(__name__)

# stories that are read
_MUCH: Final = 1_000


def _nobody(path: str) -> "Article":
    raise LookupError(f"nobody can make the article of {path} yet")


@dataclass(slots=True)
class State:
    """The digest of one Pelican instance and the Pelican objects made from it.

    ``source`` is the file of the settings, as findings name it, where that is known. ``drafts`` shows what readers do
    not see yet; nothing but the live preview sets it, and no setting can. ``addresses`` are those of its stories.
    ``ledger`` is what was published before, and ``live`` what this build has to publish, and ``expired`` what
    may be gone with stories that have expired.
    ``made`` makes the article of a story that has slept until now, and ``awake`` are those with what they had before.
    ``shown`` is the last body that a story gave asleep: of which digest and path, the address that links begin with,
    and the HTML.
    ``process`` is where all this was read; those that render pages come later. ``feeds`` has the texts of entries.
    ``announce`` says whether findings go to Pelican's log (they do, unless our own command line prints them), and
    ``progress`` is told how the reading goes.
    """

    settings: DigestSettings
    press: Press | None = None
    digest: Digest = field(default_factory=Digest)
    articles: dict[str, "Article"] = field(default_factory=dict)
    combinations: dict[tuple[str, str], "CombinationView"] = field(default_factory=dict)
    words: dict[str, "Words"] = field(default_factory=dict)
    findings: dict[Diagnostic, None] = field(default_factory=dict)
    addresses: Addresses | None = None
    ledger: Ledger = EMPTY
    live: tuple[Live, ...] = ()
    expired: Mapping[str, date] = field(default_factory=dict)
    stories_by_path: dict[str, Story] = field(default_factory=dict)
    marks: Mapping[str, str] = field(default_factory=dict)
    source: str = ""
    drafts: bool = False
    announce: bool = True
    progress: Progress = lambda stage, done, total: None
    on_page: Callable[[str], None] = lambda name: None
    made: Callable[[str], "Article"] = _nobody
    awake: "list[tuple[Article, dict[str, Any]]]" = field(default_factory=list)
    shown: tuple[Digest | None, str, str, Markup] = (None, "", "", Markup())
    process: int = field(default_factory=os.getpid)
    feeds: "FeedTexts | None" = None

    @classmethod
    def of(cls, pelican_settings: Mapping[str, Any]) -> "State":
        """The state of a site that is about to be built."""
        return cls(read_settings(pelican_settings, clock=datetime.now(UTC))[0])

    def load(self, pelican_settings: Mapping[str, Any]) -> None:
        """Read the content folder, by the clock of now. What was known of an earlier reading is forgotten."""
        places = read_places(self.source, pelican_settings) if self.source else SettingPlaces()
        settings, setting_findings = read_settings(pelican_settings, clock=datetime.now(UTC), places=places)
        self.settings = replace(settings, drafts=self.drafts)
        self.articles.clear()
        self.combinations.clear()
        self.words.clear()
        self.awake.clear()
        self.shown = (None, "", "", Markup())
        self.findings.clear()
        self.marks = {}
        self.live = ()
        self.expired = {}
        self.ledger = self._ledger(str(pelican_settings["PATH"]))
        self.addresses = addresses_of(pelican_settings, self.ledger)
        memory, press = self._memory(pelican_settings), self.press
        self.digest = read_archive(
            folders_of(pelican_settings, self.settings),
            self.settings,
            pelican_settings["MARKDOWN"],
            self.addresses,
            progress=self.progress,
            memory=memory,
            relating=self._relating(pelican_settings),
        )
        if memory is not None and press is not None:
            memory.close()
            press.read += memory.read
            self.marks = memory.marks
            if memory.read > _MUCH:
                # stories that are related leave holes as large as what is found
                give_back()
        self.stories_by_path = {story.path: story for story in (*self.digest.stories, *self.digest.pages)}
        for finding in (*setting_findings, *self.ledger.findings, *self.digest.findings):
            self.report(finding)

    def above(self, slug: str) -> tuple[str, ...]:
        """The slugs of the topics above one, from the top down."""
        return self.digest.vocabulary.branches.above(slug)

    def tag(self, slug: str, settings: Mapping[str, Any]) -> "Tag":
        """The topic of that slug as templates see it."""
        from alsoread.plugin.views import Tag

        return Tag(self.digest.vocabulary.topics[slug], settings, self)

    def words_of(self, path: str) -> Markup:
        """What the file of a topic or thread says, for the page that is being written; nothing where there is none."""
        return self.words[path].html if path in self.words else Markup("")

    def _ledger(self, root: str) -> Ledger:
        """What was published before; nothing where this is a site within another, whose addresses are not its own."""
        if self.press is None or self.press.store is None:
            return EMPTY
        return read_ledger_beside(self.settings, root)

    def _memory(self, pelican_settings: Mapping[str, Any]) -> FileMemory[StoryFile] | None:
        press = self.press
        if press is None or press.store is None:
            return None
        root = str(pelican_settings["PATH"])
        memory = story_memory(press.store, press.recipe, root, self.settings, pelican_settings["MARKDOWN"])
        memory.seen, press.seen = press.seen, {}
        return memory

    def _relating(self, pelican_settings: Mapping[str, Any]) -> Relating | None:
        press = self.press
        if press is None or not press.work:
            return None
        explains = is_anybody_listening() or shows_reasons(pelican_settings)
        memory = RelatedMemory(press.work, press.recipe, spread_over(self.settings.jobs), explains=explains)
        if press.clean:
            memory.forget()
        return memory.relate

    def report(self, finding: Diagnostic) -> None:
        """Note a finding, once, unless somebody decided not to hear of it."""
        if finding in self.findings or not without_ignored([finding], self.digest.ignores, self.settings.ignore)[0]:
            return
        self.findings[finding] = None
        if self.announce:
            level = {Severity.ERROR: logging.ERROR, Severity.WARNING: logging.WARNING}.get(
                finding.severity, logging.INFO
            )
            logger.log(level, "%s", as_text(finding))
