"""Which addresses were published, and which of them would lead nowhere? Without a disk."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alsoread.news.gone import Unseen, dropped, would_die
from alsoread.news.ledger import (
    Entry,
    Ledger,
    Live,
    address_of,
    as_line,
    as_text,
    brought_up_to_date,
    is_site_file,
    read_ledger,
    site_file,
)

DAY = date(2026, 1, 31)
TODAY = date(2026, 3, 2)
STORM = Entry("stories/storm.html", "story", DAY)
GONE = replace(STORM, fate="withdrawn", day=TODAY, why="The source has taken back its report.")


def ledger(*entries: Entry) -> Ledger:
    return read_ledger(as_text(Ledger(entries={entry.file: entry for entry in entries})).encode(), "published.txt")


def read(text: str) -> Ledger:
    return read_ledger(text.encode(), "published.txt")


# -- addresses

FILES = [
    ("/", "index.html"),
    ("/stories/storm.html", "stories/storm.html"),
    ("/about/", "about/index.html"),
    ("/about/index.html", "about/index.html"),
    ("/feeds/all.atom.xml", "feeds/all.atom.xml"),
    ("/caf%C3%A9.html", "café.html"),
    ("/café.html", "café.html"),
    ("/a%20b.html", "a b.html"),
    ("/100%25.html", "100%.html"),
    ("/Stories/Storm.html", "Stories/Storm.html"),
    ("/topics/a+b.html", "topics/a+b.html"),
]


@pytest.mark.parametrize(("address", "file"), FILES)
def test_an_address_means_a_file(address: str, file: str) -> None:
    assert site_file(address) == file
    assert site_file(address_of(file)) == file


def test_an_index_goes_by_its_folder_and_letters_stay_readable() -> None:
    assert [address_of(file) for file in ("index.html", "about/index.html", "café/a b%.html")] == [
        "/",
        "/about/",
        "/café/a%20b%25.html",
    ]


@pytest.mark.parametrize(
    "address",
    ["/..", "/../x", "/a/../../x", "/.git/config", "/a/.x", "/%2e%2e/x", "/a\\b", "/a%00", "/" + "x" * 300, "/a" * 600],
)
def test_what_no_site_can_have_is_no_address(address: str) -> None:
    assert site_file(address) is None


@given(st.text(max_size=30) | st.text(st.sampled_from("a/.%\x7f\u202e\u2028\x85\ufeff\ufdd0 é"), max_size=12))
def test_whatever_a_site_can_have_can_be_listed(name: str) -> None:
    """Not a character of an address makes its line, or the whole file, unreadable."""
    if site_file(f"/{name}") is None or any("\ud800" <= char <= "\udfff" for char in name):
        return
    entry = Entry(site_file(f"/{name}") or "", "redirect", DAY)
    assert site_file(address_of(entry.file)) == entry.file
    found = ledger(entry)
    assert (found.findings, dict(found.entries)) == ((), {entry.file: entry})


# -- the text


def test_a_ledger_is_a_line_an_address_in_their_order_under_words_for_people() -> None:
    text = as_text(ledger(STORM, Entry("about.html", "page", DAY), replace(GONE, file="a.html")))
    head, lines = text.splitlines()[:2], text.splitlines()[2:]
    assert all(line.startswith("# ") for line in head)
    assert lines == [
        "/a.html story 2026-01-31 withdrawn 2026-03-02 The source has taken back its report.",
        "/about.html page 2026-01-31",
        "/stories/storm.html story 2026-01-31",
    ]
    assert text.endswith("\n")


NAMES = st.text(st.sampled_from("ab cé%?#+-_.٣"), min_size=1, max_size=12).map(
    lambda name: f"{name.strip(' .') or 'x'}.html"
)
REASONS = st.text(st.sampled_from("ab é.#/"), min_size=1, max_size=30).map(lambda why: " ".join(why.split()) or "x")
ENTRIES = st.builds(
    Entry,
    file=NAMES,
    kind=st.sampled_from(["story", "page", "topic", "thread", "source", "author", "feed", "list", "redirect"]),
    since=st.dates(),
) | st.builds(
    Entry, file=NAMES, kind=st.just("story"), since=st.dates(), fate=st.just("withdrawn"), day=st.dates(), why=REASONS
)


@given(st.lists(ENTRIES, unique_by=lambda entry: entry.file))
def test_what_is_written_is_read_again(entries: list[Entry]) -> None:
    again = ledger(*entries)
    assert again.findings == ()
    assert dict(again.entries) == {entry.file: entry for entry in entries}
    assert as_text(again) == as_text(Ledger(entries=again.entries))


@given(
    st.binary(max_size=200) | st.text(st.sampled_from("/ab. 2026-1\n\twithdrawnstory<>="), max_size=200).map(str.encode)
)
def test_nothing_in_its_file_raises_and_every_finding_has_a_place(data: bytes) -> None:
    found = read_ledger(data, "published.txt")
    assert all(finding.path == "published.txt" and finding.line and finding.column for finding in found.findings)
    assert all(finding.is_error for finding in found.findings)


BAD = [
    ("stories/storm.html story 2026-01-31", 1, "no address"),
    ("/../x story 2026-01-31", 1, "no address"),
    ("/storm.html", 12, "what is at the address"),
    ("/storm.html story", 18, "since when"),
    ("/storm.html stroy 2026-01-31", 13, "'stroy' is nothing that stands"),
    ("/storm.html story 31.1.2026", 19, "no day"),
    ("/storm.html story 2026-02-30", 19, "no day"),
    ("/storm.html story 20260131", 19, "no day"),
    ("/storm.html story ٢٠٢٦-01-31", 19, "no day"),
    ("/storm.html story 2026-01-31 withdrwan 2026-02-01 x", 30, "did you mean 'withdrawn'"),
    ("/storm.html story 2026-01-31 withdrawn", 39, "on which day"),
    ("/storm.html story 2026-01-31 withdrawn soon x", 40, "no day"),
    ("/storm.html story 2026-01-31 withdrawn 2026-02-01", 50, "why"),
    ("/storm.html story 2026-01-31 withdrawn 2026-02-01 " + "x" * 1001, 51, "longer"),
    ("<<<<<<< HEAD", 1, "merge"),
    ("=======", 1, "merge"),
    (">>>>>>> branch", 1, "merge"),
]


@pytest.mark.parametrize(("line", "column", "words"), BAD, ids=[words for _, _, words in BAD])
def test_a_damaged_line_is_told_with_its_place_and_the_others_count(line: str, column: int, words: str) -> None:
    found = read(f"# head\n/a.html story 2026-01-31\n{line}\n/b.html story 2026-01-31\n")
    (finding,) = found.findings
    assert (finding.line, finding.column, finding.code) == (3, column, "AR507")
    assert words in finding.message
    assert list(found.entries) == ["a.html", "b.html"]


@pytest.mark.parametrize(
    "line",
    [
        line
        for line, _, words in BAD
        if words
        in (
            "what is at the address",
            "since when",
            "'stroy' is nothing that stands",
            "why",
            "on which day",
            "did you mean 'withdrawn'",
        )
    ],
)
def test_the_hint_is_a_line_that_can_be_pasted(line: str) -> None:
    assert read(read(line).findings[0].hint).findings == ()


def test_bytes_that_are_no_text_and_signs_that_turn_it_round_are_told() -> None:
    assert [each.code for each in read_ledger(b"/a.html story 2026-01-31\n\xff", "l").findings] == ["AR003"]
    found = read("/a.html story 2026-01-31 withdrawn 2026-02-01 \u202eabc\n")
    assert [(each.code, each.line) for each in found.findings] == [("AR005", 1)]


def test_line_ends_a_byte_order_mark_and_spaces_do_not_matter() -> None:
    assert read("\ufeff/a.html\tstory   2026-01-31 \r\n\r\n/b.html story 2026-01-31\r\n") == replace(
        read("/a.html story 2026-01-31\n/b.html story 2026-01-31"), comments=()
    )


def test_of_two_lines_the_earlier_day_and_the_withdrawal_hold_in_any_order() -> None:
    lines = [as_line(GONE), as_line(replace(STORM, since=date(2025, 1, 1))), as_line(STORM)]
    for order in (lines, lines[::-1], lines[1:] + lines[:1]):
        assert dict(read("\n".join(order)).entries) == {STORM.file: replace(GONE, since=date(2025, 1, 1))}


# -- brought up to date


def test_what_is_new_is_added_with_todays_day_and_nothing_is_taken_out() -> None:
    after = brought_up_to_date(ledger(STORM), [Live("a.html", "page"), Live("b/index.html", "redirect")], {}, TODAY)
    assert list(after.entries.values()) == [
        Entry("a.html", "page", TODAY),
        Entry("b/index.html", "redirect", TODAY),
        STORM,
    ]


def test_what_is_there_again_is_not_gone_and_a_redirect_says_nothing_of_what_was_there() -> None:
    topic = replace(GONE, file="topics/ports.html", kind="topic")
    after = brought_up_to_date(
        ledger(GONE, topic), [Live(topic.file, "topic"), Live(STORM.file, "redirect")], {}, TODAY
    )
    assert dict(after.entries) == {STORM.file: STORM, topic.file: Entry(topic.file, "topic", DAY)}


def test_a_story_that_expired_is_noted_and_stays_withdrawn_if_it_was() -> None:
    expired = {STORM.file: TODAY, "other.html": TODAY}
    assert dict(brought_up_to_date(ledger(STORM), [], expired, TODAY).entries) == {
        STORM.file: replace(STORM, fate="expired", day=TODAY)
    }
    assert dict(brought_up_to_date(ledger(GONE), [], expired, TODAY).entries) == {STORM.file: GONE}


@given(st.lists(ENTRIES, unique_by=lambda entry: entry.file), st.lists(NAMES, unique=True))
def test_a_second_time_changes_nothing(entries: list[Entry], files: list[str]) -> None:
    live = [Live(file, "story") for file in files]
    once = brought_up_to_date(ledger(*entries), live, {}, TODAY)
    assert brought_up_to_date(once, live, {}, date(2026, 4, 1)) == once


# -- held to it


def lost(*entries: Entry, stands: tuple[str, ...] = (), **known: object) -> list[tuple[str, str]]:
    live: tuple[Live, ...] = known.pop("live", ())  # type: ignore[assignment]
    found = would_die(ledger(*entries), stands.__contains__, live, **known)  # type: ignore[arg-type]
    return [(finding.message, finding.hint) for finding in found]


def test_an_address_that_stands_is_gone_with_a_word_or_expired_is_fine() -> None:
    assert lost(STORM, stands=(STORM.file,)) == []
    assert lost(GONE) == []
    assert lost(STORM, expired={STORM.file: TODAY}) == []
    assert lost(replace(STORM, fate="expired", day=TODAY)) == []


def test_another_case_is_another_address() -> None:
    assert len(lost(STORM, stands=("stories/Storm.html",))) == 1


def test_a_dead_address_is_told_at_its_line_with_two_ways_out() -> None:
    (finding,) = would_die(ledger(Entry("a.html", "page", DAY), STORM), {"a.html"}.__contains__, ())
    assert (finding.path, finding.line, finding.column, finding.code) == ("published.txt", 4, 1, "AR506")
    assert finding.message == "the story at /stories/storm.html was published, and nothing stands there any more"
    assert "aliases: [/stories/storm.html]" in finding.hint
    assert 'alsoread withdraw /stories/storm.html --why "' in finding.hint


@pytest.mark.parametrize(("why", "said", "way"), [("draft", "is a draft now", "take status: draft out of storm.md"), ("embargoed", "under embargo", "take embargo_until out"), ("future", "still to come", "take the date")])  # fmt: skip
def test_a_story_that_is_kept_back_is_named(why: str, said: str, way: str) -> None:
    ((message, hint),) = lost(STORM, unseen=[Unseen("storm.md", STORM.file, why)])  # type: ignore[arg-type]
    assert said in message
    assert hint.startswith(way)


def test_the_likeliest_new_home_is_named_but_none_that_was_published_before() -> None:
    new = Live("stories/storm-in-june.html", "story", "stories/storm-in-june.md")
    ((message, hint),) = lost(STORM, live=(new, Live("stories/quay.html", "story", "quay.md")))
    assert message.endswith(": stories/storm-in-june.md may have taken its place")
    assert hint.startswith("in stories/storm-in-june.md, aliases: [/stories/storm.html]; or: ")
    old = Entry(new.file, "story", DAY)
    assert "taken its place" not in lost(STORM, old, stands=(new.file,), live=(new,))[0][0]


def test_an_old_name_finds_its_home_among_any_number_of_new_ones() -> None:
    moved = [Live(f"news/story-{number}.html", "story", f"{number}.md") for number in range(10_000)]
    entries = [Entry(f"stories/story-{number}.html", "story", DAY) for number in range(0, 10_000, 2)]
    found = lost(*entries, live=tuple(moved))
    assert len(found) == 5_000
    assert all(f": {hint.split(',')[0][3:]} may have" in message for message, hint in found)
    assert sum("aliases: [/stories/story-42.html]" in hint and "in 42.md" in hint for _, hint in found) == 1


def test_a_topic_gets_its_former_name_as_an_alias() -> None:
    topic, new = Entry("topics/harbour.html", "topic", DAY), Live("topics/harbours.html", "topic", "topics/harbours.md")
    assert lost(topic, live=(new,))[0][1].startswith("in topics/harbours.md, aliases: [harbour]; or: ")


def test_a_file_with_an_error_is_told_once() -> None:
    assert lost(STORM, broken=frozenset({"storm"})) == []
    assert len(lost(STORM, broken=frozenset({"other"}))) == 1


def test_hints_hold_in_a_shell_and_in_yaml() -> None:
    odd = Entry("a & [b], c.html", "story", DAY)
    assert '"/a%20&%20[b],%20c.html"' in lost(odd)[0][1]


def test_a_line_that_is_taken_out_is_told_and_can_be_pasted_back() -> None:
    before = ledger(STORM, Entry("a.html", "page", DAY))
    (finding,) = dropped(ledger(Entry("a.html", "page", DAY)), before)
    assert (finding.code, finding.hint) == ("AR509", as_line(STORM))
    assert list(dropped(before, before)) == []
    assert [each.code for each in dropped(Ledger("published.txt"), before)] == ["AR509"]
    assert list(dropped(Ledger("published.txt"), Ledger("published.txt"))) == []


@given(
    st.text(alphabet=st.sampled_from("aé./-\\\0 "), max_size=8), st.sampled_from(["", "n" * 199, "n" * 201, "é" * 120])
)
def test_what_a_file_may_be_called_is_told_of_short_names_as_of_long_ones(name: str, more: str) -> None:
    parts = f"{name}{more}".split("/")
    is_allowed = all(part and part[0] != "." and len(part.encode()) <= 200 for part in parts)
    assert is_site_file(f"{name}{more}") == (is_allowed and not {"\\", "\0"}.intersection(name))
