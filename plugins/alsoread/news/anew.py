"""What would a digest be with one file read anew, as far as that file alone decides it?

The words of a story and where its cross-links lead. What only all files together can tell stays as it was: related
stories, links back, neighbours, the order of lists. Where the file now says what others would have to know, such as
another address, there is no answer.
"""

from dataclasses import replace
from typing import Final

from alsoread.news.digest import Digest, as_html
from alsoread.news.links import as_read, resolve_all
from alsoread.news.names import cut_slug, slugify
from alsoread.news.shelved import as_paragraph, with_another
from alsoread.news.storyfile import StoryFile
from alsoread.news.topics import Vocabulary
from alsoread.news.visible import may_be_seen
from alsoread.settings import DigestSettings
from alsoread.story import Story

__all__ = ["keeps_lists", "with_file"]

# what decides whether and where a story is shown, and with which others
_DECIDING: Final = ("slug", "status", "lang", "embargo_until", "expires", "thread", "translation_of")
# and in which lists, and where in them
_LISTING: Final = ("date", "modified", "tags", "category", "authors", "sources")


def keeps_lists(before: Story, after: Story) -> bool:
    """Whether a story stands where it stood in every list."""
    return all(getattr(before, name) == getattr(after, name) for name in _LISTING)


def with_file(digest: Digest, file: StoryFile, settings: DigestSettings) -> Digest | None:
    """The digest with what ``file`` says in the place of what it said; None where that is for all files to tell."""
    before = {story.path: story for story in (*digest.stories, *digest.pages)}.get(file.path)
    story = file.story
    if story is None or before is None or not _is_shown_alike(story, before, settings):
        return None
    topics = _topics_of(story, digest.vocabulary) if story.path in digest.vocabulary.of_story else ()
    if topics is None:
        return None
    titles = {each.path: each.title for each in digest.listed} | {story.path: story.title}
    resolutions, links = resolve_all([story], {story.path: file.body}, digest.index, titles, [])
    resolved = resolutions[story.path]
    html = as_html(file.body, resolved, links[story.path], titles, settings, story.lang)
    body = as_read(file.body, resolved, titles)
    return replace(
        digest,
        stories=tuple(story if each.path == story.path else each for each in digest.stories),
        pages=tuple(story if each.path == story.path else each for each in digest.pages),
        html=with_another(digest.html, story.path, html),
        bodies=with_another(digest.bodies, story.path, body),
        standfirsts=with_another(digest.standfirsts, story.path, file.body.summary_html),
        summaries=with_another(digest.summaries, story.path, file.body.summary_html or as_paragraph(body.lead)),
        resolutions={**digest.resolutions, story.path: resolved},
        vocabulary=_with_topics(digest.vocabulary, story.path, topics),
    )


def _is_shown_alike(story: Story, before: Story, settings: DigestSettings) -> bool:
    """Whether the same readers may see a story at the same place as before."""
    return may_be_seen(story, settings) and all(getattr(story, name) == getattr(before, name) for name in _DECIDING)


def _topics_of(story: Story, vocabulary: Vocabulary) -> tuple[str, ...] | None:
    """The slugs of the topics of a story; None where it has one that no story had."""
    names = map(slugify, story.tags)
    slugs = dict.fromkeys(filter(None, (vocabulary.means.get(name) or cut_slug(name) for name in names)))
    return tuple(slugs) if all(slug in vocabulary.topics for slug in slugs) else None


def _with_topics(vocabulary: Vocabulary, path: str, topics: tuple[str, ...]) -> Vocabulary:
    if vocabulary.of_story.get(path, ()) == topics:
        return vocabulary
    return replace(vocabulary, of_story={**vocabulary.of_story, path: topics})
