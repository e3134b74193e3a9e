"""Which parts of one Pelican instance does the digest take the place of?"""

import locale
from functools import partial
from typing import Any, Final

from pelican.generators import ArticlesGenerator, PagesGenerator, StaticGenerator

from alsoread.plugin.extras import DigestExtras, DigestRedirects
from alsoread.plugin.generators import DigestArticles, DigestPages, DigestStatics
from alsoread.plugin.marks import marks_of
from alsoread.plugin.sleeping import lull, moves_files
from alsoread.plugin.state import State
from alsoread.plugin.theme import prepare_templates
from alsoread.plugin.writer import digest_writer
from alsoread.press import run

__all__ = ["attach"]

_TAKEN: Final = {ArticlesGenerator: DigestArticles, PagesGenerator: DigestPages, StaticGenerator: DigestStatics}


def attach(pelican: Any) -> State:
    """Make a Pelican instance build a digest; once made, the state is the same one."""
    state: State | None = getattr(pelican, "alsoread", None)
    if state is not None:
        return state
    press = run.attach(pelican)
    settings = pelican.settings
    state = pelican.alsoread = State.of(settings)
    state.press = press
    press.marking, press.moves = partial(marks_of, state, settings), moves_files
    press.rest = partial(_rest, state)
    prepare_templates(settings)
    for template in ("source", "combination"):
        settings["PAGINATED_TEMPLATES"].setdefault(template, None)
    if settings["LOCALE"] == [""]:
        # Pelican's default is the machine's own, and dates would differ from one machine to the next
        locale.setlocale(locale.LC_ALL, "C")
    stock_generators, stock_writer = pelican._get_generator_classes, pelican._get_writer

    def generators() -> list[Any]:
        classes = stock_generators()
        ours = [_TAKEN.get(kind, kind) for kind in classes]
        ours.insert(len(ours) - 1, DigestExtras)
        ours.append(DigestRedirects)
        return [partial(kind, state=state) if kind in _OURS else kind for kind in ours]

    pelican._get_generator_classes = generators
    pelican._get_writer = lambda: digest_writer(stock_writer(), state)
    return state


def _rest(state: State) -> None:
    """Let go of what pages and feeds have left behind."""
    lull(state)
    if state.feeds is not None:
        state.feeds.forget()


_OURS: Final = (*_TAKEN.values(), DigestExtras, DigestRedirects)
