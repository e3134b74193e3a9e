"""`alsoread retitle`: a story under another headline, and nothing that breaks by it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alsoread.desk.headline import NotRetitled, retitled
from reading import read, story
from sites import Site

OLD = """\
---
# kept by the harbour desk
title: 'Storm closes the port'   # as sent
date: 2025-01-01
tags: [Ports]
---

Late.
"""


def after(text: str, headline: str) -> str:
    file = read(text, path="storm.md")
    assert file.story is not None
    found = retitled(text, file.story, headline)
    assert isinstance(found, str)
    return found


def test_the_old_headline_is_an_alias_and_the_address_stays() -> None:
    assert after(OLD, "Storm  shuts the port: for days") == OLD.replace(
        "title: 'Storm closes the port'   # as sent\n",
        "title: 'Storm shuts the port: for days'   # as sent\n"
        "headline_aliases: [Storm closes the port]\nslug: storm-closes-the-port\n",
    )


def test_a_headline_that_comes_back_is_no_alias_any_more() -> None:
    there = after(OLD, "Storm shuts the port")
    back = read(after(there, "Storm closes the port")).story
    assert back is not None
    assert (back.title, back.headline_aliases) == ("Storm closes the port", ("Storm shuts the port",))
    assert after(there, "Storm shuts the port") == there


@given(st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs")), min_size=1, max_size=80))
def test_whatever_the_headline_the_file_says_it_and_keeps_the_rest(headline: str) -> None:
    file = read(story())
    assert file.story is not None
    found = retitled(story(), file.story, headline)
    if isinstance(found, NotRetitled):
        return
    changed = read(found).story
    if changed is None:  # the loader refuses the headline whoever types it
        return
    assert changed.slug == file.story.slug
    assert found.partition("\n---\n")[2] == story().partition("\n---\n")[2]


@pytest.mark.parametrize("headline", ["", "  ", "\n"])
def test_a_headline_without_words_is_refused(headline: str) -> None:
    file = read(story())
    assert file.story is not None
    assert isinstance(retitled(story(), file.story, headline), NotRetitled)


def test_cross_links_go_on_leading_to_the_story(site: Site) -> None:
    site.story("storm", "Storm closes the port").story("later", body="READ: Storm closes the port\n")
    result = site.run("retitle", "storm-closes-the-port", "The port is shut", "-c", "content")
    assert (result.exit_code, result.out) == (0, "content/storm.md\n"), result.err
    built = site.build()
    assert (built.exit_code, built.codes) == (0, []), built.err
    assert "The port is shut</a>" in site.page("stories/later.html")
    assert "The port is shut" in site.page("stories/storm-closes-the-port.html")


def test_a_dry_run_shows_a_patch_and_a_headline_taken_is_told(site: Site) -> None:
    site.story("storm", "Storm closes the port").story("other", "The port is shut")
    before = (site.root / "content/storm.md").read_text("utf-8")
    result = site.run("retitle", "content/storm.md", "The port is SHUT", "-c", "content", "--dry-run")
    assert result.exit_code == 0
    assert "+title: The port is SHUT" in result.out or '+title: "The port is SHUT"' in result.out
    assert "note: content/other.md has that headline too" in result.err
    assert (site.root / "content/storm.md").read_text("utf-8") == before


def test_a_story_that_is_not_there_is_told_with_the_nearest(site: Site) -> None:
    site.story("storm", "Storm closes the port")
    result = site.run("retitle", "storm-closes-the-prt", "x", "-c", "content")
    assert result.exit_code == 2
    assert "Did you mean storm-closes-the-port?" in result.err
