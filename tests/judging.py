"""A content folder in a few lines, and what `check` says of it."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from alsoread.archive import Folders
from alsoread.desk.check.repair import Repair
from alsoread.desk.check.rules import ARCHIVE_RULES, FILE_RULES
from alsoread.desk.check.run import Site, Verdict, check
from alsoread.diagnostics import Diagnostic
from alsoread.news.addresses import Address, Addresses
from alsoread.settings import read_settings

NOW = datetime(2026, 6, 1, tzinfo=UTC)
FOLDERS = Folders("", pages=("pages",), topics=("topics",), threads=("threads",), exclude=("images",))
ADDRESSES = Addresses(
    of_story=lambda story: Address(f"stories/{story.slug}.html", f"stories/{story.slug}.html"),
    of_page=lambda page: Address(f"{page.slug}.html", f"{page.slug}.html"),
    is_reserved=lambda save_as: save_as in ("index.html", "topics.html", "archive.html"),
    site="https://digest.example",
)
SOURCED = "source: Harbour Post\nsource_url: https://post.example/"


def story(body: str = "A paragraph of text.", fields: str = "", *, title: str = "The port opens again") -> str:
    """A story's file that no rule finds anything in, with further fields behind `tags`; the source is of no other."""
    date = "" if "date:" in fields else "date: 2026-01-31\n"
    tags = "" if "tags:" in fields else "tags: [Ports]\n"
    source = "" if "source" in fields else f"{SOURCED}{abs(hash(title + body + fields)) % 10**8}\n"
    return f"---\ntitle: {title}\n{date}{tags}{fields}{'' if not fields or fields.endswith(chr(10)) else chr(10)}{source}---\n\n{body}\n"


def judged(folder: Path, files: dict[str, str | bytes], **settings: Any) -> Verdict:
    """What `check` says of these files and no others; paths are below the content folder."""
    for path, text in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(text if isinstance(text, bytes) else text.encode())
    given = {"ALSOREAD_JOBS": 1, "SITEURL": ADDRESSES.site, **settings}
    typed, about = read_settings(given, clock=NOW)
    site = Site(replace(FOLDERS, root=str(folder)), typed, {"extensions": ["extra"]}, ADDRESSES, ("images",))
    return check(site, about_settings=about)


def of(verdict: Verdict, code: str) -> list[Diagnostic]:
    """The findings of a code."""
    return [finding for finding in verdict.findings if finding.code == code]


def where(verdict: Verdict, code: str) -> list[tuple[str, int, int]]:
    """The places of the findings of a code."""
    return [(finding.path, finding.line, finding.column) for finding in of(verdict, code)]


def fixed(folder: Path, verdict: Verdict, code: str) -> str:
    """The text of the file of the first finding of a code, put right by its rule."""
    rule: Any = next(rule for rule in (*FILE_RULES, *ARCHIVE_RULES) if code == rule.CODE)
    finding = of(verdict, code)[0]
    text = (folder / finding.path).read_bytes().decode()
    after = rule.fix(Repair(text, finding, verdict.archive))
    assert isinstance(after, str)
    return after
