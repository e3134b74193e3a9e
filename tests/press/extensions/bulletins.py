"""A generator of its own, which writes a page and a feed by Pelican's writer and looks at the feed."""

from pelican import signals
from pelican.generators import Generator


class Bulletins(Generator):
    def generate_output(self, writer):
        articles = self.context["articles"]
        writer.write_file("bulletins/index.html", self.get_template("archives"), self.context, dates=articles)
        feed = writer.write_feed(articles, self.context, "bulletins/atom.xml", "bulletins/atom.xml")
        assert feed.num_items() == len(articles)
        assert feed.items[0]["title"]


def generators(_pelican):
    return Bulletins


def register():
    signals.get_generators.connect(generators)
