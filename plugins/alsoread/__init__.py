"""Alsoread: a static site generator for curated news digests, built on Pelican.

``PLUGINS = ["alsoread"]`` makes a Pelican site a digest. Importing this package imports nothing else and
registers nothing: Pelican calls :func:`register`, and only then does the plugin wake, for that site alone.
"""

__all__ = ["__version__", "register"]

__version__ = "0.1.0"


def register() -> None:
    """Connect the digest to the Pelican site that named it in ``PLUGINS``."""
    from alsoread.plugin import register as register_plugin

    register_plugin()
