"""Which type does each field of the front matter have?

The JSON Schemas in ``alsoread/schema`` say so (JSON Schema 2020-12; the part of it that they use is read here:
``type``, ``enum``, ``pattern``, ``maxLength``, ``minimum``, ``maxItems``, ``format``, ``items``, ``properties``,
``required``, ``$ref``). A scalar is text until its schema makes it a date or a number, so nothing is guessed.
"""

import difflib
import json
import re
from collections.abc import Mapping as AnyMapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from functools import cache
from importlib import resources
from typing import Any, Final
from urllib.parse import urlsplit

from alsoread.diagnostics import Diagnostic
from alsoread.news.frontmatter import Mapping, Node, Scalar, Sequence
from alsoread.news.names import slugify
from alsoread.news.typing_slips import date_meant

__all__ = ["Typed", "load_schema", "type_fields"]

Schema = AnyMapping[str, Any]

_DATE: Final = re.compile(
    r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})"
    r"(?:(?:[Tt]|[ \t]+)(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d{1,9})?)?[ \t]*(Z|z|UTC|[+-]\d{2}:?\d{2})?)?"
)
_ADDRESS: Final = re.compile(r"[^\s<>\"'\\\x00-\x1f]+")
# words that mean "do not show this" to other generators: passing them over would publish what must not be
_GUARDED: Final = {
    "draft": ("status: draft", "status: published"),
    "published": ("status: published", "status: draft"),
    "hidden": ("status: hidden", "status: published"),
}
# what other generators call the fields that keep a story back until a day, or from a day on
_ELSEWHERE: Final = {"publishdate": "embargo_until", "expirydate": "expires", "unpublishdate": "expires"}
_NO: Final = frozenset({"false", "no", "off", "n", "0"})
_OWNED: Final = {"url", "save_as", "template", "path", "permalink", "layout"}


@cache
def load_schema(name: str) -> Schema:
    """One of the schemas of the package: ``story``, ``topic``, ``thread`` or ``page``."""
    text = resources.files("alsoread").joinpath(f"schema/{name}.json").read_text("utf-8")
    schema: Schema = json.loads(text)
    return schema


@dataclass(slots=True)
class Typed:
    """Typed values by field, the place of each field, and what was wrong with the others."""

    values: dict[str, object] = field(default_factory=dict)
    places: dict[str, tuple[int, int]] = field(default_factory=dict)
    findings: list[Diagnostic] = field(default_factory=list)


def type_fields(fields: Mapping, schema: Schema, path: str, *, zone: tzinfo, extra: tuple[str, ...] = ()) -> Typed:
    """The fields of a file, typed by ``schema``. Empty values count as absent; ``extra`` fields are text.

    ``zone`` is the one of instants that name none.
    """
    reader = _Reader(path, zone, schema.get("$defs", {}))
    typed = Typed(findings=reader.findings)
    reader.typed_object(fields, schema, "", typed, extra)
    return typed


@dataclass(slots=True)
class _Reader:
    path: str
    zone: tzinfo
    definitions: Schema
    findings: list[Diagnostic] = field(default_factory=list)

    def typed_object(
        self, fields: Mapping, schema: Schema, within: str, typed: Typed, extra: tuple[str, ...] = ()
    ) -> None:
        properties = schema["properties"]
        for key, node in fields.entries:
            name = key.text
            typed.places[name] = (key.line, key.column)
            if name not in properties and name not in extra:
                self._unknown(key, node, [*properties, *extra])
            elif not _is_empty(node):
                value = self._typed(node, properties.get(name, {"type": ["array", "string"]}), within + name)
                if value is not None:
                    typed.values[name] = value
        given = {key.text for key, node in fields.entries if not _is_empty(node)}
        for name in schema.get("required", ()):
            if name not in given:
                line, column = typed.places.get(name, (fields.line, fields.column))
                what = "is missing" if name not in typed.places else "is empty"
                hint = f"{name}: {self._sample(properties[name], within + name)}"
                self._report(line, column, "AR112", f"the field '{within}{name}' {what}", hint)

    def _typed(self, node: Node, schema: Schema, name: str) -> object | None:
        if "$ref" in schema:
            schema = self.definitions[schema["$ref"].rpartition("/")[2]]
        types = [schema["type"]] if isinstance(schema["type"], str) else schema["type"]
        if isinstance(node, Mapping) and "object" in types:
            inner = Typed(findings=self.findings)
            before = len(self.findings)
            self.typed_object(node, schema, name + ".", inner)
            failed = any(finding.is_error for finding in self.findings[before:])
            return None if failed else inner.values
        if isinstance(node, Sequence) and "array" in types:
            return self._list(node, schema, name)
        if isinstance(node, Scalar) and "array" in types and "string" in types:
            words = re.split(";" if ";" in node.text else ",", node.text)
            items = tuple(Scalar(word.strip(), node.line, node.column, node.plain) for word in words if word.strip())
            return self._list(Sequence(items, node.line, node.column), schema, name)
        if isinstance(node, Scalar) and ("string" in types or "integer" in types):
            return self._scalar(node, schema, name)
        sample = self._sample(schema, name)
        hint = f"{name[:-2]}: [{sample}]" if name.endswith("[]") else f"{_leaf(name)}: {sample}"
        self._report(node.line, node.column, "AR113", _wrong_type(node, types, name), hint)
        return None

    def _list(self, node: Sequence, schema: Schema, name: str) -> object | None:
        most = schema.get("maxItems", 1000)
        if len(node.items) > most:
            message = f"'{name}' has {len(node.items)} entries; at most {most} are read"
            self._report(node.line, node.column, "AR114", message, "keep the ones that matter")
            return None
        item_schema = schema.get("items", {"type": "string"})
        items = [self._typed(item, item_schema, f"{name}[]") for item in node.items if not _is_empty(item)]
        return tuple(item for item in items if item is not None)

    def _scalar(self, node: Scalar, schema: Schema, name: str) -> object | None:
        text = node.text.strip()
        if schema["type"] == "integer":
            return self._integer(node, schema, name)
        kind = schema.get("format", "")
        if kind in ("date", "date-time"):
            return self._instant(node, kind, name)
        problem = _refusal(text, schema, kind, name)
        if problem:
            hint = problem[2] or f"{_leaf(name)}: {self._sample(schema, name)}"
            self._report(node.line, node.column, problem[0], f"'{name}' {problem[1]}", hint)
            return None
        return text

    def _integer(self, node: Scalar, schema: Schema, name: str) -> int | None:
        if re.fullmatch(r"-?\d{1,9}", node.text) and int(node.text) >= schema.get("minimum", int(node.text)):
            return int(node.text)
        message = f"'{name}' is {_shown(node.text)}, not a whole number of {schema.get('minimum', 0)} or more"
        self._report(node.line, node.column, "AR113", message, f"{name.rpartition('.')[2]}: 2")
        return None

    def _instant(self, node: Scalar, kind: str, name: str) -> datetime | date | None:
        match = _DATE.fullmatch(node.text.strip())
        if match is None:
            message = f"'{name}' is {_shown(node.text)}, which is not a date"
            self._report(node.line, node.column, "AR115", message, f"{_leaf(name)}: {date_meant(node.text)}")
            return None
        year, month, day, hour, minute, second = (int(group or 0) for group in match.groups()[:6])
        try:
            if not 1000 <= year <= 9000:
                raise ValueError("the year is out of range")
            instant = datetime(year, month, day, hour, minute, second, tzinfo=_zone(match[7], self.zone))
            instant.astimezone(UTC)
        except (ValueError, OverflowError) as error:
            message = f"'{name}' is {_shown(node.text)}, a date that does not exist: {error}"
            self._report(node.line, node.column, "AR115", message, f"{_leaf(name)}: {date_meant(node.text)}")
            return None
        return instant if kind == "date-time" else instant.date()

    def _sample(self, schema: Schema, name: str) -> str:
        """A value that the schema accepts, as YAML on one line."""
        if "$ref" in schema:
            schema = self.definitions[schema["$ref"].rpartition("/")[2]]
        if schema["type"] == "object":
            fields = schema["properties"]
            samples = [f"{key}: {self._sample(fields[key], f'{name}.{key}')}" for key in schema["required"]]
            return f"{{{', '.join(samples)}}}"
        if "array" in schema["type"]:
            return f"[{self._sample(schema.get('items', _TEXT), name + '[]')}]"
        if schema["type"] == "integer":
            return "2"
        if "enum" in schema:
            return str(schema["enum"][0])
        return _SAMPLES.get(name) or _SAMPLES.get(_leaf(name)) or _SAMPLES.get(schema.get("format", ""), '"..."')

    def _unknown(self, key: Scalar, node: Node, known: list[str]) -> None:
        name = key.text
        if name.lower() in _GUARDED:
            message = f"'{_cut(name)}' is no field of a story, and ignoring it could publish too much"
            says_no = isinstance(node, Scalar) and node.text.strip().lower() in _NO
            self._report(key.line, key.column, "AR111", message, _GUARDED[name.lower()][says_no])
            return
        ours = _ELSEWHERE.get(name.lower())
        if ours in known:
            message = f"'{_cut(name)}' is no field of a story, and ignoring it could publish too much"
            self._report(key.line, key.column, "AR111", message, f"{ours}: {_as_typed(node)}")
            return
        near = difflib.get_close_matches(name.lower(), known, n=1, cutoff=0.75)
        if near and name.lower() not in _OWNED:
            message = f"'{_cut(name)}' is no field; did you mean '{near[0]}'?"
            self._report(key.line, key.column, "AR111", message, f"{near[0]}: {_as_typed(node)}")
            return
        if name.lower() in _OWNED:
            hint = "remove it; the address follows from the slug, the template from the theme"
        elif "tags" in known:  # a story's own fields: further ones may be admitted
            hint = f'remove it, or ask the publisher for ALSOREAD_EXTRA_FIELDS = ["{_cut(name)}"]'
        else:
            hint = "remove it"
        self._report(key.line, key.column, "AR110", f"'{_cut(name)}' is no field and is passed over", hint)

    def _report(self, line: int, column: int, code: str, message: str, hint: str) -> None:
        self.findings.append(Diagnostic(self.path, line, column, code, message, hint))


# what the patterns of the schemas mean
_NAMED: Final = {
    "^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$": "the code of a language, such as en or pt-BR",
    "^[A-Za-z0-9][A-Za-z0-9._:-]*$": "made of letters, digits and '-'",
    "^[a-z0-9]+(-[a-z0-9]+)*$": "made of a-z, 0-9 and '-'",
}
_TEXT: Final[Schema] = {"type": "string"}
_SAMPLES: Final = {
    "title": "The headline",
    "name": "The topic",
    "sources[].name": "The outlet",
    "contributors[].name": "A name",
    "links[].ref": "a-few-words",
    "thread": "a-few-words",
    "id": "a-few-words",
    "tags[]": "A topic",
    "lang": "en",
    "date": "2026-01-31",
    "date-time": "2026-01-31",
    "uri": "https://www.example.org/page",
    "uri-reference": "images/name.jpg",
}


def _is_empty(node: Node) -> bool:
    if isinstance(node, Scalar):
        return not node.text.strip() or (node.plain and node.text == "~")
    return not (node.items if isinstance(node, Sequence) else node.entries)


def _refusal(text: str, schema: Schema, kind: str, name: str) -> tuple[str, str, str] | None:
    """Why a text is not what its schema asks for: code, message, and a hint where a sample would not do."""
    longest = schema.get("maxLength", 100_000)
    if len(text) > longest:
        return "AR114", f"has {len(text):,} characters; at most {longest:,} are read", "shorten it"
    if "enum" in schema and text not in schema["enum"]:
        near = difflib.get_close_matches(text.lower(), schema["enum"], n=1)
        allowed = ", ".join(schema["enum"])
        return "AR114", f"is {_shown(text)}, not one of {allowed}", f"{_leaf(name)}: {near[0]}" if near else ""
    if "pattern" in schema and not re.search(schema["pattern"], text):
        named = _NAMED.get(schema["pattern"])
        if named:
            meant = slugify(text) if named.startswith("made of") else ""
            return "AR114", f"is {_shown(text)}, which is not {named}", f"{_leaf(name)}: {meant}" if meant else ""
        return "AR114", f"is {_shown(text)}, which does not match {schema['pattern']}", ""
    if kind == "uri" and not _is_web_address(text):
        return "AR119", f"is {_shown(text)}, which is not a web address", ""
    if kind == "uri-reference" and not (_is_web_address(text) or _is_local_address(text)):
        return "AR119", f"is {_shown(text)}, which is neither a web address nor a file's", ""
    return None


def _is_web_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return bool(_ADDRESS.fullmatch(text)) and parts.scheme.lower() in ("http", "https") and bool(parts.hostname)


def _is_local_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    steps = parts.path.split("/")
    return not parts.scheme and not parts.netloc and ".." not in steps and not re.search(r"[<>\"\\\x00-\x1f]", text)


def _zone(text: str | None, default: tzinfo) -> tzinfo:
    if text is None:
        return default
    if text in ("Z", "z", "UTC"):
        return UTC
    sign = -1 if text[0] == "-" else 1
    return timezone(sign * timedelta(hours=int(text[1:3]), minutes=int(text[-2:])))


def _wrong_type(node: Node, types: list[str], name: str) -> str:
    found = {Scalar: "a single value", Sequence: "a list", Mapping: "fields with values"}[type(node)]
    wanted = {"string": "a text", "integer": "a whole number", "array": "a list", "object": "fields with values"}
    return f"'{name}' is {found}, not {' or '.join(wanted[kind] for kind in types)}"


def _leaf(name: str) -> str:
    """The field's own name, without those of the fields around it."""
    return name.rpartition(".")[2]


def _as_typed(node: Node) -> str:
    """A value on one line of YAML, or dots where it is too long for one."""
    text = _flow(node)
    return text if len(text) <= 200 else "..."


def _flow(node: Node) -> str:
    if isinstance(node, Scalar):
        is_plain = node.plain and not re.search(r"[\n,\[\]{}]", node.text)
        return node.text if is_plain else json.dumps(node.text, ensure_ascii=False)
    if isinstance(node, Sequence):
        return f"[{', '.join(map(_flow, node.items))}]"
    return f"{{{', '.join(f'{_flow(key)}: {_flow(value)}' for key, value in node.entries)}}}"


def _shown(text: str) -> str:
    return f"'{_cut(text)}'"


def _cut(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= 60 else flat[:59] + "…"
