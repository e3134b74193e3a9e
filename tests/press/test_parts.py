"""A page of a list that looks at nothing but its part is not looked at when the list has grown; one that looks further is
as a clean build has it.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from builds import Project, assert_same, digest

from alsoread.press.fresh import Freshness
from alsoread.press.parts import Part, is_of_part

LISTED = "{% for each in articles_page.object_list %}{{ each.title }} {% endfor %}"
PART = Part("part 1", ("articles", "dates"), frozenset({"articles", "dates", "all_articles"}))
BUT_FOR_ALL = Part("but for all", (), frozenset({"all_articles"}))


def read(name: str, *steps: Any, fact: str = "value") -> list[Any]:
    """One read of a page's own names, as a record has it."""
    where = steps[0] if len(steps) == 1 and isinstance(steps[0], str) else list(steps)
    return [["local", name, [[where, "x"] if fact == "value" else [where, "x", fact]]]]


@pytest.mark.parametrize(
    ("own", "is_decided"),
    [
        ([], True),
        (read("output_file"), True),
        (read("tag", "name"), True),
        (read("tag", "topic", "first"), True),
        (read("articles_page"), True),
        (read("articles_page", fact="truth"), False),
        (read("articles_page", fact="text"), False),
        (read("articles_page", fact="whole"), False),
        (read("articles_page", "number"), True),
        (read("articles_page", "object_list", fact="items"), True),
        (read("articles_page", "object_list", 0), True),
        (read("articles_page", "object_list", ["s", None, 1], fact="items"), True),
        (read("articles_page", ["c", "has_next"]), True),
        (read("articles_page", ["c", "start_index"]), False),
        (read("articles_page", "start_index"), False),
        (read("articles_page", "paginator"), False),
        (read("articles_page", "paginator", "count"), False),
        (read("articles_page", ["i", "number"]), False),
        (read("articles_page", 0), False),
        (read("dates_page", "url"), True),
        (read("articles_previous_page"), True),
        (read("articles_previous_page", "url"), True),
        (read("articles_previous_page", "object_list"), False),
        (read("articles_next_page", "object_list", 0), False),
        (read("articles_next_page", ["c", "has_next"]), False),
        (read("articles_next_page", "number"), True),
        (read("articles_paginator"), True),
        (read("articles_paginator", "num_pages"), False),
        (read("articles"), True),
        (read("articles", fact="length"), False),
        (read("articles", 0), False),
        (read("all_articles", fact="items"), False),
        (read("other_page", "paginator"), True),
        (read("articles", fact="same"), True),
        ([["global", "articles_page", [["number", "x"]]]], False),
        ([["name", "navigation", [[[6], '[["local", "tag"], []]', "same"]]]], True),
        ([["name", "navigation", [[[6], "x"]]]], False),
        ([*read("articles_page", "number"), *read("dates", fact="length")], False),
    ],
)
def test_what_a_part_decides(own: Any, is_decided: bool) -> None:
    assert is_of_part(own, PART) is is_decided


@pytest.mark.parametrize(
    ("own", "is_decided"),
    [
        (read("articles", fact="length"), True),
        (read("articles_paginator", "num_pages"), True),
        (read("all_articles"), True),
        (read("all_articles", fact="length"), False),
    ],
)
def test_what_all_but_the_list_of_all_stories_decides(own: Any, is_decided: bool) -> None:
    assert is_of_part(own, BUT_FOR_ALL) is is_decided


# sites


def listed(root: Path, shown: str) -> Project:
    """A plain site with lists in pages of two, each of which shows its stories and something else."""
    project = Project(root, "bare")
    kinds = ("article", "page", "category", "author", "archives", "period_archives")
    for name in (*kinds, "tags", "categories", "authors"):
        project.write(f"themes/bare/templates/{name}.html", "{{ output_file }}")
    for name in ("index", "tag"):
        project.write(f"themes/bare/templates/{name}.html", f"{{% if articles_page %}}{LISTED}{shown}{{% endif %}}")
    project.write("themes/bare/static/a.css", "")
    project.settings.update(
        PAGINATED_TEMPLATES={"index": None, "tag": None}, DEFAULT_PAGINATION=2, ALSOREAD_NUMBER_FROM_OLDEST=True
    )
    for number in range(7):
        add(project, number, tags="Ports")
    return project


def add(project: Project, number: int, **fields: object) -> None:
    project.article(f"a{number}", "Text.", title=f"T {number}", date=f"2024-01-{number + 1:02}", **fields)


SHOWN = {
    "nothing more": "",
    "its number": "{{ articles_page.number }}",
    "where it is": "{{ articles_page.url }} {{ articles_page.save_as }} {{ output_file }}",
    "its neighbours": "{{ articles_previous_page.url }} {{ articles_next_page.url }} {{ articles_next_page.number }}",
    "whether there are neighbours": "{{ articles_page.has_next() }} {{ articles_page.has_previous() }}"
    "{{ articles_page.has_other_pages() }} {{ articles_page.next_page_number() }}"
    "{{ articles_page.previous_page_number() if articles_previous_page }}",
    "the part, turned": "{{ articles_page.object_list|reverse|map(attribute='title')|join }}",
    "the number of pages": "{{ articles_paginator.num_pages }}",
    "the number of stories": "{{ articles_paginator.count }} {{ articles|length }}",
    "places in the list": "{{ articles_page.start_index() }} to {{ articles_page.end_index() }}",
    "the page itself": "{{ articles_page }}",
    "the newest": "{{ articles[0].title }}",
    "the oldest by date": "{{ dates[0].title }} {{ dates_page.object_list|length }}",
    "the newer page": "{{ articles_previous_page.object_list|map(attribute='title')|join }}",
    "the neighbour of a neighbour": "{{ articles_next_page.has_next() if articles_next_page }}"
    "{{ articles_previous_page.has_previous() if articles_previous_page }}",
    "its paginator": "{{ articles_page.paginator.num_pages }} {{ articles_page.paginator.object_list|length }}",
    "all stories": "{{ all_articles|length }}",
    "its tag among all": "{% for each, _ in tags %}{% if each is sameas tag %}{{ each.name }}{{ loop.index }}{% endif %}"
    "{% endfor %}{{ articles_page.number }}",
    "a name for the page": "{% set shown = articles_page %}{{ shown.number }} {{ shown.paginator.count }}",
    "a macro": "{% macro of(page) %}{{ page.number }} {{ page.paginator.count }}{% endmacro %}{{ of(articles_page) }}",
    "the next page, asked in another way": "{{ articles_next_page['object_list']|length if articles_next_page }}",
    "whether a story is in the list": "{{ articles[0] in articles_page.object_list }}",
    "pages that are numbered": "{% for number in articles_paginator.page_range %}{{ number }} {% endfor %}",
}
ONLY_PARTS = tuple(SHOWN)[:6]

EDITS: dict[str, Callable[[Project], object]] = {
    "one more": lambda project: add(project, 7, tags="Ports"),
    "one more, of no topic": lambda project: add(project, 7),
    "three more": lambda project: [add(project, number, tags="Ports") for number in (7, 8, 9)],
    "one less": lambda project: project.remove("content/a6.md"),
    "the oldest less": lambda project: project.remove("content/a0.md"),
    "one in between": lambda project: project.article("b", "B.", title="T b", date="2024-01-03 12:00", tags="Ports"),
    "another title": lambda project: project.change("content/a3.md", "T 3", "U 3"),
    "another order": lambda project: project.change("content/a2.md", "2024-01-03", "2024-01-12"),
    "other pages": lambda project: project.settings.update(DEFAULT_PAGINATION=3),
}


@pytest.mark.parametrize("edit", EDITS)
@pytest.mark.parametrize("shown", SHOWN)
def test_pages_of_a_list_are_as_a_clean_build_has_them(tmp_path: Path, shown: str, edit: str) -> None:
    project = listed(tmp_path, SHOWN[shown])
    before = project.build()
    assert_same(project.build(), before)
    EDITS[edit](project)
    wanted = project.clean()
    assert_same(project.build(), wanted)
    assert_same(project.build(), wanted)


@pytest.fixture
def looked_at(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The pages whose reads were looked at, one by one."""
    found: list[str] = []
    stock = Freshness.changes

    def noting(self: Freshness, record: Any, page: str, *args: Any) -> Any:
        if record is not None:
            found.append(page)
        return stock(self, record, page, *args)

    monkeypatch.setattr(Freshness, "changes", noting)
    return found


@pytest.mark.parametrize("shown", ONLY_PARTS)
def test_pages_that_show_their_part_are_not_looked_at(tmp_path: Path, shown: str, looked_at: list[str]) -> None:
    project = listed(tmp_path, SHOWN[shown])
    project.build()
    add(project, 7, tags="Ports")
    looked_at.clear()
    project.build()
    assert "index.html" in looked_at
    others = {"index2.html", "tag/ports2.html"}
    assert not others.intersection(looked_at)
    assert others <= {path.relative_to(tmp_path / "output").as_posix() for path in (tmp_path / "output").rglob("*")}


# a digest

PLAIN = {
    "tag": "{{ tag }} {{ tag.name }} {{ tag.slug }} {{ tag.url }} {{ tag.topic.label }} {{ tag.topic.description }}"
    "{{ tag.topic.curated }} {{ tag.topic.media_topic }} {{ articles|length }}"
    "{% for each in tag.topic.above %}{{ each.name }} {{ each.url }} {{ each.topic.description }}"
    "{{ each.topic.above|length }} {{ each.topic.pinned|map(attribute='title')|join }}{% endfor %}"
    "{{ tag.topic.pinned|map(attribute='title')|join }}",
    "thread": "{{ thread.name }} {{ thread.slug }} {{ thread.description }} {{ thread.closed }} {{ thread.feed }}"
    "{{ thread.url }} {{ articles|length }}",
    "source": "{{ source.name }} {{ source.slug }} {{ source.url }} {{ source.save_as }} {{ articles|length }}",
    "combination": "{{ combination.url }} {{ combination.first.topic.description }} {{ combination.first.name }}"
    "{{ combination.second.topic.description }} {{ combination.second.name }} {{ articles|length }}",
}
STORY = """---
title: Story {number}
date: 2025-05-{number:02}
tags: [{tags}]
thread: works
sources:
  - {{name: The Courier, url: "https://courier.example/{number}"}}
---

Text {number}.
"""
THREAD = "---\nname: The works\nslug: works\ndescription: All of it.\n---\n\nWords.\n"
SEA = "---\nname: Sea\nslug: sea\ndescription: Waves.\nparent: World\npinned: [story-2]\n---\n\nWords.\n"
WORLD = "---\nname: World\nslug: world\ndescription: All.\npinned: [story-3]\n---\n\nWords.\n"
OTHER = "---\nname: Other\nslug: other\n---\n\nWords.\n"


def plain_digest(root: Path) -> Project:
    """A digest whose pages of topics, threads, outlets and of two topics show all that their names tell."""
    project = digest(root)
    project.settings.update(ALSOREAD_COMBINATION_STORIES=2, ALSOREAD_NUMBER_FROM_OLDEST=True)
    for name, text in PLAIN.items():
        project.write(f"overrides/{name}.html", text)
    for number in range(1, 5):
        project.write(f"content/s{number}.md", STORY.format(number=number, tags="Sea, Ports"))
    for name, text in (("world", WORLD), ("sea", SEA), ("other", OTHER)):
        project.write(f"content/topics/{name}.md", text)
    return project.write("content/threads/works.md", THREAD)


def pages_in(root: Path, *folders: str) -> set[str]:
    output = root / "output"
    return {path.relative_to(output).as_posix() for each in folders for path in (output / each).rglob("*.html")}


def test_pages_of_lists_that_have_no_part_in_an_edit_are_not_looked_at(
    tmp_path: Path, not_looked_at: list[str]
) -> None:
    project = plain_digest(tmp_path)
    project.build()
    project.build()
    pages = pages_in(tmp_path, "topics", "threads", "sources")
    not_looked_at.clear()
    project.write("content/new.md", "---\ntitle: Another one\ndate: 2025-05-05\ntags: [Ports]\n---\n\nText.\n")
    assert_same(project.build(), project.clean())
    assert len(pages) > 5
    # the names of the first of two topics lead to what the press does not know the end of
    assert {page for page in pages - set(not_looked_at) if "+" not in page} == {"topics/ports.html"}


@pytest.mark.parametrize(
    "edit",
    [
        lambda project: project.change("content/topics/sea.md", "Waves.", "Tides."),
        lambda project: project.change("content/topics/sea.md", "name: Sea", "name: The sea"),
        lambda project: project.change(
            "content/topics/sea.md", "slug: sea\n", "slug: sea\nmedia_topic: medtop:20000430\n"
        ),
        lambda project: project.remove("content/topics/sea.md"),
        lambda project: project.change("content/topics/ports.md", "Ships.\n---", "Boats.\n---"),
        lambda project: project.change("content/topics/world.md", "All.", "Everything."),
        lambda project: project.change("content/topics/world.md", "name: World", "name: The world"),
        lambda project: project.change("content/topics/world.md", "slug: world\n", "slug: world\nparent: other\n"),
        lambda project: project.change("content/topics/world.md", "[story-3]", "[story-1, story-3]"),
        lambda project: project.change("content/topics/world.md", "pinned: [story-3]\n", ""),
        lambda project: project.change("content/topics/sea.md", "parent: World", "parent: Other"),
        lambda project: project.change("content/topics/sea.md", "parent: World\n", ""),
        lambda project: project.change("content/topics/sea.md", "[story-2]", "[story-2, story-4]"),
        lambda project: project.change("content/s2.md", "title: Story 2", "title: Story two\nslug: story-2"),
        lambda project: project.change("content/s2.md", "thread: works", "status: draft"),
        lambda project: project.change("content/s3.md", "thread: works", "status: hidden"),
        lambda project: project.remove("content/s3.md"),
        lambda project: project.change("content/threads/works.md", "All of it.", "All that is left."),
        lambda project: project.change("content/threads/works.md", "slug: works\n", "slug: works\nstatus: closed\n"),
        lambda project: project.change("content/threads/works.md", "name: The works", "name: Works"),
        lambda project: project.remove("content/threads/works.md"),
        lambda project: [
            project.change(f"content/s{number}.md", "The Courier", "THE COURIER") for number in range(1, 5)
        ],
        lambda project: project.settings.update(ALSOREAD_THREAD_FEED="feeds/of-{slug}.xml"),
        lambda project: project.settings.update(TAG_URL="topics/{slug}/"),
    ],
)
def test_what_pages_are_asked_for_with_is_told_in_full(tmp_path: Path, edit: Callable[[Project], object]) -> None:
    project = plain_digest(tmp_path)
    before = project.build()
    assert_same(project.build(), before)
    edit(project)
    wanted = project.clean()
    assert wanted != before
    assert_same(project.build(), wanted)
    assert_same(project.build(), wanted)
