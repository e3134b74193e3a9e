"""What outside of a site decides how it is built: the folder of the work, the installed packages, the environment?

Imports nothing of Pelican's, so that a build that finds nothing to do need not load it.
"""

import functools
import os
import sys
from typing import Final

import alsoread
from alsoread.press.digests import digest

__all__ = ["environment", "installed_packages", "own_code", "python", "tools", "work_folder"]

# tools that install other tools, and have no hand in a page
_INSTALLERS: Final = ("pip-", "setuptools-", "wheel-", "uv-", "alsoread-", "__editable__")
_VARIABLES: Final = ("LANG", "LANGUAGE", "TZ", "TZDIR", "SOURCE_DATE_EPOCH", "PYTHONUTF8", "PYTHONIOENCODING")


def work_folder(output: str) -> str:
    """The folder beside an output folder that holds the stage, the lock and what the last build knew."""
    parent, name = os.path.split(os.path.realpath(output))
    return os.path.join(parent, f".{name}.alsoread")


def installed_packages() -> str:
    """The names and versions of all installed distributions, from the names of their folders."""
    found = set()
    for folder in sys.path:
        try:
            names = os.listdir(folder or ".")
        except OSError:
            continue
        found |= {name for name in names if name.endswith((".dist-info", ".egg-info"))}
    return digest(*sorted(name for name in found if not name.lower().startswith(_INSTALLERS)))


def environment() -> dict[str, str]:
    """The variables that Python and the C library look at."""
    return {name: os.environ[name] for name in sorted(os.environ) if name in _VARIABLES or name.startswith("LC_")}


def python() -> str:
    """Which Python this is, as far as its bytecode goes."""
    return f"{sys.implementation.cache_tag} {sys.platform}"


@functools.cache
def own_code() -> str:
    """The version and the code of Alsoread itself."""
    folder = os.path.dirname(os.path.abspath(alsoread.__file__))
    names = sorted(
        os.path.join(root, name) for root, _, names in os.walk(folder) for name in names if name.endswith(".py")
    )
    return f"{alsoread.__version__} {digest(*map(_bytes_of, names))}"


def _bytes_of(path: str) -> bytes:
    with open(path, "rb") as file:
        return file.read()


def tools() -> str:
    """A digest of all that reads and judges files, but for what is the site's own."""
    return digest(own_code(), python(), installed_packages())
