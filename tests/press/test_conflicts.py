"""Two that want one place get it, or end the build, whatever the number of processes, and whatever is remembered."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import builds
import pytest
from builds import Project, assert_same

from alsoread.press.output import OutputRefused, Stage
from alsoread.press.stamps import stamps_below

KINDS = ("article", "page", "index", "tag", "category", "author", "archives", "period_archives")


def plain(root: Path, jobs: int) -> Project:
    """A site whose pages say which they are."""
    project = Project(root, "bare")
    for name in (*KINDS, "tags", "categories", "authors"):
        project.write(f"themes/bare/templates/{name}.html", f"{name} {{{{ output_file }}}}")
    project.write("themes/bare/templates/article.html", "{{ article.title }}")
    project.write("themes/bare/static/a.css", "")
    project.settings["ALSOREAD_JOBS"] = jobs
    # the page of which the memory is made
    return project.article("newest", "N.", title="Newest", date="2025-01-01")


def attached(project: Project, do: Callable[[Any], object], monkeypatch: pytest.MonkeyPatch) -> None:
    """Do something to the press of the next builds before they run."""
    stock = builds.Pelican

    def made(settings: Any) -> Any:
        pelican = stock(settings)
        do(pelican.alsoread_press)
        return pelican

    monkeypatch.setattr(builds, "Pelican", made)


@pytest.fixture(params=[1, 2])
def project(tmp_path: Path, request: pytest.FixtureRequest) -> Project:
    return plain(tmp_path, request.param)


def test_a_page_that_has_the_name_of_a_folder_ends_the_build(project: Project) -> None:
    project.settings.update(ARTICLE_SAVE_AS="{slug}", ARTICLE_URL="{slug}", TAG_SAVE_AS="x/{slug}.html")
    project.article("a", "A.", title="A", date="2024-01-02", slug="x")
    before = project.build()
    assert before["x"] == b"A"
    project.article("b", "B.", title="B", date="2024-01-01", tags="Ports")
    with pytest.raises(OSError, match="x"):
        project.stock()
    with pytest.raises(OutputRefused, match="both a file and a folder named x; give one of the two another address"):
        project.clean()
    with pytest.raises(OutputRefused, match="such as another slug; the old site stays"):
        project.build()
    project.remove("content/b.md")
    assert_same(project.build(), before)


def test_a_story_that_has_the_place_of_another_page_keeps_it(project: Project) -> None:
    project.article("a", "A.", title="A home", date="2024-01-02", save_as="index.html")
    assert project.build()["index.html"] == b"A home"
    assert project.build()["index.html"] == project.stock()["index.html"] == b"A home"
    project.change("content/a.md", "A home", "Another")
    assert project.build()["index.html"] == project.clean()["index.html"] == b"Another"


def test_one_of_two_pages_that_were_given_a_place_of_their_own_keeps_it(project: Project) -> None:
    project.write("themes/bare/templates/page.html", "{{ page.title }}")
    project.settings.update(PAGE_SAVE_AS="{slug}.html", PAGE_URL="{slug}.html")
    project.write("content/pages/p.md", "Title: P\nSave_as: x.html\n\nP.\n")
    project.write("content/pages/q.md", "Title: Q\nSlug: x\n\nQ.\n")
    wanted = project.stock()["x.html"]
    assert wanted == b"P"
    assert [project.build()["x.html"] for _ in range(3)] == [wanted] * 3


def test_where_pelican_asks_whether_a_file_is_there_each_page_has_one(project: Project) -> None:
    project.settings.update(
        STATIC_PATHS=["extra"], EXTRA_PATH_METADATA={"extra/i.txt": {"path": "a.html"}}, STATIC_CHECK_IF_MODIFIED=True
    )
    project.write("content/extra/i.txt", "static")
    project.article("a", "A.", title="A", slug="a", date="2024-01-01")
    assert project.stock()["a.html"] == b"A"
    assert [project.build()["a.html"] for _ in range(3)] == [b"A"] * 3


def test_it_is_known_how_each_page_is_rendered(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: dict[str, Any] = {}
    attached(project, lambda press: setattr(press, "calls", calls), monkeypatch)
    for name in "abc":
        project.article(name, "Text.", title=name, date="2024-01-01")
    found = project.build()
    assert {name for name in found if name.endswith(".html")} == set(calls)


def spoil(file: Path) -> None:
    with file.open("r+") as opened:
        opened.write("X")


@pytest.mark.parametrize(
    ("when", "times"),
    [
        *(("before it began", times) for times in (1, 2, 3)),
        *(("before its end", times) for times in (1, 2, 3)),
        *(("after its end", times) for times in (0, 1, 2)),
    ],
)
def test_who_writes_into_the_site_during_a_build_is_noticed_by_the_next(
    project: Project, when: str, times: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.article("a", "A.", title="A", slug="a", date="2024-01-01")
    wanted = project.clean()
    for _ in range(times):
        project.build()
    output = project.root / "output"
    # times of files may be those of a clock that ticks a hundred times a second
    time.sleep(0.05)

    def begin(press: Any) -> None:
        if when == "before it began":
            press.site = list(stamps_below(str(output), {str(project.root / ".output.alsoread")}))
            spoil(output / "a.html")
        elif when == "before its end":
            press.before_commit.append(lambda: spoil(output / "a.html"))

    stock = Stage.commit

    def commit(self: Stage, *args: Any) -> None:
        stock(self, *args)
        time.sleep(0.05)
        spoil(output / "a.html")

    with monkeypatch.context() as patched:
        attached(project, begin, patched)
        if when == "after its end":
            patched.setattr(Stage, "commit", commit)
        project.build()
    assert_same(project.build(), wanted)
    assert_same(project.build(), wanted)
