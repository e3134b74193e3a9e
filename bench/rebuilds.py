"""Measure what a build takes that follows an edit: stock `pelican`, `pelican` with the press, and `alsoread build`.

Each works on a copy of the site that is its own, and they take turns: a step is measured for all before the next.
"""

import argparse
import compileall
import hashlib
import json
import math
import os
import platform
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, field
from difflib import unified_diff
from importlib.metadata import version
from itertools import islice
from pathlib import Path

from corpus import Corpus, write_stories
from measure import ROOT, Taken, measure, measuring_ends_with_its_processes
from site_edits import EDITS, NothingToEdit, newest

OUTPUT, WORK, MARKER, THEME = "output", ".output.alsoread", ".alsoread-output", "theme-to-edit"
NOT_COPIED = (OUTPUT, WORK, "__pycache__", ".git", ".venv", "node_modules")
# the pages that a digest has: one a story, topics by 20 with a feed each, front page, archive
STOCK_SETTINGS = """\
PATH = 'content'
PLUGINS = []
THEME = 'simple'
TIMEZONE = 'UTC'
SITEURL = 'https://digest.example'
DEFAULT_PAGINATION = 20
TAG_FEED_ATOM = 'feeds/{slug}.atom.xml'
CATEGORY_SAVE_AS = AUTHOR_SAVE_AS = ''
CATEGORY_FEED_ATOM = AUTHOR_FEED_ATOM = AUTHOR_FEED_RSS = TRANSLATION_FEED_ATOM = None
DIRECT_TEMPLATES = ['index', 'tags', 'archives']
"""
DIGEST_SETTINGS = "from alsoread.pelicanconf import *\n\nPATH = 'content'\nSITEURL = 'https://digest.example'\n"
# without PLUGINS Pelican takes all plugins that are installed in its own namespace
PRESS_SETTINGS = """\
import pkgutil

import pelican.plugins
from pelicanconf import *

PLUGINS = [
    *globals().get(
        "PLUGINS",
        [name for _, name, whole in pkgutil.iter_modules(pelican.plugins.__path__, "pelican.plugins.") if whole],
    ),
    "alsoread.press",
]
"""
# run in a process of its own: what this one holds would count as the peak of those that are measured
TELL_SETTINGS = """\
import json, sys
from pelican.settings import read_settings
settings = read_settings(sys.argv[1])
names = ("PATH", "THEME", "ARTICLE_PATHS", "ARTICLE_EXCLUDES", "PAGE_PATHS")
print(json.dumps({name: settings[name] for name in names}))
"""


@dataclass(frozen=True)
class Flavour:
    """A way to build a site. Some exit codes besides 0 are fine: stories with errors are left out by a digest."""

    name: str
    told: str
    command: tuple[str, ...]
    settings: str
    fine: tuple[int, ...] = (0,)

    def run(self, folder: Path, plugins: Path) -> Taken:
        command = [sys.executable, *self.command, "-s", self.settings, "-t", THEME, "-o", OUTPUT]
        return measure(command, folder, environment={"PYTHONPATH": str(plugins)}, fine=self.fine)


STOCK = Flavour("stock", "`pelican`", ("-m", "pelican"), "pelicanconf.py")
PRESS = Flavour(
    "press", "`pelican` with the plugin `alsoread.press`", ("-m", "pelican"), "pelicanconf_with_the_press.py"
)
DIGEST = Flavour("digest", "`alsoread build`", ("-m", "alsoread", "build"), "pelicanconf.py", (0, 1))
FLAVOURS = {flavour.name: flavour for flavour in (STOCK, PRESS, DIGEST)}


@dataclass
class Site:
    """The copy of a site that one flavour builds; `files` are the sums of what its last build gave."""

    folder: Path
    flavour: Flavour
    plugins: Path
    story: Path = field(init=False)
    files: dict[str, bytes] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Find what is going to be edited, and give the site a theme of its own."""
        told = subprocess.run(
            [sys.executable, "-c", TELL_SETTINGS, self.flavour.settings],
            cwd=self.folder,
            env={**os.environ, "PYTHONPATH": str(self.plugins)},
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
        settings = json.loads(told.stdout)
        content = Path(settings["PATH"])
        if not content.is_relative_to(self.folder):
            raise NothingToEdit(f"PATH of the settings is {content}, outside of the site")
        excluded = {*settings["ARTICLE_EXCLUDES"], *settings["PAGE_PATHS"]} - {""}
        self.story = newest(content, settings["ARTICLE_PATHS"], excluded)
        shutil.copytree(settings["THEME"], self.folder / THEME)

    def build(self) -> Taken:
        return self.flavour.run(self.folder, self.plugins)

    def changed(self) -> int:
        """How many files of the output are not what they were when this was last asked."""
        before, self.files = self.files, sums(self.folder / OUTPUT)
        return sum(before.get(name) != self.files.get(name) for name in before.keys() | self.files.keys())

    def counts(self) -> tuple[int, int] | None:
        """How many pages the last build rendered and reused, by the memory that the press keeps."""
        store = self.folder / WORK / "store.sqlite"
        if not store.is_file():
            return None
        with closing(sqlite3.connect(store)) as memory:
            pages, rendered = memory.execute(
                "SELECT count(*), total(json_array_length(value, '$.changes') > 0) FROM entry WHERE kind = 'page'"
            ).fetchone()
        return int(rendered), int(pages - rendered)


# the sites


def made_up_site(folder: Path, arguments: argparse.Namespace) -> None:
    write_stories(folder / "content", Corpus(arguments.stories, arguments.words, arguments.seed), "pelican")
    (folder / STOCK.settings).write_text(STOCK_SETTINGS)


def copied_corpus(folder: Path, corpus: Path) -> None:
    shutil.copytree(corpus, folder / "content")
    (folder / STOCK.settings).write_text(STOCK_SETTINGS)


def stock_can_read(content: Path) -> bool:
    """Whether no story begins with the fence of YAML, of which Pelican reads single lines only."""
    return not any(path.read_bytes()[:3] == b"---" for path in content.rglob("*.md"))


def prepare(work: Path, arguments: argparse.Namespace) -> tuple[str, list[Site]]:
    """What is measured, in words, and a copy of it for each flavour."""
    code, original = work / "code", work / "original"
    # the code as it is now, so that it can be worked on while it is being measured
    for name in ("plugins", "themes"):
        shutil.copytree(ROOT / name, code / name, ignore=shutil.ignore_patterns("__pycache__"))
    compileall.compile_dir(code / "plugins", quiet=1)
    if arguments.site:
        told, possible = f"the Pelican site {arguments.site.resolve().name}", ["stock", "press"]
        shutil.copytree(arguments.site, original, ignore=shutil.ignore_patterns(*NOT_COPIED))
    elif arguments.corpus:
        copied_corpus(original, arguments.corpus)
        number = sum(1 for _ in (original / "content").rglob("*.md"))
        told, possible = f"the {number:,} Markdown files of {arguments.corpus.resolve().name}", ["digest"]
        if stock_can_read(original / "content"):
            possible = ["stock", "press", "digest"]
    else:
        made_up_site(original, arguments)
        told, possible = f"{arguments.stories:,} stories of {arguments.words:,} words", ["stock", "press", "digest"]
    wanted = [name for name in possible if name in (arguments.flavour or possible)]
    if not wanted:
        raise NothingToEdit(f"this can be measured with the flavours {', '.join(possible)}")
    return told, [copied_site(original, work / name, FLAVOURS[name], code / "plugins") for name in wanted]


def copied_site(original: Path, folder: Path, flavour: Flavour, plugins: Path) -> Site:
    shutil.copytree(original, folder)
    if flavour is PRESS:
        (folder / PRESS.settings).write_text(PRESS_SETTINGS)
    if flavour is DIGEST:
        (folder / DIGEST.settings).write_text(DIGEST_SETTINGS)
    return Site(folder, flavour, plugins)


# a build that remembers against one that does not


def sums(output: Path) -> dict[str, bytes]:
    files = (path for path in output.rglob("*") if path.is_file() and path.name != MARKER)
    return {path.relative_to(output).as_posix(): hashlib.blake2b(path.read_bytes()).digest()[:12] for path in files}


def check(site: Site, work: Path) -> list[str]:
    """How the output of a site differs from that of clean builds of it; for the press, of stock Pelican's too."""
    if site.flavour is STOCK:
        return []
    told = []
    for flavour in (site.flavour, STOCK) if site.flavour is PRESS else (site.flavour,):
        clean = work / "clean"
        shutil.rmtree(clean, ignore_errors=True)
        shutil.copytree(site.folder, clean, ignore=shutil.ignore_patterns(OUTPUT, WORK))
        flavour.run(clean, site.plugins)
        found = list(differences(clean / OUTPUT, site.folder / OUTPUT, sums(clean / OUTPUT), site.files))
        if found:
            told += [f"{site.flavour.name}: not what a clean build with {flavour.told} gives", *found]
    return told


def differences(clean: Path, given: Path, right: dict[str, bytes], found: dict[str, bytes]) -> Iterator[str]:
    yield from listed("missing", right.keys() - found.keys())
    yield from listed("too many", found.keys() - right.keys())
    different = sorted(name for name in right.keys() & found.keys() if right[name] != found[name])
    yield from listed("different", different)
    for name in different[:3]:
        old, new = ((folder / name).read_text("utf-8", errors="replace").splitlines() for folder in (clean, given))
        lines = unified_diff(old, new, f"{name} (clean)", f"{name} (remembering)", n=1, lineterm="")
        yield from (f"    {line[:200]}" for line in islice(lines, 30))


def listed(title: str, names: Iterable[str]) -> Iterator[str]:
    if names:
        yield f"  {title} ({len(list(names)):,}): {', '.join(sorted(names)[:8])}"


# the table


WIDTHS = (19, 6, 7, 7, 5, 8, 7, 13, 5, 6)


def row(*cells: str) -> str:
    padded = [f"{cell:<{width}}" for cell, width in zip(cells[:2], WIDTHS[:2], strict=True)]
    padded += [f"{cell:>{width}}" for cell, width in zip(cells[2:], WIDTHS[2:], strict=True)]
    return f"| {' | '.join(padded)} |"


def numbers(taken: Taken, counts: tuple[int, int] | None, changed: int, base: Taken) -> list[str]:
    rendered, reused = (f"{count:,}" for count in counts) if counts else ("", "")
    memory = "?" if math.isnan(taken.memory) else f"{taken.memory:.0f}"
    ratios = [f"{taken.cpu / base.cpu:.2f}", f"{taken.wall / base.wall:.2f}"]
    return [f"{taken.wall:.2f}", f"{taken.cpu:.2f}", memory, rendered, reused, f"{changed:,}", *ratios]


def run(work: Path, arguments: argparse.Namespace) -> list[str]:
    """Take the steps, print the table, and give what the check found."""
    told, sites = prepare(work, arguments)
    found: list[str] = []
    against_stock = sites[0].flavour is STOCK
    named = ", ".join(f"{site.flavour.name} is {site.flavour.told}" for site in sites)
    base_name = "stock" if against_stock else "cold"
    print(f"Rebuilds of {told}. Python {platform.python_version()}, Pelican {version('pelican')};", end=" ")
    print(
        f"{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f} at the beginning. {named[0].upper()}{named[1:]}."
    )
    print(f"The last two columns are the ratios of processor and wall seconds to {base_name}.\n")
    print(row("step", "", "wall s", "CPU s", "MB", "rendered", "reused", "files changed", "CPU ×", "wall ×"))
    print(row("---", "---", *["--:"] * 8), flush=True)
    bases: dict[str, Taken] = {}
    for step, edit in EDITS.items():
        for site in sites:
            edit(site.story, site.folder / THEME / "templates/article.html", 1)
            taken = site.build()
            base = bases.setdefault(step if against_stock else site.flavour.name, taken)
            print(row(step, site.flavour.name, *numbers(taken, site.counts(), site.changed(), base)), flush=True)
            if arguments.check:
                found += [f"{step}: {line}" if not line.startswith(" ") else line for line in check(site, work)]
    if arguments.check:
        print(f"\nChecked after each step against clean builds: {'DIFFERENT' if found else 'the same bytes'}.")
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("stories", nargs="?", type=int, default=1000, metavar="N", help="how many (default: 1000)")
    parser.add_argument("--words", type=int, default=500, help="in a story")
    parser.add_argument("--seed", type=int, default=0, help="for other stories")
    parser.add_argument("--flavour", action="append", choices=FLAVOURS, help="measure this one only; repeatable")
    parser.add_argument("--check", action="store_true", help="compare the output of each step with clean builds")
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--site", type=Path, metavar="FOLDER", help="a Pelican site, with its pelicanconf.py")
    which.add_argument("--corpus", type=Path, metavar="FOLDER", help="a folder of Markdown stories")
    arguments = parser.parse_args()
    measuring_ends_with_its_processes()
    work = Path(tempfile.mkdtemp(prefix="alsoread-bench-")).resolve()
    found: list[str] = []
    try:
        found = run(work, arguments)
    except NothingToEdit as nothing:
        sys.exit(str(nothing))
    finally:
        if not found:
            with suppress(OSError):
                shutil.rmtree(work)
    if found:
        sys.exit("\n".join([*found, f"the sites as the last step left them are in {work}"]))


if __name__ == "__main__":
    main()
