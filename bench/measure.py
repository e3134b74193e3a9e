"""What do the benchmarks share: made-up stories, settings for stock Pelican, and what a process took."""

import math
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SYLLABLES = "ar bel cor da en fa gor hi in ja kel lo mi nor o pa qui ra sel ta un vo wes xa yor zi".split()
# the pages that a digest has: one a story, topics by 20 with a feed each, front page, archive
STOCK_SETTINGS = """\
PATH = 'content'
PLUGINS = []
THEME = 'simple'
TIMEZONE = 'UTC'
SITEURL = 'https://digest.example'
DEFAULT_PAGINATION = 20
TAG_FEED_ATOM = 'feeds/{slug}.atom.xml'
CATEGORY_SAVE_AS = AUTHOR_SAVE_AS = ''
CATEGORY_FEED_ATOM = AUTHOR_FEED_ATOM = AUTHOR_FEED_RSS = TRANSLATION_FEED_ATOM = None
DIRECT_TEMPLATES = ['index', 'tags', 'archives']
"""


@dataclass(frozen=True)
class Taken:
    """What one run took: seconds, seconds of processors, megabytes of the largest process."""

    wall: float
    cpu: float
    memory: float


def words(chance: random.Random, number: int) -> str:
    return " ".join("".join(chance.choices(SYLLABLES, k=chance.randint(1, 4))) for _ in range(number))


def write_stories(folder: Path, number: int, length: int, seed: int = 0) -> None:
    """Stories of `length` words in Pelican's own header form, which both commands read. No two of a day have one time:
    Pelican puts such in any order.
    """
    chance = random.Random(f"{seed} {number}")
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
        hour = f"{at // 60 % 23:02}:{at % 60:02}"
        tags = ", ".join(chance.sample(topics, 3))
        text = "\n\n".join(paragraphs)
        (folder / f"story-{at}.md").write_text(
            f"Title: {title}\nDate: {day} {hour}\nTags: {tags}\nSlug: story-{at}\n\n{text}\n"
        )


def measure(
    command: list[str], folder: Path, *, plugins: Path = ROOT / "plugins", fine: Collection[int] = (0,)
) -> Taken:
    """Run a command of Python's in a folder. It ends the benchmark if its exit code is not among the fine ones.

    A process is told to have at least the peak memory of the one that started it; what is not above that is unknown.
    """
    own_peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with tempfile.TemporaryFile() as complaints:
        begun = time.perf_counter()
        environment = {**os.environ, "PYTHONPATH": str(plugins)}
        process = subprocess.Popen(
            [sys.executable, *command], cwd=folder, env=environment, stdout=subprocess.DEVNULL, stderr=complaints
        )
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - begun
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode not in fine:
            complaints.seek(0)
            told = complaints.read().decode(errors="replace")
            sys.exit(f"{' '.join(command)} in {folder} ended with {process.returncode}\n{told}")
    memory = usage.ru_maxrss / 1024 if usage.ru_maxrss > own_peak else math.nan
    return Taken(wall, usage.ru_utime + usage.ru_stime, memory)
