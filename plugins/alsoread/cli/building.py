"""How does a command build a site?"""

import os
import time
from typing import Any

from alsoread.cli.built import Built
from alsoread.cli.progress import shown
from alsoread.cli.site import make_pelican
from alsoread.cli.unchanged import Asked, inputs_seen, leave_note
from alsoread.cli.warned import warnings_told
from alsoread.press.press import Press
from alsoread.press.run import KeepOldSite

__all__ = ["build"]


def build(
    site: dict[str, Any],
    *,
    clean: bool = False,
    verify: bool = False,
    strict: bool = False,
    source: str = "pelicanconf.py",
    drafts: bool = False,
    trying: bool = False,
    asked: Asked | None = None,
    pelican: Any = None,
) -> Built:
    """Build a site from its settings; ``source`` is their file, for findings about them.

    ``drafts`` is for a preview, in a folder of its own: it shows what readers do not see yet. With ``trying``
    everything is done but the last step, and the old site stays. What was ``asked`` for is noted with the result, so
    that it need not be built again if nothing changes. A ``pelican`` that was made of the settings already has the site
    in memory afterwards.

    :raises alsoread.press.output.OutputRefused: if the output folder cannot be written.
    :raises alsoread.press.session.Different: if a page that was taken for fresh is not; only with ``verify``.
    """
    pelican = pelican or make_pelican(site)
    press: Press = pelican.alsoread_press
    press.clean = clean
    press.seed = os.urandom(8).hex() if verify else ""
    state = getattr(pelican, "alsoread", None)
    published = True
    seen = inputs_seen(asked, site, state) if asked is not None else None
    press.seen = seen.files() if seen is not None else {}
    press.site = asked.look.site if asked is not None else ()
    begun = time.perf_counter()
    with shown() as bar, warnings_told() as warned:
        if state is not None:
            _listen(state, bar)
            state.source = source
            state.drafts = drafts
        if strict:
            press.before_commit.append(lambda: _stop_on_errors(state))
        if trying:
            press.before_commit.append(_stop)
        if asked is not None:
            given = asked

            def leave() -> None:
                lasts = press.report.repeatable and not press.report.merged and not warned
                leave_note(given, site, _built(site, press, state), press.report, state, seen=seen, lasts=lasts)

            press.at_end.append(leave)
        try:
            _run(pelican)
        except KeepOldSite:
            published = False
    press.report.seconds["total"] = time.perf_counter() - begun
    return _built(site, press, state, published=published)


def _built(site: dict[str, Any], press: Press, state: Any, *, published: bool = True) -> Built:
    """What a build gave."""
    prefix = os.path.relpath(site["PATH"])
    return Built(
        stories=len(state.digest.stories) if state is not None else press.report.stories,
        pages=press.report.pages,
        files=press.report.files,
        seconds={stage: round(seconds, 3) for stage, seconds in press.report.seconds.items()},
        findings=tuple(sorted(state.findings)) if state is not None else (),
        published=published,
        merged=press.report.merged,
        output=os.path.relpath(site["OUTPUT_PATH"]),
        prefix="" if prefix == "." else prefix + "/",
        rendered=press.report.rendered,
        reused=press.report.reused,
        removed=press.report.removed,
        parsed=press.report.parsed,
        reasons=tuple(sorted(press.report.reasons.items(), key=lambda pair: (-pair[1], pair[0]))),
        ledger=state.ledger.path if state is not None else "",
    )


def _listen(state: Any, bar: Any) -> None:
    state.announce = False
    state.progress = bar
    count = 0

    def on_page(_name: str) -> None:
        nonlocal count
        count += 1
        bar("Going through pages", count, 0)

    state.on_page = on_page
    if state.press is not None:
        state.press.progress = lambda done, total: bar("Rendering pages", done, total)


def _stop_on_errors(state: Any) -> None:
    if state is not None and any(finding.is_error for finding in state.findings):
        raise KeepOldSite


def _stop() -> None:
    raise KeepOldSite


def _run(pelican: Any) -> None:
    """Run Pelican without the line that it prints at its end: ours says more."""
    import io

    from pelican import console

    before, console.file = console.file, io.StringIO()
    try:
        pelican.run()
    finally:
        console.file = before
