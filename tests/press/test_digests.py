"""By which short text are bytes, texts and groups of reads known?"""

from hypothesis import given
from hypothesis import strategies as st

from alsoread.press.digests import digest, digesting

PARTS = st.lists(st.one_of(st.text(max_size=8), st.binary(max_size=8)), max_size=4)


@given(PARTS, st.binary(max_size=8))
def test_what_many_have_in_common_may_be_taken_in_once(parts: list[str | bytes], last: bytes) -> None:
    of_these = digesting(*parts)
    assert of_these(last) == of_these(last) == digest(*parts, last)


def test_where_one_part_ends_makes_a_difference() -> None:
    assert digest("ab", "c") != digest("a", "bc")
    assert digesting("ab")(b"c") != digesting("a")(b"bc")
