"""What a build that did not end has written down, or what was damaged since, makes no page stale."""

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from sites import EARLY, PLUGINS, ROOT, Site, tree

COUNT = 60
BODIES = "{% for a in articles_page.object_list if articles_page %}{{ a.content }}{% endfor %}"


@pytest.fixture
def many(site: Site) -> Site:
    shutil.copytree(ROOT / "themes/broadsheet", site.root / "theme")
    site.conf(ALSOREAD_RELATED=0, THEME="theme")
    with (site.root / "pelicanconf.py").open("a", encoding="utf-8") as file:
        file.write(EARLY)
    for number in range(COUNT):
        body = f"Words of {number} are here.\n\nSecond paragraph, quite plain.\n"
        tag = "Ports" if number % 2 else "Ships"
        site.story(f"s{number:02}", f"Story {number}", body=body, date=f"2025-01-{number % 28 + 1:02}", tags=[tag])
    return site


def edit(site: Site, path: str, old: str, new: str) -> None:
    file = site.root / path
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), "utf-8")


def edit_templates(site: Site) -> None:
    for name in ("article", "index"):
        edit(site, f"theme/templates/{name}.html", "{% block", "{# another #}{% block")


def build(site: Site, stop: int | None = None) -> None:
    """A build, to its end or until it has written so often."""
    done = site.build("--jobs", "2", **({} if stop is None else {"STOP": str(stop)}))
    assert done.exit_code == (0 if stop is None else 9), done.err


def assert_clean(site: Site) -> None:
    assert site.build("--jobs", "1", "--clean", "-o", "clean").exit_code == 0
    assert tree(site.root / "output") == tree(site.root / "clean")


def test_a_headline_that_is_what_it_was_before_is_shown(many: Site) -> None:
    build(many)
    edit(many, "content/s27.md", "Story 27", "Another headline")
    edit_templates(many)
    build(many, stop=4)
    edit(many, "content/s27.md", "Another headline", "Story 27")
    report = many.build("--format", "json", "--jobs", "2").json
    # what the other one rendered in the rounds before is used all the same
    assert COUNT // 4 < report["rendered"] < COUNT
    assert_clean(many)


def test_a_build_that_fails_is_one_that_did_not_end(many: Site) -> None:
    build(many)
    edit(many, "content/s27.md", "Story 27", "Another headline")
    edit_templates(many)
    edit(many, "theme/templates/archives.html", "{% block content %}", "{% block content %}{{ 1 / 0 }}")
    assert many.build("--jobs", "2").exit_code == 2
    edit(many, "content/s27.md", "Another headline", "Story 27")
    edit(many, "theme/templates/archives.html", "{{ 1 / 0 }}", "")
    build(many)
    assert_clean(many)


@pytest.mark.parametrize("rests", [[4], [4, 4]])
def test_a_setting_that_is_what_it_was_before_counts(many: Site, rests: list[int]) -> None:
    build(many)
    settings = (many.root / "pelicanconf.py").read_text("utf-8")
    edit_templates(many)
    for number, rest in enumerate(rests):
        other = {"trim_blocks": bool(number), "lstrip_blocks": False}
        many.write("pelicanconf.py", f"{settings}\nJINJA_ENVIRONMENT = {other}\n")
        build(many, stop=rest)
    many.write("pelicanconf.py", settings)
    build(many)
    assert_clean(many)


@pytest.mark.parametrize("rests", [6, 8])
def test_a_page_that_began_to_show_bodies_in_it_gets_other_words(many: Site, rests: int) -> None:
    build(many)
    edit(many, "theme/templates/index.html", "{% block content %}", "{% block content %}" + BODIES)
    edit_templates(many)
    build(many, stop=rests)
    build(many)
    edit(many, "content/s27.md", "quite plain", "of other words")
    build(many)
    assert_clean(many)


def damage(site: Site, kind: str, name: str) -> None:
    with closing(sqlite3.connect(site.root / ".output.alsoread/store.sqlite")) as connection, connection:
        found = connection.execute("UPDATE entry SET sum = sum + 1 WHERE kind = ? AND name = ?", (kind, name))
        assert found.rowcount == 1


@pytest.mark.parametrize(("kind", "name"), [("bodies", "pages"), ("marks", "unsteady"), ("marks", "contents")])
def test_what_pages_show_is_not_taken_for_nothing_where_it_is_damaged(many: Site, kind: str, name: str) -> None:
    edit(many, "theme/templates/index.html", "{% block content %}", "{% block content %}" + BODIES)
    build(many)
    damage(many, kind, name)
    for words in ("of other words", "of more words"):
        path = many.root / "content/s27.md"
        path.write_text(path.read_text("utf-8").replace("quite plain", words), "utf-8")
        build(many)
        assert_clean(many)


def test_words_that_are_taken_back_are_shown_though_it_is_damaged_which_were_edited(many: Site) -> None:
    build(many)
    before = (many.root / "content/s27.md").read_text("utf-8")
    edit(many, "content/s27.md", "quite plain", "of other words")
    build(many)
    damage(many, "marks", "edited")
    many.write("content/s27.md", before)
    edit(many, "content/s03.md", "Story 3", "Story three")
    build(many)
    assert_clean(many)


def _children(process: int) -> set[int]:
    return {
        int(child) for task in Path(f"/proc/{process}/task").glob("*/children") for child in task.read_text().split()
    }


def _is_at_work(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


@pytest.mark.skipif(not [*Path("/proc/self/task").glob("*/children")], reason="nothing tells the children of a process")
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_a_build_that_is_killed_leaves_nobody_who_holds_the_site(many: Site, how: signal.Signals) -> None:
    edit(
        many,
        "theme/templates/article.html",
        "{% block content %}",
        "{% block content %}{% for i in range(10**7) %}{% endfor %}",
    )
    # in rounds of the usual size, which are rendered by workers
    many.conf(ALSOREAD_RELATED=0, THEME="theme")
    command = [sys.executable, "-m", "alsoread", "build", "--jobs", "2"]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    environment = {**os.environ, "PYTHONPATH": str(PLUGINS)}
    with subprocess.Popen(command, cwd=many.root, env=environment, **quiet) as build_of_site:
        before, workers = set[int](), set[int]()
        # those that read the stories are gone soon
        while len(workers) < 2 or workers != before:
            assert build_of_site.poll() is None
            before, workers = workers, _children(build_of_site.pid)
            time.sleep(0.5)
        build_of_site.send_signal(how)
    edit(many, "theme/templates/article.html", "{% for i in range(10**7) %}{% endfor %}", "")
    build(many)
    assert not any(map(_is_at_work, workers))
    assert_clean(many)
