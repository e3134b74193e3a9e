"""How is a page rendered so that it is known afterwards what it read?"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import jinja2

from alsoread.press.carried import where_is
from alsoread.press.fresh import Change
from alsoread.press.keep import Keep
from alsoread.press.reads import Fingerprint
from alsoread.press.templates import TracedEnvironment
from alsoread.press.trace import Trace

__all__ = ["Noted", "render_traced"]


@dataclass(frozen=True, slots=True)
class Noted:
    """What is noted of a page that was rendered: its record, and the groups of reads that it names, each as text."""

    page: str
    record: Mapping[str, Any]
    groups: Mapping[str, str]
    hidden: bool
    changes: list[Change]


def render_traced(
    page: str,
    template: jinja2.Template,
    names: Mapping[str, Any],
    trace: Trace,
    of_environment: Callable[[tuple[str, ...], TracedEnvironment], Fingerprint],
    changes: Sequence[Change],
) -> tuple[str, Noted]:
    """A page's text, rendered under a trace, and what is to be noted of it; ``of_environment`` tells what a template
    is made of, and ``changes`` are why it is rendered.
    """
    environment = template.environment
    if isinstance(environment, TracedEnvironment) and template.name is not None:
        root = ("template", template.name)
        trace.note(root, "value", of_environment(root, environment))
        outer, environment.trace = environment.trace, trace
        try:
            text = template.render(names)
        finally:
            environment.trace = outer
    else:
        trace.hide("the template is of no environment of Pelican's")
        text = template.render(names)
    groups, own = trace.grouped()
    record: dict[str, Any] = {
        "template": template.name or "",
        "local": sorted(trace.local),
        "own": own,
        "groups": list(groups),
        "kept": Keep.name_of(page, text.encode("utf-8", "surrogatepass")),
        "opaque": list(trace.opaque),
    }
    if trace.shown.bodies:
        record["bodies"] = {place: where_is(body, text) for place, body in trace.shown.bodies.items()}
    return text, Noted(page, record, groups, bool(trace.opaque), list(changes))
