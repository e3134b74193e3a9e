"""What an article that sleeps answers, and how it answers, is held to the article that it becomes when it wakes."""

import copy
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import jinja2
import pytest
from builds import Project, pelican_unchanged
from pelican import Pelican, contents
from pelican.settings import read_settings

from alsoread.plugin.contents import Article
from alsoread.plugin.readers import DigestReaders
from alsoread.plugin.sleeping import Sleeping, lull, moves_files
from alsoread.plugin.state import State
from sites import Site
from test_two_gears import TEXT, story

ALL, PLAIN = "all.md", "plain.md"


@dataclass
class Newsroom:
    """A digest that has been built, whose articles can be had anew."""

    state: State
    readers: DigestReaders
    context: dict[str, Any]

    def asleep(self, path: str) -> Any:
        """An article that sleeps, and stands where others look for it."""
        found = self.readers._sleeping(self.state.stories_by_path[path], self.context)
        self.state.articles[path] = found
        return found

    def awake(self, path: str) -> Any:
        """The same article, made as every other."""
        return self.state.made(path)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Newsroom]:
    project = Project(tmp_path_factory.mktemp("sleeping"), "broadsheet", ("alsoread",))
    project.settings.update(CATEGORY_SAVE_AS="kinds/{slug}.html", ALSOREAD_EDIT_URL="https://e.example/{path}")
    common = {"thread": "channel", "source": "The Merrow Mail", "tags": ["Ports", "Ships"]}
    story(
        project,
        "all",
        "All & <b>sundry</b>",
        TEXT + "See [plain]({filename}plain.md) ![A]({static}/images/a.png)\n",
        summary="A *short* one.",
        authors=["Ada", "Bo"],
        category="Sea",
        modified="2025-03-01",
        date="2025-02-01 12:30",
        **common,
    )
    story(project, "plain", "Plain", "READ: All & <b>sundry</b>\n", **common)
    story(project, "alone", "Alone", "Words.\n", tags=["Ice"])
    story(project, "hidden", "Hidden", "Words.\n", status="hidden")
    story(project, "de", "Auf Deutsch", "Worte.\n", lang="de")
    project.write("content/images/a.png", b"a")
    with pelican_unchanged([]):
        site = Pelican(read_settings(None, project.all_settings(project.root / "output", project.plugins)))
        site.run()
        generator = site.alsoread_press.generators[0]
        yield Newsroom(site.alsoread, generator.readers, generator.context)


PATHS = (ALL, PLAIN, "alone.md", "hidden.md", "de.md")
ON_THE_CARD = (
    *(
        "title",
        "slug",
        "lang",
        "in_default_lang",
        "date",
        "modified",
        "template",
        "relative_source_path",
        "source_path",
    ),
    *(
        "url",
        "save_as",
        "category",
        "author",
        "authors",
        "tags",
        "translations",
        "summary",
        "content",
        "original",
        "story",
        "status",
        "settings",
    ),
    *("related", "backlinks", "in_topics", "in_thread", "combinations", "sources", "edit_url", "mark", "relative_dir"),
    *("override_save_as", "override_url", "__html__", "__len__", "__call__"),
)


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("name", ON_THE_CARD)
def test_what_is_on_the_card_does_not_wake_an_article(built: Newsroom, path: str, name: str) -> None:
    article = built.asleep(path)
    getattr(article, name, None)
    assert type(article) is Sleeping


def test_what_pelican_asks_of_every_article_does_not_wake_one(built: Newsroom) -> None:
    article = built.asleep(ALL)
    assert article.is_valid()
    assert not hasattr(article, "override_save_as")
    assert article in [article, None]
    assert str(article) == article.source_path
    assert built.asleep(PLAIN).get_static_links() == set()
    article.translations = [article]
    article.refresh_metadata_intersite_links()
    assert article.get_relative_source_path() == ALL
    assert not moves_files(article)
    assert article.get_summary("") == article.summary
    assert type(article) is Sleeping
    article.summary = "Another, of which Pelican does not take notice."
    assert article.summary == built.awake(ALL).summary


def test_the_words_of_an_article_are_those_of_this_digest_and_for_this_address(built: Newsroom) -> None:
    article, awake = built.asleep(ALL), built.awake(ALL)
    here = article.get_content("")
    assert 'href="stories/plain.html"' in here
    assert (article.get_content("x"), article.get_content("")) == (awake.get_content("x"), here)
    assert article.get_content("") is article.get_content("")
    digest = built.state.digest
    built.state.digest = replace(digest, html={**digest.html, ALL: "<p>Other words.</p>"})
    try:
        assert article.get_content("") == "<p>Other words.</p>"
    finally:
        built.state.digest = digest
    assert article.get_content("") == here
    assert type(article) is Sleeping


@pytest.mark.parametrize("name", ["get_content", "_update_content"])
@pytest.mark.parametrize("path", [ALL, "alone.md"])
def test_words_that_a_plugin_has_a_hand_in_are_asked_of_pelican(
    built: Newsroom, monkeypatch: pytest.MonkeyPatch, name: str, path: str
) -> None:
    stock = vars(contents.Content)[name]
    stock = getattr(stock, "func", stock)
    monkeypatch.setattr(contents.Content, name, lambda self, *given: stock(self, *given) + "<hr>")
    # a text that Pelican remembers has no plugin's hand in it
    vars(contents.Content)["get_content"].__dict__.get("cache", {}).clear()
    article = built.asleep(path)
    assert article.content == built.awake(path).content
    assert article.content.endswith("<hr>")
    assert type(article) is Article


def test_words_that_move_a_file_are_asked_of_pelican(built: Newsroom) -> None:
    digest, article = built.state.digest, built.asleep(PLAIN)
    built.state.digest = replace(digest, led={**digest.led, PLAIN: ("{attach}images/a.png",)})
    try:
        _ = article.content
    finally:
        built.state.digest = digest
    assert type(article) is Article


def shown(article: Any, question: str) -> str:
    """What a template shows for a question, or why it does not."""
    try:
        return jinja2.Environment(autoescape=True).from_string(question).render(article=article)
    except Exception as error:  # noqa: BLE001 - whatever is raised
        return f"{type(error).__name__}: {error}"


def names_of_all(built: Newsroom) -> list[str]:
    """Whatever an article has, or an article of some digest may have."""
    names = {name for path in PATHS for name in (*dir(built.awake(path)), *dir(type(built.asleep(path))))}
    return sorted(
        names | {"nothing", "mood", "modified", "author", "override_save_as", "translation", "locale_modified"}
    )


WITH_ADDRESSES = ("_context", "settings", "_names", "_stored")
"""What shows where objects are in memory."""


def test_every_attribute_is_what_it_is_when_the_article_is_awake(built: Newsroom) -> None:
    """Each asked of an article that was asked nothing before."""
    for path in PATHS:
        awake = built.awake(path)
        for name in names_of_all(built):
            if name.startswith("__") or name in WITH_ADDRESSES or callable(getattr(awake, name, None)):
                continue
            if name.startswith("_") and not hasattr(awake, name):
                continue
            asked = f"{{{{ article.{name} is defined }}}}"
            assert shown(built.asleep(path), asked) == shown(awake, asked), (path, name)
            if name not in ("related", "backlinks", "in_topics", "in_thread", "combinations", "sources"):
                asked = f"{{{{ article.{name} }}}} {{{{ article['{name}'] }}}}"
                assert shown(built.asleep(path), asked) == shown(awake, asked), (path, name)


QUESTIONS = (
    "{{ article.__class__.__name__ }} {{ article.__class__.__qualname__ }} {{ article.__class__.__module__ }}",
    "{{ article }}",
    "{{ article.nothing.at_all }}",
    "{{ article.title|tojson }} {{ article.title is string }} {{ article.title|length }}",
    "{{ article.metadata|dictsort|map(attribute=0)|join(' ') }}",
    "{{ article.metadata.tags|join(' ') }} {{ article.metadata.category }} {{ article.metadata.authors|join(' ') }}",
    "{{ article.metadata.tags is sameas article.tags }} {{ article.metadata.title }} {{ article.metadata.summary }}",
    "{{ article.tags is sameas article.tags }} {{ article.tags[0] is sameas article.tags[0] }}",
    "{{ article.category is sameas article.category }} {{ article.category is sameas article.metadata.category }}",
    "{{ article.author is sameas article.authors[0] }}{% for a in article.authors %}{{ a }} {{ a.slug }}{% endfor %}",
    "{% for tag in article.tags %}{{ tag.name }} {{ tag.url }} {{ tag.topic.above|length }}{% endfor %}",
    "{% for each in article.related %}{{ each.kind }} {{ each.score }} {{ each.reason }} {{ each.article.url }}{% endfor %}",
    "{% for each in article.backlinks %}{{ each.relation }} {{ each.articles|map(attribute='url')|join }}{% endfor %}",
    "{% for each in article.in_topics %}{{ each.tag }} {{ each.later.title }} {{ each.earlier.title }}{% endfor %}",
    "{{ (article.in_thread or {}).later }} {% for each in article.sources %}{{ each.source.name }}{% endfor %}",
    "{{ article is mapping }} {{ article is iterable }} {{ article is callable }} {{ article is sequence }}",
    "{{ article.is_valid() }} {{ article.get_siteurl() }} {{ article.get_relative_source_path() }}",
    "{{ article.get_static_links()|sort|join(' ') }} {{ article.get_url_setting('url') }} {{ article.url_format.slug }}",
    "{{ article.content }}", "{{ article.summary }}", "{{ article.get_content('x') }}", "{{ article.get_summary('x') }}",
    "{{ article.locale_date }} {{ article.date.tzinfo }} {{ article.timezone }} {{ article.date|string }}",
    "{{ article.date.__class__.__name__ }} {{ article.title.__class__.__name__ }} {{ article.slug.__class__.__name__ }}",
    "{{ article['title'] }} {{ article['locale_date'] }} {{ article[0] }} {{ article|attr('slug') }}",
    "{{ [article]|map(attribute='locale_date')|first }} {{ [article]|groupby('lang')|map(attribute=0)|first }}",
)  # fmt: skip


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_template_is_answered_as_by_an_article_that_is_awake(built: Newsroom, question: str) -> None:
    for path in PATHS:
        assert shown(built.asleep(path), question) == shown(built.awake(path), question), path


WAKING = {
    "its metadata": lambda article: article.metadata,
    "its date in words": lambda article: article.locale_date,
    "all it has": vars,
    "its names": dir,
    "what it lacks": lambda article: hasattr(article, "nothing"),
    "a change": lambda article: setattr(article, "mood", "calm"),
    "another title": lambda article: setattr(article, "title", "Another"),
    "a copy": copy.copy,
    "how it is written down": lambda article: article.__reduce_ex__(2),
    "its pictures": lambda article: article.get_static_links(),
}


@pytest.mark.parametrize("asked", WAKING)
def test_an_article_that_wakes_is_the_same_object_and_has_all_it_would_have_had(built: Newsroom, asked: str) -> None:
    article, known = built.asleep(ALL), built.awake(ALL)
    stood = {id(article): "here"}
    WAKING[asked](article)
    assert type(article) is Article
    assert stood[id(article)] == "here"
    assert built.state.articles[ALL] is article
    assert vars(article).keys() - {"mood"} == vars(known).keys()
    assert type(vars(article)) is dict


def test_what_was_met_before_is_the_same_object_after(built: Newsroom) -> None:
    article = built.asleep(ALL)
    before = article.tags, article.tags[0], article.category, article.authors, article.author, article.translations
    _ = article.metadata
    after = article.tags, article.tags[0], article.category, article.authors, article.author, article.translations
    assert all(one is other for one, other in zip(before, after, strict=True))
    assert article.metadata["tags"] is before[0]
    assert article.metadata["category"] is before[2]
    assert article.metadata["authors"] is before[3]
    assert "author" not in article.metadata


def test_each_article_has_a_category_and_authors_of_its_own(built: Newsroom) -> None:
    one, other = built.asleep(PLAIN), built.asleep("alone.md")
    assert one.category == other.category
    assert one.category is not other.category


def test_translations_that_were_set_stay(built: Newsroom) -> None:
    article, other = built.asleep(PLAIN), built.asleep(ALL)
    article.translations = [other]
    article.original = "something"
    assert article.title == "Plain"
    assert type(article) is Sleeping
    _ = article.metadata
    assert article.translations == [other]


def test_a_value_that_is_set_is_there_after(built: Newsroom) -> None:
    article = built.asleep(PLAIN)
    article.title = "Another"
    article.mood = "calm"
    assert (article.title, article.mood, type(article)) == ("Another", "calm", Article)
    assert vars(article)["mood"] == "calm"
    other = built.asleep(PLAIN)
    other.__dict__ = {"title": "Third"}
    assert vars(other) == {"title": "Third"}


def test_a_copy_is_awake_and_its_own(built: Newsroom) -> None:
    article = built.asleep(PLAIN)
    other = copy.copy(article)
    other.title = "Another"
    assert (type(other), article.title, other.slug) == (Article, "Plain", article.slug)


def test_the_place_that_links_begin_at_is_what_it_was(built: Newsroom) -> None:
    built.context["localsiteurl"] = "../.."
    article = built.asleep(ALL)
    assert 'href="../../stories/plain.html"' in article.content
    assert built.context["localsiteurl"] == "../.."
    built.context["localsiteurl"] = built.readers.settings["SITEURL"]


def test_the_place_is_what_it_was_though_an_article_cannot_be_made(
    built: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(built.context, "localsiteurl", "..")
    article = built.asleep(ALL)

    def fail(*args: object, **kwargs: object) -> None:
        raise OSError("no such thing")

    monkeypatch.setattr(Article, "refresh_metadata_intersite_links", fail)
    with pytest.raises(OSError, match="no such thing"):
        _ = article.metadata
    assert built.context["localsiteurl"] == ".."
    assert built.state.articles[ALL] is article
    assert type(article) is Sleeping
    assert article.title


def test_an_error_while_it_is_made_is_not_taken_for_a_missing_attribute(
    built: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    article = built.asleep(PLAIN)

    def fail(path: str) -> Any:
        raise AttributeError("no settings")

    monkeypatch.setattr(built.state, "made", fail)
    with pytest.raises(RuntimeError, match=r"plain\.md cannot be made: no settings"):
        hasattr(article, "content_of_it")
    with pytest.raises(RuntimeError, match="cannot be made"):
        _ = article.metadata


def test_links_of_metadata_are_resolved_when_it_wakes(built: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    """As Pelican resolves them of all articles at once, once all are known."""
    asked: list[str] = []
    stock = contents.Article.refresh_metadata_intersite_links

    def refresh(self: Any) -> None:
        asked.append(self.get_siteurl())
        stock(self)

    monkeypatch.setattr(contents.Article, "refresh_metadata_intersite_links", refresh)
    monkeypatch.setitem(built.context, "localsiteurl", "..")
    article = built.asleep(ALL)
    article.refresh_metadata_intersite_links()
    assert asked == []
    _ = article.metadata
    assert asked == ["https://digest.example"]


MET = ("tags", "category", "authors", "author", "translations")


@pytest.mark.parametrize("when", ["before", "while awake"])
def test_an_article_that_sleeps_again_has_what_was_met_of_it(built: Newsroom, when: str) -> None:
    article, other = built.asleep(ALL), built.asleep(PLAIN)
    lull(built.state)
    met = [getattr(article, name) for name in MET] if when == "before" else []
    _ = article.metadata
    article.translations = [other]
    met = met[:-1] or [getattr(article, name) for name in MET[:-1]]
    lull(built.state)
    assert type(article) is Sleeping
    assert all(getattr(article, name) is value for name, value in zip(MET, met, strict=False))
    assert article.translations == [other]
    assert type(article) is Sleeping
    assert article.content == built.awake(ALL).content
    assert all(getattr(article, name) is value for name, value in zip(MET, met, strict=False))
    assert article.metadata["category"] is article.category


def test_an_article_of_no_author_has_none_when_it_sleeps_again(built: Newsroom) -> None:
    article = built.asleep(PLAIN)
    _ = article.metadata
    lull(built.state)
    assert type(article) is Sleeping
    assert not hasattr(article, "author")


def test_what_is_met_in_another_process_is_let_go(built: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    article = built.asleep(ALL)
    lull(built.state)
    category = article.category
    monkeypatch.setattr(built.state, "process", 0)
    _ = article.metadata
    tags = article.tags
    lull(built.state)
    assert article.tags == tags
    assert article.tags is not tags
    assert article.category is category


PATCHED = [
    ("Content", "get_content", "lambda self, url: stock(self, url) + '<hr>PATCH'"),
    ("Article", "get_content", "lambda self, url: stock(self, url) + '<hr>PATCH'"),
    ("Article", "_update_content", "lambda self, html, url: stock(self, html, url) + '<hr>PATCH'"),
    ("Content", "content", "property(lambda self: self.get_content('') + '<hr>PATCH')"),
    ("Article", "_get_content", "lambda self: self._content + '<hr>PATCH'"),
]


@pytest.mark.parametrize(("kind", "name", "made"), PATCHED)
@pytest.mark.parametrize("plugins", [["alsoread", "patcher"], ["patcher", "alsoread"]])
@pytest.mark.parametrize("command", ["build", "pelican"])
def test_a_plugin_that_came_before_us_has_its_hand_in_the_words_of_every_story(
    site: Site, command: str, plugins: list[str], kind: str, name: str, made: str
) -> None:
    site.write(
        "more/patcher.py",
        f"from pelican import contents\nstock = vars(contents.Content).get({name!r})\nstock = getattr(stock, 'func', stock)\n"
        f"contents.{kind}.{name} = {made}\ndef register():\n    pass\n",
    )
    site.conf(PLUGINS=plugins, PLUGIN_PATHS=["more"], THEME_TEMPLATES_OVERRIDES=["overrides"])
    site.write("overrides/article.html", "{{ article.content }}")
    site.story("plain", slug="plain").story("linked", body="See [it]({filename}plain.md).\n", slug="linked")
    result = site.build() if command == "build" else site.pelican("content")
    assert result.exit_code == 0, result.err
    assert all("PATCH" in site.page(f"stories/{each}.html") for each in ("plain", "linked"))
