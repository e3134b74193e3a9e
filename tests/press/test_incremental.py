"""What was built before never shows: after any change, the next build is the same, byte for byte, as a clean one.

A clean one is Pelican's own without the press, which the press's is held to as well; a digest's is the press's.
First one change at a time, with each theme; then sequences of changes that Hypothesis invents.
"""

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pytest
from builds import SITE_THEMES, Files, Project, assert_same, digest, edited, files_of, sample
from edits import Edits
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from hypothesis.stateful import run_state_machine_as_test

VERSIONS: Final = ("alsoread.__version__", "pelican.__version__")
"""What changes when something is upgraded."""


@pytest.fixture(params=["simple", pytest.param("notmyidea", marks=pytest.mark.torture), "torture"])
def project(request: pytest.FixtureRequest, tmp_path: Path) -> Project:
    """The sample site, built once, with each of three themes; with one of them in long campaigns only."""
    project = sample(tmp_path, request.param)
    project.build()
    return project


@pytest.fixture(
    params=["simple", *(pytest.param(name, marks=pytest.mark.torture) for name in ("notmyidea", "torture"))]
)
def one_site(request: pytest.FixtureRequest, tmp_path: Path) -> Project:
    """As `project`, with two of the themes in long campaigns only."""
    project = sample(tmp_path, request.param)
    project.build()
    return project


@pytest.fixture
def stories(tmp_path: Path) -> Project:
    """The sample digest, built once."""
    project = digest(tmp_path)
    project.build()
    return project


def rebuilt(project: Project) -> Files:
    """The site after a further build, which must be what it is to be."""
    found = project.build()
    assert not [line for line in project.messages if "Traceback" in line], project.messages
    assert_same(found, project.wanted())
    return found


def shown(files: Files, words: str) -> list[str]:
    """The pages that show these words."""
    return sorted(name for name, data in files.items() if words.encode() in data)


def theme_template(project: Project, name: str) -> str:
    return (project.theme_folder / "templates" / name).read_text("utf-8")


def edit_template(project: Project, name: str, word: str) -> None:
    project.write(f"themes/{project.theme}/templates/{name}", edited(theme_template(project, name), word))


# nothing


def test_the_first_build_is_what_pelican_makes(project: Project) -> None:
    assert_same(files_of(project.root / "output"), project.stock())
    assert_same(project.clean(), project.stock())


def test_nothing_changed(project: Project) -> None:
    before = files_of(project.root / "output")
    assert project.build() == before
    assert project.build() == before


def test_files_were_touched_and_not_changed(project: Project) -> None:
    before = files_of(project.root / "output")
    for path in project.root.rglob("*"):
        if "output" not in str(path):
            os.utime(path, (1, 1))
    assert project.build() == before


def test_files_were_replaced_by_copies(project: Project) -> None:
    before = files_of(project.root / "output")
    for name in ("content", "themes"):
        os.rename(project.root / name, project.root / f"{name}.old")
        shutil.copytree(project.root / f"{name}.old", project.root / name)
        shutil.rmtree(project.root / f"{name}.old")
    assert project.build() == before


# articles


def test_a_body_was_edited(project: Project) -> None:
    project.change("content/ferry.md", "is late", "is on time")
    assert "the-ferry.html" in shown(rebuilt(project), "is on time")


def test_a_body_was_edited_and_then_edited_back(project: Project) -> None:
    before = files_of(project.root / "output")
    project.change("content/ferry.md", "is late", "is on time")
    assert rebuilt(project) != before
    project.change("content/ferry.md", "is on time", "is late")
    assert project.build() == before


def test_a_body_was_edited_and_kept_its_size_and_time(project: Project) -> None:
    path = project.root / "content/ferry.md"
    stamp = path.stat()
    project.change("content/ferry.md", "late", "lost")
    os.utime(path, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))
    assert (path.stat().st_size, path.stat().st_mtime_ns) == (stamp.st_size, stamp.st_mtime_ns)
    assert shown(rebuilt(project), "is lost")


def test_a_file_was_put_in_the_place_of_another_with_its_size_and_time(project: Project) -> None:
    path = project.root / "content/ferry.md"
    stamp = path.stat()
    project.write("content/new.tmp", project.read("content/ferry.md").replace("late", "lost"))
    os.utime(project.root / "content/new.tmp", ns=(stamp.st_atime_ns, stamp.st_mtime_ns))
    os.replace(project.root / "content/new.tmp", path)
    assert shown(rebuilt(project), "is lost")


def test_two_files_changed_places(project: Project) -> None:
    ferry, crane = project.read("content/ferry.md"), project.read("content/crane.md")
    project.write("content/ferry.md", crane).write("content/crane.md", ferry)
    rebuilt(project)


def test_a_title_was_edited_and_with_it_the_address(project: Project) -> None:
    project.change("content/rope.md", "Title: Rope", "Title: Cable")
    found = rebuilt(project)
    assert "cable.html" in found
    assert "rope.html" not in found
    assert "fog.html" in shown(found, "/cable.html")


def test_a_title_was_edited_and_the_address_kept(project: Project) -> None:
    project.change("content/rope.md", "Title: Rope", "Title: Cable\nSlug: rope")
    assert "rope.html" in shown(rebuilt(project), "Cable")


def test_a_story_was_retagged(project: Project) -> None:
    project.change("content/ferry.md", "Tags: Ports, Ferries", "Tags: Night")
    found = rebuilt(project)
    assert "tag/night.html" in shown(found, "The ferry")
    assert "tag/ports.html" not in shown(found, "The ferry is late")


def test_the_name_of_a_tag_comes_from_another_article(project: Project) -> None:
    """Tags are the same if their slugs are; how the tag is written, the first article of the list says."""
    project.change("content/ferry.md", "Tags: Ports", "Tags: PORTS")
    assert shown(rebuilt(project), "PORTS")
    project.change("content/ferry.md", "Tags: PORTS, ", "Tags: ")
    assert not shown(rebuilt(project), "PORTS")


def test_the_last_article_of_a_tag_and_a_category_went(project: Project) -> None:
    for name in ("gull", "fog"):
        project.remove(f"content/{name}.md")
    found = rebuilt(project)
    assert "category/birds.html" not in found
    assert not shown(found, "Gull")


def test_a_story_went_to_another_category(project: Project) -> None:
    project.change("content/tide.md", "Category: Sea", "Category: Moon")
    assert "category/moon.html" in shown(rebuilt(project), "Tide")


def test_a_story_got_another_author(project: Project) -> None:
    project.change("content/rope.md", "Author: Ada Quill", "Author: Cy Marsh")
    assert "author/cy-marsh.html" in rebuilt(project)


def test_a_file_was_renamed(project: Project) -> None:
    before = files_of(project.root / "output")
    os.rename(project.root / "content/gull.md", project.root / "content/seagull.md")
    assert rebuilt(project).keys() == before.keys()


def test_a_file_was_moved_that_another_links_to(project: Project) -> None:
    (project.root / "content/deep").mkdir()
    os.rename(project.root / "content/crane.md", project.root / "content/deep/crane.md")
    found = rebuilt(project)
    assert "the-ferry.html" in shown(found, "{filename}crane.md")


def test_a_file_appeared_that_another_links_to(project: Project) -> None:
    project.change("content/ferry.md", "crane.md", "buoy.md")
    assert "the-ferry.html" in shown(rebuilt(project), "{filename}buoy.md")
    project.article("buoy", title="Buoy", date="2020-01-01", category="Sea")
    assert "the-ferry.html" in shown(rebuilt(project), "/buoy.html")


def test_a_story_was_redated(project: Project) -> None:
    project.change("content/gull.md", "Date: 2022-02-02", "Date: 2024-04-04")
    rebuilt(project)


def test_the_time_of_a_story_moved_within_its_day(project: Project) -> None:
    project.change("content/crane.md", "2024-03-01 09:00", "2024-03-01 11:00")
    rebuilt(project)


def test_an_article_was_added(project: Project) -> None:
    project.article("buoy", "Red.\n", title="Buoy", date="2023-01-01", category="Sea", tags="Night")
    found = rebuilt(project)
    assert "buoy.html" in found
    assert "tag/night.html" in shown(found, "Buoy")


def test_an_article_became_a_draft_and_came_back(project: Project) -> None:
    before = files_of(project.root / "output")
    project.change("content/ferry.md", "Title: The ferry", "Title: The ferry\nStatus: draft")
    found = rebuilt(project)
    assert "drafts/the-ferry.html" in found
    assert "the-ferry.html" not in found
    project.change("content/ferry.md", "\nStatus: draft", "")
    assert project.build() == before


def test_a_draft_was_published(project: Project) -> None:
    project.change("content/sail.md", "Status: draft", "Status: published")
    assert "index.html" in shown(rebuilt(project), "Sail")


def test_an_article_was_deleted(project: Project) -> None:
    project.remove("content/crane.md")
    found = rebuilt(project)
    assert "the-crane-the.html" not in found
    assert not shown(found, "A crane <em>turns</em>")


def test_an_article_can_no_longer_be_read(project: Project) -> None:
    project.change("content/ferry.md", "Date: 2024-03-01 10:00", "Date: some day")
    found = rebuilt(project)
    assert "the-ferry.html" not in found
    project.build()
    assert [line for line in project.messages if "ferry.md" in line], "an error is told in every build"


def test_a_translation_was_added_and_taken_away(project: Project) -> None:
    before = files_of(project.root / "output")
    project.article("fog-de", "Dicht.\n", title="Nebel", slug="fog", lang="de", date="2021-01-02", category="Birds")
    assert "fog.html" in shown(rebuilt(project), "fog-de.html") or project.theme == "torture"
    project.remove("content/fog-de.md")
    assert project.build() == before


def test_a_page_was_edited_renamed_and_deleted(project: Project) -> None:
    project.change("content/pages/about.md", "Us.", "Them.")
    assert shown(rebuilt(project), "Them.") == ["pages/about.html"]
    project.change("content/pages/about.md", "Title: About", "Title: Who")
    assert "pages/who.html" in rebuilt(project)
    project.remove("content/pages/about.md")
    assert "pages/who.html" not in rebuilt(project)


def test_a_picture_was_edited_added_and_deleted(project: Project) -> None:
    project.write("content/images/dot.png", b"other").write("content/images/new.png", b"new")
    assert rebuilt(project)["images/dot.png"] == b"other"
    project.remove("content/images/new.png")
    assert "images/new.png" not in rebuilt(project)


def test_an_attached_file_goes_where_the_first_article_that_attaches_it_goes(project: Project) -> None:
    project.settings.update(ARTICLE_URL="{slug}/", ARTICLE_SAVE_AS="{slug}/index.html")
    project.write(
        "content/deep/one.md", "Title: One\nDate: 2020-01-01\nCategory: Sea\n\n[plan]({attach}/more/plan.txt)\n"
    )
    assert "the-crane-the/more/plan.txt" in rebuilt(project)
    project.change("content/deep/one.md", "2020-01-01", "2030-01-01")
    assert "one/plan.txt" in rebuilt(project)
    project.change("content/deep/one.md", "attach", "static")
    rebuilt(project)
    project.remove("content/deep/one.md")
    assert "the-crane-the/more/plan.txt" in rebuilt(project)


def test_every_article_went_and_one_came_back(tmp_path: Path) -> None:
    project = sample(tmp_path, "simple")
    feeds = ("FEED_ALL_ATOM", "CATEGORY_FEED_ATOM", "AUTHOR_FEED_ATOM", "AUTHOR_FEED_RSS", "TRANSLATION_FEED_ATOM")
    project.settings.update(dict.fromkeys(feeds))
    before = project.build()
    kept = {path: path.read_bytes() for path in (tmp_path / "content").glob("*.md")}
    for path in kept:
        path.unlink()
    assert not shown(rebuilt(project), "The ferry")
    for path, data in kept.items():
        path.write_bytes(data)
    assert project.build() == before


# templates


def test_a_template_was_touched_and_not_changed(project: Project) -> None:
    os.utime(project.theme_folder / "templates/article.html", (1, 1))
    before = files_of(project.root / "output")
    assert project.build() == before


@pytest.mark.parametrize("name", ["article.html", "base.html", "index.html", "tag.html", "page.html", "archives.html"])
def test_a_template_was_edited(project: Project, name: str) -> None:
    edit_template(project, name, "edited-word")
    assert shown(rebuilt(project), "edited-word")


def test_a_template_was_edited_and_kept_its_size_and_time(project: Project) -> None:
    path = project.theme_folder / "templates/article.html"
    edit_template(project, "article.html", "first-word")
    assert shown(rebuilt(project), "first-word")
    stamp = path.stat()
    path.write_text(path.read_text("utf-8").replace("first-word", "other-word"), "utf-8")
    os.utime(path, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))
    assert path.stat().st_size == stamp.st_size
    assert shown(rebuilt(project), "other-word")


def test_a_template_was_put_before_the_themes_and_taken_away(project: Project) -> None:
    before = files_of(project.root / "output")
    project.write("overrides/article.html", edited(theme_template(project, "article.html"), "an override"))
    assert "fog.html" in shown(rebuilt(project), "an override")
    project.remove("overrides/article.html")
    assert project.build() == before


def test_a_template_that_extends_the_themes_own_was_put_before_it(project: Project) -> None:
    project.write("overrides/index.html", '{% extends "!theme/index.html" %}{% block title %}mine{% endblock %}')
    assert "index.html" in shown(rebuilt(project), "mine")
    edit_template(project, "index.html", "edited-word")
    assert "index.html" in shown(rebuilt(project), "edited-word")


def test_a_template_of_the_theme_was_deleted_and_pelicans_stands_in(project: Project) -> None:
    name = "archives.html"
    project.change(f"themes/{project.theme}/templates/{name}", theme_template(project, name), "the theme's own")
    assert "archives.html" in shown(rebuilt(project), "the theme's own")
    project.remove(f"themes/{project.theme}/templates/{name}")
    assert not shown(rebuilt(project), "the theme's own")


def test_a_template_broke_and_was_mended(project: Project) -> None:
    before = files_of(project.root / "output")
    text = theme_template(project, "article.html")
    path = f"themes/{project.theme}/templates/article.html"
    project.write(path, text + "{% endnothing %}")
    with pytest.raises(Exception, match="endnothing"):
        project.build()
    assert files_of(project.root / "output") == before
    project.write(path, text)
    assert project.build() == before


def test_the_theme_was_swapped_and_swapped_back(project: Project) -> None:
    for name in ("tide", "lamp", "gull"):
        project.write(f"content/{name}.md", project.read(f"content/{name}.md").replace("Template:", "Mould:"))
    before, theme = rebuilt(project), project.theme
    for other in SITE_THEMES:
        project.theme = other
        rebuilt(project)
    project.theme = theme
    assert project.build() == before


def test_a_static_file_of_the_theme_was_edited_added_and_deleted(project: Project) -> None:
    static = f"themes/{project.theme}/static"
    project.write(f"{static}/css/extra.css", "a{}")
    assert rebuilt(project)["theme/css/extra.css"] == b"a{}"
    project.write(f"{static}/css/extra.css", "b{}")
    assert rebuilt(project)["theme/css/extra.css"] == b"b{}"
    project.remove(f"{static}/css/extra.css")
    assert "theme/css/extra.css" not in rebuilt(project)


@pytest.fixture
def tortured(tmp_path: Path) -> Project:
    """The sample site with the theme that reads everything in every way, built once."""
    project = sample(tmp_path, "torture")
    project.build()
    return project


@pytest.mark.parametrize(
    "name", ["bits/recent.html", "bits/chained.html", "bits/name.html", "bits/tail.html", "bare.html"]
)
def test_an_included_or_extended_template_was_edited(tortured: Project, name: str) -> None:
    edit_template(tortured, name, "edited-word")
    assert shown(rebuilt(tortured), "edited-word")


@pytest.mark.parametrize("name", ["macros/lists.html", "macros/context.html"])
def test_a_macro_was_edited(tortured: Project, name: str) -> None:
    edit_template(tortured, name, "edited-word")
    assert shown(rebuilt(tortured), "edited-word")


@pytest.mark.parametrize(
    ("name", "page"),
    [
        ("bits/perhaps.html", "probes/included_maybe.html"),
        ("bits/absent.html", "probes/included_maybe.html"),
        ("bits/nowhere.html", "probes/included_maybe.html"),
        ("bits/absent.html", "index.html"),
    ],
)
@pytest.mark.parametrize("where", ["overrides", "themes/torture/templates"])
def test_a_template_appeared_that_had_been_looked_for(tortured: Project, name: str, page: str, where: str) -> None:
    before = files_of(tortured.root / "output")
    tortured.write(f"{where}/{name}", "here it is {{ SITENAME }}")
    assert page in shown(rebuilt(tortured), "here it is")
    tortured.remove(f"{where}/{name}")
    assert tortured.build() == before


def test_the_name_of_an_included_template_changed(tortured: Project) -> None:
    tortured.settings["INCLUDED"] = "tail"
    assert "tail" in rebuilt(tortured)["probes/included_by_name.html"].decode()


def test_the_name_of_an_extended_template_changed(tortured: Project) -> None:
    tortured.settings["LAYOUT_BASE"] = "bare.html"
    assert "bare colophon" not in rebuilt(tortured)["index.html"].decode()


# settings


@pytest.mark.parametrize(
    "settings",
    [
        {"SITENAME": "Another name"},
        {"SITEURL": "https://other.example/sub"},
        {"SITEURL": ""},
        {"DEFAULT_PAGINATION": 2},
        {"DEFAULT_PAGINATION": 3, "DEFAULT_ORPHANS": 2},
        {"TAG_URL": "t/{slug}/", "TAG_SAVE_AS": "t/{slug}/index.html"},
        {"RELATIVE_URLS": True},
        {"RELATIVE_URLS": True, "ARTICLE_URL": "a/b/{slug}.html", "ARTICLE_SAVE_AS": "a/b/{slug}.html"},
        {"ARTICLE_ORDER_BY": "title"},
        {"WITH_FUTURE_DATES": False},
        {"MONTH_ARCHIVE_SAVE_AS": "m/{date:%Y}-{date:%m}.html", "MONTH_ARCHIVE_URL": "m/{date:%Y}-{date:%m}.html"},
        {"SUMMARY_MAX_LENGTH": 3},
        {"DEFAULT_DATE_FORMAT": "%d.%m.%Y"},
        {"DATE_FORMATS": {"de": "%d.%m.%y"}},
        {"TIMEZONE": "Europe/Lisbon"},
        {"DEFAULT_LANG": "fr"},
        {"AUTHOR": "The desk"},
        {"FEED_MAX_ITEMS": 2, "FEED_ALL_RSS": "feeds/all.rss.xml"},
        {"FEED_DOMAIN": "https://feeds.example"},
        {"OUTPUT_SOURCES": True},
        {"STATIC_PATHS": ["images", "more"]},
        {"EXTRA_PATH_METADATA": {"images/dot.png": {"path": "favicon.png"}}},
        {"MARKDOWN": {"extension_configs": {"markdown.extensions.smarty": {}}, "output_format": "html5"}},
        {"DEFAULT_METADATA": {"mood": "windy"}},
        {"SLUGIFY_SOURCE": "basename"},
        {"FORMATTED_FIELDS": ["summary", "mood"]},
        {"JINJA_GLOBALS": {"SITESUBTITLE": "of the templates"}},
        {"JINJA_ENVIRONMENT": {"trim_blocks": False, "lstrip_blocks": False, "autoescape": True}},
        {"JINJA_ENVIRONMENT": {"extensions": ["jinja2.ext.do", "jinja2.ext.loopcontrols"]}},
        {"IGNORE_FILES": ["gull.*"]},
        {"ARTICLE_EXCLUDES": ["more"], "PAGE_PATHS": []},
    ],
    ids="-".join,
)
def test_a_setting_changed_and_changed_back(one_site: Project, settings: dict[str, Any]) -> None:
    before = files_of(one_site.root / "output")
    one_site.settings.update(settings)
    rebuilt(one_site)
    one_site.settings.clear()
    assert one_site.build() == before


def test_a_relative_address_is_that_of_the_page_which_shows_it(project: Project) -> None:
    """Also on pages that come out of a copy of the context, such as period archives, where Pelican leaves it as it was
    with the page before.
    """
    project.settings.update(
        RELATIVE_URLS=True,
        ARTICLE_URL="deep/{slug}/",
        ARTICLE_SAVE_AS="deep/{slug}/index.html",
        YEAR_ARCHIVE_URL="{date:%Y}/",
        YEAR_ARCHIVE_SAVE_AS="{date:%Y}/index.html",
    )
    rebuilt(project)
    project.change("content/fog.md", "Thick.", "Thin.")
    rebuilt(project)
    project.change("content/rope.md", "Long.", "Short.")
    rebuilt(project)


def test_a_filter_of_the_site_reads_what_nobody_sees(project: Project) -> None:
    path = project.root / "mood.txt"
    path.write_text("calm")
    project.settings["JINJA_FILTERS"] = {"mood": lambda text: f"{text} is {path.read_text()}"}
    edit_template(project, "page.html", "{{ 'today'|mood }}")
    assert shown(rebuilt(project), "today is calm")
    path.write_text("wild")
    assert shown(rebuilt(project), "today is wild")


def test_a_function_and_a_test_of_the_site_read_what_nobody_sees(project: Project) -> None:
    path = project.root / "mood.txt"
    path.write_text("calm")
    project.settings["JINJA_GLOBALS"] = {"mood": path.read_text}
    project.settings["JINJA_TESTS"] = {"of_today": lambda text: text == path.read_text()}
    edit_template(project, "page.html", "[{{ mood() }} {{ 'calm' is of_today }}]")
    assert shown(rebuilt(project), "[calm True]")
    path.write_text("wild")
    assert shown(rebuilt(project), "[wild False]")


def test_a_filter_of_the_site_holds_what_holds_it(project: Project) -> None:
    """As the method of a plugin does that keeps the settings."""
    project.write("mood.txt", "calm")
    project.settings["JINJA_FILTERS"] = {"mood": lambda text: f"{text} is {project.read('mood.txt')}"}
    edit_template(project, "page.html", "{{ 'today'|mood }}")
    assert shown(rebuilt(project), "today is calm")
    project.write("mood.txt", "wild")
    assert shown(rebuilt(project), "today is wild")


def test_a_filter_of_the_site_was_edited(project: Project) -> None:
    edit_template(project, "page.html", "{{ 'today'|mood }}")
    project.settings["JINJA_FILTERS"] = {"mood": lambda text: f"{text} is calm"}
    assert shown(rebuilt(project), "today is calm")
    project.settings["JINJA_FILTERS"] = {"mood": lambda text: f"{text} is wild"}
    assert shown(rebuilt(project), "today is wild")


def test_a_page_of_a_template_in_the_content_follows_its_template_and_what_it_reads(project: Project) -> None:
    project.settings.update(TEMPLATE_PAGES={"special.html": "special/page.html"}, STATIC_PATHS=["images"])
    project.settings["READERS"] = {"html": None}
    project.write("content/special.html", "{% for article in articles %}{{ article.title }};{% endfor %}")
    assert b"Rope;" in rebuilt(project)["special/page.html"]
    project.change("content/rope.md", "Title: Rope", "Title: Cable\nSlug: rope")
    assert b"Cable;" in rebuilt(project)["special/page.html"]
    project.write("content/special.html", "{{ articles|length }} articles")
    assert b"7 articles" in rebuilt(project)["special/page.html"]


# the press itself


@pytest.mark.parametrize("version", VERSIONS)
def test_something_was_upgraded(project: Project, monkeypatch: pytest.MonkeyPatch, version: str) -> None:
    before = files_of(project.root / "output")
    monkeypatch.setattr(version, "999.0")
    assert project.build() == before
    project.change("content/ferry.md", "is late", "is on time")
    rebuilt(project)


def test_a_build_was_interrupted_and_the_next_one_is_whole(project: Project) -> None:
    before = files_of(project.root / "output")
    project.change("content/ferry.md", "is late", "is on time")
    written: list[str] = []

    def stop(path: str, context: object) -> None:
        written.append(path)
        if len(written) == 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        project.build(receivers={"content_written": stop})
    assert files_of(project.root / "output") == before
    assert rebuilt(project) != before


def test_a_plugin_that_listens_came_and_went(project: Project) -> None:
    """With others listening Pelican's own loops are gone through; the site is the same."""
    heard: list[str] = []

    def hear(path: str, context: object) -> None:
        heard.append(os.path.basename(path))

    project.change("content/ferry.md", "is late", "is on time")
    found = project.build(receivers={"content_written": hear})
    assert "the-ferry.html" in heard
    assert_same(found, project.wanted())
    project.change("content/crane.md", "turns", "stands")
    rebuilt(project)


def test_a_plugin_changed_the_articles_of_one_build_only(project: Project) -> None:
    before = files_of(project.root / "output")

    def shout(generator: Any) -> None:
        for article in generator.articles:
            article.title = article.title.upper()

    assert shown(project.build(receivers={"article_generator_finalized": shout}), "THE FERRY")
    assert project.build() == before


def test_the_site_was_built_into_another_folder_meanwhile(project: Project) -> None:
    before = files_of(project.root / "output")
    project.change("content/ferry.md", "is late", "is on time")
    assert_same(project.build("elsewhere"), project.clean())
    project.change("content/ferry.md", "is on time", "is late")
    assert project.build() == before


def test_the_site_was_built_without_the_press_meanwhile(project: Project) -> None:
    project.change("content/ferry.md", "is late", "is on time")
    project.build(plugins=())
    project.change("content/crane.md", "turns", "stands")
    found = project.build()
    wanted = project.clean()
    assert {name: found.get(name) for name in wanted} == wanted


# a digest


def test_the_digests_first_build_is_as_its_second(stories: Project) -> None:
    before = files_of(stories.root / "output")
    assert stories.build() == before


def test_a_headline_changed_that_others_point_to(stories: Project) -> None:
    stories.change("content/crane.md", "A crane turns", "A crane has turned")
    found = rebuilt(stories)
    assert "stories/the-ferry-is-late.html" in shown(found, "crosslink-unresolved")
    stories.change("content/ferry.md", "READ: A crane turns", "READ: A crane has turned")
    assert "stories/the-ferry-is-late.html" in shown(rebuilt(stories), "a-crane-has-turned.html")


def test_a_headline_changed_and_the_old_one_is_kept_as_an_alias(stories: Project) -> None:
    stories.change(
        "content/crane.md",
        "title: A crane turns",
        "title: Turned\nheadline_aliases: [A crane turns]\nslug: a-crane-turns",
    )
    found = rebuilt(stories)
    assert "Turned" in found["stories/the-ferry-is-late.html"].decode()


def test_a_story_that_others_point_to_was_deleted_and_came_back(stories: Project) -> None:
    before, text = files_of(stories.root / "output"), stories.read("content/crane.md")
    stories.remove("content/crane.md")
    assert rebuilt(stories) != before
    stories.write("content/crane.md", text)
    assert stories.build() == before


def test_a_story_points_to_another_and_is_listed_there(stories: Project) -> None:
    stories.change("content/tide.md", "High.", "High.\n\nREAD: Rope, and more rope")
    assert "High tide in the old harbour" in rebuilt(stories)["stories/rope-and-more-rope.html"].decode()


def test_a_draft_that_another_points_to_was_published(stories: Project) -> None:
    stories.change("content/lamp.md", "status: draft\n", "")
    assert "A lamp is lit" in rebuilt(stories)["stories/rope-and-more-rope.html"].decode()


@pytest.mark.parametrize("field", ["embargo_until: 2999-01-01", "expires: 2001-01-01", "status: hidden"])
def test_a_story_was_held_back(stories: Project, field: str) -> None:
    stories.change("content/crane.md", "title: A crane", f"{field}\ntitle: A crane")
    assert "index.html" not in shown(rebuilt(stories), "A crane turns")


def test_an_embargo_ended_while_nothing_was_edited(stories: Project) -> None:
    stories.change("content/crane.md", "title: A crane", "embargo_until: 2026-06-01\ntitle: A crane")
    stories.settings["ALSOREAD_NOW"] = "2026-05-31T23:59:59+00:00"
    assert "stories/a-crane-turns.html" not in rebuilt(stories)
    stories.settings["ALSOREAD_NOW"] = "2026-06-01T00:00:01+00:00"
    assert "stories/a-crane-turns.html" in rebuilt(stories)


def test_a_story_with_an_error_was_put_right_and_another_broke(stories: Project) -> None:
    assert "stories/a-gull-cries.html" not in files_of(stories.root / "output")
    stories.change("content/gull.md", "date: never", "date: 2022-02-02")
    assert "stories/a-gull-cries.html" in rebuilt(stories)
    stories.change("content/rope.md", "date: 2023-06-06", "date: 2023-06-31")
    assert "stories/rope-and-more-rope.html" not in rebuilt(stories)


def test_findings_are_told_in_every_build(stories: Project) -> None:
    told = []
    for _ in range(3):
        stories.build()
        told.append([line.split(":")[0] for line in stories.messages])
    assert told[0] == told[1] == told[2] != []


def test_a_topic_was_edited_added_and_deleted(stories: Project) -> None:
    stories.change("content/topics/ports.md", "name: Ports", "name: Ports & docks")
    assert shown(rebuilt(stories), "Ports &amp; docks")
    stories.write("content/topics/steel.md", "---\nname: Iron\nslug: iron\naliases: [Steel]\n---\n")
    assert "topics/iron.html" in rebuilt(stories)
    stories.remove("content/topics/ports.md")
    assert not shown(rebuilt(stories), "Ports &amp; docks")


@pytest.mark.parametrize("name", ["article.html", "article_macros.html", "macros.html", "base.html", "pagination.html"])
def test_a_template_of_the_digest_was_edited(stories: Project, name: str) -> None:
    stories.settings["DEFAULT_PAGINATION"] = 2
    stories.build()
    edit_template(stories, name, "edited-word")
    assert shown(rebuilt(stories), "edited-word")


# sequences

short = hypothesis_settings(
    max_examples=2,
    stateful_step_count=6,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
    print_blob=True,
)
long = hypothesis_settings(
    max_examples=25, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck), print_blob=True
)


def edits_of(theme: str) -> Callable[[], Edits]:
    return lambda: Edits(theme)


@pytest.mark.parametrize("theme", [*SITE_THEMES, "broadsheet"])
def test_after_a_few_edits_the_site_is_as_a_clean_build_makes_it(theme: str) -> None:
    run_state_machine_as_test(edits_of(theme), settings=short)


@pytest.mark.torture
@pytest.mark.parametrize("part", range(5))
@pytest.mark.parametrize("theme", [*SITE_THEMES, "broadsheet"])
def test_after_very_many_edits_the_site_is_as_a_clean_build_makes_it(theme: str, part: int) -> None:
    run_state_machine_as_test(edits_of(theme), settings=long)
