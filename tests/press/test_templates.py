"""Templates compiled by the press give what Jinja's own give, and every page notes what it read."""

import json
from typing import Any

import jinja2
import pytest
from markupsafe import Markup

from alsoread.press.rows import reads_in
from alsoread.press.templates import TracedEnvironment, make_traced
from alsoread.press.trace import Trace
from alsoread.press.world import World

TEMPLATES = {
    "base": "<{% block head %}h{{ a }}{% endblock %}>{% block body %}{% endblock %}!{{ self.head() }}",
    "child": "{% extends 'base' %}{% block head %}[{{ super() }}]{% endblock %}"
    "{% block body %}{% for n in many %}{{ n }}{% block each scoped %}({{ n }}){% endblock %}{% endfor %}{% endblock %}",
    "maybe": "before {{ a }}{% if many %}{% extends 'base' %}{% endif %} after {{ a }}",
    "part": "part {{ a }} {{ local }}",
    "alone": "alone {{ a }} {{ local }};",
    "includes": "1{% set local = 'l' %}{{ a }}{% include 'part' %}2{% include 'alone' without context %}3{{ a }}"
    "{% for n in many %}{{ n }}{% include 'alone' without context %}{{ n }}{% endfor %}"
    "{% include 'lacking' ignore missing %}4",
    "macros": "{% macro m(x, y=2) %}<{{ x }}{{ y }}{{ caller() if caller }}{{ kwargs.z }}>{% endmacro %}",
    "imports": "{% from 'macros' import m %}{{ m(a) }}{% call m(a, z='&') %}c{{ a }}{% endcall %}"
    "{% import 'macros' as all with context %}{{ all.m(many|length) }}",
    "filters": "x{% filter upper %}y{{ a }}{% endfilter %}{% set t %}s{{ a }}{% endset %}{{ t }}{{ marked }}{{ shown }}",
    "escapes": "{% autoescape true %}{{ a }}{{ marked }}{% endautoescape %}{% autoescape false %}{{ a }}{% endautoescape %}"
    "{% autoescape many %}{{ a }}{{ marked }}{{ a ~ marked }}{% endautoescape %}{{ a }}",
    "trees": "{% for n in tree recursive %}{{ n.name }}{% if n.below %}({{ loop(n.below) }}){% endif %}"
    "{% else %}none{% endfor %}",
    "loops": "{% for n in many if n > 1 %}{{ loop.index }}{{ n }}{{ ',' if not loop.last }}{% else %}-{% endfor %}"
    "{% for k, v in pairs.items() %}{{ k }}={{ v }}{% endfor %}",
    "dicts": "{{ pairs.items is callable }}{{ pairs.lacking }}{{ pairs.one }}{{ pairs['items'] }}{{ pairs.get('one') }}",
    "spaces": "{% set space = namespace(n=0) %}{% for n in many %}{% set space.n = space.n + n %}{% endfor %}{{ space.n }}",
    "empty": "",
}


class Shown:
    """Something with a text, and with HTML."""

    def __str__(self) -> str:
        return "<text>"

    def __html__(self) -> str:
        return "<b>html</b>"


NAMES = {
    "a": "<&>",
    "many": [1, 2, 3],
    "marked": Markup("<i>m</i>"),
    "shown": Shown(),
    "pairs": {"one": 1, "items": "i", "two": None},
    "tree": [{"name": "r", "below": [{"name": "s", "below": []}, {"name": "<t>"}]}],
}


def environment_of(**options: Any) -> jinja2.Environment:
    """An environment as Pelican makes it."""
    return jinja2.Environment(loader=jinja2.DictLoader(TEMPLATES), trim_blocks=True, **options)


def traced(**options: Any) -> TracedEnvironment:
    """An environment of the press."""
    return make_traced(environment_of(**options), frozenset())


def noted(environment: TracedEnvironment, world: World, template: jinja2.Template, **own: Any) -> tuple[str, Trace]:
    """The text of a page, and its trace."""
    names = {**world.context, **own}
    trace = environment.trace = Trace(world, names, frozenset(own))
    try:
        return template.render(names), trace
    finally:
        environment.trace = None


def reads_of(trace: Trace) -> dict[Any, str]:
    """What a page read."""
    groups, own = trace.grouped()
    return dict(
        pair
        for group in (*map(json.loads, groups.values()), own)
        for pair in reads_in(group)
        if pair[0][0][0] != "filter"
    )


@pytest.mark.parametrize("autoescape", [False, True])
@pytest.mark.parametrize("name", sorted(TEMPLATES))
def test_text_is_as_jinja_has_it(name: str, *, autoescape: bool) -> None:
    wanted = environment_of(autoescape=autoescape).get_template(name).render(NAMES)
    environment = traced(autoescape=autoescape)
    template = environment.get_template(name)
    assert template.render(NAMES) == wanted
    assert "".join(template.generate(NAMES)) == wanted
    world = World(dict(NAMES))
    assert [noted(environment, world, template)[0] for _ in range(2)] == [wanted, wanted]


def test_finalize_is_asked() -> None:
    options = {"finalize": lambda value: "nothing" if value is None else value, "autoescape": True}
    source = "{{ pairs.two }}{{ a }}{{ marked }}"
    wanted = environment_of(**options).from_string(source).render(NAMES)
    assert traced(**options).from_string(source).render(NAMES) == wanted == "nothing&lt;&amp;&gt;<i>m</i>"


@pytest.mark.parametrize("where", ["{% block b %}\n{{ a }}\n{{ 1 // 0 }}{% endblock %}", "x\n\n{{ 1 // 0 }}\ny"])
def test_a_failure_names_its_line(where: str) -> None:
    with pytest.raises(ZeroDivisionError) as raised:
        traced().from_string(where).render(NAMES)
    assert raised.traceback[-1].lineno == 2  # counted from 0


def test_a_page_that_comes_later_notes_the_same() -> None:
    environment = traced()
    template = environment.from_string("{% for n in tree %}{{ n.name }}{{ n.below|length }}{% endfor %}{{ pairs.one }}")
    world = World(dict(NAMES), settled=True)
    first, second = (reads_of(noted(environment, world, template)[1]) for _ in range(2))
    assert first == second
    assert {read[2] for read in first} >= {"value", "items", "length"}
    assert list(first) == list(second)


def test_a_page_notes_what_it_found_not_what_another_page_did() -> None:
    environment = traced()
    template = environment.from_string("{{ site.title }}{% for each in site.each %}{{ each }}{% endfor %}")

    class Site:
        title = "One"
        each = ("a",)

    world = World({"site": Site()})
    before = reads_of(noted(environment, world, template)[1])
    Site.title, Site.each = "Two", ("a", "b")
    after = reads_of(noted(environment, world, template)[1])
    assert before.keys() == after.keys()
    changed = {read[1][0][1] for read in before if before[read] != after[read]}
    assert changed == {"title", "each"}


def test_items_of_a_list_that_is_made_anew_are_known_each_time() -> None:
    environment = traced()

    class Each:
        def __init__(self, name: str) -> None:
            self.name = name

    class Site:
        names = "ab"

        @property
        def each(self) -> list[Each]:
            return [Each(name) for name in self.names]

    template = environment.from_string(
        "{% for each in site.each %}{% endfor %}{% for e in site.each %}{{ e.name }}{% endfor %}"
    )
    world = World({"site": Site()})
    for names in ("ab", "ab", "ac"):
        Site.names = names
        found = reads_of(noted(environment, world, template)[1])
        assert [value for read, value in found.items() if read[1][-1:] == (("a", "name"),)] == [f"s:{n}" for n in names]


def test_what_cannot_be_told_is_told_of_by_each_page() -> None:
    environment = traced()
    template = environment.from_string("{{ odd == 1 }}")
    world = World({"odd": {"x": object()}}, settled=True)
    for _ in range(2):
        assert noted(environment, world, template)[1].opaque


def test_pages_share_their_groups_and_not_what_is_their_own() -> None:
    environment = traced()
    template = environment.from_string("{{ site.title }}{{ own.title }}")

    class Thing:
        def __init__(self, title: str) -> None:
            self.title = title

    world = World({"site": Thing("S")}, settled=True)
    pages = [noted(environment, world, template, own=Thing(title))[1].grouped() for title in "ab"]
    assert pages[0][0] == pages[1][0]
    assert [own[0][2][-1] for _, own in pages] == [["title", "s:a"], ["title", "s:b"]]
