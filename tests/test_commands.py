"""`alsoread import`, as it is used."""

import os
import re

from sites import Site

CLIPPING = """Harbour board wants the old ferry terminal pulled down by spring


The harbour board has asked the city to pull down the old ferry terminal by spring, according to a report by the Quayside Gazette newspaper.

ALSO READ  City 'has no plans' for the ferry terminal

The terminal has stood empty since the ferries moved to the new port. Cranes are to take its place.

READ: Cranes from Rotterdam reach the port. in Malta
"""


def test_a_clipping_becomes_a_story_of_the_digest(site: Site) -> None:
    site.write("clip.txt", CLIPPING).write(
        "content/topics/ports.md", "---\nname: Ports\naliases: [Port, Harbour]\n---\n"
    )
    site.story("cranes", "Cranes from Rotterdam reach the port", slug="cranes")
    result = site.run("import", "clip.txt", "--to", "content", "--date", "2025-03-04")
    assert result.exit_code == 0, result.err
    path = result.out.strip()
    assert re.fullmatch(r"content/2025/03/[a-z0-9-]+\.md", path)
    text = (site.root / path).read_text()
    assert "Quayside Gazette" in text.partition("\n---\n")[0]
    assert "Ports" in text.partition("\n---\n")[0]
    built = site.build("--format", "json")
    assert built.exit_code == 0
    assert built.codes == ["AR401"]
    page = site.page(f"stories/{os.path.basename(path)[:-3]}.html")
    assert re.search(
        r'<aside class="crosslink"><p>.*?Read</span> <a href="cranes\.html|<a href="\.\./stories/cranes\.html', page
    )
    assert "City &#x27;has no plans&#x27; for the ferry terminal" in page
    assert page.count('<aside class="crosslink') == 2


def test_an_import_never_overwrites_and_goes_on_after_a_bad_file(site: Site) -> None:
    site.write("clip.txt", CLIPPING).write("empty.txt", "").write("latin.txt", b"Caf\xe9").write("content/.keep", "")
    first = site.run("import", "clip.txt", "--to", "content", "--date", "2025-03-04")
    path = site.root / first.out.strip()
    path.write_text("edited by hand")
    second = site.run(
        "import", "missing.txt", "empty.txt", "latin.txt", "clip.txt", "--to", "content", "--date", "2025-03-04"
    )
    assert second.exit_code == 1
    assert path.read_text() == "edited by hand"
    for told in (
        "missing.txt: No such file or directory",
        "empty.txt: ",
        "latin.txt: the file is not UTF-8",
        "is there already, and stays as it is",
    ):
        assert told in second.err
    assert "Traceback" not in second.err


def test_a_dry_run_shows_and_writes_nothing(site: Site) -> None:
    site.write("clip.txt", CLIPPING)
    result = site.run("import", "clip.txt", "--to", "content", "--date", "2025-03-04", "--dry-run")
    assert result.exit_code == 0
    assert result.out.startswith("---\ntitle:")
    assert list((site.root / "content").rglob("*.md")) == []
