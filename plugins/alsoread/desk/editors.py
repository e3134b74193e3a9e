"""What do editors' own tools get to know of a digest's files?

All is made from the JSON Schemas that the loader reads files by, and from the topics of the digest: a schema
for completion, the form of a forge's issue, the settings of a web editor. So none of them can ask for what the loader
does not take.

The schemas have three marks for this: ``x-form`` is a field's place and words in the form, ``x-body`` is that of the
body, and ``x-web-editor`` is false for fields that a web editor does not ask for: the short forms of others, and what
it cannot ask for well. Descriptions are Markdown for the documents (``tools/field_tables.py``); here they lose links.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final, cast

import yaml

from alsoread.news.fields import load_schema

__all__ = ["KINDS", "cms_config", "issue_form", "with_vocabulary"]

Schema = Mapping[str, Any]

KINDS: Final = ("story", "page", "topic", "thread")
_LONG: Final = 1_000
_TIME: Final = "YYYY-MM-DDTHH:mm:ssZ"
_DAY: Final = "YYYY-MM-DD"
_LINK: Final = re.compile(r"\[([^\]]+)\]\([^)]+\)")


def with_vocabulary(kind: str, topics: Sequence[str], threads: Sequence[str]) -> dict[str, Any]:
    """The schema of a kind of file. It offers the topics and developing stories that there are, and allows others."""
    schema = cast("dict[str, Any]", _without_marks(load_schema(kind)))
    properties = schema["properties"]
    if "tags" in properties and topics:
        items = properties["tags"]["items"]
        properties["tags"]["items"] = {"anyOf": [{"enum": list(topics)}, items]}
    if "thread" in properties and threads:
        properties["thread"] = {**properties["thread"], "examples": list(threads)}
    return schema


def _without_marks(value: object) -> object:
    """A copy of what is ours alone in a schema, for other programs: no marks, and no links that lead nowhere."""
    if isinstance(value, Mapping):
        return {
            name: _told(below) if name == "description" and isinstance(below, str) else _without_marks(below)
            for name, below in value.items()
            if not name.startswith("x-")
        }
    return [_without_marks(each) for each in value] if isinstance(value, list) else value


def _told(description: str) -> str:
    """The words of a description, whose links lead within the documents."""
    return _LINK.sub(r"\1", description)


# -- the form of an issue


def issue_form(topics: Sequence[str]) -> str:
    """A form for a story, for those without git (GitHub's syntax for issue forms)."""
    schema = load_schema("story")
    fields = {**schema["properties"], "body": schema["x-body"]}
    asked = sorted((name for name in fields if "x-form" in fields[name]), key=lambda name: _place(fields[name]))
    return _yaml(
        {
            "name": "Suggest a story",
            "description": "For those who do not use git. An editor makes a story of it.",
            "title": "Story: ",
            "labels": ["story"],
            "body": [_question(name, fields[name], topics) for name in asked],
        }
    )


def _place(schema: Schema) -> int:
    return int(schema["x-form"]["place"])


def _question(name: str, schema: Schema, topics: Sequence[str]) -> dict[str, Any]:
    form = schema["x-form"]
    attributes: dict[str, Any] = {
        "label": form["label"],
        "description": form.get("description") or _told(schema["description"]),
    }
    if name == "tags" and topics:
        return {"type": "dropdown", "id": name, "attributes": {**attributes, "multiple": True, "options": list(topics)}}
    if "placeholder" in form:
        attributes["placeholder"] = form["placeholder"]
    kind = "textarea" if name == "body" else "input"
    question: dict[str, Any] = {"type": kind, "id": name, "attributes": attributes}
    return {**question, "validations": {"required": True}} if form.get("required", False) else question


# -- a web editor


def cms_config(topics: Sequence[str], folders: Mapping[str, str], *, repository: str, images: str) -> str:
    """The settings of Sveltia CMS and of Decap CMS, which read the same file.

    ``folders`` has the folder of each kind of file from the root of the repository on, ``images`` that of pictures;
    ``repository`` is its owner and name on the forge.
    """
    config = {
        "backend": {"name": "github", "repo": repository, "branch": "main"},
        "media_folder": images,
        "public_folder": images.rpartition("/")[2],
        "collections": [_collection(kind, folders[kind], topics) for kind in KINDS if kind in folders],
    }
    return _yaml(config)


_COLLECTIONS: Final = {"story": "stories", "page": "pages", "topic": "topics", "thread": "threads"}


def _collection(kind: str, folder: str, topics: Sequence[str]) -> dict[str, Any]:
    schema = load_schema(kind)
    title = "title" if "title" in schema["properties"] else "name"
    body = {"name": "body", "label": "Body", "widget": "markdown", "required": kind in ("story", "page")}
    collection: dict[str, Any] = {
        "name": _COLLECTIONS[kind],
        "label": _COLLECTIONS[kind].capitalize(),
        "label_singular": kind.capitalize(),
        "folder": folder,
        "create": True,
        "extension": "md",
        "format": "yaml-frontmatter",
        "identifier_field": title,
        "slug": "{{slug}}",
    }
    if kind == "story":
        collection["path"] = "{{year}}/{{month}}/{{slug}}"
    return {**collection, "fields": [*_fields(schema, schema.get("$defs", {}), topics), body]}


def _fields(schema: Schema, definitions: Schema, topics: Sequence[str]) -> list[dict[str, Any]]:
    required = schema.get("required", ())
    return [
        _field(name, each, definitions, topics, is_required=name in required)
        for name, each in schema["properties"].items()
        if each.get("x-web-editor", True)
    ]


def _field(
    name: str, schema: Schema, definitions: Schema, topics: Sequence[str], *, is_required: bool
) -> dict[str, Any]:
    field: dict[str, Any] = {"name": name, "label": name.replace("_", " ").capitalize()}
    if "description" in schema:
        field["hint"] = _told(schema["description"])
    field["required"] = is_required
    schema = _resolved(schema, definitions)
    types = [schema["type"]] if isinstance(schema["type"], str) else schema["type"]
    if name == "tags" and topics:
        return {**field, "widget": "select", "multiple": True, "options": list(topics)}
    if "array" in types:
        items = _resolved(schema.get("items", {"type": "string"}), definitions)
        inner = {"fields": _fields(items, definitions, ())} if items["type"] == "object" else {}
        return {**field, "widget": "list", **inner}
    if "object" in types:
        return {**field, "widget": "object", "collapsed": True, "fields": _fields(schema, definitions, ())}
    return {**field, **_scalar(name, schema)}


def _scalar(name: str, schema: Schema) -> dict[str, Any]:
    kind = schema.get("format", "")
    if kind in ("date", "date-time"):
        day = {"widget": "datetime", "format": _DAY, "time_format": False}
        return day if kind == "date" else {"widget": "datetime", "format": _TIME}
    if kind == "uri-reference":
        return {"widget": "image"}
    if schema["type"] == "integer":
        return {"widget": "number", "value_type": "int", "min": schema.get("minimum", 0)}
    if "enum" in schema:
        return {"widget": "select", "options": list(schema["enum"])}
    long = schema.get("maxLength", 0) >= _LONG and not kind
    pattern = {"pattern": [schema["pattern"], f"{name} is not of that form"]} if "pattern" in schema else {}
    return {"widget": "text" if long else "string", **pattern}


def _resolved(schema: Schema, definitions: Schema) -> Schema:
    found: Schema = definitions[schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema
    return found


def _yaml(value: object) -> str:
    return yaml.safe_dump(value, sort_keys=False, allow_unicode=True, width=1_000)
