"""Is there anything to build? Asked before Pelican is imported, unless the settings file does that itself."""

import os
import time
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from types import ModuleType
from typing import Any, Final

import alsoread
from alsoread.cli.built import Built
from alsoread.cli.other_copy import other_copy
from alsoread.cli.settings_module import output_of, run_settings, told_settings
from alsoread.diagnostics import Diagnostic
from alsoread.press.notes import write_note
from alsoread.press.stamps import NotTold
from alsoread.press.surroundings import work_folder
from alsoread.press.unchanged import Around, Look, Seen, changed_since, note_of, read_note

__all__ = ["Asked", "built_again", "inputs_seen", "last_build", "leave_note", "note_again", "seen_in"]

_PACKAGE: Final = os.path.dirname(os.path.abspath(alsoread.__file__))


@dataclass(frozen=True, slots=True)
class Asked:
    """What a build was asked for, and the settings file that was run for it, if that went well.

    ``told`` is a digest of the settings, empty where they cannot be told; ``begun`` is when all this began (ns), and
    ``look`` what was seen since, if anybody has looked.
    """

    words: tuple[str, ...]
    output: str = ""
    told: str = ""
    ran: ModuleType | None = None
    begun: int = field(default_factory=time.time_ns)
    look: Look = field(default_factory=Look)

    @classmethod
    def of(
        cls,
        content: str | None,
        *,
        output: str | None,
        settings: str | None,
        theme: str | None,
        now: str | None,
        strict: bool,
    ) -> "Asked":
        """What the options of the command mean here. The settings file is run, as Pelican would run it."""
        begun = time.time_ns()
        path = settings or ("pelicanconf.py" if os.path.isfile("pelicanconf.py") else None)
        words = tuple(repr(option) for option in (os.getcwd(), _PACKAGE, content, output, path, theme, now, strict))
        ran = run_settings(path or os.path.join(_PACKAGE, "pelicanconf.py"))
        return cls(words) if ran is None else cls(words, output_of(ran, path, output), told_settings(ran), ran, begun)


def last_build(asked: Asked) -> tuple[Built | None, Asked]:
    """What the last build gave, if another one would give the same; and what is asked, with what was seen meanwhile."""
    begun = time.perf_counter()
    if not asked.told:
        return None, asked
    now = datetime.now(UTC)
    today = datetime.now().astimezone().date()
    work = work_folder(asked.output)
    look = read_note(asked.words, asked.told, asked.output, work, begun=asked.begun, now=now, today=today)
    if other_copy({"PLUGIN_PATHS": look.note.get("plugin_paths", ())}):
        # it has come since, and is asked in the place of this one
        look = replace(look, said=None, edited=())
    asked = replace(asked, look=look)
    try:
        if look.said is None:
            return None, asked
        _settle(look, work)
        return built_again(look.said, round(time.perf_counter() - begun, 3)), asked
    except (LookupError, TypeError, ValueError):
        return None, asked


def _settle(look: Look, work: str) -> None:
    """Let the note say of files that they can keep their stamps no more when they change, so that the next time nobody
    looks into them.
    """
    settled = look.settled(look.said or {})
    if settled is not None:
        from alsoread.press.lock import not_held

        with not_held(work) as is_free:
            if is_free and look.holds(work):
                write_note(work, settled)


def inputs_seen(asked: Asked, site: Mapping[str, Any], state: Any) -> Seen | None:
    """What a build is going to read, as it is before that; None where that cannot be told. ``state`` is the digest's,
    where the site is one.
    """
    around = _around(asked, site, state)
    return seen_in(asked, around) if around.output == asked.output else None


def seen_in(asked: Asked, around: Around) -> Seen | None:
    """The inputs of what is asked, as they are before that; None where that cannot be told."""
    if not asked.told:
        return None
    seen = asked.look.seen
    if seen is not None and seen.inputs == tuple(around.inputs):
        return seen
    try:
        seen = around.look(asked.begun)
        return None if changed_since(asked.begun, seen.racy) else seen
    except (NotTold, OSError):
        return None


def _around(asked: Asked, site: Mapping[str, Any], state: Any) -> Around:
    from alsoread.ledger_beside import ledger_path

    output = os.path.realpath(str(site["OUTPUT_PATH"]))
    inputs = [site["PATH"], site["THEME"], *site["THEME_TEMPLATES_OVERRIDES"], _PACKAGE]
    if state is not None and state.settings.ledger:
        inputs.append(ledger_path(state.settings, str(site["PATH"])))
    paths = [os.path.abspath(str(path)) for path in inputs]
    return Around(asked.words, asked.told, paths, output, work_folder(output))


def leave_note(
    asked: Asked, site: Mapping[str, Any], built: Built, report: Any, state: Any, *, seen: Seen | None, lasts: bool
) -> None:
    """Note for the next build what this one gave, or take the note away where nobody can know what it depends on.

    ``report`` is the press's and ``state`` the digest's, where the site is one; ``seen`` is what was seen of the inputs
    before they were read.
    """
    from alsoread.press.recipe import local_code

    around = _around(asked, site, state)
    is_timeless = state is not None or site["WITH_FUTURE_DATES"]
    is_slow = any(finding.code == "AR201" for finding in built.findings)
    if seen is None or seen.inputs != tuple(around.inputs) or not lasts or not is_timeless or is_slow:
        write_note(around.work, None)
        return
    until = state.digest.until if state is not None else None
    code = {os.path.abspath(path) for _, path in local_code()}
    try:
        lasting = {"until": until, "day": report.day, "code": code, "known": report.stamps}
        note = note_of(around, seen, begun=asked.begun, **lasting, said=_said(built))
        write_note(around.work, note | {"plugin_paths": list(map(str, site["PLUGIN_PATHS"]))})
    except (NotTold, OSError):
        write_note(around.work, None)


def note_again(asked: Asked, built: Built, work: str, touched: Collection[str]) -> None:
    """Note for the next build what one gave by which nothing but a few files of the site were ``touched``."""
    try:
        write_note(work, asked.look.note_again(_said(built), touched))
    except (NotTold, OSError):
        write_note(work, None)


def _said(built: Built) -> dict[str, Any]:
    """What is to be said again."""
    return asdict(built)


def built_again(said: Mapping[str, Any], seconds: float) -> Built:
    """What was said, of a build that has just found everything as it was."""
    findings = tuple(Diagnostic(**finding) for finding in said["findings"])
    kept = {**said, "findings": findings, "seconds": {"total": seconds}, "reasons": ()}
    kept |= {
        "rendered": 0,
        "reused": said["rendered"] + said["reused"],
        "removed": 0,
        "parsed": 0,
    }
    return Built(**kept)
