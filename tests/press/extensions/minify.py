"""Edits each page in place as soon as it is written. To do so twice to one page would leave two remarks in it."""

import re
from pathlib import Path

from pelican import signals


def minify(path, context):
    page = Path(path)
    text = page.read_text("utf-8")
    small = re.sub(r"\s*\n\s*", "\n", text)
    page.write_text(f"{small}<!-- {context['SITENAME']}: {len(text)} characters, now {len(small)} -->\n", "utf-8")


def register():
    signals.content_written.connect(minify)
