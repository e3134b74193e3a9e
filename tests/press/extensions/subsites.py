"""A site within the site: when the main one is written, another Pelican writes its German form into a folder of it."""

import os

from pelican import Pelican, signals


def write_subsite(main):
    if "LANGUAGE_OF_SUBSITE" in main.settings:
        return
    settings = main.settings.copy()
    settings["OUTPUT_PATH"] = os.path.join(OUTPUTS[-1], "de")
    settings["SITENAME"] = "Auf Deutsch"
    settings["LANGUAGE_OF_SUBSITE"] = "de"
    settings["DELETE_OUTPUT_DIRECTORY"] = True
    Pelican(settings).run()


def note_output(main):
    if "LANGUAGE_OF_SUBSITE" not in main.settings:
        OUTPUTS.append(main.settings["OUTPUT_PATH"])


OUTPUTS: list[str] = []


def register():
    signals.initialized.connect(note_output)
    signals.finalized.connect(write_subsite)
