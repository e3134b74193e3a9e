"""Is there anything to build? Asked before Pelican is imported, unless the settings file does that itself."""

import os
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from types import ModuleType
from typing import Any, Final

import alsoread
from alsoread.cli.built import Built
from alsoread.cli.settings_module import output_of, run_settings, told_settings
from alsoread.diagnostics import Diagnostic
from alsoread.news.ledger import EMPTY, Ledger
from alsoread.press.surroundings import work_folder
from alsoread.press.unchanged import Around, NotTold, note_of, read_note, write_note

__all__ = ["Asked", "last_build", "leave_note"]

_PACKAGE: Final = os.path.dirname(os.path.abspath(alsoread.__file__))


@dataclass(frozen=True, slots=True)
class Asked:
    """What a build was asked for, and the settings file that was run for it, if that went well.

    ``told`` is a digest of the settings, empty where they cannot be told.
    """

    words: tuple[str, ...]
    output: str = ""
    told: str = ""
    ran: ModuleType | None = None

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
        path = settings or ("pelicanconf.py" if os.path.isfile("pelicanconf.py") else None)
        words = tuple(f"{option}" for option in (os.getcwd(), _PACKAGE, content, output, path, theme, now, strict))
        ran = run_settings(path or os.path.join(_PACKAGE, "pelicanconf.py"))
        return cls(words) if ran is None else cls(words, output_of(ran, path, output), told_settings(ran), ran)


def last_build(asked: Asked) -> Built | None:
    """What the last build gave, if another one would give the same."""
    begun = time.perf_counter()
    if not asked.told:
        return None
    now = datetime.now(UTC)
    today = datetime.now().astimezone().date()
    work = work_folder(asked.output)
    said = read_note(asked.words, asked.told, asked.output, work, now=now, today=today)
    try:
        return None if said is None else _built(said, round(time.perf_counter() - begun, 3))
    except (LookupError, TypeError, ValueError):
        return None


def leave_note(
    asked: Asked, site: Mapping[str, Any], built: Built, report: Any, state: Any, *, begun: int, lasts: bool
) -> None:
    """Note for the next build what this one gave, or take the note away where nobody can know what it depends on.

    ``report`` is the press's and ``state`` the digest's, where the site is one; ``begun`` is when the build began (ns).
    """
    from alsoread.archive import ledger_path
    from alsoread.press.recipe import local_code

    output = os.path.realpath(str(site["OUTPUT_PATH"]))
    work = work_folder(output)
    is_timeless = state is not None or site["WITH_FUTURE_DATES"]
    is_slow = any(finding.code == "AR201" for finding in built.findings)
    if not (lasts and asked.told and is_timeless and not is_slow and output == asked.output):
        write_note(work, None)
        return
    inputs = [site["PATH"], site["THEME"], *site["THEME_TEMPLATES_OVERRIDES"], _PACKAGE]
    if state is not None and state.settings.ledger:
        inputs.append(ledger_path(state.settings, str(site["PATH"])))
    around = Around(asked.words, asked.told, [os.path.abspath(str(path)) for path in inputs], output, work)
    until = state.digest.until if state is not None else None
    code = {os.path.abspath(path) for _, path in local_code()}
    try:
        write_note(work, note_of(around, begun=begun, until=until, day=report.day, code=code, said=_said(built)))
    except (NotTold, OSError):
        write_note(work, None)


def _said(built: Built) -> dict[str, Any]:
    """What is to be said again. What was published is nobody's question who does not publish."""
    record = asdict(replace(built, ledger=EMPTY, live=(), expired={}))
    apart = ("ledger", "live", "expired")
    return {name: value for name, value in record.items() if name not in apart} | {"ledger": built.ledger.path}


def _built(said: Mapping[str, Any], seconds: float) -> Built:
    """What was said, of a build that has just found everything as it was."""
    findings = tuple(Diagnostic(**finding) for finding in said["findings"])
    kept = {**said, "findings": findings, "seconds": {"total": seconds}, "reasons": ()}
    kept |= {
        "ledger": Ledger(said["ledger"]),
        "rendered": 0,
        "reused": said["rendered"] + said["reused"],
        "removed": 0,
        "parsed": 0,
    }
    return Built(**kept)
