"""What is built when, and what do browsers see meanwhile?

Every change is built, one build after the other, each in a process of its own; what changes during a build is built by
the next. Nobody waits for them: the process that did the last build is asked at once how the pages of saved stories
look, and browsers are shown that until a build that knows the change has ended.
"""

import os
import time
from dataclasses import dataclass, field
from typing import Final

import click

from alsoread.cli.built import Built, say
from alsoread.cli.preview_build import (
    Asked,
    Claim,
    Failed,
    Finished,
    Job,
    Looks,
    Options,
    build_once,
)
from alsoread.desk.claims import Claims
from alsoread.desk.errorpage import Outcome, Said
from alsoread.desk.nursery import Nursery, Worker
from alsoread.desk.preview import Preview
from alsoread.desk.watch import turns
from alsoread.diagnostics import Refusal, as_text

__all__ = ["Rounds"]

# seconds: how long a look may take, and a build at the least, before they are given up
_LOOK: Final = 2.0
_BUILD: Final = 600.0
# and a build so many times as long as any before it
_LONGER: Final = 10


@dataclass(slots=True)
class Rounds:
    """The builds of a preview; ``nursery`` starts their processes, and where there is none they are done here.

    ``places`` are the files and folders that are watched, ``claimed`` the preview's folder and the site's, as soon as
    they are known; ``ready`` is said when the first build has ended. Changes are numbered: the build that is going on
    knows them up to ``known``.
    """

    options: Options
    preview: Preview
    claims: Claims
    nursery: Nursery | None
    places: tuple[str, ...]
    ready: str
    claimed: tuple[str, str] = ("", "")
    live: Worker | None = None
    building: Worker | None = None
    wanted: bool = False
    changes: int = 0
    known: int = 0
    since: set[str] = field(default_factory=set)
    templates: bytes = b""
    longest: float = 0.0
    begun: float = 0.0

    def go(self) -> None:
        """Go on for ever."""
        while True:
            places, (folder, _) = self.places, self.claimed
            for changed in turns(places, apart=[folder] if folder else []):
                if changed is not None:
                    self._note(changed)
                self.turn()
                if self.places != places:
                    break

    def _note(self, changed: frozenset[str]) -> None:
        """Something changed: show what can be shown of it, and want a build."""
        self.wanted = True
        self.changes += 1
        if changed:
            click.echo(f"{', '.join(sorted(os.path.relpath(path) for path in changed)[:3])} changed")
            self.since |= changed
            self._show(changed)

    def _show(self, paths: frozenset[str] | set[str]) -> None:
        """Let browsers see at once what can be seen of files that were saved."""
        looks = self._looks(paths)
        if looks:
            self.preview.look(looks, self.changes)

    def _looks(self, paths: frozenset[str] | set[str]) -> Looks:
        """How the pages of saved stories look; nothing where only a build can tell."""
        if self.live is None or not paths or not all(map(os.path.isfile, paths)):
            return {}
        try:
            looks: Looks = self.live.answer(Asked(tuple(sorted(paths)), self.preview.viewed()), _LOOK)
        except OSError:
            # gone, or astray: the next build brings another
            self._end(self.live)
            self.live = None
            return {}
        return looks

    def turn(self) -> None:
        """Go on with the build that is going on, or begin one if there is reason to."""
        if self.building is not None:
            self._hear(self.building)
        if self.wanted and self.building is None:
            self._begin()

    def _begin(self) -> None:
        self.wanted, self.known, self.since, self.begun = False, self.changes, set(), time.monotonic()
        try:
            if self.claimed != ("", ""):
                self.claims.claim(*self.claimed)
            job = Job(self.claimed, self.templates)
            if self.nursery is None:
                self._end_round(build_once(self.options, job, self.claims.claim)[0])
                return
            self.building = self.nursery.worker()
            self.building.line.send(job)
        except Refusal as refusal:
            self._end_round(Failed(str(refusal)))
        except OSError as error:
            self._end_round(Failed(f"no build can be started ({error}): start serve again"))

    def _hear(self, worker: Worker) -> None:
        """What the process that builds has said, if it has said something."""
        if not worker.line.poll():
            took = time.monotonic() - self.begun
            if self.longest and took > max(_BUILD, _LONGER * self.longest):
                self._lose(worker, f"the build had not ended after {took:.0f} s, and was stopped")
            return
        try:
            said = worker.line.recv()
            if isinstance(said, Claim):
                worker.line.send(self._claim(said))
                return
        except (EOFError, OSError):
            self._lose(worker, "the process that builds the site was ended; save a file to build it again")
            return
        self.building = None
        if isinstance(said, Finished):
            self.live, before = worker, self.live
            self._end(before)
        else:
            self._end(worker)
        self._end_round(said)

    def _claim(self, wish: Claim) -> str:
        try:
            self.claims.claim(wish.folder, wish.output)
        except Refusal as refusal:
            return str(refusal)
        return ""

    def _lose(self, worker: Worker, why: str) -> None:
        self.building = None
        self._end(worker)
        self._end_round(Failed(why))

    def _end(self, worker: Worker | None) -> None:
        if worker is not None and self.nursery is not None:
            self.nursery.end(worker)

    def _end_round(self, outcome: Finished | Failed) -> None:
        """Tell what a build gave; whatever went wrong, the old site goes on being shown."""
        if isinstance(outcome, Failed):
            self._failed(outcome.why)
        else:
            self.longest = max(self.longest, time.monotonic() - self.begun)
            self.claimed, self.places, self.templates = outcome.claimed, outcome.places, outcome.templates
            # what was saved meanwhile looks as the new site has it
            self._show(self.since)
            self.preview.built(outcome.claimed[0], _outcome(outcome.built), self.known)
            say(outcome.built, "text")
        if self.ready:
            click.echo(self.ready)
            self.ready = ""

    def _failed(self, why: str) -> None:
        click.echo(f"alsoread: {why}", err=True)
        self.preview.failed(why)


def _outcome(built: Built) -> Outcome:
    lines = ((each, as_text(each, prefix=built.prefix_of(each)).partition("\n    hint: ")) for each in built.findings)
    return Outcome(tuple(Said(each.severity, first, hint) for each, (first, _, hint) in lines))
