"""Which files lie below a folder, and what do they hold, without ever leaving it?"""

import contextlib
import io
import os
import posixpath
import shlex
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alsoread.archive import Folders, read_archive
from alsoread.diagnostics import Diagnostic
from alsoread.news.addresses import Address, Addresses
from alsoread.press.files import FileRefused, is_inside, read_regular, shortest, suffix, walk
from alsoread.story import Story
from reading import MARKDOWN, settings, story


@pytest.fixture
def content(tmp_path: Path) -> Path:
    """A content folder, with something beside it that must not be read."""
    (tmp_path / "secret.md").write_text("secret")
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets/key.md").write_text("secret")
    folder = tmp_path / "content"
    folder.mkdir()
    (folder / "good.md").write_text(story("title: Good\ndate: 2026-01-31\ntags: a"))
    return folder


def walked(
    root: Path, *folders: str, exclude: tuple[str, ...] = (), ignore: tuple[str, ...] = ()
) -> tuple[list[str], list[tuple[str, str]]]:
    found = walk(str(root), folders or ("",), wanted=lambda path: suffix(path) == "md", exclude=exclude, ignore=ignore)
    return found.paths, [(finding.path, finding.code) for finding in found.findings]


def refused(root: Path, path: str, limit: int = 100) -> Diagnostic:
    with pytest.raises(FileRefused) as caught:
        read_regular(str(root), path, limit)
    return caught.value.finding


def test_files_are_found_below_all_folders_sorted_and_once(content: Path) -> None:
    for name in ("b/z.md", "b/a.md", "a/x.md", "b-/c.md", "b/n.txt", "b/.hidden.md", ".git/x.md", "b/draft~.md"):
        (content / name).parent.mkdir(exist_ok=True)
        (content / name).write_text("x")
    assert walked(content, "b", "a/", "./b", "b/.", "nowhere", "good.md") == (
        ["a/x.md", "b/a.md", "b/draft~.md", "b/z.md"],
        [],
    )
    assert walked(content, "", exclude=("b",), ignore=("x.*",))[0] == ["b-/c.md", "good.md"]


def test_an_excluded_folder_is_not_entered_from_anywhere(content: Path) -> None:
    (content / "a/b").mkdir(parents=True)
    (content / "a/b/x.md").write_text("x")
    assert walked(content, "a", exclude=("a/b/",)) == ([], [])


def put_link(path: Path) -> None:
    path.symlink_to("../secret.md")


def put_inner_link(path: Path) -> None:
    path.symlink_to("good.md")


def put_folder_link(path: Path) -> None:
    path.symlink_to("../secrets")


def put_dangling_link(path: Path) -> None:
    path.symlink_to("nowhere")


def put_loop(path: Path) -> None:
    path.symlink_to(path.name)


def put_device(path: Path) -> None:
    path.symlink_to("/dev/zero")


def put_pipe(path: Path) -> None:
    os.mkfifo(path)


def put_socket(path: Path) -> None:
    here = os.getcwd()
    os.chdir(path.parent)  # the name of a socket may not be long
    try:
        with socket.socket(socket.AF_UNIX) as made:
            made.bind(path.name)
    finally:
        os.chdir(here)


IRREGULAR = [put_link, put_inner_link, put_folder_link, put_dangling_link, put_loop, put_device, put_pipe, put_socket]


@pytest.mark.parametrize("put", IRREGULAR)
def test_what_is_no_regular_file_is_reported_and_not_opened(content: Path, put: Callable[[Path], None]) -> None:
    put(content / "bad.md")
    assert walked(content) == (["good.md"], [("bad.md", "AR001")])
    assert refused(content, "bad.md").code in ("AR001", "AR009")
    assert not is_inside(str(content), "bad.md")


@pytest.mark.parametrize("put", IRREGULAR)
def test_a_whole_archive_with_such_a_file_is_read_beside_it(content: Path, put: Callable[[Path], None]) -> None:
    put(content / "bad.md")
    found = archive(content)
    assert [finding.code for finding in found.findings] == ["AR001"]
    assert [each.path for each in found.stories] == ["good.md"]


def test_a_link_that_takes_the_place_of_a_file_before_it_is_read_is_not_followed(content: Path) -> None:
    """Between the walk and the reading anything may happen."""
    assert walked(content)[0] == ["good.md"]
    (content / "good.md").unlink()
    put_link(content / "good.md")
    assert refused(content, "good.md").code == "AR001"


def test_a_folder_is_not_reached_through_a_link_on_the_way(content: Path) -> None:
    (content / "sub").symlink_to("../secrets")
    assert walked(content) == (["good.md"], [("sub", "AR001")])
    assert walked(content, "sub") == ([], [("sub", "AR001")])
    (content / "a").mkdir()
    (content / "a/b").symlink_to("../../secrets")
    assert walked(content, "a/b") == ([], [("a/b", "AR001")])
    for path in ("sub/key.md", "a/b/key.md"):
        finding = refused(content, path)
        assert (finding.code, finding.path) == ("AR001", path)
        assert "symbolic link" in finding.message
        assert not is_inside(str(content), path)


@pytest.mark.parametrize(
    "path", ["../secret.md", "a/../../secret.md", "./good.md", "/etc/passwd", "", "a//b", "good.md/", "a\0b"]
)
def test_a_path_that_is_not_below_the_folder_is_refused(content: Path, path: str) -> None:
    assert refused(content, path).code == "AR009"
    assert not is_inside(str(content), path)


def test_a_file_that_is_gone_is_reported(content: Path) -> None:
    finding = refused(content, "gone.md")
    assert finding == Diagnostic(
        "gone.md", 0, 0, "AR009", "cannot be read: No such file or directory", "check its permissions"
    )


def test_a_file_that_fails_while_it_is_read_is_reported(content: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    @contextlib.contextmanager
    def failing(*args: object, **kwargs: object) -> Iterator[io.BytesIO]:
        raise OSError(5, "Input/output error")
        yield

    monkeypatch.setattr(os, "fdopen", failing)
    finding = refused(content, "good.md")
    assert (finding.code, finding.message) == ("AR009", "cannot be read: Input/output error")


def test_a_file_of_exactly_the_limit_is_read_and_one_byte_more_is_not(content: Path) -> None:
    (content / "big.md").write_bytes(b"x" * 100)
    assert read_regular(str(content), "big.md", 100) == b"x" * 100
    finding = refused(content, "big.md", 99)
    assert (finding.code, finding.line, finding.column) == ("AR002", 0, 0)
    assert "100 bytes" in finding.message
    # the setting that the hint proposes lets the file in
    proposed = int(finding.hint.rpartition("=")[2])
    assert "ALSOREAD_MAX_BYTES" in finding.hint
    assert read_regular(str(content), "big.md", proposed)


def test_a_file_that_says_nothing_of_its_size_is_not_read_without_end() -> None:
    """Files of /proc have no size; one that grows while it is read is the same."""
    assert refused(Path("/proc/self"), "status", 10).code == "AR002"


def test_a_folder_called_like_a_story_is_a_folder(content: Path) -> None:
    (content / "x.md").mkdir()
    (content / "x.md/y.md").write_text("x")
    assert walked(content) == (["good.md", "x.md/y.md"], [])
    assert refused(content, "x.md").code == "AR001"


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        (b"a\nb.md", "a?b.md"),
        (b"a\x1b[2Jb.md", "a?[2Jb.md"),
        (b"caf\xe9.md", "caf\ufffd.md"),
        (b"\xed\xa0\x80.md", "\ufffd\ufffd\ufffd.md"),
        ("a\u202eb.md".encode(), "a?b.md"),
        ("a\u2028b.md".encode(), "a?b.md"),
        ("a\u200bb.md".encode(), "a?b.md"),
    ],
)
def test_a_name_that_cannot_be_shown_is_refused_and_shown_with_question_marks(
    content: Path, name: bytes, shown: str
) -> None:
    (content / os.fsdecode(name)).write_text("x")
    found = walk(str(content), [""], wanted=lambda path: True)
    assert found.paths == ["good.md"]
    (finding,) = found.findings
    assert (finding.path, finding.code) == (shown, "AR010")
    assert "letters, digits" in finding.hint
    assert [each.path for each in archive(content).stories] == ["good.md"]


@pytest.mark.parametrize("name", ["日本.md", "Ærø & 50%.md", "a b'c\"d.md", "é.md", "e\u0301.md", "-rf.md"])
def test_other_names_are_files_like_any_other(content: Path, name: str) -> None:
    (content / name).write_text("x")
    assert name in walked(content)[0]
    assert read_regular(str(content), name, 10) == b"x"


def test_a_folder_that_cannot_be_listed_is_reported(content: Path) -> None:
    here = os.getcwd()
    os.chdir(content)
    try:
        for _ in range(20):  # longer than a path may be
            os.mkdir("x" * 250)
            os.chdir("x" * 250)
    finally:
        os.chdir(here)
    paths, findings = walked(content)
    assert paths == ["good.md"]
    assert [code for _, code in findings] == ["AR009"]


def test_a_folder_without_permission_is_reported(content: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (content / "closed").mkdir()
    scandir = os.scandir

    def guarded(path: str) -> object:
        if path.endswith("closed"):
            raise PermissionError(13, "Permission denied")
        return scandir(path)

    monkeypatch.setattr(os, "scandir", guarded)
    assert walked(content) == (["good.md"], [("closed", "AR009")])


def test_an_ending_is_read_in_small_letters() -> None:
    assert [suffix(path) for path in ("a.MD", "a.tar.gz", "a", ".md", "a.b/c", "a.")] == ["md", "gz", "", "", "", ""]


def archive(root: Path) -> object:
    def address(each: Story) -> Address:
        return Address(f"{each.slug}.html", f"{each.slug}.html")

    return read_archive(Folders(str(root)), settings(related=0), MARKDOWN, Addresses(address, address))


@pytest.mark.parametrize(
    "name", ["a.rst", "b.HTML", "c d.org", "-f.adoc", "x; touch owned #.ipynb", "$(touch owned).textile"]
)
def test_a_file_in_another_format_is_passed_over_with_a_command_that_can_be_pasted(content: Path, name: str) -> None:
    (content / name).write_text("x")
    (finding,) = archive(content).findings
    assert (finding.path, finding.code, finding.is_error) == (name, "AR007", False)
    assert shlex.split(finding.hint) == ["mv", "--", name, name.rpartition(".")[0] + ".md"]


@given(st.text(alphabet="a./-é ", max_size=12))
def test_the_shortest_way_to_say_a_path_is_that_of_the_library(path: str) -> None:
    assert shortest(path) == posixpath.normpath(path)
