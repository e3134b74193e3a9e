"""The store is a memory: what cannot be read is as if it had never been there, and nothing it holds can be run."""

import json
import os
import pickle
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alsoread.press.entries import EntryFile
from alsoread.press.listing import Listing
from alsoread.press.store import Store


@pytest.fixture
def path(tmp_path: Path) -> str:
    store = Store(str(tmp_path / "store.sqlite"))
    for number in range(40):
        store.put("page", f"page-{number}", {"words": ["ä", number] * 20})
    store.put("stamps", "pages", {"a": [1, 2]})
    store.save()
    return str(tmp_path / "store.sqlite")


def test_what_was_saved_is_there(path: str) -> None:
    store = Store(path)
    assert store.get("page", "page-3") == {"words": ["ä", 3] * 20}
    assert len(store.names("page")) == 40
    assert store.get("stamps", "pages") == {"a": [1, 2]}
    assert store.get("page", "page-99") is None


def test_what_was_not_saved_is_not_there(path: str) -> None:
    Store(path).put("page", "page-3", "other")
    assert Store(path).get("page", "page-3") != "other"


def test_what_is_let_go_is_gone(path: str) -> None:
    store = Store(path)
    store.keep_only("page", {"page-1"})
    store.save()
    assert list(Store(path).names("page")) == ["page-1"]
    assert Store(path).get("stamps", "pages")


def test_an_entry_that_was_changed_by_hand_is_not_believed(path: str) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE entry SET value = '\"mine\"' WHERE name = 'page-3'")
    store = Store(path)
    assert store.get("page", "page-3") is None
    assert store.get("page", "page-4")


def test_an_entry_under_another_name_is_not_believed(path: str) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE entry SET name = 'page-77' WHERE name = 'page-3'")
    assert Store(path).get("page", "page-77") is None


@pytest.mark.parametrize(
    "change", ["PRAGMA user_version = 99", "PRAGMA application_id = 7", "CREATE VIEW v AS SELECT 1"]
)
def test_a_store_of_another_format_is_empty_and_made_anew(path: str, change: str) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(change)
    store = Store(path)
    assert not store.names("page")
    store.put("page", "new", 1)
    store.save()
    assert Store(path).get("page", "new") == 1


@pytest.mark.parametrize("data", [b"", b"not a database", pickle.dumps({"page": 1}), b"SQLite format 3\0" + b"\0" * 80])
def test_a_file_that_is_no_store_is_replaced(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "store.sqlite"
    path.write_bytes(data)
    store = Store(str(path))
    assert not store.names("page")
    store.put("page", "new", 1)
    store.save()
    assert Store(str(path)).get("page", "new") == 1


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(st.data())
def test_no_damage_is_believed_or_raises(path: str, data: st.DataObject) -> None:
    whole = Path(path).read_bytes()
    bytes_ = bytearray(whole)
    for _ in range(data.draw(st.integers(1, 20))):
        bytes_[data.draw(st.integers(0, len(bytes_) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(bytes_)) | st.just(len(bytes_)))
    damaged = Path(path).with_name("damaged.sqlite")
    damaged.write_bytes(bytes(bytes_[:cut]))
    store = Store(str(damaged))
    for name in store.names("page"):
        assert store.get("page", name) == {"words": ["ä", int(name.removeprefix("page-"))] * 20}
    store.put("page", "new", 1)
    store.save()
    assert Store(str(damaged)).get("page", "new") == 1
    for ending in ("", "-journal"):
        if os.path.exists(f"{damaged}{ending}"):
            os.remove(f"{damaged}{ending}")


def test_half_a_character_is_kept_in_a_value_and_not_in_a_name(path: str) -> None:
    store = Store(path)
    store.put("page", "odd", "\ud800")
    store.put("page", "\ud800", "odd")
    store.save()
    assert Store(path).get("page", "odd") == "\ud800"
    assert Store(path).get("page", "\ud800") is None


def test_a_store_that_cannot_be_written_costs_a_warning(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "store.sqlite").mkdir()
    store = Store(str(tmp_path / "store.sqlite"))
    store.put("page", "new", 1)
    store.save()
    assert "the next build will begin from nothing" in caplog.text


def test_a_store_that_another_has_locked_stays_as_it_is(path: str, caplog: pytest.LogCaptureFixture) -> None:
    store = Store(path)
    store.put("page", "page-3", "other")
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        store.save()
        assert "cannot be written" in caplog.text
    assert Store(path).get("page", "page-3") == {"words": ["ä", 3] * 20}
    assert len(Store(path).names("page")) == 40
    store.save()
    assert Store(path).get("page", "page-3") == "other"


@pytest.mark.parametrize(("code", "stays"), [(sqlite3.SQLITE_FULL, True), (sqlite3.SQLITE_CORRUPT, False)])
def test_on_a_full_disk_nothing_is_made_anew(
    path: str, monkeypatch: pytest.MonkeyPatch, code: int, stays: bool
) -> None:
    def fail(changes: object) -> None:
        error = sqlite3.OperationalError("it does not work")
        error.sqlite_errorcode = code
        raise error

    store = Store(path)
    store.put("page", "page-3", "other")
    monkeypatch.setattr(store._file, "write", fail)
    store.save()
    assert os.path.exists(path) is stays


def test_what_is_only_read_is_never_written(path: str) -> None:
    store, before = Store(path, only_read=True), Path(path).read_bytes()
    store.put("page", "page-3", "other")
    store.keep_only("stamps", set())
    store.release("page")
    store.save()
    assert store.get("page", "page-3") == "other"
    assert Path(path).read_bytes() == before


def test_a_kind_that_was_released_is_written_and_read_again(path: str) -> None:
    store = Store(path)
    store.put("page", "new", 1)
    store.put("stamps", "other", 2)
    store.keep_only("page", {"new", "page-3"})
    store.release("page")
    assert sorted(Store(path).names("page")) == ["new", "page-3"]
    assert Store(path).get("stamps", "other") is None
    assert store.get("page", "new") == 1
    store.put("page", "newer", 3)
    store.save()
    assert sorted(Store(path).names("page")) == ["new", "newer", "page-3"]
    assert Store(path).get("stamps", "other") == 2


def test_a_kind_that_cannot_be_written_is_not_let_go(tmp_path: Path) -> None:
    (tmp_path / "store.sqlite").mkdir()
    store = Store(str(tmp_path / "store.sqlite"))
    store.put("page", "new", 1)
    store.release("page")
    assert store.get("page", "new") == 1


def test_a_damaged_file_is_made_anew_when_a_kind_is_released(path: str) -> None:
    store = Store(path)
    store.put("page", "new", 1)
    Path(path).write_bytes(b"SQLite format 3\0" + b"\0" * 80)
    store.release("page")
    assert Store(path).get("page", "new") == 1


def _named(path: str, kind: str = "page") -> list[str]:
    """The names of a kind in the file, whatever its list of them says."""
    with closing(sqlite3.connect(path)) as connection:
        return [name for (name,) in connection.execute("SELECT name FROM entry WHERE kind = ? ORDER BY name", (kind,))]


def assert_only_is_kept(path: str, name: str) -> None:
    """Whoever lets go of all other pages now leaves one alone in the file."""
    store = Store(path)
    store.keep_only("page", {name})
    store.save()
    assert _named(path) == [name]


def test_to_let_go_of_some_nobody_looks_at_all(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    rows = EntryFile._rows
    monkeypatch.setattr(
        EntryFile, "_rows", lambda self, query, *values: asked.append(query) or rows(self, query, *values)
    )
    store = Store(path)
    store.put("page", "page-1", "other")
    store.put("page", "new", 1)
    store.keep_only("page", {"page-1", "page-2", "new"})
    store.save()
    assert _named(path) == ["new", "page-1", "page-2"]
    assert not any("SELECT name FROM" in query for query in asked)


@pytest.mark.parametrize("released", [True, False])
def test_what_came_and_went_since_is_let_go_too(path: str, released: bool) -> None:
    """The list of names follows what is written, in each of the ways in which that is done."""
    store = Store(path)
    for round_ in range(3):
        store.put("page", f"round-{round_}", 1)
        store.keep_only("page", {f"round-{round_}"} | ({"page-7"} if round_ < 2 else set()))
        if released:
            store.release("page")
        else:
            store.save()
    assert _named(path) == ["round-2"]
    other = Store(path)
    other.put("page", "one-more", 1)
    other.save()
    last = Store(path)
    last.keep_only("page", {"round-9"})
    last.save()
    assert _named(path) == []


@pytest.mark.parametrize(
    "change",
    [
        "DELETE FROM entry WHERE kind = 'names'",
        "UPDATE entry SET value = '[]' WHERE kind = 'names'",
        "UPDATE entry SET sum = 0 WHERE kind = 'names'",
    ],
)
def test_without_a_sound_list_of_names_all_are_looked_at(path: str, change: str) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(change)
    assert_only_is_kept(path, "page-1")


@pytest.mark.parametrize("few", [False, True])
def test_what_is_written_while_names_are_not_known_makes_no_list_of_its_own(path: str, few: bool) -> None:
    """Else entries that are in no list would stay for ever."""
    store = Store(path)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        store.keep_only("page", set())
        store.put("page", "new", 1)
        other.execute("ROLLBACK")
    store.save_few() if few else store.save()
    assert len(_named(path)) == 41
    assert_only_is_kept(path, "new")


@pytest.mark.parametrize("way", ["save", "save_few", "release"])
def test_a_file_that_is_locked_when_names_are_asked_for_is_looked_at_again(path: str, way: str) -> None:
    store = Store(path)
    store.put_anew("page", "new", "1")
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        getattr(store, way)(*(["page"] if way == "release" else []))
        other.execute("ROLLBACK")
    store.save()
    assert_only_is_kept(path, "new")


@pytest.mark.parametrize("few", [False, True])
def test_names_that_came_since_and_are_damaged_are_let_go_too(path: str, few: bool) -> None:
    store = Store(path)
    store.put("page", "page-40", 1)
    store.save_few()
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE entry SET value = '[3' WHERE kind = 'named since'")
    store = Store(path)
    store.put("page", "new", 1)
    if few:
        store.save_few()
        store = Store(path)
    store.keep_only("page", {"new"})
    store.save()
    assert _named(path) == ["new"]


def test_a_damaged_entry_is_let_go_by_who_has_read_all_of_them(path: str) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE entry SET sum = 0 WHERE name IN ('page-3', 'page-4')")
    store = Store(path)
    assert len(store.names("page")) == 38
    store.put("page", "page-4", "sound")
    store.keep_only("page", {"page-1", "page-4"})
    store.save()
    assert _named(path) == ["page-1", "page-4"]
    assert Store(path).get("page", "page-4") == "sound"


def test_a_file_that_is_made_anew_knows_its_names(path: str) -> None:
    store = Store(path)
    store.put("page", "new", 1)
    assert store.names("page")
    Path(path).write_bytes(b"SQLite format 3\0" + b"\0" * 80)
    store.save()
    assert_only_is_kept(path, "new")


def test_a_forgotten_store_keeps_no_names(path: str) -> None:
    store = Store(path)
    store.forget()
    store.put("page", "new", 1)
    store.save()
    assert _named(path) == ["new"]
    other = Store(path)
    other.keep_only("page", set())
    other.save()
    assert _named(path) == []


def _kinds(path: str) -> set[str]:
    with closing(sqlite3.connect(path)) as connection:
        return {kind for (kind,) in connection.execute("SELECT DISTINCT kind FROM entry")}


def test_a_few_changes_are_saved_without_a_look_at_the_lists_of_names(path: str) -> None:
    store = Store(path)
    store.put("page", "page-40", 1)
    store.put("page", "page-3", 2)
    store.drop("page", ["page-4"])
    store.save_few()
    with closing(sqlite3.connect(path)) as connection:
        (names,) = connection.execute("SELECT value FROM entry WHERE kind = 'names' AND name = 'page'").fetchone()
    assert "page-40" not in names
    after = Store(path)
    assert after.get("page", "page-40") == 1
    assert after.get("page", "page-4") is None
    after.drop("page", ["page-40"])
    after.put("page", "page-4", 3)
    after.save_few()
    last = Store(path)
    last.put("page", "page-50", 4)
    last.save_few()
    # who lets go by names knows all of them
    last = Store(path)
    last.keep_only("page", {"page-3", "page-50"})
    last.save()
    assert sorted(Store(path).names("page")) == ["page-3", "page-50"]
    assert _kinds(path) == {"names", "named since", "page", "stamps"}
    for number in range(100):
        last.put("page", f"page-{number}", 5)
    last.save()
    # much has changed, and the list says all
    assert _kinds(path) == {"names", "page", "stamps"}
    last = Store(path)
    last.keep_only("page", {"page-3"})
    last.save()
    assert sorted(Store(path).names("page")) == ["page-3"]


def test_what_stands_beside_a_list_does_not_grow_without_end(path: str) -> None:
    for begin in range(0, 2_000, 50):
        store = Store(path)
        for number in range(begin, begin + 50):
            store.put("page", f"number-{number}", number)
        store.save()
    with closing(sqlite3.connect(path)) as connection:
        rows = connection.execute("SELECT value FROM entry WHERE kind = 'named since'").fetchall()
    assert all(len(json.loads(value)[0]) < 1_200 for (value,) in rows)
    last = Store(path)
    last.keep_only("page", {"number-7"})
    last.save()
    assert sorted(Store(path).names("page")) == ["number-7"]


def test_what_came_since_the_list_was_written_is_let_go_too(path: str) -> None:
    store = Store(path)
    store.put("page", "page-40", 1)
    store.save_few()
    store = Store(path)
    store.keep_only("page", set())
    store.save()
    assert not Store(path).names("page")


def test_names_that_came_since_may_be_damaged(path: str) -> None:
    store = Store(path)
    store.put("page", "page-40", 1)
    store.save_few()
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE entry SET value = '[3' WHERE kind = 'named since'")
    store = Store(path)
    assert store.get("page", "page-40") == 1
    store.put("page", "page-41", 2)
    store.save()
    assert {"page-40", "page-41"} <= set(Store(path).names("page"))


def test_what_is_put_anew_is_there_and_nobody_reads_what_was(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    store, asked = Store(path), []
    rows = EntryFile._rows
    with monkeypatch.context() as patched:
        patched.setattr(
            EntryFile, "_rows", lambda file, query, *values: asked.append(values) or rows(file, query, *values)
        )
        for number in range(20, 300):
            store.put_anew("page", f"page-{number}", f'"other {number}"')
            if number % 100 == 0:
                store.release("page")
        assert not [values for values in asked if len(values) == 2 and values[0] == "page"]
        assert ("page",) not in asked
        store.save()
    again = Store(path)
    assert len(again.names("page")) == 300
    assert again.get("page", "page-19") == {"words": ["ä", 19] * 20}
    assert [again.get("page", f"page-{number}") for number in (20, 250, 299)] == ["other 20", "other 250", "other 299"]


def test_what_is_put_anew_in_a_kind_that_was_read_changes_nothing_where_it_is_the_same(path: str) -> None:
    before = Path(path).read_bytes()
    store = Store(path)
    assert len(store.names("page")) == 40
    store.put_anew("page", "page-3", store.text("page", "page-3") or "")
    store.save()
    assert Path(path).read_bytes() == before


def test_what_went_is_not_among_the_names_of_a_kind_that_was_released(path: str) -> None:
    store = Store(path)
    store.put_anew("page", "page-40", "1")
    store.drop("page", ["page-1", "page-99"])
    store.release("page")
    store.drop("page", ["page-40"])
    store.release("page")
    store.save()
    assert set(Store(path).names("page")) == {f"page-{number}" for number in range(40) if number != 1}
    assert Listing(EntryFile(path)).names("page") == set(Store(path).names("page"))
