"""Whatever happens to a build, to what it remembers or to its output: the next one makes the site as it should be."""

import contextlib
import itertools
import os
import random
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import pytest
from builds import SITE_THEMES, Files, Project, assert_same, digest, files_of, sample
from kills import Killed, Killer

KEPT: Final = "CNAME"
"""A file that the publisher put into the output folder, where it stays."""


@pytest.fixture(scope="module")
def killer() -> Iterator[Killer]:
    killer = Killer()
    yield killer
    killer.close()


def small(root: Path) -> Project:
    """Three articles and a picture."""
    project = Project(root, "simple")
    project.article(
        "ferry", "Late. [crane]({filename}crane.md)\n", title="Ferry", date="2024-01-03", tags="Ports", category="Sea"
    )
    project.article("crane", "High.\n", title="Crane", date="2024-01-02", tags="Ports, Steel", category="Sea")
    project.article("tide", "Low.\n", title="Tide", date="2024-01-01", category="Moon")
    project.settings["AUTHOR_FEED_RSS"] = None
    return project.write("content/images/dot.png", b"\x89PNG dot")


class Turns:
    """A site that goes to and fro between two forms; `to(...)` writes the sources of one of them."""

    def __init__(self, project: Project, edit: Callable[[Project], None]) -> None:
        self.project = project
        self._edit = edit
        self._sources = project.root.with_name("sources")
        shutil.copytree(project.root, self._sources)
        self._theme = project.theme
        self.found: set[str] = set()
        """Which forms killed builds have left."""
        self.old = project.wanted()
        edit(project)
        self.new = project.wanted()
        assert self.old != self.new
        self.to_old()

    def to_old(self) -> None:
        shutil.rmtree(self.project.root / "content")
        shutil.copytree(self._sources / "content", self.project.root / "content")
        self.project.theme = self._theme

    def to_new(self) -> None:
        self.to_old()
        self._edit(self.project)

    def killed(self, build: Callable[[], Killed]) -> Killed:
        """From the old site to the new one by a build that may be killed, and then by one that is not."""
        self.to_old()
        site = self.project.root / "output"
        assert_same(_published(self.project.build()), self.old, "the old site")
        (site / KEPT).write_text("site.example")
        self.to_new()
        end = build()
        assert not end.said, end.said
        found = _published(files_of(site))
        if end.code == -9:
            self.found.add("new" if found == self.new else "old")
        if found not in (self.old, self.new):
            assert_same(found, self.old, f"{end}: neither the old site nor the new one")
        assert_same(_published(self.project.build()), self.new, f"after {end}")
        assert (site / KEPT).read_text() == "site.example"
        assert not [line for line in self.project.messages if "Traceback" in line], self.project.messages
        return end


def _published(files: Files) -> Files:
    return {name: data for name, data in files.items() if name != KEPT}


def _edit_one(project: Project) -> None:
    project.change("content/ferry.md", "Late.", "On time.")


def _edit_much(project: Project) -> None:
    project.change("content/crane.md", "Title: Crane", "Title: Derrick").remove("content/tide.md")
    project.article("gull", "It cries.\n", title="Gull", date="2024-02-02", category="Sea", tags="Steel")
    project.theme = "notmyidea"


def _edit_story(project: Project) -> None:
    project.change("content/crane.md", "A crane turns", "A crane has turned").remove("content/tide.md")


CHANGES: Final = {"one edit": (small, _edit_one), "many edits": (small, _edit_much), "a digest": (digest, _edit_story)}


@pytest.fixture(params=CHANGES)
def turns(request: pytest.FixtureRequest, tmp_path: Path) -> Turns:
    make, edit = CHANGES[request.param]
    return Turns(make(tmp_path / "site"), edit)


def kill_at_every(turns: Turns, killer: Killer, step: int) -> int:
    """Kill a build at each `step`th of its calls, until one has no more of them.

    How many there are depends on what the build before left of the tree that is out of service.
    """
    for killed, call in enumerate(itertools.count(1, step)):
        end = turns.killed(lambda at=call: killer.build(turns.project, at=at))
        if end.code == 0:
            return killed
    raise AssertionError


def test_a_build_is_killed_at_some_of_its_calls(turns: Turns, killer: Killer) -> None:
    assert kill_at_every(turns, killer, step=120)


@pytest.mark.torture
def test_a_build_is_killed_at_every_one_of_its_calls(turns: Turns, killer: Killer) -> None:
    assert kill_at_every(turns, killer, step=1)
    assert turns.found == {"old", "new"}


@pytest.mark.parametrize("step", [61, pytest.param(1, marks=pytest.mark.torture)])
def test_the_first_build_is_killed_at_its_calls(tmp_path: Path, killer: Killer, step: int) -> None:
    project = small(tmp_path)
    wanted = project.wanted()
    calls = killer.build(project).calls
    for call in range(1, calls + 1, step):
        for name in ("output", ".output.alsoread"):
            shutil.rmtree(tmp_path / name, ignore_errors=True)
        killer.build(project, at=call)
        assert files_of(tmp_path / "output") in ({}, wanted), call
        assert_same(project.build(), wanted, f"after a kill at call {call}")


@pytest.mark.parametrize("step", [61, pytest.param(1, marks=pytest.mark.torture)])
def test_builds_are_killed_one_after_the_other(tmp_path: Path, killer: Killer, step: int) -> None:
    """Each finds what the one before left, and there is none that is not killed until the end."""
    project = small(tmp_path)
    old = project.build()
    _edit_one(project)
    new = project.wanted()
    for call in range(1, killer.build(project).calls + 1, step):
        killer.build(project, at=call)
        assert files_of(tmp_path / "output") in (old, new), call
    assert_same(project.build(), new)
    left = {path.name for path in (tmp_path / ".output.alsoread").iterdir() if path.is_dir()}
    # empty folders are laid aside for the next stage
    assert left - {"folders"} == {"other", "pages"}


@pytest.mark.torture
@pytest.mark.parametrize("seed", range(2))
def test_a_build_is_killed_at_random_moments(turns: Turns, killer: Killer, seed: int) -> None:
    chance = random.Random(seed)
    took = turns.killed(lambda: killer.build(turns.project)).seconds
    for _ in range(35):
        turns.killed(lambda: killer.build(turns.project, after=chance.uniform(0, 1.1 * took)))


# what is remembered


@pytest.fixture(params=["simple", pytest.param("torture", marks=pytest.mark.torture)])
def project(request: pytest.FixtureRequest, tmp_path: Path) -> Project:
    """The sample site, built once."""
    project = sample(tmp_path / "site", request.param)
    project.build()
    return project


def check(project: Project) -> None:
    """The next build, the one after an edit, and the one after that are as clean ones."""
    assert_same(project.build(), project.wanted(), "the next build")
    assert not [line for line in project.messages if "Traceback" in line], project.messages
    text = project.read("content/ferry.md")
    project.write("content/ferry.md", text.replace("is late", "is on time"))
    assert_same(project.build(), project.wanted(), "the build after an edit")
    project.write("content/ferry.md", text)


def _emptied(path: Path, chance: random.Random) -> None:
    path.write_bytes(b"")


def _cut_short(path: Path, chance: random.Random) -> None:
    os.truncate(path, chance.randrange(path.stat().st_size or 1))


def _garbage(path: Path, chance: random.Random) -> None:
    path.write_bytes(chance.randbytes(chance.randrange(10_000)))


def _some_bytes_changed(path: Path, chance: random.Random) -> None:
    data = bytearray(path.read_bytes())
    for _ in range(chance.randint(1, 50) if data else 0):
        data[chance.randrange(len(data))] = chance.randrange(256)
    path.write_bytes(data)


def _letters_changed(path: Path, chance: random.Random) -> None:
    """So that it may still look sound."""
    data = bytearray(path.read_bytes())
    letters = [at for at, byte in enumerate(data) if chr(byte).isalnum()]
    for at in chance.sample(letters, min(len(letters), 40)):
        data[at] = ord(chance.choice("abcdefgh0123"))
    path.write_bytes(data)


def _a_page_doubled(path: Path, chance: random.Random) -> None:
    path.write_bytes(path.read_bytes() * 2)


def _another_database(path: Path, chance: random.Random) -> None:
    path.unlink()
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE entry (kind, name, value)")
        connection.execute("INSERT INTO entry VALUES ('page', 'index.html', 'nothing')")
        connection.commit()


def _rows_changed(path: Path, chance: random.Random) -> None:
    """A sound database of ours with other contents in it."""
    try:
        with contextlib.closing(sqlite3.connect(path)) as connection:
            tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
            for table in tables:
                columns = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
                connection.execute(f"UPDATE {table} SET {columns[-2]} = replace({columns[-2]}, 'e', 'a')")
            connection.commit()
    except sqlite3.DatabaseError:
        _garbage(path, chance)


def _a_folder(path: Path, chance: random.Random) -> None:
    path.unlink()
    (path / "deep").mkdir(parents=True)


def _a_dangling_link(path: Path, chance: random.Random) -> None:
    path.unlink()
    path.symlink_to("nowhere")


DAMAGES: Final = (
    _emptied,
    _cut_short,
    _garbage,
    _some_bytes_changed,
    _letters_changed,
    _a_page_doubled,
    _another_database,
    _rows_changed,
    _a_folder,
    _a_dangling_link,
)


def _named(damage: Callable[..., None]) -> str:
    return damage.__name__.strip("_").replace("_", " ")


def databases(project: Project) -> list[Path]:
    return [path for path in project.state_files() if path.read_bytes().startswith(b"SQLite")]


@pytest.mark.parametrize("damage", DAMAGES, ids=_named)
def test_a_database_of_the_press_is_damaged(project: Project, damage: Callable[..., None]) -> None:
    for path in databases(project):
        damage(path, random.Random(1))
    check(project)


@pytest.mark.torture
@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("damage", DAMAGES[1:5], ids=_named)
def test_a_database_of_the_press_is_damaged_very_often(
    project: Project, damage: Callable[..., None], seed: int
) -> None:
    chance = random.Random(seed)
    for _ in range(10):
        for path in databases(project):
            damage(path, chance)
        check(project)


@pytest.mark.parametrize("damage", DAMAGES, ids=_named)
def test_every_other_file_of_the_press_is_damaged(project: Project, damage: Callable[..., None]) -> None:
    for path in project.state_files():
        if path not in databases(project) and path.name != "lock":
            damage(path, random.Random(1))
    check(project)


@pytest.mark.parametrize("few", [6, pytest.param(0, marks=pytest.mark.torture)], ids=["some", "all"])
def test_each_file_of_the_press_is_deleted_in_turn(tmp_path: Path, few: int) -> None:
    project = sample(tmp_path, "simple")
    wanted = project.build()
    paths = project.state_files()
    for path in random.Random(1).sample(paths, few) if few else paths:
        path.unlink(missing_ok=True)
        assert_same(project.build(), wanted, f"without {path}")


def test_everything_of_the_press_is_deleted(project: Project) -> None:
    shutil.rmtree(project.root / ".output.alsoread")
    check(project)


def test_the_state_of_an_earlier_build_comes_back(project: Project) -> None:
    """As it does from a backup, or from the cache of a build server."""
    state, earlier = project.root / ".output.alsoread", project.root / "earlier"
    shutil.copytree(state, earlier)
    project.change("content/ferry.md", "is late", "was late").remove("content/gull.md")
    project.build()
    shutil.rmtree(state)
    os.rename(earlier, state)
    assert_same(project.build(), project.wanted())


def test_the_output_of_an_earlier_build_comes_back(project: Project) -> None:
    output, earlier = project.root / "output", project.root / "earlier"
    shutil.copytree(output, earlier)
    project.change("content/ferry.md", "is late", "was late").remove("content/gull.md")
    project.build()
    shutil.rmtree(output)
    os.rename(earlier, output)
    assert_same(project.build(), project.wanted())


def test_the_state_is_that_of_another_site(project: Project, tmp_path: Path) -> None:
    other = sample(tmp_path / "other", project.theme)
    other.change("content/ferry.md", "is late", "is elsewhere")
    other.build()
    for name in (".output.alsoread", "output"):
        shutil.rmtree(project.root / name)
        shutil.copytree(tmp_path / "other" / name, project.root / name)
    assert_same(project.build(), project.wanted())


def test_two_outputs_of_one_site_do_not_disturb_each_other(project: Project) -> None:
    wanted = project.wanted()
    for _ in range(2):
        assert_same(project.build("preview"), wanted)
        assert_same(project.build(), wanted)
    project.change("content/ferry.md", "is late", "was late")
    assert_same(project.build("preview"), project.wanted())
    assert_same(project.build(), project.wanted())


# the output


def pages(project: Project) -> list[Path]:
    """One file of each kind: an article, the front page, a list, a feed, a picture, a style sheet."""
    names = ["the-ferry.html", "index.html", "tag/ports.html", "feeds/all.atom.xml", "images/dot.png"]
    names += [name for name in ("theme/css/main.css",) if (project.root / "output" / name).exists()]
    return [project.root / "output" / name for name in names]


def _edited_in_place(path: Path) -> None:
    with path.open("r+b") as file:
        file.write(b"<!-- by hand -->")


def _edited_in_place_with_its_old_time(path: Path) -> None:
    stamp = path.stat()
    with path.open("r+b") as file:
        file.write(b"X")
    os.utime(path, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))
    assert path.stat().st_size == stamp.st_size


def _appended_to(path: Path) -> None:
    with path.open("ab") as file:
        file.write(b"more")


def _replaced(path: Path) -> None:
    path.unlink()
    path.write_bytes(b"replaced")


def _deleted(path: Path) -> None:
    path.unlink()


def _made_a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()
    (path / "index.html").write_text("a folder")


def _made_a_link(path: Path) -> None:
    path.unlink()
    path.symlink_to("/etc/hostname")


TAMPERINGS: Final = (
    _edited_in_place,
    _edited_in_place_with_its_old_time,
    _appended_to,
    _emptied,
    _replaced,
    _deleted,
    _made_a_folder,
    _made_a_link,
)


@pytest.mark.parametrize("tamper", TAMPERINGS, ids=_named)
def test_files_of_the_output_are_changed_by_hand(project: Project, tamper: Callable[..., None]) -> None:
    wanted = files_of(project.root / "output")
    for path in pages(project):
        tamper(*(path, random.Random(1))[: 2 if tamper is _emptied else 1])
    assert files_of(project.root / "output") != wanted
    assert_same(project.build(), wanted, "the next build")
    assert_same(project.build(), wanted, "the build after it")
    check(project)


def test_files_of_the_output_are_changed_by_hand_right_after_the_build(project: Project) -> None:
    wanted = files_of(project.root / "output")
    for path in pages(project) * 3:
        assert_same(project.build(), wanted)
        _edited_in_place_with_its_old_time(path)
    assert_same(project.build(), wanted)


def test_what_somebody_put_into_the_output_goes_with_the_next_build(project: Project) -> None:
    wanted = files_of(project.root / "output")
    for name in ("stray.html", "deep/stray.html", "tag/stray.html"):
        project.write(f"output/{name}", "stray")
    assert_same(project.build(), wanted)


def test_the_output_is_deleted(project: Project) -> None:
    wanted = files_of(project.root / "output")
    shutil.rmtree(project.root / "output")
    assert_same(project.build(), wanted)


def test_half_of_the_output_is_deleted(project: Project) -> None:
    wanted = files_of(project.root / "output")
    for name in sorted(wanted)[::2]:
        (project.root / "output" / name).unlink()
    assert_same(project.build(), wanted)


def test_what_was_published_is_not_changed_by_the_next_build_through_a_link(project: Project) -> None:
    """A server or a backup may have linked the old site's files: they keep what they hold."""
    copy = project.root / "served"
    shutil.copytree(project.root / "output", copy, copy_function=os.link)
    before = files_of(copy)
    project.change("content/ferry.md", "is late", "was late").write("content/images/dot.png", b"new")
    project.write(f"themes/{project.theme}/static/css/main.css", "new {}")
    project.build()
    assert files_of(copy) == before


# the place


@pytest.mark.parametrize("theme", SITE_THEMES)
@pytest.mark.parametrize("left_out", [("output",), ("output", ".output.alsoread"), ()], ids=str)
def test_the_project_is_copied_to_another_place(tmp_path: Path, theme: str, left_out: tuple[str, ...]) -> None:
    sample(tmp_path / "here", theme).build()
    shutil.copytree(tmp_path / "here", tmp_path / "there", ignore=shutil.ignore_patterns(*left_out))
    there = Project(tmp_path / "there", theme)
    assert_same(there.build(), there.wanted())
    there.change("content/ferry.md", "is late", "was late")
    assert_same(there.build(), there.wanted())


@pytest.mark.parametrize("theme", SITE_THEMES)
def test_the_project_is_moved_to_another_place(tmp_path: Path, theme: str) -> None:
    sample(tmp_path / "here", theme).build()
    os.rename(tmp_path / "here", tmp_path / "there")
    there = Project(tmp_path / "there", theme)
    assert_same(there.build(), there.wanted())


def test_another_project_comes_to_the_place(tmp_path: Path) -> None:
    """Other files with the same names, sizes and times, while the state stays."""
    one = sample(tmp_path / "site", "simple")
    one.build()
    for path in (tmp_path / "site/content").rglob("*.md"):
        stamp = path.stat()
        text = path.read_text("utf-8").replace("e", "i", 1) if "Title" not in path.name else ""
        path.unlink()
        path.write_text(text.replace("Titli", "Title").replace("Dati", "Date"), "utf-8")
        os.utime(path, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))
    assert_same(one.build(), one.wanted())
