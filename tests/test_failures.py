"""A template that fails is told by its line, the way that led there, and the page: in one word to whoever can mend it."""

import os
from pathlib import Path

import jinja2
import pelican
import pytest

from alsoread.press.templates import make_traced
from sites import ROOT, Site

THEMES = [
    ROOT / "themes/broadsheet/templates",
    *sorted(Path(os.path.dirname(pelican.__file__)).glob("themes/*/templates")),
]
PAGE = "while rendering stories/one.html of content/one.md"


@pytest.fixture
def digest(site: Site) -> Site:
    site.conf(THEME_TEMPLATES_OVERRIDES=["overrides"])
    return site.story("one", "The first headline", slug="one")


def told(site: Site, **templates: str) -> list[str]:
    """What a build prints that stops at one of these templates."""
    for name, text in templates.items():
        site.write(f"overrides/{name}.html", text)
    result = site.build()
    assert result.exit_code == 2, result.out + result.err
    assert "Traceback" not in result.err
    assert not site.has("index.html")
    return [line.strip() for line in result.err.removeprefix("alsoread: ").splitlines()]


def test_a_mistake_in_the_page_template_itself(digest: Site) -> None:
    (line,) = told(digest, article="<p>\n{% if article %}\n{% endfor %}")
    assert line.startswith("overrides/article.html:3: template error: Encountered unknown tag 'endfor'.")


def test_a_mistake_in_a_template_that_is_included(digest: Site) -> None:
    assert told(
        digest, article="<p>\n{% include 'part.html' %}", part="{% include\n 'piece.html' %}", piece="\n\n{{ 1 + }}"
    ) == [
        "overrides/piece.html:3: template error: unexpected 'end of print statement'",
        "from overrides/part.html:1",
        "from overrides/article.html:2",
        PAGE,
    ]


def test_an_attribute_that_is_not_there(digest: Site) -> None:
    assert told(digest, article="<p>\n{{ article.nothing.at_all }}") == [
        "overrides/article.html:2: template error: 'alsoread.plugin.contents.Article object' has no attribute 'nothing'",
        PAGE,
    ]


def test_an_exception_in_a_macro_of_a_template_that_extends_another(digest: Site) -> None:
    lines = told(
        digest,
        frame="<!DOCTYPE html>\n<title>x</title>\n{% block main %}{% endblock %}",
        article="{% extends 'frame.html' %}\n{% from 'sums.html' import ratio %}\n{% block main %}\n{{ ratio(1,\n 0) }}\n{% endblock %}",
        sums="{% macro ratio(a, b) %}\n<p>{{ a }}</p>\n\n{{ a / b }}\n{% endmacro %}",
    )
    assert lines == [
        "overrides/sums.html:4: template error: ZeroDivisionError: division by zero",
        "from overrides/article.html:4",
        "from overrides/frame.html:3",
        PAGE,
    ]
    assert "alsoread: " + "\n    ".join(lines) in (ROOT / "docs/commands.md").read_text("utf-8")


@pytest.mark.parametrize(
    ("expression", "said"),
    [
        ("article.date[:2]", "TypeError: 'datetime.datetime' object is not subscriptable"),
        ("'x'|replace", "TypeError: do_replace() missing 2 required positional arguments: 'old' and 'new'"),
        ("1|nothing", "No filter named 'nothing'."),
        ("article()", "TypeError: 'Article' object is not callable"),
        ("'x' ~ {% ", "unexpected '%'"),
    ],
)
def test_whatever_an_expression_does(digest: Site, expression: str, said: str) -> None:
    first = told(digest, article="{% set x = 1 %}\n<p>{{ " + expression + " }}</p>\n")[0]
    assert first == f"overrides/article.html:2: template error: {said}"


def test_a_template_that_is_not_there(digest: Site) -> None:
    assert told(digest, article="{% include 'nowhere.html' %}")[0] == (
        "overrides/article.html:1: template error: there is no template 'nowhere.html'"
    )


def test_a_filter_of_the_sites_own_is_named_with_its_line(digest: Site) -> None:
    digest.write("helpers.py", "def bad(value):\n    return value / 0\n")
    conf = (digest.root / "pelicanconf.py").read_text()
    digest.write("pelicanconf.py", f"import helpers\n{conf}JINJA_FILTERS = {{'bad': helpers.bad}}\n")
    assert told(digest, article="\n{{ 1|bad }}") == [
        "overrides/article.html:2: template error: ZeroDivisionError: division by zero",
        "raised in helpers.py:2",
        PAGE,
    ]


def test_pelicans_own_templates_are_passed_over_for_those_that_called_them_wrongly(digest: Site) -> None:
    # it counts on a paginator, and a story has none
    assert told(digest, article="\n{% include '!simple/pagination.html' %}") == [
        "overrides/article.html:2: template error: 'articles_paginator' is undefined",
        PAGE,
    ]


def test_a_page_of_a_list_has_no_file(digest: Site) -> None:
    assert told(digest, index="{{ 1 / 0 }}") == [
        "overrides/index.html:1: template error: ZeroDivisionError: division by zero",
        "while rendering index.html",
    ]


def test_a_macro_that_calls_itself_for_ever_is_told_in_a_few_lines(digest: Site) -> None:
    lines = told(digest, article="{% macro again(n) %}{{ again(n + 1) }}{% endmacro %}\n{{ again(1) }}")
    assert lines[0].startswith("overrides/article.html:1: template error: RecursionError")
    assert lines[1:] == ["from overrides/article.html:1", "from overrides/article.html:2", PAGE]


def test_settings_that_stop_are_told_with_their_line(digest: Site) -> None:
    good = (digest.root / "pelicanconf.py").read_text()
    line = good.count("\n") + 1
    for text, said in (
        ("X = missing", "NameError: name 'missing' is not defined"),
        ("X = int('x')", "ValueError: invalid literal for int() with base 10: 'x'"),
        ("import nowhere", "ModuleNotFoundError: No module named 'nowhere'"),
    ):
        digest.write("pelicanconf.py", good + text)
        result = digest.build()
        assert result.exit_code == 2
        assert result.err == f"alsoread: pelicanconf.py:{line}: the settings cannot be read: {said}\n"
    digest.write("pelicanconf.py", good + "X = (")
    assert (
        digest.build().err == f"alsoread: pelicanconf.py:{line}:5: the settings cannot be read: '(' was never closed\n"
    )


@pytest.mark.parametrize("folder", THEMES, ids=lambda folder: folder.parent.name)
def test_the_press_compiles_templates_with_the_lines_that_jinja_gives_them(folder: Path) -> None:
    def environment() -> jinja2.Environment:
        made = jinja2.Environment(loader=jinja2.FileSystemLoader(folder), trim_blocks=True, lstrip_blocks=True)
        made.filters |= dict.fromkeys(("strftime", "sitesubtitle"), str)
        return made

    stock, traced = environment(), make_traced(environment(), frozenset())
    for name in sorted(stock.list_templates()):
        lines = [[line for line, _ in each.get_template(name).debug_info] for each in (stock, traced)]
        assert lines[0] == lines[1], name
