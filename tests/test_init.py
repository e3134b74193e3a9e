"""`alsoread init`: a digest that works from the first minute, and the page that leads a newcomer through it."""

import json
import os
import re
import stat
import subprocess
import sys
from datetime import UTC, date, datetime
from importlib import metadata
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from hatchling.builders.wheel import WheelBuilder

from alsoread import __version__
from alsoread.cli import init_
from alsoread.desk.starter import Start, starter_files, title_of
from reading import read, read_as_topic
from sites import PLUGINS, ROOT, Result, Site, run, tree

GUIDE = ROOT / "docs/getting-started.md"
TODAY = datetime.now(UTC).date()
ALSOREAD = f"{sys.executable} -m alsoread"


@pytest.fixture
def begun(site: Site) -> Site:
    """A new digest, in a folder below the one that it was made from."""
    result = site.run("init", "town-news")
    assert result.exit_code == 0, result.err
    return Site(site.root / "town-news")


def make(site: Site, *args: str, **env: str) -> Result:
    return run(["make", *args], site.root, {"MAKEFLAGS": "", "ALSOREAD": "", **env})


def internal_links(site: Site) -> set[tuple[str, str]]:
    """Pages, and the files of the site that they link to."""
    found = set()
    for page in (site.root / "output").rglob("*.html"):
        name = page.relative_to(site.root / "output").as_posix()
        for link in re.findall(r'(?:href|src)="([^"]+)"', page.read_text("utf-8")):
            address = urlsplit(urljoin(f"https://digest.example/{name}", link))
            if address.netloc == "digest.example":
                found.add((name, address.path.lstrip("/") or "index.html"))
    return found


# -- the digest


def test_a_new_digest_builds_without_findings_and_all_its_links_lead_somewhere(begun: Site) -> None:
    result = begun.build()
    assert (result.exit_code, result.err) == (0, "")
    assert begun.build("--format", "json").json["findings"] == []
    links = internal_links(begun)
    assert {(page, link) for page, link in links if not begun.has(link)} == set()
    for page in ("archive.html", "authors/news-desk.html", "topics/town-life.html", "threads/old-bridge.html"):
        assert begun.has(page)
    assert begun.has(f"archive/{TODAY:%Y}.html")
    assert begun.has(f"archive/{TODAY:%Y/%m}.html")
    crosslink = begun.page("stories/market-moves-to-mill-square.html").partition('<aside class="crosslink')[2]
    assert "old-bridge-closes.html" in crosslink.partition("</aside>")[0]
    assert "market-moves-to-mill-square.html" in begun.page("stories/old-bridge-closes.html")
    assert "old-bridge-closes.html" in begun.page("topics/town-life.html")


def test_pelican_builds_it_with_the_same_bytes(begun: Site) -> None:
    ours, theirs = begun.build("-o", "ours"), begun.pelican("content", "-o", "theirs")
    assert (ours.exit_code, theirs.exit_code) == (0, 0), ours.err + theirs.err
    assert tree(begun.root / "ours") == tree(begun.root / "theirs")
    ours, theirs = (
        each(*("-s", "publishconf.py", "-o", f"published-{name}"), SITEURL="https://www.example.org/news/")
        for name, each in (
            ("ours", begun.build),
            ("theirs", lambda *args, **env: begun.pelican("content", *args, **env)),
        )
    )
    assert (ours.exit_code, theirs.exit_code) == (0, 0), ours.err + theirs.err
    assert tree(begun.root / "published-ours") == tree(begun.root / "published-theirs")
    assert "https://www.example.org/news/stories/" in (begun.root / "published-ours/sitemap.xml").read_text()


def test_make_builds_and_publishes_with_an_alsoread_that_is_installed(begun: Site) -> None:
    built = make(begun, "html", f"ALSOREAD={ALSOREAD}")
    assert built.exit_code == 0, built.err
    assert "2 stories" in built.out
    assert not (begun.root / ".venv").exists()
    refused = make(begun, "publish", f"ALSOREAD={ALSOREAD}")
    assert refused.exit_code != 0
    assert "SITEURL is not set: write it into pelicanconf.py" in refused.err
    published = make(begun, "publish", ALSOREAD=ALSOREAD, SITEURL="https://www.example.org")
    assert published.exit_code == 0, published.err
    assert 'rel="canonical" href="https://www.example.org/' in begun.page("index.html")
    begun.write("content/stories/bad.md", "no story\n")
    checked = make(begun, "check", f"ALSOREAD={ALSOREAD}")
    assert checked.exit_code != 0
    assert "content/stories/bad.md:1:1 AR101" in checked.out
    assert "make publish" in make(begun).out
    assert make(begun, "clean").exit_code == 0
    assert not (begun.root / "output").exists()


def test_make_installs_what_the_requirements_say_and_once(begun: Site) -> None:
    """With an interpreter that makes an environment whose pip notes what it is asked for: no network."""
    pip = 'echo "$@" >> asked.txt; printf "#!/bin/sh\\necho built with \\$@\\n" > .venv/bin/alsoread; chmod +x .venv/bin/alsoread'
    python = f"""#!/bin/sh
    if [ "$1" = -m ]; then
      mkdir -p "$3/bin" && cat > "$3/bin/pip" <<'END' && chmod +x "$3/bin/pip"
#!/bin/sh
{pip}
END
    fi
    """
    begun.write("python", python)
    (begun.root / "python").chmod(stat.S_IRWXU)
    first, second = (make(begun, "html", "PYTHON=./python") for _ in range(2))
    assert "built with build" in first.out, first.err
    assert "built with build" in second.out
    asked = (begun.root / "asked.txt").read_text().splitlines()
    assert len(asked) == 1
    assert asked[0].split()[0] == "install"
    assert "-r requirements.txt" in asked[0]
    assert (begun.root / "requirements.txt").read_text().splitlines()[-1].startswith("alsoread")


def test_a_story_can_be_begun_in_it_at_once(begun: Site) -> None:
    result = begun.run("new", "A new roof for the market hall")
    assert result.exit_code == 0, result.err
    assert "tag Town life: " in result.err
    path = begun.root / result.out.strip()
    assert begun.build("--format", "json").json["findings"] == []
    path.write_text(re.sub("status: draft.*\n", "", path.read_text()))
    assert begun.build("--format", "json").json["findings"] == []
    assert "A new roof for the market hall" in begun.page("index.html")


# -- the folder


def test_nothing_that_is_there_is_overwritten_and_all_of_it_is_named(site: Site) -> None:
    site.write("town/pelicanconf.py", "mine").write("town/content/topics", "a file").write("town/NOTES", "mine")
    before = tree(site.root)
    result = site.run("init", "town")
    assert result.exit_code == 2
    assert "town/content/topics, town/pelicanconf.py are there already" in result.err
    assert "NOTES" not in result.err
    assert result.out == ""
    assert tree(site.root) == before
    assert site.run("init", "town/NOTES").exit_code == 2
    os.symlink("elsewhere", site.root / "link")
    assert "link is there already" in site.run("init", "link").err


def test_it_works_in_an_empty_folder_and_in_the_one_you_are_in(site: Site) -> None:
    (site.root / "Harbour_news").mkdir()
    result = site.run("init", "Harbour_news")
    assert 'SITENAME = "Harbour news"' in (site.root / "Harbour_news/pelicanconf.py").read_text()
    assert result.err.split("Next:")[1].split("\n") == [
        *("", "", "  cd Harbour_news", "  alsoread serve", '  alsoread new "A headline of yours"', "")
    ]
    here = Site(site.root / "two words")
    here.write("LICENSE", "mine")
    result = here.run("init", ".")
    assert result.exit_code == 0
    assert 'SITENAME = "Two words"' in (here.root / "pelicanconf.py").read_text()
    assert "pelicanconf.py" in result.out.splitlines()
    assert "  cd" not in result.err
    assert here.run("init", ".").exit_code == 2
    assert "cd 'three more words'" in site.run("init", "three more words").err


def test_a_dry_run_names_the_files_and_writes_none(site: Site) -> None:
    dry = site.run("init", "town", "--dry-run")
    assert (dry.exit_code, tree(site.root)) == (0, {})
    wet = site.run("init", "town")
    assert dry.out == wet.out
    assert sorted(wet.out.splitlines()) == list(tree(site.root))


# -- the options


def test_any_name_gives_a_digest_that_builds(site: Site) -> None:
    title = 'Ta\'izz "News" \\ <b>& Co</b> *daily* @title@ {x} أخبار'
    options = ("--title", title, "--lang", "ar", "--timezone", "Asia/Aden", "--author", 'O\'Neil: "Ed" #1')
    result = site.run("init", "town", *options, "--url", "https://www.example.org/news/")
    assert result.exit_code == 0, result.err
    town = Site(site.root / "town")
    built = town.build()
    assert (built.exit_code, built.err) == (0, "")
    settings: dict[str, Any] = {}
    exec((town.root / "pelicanconf.py").read_text(), settings)
    assert settings["SITENAME"] == title
    assert settings["AUTHOR"] == 'O\'Neil: "Ed" #1'
    told = [settings[name] for name in ("DEFAULT_LANG", "TEXT_DIRECTION", "TIMEZONE", "SITEURL")]
    assert told == ["ar", "rtl", "Asia/Aden", "https://www.example.org/news"]
    assert '<html lang="ar" dir="rtl">' in town.page("index.html")
    assert "&lt;b&gt;&amp; Co&lt;/b&gt; *daily* @title@ {x} أخبار" in town.page("about.html")
    # the address that was given is the one to publish at
    assert town.build("--strict", "-s", "publishconf.py").exit_code == 0
    assert 'rel="canonical" href="https://www.example.org/news/' in town.page("index.html")


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (("--timezone", "Europe/Lundon"), "did you mean Europe/London?"),
        (("--timezone", "../etc/passwd"), "is no time zone"),
        (("--timezone", ""), "is no time zone"),
        (("--lang", "english language"), "is no code of a language"),
        (("--url", "www.example.org"), "is no address such as"),
        (("--url", "https://"), "is no address such as"),
        (("--url", "https://www.example.org/\n"), "is no address such as"),
        (("--title", " \x00".replace("\x00", "\x01")), "the digest needs a name"),
    ],
)
def test_options_that_would_break_it_are_refused(site: Site, args: tuple[str, ...], words: str) -> None:
    result = site.run("init", "town", *args)
    assert result.exit_code == 2
    assert words in result.err
    assert tree(site.root) == {}


@pytest.mark.parametrize(
    ("folder", "title"), [("town-news", "Town news"), ("TownNews", "TownNews"), ("a__b- c", "A b c")]
)
def test_the_name_is_made_from_that_of_the_folder(folder: str, title: str) -> None:
    assert title_of(folder) == title


# -- the files


def test_every_gap_is_filled_and_every_file_is_read_without_findings() -> None:
    files = starter_files(Start("Town", date(2026, 1, 1), "alsoread==1"))
    assert len(files) == 13
    assert "content/stories/2025/12/earlier-story.md" in files
    assert "content/stories/2026/01/first-story.md" in files
    for path, text in files.items():
        assert not re.search("@[a-z]+@", text), path
        assert not text or text.endswith("\n")
        if path.startswith("content/topics"):
            assert read_as_topic(text).findings == ()
        elif path.endswith(".md") and path.startswith("content"):
            assert read(text, kind="page" if "pages" in path else "story").findings == ()


def test_the_texts_are_in_the_wheel() -> None:
    shipped = {file.distribution_path for file in WheelBuilder(str(ROOT)).recurse_included_files()}
    paths = [path for path in (PLUGINS / "alsoread/starter").rglob("*") if path.is_file()]
    texts = {path.relative_to(PLUGINS).as_posix() for path in paths}
    assert len(texts) > 20
    assert texts <= shipped


def test_the_requirement_is_the_version_or_the_commit_that_is_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    def installed(origin: object) -> str:
        class Distribution:
            def read_text(self, name: str) -> str | None:
                return json.dumps(origin) if origin and name == "direct_url.json" else None

        monkeypatch.setattr(metadata, "distribution", lambda name: Distribution())
        return init_._requirement()

    commit = {"vcs": "git", "commit_id": "1234abcd", "requested_revision": "main"}
    from_git = {"url": "https://www.example.org/alsoread.git", "vcs_info": commit}
    assert installed(from_git) == "alsoread @ git+https://www.example.org/alsoread.git@1234abcd"
    assert installed({"url": "file:///somewhere", "dir_info": {"editable": True}}) == f"alsoread=={__version__}"
    assert installed(None) == f"alsoread=={__version__}"


# -- the guide


def steps(text: str) -> list[tuple[str, str]]:
    """What a reader of the guide does: ('file', path and text), ('type', command and what it shows)."""
    found = []
    fence = re.compile(r"^```(\w+) ?[^\n]*\n(.*?)^```$", re.MULTILINE | re.DOTALL)
    for match in fence.finditer(text):
        named = re.fullmatch(r"`([\w./-]+)`:", text[: match.start()].rstrip().rpartition("\n")[2])
        if named:
            found.append(("file", f"{named[1]}\n{match[2]}"))
        elif match[1] == "console":
            found += [("type", each) for each in re.split(r"^\$ ", match[2], flags=re.MULTILINE)[1:]]
    return found


def test_the_guide_does_what_it_says_when_it_is_followed_to_the_letter(site: Site) -> None:
    site.write("bin/alsoread", f'#!/bin/sh\nexec {ALSOREAD} "$@"\n')
    (site.root / "bin/alsoread").chmod(stat.S_IRWXU)
    path = f"{site.root / 'bin'}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PYTHONPATH": str(PLUGINS), "PATH": path}
    today = re.compile(r"\b20\d\d/\d\d\b")
    folder, typed = site.root, []
    text = GUIDE.read_text("utf-8").partition("\n## Make the digest\n")[2]
    for kind, what in steps(text):
        first, _, rest = what.partition("\n")
        if kind == "file":
            Site(folder).write(today.sub(f"{TODAY:%Y/%m}", first), rest)
            continue
        typed.append(first.split()[:2])
        if first.startswith("cd "):
            folder /= first.removeprefix("cd ")
        elif not first.startswith(("alsoread serve", "rsync")):
            done = subprocess.run(
                ["sh", "-c", first],
                cwd=folder,
                env=environment,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
            )
            assert _still(rest, today) == _still(done.stdout, today), first
            # what the reader is told to do with the hint
            for line in re.findall("hint: (.*)", done.stdout):
                for story in (folder / "content").rglob("*library-opens*.md"):
                    story.write_text(re.sub("^ALSO READ.*$", line, story.read_text(), flags=re.MULTILINE))
    for command in (
        ["alsoread", "init"],
        ["alsoread", "new"],
        ["alsoread", "serve"],
        ["alsoread", "build"],
        ["rsync", "-a"],
    ):
        assert command in typed
    town = Site(folder)
    assert town.build("--format", "json").json["findings"] == []
    assert len(list((folder / "content/topics").iterdir())) == 3
    assert "the-town-library-opens-on-sundays" in town.page("index.html")
    assert "the-town-library-opens-on-sundays" in town.page("stories/old-bridge-closes.html")
    assert "The town library opens on Sundays" in town.page("topics/library.html")


def test_what_the_page_on_commands_shows_of_a_new_story_is_real(begun: Site) -> None:
    page = (ROOT / "docs/commands.md").read_text("utf-8").partition("\n## alsoread new\n")[2]
    shown = page.partition("```text\n")[2].partition("```")[0]
    result = begun.run("new", "The old bridge opens again")
    today = re.compile(r"\b20\d\d/\d\d\b")
    assert _still(shown, today) == _still(result.out + result.err, today)


def _still(text: str, today: re.Pattern[str]) -> list[str]:
    """What a command showed, without what is another on another day or with another theme."""
    lines = re.sub(r"\d+ pages \(.*?\), \d+ files( \(\d+ removed\))?|[\d.]+ s\b", "", today.sub("", text)).splitlines()
    return sorted(line for line in lines if line)
