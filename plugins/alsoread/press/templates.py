"""How does a Jinja environment tell what its templates read?

The values in a template stay what they are; what is done with them is noted on the way. Attributes, items and names
pass through methods that Jinja has for them; around what else is looked at ``compiling`` has put calls, which return
what they are given.
"""

from collections import ChainMap
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from functools import cache, wraps
from typing import Any, Final

import jinja2
from jinja2 import nodes
from jinja2.environment import Template, TemplateModule
from jinja2.runtime import BlockReference, Context, Macro, Undefined, new_context
from jinja2.utils import missing
from markupsafe import Markup, escape

try:
    # what `escape` calls for texts, before it makes a Markup of what comes back
    from markupsafe._speedups import _escape_inner as escape_text
except ImportError:
    escape_text = escape

from alsoread.press.callables import (
    Pure,
    Way,
    fetched_way,
    is_method_of_scalar,
    method_of,
    way_of_call,
    way_of_filter,
    way_of_test,
)
from alsoread.press.compiling import TracingGenerator
from alsoread.press.digests import digest
from alsoread.press.told import code_of
from alsoread.press.trace import ATTRIBUTE, BODY, ITEM, LOOKUP, Trace
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
            with trace.aside():
                return super().call(function, *args, **kwargs)
        way = way_of_call(function, environment.pure)
        if way is Way.HIDDEN and environment.is_declared(function, trace):
            way = Way.WHOLE
        if way in _LOOKING_INTO:
            args = tuple(_watched(value, trace) for value in args)
        shown = {name: value for name, value in kwargs.items() if name not in _JINJAS}
        _look(trace, way, function, args, shown)
        result = super().call(function, *args, **kwargs)
        if way is Way.AGAIN:
            if shown:
                trace.hide(f"{method_of(function)[1]}() with named arguments")
            else:
                trace.called(*method_of(function), args, result)
        elif way is Way.GET:
            _look_up(trace, function, args, result)
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
        with environment.trace.aside():
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
        with self.trace.showing(is_escaped):
            return self.getattr(owner, BODY)

    def aside(self) -> AbstractContextManager[None]:
        """What is shown meanwhile does not go to the page at once."""
        return nullcontext() if self.trace is None else self.trace.aside()

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
            return _each_unpacked(value, trace, depth) if depth else value
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


class Noted(dict[str, Any]):
    """The filters or tests of an environment: who takes one out gets it with a note around it."""

    def __init__(self, functions: Mapping[str, Any], environment: TracedEnvironment, sort: str) -> None:
        super().__init__(functions)
        self._environment = environment
        self._sort = sort
        self._noted: dict[str, tuple[Any, Any]] = {}

    def __getitem__(self, name: str) -> Any:
        return self._with_note(name, super().__getitem__(name))

    def get(self, name: str, default: Any = None) -> Any:
        return self._with_note(name, super().__getitem__(name)) if name in self else default

    def _with_note(self, name: str, function: Any) -> Any:
        known = self._noted.get(name)
        if known is None or known[0] is not function:
            known = self._noted[name] = (function, _noting(self._environment, self._sort, name, function))
        return known[1]


def _noting(environment: TracedEnvironment, sort: str, name: str, function: Any) -> Any:
    way = (way_of_filter if sort == "filter" else way_of_test)(name, function, environment.pure)
    fetched = fetched_way(function) if sort == "filter" else Way.NOTHING
    passed = 1 if getattr(function, "jinja_pass_arg", None) is not None else 0
    root, identity = (sort, name), Fingerprint(f"function:{code_of(function)}")
    sees_no_scalars = fetched is Way.NOTHING and way not in (Way.HIDDEN, Way.ATTRIBUTE)

    @wraps(function)
    def noting(*args: Any, **kwargs: Any) -> Any:
        trace = environment.trace
        if trace is None:
            if environment.compiling:
                # else Jinja would fold what it gives for constants into the template, and no page would have used it
                raise nodes.Impossible
            return function(*args, **kwargs)
        if root not in trace.used:
            trace.used.add(root)
            trace.note(root, "value", identity)
        if sees_no_scalars and not kwargs:
            for value in args[passed:]:
                if type(value) not in SCALARS:
                    break
            else:
                return function(*args)
        if way in _LOOKING_INTO:
            args = tuple(_watched(value, trace) for value in args)
        shown = args[passed:]
        _look(trace, way, name, shown, kwargs)
        if fetched is not Way.NOTHING:
            look = trace.truth if fetched is Way.TRUTH else trace.whole
            with trace.fetching(look):
                result = function(*args, **kwargs)
            return _each_fetched(result, trace, look) if isinstance(result, Iterator) else result
        result = function(*args, **kwargs)
        if way is Way.ATTRIBUTE:
            trace.step(shown[0], (ATTRIBUTE, str(shown[1])), result)
        return result

    return noting


def _look(trace: Trace, way: Way, what: Any, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> None:
    """Note what a function is about to do with its arguments."""
    look: Callable[[Any], None] | None = None
    first = args[:1]
    match way:
        case Way.HIDDEN:
            trace.hide(f"{what if isinstance(what, str) else _named(what)} is not known to be pure")
            look = trace.whole
        case Way.NOTHING | Way.ATTRIBUTE | Way.AGAIN | Way.GET:
            return
        case Way.TRUTH:
            # `default(value, other, true)`
            if (len(args) > 2 and args[2]) or kwargs.get("boolean"):
                trace.truth(args[0])
            return
        case Way.LENGTH:
            look = trace.length
        case Way.FIRST | Way.LAST:
            _end(trace, way, first)
            return
        case Way.ITEMS if not isinstance(what, str):
            look = trace.items
        case Way.ITEMS:
            # a filter: its further arguments are names and what is compared with
            if first:
                trace.items(first[0])
            args, look = args[1:], trace.whole
        case Way.TRUTH_OF_ITEMS:
            trace.unpacked(args[0], 0)
            for item in args[0] if len(args) == 1 and not isinstance(args[0], Iterator) else ():
                trace.truth(item)
            return
        case Way.ITEMS_BY_ATTRIBUTE:
            named = kwargs.get("attribute") is not None or any(isinstance(arg, str) for arg in args[1:])
            if first and named:
                trace.items(first[0])
                return
            look = trace.whole
        case Way.OWNER_ITEMS:
            trace.items(what.__self__)
            look = trace.whole
        case Way.OWNER_WHOLE:
            trace.whole(what.__self__)
            look = trace.whole
        case Way.CHANGES:
            if trace.is_copy(what.__self__):
                trace.disown(what.__self__)
            elif trace.place(what.__self__) is not None:
                # other pages will see the change, or not, as the order of rendering has it
                trace.hide(f"{_named(what)} changes what all pages share")
            return
        case _:
            look = trace.whole
    for value in (*args, *kwargs.values()):
        if type(value) not in SCALARS and not isinstance(value, Undefined):
            look(value)


def _end(trace: Trace, way: Way, first: tuple[Any, ...]) -> None:
    if not first or type(first[0]) in SCALARS:
        return
    value = first[0]
    if isinstance(value, list | tuple) and trace.place(value) is not None:
        place = 0 if way is Way.FIRST else -1
        trace.step(value, (ITEM, place), value[place] if value else _NOTHING)
    else:
        trace.items(value)


_NOTHING: Final = Undefined()


def _look_up(trace: Trace, method: Any, args: tuple[Any, ...], result: Any) -> None:
    """`mapping.get(key)` is an item, or its absence."""
    mapping = method.__self__
    if args and type(args[0]) in SCALARS:
        found = mapping.get(args[0], missing) if isinstance(mapping, Mapping) else missing
        trace.step(mapping, (LOOKUP, args[0]), _NOTHING if found is missing else result)
    else:
        trace.whole(mapping)


def _named(function: Any) -> str:
    name = getattr(function, "__qualname__", None) or type(function).__qualname__
    return f"{getattr(function, '__module__', '') or ''}.{name}()".lstrip(".")


_LOOKING_INTO: Final = frozenset({Way.WHOLE, Way.TRUTH_OF_ITEMS, Way.ITEMS_BY_ATTRIBUTE, Way.OWNER_WHOLE, Way.HIDDEN})


def _watched(value: Any, trace: Trace) -> Any:
    """An iterator cannot be looked into before it is used: look at each item on its way."""
    if not isinstance(value, Iterator) or trace.place(value) is not None:
        return value
    return _each_whole(value, trace)


def _each_fetched(values: Iterator[Any], trace: Trace, look: Callable[[Any], None]) -> Iterator[Any]:
    while True:
        with trace.fetching(look):
            try:
                value = next(values)
            except StopIteration:
                return
        yield value


def _each_whole(values: Iterator[Any], trace: Trace) -> Iterator[Any]:
    for value in values:
        trace.whole(value)
        yield value


def _each_unpacked(values: Iterator[Any], trace: Trace, depth: int) -> Iterator[Any]:
    for value in values:
        trace.unpacked(value, depth - 1)
        yield value
