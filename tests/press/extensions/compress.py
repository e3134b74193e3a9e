"""Puts a compressed copy beside each text file when the site is complete, and lists what it did."""

import gzip
from pathlib import Path

from pelican import signals


def compress(pelican):
    output = Path(pelican.output_path)
    done = []
    for path in sorted(output.rglob("*")):
        if path.suffix in {".html", ".xml", ".css"}:
            data = path.read_bytes()
            path.with_name(path.name + ".gz").write_bytes(gzip.compress(data, mtime=0))
            done.append(f"{path.relative_to(output).as_posix()} {len(data)}\n")
    (output / "compressed.txt").write_text("".join(done), "utf-8")


def register():
    signals.finalized.connect(compress)
