"""What is remembered of related stories is what would be found."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from alsoread import related_memory
from alsoread.news import related
from alsoread.news.related import Subject, relate
from alsoread.press.store import Store
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
LABELS = {"ports": "Ports"}


def found(path: Path, subjects: list[Subject], **more: Any) -> dict[str, object]:
    store = Store(str(path / "store.sqlite"))
    options: dict[str, Any] = {"limit": 4, "labels": LABELS, **more}
    result = RelatedMemory(store, "recipe").relate(subjects, **options)
    store.save()
    assert result == relate(subjects, **options)
    return dict(result)


def test_the_same_is_found_again_without_looking(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = found(tmp_path, SUBJECTS)
    assert any(first.values())
    monkeypatch.setattr(related_memory, "relate", None)
    assert found(tmp_path, list(reversed(SUBJECTS))) == first


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
    found(tmp_path, SUBJECTS[:-1])
    found(tmp_path, [])


@pytest.mark.parametrize("at", [0, 1, 63, 64, 100, 148, 149])
@pytest.mark.parametrize("what", ["text", "gone", "new", "date", "other language"])
def test_an_edit_anywhere_gives_what_would_be_found(tmp_path: Path, at: int, what: str) -> None:
    """The first stories are weighed together, those after them one by one."""
    found(tmp_path, MANY)
    edited = {
        "text": [*MANY[:at], replace(MANY[at], text="storm tide quay pilot"), *MANY[at + 1 :]],
        "gone": [*MANY[:at], *MANY[at + 1 :]],
        "new": [*MANY, replace(MANY[at], key="new.md", text="quay pilot", date=MANY[at].date + timedelta(hours=1))],
        "date": [*MANY[:at], replace(MANY[at], date=MANY[-1].date + timedelta(days=9)), *MANY[at + 1 :]],
        "other language": [*MANY[:at], replace(MANY[at], lang="de"), *MANY[at + 1 :]],
    }[what]
    found(tmp_path, edited)
    found(tmp_path, MANY)


def test_only_what_came_after_the_edit_is_compared_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[int] = []
    stock = related._score

    def counted(*given: Any) -> float:
        compared.append(1)
        return stock(*given)

    monkeypatch.setattr(related, "_score", counted)
    RelatedMemory(store := Store(str(tmp_path / "store.sqlite")), "recipe").relate(MANY, limit=4, labels=LABELS)
    store.save()
    all_of_them = len(compared)
    compared.clear()
    edited = [*MANY[:-1], replace(MANY[-1], text="storm tide")]
    RelatedMemory(Store(str(tmp_path / "store.sqlite")), "recipe").relate(edited, limit=4, labels=LABELS)
    assert 0 < len(compared) < all_of_them / 50


@pytest.mark.parametrize("damage", [None, [], [[], [[]]], [["x"], "y"], 7])
def test_offers_of_another_form_are_not_believed(tmp_path: Path, damage: object) -> None:
    found(tmp_path, MANY)
    store = Store(str(tmp_path / "store.sqlite"))
    chain, offers = store.get("related", "arrivals of en")
    for wrong in (damage, [chain, [[["a", 1]] for _ in offers]], [chain, [[[900, 0.5]] for _ in offers]], [chain, 3]):
        store.put("related", "arrivals of en", wrong)
        store.put("related", "lists", None)
        store.save()
        found(tmp_path, [*MANY[:-1], replace(MANY[-1], text="storm tide")])


@pytest.mark.parametrize("entry", [None, [], ["x"], {"a": 1}, 7])
def test_an_entry_of_another_kind_is_not_believed(tmp_path: Path, entry: object) -> None:
    found(tmp_path, SUBJECTS)
    store = Store(str(tmp_path / "store.sqlite"))
    key = store.get("related", "lists")[0]
    for damaged in (entry, [key, entry]):
        store.put("related", "lists", damaged)
        store.save()
        found(tmp_path, SUBJECTS)
