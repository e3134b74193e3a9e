"""A writer of its own: what it writes has a foot, and its feeds have no names of authors."""

from pathlib import Path

from pelican import signals
from pelican.writers import Writer


class Stationery(Writer):
    """Pelican's writer with a letterhead."""

    def write_file(self, name, template, context, *args, **kwargs):
        kwargs["letterhead"] = f"{context['SITENAME']} / {name}"
        super().write_file(name, template, context, *args, **kwargs)
        if name:
            page = Path(self.output_path, name)
            page.write_text(page.read_text("utf-8") + "<!-- from our own press -->\n", "utf-8")

    def _add_item_to_the_feed(self, feed, item):
        super()._add_item_to_the_feed(feed, item)
        feed.items[-1]["author_name"] = None


def choose_writer(_):
    return Stationery


def register():
    signals.get_writer.connect(choose_writer)
