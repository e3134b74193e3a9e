"""What does each peer build, and with which commands? A folder of its own with the same stories, and templates of one
weight, which are in `sites/`.
"""

import json
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from corpus import Corpus, Form, write_stories
from installs import Installed
from measure import ROOT

__all__ = ["INSTALLED_BY", "NAMES", "Peer", "Site", "peers", "write_site"]

SITES = Path(__file__).resolve().parent / "sites"
THEME = Path("theme")
# the row of each peer, and what has to be installed for it
INSTALLED_BY = {
    "alsoread": "",
    "commonmark": "",
    "broadsheet": "",
    "pelican": "pelican",
    "hugo": "hugo",
    "hugo-related": "hugo",
    "eleventy": "eleventy",
}
NAMES = tuple(INSTALLED_BY)
# the rows that are ours: how each is told, its theme, and the options of its commands
OURS = {
    "alsoread": ("Alsoread", THEME, ()),
    "commonmark": ("Alsoread, CommonMark", THEME, ("-s", "commonmarkconf.py")),
    "broadsheet": ("Alsoread, broadsheet", Path("broadsheet"), ()),
}


@dataclass(frozen=True, slots=True)
class Peer:
    """A row of the table. Folders and files are below that of its site."""

    name: str
    told: str
    form: Form
    build: tuple[str, ...]
    stories: Path
    template: Path
    output: Path
    # what a build leaves besides the output, for the next one
    memory: tuple[Path, ...] = ()
    # what a check leaves for the next one
    verdicts: tuple[Path, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    # the server, with `{port}`, and commands that read: by the name of the step; `{story}` is the file of a story
    serve: tuple[str, ...] = ()
    commands: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Site:
    """What a peer builds, and the newest story, which is edited."""

    peer: Peer
    folder: Path
    story: Path

    @property
    def output(self) -> Path:
        return self.folder / self.peer.output

    @property
    def template(self) -> Path:
        return self.folder / self.peer.template


def peers(found: Mapping[str, Installed], plugins: Path) -> dict[str, Peer]:
    """Those of which the means are there."""
    made = {name: _alsoread(name, plugins) for name in OURS}
    if "pelican" in found:
        made["pelican"] = Peer(
            name="pelican",
            told="Pelican",
            form="pelican",
            build=(*found["pelican"].command, "-q"),
            stories=Path("content/stories"),
            template=THEME / "templates/article.html",
            output=Path("output"),
        )
    for name in ("hugo", "hugo-related") if "hugo" in found else ():
        made[name] = _hugo(name, found["hugo"])
    if "eleventy" in found:
        made["eleventy"] = Peer(
            name="eleventy",
            told="Eleventy",
            form="yaml",
            build=(*found["eleventy"].command, "--quiet"),
            stories=Path("src/stories"),
            template=Path("src/_includes/article.njk"),
            output=Path("output"),
        )
    return {name: made[name] for name in NAMES if name in made}


def _alsoread(name: str, plugins: Path) -> Peer:
    told, theme, options = OURS[name]
    command = (sys.executable, "-m", "alsoread")
    return Peer(
        name=name,
        told=told,
        form="yaml",
        build=(*command, "build", "-t", str(theme), *options),
        stories=Path("content/stories"),
        template=theme / "templates/article.html",
        output=Path("output"),
        memory=(Path(".output.alsoread"),),
        verdicts=tuple(Path(".output.alsoread", name) for name in ("checked.sqlite", "checked.json", "checked-inputs")),
        environment={"PYTHONPATH": str(plugins)},
        serve=(*command, "serve", "-t", str(theme), *options, "-p", "{port}"),
        commands={
            "help": (*command, "--help"),
            "first check": (*command, "check"),
            "check one file": (*command, "check", "{story}"),
            "check after an edit": (*command, "check", "{story}"),
            "check": (*command, "check"),
        }
        if name == "alsoread"
        else {},
    )


def _hugo(name: str, means: Installed) -> Peer:
    settings = ("--config", "hugo.toml,related.toml" if name == "hugo-related" else "hugo.toml")
    return Peer(
        name=name,
        told="Hugo, related" if name == "hugo-related" else "Hugo",
        form="yaml",
        build=(*means.command, "--quiet", *settings),
        stories=Path("content/stories"),
        template=Path("layouts/page.html"),
        output=Path("public"),
        memory=(Path("resources"),),
        serve=(
            *means.command,
            "server",
            "--bind",
            "127.0.0.1",
            "--port",
            "{port}",
            "--baseURL",
            "http://127.0.0.1",
            *settings,
        ),
    )


def write_site(peer: Peer, folder: Path, corpus: Corpus) -> Site:
    """Everything that the peer reads."""
    kind = "alsoread" if peer.name in OURS else peer.name.removesuffix("-related")
    shutil.copytree(SITES / kind, folder)
    navigation = json.dumps(corpus.navigation())
    if kind in ("alsoread", "pelican"):
        shutil.copytree(SITES / "jinja", folder / THEME)
        (folder / "navigation.json").write_text(navigation)
    if kind == "alsoread":
        shutil.copy(SITES / "pelican/pelicanconf.py", folder / "stock.py")
        shutil.copytree(ROOT / "themes/broadsheet", folder / "broadsheet")
    if kind == "hugo":
        shutil.copytree(SITES / "jinja/static", folder / "static/theme")
        (folder / "data").mkdir()
        (folder / "data/navigation.json").write_text(navigation)
    if kind == "eleventy":
        shutil.copytree(SITES / "jinja/static", folder / "theme")
        (folder / "src/_data").mkdir()
        (folder / "src/_data/navigation.json").write_text(navigation)
    return Site(peer, folder, write_stories(folder / peer.stories, corpus, peer.form))
