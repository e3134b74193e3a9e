"""Is it enough to put other words into the site? Asked where nothing but some files was edited, before Pelican is
imported.
"""

import logging
import os
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from typing import Any, Final

from alsoread.cli.built import Built
from alsoread.cli.unchanged import Asked, built_again, note_again

__all__ = ["mended"]

logger = logging.getLogger(__name__)

_LINK: Final = "[{|](?P<what>.*?)[|}]"
"""Pelican's own pattern of the links that it resolves."""


def mended(asked: Asked, site: Mapping[str, Any], read: Callable[[], dict[str, Any]]) -> Built | None:
    """What is to be told of the site that was asked for, if it was put right; None where it has to be built.

    ``site`` are Pelican's settings, to be read only; ``read`` gives them as Pelican wants them.

    :raises alsoread.press.output.OutputRefused: if the output folder cannot be written.
    """
    begun = time.perf_counter()
    root = os.path.abspath(str(site["PATH"]))
    paths = [os.path.relpath(path, root).replace(os.sep, "/") for path in asked.look.edited]
    is_plain = (
        not site.get("ALSOREAD_PURE") and site["INTRASITE_LINK_REGEX"] == _LINK and site.get("DEFAULT_DATE") != "fs"
    )
    if not paths or not is_plain or os.path.realpath(str(site["OUTPUT_PATH"])) != asked.output:
        return None
    # such files are part of the site as they are
    is_published = bool(site["OUTPUT_SOURCES"]) or not site["EXTRA_PATH_METADATA"].keys().isdisjoint(paths)
    if is_published or any(path.startswith("../") for path in paths):
        return None
    from alsoread.ledger_beside import read_ledger_beside
    from alsoread.mend import Edition, mend
    from alsoread.plugin.addresses import addresses_of
    from alsoread.press.mending import CannotMend
    from alsoread.press.output import Seen, staged
    from alsoread.press.store import STORE, Store
    from alsoread.settings import read_settings

    settings, _ = read_settings(site, clock=datetime.now(UTC))
    addresses = addresses_of(site, read_ledger_beside(settings, root))
    told_of = frozenset(finding["path"] for finding in asked.look.note["said"]["findings"])
    environment = cache(lambda: _environment(read()))
    with staged(asked.output, kept=site["OUTPUT_RETENTION"]) as stage:
        store = Store(os.path.join(stage.work, STORE))
        try:
            if not asked.look.holds(stage.work):
                return None
            edition = Edition(root, settings, site["MARKDOWN"], addresses, environment, told_of)
            seen = Seen(asked.look.site, asked.look.note["said"]["files"])
            done, read_anew = mend(edition, stage, store, paths, seen)
        except CannotMend as why:
            logger.debug("the site has to be built: %s", why)
            return None
        finally:
            store.close()
        store.save_few()
        built = built_again(asked.look.note["said"], 0.0)
        seconds = {"mending": round(time.perf_counter() - begun, 3)}
        seconds["total"] = round((time.time_ns() - asked.begun) / 1e9, 3)
        reused = built.reused - done.pages
        reasons = tuple(sorted(done.reasons.items(), key=lambda pair: (-pair[1], pair[0])))
        built = replace(built, seconds=seconds, rendered=done.pages, reused=reused, parsed=read_anew, reasons=reasons)
        note_again(asked, built, stage.work, done.touched)
    return built


def _environment(site: dict[str, Any]) -> tuple[Any, Mapping[str, Any]]:
    """The environment of the theme's templates, traced, and the names that settings give to all pages."""
    from pelican.generators import ArticlesGenerator

    from alsoread.cli.site import make_pelican
    from alsoread.press.foreign import is_anybody_listening
    from alsoread.press.mending import CannotMend
    from alsoread.press.recipe import declared_pure
    from alsoread.press.templates import make_traced

    pelican = make_pelican(site)
    settings = pelican.settings
    if is_anybody_listening():
        raise CannotMend("other code listens")
    context = {**settings, "generated_content": {}, "static_links": set(), "static_content": {}, "localsiteurl": ""}
    places = {"path": pelican.path, "theme": pelican.theme, "output_path": pelican.output_path}
    generator = ArticlesGenerator(context=context, settings=settings, **places)
    return make_traced(generator.env, declared_pure(settings)), settings
