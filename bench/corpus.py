"""Which stories does a made-up digest of N have? The same for the same seed, size and length, on every machine.

A story depends on its number and these three alone, so any one can be made without the others. Words, topics and
authors are made of syllables; how often each occurs falls off as in Zipf's law (Human Behavior and the Principle of
Least Effort, 1949), so a few topics have many stories and most have few.
"""

import random
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from pathlib import Path
from typing import Literal

__all__ = ["FORMS", "Corpus", "Form", "Story", "text", "write_stories"]

Form = Literal["yaml", "pelican"]
FORMS: tuple[Form, ...] = ("yaml", "pelican")

SYLLABLES = "ar bel cor da en fa gor hi in ja kel lo mi nor o pa qui ra sel ta un vo wes xa yor zi".split()
CATEGORIES = ("Courts", "Harbours", "Health", "Markets", "Research", "Schools", "Transport", "Weather")
BEGIN, YEARS = datetime(2015, 1, 1, tzinfo=UTC), timedelta(days=3650)
VOCABULARY, AUTHORS, NAVIGATION = 4000, 30, 10
# of the words of a story, those that belong to its topics; of the stories, those with a cross-link to an earlier one
TOPICAL, LINKED = 0.15, 0.25


@dataclass(frozen=True, slots=True)
class Story:
    """What stands in a file. The body is Markdown, in paragraphs."""

    headline: str
    slug: str
    date: datetime
    topics: tuple[str, ...]
    category: str
    author: str
    summary: str
    body: tuple[str, ...]

    @property
    def path(self) -> str:
        return f"{self.date:%Y/%m}/{self.slug}.md"


@dataclass
class Corpus:
    """`size` stories of about `length` words. Story 0 is the oldest, and no two have the same instant or headline."""

    size: int
    length: int = 500
    seed: int = 0
    vocabulary: list[str] = field(init=False, repr=False)
    topics: list[str] = field(init=False, repr=False)
    authors: list[str] = field(init=False, repr=False)
    topical: dict[str, list[str]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        chance = self._chance("vocabulary")
        number = max(NAVIGATION, round(4 * self.size**0.4))
        made = distinct_words(chance, VOCABULARY + number + 2 * AUTHORS)
        self.vocabulary, names = made[:VOCABULARY], [word.capitalize() for word in made[VOCABULARY:]]
        self.topics, people = names[:number], names[number:]
        self.authors = [f"{first} {last}" for first, last in zip(people[::2], people[1::2], strict=True)]
        self.topical = {topic: chance.sample(self.vocabulary, 30) for topic in self.topics}
        self._word_weights = falling(len(self.vocabulary))
        self._topic_weights = falling(len(self.topics))

    def navigation(self) -> list[dict[str, str]]:
        """The ten topics with the most stories."""
        return [{"name": topic, "slug": topic.lower()} for topic in self.topics[:NAVIGATION]]

    def headline(self, number: int) -> str:
        chance = self._chance("headline", number)
        return f"{' '.join(self._words(chance, chance.randint(6, 9))).capitalize()} {chance.choice(self.authors)}"

    def story(self, number: int) -> Story:
        chance, headline = self._chance("story", number), self.headline(number)
        topics = self._topics(chance)
        own = [word for topic in topics for word in self.topical[topic]]
        body = self._body(chance, own)
        if number and chance.random() < LINKED:
            body.insert(len(body) // 2, f"READ: {self.headline(chance.randrange(number))}")
        return Story(
            headline=headline,
            slug=f"{'-'.join(headline.lower().split()[:4])}-{number}",
            date=BEGIN + timedelta(minutes=number * (YEARS // timedelta(minutes=1)) // self.size),
            topics=topics,
            category=chance.choice(CATEGORIES),
            author=chance.choice(self.authors),
            summary=f"{sentence(self._words(chance, 12))} {sentence(self._words(chance, 12))}",
            body=tuple(body),
        )

    def _chance(self, *what: object) -> random.Random:
        return random.Random(" ".join(map(str, (self.seed, self.size, self.length, *what))))

    def _words(self, chance: random.Random, number: int) -> list[str]:
        return chance.choices(self.vocabulary, cum_weights=self._word_weights, k=number)

    def _topics(self, chance: random.Random) -> tuple[str, ...]:
        drawn = chance.choices(self.topics, cum_weights=self._topic_weights, k=chance.randint(2, 6))
        return tuple(dict.fromkeys(drawn))

    def _body(self, chance: random.Random, own: list[str]) -> list[str]:
        """Paragraphs, and among them now and then a heading, a list or a quotation."""
        left, body = round(self.length * chance.uniform(0.6, 1.25)), []
        while left > 0:
            sentences = [self._sentence(chance, own) for _ in range(chance.randint(3, 5))]
            left -= sum(len(each.split()) for each in sentences)
            shape = chance.random()
            if shape < 0.06:
                body.append(f"## {' '.join(self._words(chance, 4)).capitalize()}")
            if shape > 0.94:
                body.append("\n".join(f"- {each}" for each in sentences))
            elif shape > 0.88:
                body.append("\n".join(f"> {each}" for each in sentences))
            else:
                body.append(" ".join(sentences))
        return body

    def _sentence(self, chance: random.Random, own: list[str]) -> str:
        words = self._words(chance, chance.randint(7, 20))
        for at in range(len(words)):
            if chance.random() < TOPICAL:
                words[at] = chance.choice(own)
        at, mark = chance.randrange(1, len(words)), chance.random()
        if mark < 0.10:
            words[at] = f"**{words[at]}**"
        elif mark < 0.16:
            words[at] = f"*{words[at]}*"
        elif mark < 0.28:
            words[at] = f"[{words[at]}](https://source.example/{chance.randrange(10**6)})"
        return sentence(words)


def falling(number: int) -> list[float]:
    """Cumulated weights of ranks, with Mandelbrot's shift so that the first few are not everything."""
    return list(accumulate(1 / (rank + 3) for rank in range(number)))


def distinct_words(chance: random.Random, number: int) -> list[str]:
    found: dict[str, None] = {}
    while len(found) < number:
        found["".join(chance.choices(SYLLABLES, k=chance.randint(2, 4)))] = None
    return list(found)


def sentence(words: list[str]) -> str:
    return f"{words[0].capitalize()} {' '.join(words[1:])}."


def text(story: Story, form: Form) -> str:
    """The file of a story: with YAML, or with Pelican's own header, which has no fences. The bodies are the same."""
    date, topics = f"{story.date:%Y-%m-%d %H:%M}", ", ".join(story.topics)
    if form == "yaml":
        date, topics = f"{story.date:%Y-%m-%dT%H:%M:%SZ}", f"[{topics}]"
    lines = [
        f"title: {story.headline}",
        f"date: {date}",
        f"slug: {story.slug}",
        f"tags: {topics}",
        f"category: {story.category}",
        f"author: {story.author}",
        f"summary: {story.summary}",
    ]
    head = "\n".join(["---", *lines, "---"] if form == "yaml" else lines)
    return "\n\n".join((head, *story.body)) + "\n"


def write_stories(folder: Path, corpus: Corpus, form: Form) -> Path:
    """Write all stories, and give the file of the newest."""
    path, made = folder, set()
    for number in range(corpus.size):
        story = corpus.story(number)
        path = folder / story.path
        if path.parent not in made:
            path.parent.mkdir(parents=True, exist_ok=True)
            made.add(path.parent)
        path.write_text(text(story, form), "utf-8")
    return path
