"""`alsoread build`, as the publisher and the contributor use it."""

import fcntl
import json
import os
import re
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from sites import ROOT, Site, tree


def test_a_folder_of_stories_becomes_a_site_without_any_settings(site: Site) -> None:
    site.story("cranes-arrive").story("ferry-returns", tags=["Ferries"])
    result = site.build("content", "-o", "out")
    assert result.exit_code == 0, result.err
    made = tree(site.root / "out")
    for page in (
        "index.html",
        "archive.html",
        "topics.html",
        "404.html",
        "stories/cranes-arrive.html",
        "topics/ferries.html",
    ):
        assert page in made
    assert "feeds/topics/ports.atom.xml" in made
    assert "robots.txt" in made


def test_no_page_links_to_a_list_that_the_digest_does_not_have(site: Site) -> None:
    assert site.story("cranes-arrive").build().exit_code == 0
    for page in ("index.html", "stories/cranes-arrive.html", "topics/ports.html"):
        assert not {"sources.html", "threads.html"} & set(re.findall(r'href="(?:\.\./|\./)?([^"]*)"', site.page(page)))


def test_a_bad_story_is_left_out_and_told_with_its_place_and_a_hint(site: Site) -> None:
    site.story("good-story").story("bad-story", date="2025-02-30")
    result = site.build()
    assert result.exit_code == 1
    assert "content/bad-story.md:3:7 AR115 " in result.err
    assert "\n    hint: date: 2025-02-28" in result.err
    assert site.has("stories/good-story.html")
    assert not site.has("stories/bad-story.html")


def test_strict_keeps_the_old_site(site: Site) -> None:
    site.story("good-story")
    assert site.build("--strict").exit_code == 0
    before = tree(site.root / "output")
    site.story("bad-story", title="", date="never").story("another-story")
    result = site.build("--strict")
    assert result.exit_code == 1
    assert "the old site in output stays" in result.err
    assert tree(site.root / "output") == before


def test_a_strict_build_of_sound_stories_replaces_the_site(site: Site) -> None:
    site.story("good-story").build("--strict")
    site.story("another-story")
    assert site.build("--strict").exit_code == 0
    assert site.has("stories/another-story.html")


def test_stories_that_are_gone_are_gone_from_the_site(site: Site) -> None:
    site.story("cranes-arrive").story("ferry-returns").build()
    os.remove(site.root / "content/ferry-returns.md")
    assert site.build().exit_code == 0
    assert not site.has("stories/ferry-returns.html")
    assert "Ferry returns" not in site.page("index.html")


def test_json_says_what_was_made_and_what_was_found(site: Site) -> None:
    site.story("good-story").story("bad-story", sumary="x")
    result = site.build("--format", "json")
    report = result.json
    assert result.exit_code == 1
    assert result.err == ""
    assert report["stories"] == 1
    assert report["published"] is True
    assert report["pages"] == sum(name.endswith(".html") for name in tree(site.root / "output"))
    assert report["counts"] == {"error": 1, "warning": 0, "note": 0}
    assert report["findings"] == [
        {
            "path": "content/bad-story.md",
            "line": 5,
            "column": 1,
            "code": "AR111",
            "name": "misspelt-field",
            "severity": "error",
            "message": "'sumary' is no field; did you mean 'summary'?",
            "hint": 'summary: "x"',
        }
    ]


def test_pelicans_own_short_options_mean_the_same(site: Site) -> None:
    site.conf(SITENAME="Named in settings").story("good-story")
    os.rename(site.root / "pelicanconf.py", site.root / "other.py")
    assert site.build("content", "-o", "elsewhere", "-s", "other.py", "-t", "simple").exit_code == 0
    page = (site.root / "elsewhere/index.html").read_text()
    assert "Named in settings" in page
    assert "broadsheet" not in page


def test_the_settings_of_the_current_folder_are_used(site: Site) -> None:
    site.conf(SITENAME="The Harbour Digest").story("good-story")
    assert site.build().exit_code == 0
    assert "The Harbour Digest" in site.page("index.html")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("nowhere",), "there is no content folder"),
        (("-s", "nowhere.py"), "there is no settings file nowhere.py"),
        (("--now", "tomorrow"), "is not an instant such as"),
        (("-t", "no-such-theme"), "there is no theme no-such-theme; name a folder, or one of broadsheet"),
        (("content", "-o", "content"), "holds the content folder"),
        (("content", "-o", "."), "holds the content folder"),
        (("content", "-o", "content/good-story.md"), "is not a folder"),
        (("--jobs", "x"), "not a valid integer"),
    ],
)
def test_what_cannot_be_done_is_told_in_a_line_and_exits_2(site: Site, arguments: tuple[str, ...], told: str) -> None:
    site.story("good-story")
    result = site.build(*arguments)
    assert result.exit_code == 2
    assert told in result.err
    assert "Traceback" not in result.err


def test_a_broken_settings_file_is_told_with_its_place(site: Site) -> None:
    site.story("good-story").write("pelicanconf.py", "SITENAME = 'x'\nPATH = = 'content'\n")
    result = site.build()
    assert result.exit_code == 2
    assert "pelicanconf.py:2:8: the settings cannot be read" in result.err


def test_a_broken_template_is_told_with_its_place_and_the_old_site_stays(site: Site) -> None:
    site.conf(THEME_TEMPLATES_OVERRIDES=["overrides"]).story("good-story").build()
    before = tree(site.root / "output")
    site.write("overrides/article.html", "<p>\n{% if %}</p>\n")
    result = site.build()
    assert result.exit_code == 2
    assert "article.html:2: template error:" in result.err
    assert "Traceback" not in result.err
    assert tree(site.root / "output") == before


@contextmanager
def files_at_most(size: int) -> Iterator[None]:
    """No process that is started meanwhile can write a file of more bytes; it ends as on a disk that is full."""
    before, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, most))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (before, most))


def test_on_a_full_disk_the_old_site_stays_and_the_next_build_makes_the_new_one(site: Site) -> None:
    site.story("long-story", body="A paragraph of text.\n" * 1500).story("short-story").build()
    before = tree(site.root / "output")
    site.story("long-story", title="Another title", body="A paragraph of text.\n" * 1600)
    with files_at_most(20_000):
        result = site.build()
    assert result.exit_code == 2
    assert "cannot be written: File too large; make room, and build again; the old site stays" in result.err
    assert "Traceback" not in result.err
    assert tree(site.root / "output") == before
    assert site.build().exit_code == 0
    after = tree(site.root / "output")
    site.build("--clean")
    assert tree(site.root / "output") == after != before


def test_on_a_full_disk_a_first_site_is_not_begun(site: Site) -> None:
    site.story("long-story", body="A paragraph of text.\n" * 1500)
    with files_at_most(20_000):
        result = site.build()
    assert result.exit_code == 2
    assert result.err.endswith("make room, and build again\n")
    assert not (site.root / "output").exists()


def test_a_second_build_at_the_same_time_is_refused(site: Site) -> None:
    site.story("good-story").build()
    site.story("another-story")
    with open(site.root / ".output.alsoread/lock") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        result = site.build()
    assert result.exit_code == 2
    assert "another build is writing" in result.err
    assert site.build().exit_code == 0


def test_files_that_are_not_ours_are_never_removed(site: Site) -> None:
    site.story("good-story").write("output/holiday.jpg", b"precious").write("output/stories/notes.txt", "mine")
    result = site.build()
    assert result.exit_code == 0
    assert "holds files that Alsoread did not make" in result.err
    assert site.page("holiday.jpg") == "precious"
    assert site.page("stories/notes.txt") == "mine"
    assert site.has("stories/good-story.html")


def test_what_the_publisher_keeps_in_the_output_stays(site: Site) -> None:
    site.conf(OUTPUT_RETENTION=["keep.me"]).story("good-story").build()
    site.write("output/.git/HEAD", "ref").write("output/CNAME", "digest.example").write("output/keep.me", "kept")
    site.write("output/stray.html", "old")
    assert site.build().exit_code == 0
    assert (site.page(".git/HEAD"), site.page("CNAME"), site.page("keep.me")) == ("ref", "digest.example", "kept")
    assert not site.has("stray.html")


def test_static_files_come_from_the_content_folder_only(site: Site) -> None:
    secret = site.root / "secret.png"
    secret.write_bytes(b"secret")
    site.write("content/images/map.png", b"a map").write("content/images/evil.svg", "<svg/>").write(
        "content/images/page.html", "x"
    )
    os.symlink(secret, site.root / "content/images/leak.png")
    site.story(
        "good-story",
        body="![map]({static}/images/map.png) ![leak]({static}/../secret.png) [a]({attach}../secret.png)\n",
    )
    result = site.build()
    assert result.exit_code == 1
    assert sorted(set(result.codes)) == ["AR001", "AR008"]
    made = tree(site.root / "output")
    assert made["images/map.png"] == b"a map"
    assert b"secret" not in made.values()
    assert not any(name.endswith((".svg", "images/page.html")) for name in made)


@pytest.mark.parametrize("slug", ["index", "archive", "topics", "404", "Index"])
def test_a_story_cannot_take_the_place_of_a_page_of_the_site(site: Site, slug: str) -> None:
    site.conf(ARTICLE_URL="{slug}.html", ARTICLE_SAVE_AS="{slug}.html").story("good-story").story(
        "taker", "Taker", slug=slug
    )
    result = site.build()
    assert result.exit_code == 1
    assert "AR502" in result.codes
    assert "Taker" not in site.page("index.html")
    assert site.has("good-story.html")


def test_an_address_that_only_a_later_page_needs_goes_to_that_page(site: Site) -> None:
    """Page 2 of the front page, which nobody can know of before the stories are counted."""
    site.conf(
        ARTICLE_URL="{slug}.html",
        ARTICLE_SAVE_AS="{slug}.html",
        DEFAULT_PAGINATION=2,
        PAGINATION_PATTERNS=[(1, "{url}", "{save_as}"), (2, "{name}{number}.html", "{name}{number}.html")],
    )
    site.story("one").story("two").story("index2", "Taker of page two", slug="index2")
    result = site.build()
    assert result.exit_code == 1
    assert "AR502" in result.codes
    assert "Taker of page two" not in site.page("index2.html").partition("<h1")[2].partition("</h1>")[0]
    assert "page 2" in site.page("index2.html").lower()


def test_two_stories_of_one_slug_the_older_keeps_it(site: Site) -> None:
    site.story("first", "The older one", slug="same", date="2024-01-01").story("second", "The newer one", slug="same")
    result = site.build()
    assert result.exit_code == 1
    assert "content/second.md:5:1 AR501 " in result.err
    assert "first.md" in result.err
    assert "The older one" in site.page("stories/same.html")


def test_translations_share_a_slug(site: Site) -> None:
    site.conf(DEFAULT_LANG="en").story("one", "In English", slug="same").story(
        "two", "Auf Deutsch", slug="same", lang="de"
    )
    result = site.build()
    assert result.exit_code == 0, result.err
    assert "In English" in site.page("stories/same.html")
    assert "Auf Deutsch" in site.page("stories/same.de.html")


def test_a_topics_file_names_and_describes_the_topic(site: Site) -> None:
    site.write(
        "content/topics/ports.md",
        "---\nname: Ports & harbours\nslug: ports\naliases: [Harbor]\ndescription: Where ships go.\n---\n\nOur *own* words.\n",
    )
    site.story("one", tags=["HARBOR"]).story("two", tags=[" ports  and Harbours "])
    result = site.build()
    assert result.exit_code == 0, result.err
    page = site.page("topics/ports.html")
    assert "Ports &amp; harbours" in page
    assert "&amp;amp;" not in page
    assert "Where ships go." in page
    assert "Our <em>own</em> words." in page
    assert page.count("<h3") >= 2 or (page.count("stories/one.html") and page.count("stories/two.html"))
    names = [name for name in tree(site.root / "output") if name.startswith("topics/")]
    assert names == ["topics/harbor.html", "topics/ports.html"]
    assert 'url=ports.html"' in site.page("topics/harbor.html")
    assert "Ports &amp; harbours" in site.page("feeds/topics/ports.atom.xml")
    assert "&amp;amp;" not in site.page("feeds/topics/ports.atom.xml")


def test_topics_are_paginated(site: Site) -> None:
    site.conf(DEFAULT_PAGINATION=2)
    for number in range(5):
        site.story(f"story-{number}")
    assert site.build().exit_code == 0
    assert {"topics/ports.html", "topics/ports/page/2.html", "topics/ports/page/3.html"} <= set(
        tree(site.root / "output")
    )


def test_help_names_every_command(site: Site) -> None:
    result = site.run("--help")
    assert result.exit_code == 0
    for name in ("build", "import", "related", "serve"):
        assert name in result.out
    assert "Did you mean 'build'?" in site.run("buidl").err


def test_importing_the_package_imports_next_to_nothing() -> None:
    import sys

    from sites import run

    code = "import sys; before = set(sys.modules); import alsoread; print(sorted(set(sys.modules) - before))"
    result = run([sys.executable, "-c", code], ROOT, {})
    assert result.out.strip() == "['alsoread']"


def test_an_unknown_setting_is_told_with_what_was_meant(site: Site) -> None:
    site.conf(ALSOREAD_RELATD=3).story("good-story")
    result = site.build()
    assert result.exit_code == 0
    assert "pelicanconf.py:5:1 AR601 ALSOREAD_RELATD is no setting" in result.err
    assert "did you mean ALSOREAD_RELATED?" in result.err


def test_the_seam_of_related_stories_shows_reasons(site: Site) -> None:
    for number, day in enumerate(("2025-01-01", "2025-01-02", "2025-01-03")):
        site.story(
            f"crane-{number}",
            f"Crane number {number} arrives",
            slug=f"crane-{number}",
            body="The gantry crane from Rotterdam was unloaded.\n",
            date=day,
        )
    result = site.run("related", "--all", "--format", "json", "-c", "content")
    lists = result.json
    assert set(lists) == {"crane-0", "crane-1", "crane-2"}
    assert {entry["slug"] for entry in lists["crane-1"]} == {"crane-0", "crane-2"}
    assert {entry["slug"]: entry["kind"] for entry in lists["crane-1"]} == {"crane-0": "background", "crane-2": "later"}
    assert all(entry["reason"] and isinstance(entry["score"], float) for entry in lists["crane-1"])
    one = site.run("related", "crane-1", "-c", "content")
    assert one.out.startswith("Crane number 1 arrives\n")
    assert lists["crane-1"][0]["reason"] in one.out
    assert "Did you mean crane-1" in site.run("related", "crame-1", "-c", "content").err


def test_jobs_change_nothing_but_the_time(site: Site) -> None:
    for number in range(80):
        site.story(
            f"story-{number:02}",
            body=f"Text {number}.\n\nREAD: Story {(number + 1) % 80:02}\n",
            tags=[f"T{number % 7}"],
        )
    assert site.build("-o", "one", "--jobs", "1").exit_code == 0
    assert site.build("-o", "three", "--jobs", "3").exit_code == 0
    assert tree(site.root / "one") == tree(site.root / "three")


def test_the_same_bytes_whatever_the_machine(site: Site) -> None:
    """Hash seed, time zone, locale, umask, and the order in which files were made."""
    names = [f"story-{number}" for number in range(12)]
    for name in names:
        site.story(name, tags=["Ports", "Ferries", f"T{len(name)}"], body=f"About {name}.\n\nREAD: Story 3\n")
    site.conf()
    site.build("-o", "one", PYTHONHASHSEED="1", TZ="Pacific/Auckland", LC_ALL="C.UTF-8")
    for name in reversed(names):
        path = site.root / f"content/{name}.md"
        text = path.read_bytes()
        path.unlink()
        path.write_bytes(text)
    site.build("-o", "two", PYTHONHASHSEED="4711", TZ="America/Caracas", LC_ALL="C")
    assert tree(site.root / "one") == tree(site.root / "two")
    assert len(tree(site.root / "one")) > 20


def test_json_goes_to_a_machine_without_anything_else(site: Site) -> None:
    site.story("good-story")
    result = site.build("--format", "json")
    assert json.loads(result.out)["files"] == len(tree(site.root / "output")) - 1  # the folder's marker is no page
    assert Path(site.root / "output/.alsoread-output").is_file()


def test_a_story_of_a_day_to_come_waits_where_the_site_says_so(site: Site) -> None:
    """Pelican's own setting, judged at the digest's instant, and without an address under drafts/."""
    site.conf(WITH_FUTURE_DATES=False).story("today", date="2025-06-01").story(
        "tomorrow", "Tomorrowquux", date="2025-06-02"
    )
    assert site.build("--now", "2025-06-01T12:00:00+00:00").exit_code == 0
    assert not any(b"tomorrowquux" in data.lower() for data in tree(site.root / "output").values())
    assert site.build("--now", "2025-06-02T00:00:00+00:00").exit_code == 0
    assert site.has("stories/tomorrowquux.html")


def test_publishing_needs_an_address(site: Site) -> None:
    result = Site(ROOT).build("-s", "publishconf.py", "-o", str(site.root / "out"), SITEURL="")
    assert result.exit_code == 2
    assert "SITEURL=https://www.example.org make publish" in result.err
    assert not (site.root / "out").exists()


def test_the_settings_file_that_was_named_is_the_one_that_findings_name(site: Site) -> None:
    site.conf(ALSOREAD_RELATED="five").story("good-story")
    os.rename(site.root / "pelicanconf.py", site.root / "other.py")
    result = site.build("-s", "other.py")
    assert "other.py:5:1 AR602 ALSOREAD_RELATED is 'five', which is not a whole number" in result.err
    assert "hint: ALSOREAD_RELATED = 5" in result.err


# -- addresses of lists

RESERVED = [
    ({"ALSOREAD_SOURCE_PAGE": "{slug}.html"}, {"source": "Index"}, "5:1", "'Index' in 'sources'", "index.html"),
    ({"ALSOREAD_SOURCE_PAGE": "{slug}.html"}, {"sources": [{"name": "404"}]}, "5:1", "'404' in 'sources'", "404.html"),
    ({"TAG_SAVE_AS": "{slug}.html"}, {"tags": ["A", "Topics"]}, "4:1", "'Topics' in 'tags'", "topics.html"),
    ({"ALSOREAD_THREAD_PAGE": "{slug}.html"}, {"thread": "archive"}, "5:1", "'archive' in 'thread'", "archive.html"),
    ({"AUTHOR_SAVE_AS": "{slug}.html"}, {"author": "Authors"}, "5:1", "'Authors' in 'authors'", "authors.html"),
    ({"CATEGORY_SAVE_AS": "{slug}.html"}, {"category": "Index"}, "5:1", "'Index' in 'category'", "index.html"),
    ({"TAGS_SAVE_AS": "topics/index.html"}, {"tags": ["Index"]}, "4:1", "'Index' in 'tags'", "topics/index.html"),
]


@pytest.mark.parametrize(("conf", "fields", "place", "what", "file"), RESERVED)
def test_a_list_that_would_take_an_address_of_the_sites_is_told_at_its_story(
    site: Site, conf: dict[str, str], fields: dict[str, object], place: str, what: str, file: str
) -> None:
    site.conf(**conf).story("good", tags=["Ports"]).story("bad", "Bad", **fields)
    result = site.build()
    said = f"content/bad.md:{place} AR502 the address of {what} is one that the site needs for itself ({file})"
    assert said in result.err
    assert result.exit_code == 1
    assert site.has("stories/good.html")
    assert not site.has("stories/bad.html")
    assert "AR502" in site.run("check").out


def test_the_file_of_a_topic_can_want_an_address_of_the_sites_too(site: Site) -> None:
    site.conf(TAGS_SAVE_AS="topics/index.html").story("good", tags=["All"])
    site.write("content/topics/index.md", "---\nname: All\nslug: index\n---\n")
    result = site.build()
    assert "content/topics/index.md:3:1 AR502 the address of the topic 'All' is one" in result.err
    assert site.has("topics/all.html")
    site.write("content/topics/index.md", "---\nname: All\nslug: everything\naliases: [Index]\n---\n")
    site.story("good", tags=["Index"])
    assert (site.build().exit_code, site.has("topics/everything.html")) == (0, True)


def test_two_lists_with_one_address_are_refused_with_what_to_look_at(site: Site) -> None:
    site.conf(ALSOREAD_SOURCE_PAGE="{slug}.html", TAG_SAVE_AS="{slug}.html").story("a", tags=["Post"], source="Post")
    result = site.build()
    assert result.exit_code == 2
    assert result.err.startswith("alsoread: two pages of the site have one address: post.html; in the settings two")


# -- why


def test_why_knows_the_files_of_topics_and_threads(site: Site) -> None:
    site.story("zero", "Zero", thread="strike", tags=["Quays"])
    site.conf().story("one", "One", thread="strike").story("two", "Two", tags=["Quays"]).story("three", tags=["Ports"])
    site.write("content/topics/harbours.md", "---\nname: Ports\nparent: sea\n---\n")
    site.write("content/topics/sea.md", "---\nname: Sea\n---\n").write(
        "content/topics/none.md", "---\nname: None\n---\n"
    )
    site.write("content/threads/s.md", "---\nname: The strike\nslug: strike\n---\n")
    assert site.build().exit_code == 0

    def shown(path: str) -> list[str]:
        return [each["page"] for each in site.run("why", path, "--format", "json").json["pages"]]

    assert {"topics/ports.html", "stories/one.html", "topics.html"} <= set(shown("content/topics/harbours.md"))
    assert "stories/two.html" not in shown("content/topics/harbours.md")
    assert {"threads/strike.html", "threads.html", "stories/one.html"} <= set(shown("content/threads/s.md"))
    assert "stories/three.html" not in shown("content/threads/s.md")
    result = site.run("why", "content/topics/none.md")
    assert result.exit_code == 2
    assert "no page shows the topic or thread of content/topics/none.md" in result.err
