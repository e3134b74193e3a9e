"""Which of the plugins that are installed are imported?

Those that a site names. Pelican imports all of them to know what they are called, whichever of them it wants.
"""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any, Final

__all__ = ["only_named"]

_PREFIX: Final = "pelican.plugins."


@contextmanager
def only_named(plugins: Collection[object] | None) -> Iterator[None]:
    """For the time of the block Pelican finds of the installed plugins only those that are named, in full or without
    the beginning that all have in common. Where none are given, which is not an empty list, all are wanted.
    """
    from pelican.plugins import _utils

    stock = _utils.get_namespace_plugins
    if plugins is None:
        yield
        return

    def named(package: Any = None) -> dict[str, Any]:
        import pelican.plugins

        found = (name for _, name, is_package in _utils.iter_namespace(package or pelican.plugins) if is_package)
        return {name: import_module(name) for name in found if {name, name.removeprefix(_PREFIX)}.intersection(wanted)}

    wanted = {plugin for plugin in plugins if isinstance(plugin, str)}
    _utils.get_namespace_plugins = named
    try:
        yield
    finally:
        _utils.get_namespace_plugins = stock
