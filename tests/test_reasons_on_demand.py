"""Reasons are sought at once where a template has the word, and else when somebody asks for them: they are the same."""

import random
import shutil
from copy import copy
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from alsoread.news.listed import Lists
from alsoread.news.reasons import Reasons
from alsoread.news.related import Subject, relate
from alsoread.plugin.contents import RelatedStory, _Unexplained
from alsoread.plugin.theme import shows_reasons
from alsoread.related_memory import RelatedMemory
from sites import Site
from test_mending import as_built_anew, built, is_mended

WORDS = "harbour Quay crane Ferry storm tide Pilot cargo lighthouse dredger council Island".split()
LABELS = {"ports": "Ports", "harbour": "The harbour"}
SUBJECTS = [
    Subject(
        f"{number:03}.md",
        datetime(2025, 1, 1, tzinfo=UTC) + timedelta(days=number),
        f"The {WORDS[number % 12]} and the {WORDS[number % 7]}",
        "",
        " ".join(WORDS[(number * 7 + step) % 12] for step in range(number % 9 + 4)),
        ("ports", WORDS[number % 3]),
    )
    for number in range(90)
]
# how a page comes to reasons, of which none has the word
BY_A_NAME_PUT_TOGETHER = "{% for each in article.related %}<i>{{ each['rea' ~ 'son'] }}</i>{% endfor %}"
BY_A_FILTER = "<i>{{ article.related|map(attribute='rea' ~ 'son')|join('; ') }}</i>"
ASKED_FOR_BY_NAME = "{% for each in article.related %}<i>{{ each.reason }}</i>{% endfor %}"


def asked(subjects: list[Subject], **more: Any) -> dict[str, Any]:
    by_key = {subject.key: subject for subject in subjects}
    return {"limit": 4, "labels": LABELS, "exclude": {}, "again": by_key.__getitem__, **more}


def at_once(subjects: list[Subject], **more: Any) -> Lists:
    return relate(subjects, **{**asked(subjects, **more), "again": None})


def later(path: Path, subjects: list[Subject], **more: Any) -> Lists:
    return RelatedMemory(str(path), "recipe", explains=False).relate(subjects, **asked(subjects, **more))


def all_explained(lists: Lists) -> dict[str, Any]:
    return {key: lists.explained(key) for key in lists}


def test_what_is_sought_later_is_what_is_found_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = at_once(SUBJECTS)
    assert any(each.reason for each in expected["050.md"])
    with monkeypatch.context() as patched:
        patched.setattr(Reasons, "between", None)
        found = later(tmp_path, SUBJECTS)
        without = relate(SUBJECTS, **asked(SUBJECTS))
    assert not found.is_explained("050.md")
    assert [(each.key, each.score, each.reason) for each in found["050.md"]] == [
        (each.key, each.score, "") for each in expected["050.md"]
    ]
    with monkeypatch.context() as patched:
        first = found.explained("050.md")
        patched.setattr(Reasons, "between", None)
        assert found.explained("050.md") == first
    assert all_explained(found) == all_explained(without) == all_explained(expected) == dict(expected)


def test_reasons_of_what_another_process_will_have_remembered(tmp_path: Path) -> None:
    later(tmp_path, SUBJECTS)
    kept = RelatedMemory(str(tmp_path), None, explains=None).relate(SUBJECTS, **asked(SUBJECTS))
    assert not kept.is_explained("050.md")
    assert all_explained(kept) == dict(at_once(SUBJECTS))
    edited = [replace(SUBJECTS[70], text="Ferry storm crane"), *SUBJECTS[71:]]
    now = [*SUBJECTS[:70], *edited]
    read = RelatedMemory(str(tmp_path), None, explains=None).relate(now, **asked(now))
    assert all_explained(read) == dict(at_once(now))


def test_a_list_of_which_the_mark_is_the_same_has_the_same_reasons(tmp_path: Path) -> None:
    draw = random.Random(3)
    now, before = [*SUBJECTS], later(tmp_path, SUBJECTS)
    explained, labels = all_explained(before), dict(LABELS)
    others = same = 0
    for step in range(25):
        place = draw.randrange(len(now))
        if step % 5 == 4:
            labels["ports"] = f"Ports {step}"
        elif step % 5 == 3:
            # no other words, but written in another way
            now[place] = replace(now[place], text=now[place].text.swapcase())
        else:
            now[place] = replace(now[place], text=" ".join(draw.choices(WORDS, k=9)))
        found = later(tmp_path, now, labels=labels)
        assert all_explained(found) == dict(at_once(now, labels=labels))
        for key, reasons in all_explained(found).items():
            if found.mark(key) == before.mark(key):
                assert reasons == explained[key]
                same += 1
            else:
                others += 1
        before, explained = found, all_explained(found)
    assert min(others, same) > 100


def test_a_memory_goes_on_where_the_other_way_was_taken(tmp_path: Path) -> None:
    for explains in (True, False, True, False):
        found = RelatedMemory(str(tmp_path), "recipe", explains=explains).relate(SUBJECTS, **asked(SUBJECTS))
        assert found.is_explained("050.md") is explains
        assert all_explained(found) == dict(at_once(SUBJECTS))


def test_who_has_no_stories_again_gets_reasons_at_once(tmp_path: Path) -> None:
    found = RelatedMemory(str(tmp_path), "recipe", explains=False).relate(SUBJECTS, limit=4, labels=LABELS, exclude={})
    assert dict(found) == dict(at_once(SUBJECTS))


@pytest.mark.parametrize("recipe", ["recipe", None])
def test_damage_is_not_taken_for_a_reason(tmp_path: Path, recipe: str | None) -> None:
    later(tmp_path, SUBJECTS)
    found = RelatedMemory(str(tmp_path), recipe, explains=False).relate(SUBJECTS, **asked(SUBJECTS))
    file = next((tmp_path / "related").glob("*.rows"))
    data = bytearray(file.read_bytes())
    for at in range(0, len(data), 5):
        data[at] ^= 255
    file.write_bytes(data)
    assert all_explained(found) == dict(at_once(SUBJECTS))
    assert not found.is_explained("050.md")
    # who writes there begins anew
    assert bool([*(tmp_path / "related").glob("*.state")]) is (recipe is None)
    assert all_explained(later(tmp_path, SUBJECTS)) == dict(at_once(SUBJECTS))


def test_what_is_gone_is_found_again(tmp_path: Path) -> None:
    found = later(tmp_path, SUBJECTS)
    shutil.rmtree(tmp_path / "related")
    assert all_explained(found) == dict(at_once(SUBJECTS))


def test_an_unexplained_story_is_as_any_other() -> None:
    (entry,) = at_once(SUBJECTS, limit=1)["050.md"]
    one: Any = object()
    plain = RelatedStory(one, entry.kind, entry.reason, entry.score)
    unexplained = _Unexplained.of(one, replace(entry, reason=""), lambda: {entry.key: entry.reason})
    assert repr(unexplained) == repr(plain)
    assert unexplained.reason == plain.reason
    assert type(unexplained).__name__ == "RelatedStory"
    assert unexplained == _Unexplained.of(one, entry, lambda: {entry.key: entry.reason})
    assert replace(unexplained, score=0.5) == replace(plain, score=0.5)
    assert copy(unexplained) == plain
    with pytest.raises(AttributeError):
        unexplained.reason = "another"  # type: ignore[misc]


@pytest.mark.parametrize(("text", "shown"), [("{{ each.reason }}", True), ("{{ each.kind }}", False)])
@pytest.mark.parametrize("where", ["theme/templates/parts/list.html", "own/list.html"])
def test_a_template_that_has_the_word(tmp_path: Path, text: str, shown: bool, where: str) -> None:
    (tmp_path / "theme/templates").mkdir(parents=True)
    (tmp_path / where).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / where).write_text(text, "utf-8")
    (tmp_path / "theme/templates/index.html").write_text("{{ SITENAME }}", "utf-8")
    settings = {"THEME": str(tmp_path / "theme"), "THEME_TEMPLATES_OVERRIDES": [str(tmp_path / "own")]}
    assert shows_reasons(settings) is shown


# sites


def digest_of(site: Site, article: str, count: int = 12) -> Site:
    site.conf(THEME="theme", DIRECT_TEMPLATES=["index"], TAG_SAVE_AS="", AUTHOR_SAVE_AS="", CATEGORY_SAVE_AS="")
    site.write("theme/static/.keep", "")
    site.write("theme/templates/article.html", "{{ article.title }}{{ article.content }}\n" + article)
    site.write("theme/templates/page.html", "{{ page.title }}{{ page.content }}")
    site.write("theme/templates/index.html", "{% for each in articles %}{{ each.title }}\n{% endfor %}")
    for number in range(count):
        words = " ".join(WORDS[(number * 7 + step) % 12] for step in range(number % 9 + 4))
        front = {"date": f"2025-{number // 28 + 1:02}-{number % 28 + 1:02}", "summary": f"Of {number}."}
        site.story(f"s{number}", f"The {WORDS[number % 5]} {number}", words + ".\n", **front)
    return site


def shown_in(site: Site, folder: str = "output") -> str:
    return "".join(path.read_text("utf-8") for path in sorted((site.root / folder).glob("stories/*.html")))


@pytest.mark.parametrize("article", [BY_A_NAME_PUT_TOGETHER, BY_A_FILTER])
def test_pages_that_come_to_reasons_in_other_ways(site: Site, article: str) -> None:
    built(digest_of(site, article))
    assert "both mention" in shown_in(site)
    for old, new in (("crane", "Crane"), ("harbour", "storm storm"), ("tide", "Tide")):
        for number in (5, 11, 8):
            path = site.root / f"content/s{number}.md"
            path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")
            built(site)
            assert as_built_anew(site), (old, number)


def test_a_theme_that_begins_to_show_them_and_ends(site: Site) -> None:
    built(digest_of(site, "", count=70))
    assert "both mention" not in shown_in(site)
    template = site.root / "theme/templates/article.html"
    plain = template.read_text("utf-8")
    for article in (ASKED_FOR_BY_NAME, BY_A_NAME_PUT_TOGETHER, "", ASKED_FOR_BY_NAME):
        template.write_text(plain + article, "utf-8")
        built(site)
        assert ("both mention" in shown_in(site)) is bool(article)
        assert as_built_anew(site)
        path = site.root / "content/s69.md"
        path.write_text(path.read_text("utf-8") + "\nFerry and crane.\n", "utf-8")
        built(site)
        assert as_built_anew(site)


def test_where_nothing_can_be_remembered(site: Site) -> None:
    built(digest_of(site, BY_A_NAME_PUT_TOGETHER))
    folder = site.root / ".output.alsoread/related"
    shutil.rmtree(folder)
    folder.write_text("in the way", "utf-8")
    for number in (11, 2, 5):
        path = site.root / f"content/s{number}.md"
        head, _, body = path.read_text("utf-8").rpartition("---\n")
        path.write_text(f"{head}---\n{body.swapcase()}", "utf-8")
        built(site)
        assert as_built_anew(site), number


def test_both_ways_to_them_give_the_same_words(site: Site) -> None:
    built(digest_of(site, ASKED_FOR_BY_NAME))
    by_name = shown_in(site)
    (site.root / "theme/templates/article.html").write_text(
        "{{ article.title }}{{ article.content }}\n" + BY_A_NAME_PUT_TOGETHER, "utf-8"
    )
    built(site)
    assert shown_in(site) == by_name


def test_an_edit_of_words_where_nobody_shows_them_seeks_none(site: Site) -> None:
    titles = "{% for each in article.related %}{{ each.article.title }} {{ each.kind }}{% endfor %}"
    built(digest_of(site, titles, count=70))
    path = site.root / "content/s69.md"
    path.write_text(path.read_text("utf-8") + "\nFerry and crane.\n", "utf-8")
    assert is_mended(built(site))
    assert as_built_anew(site)
    known = RelatedMemory(str(site.root / ".output.alsoread"), None)
    assert len(known.state_of("en")[0].chain) == 70
    assert not known.state_of("en")[0].is_explained
