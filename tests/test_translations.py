"""Of which story is each one a translation?"""

import re

import pytest

import pace
from alsoread.news.translations import originals_of
from alsoread.story import Story
from sites import Site, tree


def told(name: str, lang: str = "en", of: str = "", **given: object) -> Story:
    fields: dict[str, object] = {"id": name, "slug": name, **given}
    return Story(
        f"stories/{name}.md", str(fields["slug"]), name, None, lang=lang, id=str(fields["id"]), translation_of=of
    )


def joined(*stories: Story) -> tuple[dict[str, str], list[tuple[str, str, str]]]:
    originals, findings = originals_of(stories, {story.path for story in stories})
    others = {path[8:-3]: slug for path, slug in originals.items() if path[8:-3] != slug}
    return others, [(finding.path[8:-3], finding.code, finding.hint) for finding in findings]


STORM = told("storm")


@pytest.mark.parametrize("name", ["storm", "s-1", "stories/storm.md", "/stories/storm.md"])
def test_an_original_is_named_by_slug_id_or_path(name: str) -> None:
    assert joined(told("storm", id="s-1"), told("tormenta", "es", name)) == ({"tormenta": "storm"}, [])


def test_a_story_that_has_the_slug_too_may_say_so() -> None:
    es = Story("stories/x.md", "storm", "x", None, lang="es", id="storm", translation_of="storm")
    assert joined(STORM, es, told("sturm", "de", "storm")) == ({"x": "storm", "sturm": "storm"}, [])


REFUSED = [
    ([STORM, told("tormenta", "es", "strom")], {}, [("tormenta", "AR406", "translation_of: storm")]),
    (
        [STORM, told("tormenta", "es", "nothing-like-it")],
        {},
        [("tormenta", "AR406", "remove translation_of, or put the slug of a story there")],
    ),
    ([told("a", "es", "a")], {}, [("a", "AR407", "remove translation_of")]),
    ([STORM, told("tormenta", "en", "storm")], {}, [("tormenta", "AR407", "lang: de")]),
    ([told("storm", "de"), told("b", "de", "storm")], {}, [("b", "AR407", "lang: en")]),
    (
        [STORM, told("one", "es", "storm"), told("two", "es", "storm")],
        {"one": "storm"},
        [("two", "AR407", "remove translation_of")],
    ),
    (
        [STORM, told("one", "es", "storm"), told("two", "de", "one")],
        {"one": "storm", "two": "storm"},
        [("two", "AR407", "translation_of: storm")],
    ),
    (
        [told("a", "en", "b"), told("b", "es", "a")],
        {},
        [("a", "AR407", "remove translation_of"), ("b", "AR407", "remove translation_of")],
    ),
    (
        [told("c", "de", "a"), told("a", "en", "b"), told("b", "es", "a")],
        {},
        [(name, "AR407", "remove translation_of") for name in "abc"],
    ),
    (
        [told("a", "en", "none"), told("b", "es", "a")],
        {"b": "a"},
        [("a", "AR406", "remove translation_of, or put the slug of a story there")],
    ),
]


@pytest.mark.parametrize(("stories", "others", "findings"), REFUSED)
def test_what_cannot_be_a_translation_stands_for_itself(
    stories: list[Story], others: dict[str, str], findings: list[tuple[str, str, str]]
) -> None:
    assert joined(*stories) == (others, findings)
    assert joined(*reversed(stories)) == (others, findings)


def test_a_story_that_readers_do_not_see_is_not_offered() -> None:
    (finding,) = originals_of([STORM, told("tormenta", "es", "strom")], set())[1]
    assert "storm" not in finding.message + finding.hint


def news(site: Site, **conf: object) -> Site:
    site.conf(**conf)
    site.story("storm", "Storm closes the port", tags=["Ports"], source="A")
    site.story("other", "Quite another", "The quay. See [[storm-closes-the-port]].\n", source="B")
    site.story("tormenta", "Tormenta", "Ver [[otra]].\n", lang="es", translation_of="storm-closes-the-port", source="C")
    return site.story(
        "otra",
        "Otra",
        "Ver [[storm-closes-the-port]].\n",
        lang="es",
        translation_of="other.md",
        source="D",
    )


def main(site: Site, path: str) -> str:
    return site.page(path).partition("<main")[2].partition("</main>")[0]


def named(site: Site, name: str) -> list[str]:
    """The translations that a story's page names."""
    return re.findall(r'<p class="translation"><a href="\.\./stories/([^"]+)"', site.page(f"stories/{name}"))


def test_a_translation_stands_in_lists_once_and_each_names_the_other(site: Site) -> None:
    result = news(site).build()
    assert (result.exit_code, result.codes) == (0, []), result.err
    assert named(site, "storm-closes-the-port.html") == ["tormenta.es.html"]
    assert named(site, "tormenta.es.html") == ["storm-closes-the-port.html"]
    assert named(site, "otra.es.html") == ["quite-another.html"]
    for name in tree(site.root / "output"):
        if name.endswith(".html") and not name.startswith("stories/"):
            assert "Tormenta" not in site.page(name), name
    # the slug of the original means the story in the language of the one that links
    assert 'Ver <a href="../stories/tormenta.es.html"' in main(site, "stories/otra.es.html")
    assert 'See <a href="../stories/storm-closes-the-port.html"' in main(site, "stories/quite-another.html")
    assert "Otra" in main(site, "stories/tormenta.es.html")
    pelican = tree(site.root / "output")
    assert site.pelican("content", "-o", "stock", "-s", "pelicanconf.py").exit_code == 0
    assert {name: data for name, data in tree(site.root / "stock").items() if name in pelican} == pelican


def test_a_field_that_comes_and_goes_changes_the_site_as_a_clean_build_does(site: Site) -> None:
    news(site).build()
    with_it = tree(site.root / "output")
    site.story("tormenta", "Tormenta", "Ver [[otra]].\n", lang="es", source="C")
    assert site.build().exit_code == 0
    without = tree(site.root / "output")
    assert "Tormenta" in site.page("index.html")
    assert site.build("-o", "clean", "--clean").exit_code == 0
    assert tree(site.root / "clean") == without
    assert news(site).build().exit_code == 0
    assert tree(site.root / "output") == with_it


def test_where_pelican_knows_no_translations_the_field_joins_nothing(site: Site) -> None:
    result = news(site, ARTICLE_TRANSLATION_ID="").build()
    assert result.exit_code == 0
    assert "Tormenta" in site.page("index.html")
    assert named(site, "storm-closes-the-port.html") == []


def test_a_draft_is_the_original_of_nothing_that_readers_see(site: Site) -> None:
    news(site).story("storm", "Storm closes the port", tags=["Ports"], status="draft")
    result = site.build()
    assert result.exit_code == 0
    assert "Tormenta" in site.page("index.html")
    assert "Storm closes" not in "".join(
        data.decode("utf-8", "replace") for data in tree(site.root / "output").values()
    )


def test_what_is_wrong_is_told_at_the_field(site: Site) -> None:
    news(site).story("tormenta", "Tormenta", translation_of="storm-close-the-port", source="C", lang="es")
    assert "content/tormenta.md:5:1 AR406" in site.build().err
    news(site).story("tormenta", "Tormenta", translation_of="storm-closes-the-port", source="C")
    assert "content/tormenta.md:5:1 AR407" in site.build().err


def test_very_many_translations_take_no_long_time() -> None:
    row = [told(f"s-{number}", "es" if number % 2 else "en", f"s-{number + 1}") for number in range(5_000)]
    lost = [told(f"t-{number}", "es", f"nothing-{number}") for number in range(5_000)]

    def many_are_found() -> None:
        findings = originals_of([*row, *lost], {story.path for story in (*row, *lost)})[1]
        assert len(findings) > 5_000

    pace.within(5, many_are_found)
