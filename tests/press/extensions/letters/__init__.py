"""A reader of its own for letters to the editor, and a count of words on every article, whoever has read it."""

from pelican import signals
from pelican.readers import BaseReader
from pelican.utils import pelican_open

from .counting import count_words


class LetterReader(BaseReader):
    """A letter: a line for each field until the first empty one, then lines of text."""

    enabled = True
    file_extensions = ("letter",)

    def read(self, source_path):
        with pelican_open(source_path) as text:
            head, _, body = text.partition("\n\n")
        fields = (line.partition(":") for line in head.splitlines())
        metadata = {key.lower(): self.process_metadata(key.lower(), value.strip()) for key, _, value in fields}
        return "".join(f"<p>{line}</p>\n" for line in body.splitlines() if line), metadata


def add_reader(readers):
    readers.reader_classes["letter"] = LetterReader


def number(generator):
    for place, article in enumerate(sorted(generator.articles, key=lambda article: (-article.words, article.slug))):
        article.place = place + 1


def register():
    signals.readers_init.connect(add_reader)
    signals.content_object_init.connect(count_words)
    signals.article_generator_finalized.connect(number)
