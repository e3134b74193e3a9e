"""What is compiled into templates, besides what Jinja compiles?

Calls around expressions whose value is looked at: loops, tests for truth, comparisons, arithmetic, slices and output.
And the text of a template, and of each block, is gathered in one list and handed on as one piece; Jinja would hand each
piece through all templates that the page extends. Where a body goes to the page as it is, and through nothing else, it
is told from bodies that are looked at.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from jinja2 import nodes
from jinja2.compiler import CodeGenerator, Frame

__all__ = ["TracingGenerator"]

_BODY: Final = "content"


class TracingGenerator(CodeGenerator):
    """Compiles templates with a call around each expression whose value is looked at."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._calls: dict[int, tuple[str, str]] = {}
        self._gathered: set[str] = set()
        self._bodies: set[int] = set()

    # a page is put together in lists, not handed through generators piece by piece

    def enter_frame(self, frame: Frame) -> None:
        outermost = (frame.toplevel or frame.block_frame) and frame.parent is None and frame.buffer is None
        if outermost and not self.environment.is_async:
            self.buffer(frame)
            self._gathered.add(str(frame.buffer))
        super().enter_frame(frame)

    def leave_frame(self, frame: Frame, with_python_scope: bool = False) -> None:
        super().leave_frame(frame, with_python_scope)
        if frame.parent is None and frame.buffer in self._gathered:
            self._hand_over(frame)

    def _hand_over(self, frame: Frame) -> None:
        """Yield what has been gathered, as one text, before anything else is yielded."""
        self.writeline(f"if {frame.buffer}:")
        self.indent()
        self.writeline(f"yield concat({frame.buffer})")
        self.writeline(f"{frame.buffer}.clear()")
        self.outdent()

    def visit_OverlayScope(self, node: nodes.OverlayScope, frame: Frame) -> None:  # noqa: N802
        if frame.buffer in self._gathered:
            # its frame has no buffer
            self._hand_over(frame)
        super().visit_OverlayScope(node, frame)

    # what is looked at

    def _around(self, call: str, node: nodes.Node | None, depth: int | None = None) -> None:
        # scalars need no call
        if node is not None and not isinstance(node, nodes.Const | nodes.TemplateData | nodes.Compare | nodes.Not):
            self._calls[id(node)] = call, ")" if depth is None else f", {depth})"

    def visit(self, node: nodes.Node, *args: Any, **kwargs: Any) -> Any:
        if id(node) in self._bodies and isinstance(node, nodes.Getattr):
            self._bodies.discard(id(node))
            frame: Frame = args[0]
            self.write("environment.body(")
            self.visit(node.node, *args, **kwargs)
            self.write(f", {bool(frame.eval_ctx.autoescape)})")
            return None
        call = self._calls.pop(id(node), None)
        if call is None:
            return super().visit(node, *args, **kwargs)
        before, after = call
        self.write(f"environment.{before}(")
        result = super().visit(node, *args, **kwargs)
        self.write(after)
        return result

    def visit_For(self, node: nodes.For, frame: Frame) -> None:  # noqa: N802 - Jinja names them
        self._around("seen_unpacked", node.iter, _depth(node.target))
        self._around("seen_truth", node.test)
        super().visit_For(node, frame)

    def visit_If(self, node: nodes.If, frame: Frame) -> None:  # noqa: N802
        self._around("seen_truth", node.test)
        for branch in node.elif_:
            self._around("seen_truth", branch.test)
        super().visit_If(node, frame)

    def visit_CondExpr(self, node: nodes.CondExpr, frame: Frame) -> None:  # noqa: N802
        self._around("seen_truth", node.test)
        super().visit_CondExpr(node, frame)

    def visit_Compare(self, node: nodes.Compare, frame: Frame) -> None:  # noqa: N802
        self._around("seen_whole", node.expr)
        for operand in node.ops:
            self._around("seen_whole", operand.expr)
        super().visit_Compare(node, frame)

    def visit_Concat(self, node: nodes.Concat, frame: Frame) -> None:  # noqa: N802
        for child in node.nodes:
            self._around("seen_text", child)
        super().visit_Concat(node, frame)

    def visit_Output(self, node: nodes.Output, frame: Frame) -> None:  # noqa: N802
        if not self._is_plain(frame):
            for child in node.nodes:
                self._around("seen_text", child)
        elif frame.buffer in self._gathered:
            self._bodies |= {id(child) for child in node.nodes if _is_body(child)}
        super().visit_Output(node, frame)

    def _is_plain(self, frame: Frame) -> bool:
        """Whether what is shown is turned into text in a way that is known when the template is compiled."""
        return not frame.eval_ctx.volatile and self.environment.finalize is None

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        if self._is_plain(frame):
            self.write("environment.escaped(" if frame.eval_ctx.autoescape else "environment.shown(")
        else:
            super()._output_child_pre(node, frame, finalize)

    def visit_Assign(self, node: nodes.Assign, frame: Frame) -> None:  # noqa: N802
        if isinstance(node.target, nodes.Tuple):
            self._around("seen_unpacked", node.node, _depth(node.target) - 1)
        super().visit_Assign(node, frame)

    def visit_With(self, node: nodes.With, frame: Frame) -> None:  # noqa: N802
        for target, value in zip(node.targets, node.values, strict=False):
            if isinstance(target, nodes.Tuple):
                self._around("seen_unpacked", value, _depth(target) - 1)
        super().visit_With(node, frame)

    def visit_Include(self, node: nodes.Include, frame: Frame) -> None:  # noqa: N802
        self._around("seen_whole", node.template)
        if not node.with_context and frame.buffer in self._gathered:
            # Jinja yields what it gives
            self._hand_over(frame)
        with self._aside(frame):
            super().visit_Include(node, frame)

    def visit_Block(self, node: nodes.Block, frame: Frame) -> None:  # noqa: N802
        with self._aside(frame):
            super().visit_Block(node, frame)

    @contextmanager
    def _aside(self, frame: Frame) -> Iterator[None]:
        """What another template or block gives here does not go to the page at once, but through a filter, say."""
        is_aside = frame.buffer is not None and frame.buffer not in self._gathered
        if is_aside:
            self.writeline("with environment.aside():")
            self.indent()
            self.writeline("pass")
        yield
        if is_aside:
            self.outdent()

    def visit_Extends(self, node: nodes.Extends, frame: Frame) -> None:  # noqa: N802
        self._around("seen_whole", node.template)
        super().visit_Extends(node, frame)

    def visit_Call(self, node: nodes.Call, frame: Frame, **kwargs: Any) -> None:  # type: ignore[override]  # noqa: N802
        self._around("seen_items", node.dyn_args)
        self._around("seen_items", node.dyn_kwargs)
        super().visit_Call(node, frame, **kwargs)

    def visit_Getitem(self, node: nodes.Getitem, frame: Frame) -> None:  # noqa: N802
        if not isinstance(node.arg, nodes.Slice):
            super().visit_Getitem(node, frame)
            return
        self.write("environment.cut(")
        self.visit(node.node, frame)
        for bound in (node.arg.start, node.arg.stop, node.arg.step):
            self.write(", ")
            if bound is None:
                self.write("None")
            else:
                self.visit(bound, frame)
        self.write(")")


def _is_body(node: nodes.Node) -> bool:
    return isinstance(node, nodes.Getattr) and node.attr == _BODY and node.ctx == "load"


def _depth(target: nodes.Node) -> int:
    """How deep a target takes apart what it is assigned: 0 for a name, 1 for ``a, b``, 2 for ``a, (b, c)``."""
    if not isinstance(target, nodes.Tuple):
        return 0
    return 1 + max((_depth(item) for item in target.items), default=0)


def _truth_of(operator: str) -> Any:
    def visit(self: TracingGenerator, node: nodes.BinExpr, frame: Frame) -> None:
        self._around("seen_truth", node.left)
        getattr(CodeGenerator, f"visit_{operator}")(self, node, frame)

    return visit


def _whole_of(operator: str, call: str) -> Any:
    def visit(self: TracingGenerator, node: nodes.BinExpr, frame: Frame) -> None:
        self._around(call, node.left)
        self._around(call, node.right)
        getattr(CodeGenerator, f"visit_{operator}")(self, node, frame)

    return visit


def _visit_not(self: TracingGenerator, node: nodes.Not, frame: Frame) -> None:
    self._around("seen_truth", node.node)
    CodeGenerator.visit_Not(self, node, frame)


# Jinja makes these methods itself, so they are put in the same way
for _name in ("And", "Or"):
    setattr(TracingGenerator, f"visit_{_name}", _truth_of(_name))
for _name in ("Add", "Mul"):
    setattr(TracingGenerator, f"visit_{_name}", _whole_of(_name, "seen_operand"))
for _name in ("Sub", "Div", "FloorDiv", "Mod", "Pow"):
    setattr(TracingGenerator, f"visit_{_name}", _whole_of(_name, "seen_whole"))
setattr(TracingGenerator, "visit_Not", _visit_not)  # noqa: B010
