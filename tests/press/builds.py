"""Sites that are built in this process, in a twentieth of a second, with Pelican left as it was found.

A `Project` is a folder with content, copies of themes and settings; `project.build()` gives every file of the site.
"""

import difflib
import locale
import logging
import os
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import pelican
from pelican import Pelican
from pelican.contents import Content
from pelican.log import LimitFilter
from pelican.plugins import signals
from pelican.settings import get_settings_from_module, read_settings
from pelican.utils import memoized

from sites import ROOT

__all__ = [
    "MARKER",
    "PRESS",
    "SITE_THEMES",
    "STOCK",
    "Files",
    "Project",
    "apart",
    "assert_same",
    "digest",
    "edited",
    "files_of",
    "pelican_unchanged",
    "sample",
    "templates_of",
]

Files = dict[str, bytes]

MARKER: Final = ".alsoread-output"
PRESS: Final = ("alsoread.press",)
STOCK: Final[tuple[str, ...]] = ()
SITE_THEMES: Final = ("simple", "notmyidea", "torture")

_THEMES: Final = {
    "simple": Path(pelican.__file__).parent / "themes/simple",
    "notmyidea": Path(pelican.__file__).parent / "themes/notmyidea",
    "torture": Path(__file__).parent / "torture_theme",
    "broadsheet": ROOT / "themes/broadsheet",
}
_SIGNALS: Final = [each for each in vars(signals).values() if isinstance(each, signals.Signal)]
_CACHES: Final = [each for each in vars(Content).values() if isinstance(each, memoized)]


@dataclass
class Project:
    """A site in the folder `root`: content in `content/`, templates that stand before the theme's in `overrides/`."""

    root: Path
    theme: str = "simple"
    plugins: tuple[str, ...] = PRESS
    settings: dict[str, Any] = field(default_factory=dict)
    messages: list[str] = field(default_factory=list)
    """What the last build said: warnings and errors of its log."""
    report: Any = None
    """What the last build of a press did."""

    def write(self, path: str, text: str | bytes) -> "Project":
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(text.encode() if isinstance(text, str) else text)
        return self

    def read(self, path: str) -> str:
        return (self.root / path).read_text("utf-8")

    def change(self, path: str, old: str, new: str) -> "Project":
        """Replace one passage of a file, which must be there."""
        text = self.read(path)
        assert old in text, f"{old!r} is not in {path}"
        return self.write(path, text.replace(old, new))

    def article(self, name: str, body: str = "Text.\n", **fields: object) -> "Project":
        """A file of Pelican's; of a digest's where the site is one."""
        lines = [f"{key.capitalize()}: {value}" for key, value in fields.items() if value is not None]
        return self.write(f"content/{name}.md", "\n".join(lines) + "\n\n" + body)

    def remove(self, path: str) -> "Project":
        (self.root / path).unlink()
        return self

    @property
    def theme_folder(self) -> Path:
        """The project's own copy of its theme, which a test may change."""
        folder = self.root / "themes" / self.theme
        if not folder.exists():
            shutil.copytree(_THEMES[self.theme], folder)
        return folder

    @property
    def is_digest(self) -> bool:
        return "alsoread" in self.plugins

    def all_settings(self, output: Path, plugins: tuple[str, ...]) -> dict[str, Any]:
        """What the site's `pelicanconf.py` would say."""
        settings: dict[str, Any] = {"SITEURL": "https://site.example", "SITENAME": "Quayside"}
        if "alsoread" in plugins:
            import alsoread.pelicanconf

            settings = {**get_settings_from_module(alsoread.pelicanconf), "SITEURL": "https://digest.example"}
        settings.update(
            PATH=str(self.root / "content"),
            OUTPUT_PATH=str(output),
            CACHE_PATH=str(self.root / "cache"),
            THEME=str(self.theme_folder),
            THEME_TEMPLATES_OVERRIDES=[str(self.root / "overrides")],
            PLUGINS=list(plugins),
            TIMEZONE="UTC",
            LOCALE="C",
        )
        if self.theme == "torture":
            settings.update(_torture_settings(self.theme_folder))
        return {**settings, **self.settings}

    def build(
        self,
        output: str = "output",
        *,
        plugins: tuple[str, ...] | None = None,
        receivers: Mapping[str, Callable[..., None]] | None = None,
        clean: bool = False,
        seed: str = "",
    ) -> Files:
        """Build the site into `root`/`output` and give its files. What stops the build is raised.

        `receivers` are connected to Pelican's signals of these names for the time of the build.
        """
        folder = self.root / output
        self.messages = []
        with pelican_unchanged(self.messages):
            for name, receiver in (receivers or {}).items():
                getattr(signals, name).connect(receiver)
            chosen = self.plugins if plugins is None else plugins
            site = Pelican(read_settings(None, self.all_settings(folder, chosen)))
            if "alsoread_press" in vars(site):
                site.alsoread_press.clean, site.alsoread_press.seed = clean, seed
            site.run()
            self.report = site.alsoread_press.report if "alsoread_press" in vars(site) else None
        return files_of(folder)

    def clean(self, *, plugins: tuple[str, ...] | None = None) -> Files:
        """The same site, built by a press that has never seen it, into a folder that is then removed."""
        said = self.messages
        try:
            return self.build("clean/output", plugins=plugins)
        finally:
            self.messages = said
            shutil.rmtree(self.root / "clean", ignore_errors=True)

    def stock(self) -> Files:
        """The same site as Pelican builds it without any plugin."""
        return self.clean(plugins=STOCK)

    def wanted(self) -> Files:
        """What every build must give: what Pelican makes of the site, or of a digest a clean build."""
        return self.clean() if self.is_digest else self.stock()

    def state_files(self) -> list[Path]:
        """What the press keeps beside the output folder."""
        return sorted(path for path in (self.root / ".output.alsoread").rglob("*") if path.is_file())


def files_of(folder: Path) -> Files:
    """Every file below a folder by its path, but for the press's mark."""
    found = {}
    for here, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(here, name)
            if name != MARKER:
                with open(path, "rb") as file:
                    found[os.path.relpath(path, folder)] = file.read()
    return found


def assert_same(found: Files, wanted: Files, what: str = "") -> None:
    """Fail with the names of files that differ, and with the first lines that do."""
    if found == wanted:
        return
    lines = [f"{what}: the site differs"]
    lines += [f"  missing: {name}" for name in sorted(wanted.keys() - found.keys())]
    lines += [f"  too many: {name}" for name in sorted(found.keys() - wanted.keys())]
    for name in sorted(name for name in found.keys() & wanted.keys() if found[name] != wanted[name]):
        one, two = (data.decode("utf-8", "replace").splitlines() for data in (found[name], wanted[name]))
        lines.append(f"  differs: {name}")
        lines += [f"    {line[:160]}" for line in list(difflib.unified_diff(one, two, "found", "wanted", n=0))[2:8]]
    raise AssertionError("\n".join(lines[:60]))


def templates_of(project: Project) -> list[str]:
    """The theme's templates, by their names."""
    folder = project.theme_folder / "templates"
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.html"))


def edited(template: str, word: str) -> str:
    """A template with a word more where it shows: in its main block, its first block or macro, or at its end."""
    tags = ("{% block content %", "{% block main %", "{% block ") if "{% extends" in template else ("{% macro ",)
    for tag in tags:
        start = template.find(tag)
        end = template.find("%}", start)
        if start >= 0 and "<html" not in template and "<!doctype" not in template:
            return template[: end + 2] + word + template[end + 2 :]
    return template + word


def apart(project: Project) -> Project:
    """The same project, to be given other settings."""
    return Project(project.root, project.theme, project.plugins, dict(project.settings))


def _torture_settings(theme: Path) -> dict[str, Any]:
    probes = sorted(f"probes/{path.stem}" for path in (theme / "templates/probes").glob("*.html"))
    paginated = {"probes/paginated": 2, "probes/paginated_neighbours": 3}
    return {
        "DIRECT_TEMPLATES": ["index", "tags", "categories", "authors", "archives", *probes],
        "PAGINATED_TEMPLATES": {"index": 3, "tag": 2, "category": None, "author": None, **paginated},
        "YEAR_ARCHIVE_SAVE_AS": "{date:%Y}/index.html",
        "YEAR_ARCHIVE_URL": "{date:%Y}/",
        "MONTH_ARCHIVE_SAVE_AS": "{date:%Y}/{date:%m}/index.html",
        "MONTH_ARCHIVE_URL": "{date:%Y}/{date:%m}/",
        "LINKS": (("Harbour", "https://harbour.example"), ("Weather", "https://weather.example")),
        "MENUITEMS": [["Home", "/"], ["About", "/about"]],
    }


class _Listener(logging.Handler):
    def __init__(self, messages: list[str]) -> None:
        super().__init__(logging.WARNING)
        self._messages = messages

    def emit(self, record: logging.LogRecord) -> None:
        text = record.getMessage()
        if record.exc_info:
            text += "\n" + logging.Formatter().formatException(record.exc_info)
        self._messages.append(f"{record.levelname} {text}")


@contextmanager
def pelican_unchanged(messages: list[str]) -> Iterator[None]:
    """Pelican made quiet; afterwards its receivers, its log and the process are as they were."""
    path, place = list(sys.path), locale.setlocale(locale.LC_ALL)
    connected = [set(signal.receivers) for signal in _SIGNALS]
    said = set(LimitFilter._ignore), set(LimitFilter._raised_messages), dict(LimitFilter._group_count)
    quiet, pelican.console.quiet = pelican.console.quiet, True
    root = logging.getLogger()
    handlers, root.handlers = root.handlers, [_Listener(messages)]
    LimitFilter._raised_messages.clear()
    LimitFilter._group_count.clear()
    try:
        yield
    finally:
        root.handlers = handlers
        pelican.console.quiet = quiet
        for target, before in zip(
            (LimitFilter._ignore, LimitFilter._raised_messages, LimitFilter._group_count), said, strict=True
        ):
            target.clear()
            target.update(before)
        for signal, before_it in zip(_SIGNALS, connected, strict=True):
            for receiver in [value for key, value in signal.receivers.items() if key not in before_it]:
                signal.disconnect(_strong(receiver))
        for cache in _CACHES:
            cache.cache.clear()
        locale.setlocale(locale.LC_ALL, place)
        sys.path[:] = path


def _strong(receiver: Any) -> Any:
    """A receiver itself, where blinker holds a weak reference to it."""
    from weakref import ReferenceType

    return receiver() if isinstance(receiver, ReferenceType) else receiver


WORDS: Final = ("ferry", "crane", "tide", "lamp", "rope", "gull", "pier", "sail", "buoy", "fog")


def sample(root: Path, theme: str = "simple", plugins: tuple[str, ...] = PRESS) -> Project:
    """Ten articles with everything an article can have, two pages, two pictures."""
    project = Project(root, theme, plugins)
    project.article(
        "ferry",
        "The ferry is late. See [the crane]({filename}crane.md).\n\n![dot]({static}/images/dot.png)\n",
        title="The ferry",
        date="2024-03-01 10:00",
        tags="Ports, Ferries",
        category="Ports",
        authors="Ada Quill, Bo Reed",
    )
    project.article(
        "crane",
        "A crane *turns*. Its [plan]({attach}more/plan.txt).\n",
        title="The crane & the <quay>",
        date="2024-03-01 09:00",
        modified="2024-04-01",
        tags="ports, Steel",
        category="ports",
        author="Bo Reed",
        summary="A crane.",
    )
    project.article(
        "tide", "High.\n", title="Tide", date="2024-01-15", category="Sea", mood="grey", template="article_terse"
    )
    project.article(
        "lamp",
        "Lit. [Ports]({tag}ports) and [sea]({category}sea).\n",
        title="A lamp",
        date="2023-12-31 23:00",
        tags="Night",
        category="Sea",
        template="article_kin",
    )
    project.article(
        "rope", "Long.\n", title="Rope", date="2023-06-06", tags="Steel, Ferries", category="Sea", author="Ada Quill"
    )
    project.article("rope-de", "Lang.\n", title="Seil", slug="rope", lang="de", date="2023-06-07", category="Sea")
    project.article(
        "gull",
        "It cries.\n",
        title="Gull",
        date="2022-02-02",
        category="Birds",
        template="article_kin",
        tags="Night, Ports",
    )
    project.article("pier", "Wood.\n", title="Pier", date="2024-02-29", tags="Ports", category="Ports", status="hidden")
    project.article("sail", "Torn.\n", title="Sail", date="2024-05-05", tags="Ferries", category="Sea", status="draft")
    project.article(
        "fog", "Thick. " * 70 + "[rope]({filename}rope.md)\n", title="Fog", date="2021-01-01", category="Birds"
    )
    project.write("content/more/plan.txt", "a plan\n")
    project.write("content/pages/about.md", "Title: About\n\nUs. [fog]({filename}/fog.md)\n")
    project.write("content/pages/terms.md", "Title: Terms\nMood: stern\n\nTerms.\n")
    project.write("content/images/dot.png", b"\x89PNG dot").write("content/images/line.png", b"\x89PNG line")
    if theme != "torture":
        for name in ("tide", "lamp", "gull"):
            text = project.read(f"content/{name}.md")
            project.write(
                f"content/{name}.md",
                "\n".join(line for line in text.split("\n") if not line.startswith("Template:")),
            )
    return project


def digest(root: Path) -> Project:
    """Six stories that point to each other, one of them with an error, and a topic."""
    project = Project(root, "broadsheet", ("alsoread",))
    story = "---\ntitle: {}\ndate: {}\ntags: [{}]\n{}---\n\n{}\n"
    for name, *parts in (
        (
            "ferry",
            "The ferry is late",
            "2024-03-01 10:00",
            "Ports, Ferries",
            "",
            "Late again.\n\nREAD: A crane turns\n",
        ),
        ("crane", "A crane turns", "2024-03-01 09:00", "Ports, Steel", "summary: It turns.\n", "It *turns*."),
        ("tide", "High tide in the old harbour", "2024-01-15", "Sea", "", "High.\n\nALSO READ: The ferry is late"),
        ("lamp", "A lamp is lit", "2023-12-31", "Sea, Night", "status: draft\n", "Lit.\n\nREAD: Nobody wrote this"),
        ("rope", "Rope, and more rope", "2023-06-06", "Steel", "", "Long.\n\nREAD: A lamp is lit"),
        ("gull", "A gull cries", "never", "Birds", "", "It cries."),
    ):
        project.write(f"content/{name}.md", story.format(*parts))
    return project.write(
        "content/topics/ports.md", "---\nname: Ports\nslug: ports\ndescription: Ships.\n---\n\nShips.\n"
    )
