"""A site whose articles sleep until more is asked than their cards tell is, byte for byte, the one whose articles are all
made: from nothing, after an edit, and built again from nothing. What is said on the way is the same too.

In the second gear some plugin listens, and does nothing: then every article is made as Pelican makes it.
"""

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from builds import Files, Project, assert_same

from alsoread.plugin import readers
from alsoread.plugin.sleeping import Sleeping

TEXT = "The dredger Halcyon deepens the channel at Port Merrow, slowly and at night.\n\n"
FEEDS = {
    "FEED_ALL_ATOM": "feeds/all.atom.xml",
    "FEED_ALL_RSS": "feeds/all.rss.xml",
    "CATEGORY_FEED_ATOM": "feeds/kinds/{slug}.atom.xml",
    "CATEGORY_FEED_RSS": "feeds/kinds/{slug}.rss.xml",
    "AUTHOR_FEED_ATOM": "feeds/authors/{slug}.atom.xml",
    "AUTHOR_FEED_RSS": "feeds/authors/{slug}.rss.xml",
    "TAG_FEED_RSS": "feeds/topics/{slug}.rss.xml",
    "TRANSLATION_FEED_ATOM": "feeds/all-{lang}.atom.xml",
    "TRANSLATION_FEED_RSS": "feeds/all-{lang}.rss.xml",
}


def listening(*args: object, **kwargs: object) -> None:
    """A plugin's receiver, which does nothing."""


def story(project: Project, name: str, title: str, body: str = TEXT, **fields: object) -> None:
    front = {"title": title, "date": "2025-01-01", "tags": ["Ports"], **fields}
    lines = [f"{key}: {json.dumps(value)}" for key, value in front.items() if value is not None]
    project.write(f"content/{name}.md", "---\n" + "\n".join(lines) + "\n---\n\n" + body)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A digest that has something of everything."""
    project = Project(tmp_path, "everything", ("alsoread",))
    project.settings.update(
        DIRECT_TEMPLATES=["index", "archives", "tags", "categories", "authors"],
        ALSOREAD_COMBINATION_STORIES=2,
        ALSOREAD_EDIT_URL="https://e.example/{path}",
        CATEGORY_SAVE_AS="kinds/{slug}.html",
        CATEGORY_URL="kinds/{slug}.html",
        DAY_ARCHIVE_SAVE_AS="days/{date:%Y-%m-%d}.html",
        DAY_ARCHIVE_URL="days/{date:%Y-%m-%d}.html",
        DEFAULT_PAGINATION=3,
        TEMPLATE_PAGES={"whole.tmpl": "whole.html"},
        **FEEDS,
    )
    write_theme(project)
    project.write("content/whole.tmpl", "{% include 'lists.html' %}{{ article }}")
    common = {"thread": "channel", "source": "The Merrow Mail"}
    story(project, "a", "The channel opens", TEXT * 3, authors=["Ada Quill", "Bo & Reed"], category="Sea", **common)
    story(project, "sub/b", "A dredger sails", TEXT + "READ: The channel opens\n", tags=["Ports", "Ships"], **common)
    story(
        project, "sub/c", "Halcyon is *stuck* <hard>", TEXT + "See [b]({filename}b.md).\n", date="2025-02-03", **common
    )
    story(project, "d", "Late & <b>bold</b>", tags=["Ships", "Ports"], modified="2025-03-01 10:00", author="Ada Quill")
    story(project, "e-fr", "Seule en français", lang="fr", date="2023-05-06 23:59", tags=["Seuls"])
    story(project, "f", "Short", summary="In *short*.", date="2025-01-01 10:00", category="Sea")
    story(
        project, "g", "Leading", summary="See [a]({filename}/a.md) and [none]({filename}no.md).", tags=["Ports", "Ice"]
    )
    story(
        project,
        "h",
        "Leading nowhere",
        "[x]({filename}/gone.md) [y]({static}/gone.png) [t]({tag}Ports)\n",
        tags=["Ice"],
    )
    story(
        project, "i", "A picture", "![A]({static}/images/a.png) [l](|filename|a.md)\n", image={"src": "/images/a.png"}
    )
    story(project, "j", "In hiding", status="hidden", date="2025-02-02")
    story(project, "k", "Not yet begun", status="draft")
    story(project, "l", "Under embargo", embargo_until="2099-01-01")
    story(project, "m", "No more", expires="2025-01-02")
    story(
        project,
        "n",
        "Once elsewhere",
        aliases=["/old/n.html"],
        corrections=[{"date": "2025-01-02", "kind": "update", "text": "More."}],
    )
    project.write("content/images/a.png", b"\x89PNG a")
    project.write("content/pages/about.md", "---\ntitle: About\n---\n\nUs, see [a]({filename}/a.md).\n")
    project.write(
        "content/topics/ports.md", "---\nname: Ports\nparent: Sea\npinned: [a]\n---\n\nSee [a]({filename}/a.md).\n"
    )
    project.write("content/topics/sea.md", "---\nname: Sea\n---\n")
    project.write("content/threads/channel.md", "---\nname: The channel\n---\n\nAll of it.\n")
    return project


# what is told of an article at first, then what may be asked besides
CARD = (
    "title",
    "slug",
    "lang",
    "in_default_lang",
    "date",
    "modified",
    "template",
    "relative_source_path",
    "url",
    "save_as",
)
MORE = (
    "category", "author", "date_format", "locale_date", "locale_modified", "timezone", "status", "reader", "relative_dir",
    "summary", "original", "story", "translation", "override_save_as", "override_url", "default_status", "default_template",
    "allowed_statuses", "mandatory_properties", "edit_url", "mark", "topics", "pinned_tags", "nothing", "_status", "_content",
    "path", "save_as_", "mood",
)  # fmt: skip
TELL = """{% macro tell(article) %}
<h2>{{ article.title }}</h2>
{% for name in card %}{{ name }}={{ article[name] }} {{ article[name] is defined }};{% endfor %}
{% for name in more %}{{ name }}={{ article[name] }} {{ article[name] is defined }};{% endfor %}
{% for tag in article.tags %}{{ tag }} {{ tag.slug }} {{ tag.url }} {{ tag.topic.label }} {{ tag is sameas article.tags[0] }}
{% endfor %}{{ article.tags|length }} {{ article.tags|map(attribute='name')|join(',') }}
{% if article.category %}{{ article.category.slug }} {{ article.category.url }}{% endif %} {{ article.category is defined }} {{ article.category == 'Sea' }}
{% for author in article.authors %}{{ author }} {{ author.url }} {{ author is sameas article.author }}{% endfor %}
{% for other in article.translations %}{{ other.title }} {{ other.lang }} {{ other.url }}{% endfor %}
{% for each in article.related %}{{ each.kind }} {{ each.reason }} {{ each.article.title }}{% endfor %}
{% for group in article.backlinks %}{{ group.relation }}{% for each in group.articles %}{{ each.url }}{% endfor %}{% endfor %}
{% for place in article.in_topics %}{{ place.tag }} {{ place.earlier.title }} {{ place.later.date }}{% endfor %}
{% if article.in_thread %}{{ article.in_thread.thread.name }} {{ article.in_thread.earlier.slug }}{% endif %}
{% for each in article.sources %}{{ each.source.name }} {{ each.outlet.articles|length }}{% endfor %}
{% for each in article.combinations %}{{ each.url }} {{ each.articles|map(attribute='slug')|join }}{% endfor %}
{{ article.__class__.__name__ }} {{ article is mapping }} {{ article is string }} {{ article is iterable }}
{{ article.metadata|list|sort|join(',') }} {{ article.metadata.title }} {{ article.metadata.get('lang') }}
{{ article.title|tojson }} {{ article.slug|upper }} {{ article.date.year }} {{ article.date|strftime('%d %b %Y') }}
{{ article.settings.SITENAME }} {{ article.is_valid() }} {{ article.get_siteurl() }} {{ article.get_relative_source_path() }}
{% endmacro %}"""
LISTS = """{% import 'tell.html' as told %}
{{ articles|length }} {{ articles[:3]|map(attribute='title')|join('; ') }} {{ articles[-1].url }}
{{ articles|sort(attribute='title')|map(attribute='slug')|join(' ') }}
{{ articles|sort(attribute='date,slug', reverse=true)|map(attribute='date')|join(' ') }}
{% for kind in articles|selectattr('category')|groupby('category') %}{{ kind.grouper }}: {{ kind.list|length }}{% endfor %}
{% for lang in articles|groupby('lang') %}{{ lang.grouper }}: {{ lang.list|map(attribute='slug')|join(' ') }}{% endfor %}
{{ articles|selectattr('modified', 'defined')|map(attribute='slug')|join(' ') }}
{{ articles|rejectattr('author')|map(attribute='slug')|join(' ') }} {{ articles|selectattr('author')|map(attribute='author.name')|join(' ') }}
{{ articles|selectattr('status', 'equalto', 'published')|list|length }} {{ articles|map(attribute='slug')|list|tojson }}
{{ articles[0] is sameas articles[0] }} {{ articles[0] in articles }} {{ articles[0] == articles[1] }}
{{ articles[0] is sameas dates[0] }} {{ (articles|first).title }} {{ (articles|last).slug }}
{% for tag, listed in tags %}{{ tag }}: {% for each in listed %}{{ each.title }} {{ each.tags|join(',') }}
{{ each in articles }}{% for inner in each.tags %}{{ inner.slug }}{% endfor %}{% endfor %}{% endfor %}
{% for category, listed in categories %}{{ category }} {{ category.url }} {{ listed|map(attribute='slug')|join(' ') }}
{% for each in listed %}{{ each.category is sameas category }}{{ each.category == category }}{% endfor %}{% endfor %}
{% for author, listed in authors %}{{ author }} {{ listed|map(attribute='slug')|join(' ') }}{% endfor %}
{% for each in hidden_articles %}{{ each.title }}{% endfor %} {{ drafts|length }} {{ drafts_translations|length }}
{% for each in topics %}{{ each[0] }} {{ each[1]|length }}{% endfor %}{% for tag in branches %}{{ tag.slug }}{% endfor %}
{% for thread in threads %}{{ thread.name }}{% for each in thread.articles %}{{ each.slug }}{% endfor %}{% endfor %}
{% for article in articles %}{{ told.tell(article) }}{% if loop.index > 4 %}{{ article.content }}{% endif %}{% endfor %}"""
THEME = {
    "tell.html": TELL.replace("in card", f"in {list(CARD)}").replace("in more", f"in {list(MORE)}"),
    "lists.html": LISTS,
    "brief.html": "{% for each in (articles_page.object_list if articles_page else articles) %}{{ each.title }} "
    "{{ each.url }} {{ each.date }} {% for tag in each.tags %}{{ tag }} {% endfor %}{{ each.category }} "
    "{{ each.author }}\n{% endfor %}{% if articles_page %}{{ articles_paginator.num_pages }} {{ articles_page.number }}{% endif %}",
    "article.html": "{% import 'tell.html' as told %}{{ told.tell(article) }}{{ article.content }} {{ category.name }}"
    " {{ category is sameas article.category }}",
    "index.html": "{% include 'brief.html' %}",
    "archives.html": "{% include 'lists.html' %}",
    "period_archives.html": "{{ period }} {{ period_num }} {% for each in dates %}{{ each.locale_date }}{% endfor %}"
    "{% include 'brief.html' %}",
    "page.html": "{{ page.title }} {{ page.content }} {{ articles[0].summary }}",
    **{f"{name}.html": "{% include 'brief.html' %}" for name in ("tag", "category", "author", "source", "combination")},
    **{f"{name}.html": "{{ articles|length }}" for name in ("tags", "categories", "authors", "sources", "threads", "404")},
    "thread.html": "{{ thread.name }} {{ thread.body }} {% for each in articles %}{{ each.title }}{% endfor %}",
}  # fmt: skip


def write_theme(project: Project) -> None:
    for name, text in THEME.items():
        project.write(f"themes/everything/templates/{name}", text)
    project.write("themes/everything/static/a.css", "")


class Gears:
    """Builds one project in both gears, each in a folder of its own and with what it remembers of it."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.slept: list[bool] = []

    def build(self) -> Files:
        """The site, which must be the same in both gears."""
        self.slept.clear()
        found, said = self._built("asleep"), self.project.messages
        other = self._built("awake", article_generator_context=listening)
        assert self.slept[1:] == [False]
        assert_same(found, other, "asleep and awake")
        assert _spoken(said) == _spoken(self.project.messages)
        return found

    def _built(self, folder: str, **receivers: Callable[..., None]) -> Files:
        return self.project.build(f"{folder}/output", receivers=receivers)

    def hold(self, edit: Callable[[Project], object] | None = None, *, sleeps: bool = True) -> Files:
        """The site is the same in both gears; so it is after an edit, and a site built from nothing is that site."""
        found = self.build()
        assert self.slept[0] is sleeps
        if edit is not None:
            edit(self.project)
            edited = self.build()
            assert edited != found
            assert_same(edited, self.project.build("clean/output"), "incremental and clean")
        return found


def _spoken(messages: list[str]) -> list[str]:
    return sorted(re.sub(r"0x[0-9a-f]+", "0x", message) for message in messages)


@pytest.fixture
def gears(project: Project, monkeypatch: pytest.MonkeyPatch) -> Gears:
    """The two gears of the digest; it is noted whether articles may sleep."""
    gears = Gears(project)
    stock = readers.may_sleep

    def noting(*args: Any) -> bool:
        gears.slept.append(stock(*args))
        return gears.slept[-1]

    monkeypatch.setattr(readers, "may_sleep", noting)
    return gears


EDITS: dict[str, Callable[[Project], object]] = {
    "a body": lambda project: project.change("content/sub/c.md", "slowly", "quickly"),
    "a title": lambda project: project.change("content/a.md", "The channel opens", "The channel shuts"),
    "tags": lambda project: project.change("content/f.md", '["Ports"]', '["Ice", "Night"]'),
    "a newcomer": lambda project: story(project, "new", "A newcomer", date="2025-01-20", category="Sea", author="Otto"),
    "gone": lambda project: project.remove("content/sub/b.md"),
    "hidden": lambda project: project.change("content/n.md", "title:", 'status: "hidden"\ntitle:'),
    "a category": lambda project: project.change("content/a.md", '"Sea"', '"Land"'),
    "an author": lambda project: project.change("content/d.md", '"Ada Quill"', '"Zoe"'),
}


@pytest.mark.parametrize("name", EDITS)
def test_both_gears_give_the_same_site_before_and_after_an_edit(gears: Gears, name: str) -> None:
    gears.hold(EDITS[name])


def test_the_digest_says_something_and_shows_everything(gears: Gears) -> None:
    """What the other tests compare is not empty."""
    found = gears.hold()
    assert any("gone.md" in message for message in gears.project.messages)
    assert not any("Traceback" in message for message in gears.project.messages), gears.project.messages
    article = found["stories/the-channel-opens.html"].decode()
    assert "title=The channel opens True" in article
    assert "locale_date=01 January 2025 True" in article
    assert "mood= False" in article
    assert "Article False False" in article
    assert {
        "feeds/authors/ada-quill.atom.xml",
        "feeds/kinds/sea.rss.xml",
        "feeds/all-fr.atom.xml",
        "whole.html",
    } <= found.keys()
    assert not any(
        b"Under embargo" in data or b"Not yet begun" in data or b"No more" in data for data in found.values()
    )


def by_locale_date(article: Any) -> Any:
    """An order of a publisher's own."""
    return article.locale_date, article.slug


def add_translation(project: Project) -> None:
    story(project, "d-de", "Spät", slug="late-bold", lang="de", date="2024-12-24", author="Otto", tags=["Häfen"])
    project.change("content/d.md", "title:", 'slug: "late-bold"\ntitle:')


def add_moods(name: str, *values: str) -> Callable[[Project], None]:
    """Stories that have a field of that name."""

    def add(project: Project) -> None:
        for number, value in enumerate(values):
            story(project, f"with-{number}", f"With {number}", **{name: value})

    return add


def add_dated_files(project: Project) -> None:
    for name in ("2024-05-06_fine", "2024-13-45_no-such-day", "2024-02-30_nor-this"):
        story(project, name, name.replace("_", " "))


def add_moved_file(project: Project) -> None:
    project.write("content/files/plan.pdf", b"%PDF")
    project.settings["STATIC_PATHS"] = ["images", "files"]
    story(project, "with-plan", "With a plan", "[plan]({attach}files/plan.pdf)\n", slug="deep/with-plan")


def add_odd_links(project: Project) -> None:
    story(project, "with-links", "With links", "[a](@filename@a.md) ![b](@static@/images/a.png)\n")
    project.write("content/images/b.png", b"b")
    project.settings["STATIC_PATHS"] = []


def add_future(project: Project) -> None:
    story(project, "later", "Much later", date="2098-01-01")


def another_name(project: Project) -> None:
    """An edit of one story's title, which every list shows."""
    project.change("content/f.md", '"Short"', '"Shorter"')


Prepare = Callable[[Project], None]


def nothing(project: Project) -> None:
    """The site as it is."""


VARIANTS: dict[str, tuple[dict[str, Any], Prepare, bool]] = {
    "translations": ({}, add_translation, True),
    "translations by something else": ({"ARTICLE_TRANSLATION_ID": ["slug", "lang"]}, add_translation, True),
    "no translations": ({"ARTICLE_TRANSLATION_ID": ""}, add_translation, True),
    "category by folder": ({"USE_FOLDER_AS_CATEGORY": True}, nothing, True),
    "no pages of lists": ({"CATEGORY_SAVE_AS": "", "AUTHOR_SAVE_AS": "", "TAG_SAVE_AS": ""}, nothing, True),
    "an author of all": ({"AUTHOR": "Ann & Co", "DEFAULT_CATEGORY": "News & views"}, nothing, True),
    "metadata of all": ({"DEFAULT_METADATA": {"mood": "calm", "category": "Calm"}}, nothing, False),
    "a date of all": ({"DEFAULT_DATE": (2020, 1, 1)}, nothing, True),
    "dates of files": ({"DEFAULT_DATE": "fs"}, nothing, False),
    "metadata of paths": (
        {"EXTRA_PATH_METADATA": {"sub": {"mood": "wild"}, "a.md": {"mood": "calm", "save_as": "there.html"}}},
        nothing,
        True,
    ),
    "metadata of every path": (
        {"EXTRA_PATH_METADATA": {"": {"modified": datetime(2025, 4, 1, tzinfo=UTC)}}},
        nothing,
        True,
    ),
    "dates in names": ({"FILENAME_METADATA": r"(?P<date>\d{4}-\d{2}-\d{2})_.*"}, add_dated_files, True),
    "slugs in names": ({"FILENAME_METADATA": r"(?P<slug>.*)", "PATH_METADATA": "(?P<title>.)"}, nothing, True),
    "categories in paths": ({"PATH_METADATA": r"(?P<Category>[^/]+)/.*"}, nothing, False),
    "moods in paths": ({"PATH_METADATA": r"(?P<mood>[^/]+)/.*"}, nothing, False),
    "further fields": ({"ALSOREAD_EXTRA_FIELDS": ["mood"]}, add_moods("mood", "calm", "<i>wild</i>"), True),
    "formatted fields": (
        {"ALSOREAD_EXTRA_FIELDS": ["mood"], "FORMATTED_FIELDS": ["summary", "mood"]},
        add_moods("mood", '<a href="{filename}a.md">a</a>', "calm"),
        False,
    ),
    "no summaries formatted": ({"FORMATTED_FIELDS": []}, nothing, True),
    "newest last": (
        {"REVERSE_CATEGORY_ORDER": True, "NEWEST_FIRST_ARCHIVES": False, "ALSOREAD_NUMBER_FROM_OLDEST": True},
        nothing,
        True,
    ),
    "addresses with dates": (
        {"ARTICLE_URL": "{date:%Y/%b}/{slug}-{lang}/", "ARTICLE_SAVE_AS": "{date:%Y/%b}/{slug}-{lang}/index.html"},
        nothing,
        True,
    ),
    "addresses with categories": (
        {
            "ARTICLE_URL": "{category}/{author}/{slug}.html",
            "ARTICLE_SAVE_AS": "{category}/{author}/{slug}.html",
            "AUTHOR": "Ann",
        },
        nothing,
        False,
    ),
    "whole addresses": ({"RELATIVE_URLS": False, "TIMEZONE": "Asia/Tokyo", "DEFAULT_LANG": "EN"}, nothing, True),
    "formats of dates": ({"DATE_FORMATS": {"fr": "%d/%m/%y"}, "DEFAULT_DATE_FORMAT": "%B %Y"}, nothing, True),
    "formats of dates with languages": ({"DATE_FORMATS": {"fr": ("C", "%d/%m/%y")}}, nothing, False),
    "formats of dates with languages that are not there": ({"DATE_FORMATS": {"fr": ("xx_XX", "%d")}}, nothing, False),
    "links of another form": ({"INTRASITE_LINK_REGEX": "[@](?P<what>.*?)[@]"}, add_odd_links, False),
    "files that stories move": ({}, add_moved_file, True),
    "slugs of another form": (
        {
            "CATEGORY_REGEX_SUBSTITUTIONS": [("a", "o")],
            "AUTHOR_REGEX_SUBSTITUTIONS": [("a", "o")],
            "TAG_REGEX_SUBSTITUTIONS": [("o", "a")],
            "SLUGIFY_USE_UNICODE": True,
        },
        nothing,
        True,
    ),
    "no future": ({"WITH_FUTURE_DATES": False, "ALSOREAD_FUTURE_DATES": True}, add_future, True),
    **{
        f"in the order of {order}": ({"ARTICLE_ORDER_BY": order}, nothing, True)
        for order in ("date", "title", "slug", "reversed-basename", "locale_date", "modified", "nothing", "topics")
    },
    "in an order of its own": ({"ARTICLE_ORDER_BY": by_locale_date}, nothing, False),
    "in the order of categories": ({"ARTICLE_ORDER_BY": "reversed-category"}, nothing, False),
    "in the order of headlines": ({"ARTICLE_ORDER_BY": "title"}, nothing, True),
    **{
        f"a further field {name}": ({"ALSOREAD_EXTRA_FIELDS": [name]}, add_moods(name, *values), sleeps)
        for name, sleeps, *values in (
            ("template", False, "tags"),
            ("save_as", False, "elsewhere.html"),
            ("url", False, "elsewhere.html"),
            ("override_save_as", False, "elsewhere.html"),
            ("override_url", False, "elsewhere.html"),
            ("topics", True, "some"),
            ("pinned_tags", True, "some"),
            ("translation", False, "true", "false"),
            ("original", True, "some"),
            ("in_default_lang", True, "no"),
            ("date_format", True, "%Y"),
            ("timezone", False, "Asia/Tokyo"),
            ("relative_source_path", True, "some"),
            ("reader", True, "some"),
        )
    },
}


@pytest.mark.parametrize("name", VARIANTS)
def test_both_gears_give_the_same_site_whatever_the_settings(gears: Gears, name: str) -> None:
    settings, prepare, sleeps = VARIANTS[name]
    gears.project.settings.update(settings)
    prepare(gears.project)
    gears.hold(another_name, sleeps=sleeps)


@pytest.mark.parametrize("theme", ["broadsheet", "simple", "notmyidea", "torture"])
@pytest.mark.parametrize("prepare", [nothing, add_translation])
def test_both_gears_give_the_same_site_in_any_theme(gears: Gears, theme: str, prepare: Prepare) -> None:
    prepare(gears.project)
    gears.project.theme = theme
    gears.project.settings["TEMPLATE_PAGES"] = {}
    if theme == "torture":
        del gears.project.settings["DIRECT_TEMPLATES"], gears.project.settings["DEFAULT_PAGINATION"]
    gears.hold(another_name)


def test_articles_of_which_lists_tell_no_more_than_their_cards_sleep_on(
    gears: Gears, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Otherwise the other tests would hold one gear to itself."""
    woken: list[str] = []
    stock = Sleeping._wake

    def noting(self: Sleeping) -> None:
        woken.append(self.story.path)
        stock(self)

    monkeypatch.setattr(Sleeping, "_wake", noting)
    project = gears.project
    for name in ("archives", "period_archives", "article", "page"):
        project.write(f"themes/everything/templates/{name}.html", THEME["brief.html"])
    project.settings.update(dict.fromkeys(FEEDS), TEMPLATE_PAGES={}, TAG_FEED_ATOM=None, ALSOREAD_THREAD_FEED="")
    gears.build()
    # the one with a picture says where that is
    assert sorted(woken) == ["h.md", "i.md"]
    another_name(project)
    woken.clear()
    gears.build()
    assert sorted(woken) == ["h.md", "i.md"]


@pytest.mark.parametrize("prepare", [nothing, add_translation])
def test_both_gears_give_the_same_site_where_several_processes_render(gears: Gears, prepare: Prepare) -> None:
    """Then articles that were woken sleep again, now and then."""
    project = gears.project
    prepare(project)
    project.settings["ALSOREAD_JOBS"] = 2
    for number in range(50):
        story(project, f"many/{number:02}", f"Number {number}", "Words, and [a]({filename}/a.md).\n", tags=["Many"])
    found = gears.hold(another_name)
    if prepare is add_translation:
        assert b"Sp\xc3\xa4t de" in found["stories/late-bold.html"]
