"""``alsoread schema``."""

import json
import os
from typing import Final

import click

from alsoread.cli.desk import Desk, open_desk
from alsoread.desk.editors import KINDS, cms_config, issue_form, with_vocabulary
from alsoread.desk.sketch import read_sketch

__all__ = ["command"]

_OTHERS: Final = ("form", "cms")


@click.command("schema", short_help="Print what editors' own tools want to know of the files.")
@click.argument("what", type=click.Choice([*KINDS, *_OTHERS]), metavar="WHAT")
@click.option("-c", "--content", metavar="FOLDER", help="The content folder.")
@click.option("-s", "--settings", metavar="FILE", help="Settings (default: ./pelicanconf.py, or Alsoread's own).")
@click.option("--repo", "repository", metavar="OWNER/NAME", default="owner/name", help="With cms: the repository.")
def command(what: str, content: str | None, settings: str | None, repository: str) -> int:
    """Print the JSON Schema of the front matter of a story, page, topic or thread, with the topics of the digest.

    Or, made from the same schemas, the form of an issue (form) or the settings of Sveltia CMS and Decap CMS (cms).
    """
    desk = open_desk(content, settings)
    digest, _ = read_sketch(*desk.read)
    topics = sorted((topic.label for topic in digest.vocabulary.topics.values() if topic.curated), key=str.casefold)
    if what in KINDS:
        schema = with_vocabulary(what, topics, sorted(digest.threads))
        click.echo(json.dumps(schema, ensure_ascii=False, indent=2))
    elif what == "form":
        click.echo(issue_form(topics), nl=False)
    else:
        folders, images = _folders(desk)
        click.echo(cms_config(topics, folders, repository=repository, images=images), nl=False)
    return 0


def _folders(desk: Desk) -> tuple[dict[str, str], str]:
    """The first folder of each kind of file, and that of pictures, as seen from here."""
    root = os.path.relpath(desk.root).replace(os.sep, "/")
    of_kind = {
        "story": desk.folders.stories,
        "page": desk.folders.pages,
        "topic": desk.folders.topics,
        "thread": desk.folders.threads,
    }
    found = {kind: "/".join(filter(None, (root, folders[0]))) for kind, folders in of_kind.items() if folders}
    static = [str(folder) for folder in desk.site["STATIC_PATHS"]]
    return found, "/".join(filter(None, (root, static[0] if static else "images")))
