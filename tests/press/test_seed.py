"""May a site that was never built begin with what another one remembers?"""

import fcntl
import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest

from alsoread.press import seed as seeding
from alsoread.press.notes import BUILT
from alsoread.press.seed import seed
from alsoread.press.store import STORE, Store

NAMES = ("pages", "related", "nothing")


@pytest.fixture
def built(tmp_path: Path) -> Path:
    """What a build left that has ended."""
    other = tmp_path / "other"
    (other / "pages/ab").mkdir(parents=True)
    (other / "pages/ab/cdef").write_text("a page")
    (other / "related").write_text("lists")
    remember(other, "first")
    (other / BUILT.note).write_text("{}")
    (other / "lock").touch()
    return other


def remember(work: Path, value: str) -> None:
    store = Store(str(work / STORE))
    store.put("kind", "name", value)
    store.save()


def remembered(work: Path) -> object:
    store = Store(str(work / STORE))
    found = store.get("kind", "name")
    store.close()
    return found


def test_all_that_was_named_is_copied_and_the_store(built: Path, tmp_path: Path) -> None:
    work = tmp_path / "work"
    assert seed(str(work), str(built), NAMES)
    assert sorted(path.name for path in work.iterdir()) == ["pages", "related", STORE]
    assert remembered(work) == "first"
    assert (work / "related").read_text() == "lists"
    page = work / "pages/ab/cdef"
    assert page.read_text() == "a page"
    assert page.stat().st_nlink == (built / "pages/ab/cdef").stat().st_nlink == 1


def test_a_site_that_was_built_keeps_its_own(built: Path, tmp_path: Path) -> None:
    work = tmp_path / "work"
    (work / "pages").mkdir(parents=True)
    remember(work, "own")
    assert not seed(str(work), str(built), NAMES)
    assert remembered(work) == "own"
    assert [*(work / "pages").iterdir()] == []


def test_nothing_is_taken_while_another_build_is_at_work(built: Path, tmp_path: Path) -> None:
    (built / BUILT.note).unlink()
    assert not seed(str(tmp_path / "work"), str(built), NAMES)
    assert not (tmp_path / "work").exists()


@pytest.mark.parametrize("note", [None, "another"])
def test_what_was_copied_while_a_build_began_is_not_of_one_moment(
    built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, note: str | None
) -> None:
    def copied(source: str, target: str) -> None:
        shutil.copyfile(source, target)
        (built / BUILT.note).unlink()
        remember(built, "second")
        if note is not None:
            (built / BUILT.note).write_text(note)

    monkeypatch.setattr(seeding, "_copy_store", copied)
    assert not seed(str(tmp_path / "work"), str(built), NAMES)
    assert [*(tmp_path / "work").iterdir()] == []


def test_what_is_left_of_a_copy_that_was_stopped_is_copied_anew(built: Path, tmp_path: Path) -> None:
    work = tmp_path / "work"
    (work / "pages/ab").mkdir(parents=True)
    (work / "pages/ab/cd").write_text("half of a")
    (work / "related").mkdir()
    (work / f"{STORE}.new").write_text("half")
    assert seed(str(work), str(built), NAMES)
    assert [path.name for path in (work / "pages/ab").iterdir()] == ["cdef"]
    assert (work / "related").read_text() == "lists"
    assert not (work / f"{STORE}.new").exists()


def test_where_there_is_no_room_nothing_is_left(built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(source: str, target: str) -> None:
        Path(target).write_text("half")
        raise OSError(28, "No space left on device", target)

    monkeypatch.setattr(seeding, "_copy_store", full)
    assert not seed(str(tmp_path / "work"), str(built), NAMES)
    assert [*(tmp_path / "work").iterdir()] == []


def test_where_there_is_little_room_nothing_is_copied(
    built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What changes is made anew beside it, so that a preview without it may have room where one with it has none."""
    size = sum(path.stat().st_blocks * 512 for path in built.rglob("*") if path.is_file() and path.name != BUILT.note)
    room = SimpleNamespace(free=2 * size - 1)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: room)
    assert not seed(str(tmp_path / "work"), str(built), NAMES)
    assert [*(tmp_path / "work").iterdir()] == []
    room.free += 1
    assert seed(str(tmp_path / "work"), str(built), NAMES)


def test_nothing_is_taken_while_a_build_holds_the_folder_though_the_one_before_has_just_left_its_note(
    built: Path, tmp_path: Path
) -> None:
    with (built / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert not seed(str(tmp_path / "work"), str(built), NAMES)
    assert seed(str(tmp_path / "work"), str(built), NAMES)


def test_what_may_not_be_written_there_may_be_written_here(built: Path, tmp_path: Path) -> None:
    for path in (built / "pages/ab", built / "pages"):
        path.chmod(0o555)
    assert seed(str(tmp_path / "work"), str(built), NAMES)
    assert (tmp_path / "work/pages").stat().st_mode & 0o200
    assert (tmp_path / "work/pages/ab").stat().st_mode & 0o200


def test_a_link_is_copied_as_one_and_leads_nowhere_else(built: Path, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret")
    (built / "pages/ab/link").symlink_to(tmp_path / "secret")
    assert seed(str(tmp_path / "work"), str(built), NAMES)
    assert (tmp_path / "work/pages/ab/link").is_symlink()
