"""Which tags does a story have, where do they stand, and which topics do they mean?"""

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from alsoread.desk.check.subject import Archive, Card, Place
from alsoread.news.names import cut_slug, slugify
from alsoread.story import Story, Topic

__all__ = ["Tag", "is_by_another_name", "tags_of", "topic_of"]


class Tag(NamedTuple):
    """A tag as typed, white space folded, and where it stands; of a line with commas, where the line does.

    ``topic`` is the slug of the topic that it means.
    """

    text: str
    place: Place
    topic: str


def tags_of(archive: Archive, story: Story) -> tuple[Tag, ...]:
    """The tags of a story as its file has them, one that is there twice too."""
    return _tags_in(archive).get(story.path, ())


@lru_cache(maxsize=2)
def _tags_in(archive: Archive) -> dict[str, tuple[Tag, ...]]:
    """The tags of every story; several rules ask for the same archive."""
    topics: dict[str, str] = {}
    found = {}
    for path, story in archive.stories.items():
        card = archive.cards.get(path)
        tags = []
        for word, place in _words(card, story) if card is not None else ():
            topic = topics.get(word)
            if topic is None:
                topic = topics[word] = topic_of(archive, word)
            tags.append(Tag(word, place, topic))
        found[path] = tuple(tags)
    return found


def _words(card: Card, story: Story) -> Iterator[tuple[str, Place]]:
    for text, line, column in card.tags:
        if text in story.tags:
            yield text, (line, column)
            continue
        words = [" ".join(text.split())]
        if len(card.tags) == 1 and words[0] not in story.tags:
            words = [" ".join(word.split()) for word in text.split(";" if ";" in text else ",")]
        yield from ((word, (line, column)) for word in words if word in story.tags)


def topic_of(archive: Archive, tag: str) -> str:
    """The slug of the topic that a tag means; empty where no address can be made of it."""
    name = slugify(tag)
    return archive.digest.vocabulary.means.get(name) or cut_slug(name)


def is_by_another_name(archive: Archive, story: Story, tag: Tag) -> Topic | None:
    """The topic with a file that a tag means without being spelt as its label.

    An alias in a story of another language than the digest's may be the word of that language.
    """
    topic = archive.digest.vocabulary.topics.get(tag.topic)
    if topic is None or not topic.curated or tag.text == " ".join(topic.label.split()):
        return None
    is_foreign = story.lang != archive.settings.lang and slugify(tag.text) != slugify(topic.label)
    return None if is_foreign else topic
