"""A page that is asked for as it was is not looked at; whatever decides it must then be in how it is asked for, or in
the groups that are looked at.
"""

import json
import re
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import jinja2
import pytest
from builds import Files, Project, assert_same
from markupsafe import Markup
from pelican.contents import Article
from pelican.paginator import PaginationRule
from pelican.settings import DEFAULT_CONFIG
from pelican.urlwrappers import Author, Category, Tag

from alsoread.press.asked import UNTOLD, Asked, Calls
from alsoread.press.keep import Keep
from alsoread.press.marks import Same
from alsoread.press.pages import Memory
from alsoread.press.plan import Plan
from alsoread.press.store import Store
from alsoread.press.templates import make_traced
from alsoread.press.world import World
from alsoread.press.writer import _PressWriter


class Known:
    """What a page may be asked for with, where the marks of contents tell the rest."""

    more: str
    title: str

    def __init__(self, name: str) -> None:
        self.name = name

    def known_as(self) -> str:
        return self.name


class Other(Known):
    """Another kind of the same."""


def articles(count: int = 3) -> list[Article]:
    return [
        Article("", {"title": str(number), "slug": str(number)}, settings=DEFAULT_CONFIG, source_path=f"{number}.md")
        for number in range(count)
    ]


@pytest.fixture
def context() -> dict[str, Any]:
    """What all pages of a build share: its settings and three articles."""
    found = articles()
    table = {f"{number}.md": article for number, article in enumerate(found)}
    return {
        "generated_content": table,
        "static_content": {},
        "articles": found,
        "DEFAULT_PAGINATION": 3,
        "OUTPUT_PATH": "a",
    }


ENVIRONMENT = jinja2.Environment(loader=jinja2.DictLoader({"a.html": "", "b.html": ""}), autoescape=True)


def asked(context: dict[str, Any], *more: object, template: str = "a.html", **names: Any) -> Asked:
    """How a build that knows nothing yet tells a call."""
    return Calls(World(context)).asked(ENVIRONMENT.get_template(template), context, names, *more)


def test_the_same_call_has_the_same_mark(context: dict[str, Any]) -> None:
    names = {"articles": context["articles"], "tag": Tag("t", DEFAULT_CONFIG), "more": {"a": (context["articles"][0],)}}
    first, second = (asked(context, "x", None, True, 3, **names) for _ in range(2))
    assert first == second
    assert len(first.mark) > 20
    assert not first.beyond


def test_whatever_a_call_is_made_with_makes_its_mark_another(context: dict[str, Any]) -> None:
    own = articles()
    first, second, third = context["articles"]
    values = {
        "none": None,
        "true": True,
        "one": 1,
        "one as text": "1",
        "true as text": "True",
        "a text": "text",
        "the same as markup": Markup("text"),
        "an article": first,
        "another": second,
        "a place as text": "@('generated_content', '0.md')",
        "a list": [first, second],
        "the other way round": [second, first],
        "all": [first, second, third],
        "all, as they are": context["articles"],
        "none of them": [],
        "a dictionary": {"a": first},
        "of another name": {"b": first},
        "of another value": {"a": second},
        "of two": {"a": first, "b": second},
        "an empty one": {},
        "a tag": Tag("t", DEFAULT_CONFIG),
        "another tag": Tag("u", DEFAULT_CONFIG),
        "a category": Category("t", DEFAULT_CONFIG),
        "an author": Author("t", DEFAULT_CONFIG),
        "a known one": Known("t"),
        "another known one": Known("u"),
        "one of another kind": Other("t"),
    }
    marks = {name: asked(context, value=value).mark for name, value in values.items()}
    marks["by another name"] = asked(context, another=None).mark
    marks["by no name"] = asked(context).mark
    marks["by two names"] = asked(context, value=None, another=None).mark
    marks["with more"] = asked(context, "more").mark
    marks["with other more"] = asked(context, "less").mark
    marks["with more of none"] = asked(context, None).mark
    marks["with another template"] = asked(context, template="b.html").mark
    marks["as all have it"] = asked(context, articles=context["articles"]).mark
    marks["not as all have it"] = asked(context, articles=list(context["articles"])).mark
    marks["page 1"], marks["page 2"] = (asked(context).page(number, None).mark for number in (1, 2))
    # a list is what is in it, whoever holds it
    assert marks.pop("all") == marks["all, as they are"]
    assert "" not in marks.values()
    assert len(set(marks.values())) == len(marks)
    assert asked(context, value=own) == UNTOLD


def test_a_wrapper_is_told_by_its_name_and_its_slug(context: dict[str, Any]) -> None:
    marks = set()
    for name, slug in (("A", "a"), ("A", "b"), ("B", "a")):
        tag = Tag(name, DEFAULT_CONFIG)
        tag.slug = slug
        marks.add(asked(context, tag=tag).mark)
        tag.as_dict()
        marks.add(asked(context, tag=tag).mark)
    assert len(marks) == 3


@pytest.mark.parametrize(
    "value",
    [1.5, {1, 2}, object(), [1], ["a"], [[]], (None,), {"a": object()}, b"a", lambda: 1, jinja2.Undefined(), range(3)],
)
def test_what_cannot_be_told_makes_a_call_that_cannot(context: dict[str, Any], value: object) -> None:
    assert asked(context, value=value, title="a") == UNTOLD
    assert UNTOLD.page(2, None) == UNTOLD


def test_what_a_plugin_gives_a_category_cannot_be_told(context: dict[str, Any]) -> None:
    category = Category("t", DEFAULT_CONFIG)
    assert asked(context, category=category).mark
    category.description = "one"
    assert asked(context, category=category) == UNTOLD


def test_a_call_with_other_names_for_all_or_without_a_template_of_a_name_cannot_be_told(
    context: dict[str, Any],
) -> None:
    calls = Calls(World(context))
    assert calls.asked(ENVIRONMENT.get_template("a.html"), dict(context), {}) == UNTOLD
    assert calls.asked(ENVIRONMENT.from_string("a"), context, {}) == UNTOLD


def test_a_list_that_is_gone_is_not_taken_for_one_in_its_place(context: dict[str, Any]) -> None:
    calls, template = Calls(World(context)), ENVIRONMENT.get_template("a.html")
    first, second, _ = context["articles"]
    seen = {calls.asked(template, context, {"value": [each]}).mark for _ in range(50) for each in (first, second)}
    assert len(seen) == 2


def test_what_is_known_by_a_name_leads_beyond(context: dict[str, Any]) -> None:
    assert asked(context, value=Known("t")).beyond
    assert asked(context, value={"a": Known("t")}).beyond
    assert asked(context, value=Known("t")).page(2, None).beyond
    assert not asked(context, value=context["articles"][0]).beyond


def test_a_call_is_of_the_article_that_it_names(context: dict[str, Any]) -> None:
    assert asked(context, article=context["articles"][1]).owner == "1.md"
    assert asked(context, other=context["articles"][1]).owner == ""
    assert asked(context, article="1.md").owner == ""


@pytest.mark.parametrize(
    ("name", "value", "same"),
    [("DEFAULT_PAGINATION", 4, False), ("NEW", 1, False), ("OUTPUT_PATH", "b", True), ("localsiteurl", "..", True)],
)
def test_settings_are_part_of_how_a_page_is_asked_for(
    context: dict[str, Any], name: str, value: object, same: bool
) -> None:
    before = asked(context).mark
    context[name] = value
    assert (asked(context).mark == before) is same


@pytest.mark.parametrize(
    ("given", "context"),
    [
        ({"url": "b/"}, {}),
        ({"template_name": "tag"}, {}),
        ({"relative_urls": True}, {}),
        ({}, {"localsiteurl": "https://b.example"}),
    ],
)
def test_whatever_a_writer_is_given_decides_a_page(given: dict[str, Any], context: dict[str, Any]) -> None:
    first = {"url": "a/", "template_name": "index", "relative_urls": False}
    shared = {"localsiteurl": "https://a.example"}
    assert _PressWriter._decided(first, shared) == _PressWriter._decided({**first}, {**shared, "other": 1})
    assert _PressWriter._decided({**first, **given}, {**shared, **context}) != _PressWriter._decided(first, shared)


def test_where_addresses_are_relative_the_last_page_decides_nothing() -> None:
    given = {"relative_urls": True}
    assert _PressWriter._decided(given, {"localsiteurl": "."}) == _PressWriter._decided(given, {"localsiteurl": ".."})


# what a plan remembers

RECORD = {
    "kept": "bytes",
    "groups": ["g1", "g2"],
    "own": [["local", "tag", [["name", "s:t"], ["x", '["name", "y"]', "same"]]]],
}


def nowhere(reads: str) -> bool:
    """What is read leads nowhere."""
    return False


def saved(folder: Path, *pages: str) -> Store:
    """The store of a build with these pages."""
    store = Store(str(folder / "store.sqlite"))
    plan = Plan(store)
    for page in pages:
        plan.before(page, Asked(f"mark of {page}", owner=f"{page}.md"))
        plan.note(page, RECORD, nowhere)
    plan.save(pages, lambda group: (f"place of {group}", group == "g2"))
    store.save()
    return Store(str(folder / "store.sqlite"))


def test_a_plan_is_what_it_was(tmp_path: Path) -> None:
    plan = Plan(saved(tmp_path, "a.html", "b.html"))
    planned = plan.before("a.html", Asked("mark of a.html"))
    assert planned is not None
    assert (planned.mark, planned.owner, planned.kept) == ("mark of a.html", "a.html.md", "bytes")
    assert planned.groups == ["g1", "g2"]
    assert [tuple(each) for each in planned.same] == [("local", "tag", ["x", '["name", "y"]', "same"])]
    assert plan.about == {"g1": ("place of g1", False), "g2": ("place of g2", True)}
    assert plan.before("a.html", Asked("another")) is None
    assert plan.before("a.html", UNTOLD) is None
    assert plan.before("c.html", Asked("mark of a.html")) is None


def test_a_page_that_is_kept_is_there_for_the_build_after(tmp_path: Path) -> None:
    store = saved(tmp_path, "a.html", "b.html")
    plan = Plan(store)
    planned = plan.before("a.html", Asked("mark of a.html"))
    assert planned is not None
    plan.keep({"a.html": planned})
    plan.save(["a.html", "b.html"], None)
    again = Plan(store)
    assert again.before("a.html", Asked("mark of a.html")) is not None
    assert again.before("b.html", Asked("mark of b.html")) is None
    assert again.about == {}


def test_a_page_that_was_given_up_or_cannot_be_told_is_not_remembered(tmp_path: Path) -> None:
    store = Store(str(tmp_path / "store.sqlite"))
    plan = Plan(store)
    for page, mark in (("a.html", "m"), ("given-up.html", "m"), ("untold.html", "")):
        plan.before(page, Asked(mark))
        plan.note(page, RECORD, nowhere)
    plan.note("never-asked.html", RECORD, nowhere)
    plan.save(["a.html", "untold.html", "never-asked.html"], None)
    _, rows = store.get("plan", "pages")
    assert [row[0] for row in rows] == ["a.html"]


def test_a_page_that_somebody_else_writes_is_not_remembered_as_it_was_asked_for(tmp_path: Path) -> None:
    store = Store(str(tmp_path / "store.sqlite"))
    plan = Plan(store)
    plan.before("a.html", Asked("m", owner="a.md"))
    plan.note("a.html", RECORD, nowhere)
    plan.forget("a.html")
    plan.note("a.html", {**RECORD, "kept": "other bytes"}, nowhere)
    plan.save(["a.html"], None)
    assert Plan(store).before("a.html", Asked("m")) is None
    assert Plan(store).of("a.md") is None


def test_the_page_of_an_article_is_known_where_it_has_one(tmp_path: Path) -> None:
    store = saved(tmp_path, "a.html", "b.html")
    found = Plan(store).of("a.html.md")
    assert found is not None
    assert found[0] == "a.html"
    assert Plan(store).of("c.md") is None
    assert Plan(store).of("") is None
    plan = Plan(store)
    for page in ("a.html", "b.html"):
        plan.before(page, Asked(page, owner="one.md"))
        plan.note(page, RECORD, nowhere)
    plan.save(["a.html", "b.html"], None)
    assert Plan(store).of("one.md") is None


@pytest.mark.parametrize(
    "entry",
    [
        None,
        3,
        "text",
        [],
        [[]],
        {},
        {"a": 1, "b": 2},
        [[["g1"]], []],
        [[["g1", "", None]], [["a.html", "mark of a.html", "", "bytes", [7], [], 0]]],
        [[["g1", "", None]], [["a.html", "mark of a.html", "bytes"]]],
        [[["g1", "", None]], [["a.html", "mark of a.html", "", "bytes", None, [], 0]]],
        [[["g1", "", None]], [["a.html", "mark of a.html", "", "bytes", ["x"], [], 0]]],
        [[["g1", "", None]], 3],
        [3, [["a.html", "mark of a.html", "", "bytes", [0], [], 0]]],
        [[[[], "", 1]], []],
    ],
)
def test_a_damaged_plan_is_none(tmp_path: Path, entry: object) -> None:
    store = Store(str(tmp_path / "store.sqlite"))
    store.put("plan", "pages", entry)
    store.put("plan", "since", [zlib.crc32((store.text("plan", "pages") or "").encode()), [], [], []])
    plan = Plan(store)
    assert plan.before("a.html", Asked("mark of a.html")) is None
    assert plan.of("a.md") is None
    plan.note("a.html", RECORD, nowhere)
    plan.save(["a.html"], None)


MANY = [f"{number}.html" for number in range(100)]


def later(store: Store, *changed: str, without: tuple[str, ...] = (), known: bool = True) -> Plan:
    """A build more, in which some pages are rendered and some are gone; the plan of the one after."""
    plan = Plan(store)
    pages = [page for page in (*MANY, "more.html") if page not in without]
    for page in pages:
        planned = plan.before(page, Asked(f"mark of {page}", owner=f"{page}.md"))
        if page in changed:
            plan.note(page, {**RECORD, "kept": f"bytes {len(changed)}", "groups": ["g2", "g3"]}, nowhere)
        elif planned is not None:
            plan.keep({page: planned})
    plan.save(pages, (lambda group: (f"place of {group}", group == "g3")) if known else None)
    store.save()
    return Plan(store)


def kept(plan: Plan) -> dict[str, tuple[str, list[str]]]:
    asked = {page: plan.before(page, Asked(f"mark of {page}")) for page in (*MANY, "more.html")}
    return {page: (planned.kept, list(planned.groups)) for page, planned in asked.items() if planned is not None}


def test_only_what_is_another_is_written(tmp_path: Path) -> None:
    store = saved(tmp_path, *MANY)
    whole = store.text("plan", "pages")
    plan = later(store, "7.html", without=("9.html",))
    assert store.text("plan", "pages") == whole
    assert len(store.text("plan", "since") or "") < 500
    old, new = ("bytes", ["g1", "g2"]), ("bytes 1", ["g2", "g3"])
    expected = dict.fromkeys(MANY, old) | {"7.html": new}
    expected.pop("9.html")
    assert kept(plan) == expected
    assert plan.about["g3"] == ("place of g3", True)
    assert plan.about["g1"] == ("place of g1", False)
    assert plan.of("9.html.md") is None
    # what was another stays another, what was gone comes back, and what is new comes
    assert kept(later(store, "8.html", "9.html", "more.html")) == expected | {
        page: ("bytes 3", ["g2", "g3"]) for page in ("8.html", "9.html", "more.html")
    }
    assert store.text("plan", "pages") == whole


def test_where_much_is_another_all_is_written(tmp_path: Path) -> None:
    store = saved(tmp_path, *MANY)
    whole = store.text("plan", "pages")
    plan = later(store, *MANY[:6])
    assert store.text("plan", "pages") != whole
    assert kept(plan)["5.html"] == ("bytes 6", ["g2", "g3"])
    assert kept(plan)["6.html"] == ("bytes", ["g1", "g2"])
    assert len(store.text("plan", "since") or "") < 50


def test_where_nobody_knows_of_what_groups_are_the_next_build_knows_neither(tmp_path: Path) -> None:
    store = saved(tmp_path, *MANY)
    assert later(store, "7.html", known=False).about == {}
    assert later(store, "7.html", known=False).about == {}
    assert later(store, "7.html").about["g1"] == ("place of g1", False)


@pytest.mark.parametrize("since", [None, 3, [], [0, [], [], []], "x", {"a": 1}])
@pytest.mark.parametrize("is_whole", [True, False])
def test_without_what_is_another_nothing_is_known(tmp_path: Path, since: object, is_whole: bool) -> None:
    """The older row of a page that was rendered since is no evidence: marks tell of the last build only."""
    store = saved(tmp_path, *MANY)
    later(store, "7.html")
    if is_whole:
        store.put("plan", "since", since)
    else:
        store.put("plan", "pages", [[], []])
    assert kept(Plan(store)) == {}
    assert Plan(store).about == {}


# sites


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A plain site whose pages show next to nothing of their own, so that few reads betray a change."""
    project = Project(tmp_path, "bare")
    kinds = ("article", "page", "index", "tag", "category", "author", "archives", "period_archives")
    for name in (*kinds, "tags", "categories", "authors"):
        project.write(f"themes/bare/templates/{name}.html", "{{ output_file }}")
    project.write("themes/bare/static/a.css", "")
    project.settings["PAGINATED_TEMPLATES"] = {}
    for number, name in enumerate("abcde"):
        project.article(
            name,
            f"Text {name}.",
            title=f"T {name}",
            date=f"2024-0{number + 1}-01",
            tags="Ports, Sea" if number % 2 else "Ports",
            category="News" if number < 3 else "Views",
            author="Ada",
        )
    return project


def show(project: Project, **templates: str) -> None:
    for name, text in templates.items():
        project.write(f"themes/bare/templates/{name}.html", text)


def test_pages_that_are_asked_for_as_they_were_are_not_looked_at(project: Project, not_looked_at: list[str]) -> None:
    show(
        project,
        article="{{ article.title }} {{ category }}",
        tag="{{ tag }} {{ articles|map(attribute='title')|join }}",
    )
    project.build()
    assert not_looked_at == []
    assert_same(project.build(), project.stock())
    assert {"t-a.html", "tag/ports.html", "category/news.html", "index.html", "author/ada.html"} <= set(not_looked_at)


def home(project: Project) -> None:
    project.write("content/pages/home.md", "Title: Home\nsave_as: index.html\n\nHi.\n")


EDITS: dict[str, tuple[dict[str, str], Callable[[Project], object], Callable[[Project], object]]] = {
    "the addresses of categories": (
        {"article": "{{ category.url }} {{ category.page_name }} {{ category.save_as }}"},
        lambda project: None,
        lambda project: project.settings.update(CATEGORY_URL="k/{slug}/"),
    ),
    "the slugs of categories": (
        {"article": "{{ category.slug }}"},
        lambda project: None,
        lambda project: project.settings.update(CATEGORY_REGEX_SUBSTITUTIONS=[("N", "x"), ("V", "y")]),
    ),
    "a category": (
        {"article": "{{ category }}", "category": "{{ category }} {{ articles|length }}"},
        lambda project: None,
        lambda project: project.change("content/a.md", "Category: News", "Category: Views"),
    ),
    "the order of a tag's list": (
        {"tag": "{% for each in articles %}{{ each.title }}{% endfor %}"},
        lambda project: None,
        lambda project: project.change("content/e.md", "2024-05-01", "2023-05-01"),
    ),
    "an article that leaves a list": (
        {"tag": "{{ articles|length }}", "author": "{{ articles|length }} {{ articles[0].title }}"},
        lambda project: None,
        lambda project: project.change("content/d.md", "Tags: Ports, Sea\nCategory", "Tags: Sea\nCategory"),
    ),
    "an article that is gone": (
        {"index": "{{ articles|length }}", "author": "{{ dates|length }}", "page": "{{ articles|length }}"},
        lambda project: project.write("content/pages/p.md", "Title: P\n\nP.\n"),
        lambda project: project.remove("content/c.md"),
    ),
    "the size of pages": (
        {"index": "{{ articles_page.object_list|length }} {{ articles_paginator.num_pages }}"},
        lambda project: project.settings.update(PAGINATED_TEMPLATES={"index": None, "tag": 3}, DEFAULT_PAGINATION=2),
        lambda project: project.settings.update(DEFAULT_PAGINATION=3),
    ),
    "a page in the place of another": (
        {"index": "{{ articles|length }}", "page": "{{ page.title }} {{ page.content }}"},
        home,
        lambda project: project.change("content/pages/home.md", "save_as: index.html\n", ""),
    ),
    "a page in the place of a page that was there": (
        {"index": "{{ articles|length }}", "page": "{{ page.title }} {{ page.content }}"},
        lambda project: project.write("content/pages/home.md", "Title: Home\n\nHi.\n"),
        home,
    ),
    "relative addresses": (
        {"article": "{{ SITEURL }} {{ article.content }}", "index": "{{ articles[0].summary }}"},
        lambda project: project.change("content/a.md", "Text a.", "[b]({filename}b.md)"),
        lambda project: project.settings.update(RELATIVE_URLS=True),
    ),
    "the address of the site": (
        {"article": "{{ article.content }}"},
        lambda project: project.change("content/a.md", "Text a.", "[b]({filename}b.md)"),
        lambda project: project.settings.update(SITEURL="https://other.example"),
    ),
    "a template page": (
        {"bit": "one"},
        lambda project: (
            project.settings.update(TEMPLATE_PAGES={"one.tmpl": "one.html"})
            or project.write("content/one.tmpl", "{{ articles|length }}{% include 'bit.html' %}")
        ),
        lambda project: show(project, bit="two"),
    ),
    "a template page by itself": (
        {},
        lambda project: (
            project.settings.update(TEMPLATE_PAGES={"one.tmpl": "one.html", "two.tmpl": "two.html"})
            or project.write("content/one.tmpl", "one").write("content/two.tmpl", "two")
        ),
        lambda project: project.write("content/one.tmpl", "another"),
    ),
    "archives of months": (
        {"period_archives": "{{ period }} {{ dates|length }} {{ articles|map(attribute='title')|join }}"},
        lambda project: project.settings.update(
            MONTH_ARCHIVE_SAVE_AS="{date:%Y}/{date:%m}.html", YEAR_ARCHIVE_SAVE_AS="{date:%Y}.html"
        ),
        lambda project: project.change("content/a.md", "2024-01-01", "2024-02-02"),
    ),
    "a template": (
        {"tag": "{% include 'bit.html' %}", "bit": "one"},
        lambda project: None,
        lambda project: show(project, bit="two"),
    ),
    "a translation": (
        {"article": "{% for each in article.translations %}{{ each.lang }}{{ each.url }}{% endfor %}"},
        lambda project: None,
        lambda project: project.article("a-de", "Text.", title="T a", slug="t-a", lang="de", date="2024-01-01"),
    ),
    "an object met twice": (
        {"article": "{% if article.category is sameas category %}same{% endif %}{{ article.author is sameas author }}"},
        lambda project: None,
        lambda project: project.change("content/a.md", "Author: Ada", "Author: Bo"),
    ),
}


@pytest.mark.parametrize("name", EDITS)
def test_a_page_that_is_asked_for_in_another_way_is_rendered(project: Project, name: str) -> None:
    templates, prepare, edit = EDITS[name]
    show(project, **templates)
    prepare(project)
    before = project.build()
    assert_same(before, project.stock())
    assert_same(project.build(), before)
    edit(project)
    wanted = project.stock()
    assert wanted != before
    assert_same(project.build(), wanted)
    assert_same(project.build(), wanted)


NUMBERED: dict[str, Callable[[Project], object]] = {
    "the size of pages": lambda project: project.settings.update(DEFAULT_PAGINATION=3),
    "the size of pages of a kind": lambda project: project.settings["PAGINATED_TEMPLATES"].update(index=4),
    "the addresses of pages": lambda project: project.settings.update(
        PAGINATION_PATTERNS=[
            PaginationRule(1, "{url}", "{save_as}"),
            PaginationRule(2, "{base_name}x{number}/", "{base_name}x{number}.html"),
        ]
    ),
    "no pages": lambda project: project.settings.update(PAGINATED_TEMPLATES={}),
    "an article in between": lambda project: project.article("n", "N.", title="T n", date="2024-03-15", tags="Ports"),
    "an older article": lambda project: project.article("n", "N.", title="T n", date="2020-03-15", tags="Ports"),
    "a newer article": lambda project: project.article("n", "N.", title="T n", date="2025-03-15", tags="Ports"),
    "an article gone": lambda project: project.remove("content/b.md"),
    "a title": lambda project: project.change("content/b.md", "T b", "U b"),
}


@pytest.mark.parametrize("name", NUMBERED)
def test_pages_numbered_from_the_oldest_are_as_a_clean_build_has_them(project: Project, name: str) -> None:
    text = "{% for each in articles_page.object_list %}{{ each.title }}{% endfor %} {{ articles_page.number }}"
    project.settings.update(
        PAGINATED_TEMPLATES={"index": None, "tag": None}, DEFAULT_PAGINATION=2, ALSOREAD_NUMBER_FROM_OLDEST=True
    )
    shown = "{% if articles_page %}" + text + " {{ articles_page.url }}{% else %}{{ articles|length }}{% endif %}"
    # the number of pages shows on one kind of page only: those of the other have nothing that betrays them
    show(project, tag=shown, index=shown.replace("url }}", "url }} {{ articles_paginator.num_pages }}"))
    project.build()
    before = project.build()
    NUMBERED[name](project)
    wanted = project.clean()
    assert wanted != before
    assert_same(project.build(), wanted)
    assert_same(project.build(), wanted)


def test_what_a_plugin_says_of_a_category_is_shown(project: Project) -> None:
    def describe(generator: Any) -> None:
        kinds = [category for category, _ in generator.categories]
        for category in (*kinds, *(article.category for article in generator.articles)):
            category.description = Path(generator.settings["PATH"], "description.txt").read_text()

    def built() -> Files:
        return project.build(receivers={"article_generator_finalized": describe})

    show(project, category="{{ category.description }}", article="{{ category.description }}")
    project.write("content/description.txt", "one")
    assert built()["category/news.html"] == built()["category/news.html"] == b"one"
    project.write("content/description.txt", "two")
    found = built()
    assert found["category/news.html"] == found["t-a.html"] == b"two"


@dataclass
class Desk:
    """Builds of one page, `p.html`, one after another: its template and what all pages share are what they are set to."""

    folder: Path
    context: dict[str, Any]
    source: str = ""
    recipe: dict[str, str] = field(default_factory=dict)
    same: Same | None = None

    def build(self, **names: Any) -> str:
        """What the page says; nothing where it is as it was."""
        store = Store(str(self.folder / "store.sqlite"))
        environment = jinja2.Environment(loader=jinja2.DictLoader({"a.html": self.source}), autoescape=True)
        make_traced(environment, frozenset())
        memory = Memory(store, Keep(str(self.folder / "keep"), {}), self.recipe, World(self.context), same=self.same)
        template = environment.get_template("a.html")
        own = {"output_file": "p.html", **names}
        asked = memory.asked(template, self.context, names)
        fresh = memory.reusable(template, own, asked)
        rendered = memory.page(template, {**self.context, **own}) if fresh is None else None
        if rendered is not None and rendered.text is not None:
            memory.keep.put(rendered.kept, rendered.text.encode())
        memory.save(also=set())
        store.save()
        return rendered.text if rendered is not None and rendered.text is not None else ""


@pytest.fixture
def desk(tmp_path: Path, context: dict[str, Any]) -> Desk:
    return Desk(tmp_path, context)


def test_two_ways_to_one_object_are_verified_though_nothing_else_is_read(desk: Desk) -> None:
    desk.source = (
        "{{ category.name }} {{ article.kind.name }} {{ 'same' if category is sameas article.kind else 'not' }}"
    )
    article = desk.context["articles"][0]
    article.kind = Category("News", DEFAULT_CONFIG)
    assert desk.build(category=article.kind, article=article) == "News News same"
    assert desk.build(category=article.kind, article=article) == ""
    assert desk.build(category=Category("News", DEFAULT_CONFIG), article=article) == "News News not"


def test_what_is_read_of_an_article_is_verified(desk: Desk) -> None:
    desk.source = "{{ article.title }}"
    article = desk.context["articles"][0]
    assert desk.build(article=article) == "0"
    assert desk.build(article=article) == ""
    article.title = "another"
    assert desk.build(article=article) == "another"


def test_what_is_read_of_the_names_that_all_share_is_verified(desk: Desk) -> None:
    desk.source = "{{ word }}"
    desk.context["word"] = "one"
    assert desk.build() == "one"
    assert desk.build() == ""
    desk.context["word"] = "two"
    assert desk.build() == "two"
    assert desk.build(word="three") == "three"


def test_another_template_and_another_recipe_are_noticed(desk: Desk) -> None:
    desk.source = "one"
    assert [desk.build(), desk.build()] == ["one", ""]
    desk.source = "two"
    assert [desk.build(), desk.build()] == ["two", ""]
    desk.recipe = {"Pelican": "another"}
    assert [desk.build(), desk.build()] == ["two", ""]


def test_bytes_that_are_gone_are_made_again(desk: Desk) -> None:
    desk.source = "one"
    assert [desk.build(), desk.build()] == ["one", ""]
    for path in (desk.folder / "keep").rglob("*"):
        if path.is_file():
            path.unlink()
    assert desk.build() == "one"


@pytest.mark.parametrize("shared", [True, False])
def test_what_is_known_by_a_name_holds_as_long_as_what_contents_lead_to(desk: Desk, shared: bool) -> None:
    desk.source = "{{ thing.more }}"
    desk.same = Same(frozenset(), beyond=True, leading=re.compile('"more"'))
    thing = Known("t")
    thing.more = "one"
    assert [desk.build(thing=thing), desk.build(thing=thing)] == ["one", ""]
    desk.same = Same(frozenset(), beyond=shared, leading=re.compile('"more"'))
    thing.more = "two"
    assert desk.build(thing=thing) == ("" if shared else "two")


def test_what_a_name_tells_holds_whatever_contents_lead_to(desk: Desk) -> None:
    desk.source = "{{ thing.name }}"
    for name, shown in (("t", "t"), ("t", ""), ("u", "u"), ("u", "")):
        desk.same = Same(frozenset(), beyond=False, leading=re.compile('"more"'))
        assert desk.build(thing=Known(name)) == shown


def test_without_marks_what_is_known_by_a_name_is_looked_at(desk: Desk) -> None:
    desk.source = "{{ thing.more }}"
    thing = Known("t")
    thing.more = "one"
    assert [desk.build(thing=thing), desk.build(thing=thing)] == ["one", ""]
    thing.more = "two"
    assert desk.build(thing=thing) == "two"


def test_what_leads_beyond_is_told_anew_where_the_recipe_is_another(desk: Desk) -> None:
    """An older version may have known less of what a content leads to."""
    desk.source = "{{ article.topic.title }}"
    article = desk.context["articles"][0]
    article.topic = Known("t")
    article.topic.title = "one"
    place = frozenset({"0.md"})
    desk.same = Same(place, beyond=True, leading=re.compile("(?!)"))
    assert [desk.build(article=article), desk.build(article=article)] == ["one", ""]
    desk.recipe = {"Alsoread": "another"}
    desk.same = Same(place, beyond=True, leading=re.compile('"topic"'))
    assert [desk.build(article=article), desk.build(article=article)] == ["one", ""]
    article.topic.title = "two"
    desk.same = Same(place, beyond=False, leading=re.compile('"topic"'))
    assert desk.build(article=article) == "two"


@pytest.mark.parametrize("damage", [[], [[], []], "x", {"a": 1}])
def test_a_site_is_right_though_its_plan_is_damaged(project: Project, damage: object) -> None:
    show(project, article="{{ article.title }}", index="{{ articles|length }}")
    project.build()
    store = Store(str(project.root / ".output.alsoread/store.sqlite"))
    assert json.dumps(store.get("plan", "pages"))
    store.put("plan", "pages", damage)
    store.put("plan", "since", [zlib.crc32((store.text("plan", "pages") or "").encode()), [], [], []])
    store.save()
    project.change("content/a.md", "T a", "U a")
    wanted = project.stock()
    assert_same(project.build(), wanted)
    assert_same(project.build(), wanted)
