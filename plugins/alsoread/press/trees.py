"""How is a folder made to hold a site, where it holds most of it already?

By touching only what differs. A file is right if it is the very file that it should be: one device, one number (POSIX).
So no list of what a folder holds has to be believed, whoever had a hand in it since. What is not right is taken away
and linked anew; nothing is ever written into a file, since it may be one of the site that readers see.
"""

import os
import shutil
import stat
from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field

from alsoread.press.keep import Identity, Keep, put_in_place

__all__ = ["Site", "Tree", "bring_up", "read_names", "read_tree", "tree_seen"]


@dataclass(frozen=True, slots=True)
class Tree:
    """What the folder ``root`` holds, by paths below it: which file is where, and the permissions of folders.

    A file is whatever is no folder. The folder itself is the one without a name.
    """

    root: str
    files: dict[str, Identity] = field(default_factory=dict)
    folders: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Site:
    """A site as it should be: what was ``made``, and in place of that, by their paths, the bytes that are ``kept``.

    ``shared`` is told where a file was made for which an older one was taken that holds the same, and where that is.
    """

    made: Tree
    keep: Keep
    kept: Mapping[str, str] = field(default_factory=dict)
    shared: Callable[[str, str], None] = lambda made, older: None

    @property
    def names(self) -> set[str]:
        """The paths of all its files."""
        return self.made.files.keys() | self.kept.keys()


def read_tree(root: str, apart: Collection[str] = ()) -> Tree:
    """What a folder holds, but for what has one of some names at its top; symbolic links are not followed.

    :raises OSError: if some of it cannot be looked at.
    """
    top = os.lstat(root)
    if not stat.S_ISDIR(top.st_mode):
        raise NotADirectoryError(root)
    tree = Tree(root, folders={"": stat.S_IMODE(top.st_mode)})
    identities = _Identities()
    todo = [("", top.st_dev)]
    while todo:
        folder, device = todo.pop()
        before = folder + os.sep if folder else ""
        with os.scandir(os.path.join(root, folder)) as entries:
            for entry in entries:
                if not folder and entry.name in apart:
                    continue
                name = before + entry.name
                if entry.is_dir(follow_symlinks=False):
                    found = entry.stat(follow_symlinks=False)
                    tree.folders[name] = stat.S_IMODE(found.st_mode)
                    todo.append((name, found.st_dev))
                else:
                    tree.files[name] = identities.of(entry, device)
    return tree


class _Identities:
    """The identities of files, by the numbers that stand in their folders: to look at each file takes more than twice
    the time.

    In a file system made of others the files of a folder may be on other devices, and have other numbers. That is asked
    of the first file on each device (https://docs.kernel.org/filesystems/overlayfs.html#inode-properties).
    """

    def __init__(self) -> None:
        self._stand_in_folders: dict[int, bool] = {}

    def of(self, entry: "os.DirEntry[str]", device: int) -> Identity:
        """The identity of a file in a folder on a device."""
        told = device, entry.inode()
        if self._stand_in_folders.get(device):
            return told
        found = entry.stat(follow_symlinks=False)
        identity = found.st_dev, found.st_ino
        self._stand_in_folders.setdefault(device, identity == told)
        return identity


def tree_seen(root: str, seen: Iterable[tuple[str, object]], apart: Collection[str]) -> Tree | None:
    """The same from files that were ``seen``, with their stamps, and folders; None where that does not tell it, as with
    symbolic links, or folders on other devices.

    :raises OSError: if a folder cannot be looked at.
    """
    start, found = len(root) + 1, os.lstat(root)
    tree = Tree(root, folders={"": stat.S_IMODE(found.st_mode)})
    for path, stamp in seen:
        name = path[start:]
        if name.partition(os.sep)[0] in apart:
            continue
        if isinstance(stamp, tuple):
            tree.files[name] = found.st_dev, stamp[3]
            continue
        folder = os.lstat(path)
        if not stat.S_ISDIR(folder.st_mode) or folder.st_dev != found.st_dev:
            return None
        tree.folders[name] = stat.S_IMODE(folder.st_mode)
    return tree


def read_names(root: str, apart: Collection[str]) -> set[str]:
    """The paths of the files in a folder, as far as it can be read, but for what has one of some names at its top."""
    names: set[str] = set()
    todo = [""]
    while todo:
        folder = todo.pop()
        before = folder + os.sep if folder else ""
        with suppress(OSError), os.scandir(os.path.join(root, folder)) as entries:
            for entry in entries:
                if not folder and entry.name in apart:
                    continue
                if entry.is_dir(follow_symlinks=False):
                    todo.append(before + entry.name)
                else:
                    names.add(before + entry.name)
    return names


def bring_up(tree: Tree, site: Site, live: str) -> set[str]:
    """Make a folder hold a site; gives the paths of the files that were put there for that. Files that hold what those
    of the folder ``live`` hold become one with them.

    :raises OSError: if that cannot be done; the folder is then somewhere in between.
    """
    _take_away(tree, site)
    _make_folders(tree, site.made.folders)
    put = set()
    for name, kept in site.kept.items():
        wanted = site.keep.identity(kept)
        if wanted is None or tree.files.get(name) != wanted:
            _put_kept(tree, name, kept, site, os.path.join(live, name))
            put.add(name)
    for name, file in site.made.files.items():
        # a file of the site that is live may be here too, and is then in its place
        is_right = site.made.root == live and tree.files.get(name) == file
        if not is_right and name not in site.kept and _put_made(tree, name, site, os.path.join(live, name)):
            put.add(name)
    return put


def _take_away(tree: Tree, site: Site) -> None:
    """Remove what the site does not have, and what stands where it has something of another kind."""
    gone = tree.folders.keys() - site.made.folders.keys()
    for folder in gone:
        if os.path.dirname(folder) not in gone:
            shutil.rmtree(os.path.join(tree.root, folder))
    for name in tree.files.keys() - site.names:
        if os.path.dirname(name) not in gone:
            os.remove(os.path.join(tree.root, name))


def _make_folders(tree: Tree, wanted: Mapping[str, int]) -> None:
    for folder in sorted(wanted):
        path = os.path.join(tree.root, folder)
        if folder not in tree.folders:
            os.mkdir(path)
        if tree.folders.get(folder) != wanted[folder]:
            os.chmod(path, wanted[folder])


def _put_kept(tree: Tree, name: str, kept: str, site: Site, older: str) -> None:
    target = os.path.join(tree.root, name)
    if _holds_the_same(site.keep.path(kept), older):
        put_in_place(older, target, anew=name not in tree.files)
        site.shared(os.path.join(site.made.root, name), older)
    else:
        site.keep.give(kept, target, anew=name not in tree.files)


def _put_made(tree: Tree, name: str, site: Site, older: str) -> bool:
    """Whether a file had to be put in its place for that."""
    source, target = os.path.join(site.made.root, name), os.path.join(tree.root, name)
    wanted = site.made.files[name]
    if source != older and _holds_the_same(source, older):
        found = os.lstat(older)
        source, wanted = older, (found.st_dev, found.st_ino)
        site.shared(os.path.join(site.made.root, name), older)
    if tree.files.get(name) == wanted:
        return False
    _put(source, target, anew=name not in tree.files)
    return True


def _put(source: str, target: str, *, anew: bool) -> None:
    if not os.path.islink(source):
        put_in_place(source, target, anew=anew)
        return
    if not anew:
        os.remove(target)
    os.symlink(os.readlink(source), target)


def _holds_the_same(path: str, other: str) -> bool:
    """Whether two regular files with the same permissions, and not one file under two names, have the same bytes."""
    try:
        one, two = os.lstat(path), os.lstat(other)
    except OSError:
        return False
    if not (stat.S_ISREG(one.st_mode) and one.st_mode == two.st_mode and one.st_size == two.st_size):
        return False
    return not os.path.samestat(one, two) and _bytes_of(path) == _bytes_of(other)


def _bytes_of(path: str) -> bytes | None:
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError:
        return None
