"""What editors' own tools get to know: does the loader take what they ask for?"""

import json
import re
from typing import Any

import jsonschema
import pytest
import yaml

from alsoread.desk import editors
from alsoread.desk.editors import KINDS, cms_config, issue_form, with_vocabulary
from alsoread.desk.forge import Forge, forge_files
from alsoread.news.fields import load_schema
from reading import read, read_as_topic
from sites import ROOT, Site

TOPICS = ["Ports", "Süd: Nord", "Yes"]
FOLDERS = {"story": "content/stories", "page": "content/pages", "topic": "content/topics", "thread": "content/threads"}
# of a story the short forms of others, and what a form cannot ask for well
LEFT_OUT = {"story": {"author", "source", "source_url", "translation_of"}}
LINK = re.compile(r"\[([^\]]+)\]\([^)]+\)")


def config(topics: list[str] = TOPICS) -> dict[str, Any]:
    settings: dict[str, Any] = yaml.safe_load(cms_config(topics, FOLDERS, repository="a/b", images="content/images"))
    return settings


def fields(kind: str, topics: list[str] = TOPICS) -> dict[str, dict[str, Any]]:
    found = next(each for each in config(topics)["collections"] if each["folder"] == FOLDERS[kind])
    return {field["name"]: field for field in found["fields"]}


@pytest.mark.parametrize("kind", KINDS)
def test_the_web_editor_asks_for_every_field_of_the_schema(kind: str) -> None:
    schema = load_schema(kind)
    asked = fields(kind)
    assert set(asked) == {*schema["properties"], "body"} - LEFT_OUT.get(kind, set())
    for name in schema["required"]:
        assert asked[name]["required"] is True
    for name, each in schema["properties"].items():
        if name in asked and "description" in each:
            assert asked[name]["hint"] == LINK.sub(r"\1", each["description"])
    assert "The topics of the story" in fields("story")["tags"]["hint"]


def sample(field: dict[str, Any]) -> Any:
    """What somebody might put into a field, as the web editor saves it."""
    match field["widget"]:
        case "datetime":
            return "2026-01-31" if field["format"] == "YYYY-MM-DD" else "2026-01-31T14:30:00+01:00"
        case "select":
            return field["options"][:2] if field.get("multiple") else field["options"][-1]
        case "list":
            return (
                [{each["name"]: sample(each) for each in field["fields"]}]
                if "fields" in field
                else ["https://a.example/b"]
            )
        case "object":
            return {each["name"]: sample(each) for each in field["fields"]}
        case "number":
            return 3
        case "image":
            return "images/a.png"
        case _:
            known = {"url": "https://a.example/", "archived_url": "https://a.example/", "lang": "en"}
            return known.get(field["name"], "a-few-words")


@pytest.mark.parametrize("topics", [TOPICS, []])
def test_a_story_with_everything_that_the_web_editor_asks_for_is_read(topics: list[str]) -> None:
    values = {name: sample(field) for name, field in fields("story", topics).items() if name != "body"}
    values["aliases"] = ["/old/a.html"]
    file = read(f"---\n{yaml.safe_dump(values, sort_keys=False)}---\n\nText.\n")
    assert file.findings == ()
    assert file.story is not None
    assert file.story.sources[0].archived_url == "https://a.example/"
    topic = {name: sample(field) for name, field in fields("topic").items() if name != "body"}
    assert read_as_topic(f"---\n{yaml.safe_dump(topic)}---\n\nText.\n").findings == ()


def test_the_form_asks_for_fields_of_the_schema_with_the_topics_of_the_digest() -> None:
    form = yaml.safe_load(issue_form(TOPICS))
    assert [field["id"] for field in form["body"]] == [
        "title",
        "source_url",
        "source",
        "date",
        "tags",
        "body",
        "author",
    ]
    required = {field["id"] for field in form["body"] if field.get("validations", {}).get("required")}
    assert required >= set(load_schema("story")["required"])
    (options,) = [field["attributes"]["options"] for field in form["body"] if field["type"] == "dropdown"]
    assert options == TOPICS
    assert "dropdown" not in [field["type"] for field in yaml.safe_load(issue_form([]))["body"]]


def test_the_form_of_a_new_digest_is_the_one_that_the_command_prints(site: Site) -> None:
    site.run("init", "town")
    town = Site(site.root / "town")
    assert town.run("schema", "form").out == (town.root / ".github/ISSUE_TEMPLATE/story.yml").read_text("utf-8")


def test_the_schema_offers_the_vocabulary_and_allows_other_tags() -> None:
    schema = with_vocabulary("story", TOPICS, ["port-strike"])
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    good = {"title": "A", "date": "2026-01-31", "tags": ["Ports", "Something else"], "thread": "other"}
    assert list(validator.iter_errors(good)) == []
    assert list(validator.iter_errors({**good, "tags": [5]}))
    assert schema["properties"]["tags"]["items"]["anyOf"][0] == {"enum": TOPICS}
    assert schema["properties"]["thread"]["examples"] == ["port-strike"]
    assert load_schema("story")["properties"]["tags"]["items"]["type"] == "string", "the schema itself was not changed"


@pytest.mark.parametrize("kind", KINDS)
def test_the_schema_for_others_has_no_marks_and_no_links_of_ours_and_says_the_same(kind: str) -> None:
    printed, ours = with_vocabulary(kind, [], []), load_schema(kind)
    assert '"x-' not in json.dumps(printed)
    assert "](" not in json.dumps(printed)
    assert set(printed["properties"]) == set(ours["properties"])
    for name, each in ours["properties"].items():
        kept = {mark: value for mark, value in each.items() if not mark.startswith("x-")}
        kept["description"] = LINK.sub(r"\1", kept["description"])
        assert printed["properties"][name] == kept


def test_the_form_follows_the_marks_of_the_schema(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = {
        "title": {"type": "string", "description": "In [words](a.md).", "x-form": {"place": 2, "label": "Headline"}},
        "thread": {"type": "string", "description": "Which.", "x-form": {"place": 1, "label": "T", "required": True}},
        "lang": {"type": "string", "description": "A code."},
    }
    text = {"x-form": {"place": 3, "label": "Story", "description": "Write."}}
    monkeypatch.setattr(editors, "load_schema", lambda name: {"properties": asked, "x-body": text})
    thread, title, body = yaml.safe_load(issue_form([]))["body"]
    assert thread["id"] == "thread"
    assert thread["validations"] == {"required": True}
    assert title == {"type": "input", "id": "title", "attributes": {"label": "Headline", "description": "In words."}}
    assert (body["type"], body["attributes"]["description"]) == ("textarea", "Write.")


def test_the_command_prints_each_of_them(site: Site) -> None:
    site.conf().story("a", thread="strike").write("content/topics/ports.md", "---\nname: Ports\n---\n")
    for kind in KINDS:
        printed = site.run("schema", kind).json
        assert set(printed["properties"]) == set(load_schema(kind)["properties"])
    assert site.run("schema", "story").json["properties"]["thread"]["examples"] == ["strike"]
    cms = yaml.safe_load(site.run("schema", "cms", "--repo", "me/town").out)
    assert cms["backend"]["repo"] == "me/town"
    assert [each["folder"] for each in cms["collections"]][2:] == ["content/topics", "content/threads"]
    assert "options:\n    - Ports" in site.run("schema", "form").out
    assert site.run("schema", "nothing").exit_code == 2


def test_the_web_editor_is_published_as_the_guide_says(site: Site) -> None:
    guide = (ROOT / "docs/editors.md").read_text("utf-8")
    html = re.search(r"```html\n(.*?)```", guide, re.DOTALL)
    python = re.search(r"```python\n(.*?)```", guide, re.DOTALL)
    assert html is not None
    assert python is not None
    site.conf().story("stories/a").write("content/admin/index.html", html[1])
    (site.root / "pelicanconf.py").write_text((site.root / "pelicanconf.py").read_text() + python[1])
    site.write("content/admin/config.yml", site.run("schema", "cms").out)
    result = site.build()
    assert (result.exit_code, result.codes) == (0, []), result.err
    assert site.page("admin/index.html") == html[1]
    assert "backend:" in site.page("admin/config.yml")


def test_the_forge_has_the_form() -> None:
    assert forge_files(Forge("N", "r", [("Yes", "")]))[".github/ISSUE_TEMPLATE/story.yml"] == issue_form(["Yes"])
