"""Promise 3: no content file can hang the build or take it down; it is reported, and the good story beside it is read."""

import resource
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hostile_texts import BODIES, BYTES, FRONTS, HEADERS, PIECES, repeated

import pace
from alsoread.archive import Folders, read_archive
from alsoread.diagnostics import CODES
from alsoread.news.addresses import Address, Addresses
from alsoread.news.digest import Digest
from alsoread.story import Story
from reading import GOOD, MARKDOWN, settings, story

# where the alarm lands in a library that reads a file, to guess the language of code, the file is left unclosed
pytestmark = pytest.mark.filterwarnings(
    "ignore:Exception ignored in. <_io.(FileIO|TextIOWrapper) name=.*dist-info:pytest.PytestUnraisableExceptionWarning"
)

FEW = 6.0
"""Processor seconds of a quick machine that one hostile file may take beside a time limit of a tenth of a second. The cleaner
of HTML, which nothing interrupts, takes one for half a megabyte of `&`; what has no end takes minutes.
"""


ENGINES = ("markdown", "commonmark")


def archive(root: Path, *, jobs: int = 1, time_limit: float = 0.1, engine: str = "markdown") -> Digest:
    def address(each: Story) -> Address:
        return Address(f"stories/{each.slug}.html", f"stories/{each.slug}.html")

    given = settings(jobs=jobs, related=5, time_limit=time_limit, body_engine=engine)
    return read_archive(Folders(str(root)), given, MARKDOWN, Addresses(address, address))


def read_beside_a_good_one(root: Path, data: bytes, engine: str = "markdown") -> Digest:
    (root / "bad.md").write_bytes(data)
    (root / "good.md").write_text(story("title: The good one\ndate: 2026-01-30\ntags: [Ports]", "A word of truth."))
    allowed = pace.seconds_here(FEW)
    begun = time.process_time()
    found = archive(root, engine=engine)
    assert time.process_time() - begun < allowed
    lines = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n").count(b"\n") + 1
    for finding in found.findings:
        assert finding.path == "bad.md"
        assert finding.code in CODES
        assert 0 <= finding.line <= lines
        assert len(finding.message) < 400
        assert finding.message.isprintable()
    assert found.html["good.md"] == "<p>A word of truth.</p>"
    assert ("bad.md" in found.html) == (not any(finding.is_error for finding in found.findings))
    return found


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("piece", PIECES)
def test_half_a_megabyte_of_one_piece_ends_soon(tmp_path: Path, piece: str, engine: str) -> None:
    found = read_beside_a_good_one(tmp_path, story(GOOD, repeated(piece)).encode(), engine)
    assert {finding.code for finding in found.findings} <= {
        "AR002",
        "AR201",
        "AR202",
        "AR203",
        "AR204",
        "AR205",
        "AR401",
    }


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("make", BODIES.values(), ids=BODIES)
def test_a_body_that_was_made_to_hurt_ends_soon(tmp_path: Path, make: Callable[[], str], engine: str) -> None:
    found = read_beside_a_good_one(tmp_path, story(GOOD, make()).encode(), engine)
    assert {finding.code for finding in found.findings} <= {"AR002", "AR201", "AR202", "AR203", "AR204", "AR401"}


@pytest.mark.parametrize("make", FRONTS.values(), ids=FRONTS)
def test_front_matter_that_was_made_to_hurt_is_refused(tmp_path: Path, make: Callable[[], str]) -> None:
    found = read_beside_a_good_one(tmp_path, story(make()).encode())
    codes = {finding.code for finding in found.findings}
    assert any(finding.is_error for finding in found.findings) or codes == {"AR116", "AR118"}
    assert not (tmp_path / "owned").exists()


@pytest.mark.parametrize("make", HEADERS.values(), ids=HEADERS)
def test_headers_that_were_made_to_hurt_are_refused(tmp_path: Path, make: Callable[[], str]) -> None:
    assert read_beside_a_good_one(tmp_path, make().encode()).findings


READ_ANYWAY = {"a byte order mark", "carriage returns"}


@pytest.mark.parametrize("name", BYTES)
def test_bytes_that_are_no_text_are_refused(tmp_path: Path, name: str) -> None:
    found = read_beside_a_good_one(tmp_path, BYTES[name])
    assert any(finding.is_error for finding in found.findings) == (name not in READ_ANYWAY)


BOMBS = [
    "one long reference used without end",
    "one long abbreviation used without end",
    "formatting that is opened anew",
]


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_does_not_swell_even_where_there_is_time(tmp_path: Path, name: str) -> None:
    """Time does not save a machine from four gigabytes."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    (tmp_path / "bad.md").write_text(story(GOOD, BODIES[name]()))
    assert [finding.code for finding in archive(tmp_path, time_limit=60).findings] == ["AR202"]
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 150_000


def test_all_of_them_together_leave_the_good_stories_alone(tmp_path: Path) -> None:
    """In one process and in several."""
    makers = {**BODIES, **{f"front {name}": lambda make=make: "---\n" + make() for name, make in FRONTS.items()}}
    for number, make in enumerate(list(makers.values())[::3]):
        (tmp_path / f"bad{number:03}.md").write_text(story(GOOD, make()))
    for number in range(40):
        (tmp_path / f"good{number:02}.md").write_text(
            story(f"title: Good {number}\ndate: 2026-01-{1 + number % 30:02}\ntags: a")
        )
    one, two = archive(tmp_path, time_limit=0.05), archive(tmp_path, jobs=2, time_limit=0.05)
    for found in (one, two):
        assert sum(each.path.startswith("good") for each in found.stories) == 40
        assert all(finding.path.startswith("bad") for finding in found.findings)
