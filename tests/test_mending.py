"""Where nothing but the words of a story was edited, they are put into the site, which is what a build would make."""

import json
import random
import re
import sys
from pathlib import Path
from typing import Any

import pytest

from sites import Site, run, tree

NOTE = ".output.alsoread/nothing-to-do.json"
LINES = "import re, sys; from alsoread.cli.build_ import command\n{}\ncommand.main([], standalone_mode=False)\n"
WORDS = (
    "harbour ferry tide island council bridge market lantern orchard quarry signal station valley river meadow "
    "glacier cellar mill printer library museum theatre school clinic tram canal lock barge crane dock"
).split()


def built(site: Site, *args: str) -> Any:
    done = site.build("--format", "json", *args)
    assert done.out, done.err
    return done.json


def is_mended(report: Any) -> bool:
    return list(report["seconds"]) == ["mending", "total"]


def as_built_anew(site: Site) -> bool:
    """Whether the site is what a build from nothing makes of the same files."""
    assert site.build("--clean", "-o", "clean").exit_code == 0
    return tree(site.root / "output") == tree(site.root / "clean")


def story(site: Site, name: str, *paragraphs: str, **fields: object) -> Site:
    front: dict[str, Any] = {"summary": f"What {name} is about.", "slug": name, **fields}
    return site.story(name, body="\n\n".join(paragraphs) + "\n", **front)


ONE = (
    "The ferry calls at the harbour.",
    "READ: Two islands",
    "A crane stands by the dock, and [a map]({filename}two.md).",
)


@pytest.fixture
def settled(site: Site) -> Site:
    """A site that was built, and need not be built again."""
    site.conf(STATIC_PATHS=["images"], THEME_TEMPLATES_OVERRIDES=["templates"])
    site.write("content/images/a.png", b"png").write("content/pages/about.md", "---\ntitle: About\n---\nUs.\n")
    site.write("templates/.keep", "")
    story(site, "one", *ONE, title="One ferry", date="2025-01-03")
    story(site, "two", "The council meets on the island.", title="Two islands", date="2025-01-02")
    story(site, "three", "A bridge to the market, by the river.", title="Three bridges", date="2025-01-01")
    assert not is_mended(built(site))
    return site


def edit(site: Site, name: str, old: str, new: str) -> None:
    path = site.root / "content" / name
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def test_other_words_are_put_into_the_page_and_the_feeds(settled: Site) -> None:
    feed = settled.page("feeds/all.atom.xml")
    edit(settled, "one.md", "stands by the dock", "stood by the *old* dock & waits")
    report = built(settled)
    assert is_mended(report)
    assert (report["rendered"], report["parsed"], report["removed"]) == (1, 1, 0)
    assert report["rendered"] + report["reused"] == report["pages"]
    assert report["reasons"] == {"content": 1}
    assert "<em>old</em> dock &amp; waits" in settled.page("stories/one.html")
    assert settled.page("feeds/all.atom.xml") != feed
    assert as_built_anew(settled)


def test_there_is_nothing_to_do_after_it(settled: Site) -> None:
    edit(settled, "one.md", "calls at", "leaves")
    assert is_mended(built(settled))
    again = built(settled)
    assert list(again["seconds"]) == ["total"]
    assert again["stories"] == 3


def test_one_edit_after_another(settled: Site) -> None:
    for new in ("leaves", "passes", "*finds*", "calls at"):
        edit(settled, "one.md", re.search(r"The ferry (.*?) the harbour", _text(settled, "one.md"))[1], new)  # type: ignore[index]
        assert is_mended(built(settled))
    edit(settled, "three.md", "the river", "a river")
    assert is_mended(built(settled))
    assert as_built_anew(settled)


def _text(site: Site, name: str) -> str:
    return (site.root / "content" / name).read_text("utf-8")


def test_a_build_goes_on_where_a_site_was_mended(settled: Site) -> None:
    edit(settled, "one.md", "calls at", "leaves")
    assert is_mended(built(settled))
    story(settled, "four", "The tide is high.", title="Four tides", date="2025-01-04")
    report = built(settled)
    assert not is_mended(report)
    assert as_built_anew(settled)
    edit(settled, "four.md", "high", "low")
    assert is_mended(built(settled))
    assert as_built_anew(settled)


def test_a_page_of_the_digest(settled: Site) -> None:
    edit(settled, "pages/about.md", "Us.", "Us, and *nobody* else.")
    # a page without a summary shows its first words in lists
    assert as_built_anew(settled) is False
    built(settled)
    assert as_built_anew(settled)


def test_pelican_is_not_imported_for_a_page_and_its_feeds(settled: Site) -> None:
    edit(settled, "one.md", "calls at", "finds")
    code = LINES.format("sys.argv[1:] = []") + "print(sorted({'pelican', 'jinja2', 'numpy'} & set(sys.modules)))"
    done = run([sys.executable, "-c", code], settled.root, {})
    assert done.out.splitlines()[-1] == "[]", done.err
    assert "finds" in settled.page("stories/one.html")


def test_addresses_that_depend_on_the_page(settled: Site) -> None:
    with (settled.root / "pelicanconf.py").open("a", encoding="utf-8") as file:
        file.write("RELATIVE_URLS = True\n")
    built(settled)
    edit(settled, "one.md", "A crane", "Another crane, ![of iron]({static}/images/a.png),")
    assert not is_mended(built(settled))
    edit(settled, "one.md", "of iron", "of iron and wood")
    built(settled)
    edit(settled, "one.md", "Another crane", "A second crane")
    assert is_mended(built(settled))
    assert as_built_anew(settled)


def test_pages_that_carry_the_body_too(settled: Site) -> None:
    settled.write(
        "templates/index.html",
        "<html><title>{{ SITENAME }}</title>{% for each in articles_page.object_list %}{{ each.content }}{% endfor %}</html>",
    )
    built(settled)
    edit(settled, "one.md", "calls at", "leaves")
    edit(settled, "one.md", "by the dock", "by the docks")
    report = built(settled)
    assert is_mended(report)
    assert report["rendered"] == 2
    assert "docks" in settled.page("index.html")
    edit(settled, "three.md", "the river", "a river, twice as wide")
    assert built(settled)["rendered"] == 2
    assert as_built_anew(settled)


# what a template does with a body, besides putting it on the page
LOOKS = {
    "its length": "{{ article.content|length }}",
    "a part of it": "{{ article.content[:20] }}",
    "whether there is one": "{% if article.content %}yes{% endif %}",
    "a filter": "{{ article.content|upper }}",
    "a filter around it": "{% filter upper %}{{ article.content }}{% endfilter %}",
    "a macro": "{% macro show(each) %}{{ each.content }}{% endmacro %}{{ show(article)|title }}",
    "a variable": "{% set body %}{{ article.content }}{% endset %}{{ body|trim }}",
    "an item": "{{ article['content']|wordcount }}",
    "the filter for attributes": "{{ (article|attr('content'))|wordcount }}",
    "the filter for lists": "{{ [article]|map(attribute='content')|join|wordcount }}",
    "a block": "{% block inner %}{{ article.content }}{% endblock %}{{ self.inner()|wordcount }}",
    "a method": "{{ article.get_content(SITEURL)|wordcount }}",
    "twice": "{{ article.content }}{{ article.content }}",
    "a filter around a block": "{% filter trim %}{% block inner %}{{ article.content }}{% endblock %}{% endfilter %}",
    "a filter around an included template": "{% filter trim %}{% include 'part.html' %}{% endfilter %}",
    "a variable made of a block": "{% set x %}{% block inner %}{{ article.content }}{% endblock %}{% endset %}{{ x|upper }}",
    "a call around it": "{% macro m() %}{{ caller()|upper }}{% endmacro %}{% call m() %}{{ article.content }}{% endcall %}",
    "an included template within a macro": "{% macro m() %}{% include 'part.html' %}{% endmacro %}{{ m()|upper }}",
}


@pytest.mark.parametrize("look", LOOKS)
def test_a_page_that_looks_into_the_body_is_built(settled: Site, look: str) -> None:
    settled.write("templates/part.html", "{{ article.content }}")
    settled.write("templates/article.html", f"<html><title>{{{{ article.title }}}}</title>{LOOKS[look]}</html>")
    built(settled)
    edit(settled, "one.md", "calls at", "leaves at once")
    report = built(settled)
    assert not is_mended(report)
    assert as_built_anew(settled)


# what a body is put on the page with
SHOWS = {
    "as it is": "{{ article.content }}",
    "in a loop": "{% for each in [1] %}{{ article.content }}{% endfor %}",
    "in a block": "{% block inner %}{{ article.content }}{% endblock %}",
    "in an included template": "{% include 'part.html' %}",
    "under a condition": "{% if article.title %}{{ article.content }}{% endif %}",
    "escaped or not": "{% autoescape true %}{{ article.content }}{% endautoescape %}",
}


@pytest.mark.parametrize("show", SHOWS)
def test_a_page_that_shows_the_body_is_mended(settled: Site, show: str) -> None:
    settled.write("templates/part.html", "{{ article.content }}")
    settled.write("templates/article.html", f"<html><title>{{{{ article.title }}}}</title>{SHOWS[show]}</html>")
    built(settled)
    edit(settled, "one.md", "calls at", "leaves at once")
    assert is_mended(built(settled))
    assert as_built_anew(settled)


# what else is edited
MORE = {
    "the headline": ("one.md", "One ferry", "Won ferry"),
    "the summary": ("one.md", "What one is about", "What two is about"),
    "the topics": ("one.md", '["Ports"]', '["Ports", "Ships"]'),
    "a cross-link": ("one.md", "READ: Two islands", "READ: Three bridges"),
    "a cross-link less": ("one.md", "READ: Two islands", "Two islands"),
    "a link of its text": ("one.md", "{filename}two.md", "{filename}three.md"),
    "a link more": ("one.md", "A crane", "[A crane]({filename}three.md)"),
    "a picture": ("one.md", "A crane", "![A crane]({static}/images/a.png)"),
    "an error": ("one.md", "date: 2025-01-03", "date: 2025-02-30"),
    "the picture itself": ("images/a.png", "png", "gnp"),
}


@pytest.mark.parametrize("name", MORE)
def test_what_is_more_than_other_words_is_built(settled: Site, name: str) -> None:
    edit(settled, *MORE[name])
    report = built(settled)
    assert not is_mended(report)
    settled.build("--clean", "-o", "clean")
    assert tree(settled.root / "output") == tree(settled.root / "clean")


def test_first_words_that_stand_in_lists_are_built(settled: Site) -> None:
    settled.story("plain", body="The first words.\n\nAnd others.\n", date="2025-01-05")
    built(settled)
    edit(settled, "plain.md", "And others", "And more")
    assert is_mended(built(settled))
    edit(settled, "plain.md", "The first words", "Other first words")
    assert not is_mended(built(settled))
    assert as_built_anew(settled)


@pytest.mark.parametrize(
    "setting",
    [
        "OUTPUT_SOURCES = True",
        "RSS_FEED_SUMMARY_ONLY = False\nFEED_ALL_RSS = 'feeds/all.rss.xml'",
        "ALSOREAD_PURE = ['shout']",
        "EXTRA_PATH_METADATA = {'one.md': {'path': 'one.txt'}}",
        "INTRASITE_LINK_REGEX = '[{](?P<what>.*?)[}]'",
    ],
)
def test_settings_under_which_a_build_has_to_tell(settled: Site, setting: str) -> None:
    with (settled.root / "pelicanconf.py").open("a", encoding="utf-8") as file:
        file.write(f"{setting}\n")
    built(settled)
    edit(settled, "one.md", "calls at", "leaves")
    assert not is_mended(built(settled))
    assert as_built_anew(settled)


def test_a_body_that_is_its_summary_too(settled: Site) -> None:
    """Pelican's feeds then have it once."""
    settled.story("plain", body="The only words.\n", date="2025-01-05")
    built(settled)
    edit(settled, "plain.md", "The only words.", "The only words.\n\nAnd others.")
    assert not is_mended(built(settled))
    assert as_built_anew(settled)
    edit(settled, "plain.md", "And others.", "And more.")
    assert is_mended(built(settled))
    edit(settled, "plain.md", "\n\nAnd more.", "")
    assert not is_mended(built(settled))
    assert as_built_anew(settled)


def test_two_stories_at_once_are_built(settled: Site) -> None:
    edit(settled, "one.md", "calls at", "leaves")
    edit(settled, "two.md", "on the island", "on an island")
    assert not is_mended(built(settled))
    assert as_built_anew(settled)


def test_findings_are_told_in_their_new_places(settled: Site) -> None:
    edit(settled, "three.md", "A bridge", "READ: Nobody's headline\n\nA bridge")
    assert "three.md:" in settled.build().err
    edit(settled, "three.md", "READ: Nobody", "A line more.\n\nREAD: Nobody")
    told = settled.build().err
    assert told == settled.build("--clean").err
    edit(settled, "three.md", "by the river", "by a river")
    report = settled.build("--format", "json")
    assert is_mended(report.json)
    assert report.codes == ["AR401"]


def test_a_site_that_somebody_changed_is_built(settled: Site) -> None:
    edit(settled, "one.md", "calls at", "leaves")
    with (settled.root / "output/index.html").open("a", encoding="utf-8") as page:
        page.write("mine")
    assert not is_mended(built(settled))
    assert as_built_anew(settled)


def test_bytes_that_were_lost_are_made_anew(settled: Site) -> None:
    for kept in (settled.root / ".output.alsoread/pages").rglob("*"):
        if kept.is_file():
            kept.unlink()
    edit(settled, "one.md", "calls at", "leaves")
    assert not is_mended(built(settled))
    assert as_built_anew(settled)


STOPS = {
    "before the site changes": "import alsoread.press.output as o; o.Stage.amend = lambda *_: sys.exit(3)",
    "when the site has changed": "import alsoread.mend as m; m.RelatedEdit.remember = lambda *_: sys.exit(3)",
    "before it is remembered": "import alsoread.press.store as s; s.Store.save_few = lambda *_: sys.exit(3)",
    "before it is noted": "import alsoread.cli.mended as m; m.note_again = lambda *_: sys.exit(3)",
}


@pytest.mark.parametrize("stop", STOPS)
def test_whoever_is_stopped_in_the_middle_is_followed_by_a_build(settled: Site, stop: str) -> None:
    before = tree(settled.root / "output")
    edit(settled, "one.md", "calls at", "leaves")
    done = run([sys.executable, "-c", LINES.format(STOPS[stop])], settled.root, {})
    assert done.exit_code == 3, done.err
    now = tree(settled.root / "output")
    assert (now == before) == (stop == "before the site changes")
    assert not (settled.root / NOTE).exists()
    assert not is_mended(built(settled))
    assert as_built_anew(settled)


def test_a_build_that_is_stopped_leaves_nothing_to_mend(settled: Site) -> None:
    story(settled, "four", "The tide is high.", title="Four tides", date="2025-01-04")
    edit(settled, "one.md", "calls at", "leaves")
    code = LINES.format("import alsoread.press.output as o; o.Stage.commit = lambda *_: sys.exit(3)")
    assert run([sys.executable, "-c", code], settled.root, {}).exit_code == 3
    (settled.root / "content/four.md").unlink()
    assert not is_mended(built(settled))
    assert as_built_anew(settled)


def test_another_build_meanwhile_is_noticed(settled: Site) -> None:
    edit(settled, "one.md", "calls at", "leaves")
    # when the output folder is locked the note is another one
    code = LINES.format(
        "import alsoread.press.unchanged as u; holds = u.Look.holds\n"
        "def other(look, work):\n"
        "    note = open(work + '/nothing-to-do.json').read()\n"
        "    open(work + '/nothing-to-do.json', 'w').write(note.replace('}', ' }', 1))\n"
        "    return holds(look, work)\n"
        "u.Look.holds = other"
    )
    done = run([sys.executable, "-c", code], settled.root, {})
    assert done.exit_code == 0, done.err
    assert as_built_anew(settled)


def digest_of(site: Site, count: int, seed: int) -> random.Random:
    """A digest whose stories have many words in common, so that a few words more or less change related lists."""
    made = random.Random(seed)
    site.conf(ALSOREAD_IGNORE={"*": ["AR701"]})
    for number in range(count):
        paragraphs = [" ".join(made.choices(WORDS, k=12)).capitalize() + "." for _ in range(4)]
        titled = " ".join(made.sample(WORDS, 3)).capitalize()
        day = f"20{10 + number // 300:02}-{1 + number // 25 % 12:02}-{1 + number % 25:02}"
        tags = made.sample(["Ports", "Roads", "Schools"], 1 + number % 2)
        story(site, f"story-{number}", *paragraphs, title=f"{titled} {number}", date=day, tags=tags)
    built(site)
    return made


def words_of(site: Site, made: random.Random, name: str) -> None:
    """Edit the last words of a story."""
    path = site.root / f"content/{name}.md"
    head, _, last = path.read_text("utf-8").rpartition("\n\n")
    path.write_text(f"{head}\n\n{last.rstrip()} {' '.join(made.choices(WORDS, k=made.randint(1, 6)))}.\n", "utf-8")


@pytest.mark.parametrize(("count", "numbers"), [(12, (11, 3, 0, 7)), (90, (89, 88, 80, 66, 89, 10))])
def test_pages_with_other_related_stories_are_mended_too(site: Site, count: int, numbers: tuple[int, ...]) -> None:
    made = digest_of(site, count, seed=count)
    reasons = set()
    for number in numbers:
        words_of(site, made, f"story-{number}")
        report = built(site)
        assert is_mended(report), number
        reasons |= set(report["reasons"])
        assert as_built_anew(site), number
    assert reasons == {"content", "related"}


def test_what_was_mended_is_known_to_the_next_build(site: Site) -> None:
    made = digest_of(site, 30, seed=5)
    for number in (29, 28, 27):
        words_of(site, made, f"story-{number}")
        assert is_mended(built(site))
    story(site, "one-more", "The tide is high.", title="One more", date="2009-01-01", tags=["Ships"])
    report = built(site)
    assert as_built_anew(site)
    # besides the story's own page and the lists it stands in
    assert report["rendered"] < 12


def test_lists_that_are_again_what_they_were_before(site: Site) -> None:
    digest_of(site, 24, seed=3)
    reasons = set()
    for number in (23, 20, 11):
        before = _text(site, f"story-{number}.md")
        take_body(site, f"story-{number}", "story-7")
        report = built(site)
        assert is_mended(report)
        reasons |= set(report["reasons"])
        # with something else, for which the site is built
        site.write(f"content/story-{number}.md", before)
        edit(site, "story-5.md", "about", "about, again")
        assert not is_mended(built(site))
        assert as_built_anew(site), number
    assert "related" in reasons


def test_a_theme_that_shows_scores(site: Site) -> None:
    digest_of(site, 20, seed=7)
    site.write(
        "templates/article.html",
        "<html><title>{{ article.title }}</title>{{ article.content }}"
        "{% for each in article.related %}<p>{{ each.article.title }} {{ each.score }}</p>{% endfor %}</html>",
    )
    with (site.root / "pelicanconf.py").open("a", encoding="utf-8") as file:
        file.write("THEME_TEMPLATES_OVERRIDES = ['templates']\n")
    built(site)
    shown = 0
    for number in (19, 10):
        words_of(site, random.Random(1), f"story-{number}")
        report = built(site)
        assert is_mended(report)
        shown += report["reasons"]["related"]
        assert as_built_anew(site)
    assert shown > 2


def test_lists_that_other_pages_show_are_built(site: Site) -> None:
    digest_of(site, 20, seed=8)
    site.write(
        "templates/index.html",
        "<html><title>{{ SITENAME }}</title>"
        "{% for each in articles_page.object_list %}{{ each.related[0].article.title }}{% endfor %}</html>",
    )
    with (site.root / "pelicanconf.py").open("a", encoding="utf-8") as file:
        file.write("THEME_TEMPLATES_OVERRIDES = ['templates']\n")
    built(site)
    for number in (19, 18, 3):
        words_of(site, random.Random(number), f"story-{number}")
        built(site)
        assert as_built_anew(site)


def with_templates(site: Site, **templates: str) -> None:
    for name, text in templates.items():
        site.write(f"templates/{name}.html", f"<html><title>{{{{ SITENAME }}}}</title>{text}</html>")
    with (site.root / "pelicanconf.py").open("a", encoding="utf-8") as file:
        file.write("THEME_TEMPLATES_OVERRIDES = ['templates']\n")
    built(site)


def take_body(site: Site, name: str, other: str) -> None:
    """Let a story say what another one says."""
    path = site.root / f"content/{name}.md"
    head = path.read_text("utf-8").partition("\n---\n")[0]
    path.write_text(head + "\n---\n" + _text(site, f"{other}.md").partition("\n---\n")[2], "utf-8")


def test_a_page_that_begins_to_look_into_the_body_with_another_list(site: Site) -> None:
    digest_of(site, 14, seed=11)
    with_templates(
        site,
        article="{% set ns = namespace(f=false) %}{% for r in article.related %}{{ r.article.title }}"
        "{% if r.article.slug == 'story-13' %}{% set ns.f = true %}{% endif %}{% endfor %}{{ 'a b'|wordcount }}"
        "{% if ns.f %}{{ article.content|wordcount }}{% endif %}{{ article.content }}",
    )
    take_body(site, "story-13", "story-10")
    built(site)
    assert as_built_anew(site)
    edit(site, "story-10.md", "\n\n", "\n\nA paragraph more of some words.\n\n")
    built(site)
    assert as_built_anew(site)


def test_stories_that_are_compared_with_others(site: Site) -> None:
    digest_of(site, 14, seed=11)
    with_templates(
        site,
        article="{% for r in article.related %}{{ 'NEWEST' if r.article is sameas articles[0] else 'no' }} "
        "{{ r.article.title }}{% endfor %}",
    )
    for other in ("story-12", "story-6", "story-10"):
        take_body(site, "story-13", other)
        built(site)
        assert as_built_anew(site)


def test_an_included_template_in_a_list(site: Site) -> None:
    made = digest_of(site, 20, seed=12)
    site.write("templates/part.html", "<p>{{ each.article.title }}: {{ each.reason }}</p>")
    with_templates(
        site, article="{{ article.content }}{% for each in article.related %}{% include 'part.html' %}{% endfor %}"
    )
    shown = 0
    for number in (19, 12, 4):
        words_of(site, made, f"story-{number}")
        report = built(site)
        assert is_mended(report)
        shown += report["reasons"].get("related", 0)
        assert as_built_anew(site)
    assert shown


@pytest.mark.parametrize(
    "way",
    [
        "{{ alsoread.digest.bodies['one.md'].text }}",
        "{{ article._context['alsoread'].digest.bodies[article.story.path].text|wordcount }}",
    ],
)
def test_bodies_that_are_reached_in_another_way(settled: Site, way: str) -> None:
    settled.write("templates/article.html", f"<html><title>{{{{ article.title }}}}</title>{way}</html>")
    built(settled)
    edit(settled, "one.md", "calls at", "leaves at once")
    assert not is_mended(built(settled))
    assert as_built_anew(settled)


def test_a_body_that_overlaps_itself(settled: Site) -> None:
    settled.write("templates/article.html", "{{ article.summary }}\n{{ article.content }}")
    settled.story("plain", body="ab\n\nab\n", slug="plain", date="2025-01-05")
    built(settled)
    edit(settled, "plain.md", "ab\n\nab", "ab\n\ncd")
    built(settled)
    assert as_built_anew(settled)


def test_dates_of_files(settled: Site) -> None:
    with (settled.root / "pelicanconf.py").open("a", encoding="utf-8") as file:
        file.write("DEFAULT_DATE = 'fs'\n")
    built(settled)
    edit(settled, "one.md", "calls at", "leaves")
    assert not is_mended(built(settled))


def test_the_reason_is_told(settled: Site) -> None:
    edit(settled, "one.md", "calls at", "leaves")
    assert is_mended(built(settled))
    told = settled.run("why", "/stories/one.html", "--format", "json")
    assert told.exit_code == 0, told.err
    assert "one.md: content" in json.dumps(told.json)


def test_translations(site: Site) -> None:
    site.conf(STATIC_PATHS=["images"])
    story(site, "one", "The ferry calls at the harbour.", title="One ferry", date="2025-01-03")
    story(site, "une", "Le ferry arrive au port.", title="Un ferry", lang="fr", translation_of="one", date="2025-01-03")
    built(site)
    edit(site, "une.md", "arrive", "part")
    assert is_mended(built(site))
    assert as_built_anew(site)


@pytest.mark.parametrize("engine", ["commonmark"])
def test_the_other_body_engine(settled: Site, engine: str) -> None:
    with (settled.root / "pelicanconf.py").open("a", encoding="utf-8") as file:
        file.write(f"ALSOREAD_BODY_ENGINE = '{engine}'\n")
    built(settled)
    edit(settled, "one.md", "calls at", "*leaves*")
    assert is_mended(built(settled))
    assert as_built_anew(settled)


def test_what_the_publisher_keeps_in_the_folder_stays(settled: Site, tmp_path: Path) -> None:
    settled.write("output/CNAME", "digest.example").write("output/.git/HEAD", "ref")
    built(settled)
    for new in ("leaves", "finds"):
        edit(settled, "one.md", re.search(r"The ferry (.*?) the harbour", _text(settled, "one.md"))[1], new)  # type: ignore[index]
        assert is_mended(built(settled))
        assert settled.page("CNAME") == "digest.example"
        assert settled.page(".git/HEAD") == "ref"
    assert list(built(settled)["seconds"]) == ["total"]
