"""How is a frozen object made in a fraction of the time that its class takes?

A frozen dataclass sets each of its fields by ``object.__setattr__``, since it lets nobody set one: two microseconds for
a story, and a build makes one of each. Here another class with the same slots, which is not frozen, is filled in, and
then the object changes its class (https://docs.python.org/3/reference/datamodel.html#object.__class__).
"""

import dataclasses
from collections.abc import Callable, Sequence
from typing import Any, Final, TypeVar

__all__ = ["maker"]

T = TypeVar("T")
_FUNCTIONS: Final = """
def __init__(self, {values}):
{sets}
def make({values}):
    made = Twin({values})
    made.__class__ = kind
    return made
"""


def maker(kind: type[T], names: Sequence[str] = ()) -> Callable[..., T]:
    """A function that makes objects of a class with slots of what its attributes are to be, in the order of ``names``.

    A dataclass has to have them all, and without names they are those of its fields.

    :raises TypeError: if the class has no slots, something to do of its own when an object is made, or other fields.
    """
    slots = vars(kind).get("__slots__")
    if slots is None or hasattr(kind, "__post_init__"):
        raise TypeError(f"objects of {kind.__qualname__} are made by itself")
    if "__dataclass_fields__" in vars(kind):
        fields = dataclasses.fields(kind)  # type: ignore[arg-type]
        names = names or [field.name for field in fields]
        is_plain = vars(kind)["__dataclass_params__"].init and all(each.init and not each.kw_only for each in fields)
        if not is_plain or {*names} != {each.name for each in fields}:
            raise TypeError(f"objects of {kind.__qualname__} are made by itself")
    known: dict[str, Any] = {"kind": kind}
    values = [f"value{number}" for number, _ in enumerate(names)]
    sets = "\n".join(f"    self.{name} = {value}" for name, value in zip(names, values, strict=True))
    # made of the names of attributes
    exec(_FUNCTIONS.format(values=", ".join(values), sets=sets), known)  # noqa: S102
    body = {"__slots__": slots, "__init__": known["__init__"], "__setattr__": object.__setattr__}
    known["Twin"] = type(f"Twin of {kind.__name__}", kind.__bases__, body)
    make: Callable[..., T] = known["make"]
    return make
