"""How does a Jinja environment tell what its templates read?

The values in a template stay what they are; what is done with them is noted on the way. Attributes, items and names
pass through methods that Jinja has for them; around what else is looked at ``compiling`` has put calls, which return
what they are given.
"""

from collections import ChainMap
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from functools import cache
from typing import Any, Final

import jinja2
from jinja2.environment import Template, TemplateModule
from jinja2.runtime import BlockReference, Context, Macro, Undefined, new_context
from jinja2.utils import missing
from markupsafe import Markup, escape

try:
    # what `escape` calls for texts, before it makes a Markup of what comes back
    from markupsafe._speedups import _escape_inner as escape_text
except ImportError:
    escape_text = escape

from alsoread.press.callables import Pure, Way, is_method_of_scalar, method_of, template_of_text, way_of_call
from alsoread.press.compiling import TracingGenerator
from alsoread.press.digests import digest
from alsoread.press.looking import Noted, each_unpacked, look_at, look_by_format, look_up, watched
from alsoread.press.reads import ITEM
from alsoread.press.shown import BODY
from alsoread.press.trace import Trace
from alsoread.press.values import ABSENT, SCALARS, Fingerprint

__all__ = ["TracedEnvironment", "make_traced", "template_fingerprint"]


class TracedContext(Context):
    """Notes which names are looked up and what is called."""

    environment: "TracedEnvironment"

    def resolve_or_missing(self, key: str) -> Any:
        if key in self.vars:
            return self.vars[key]
        value = self.parent.get(key, missing)
        trace = self.environment.trace
        if trace is not None and trace.resolved.get(key, trace) is not value:
            trace.name(key, value, self.environment.globals)
        return value

    def call(self, function: Any, /, *args: Any, **kwargs: Any) -> Any:
        environment = self.environment
        trace = environment.trace
        if type(function) is Macro or (trace is not None and _is_of_scalars(function, args, kwargs)):
            # what a macro looks at is noted within it
            return self._called_at_once(function, args, kwargs)
        if trace is None:
            return super().call(function, *args, **kwargs)
        if type(function) is BlockReference:
            with trace.shown.aside():
                return super().call(function, *args, **kwargs)
        way = way_of_call(function, environment.pure)
        if way is Way.HIDDEN and environment.is_declared(function, trace):
            way = Way.DECLARED
        args, kwargs = watched(args, kwargs, trace, way, function)
        shown = {name: value for name, value in kwargs.items() if name not in _JINJAS}
        template = template_of_text(function)
        if template is not None:
            is_map = function.__name__ == "format_map" and len(args) == 1
            look_by_format(environment, template, () if is_map else args, args[0] if is_map else shown)
        look_at(trace, way, function, args, shown)
        result = super().call(function, *args, **kwargs)
        if way is Way.AGAIN:
            if shown:
                trace.hide(f"{method_of(function)[1]}() with named arguments")
            else:
                trace.called(*method_of(function), args, result)
        elif way is Way.GET:
            look_up(trace, function, args, result)
        return result

    def _called_at_once(self, function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """A call of what Jinja need not look at: a macro wants to know whether text is escaped, a method nothing."""
        kwargs.pop("_block_vars", None)
        kwargs.pop("_loop_vars", None)
        try:
            return function(self.eval_ctx, *args, **kwargs) if type(function) is Macro else function(*args, **kwargs)
        except StopIteration:
            return self.environment.undefined("value was undefined because a callable raised a StopIteration exception")


def _is_of_scalars(function: Any, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> bool:
    """Whether a call has nothing to look at: a text's method, say, with texts."""
    if not is_method_of_scalar(function):
        return False
    for value in args:
        if type(value) not in SCALARS:
            return False
    return all(name in _JINJAS or type(value) in SCALARS for name, value in kwargs.items())


_OF_DICTS: Final = frozenset(dir(dict))
_JINJAS: Final = ("_loop_vars", "_block_vars")


class TracedTemplate(Template):
    """Makes the module of an imported template anew for each page: what it reads is that page's."""

    def new_context(
        self,
        vars: dict[str, Any] | None = None,  # noqa: A002 - Jinja names it
        shared: bool = False,
        locals: Mapping[str, Any] | None = None,  # noqa: A002
    ) -> Context:
        """As Jinja's; but what it has as a chain of mappings, and asks for each name in turn, is copied at once."""
        flat: dict[str, Any] = {}
        for mapping in reversed(self.globals.maps) if isinstance(self.globals, ChainMap) else (self.globals,):
            flat.update(mapping)
        return new_context(self.environment, self.name, self.blocks, vars, shared, flat, locals)

    def _get_default_module(self, ctx: Context | None = None) -> TemplateModule:
        self._module = None
        return super()._get_default_module(ctx)

    def make_module(self, *args: Any, **kwargs: Any) -> TemplateModule:
        """As Jinja's. What is shown there goes to whoever imports the template, not to the page."""
        environment: Any = self.environment
        if environment.trace is None:
            return super().make_module(*args, **kwargs)
        with environment.trace.shown.aside():
            return super().make_module(*args, **kwargs)


class TracedEnvironment(jinja2.Environment):
    """A Jinja environment that notes what is read while ``trace`` is set; give it to an existing one by
    :func:`make_traced`.
    """

    code_generator_class = TracingGenerator
    context_class = TracedContext
    template_class = TracedTemplate
    trace: Trace | None = None
    pure: Pure = frozenset()
    sources: dict[tuple[object, ...], Fingerprint]
    compiling: bool = False

    def getattr(self, obj: Any, attribute: str) -> Any:
        if type(obj) is dict and attribute not in _OF_DICTS:
            value = obj[attribute] if attribute in obj else self.undefined(obj=obj, name=attribute)
        else:
            try:
                value = getattr(obj, attribute)
            except AttributeError:
                value = super().getattr(obj, attribute)
        trace = self.trace
        if trace is not None:
            trace.attribute(obj, attribute, value)
        return value

    def body(self, owner: Any, is_escaped: bool) -> Any:
        """``owner.content``, which goes to the page as it is, or escaped, and through nothing else."""
        if self.trace is None:
            return self.getattr(owner, BODY)
        with self.trace.shown.showing(is_escaped):
            return self.getattr(owner, BODY)

    def aside(self) -> AbstractContextManager[None]:
        """What is shown meanwhile does not go to the page at once."""
        return nullcontext() if self.trace is None else self.trace.shown.aside()

    def getitem(self, obj: Any, argument: Any) -> Any:
        value = super().getitem(obj, argument)
        if self.trace is not None and type(obj) not in SCALARS:
            if isinstance(argument, slice):
                self.trace.sliced(obj, argument, value)
            else:
                self.trace.step(obj, (ITEM, argument), value)
                self.trace.fetch(obj, value)
        return value

    def cut(self, obj: Any, start: Any, stop: Any, step: Any) -> Any:
        """A slice, as ``obj[start:stop:step]``."""
        bounds = slice(start, stop, step)
        result = obj[bounds]
        if self.trace is not None and type(obj) not in SCALARS:
            self.trace.sliced(obj, bounds, result)
        return result

    def seen_items(self, value: Any) -> Any:
        """The value; its items are about to be looked at."""
        if self.trace is not None and type(value) not in SCALARS:
            self.trace.items(value)
        return value

    def seen_unpacked(self, value: Any, depth: int) -> Any:
        """The value; it is about to be iterated over, and what it gives taken apart to a depth."""
        trace = self.trace
        if trace is None or type(value) in SCALARS:
            return value
        if isinstance(value, Iterator):
            trace.items(value)
            return each_unpacked(value, trace, depth) if depth else value
        trace.unpacked(value, depth)
        return value

    def seen_operand(self, value: Any) -> Any:
        """The value; it is about to be added to or multiplied: of a container the items stay what they are."""
        return self.seen_items(value) if isinstance(value, list | tuple) else self.seen_whole(value)

    def seen_truth(self, value: Any) -> Any:
        """The value; it is about to be tested."""
        if self.trace is not None and type(value) not in SCALARS:
            self.trace.truth(value)
        return value

    def seen_text(self, value: Any) -> Any:
        """The value; it is about to be shown."""
        if self.trace is not None and type(value) not in SCALARS and not isinstance(value, Undefined):
            self.trace.text(value)
        return value

    def shown(self, value: Any) -> str:
        """The text of a value, which is about to be shown."""
        kind = type(value)
        if kind is str or kind is Markup:
            text: str = value
            return text
        return str(self.seen_text(value))

    def escaped(self, value: Any) -> str:
        """The text of a value, escaped, which is about to be shown."""
        kind = type(value)
        if kind is str:
            return escape_text(value)
        if kind is Markup:
            text: str = value
            return text
        return escape(self.seen_text(value))

    def seen_whole(self, value: Any) -> Any:
        """The value; it is about to be compared, or used in another way that may depend on all of it."""
        if self.trace is not None and type(value) not in SCALARS and not isinstance(value, Undefined):
            self.trace.whole(value)
        return value

    def _load_template(self, name: str, globals: Any) -> Template:  # noqa: A002 - Jinja names it
        if self.trace is not None:
            self.trace.note(("template", name), "value", self.source_of(name))
        return super()._load_template(name, globals)

    def is_declared(self, function: Any, trace: Trace) -> bool:
        """Whether a function is known to templates by a name that was declared pure."""
        return any(self.globals.get(name) is function or trace.names.get(name) is function for name in self.pure)

    def source_of(self, name: str) -> Fingerprint:
        """The fingerprint of a template, read once as long as the loaders are the same."""
        key = (name, *map(id, getattr(self.loader, "loaders", ())))
        if key not in self.sources:
            self.sources[key] = template_fingerprint(self, name)
        return self.sources[key]

    def compile(self, *args: Any, **kwargs: Any) -> Any:
        self.compiling = True
        try:
            return super().compile(*args, **kwargs)
        finally:
            self.compiling = False


def template_fingerprint(environment: jinja2.Environment, name: str) -> Fingerprint:
    """A template's source and whether it is autoescaped; absent where no loader has it."""
    loader = environment.loader
    if loader is None:
        return ABSENT
    try:
        source, _, _ = loader.get_source(environment, name)
    except jinja2.TemplateNotFound:
        return ABSENT
    autoescape = environment.autoescape
    escaped = autoescape(name) if callable(autoescape) else autoescape
    return Fingerprint(f"template:{digest(source, str(bool(escaped)))}")


def make_traced(environment: jinja2.Environment, pure: Pure) -> TracedEnvironment:
    """Turn an environment into a traced one, in place: whoever holds it goes on holding the same one."""
    if isinstance(environment, TracedEnvironment):
        return environment
    kind = type(environment)
    bases = (TracedEnvironment,) if kind is jinja2.Environment else (TracedEnvironment, kind)
    environment.__class__ = bases[0] if len(bases) == 1 else type(f"Traced{kind.__name__}", bases, {})
    traced: TracedEnvironment = environment  # type: ignore[assignment]
    traced.pure = pure
    traced.sources = {}
    if callable(traced.autoescape):
        # each page asks anew, and it may be files that are looked for
        traced.autoescape = cache(traced.autoescape)
    traced.filters = Noted(traced.filters, traced, "filter")
    traced.tests = Noted(traced.tests, traced, "test")
    if traced.cache is not None:
        traced.cache.clear()
    return traced
