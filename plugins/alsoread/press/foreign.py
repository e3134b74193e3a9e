"""Has other code than Pelican's and ours a hand in the making of pages?

Plugins that listen while pages are written, or bring a generator or a writer of their own, may look into the files of
the site or change them, and change what later pages read. They get what Pelican would give them, at some cost.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from pelican import signals

__all__ = ["Hands", "foreign_hands", "is_anybody_listening", "is_foreign"]

_BETWEEN_PAGES: Final = (
    "article_generator_write_article",
    "page_generator_write_page",
    "article_writer_finalized",
    "page_writer_finalized",
    "content_written",
    "feed_generated",
    "feed_written",
)
_FEEDS: Final = ("feed_generated", "feed_written")


@dataclass(frozen=True, slots=True)
class Hands:
    """When other code is at work: ``between`` one page and the next, ``after`` the last one, or on ``feeds``."""

    between: bool
    after: bool
    feeds: bool


def foreign_hands(generators: Iterable[Any], writer: Any) -> Hands:
    """When anybody else is at work on the pages of a site."""
    kinds = [*(type(generator) for generator in generators), *type(writer).__mro__]
    between = any(is_foreign(kind.__module__) for kind in kinds if kind is not object) or any(
        is_foreign(module) for name in _BETWEEN_PAGES for module in _listening(getattr(signals, name))
    )
    after = between or any(is_foreign(module) for module in _listening(signals.finalized))
    feeds = any(is_foreign(module) for name in _FEEDS for module in _listening(getattr(signals, name)))
    return Hands(between, after, feeds)


def is_anybody_listening() -> bool:
    """Whether other code listens to any of Pelican's signals."""
    known = [signal for signal in vars(signals).values() if hasattr(signal, "receivers")]
    return any(is_foreign(module) for signal in known for module in _listening(signal))


def is_foreign(module: str) -> bool:
    """Whether a module is neither Pelican's own nor ours. Plugins may be installed below ``pelican.plugins``."""
    if module.startswith("pelican.plugins."):
        return module not in ("pelican.plugins.signals", "pelican.plugins._utils")
    return not (module == "pelican" or module.startswith(("pelican.", "alsoread.")))


def _listening(signal: Any) -> Iterator[str]:
    for reference in signal.receivers.values():
        receiver = reference() if hasattr(reference, "__callback__") else reference
        if receiver is not None:
            yield str(getattr(receiver, "__module__", "") or "")
