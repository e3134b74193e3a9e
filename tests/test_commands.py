"""`alsoread import` and `alsoread serve`, as they are used."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from sites import PLUGINS, Site

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


def fetch(address: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(address, timeout=10) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


@contextmanager
def serving(site: Site) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    environment = {**os.environ, "PYTHONPATH": str(PLUGINS), "PYTHONUNBUFFERED": "1"}
    command = [sys.executable, "-m", "alsoread", "serve", "content", "-o", "output", "-p", "0"]
    process = subprocess.Popen(
        command, cwd=site.root, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    try:
        assert process.stdout is not None
        address = next(match[0] for line in process.stdout if (match := re.search(r"http://127\.0\.0\.1:\d+", line)))
        yield address, process
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(timeout=60)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        process.stdout.close()


def soon(address: str, words: str) -> str:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        _, page = fetch(address)
        if words in page:
            return page
        time.sleep(0.1)
    pytest.fail(f"{address} never showed {words!r}")


def test_a_port_that_is_taken_is_told_in_a_line(site: Site) -> None:
    site.story("one")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        result = site.run("serve", "content", "-p", str(taken.getsockname()[1]))
    assert result.exit_code == 2
    assert "choose another port with -p" in result.err
    assert "Traceback" not in result.err


def test_serve_shows_the_site_and_every_change(site: Site) -> None:
    site.story("one", "The first headline", slug="one")
    with serving(site) as (address, process):
        assert "The first headline" in fetch(f"{address}/index.html")[1]
        status, page = fetch(f"{address}/no/such/page.html")
        assert status == 404
        assert "<h1" in page
        time.sleep(0.3)
        site.story("one", "The second headline", slug="one")
        soon(f"{address}/stories/one.html", "The second headline")
        site.write("content/bad.md", "---\ntitle: [\n---\n")
        site.story("two", "Another story", slug="two")
        soon(f"{address}/index.html", "Another story")
        assert process.poll() is None
    assert process.returncode == 0
