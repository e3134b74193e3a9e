"""Which tags does a story have, where do they stand, and which topics do they mean?"""

from collections.abc import Iterator
from typing import NamedTuple

from alsoread.desk.check.subject import Archive, Place
from alsoread.news.names import cut_slug, slugify
from alsoread.story import Story, Topic

__all__ = ["Tag", "is_by_another_name", "tags_of", "topic_of"]


class Tag(NamedTuple):
    """A tag as typed, white space folded, and where it stands; of a line with commas, where the line does."""

    text: str
    place: Place


def tags_of(archive: Archive, story: Story) -> Iterator[Tag]:
    """The tags of a story as its file has them, one that is there twice too."""
    card = archive.cards.get(story.path)
    typed = card.tags if card is not None else ()
    for text, line, column in typed:
        words = [" ".join(text.split())]
        if len(typed) == 1 and words[0] not in story.tags:
            words = [" ".join(word.split()) for word in text.split(";" if ";" in text else ",")]
        yield from (Tag(word, (line, column)) for word in words if word in story.tags)


def topic_of(archive: Archive, tag: str) -> str:
    """The slug of the topic that a tag means; empty where no address can be made of it."""
    name = slugify(tag)
    return archive.digest.vocabulary.means.get(name) or cut_slug(name)


def is_by_another_name(archive: Archive, story: Story, tag: str) -> Topic | None:
    """The topic with a file that a tag means without being spelt as its label.

    An alias in a story of another language than the digest's may be the word of that language.
    """
    topic = archive.digest.vocabulary.topics.get(topic_of(archive, tag))
    if topic is None or not topic.curated or tag == " ".join(topic.label.split()):
        return None
    is_foreign = story.lang != archive.settings.lang and slugify(tag) != slugify(topic.label)
    return None if is_foreign else topic
