"""Do the rules over front matter and tags find what is wrong, and nothing else?"""

from pathlib import Path

import pytest

from judging import fixed, judged, of, story, where

STORY = "stories/a.md"


def found(folder: Path, text: str | bytes, code: str, **settings: object) -> list[tuple[int, int]]:
    """The places of the findings of a code in one story."""
    verdict = judged(folder, {STORY: text}, **settings)
    assert STORY in verdict.archive.stories
    return [(line, column) for _, line, column in where(verdict, code)]


def said(folder: Path, text: str | bytes, code: str, **settings: object) -> tuple[str, str]:
    """Message and hint of the only finding of a code in one story."""
    (finding,) = of(judged(folder, {STORY: text}, **settings), code)
    return finding.message, finding.hint


def repaired(folder: Path, text: str, code: str, **settings: object) -> str:
    """The text of a story after a repair, which leaves nothing of its code to find."""
    after = fixed(folder, judged(folder, {STORY: text}, **settings), code)
    assert found(folder, after, code, **settings) == []
    return after


def refused(folder: Path, text: str, code: str, **settings: object) -> bool:
    """Whether there is a finding of a code, and its rule leaves the text as it is."""
    with pytest.raises(AssertionError):
        fixed(folder, judged(folder, {STORY: text}, **settings), code)
    return bool(found(folder, text, code, **settings))


# -- AR011 invisible-character


@pytest.mark.parametrize(
    ("text", "place"),
    [
        (story(title="The port\u200b opens"), (2, 16)),
        (story(title='"The \u00adport"'), (2, 13)),
        (story(fields="summary: a\u2060b"), (5, 11)),
        (story("One\ufeff two."), (9, 4)),
        (story("First.\n\nA b\u200cc."), (11, 4)),
        (story("First 1\u200d2."), (9, 8)),
        (story("Text \u200dhere."), (9, 6)),
        (story("Text \U000e0041here."), (9, 6)),
        (story("Text\u180e here."), (9, 5)),
        (story("Sum\u2063 of."), (9, 4)),
        (story("Привет\u200dмир."), (9, 7)),
        (story("Flag \U0001f3f4\U000e0067\U000e007f\U000e0067 x."), (9, 9)),
        ("Title: The po\u200brt\nDate: 2026-01-31\nTags: Ports\n\nText.\n", (1, 14)),
        ("Title: The port\n    o\u200bpens\nDate: 2026-01-31\nTags: Ports\n\nText.\n", (2, 6)),
        ("Title: The port\nDate: 2026-01-31\nTags: Ports\n\nText\u200b.\n", (5, 5)),
    ],
)
def test_a_character_that_nobody_sees_is_found_where_it_stands(
    tmp_path: Path, text: str, place: tuple[int, int]
) -> None:
    assert found(tmp_path, text, "AR011") == [place]


def test_a_byte_order_mark_is_in_no_column(tmp_path: Path) -> None:
    text = story(title="The port\u200b opens")
    assert found(tmp_path, b"\xef\xbb\xbf" + text.encode(), "AR011") == [(2, 16)]


@pytest.mark.parametrize(
    "body",
    [
        "می‌خواهم",  # Persian
        "क्‍ष",  # Devanagari
        "👩‍💻 and 👨‍👩‍👧 and 🏳️‍🌈",
        "Flag 🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f of England",
        "ภาษา\u200bไทย",
        "ភាសា\u200bខ្មែរ",
        "ᠪᠠᠷᠠ\u180eᠠ",
        "a\u200eb and c\u200fd",
        "no\u00a0break and thin\u202fspace",
        "it\u2011self is 3\u20132",
        "Word &shy; and &#8203; by name",
    ],
)
def test_characters_that_do_something_stay(tmp_path: Path, body: str) -> None:
    assert found(tmp_path, story(body), "AR011") == []


def test_there_is_one_finding_a_file_with_the_number_of_all(tmp_path: Path) -> None:
    message, hint = said(tmp_path, story("One\u200b two\u00ad.", title="The port\u200b opens"), "AR011")
    assert message == (
        "U+200B (zero width space) stands in the text, where nobody sees it; the file holds 3 such characters"
    )
    assert hint == "title: The port opens"


def test_a_long_line_is_quoted_around_the_place(tmp_path: Path) -> None:
    _, hint = said(tmp_path, story(f"{'word ' * 60}port\u200b opens {'word ' * 60}"), "AR011")
    assert hint == "remove it: word word word word port opens word word word wo"


def test_removing_them_leaves_all_else(tmp_path: Path) -> None:
    text = story("One\u200b two\u00ad 👩‍💻 and می‌خواهم.", title='"The port\u200b opens"  # as\u200b said')
    expected = text.replace("\u200b", "").replace("\u00ad", "")
    assert repaired(tmp_path, text, "AR011") == expected


def test_removing_them_keeps_line_ends_and_byte_order_mark(tmp_path: Path) -> None:
    text = story("One\u200b two\ufeff\nthree.").replace("\n", "\r\n")
    expected = text.replace("\u200b", "").replace("\ufeff", "")
    assert repaired(tmp_path, "\ufeff" + text, "AR011") == "\ufeff" + expected


@pytest.mark.parametrize("title", ["\u200b~", '"\u200b"', "\u200b[a]"])
def test_front_matter_that_would_say_something_else_is_left(tmp_path: Path, title: str) -> None:
    assert refused(tmp_path, story(title=title), "AR011")


def test_a_headline_with_such_a_character_in_its_address_is_left_and_all_else_put_right(tmp_path: Path) -> None:
    text = story("One\u200b two.", fields="summary: a\u200bb", title="The po\u200brt opens")
    verdict = judged(tmp_path, {STORY: text})
    after = fixed(tmp_path, verdict, "AR011")
    assert after == text.replace("One\u200b", "One").replace("a\u200bb", "ab")
    assert refused(tmp_path, after, "AR011")


@pytest.mark.parametrize("title", ["The po\u200brt opens", "The port\u200b opens", "The po\u00adrt opens"])
def test_a_headline_with_such_a_character_elsewhere_is_put_right(tmp_path: Path, title: str) -> None:
    text = story(fields="slug: port" if "po\u200b" in title else "", title=title)
    assert repaired(tmp_path, text, "AR011") == text.replace(title, "The port opens")


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("O\u200bne 1\u200b2 \u00ad two\u200b\nthree\u200b", "One 12  two\nthree"),
        ("\u200bText\n\u200bof \u200bwords", "Text\nof words"),
        ("A **o\u200bne** (t\u200bwo), three.", "A **one** (two), three."),
        ("O\u200bne\r\n\u200b\r\ntwo", "One\r\n\u200b\r\ntwo"),
    ],
)
def test_in_a_body_they_go_where_they_touch_no_sign(tmp_path: Path, body: str, expected: str) -> None:
    assert fixed(tmp_path, judged(tmp_path, {STORY: story(body)}), "AR011") == story(body).replace(body, expected)


@pytest.mark.parametrize(
    "body",
    [
        "<\u200bscript>alert(1)</script>",
        "<scr\u200bipt>alert(1)</scr\u200bipt>",
        "\u200b# 1",
        "*\u200b*x*",
        "_\u200ba_",
        "a_\u200bb_",
        "\u200b1. one",
        "1\u200b2. one",
        "12\u200b. one",
        "&am\u200bp;",
        "One\n\u200b\ntwo",
        "One \u200b \ntwo",
        "One  \u200b\ntwo",
        "One\n\n\u200b    two",
        "One\n\n  \u200b  two",
        "*  \u200b *  *",
        "[o\u200bne]\n\n[one]: https://post.example/",
        "http\u200bs://post.example/",
        "One two\u200b.",
    ],
)
def test_in_a_body_they_stay_where_they_keep_signs_apart(tmp_path: Path, body: str) -> None:
    assert refused(tmp_path, story(body), "AR011")


def test_a_file_without_a_body_is_put_right(tmp_path: Path) -> None:
    text = "---\ntitle: The port\u200b opens\n---\n"
    after = fixed(tmp_path, judged(tmp_path, {"pages/a.md": text}), "AR011")
    assert after == text.replace("\u200b", "")


def test_a_hostile_text_of_invisible_characters_takes_no_time(tmp_path: Path) -> None:
    text = story("a\u200d" * 100_000)
    assert len(found(tmp_path, text, "AR011", ALSOREAD_TIME_LIMIT=20.0)) == 1


# -- AR121 title-in-capitals


@pytest.mark.parametrize(
    "title",
    [
        "THE PORT OPENS AGAIN",
        "THE PORT OPENS AGAIN AFTER 3 DAYS!",
        '"PORT’S QUAY: IT’S OPEN"',
        "ПОРТ СНОВА ОТКРЫТ СЕГОДНЯ",
        "ΤΟ ΛΙΜΆΝΙ ΑΝΟΊΓΕΙ ΞΑΝΆ",
        "DONAUDAMPFSCHIFFFAHRTSGESELLSCHAFT",
        "HAFENBEHÖRDE KÜNDIGT STREIK AN",
    ],
)
def test_a_headline_in_capitals_is_found(tmp_path: Path, title: str) -> None:
    assert found(tmp_path, story(title=title), "AR121") == [(2, 8)]


@pytest.mark.parametrize(
    "title",
    [
        "NASA AND ESA SIGN",
        "NASA, ESA, JAXA, CSA",
        "UNESCO, WHO",
        "The PORT OPENS AGAIN",
        "港が再び開く NASA ANNOUNCED TODAY",
        "ميناء يفتح من جديد اليوم",
        "პორტი ისევ გაიხსნა დღეს",
        "12 345 678 90",
        "PORT OPENS",
        "iPHONE SALES FALL AGAIN",
    ],
)
def test_a_headline_that_is_not_shouted_stays(tmp_path: Path, title: str) -> None:
    assert found(tmp_path, story(title=title), "AR121") == []


def test_a_headline_in_small_letters_is_offered_where_the_body_spells_every_word(tmp_path: Path) -> None:
    body = "Today the northern port opens again, says Harbour Watch, in the city of Halden."
    title = "NORTHERN PORT OPENS AGAIN IN HALDEN"
    assert said(tmp_path, story(body, title=title), "AR121") == (
        f"the whole headline is in capitals: '{title}'",
        'title: "Northern port opens again in Halden"',
    )


@pytest.mark.parametrize(
    ("body", "title"),
    [
        ("Northern ports open. Halden is one.", "Northern Port Opens Again In Halden"),
        ("The northern port opens again in halden, or in Halden.", "Northern port opens again in Halden"),
        ("THE NORTHERN PORT OPENS AGAIN IN HALDEN", "Northern Port Opens Again In Halden"),
        ("It is on THE NORTHERN PORT, OPENS AGAIN IN HALDEN", "Northern Port Opens Again In Halden"),
    ],
)
def test_a_word_that_the_body_leaves_open_may_be_a_name(tmp_path: Path, body: str, title: str) -> None:
    _, hint = said(tmp_path, story(body, title="NORTHERN PORT OPENS AGAIN IN HALDEN"), "AR121")
    assert hint == f'title: "{title}"'


def test_a_headline_without_quotes_is_offered_to_a_file_without_fences(tmp_path: Path) -> None:
    text = "Title: NORTHERN PORT OPENS AGAIN\nDate: 2026-01-31\n\nText.\n"
    assert said(tmp_path, text, "AR121")[1] == "title: Northern Port Opens Again"


# -- AR122 summary-too-long


@pytest.mark.parametrize("length", [401, 900])
def test_a_long_summary_is_found(tmp_path: Path, length: int) -> None:
    message, hint = said(tmp_path, story(fields=f"summary: {'x' * length}"), "AR122")
    assert message == f"the summary has {length} characters; lists and feeds have room for 400"
    assert hint == "keep a sentence or two, and move the rest to the body"
    assert found(tmp_path, story(fields=f"summary: {'x' * length}"), "AR122") == [(5, 10)]


LONG = "so it goes on " * 30


@pytest.mark.parametrize(
    ("summary", "kept"),
    [
        (f"It is open. The port is open again. And {LONG}.", "It is open. The port is open again."),
        (f"He said “It is open.” And {LONG}.", "He said “It is open.”"),
        (f"It is by Dr. Smith of the U.S. Navy. And {LONG}.", "It is by Dr. Smith of the U.S. Navy."),
        (f"The *port is open. The* {LONG}.", ""),
        (f"Open. The [port is. See](https://a.example/) {LONG}.", "Open."),
        (f"港口重新开放。 And {LONG}.", "港口重新开放。"),
        (f"{LONG}. It is open.", ""),
    ],
)
def test_the_sentences_that_there_is_room_for_are_offered(tmp_path: Path, summary: str, kept: str) -> None:
    _, hint = said(tmp_path, story(fields=f"summary: '{summary}'"), "AR122")
    assert hint == (f'summary: "{kept}"' if kept else "keep a sentence or two, and move the rest to the body")


@pytest.mark.parametrize(
    "summary", ["x" * 400, f"{'x' * 350} [the port](https://post.example/{'y' * 200})", f"**{'x' * 399}**", ""]
)
def test_a_summary_that_shows_no_more_than_400_characters_stays(tmp_path: Path, summary: str) -> None:
    assert found(tmp_path, story(fields=f'summary: "{summary}"'), "AR122") == []


# -- AR123 date-in-the-future (the clock of these tests stands at 2026-06-01)


@pytest.mark.parametrize("date", ["2026-06-04", "2027-01-31", "2026-06-03 00:01", "2026-06-03T09:00:00+02:00"])
def test_a_date_to_come_is_found(tmp_path: Path, date: str) -> None:
    text = story(fields=f"date: {date}")
    assert found(tmp_path, text, "AR123") == [(4, 7)]
    assert said(tmp_path, text, "AR123") == (
        f"'date' is {date}, which is still to come, and the story is published already",
        f"embargo_until: {date}  # or correct the date",
    )


@pytest.mark.parametrize(
    "fields",
    [
        "date: 2026-06-01",
        "date: 2026-06-02",
        "date: 2026-06-03",
        "date: 2026-06-03T01:00:00+02:00",
        "date: 2027-01-31\nstatus: draft",
        "date: 2027-01-31\nembargo_until: 2027-01-31",
    ],
)
def test_a_date_of_today_or_of_a_story_that_waits_stays(tmp_path: Path, fields: str) -> None:
    assert found(tmp_path, story(fields=fields), "AR123") == []


def test_a_date_less_than_a_day_ahead_stays_late_in_the_evening(tmp_path: Path) -> None:
    text = story(fields="date: 2026-06-02 23:00")
    assert found(tmp_path, text, "AR123", ALSOREAD_NOW="2026-06-01T23:30:00+00:00") == []


def test_a_date_to_come_stays_where_stories_wait_for_their_dates(tmp_path: Path) -> None:
    assert found(tmp_path, story(fields="date: 2027-01-31"), "AR123", WITH_FUTURE_DATES=False) == []


# -- AR124 date-before-sources


def with_sources(*published: str, fields: str = "") -> str:
    entries = "".join(
        f"  - name: Post {number}\n    url: https://post.example/{number}\n    published: {day}\n"
        for number, day in enumerate(published)
    )
    return story(fields=f"{fields}sources:\n{entries}")


def test_a_source_that_is_younger_than_the_story_is_found(tmp_path: Path) -> None:
    text = with_sources("2026-01-30", "2026-02-02", "2026-02-01", "2027-01-30")
    assert found(tmp_path, text, "AR124") == [(11, 16), (17, 16)]
    first = of(judged(tmp_path, {STORY: text}), "AR124")[0]
    assert first.message == "the source was published on 2026-02-02, after the story ('date' is 2026-01-31)"
    assert first.hint == "modified: 2026-02-02  # if the source came later; else correct one of the two dates"


@pytest.mark.parametrize(
    "fields",
    [
        "modified: 2026-02-10\n",
        "date: 2026-01-31\ncorrections:\n  - {date: 2026-02-10, kind: update, text: It is more.}\n",
        "date: 2026-02-09 23:30\n",
    ],
)
def test_a_source_that_came_with_a_later_change_stays(tmp_path: Path, fields: str) -> None:
    assert found(tmp_path, with_sources("2026-02-10", fields=fields), "AR124") == []


# -- AR125 date-without-zone


@pytest.mark.parametrize("name", ["embargo_until", "expires"])
@pytest.mark.parametrize(
    "typed", ["2026-01-31 14:30", "2026/1/31 14:30", "2026-01-31T14:30:05", "2026-01-31 14:30:05.5"]
)
def test_a_time_without_a_zone_is_found_and_gets_that_of_the_digest(tmp_path: Path, name: str, typed: str) -> None:
    text = story(fields=f"{name}: {typed}")
    assert found(tmp_path, text, "AR125", TIMEZONE="Europe/Paris") == [(5, len(name) + 3)]
    after = repaired(tmp_path, text, "AR125", TIMEZONE="Europe/Paris")
    assert after == text.replace(typed, f"{typed}+01:00")


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("expires: '2026-07-31 14:30'", "expires: '2026-07-31 14:30+02:00'"),
        ('expires: "2026-07-31 14:30"  # noon', 'expires: "2026-07-31 14:30+02:00"  # noon'),
        ("expires:   2026-07-31 14:30   # noon", "expires:   2026-07-31 14:30+02:00   # noon"),
        ("expires: 2026-10-25 02:30", "expires: 2026-10-25 02:30+02:00"),
        ("expires: 2026-03-29 02:30", "expires: 2026-03-29 02:30+01:00"),
    ],
)
def test_the_zone_is_that_of_the_instant_and_the_form_stays(tmp_path: Path, line: str, expected: str) -> None:
    text = story(fields=line).replace("\n", "\r\n")
    before = judged(tmp_path, {STORY: text}, TIMEZONE="Europe/Paris")
    after = repaired(tmp_path, text, "AR125", TIMEZONE="Europe/Paris")
    assert after == text.replace(line, expected)
    then = judged(tmp_path, {STORY: after}, TIMEZONE="Europe/Paris").archive.stories[STORY].expires
    was = before.archive.stories[STORY].expires
    assert then is not None
    assert was is not None
    assert then.timestamp() == was.timestamp()


def test_the_zone_stands_in_headers_too(tmp_path: Path) -> None:
    text = "Title: The port\nDate: 2026-01-31\nExpires: 2026-01-31 14:30  \nTags: Ports\n\nText.\n"
    assert repaired(tmp_path, text, "AR125") == text.replace("14:30", "14:30+00:00")


@pytest.mark.parametrize(
    "time",
    ["2026-01-31", "2026-01-31 14:30Z", "2026-01-31 14:30 UTC", "2026-01-31T14:30:00+01:00", "2026-01-31 14:30 -0500"],
)
def test_a_day_or_a_time_in_a_zone_stays(tmp_path: Path, time: str) -> None:
    assert (
        found(tmp_path, story(fields=f"date: 2026-01-30 14:30\nembargo_until: {time}\nexpires: {time}"), "AR125") == []
    )


def test_what_a_page_is_not_asked_for_may_be_anything(tmp_path: Path) -> None:
    page = "---\ntitle: About\ndate: 2026-01-31 14:30\nexpires: 2026-99-99 14:30\ncorrections: [{date: 2026-99-99}]\n---\n\nText.\n"
    verdict = judged(tmp_path, {"pages/about.md": page})
    assert where(verdict, "AR125") == []
    assert of(verdict, "AR902") == []


def test_a_time_before_there_were_zones_is_left(tmp_path: Path) -> None:
    assert refused(tmp_path, story(fields="expires: 1850-01-31 14:30"), "AR125", TIMEZONE="Europe/Paris")


# -- AR126 lookalike-letters


@pytest.mark.parametrize(
    ("title", "message"),
    [
        (
            "The pоrt opens again",
            (
                "the word 'pоrt' of the headline has CYRILLIC SMALL LETTER O (U+043E) as letter 2, "
                "where LATIN SMALL LETTER O looks the same"
            ),
        ),
        (
            "Τhe port opens again",
            (
                "the word 'Τhe' of the headline has GREEK CAPITAL LETTER TAU (U+03A4) as letter 1, "
                "where LATIN CAPITAL LETTER T looks the same"
            ),
        ),
        (
            "В Мoскве откроют порт",
            (
                "the word 'Мoскве' of the headline has LATIN SMALL LETTER O (U+006F) as letter 2, "
                "where CYRILLIC SMALL LETTER O looks the same"
            ),
        ),
        (
            "Лiкарня відчинилася",
            (
                "the word 'Лiкарня' of the headline has LATIN SMALL LETTER I (U+0069) as letter 2, "
                "where CYRILLIC SMALL LETTER BYELORUSSIAN-UKRAINIAN I looks the same"
            ),
        ),
    ],
)
def test_a_letter_of_another_script_is_found(tmp_path: Path, title: str, message: str) -> None:
    assert found(tmp_path, story(title=title), "AR126") == [(2, 8)]
    assert said(tmp_path, story(title=title), "AR126")[0] == message


def test_the_headline_with_its_own_letters_is_offered(tmp_path: Path) -> None:
    assert said(tmp_path, story(title="The pоrt орens"), "AR126")[1] == 'title: "The port орens"'
    assert said(tmp_path, story(title="The роrts"), "AR126")[1] == 'title: "The ports"'


@pytest.mark.parametrize(
    "title",
    [
        "Путешествие in Moscow",
        "IT-компания и SMSка",
        "ITшник и PRщик",
        "хIара а, хIинца а",
        "YouTubeканал",
        "10 µm and 10 μm and 5 kΩ and 5Ω",
        "TNFα, IFNγ and NF-κB",
        "ΔT of 3, ΛCDM, γH2AX",
        "Ελλάδα και Europe",
        "Zаборона",
        "Ærø, Łódź und Straße",
        "Český Těšín",
    ],
)
def test_words_of_one_script_and_known_mixtures_stay(tmp_path: Path, title: str) -> None:
    assert found(tmp_path, story(title=title), "AR126") == []


def test_a_tag_is_found_where_it_stands(tmp_path: Path) -> None:
    text = story(fields="tags: [Ports, Ноuses, Моscow]")
    assert found(tmp_path, text, "AR126") == [(4, 15), (4, 23)]
    assert of(judged(tmp_path, {STORY: text}), "AR126")[1].hint == "Moscow"


# -- AR127 embargo-without-effect


def test_an_embargo_that_ends_before_the_date_is_found(tmp_path: Path) -> None:
    text = story(fields="embargo_until: 2026-01-29 23:00")
    assert found(tmp_path, text, "AR127") == [(5, 16)]
    assert said(tmp_path, text, "AR127") == (
        "'embargo_until' is 2026-01-29 23:00, before the story's own date, 2026-01-31",
        "embargo_until: 2026-01-31  # or correct the date, or remove the embargo",
    )


@pytest.mark.parametrize("until", ["2026-01-30", "2026-01-31", "2026-02-28", "2026-01-30T00:00:00+00:00"])
def test_an_embargo_of_the_day_or_later_stays(tmp_path: Path, until: str) -> None:
    assert found(tmp_path, story(fields=f"embargo_until: {until}"), "AR127") == []


# -- AR128 expiry-before-publication


@pytest.mark.parametrize(
    ("fields", "line", "name"),
    [
        ("expires: 2026-01-31", 5, "'date' (2026-01-31)"),
        ("expires: 2025-12-31", 5, "'date' (2026-01-31)"),
        ("embargo_until: 2026-03-01\nexpires: 2026-02-28", 6, "'embargo_until' (2026-03-01)"),
        ("embargo_until: 2026-03-01\nexpires: 2026-03-01", 6, "'embargo_until' (2026-03-01)"),
    ],
)
def test_a_story_that_nobody_would_see_is_found_once(tmp_path: Path, fields: str, line: int, name: str) -> None:
    text = story(fields=fields)
    expires = fields.rpartition(" ")[2]
    assert found(tmp_path, text, "AR128") == [(line, 10)]
    assert (
        said(tmp_path, text, "AR128")[0] == f"'expires' is {expires}, not after {name}: nobody would ever see the story"
    )


@pytest.mark.parametrize(
    ("fields", "hint"),
    [
        ("expires: 2025-12-31", "expires: 2026-02-01"),
        ("embargo_until: 2026-03-01\nexpires: 2026-02-28", "expires: 2026-03-02"),
        ("embargo_until: 2026-02-28 22:00:00-05:00\nexpires: 2026-02-28", "expires: 2026-03-02"),
    ],
)
def test_the_day_after_is_offered_and_nothing_is_found_with_it(tmp_path: Path, fields: str, hint: str) -> None:
    assert said(tmp_path, story(fields=fields), "AR128")[1] == hint
    better = story(fields=f"{fields.rpartition('expires')[0]}{hint}")
    assert found(tmp_path, better, "AR128") == []


@pytest.mark.parametrize("fields", ["expires: 2026-01-31 00:01", "embargo_until: 2026-03-01\nexpires: 2026-03-02"])
def test_a_story_that_somebody_sees_stays(tmp_path: Path, fields: str) -> None:
    assert found(tmp_path, story(fields=fields), "AR128") == []


# -- AR129 corrections-out-of-order


def with_corrections(*days: str, fields: str = "date: 2026-01-31\n") -> str:
    entries = "".join(f"  - date: {day}\n    kind: correction\n    text: It is so.\n" for day in days)
    return story(fields=f"{fields}corrections:\n{entries}")


@pytest.mark.parametrize(
    ("days", "lines", "message"),
    [
        (["2026-03-01", "2026-02-01"], [9], "the correction of 2026-02-01 stands behind one of 2026-03-01"),
        (
            ["2026-03-01", "2026-02-02", "2026-02-01"],
            [9],
            "the correction of 2026-02-02 stands behind one of 2026-03-01",
        ),
        (["2026-01-30"], [6], "the correction is of 2026-01-30, before the story ('date' is 2026-01-31)"),
        (["2026-02-01", "2027-02-01"], [9], "the correction is of 2027-02-01, which is still to come"),
        (["2027-02-01", "2026-02-01"], [6], "the correction is of 2027-02-01, which is still to come"),
    ],
)
def test_a_correction_out_of_order_is_found(tmp_path: Path, days: list[str], lines: list[int], message: str) -> None:
    assert found(tmp_path, with_corrections(*days), "AR129") == [(line, 5) for line in lines]
    assert said(tmp_path, with_corrections(*days), "AR129")[0] == message


def test_what_is_offered_for_corrections_puts_them_right(tmp_path: Path) -> None:
    _, hint = said(tmp_path, with_corrections("2026-03-01", "2026-02-01"), "AR129")
    entry = '{date: 2026-0%s-01, kind: correction, text: "It is so."}'
    assert hint == f"corrections: [{entry % 2}, {entry % 3}]"
    assert found(tmp_path, story(fields=f"date: 2026-01-31\n{hint}\n"), "AR129") == []
    assert said(tmp_path, with_corrections("2026-01-30"), "AR129")[1] == "date: 2026-01-31"
    assert said(tmp_path, with_corrections("2027-01-30"), "AR129")[1] == "date: 2026-06-01"
    many = with_corrections("2026-03-01", *["2026-02-01"] * 20)
    assert said(tmp_path, many, "AR129")[1] == "put it before the one of 2026-03-01: the oldest first"


@pytest.mark.parametrize(
    "days", [["2026-01-31"], ["2026-02-01", "2026-02-01", "2026-03-01"], ["2026-06-01"], ["2026-06-02"], []]
)
def test_corrections_with_the_oldest_first_stay(tmp_path: Path, days: list[str]) -> None:
    assert found(tmp_path, with_corrections(*days), "AR129") == []


def test_a_correction_of_the_same_day_in_another_zone_stays(tmp_path: Path) -> None:
    text = with_corrections("2026-01-31", fields="date: 2026-02-01T00:30:00+02:00\n")
    assert found(tmp_path, text, "AR129") == []


# -- AR131 title-untidy

UNTIDY = [
    ("The  port opens", "several spaces in a row", "The port opens"),
    ("The port opens !", "a space before '!'", "The port opens!"),
    ("Port , quay and ferry", "a space before ','", "Port, quay and ferry"),
    ("Open in 2026 ?!", "a space before '?'", "Open in 2026?!"),
    ("The port`s quay", "typewriter quotes (`, ´ or '')", "The port’s quay"),
    ("It isn´t the port's quay", "typewriter quotes (`, ´ or '')", "It isn't the port's quay"),
    ("The ''old'' port", "typewriter quotes (`, ´ or '')", "The “old” port"),
    ("The ``old quay'' opens", "typewriter quotes (`, ´ or '')", "The “old quay” opens"),
    ("The ´old´ port", "typewriter quotes (`, ´ or '')", "The ‘old’ port"),
    ("The “old” port's quay", "straight and curly quotes", "The “old” port’s quay"),
    ('The port’s "old" quay', "straight and curly quotes", "The port’s “old” quay"),
    ("The northern port opens again.", "a full stop at its end", "The northern port opens again"),
    ("Ports, quays; all is open again.", "a full stop at its end", "Ports, quays; all is open again"),
    ("Порт снова открыт сегодня.", "a full stop at its end", "Порт снова открыт сегодня"),
    ("The  port’s quay, it's open.", "several spaces in a row and straight and curly quotes and a full stop at its end",
     "The port’s quay, it’s open"),
]  # fmt: skip


@pytest.mark.parametrize(("title", "slip", "better"), UNTIDY)
def test_an_untidy_headline_is_found_and_set_right(tmp_path: Path, title: str, slip: str, better: str) -> None:
    text = story(title=f"{title}  # as sent", fields="slug: port").replace("\n", "\r\n")
    assert found(tmp_path, text, "AR131") == [(2, 8)]
    message, hint = said(tmp_path, text, "AR131")
    assert message == f"the headline has {slip}: '{title}'"
    assert hint == f"title: {better!r}" if '"' in better else f'title: "{better}"'
    assert repaired(tmp_path, text, "AR131") == text.replace(title, better)


def test_the_hint_has_no_quotes_where_a_header_has_none(tmp_path: Path) -> None:
    text = "Title: The  port: opens\nDate: 2026-01-31\nTags: Ports\n\nText.\n"
    assert said(tmp_path, text, "AR131")[1] == "title: The port: opens"
    fenced = "---\ntitle: The  port opens\ndate: 2026-01-31\ntags: Ports\n---\n\nText.\n"
    assert said(tmp_path, fenced, "AR131")[1] == 'title: "The port opens"'


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("'The ports  ''old'' quay'", "'The ports ''old'' quay'"),
        ('"The \\"old\\"  quay"', '"The \\"old\\" quay"'),
        ("The port: open  again".replace(":", "&#58;"), "The port&#58; open again"),
    ],
)
def test_the_quotes_around_a_headline_stay(tmp_path: Path, line: str, expected: str) -> None:
    text = story(title=line)
    assert repaired(tmp_path, text, "AR131") == text.replace(line, expected)


@pytest.mark.parametrize(
    "title",
    [
        "Hawai`i wants its port",
        "The port , , opens",
        "The “old port's' quay",
        "Port ouvert à l´est des îles ``vieux'' quais",
        ">\n  The  port\n  opens",
        "The  port\n  opens",
    ],
)
def test_an_untidy_headline_that_is_in_doubt_is_left(tmp_path: Path, title: str) -> None:
    lang = "lang: it" if "ouvert" in title else "lang: en"
    assert refused(tmp_path, story(fields=f"{lang}\nslug: port", title=title), "AR131")


@pytest.mark.parametrize("fields", ["", "slug:", "slug: ~"])
def test_a_headline_that_makes_the_address_is_left_where_that_would_be_another(tmp_path: Path, fields: str) -> None:
    assert refused(tmp_path, story(fields=fields, title="The port´s quay"), "AR131")
    text = story(fields=fields, title="The  port")
    assert repaired(tmp_path, text, "AR131") == text.replace("The  port", "The port")


def test_the_address_of_a_page_stays_too(tmp_path: Path) -> None:
    text = "---\ntitle: The port´s quay\n---\n\nText.\n"
    verdict = judged(tmp_path, {"pages/a.md": text})
    assert [finding.path for finding in of(verdict, "AR131")] == ["pages/a.md"]
    with pytest.raises(AssertionError):
        fixed(tmp_path, verdict, "AR131")


@pytest.mark.parametrize(
    ("title", "lang"),
    [
        ("The port opens again", "en"),
        ("Le port est ouvert !", "fr"),
        ("Le port est ouvert : enfin", "fr-ca"),
        ("The port ... opens", "en"),
        ("Open in 2026 ...", "en"),
        ("Sites in .gov and .NET", "en"),
        ("They win 3 : 2", "en"),
        ("The `build` command", "en"),
        ("The pipe is 5'10\" or 10'' long “again”", "en"),
        ("It's the port's \"old\" quay", "en"),
        ("It’s the port’s “old” quay", "en"),
        ("The ‘old’ port of Hawai‘i", "en"),
        ("Hawai‘i's port", "en"),
        ('צה"ל “נמל”', "he"),
        ("The port is run by Harbour Watch Inc.", "en"),
        ("The port moves to Washington, D.C.", "en"),
        ("The port opens at 9 a.m.", "en"),
        ("What the port needs: quays, cranes, etc.", "en"),
        ("The port opens again. The quay too.", "en"),
        ("The port opens again...", "en"),
        ("Der Hafen öffnet bis zum 15.", "de"),
        ("Der Hafen kostet 15 Mio.", "de"),
        ("Fun.", "en"),
    ],
)
def test_a_tidy_headline_stays(tmp_path: Path, title: str, lang: str) -> None:
    quoted = "'" + title.replace("'", "''") + "'"
    assert found(tmp_path, story(fields=f"lang: {lang}", title=quoted), "AR131") == []


# -- AR132 field-order

SOURCES = "sources:\n  - name: Post\n    url: https://post.example/1\n"


def front(fields: str) -> str:
    return f"---\n{fields}---\n\nText.\n"


@pytest.mark.parametrize(
    ("fields", "line", "message"),
    [
        (
            f"title: The port\ndate: 2026-01-31\n{SOURCES}tags: [Ports]\n",
            7,
            "'tags' stands behind 'sources', where it is easily missed",
        ),
        (
            f"tags: [Ports]\ntitle: The port\ndate: 2026-01-31\n{SOURCES}",
            3,
            "'title' stands behind 'tags', where it is easily missed",
        ),
        (
            f"title: The port\ntags:\n  - Ports\n# when\ndate: 2026-01-31\n{SOURCES}slug: port\n",
            6,
            "'date' stands behind 'tags', where it is easily missed",
        ),
    ],
)
def test_a_field_that_is_easily_missed_is_found(tmp_path: Path, fields: str, line: int, message: str) -> None:
    assert found(tmp_path, front(fields), "AR132") == [(line, 1)]
    assert said(tmp_path, front(fields), "AR132")[0] == message


def test_the_usual_order_is_offered(tmp_path: Path) -> None:
    text = front(f"title: The port\ndate: 2026-01-31\n{SOURCES}tags: [Ports]\nmood: calm\nslug: port\n")
    hint = "the usual order is title, slug, date, tags, mood, sources"
    assert said(tmp_path, text, "AR132", ALSOREAD_EXTRA_FIELDS=["mood"])[1] == hint


@pytest.mark.parametrize(
    "fields",
    [
        f"title: The port\ndate: 2026-01-31\ntags: [Ports]\nsummary: Open.\nslug: port\nlang: en\n{SOURCES}",
        f"title: The port\ndate: 2026-01-31\ntags:\n  - Ports\nsummary: >\n  Open.\n  Again.\n{SOURCES}",
        f"title: The port\ndate: 2026-01-31\ntags: [Ports]\nimage:\n  src: images/a.png\n{SOURCES}",
        f"title: The port\ndate: 2026-01-31\ntags: [Ports]\nslug: port\n# one\n# two\nid: port\n{SOURCES}",
        f"mood: calm\ntitle: The port\ndate: 2026-01-31\ntags: [Ports]\n{SOURCES}",
        "{tags: [Ports], title: The port, date: 2026-01-31}\n",
    ],
)
def test_fields_that_are_seen_at_a_glance_stay(tmp_path: Path, fields: str) -> None:
    assert found(tmp_path, front(fields), "AR132", ALSOREAD_EXTRA_FIELDS=["mood"]) == []


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_fields_are_moved_with_their_lines_and_comments(tmp_path: Path, end: str) -> None:
    before = (
        "---\n# all of it\ntags: [Ports] # two\n\n# the list\nsources:\n  # first\n  - name: 'Post'\n    url: https://post.example/1\n"
        'mood: calm\n# when\ndate: 2026-01-31\ntitle: "The port"  # short\nsummary: |\n  Open.\n\n  # Again.\n# slug: port\n---\n\nText.\n'
    )
    after = (
        '---\ntitle: "The port"  # short\n# when\ndate: 2026-01-31\n# all of it\ntags: [Ports] # two\nsummary: |\n  Open.\n\n  # Again.\n'
        "\n# the list\nsources:\n  # first\n  - name: 'Post'\n    url: https://post.example/1\nmood: calm\n# slug: port\n---\n\nText.\n"
    )
    text = "\ufeff" + before.replace("\n", end)
    assert repaired(tmp_path, text, "AR132", ALSOREAD_EXTRA_FIELDS=["mood"]) == "\ufeff" + after.replace("\n", end)


@pytest.mark.parametrize(
    "text",
    [
        "Tags: Ports\nTitle: The port\nDate: 2026-01-31\n\nText.\n",
        front("tags: [Ports]\nsummary: |+\n  Open.\n\ntitle: The port\ndate: 2026-01-31\n"),
        front("tags: [Ports]\nsummary: 'One\n# two'\ndate: 2026-01-31\ntitle: The port\n"),
    ],
)
def test_fields_are_left_where_the_order_is_in_doubt(tmp_path: Path, text: str) -> None:
    assert refused(tmp_path, text, "AR132")


# -- tags: AR308, AR309, AR310, AR311

MOON = "---\nname: Moon\naliases: [Lune, The Moon]\n---\n"
WEATHER = "---\nname: Weather\n---\n"
TOPICS = {"topics/moon.md": MOON, "topics/weather.md": WEATHER}


def tagged(tags: str, fields: str = "") -> str:
    return story(fields=f"tags: {tags}\n{fields}")


def in_topics(folder: Path, text: str, code: str) -> list[tuple[int, int, str, str]]:
    """Place, message and hint of the findings of a code in one story of a digest that has topics."""
    verdict = judged(folder, {**TOPICS, STORY: text})
    assert STORY in verdict.archive.stories
    return [(each.line, each.column, each.message, each.hint) for each in of(verdict, code)]


def mended(folder: Path, text: str, code: str) -> str:
    """The story's text after the first finding of a code is put right."""
    return fixed(folder, judged(folder, {**TOPICS, STORY: text}), code)


@pytest.mark.parametrize(
    ("tags", "column", "tag", "label"),
    [
        ("[Lune]", 8, "Lune", "Moon"),
        ("[Weather, the  moon]", 17, "the moon", "Moon"),
        ("[moon]", 8, "moon", "Moon"),
        ("Weather, MOON", 7, "MOON", "Moon"),
        ("[weathér]", 8, "weathér", "Weather"),
    ],
)
def test_a_tag_by_another_name_is_found(tmp_path: Path, tags: str, column: int, tag: str, label: str) -> None:
    path = f"topics/{label.lower()}.md"
    message = f"the tag '{tag}' is another name of the topic '{label}' ({path})"
    assert in_topics(tmp_path, tagged(tags), "AR308") == [(4, column, message, label)]


@pytest.mark.parametrize(
    ("tags", "fields"),
    [("[Moon, Weather]", ""), ("[Lunes, Ports]", ""), ("[Lune]", "lang: fr"), ("Moon, Weather", "")],
)
def test_a_tag_by_its_own_name_stays(tmp_path: Path, tags: str, fields: str) -> None:
    assert in_topics(tmp_path, tagged(tags, fields), "AR308") == []


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ("[Ports, 'Lune'] # two", "[Ports, 'Moon'] # two"),
        ("[Lune, Moon]", "[Moon]"),
        ("Ports, lune", "Ports, Moon"),
        ("\n  - Ports # one\n  - The Moon # two", "\n  - Ports # one\n  - Moon # two"),
    ],
)
def test_a_tag_gets_the_name_of_its_topic(tmp_path: Path, tags: str, expected: str) -> None:
    text = tagged(tags).replace("\n", "\r\n")
    after = mended(tmp_path, text, "AR308")
    assert after == text.replace(tags.replace("\n", "\r\n"), expected.replace("\n", "\r\n"))
    assert in_topics(tmp_path, after, "AR308") == []


def archive_of(*tags: str) -> dict[str, str | bytes]:
    """A story a list of tags, one a day."""
    return {
        f"stories/{number:02}.md": story(
            f"Text {number}.", f"date: 2026-01-{number:02}\ntags: [{each}]\n", title=f"Port {number}"
        )
        for number, each in enumerate(tags, 1)
    }


@pytest.mark.parametrize(
    ("rare", "common"),
    [
        ("Port", "Ports"),
        ("Oil refineries", "Oil refinery"),
        ("Coast guard", "Coastguard"),
        ("Run-off", "Runoff"),
        ("Harbour watches", "Harbour watch"),
        ("Bomb boxes", "Bomb box"),
        ("Weahter maps", "Weather maps"),
        ("Jharkand", "Jharkhand"),
        ("Погдоа", "Погода"),
    ],
)
def test_a_tag_that_is_nearly_another_is_found_at_its_oldest_story(tmp_path: Path, rare: str, common: str) -> None:
    verdict = judged(tmp_path, archive_of(common, common, f"Quays, {rare}", rare, common))
    assert where(verdict, "AR309") == [("stories/03.md", 4, 15)]
    (finding,) = of(verdict, "AR309")
    assert finding.message == f"the tag '{rare}', which 2 stories have, is nearly '{common}', which 3 have"
    assert finding.hint == common


@pytest.mark.parametrize(
    ("rare", "common"),
    [
        ("Georgian", "Georgia"),
        ("Slovenia", "Slovakia"),
        ("Chinle", "Chile"),
        ("News", "New"),
        ("Bus", "Bu"),
        ("Sports car", "Sport cars"),
        ("Route 66", "Route 6"),
        ("Elections 2025", "Elections 2026"),
        ("Martial", "Marital arts"),
        ("天气地图天气", "天气地天气图"),
    ],
)
def test_a_tag_that_is_another_word_stays(tmp_path: Path, rare: str, common: str) -> None:
    assert where(judged(tmp_path, archive_of(common, common, rare)), "AR309") == []


def test_tags_that_as_many_stories_have_stay(tmp_path: Path) -> None:
    assert where(judged(tmp_path, archive_of("Port", "Ports")), "AR309") == []
    files = archive_of("Port", "Port", "Port", "Ports", "Ports", "Ports", "Ports")
    assert where(judged(tmp_path, files), "AR309") == []


def test_a_tag_is_not_told_of_twice_where_topics_have_files(tmp_path: Path) -> None:
    verdict = judged(tmp_path, {**archive_of("Ports", "Ports", "Port"), "topics/moon.md": MOON})
    assert len(of(verdict, "AR303")) == 2
    assert of(verdict, "AR309") == []


@pytest.mark.parametrize("count", [11, 40])
def test_more_than_ten_tags_are_found(tmp_path: Path, count: int) -> None:
    text = tagged(f"[{', '.join(f'Port {number}' for number in range(count))}]")
    assert found(tmp_path, text, "AR310") == [(4, 7)]
    message, hint = said(tmp_path, text, "AR310")
    assert message.startswith(f"the story has {count} tags; ")
    assert hint == "tags: [" + ", ".join(f'"Port {number}"' for number in range(10)) + "]"
    headed = (
        f"Title: A port\nDate: 2026-01-31\nTags: {', '.join(f'Port {number}' for number in range(count))}\n\nText.\n"
    )
    assert said(tmp_path, headed, "AR310")[1] == "tags: " + ", ".join(f"Port {number}" for number in range(10))


def test_ten_tags_stay(tmp_path: Path) -> None:
    assert found(tmp_path, tagged(f"[{', '.join(f'Port {number}' for number in range(10))}, Port 1]"), "AR310") == []


@pytest.mark.parametrize(
    ("tags", "column", "message"),
    [
        ("[Ports, ports]", 15, "the tag 'ports' means the same topic as 'Ports'"),
        ("[Ports, Quays, Ports]", 22, "the tag 'Ports' stands there twice"),
        ("Café, Quays, cafe", 7, "the tag 'cafe' means the same topic as 'Café'"),
        ("[Moon, Moon]", 14, "the tag 'Moon' stands there twice"),
    ],
)
def test_a_topic_that_is_meant_twice_is_found(tmp_path: Path, tags: str, column: int, message: str) -> None:
    first = message.split("'")[3] if "means" in message else message.split("'")[1]
    assert in_topics(tmp_path, tagged(tags), "AR311") == [(4, column, message, f"keep '{first}' only")]


@pytest.mark.parametrize("tags", ["[Ports, Port]", "[Moon, Lune]", "Ports", "[C, C++, C#]", '["Paris, Texas", Paris]'])
def test_tags_of_different_topics_stay(tmp_path: Path, tags: str) -> None:
    assert in_topics(tmp_path, tagged(tags), "AR311") == []


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ("[Ports, ports] # two", "[Ports] # two"),
        ("Ports, Quays, Ports", "Ports, Quays"),
        ("\n  - Ports # one\n  # two\n  - ports\n  - Quays", "\n  - Ports # one\n  # two\n  - Quays"),
        ("\n  - C#\n  - C#", "\n  - C#"),
    ],
)
def test_the_second_tag_of_a_topic_goes(tmp_path: Path, tags: str, expected: str) -> None:
    text = tagged(tags).replace("\n", "\r\n")
    after = mended(tmp_path, text, "AR311")
    assert after == text.replace(tags.replace("\n", "\r\n"), expected.replace("\n", "\r\n"))
    assert in_topics(tmp_path, after, "AR311") == []


@pytest.mark.parametrize("tags", ["\n  - Ports\n  - ports # kept because", "\n  - C#\n  - C# # kept because"])
def test_the_second_tag_stays_where_its_line_has_a_comment(tmp_path: Path, tags: str) -> None:
    text = tagged(tags)
    assert len(in_topics(tmp_path, text, "AR311")) == 1
    with pytest.raises(AssertionError):
        mended(tmp_path, text, "AR311")
