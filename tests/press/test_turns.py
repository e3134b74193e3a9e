"""Sites that are built again and again, in two trees that take turns: each is as a clean one, and costs what changed."""

import os
import random
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pytest
from builds import MARKER, Project, assert_same, files_of, sample

from alsoread.press.keep import Keep

STATE: Final = ".output.alsoread"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """The sample site, built until both trees are there."""
    project = sample(tmp_path / "site")
    for _ in range(3):
        project.build()
    assert (project.root / STATE / "other").is_dir()
    return project


def edit(project: Project, word: object) -> None:
    """Give one article another word."""
    text = project.read("content/ferry.md")
    project.write("content/ferry.md", f"{text.split('Word: ')[0]}Word: {word}.\n")


def check(project: Project) -> None:
    """This build, and those in which what it leaves behind comes round."""
    wanted = project.wanted()
    for turn in range(2):
        assert_same(project.build(), wanted, f"build {turn}")
    edit(project, random.random())
    for turn in range(2):
        assert_same(project.build(), project.wanted(), f"build {turn} after an edit")


def test_files_that_do_not_change_are_the_same_files_in_every_build(project: Project) -> None:
    def numbers() -> dict[Path, tuple[int, int]]:
        found = [path for path in (project.root / "output").rglob("*") if path.is_file()]
        return {path: (path.stat().st_ino, path.stat().st_mtime_ns) for path in found}

    before, bytes_before = numbers(), files_of(project.root / "output")
    for turn in range(4):
        edit(project, turn)
        found = project.build()
        same = {name for name, data in found.items() if bytes_before.get(name) == data} | {MARKER}
        assert len(same) > len(found) * 0.5
        now = numbers()
        for path in (project.root / "output" / name for name in same):
            assert now[path] == before[path], path
        before, bytes_before = now, found


def test_an_edit_leaves_the_stamps_of_all_other_pages_valid(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    looked_into: list[str] = []
    look = Keep.read
    monkeypatch.setattr(Keep, "read", lambda keep, name: (looked_into.append(name), look(keep, name))[1])
    for turn in range(4):
        edit(project, turn)
        looked_into.clear()
        project.build()
        # the bytes of feeds are read to be written
        feeds = sum(name.endswith(".xml") for name in files_of(project.root / "output"))
        assert project.report.rendered < project.report.reused
        assert len(looked_into) <= feeds, turn


def test_only_what_changed_is_linked_or_removed(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    edit(project, "twice")
    project.build()
    calls: list[str] = []
    site, other = str(project.root / "output"), str(project.root / STATE / "other")
    for name in ("link", "replace", "remove"):
        call = getattr(os, name)

        def heard(*args: Any, _call: Callable[..., None] = call, **kwargs: Any) -> None:
            calls.extend(str(path) for path in args if str(path).startswith((site, other)))
            _call(*args, **kwargs)

        monkeypatch.setattr(os, name, heard)
    project.build()
    # what the edit before has changed is brought into the tree that was out of service then
    changed = {os.path.basename(path).removesuffix(".alsoread-new") for path in calls}
    assert "the-ferry.html" in changed
    assert "the-crane-the.html" not in changed
    assert len(changed) < project.report.files / 2


# the tree that is out of service


def _every_file_edited(path: Path, chance: random.Random) -> None:
    for each in _files(path):
        each.write_bytes(each.read_bytes()[::-1])


def _some_files_replaced(path: Path, chance: random.Random) -> None:
    for each in chance.sample(_files(path), 8):
        each.unlink()
        each.write_text("replaced")


def _some_files_deleted(path: Path, chance: random.Random) -> None:
    for each in chance.sample(_files(path), 8):
        each.unlink()


def _some_files_swapped(path: Path, chance: random.Random) -> None:
    one, two = chance.sample(_files(path), 2)
    os.rename(one, f"{one}.x")
    os.rename(two, one)
    os.rename(f"{one}.x", two)


def _folders_and_files_swapped(path: Path, chance: random.Random) -> None:
    for each in [each for each in sorted(path.iterdir()) if each.name != MARKER]:
        if each.is_dir():
            shutil.rmtree(each)
            each.write_text("a file")
        else:
            each.unlink()
            (each / "deep").mkdir(parents=True)
            (each / "deep/x.html").write_text("x")


def _strays(path: Path, chance: random.Random) -> None:
    for name in ("stray.html", "tag/stray.html", "deep/er/stray.html", "index.html.alsoread-new", "CNAME"):
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_text("stray")


def _another_site(path: Path, chance: random.Random) -> None:
    shutil.rmtree(path)
    shutil.copytree(path.parents[1] / "content", path)


def _a_copy_of_the_site(path: Path, chance: random.Random) -> None:
    shutil.rmtree(path)
    shutil.copytree(path.parents[1] / "output", path)


DAMAGES: Final = (
    _every_file_edited,
    _some_files_replaced,
    _some_files_deleted,
    _some_files_swapped,
    _folders_and_files_swapped,
    _strays,
    _another_site,
    _a_copy_of_the_site,
)


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__.strip("_").replace("_", " "))
def test_the_tree_out_of_service_is_damaged(project: Project, damage: Callable[..., None]) -> None:
    damage(project.root / STATE / "other", random.Random(1))
    check(project)


def test_memory_and_site_come_back_as_copies_without_links(project: Project) -> None:
    for name in (STATE, "output"):
        shutil.copytree(project.root / name, project.root / "copy")
        shutil.rmtree(project.root / name)
        os.rename(project.root / "copy", project.root / name)
    times = {path: path.stat().st_ino for path in _files(project.root / "output") if path.suffix == ".html"}
    assert_same(project.build(), project.wanted())
    assert {path: path.stat().st_ino for path in times} == times
    check(project)


# paths that become something else


def test_a_page_becomes_a_static_file_and_a_page_again(project: Project) -> None:
    project.settings.update(
        STATIC_PATHS=["images", "extra"], EXTRA_PATH_METADATA={"extra/gull.txt": {"path": "gull.html"}}
    )
    name = next(name for name in project.build() if "gull" in name and name.endswith(".html"))
    project.settings["EXTRA_PATH_METADATA"] = {"extra/gull.txt": {"path": name}}
    text = project.read("content/gull.md")
    for _ in range(2):
        project.remove("content/gull.md").write("content/extra/gull.txt", "static")
        assert project.build()[name] == b"static"
        check(project)
        project.write("content/gull.md", text).remove("content/extra/gull.txt")
        assert project.build()[name] != b"static"
        check(project)
    # both: the static file is written later
    project.write("content/extra/gull.txt", "static")
    check(project)


def test_a_path_is_a_folder_and_a_file_in_turn(project: Project) -> None:
    forms: list[dict[str, Any]] = [
        {"ARTICLE_SAVE_AS": "x/{slug}.html"},
        {"ARTICLE_SAVE_AS": "x/{slug}.html/index.html"},
        {"ARTICLE_SAVE_AS": "{slug}/x"},
        {"ARTICLE_SAVE_AS": "{slug}"},
    ]
    for form in forms + forms[::-1]:
        project.settings.update(form)
        check(project)


def test_static_files_change_come_and_go(project: Project) -> None:
    project.write("content/images/dot.png", "other").write("content/images/new/more.png", "new")
    check(project)
    shutil.rmtree(project.root / "content/images/new")
    project.write("content/images/new", "a file")
    check(project)
    project.remove("content/images/new").remove("content/images/dot.png")
    check(project)


def test_articles_come_and_go(project: Project) -> None:
    text = project.read("content/gull.md")
    for turn in range(3):
        project.remove("content/gull.md")
        found = project.build()
        assert project.report.removed > 0
        assert project.report.files == len(found)
        assert_same(found, project.wanted(), f"gone {turn}")
        project.write("content/gull.md", text)
        found = project.build()
        assert project.report.removed == 0
        assert_same(found, project.wanted(), f"back {turn}")


def test_what_the_publisher_keeps_goes_with_the_site(project: Project) -> None:
    project.settings["OUTPUT_RETENTION"] = ["mine"]
    wanted = project.wanted()
    project.build()
    project.write("output/mine/deep.txt", "mine").write("output/CNAME", "site.example").write("output/stray", "stray")
    own = {"mine/deep.txt": b"mine", "CNAME": b"site.example"}
    for turn in range(3):
        assert_same(project.build(), {**wanted, **own}, f"build {turn}")
    project.remove("output/CNAME")
    del own["CNAME"]
    for turn in range(3):
        assert_same(project.build(), {**wanted, **own}, f"build {turn} without a CNAME")
    project.settings.clear()
    for turn in range(2):
        assert_same(project.build(), wanted, f"build {turn} that keeps nothing")


def test_a_site_that_is_not_published_leaves_both_trees_alone(project: Project) -> None:
    before = files_of(project.root / "output"), files_of(project.root / STATE / "other")
    edit(project, "unfinished")
    project.write("overrides/article.html", "{% endnothing %}")
    with pytest.raises(Exception, match="endnothing"):
        project.build()
    assert (files_of(project.root / "output"), files_of(project.root / STATE / "other")) == before
    project.remove("overrides/article.html")
    check(project)
