"""Pages that several processes render are those that one process renders, and so is what is said meanwhile."""

import os
from pathlib import Path

import pytest
from jinja2 import DictLoader, Environment
from pelican.settings import DEFAULT_CONFIG

from alsoread.press import later as later_module
from alsoread.press.later import Later, Waiting, can_wait, loaders_of
from alsoread.press.store import Store
from sites import EARLY, Site, tree

COUNT = 120
BOTH = (("1", "one"), ("2", "two"))
THEME = {
    "base.html": "{% block content %}{% endblock %}",
    "article.html": "{% extends 'base.html' %}{% block content %}{{ article.title }} {{ article.content }}"
    "{{ SITEURL }} {{ output_file }} {% for tag in article.tags %}{{ tag }}{% endfor %}{% endblock %}",
    "page.html": "{{ page.title }} {{ page.content }} {{ articles|length }}",
    "index.html": "{% for article in articles_page.object_list %}{{ article.url }} {{ article.summary }}{% endfor %}",
    "tag.html": "{{ tag }}: {% for article in articles_page.object_list %}{{ article.title }}{% endfor %}",
}


def settings(site: Site, **more: object) -> Site:
    lines = {
        "PATH": "content",
        "PLUGINS": ["alsoread.press"],
        "THEME": "theme",
        "TIMEZONE": "UTC",
        "SITEURL": "https://a.example",
        "RELATIVE_URLS": True,
        "DIRECT_TEMPLATES": ["index"],
        "DEFAULT_PAGINATION": 10,
        "PAGINATED_TEMPLATES": {"index": None, "tag": None},
        "FEED_ALL_ATOM": "all.xml",
        "STATIC_PATHS": ["files"],
        "AUTHOR_SAVE_AS": "",
        "CATEGORY_SAVE_AS": "",
        **more,
    }
    return site.write("pelicanconf.py", "".join(f"{name} = {value!r}\n" for name, value in lines.items()))


@pytest.fixture
def many(site: Site) -> Site:
    for name, text in THEME.items():
        site.write(f"theme/templates/{name}", text)
    site.write("theme/static/a.css", "")
    for number in range(COUNT):
        body = f"Text *{number}* and [the next]({{filename}}/{(number + 1) % COUNT:03}.md).\n\nMore.\n"
        head = f"Title: Story {number}\nDate: 2001-01-01\nTags: t{number % 7}, t{number % 5}\n\n"
        site.write(f"content/{number:03}.md", head + body)
    site.write("content/pages/about.md", "Title: About\n\nUs.\n").write("content/files/a.txt", "a")
    return settings(site)


def both(site: Site) -> tuple[Path, Path]:
    """The site built by one process and by two, each from nothing."""
    one, two = site.build("--jobs", "1", "-o", "one"), site.build("--jobs", "2", "-o", "two")
    assert (one.exit_code, one.err) == (two.exit_code, two.err.replace("two", "one"))
    return site.root / "one", site.root / "two"


def test_the_bytes_are_the_same_and_so_is_what_is_remembered(many: Site) -> None:
    one, two = both(many)
    assert tree(one) == tree(two)
    assert len(list(two.glob("*.html"))) > COUNT
    many.write("content/007.md", "Title: Another\nDate: 2001-01-01\nTags: t1\n\nOther words.\n")
    reports = [many.build("--format", "json", "--jobs", jobs, "-o", name).json for jobs, name in BOTH]
    assert reports[0]["rendered"] == reports[1]["rendered"] < COUNT
    assert reports[0]["reasons"] == reports[1]["reasons"]
    many.build("--clean", "--jobs", "1", "-o", "clean")
    assert tree(one) == tree(two) == tree(many.root / "clean")


def test_a_template_edited_is_rendered_by_both(many: Site) -> None:
    both(many)
    many.write("theme/templates/article.html", "<b>{{ article.title }}</b> {{ article.content }} {{ SITEURL }}")
    one, two = both(many)
    assert tree(one) == tree(two)
    assert "<b>" in (two / "story-3.html").read_text("utf-8")


def test_what_is_logged_is_told_once_and_in_order(many: Site) -> None:
    for number in range(0, COUNT, 2):
        many.write(
            f"content/{number:03}.md", f"Title: S{number}\nDate: 2001-01-01\n\n[a]({{filename}}/no{number}.md)\n"
        )
    one = many.build("--jobs", "1", "-o", "one")
    two = many.build("--jobs", "2", "-o", "two")
    assert one.err == two.err
    assert "no0.md" in two.err
    assert "Other resources were not found" in two.err
    assert two.err.count("warning:") == 5


def test_a_template_that_fails_is_told_as_ever(many: Site) -> None:
    many.write(
        "theme/templates/article.html", "{{ article.title }}\n{% if '9' in article.title %}{{ nothing.at }}{% endif %}"
    )
    one, two = many.build("--jobs", "1", "-o", "one"), many.build("--jobs", "2", "-o", "two")
    assert one.exit_code == two.exit_code == 2
    assert one.err == two.err
    assert "article.html:2: template error: 'nothing' is undefined" in two.err
    assert "while rendering story-" in two.err
    assert not (many.root / "two").exists()


def test_several_processes_render(many: Site) -> None:
    noting = "import os\ndef noting(text):\n    open('pids', 'a').write(f'{os.getpid()}\\n')\n    return text\n"
    with (many.root / "pelicanconf.py").open("a", encoding="utf-8") as file:
        file.write(f"{noting}JINJA_FILTERS = {{'noting': noting}}\nALSOREAD_PURE = ['noting']\n")
    many.write("theme/templates/article.html", "{{ article.title|noting }}")
    assert many.build("--jobs", "2").exit_code == 0
    pids = (many.root / "pids").read_text().split()
    assert len(pids) == COUNT
    assert len(set(pids)) > 1


def test_a_process_that_is_killed_costs_its_pages_no_more_than_time(many: Site) -> None:
    one = "import os\nPARENT = os.getpid()\ndef fatal(text):\n    if os.getpid() != PARENT: os._exit(9)\n    return text\n"
    with (many.root / "pelicanconf.py").open("a", encoding="utf-8") as file:
        file.write(f"{one}JINJA_FILTERS = {{'fatal': fatal}}\nALSOREAD_PURE = ['fatal']\n")
    many.write("theme/templates/article.html", "{{ ('11' in article.title and article.title|fatal) or article.title }}")
    first, second = both(many)
    assert tree(first) == tree(second)


def test_a_static_file_in_the_place_of_a_page_keeps_it(many: Site) -> None:
    settings(many, STATIC_PATHS=["files"], EXTRA_PATH_METADATA={"files/a.txt": {"path": "story-100.html"}})
    one, two = both(many)
    assert tree(one) == tree(two)
    assert (two / "story-100.html").read_text() == "a"


def test_files_that_pages_move_are_moved(many: Site) -> None:
    many.write("content/005.md", "Title: Five\nDate: 2001-01-01\nSlug: sub/five\n\n[a]({attach}files/b.txt)\n")
    many.write("content/files/b.txt", "b")
    one, two = both(many)
    assert tree(one) == tree(two)


@pytest.mark.parametrize(
    ("text", "can"),
    [("plain words of an attaché", True), ("attach it", True), ("[a]({attach}b.txt)", False), ("|attach|b", False)],
)
def test_only_what_moves_no_files_can_wait(text: str, can: bool) -> None:
    class Content:
        def __init__(self, text: str) -> None:
            self._content = text

    context = {"generated_content": {"a": Content(text), "b": None}}
    assert can_wait(context, DEFAULT_CONFIG, DEFAULT_CONFIG["INTRASITE_LINK_REGEX"]) is can
    assert not can_wait(context, {"INTRASITE_LINK_REGEX": "x"}, DEFAULT_CONFIG["INTRASITE_LINK_REGEX"])


def test_a_page_does_not_wait_where_what_all_pages_share_has_changed() -> None:
    environment = Environment(loader=DictLoader({"a": "{{ x }}"}), autoescape=True)
    context = {"x": 1, "localsiteurl": "."}
    later = Later(context, {id(environment): loaders_of(environment)}, 2)
    template = environment.get_template("a")
    first = later.put_by("a.html", template, {"y": 2}, frozenset(), [])
    context["localsiteurl"] = ".."
    second = later.put_by("b.html", template, {"localsiteurl": ".."}, frozenset({"x"}), [])
    assert first is not None
    assert second is not None
    assert later.names_of(first) == {"x": 1, "y": 2, "localsiteurl": "."}
    assert context["localsiteurl"] == "."
    assert later.names_of(second) == {"localsiteurl": ".."}
    context["x"] = 3
    assert later.put_by("c.html", template, dict(context), frozenset(), []) is None
    other = Environment(loader=DictLoader({"a": "b"}), autoescape=True)
    context["x"] = 1
    assert later.put_by("d.html", other.get_template("a"), dict(context), frozenset(), []) is None


def test_outcomes_come_in_the_order_of_the_pages_and_progress_is_told() -> None:
    environment = Environment(loader=DictLoader({"a": "a", "b": "b"}), autoescape=True)
    told: list[tuple[int, int]] = []
    later = Later({}, {id(environment): loaders_of(environment)}, 2, lambda done, total: told.append((done, total)))
    for number in range(100):
        later.put_by(f"{number}.html", environment.get_template("ab"[number % 2]), {}, frozenset(), [])

    def render(waiting: Waiting) -> str:
        if waiting.page == "41.html":
            raise ValueError
        return waiting.page.upper()

    outcomes = list(later.outcomes(later.waiting, render))
    assert [waiting.page for waiting, _ in outcomes] == [f"{number}.html" for number in range(100)]
    assert [outcome.noted for _, outcome in outcomes if outcome is not None] == [
        f"{number}.HTML" for number in range(100) if number != 41
    ]
    assert told[-1] == (100, 100)
    assert told == sorted(told)


def test_other_processes_go_on_after_pages_that_met_much(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(later_module, "_MET", 60)
    environment = Environment(loader=DictLoader({"a": "a", "b": "b"}), autoescape=True)
    rests: list[int] = []
    later = Later({}, {id(environment): loaders_of(environment)}, 2, rest=lambda: rests.append(os.getpid()))
    for number in range(100):
        later.put_by(f"{number}.html", environment.get_template("ab"[number % 2]), {}, frozenset(), [])
    outcomes = later.outcomes(
        later.waiting, lambda page: (page.template.name, os.getpid()), lambda noted: 1 + 9 * (noted[0] == "b")
    )
    pids = [outcome.noted[1] for _, outcome in outcomes if outcome is not None]
    assert len(pids) == 100
    # 60 are met with 12 pages, one more or less at each end
    assert 8 <= len(rests) <= 10
    assert set(rests) == {os.getpid()}


def test_few_pages_that_meet_much_are_rendered_by_other_processes() -> None:
    environment = Environment(loader=DictLoader({"a": "a"}), autoescape=True)
    later = Later({}, {id(environment): loaders_of(environment)}, 2)
    for number in range(60):
        later.put_by(f"{number}.html", environment.get_template("a"), {}, frozenset(), [])
    pids = [
        outcome.noted
        for _, outcome in later.outcomes(later.waiting, lambda page: os.getpid(), lambda noted: 400)
        if outcome
    ]
    assert len(pids) == 60
    # the first of the template, and perhaps what is left in the end
    assert pids.count(os.getpid()) <= 1 + 60 % (later_module._MET // 400)
    assert len(set(pids)) > 3


def test_what_is_found_is_written_between_rounds_and_is_the_same(many: Site) -> None:
    plain = many.build("--jobs", "2", "-o", "plain")
    settings_text = (many.root / "pelicanconf.py").read_text("utf-8")
    many.write("pelicanconf.py", settings_text + EARLY)
    assert many.build("--jobs", "2", "-o", "early").err == plain.err
    held = [int(line) for line in (many.root / "rests").read_text().split()]
    assert len(held) > 3
    assert tree(many.root / "plain") == tree(many.root / "early")
    # the next build knows every page
    many.write("content/007.md", "Title: Another\nDate: 2001-01-01\nTags: t1\n\nOther words.\n")
    early = many.build("--format", "json", "--jobs", "2", "-o", "early").json
    many.write("pelicanconf.py", settings_text)
    report = many.build("--format", "json", "--jobs", "2", "-o", "plain").json
    assert report["rendered"] == early["rendered"] < COUNT
    assert tree(many.root / "plain") == tree(many.root / "early")
    entries = [Store(str(many.root / f".{name}.alsoread" / "store.sqlite")) for name in ("plain", "early")]
    for kind in ("group", "page"):
        one, two = ({name: each.text(kind, name) for name in each.names(kind)} for each in entries)
        assert one == two


def test_whatever_pages_read_is_written_though_another_process_told_of_it_first(many: Site) -> None:
    """The first page of each template is rendered before all others, and in its turn it is noted after some of them."""
    titles = "{% for article in articles_page.object_list %}{{ article.title }}{% endfor %}"
    many.write("theme/templates/index.html", titles).write("theme/templates/tag.html", titles)
    assert many.build("--jobs", "2").exit_code == 0
    store = Store(str(many.root / ".output.alsoread/store.sqlite"))
    groups = {name for page in store.names("page") for name in store.get("page", page)["groups"]}
    assert groups == set(store.names("group"))
    assert len(groups) > COUNT


@pytest.mark.parametrize("rests", [1, 2, 4])
@pytest.mark.parametrize("is_first", [True, False])
def test_a_build_that_ends_between_rounds_leaves_nothing_that_is_wrong(
    many: Site, rests: int, *, is_first: bool
) -> None:
    many.write("pelicanconf.py", (many.root / "pelicanconf.py").read_text("utf-8") + EARLY)
    if not is_first:
        many.build("--jobs", "2")
    before = tree(many.root / "output") if not is_first else None
    many.write("theme/templates/article.html", "<b>{{ article.title }}</b> {{ article.content }} {{ SITEURL }}")
    assert many.build("--jobs", "2", STOP=str(rests)).exit_code == 9
    assert before is None or tree(many.root / "output") == before
    # words, a title and a story that are others than in the build that ended
    many.write("content/007.md", "Title: Another\nDate: 2001-01-01\nTags: t1\n\nOther words.\n")
    (many.root / "content/100.md").unlink()
    report = many.build("--format", "json", "--jobs", "2").json
    if not is_first:
        # what the other one rendered in the rounds before is used
        assert (report["reasons"]["template article.html"] < COUNT - 10) is (rests > 1)
    assert many.build("--jobs", "1", "--clean", "-o", "clean").exit_code == 0
    assert tree(many.root / "output") == tree(many.root / "clean")
