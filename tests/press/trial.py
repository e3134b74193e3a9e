"""A site of a test, edited step by step and built several ways after each step.

The press builds it where it stands, with what it remembers of the steps before. Pelican alone builds a copy. Now and
then the press builds another copy, of which it knows nothing. All must give the same files with the same bytes.
"""

import os
import shutil
import sys
from dataclasses import dataclass, field
from difflib import unified_diff
from pathlib import Path

import pytest
from build_client import Build, Builders

from sites import run, tree

EXTENSIONS = Path(__file__).with_name("extensions")
MARKER = ".alsoread-output"
SETTINGS = {
    "SITENAME": "Skerry Island News",
    "SITEURL": "https://skerry.example",
    "AUTHOR": "Ola Brandsund",
    "PATH": "content",
    "OUTPUT_PATH": "output",
    "TIMEZONE": "Europe/Lisbon",
    "LOCALE": "C",
    "DEFAULT_LANG": "en",
    "THEME": "simple",
}
SETTINGS_ALONE = "pelicanconf_alone.py"
WITHOUT_THE_PRESS = """\
from pelicanconf import *

PLUGINS = [plugin for plugin in PLUGINS if plugin != "alsoread.press"]
"""


class Pages(dict[str, bytes]):
    """The files of a built site, by path."""

    def text(self, name: str) -> str:
        return self[name].decode()


@dataclass
class Trial:
    """A site in the folder `site` below `root`, and what was built of it.

    A build fails if Pelican reports an error, unless the site is known to `have_errors`.
    """

    root: Path
    builders: Builders
    pages: Pages = field(default_factory=Pages)
    environment: dict[str, str] = field(default_factory=dict)
    have_errors: bool = False
    _settings: dict[str, object] = field(default_factory=lambda: dict(SETTINGS))
    _code: str = ""
    _steps: int = 0

    @property
    def site(self) -> Path:
        return self.root / "site"

    # what a publisher does

    def settings(self, code: str = "", plugins: tuple[str, ...] = ("alsoread.press",), **changes: object) -> None:
        """Write the settings file, or write it again with changes. `code` stands before the settings."""
        self._settings = {"PLUGINS": list(plugins), **self._settings, **changes}
        self._code = code or self._code
        lines = [f"{name} = {value!r}" for name, value in self._settings.items()]
        self.write("pelicanconf.py", self._code + "\n" + "\n".join(lines) + "\n")

    def write(self, path: str, text: str | bytes) -> None:
        target = self.site / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(text.encode() if isinstance(text, str) else text)

    def article(self, name: str, title: str, date: str, body: str = "Nothing more is known.", **fields: str) -> None:
        """A Markdown file in the content folder."""
        head = {"Title": title, "Date": date, **{key.capitalize(): value for key, value in fields.items()}}
        self.write(f"content/{name}.md", "".join(f"{key}: {value}\n" for key, value in head.items()) + f"\n{body}\n")

    def edit(self, path: str, old: str, new: str) -> None:
        text = (self.site / path).read_text("utf-8")
        assert old in text, f"{old!r} is not in {path}"
        self.write(path, text.replace(old, new))

    def edit_unseen(self, path: str, old: str, new: str) -> None:
        """An edit that leaves the file as long and as old as it was."""
        before = (self.site / path).stat()
        self.edit(path, old, new)
        os.utime(self.site / path, ns=(before.st_atime_ns, before.st_mtime_ns))
        assert (self.site / path).stat().st_size == before.st_size

    def remove(self, path: str) -> None:
        (self.site / path).unlink()

    def rename(self, old: str, new: str) -> None:
        (self.site / new).parent.mkdir(parents=True, exist_ok=True)
        (self.site / old).rename(self.site / new)

    def age(self, path: str, seconds: int) -> None:
        """Let a file have been changed so many seconds after the beginning of 1970."""
        os.utime(self.site / path, (seconds, seconds))

    def extension(self, name: str) -> None:
        """A plugin of the folder `extensions` beside this file, put into the site as its own."""
        source = EXTENSIONS / name
        if source.is_dir():
            shutil.copytree(source, self.site / "extensions" / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            self.write(f"extensions/{name}.py", source.with_suffix(".py").read_bytes())

    # what must hold

    def agrees(self, step: str, *, changed: bool = True) -> Pages:
        """Build and compare; `step` says what was done before. Gives what Pelican alone makes of the site.

        An edit that changes no page proves nothing: unless `changed` is false, the site must differ from the last one.
        After the first step, the press also builds once more with nothing changed. A build of the press from nothing
        costs a third of the time and says little that the first step did not: every third step has one.
        """
        self._steps += 1
        from_nothing = self._steps % 3 == 1
        alone = self._copy("alone")
        (alone / SETTINGS_ALONE).write_text(WITHOUT_THE_PRESS, "utf-8")
        builds = [self._build(self.site), self._build(alone, SETTINGS_ALONE)]
        if from_nothing:
            builds.append(self._build(self._copy("anew")))
        self.builders.run(builds)
        expected = built(alone / "output")
        if from_nothing:
            expect_same(expected, built(self.root / "anew/output"), f"{step}: the press, building the site anew,")
        expect_same(expected, built(self.site / "output"), f"{step}: the press, which knows the site from before,")
        assert not changed or expected != self.pages, f"{step}: this changed nothing"
        self.pages = expected
        if self._steps == 1:
            self.agrees_again()
        return expected

    def agrees_again(self) -> None:
        """Build with nothing changed since the last build."""
        self.builders.run([self._build(self.site)])
        expect_same(self.pages, built(self.site / "output"), "the press, with nothing changed since its last build,")

    def fails(self) -> None:
        """Build with the press; it must fail, as Pelican alone would."""
        self.builders.run([self._build(self.site)], succeed=False)

    def agrees_with_the_command(self) -> None:
        """Build by Pelican's own command, as a user does, both ways."""
        for folder, settings in (("site", "pelicanconf.py"), ("alone", SETTINGS_ALONE)):
            done = run(
                [sys.executable, "-m", "pelican", "-s", settings, "-o", "by_command"],
                self.root / folder,
                self.environment,
            )
            assert done.exit_code == 0, done.err
            expect_same(self.pages, built(self.root / folder / "by_command"), f"the command in the folder {folder}")

    def _copy(self, name: str) -> Path:
        """A copy of the site as it stands, without what was built of it or is remembered of that."""
        copy = self.root / name
        shutil.rmtree(copy, ignore_errors=True)
        return Path(shutil.copytree(self.site, copy, ignore=shutil.ignore_patterns("output", ".output.alsoread")))

    def _build(self, folder: Path, settings: str = "pelicanconf.py") -> Build:
        arguments = ("-s", settings, "--log-handler", "plain", *(() if self.have_errors else ("--fatal", "errors")))
        return Build(folder, arguments, self.root / f"{folder.name}.log", self.environment)


def built(output: Path) -> Pages:
    """What is in an output folder, but for the press's own mark."""
    pages = Pages(tree(output))
    pages.pop(MARKER, None)
    return pages


def expect_same(expected: Pages, given: Pages, who: str) -> None:
    """Fail with a short account of what differs."""
    if expected == given:
        return
    lines = [f"{who} gives other files than Pelican alone"]
    for title, names in (("missing", expected.keys() - given.keys()), ("too many", given.keys() - expected.keys())):
        if names:
            lines.append(f"{title}: {', '.join(sorted(names)[:8])}{', …' if len(names) > 8 else ''}")
    different = sorted(name for name in expected.keys() & given.keys() if expected[name] != given[name])
    if different:
        lines.append(f"different: {', '.join(different[:8])}{', …' if len(different) > 8 else ''}")
    for name in different[:3]:
        try:
            old, new = (pages[name].decode().splitlines() for pages in (expected, given))
        except UnicodeDecodeError:
            lines.append(f"{name}: {len(expected[name])} bytes, and {len(given[name])} other bytes")
            continue
        changes = list(unified_diff(old, new, f"{name} (Pelican)", f"{name} (press)", n=1, lineterm=""))
        lines += [line[:160] for line in changes[:14]] or [f"{name}: other line ends"]
    pytest.fail("\n".join(lines), pytrace=False)
