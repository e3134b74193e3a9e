"""How are the figures told? As a table in Markdown, or as JSON: a median and a range for each peer and step."""

import json
import math
import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

__all__ = ["BASE", "About", "Record", "as_json", "as_markdown", "put_between_marks", "read_records"]

BASE = "hugo"
BEGIN, END = "<!-- bench/peers.py writes from here -->", "<!-- to here -->"
HEAD = (
    ("stories", "step", "generator", "wall s", "from – to", "CPU s", "MB", "written", "changed", "wall ×", "CPU ×"),
    ("--:", "---", "---", "--:", "--:", "--:", "--:", "--:", "--:", "--:", "--:"),
)


@dataclass(frozen=True, slots=True)
class Record:
    """One run. `written` and `changed` count files of the output, where the step has one; `load` is that before it."""

    stories: int
    step: str
    peer: str
    run: int
    wall: float
    cpu: float
    memory: float
    written: int | None
    changed: int | None
    load: float

    @property
    def key(self) -> tuple[int, str, str, int]:
        return self.stories, self.step, self.peer, self.run


@dataclass(frozen=True, slots=True)
class About:
    """Where, when and of what the figures were taken."""

    date: str
    command: str
    machine: str
    versions: tuple[str, ...]
    revision: str
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """The runs of one peer in one step."""

    stories: int
    step: str
    peer: str
    runs: tuple[Record, ...]

    def median(self, name: str) -> float:
        return float(statistics.median(getattr(each, name) for each in self.runs))

    def count(self, name: str) -> int | None:
        values = [getattr(each, name) for each in self.runs]
        return None if None in values else round(statistics.median(values))


def read_records(path: Path) -> list[Record]:
    """Those of a file with one to a line. The last line may have been cut short; then it is none."""
    lines = path.read_text("utf-8").splitlines(keepends=True) if path.is_file() else []
    return [Record(**json.loads(line)) for line in lines if line.endswith("\n")]


def rows(records: Sequence[Record], steps: Sequence[str], peers: Sequence[str]) -> list[Row]:
    """By number of stories, then step, then peer, in the order in which these are given."""
    grouped: dict[tuple[int, str, str], list[Record]] = {}
    for record in records:
        grouped.setdefault(record.key[:3], []).append(record)
    order = sorted(grouped, key=lambda key: (key[0], steps.index(key[1]), peers.index(key[2])))
    return [Row(*key, tuple(grouped[key])) for key in order]


def ratios(row: Row, bases: Mapping[tuple[int, str], Row]) -> tuple[float | None, float | None]:
    """Medians of wall and processor seconds by those of the base in the same step."""
    base = bases.get((row.stories, row.step))
    if base is None:
        return None, None
    wall, cpu = (row.median(name) / base.median(name) if base.median(name) else None for name in ("wall", "cpu"))
    return wall, cpu


def with_ratios(found: Iterable[Row]) -> list[tuple[Row, float | None, float | None]]:
    every = list(found)
    bases = {(row.stories, row.step): row for row in every if row.peer == BASE}
    return [(row, *ratios(row, bases)) for row in every]


def as_markdown(about: About, records: Sequence[Record], steps: Sequence[str], told: Mapping[str, str]) -> str:
    """What was measured, where, and the table. `told` says what each peer is called, in the order of the rows."""
    if not records:
        return "Nothing was measured."
    loads = [record.load for record in records]
    runs = sorted({len(row.runs) for row in rows(records, steps, list(told))})
    load = f"{min(loads):.1f} to {max(loads):.1f}, {statistics.median(loads):.1f} in the middle"
    left_out = f" Could not be installed: {', '.join(about.missing)}." if about.missing else ""
    lines = [
        f"Measured on {about.date}: {about.machine}. {', '.join(about.versions)}. Alsoread at commit {about.revision}.",
        f"Load of the machine before each run: {load}. Runs: {' or '.join(map(str, runs))}.{left_out}",
        *not_measured(records, steps, told),
        "",
        "```console",
        f"$ {about.command}",
        "```",
        "",
        *(f"| {' | '.join(cells)} |" for cells in HEAD),
    ]
    for row, wall, cpu in with_ratios(rows(records, steps, list(told))):
        lines.append(f"| {' | '.join(cells(row, told[row.peer], wall, cpu))} |")
    return "\n".join(lines)


def not_measured(records: Sequence[Record], steps: Sequence[str], told: Mapping[str, str]) -> list[str]:
    """What was asked for and has no row at all, for each number of stories: a run may have been ended."""
    lines = []
    for stories in sorted({record.stories for record in records}):
        there = [record for record in records if record.stories == stories]
        absent = [step for step in steps if step not in {record.step for record in there}]
        absent += [name for peer, name in told.items() if peer not in {record.peer for record in there}]
        if absent:
            lines.append(f"Not measured with {stories:,} stories: {', '.join(absent)}.")
    return lines


def cells(row: Row, name: str, wall: float | None, cpu: float | None) -> list[str]:
    taken = [each.wall for each in row.runs]
    return [
        f"{row.stories:,}",
        row.step,
        name,
        figure(row.median("wall")),
        f"{figure(min(taken))} – {figure(max(taken))}" if len(taken) > 1 else "",
        figure(row.median("cpu")),
        f"{row.median('memory'):,.0f}" if not math.isnan(row.median("memory")) else "?",
        *("" if count is None else f"{count:,}" for count in (row.count("written"), row.count("changed"))),
        *("" if ratio is None else figure(ratio) for ratio in (wall, cpu)),
    ]


def figure(value: float) -> str:
    """Three digits that count, and no more than two places."""
    return f"{value:.2f}" if value < 9.995 else f"{value:.1f}" if value < 99.95 else f"{value:,.0f}"


def as_json(about: About, records: Sequence[Record], steps: Sequence[str], told: Mapping[str, str]) -> str:
    """The same, and every run. A memory that is not known is null."""
    table: list[dict[str, Any]] = []
    for row, wall, cpu in with_ratios(rows(records, steps, list(told))):
        names = ("wall", "cpu", "memory")
        medians = {name: known(row.median(name)) for name in names}
        counts = {name: row.count(name) for name in ("written", "changed")}
        runs = [{name: known(getattr(each, name)) for name in (*names, "load")} for each in row.runs]
        head = {"stories": row.stories, "step": row.step, "generator": told[row.peer]}
        table.append({**head, **medians, **counts, "wall_ratio": wall, "cpu_ratio": cpu, "runs": runs})
    return json.dumps({"about": asdict(about), "table": table}, indent=2, ensure_ascii=False)


def known(value: float) -> float | None:
    return None if math.isnan(value) else round(value, 4)


def put_between_marks(path: Path, text: str) -> None:
    """Replace what a page has between its two marks."""
    page = path.read_text("utf-8")
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise ValueError(f"{path} has not the lines {BEGIN} and {END}")
    path.write_text(f"{before}{BEGIN}\n\n{text}\n\n{END}{after}", "utf-8")
