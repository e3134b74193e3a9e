"""How does one say what a page read, and what made it stale?"""

from alsoread.press.reads import ATTRIBUTE, CALL, ITEM, KEY, LOOKUP, SLICE, Read, Step

__all__ = ["count_under", "spoken"]


def spoken(read: Read) -> str:
    """A read in a few words: `stories/a.md: title`, `articles[:5] (items)`."""
    (kind, name), steps, fact = read
    path = "".join(_step(step) for step in steps)
    told = "" if fact == "value" else f" ({fact})"
    if kind.endswith("_content"):
        return f"{name}: {path.lstrip('.') or 'the file'}{told}"
    return f"{name if kind in ('name', 'local') else f'{kind} {name}'}{path}{told}"


def _step(step: Step) -> str:
    kind, first, *rest = step
    if kind == ATTRIBUTE:
        return f".{first}"
    if kind == ITEM:
        return f"[{first!r}]"
    if kind == LOOKUP:
        return f".get({first!r})"
    if kind == SLICE:
        bounds = ["" if bound is None else str(bound) for bound in (first, *rest)]
        return f"[{':'.join(bounds if bounds[2] else bounds[:2])}]"
    if kind == CALL:
        return f".{first}({', '.join(map(repr, rest))})"
    return f".{'keys' if kind == KEY else 'values'}()[{first}]"


def count_under(about: str) -> str:
    """What a reason is counted under: the attribute rather than the story, the recipe's part, the template."""
    if about.startswith(("recipe: ", "always: ", "template ")):
        return about
    return about.partition(": ")[2] or about
