"""`pelican content` and `alsoread build` give the same site, and other Pelican sites are left alone."""

import os
import shutil
import sys

import pytest

from sites import PLUGINS, ROOT, Site, run, tree


def test_pelican_and_alsoread_give_the_same_bytes(site: Site) -> None:
    shutil.copytree(ROOT / "content", site.root / "content")
    shutil.copytree(ROOT / "themes", site.root / "themes")
    shutil.copy(ROOT / "pelicanconf.py", site.root)
    settings = (site.root / "pelicanconf.py").read_text().replace('["plugins"]', repr([str(PLUGINS)]))
    site.write("pelicanconf.py", settings)
    ours = site.build("-o", "ours")
    theirs = site.pelican("content", "-o", "theirs", "-s", "pelicanconf.py")
    assert (ours.exit_code, theirs.exit_code) == (0, 0), ours.err + theirs.err
    assert len(tree(site.root / "ours")) > 40
    assert tree(site.root / "ours") == tree(site.root / "theirs")


@pytest.mark.parametrize("theme", ["simple", "notmyidea"])
def test_pelicans_own_themes_work_and_nothing_of_a_contributor_runs_in_them(site: Site, theme: str) -> None:
    evil = "<script>alert(1)</script>"
    site.write(
        "content/topics/ports.md", f"---\nname: 'Ports {evil}'\nslug: ports\ndescription: '{evil}'\n---\n\n{evil}\n"
    )
    site.story(
        "evil",
        f"Title {evil}",
        slug="evil",
        summary=f"Summary {evil}",
        author=f"Author {evil}",
        category=f"Kind {evil}",
        tags=["ports", f"Tag {evil}"],
        source=evil,
        disclosure=evil,
        body=f"Body {evil} <img src=x onerror=alert(1)>\n\nREAD: {evil}\n",
    )
    site.story("quote", '"><img src=x onerror=alert(1)>', slug="quote")
    result = site.build("-t", theme)
    assert result.exit_code == 0, result.err
    for name, data in tree(site.root / "output").items():
        if name.endswith(".html"):
            text = data.decode().replace('<script src="https://html5shim', "")
            assert "<script>alert" not in text, name
            assert "onerror=alert(1)>" not in text.replace("onerror=alert(1)&gt;", ""), name
    assert "Title &lt;script&gt;" in site.page("stories/evil.html")


def test_findings_reach_pelicans_log_and_its_exit_code(site: Site) -> None:
    site.conf(PLUGIN_PATHS=[str(PLUGINS)]).story("good-story").story("bad-story", date="never")
    result = site.pelican("content", "--log-handler", "plain")
    assert result.exit_code == 0
    assert "bad-story.md:3:7 AR115" in result.err
    assert site.has("stories/good-story.html")
    assert site.pelican("content", "--log-handler", "plain", "--fatal", "errors").exit_code == 1


def test_a_site_that_did_not_ask_gets_plain_pelican(site: Site) -> None:
    """In one process: first a digest, then a plain site, which must come out as if we were not there."""
    site.story("one", body="READ: Two\n\n<b onclick='x()'>raw</b>\n").story("two", "Two")
    for name in ("one", "two"):
        text = (
            (site.root / f"content/{name}.md")
            .read_text()
            .replace("---\n", "", 1)
            .replace("---\n", "", 1)
            .replace('"', "")
            .replace("[", "")
            .replace("]", "")
        )
        site.write(f"plain/{name}.md", text)
    script = (
        "import sys; from pelican import Pelican; from pelican.settings import read_settings\n"
        "def build(plugins, out, path):\n"
        "    Pelican(read_settings(None, {'PATH': path, 'OUTPUT_PATH': out, 'PLUGINS': plugins, 'THEME': 'simple', 'TIMEZONE': 'UTC', 'SITEURL': 'https://x.example'})).run()\n"
        "if 'both' in sys.argv: build(['alsoread'], 'digest', 'content')\n"
        "build([], sys.argv[1], 'plain')\n"
    )
    alone = run([sys.executable, "-c", script, "alone"], site.root, {})
    after = run([sys.executable, "-c", script, "after", "both"], site.root, {})
    assert (alone.exit_code, after.exit_code) == (0, 0), alone.err + after.err
    assert tree(site.root / "alone") == tree(site.root / "after")
    assert "onclick" in (site.root / "after/one.html").read_text()
    assert (site.root / "digest/.alsoread-output").exists()
    assert not (site.root / "after/.alsoread-output").exists()


def test_plugins_that_write_at_the_end_write_into_the_new_site(site: Site) -> None:
    """As the sitemap plugins do: after `finalized`, through `pelican.output_path`."""
    site.write(
        "more/late.py",
        (
            "import os\nfrom pelican import signals\n"
            "def write(pelican):\n    open(os.path.join(pelican.output_path, 'late.txt'), 'w').write('late')\n"
            "def register():\n    signals.finalized.connect(write)\n"
        ),
    )
    site.conf(PLUGIN_PATHS=["more"], PLUGINS=["alsoread", "late"]).story("good-story")
    assert site.build().exit_code == 0
    assert site.page("late.txt") == "late"
    assert site.pelican("content").exit_code == 0
    assert site.page("late.txt") == "late"


def test_a_plugin_sees_the_stories_and_may_change_them(site: Site) -> None:
    site.write(
        "more/shout.py",
        (
            "from pelican import signals\n"
            "def shout(generator):\n"
            "    for article in generator.articles:\n        article.title = article.title.upper()\n"
            "def register():\n    signals.article_generator_finalized.connect(shout)\n"
        ),
    )
    site.conf(PLUGIN_PATHS=["more"], PLUGINS=["alsoread", "shout"]).story("good-story")
    assert site.build().exit_code == 0
    assert "GOOD STORY" in site.page("index.html")


def test_further_fields_reach_the_theme_escaped(site: Site) -> None:
    site.write("overrides/page_extra.html", "")
    site.write(
        "overrides/article.html",
        '{% extends "!theme/article.html" %}{% block story_foot %}mood: {{ article.mood }}{% endblock %}',
    )
    site.conf(ALSOREAD_EXTRA_FIELDS=["mood"], THEME_TEMPLATES_OVERRIDES=["overrides"]).story(
        "good-story", mood="<i>calm</i>"
    )
    result = site.build()
    assert result.exit_code == 0, result.err
    assert "mood: &lt;i&gt;calm&lt;/i&gt;" in site.page("stories/good-story.html")


def test_pelicans_headers_and_links_work_in_a_digest(site: Site) -> None:
    site.write(
        "content/old.md",
        "Title: An old file\nDate: 2024-05-05 10:00\nTags: Ports, Ferries\nSummary: Short.\n\nSee [new]({filename}new.md) and [ports]({tag}ports).\n",
    )
    site.story("new", "A new file", body="{filename} works: [old]({filename}/old.md)\n")
    result = site.build()
    assert result.exit_code == 0, result.err
    assert 'href="../stories/a-new-file.html"' in site.page("stories/an-old-file.html")
    assert 'href="../topics/ports.html"' in site.page("stories/an-old-file.html")
    assert 'href="../stories/an-old-file.html"' in site.page("stories/a-new-file.html")


def test_a_plain_pelican_site_is_built_as_pelican_builds_it(site: Site) -> None:
    """`alsoread build` on a site that does not name the plugin: Pelican's rules, and a whole site or none."""
    site.write(
        "pelicanconf.py",
        "PATH = 'content'\nOUTPUT_PATH = 'output'\nPLUGINS = []\nTIMEZONE = 'UTC'\nSITEURL = 'https://x.example'\nLOCALE = 'C'\n",
    )
    site.write("content/one.md", "Title: One\nDate: 2024-05-05\nAnything: goes\n\n<b onclick='x()'>raw</b>\n").write(
        "content/two.rst", "Two\n###\n\n:date: 2024-05-06\n\nText.\n"
    )
    assert site.build("-o", "ours").exit_code == 0
    assert site.pelican("content", "-o", "theirs").exit_code == 0
    ours, theirs = tree(site.root / "ours"), tree(site.root / "theirs")
    del ours[".alsoread-output"]
    assert ours == theirs
    assert "two.html" in ours


def test_an_address_is_what_pelican_makes_of_it(site: Site) -> None:
    """Our own reading of Pelican's patterns, held to Pelican's."""
    site.conf(
        ARTICLE_URL="{date:%Y}/{date:%b}/{category}/{author}/{slug}-{lang}/",
        ARTICLE_SAVE_AS="{date:%Y}/{date:%b}/{category}/{author}/{slug}-{lang}/index.html",
    )
    site.story(
        "one",
        "Été à Málaga",
        category="Ports & Harbours",
        author="Zoë Ångström",
        body="READ: /2025/Jan/ports-and-harbours/zoe-angstrom/other-en/\n",
    )
    site.story("two", "Other", slug="other", category="Ports & Harbours", author="Zoë Ångström")
    result = site.build()
    assert result.exit_code == 0, result.err
    assert site.has("2025/Jan/ports-and-harbours/zoe-angstrom/ete-a-malaga-en/index.html")
    assert 'class="crosslink"' in site.page("2025/Jan/ports-and-harbours/zoe-angstrom/ete-a-malaga-en/index.html")


def test_symbolic_links_in_the_content_do_not_hang_the_build(site: Site) -> None:
    site.story("good-story")
    for name in ("a", "b"):
        os.symlink(".", site.root / f"content/{name}")
    result = site.build()
    assert result.exit_code == 1
    assert result.codes == ["AR001", "AR001"]
    assert site.has("stories/good-story.html")


def test_a_site_that_was_built_is_let_go(site: Site) -> None:
    """Under `pelican -r`, and in tests, one process builds many times."""
    for number in range(3):
        site.story(f"s{number}", f"Story {number}")
    script = """if True:
        import gc, weakref
        from alsoread.cli.site import make_pelican, read_site
        pelican = make_pelican(read_site("content"))
        pelican.run()
        state = pelican.alsoread
        kept = [weakref.ref(each) for each in (pelican, *state.articles.values())]
        del pelican, state
        gc.collect()
        print([each() for each in kept if each() is not None])
    """
    done = run([sys.executable, "-c", script], site.root, {"PYTHONPATH": str(PLUGINS)})
    assert (done.exit_code, done.err) == (0, ""), done.err
    assert done.out.splitlines()[-1] == "[]"
