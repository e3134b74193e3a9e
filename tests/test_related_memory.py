"""What is remembered of related stories is what would be found."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from alsoread import related_memory
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


@pytest.mark.parametrize("entry", [None, [], ["x"], {"a": 1}, 7])
def test_an_entry_of_another_kind_is_not_believed(tmp_path: Path, entry: object) -> None:
    found(tmp_path, SUBJECTS)
    store = Store(str(tmp_path / "store.sqlite"))
    key = store.get("related", "lists")[0]
    for damaged in (entry, [key, entry]):
        store.put("related", "lists", damaged)
        store.save()
        found(tmp_path, SUBJECTS)
