"""How does a cross-link paragraph begin?"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alsoread.news.labels import Begin, begins, without_label

LABELS = ("BACKGROUND", "ALSO READ", "RELATED", "READ")

LINES = [
    # line, label, certain, what follows
    ("READ Moon landing", "READ", True, "Moon landing"),
    ("READ: Moon landing", "READ", True, "Moon landing"),
    ("ALSO READ  Moon landing", "ALSO READ", True, "Moon landing"),
    ("ALSO  READ: Moon landing", "ALSO READ", True, "Moon landing"),
    ("Also read: Moon landing", "ALSO READ", True, "Moon landing"),
    ("Read：月面着陸", "READ", True, "月面着陸"),
    ("   READ: x", "READ", True, "x"),
    ("**READ:** x", "READ", True, "x"),
    ("**READ**: x", "READ", True, "x"),
    ("_Also read:_ x", "ALSO READ", True, "x"),
    ("_Also read_: x", "ALSO READ", True, "x"),
    ("***RELATED*** x", "RELATED", True, "x"),
    ("READ “Moon landing”", "READ", True, "“Moon landing”"),
    ("READ [Moon](x.html)", "READ", True, "[Moon](x.html)"),
    ("Read Moon landing", "READ", False, "Moon landing"),
    ("_Read_ Moon landing", "READ", False, "Moon landing"),
    ("Background noise", "BACKGROUND", False, "noise"),
]


@pytest.mark.parametrize(("line", "label", "certain", "rest"), LINES)
def test_a_label_in_capitals_or_with_a_colon_is_certain(line: str, label: str, certain: bool, rest: str) -> None:
    assert begins(line, LABELS) == Begin(label, certain)


@pytest.mark.parametrize(("line", "rest"), [(line, rest) for line, _, _, rest in LINES])
def test_what_follows_the_label_is_the_headline(line: str, rest: str) -> None:
    # as plain text, the way a reader sees it: emphasis is gone by then
    assert without_label(line.replace("*", "").replace("_", ""), LABELS) == rest


@pytest.mark.parametrize(
    "line",
    [
        "READER'S letters",
        "READ-only memory",
        "READ_ME first",
        "READ__ME first",
        "READS: x",
        "I READ: x",
        "READ",
        "READ:",
        "READ: **",
        "    READ: code",
        "> READ: x",
        "- READ: x",
        "ALSOREAD: x",
        "",
    ],
)
def test_other_lines_are_prose(line: str) -> None:
    assert begins(line, LABELS) is None


def test_the_longest_label_wins() -> None:
    assert begins("READ ALSO: x", ("READ ALSO", "READ")) == Begin("READ ALSO", True)


def test_a_site_without_labels_has_no_cross_links() -> None:
    assert begins("READ: x", ()) is None
    assert without_label(" READ: x ", ()) == "READ: x"


def test_signs_in_a_label_are_taken_as_they_are() -> None:
    assert begins("LIRE (AUSSI): x", ("LIRE (AUSSI)",)) == Begin("LIRE (AUSSI)", True)
    assert begins("LIREx: x", ("LIRE.",)) is None


@pytest.mark.parametrize(
    ("line", "label"), [("LıRE AUSSI: x", "LIRE AUSSI"), ("ſIEHE: x", "SIEHE"), ("\u212aONTEXT: x", "KONTEXT")]
)
def test_a_letter_that_only_folds_to_a_label_is_no_reason_to_fail(line: str, label: str) -> None:
    assert begins(line, (label,)) == Begin(label, True)


@given(st.text(st.sampled_from("READalsoIıİſK *_:： -\n\t'\"."), max_size=40))
def test_no_line_makes_the_reader_of_labels_raise(line: str) -> None:
    begin = begins(line, ("ALSO READ", "READ", "DIES", "I"))
    assert begin is None or begin.label in ("ALSO READ", "READ", "DIES", "I")
