"""An extension of Markdown: a line that begins with `!!` is called out, in words of another module."""

import re

from callout_words import WORDS
from markdown.extensions import Extension
from markdown.preprocessors import Preprocessor


class Callouts(Preprocessor):
    """Replaces the marks by words."""

    def run(self, lines):
        return [re.sub("^!!", f"**{WORDS}**", line) for line in lines]


class CalloutExtension(Extension):
    def extendMarkdown(self, md):  # noqa: N802
        md.preprocessors.register(Callouts(md), "callouts", 15)


def makeExtension(**settings):  # noqa: N802
    return CalloutExtension(**settings)
