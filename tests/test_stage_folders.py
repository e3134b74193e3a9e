"""Folders of the stage are used again, by `press.folders`, and come back as if they had just been made."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest

from alsoread.press.output import staged

NAMES: Final = ("a/b/c", "a/b", "d", "a/e/f")


def build(site: Path, names: tuple[str, ...] = NAMES) -> list[str]:
    """A build with folders; what it made, and how many are then laid aside."""
    with staged(str(site)) as stage:
        for name in names:
            stage.folders.make(os.path.join(stage.path, name))
        found = sorted(path.relative_to(stage.path).as_posix() for path in Path(stage.path).rglob("*"))
        Path(stage.path, "x").touch()
        stage.commit()
    return found


@pytest.fixture
def site(tmp_path: Path) -> Path:
    site = tmp_path / "site"
    for _ in range(3):
        assert build(site) == ["a", "a/b", "a/b/c", "a/e", "a/e/f", "d"]
    return site


@pytest.fixture
def aside(site: Path) -> Path:
    return site.parent / ".site.alsoread/folders"


def numbers(folder: Path) -> set[int]:
    return {path.stat().st_ino for path in folder.iterdir()}


def test_folders_are_used_again_and_do_not_become_more(site: Path, aside: Path) -> None:
    before = numbers(aside)
    for _ in range(3):
        build(site)
        assert numbers(aside) == before
    build(site, ("d",))
    assert numbers(aside) == before
    assert sorted(path.name for path in site.iterdir()) == [".alsoread-output", "d", "x"]


def _file_in_one(aside: Path) -> None:
    for path in aside.iterdir():
        (path / "secret").write_text("x")


def _link_for_one(aside: Path) -> None:
    for path in aside.iterdir():
        path.rmdir()
        path.symlink_to(aside.parent.parent / "elsewhere")


def _file_for_one(aside: Path) -> None:
    for path in aside.iterdir():
        path.rmdir()
        path.write_text("x")


def _other_permissions(aside: Path) -> None:
    for path in aside.iterdir():
        path.chmod(0o711)


def _link_elsewhere(aside: Path) -> None:
    for path in aside.iterdir():
        path.rmdir()
    aside.rmdir()
    aside.symlink_to(aside.parent.parent / "elsewhere")


def _file_in_place_of_all(aside: Path) -> None:
    for path in aside.iterdir():
        path.rmdir()
    aside.rmdir()
    aside.write_text("x")


@pytest.mark.parametrize(
    "damage",
    [_file_in_one, _link_for_one, _file_for_one, _other_permissions, _link_elsewhere, _file_in_place_of_all],
    ids=lambda damage: damage.__name__.strip("_").replace("_", " "),
)
def test_what_was_done_to_folders_that_lie_aside_shows_nowhere(
    site: Path, aside: Path, damage: Callable[[Path], None]
) -> None:
    elsewhere = site.parent / "elsewhere"
    (elsewhere / "empty").mkdir(parents=True)
    (elsewhere / "thesis.tex").write_text("years")
    damage(aside)
    for _ in range(2):
        assert build(site) == ["a", "a/b", "a/b/c", "a/e", "a/e/f", "d"]
        assert not list(site.rglob("secret"))
        assert {path.stat().st_mode for path in site.rglob("*") if path.is_dir()} == {site.stat().st_mode}
        assert sorted(path.name for path in elsewhere.iterdir()) == ["empty", "thesis.tex"]
    if aside.is_dir():
        assert len(list(aside.iterdir())) <= 6


def test_no_folder_takes_the_place_of_a_file(site: Path) -> None:
    with staged(str(site)) as stage:
        Path(stage.path, "file").write_text("x")
        for name in ("file", "file/below"):
            with pytest.raises(OSError, match="file"):
                stage.folders.make(os.path.join(stage.path, name))
        assert Path(stage.path, "file").read_text() == "x"
