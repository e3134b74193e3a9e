"""What is not touched by a change is not made again."""

import os
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest
from builds import Files, Project, assert_same, digest, sample
from pelican.writers import Writer

from alsoread.press.session import Different
from alsoread.press.store import STORE, Store
from alsoread.press.why import page_at, pages_that_read, story_of


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """The sample site in Pelican's simple theme, built once."""
    project = sample(tmp_path)
    project.build()
    return project


def changed(project: Project) -> set[str]:
    """Build again; the pages that were rendered."""
    project.build()
    store = Store(str(project.root / ".output.alsoread" / STORE))
    rendered = set(store.get("reasons", "pages"))
    assert len(rendered) == project.report.rendered
    return rendered


def test_nothing_is_rendered_or_parsed_when_nothing_changed(project: Project) -> None:
    assert changed(project) == set()
    assert project.report.parsed == 0
    assert project.report.removed == 0
    assert project.report.reused == project.report.pages


@pytest.mark.parametrize("theme", ["simple", "notmyidea", "torture"])
def test_nothing_is_rendered_twice_with_any_theme(tmp_path: Path, theme: str) -> None:
    project = sample(tmp_path, theme)
    project.build()
    always = {reason for reason in project.report.reasons if reason.startswith("always")}
    assert not always
    assert changed(project) == set()


def test_nothing_of_a_digest_is_read_or_rendered_twice(tmp_path: Path) -> None:
    project = digest(tmp_path)
    project.build()
    assert project.report.parsed > 0
    assert changed(project) == set()
    assert project.report.parsed == 0


def test_a_body_reaches_its_own_page_and_the_lists_that_show_its_summary(project: Project) -> None:
    project.change("content/crane.md", "A crane *turns*.", "A crane *stands*.")
    # the crane has a summary of its own, so no list shows its body
    assert changed(project) == {"the-crane-the.html"} or len(changed(project)) == 0
    assert project.report.parsed <= 1


def test_a_title_reaches_the_pages_that_show_it(project: Project) -> None:
    project.change("content/tide.md", "Title: Tide", "Title: Ebb\nSlug: tide")
    rendered = changed(project)
    assert "tide.html" in rendered
    assert "index.html" in rendered
    assert "rope.html" not in rendered
    assert project.report.reasons["title"] == len(rendered)


def test_a_template_reaches_the_pages_that_are_made_with_it(project: Project) -> None:
    path = project.theme_folder / "templates/tags.html"
    path.write_text(path.read_text() + "<!-- more -->")
    assert changed(project) == {"tags.html"}


def test_an_override_that_was_not_there_is_a_change(project: Project) -> None:
    project.write("overrides/tags.html", "nothing")
    assert changed(project) == {"tags.html"}


def test_a_comment_in_a_story_is_a_parse_and_no_page(project: Project) -> None:
    project.change("content/rope.md", "Long.\n", "Long.\n\n\n")
    assert changed(project) == set()
    assert project.report.parsed == 1


def test_files_that_are_as_they_were_stay_the_same_files(project: Project) -> None:
    def numbers() -> dict[str, tuple[int, int]]:
        found = [path for path in (project.root / "output").rglob("*") if path.is_file()]
        stats = {str(path.relative_to(project.root)): path.stat() for path in found}
        return {name: (stat.st_ino, stat.st_mtime_ns) for name, stat in stats.items() if ".alsoread" not in name}

    before = numbers()
    project.change("content/crane.md", "A crane *turns*.", "A crane *stands*.")
    project.build()
    after = numbers()
    assert {name for name in before if before[name] != after[name]} <= {
        "output/the-crane-the.html",
        *(name for name in before if name.startswith("output/feeds/")),
    }


def test_a_page_rendered_for_an_edit_does_not_change_the_old_sites_file(project: Project) -> None:
    """Files are shared with the site before: none may be written into."""
    old = project.root / "old"
    shutil.copytree(project.root / "output", old, copy_function=os.link)
    before = {path: path.read_bytes() for path in old.rglob("*") if path.is_file()}
    project.change("content/crane.md", "A crane *turns*.", "A crane *stands*.")
    project.change("content/tide.md", "Title: Tide", "Title: Ebb")
    project.write("content/images/dot.png", b"another picture")
    project.build()
    assert {path: path.read_bytes() for path in before} == before


def test_clean_uses_nothing_of_the_build_before(project: Project) -> None:
    project.build(clean=True)
    assert project.report.reused == 0
    assert project.report.parsed > 0
    assert changed(project) == set()


# what nobody can know


def now_and_then() -> object:
    """A filter that gives something else each time."""
    count = 0

    def ticking(text: str) -> str:
        nonlocal count
        count += 1
        return f"{text} {os.environ.get('TICK', '')}"

    return ticking


def with_filter(tmp_path: Path, **settings: object) -> Project:
    project = sample(tmp_path)
    project.settings.update(JINJA_FILTERS={"ticking": now_and_then()}, **settings)
    project.write("overrides/tags.html", "{{ SITENAME|ticking }}")
    return project


def test_a_page_with_an_unknown_filter_is_rendered_each_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project = with_filter(tmp_path)
    project.build()
    assert changed(project) == {"tags.html"}
    monkeypatch.setenv("TICK", "tock")
    assert b"tock" in project.build()["tags.html"]


def test_a_page_with_a_filter_that_was_declared_pure_is_not(tmp_path: Path) -> None:
    project = with_filter(tmp_path, ALSOREAD_PURE=["ticking"])
    project.build()
    project.settings["JINJA_FILTERS"] = dict(project.settings["JINJA_FILTERS"])
    assert "tags.html" not in changed(sticky(project))


def sticky(project: Project) -> Project:
    """The same site, with a filter that holds nothing."""
    project.settings["JINJA_FILTERS"] = {"ticking": steady}
    project.build()
    return project


def steady(text: str) -> str:
    return f"{text} {os.environ.get('TICK', '')}"


def sized(given: Any, more: Any = ()) -> str:
    """How many characters the bodies have of what is given."""

    def size(value: Any) -> int:
        if isinstance(value, str):
            return 0
        parts = value.values() if isinstance(value, Mapping) else value
        return sum(map(size, parts)) if isinstance(parts, Iterable) else len(value.content)

    return str(size(given) + size(more))


def with_template(tmp_path: Path, text: str) -> Project:
    """The sample with a template of its own and a filter that was declared pure, built once."""
    project = sample(tmp_path)
    project.settings.update(JINJA_FILTERS={"sized": sized}, JINJA_GLOBALS={"size": sized})
    project.settings["ALSOREAD_PURE"] = ["sized", "size"]
    project.write("overrides/tags.html", text)
    project.build()
    return project


WHOLE_ARTICLES = (
    "{{ articles[0]|sized }}",
    "{{ articles|sized }}",
    "{{ {'a': articles[0]}.values()|list|sized }}",
    "{{ articles|selectattr('title')|sized }}",
    "{{ articles[:3]|map('sized')|join(' ') }}",
    "{{ size(articles[0]) }}",
    "{{ size(given=articles[:1]) }}",
    "{{ size(given=articles|selectattr('title')) }}",
    "{{ []|sized(more=articles|selectattr('title')) }}",
    "{{ size([articles|selectattr('title')]) }}",
    "{{ {'a': articles|selectattr('title')}|sized }}",
    "{{ {'a': articles[0]}.values()|sized }}",
    "{{ size({'a': articles[0]}.items()) }}",
)


@pytest.mark.parametrize("text", WHOLE_ARTICLES)
def test_what_was_declared_pure_and_is_given_a_whole_article_may_look_into_it(tmp_path: Path, text: str) -> None:
    project = with_template(tmp_path, text)
    project.change("content/ferry.md", "The ferry is late.", "The ferry is very late.")
    found = project.build()
    assert [reason for reason in project.report.reasons if "whole content" in reason]
    assert_same(found, project.clean())


def test_what_was_declared_pure_and_is_given_what_it_needs_is_not_asked_twice(tmp_path: Path) -> None:
    project = with_template(tmp_path, "{{ [articles[0].title]|join|upper }}{{ '%s'|format(articles[0].title) }}")
    assert changed(project) == set()
    project.change("content/ferry.md", "The ferry is late.", "The ferry is very late.")
    assert "tags.html" not in changed(project)


FORMATTED = (
    "{{ '{0.content}'.format(articles[0]) }}",
    "{{ '{.content} {.title}'.format(articles[0], articles[1]) }}",
    "{{ '{a.content!s:.90}'.format(a=articles[0]) }}",
    "{{ '{0[0].content}'.format(articles) }}",
    "{{ '{a.content}'.format_map({'a': articles[0]}) }}",
    "{{ ('<b>{0.content}</b>'|safe).format(articles[0]) }}",
    "{{ '{:{}}{:>{}}'.format('x', 5, articles[0].title, articles[0].content|length) }}",
    "{{ '{0:{1.content.__len__}}'.format('x', articles[0])|default('') if false else '{0.date:%H}{0.title}'.format(articles[0]) }}",
)  # fmt: skip


@pytest.mark.parametrize("text", FORMATTED)
@pytest.mark.parametrize(("old", "new"), [("The ferry is late.", "The ferry is *not* late."), ("10:00", "11:00")])
def test_the_fields_of_a_text_lead_into_articles(tmp_path: Path, text: str, old: str, new: str) -> None:
    project = with_template(tmp_path, text)
    assert "tags.html" not in changed(project)
    project.change("content/ferry.md", old, new)
    assert_same(project.build(), project.clean())


@pytest.mark.parametrize(
    "text", ["{{ '{'.format(articles[0]) }}", "{{ '{5}'.format(articles[0]) }}", "{{ '{0.no}'.format(articles[0]) }}"]
)
def test_a_text_that_cannot_be_formatted_fails_as_it_does_without_the_press(tmp_path: Path, text: str) -> None:
    project = sample(tmp_path)
    project.write("overrides/tags.html", text)
    with pytest.raises((ValueError, IndexError, AttributeError)):
        project.build()


def test_verify_finds_a_filter_that_was_declared_pure_and_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = sticky(with_filter(tmp_path, ALSOREAD_PURE=["ticking"]))
    before = project.build()
    project.build(seed="any")
    assert project.report.rendered == project.report.pages
    monkeypatch.setenv("TICK", "tock")
    assert project.build() == before
    with pytest.raises(Different, match=r"tags\.html"):
        project.build(seed="any")
    assert b"tock" not in (project.root / "output/tags.html").read_bytes()


def test_pages_and_feeds_of_a_plugins_own_generator_are_reused(tmp_path: Path) -> None:
    project = sample(tmp_path)
    project.plugins = ("alsoread.press", "bulletins")
    project.settings["PLUGIN_PATHS"] = [str(Path(__file__).parent / "extensions")]
    first = project.build()
    assert b"<entry>" in first["bulletins/atom.xml"]
    assert changed(project) == set()
    kept = (tmp_path / "output/bulletins/atom.xml").stat()
    assert_same(project.build(), first)
    assert (tmp_path / "output/bulletins/atom.xml").stat().st_ino == kept.st_ino
    assert_same(first, project.clean(plugins=("bulletins",)))
    project.change("content/tide.md", "Title: Tide", "Title: Ebb")
    assert "bulletins/index.html" in changed(project)
    assert_same(project.build(), project.clean(plugins=("bulletins",)))


# the memory travels


def test_what_was_remembered_serves_a_fresh_clone(project: Project, tmp_path: Path) -> None:
    clone = Project(tmp_path / "clone", project.theme, project.plugins, project.settings)
    for folder in ("content", "overrides", "themes", ".output.alsoread"):
        if (project.root / folder).exists():
            # without their times
            shutil.copytree(project.root / folder, clone.root / folder, copy_function=shutil.copyfile)
    assert changed(clone) == set()
    assert clone.report.parsed == 0
    assert_same(clone.build(), project.build())


# why


def told(project: Project) -> Store:
    return Store(str(project.root / ".output.alsoread" / STORE))


def test_why_names_what_changed_from_what_to_what(project: Project) -> None:
    project.change("content/tide.md", "Title: Tide", "Title: Ebb\nSlug: tide")
    project.build()
    story = story_of(told(project), "tide.html")
    assert story is not None
    assert story.rendered
    assert ("tide.md: title", "s:Tide", "s:Ebb") in story.because


def test_why_lists_what_a_page_read(project: Project) -> None:
    story = story_of(told(project), "tide.html")
    assert story is not None
    read = dict(story.read)
    assert "title" in read["tide.md"]
    assert "SITENAME" in read["names"]
    assert "base.html" in read["templates"]
    assert "rope.md" not in read


def test_why_finds_the_pages_that_read_a_file(project: Project) -> None:
    pages = pages_that_read(told(project), "tide.md")
    assert "tide.html" in pages
    assert "index.html" in pages
    assert "rope.html" not in pages
    assert pages_that_read(told(project), "tags.html") == ["tags.html"]


@pytest.mark.parametrize(
    "address", ["tide.html", "/tide.html", "https://site.example/tide.html", "tide", "/tide?from=feed#top"]
)
def test_a_page_is_found_by_its_address(project: Project, address: str) -> None:
    assert page_at(told(project), address, "https://site.example") == "tide.html"


def test_the_front_page_is_found_by_the_address_of_the_site(project: Project) -> None:
    assert page_at(told(project), "https://site.example", "https://site.example") == "index.html"


# a folder with files of others


def in_a_shared_folder(project: Project) -> Files:
    shutil.rmtree(project.root / "output")
    project.write("output/theirs.txt", "theirs")
    return project.build()


def test_in_a_folder_with_files_of_others_ours_go_and_theirs_stay(project: Project) -> None:
    assert in_a_shared_folder(project)["theirs.txt"] == b"theirs"
    project.remove("content/tide.md")
    found = project.build()
    assert "tide.html" not in found
    assert found["theirs.txt"] == b"theirs"
    assert project.report.merged
    assert_same({name: data for name, data in found.items() if name != "theirs.txt"}, project.clean())


def test_a_file_of_ours_that_somebody_wrote_into_stays(project: Project) -> None:
    in_a_shared_folder(project)
    project.write("output/tide.html", "theirs now")
    project.remove("content/tide.md")
    assert project.build()["tide.html"] == b"theirs now"


def test_what_a_digest_remembered_serves_a_clone_at_another_path(tmp_path: Path) -> None:
    project = digest(tmp_path / "one")
    project.build()
    clone = Project(tmp_path / "two/below", project.theme, project.plugins, project.settings)
    for folder in ("content", "overrides", "themes", ".output.alsoread"):
        if (project.root / folder).exists():
            shutil.copytree(project.root / folder, clone.root / folder, copy_function=shutil.copyfile)
    assert changed(clone) == set()
    assert clone.report.parsed == 0


def test_a_global_is_declared_pure_by_the_name_that_templates_know(tmp_path: Path) -> None:
    project = sample(tmp_path)
    project.settings.update(JINJA_GLOBALS={"stamp": steady})
    project.write("overrides/tags.html", "{{ stamp(SITENAME) }}")
    project.build()
    assert changed(project) == {"tags.html"}
    project.settings["ALSOREAD_PURE"] = "stamp"
    project.build()
    assert changed(project) == set()


WITHDRAWN = (
    "/tide.html story 2024-02-01 withdrawn 2024-03-01 {}\n/stories/old/ story 2024-02-01 withdrawn 2024-03-01 Old.\n"
)


def test_a_tombstone_is_rendered_when_its_reason_changes_and_the_site_is_that_of_a_clean_build(tmp_path: Path) -> None:
    """Withdrawn, said otherwise, the template touched, a navigation changed, taken back: always incremental equals clean."""
    project = digest(tmp_path)
    assert "stories/old/index.html" not in project.build()
    project.write("published.txt", WITHDRAWN.format("It was a neap tide."))
    files = project.build()
    assert b"It was a neap tide." in files["tide.html"]
    assert_same(files, project.clean(), "withdrawn")
    assert changed(project) == set()
    project.write("published.txt", WITHDRAWN.format("It was no tide at all."))
    assert changed(project) == {"tide.html"}
    assert_same(project.build(), project.clean(), "said otherwise")
    template = project.theme_folder / "templates/withdrawn.html"
    template.write_text(template.read_text().replace('<p class="kicker">', '<p class="kicker">!'))
    assert {"tide.html", "stories/old/index.html"} <= changed(project)
    project.write("content/topics/night.md", "---\nname: Night and day\n---\n")
    assert_same(project.build(), project.clean(), "another navigation")
    template.unlink()
    assert_same(project.build(), project.clean(), "no template")
    project.remove("published.txt")
    files = project.build()
    assert "tide.html" not in files
    assert_same(files, project.clean(), "taken back")


# feeds


def numbers_of_feeds(project: Project) -> dict[str, int]:
    found = (project.root / "output/feeds").rglob("*.xml")
    return {path.name: path.stat().st_ino for path in found}


def test_feeds_that_are_as_they_were_are_put_in_place_unwritten(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.build()
    before, wanted, opened = numbers_of_feeds(project), project.build(), []
    stock = Writer._open_w
    monkeypatch.setattr(
        Writer, "_open_w", lambda self, name, *args, **named: opened.append(name) or stock(self, name, *args, **named)
    )
    assert_same(project.build(), wanted)
    assert not [name for name in opened if name.endswith(".xml")]
    assert len(before) > 3
    assert numbers_of_feeds(project) == before


def test_feeds_are_placed_though_no_page_is_written(tmp_path: Path) -> None:
    project = sample(tmp_path)
    project.settings |= {"ARTICLE_SAVE_AS": "", "PAGE_SAVE_AS": "", "DIRECT_TEMPLATES": [], "TAG_SAVE_AS": ""}
    project.settings |= {"CATEGORY_SAVE_AS": "", "AUTHOR_SAVE_AS": "", "DRAFT_SAVE_AS": "", "DRAFT_PAGE_SAVE_AS": ""}
    project.settings |= {"FEED_ALL_ATOM": "feeds/all.atom.xml"}
    wanted = project.build()
    assert "feeds/all.atom.xml" in wanted
    assert_same(project.build(), wanted)


def test_a_static_file_at_the_address_of_a_feed_is_there_each_time(project: Project) -> None:
    project.settings |= {"EXTRA_PATH_METADATA": {"images/dot.png": {"path": "feeds/all.atom.xml"}}}
    wanted = project.stock()
    assert wanted["feeds/all.atom.xml"] == (project.root / "content/images/dot.png").read_bytes()
    for _ in range(3):
        assert_same(project.build(), wanted)
    project.settings.pop("EXTRA_PATH_METADATA")
    assert_same(project.build(), project.stock())


@pytest.mark.parametrize("damage", ["kept", "live", "gone"])
def test_a_feed_whose_bytes_were_damaged_is_made_again(project: Project, damage: str) -> None:
    project.build()
    wanted, live = project.build(), project.root / "output/feeds/all.atom.xml"
    folder = project.root / ".output.alsoread/pages"
    kept = next(path for path in folder.rglob("*") if path.is_file() and path.samefile(live))
    if damage == "live":
        live.write_bytes(b"mine")
    elif damage == "kept":
        kept.unlink()
        kept.write_bytes(b"mine")
    else:
        shutil.rmtree(folder)
    assert_same(project.build(), wanted)
