"""What is to be told of a site of which a few stories were edited since it was checked?"""

import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime

from alsoread.cli.checked import NOTE, Told, as_said
from alsoread.cli.desk import open_desk
from alsoread.cli.unchanged import Asked
from alsoread.desk.check.examine import Examined, examine
from alsoread.desk.check.known import STORE, known_files
from alsoread.desk.check.mend import FIXES
from alsoread.desk.check.remembered import found_again, generation_in, remember_found, remembered_found
from alsoread.diagnostics import Diagnostic
from alsoread.news.body import BodyEngine
from alsoread.news.storyfile import Kind
from alsoread.press.files import FileRefused, read_regular
from alsoread.press.notes import write_note
from alsoread.press.stamps import NotTold
from alsoread.press.store import Store
from alsoread.press.surroundings import tools, work_folder
from alsoread.settings import read_settings
from alsoread.settings_file import read_places

__all__ = ["checked_again"]


def checked_again(
    asked: Asked, before: Told, content: str | None, settings: str | None, now: str | None
) -> Told | None:
    """What is to be told now, where ``before`` was told of the site as it was; None where all has to be judged."""
    desk = open_desk(content, settings, now, asked.ran)
    root = desk.root
    paths = [os.path.relpath(path, root).replace(os.sep, "/") for path in asked.look.edited]
    typed, _ = read_settings(
        desk.site, clock=datetime.now(UTC), places=read_places(settings or "pelicanconf.py", desk.site)
    )
    work = work_folder(asked.output)
    known = known_files(work, tools(), root, typed, desk.site["MARKDOWN"])
    if known is None:
        return None
    store, memory = known
    found = remembered_found(store, before.key)
    if found is None:
        return None
    engine = BodyEngine(desk.site["MARKDOWN"], typed.body_engine)

    def examined(kind: Kind, path: str) -> Examined | None:
        try:
            return examine(read_regular(root, path, typed.max_bytes), path, typed, engine, kind)
        except FileRefused:
            return None

    generation = generation_in(store)
    found = found_again(found, memory, paths, examined)
    if found is None or generation_in(Store(os.path.join(work, STORE), only_read=True)) != generation:
        # another check remembers something else meanwhile
        return None
    findings = found.told(typed)
    told = replace(
        before, findings=findings, mendable=_mendable(findings, before, frozenset(paths)), key=os.urandom(8).hex()
    )
    with suppress(NotTold, OSError):
        note = asked.look.note_again(as_said(told), ())
        remember_found(store, told.key, generation, found)
        store.save()
        write_note(work, note, NOTE)
    return told


def _mendable(
    findings: tuple[Diagnostic, ...], before: Told, edited: frozenset[str]
) -> Mapping[Diagnostic, bool | None]:
    """What is known of repairs; nothing of those of files that were edited."""
    return {
        finding: None if finding.path in edited else before.mendable.get(finding)
        for finding in findings
        if finding.code in FIXES
    }
