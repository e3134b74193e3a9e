"""How long is an article?"""

from pelican.contents import Article


def count_words(content):
    if isinstance(content, Article):
        content.words = len(content._content.split())
