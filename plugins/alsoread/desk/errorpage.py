"""How does a browser show what is wrong with the site that it previews?

With a banner over the page for what must be mended, a small count in its corner for what may be, and a page of its own
where there is no site to show. Everything in them is text, escaped here.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from typing import Final

from alsoread.diagnostics import Severity

__all__ = ["Outcome", "Said", "banner", "message_page"]


@dataclass(frozen=True, slots=True)
class Said:
    """One finding: how much it weighs, its place, code and message in a line, and its hint."""

    severity: Severity
    line: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the last build said: its findings, or why it failed."""

    findings: tuple[Said, ...] = ()
    failure: str = ""

    @property
    def errors(self) -> tuple[Said, ...]:
        """The findings that leave a story out."""
        return tuple(said for said in self.findings if said.severity is Severity.ERROR)

    @property
    def others(self) -> tuple[Said, ...]:
        """Warnings and notes."""
        return tuple(said for said in self.findings if said.severity is not Severity.ERROR)


def banner(outcome: Outcome) -> str:
    """What lies over a page, as HTML for a shadow root; nothing if there is nothing to say."""
    wrong, others = _wrong(outcome), _others(outcome.others)
    if not wrong and not others:
        return ""
    kind = "wrong" if wrong else "quiet"
    return f'<style>{_STYLE}{_PANEL}</style><div class="panel {kind}" lang="en" dir="ltr">{wrong}{others}</div>'


def message_page(title: str, words: str, outcome: Outcome | None = None) -> str:
    """A whole page with a message, and what the last build said, where there is no page of the site to show."""
    wrong = _list(outcome) if outcome is not None else ""
    alert = f'<div role="alert">{wrong}</div>' if wrong else ""
    return (
        f'<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>{escape(title)}</title>\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="robots" content="noindex">\n<meta name="color-scheme" content="light dark">\n'
        f"<style>{_STYLE}{_PAGE}</style>\n</head>\n<body>\n<main>\n<h1>{escape(title)}</h1>\n"
        f"{alert}\n<p>{escape(words)}</p>\n</main>\n</body>\n</html>\n"
    )


def _wrong(outcome: Outcome) -> str:
    """The part that must be seen: why a build failed, or its errors."""
    if not outcome.failure and not outcome.errors:
        return ""
    title = "The build failed" if outcome.failure else _counted(outcome.errors)
    words = "This is the last good site." if outcome.failure else "What is wrong is left out of the site."
    return (
        f'<section role="alert"><header><h2>{title}</h2><button type="button">Close</button></header>'
        f'<p>{words}</p><div class="list" tabindex="0">{_list(outcome)}</div></section>'
    )


def _list(outcome: Outcome) -> str:
    if outcome.failure:
        return f"<pre>{escape(outcome.failure)}</pre>"
    return _lines(outcome.errors) if outcome.errors else ""


def _others(findings: tuple[Said, ...]) -> str:
    """The part that may be opened: warnings and notes."""
    if not findings:
        return ""
    return f'<details><summary>{_counted(findings)}</summary><div class="list">{_lines(findings)}</div></details>'


def _lines(findings: Iterable[Said]) -> str:
    rows = (
        f'<li class="{said.severity}"><code>{escape(said.line)}</code>'
        + (f'<span class="hint">hint: {escape(said.hint)}</span>' if said.hint else "")
        + "</li>"
        for said in findings
    )
    return f"<ol>{''.join(rows)}</ol>"


def _counted(findings: tuple[Said, ...]) -> str:
    counts = {severity: sum(said.severity is severity for said in findings) for severity in Severity}
    return ", ".join(f"{count} {severity}{'' if count == 1 else 's'}" for severity, count in counts.items() if count)


_STYLE: Final = """
:host, :root { color-scheme: light dark; --paper: #fff; --ink: #1f1f1f; --soft: #595959; --line: #c4c4c4;
  --alarm: #b3261e; --alarm-paper: #fff5f3; }
@media (prefers-color-scheme: dark) { :host, :root { --paper: #1c1c1c; --ink: #ececec; --soft: #b4b4b4;
  --line: #5c5c5c; --alarm: #ff9d91; --alarm-paper: #2b1512; } }
ol { list-style: none; margin: 0; padding: 0; }
li { margin: 0; padding: .45em 0; border-block-start: 1px solid var(--line); }
li:first-child { border: 0; }
code, pre { font: 13px/1.5 ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; white-space: pre-wrap;
  overflow-wrap: anywhere; margin: 0; color: var(--ink); }
.hint { display: block; padding-inline-start: 1.5em; color: var(--soft); white-space: pre-wrap;
  overflow-wrap: anywhere; }
"""
_PANEL: Final = """
:host { all: initial; }
.panel { position: fixed; inset: auto 0 0 0; z-index: 2147483647; box-sizing: border-box; max-height: 50vh;
  display: flex; flex-direction: column; padding: .5em 1em; font: 14px/1.5 system-ui, sans-serif; text-align: start;
  color: var(--ink); background: var(--alarm-paper); border-block-start: 3px solid var(--alarm);
  box-shadow: 0 -2px 12px #0003; }
.panel.quiet { inset: auto .75em .75em auto; max-width: min(60em, 100vw - 1.5em); background: var(--paper);
  border: 1px solid var(--line); border-radius: 6px; padding: .15em .75em; }
section { display: flex; flex-direction: column; min-height: 0; }
header { display: flex; align-items: baseline; justify-content: space-between; gap: 1em; }
h2 { font: 600 16px/1.5 system-ui, sans-serif; margin: 0; color: var(--alarm); }
p { margin: 0 0 .4em; color: var(--soft); }
.list { overflow: auto; min-height: 3em; }
button { font: 14px/1.5 system-ui, sans-serif; min-width: 24px; min-height: 28px; padding: 0 .75em; color: var(--ink);
  background: var(--paper); border: 1px solid var(--soft); border-radius: 4px; cursor: pointer; }
details { padding: 2px; min-height: 0; display: flex; flex-direction: column; overflow: auto; }
summary { cursor: pointer; color: var(--soft); min-height: 24px; }
:focus-visible { outline: 2px solid var(--alarm); outline-offset: 2px; }
@media print { .panel { display: none; } }
"""
_PAGE: Final = """
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 60em; margin: 0 auto; padding: 2em 1em; }
h1 { font-size: 1.5em; }
[role=alert] { padding: .75em 1em; background: var(--alarm-paper); border-inline-start: 4px solid var(--alarm); }
p { color: var(--soft); }
"""
