"""Which tags does a story have, where do they stand, and which topics do they mean?"""

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from alsoread.desk.check.subject import Archive, Card, Place
from alsoread.news.names import cut_slug, slugify
from alsoread.story import Story, Topic

__all__ = ["Tag", "is_by_another_name", "oddly_tagged", "tags_of", "topic_of"]


class Tag(NamedTuple):
    """A tag as typed, white space folded, and where it stands; of a line with commas, where the line does.

    ``topic`` is the slug of the topic that it means.
    """

    text: str
    place: Place
    topic: str


def tags_of(archive: Archive, story: Story) -> tuple[Tag, ...]:
    """The tags of a story as its file has them, one that is there twice too."""
    card = archive.cards.get(story.path)
    words = _words(card, story) if card is not None else ()
    return tuple(Tag(word, place, topic_of(archive, word)) for word, place in words)


@lru_cache(maxsize=2)
def oddly_tagged(archive: Archive) -> tuple[Story, ...]:
    """The stories with a tag that is not the label of a topic, or with two tags for one topic: few, mostly.

    A story's tags are looked at one by one only if there is something to see.
    """
    meant: dict[str, str] = {}
    labels: set[str] = set()
    odd = []
    for path, story in archive.stories.items():
        for tag in story.tags:
            if tag not in meant:
                meant[tag] = topic_of(archive, tag)
                topic = archive.digest.vocabulary.topics.get(meant[tag])
                labels |= {tag} if topic is None or not topic.curated or tag == " ".join(topic.label.split()) else set()
        card = archive.cards.get(path)
        is_plain = card is not None and len(card.tags) == len(story.tags) == len({meant[tag] for tag in story.tags})
        if not is_plain or not labels.issuperset(story.tags):
            odd.append(story)
    return tuple(odd)


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
