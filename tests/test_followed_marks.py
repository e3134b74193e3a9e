"""A story's page follows whatever it shows, though its mark spares the build a look at what is the same."""

import re
from pathlib import Path
from typing import Any

import pytest
from builds import Project, assert_same
from builds import digest as project_of_a_digest

from alsoread.plugin import marks
from alsoread.press.fresh import Freshness
from sites import Site, tree
from test_two_gears import story

# what leads to topics, threads and outlets, and what a story's own mark tells of
BEYOND = """{% for tag in article.tags %}{{ tag.topic.label }} {{ tag.topic.neighbours|length }} {{ tag.topic.last }}
{% for below in tag.topic.below %}{{ below.tag }} {{ below.count }}{% endfor %}{{ tag.topic.body }}{% endfor %}
{% for place in article.in_topics %}{{ place.earlier.title }} {{ place.later.title }}{% endfor %}
{% if article.in_thread %}{{ article.in_thread.thread.name }} {{ article.in_thread.later.title }}
{{ article.in_thread.thread.body }}{% endif %}
{% for cited in article.sources %}{{ cited.outlet.articles|length }}{% endfor %}
{% for each in article.combinations %}{{ each.articles|length }}{% endfor %}"""
RELATED = "{% for each in article.related %}{{ each.kind }} {{ each.reason }} {{ each.score }}{% endfor %}"
LINKED = "{% for group in article.backlinks %}{{ group.relation }} {{ group.articles|length }}{% endfor %}"
LINKING = """{% for group in article.backlinks %}{% for each in group.articles %}{{ each.title }} {{ each.url }}
{% endfor %}{{ group.articles[0].date }}{{ (group.articles|last).title }}{% endfor %}
{% if article.backlinks %}{{ (article.backlinks|first).articles[:1]|map(attribute='title')|join }}{% endif %}"""
ELSE = """{% for each in article.translations %}{{ each.lang }} {{ each.url }}{% endfor %}{% for tag in article.tags %}
{{ tag.name }}{% endfor %}{{ article.summary }} {{ article.edit_url }} {{ article.url }}"""
BODY = "{{ article.content }}"
PARTS = {
    "neighbours in topics": "{% for place in article.in_topics %}{{ place.tag }} {{ place.later.title }}{% endfor %}",
    "labels of topics": "{% for place in article.in_topics %}{{ place.tag.topic.label }}{% endfor %}",
    "topics beside": "{% for tag in article.tags %}{{ tag.topic.neighbours|length }}{% endfor %}",
    "topics below": "{% for tag in article.tags %}{{ tag.topic.below|length }}{% endfor %}",
    "topics above": "{% for tag in article.tags %}{{ tag.topic.above|length }}{% endfor %}",
    "names of topics above": "{% for tag in article.tags %}{{ tag.topic.above|map(attribute='name')|join }}{% endfor %}",
    "what is pinned": "{% for tag in article.tags %}{{ tag.topic.pinned|map(attribute='title')|join }}{% endfor %}",
    "what is pinned above": "{% for tag in article.tags %}{% for each in tag.topic.above %}"
    "{{ each.topic.pinned|map(attribute='title')|join }}{% endfor %}{% endfor %}",
    "words of topics": "{% for tag in article.tags %}{{ tag.topic.body }}{% endfor %}",
    "the last of topics": "{% for tag in article.tags %}{{ tag['topic']['last'] }}{% endfor %}",
    "outlets of topics": "{% for tag in article.tags %}{% for each in tag.topic.sources %}{{ each.count }}{% endfor %}"
    "{% endfor %}",
    "outlets by items": "{% for tag in article.tags %}{% for each in tag['topic']['sources'] %}{{ each.count }}"
    "{% endfor %}{% endfor %}",
    "neighbours in threads": "{{ article.in_thread.later.title }}",
    "threads": "{{ article.in_thread.thread.name }}",
    "words of threads": "{{ article.in_thread.thread.body }}",
    "the last of threads": "{{ article.in_thread.thread.latest.title }}",
    "outlets": "{% for cited in article.sources %}{{ cited.outlet.articles|length }}{% endfor %}",
    "pairs": "{% for each in article.combinations %}{{ each.url }}{% endfor %}",
    "stories of pairs": "{% for each in article.combinations %}{{ each.articles|length }}{% endfor %}",
}
TEMPLATES = {
    **PARTS,
    "all": BEYOND + RELATED + LINKED + ELSE + BODY,
    "related": RELATED,
    "linked": LINKED,
    "linking": LINKING,
    "body": BODY,
    "else": ELSE,
}
TEXT = "The dredger Halcyon deepens the channel at Port Merrow.\n\n"


@pytest.fixture
def digest(site: Site) -> Site:
    """Stories that lead to each other in every way."""
    site.conf(THEME_TEMPLATES_OVERRIDES=["templates"], ALSOREAD_COMBINATION_STORIES=2)
    site.write("content/topics/ports.md", "---\nname: Ports\nparent: waters\n---\n\nAll about ports.\n")
    site.write("content/topics/waters.md", "---\nname: Waters\n---\n")
    site.write(
        "content/threads/channel.md",
        "---\nname: The channel\n---\n\nIt began early, see [a]({filename}../stories/a.md).\n",
    )
    common = {"tags": ["Ports", "Ships"], "thread": "channel", "source": "The Merrow Mail"}
    site.story("stories/a", "The channel opens", TEXT, date="2025-01-01", **common)
    site.story("stories/b", "A dredger sails", TEXT + "READ: The channel opens\n", date="2025-01-02", **common)
    site.story("stories/c", "Halcyon is stuck", TEXT + "See [b]({filename}b.md).\n", date="2025-01-03", **common)
    return site


CHANGES = {
    "a body": lambda site: site.story(
        "stories/a",
        "The channel opens",
        TEXT * 2 + "More.",
        date="2025-01-01",
        tags=["Ports", "Ships"],
        thread="channel",
    ),
    "a newcomer": lambda site: site.story(
        "stories/d", "Another dredger", TEXT, date="2025-01-04", tags=["Ports", "Cranes"], thread="channel"
    ),
    "a newcomer that links": lambda site: site.story(
        "stories/d", "Elsewhere", "READ: Halcyon is stuck\n", date="2024-01-04", tags=["Music"]
    ),
    "a newcomer with the same source": lambda site: site.story(
        "stories/d", "Elsewhere", "Quite another matter.", date="2024-01-04", tags=["Music"], source="The Merrow Mail"
    ),
    "a translation": lambda site: site.story(
        "stories/a-de", "Der Kanal", "Kurz.", date="2025-01-01", tags=["Ports"], slug="a", lang="de"
    ),
    "another address": lambda site: site.story(
        "stories/b",
        "A dredger sails",
        TEXT + "READ: The channel opens\n",
        date="2025-01-02",
        slug="elsewhere",
        tags=["Ports", "Ships"],
        thread="channel",
        source="The Merrow Mail",
    ),
    "gone": lambda site: (site.root / "content/stories/b.md").unlink(),
    "hidden": lambda site: site.story("stories/b", "A dredger sails", TEXT, date="2025-01-02", status="hidden"),
    "a topic's words": lambda site: site.write("content/topics/ports.md", "---\nname: Ports\n---\n\nOther words.\n"),
    "a topic's name": lambda site: site.write("content/topics/ports.md", "---\nname: Harbours\nslug: ports\n---\n"),
    "another name above": lambda site: site.write("content/topics/waters.md", "---\nname: Seas\nslug: waters\n---\n"),
    "a pin": lambda site: site.write(
        "content/topics/ports.md",
        "---\nname: Ports\nparent: waters\npinned: [the-channel-opens]\n---\n\nAll about ports.\n",
    ),
    "a pin above": lambda site: site.write(
        "content/topics/waters.md", "---\nname: Waters\npinned: [a-dredger-sails]\n---\n"
    ),
    "a topic below": lambda site: site.write("content/topics/ships.md", "---\nname: Ships\nparent: ports\n---\n"),
    "a thread's words": lambda site: site.write(
        "content/threads/channel.md", "---\nname: Channel\n---\n\nOther words.\n"
    ),
    "a setting": lambda site: site.conf(
        THEME_TEMPLATES_OVERRIDES=["templates"],
        ALSOREAD_COMBINATION_STORIES=3,
        ALSOREAD_EDIT_URL="https://e.example/{path}",
    ),
    "fewer pairs": lambda site: site.story(
        "stories/b", "A dredger sails", TEXT, date="2025-01-02", tags=["Ports"], thread="channel"
    ),
    "a pattern of addresses": lambda site: site.conf(
        THEME_TEMPLATES_OVERRIDES=["templates"], ARTICLE_URL="s/{slug}.html", ARTICLE_SAVE_AS="s/{slug}.html"
    ),
}


# those that a story's own mark has to tell of
TOLD = ("a body", "a newcomer", "a newcomer that links", "a translation", "another address", "gone")


# for each part a change that it shows
SHOWING = {
    "neighbours in topics": "a newcomer",
    "labels of topics": "a topic's name",
    "topics beside": "a newcomer",
    "topics below": "a topic below",
    "topics above": "a topic below",
    "names of topics above": "another name above",
    "what is pinned": "a pin",
    "what is pinned above": "a pin above",
    "words of topics": "a topic's words",
    "the last of topics": "a newcomer",
    "outlets of topics": "gone",
    "outlets by items": "gone",
    "neighbours in threads": "a newcomer",
    "threads": "a thread's words",
    "words of threads": "a thread's words",
    "the last of threads": "a newcomer",
    "outlets": "a newcomer with the same source",
    "pairs": "fewer pairs",
    "stories of pairs": "gone",
}


@pytest.mark.parametrize(
    ("shown", "change"),
    [
        *(("all", change) for change in CHANGES),
        *((shown, change) for shown in TEMPLATES if shown not in ("all", *PARTS) for change in TOLD),
        *SHOWING.items(),
    ],
)
def test_every_page_shows_what_is_there_now(digest: Site, shown: str, change: str) -> None:
    digest.write("templates/article.html", TEMPLATES[shown])
    first = digest.build("-o", "out")
    assert first.exit_code == 0, first.err
    before = tree(digest.root / "out")
    CHANGES[change](digest)
    edited, clean = digest.build("-o", "out"), digest.build("-o", "clean")
    assert (edited.exit_code, clean.exit_code) == (0, 0), edited.err
    assert tree(digest.root / "out") == tree(digest.root / "clean")
    assert tree(digest.root / "out") != before


@pytest.mark.parametrize(
    ("read", "leads"),
    [
        ('["title","s:articles"]', False),
        ('[["backlinks",0,"articles"],"<builtins.tuple>"]', False),
        ('[["backlinks",3,"articles",1],"@generated_content/a.md"]', False),
        ('[["backlinks",["s",null,1],0,"articles"],"x"]', True),
        ('[["in_thread","thread","articles"],"x"]', True),
        ('[["backlinks",0,"articles",0,"tags",0,"topic","last"],"x"]', True),
        ('["articles","x"]', True),
        ('["_context","x"]', True),
    ],
)
def test_which_reads_of_a_story_lead_beyond_it(read: str, leads: bool) -> None:
    assert (re.search(f'"(?:_|{marks._BEYOND})', read) is not None) is leads


@pytest.mark.parametrize("shown", ["linked", "linking"])
def test_a_story_to_which_others_link_is_not_looked_at_when_one_more_comes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, shown: str
) -> None:
    project = project_of_a_digest(tmp_path)
    # so few stories are weighed together, and each of them changes the lists of all
    project.settings["ALSOREAD_RELATED"] = 0
    for name in ("index", "tag"):
        project.write(f"overrides/{name}.html", "{{ output_file }}")
    project.write("overrides/article.html", TEMPLATES[shown])
    project.build()
    project.build()
    looked_at: list[str] = []
    stock = Freshness._changed

    def noting(self: Freshness, group: Any, *args: Any) -> Any:
        looked_at.extend(name for kind, name, _ in group if kind == "generated_content")
        return stock(self, group, *args)

    monkeypatch.setattr(Freshness, "_changed", noting)
    project.write("content/new.md", "---\ntitle: Another one\ndate: 2025-05-05\ntags: [Quite new]\n---\n\nText.\n")
    assert_same(project.build(), project.clean())
    assert "crane.md" not in looked_at


@pytest.mark.parametrize("feeds", [{}, {"FEED_ALL_ATOM": None, "TAG_FEED_ATOM": None}])
def test_a_file_that_a_story_moves_stays_with_it(digest: Site, feeds: dict[str, None]) -> None:
    digest.conf(STATIC_PATHS=["images"], ALSOREAD_COMBINATION_STORIES=0, **feeds)
    digest.write("content/images/crane.png", b"PNG")
    digest.story("stories/old", "A crane", "![A crane]({attach}/images/crane.png)\n", date="2020-01-01")
    assert digest.build().exit_code == 0
    assert digest.has("stories/crane.png")
    assert '/stories/crane.png"' in digest.page("stories/a-crane.html")
    digest.story("stories/new", "Another", TEXT, date="2025-02-01")
    edited, clean = digest.build(), digest.build("-o", "clean")
    assert (edited.exit_code, clean.exit_code) == (0, 0), edited.err
    assert tree(digest.root / "output") == tree(digest.root / "clean")
    assert digest.has("stories/crane.png")


def bare(folder: Path, article: str) -> Project:
    """A digest whose pages of stories say one thing, and all others nothing."""
    project = Project(folder, "bare", ("alsoread",))
    for name in ("index", "tag", "tags", "author", "authors", "page", "archives", "period_archives", "category"):
        project.write(f"themes/bare/templates/{name}.html", "")
    project.write("themes/bare/templates/article.html", article).write("themes/bare/static/a.css", "")
    project.settings["ALSOREAD_RELATED"] = 0
    return project


@pytest.mark.parametrize(
    ("link", "name"),
    [
        ("[a]({filename}b.md?x=1#y)", "b"),
        ("[a](<{filename}b c.md>)", "b c"),
        ("[a]({filename}b%20c.md)", "b c"),
        ("[a]({filename}a&b.md)", "a&b"),
        ('<a href="{filename}a&amp;b.md">a</a>', "a&b"),
        ("[a]({filename}a%25b.md)", "a%25b"),
        ("[a]({filename}a%25b.md)", "a%b"),
        ("[a]({filename}/h\u00e4fen.md)", "h\u00e4fen"),
        ("[a](|filename|b.md)", "b"),
    ],
)
def test_a_link_follows_its_story_whatever_that_ones_file_is_called(tmp_path: Path, link: str, name: str) -> None:
    project = bare(tmp_path, "{{ article.content }}")
    story(project, "links", "Links", f"{link}\n", tags=["One"])
    story(project, name, "Target", "Words.\n", tags=["Other"])
    assert b'href="../stories/target.html' in project.build()["stories/links.html"]
    story(project, name, "Target", "Words.\n", tags=["Other"], slug="elsewhere")
    found = project.build()
    assert b'href="../stories/elsewhere.html' in found["stories/links.html"]
    assert_same(found, project.clean())


def test_a_neighbour_in_a_topic_is_followed_though_nothing_else_joins_two_stories(tmp_path: Path) -> None:
    project = bare(tmp_path, "{% for place in article.in_topics %}{{ place.later.title }}{% endfor %}")
    story(project, "a", "First", "Words.\n")
    project.build()
    assert project.build()["stories/first.html"] == b""
    story(project, "b", "Second", "Other things.\n", date="2025-02-01")
    found = project.build()
    assert found["stories/first.html"] == b"Second"
    assert_same(found, project.clean())
