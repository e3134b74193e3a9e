"""Build digests of several sizes with `alsoread build` and stock `pelican`, in turn, and print what each took."""

import argparse
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SYLLABLES = "ar bel cor da en fa gor hi in ja kel lo mi nor o pa qui ra sel ta un vo wes xa yor zi".split()


@dataclass(frozen=True)
class Taken:
    """What one run took: seconds, seconds of processors, megabytes of the largest process."""

    wall: float
    cpu: float
    memory: float


def words(chance: random.Random, number: int) -> str:
    return " ".join("".join(chance.choices(SYLLABLES, k=chance.randint(1, 4))) for _ in range(number))


def write_stories(folder: Path, number: int, length: int) -> None:
    """Stories of `length` words in Pelican's own header form, which both commands read."""
    chance = random.Random(number)
    topics = [words(chance, 1).capitalize() for _ in range(40)]
    titles: list[str] = []
    folder.mkdir(parents=True)
    for at in range(number):
        title = f"{words(chance, 6).capitalize()} {at}"
        paragraphs = [words(chance, length // 5) + "." for _ in range(5)]
        if titles:
            paragraphs.insert(2, f"READ: {chance.choice(titles)}")
        titles.append(title)
        day = f"{2015 + at * 10 // number}-{1 + at % 12:02}-{1 + at % 28:02}"
        tags = ", ".join(chance.sample(topics, 3))
        text = "\n\n".join(paragraphs)
        (folder / f"story-{at}.md").write_text(
            f"Title: {title}\nDate: {day}\nTags: {tags}\nSlug: story-{at}\n\n{text}\n"
        )


def measure(command: list[str], folder: Path) -> Taken:
    begun = time.perf_counter()
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "plugins")}
    process = subprocess.Popen(command, cwd=folder, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    _, status, usage = os.wait4(process.pid, 0)
    assert process.stderr is not None
    complaint = process.stderr.read().decode()
    process.stderr.close()
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"{' '.join(command)} ended with {process.returncode}\n{complaint}")
    wall = time.perf_counter() - begun
    return Taken(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def commands(folder: Path) -> dict[str, list[str]]:
    """The same pages from both: a page a story, topics by 20 with a feed each, front page, archive."""
    (folder / "pelicanconf.py").write_text(
        "PATH = 'content'\nPLUGINS = []\nTHEME = 'simple'\nTIMEZONE = 'UTC'\nSITEURL = 'https://digest.example'\n"
        "DEFAULT_PAGINATION = 20\nTAG_FEED_ATOM = 'feeds/{slug}.atom.xml'\nCATEGORY_SAVE_AS = AUTHOR_SAVE_AS = ''\n"
        "CATEGORY_FEED_ATOM = AUTHOR_FEED_ATOM = AUTHOR_FEED_RSS = TRANSLATION_FEED_ATOM = None\n"
        "DIRECT_TEMPLATES = ['index', 'tags', 'archives']\n"
    )
    own = str(ROOT / "plugins/alsoread/pelicanconf.py")
    alsoread = [sys.executable, "-m", "alsoread", "build", "content", "-s", own]
    return {
        "alsoread build": [*alsoread, "-o", "ours"],
        "alsoread build --jobs 1": [*alsoread, "-o", "ours-1", "--jobs", "1"],
        "pelican (stock)": [sys.executable, "-m", "pelican", "content", "-o", "theirs"],
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sizes", nargs="*", type=int, default=[200, 1000])
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--words", type=int, default=500)
    arguments = parser.parse_args()
    print(f"{'stories':>8}  {'command':<24} {'wall s':>8} {'cpu s':>8} {'MB':>6}")
    for size in arguments.sizes:
        folder = Path(tempfile.mkdtemp(prefix="alsoread-bench-"))
        try:
            write_stories(folder / "content", size, arguments.words)
            taken: dict[str, list[Taken]] = {}
            for _ in range(arguments.runs):
                for name, command in commands(folder).items():
                    taken.setdefault(name, []).append(measure(command, folder))
            for name, runs in taken.items():
                row = [statistics.median(getattr(run, field) for run in runs) for field in ("wall", "cpu", "memory")]
                print(f"{size:>8}  {name:<24} {row[0]:>8.2f} {row[1]:>8.2f} {row[2]:>6.0f}")
        finally:
            shutil.rmtree(folder)


if __name__ == "__main__":
    main()
