"""`alsoread related` says what the pages show, by what the last build read and found."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

import alsoread.archive
from alsoread.cli.related_ import command
from alsoread.press import surroundings
from sites import Site

TEXT = "The harbour board wants the ferry terminal pulled down by spring, and cranes of the port in its place.\n"


@pytest.fixture
def built(site: Site) -> Site:
    for number in range(4):
        site.story(f"s{number}", f"Ferry terminal, part {number}", f"{TEXT}\nReport number {number}.\n", tags="[Ports]")
    assert site.build().exit_code == 0
    return site


def related(site: Site) -> Any:
    with pytest.MonkeyPatch.context() as patched:
        patched.chdir(site.root)
        found = CliRunner().invoke(command, ["--all", "--format", "json"], catch_exceptions=False)
    assert found.exit_code == 0, found.output
    return json.loads(found.stdout)


def without_memory(site: Site) -> Any:
    work = site.root / ".output.alsoread"
    work.rename(site.root / "aside")
    found = related(site)
    (site.root / "aside").rename(work)
    return found


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The files that are read as stories."""
    paths: list[str] = []
    stock = alsoread.archive.read_story

    def noting(data: bytes, path: str, *rest: Any) -> Any:
        paths.append(path)
        return stock(data, path, *rest)

    monkeypatch.setattr(alsoread.archive, "read_story", noting)
    return paths


def remembered(site: Site) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in sorted((site.root / ".output.alsoread").rglob("*")) if path.is_file()}


def test_stories_that_were_built_are_not_read_again(built: Site, read: list[str]) -> None:
    expected = without_memory(built)
    assert all(expected.values())
    assert len(read) == 4
    before = remembered(built)
    assert related(built) == expected
    assert len(read) == 4
    built.story("s1", "Ferry terminal, part 1", "Nothing of that. A comet over the hills.\n", tags="[Sky]")
    now = related(built)
    assert len(read) == 5
    assert now == without_memory(built) != expected
    assert remembered(built) == before


@pytest.mark.parametrize("part", ["own_code", "python", "installed_packages"])
def test_what_other_tools_read_is_read_again(
    built: Site, read: list[str], monkeypatch: pytest.MonkeyPatch, part: str
) -> None:
    expected = related(built)
    assert read == []
    monkeypatch.setattr(surroundings, part, lambda: "another")
    assert related(built) == expected
    assert len(read) == 4


NOT_SHOWN = {
    "is a draft": {"status": "draft"},
    "is embargoed": {"embargo_until": "2999-01-01"},
    "has expired": {"expires": "2025-01-02"},
    "is hidden": {"status": "hidden"},
}


@pytest.mark.parametrize("why", NOT_SHOWN)
@pytest.mark.parametrize("name", ["kept-back", "content/kept-back.md", "kept-back.md"])
def test_a_story_that_stands_in_no_list_is_told_with_the_reason(site: Site, why: str, name: str) -> None:
    site.story("kept-back", **NOT_SHOWN[why]).story("another")
    found = site.run("related", name, "-c", "content")
    assert found.exit_code == 2
    assert f"'{name}' {why}: nothing is related to a story that stands in no list." in found.err


def test_a_story_that_is_listed_is_found_whatever_else_has_its_name(site: Site) -> None:
    site.story("weather").story("weather-again", "Weather", status="draft")
    site.write("content/pages/weather.md", "---\ntitle: Weather\nstatus: draft\n---\n\nWords.\n")
    site.write("content/pages/about.md", "---\ntitle: About\nstatus: draft\n---\n\nWords.\n")
    assert site.run("related", "weather", "-c", "content").exit_code == 0
    assert "no story is called 'about'." in site.run("related", "about", "-c", "content").err


def test_a_story_that_is_not_there_is_told_with_those_that_are_like_it(site: Site) -> None:
    found = site.story("kept-back", status="draft").story("crane-one").run("related", "crane-on", "-c", "content")
    assert found.exit_code == 2
    assert "no story is called 'crane-on'. Did you mean crane-one?" in found.err
