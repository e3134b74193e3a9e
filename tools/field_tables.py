"""Which fields can a file have, as tables of the documents?

The schemas that files are read by say it. Between a line such as ``<!-- fields of story -->`` and the line
``<!-- end of fields -->`` each page gets the table of that schema, or of a part of it (``story.sources``). Usage:

    python tools/field_tables.py docs
"""

import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from alsoread.news.fields import load_schema

_BLOCK: Final = re.compile(r"(<!-- fields of ([\w.]+) -->\n).*?(<!-- end of fields -->\n)", re.DOTALL)
_HEAD: Final = "| field | type | meaning |\n|---|---|---|\n"
_FORMATS: Final = {
    "date-time": "date, with a time if you like",
    "date": "date",
    "uri": "web address",
    "uri-reference": "address",
}

Schema = Mapping[str, Any]


def filled(text: str) -> str:
    """A page with each of its tables as the schemas have it."""
    return _BLOCK.sub(lambda block: f"{block[1]}{table(_named(block[2]))}{block[3]}", text)


def table(schema: Schema) -> str:
    """The table of a schema's fields, in Markdown."""
    required = schema.get("required", ())
    lines = [
        f"| `{name}` | {_type(each)}{', required' if name in required else ''} | {_cell(each['description'])} |\n"
        for name, each in schema["properties"].items()
    ]
    return _HEAD + "".join(lines)


def _named(name: str) -> Schema:
    """``story`` is a schema, ``story.sources`` what each entry of that field is."""
    kind, _, field = name.partition(".")
    schema = load_schema(kind)
    if not field:
        return schema
    of_field = schema["properties"][field]
    reference: str = of_field.get("items", of_field)["$ref"]
    part: Schema = schema["$defs"][reference.rpartition("/")[2]]
    return part


def _type(schema: Schema) -> str:
    if "$ref" in schema:
        return "fields, below"
    if "array" in schema["type"]:
        return "list, below" if "$ref" in schema["items"] else "list of texts"
    if schema["type"] == "integer":
        return "whole number"
    if "enum" in schema:
        return "one of " + ", ".join(f"`{word}`" for word in schema["enum"])
    if "format" in schema:
        return _FORMATS[schema["format"]]
    return f"text, up to {schema['maxLength']:,} characters" if "maxLength" in schema else "text"


def _cell(words: str) -> str:
    return words.replace("|", "\\|")


def main(folder: Path) -> None:
    """Write the tables into every page of a folder that has a place for them."""
    for page in sorted(folder.glob("*.md")):
        text = page.read_text("utf-8")
        if filled(text) != text:
            page.write_text(filled(text), "utf-8")
            print(page)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
