"""Measure Alsoread beside stock Pelican, Hugo and Eleventy: the same digest, the same pages, one run, one table.

The peers take turns within each step. What is finished is in the work folder at once, so that --resume goes on with a
run that was ended. Nothing that was started goes on after the end, whether by Ctrl-C or by a signal.
"""

import argparse
import compileall
import hashlib
import json
import os
import platform
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from corpus import Corpus
from installs import installed
from measure import ROOT, Taken, measure, measuring_ends_with_its_processes
from peer_sites import INSTALLED_BY, NAMES, Peer, Site, peers, write_site
from served import saves
from site_edits import EDITS, edit_body
from table import About, Record, as_json, as_markdown, put_between_marks, read_records

SERVE = "save to page"
FIRST = "first check"
EDITED = "check after an edit"
READING = ("help", FIRST, "check one file", EDITED, "check")
STEPS = (*EDITS, SERVE, *READING)
RUNS = 3
SETTLED, WRITTEN = ".settled", ".written"


@dataclass
class Work:
    """The folder of a run: what was measured so far, and the sites."""

    folder: Path
    records: list[Record] = field(default_factory=list)

    @property
    def results(self) -> Path:
        return self.folder / "run/results.jsonl"

    @property
    def code(self) -> Path:
        return self.folder / "run/code"

    @property
    def sign(self) -> Path:
        return self.folder / "run/about.json"

    def look(self, about: dict[str, str]) -> None:
        """Read what the run that is there has so far. It must be about the same."""
        if not self.sign.is_file() or json.loads(self.sign.read_text("utf-8")) != about:
            sys.exit(f"{self.folder} has no run of these stories and this code; begin one, without --resume and --tell")
        self.records = read_records(self.results)

    def take_up(self, about: dict[str, str]) -> None:
        """Go on with the run that is there. A line that was cut short goes."""
        self.look(about)
        self.results.write_text("".join(f"{json.dumps(asdict(each))}\n" for each in self.records), "utf-8")

    def begin(self, about: dict[str, str]) -> None:
        """Put the run that is there aside, and begin one."""
        place = self.folder / "run"
        if place.exists():
            place.rename(self.folder / f"aside-{datetime.now(UTC):%Y%m%dT%H%M%S%f}")
        place.mkdir(parents=True)
        for name in ("plugins", "themes"):
            # the code as it is now, so that it can be worked on while it is being measured
            shutil.copytree(ROOT / name, self.code / name, ignore=shutil.ignore_patterns("__pycache__"))
        compileall.compile_dir(self.code / "plugins", quiet=1)
        self.sign.write_text(json.dumps(about), "utf-8")

    def is_done(self, stories: int, step: str, peer: str, run: int) -> bool:
        return any(record.key == (stories, step, peer, run) for record in self.records)

    def keep(self, record: Record) -> None:
        self.records.append(record)
        with self.results.open("a", encoding="utf-8") as file:
            file.write(json.dumps(asdict(record)) + "\n")
        written = "" if record.written is None else f", {record.written:,} written, {record.changed:,} changed"
        where = f"{record.stories:,}, {record.step}, run {record.run + 1}, {record.peer}"
        say(f"{where}: {record.wall:.2f} s, {record.cpu:.2f} CPU s, {record.memory:.0f} MB{written}")

    def tidy(self) -> None:
        """Remove sites and what was put aside; the results and what is installed stay."""
        for path in (*self.folder.glob("aside-*"), *self.folder.glob("run/[0-9]*")):
            shutil.rmtree(path)


# a file of the output: what tells whether it was written again, and a sum of its bytes
Files = dict[str, tuple[tuple[int, int, int], bytes]]


@dataclass
class Bench:
    """A site that is measured, and the files that its last build left."""

    site: Site
    files: Files | None = None

    def measured(self, step: str, run: int) -> tuple[Taken, int, int]:
        """One build after what the step does to the site; how many files it wrote, and how many are other ones now."""
        site = self.site
        if step == "cold":
            put_aside(site, run, (site.peer.output, *site.peer.memory))
            self.files = {}
        else:
            self.settle()
        before = self.files if self.files is not None else files_of(site.output, {})
        self.unsettle()
        EDITS[step](site.story, site.template, number_of_edit(site, step))
        taken = build(site)
        (site.folder / SETTLED).touch()
        self.files = files_of(site.output, before)
        written = sum(before.get(name, (None,))[0] != stamp for name, (stamp, _) in self.files.items())
        names = before.keys() | self.files.keys()
        changed = sum(before.get(name, (None, None))[1] != self.files.get(name, (None, None))[1] for name in names)
        return taken, written, changed

    def settle(self) -> None:
        """A build that is not measured, if the last one is not known to have ended well."""
        if not (self.site.folder / SETTLED).exists():
            say(f"{self.site.peer.name}: a build that is not measured")
            build(self.site)
            (self.site.folder / SETTLED).touch()
            self.files = None

    def unsettle(self) -> None:
        (self.site.folder / SETTLED).unlink(missing_ok=True)


def build(site: Site) -> Taken:
    return measure(site.peer.build, site.folder, environment=site.peer.environment)


def put_aside(site: Site, run: int, below: Sequence[Path]) -> None:
    """Not deleted: making files just after as many were deleted costs some file systems several times as much."""
    aside = site.folder / f".aside/{run}-{datetime.now(UTC):%H%M%S%f}"
    aside.mkdir(parents=True)
    for path in (site.folder / each for each in below):
        if path.exists():
            path.rename(aside / path.name)


def files_of(output: Path, before: Files) -> Files:
    """Files that have the stamp that they had are not read again."""
    found: Files = {}
    for folder, _, names in os.walk(output):
        for name in names:
            path = os.path.join(folder, name)
            status = os.stat(path)
            stamp = (status.st_ino, status.st_size, status.st_mtime_ns)
            known = before.get(path)
            same = known is not None and known[0] == stamp
            found[path] = known if same and known else (stamp, digest_of(path))
    return found


def digest_of(path: str) -> bytes:
    return hashlib.blake2b(Path(path).read_bytes(), digest_size=12).digest()


def number_of_edit(site: Site, step: str) -> int:
    """How many stories were added so far, and one."""
    return 1 + len(list(site.story.parent.glob(f"{site.story.stem}-another-*"))) if step == "one story added" else 1


# the run


def sites_of(folder: Path, wanted: Sequence[Peer], corpus: Corpus) -> list[Site]:
    """The sites in a folder; those that are not there yet, or were not written to the end, are made."""
    sites = []
    for peer in wanted:
        place, sign = folder / peer.name, folder / peer.name / WRITTEN
        if sign.is_file():
            sites.append(Site(peer, place, place / sign.read_text("utf-8")))
            continue
        if place.exists():
            shutil.rmtree(place)
        say(f"writing {corpus.size:,} stories for {peer.name}")
        site = write_site(peer, place, corpus)
        sign.write_text(site.story.relative_to(place).as_posix(), "utf-8")
        sites.append(site)
    return sites


def run_size(work: Work, wanted: Sequence[Peer], corpus: Corpus, steps: Sequence[str], runs: int) -> None:
    keys = [(step, peer.name, run) for step in steps for peer in wanted for run in range(runs) if has(peer, step)]
    if all(work.is_done(corpus.size, *key) for key in keys):
        return
    benches = [Bench(site) for site in sites_of(work.folder / "run" / str(corpus.size), wanted, corpus)]
    for step in steps:
        if step == SERVE:
            for bench in benches:
                serve(work, bench, corpus.size, runs)
            continue
        for run in range(runs):
            for bench in benches:
                peer = bench.site.peer
                if has(peer, step) and not work.is_done(corpus.size, step, peer.name, run):
                    load = os.getloadavg()[0]
                    work.keep(record(corpus.size, step, peer.name, run, *one(bench, step, run), load=load))


def has(peer: Peer, step: str) -> bool:
    return step in EDITS or (step == SERVE and bool(peer.serve)) or step in peer.commands


def one(bench: Bench, step: str, run: int) -> tuple[Taken, int | None, int | None]:
    if step in EDITS:
        return bench.measured(step, run)
    site = bench.site
    if step == FIRST:
        put_aside(site, run, site.peer.verdicts)
    elif step == EDITED:
        edit_body(site.story)
    command = [word.format(story=site.story.relative_to(site.folder)) for word in site.peer.commands[step]]
    # a check that finds errors has checked
    return measure(command, site.folder, environment=site.peer.environment, fine=(0, 1)), None, None


def serve(work: Work, bench: Bench, stories: int, runs: int) -> None:
    """One server for all runs: starting it is not what is measured."""
    name = bench.site.peer.name
    todo = [run for run in range(runs) if not work.is_done(stories, SERVE, name, run)]
    if not todo or not has(bench.site.peer, SERVE):
        return
    bench.unsettle()
    load = os.getloadavg()[0]
    for run, taken in zip(todo, saves(bench.site, len(todo)), strict=True):
        work.keep(record(stories, SERVE, name, run, taken, None, None, load=load))
        load = os.getloadavg()[0]


def record(
    stories: int, step: str, peer: str, run: int, taken: Taken, written: int | None, changed: int | None, *, load: float
) -> Record:
    return Record(stories, step, peer, run, taken.wall, taken.cpu, taken.memory, written, changed, load)


# what it is about


def code_digest() -> str:
    """A sum of the code of Alsoread, of the peers' versions and sites, and of what makes the stories."""
    digest = hashlib.blake2b(digest_size=12)
    below = sorted(each for name in ("plugins", "themes", "bench/sites") for each in (ROOT / name).rglob("*"))
    for path in (*below, *(ROOT / "bench" / name for name in ("corpus.py", "installs.py", "site_edits.py"))):
        if path.is_file() and path.suffix != ".pyc":
            digest.update(path.relative_to(ROOT).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def revision() -> str:
    """The commit, and whether anything was changed since; nothing is known outside of a checkout."""
    command = ["git", "-C", str(ROOT), "describe", "--always", "--dirty", "--abbrev=12", "--exclude=*"]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=False)
    return done.stdout.strip() or "an unknown commit"


def machine() -> str:
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30
    kernel = f"{platform.system()} {platform.release().split('-')[0]}"
    return f"{os.cpu_count()} processors ({processor()}), {memory:.0f} GiB of memory, {kernel}"


def processor() -> str:
    listed = Path("/proc/cpuinfo")
    lines = listed.read_text("utf-8").splitlines() if listed.is_file() else []
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.machine())


def say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def parser_of() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__)
    sizes = "how many stories, and how many runs of each step (default: 1000x3; the table has medians)"
    parser.add_argument("sizes", nargs="*", type=size, default=[size("1000")], metavar="N[xRUNS]", help=sizes)
    parser.add_argument("--peer", action="append", choices=NAMES, help="measure this one; repeatable")
    parser.add_argument("--step", action="append", choices=STEPS, help="take this step; repeatable")
    parser.add_argument("--words", type=int, default=500, help="in a story")
    parser.add_argument("--seed", type=int, default=0, help="for other stories")
    parser.add_argument(
        "--work", type=Path, default=ROOT / ".cache/bench", metavar="FOLDER", help="for peers and sites"
    )
    parser.add_argument("--resume", action="store_true", help="go on with the run in the work folder")
    parser.add_argument("--tell", action="store_true", help="measure nothing; tell what the work folder has so far")
    parser.add_argument("--keep", action="store_true", help="leave the sites in the work folder")
    parser.add_argument("--format", choices=("markdown", "json"), default="markdown")
    parser.add_argument(
        "--write", type=Path, metavar="PAGE", help="put the table into this page too, between its marks"
    )
    return parser


def size(text: str) -> tuple[int, int]:
    """A number of stories and one of runs: `10000x1`, or `1000`, which has three."""
    stories, _, runs = text.partition("x")
    if int(stories) < 1 or int(runs or RUNS) < 1:
        raise ValueError(text)
    return int(stories), int(runs or RUNS)


def command_of(arguments: argparse.Namespace) -> str:
    """The command that makes the table again. Folders of one machine are no part of it."""
    chosen = [f"--peer {name}" for name in arguments.peer or ()]
    chosen += [f"--step {shlex.quote(step)}" for step in arguments.step or ()]
    chosen += [
        f"--{name} {getattr(arguments, name)}" for name in ("words", "seed") if getattr(arguments, name) not in (0, 500)
    ]
    chosen += ["--write docs/speed.md"] if arguments.write else []
    return " ".join(
        ["python bench/peers.py", *(f"{stories}x{runs}" for stories, runs in sorted(arguments.sizes)), *chosen]
    )


def needed(names: Sequence[str]) -> Iterator[str]:
    yield from dict.fromkeys(INSTALLED_BY[name] for name in names if INSTALLED_BY[name])


def main() -> None:
    arguments = parser_of().parse_args()
    measuring_ends_with_its_processes()
    names = [name for name in NAMES if name in (arguments.peer or NAMES)]
    steps = [step for step in STEPS if step in (arguments.step or STEPS)]
    work, corpus = Work(arguments.work.resolve()), partial(Corpus, length=arguments.words, seed=arguments.seed)
    say("looking for the peers")
    found, missing = installed(work.folder / "installed", list(needed(names)))
    for name, why in missing.items():
        say(f"{name} is left out: {why}")
    every = peers(found, work.code / "plugins")
    wanted = [every[name] for name in names if name in every]
    about = About(
        date=f"{datetime.now(UTC):%Y-%m-%d}",
        command=command_of(arguments),
        machine=machine(),
        versions=(f"Python {platform.python_version()}", *(each.version for each in found.values())),
        revision=revision(),
        missing=tuple(missing),
    )
    identity = {"code": code_digest(), "stories": f"{arguments.words} {arguments.seed}", "machine": about.machine}
    start = work.look if arguments.tell else work.take_up if arguments.resume else work.begin
    start(identity)
    if not arguments.tell:
        for stories, runs in sorted(arguments.sizes):
            run_size(work, wanted, corpus(stories), steps, runs)
    tell(arguments, work, about, steps, {peer.name: peer.told for peer in wanted})
    if not (arguments.keep or arguments.tell):
        work.tidy()


def tell(
    arguments: argparse.Namespace, work: Work, about: About, steps: Sequence[str], told: Mapping[str, str]
) -> None:
    """Print what was asked for, of all that the work folder has, and write it to a page."""
    numbers = {stories for stories, _ in arguments.sizes}
    chosen = [each for each in work.records if each.stories in numbers and each.step in steps and each.peer in told]
    if arguments.write:
        put_between_marks(arguments.write, as_markdown(about, chosen, steps, told))
    print((as_json if arguments.format == "json" else as_markdown)(about, chosen, steps, told))


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit("ended; --resume goes on with what was not measured")
