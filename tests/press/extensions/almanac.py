"""A generator of its own: a page and a feed about tides, of a file that is no content, and of the site's articles."""

import json
from pathlib import Path

from pelican import signals
from pelican.generators import Generator


class AlmanacGenerator(Generator):
    """Reads `almanac/tides.json` beside the content folder."""

    def generate_context(self):
        source = Path(self.path).parent / "almanac/tides.json"
        self.tides = json.loads(source.read_text("utf-8"))
        self.context["next_tide"] = self.tides[0]

    def generate_output(self, writer):
        harbour = [article for article in self.context["articles"] if article.category.name == "Harbour"]
        writer.write_file(
            "almanac/tides.html",
            self.get_template("tides"),
            self.context,
            relative_urls=self.settings["RELATIVE_URLS"],
            template_name="tides",
            url="almanac/tides.html",
            tides=self.tides,
            articles=harbour,
        )
        for feed_type in ("atom", "rss"):
            writer.write_feed(harbour, self.context, f"almanac/harbour.{feed_type}.xml", feed_type=feed_type)


def add_generator(_):
    return AlmanacGenerator


def register():
    signals.get_generators.connect(add_generator)
