"""Translations are told apart as Pelican tells them apart, and only those of one story are looked at."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from builds import Project, pelican_unchanged
from hypothesis import given
from hypothesis import strategies as st
from pelican import Pelican, generators, utils
from pelican.settings import read_settings

from alsoread.plugin.sleeping import Sleeping
from alsoread.plugin.translated import only_groups_asked
from test_two_gears import story

LANGS = ("en", "de", "es")


@dataclass(frozen=True)
class Named:
    path: str


@dataclass(eq=False)
class Stood:
    """What Pelican asks of a content when it looks for translations."""

    number: int
    original: str
    lang: str
    is_translation: bool
    translations: list["Stood"] = field(default_factory=list)
    asked: int = 0

    @property
    def story(self) -> Named:
        return Named(f"{self.number}.md")

    @property
    def source_path(self) -> str:
        return self.story.path

    @property
    def in_default_lang(self) -> bool:
        return self.lang == "en"

    @property
    def metadata(self) -> dict[str, str]:
        self.asked += 1
        return {"translation": "true"} if self.is_translation else {}


STORIES = st.lists(st.tuples(st.sampled_from("abcde"), st.sampled_from(LANGS), st.booleans()), max_size=8)


def outcome(process: Any, rows: list[tuple[str, str, bool]], translation_id: str) -> tuple[Any, ...]:
    contents = [Stood(number, *row) for number, row in enumerate(rows)]
    heard: list[str] = []
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(utils.logger, "warning", lambda message, *given: heard.append(message % given))
        index, others = process(contents, translation_id)
    beside = [(each.number, [other.number for other in each.translations]) for each in contents]
    return [each.number for each in index], [each.number for each in others], beside, heard


@pytest.mark.parametrize("translation_id", ["original", "lang", ""])
@given(rows=STORIES)
def test_they_are_told_apart_as_pelican_does(rows: list[tuple[str, str, bool]], translation_id: str) -> None:
    expected = outcome(utils.process_translations, rows, translation_id)
    with only_groups_asked({f"{number}.md" for number, row in enumerate(rows) if row[2]}):
        assert outcome(generators.process_translations, rows, translation_id) == expected
    assert generators.process_translations is utils.process_translations


def test_a_story_without_translations_is_not_looked_at() -> None:
    contents = [Stood(0, "a", "en", False), Stood(1, "b", "en", False), Stood(2, "b", "de", True)]
    with only_groups_asked({"2.md"}):
        generators.process_translations(contents, "original")
    assert [each.asked > 0 for each in contents] == [False, True, True]


def test_what_a_plugin_put_there_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    def another(contents: Any, translation_id: Any = None) -> Any:
        return "another"

    monkeypatch.setattr(generators, "process_translations", another)
    with only_groups_asked(()):
        assert generators.process_translations([], "original") == "another"
    assert generators.process_translations is another


def test_a_digest_with_a_translation_lets_other_stories_sleep(tmp_path: Path) -> None:
    project = Project(tmp_path, "broadsheet", ("alsoread",))
    for name in ("one", "two", "three"):
        story(project, name, name.title(), "Words.\n")
    story(project, "eins", "Eins", "Worte.\n", lang="de", translation_of="one")
    with pelican_unchanged([]):
        for _ in range(2):
            site = Pelican(read_settings(None, project.all_settings(project.root / "output", project.plugins)))
            site.run()
    asleep = {path for path, article in site.alsoread.articles.items() if type(article) is Sleeping}
    assert asleep == {"two.md", "three.md"}
    assert site.alsoread.press.report.rendered == 0
