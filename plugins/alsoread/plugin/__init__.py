"""Where a Pelican site becomes a digest.

One signal is connected, ``initialized``; everything else is done on the Pelican instance that asked for it, so that
another site in the same process is left alone.
"""

from typing import Any

__all__ = ["register"]


def register() -> None:
    """Connect the digest to Pelican."""
    from pelican import signals

    signals.initialized.connect(_on_initialized)


def _on_initialized(pelican: Any) -> None:
    if any(getattr(plugin, "__name__", "") == "alsoread" for plugin in pelican.plugins):
        from alsoread.plugin.attach import attach

        attach(pelican)
