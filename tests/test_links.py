"""Which links join the stories of a digest, and how does each read from its other end?"""

from dataclasses import replace

import pytest

from alsoread.kinds import KINDS, LABELS, RELATIONS, kind_of_label, relation_of
from alsoread.news.addresses import Address
from alsoread.news.digest import Digest, Files, assemble
from alsoread.news.links import BackLink
from reading import places, read, settings
from test_digest import ADDRESSES, digest, file


def back(found: Digest, name: str = "target") -> list[tuple[str, str]]:
    return [(link.path.removesuffix(".md"), link.relation) for link in found.backlinks.get(f"{name}.md", ())]


RELATED = [
    # kind, how a later story that says so stands to the target, how an earlier one does
    ("", "linked", "linked"),
    ("background", "later", "earlier"),
    ("update", "later", "earlier"),
    ("denies", "denied", "denied"),
    ("reaction", "reactions", "reaction-to"),
    ("opinion", "linked", "linked"),
    ("promo", "linked", "linked"),
]


@pytest.mark.parametrize(("kind", "later", "earlier"), RELATED)
def test_a_link_of_the_front_matter_is_read_from_its_other_end(kind: str, later: str, earlier: str) -> None:
    links = f"[{{ref: target, kind: {kind}}}]" if kind else "[{ref: target}]"
    found = digest(
        file("target", date="2025-06-01"),
        file("new", date="2025-06-02", links=links),
        file("old", date="2025-05-31", links=links),
    )
    assert dict(back(found)) == {"new": later, "old": earlier}
    assert all(relation in RELATIONS for _, relation in back(found))


LABELLED = [
    ("READ: Target", "linked"),
    ("ALSO READ Target", "linked"),
    ("BACKGROUND: Target", "later"),
    ("Background Target", "later"),
    ("See [[target]].", "linked"),
]


@pytest.mark.parametrize(("body", "relation"), LABELLED)
def test_a_label_says_the_kind_of_a_link_in_the_body(body: str, relation: str) -> None:
    found = digest(file("target", date="2025-01-01"), file("new", body=body))
    assert back(found) == [("new", relation)]


def test_labels_of_the_site_say_the_kinds_that_the_site_gives_them() -> None:
    labels = {"*": ("UPDATE", "DENIED", "SEE"), "de": ("DEMENTI",)}
    kinds = {"UPDATE": "update", "DENIED": "denies", "SEE": "promo", "DEMENTI": "denies"}
    said = [("a", "UPDATE", "en"), ("b", "DENIED", "en"), ("c", "SEE", "en"), ("d", "DEMENTI", "de")]
    stories = [
        read(
            f"---\ntitle: {name}\ndate: 2025-02-0{day}\ntags: x\nlang: {lang}\n---\n\n{label}: Target\n",
            path=f"{name}.md",
            labels=labels,
        )
        for day, (name, label, lang) in enumerate(said, 1)
    ]
    found = digest(file("target", date="2025-01-01"), *stories, labels=labels, kinds=kinds)
    assert back(found) == [("a", "later"), ("d", "denied"), ("b", "denied"), ("c", "linked")]


def test_groups_stand_in_one_order_and_within_each_the_newest_first() -> None:
    stories = [
        file(
            f"{kind or 'none'}-{month}",
            date=f"2025-{month:02}-01",
            links=f"[{{ref: target{', kind: ' + kind if kind else ''}}}]",
        )
        for kind in ("", *KINDS)
        for month in (3, 9)
    ]
    found = back(digest(file("target", date="2025-06-01"), *stories))
    assert [relation for _, relation in found] == [
        "later", "later", "denied", "denied", "reactions", "reaction-to", "earlier", "earlier", *["linked"] * 6,
    ]  # fmt: skip
    assert [name for name, _ in found][:4] == ["background-9", "update-9", "denies-9", "denies-3"]


def test_of_several_links_to_one_story_the_first_that_says_its_kind_counts() -> None:
    found = digest(
        file("target", date="2025-01-01"),
        file("a", body="READ: Target\n\nBACKGROUND: Target", links="[{ref: target, kind: denies}]"),
        file("b", body="x [[target]]", links="[{ref: target}, {ref: target, kind: denies}]"),
    )
    assert dict(back(found)) == {"a": "later", "b": "denied"}


def test_stories_of_the_same_instant_are_told_apart_by_their_files() -> None:
    stories = [file("a", links="[{ref: b, kind: background}]"), file("b", links="[{ref: a, kind: background}]")]
    found = digest(*stories)
    assert (back(found, "b"), back(found, "a")) == ([("a", "later")], [("b", "earlier")])


def test_a_link_that_leads_to_no_story_that_readers_see_is_no_backlink() -> None:
    found = digest(
        file("target", status="hidden"),
        file("draft", status="draft"),
        file("a", body="READ: Target\n\nREAD: Draft\n\n[[target]] [[draft]]", links="[{ref: draft, kind: update}]"),
        file("b", status="hidden", body="READ: A"),
    )
    assert found.backlinks == {}


def test_a_retitled_or_moved_story_keeps_its_links_by_id() -> None:
    before = digest(file("target"), file("a", body="READ: [[target]] and [[target|w]]"))
    after = digest(file("target", "Another name"), file("a", body="READ: [[target]] and [[target|w]]"))
    moved = digest(file("moved", "Moved", id="target"), file("a", body="READ: [[target]] and [[target|w]]"))
    assert back(before) == back(after) == back(moved, "moved") == [("a", "linked")]


def test_a_misspelt_headline_makes_a_backlink_and_a_note_with_its_place() -> None:
    found = digest(
        file("target", "Storm closes the northern port", date="2025-01-01"),
        file(
            "a", body="x\n\nBACKGROUND: Storm closes the norhtern port", links="[{ref: Storm closes the nortehrn port}]"
        ),
    )
    assert back(found) == [("a", "later")]
    assert places(found.findings) == [("AR405", 5, 1), ("AR405", 11, 1)]
    assert [finding.hint for finding in found.findings] == [
        'ref: "Storm closes the northern port"',
        "BACKGROUND: Storm closes the northern port",
    ]
    assert not any(finding.is_error for finding in found.findings)


def test_a_misspelt_headline_in_prose_is_prose() -> None:
    body = "Also read Storm closes the norhtern port"
    found = digest(file("target", "Storm closes the northern port"), file("a", body=body))
    assert (found.backlinks, found.findings) == ({}, ())
    assert found.html["a.md"] == f"<p>{body}</p>"


def test_what_a_hint_proposes_resolves_without_a_finding() -> None:
    target = file("target", "Storm closes the northern port")
    for body in ("READ: Storm closes the norhtern port", "x [[Storm closes norhtern ports]]"):
        (finding,) = digest(target, file("a", body=body)).findings
        assert digest(target, file("a", body=finding.hint)).findings == ()


FOUND_IN_SENTENCES = [
    # a sentence of the story "a" (its body begins on line 8), findings, what stands in the page
    ("x [[none]] y", [("AR401", 8, 3)], "<p>x [[none]] y</p>"),
    ("x [[none|the words]] y", [("AR401", 8, 3)], "<p>x the words y</p>"),
    ("x [[secret]] y", [("AR404", 8, 3)], "<p>x  y</p>"),
    ("x [[secret|the words]] y", [("AR404", 8, 3)], "<p>x the words y</p>"),
    ("x\ny [[a|me]]", [("AR403", 9, 3)], "<p>x\ny me</p>"),
    ("x [[Twice told|w]]", [("AR402", 8, 3)], "<p>x w</p>"),
    ("x [[b]] `[[b]]`", [], '<p>x <a href="{filename}/b.md">B &amp; "c"</a> <code>[[b]]</code></p>'),
    ("x [[b|*w*]]", [], '<p>x <a href="{filename}/b.md">*w*</a></p>'),
    ("Read [[b]] and then more.", [], '<p>Read <a href="{filename}/b.md">B &amp; "c"</a> and then more.</p>'),
    ("Read [[none]] and then more.", [("AR401", 8, 6)], "<p>Read [[none]] and then more.</p>"),
    ("Read [[secret]] and then more.", [("AR404", 8, 6)], "<p>Read  and then more.</p>"),
]  # fmt: skip


@pytest.mark.parametrize(("body", "found", "shown"), FOUND_IN_SENTENCES)
def test_a_cross_link_in_a_sentence_is_reported_where_it_stands(
    body: str, found: list[tuple[str, int, int]], shown: str
) -> None:
    others = [
        file("b", "'B & \"c\"'"),
        file("secret", status="draft"),
        file("t1", "Twice told"),
        file("t2", "Twice told"),
    ]
    whole = digest(file("a", body=body), *others)
    assert places(whole.findings) == found
    assert whole.html["a.md"].replace("&quot;", '"') == shown


LEADS = [
    # body, what stands in lists
    ("See [[b]] first.\n\nMore.", "See Another story first."),
    ("See [[b|this]] first.", "See this first."),
    ("See [[secret]].", "See ."),
    ("[[secret]]\n\nMore.", "More."),
    ("[[secret]]", ""),
    ("[[secret|Words]] of it", "Words of it"),
    ("- see [[b]]\n- and [[secret]]", "see Another story and"),
    ("READ: Hush hush", ""),
    ("READ: Hush hush\n\nThe news.", "The news."),
    ("READ: Another story", ""),
    ("Read the report of the harbour master.", "Read the report of the harbour master."),
    ("Read the report.\n\nMore.", "Read the report."),
    ("Also read Another story\n\nThe news.", "The news."),
    ("See [[none]] first.", "See [[none]] first."),
]


@pytest.mark.parametrize(("body", "lead"), LEADS)
def test_the_lead_says_what_readers_read_and_nothing_secret(body: str, lead: str) -> None:
    found = digest(file("a", body=body), file("b", "Another story"), file("secret", "Hush hush", status="draft"))
    assert found.bodies["a.md"].lead == lead
    assert "secret" not in found.bodies["a.md"].text
    assert "Hush" not in found.bodies["a.md"].text


def test_stories_are_related_by_what_readers_read_and_not_by_what_is_withheld() -> None:
    body = "The crane of {} was unloaded in the harbour.\n\nREAD: Zanzibarquux opens\n\n- so [[zanzibarquux]]"
    stories = [file(f"s{n}", f"Crane {n}", body.format(n), date=f"2025-01-0{n}", tags="") for n in (1, 2, 3)]
    secret = file("zanzibarquux", "Zanzibarquux opens", status="draft")
    found = digest(*stories, secret, related=3)
    assert any(found.offered.values())
    assert not any("anzibarquux" in entry.reason for entries in found.offered.values() for entry in entries)


def test_every_kind_has_a_relation_and_every_label_a_kind_or_none() -> None:
    assert {relation_of(kind, later=later) for kind in ("", *KINDS) for later in (True, False)} == set(RELATIONS)
    for labels in LABELS.values():
        assert {kind_of_label(label) for label in labels} <= {"", *KINDS}
    assert kind_of_label("hintergrund") == kind_of_label("CONTEXTE") == "background"
    assert kind_of_label("Anything else") == ""


def test_a_story_and_its_translation_link_once_in_the_language_of_their_target() -> None:
    stories = [
        file("a", body="READ: Target"),
        file("a-de", slug="a", lang="de", body="BACKGROUND: Target"),
        file("b", body="READ: Ziel"),
        file("b-de", slug="b", lang="de", body="READ: Ziel"),
        file("c-fr", slug="c", lang="fr", body="READ: Target"),
        file("target", date="2025-01-01"),
        file("ziel", lang="de", date="2025-01-01"),
    ]
    by_language = replace(
        ADDRESSES, of_story=lambda story: Address(f"{story.slug}.{story.lang}", f"{story.slug}.{story.lang}")
    )
    found = assemble(Files(stories), settings(related=0), by_language)
    assert back(found) == [("a", "linked"), ("c-fr", "linked")]
    assert back(found, "ziel") == [("b-de", "linked")]
    apart = assemble(Files(stories), settings(related=0, translations=False), by_language)
    assert sorted(back(apart)) == [("a", "linked"), ("a-de", "later"), ("c-fr", "linked")]


def test_backlinks_of_a_story_are_not_its_related_stories() -> None:
    body = "The gantry crane from Rotterdam was unloaded in the harbour."
    found = digest(
        file("target", "Crane arrives", body, date="2025-01-01"),
        file("a", "Crane works", f"{body}\n\nREAD: Crane arrives", date="2025-01-02"),
        file("b", "Crane rests", body, date="2025-01-03"),
        related=5,
    )
    offered = {path: [entry.key for entry in entries] for path, entries in found.offered.items()}
    assert offered["target.md"] == ["b.md"]
    assert offered["a.md"] == ["b.md"]
    assert BackLink("a.md", "linked") in found.backlinks["target.md"]
