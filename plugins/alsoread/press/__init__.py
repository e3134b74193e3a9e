"""The press: how a Pelican site gets from files to a folder of pages, redoing only what changed.

It knows nothing of news: ``PLUGINS = ["alsoread.press"]`` gives any Pelican site a press. Importing this package
imports nothing else.
"""

from typing import Any

__all__ = ["register"]


def register() -> None:
    """Connect the press to the Pelican sites that name it in ``PLUGINS``."""
    from pelican import signals

    signals.initialized.connect(_on_initialized)


def _on_initialized(pelican: Any) -> None:
    if any(getattr(plugin, "__name__", "") == __name__ for plugin in pelican.plugins):
        from alsoread.press.run import attach

        attach(pelican)
