"""Does what the check knows from the last time ever change what it says?"""

import os
from pathlib import Path
from typing import Any

from sites import Site

SOURCE = {"source": "Harbour Post"}
STORE = ".output.alsoread/checked.sqlite"


def findings(site: Site, *args: str) -> Any:
    return site.run("check", "--format", "json", *args).json["findings"]


def fresh(site: Site, *args: str) -> Any:
    """What a check says that knows nothing."""
    (site.root / STORE).rename(site.root / "aside")
    try:
        return findings(site, *args)
    finally:
        os.replace(site.root / "aside", site.root / STORE)


def built(site: Site) -> Site:
    site.conf().write("content/topics/ports.md", "---\nname: Ports\naliases: [Harbours]\n---\n")
    site.story("a", "One", body="READ: Nobody\n\nhttps://bare.example/\n", tags=["Harbours"], **SOURCE)
    site.story("b", "Two", date="2027-01-01", **SOURCE)
    site.build()
    return site


def test_a_second_check_says_the_same_and_reads_nothing(site: Site) -> None:
    first = findings(built(site))
    assert {finding["code"] for finding in first} >= {"AR401", "AR207", "AR308"}
    assert (site.root / STORE).is_file()
    assert findings(site) == first == fresh(site)


def test_edits_settings_the_day_and_the_clock_are_seen(site: Site) -> None:
    built(site)
    findings(site)
    site.story("a", "One", body="READ: Two\n", tags=["Ports"], **SOURCE)
    assert findings(site) == fresh(site)
    site.write("content/topics/ports.md", "---\nname: Docks\nslug: ports\n---\n")
    assert findings(site) == fresh(site)
    assert any(finding["code"] == "AR308" for finding in findings(site))
    site.conf(ALSOREAD_LABELS=["SEE"], ALSOREAD_EXTRA_FIELDS=["mood"])
    assert findings(site) == fresh(site)
    for now in ("2026-01-01T00:00:00+00:00", "2027-06-01T00:00:00+00:00"):
        assert findings(site, "--now", now) == fresh(site, "--now", now)
    early, late = (
        {finding["code"] for finding in findings(site, "--now", now)}
        for now in ("2026-01-01T00:00:00+00:00", "2027-06-01T00:00:00+00:00")
    )
    assert "AR123" in early - late


def test_a_store_that_is_damaged_is_as_if_it_were_not_there(site: Site) -> None:
    first = findings(built(site))
    (site.root / STORE).write_bytes(b"SQLite format 3\x00" + b"\xff" * 5000)
    assert findings(site) == first
    assert findings(site) == first


def test_what_a_fix_tried_is_not_remembered_for_files_that_are_not_there(site: Site) -> None:
    built(site)
    before = findings(site)
    site.run("check", "--fix", "--dry-run")
    assert findings(site) == before == fresh(site)


def test_a_site_that_was_never_built_is_left_as_it_is(site: Site) -> None:
    site.conf().story("a", **SOURCE)
    before = sorted(Path(site.root).rglob("*"))
    findings(site)
    assert sorted(Path(site.root).rglob("*")) == before
