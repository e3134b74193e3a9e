"""Phrases of the theme in other words: a catalogue for `jinja2.ext.i18n` out of `phrases.json`."""

import gettext
import json
from pathlib import Path

from pelican import signals


class Phrases(gettext.NullTranslations):
    """What stands in the file, or the phrase itself."""

    def __init__(self, source):
        super().__init__()
        self.phrases = json.loads(source.read_text("utf-8"))

    def gettext(self, message):
        return self.phrases.get(message, message)

    def ngettext(self, one, many, number):
        return self.gettext(one if number == 1 else many)


def install(generator):
    generator.env.install_gettext_translations(Phrases(Path(generator.path).parent / "phrases.json"))


def register():
    signals.generator_init.connect(install)
