"""A page is rendered from its record: it comes out as it was, or as it would be with other values, or not at all."""

from datetime import UTC, datetime, timedelta, timezone
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import jinja2
import pytest
from markupsafe import Markup
from pelican.urlwrappers import Tag
from pelican.utils import SafeDatetime

from alsoread.press.reads import ATTRIBUTE, ITEM, At, Fingerprint
from alsoread.press.replay import CannotReplay, Replay
from alsoread.press.rerender import replayed
from alsoread.press.templates import TracedEnvironment, make_traced
from alsoread.press.trace import Trace
from alsoread.press.world import World

HERE = ("generated_content", "a.md")
LONG = "A sentence that is so long that nothing but its digest is written down. " * 3


class Thing(SimpleNamespace):
    """An object of some class."""


class Content(SimpleNamespace):
    """What the context has of a file."""


class Page:
    """A template, what it is rendered with, and what was read then."""

    def __init__(self, template: str, **names: Any) -> None:
        self.environment = environment(template)
        self.names = {"SITENAME": "The digest", **names}
        self.contents = {name[0] + ".md": value for name, value in names.items() if isinstance(value, Content)}
        context = {**self.names, "generated_content": self.contents}
        world = World(context)
        trace = Trace(world, {**context, "article": self.contents.get("a.md")}, frozenset({"article"}))
        self.environment.trace = trace
        self.text = self.environment.get_template("t").render({**context, "article": self.contents.get("a.md")})
        self.environment.trace = None
        groups, own = trace.grouped()
        assert not trace.opaque
        import json

        self.groups = [own, *(json.loads(text) for text in groups.values())]

    def replay(self, given: dict[Any, Any] | None = None, **cards: Any) -> Replay:
        def known(place: str, name: str) -> object:
            return cards[place[0]][name]

        return Replay(self.groups, known, lambda place: [LONG, "other"], given or {})

    def again(self, given: dict[Any, Any] | None = None, **cards: Any) -> str:
        replay = self.replay(given, **cards)
        return replayed(self.environment, "t", replay, {"SITENAME": "The digest"})


def environment(template: str) -> TracedEnvironment:
    made = jinja2.Environment(loader=jinja2.DictLoader({"t": template}), autoescape=False)
    return make_traced(made, frozenset())


def content(**values: Any) -> Content:
    return Content(**{"title": Markup("A &amp; B"), "url": "a.html", **values})


TEMPLATES = {
    "texts": "{{ article.title|e }} {{ article.url }} {{ SITENAME }}",
    "a long text": "{{ article.long }}",
    "moments": "{{ article.utc.isoformat() }} {{ article.paris.strftime('%Z') }} {{ article.plus }} {{ article.safe }} {{ article.day }}",
    "numbers": "{{ article.number + 1 }} {{ article.share }} {{ article.none is none }} {{ article.yes and 'y' }}",
    "things": "{{ article.thing.name }}{% if article.thing %}!{% endif %}",
    "absent": "{% if article.nothing %}x{% else %}y{% endif %}{{ nobody|default('z') }}",
    "lists": "{% for each in article.things %}{{ loop.index }}{{ each.name }}{% endfor %}{{ article.things|length }}",
    "a slice's items": "{% for each in article.texts %}{{ each }}{{ ',' if not loop.last }}{% endfor %}",
    "one thing in two places": "{% for each in article.tags %}{{ each.name }}{% endfor %}{% for each in shared %}{{ each.slug }}{% endfor %}",
    "text of an object": "{% for each in article.tags %}{{ each }}{% endfor %}",
    "another content": "{{ article.next.title }}",
    "macros and blocks": "{% macro m(x) %}<{{ x.title }}>{% endmacro %}{% block b %}{{ m(article) }}{% endblock %}{{ self.b() }}",
    "what is set": "{% set site = {'name': SITENAME} %}{{ site.name }}{% for a, b in site.items() %}{{ a }}{{ b }}{% endfor %}",
}


def full() -> dict[str, Any]:
    settings = {"TAG_URL": "t/{slug}", "TAG_SAVE_AS": "t/{slug}"}
    tags = [Tag("One", settings), Tag("Two", settings)]
    b = content(title=Markup("Next"))
    moment = datetime(2025, 7, 1, 12, tzinfo=UTC)
    a = content(
        long=Markup(LONG),
        utc=moment,
        paris=moment.astimezone(ZoneInfo("Europe/Paris")),
        plus=moment.astimezone(timezone(timedelta(hours=3))),
        safe=SafeDatetime(2025, 7, 1, tzinfo=UTC),
        day=moment.date(),
        number=3,
        share=0.25,
        none=None,
        yes=True,
        thing=Thing(name="thing"),
        things=[Thing(name="x"), Thing(name="y")],
        texts=("p", "q"),
        tags=tags,
        next=b,
    )
    return {"a": a, "b": b, "shared": tags[::-1]}


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_page_comes_out_as_it_was(name: str) -> None:
    page = Page(TEMPLATES[name], **full())
    assert page.text
    assert page.again() == page.text


RELATED = "{% for each in article.related %}{{ each.article.title }} ({{ each.kind }}{% if each.kind == 'x' %}: {{ each.why }}{% endif %}){% endfor %}"


def related() -> Page:
    b, c = content(title=Markup("B")), content(title=Markup("C"))
    a = content(related=[Thing(article=b, kind="y", why=""), Thing(article=c, kind="x", why="same")])
    return Page(RELATED, a=a, b=b, c=c)


def items(*items: dict[str, Any]) -> dict[Any, Any]:
    return {
        (HERE, ((ATTRIBUTE, "related"), (ITEM, number), (ATTRIBUTE, name))): value
        for number, item in enumerate(items)
        for name, value in item.items()
    }


B, C, D = (At("generated_content", f"{name}.md") for name in "bcd")


def test_a_list_with_others_in_it() -> None:
    page = related()
    assert page.text == "B (y)C (x: same)"
    given = items({"article": C, "kind": "x", "why": "new"}, {"article": D, "kind": "y", "why": ""})
    cards = {"d": {"title": Markup("D")}}
    assert page.again(given, **cards) == "C (x: new)D (y)"


def test_what_is_read_then_is_what_a_trace_has() -> None:
    page = related()
    replay = page.replay(
        items({"article": C, "kind": "x", "why": "new"}, {"article": D, "kind": "y", "why": ""}),
        d={"title": Markup("D")},
    )
    replayed(page.environment, "t", replay, {})
    b, c, d = (content(title=Markup(name)) for name in "BCD")
    a = content(related=[Thing(article=c, kind="x", why="new"), Thing(article=d, kind="y", why="")])
    anew = Page(RELATED, a=a, b=b, c=c, d=d)

    def rows(groups: Any) -> set[str]:
        return {repr((kind, name, row)) for group in groups for kind, name, rows in group for row in rows}

    assert rows(anew.groups) <= rows(replay.groups_now())


def test_a_story_that_is_on_no_card_ends_it() -> None:
    page = related()
    given = items({"article": D, "kind": "y", "why": ""}, {"article": B, "kind": "y", "why": ""})
    with pytest.raises(CannotReplay, match=r"d\.md"):
        page.again(given)


# what a page with another list asks for that it did not ask for
MORE = {
    "a filter": "{{ article.title|upper }}",
    "an attribute": "{{ article.lang }}",
    "an item": "{{ article['lang'] }}",
    "a comparison": "{{ article == each.article }}",
    "a text of a thing": "{{ article.thing }}",
    "the length of a list": "{{ article.things|length }}",
    "a loop": "{% for one in article.thing.names %}x{% endfor %}",
    "a function": "{{ article.thing.call() }}",
    "a clock": "{{ now() }}",
    "a template": "{% include 'u' %}",
}


@pytest.mark.parametrize("name", MORE)
def test_who_asks_for_more_gets_no_answer(name: str) -> None:
    template = (
        "{{ article.thing.name }}{% for each in article.related %}{{ each.kind }}"
        f"{{% if each.kind == 'x' %}}{MORE[name]}{{% endif %}}{{% endfor %}}"
    )
    b = content(lang="en")
    thing = Thing(name="thing", names=["n"], call=lambda: "c")
    a = content(lang="en", thing=thing, things=[1], related=[Thing(article=b, kind="y")])
    page = Page(template, a=a, b=b)
    assert page.text == "thingy"
    with pytest.raises(CannotReplay):
        page.again(items({"article": B, "kind": "x"}), b={})


def test_a_text_that_looks_like_a_digest_is_not_taken_for_one() -> None:
    page = Page("{{ article.title }}", a=content(title="#0123456789abcdef01234567"))
    with pytest.raises(CannotReplay):
        page.again()


def test_a_setting_that_is_another_one_now_is_not_taken() -> None:
    page = Page("{{ SITENAME }}")
    assert replayed(page.environment, "t", page.replay(), {"SITENAME": "Other"}) == "The digest"


def test_a_function_that_fails_ends_it() -> None:
    page = Page("{{ article.number }}{% if article.number == 4 %}{{ 1 / 0 }}{% endif %}", a=content(number=3))
    given = {(HERE, ((ATTRIBUTE, "number"),)): 4}
    assert page.again() == "3"
    with pytest.raises(CannotReplay, match="ZeroDivisionError"):
        page.again(given)


def test_fingerprints_of_what_is_given_are_those_of_what_is() -> None:
    page = related()
    replay = page.replay(items({"article": C, "kind": "x", "why": "n"}, {"article": B, "kind": "y", "why": ""}))
    replayed(page.environment, "t", replay, {})
    assert set(replay.more.values()) >= {Fingerprint("s:n"), Fingerprint("@generated_content/c.md")}
