"""How does a name become part of an address?"""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from alsoread.news.names import SLUG, SLUG_LENGTH, cut_slug, slugify

SLUGS = [
    ("India's Chandrayaan-3 lands", "indias-chandrayaan-3-lands"),
    ("India’s  “quoted” — dash", "indias-quoted-dash"),
    ("R&D", "r-and-d"),
    ("C++", "c-plus-plus"),
    ("C#", "c-sharp"),
    ("Ærø, Łódź, Straße", "aero-lodz-strasse"),
    ("Москва", "moskva"),
    ("東京", "dong-jing"),
    ("ＦＵＬＬ　ｗｉｄｔｈ", "full-width"),
    ("../../etc/passwd", "etc-passwd"),
    ("a\nb\x00c", "a-b-c"),
    ("1st", "1st"),
    ("—…!", ""),
    ("🚀", ""),
    ("", ""),
]


@pytest.mark.parametrize(("text", "slug"), SLUGS)
def test_a_name_is_spelt_with_letters_digits_and_hyphens(text: str, slug: str) -> None:
    assert slugify(text) == slug


def test_names_that_differ_by_a_sign_only_have_different_slugs() -> None:
    assert len({slugify(name) for name in ("C", "C++", "C#")}) == 3


@given(st.text(st.characters(exclude_categories=["Cs"])))
@example("ſ ﬁ ½ ℀ ㎏ K İ ı")
def test_a_slug_is_empty_or_well_formed_and_stays_as_it_is(text: str) -> None:
    slug = slugify(text)
    assert slug == "" or SLUG.fullmatch(slug)
    assert slugify(slug) == slug


def test_a_short_slug_is_not_cut() -> None:
    assert cut_slug("x" * SLUG_LENGTH) == "x" * SLUG_LENGTH
    assert cut_slug("x" * SLUG_LENGTH, apart=True) == "x" * SLUG_LENGTH


def test_a_long_slug_ends_with_a_whole_word() -> None:
    assert cut_slug("one-two-three", 9) == "one-two"
    assert cut_slug("one-two-three", 7) == "one-two"
    assert cut_slug("one-two-three", 12) == "one-two"


def test_one_long_word_is_cut_in_the_middle() -> None:
    assert cut_slug("x" * 200) == "x" * SLUG_LENGTH
    assert cut_slug("a-" + "x" * 200, 10) == "a-xxxxxxxx"


def test_slugs_that_differ_behind_the_cut_stay_apart() -> None:
    one, two = (cut_slug("word-" * 30 + end, apart=True) for end in ("one", "two"))
    assert one != two
    assert len(one) <= SLUG_LENGTH
    assert SLUG.fullmatch(one)


@given(st.from_regex(SLUG, fullmatch=True), st.integers(8, 100), st.booleans())
def test_a_cut_slug_fits_and_is_well_formed(slug: str, length: int, apart: bool) -> None:
    cut = cut_slug(slug, length, apart=apart)
    assert len(cut) <= length
    assert SLUG.fullmatch(cut)
