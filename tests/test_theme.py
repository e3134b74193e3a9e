"""What a theme gets: autoescape where it asks for it, and text that is escaped once."""

import re
from pathlib import Path
from typing import Any

import jinja2
import pytest
from markupsafe import Markup

from alsoread.bundled import bundled_theme
from alsoread.news.sanitize import escaped
from alsoread.outputs.chart import chart_of
from alsoread.plugin.theme import prepare_templates


def environment(theme: Path | str, **settings: Any) -> tuple[jinja2.Environment, dict[str, Any]]:
    given = {
        "THEME": str(theme),
        "THEME_TEMPLATES_OVERRIDES": [],
        "JINJA_ENVIRONMENT": {},
        "JINJA_FILTERS": {},
        **settings,
    }
    prepare_templates(given)
    made = jinja2.Environment(loader=jinja2.FileSystemLoader([Path(theme) / "templates"]), **given["JINJA_ENVIRONMENT"])
    made.filters.update(given["JINJA_FILTERS"])
    return made, given


def theme(folder: Path, toml: str | None, **templates: str) -> Path:
    (folder / "templates").mkdir(parents=True)
    if toml is not None:
        (folder / "theme.toml").write_text(toml)
    for name, text in templates.items():
        (folder / f"templates/{name}.html").write_text(text)
    return folder


@pytest.mark.parametrize(
    ("toml", "shown"),
    [
        ("autoescape = true", "&lt;b&gt;"),
        ("autoescape = false", "<b>"),
        ("", "<b>"),
        (None, "<b>"),
        ("not toml [", "<b>"),
    ],
)
def test_a_theme_is_autoescaped_if_it_says_so(tmp_path: Path, toml: str | None, shown: str) -> None:
    made, _ = environment(theme(tmp_path / "t", toml, page="{{ value }}"))
    assert made.get_template("page.html").render(value="<b>") == shown


def test_overrides_of_an_autoescaped_theme_are_autoescaped_and_pelicans_fallbacks_are_not(tmp_path: Path) -> None:
    folder = theme(tmp_path / "t", "autoescape = true", page="x")
    (tmp_path / "overrides").mkdir()
    (tmp_path / "overrides/own.html").write_text("x")
    _, settings = environment(folder, THEME_TEMPLATES_OVERRIDES=[str(tmp_path / "overrides")])
    autoescape = settings["JINJA_ENVIRONMENT"]["autoescape"]
    escaped_names = ["page.html", "own.html", "!theme/page.html", "author.html", "!simple/page.html"]
    assert [autoescape(name) for name in escaped_names] == [True, True, True, False, False]


def test_what_the_publisher_set_for_jinja_stays(tmp_path: Path) -> None:
    given = {"autoescape": False, "trim_blocks": True}
    made, settings = environment(
        theme(tmp_path / "t", "autoescape = true", page="{{ value }}"), JINJA_ENVIRONMENT=given
    )
    assert made.get_template("page.html").render(value="<b>") == "<b>"
    assert settings["JINJA_ENVIRONMENT"] == {"autoescape": False, "trim_blocks": True}
    assert given == {"autoescape": False, "trim_blocks": True}


@pytest.mark.parametrize("toml", ["autoescape = true", None])
@pytest.mark.parametrize(
    "expression",
    ["{{ value }}", "{{ value|striptags }}", "{{ value|striptags|upper }}", "{{ value|striptags|truncate(99) }}"],
)
def test_what_a_contributor_typed_is_escaped_once_in_every_theme(
    tmp_path: Path, toml: str | None, expression: str
) -> None:
    made, _ = environment(theme(tmp_path / "t", toml, page=expression))
    shown = made.get_template("page.html").render(value=escaped("R&D <script>"))
    assert shown.lower() == "r&amp;d &lt;script&gt;" or shown.lower() == "r&amp;d"
    assert "<script" not in shown.lower()
    assert "&amp;amp;" not in shown.lower()


def test_striptags_takes_the_tags_of_html_away(tmp_path: Path) -> None:
    made, _ = environment(theme(tmp_path / "t", "autoescape = true", page="{{ value|striptags }}"))
    assert made.get_template("page.html").render(value=Markup("<p>a &lt; b</p>")) == "a &lt; b"


def test_the_bundled_theme_asks_for_autoescape() -> None:
    made, _ = environment(bundled_theme())
    assert callable(made.autoescape)
    assert made.autoescape("article.html")


@pytest.mark.parametrize(("months", "shown"), [(3, ["2017"]), (73, ["2017", "2023"])])
def test_a_chart_of_months_names_its_years_and_one_of_years_its_ends(months: int, shown: list[str]) -> None:
    made, _ = environment(bundled_theme())
    chart = chart_of([(2017 + number // 12, number % 12 + 1, 1) for number in range(months)])
    source = "{% from 'macros.html' import bar_chart %}{{ bar_chart(chart, {'words': words}) }}"
    html = made.from_string(source).render(chart=chart, words={"months": [str(number) for number in range(12)]})
    assert re.findall(r"<text[^>]*>([^<]*)<", html) == shown
