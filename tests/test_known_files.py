"""Does what the check knows from the last time ever change what it says?"""

import os
from pathlib import Path
from typing import Any

from sites import Site
from test_check import committed, git

SOURCE = {"source": "Harbour Post"}
STORE = ".output.alsoread/checked.sqlite"


def findings(site: Site, *args: str) -> Any:
    """What a check says that has no verdict to tell again."""
    (site.root / ".output.alsoread/checked.json").unlink(missing_ok=True)
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


def test_what_was_wrong_at_a_commit_is_known_the_second_time(site: Site) -> None:
    committed(built(site))
    site.story("a", "One", body="READ: Somebody\n", tags=["Ports"], **SOURCE)
    first = findings(site, "--since", "HEAD")
    assert [finding["code"] for finding in first] == ["AR401"]
    assert findings(site, "--since", "HEAD") == first == fresh(site, "--since", "HEAD")


def test_a_commit_is_judged_anew_when_the_settings_or_the_clock_say_so(site: Site) -> None:
    site.story("c", "Three", embargo_until="2026-06-01T12:00:00+00:00", slug="three", **SOURCE)
    committed(built(site))
    (site.root / "content/c.md").unlink()
    early, late = ("--now", "2026-06-01T11:00:00+00:00"), ("--now", "2026-06-01T13:00:00+00:00")
    before = findings(site, "--since", "HEAD", *early)
    assert before == fresh(site, "--since", "HEAD", *early)
    after = findings(site, "--since", "HEAD", *late)
    assert after == fresh(site, "--since", "HEAD", *late)
    assert {finding["code"] for finding in after} - {finding["code"] for finding in before} == {"AR505"}
    site.conf(ALSOREAD_LABELS=["SEE"])
    assert findings(site, "--since", "HEAD", *late) == fresh(site, "--since", "HEAD", *late)


def test_another_commit_is_another_one(site: Site) -> None:
    committed(built(site))
    site.story("a", "One", body="READ: Somebody\n", tags=["Ports"], **SOURCE)
    assert findings(site, "--since", "HEAD")
    git(site, "add", "-A")
    git(site, "commit", "-q", "-m", "now it is so")
    assert findings(site, "--since", "HEAD") == []
    assert [finding["code"] for finding in findings(site, "--since", "HEAD~1")] == ["AR401"]
