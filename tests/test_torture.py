"""Long campaigns: `make torture` runs them whole, `make test` a short piece of each."""

import random
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime

import pytest

from alsoread.news.body import BodyEngine
from alsoread.news.storyfile import read_story
from alsoread.settings import read_settings
from sites import PLUGINS, Site, tree

SOUND = """---
title: "Cranes arrive: at last"
date: 2025-01-01 10:00
tags: [Ports, "Ferries & docks"]
summary: Short *and* sweet.
sources:
  - name: The Gazette
    url: https://gazette.example/a?b=c
corrections:
  - {date: 2025-01-02, kind: update, text: More cranes.}
---

A *paragraph* with [a link](https://example.org) and `code`.

ALSO READ  Another headline

> A quotation
> READ: [[an-id]]

1. one
2. two

<div markdown="1">html <b>and</b> **more**</div>

| a | b |
|---|---|
| 1 | 2 |

[^1]: A note.
"""
PIECES = [
    "---\n",
    "- ",
    "[",
    "](",
    "![",
    "<div>",
    "</b>",
    "<!--",
    "`",
    "*",
    "_",
    "&#x202e;",
    "\u202e",
    "\x00",
    "\ufeff",
    "\r",
    ": ",
    "{",
    "}",
    "'",
    '"',
    "READ: ",
    "[[",
    "\t",
    "    ",
    "|",
    "\n\n",
    "~",
    "0" * 40,
    "\U0001f6a2",
    "&",
    "%",
    "#",
    "@",
    "!",
    "\u0301",
    "[^",
    "*[",
    "= ",
]


def mutated(chance: random.Random) -> bytes:
    """A sound story with pieces put in, taken out, doubled and moved."""
    text = SOUND
    for _ in range(chance.randint(1, 12)):
        at, to = sorted((chance.randrange(len(text) + 1), chance.randrange(len(text) + 1)))
        to = min(to, at + chance.randint(0, 60))
        part = text[at:to]
        with_what = chance.choice(
            ["", part * chance.randint(2, 40), chance.choice(PIECES) * chance.randint(1, 60), part[::-1]]
        )
        text = text[:at] + with_what + text[to:]
    data = bytearray(text.encode("utf-8", "surrogatepass"))
    if chance.random() < 0.1 and data:
        data[chance.randrange(len(data))] = chance.randrange(256)
    return bytes(data)


def read_many(number: int, seed: int) -> int:
    settings, _ = read_settings({}, clock=datetime(2026, 1, 1, tzinfo=UTC))
    engine = BodyEngine({"extension_configs": {"markdown.extensions.extra": {}}, "output_format": "html5"})
    chance = random.Random(seed)
    sound = 0
    for _ in range(number):
        data = mutated(chance)
        read = read_story(data, "story.md", settings, engine)
        assert (read.story is None) == any(finding.is_error for finding in read.findings), data
        sound += read.story is not None
    return sound


def test_mutated_stories_are_read_or_reported() -> None:
    assert 0 < read_many(400, seed=1) < 400


@pytest.mark.torture
@pytest.mark.parametrize("seed", range(2, 12))
def test_very_many_mutated_stories_are_read_or_reported(seed: int) -> None:
    assert 0 < read_many(5_000, seed) < 5_000


def kill_builds(site: Site, times: int, seed: int) -> set[str]:
    """Kill a build at random moments; the site is the old one or the new one each time, and the next build is right."""
    site.story("one", "The old headline")
    assert site.build().exit_code == 0
    old = tree(site.root / "output")
    site.story("one", "The new headline").story("two")
    begun = time.perf_counter()
    assert site.build("-o", "wanted").exit_code == 0
    took = time.perf_counter() - begun
    new = tree(site.root / "wanted")
    chance = random.Random(seed)
    seen = set()
    for _ in range(times):
        command = [sys.executable, "-m", "alsoread", "build"]
        process = subprocess.Popen(
            command,
            cwd=site.root,
            env={"PYTHONPATH": str(PLUGINS)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        time.sleep(chance.uniform(0.3, 1.1) * took)
        process.send_signal(signal.SIGKILL)
        process.wait()
        found = tree(site.root / "output")
        assert found in (old, new)
        seen.add("old" if found == old else "new")
        if found == new:
            site.story("one", "The old headline")
            (site.root / "content/two.md").unlink()
            assert site.build().exit_code == 0
            assert tree(site.root / "output") == old
            site.story("one", "The new headline").story("two")
    assert site.build().exit_code == 0
    assert tree(site.root / "output") == new
    return seen


def test_a_killed_build_leaves_the_old_site_or_the_new_one(site: Site) -> None:
    assert kill_builds(site, times=4, seed=1)


@pytest.mark.torture
def test_builds_killed_at_very_many_moments(site: Site) -> None:
    assert kill_builds(site, times=120, seed=2) == {"old", "new"}
