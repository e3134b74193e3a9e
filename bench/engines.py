"""How long do the engines for bodies take, and the whole reading of a story with each?

    python bench/engines.py [FOLDER]

reads every Markdown file below FOLDER (the sample digest's stories, if none is named) by each way in turn, again and
again, in one process, and prints the best of the rounds in microseconds of processor time a story.
"""

import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from markdown import Markdown

from alsoread.news.body import BodyEngine
from alsoread.news.frontmatter import read_front_matter
from alsoread.news.marking import CrossLinkExtension, Paper
from alsoread.news.python_markdown import PythonMarkdown
from alsoread.news.storyfile import read_story
from alsoread.settings import read_settings

ROUNDS = 7
# what Pelican has by default
MARKDOWN: dict[str, Any] = {
    "extension_configs": {
        "markdown.extensions.codehilite": {"css_class": "highlight"},
        "markdown.extensions.extra": {},
    },
    "output_format": "html5",
}


def ways(files: list[tuple[str, bytes]]) -> dict[str, Callable[[], None]]:
    """What is measured, by its name."""
    fronts = (read_front_matter(data.decode("utf-8", "replace"), path)[0] for path, data in files)
    bodies = [front.body for front in fronts if front is not None]
    settings, _ = read_settings({}, clock=datetime.now(UTC))
    labels = settings.labels_for("en")
    extensions = [*MARKDOWN["extension_configs"], CrossLinkExtension(Paper(labels, linking=True, length=1_000_000))]
    stock = Markdown(**{**MARKDOWN, "extensions": extensions})
    quick = PythonMarkdown(MARKDOWN)
    engines = {name: BodyEngine(MARKDOWN, name) for name in ("markdown", "commonmark")}

    def convert_stock() -> None:
        for body in bodies:
            stock.reset()
            stock.convert(body)

    def convert_quick() -> None:
        for body in bodies:
            quick.convert(body, labels, linking=True)

    def convert_commonmark() -> None:
        converter = engines["commonmark"]._converter
        for body in bodies:
            converter.convert(body, labels, linking=True)

    def read(name: str) -> None:
        for path, data in files:
            read_story(data, path, settings, engines[name])

    return {
        "convert, Python-Markdown as it comes": convert_stock,
        "convert, Python-Markdown made quick": convert_quick,
        "convert, CommonMark": convert_commonmark,
        "read a story, Python-Markdown made quick": lambda: read("markdown"),
        "read a story, CommonMark": lambda: read("commonmark"),
    }


def main() -> None:
    folder = Path(sys.argv[1] if sys.argv[1:] else "content/stories")
    files = [(path.as_posix(), path.read_bytes()) for path in sorted(folder.rglob("*.md"))]
    measured = ways(files)
    best = dict.fromkeys(measured, float("inf"))
    for _ in range(ROUNDS):
        for name, run in measured.items():
            begun = time.process_time()
            run()
            best[name] = min(best[name], time.process_time() - begun)
    print(f"{len(files)} files, {sum(len(data) for _, data in files) / len(files):,.0f} bytes each")
    for name, seconds in best.items():
        print(f"{name:45}{seconds / len(files) * 1e6:10,.0f} µs")


if __name__ == "__main__":
    main()
