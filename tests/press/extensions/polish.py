"""Edits the finished site in place, pictures and style sheets too. To do so twice to one file would show."""

from pathlib import Path

from pelican import signals


def polish(pelican):
    output = Path(pelican.output_path)
    pages = sum(1 for _ in output.rglob("*.html"))
    for path in sorted(output.rglob("*")):
        if path.suffix in {".html", ".png", ".css"}:
            with path.open("ab") as file:
                file.write(f"<!-- polished, one of {pages} -->\n".encode())


def register():
    signals.finalized.connect(polish)
