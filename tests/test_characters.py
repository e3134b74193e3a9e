"""Is a file text that may be published, character by character?"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alsoread.diagnostics import CODES
from alsoread.news.characters import bad_character, decode, is_forbidden, place
from reading import places

REFUSED = [
    # data, code, line, column
    (b"abc\x00def", "AR004", 1, 4),
    (b"one\ntwo\x0bthree", "AR004", 2, 4),
    (b"one\n\ntwo\x7f", "AR004", 3, 4),
    ("one\ntwo \x84".encode(), "AR004", 2, 5),
    ("\ufdd0".encode(), "AR004", 1, 1),
    ("é\U0001ffff".encode(), "AR004", 1, 2),
    (b"one\r\ntw\x1bo", "AR004", 2, 3),
    (b"one\rtwo\rthr\x01ee", "AR004", 3, 4),
    ("a\u202eb".encode(), "AR005", 1, 2),
    ("one\n\u2066two".encode(), "AR005", 2, 1),
    # a bidirectional control weighs more than another that stands before it
    ("\x01one\n\u202atwo".encode(), "AR005", 2, 1),
    ("title: é".encode("latin-1"), "AR003", 1, 8),
    ("one\r\ntwo é".encode("latin-1"), "AR003", 2, 5),
    ("one\rtwo é".encode("latin-1"), "AR003", 2, 5),
    ("日本\n日本".encode() + b"\xff", "AR003", 2, 3),
    ("\ufeffab".encode() + b"\xff", "AR003", 1, 3),
    ("\ufefftitle".encode("utf-16"), "AR003", 1, 1),
    ("title".encode("utf-16-be") + b"\xd8\x00", "AR003", 1, 11),
    (b"one\n\xc0\xaf", "AR003", 2, 1),
    (b"\xe0\x80\xaf", "AR003", 1, 1),
    (b"\xed\xa0\x80", "AR003", 1, 1),
    (b"\xf4\x90\x80\x80", "AR003", 1, 1),
    (b"cut \xe6\x97", "AR003", 1, 5),
]


@pytest.mark.parametrize(("data", "code", "line", "column"), REFUSED)
def test_a_refused_character_is_reported_at_its_line_and_column(data: bytes, code: str, line: int, column: int) -> None:
    text, findings = decode(data, "a.md")
    assert text == ""
    assert places(findings) == [(code, line, column)]
    assert findings[0].hint


def test_a_message_names_the_character_and_the_byte() -> None:
    assert "U+0007" in decode(b"\x07", "a.md")[1][0].message
    assert "U+202E" in decode("\u202e".encode(), "a.md")[1][0].message
    assert "0xe9" in decode(b"caf\xe9", "a.md")[1][0].message


def test_a_byte_order_mark_is_a_warning_and_taken_away() -> None:
    text, findings = decode("\ufeffone\ntwo".encode(), "a.md")
    assert text == "one\ntwo"
    assert places(findings) == [("AR006", 1, 1)]
    assert not findings[0].is_error


def test_places_after_a_byte_order_mark_do_not_count_it() -> None:
    assert places(decode("\ufeffab\x00".encode(), "a.md")[1]) == [("AR006", 1, 1), ("AR004", 1, 3)]


def test_line_ends_of_all_kinds_become_line_feeds() -> None:
    assert decode(b"a\r\nb\rc\nd\r\r\ne", "a.md") == ("a\nb\nc\nd\n\ne", ())


def test_signs_that_scripts_and_emoji_need_are_let_through() -> None:
    text = "tab\there; \u200eleft\u200fright; \U0001f469\u200d\U0001f680; كتاب; \u0915\u094d\u200d\u0937; soft\u00adhyphen; e\u0301; \U0001d11e"
    assert decode(text.encode(), "a.md") == (text, ())


def test_line_and_column_count_from_one() -> None:
    assert [place("ab\ncd\n", offset) for offset in range(6)] == [(1, 1), (1, 2), (1, 3), (2, 1), (2, 2), (2, 3)]


@given(st.binary())
def test_any_bytes_are_either_text_or_an_error_with_a_place_in_the_file(data: bytes) -> None:
    text, findings = decode(data, "a.md")
    lines = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n").count(b"\n") + 1
    assert all(finding.code in CODES and 1 <= finding.line <= lines and finding.column >= 1 for finding in findings)
    if any(finding.is_error for finding in findings):
        assert text == ""
    else:
        # nothing is lost but the mark and the kind of line ends
        assert text == data.decode().removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


@given(st.text())
def test_a_text_is_refused_exactly_where_one_of_its_characters_is_forbidden(text: str) -> None:
    bad = bad_character(text)
    assert (bad is None) == (not any(map(is_forbidden, text)))
    assert bad is None or text[bad.offset] == bad.char


def test_no_forbidden_character_is_passed_over() -> None:
    every = map(chr, range(0x110000))
    assert [char for char in every if is_forbidden(char) and bad_character(f"a{char}") is None] == []
