"""Has its say wherever Pelican asks while it writes: in feeds, in pages just written, after all articles and pages.

What it says stands in `bulletin.txt`, of which no template knows, and in a setting that no template uses.
"""

from pathlib import Path

from pelican import signals

written = []


def says(settings):
    return (Path(settings["PATH"]).parent / "bulletin.txt").read_text("utf-8").strip()


def change_feed(context, feed):
    feed.feed["title"] += f" ({says(context)})"
    if feed.items:
        feed.items[0]["title"] += f", the newest of {len(feed.items)}"


def sign_page(path, context):
    written.append(Path(path).name)
    if "article" in context:
        with Path(path).open("a", encoding="utf-8") as page:
            page.write(f"<!-- {says(context)}, {context['BULLETIN_PRICE']}, {len(context['articles'])} articles -->\n")


def list_articles(generator, writer):
    titles = "".join(f"{article.title}\n" for article in generator.articles)
    Path(writer.output_path, "articles.txt").write_text(titles, "utf-8")


def list_pages(generator, writer):
    Path(writer.output_path, "pages.txt").write_text("".join(f"{page.title}\n" for page in generator.pages), "utf-8")


def list_written(pelican):
    Path(pelican.output_path, "written.txt").write_text("\n".join(written), "utf-8")


def register():
    signals.feed_generated.connect(change_feed)
    signals.content_written.connect(sign_page)
    signals.article_writer_finalized.connect(list_articles)
    signals.page_writer_finalized.connect(list_pages)
    signals.finalized.connect(list_written)
