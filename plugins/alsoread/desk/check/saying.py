"""How does a finding quote what it found?"""

import json
from collections.abc import Sequence
from typing import Final

__all__ = ["as_field", "as_list", "shown"]

_LONGEST: Final = 60


def shown(text: str) -> str:
    """A text on one line, at most 60 characters of it."""
    flat = " ".join(text.split())
    return flat if len(flat) <= _LONGEST else flat[: _LONGEST - 1] + "…"


def as_field(name: str, value: str, *, fenced: bool = True) -> str:
    """A field with a text as a line that can be pasted, in quotes whatever the text holds; headers have no quotes."""
    return f"{name}: {json.dumps(value, ensure_ascii=False) if fenced else value}"


def as_list(name: str, values: Sequence[str], *, fenced: bool = True) -> str:
    """A field with a list of texts as a line that can be pasted."""
    if fenced:
        return f"{name}: [{', '.join(json.dumps(value, ensure_ascii=False) for value in values)}]"
    return f"{name}: {('; ' if any(',' in value for value in values) else ', ').join(values)}"
