"""An object that was made quickly is the one that its class would have made."""

import copy
import pickle
from dataclasses import FrozenInstanceError, dataclass, field

import pytest

from alsoread.press.born import maker


@dataclass(frozen=True, slots=True)
class Leaf:
    # names that the functions which make it might want for themselves
    kind: str
    self_: int
    Twin: tuple[str, ...] = ()
    made: "Leaf | None" = None


class Late(Leaf):
    """A leaf whose last fields come from elsewhere."""

    __slots__ = ("elsewhere",)

    made = property(lambda self: self.elsewhere)  # type: ignore[assignment]


make = maker(Leaf)


def test_it_is_equal_and_of_the_class() -> None:
    made, usual = make("oak", 3, ("a",), None), Leaf("oak", 3, ("a",), None)
    assert made == usual
    assert hash(made) == hash(usual)
    assert type(made) is Leaf
    assert repr(made) == repr(usual)
    assert copy.copy(made) == made
    assert pickle.loads(pickle.dumps(made)) == made
    assert not hasattr(made, "__dict__")


def test_nobody_sets_its_fields_later() -> None:
    made = make("oak", 3, (), None)
    with pytest.raises(FrozenInstanceError):
        made.kind = "elm"  # type: ignore[misc]
    with pytest.raises(FrozenInstanceError):
        del made.kind


def test_some_attributes_of_a_class_with_slots_of_its_own() -> None:
    late = maker(Late, ("kind", "elsewhere"))("oak", "there")
    assert (type(late), late.kind, late.made) == (Late, "oak", "there")
    with pytest.raises(AttributeError):
        _ = late.self_


@dataclass(frozen=True, slots=True)
class Checked:
    name: str

    def __post_init__(self) -> None:
        assert self.name


@dataclass(frozen=True)
class Open:
    name: str


@dataclass(frozen=True, slots=True, init=False)
class OfItsOwn:
    name: str

    def __init__(self, name: str) -> None:
        object.__setattr__(self, "name", name.upper())


@dataclass(frozen=True, slots=True, kw_only=True)
class ByName:
    name: str


@dataclass(frozen=True, slots=True)
class Counted:
    name: str
    count: int = field(default=0, init=False)


@pytest.mark.parametrize("kind", [Checked, Open, OfItsOwn, ByName, Counted])
def test_a_class_that_does_more_than_to_set_fields_makes_its_objects_by_itself(kind: type) -> None:
    for names in ((), ("name",)):
        with pytest.raises(TypeError, match="made by itself"):
            maker(kind, names)


def test_names_in_any_order_but_all_of_them() -> None:
    leaf = maker(Leaf, ("made", "Twin", "self_", "kind"))(None, ("a",), 3, "oak")
    assert leaf == Leaf("oak", 3, ("a",))
    with pytest.raises(TypeError, match="made by itself"):
        maker(Leaf, ("kind", "self_"))
