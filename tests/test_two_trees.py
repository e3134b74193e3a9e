"""Two trees take turns: `press.output` and `press.trees` alone, with the tree that is out of service in every state."""

import errno
import itertools
import os
import shutil
import stat
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Final

import pytest

from alsoread.press import keep, output
from alsoread.press.exchange import exchange_in_two_steps
from alsoread.press.keep import Keep
from alsoread.press.output import MARKER, staged
from alsoread.press.stamps import stamps_below
from alsoread.press.trees import Site, read_tree
from sites import tree

OLD: Final = {"a.html": "a", "b.html": "b", "deep/c.html": "c", "deep/er/d.html": "d", "style.css": "css"}
NEW: Final = {**OLD, "a.html": "another a", "deep/new.html": "new"}


def publish(folder: Path, files: dict[str, str], kept: tuple[str, ...] = ()) -> Any:
    with staged(str(folder), kept=kept) as stage:
        write(Path(stage.path), files)
        stage.commit()
    return stage


def write(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def files(folder: Path) -> dict[str, str]:
    return {name: data.decode() for name, data in tree(folder).items() if name != MARKER}


def numbers(folder: Path) -> dict[str, tuple[int, int]]:
    """The number of each file, and its time."""
    found = {path.relative_to(folder).as_posix(): path.lstat() for path in folder.rglob("*") if path.is_file()}
    return {name: (each.st_ino, each.st_mtime_ns) for name, each in found.items()}


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A site in service, and one that is not."""
    site = tmp_path / "site"
    publish(site, {**OLD, "b.html": "older b", "gone.html": "gone", "away/too.html": "gone"})
    publish(site, OLD)
    return site


@pytest.fixture
def other(site: Path) -> Path:
    """The tree that is out of service."""
    return site.parent / ".site.alsoread/other"


def test_trees_take_turns_and_what_does_not_change_is_one_file(site: Path, other: Path) -> None:
    folders = [site.stat().st_ino, other.stat().st_ino]
    before = numbers(site)
    for text in ("1", "2", "3", "4"):
        folders.reverse()
        stage = publish(site, {**OLD, "a.html": text})
        assert [site.stat().st_ino, other.stat().st_ino] == folders
        assert files(site) == {**OLD, "a.html": text}
        assert stage.removed == 0
        now, out_of_service = numbers(site), numbers(other)
        same = OLD.keys() - {"a.html"}
        assert {name: now[name] for name in same} == {name: before[name] for name in same}
    assert {name: out_of_service[name] for name in same} == {name: before[name] for name in same}
    assert now["a.html"] != out_of_service["a.html"]
    # not even the mark is written anew
    assert now[MARKER] == before[MARKER]


def test_only_what_differs_is_touched(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    publish(site, OLD)
    linked = []
    link = os.link
    monkeypatch.setattr(os, "link", lambda source, target: (linked.append(target), link(source, target)))
    publish(site, NEW)
    assert sorted(os.path.basename(path).removesuffix(".alsoread-new") for path in linked) == ["a.html", "new.html"]


def test_what_is_removed_is_counted(site: Path) -> None:
    (site / "stray.html").touch()
    (site / "CNAME").touch()
    stage = publish(site, {"a.html": "a"})
    assert stage.removed == len(OLD)


# whatever was done to the tree that is out of service


def _is_gone(other: Path) -> None:
    shutil.rmtree(other)


def _is_empty(other: Path) -> None:
    _is_gone(other)
    other.mkdir()


def _is_a_file(other: Path) -> None:
    _is_gone(other)
    other.write_text("x")


def _is_a_link_to_somebody_elses(other: Path) -> None:
    _is_gone(other)
    other.symlink_to(elsewhere(other))


def _holds_a_link_to_somebody_elses(other: Path) -> None:
    shutil.rmtree(other / "deep")
    (other / "deep").symlink_to(elsewhere(other))


def _was_edited_in_place(other: Path) -> None:
    for path in other.rglob("*.*"):
        data = path.read_bytes()
        path.unlink()
        path.write_bytes(b"X" * len(data))


def _was_edited_in_place_and_the_site_with_it(other: Path) -> None:
    (other / "style.css").write_text("Xss")


def _has_files_that_changed_names(other: Path) -> None:
    os.rename(other / "style.css", other / "x")
    os.rename(other / "deep/c.html", other / "style.css")
    os.rename(other / "x", other / "deep/c.html")


def _has_files_too_many(other: Path) -> None:
    write(other, {"stray": "x", "deep/stray": "x", "stray2/er/x": "x", "a.html.alsoread-new": "half", "CNAME": "x"})
    os.mkfifo(other / "pipe")
    (other / "dangling").symlink_to("nowhere")


def _has_folders_for_files(other: Path) -> None:
    for name in ("style.css", "deep/c.html"):
        (other / name).unlink()
        write(other, {f"{name}/x": "x"})


def _has_files_for_folders(other: Path) -> None:
    shutil.rmtree(other / "deep")
    (other / "deep").touch()


def _has_links_for_files(other: Path) -> None:
    for name in ("style.css", "a.html"):
        (other / name).unlink()
    (other / "style.css").symlink_to("../../site/style.css")
    (other / "a.html").symlink_to("/etc/hostname")


def _is_half_of_another_site(other: Path) -> None:
    _is_gone(other)
    write(other, {"b.html": "B", "deep/e.html": "e", "z/z": "z"})


def _is_marked(other: Path) -> None:
    (other / MARKER).write_text("anything")


def _is_a_copy(other: Path) -> None:
    os.rename(other, f"{other}.one")
    shutil.copytree(f"{other}.one", other)
    shutil.rmtree(f"{other}.one")


DAMAGES: Final = [value for name, value in sorted(globals().items()) if name.startswith(("_is", "_was", "_ha", "_hol"))]


def elsewhere(other: Path) -> Path:
    """A folder of somebody else's, with a file that the site has as well."""
    return other.parent.parent / "elsewhere"


@pytest.fixture
def somebodys(site: Path) -> Path:
    folder = site.parent / "elsewhere"
    write(folder, {"thesis.tex": "years", "c.html": "c"})
    return folder


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__.strip("_").replace("_", " "))
def test_whatever_the_other_tree_holds_the_site_is_right(
    site: Path, other: Path, somebodys: Path, damage: Callable[[Path], None]
) -> None:
    for wanted in (NEW, OLD, OLD, NEW):
        damage(other)
        publish(site, wanted)
        assert files(site) == wanted
        assert sorted(path.name for path in site.iterdir()) == sorted(
            {MARKER, *(name.split("/")[0] for name in wanted)}
        )
        assert sorted(os.listdir(other.parent)) == ["lock", "other"]
        assert files(somebodys) == {"thesis.tex": "years", "c.html": "c"}


class Layered:
    """An entry of a folder in a file system that is made of others: its files are on other devices, or have other
    numbers than their folders have.
    """

    def __init__(self, entry: "os.DirEntry[str]", *, device: int, number: int) -> None:
        self._entry, self._device, self._number = entry, device, number

    def inode(self) -> int:
        return self._entry.inode() + self._number

    def stat(self, **options: Any) -> Any:
        found = self._entry.stat(**options)
        if stat.S_ISDIR(found.st_mode):
            return found
        told = {"st_dev": found.st_dev + self._device, "st_ino": found.st_ino, "st_mode": found.st_mode}
        return SimpleNamespace(**told)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._entry, name)


@pytest.mark.parametrize(("device", "number"), [(0, 0), (0, 1), (1, 0)])
def test_a_file_has_the_number_and_device_that_it_has_and_not_those_of_its_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, device: int, number: int
) -> None:
    for name in ("a", "b/c", "b/d/e"):
        (tmp_path / "x" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "x" / name).write_text(name)
    (tmp_path / "x/link").symlink_to("b")
    scan = os.scandir

    @contextmanager
    def layered(path: str) -> Iterator[list[Layered]]:
        with scan(path) as entries:
            yield [Layered(entry, device=device, number=number) for entry in entries]

    monkeypatch.setattr(os, "scandir", layered)
    found = read_tree(str(tmp_path / "x"))
    told = {name: os.lstat(tmp_path / "x" / name) for name in ("a", "b/c", "b/d/e", "link")}
    assert found.files == {name: (each.st_dev + device, each.st_ino) for name, each in told.items()}
    assert found.folders.keys() == {"", "b", "b/d"}


def test_a_tree_that_cannot_be_mended_is_done_without(site: Path, other: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    link = os.link

    def fail(source: str, target: str) -> None:
        if str(other) in target and "new.html" in target:
            raise OSError(errno.EIO, "no luck")
        link(source, target)

    monkeypatch.setattr(os, "link", fail)
    monkeypatch.setattr(shutil, "copyfile", fail)
    publish(site, NEW)
    assert files(site) == NEW
    publish(site, OLD)
    assert files(site) == OLD


def test_a_full_disk_leaves_the_old_site(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "full")

    mend = output.bring_up

    def bring_up(*trees: Any) -> None:
        with monkeypatch.context() as patch:
            patch.setattr(os, "link", full)
            patch.setattr(shutil, "copyfile", full)
            mend(*trees)

    with monkeypatch.context() as patch:
        patch.setattr(output, "bring_up", bring_up)
        with pytest.raises(output.OutputRefused, match="full; make room, and build again; the old site stays"):
            publish(site, {**NEW, "more/x": "x"})
    assert files(site) == OLD
    publish(site, NEW)
    assert files(site) == NEW


@pytest.mark.parametrize("first", [0, 1])
def test_a_path_is_a_file_then_a_folder_then_a_file(site: Path, first: int) -> None:
    forms: list[dict[str, str]] = [{"x": "file"}, {"x/y/z": "deep"}, {"x/y": "file"}, {"x/y/z": "deep", "x/w": "w"}, {}]
    for form in forms[first:] + forms + forms[::-1]:
        publish(site, {**OLD, **form})
        assert files(site) == {**OLD, **form}


def test_empty_folders_and_permissions_are_those_of_the_stage(site: Path) -> None:
    for turn in range(4):
        with staged(str(site)) as stage:
            write(Path(stage.path), OLD)
            os.makedirs(os.path.join(stage.path, f"empty{turn % 2}/er"))
            os.chmod(os.path.join(stage.path, "deep"), 0o700 if turn % 2 else 0o755)
            stage.commit()
        site.chmod(0o700)
        assert sorted(path.name for path in site.glob("empty*")) == [f"empty{turn % 2}"]
        assert stat.S_IMODE((site / "deep").stat().st_mode) == (0o700 if turn % 2 else 0o755)
    publish(site, OLD)
    assert stat.S_IMODE(site.stat().st_mode) == stat.S_IMODE(Path(site.parent).stat().st_mode) | 0o055


def test_links_in_the_stage_stay_links(site: Path) -> None:
    for target in ("a.html", "a.html", "b.html", "b.html"):
        with staged(str(site)) as stage:
            write(Path(stage.path), OLD)
            os.symlink(target, os.path.join(stage.path, "link"))
            stage.commit()
        assert os.readlink(site / "link") == target


# files of the output that somebody changed


@pytest.mark.parametrize("name", ["style.css", "deep/c.html"])
@pytest.mark.parametrize("damage", ["edit", "replace", "delete", "folder", "link"])
def test_what_was_done_to_the_site_by_hand_is_put_right_in_both_trees(site: Path, name: str, damage: str) -> None:
    path = site / name
    if damage == "edit":
        stamp = path.stat()
        path.write_text("x" * stamp.st_size)
        os.utime(path, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))
    else:
        path.unlink()
        if damage == "replace":
            path.write_text("replaced")
        if damage == "folder":
            write(path, {"x": "x"})
        if damage == "link":
            path.symlink_to("/etc/hostname")
    for _ in range(3):
        publish(site, OLD)
        assert files(site) == OLD


def test_files_of_the_site_are_not_written_into(site: Path, tmp_path: Path) -> None:
    """Whoever has a link to one keeps what was in it."""
    shutil.copytree(site, tmp_path / "served", copy_function=os.link)
    before = tree(tmp_path / "served")
    for form in (NEW, {"a.html": "x", "style.css": "y"}, OLD, NEW):
        publish(site, form)
    assert tree(tmp_path / "served") == before


# bytes that are kept elsewhere


def test_pages_that_are_kept_are_linked_where_they_are_not_yet(site: Path, other: Path, tmp_path: Path) -> None:
    store = Keep(str(tmp_path / "pages"), {})
    name = Keep.name_of("p.html", b"page")
    store.put(name, b"page")
    taken = []
    for turn in range(4):
        with staged(str(site)) as stage:
            write(Path(stage.path), OLD)
            made = stage.made().made
            stage.commit(Site(made, store, {"p.html": name}, lambda made, older: taken.append(older)))
        assert files(site) == {**OLD, "p.html": "page"}
        assert os.path.samefile(site / "p.html", store.path(name)), turn
    assert os.path.samefile(other / "p.html", store.path(name))
    assert str(site / "p.html") not in taken


def test_of_two_files_that_hold_the_same_the_older_stays(site: Path, tmp_path: Path) -> None:
    """As where memory and site come from a backup that has no links."""
    store = Keep(str(tmp_path / "pages"), {})
    name = Keep.name_of("a.html", b"a")
    store.put(name, b"a")
    before = numbers(site)
    with staged(str(site)) as stage:
        made = stage.made().made
        stage.commit(Site(made, store, {"a.html": name}, lambda made, older: store.put_file(name, older)))
    assert numbers(site)["a.html"] == before["a.html"]
    assert os.path.samefile(site / "a.html", store.path(name))


def test_a_page_whose_bytes_are_lost_stops_the_change(site: Path, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError), staged(str(site)) as stage:
        stage.commit(Site(stage.made().made, Keep(str(tmp_path), {}), {"p.html": "0" * 24}))
    assert files(site) == OLD


def test_a_stamp_is_of_the_time_when_the_bytes_were_known_to_be_right(tmp_path: Path) -> None:
    first = Keep(str(tmp_path), {})
    name = Keep.name_of("p", b"page")
    first.put(name, b"page")
    second = Keep(str(tmp_path), first.sweep({name}))
    assert second.has(name, "p")
    Path(second.path(name)).write_bytes(b"edit")
    assert not Keep(str(tmp_path), second.sweep({name})).has(name, "p")


def test_a_stamp_is_taken_anew_where_a_link_was_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = Keep(str(tmp_path / "pages"), {})
    name = Keep.name_of("p", b"page")
    first.put(name, b"page")
    second = Keep(str(tmp_path / "pages"), first.sweep({name}))
    assert second.has(name, "p")
    second.give(name, str(tmp_path / "p"), anew=True)
    third = Keep(str(tmp_path / "pages"), second.sweep({name}))
    monkeypatch.setattr(keep.Keep, "read", lambda *_: pytest.fail("looked inside"))
    assert third.has(name, "p")


def seen(folder: Path) -> list[tuple[str, object]]:
    return [*stamps_below(str(folder), set())]


def test_what_was_seen_of_the_site_need_not_be_looked_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first, site = Keep(str(tmp_path / "pages"), {}), tmp_path / "site"
    site.mkdir()
    names = [Keep.name_of(page, page.encode()) for page in "abc"]
    for page, name in zip("abc", names, strict=True):
        first.put(name, page.encode())
        first.give(name, str(site / page), anew=True)
    second = Keep(str(tmp_path / "pages"), first.sweep({*names}))
    # of the same size, as somebody may have written it; and one that is no more
    (site / "b").write_bytes(b"B")
    Path(second.path(names[2])).unlink()
    second.saw(seen(site), os.stat(site).st_dev)
    looked_at: list[str] = []
    stock = keep._facts
    monkeypatch.setattr(keep, "_facts", lambda path: looked_at.append(path) or stock(path))
    assert [second.has(name, page) for name, page in zip(names, "abc", strict=True)] == [True, False, False]
    assert second.path(names[0]) not in looked_at
    assert second.identity(names[0]) == (os.stat(site).st_dev, os.stat(site / "a").st_ino)


def test_what_was_seen_on_another_device_tells_nothing(tmp_path: Path) -> None:
    first, site = Keep(str(tmp_path / "pages"), {}), tmp_path / "site"
    site.mkdir()
    name = Keep.name_of("a", b"a")
    first.put(name, b"a")
    first.give(name, str(site / "a"), anew=True)
    second = Keep(str(tmp_path / "pages"), first.sweep({name}))
    looked = seen(site)
    second.saw(looked, os.stat(site).st_dev + 1)
    Path(second.path(name)).write_bytes(b"b")
    assert not second.has(name, "a")


@pytest.mark.parametrize("is_there", [False, True])
def test_a_first_build_makes_both_trees(tmp_path: Path, is_there: bool) -> None:
    site = tmp_path / "site"
    if is_there:
        write(site, {"CNAME": "here"})
    publish(site, NEW, kept=("CNAME",))
    other = tmp_path / ".site.alsoread/other"
    assert files(other) == NEW
    assert files(site) == NEW | ({"CNAME": "here"} if is_there else {})
    assert all(os.path.samefile(site / name, other / name) for name in NEW)
    numbered = numbers(site)
    publish(site, {**NEW, "a.html": "a third a"}, kept=("CNAME",))
    assert {name for name, number in numbers(site).items() if number != numbered[name]} == {"a.html"}


def test_a_first_build_for_which_there_are_no_links_is_right(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*args: Any, **kwargs: Any) -> None:
        raise OSError(errno.EPERM, "no links")

    monkeypatch.setattr(os, "link", refused)
    publish(tmp_path / "site", NEW)
    assert files(tmp_path / "site") == NEW
    # a second one would be a copy
    assert not (tmp_path / ".site.alsoread/other").exists()
    publish(tmp_path / "site", OLD)
    assert files(tmp_path / "site") == OLD


# a build that is killed


class Dying:
    """Ends the process at its `at`th call that changes the file system."""

    EVENTS: Final = frozenset("os.rename os.link os.symlink os.mkdir os.remove os.rmdir os.chmod ctypes.dlsym".split())

    def __init__(self, at: int) -> None:
        self.left = at
        sys.addaudithook(self)

    def __call__(self, event: str, arguments: tuple[Any, ...]) -> None:
        writes = event == "open" and isinstance(arguments[2], int) and arguments[2] & (os.O_WRONLY | os.O_RDWR)
        if event in self.EVENTS or writes:
            self.left -= 1
            if self.left == 0:
                os._exit(9)


def killed(at: int, folder: Path, form: dict[str, str]) -> bool:
    """Publish in a process that dies; whether it did."""
    child = os.fork()
    if not child:
        Dying(at)
        try:
            publish(folder, form, kept=("mine",))
        except BaseException:  # noqa: BLE001 - the parent is told
            os._exit(1)
        os._exit(0)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert code in (0, 9)
    return code == 9


OWN: Final = {".git/HEAD": "ref", "mine": "mine"}
"""What the publisher has in the output folder."""


@pytest.mark.parametrize("exchange", ["in one step", "in two steps"])
@pytest.mark.parametrize("has_other", [True, False])
def test_a_change_over_is_killed_at_every_call(
    site: Path, other: Path, exchange: str, has_other: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if exchange == "in two steps":
        monkeypatch.setattr(output, "exchange", exchange_in_two_steps)
    old, new = {**OLD, "CNAME": "made"}, {**NEW, ".nojekyll": "made"}
    found = set()
    for at in itertools.count(1):
        publish(site, OLD)
        publish(site, old)
        write(site, OWN)
        if not has_other:
            shutil.rmtree(other)
        was_killed = killed(at, site, new)
        if site.exists():
            left = {name: text for name, text in files(site).items() if name not in OWN}
            found.add("new" if ".nojekyll" in left else "old")
            assert left in (old, new, {**new, "CNAME": "made"}), at
        else:
            assert exchange == "in two steps"
        with staged(str(site), kept=("mine",)):
            # what the publisher has is back, and of the site that does not come nothing has come
            assert files(site) in ({**old, **OWN}, {**new, **OWN, "CNAME": "made"}), at
        publish(site, {**new, "z": "z"}, kept=("mine",))
        assert files(site) == {**new, **OWN, "CNAME": "made", "z": "z"}, at
        assert (site / MARKER).read_text() == output._MARKER_TEXT
        assert not (other / MARKER).exists()
        for name in (".git", ".nojekyll", "CNAME", "mine"):
            assert not (other / name).exists()
        for path in (site / "CNAME", site / ".nojekyll", site / "mine"):
            path.unlink()
        shutil.rmtree(site / ".git")
        if not was_killed:
            break
    assert found == {"old", "new"}
    assert at > 20


def test_builds_are_killed_one_after_the_other_until_one_is_not(site: Path) -> None:
    for at in itertools.count(1):
        if not killed(at, site, NEW):
            break
        assert files(site) in (OLD, NEW), at
    assert files(site) == NEW


def test_what_the_site_had_made_and_somebody_removed_does_not_come_back(site: Path) -> None:
    publish(site, {**OLD, "CNAME": "made"})
    publish(site, {**OLD, "CNAME": "made"})
    (site / "CNAME").unlink()
    with staged(str(site)):
        assert files(site) == OLD
    publish(site, OLD)
    assert files(site) == OLD


def test_a_mark_of_the_sites_own_does_no_harm(site: Path) -> None:
    for text in ("This folder", output._MARKER_TEXT, "x/"):
        form = {f"{MARKER}/x": "x"} if text == "x/" else {MARKER: text}
        publish(site, {**OLD, **form})
        publish(site, {**OLD, **form})
        assert files(site) == OLD
        assert (site / MARKER).read_text() == output._MARKER_TEXT


def test_a_folder_that_came_in_place_of_the_site_is_not_taken_for_it(site: Path) -> None:
    """Between a build that was killed while the sites changed over, and the next one."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(output, "_bring_back", lambda *_: os._exit(9))
        if os.fork() == 0:
            publish(site, NEW)
        assert os.waitstatus_to_exitcode(os.wait()[1]) == 9
    shutil.rmtree(site)
    write(site, {"thesis.tex": "years"})
    publish(site, OLD)
    publish(site, NEW)
    assert files(site) == {**NEW, "thesis.tex": "years"}


@pytest.mark.parametrize("has_other", [True, False])
def test_a_change_over_that_is_broken_off_loses_nothing_of_the_publishers(
    site: Path, other: Path, has_other: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(site, OWN)
    if not has_other:
        shutil.rmtree(other)

    def broken_off(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(output, "_bring_back", broken_off)
        with pytest.raises(KeyboardInterrupt):
            publish(site, NEW, kept=("mine",))
    assert files(site) == NEW
    with staged(str(site), kept=("mine",)):
        assert files(site) == {**NEW, **OWN}
