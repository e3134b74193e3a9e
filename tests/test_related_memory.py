"""What is remembered of related stories is what would be found."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alsoread import related_memory, related_pairs
from alsoread.news import arrivals, describe, related, together, weights
from alsoread.news.reasons import Reasons
from alsoread.news.related import Subject, relate
from alsoread.press.pool import spread_over
from alsoread.related_memory import RelatedMemory

WORDS = "harbour quay crane ferry storm tide pilot cargo lighthouse dredger".split()
SUBJECTS = [
    Subject(
        f"{number}.md",
        datetime(2025, 1, 1, tzinfo=UTC) + timedelta(days=number),
        f"The {WORDS[number % 10]} and the {WORDS[number % 7]}",
        "",
        " ".join(WORDS[number % 5 : number % 5 + 4]),
        ("ports", WORDS[number % 3]),
    )
    for number in range(30)
]
MANY = [
    replace(
        SUBJECTS[number % 30],
        key=f"{number:03}.md",
        date=SUBJECTS[0].date + timedelta(days=number),
        text=" ".join(WORDS[(number * 7 + step) % 10] for step in range(number % 9 + 2)),
    )
    for number in range(150)
]
# with pairs of words that few of them say
RICH = [
    replace(each, text=" ".join(f"{WORDS[(number * step) % 10]}{(number + step) % 13}" for step in range(12)))
    for number, each in enumerate(MANY)
]
LABELS = {"ports": "Ports"}


WAYS = {"one by one": (10**6, 10**6), "together": (-1, -1), "as is best": (arrivals.FEW, related.MANY)}


@contextmanager
def going(way: str) -> Iterator[None]:
    """However many stories arrive, and lists are made."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(arrivals, "FEW", WAYS[way][0])
        patched.setattr(related, "MANY", WAYS[way][1])
        yield


@pytest.fixture
def counted_in_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pairs are counted as in a large digest: many places are taken, and now and then many counts have changed."""
    for module in (describe, weights, related_pairs):
        monkeypatch.setattr(module, "PAIRS", 1 << 12)
    for module in (describe, weights):
        monkeypatch.setattr(module, "SPARSE", 20)
    monkeypatch.setattr(related_memory, "MOST_CHANGED", 40)


def found(path: Path, subjects: list[Subject], way: str = "as is best", **more: Any) -> dict[str, Any]:
    options: dict[str, Any] = {"limit": 4, "labels": LABELS, "exclude": {}, **more}
    with going(way):
        result = RelatedMemory(str(path), "recipe").relate(subjects, **options)
    with going("one by one"):
        assert result == relate(subjects, **options)
    return dict(result)


def files(path: Path) -> list[Path]:
    return sorted((path / "related").iterdir())


def test_the_same_is_found_again_without_looking(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = found(tmp_path, SUBJECTS)
    assert any(first.values())
    before = {file: file.stat().st_mtime_ns for file in files(tmp_path)}
    for name in ("tally_of", "arrive", "_score"):
        monkeypatch.setattr(arrivals, name, None)
    monkeypatch.setattr(Reasons, "between", None)
    again = RelatedMemory(str(tmp_path), "recipe").relate([*reversed(SUBJECTS)], limit=4, labels=LABELS, exclude={})
    assert again == first
    assert {file: file.stat().st_mtime_ns for file in files(tmp_path)} == before


@pytest.mark.parametrize(
    "change",
    [
        {"title": "Another"},
        {"lead": "a storm"},
        {"text": "quay quay crane"},
        {"topics": ("ports",)},
        {"lang": "de"},
        {"date": datetime(2020, 1, 1, tzinfo=UTC)},
        {"key": "x.md"},
    ],
)
def test_whatever_changes_is_looked_at(tmp_path: Path, change: dict[str, Any]) -> None:
    found(tmp_path, SUBJECTS)
    found(tmp_path, [*SUBJECTS[:-5], replace(SUBJECTS[-5], **change), *SUBJECTS[-4:]])


def test_limit_labels_and_number_are_looked_at(tmp_path: Path) -> None:
    found(tmp_path, SUBJECTS)
    found(tmp_path, SUBJECTS, limit=2)
    found(tmp_path, SUBJECTS, labels={"ports": "Harbours"})
    found(tmp_path, SUBJECTS, labels={"ports": "Harbours", "crane": "Cranes"})
    found(tmp_path, SUBJECTS, labels={"crane": "Cranes"})
    found(tmp_path, SUBJECTS[:-1])
    found(tmp_path, [])


@pytest.mark.parametrize("at", [0, 1, 63, 64, 100, 148, 149])
@pytest.mark.parametrize("what", ["text", "gone", "new", "date", "other language", "barred", "barred newer"])
@pytest.mark.parametrize("way", ["one by one", "together"])
def test_an_edit_anywhere_gives_what_would_be_found(tmp_path: Path, at: int, what: str, way: str) -> None:
    """The first stories are weighed together, those after them one by one."""
    found(tmp_path, MANY, way)
    edited = {
        "text": [*MANY[:at], replace(MANY[at], text="storm tide quay pilot"), *MANY[at + 1 :]],
        "gone": [*MANY[:at], *MANY[at + 1 :]],
        "new": [*MANY, replace(MANY[at], key="new.md", text="quay pilot", date=MANY[at].date + timedelta(hours=1))],
        "date": [*MANY[:at], replace(MANY[at], date=MANY[-1].date + timedelta(days=9)), *MANY[at + 1 :]],
        "other language": [*MANY[:at], replace(MANY[at], lang="de"), *MANY[at + 1 :]],
    }.get(what, MANY)
    first = next(iter(relate(MANY, limit=4, labels=LABELS)[MANY[at].key])).key
    barred = {"barred": {MANY[at].key: {first, MANY[at // 2].key}}, "barred newer": {first: {MANY[at].key}}}.get(
        what, {}
    )
    found(tmp_path, edited, way, exclude=barred)
    found(tmp_path, MANY, way)


EDITS = st.lists(
    st.tuples(st.sampled_from(["text", "gone", "new", "bar"]), st.integers(0, 149), st.sampled_from([*WAYS])),
    max_size=6,
)


def after_each(path: Path, stories: list[Subject], edits: list[tuple[str, int, str]]) -> Iterator[None]:
    """Edit, and compare what is found."""
    barred: dict[str, set[str]] = {}
    found(path, stories)
    for number, (what, where, way) in enumerate(edits):
        at = where % len(stories)
        if what == "text":
            stories[at] = replace(stories[at], text=f"{WORDS[at % 10]} {WORDS[number]} quay")
        elif what == "gone":
            del stories[at]
        elif what == "new":
            stories.append(replace(stories[at], key=f"new{number}.md", date=stories[at].date + timedelta(hours=1)))
        else:
            barred[stories[at].key] = {stories[at // 3].key, stories[-1].key}
        found(path, stories, way, exclude=barred)
        yield


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(EDITS)
def test_any_row_of_edits_gives_what_would_be_found(
    tmp_path_factory: pytest.TempPathFactory, edits: list[tuple[str, int, str]]
) -> None:
    for _ in after_each(tmp_path_factory.mktemp("row"), [*MANY], edits):
        pass


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(EDITS)
def test_any_row_of_edits_does_so_where_pairs_are_counted_in_a_file(
    tmp_path_factory: pytest.TempPathFactory, counted_in_a_file: None, edits: list[tuple[str, int, str]]
) -> None:
    path = tmp_path_factory.mktemp("row")
    for _ in after_each(path, [*RICH], edits):
        assert [file.suffix for file in files(path)] == [".pairs", ".rows", ".state"]


def test_an_edit_leaves_the_file_of_pairs_as_it_is(tmp_path: Path, counted_in_a_file: None) -> None:
    found(tmp_path, RICH)
    before = files(tmp_path)[0]
    stamp = before.stat().st_mtime_ns
    found(tmp_path, [*RICH[:-1], replace(RICH[-1], text="storm whale tide")])
    assert files(tmp_path)[0] == before
    assert before.stat().st_mtime_ns == stamp
    edited = [replace(each, text=f"{each.text} whale {number} tide") for number, each in enumerate(RICH[-60:])]
    found(tmp_path, [*RICH[:-60], *edited], "one by one")
    assert files(tmp_path)[0] != before
    found(tmp_path, RICH)


def compared_in(path: Path, subjects: list[Subject], monkeypatch: pytest.MonkeyPatch) -> int:
    compared: list[int] = []
    stock = arrivals._score

    def counted(*given: Any) -> int:
        compared.append(1)
        return stock(*given)

    with monkeypatch.context() as patched:
        patched.setattr(arrivals, "_score", counted)
        patched.setattr(arrivals, "FEW", 10**6)
        RelatedMemory(str(path), "recipe").relate(subjects, limit=4, labels=LABELS, exclude={})
    return len(compared)


def test_only_what_came_after_the_edit_is_compared_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    all_of_them = compared_in(tmp_path, MANY, monkeypatch)
    edited = [*MANY[:-1], replace(MANY[-1], text="storm tide")]
    assert 0 < compared_in(tmp_path, edited, monkeypatch) < all_of_them / 50


@pytest.mark.parametrize("way", ["one by one", "together"])
def test_only_what_changed_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, way: str) -> None:
    """After an edit in the middle the words of the stories that follow it are known."""
    found(tmp_path, MANY)
    said: list[str] = []
    one, many = arrivals.tally_of, together.tallies_of

    def noted(story: Subject, *given: Any) -> Any:
        said.append(story.key)
        return one(story, *given)

    def all_noted(stories: list[Subject], *given: Any) -> Any:
        said.extend(story.key for story in stories)
        return many(stories, *given)

    monkeypatch.setattr(arrivals, "tally_of", noted)
    monkeypatch.setattr(together, "tallies_of", all_noted)
    edited = [*MANY[:100], replace(MANY[100], text="storm tide"), *MANY[101:]]
    with going(way):
        RelatedMemory(str(tmp_path), "recipe").relate(edited, limit=4, labels=LABELS, exclude={})
    assert said == [MANY[100].key]


@pytest.mark.parametrize("ending", [".rows", ".state", ".pairs"])
@pytest.mark.parametrize("damage", ["cut", "empty", "flip", "gone", "folder", "foreign"])
def test_what_is_damaged_is_not_believed(tmp_path: Path, ending: str, damage: str, counted_in_a_file: None) -> None:
    edited = [*RICH[:-1], replace(RICH[-1], text="storm tide")]
    found(tmp_path, RICH)
    path = next(each for each in files(tmp_path) if each.suffix == ending)
    data = path.read_bytes()
    path.unlink()
    if damage == "folder":
        path.mkdir()
    elif damage != "gone":
        places = range(len(data) // 3, len(data), max(1, len(data) // 40))
        flipped = bytes(byte ^ 1 if at in places else byte for at, byte in enumerate(data[:200_000])) + data[200_000:]
        path.write_bytes({"cut": data[: len(data) // 2], "empty": b"", "flip": flipped, "foreign": b"x" * 99}[damage])
    found(tmp_path, edited)
    found(tmp_path, RICH)


def test_a_row_of_another_story_is_not_believed(tmp_path: Path) -> None:
    """As where a build was ended between the rows and the state."""
    found(tmp_path, MANY)
    _, state = files(tmp_path)
    before = state.read_bytes()
    found(tmp_path, [*MANY[:-3], replace(MANY[-3], text="storm tide"), *MANY[-2:]])
    state.write_bytes(before)
    found(tmp_path, [*MANY[:-1], replace(MANY[-1], text="pilot")])
    found(tmp_path, MANY)


def test_a_folder_that_cannot_be_written_is_done_without(tmp_path: Path) -> None:
    (tmp_path / "related").write_text("a file")
    found(tmp_path, SUBJECTS)


def test_another_tool_finds_everything_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found(tmp_path, SUBJECTS)
    compared = compared_in(tmp_path, SUBJECTS, monkeypatch)
    RelatedMemory(str(tmp_path), "another recipe").relate(SUBJECTS, limit=4, labels=LABELS, exclude={})
    assert compared == 0
    assert compared_in(tmp_path, SUBJECTS, monkeypatch) > 0


def lent(path: Path, subjects: list[Subject]) -> dict[str, object]:
    """What is found by one who has no recipe, and leaves everything as it was."""
    before = {file: file.read_bytes() for file in files(path)} if (path / "related").exists() else {}
    options: dict[str, Any] = {"limit": 4, "labels": LABELS, "exclude": {}}
    result = RelatedMemory(str(path), None).relate(subjects, **options)
    assert result == relate(subjects, **options)
    assert before == ({file: file.read_bytes() for file in files(path)} if (path / "related").exists() else {})
    return dict(result)


@pytest.mark.parametrize("way", WAYS)
def test_without_a_recipe_what_is_there_is_read_and_nothing_is_written(tmp_path: Path, way: str) -> None:
    with going(way):
        lent(tmp_path, MANY)
        assert not [*tmp_path.iterdir()]
        found(tmp_path, MANY)
        lent(tmp_path, MANY)
        lent(tmp_path, [*MANY[:70], replace(MANY[70], text="storm tide"), *MANY[71:]])
        lent(tmp_path, [replace(each, lang="de") for each in MANY[:20]])
        for file in files(tmp_path):
            file.write_bytes(file.read_bytes()[:-9])
        lent(tmp_path, MANY)


def test_without_a_recipe_nothing_is_compared_that_is_known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found(tmp_path, MANY)
    for name in ("tally_of", "arrive", "_score"):
        monkeypatch.setattr(arrivals, name, None)
    monkeypatch.setattr(together, "tallies_of", None)
    monkeypatch.setattr(Reasons, "between", None)
    assert RelatedMemory(str(tmp_path), None).relate(MANY, limit=4, labels=LABELS, exclude={})


def test_what_another_version_left_is_not_read_without_a_recipe(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(related_memory, "own_code", lambda: "another")
    found(tmp_path, MANY)
    monkeypatch.undo()
    asked: list[int] = []
    stock = Reasons.between
    monkeypatch.setattr(Reasons, "between", lambda *given: asked.append(1) or stock(*given))
    lent(tmp_path, MANY)
    assert asked


def test_words_that_cease_to_be_idle_are_paired_in_all_stories(tmp_path: Path) -> None:
    """With a word that most of the first stories say no pair is counted, in later stories neither."""
    first = [replace(each, text=f"ford {each.text}" if n < 33 else each.text) for n, each in enumerate(MANY[:64])]
    pairs = ("ford gull", "ford the gull")
    later = [replace(each, text=f"{pairs[n % 5 > 0]} {each.text}") for n, each in enumerate(MANY[64:])]
    found(tmp_path, [*first, *later])
    found(tmp_path, [replace(first[0], text="pilot"), *first[1:], *later])


def test_a_row_of_another_story_of_the_same_length_is_not_believed(tmp_path: Path) -> None:
    edited = [
        replace(each, text=each.text.replace("quay", "ford"), title=each.title.replace("quay", "ford")) for each in MANY
    ]
    found(tmp_path, MANY)
    _, state = files(tmp_path)
    before = state.read_bytes()
    found(tmp_path, edited)
    state.write_bytes(before)
    found(tmp_path, [*MANY[:-1], replace(MANY[-1], title="A quay", text="The quay, a quay.")])


def test_a_language_that_has_gone_leaves_nothing(tmp_path: Path) -> None:
    found(tmp_path, [*SUBJECTS, replace(SUBJECTS[0], key="de.md", lang="de")])
    assert len(files(tmp_path)) == 4
    found(tmp_path, SUBJECTS)
    assert len(files(tmp_path)) == 2


def test_a_new_topic_leaves_the_reasons_of_others_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found(tmp_path, MANY)
    edited = [*MANY[:-1], replace(MANY[-1], topics=("whales",))]
    asked: list[int] = []
    stock = Reasons.between

    def noted(self: Reasons, place: int, others: list[int]) -> list[str]:
        asked.append(place)
        return stock(self, place, others)

    monkeypatch.setattr(Reasons, "between", noted)
    options: dict[str, Any] = {"limit": 4, "labels": {**LABELS, "whales": "Whales"}, "exclude": {}}
    RelatedMemory(str(tmp_path), "recipe").relate(edited, **options)
    assert 0 < len(asked) < len(MANY)


@pytest.mark.parametrize("way", ["one by one", "together"])
def test_reasons_between_stories_that_are_described_as_they_were_are_known(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    before = {key: {each.key for each in entries} for key, entries in found(tmp_path, MANY).items()}
    asked: list[tuple[int, int]] = []
    stock = Reasons.between

    def noted(self: Reasons, place: int, others: list[int]) -> list[str]:
        asked.extend((place, other) for other in others)
        return stock(self, place, others)

    monkeypatch.setattr(Reasons, "between", noted)
    edited = [*MANY[:-5], replace(MANY[-5], text=f"{MANY[-5].text} whale"), *MANY[-4:]]
    with going(way):
        RelatedMemory(str(tmp_path), "recipe").relate(edited, limit=4, labels=LABELS, exclude={})
    assert asked
    for place, other in asked:
        assert 145 in (place, other) or edited[other].key not in before[edited[place].key]


def test_what_another_tool_read_is_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found(tmp_path, SUBJECTS)
    said: list[str] = []
    stock = together.tallies_of

    def noted(stories: list[Subject], *given: Any) -> Any:
        said.extend(story.key for story in stories)
        return stock(stories, *given)

    monkeypatch.setattr(together, "tallies_of", noted)
    RelatedMemory(str(tmp_path), "another recipe").relate(SUBJECTS, limit=4, labels=LABELS, exclude={})
    assert said == [story.key for story in SUBJECTS]


@pytest.mark.parametrize("change", [{"key": "x.md"}, {"title": "Of cranes"}, {"date": SUBJECTS[2].date}])
def test_a_list_has_another_mark_when_it_is_another_list(change: dict[str, Any]) -> None:
    lists = relate(SUBJECTS)
    for at in range(10, 20):
        others = relate([*SUBJECTS[:at], replace(SUBJECTS[at], **change), *SUBJECTS[at + 1 :]])
        keys = {*lists} & {*others}
        assert {key for key in keys if lists.mark(key) != others.mark(key)} == {
            key for key in keys if lists[key] != others[key]
        }
    assert lists.mark("nowhere") == ""


def test_a_list_has_another_mark_when_the_other_story_is_older_now() -> None:
    one, two = SUBJECTS[0], replace(SUBJECTS[0], key="1.md", date=SUBJECTS[1].date)
    lists, turned = relate([one, two]), relate([replace(one, date=two.date), replace(two, date=one.date)])
    assert [(each.kind, each.score, each.reason) for each in lists[one.key]] != []
    assert lists.mark(one.key) != turned.mark(one.key)


def test_several_processes_find_the_same() -> None:
    many = [
        replace(MANY[number % 150], key=f"{number:04}.md", date=MANY[0].date + timedelta(hours=number))
        for number in range(400)
    ]
    assert relate(many, spread=spread_over(2)) == relate(many)
    assert relate(many[:90], spread=spread_over(2)) == relate(many[:90])
