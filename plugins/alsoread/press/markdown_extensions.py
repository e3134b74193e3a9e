"""Which extensions of Markdown does a site name, and what are they made of?"""

from collections.abc import Mapping
from typing import Any

from alsoread.press.told import is_local_module, module_source

__all__ = ["extensions_of", "has_local_extensions", "markdown_sources"]


def extensions_of(settings: Mapping[str, Any]) -> list[str]:
    """The extensions of Markdown that are named; an extension given as an object is named by its class."""
    markdown: Mapping[str, Any] = settings.get("MARKDOWN") or {}
    named = [*markdown.get("extensions", ()), *markdown.get("extension_configs", {})]
    return [name if isinstance(name, str) else type(name).__module__ for name in named]


def markdown_sources(settings: Mapping[str, Any]) -> list[bytes]:
    """The sources of the modules of Markdown's extensions."""
    return [module_source(name.partition(":")[0]) for name in extensions_of(settings)]


def has_local_extensions(settings: Mapping[str, Any]) -> bool:
    """Whether an extension of Markdown's is the site's own, and may import what nobody can tell beforehand."""
    return any(is_local_module(name.partition(":")[0]) for name in extensions_of(settings))
