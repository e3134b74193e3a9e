"""What do the files of a digest make together?"""

import random
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from alsoread.news.addresses import Address, Addresses
from alsoread.news.digest import Digest, Files, assemble
from alsoread.news.links import BackLink
from alsoread.news.storyfile import StoryFile
from alsoread.news.topicfile import TopicFile
from alsoread.story import Story
from reading import places, read, read_as_topic, settings


def address(story: Story) -> Address:
    return Address(f"stories/{story.slug}.html", f"stories/{story.slug}.html")


def page_address(story: Story) -> Address:
    return Address(f"{story.slug}.html", f"{story.slug}.html")


ADDRESSES = Addresses(
    address, page_address, lambda save_as: save_as in ("index.html", "stories/all.html"), "https://digest.example"
)


def file(name: str, title: str = "", body: str = "Text.", *, kind: Any = "story", **fields: object) -> StoryFile:
    given = {"title": title or name.capitalize(), "date": "2026-01-01", "slug": name, **fields}
    if kind == "story":
        given.setdefault("tags", "Ports")
    front = "\n".join(f"{key}: {value}" for key, value in given.items() if value)
    found = read(f"---\n{front}\n---\n\n{body}\n", path=f"{name}.md", kind=kind)
    assert found.story is not None, found.findings
    return found


def digest(
    *stories: StoryFile, pages: Sequence[StoryFile] = (), topics: Sequence[TopicFile] = (), **given: Any
) -> Digest:
    return assemble(Files(stories, pages, topics), settings(**{"related": 0, **given}), ADDRESSES)


def paths(stories: Sequence[Story]) -> list[str]:
    return [story.path.removesuffix(".md") for story in stories]


def test_stories_are_listed_newest_first_and_those_of_one_day_by_file() -> None:
    found = digest(file("b"), file("old", date="2025-01-01"), file("a"), file("new", date="2026-01-02"))
    assert paths(found.stories) == paths(found.listed) == ["new", "a", "b", "old"]


SECRET = [
    ({"status": "draft"}, False, False),
    ({"status": "hidden"}, True, False),
    ({"embargo_until": "2026-02-01"}, False, False),
    ({"expires": "2026-01-30"}, False, False),
    ({"expires": "2026-01-31T12:00:00Z"}, False, False),
    ({"expires": "2026-01-31T12:00:01Z"}, True, True),
    ({"embargo_until": "2026-01-31T12:00:00Z"}, True, True),
    ({"embargo_until": "2026-01-31T12:00:01Z"}, False, False),
    ({"status": "hidden", "expires": "2026-01-30"}, False, False),
    ({"date": "2027-01-01"}, True, True),
]


@pytest.mark.parametrize(("fields", "shown", "listed"), SECRET)
def test_a_reader_sees_what_its_status_and_the_clock_allow(fields: dict[str, str], shown: bool, listed: bool) -> None:
    secret = file("secret", "What is not said yet", tags="Hush", **fields)
    linking = file("a", body="READ: What is not said yet\n\nREAD: secret", links="[{ref: secret}]")
    found = digest(secret, linking)
    assert ("secret" in paths(found.stories), "secret" in paths(found.listed)) == (shown, listed)
    assert ("secret.md" in found.html) == shown
    assert ("hush" in found.vocabulary.topics) == listed
    assert ("What is not said yet" in found.html["a.md"]) == listed
    assert ("secret" in found.html["a.md"]) == listed
    assert found.backlinks.get("secret.md", ()) == ((BackLink("a.md", "linked"),) if listed else ())
    assert [finding.code for finding in found.findings] == ([] if listed else ["AR404"] * 3)


def test_pages_and_stories_link_to_stories() -> None:
    about = file("about", body="READ: Two", kind="page", date="")
    found = digest(
        file("one", body="READ: Two"), file("two"), pages=[about, file("draft", kind="page", status="draft")]
    )
    link = '<a href="{filename}/two.md">Two</a>'
    assert link in found.html["one.md"]
    assert link in found.html["about.md"]
    assert paths(found.pages) == ["about"]
    # a page is no coverage
    assert found.backlinks == {"two.md": (BackLink("one.md", "linked"),)}


def test_backlinks_are_newest_first_and_once_however_often_a_story_links() -> None:
    found = digest(
        file("target", date="2025-01-01"),
        file("a", date="2025-02-01", body="READ: Target\n\nREAD: [[target]]", links="[{ref: target}]"),
        file("b", date="2025-03-01", body="READ: Target"),
        file("hidden", date="2025-04-01", body="READ: Target", status="hidden"),
    )
    assert found.backlinks == {"target.md": (BackLink("b.md", "linked"), BackLink("a.md", "linked"))}
    assert [resolution.path for resolution in found.resolutions["a.md"]] == ["target.md", "target.md"]


FOUND = [
    # body of the story "a" (its body begins on line 8), code, line, column, hint
    ("x\n\nREAD: Nothing of the kind", "AR401", 10, 1, "check the headline, or name the story: [[id]]"),
    ("x\nALSO READ Another headland", "AR401", 9, 1, "ALSO READ: Another headline"),
    ("x\nALSO READ Another haedline", "AR405", 9, 1, "ALSO READ: Another headline"),
    ("x in [[another headland|words]] x", "AR401", 8, 6, "[[another|words]]"),
    ("> READ: Twice told", "AR402", 8, 3, "READ [[twice-1]]"),
    ("  READ: A headline of its own", "AR403", 8, 3, "remove the line"),
    ("READ: Not yet", "AR404", 8, 1, "nothing to do: the link appears with the story"),
]


@pytest.mark.parametrize(("body", "code", "line", "column", "hint"), FOUND)
def test_a_cross_link_that_leads_to_no_story_is_reported_where_it_stands(
    body: str, code: str, line: int, column: int, hint: str
) -> None:
    others = [
        file("another", "Another headline"),
        file("twice-1", "Twice told"),
        file("twice-2", "Twice told"),
        file("secret", "Not yet", status="draft"),
    ]
    found = digest(file("a", "A headline of its own", body), *others)
    assert places(found.findings) == [(code, line, column)]
    assert found.findings[0].hint == hint
    assert found.findings[0].path == "a.md"
    assert "a.md" in found.html


def test_a_headline_that_several_drafts_have_is_withheld() -> None:
    drafts = [file(name, "Not yet", status="draft") for name in ("one", "other")]
    found = digest(file("a", body="READ: Not yet"), *drafts)
    assert places(found.findings) == [("AR404", 8, 1)]
    assert "Not yet" not in found.html["a.md"]


def test_the_cross_link_that_a_hint_proposes_resolves() -> None:
    others = [file("another", "Another headline")]
    hint = digest(file("a", body="READ: Another headland"), *others).findings[0].hint
    assert digest(file("a", body=hint), *others).findings == ()


def test_prose_that_is_no_cross_link_is_not_reported() -> None:
    found = digest(file("a", body="Read the report.\n\nBackground noise"), file("b", "Noise"))
    assert found.findings == ()
    assert (
        found.html["a.md"] == "<p>Read the report.</p>\n"
        '<aside class="crosslink crosslink-background"><p><span class="crosslink-label">Background</span> <a href="{filename}/b.md">Noise</a></p></aside>'
    )


def test_a_link_of_the_front_matter_that_leads_nowhere_is_reported() -> None:
    found = digest(file("a", links="[{ref: none}, {ref: 'http://[bad'}, {ref: 'https://elsewhere.example/'}]"))
    assert places(found.findings) == [("AR401", 5, 1)]
    assert "'none'" in found.findings[0].message


def test_a_story_with_very_many_lost_cross_links_is_told_of_each_but_given_few_suggestions() -> None:
    found = digest(
        file("a", body="\n\n".join(f"READ: Another headland {number}" for number in range(60))),
        file("b", "Another headline"),
    )
    assert [finding.code for finding in found.findings] == ["AR401"] * 60
    assert sum("Another headline" in finding.hint for finding in found.findings) == 20


def test_the_oldest_story_keeps_an_address_that_two_want() -> None:
    found = digest(
        file("new", slug="same", date="2026-01-02"),
        file("old", slug="same", date="2025-01-01"),
        file("page", slug="same"),
    )
    assert paths(found.stories) == ["old"]
    assert [(finding.path, *places([finding])[0]) for finding in found.findings] == [
        ("new.md", "AR501", 4, 1),
        ("page.md", "AR501", 4, 1),
    ]
    assert "old.md" in found.findings[0].message
    assert found.findings[0].hint == "slug: same-2"


def test_a_page_keeps_its_address_before_a_story_and_addresses_differ_in_more_than_case() -> None:
    same = Addresses(page_address, lambda story: Address("Same.html", "Same.html"), lambda save_as: False)
    found = assemble(Files([file("same", date="2020-01-01")], [file("about", kind="page")]), settings(related=0), same)
    assert (paths(found.pages), paths(found.stories)) == (["about"], [])
    assert [finding.code for finding in found.findings] == ["AR501"]


def test_a_draft_takes_no_address_from_a_story() -> None:
    found = digest(file("old", slug="same", date="2020-01-01", status="draft"), file("new", slug="same"))
    assert paths(found.stories) == ["new"]
    assert found.findings == ()


@pytest.mark.parametrize(("kind", "slug"), [("page", "index"), ("story", "all")])
def test_an_address_that_the_site_needs_is_refused(kind: str, slug: str) -> None:
    wanting = file("a", slug=slug, kind=kind)
    found = digest(*([wanting] if kind == "story" else []), pages=[wanting] if kind == "page" else [])
    assert found.html == {}
    assert [(finding.code, finding.line > 1) for finding in found.findings] == [("AR502", True)]
    assert found.findings[0].hint == f"slug: {slug}-story"


def test_a_file_outside_of_the_output_is_refused_whatever_the_settings_say() -> None:
    outside = replace(ADDRESSES, of_story=lambda story: Address("x", "../x.html"))
    found = assemble(Files([file("a")]), settings(related=0), outside)
    assert [finding.code for finding in found.findings] == ["AR502"]


def test_findings_of_all_files_are_there_once_and_sorted() -> None:
    bad = StoryFile("z.md", None, file("a").body, read("x", path="z.md").findings)
    topic = read_as_topic("---\nname: A\ncolour: b\n---\n", path="topics/a.md")
    found = digest(bad, bad, file("b", colour="red"), topics=[topic, topic])
    assert [(finding.path, finding.code) for finding in found.findings] == [
        ("b.md", "AR110"),
        ("b.md", "AR303"),
        ("topics/a.md", "AR301"),
        ("topics/a.md", "AR110"),
        ("z.md", "AR101"),
    ]


def test_the_order_of_files_does_not_matter() -> None:
    stories = [
        file(
            f"s{number}",
            f"The headline of number {number % 7}",
            f"READ: The headline of number {number % 5}\n\nWords {number}.",
            date=f"2025-01-{1 + number % 9:02}",
            slug=f"slug-{number % 15}",
            tags=f"[Tag {number % 3}, tag {number % 4}]",
        )
        for number in range(20)
    ]
    pages = [file(f"p{number}", kind="page", slug=f"p{number % 2}") for number in range(3)]
    topics = [read_as_topic(f"---\nname: Tag {number % 2}\n---\n", path=f"topics/{number}.md") for number in range(3)]
    expected = digest(*stories, pages=pages, topics=topics)
    assert expected.findings
    assert expected.backlinks
    for seed in range(10):
        shuffle = random.Random(seed).shuffle
        shuffle(stories)
        shuffle(pages)
        shuffle(topics)
        assert digest(*stories, pages=pages, topics=topics) == expected


def test_a_digest_without_files_is_empty() -> None:
    assert digest().stories == digest().findings == ()
