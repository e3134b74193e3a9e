"""Is a value of a setting what its kind wants?"""

from collections.abc import Mapping
from typing import Final, cast

from alsoread.kinds import KINDS, kind_of_label

__all__ = ["ENGINES", "SETTING_KINDS", "is_address", "typed_value"]

ENGINES: Final = ("markdown", "commonmark")
SETTING_KINDS: Final = {
    "text": "a text",
    "address": "an address below the site's root",
    "whole": "a whole number of 0 or more",
    "number": "a number above 0",
    "switch": "True or False",
    "engine": " or ".join(map(repr, ENGINES)),
    "texts": "a list of texts",
    "codes": "a dictionary from text to list of texts",
    "labels": "a list of texts, a dictionary from text to kind of cross-link, or one of these for each language",
}


def typed_value(kind: str, value: object) -> object | None:
    """The value as its kind wants it, or None where it is something else."""
    if kind in ("text", "address"):
        return value if isinstance(value, str) else None
    if kind == "engine":
        return value if value in ENGINES else None
    if kind == "whole":
        return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None
    if kind == "number":
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        return float(cast("float", value)) if is_number and 0 < cast("float", value) < 1e9 else None
    if kind == "switch":
        return value if isinstance(value, bool) else None
    if kind == "texts":
        return _texts(value)
    return _codes(value) if kind == "codes" else _labels(value)


def _codes(value: object) -> dict[str, tuple[str, ...]] | None:
    """Pattern -> codes."""
    if not isinstance(value, Mapping):
        return None
    typed = {pattern: _texts(codes) for pattern, codes in value.items()}
    is_fit = all(isinstance(pattern, str) and codes is not None for pattern, codes in typed.items())
    return cast("dict[str, tuple[str, ...]]", typed) if is_fit else None


def is_address(text: str, holds: tuple[str, ...]) -> bool:
    """Nothing, or a file below the root with each of the fields in it and no others."""
    try:
        filled = text.format(**dict.fromkeys(holds, "x"))
    except (ValueError, LookupError, AttributeError):
        return False
    inside = not filled.startswith("/") and ".." not in filled.split("/") and not filled.endswith("/")
    return not text or (inside and all(f"{{{field}}}" in text for field in holds))


def _texts(value: object) -> tuple[str, ...] | None:
    if isinstance(value, list | tuple | set | frozenset) and all(isinstance(item, str) for item in value):
        return tuple(sorted(value) if isinstance(value, set | frozenset) else value)
    return None


def _labels(value: object) -> dict[str, dict[str, str]] | None:
    """Language code -> label -> kind."""
    is_by_language = isinstance(value, Mapping) and not all(isinstance(item, str) for item in value.values())
    given = cast("Mapping[object, object]", value) if is_by_language else {"*": value}
    labels = {}
    for lang, said in given.items():
        kinds = _label_kinds(said)
        if kinds is None or not isinstance(lang, str):
            return None
        labels[lang.lower()] = {" ".join(label.split()): kind for label, kind in kinds.items() if label.strip()}
    return labels


def _label_kinds(said: object) -> dict[str, str] | None:
    if isinstance(said, Mapping):
        is_fit = all(isinstance(label, str) and kind in ("", *KINDS) for label, kind in said.items())
        return dict(said) if is_fit else None
    labels = _texts(said)
    return None if labels is None else {label: kind_of_label(" ".join(label.split())) for label in labels}
