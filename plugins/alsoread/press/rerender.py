"""How is a page rendered from its own record?"""

from collections.abc import Mapping
from typing import Any, Final

from jinja2.utils import missing

from alsoread.press.reads import Fingerprint, Place, Root, Step
from alsoread.press.replay import CannotReplay, Replay, Seen
from alsoread.press.shown import is_of_body
from alsoread.press.templates import TracedEnvironment
from alsoread.press.trace import Trace
from alsoread.press.values import told
from alsoread.press.world import World

__all__ = ["replayed"]

# what these say of a thing, they say of what stands for it
_OF_KINDS: Final = frozenset({"callable", "iterable", "mapping", "sameas", "sequence"})


class _Onlooker(Trace):
    """Stands where a trace would: sees that a page asks for nothing that it did not ask for then, and which bodies it
    takes. ``names`` are what it was given.
    """

    def __init__(self, replay: Replay, names: Mapping[str, object]) -> None:
        super().__init__(World({}), names, frozenset())
        self.shown.bodies = replay.bodies
        self._replay = replay

    def name(self, key: str, value: object, globals_: Mapping[str, Any]) -> None:
        """A name was looked up; others than those that the page was given are the template's own."""
        self.resolved[key] = value
        is_own = value is not missing and key not in self.names and key not in globals_
        if not is_own and not any(self._replay.has((kind, key)) for kind in ("name", "local", "global")):
            raise CannotReplay(f"the name {key} was not looked up")

    def note(self, root: Root, fact: str, fingerprint: Fingerprint) -> None:
        """A template, a filter, a test or a global was used."""
        if root[0] == "test" and root[1] in _OF_KINDS:
            raise CannotReplay(f"what kind of thing it is ({root[1]})")
        if self._replay.fact((root, ()), fact) != fingerprint:
            raise CannotReplay(f"{root} was not used")

    def hide(self, why: str) -> None:
        """Something was done that cannot be told."""
        raise CannotReplay(why)

    def attribute(self, value: object, name: str, result: object) -> None:
        """An attribute was taken: of a body it is told."""
        if is_of_body(name) and isinstance(value, Seen):
            self.shown.note(value.root, result)

    def step(self, value: object, step: Step, result: object) -> None:
        """A step was taken: the same."""
        if isinstance(step[1], str):
            self.attribute(value, step[1], result)

    def place(self, value: object) -> Place | None:
        """Nothing is known of where it was met."""
        return None

    def is_copy(self, value: object) -> bool:
        """What a page has is its own."""
        return True

    def _nothing(self, *_: object) -> None:
        """What is looked at is not noted."""

    sliced = called = items = unpacked = _nothing  # type: ignore[assignment]
    length = truth = text = whole = fetch = disown = _nothing  # type: ignore[assignment]


def replayed(environment: TracedEnvironment, template: str, replay: Replay, settings: Mapping[str, Any]) -> str:
    """The text of the page of a template; ``settings`` are the names that settings give to all pages.

    :raises CannotReplay: where the page cannot be told from its record.
    """
    names = replay.names
    alike = {name: settings[name] for name in names if name in settings and _is_that(replay, name, settings[name])}
    outer, environment.trace = environment.trace, _Onlooker(replay, {**names, **alike})
    try:
        return environment.get_template(template).render({**names, **alike})
    except CannotReplay:
        raise
    except Exception as error:
        raise CannotReplay(f"{type(error).__name__}: {error}") from error
    finally:
        environment.trace = outer


def _is_that(replay: Replay, name: str, value: object) -> bool:
    """Whether a setting is what a page had under its name."""
    recorded = replay.fact((("name", name), ()), "value")
    return not replay.has(("local", name)) and recorded == told(value, lambda each: None)
