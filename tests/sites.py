"""A small site, written in a few lines and built as a user would: `site.story(...).build()`."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PLUGINS = ROOT / "plugins"

# for a settings file: pages are rendered in many rounds, what was found is written after each, and STOP ends the build
EARLY = """
import os
import alsoread.press.later as later
import alsoread.press.pages as pages
later._MET, pages._MUCH = 40, 0
rest, count = pages.Memory.rest, 0
def resting(memory):
    global count
    rest(memory)
    count += 1
    if count == int(os.environ.get("STOP", "-1")):
        os._exit(9)
    open("rests", "a").write(f"{len(memory.store._changes)}\\n")
pages.Memory.rest = resting
"""


@dataclass
class Result:
    """What a command gave."""

    exit_code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def codes(self) -> list[str]:
        """Codes of the findings, in order, with repeats."""
        if self.out.startswith("{"):
            return [finding["code"] for finding in self.json["findings"]]
        return [
            word
            for line in self.err.splitlines()
            for word in line.split()
            if word.startswith("AR") and word[2:].isdigit()
        ]


@dataclass
class Site:
    """A digest in the folder `root`."""

    root: Path
    env: dict[str, str] = field(default_factory=dict)

    def write(self, path: str, text: str | bytes) -> "Site":
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(text.encode() if isinstance(text, str) else text)
        return self

    def story(self, name: str, title: str = "", body: str = "A paragraph of text.\n", **fields: object) -> "Site":
        front: dict[str, object] = {
            "title": title or name.replace("-", " ").capitalize(),
            "date": "2025-01-01",
            "tags": ["Ports"],
        }
        front.update(fields)
        lines = [
            f"{key}: {value if key in ('date', 'modified') else json.dumps(value)}"
            for key, value in front.items()
            if value is not None
        ]
        return self.write(f"content/{name}.md", "---\n" + "\n".join(lines) + "\n---\n\n" + body)

    def conf(self, **settings: object) -> "Site":
        """A settings file: the package's own settings, and these."""
        lines = [f"{name} = {value!r}" for name, value in settings.items()]
        head = "from alsoread.pelicanconf import *\nPATH = 'content'\nOUTPUT_PATH = 'output'\nSITEURL = 'https://digest.example'\n"
        return self.write("pelicanconf.py", head + "\n".join(lines) + "\n")

    def run(self, *args: str, **env: str) -> Result:
        return run([sys.executable, "-m", "alsoread", *args], self.root, {**self.env, **env})

    def pelican(self, *args: str, **env: str) -> Result:
        return run([sys.executable, "-m", "pelican", *args], self.root, {**self.env, **env})

    def build(self, *args: str, **env: str) -> Result:
        return self.run("build", *args, **env)

    def page(self, path: str) -> str:
        return (self.root / "output" / path).read_text("utf-8")

    def has(self, path: str) -> bool:
        return (self.root / "output" / path).is_file()


def run(command: list[str], folder: Path, env: dict[str, str]) -> Result:
    environment = {
        **os.environ,
        "PYTHONPATH": str(PLUGINS),
        "PYTHONWARNINGS": "error::DeprecationWarning:alsoread",
        **env,
    }
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=120, stdin=subprocess.DEVNULL
    )
    return Result(done.returncode, done.stdout, done.stderr)


def tree(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, by its path."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()
    }
