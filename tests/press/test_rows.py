"""The reads of a page are read back as they were written down."""

import json
from functools import reduce

from hypothesis import given
from hypothesis import strategies as st

from alsoread.press.found import Spot, Spots
from alsoread.press.reads import ATTRIBUTE, CALL, ITEM, KEY, LOOKUP, SLICE, VALUE, Read, Root, Step
from alsoread.press.rows import Group, of_content, reads_in
from alsoread.press.values import Fingerprint

keys = st.text() | st.integers() | st.booleans() | st.none()
steps = st.one_of(
    st.tuples(st.just(ATTRIBUTE), st.text()),
    st.tuples(st.sampled_from([ITEM, LOOKUP]), keys),
    st.tuples(st.sampled_from([KEY, VALUE]), st.integers(0, 9)),
    st.tuples(st.just(SLICE), keys, keys, keys),
    st.tuples(st.just(CALL), st.text(), keys),
)
roots = st.tuples(st.sampled_from(["name", "generated_content", "filter"]), st.text(max_size=3))
reads = st.dictionaries(
    st.tuples(roots, st.lists(steps, max_size=4).map(tuple), st.sampled_from(["value", "items", "same"])),
    st.text().map(Fingerprint),
    max_size=12,
)


def spot_at(root: Root, steps: tuple[Step, ...]) -> Spot:
    """The spot that steps lead to."""
    return reduce(Spot.after, steps, Spot(root))


def written(reads: dict[Read, Fingerprint]) -> Group:
    """Reads as pages note them."""
    spots = Spots()
    return spots.written(
        [spots.number(spot_at(root, steps), fact, print_) for (root, steps, fact), print_ in reads.items()]
    )


@given(reads)
def test_reads_are_read_back(given_reads: dict[Read, Fingerprint]) -> None:
    back = dict(reads_in(json.loads(json.dumps(written(given_reads)))))
    assert back == given_reads
    assert [type(step[1]) for _, path, _ in back for step in path] == [
        type(step[1])
        for root in dict.fromkeys(read[0] for read in given_reads)  # type: ignore[index]
        for read in given_reads
        if read[0] == root  # type: ignore[index]
        for step in read[1]  # type: ignore[index]
    ]


def test_an_attribute_of_a_content_has_the_shortest_row() -> None:
    root = ("generated_content", "a.md")
    short: dict[Read, Fingerprint] = {(root, ((ATTRIBUTE, "title"),), "value"): Fingerprint("s:A")}
    ((_, _, rows),) = written(short)
    assert rows == [["title", "s:A"]]
    assert of_content(rows[0])
    longer: dict[Read, Fingerprint] = {
        (root, ((ITEM, "title"),), "value"): Fingerprint("s:A"),
        (root, (), "items"): Fingerprint("x"),
    }
    ((_, _, rows),) = written(longer)
    assert not any(map(of_content, rows))
