"""Which files does a new digest begin with?

Settings, a Makefile, a page, two topics, and two stories of which one leads to the other: small, but everything in it
works. The texts are in ``alsoread/starter``; what stands there between two ``@`` is filled in.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib import resources
from typing import Final

from alsoread.desk.draft import as_yaml
from alsoread.desk.intake.escape import escaped_text
from alsoread.desk.rewrite import value_of

__all__ = ["Start", "filled", "starter_files", "template", "title_of", "topics_in"]

# for each file of the digest, the text it is made of
_FILES: Final = {
    "pelicanconf.py": "pelicanconf.py.in",
    "publishconf.py": "publishconf.py.in",
    "Makefile": "Makefile.in",
    "requirements.txt": "requirements.txt.in",
    ".gitattributes": "gitattributes.in",
    ".gitignore": "gitignore.in",
    "README.md": "README.md.in",
    "content/stories/{today:%Y/%m}/first-story.md": "first-story.md.in",
    "content/stories/{yesterday:%Y/%m}/earlier-story.md": "earlier-story.md.in",
    "content/topics/town-life.md": "town-life.md.in",
    "content/topics/streets-and-bridges.md": "streets-and-bridges.md.in",
    "content/pages/about.md": "about.md.in",
    "content/images/.gitkeep": "",
}
_GAP: Final = re.compile("@([a-z]+)@")
_RIGHT_TO_LEFT: Final = frozenset("ar arc ckb dv fa he ps sd ug ur yi".split())


@dataclass(frozen=True, slots=True)
class Start:
    """What is known of a new digest.

    ``title`` and ``author`` are on one line, ``url`` has no slash at its end, ``today`` is by the clock of the zone,
    and ``requirement`` is what pip is to install.
    """

    title: str
    today: date
    requirement: str
    timezone: str = "UTC"
    lang: str = "en"
    url: str = ""
    author: str = ""


def starter_files(start: Start) -> dict[str, str]:
    """The files of a new digest: text by path, with ``/`` between its parts."""
    yesterday = start.today - timedelta(days=1)
    words = _words(start, yesterday)
    return {
        path.format(today=start.today, yesterday=yesterday): filled(template(name), words) if name else ""
        for path, name in _FILES.items()
    }


def title_of(folder: str) -> str:
    """A name for the digest in a folder of that name."""
    words = " ".join(re.split(r"[\s_-]+", folder)).strip()
    return words[:1].upper() + words[1:]


def _words(start: Start, yesterday: date) -> Mapping[str, str]:
    author = _as_python(start.author or "Your name")
    rtl = start.lang.partition("-")[0].lower() in _RIGHT_TO_LEFT
    return {
        "title": _as_python(start.title),
        "heading": escaped_text(start.title),
        "name": escaped_text(start.title),
        "url": _as_python(start.url),
        "author": f"{'' if start.author else '# '}AUTHOR = {author}  # of every story that names no author",
        "desk": as_yaml(start.author or "News desk"),
        "timezone": _as_python(start.timezone),
        "lang": _as_python(start.lang),
        "direction": 'TEXT_DIRECTION = "rtl"\n' if rtl else "",
        "today": start.today.isoformat(),
        "yesterday": yesterday.isoformat(),
        "requirement": start.requirement,
    }


def topics_in(files: Mapping[str, str]) -> list[tuple[str, str]]:
    """The name and the description of each topic that the files of a digest hold."""
    texts = [text for path, text in sorted(files.items()) if path.startswith("content/topics/")]
    return [(value_of(text, "name"), value_of(text, "description")) for text in texts]


def filled(text: str, words: Mapping[str, str]) -> str:
    """A text with words in its gaps, which are names between two ``@``."""
    return _GAP.sub(lambda gap: words[gap[1]], text)


def _as_python(text: str) -> str:
    """A text as a literal of Python, which reads the escapes of JSON as JSON does."""
    return json.dumps(text, ensure_ascii=False)


@cache
def template(name: str) -> str:
    """One of the texts of ``alsoread/starter``."""
    return resources.files("alsoread").joinpath(f"starter/{name}").read_text("utf-8")
