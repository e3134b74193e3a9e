"""Stock Pelican and the press give the same bytes: plugins that generate, write, read and edit on their own."""

from island_news import write_island_news
from trial import Trial


def test_a_foreign_generator_writes_its_pages_and_feeds(trial: Trial) -> None:
    trial.settings(plugins=("alsoread.press", "almanac"), PLUGIN_PATHS=["extensions"], THEME="theme")
    trial.extension("almanac")
    write_island_news(trial)
    trial.write("almanac/tides.json", '["06:10", "18:40"]')
    trial.write(
        "theme/templates/tides.html",
        "{% extends 'base.html' %}{% block content %}{% for tide in tides %}<p>{{ tide }}</p>{% endfor %}"
        "{% for article in articles %}<h3>{{ article.title }}</h3>{{ article.content }}{% endfor %}{% endblock %}",
    )
    trial.write(
        "theme/templates/page.html", "{% extends '!simple/page.html' %}{% block footer %}{{ next_tide }}{% endblock %}"
    )
    trial.write("content/pages/about.md", "Title: About us\n\nWho we are.\n")
    pages = trial.agrees("at first")
    assert "<p>18:40</p>" in pages.text("almanac/tides.html")
    assert "Second cable" in pages.text("almanac/harbour.rss.xml")
    trial.edit("almanac/tides.json", "06:10", "06:12")
    pages = trial.agrees("its own file is edited")
    assert "06:12" in pages.text("pages/about-us.html")
    trial.edit("content/cable-laid.md", "12 MW", "14 MW")
    trial.agrees("an article that it shows is edited")
    trial.edit("content/ferry-repaired.md", "Category: Harbour", "Category: Village")
    trial.agrees("an article leaves its category")
    trial.edit("theme/templates/tides.html", "<p>{{ tide }}</p>", "<li>{{ tide }}</li>")
    trial.agrees("its template is edited")
    trial.edit("extensions/almanac.py", '("atom", "rss")', '("atom",)')
    assert "almanac/harbour.rss.xml" not in trial.agrees("it does not write one of its feeds any more")
    trial.settings(PLUGINS=["alsoread.press"])
    trial.edit("theme/templates/page.html", "{{ next_tide }}", "no tide")
    assert "almanac/tides.html" not in trial.agrees("it is switched off")


def test_pages_edited_in_place_are_edited_once(trial: Trial) -> None:
    trial.settings(plugins=("minify", "alsoread.press"), PLUGIN_PATHS=["extensions"], DEFAULT_PAGINATION=3)
    trial.extension("minify")
    write_island_news(trial)
    pages = trial.agrees("at first")
    assert pages.text("index2.html").count("characters, now") == 1
    trial.agrees_again()
    trial.edit("content/seal-count.md", "112 seals", "a hundred seals")
    trial.agrees("a body is edited")
    trial.article("bus", "A bus at last", "2024-05-01 08:00", category="Traffic", tags="bus")
    trial.agrees("an article comes")
    trial.edit("content/bus.md", "Tags: bus", "Tags: bus, traffic")
    trial.agrees("an article gets another tag")
    trial.settings(SITENAME="The Islander")
    trial.agrees("the site gets another name")
    trial.edit("extensions/minify.py", "characters, now", "letters, now")
    trial.agrees("the plugin is edited")
    trial.remove("content/bus.md")
    trial.settings(PLUGINS=["alsoread.press"])
    assert "letters, now" not in trial.agrees("it is switched off").text("index.html")


def test_what_is_written_at_the_very_end_is_of_the_whole_site(trial: Trial) -> None:
    trial.settings(
        plugins=("compress", "alsoread.press", "minify"), PLUGIN_PATHS=["extensions"], STATIC_PATHS=["extra"]
    )
    trial.extension("compress")
    trial.extension("minify")
    write_island_news(trial)
    trial.write("content/extra/print.css", "p { color: black }\n")
    pages = trial.agrees("at first")
    assert {"index.html.gz", "feeds/all.atom.xml.gz", "extra/print.css.gz"} < pages.keys()
    trial.agrees_again()
    trial.edit("content/seal-count.md", "112 seals", "a hundred seals")
    trial.agrees("a body is edited")
    trial.edit("content/storm-warning.md", "Title: Storm warning", "Title: A warning")
    assert "storm-warning-for-the-weekend.html.gz" not in trial.agrees("an address changes")
    trial.remove("content/puffins-return.md")
    trial.agrees("an article goes")
    trial.edit("content/extra/print.css", "black", "navy")
    trial.agrees("a style sheet is edited")
    trial.settings(PLUGINS=["alsoread.press", "minify"])
    assert "index.html.gz" not in trial.agrees("it is switched off")


def test_what_is_edited_in_place_at_the_very_end_is_edited_once(trial: Trial) -> None:
    trial.settings(
        plugins=("alsoread.press", "polish"), PLUGIN_PATHS=["extensions"], STATIC_PATHS=["pictures"], THEME="theme"
    )
    trial.extension("polish")
    write_island_news(trial)
    trial.write("content/pictures/pier.png", b"not really a picture\n")
    trial.write("theme/templates/page.html", "{% extends '!simple/page.html' %}")
    trial.write("theme/static/style.css", "p { margin: 0 }\n")
    pages = trial.agrees("at first")
    assert pages["pictures/pier.png"].count(b"polished") == 1
    trial.agrees_again()
    trial.edit("content/seal-count.md", "112 seals", "113 seals")
    trial.agrees("a body is edited")
    trial.agrees_again()
    trial.article("bus", "A bus at last", "2024-05-01 08:00", category="Traffic", tags="bus")
    trial.agrees("an article comes, which every page tells")
    trial.settings(PLUGINS=["alsoread.press"])
    assert b"polished" not in trial.agrees("it is switched off")["pictures/pier.png"]


def test_plugins_that_listen_while_pelican_writes_have_their_say(trial: Trial) -> None:
    trial.settings(
        plugins=("alsoread.press", "bulletin"),
        PLUGIN_PATHS=["extensions"],
        BULLETIN_PRICE=2,
        CATEGORY_FEED_RSS="feeds/{slug}.rss",
    )
    trial.extension("bulletin")
    write_island_news(trial)
    trial.write("bulletin.txt", "Free on Mondays\n")
    trial.write("content/pages/about.md", "Title: About us\n\nWho we are.\n")
    pages = trial.agrees("at first")
    assert "News (Free on Mondays)</title>" in pages.text("feeds/all.atom.xml")
    assert pages.text("bakery-wins-a-prize.html").endswith("<!-- Free on Mondays, 2, 8 articles -->\n")
    trial.agrees_again()
    trial.edit("bulletin.txt", "Mondays", "Sundays")
    assert "Sundays" in trial.agrees("its file is edited").text("feeds/village.rss")
    trial.settings(BULLETIN_PRICE=3)
    trial.agrees("a setting changes that only the plugin uses")
    trial.edit("content/seal-count.md", "112 seals", "113 seals")
    trial.agrees("a body is edited")
    trial.article("bus", "A bus at last", "2024-05-01 08:00", category="Traffic", tags="bus")
    trial.agrees("an article comes")
    trial.edit("content/pages/about.md", "Title: About us", "Title: About")
    trial.agrees("a page gets another title")
    trial.remove("content/bus.md")
    trial.edit("extensions/bulletin.py", "the newest of", "the best of")
    trial.agrees("an article goes and the plugin is edited")


def test_a_writer_of_its_own_writes_every_page(trial: Trial) -> None:
    trial.settings(
        plugins=("alsoread.press", "stationery"), PLUGIN_PATHS=["extensions"], THEME="theme", DEFAULT_PAGINATION=4
    )
    trial.extension("stationery")
    write_island_news(trial)
    trial.write(
        "theme/templates/base.html", "{% extends '!simple/base.html' %}{% block footer %}{{ letterhead }}{% endblock %}"
    )
    pages = trial.agrees("at first")
    assert "Skerry Island News / archives.html" in pages.text("archives.html")
    assert pages.text("index.html").endswith("<!-- from our own press -->\n")
    assert "<name>" not in pages.text("feeds/all.atom.xml")
    trial.agrees_again()
    trial.edit("content/seal-count.md", "112 seals", "113 seals")
    trial.agrees("a body is edited")
    trial.article("bus", "A bus at last", "2024-05-01 08:00", category="Traffic", tags="bus")
    trial.agrees("an article comes")
    trial.edit("extensions/stationery.py", "from our own press", "from our new press")
    trial.agrees("the writer is edited")
    trial.edit("extensions/stationery.py", '["author_name"] = None', '["author_name"] = "the island"')
    trial.agrees("the writer is edited where it writes feeds")
    trial.remove("content/bakery-prize.md")
    trial.agrees("an article goes")
    trial.settings(PLUGINS=["alsoread.press"])
    trial.agrees("it is switched off")


def test_a_reader_of_its_own_and_what_plugins_do_to_articles_count(trial: Trial) -> None:
    trial.settings(plugins=("letters", "alsoread.press"), PLUGIN_PATHS=["extensions"], THEME="theme")
    trial.extension("letters")
    write_island_news(trial)
    trial.write(
        "content/reply.letter",
        "title: A reply\ndate: 2024-05-02 07:00\ncategory: Letters\ntags: ferry\n\nSirs,\nthe ferry is late.\n",
    )
    trial.write(
        "theme/templates/article.html",
        "{% extends '!simple/article.html' %}{% block footer %}{{ article.words }} words, place {{ article.place }} of {{ articles|length }}{% endblock %}",
    )
    pages = trial.agrees("at first")
    assert "<p>the ferry is late.</p>" in pages.text("a-reply.html")
    trial.edit(
        "content/reply.letter",
        "is late",
        "is late again, and again, and again, and once more, and nobody knows why, says nobody",
    )
    pages = trial.agrees("a letter is edited, and grows longer than others")
    assert "place 1 of 9" in pages.text("a-reply.html")
    trial.edit("content/bakery-prize.md", "It will be sold out by nine.", "Gone.")
    trial.agrees("an article grows shorter than others")
    trial.edit("extensions/letters/__init__.py", "<p>{line}</p>", "<p class='letter'>{line}</p>")
    assert "<p class='letter'>" in trial.agrees("the reader is edited").text("a-reply.html")
    trial.edit("extensions/letters/__init__.py", "place + 1", "place + 100")
    trial.agrees("what changes all articles is edited")
    trial.edit("extensions/letters/counting.py", "content._content.split()", "content._content")
    trial.agrees("a module of the plugin is edited")
    trial.remove("content/reply.letter")
    trial.agrees("the letter goes")


def test_an_extension_of_markdown_counts_and_what_it_imports(trial: Trial) -> None:
    trial.settings(
        "import sys\nfrom pathlib import Path\n\nsys.path.insert(0, str(Path(__file__).parent / 'extensions'))\n",
        MARKDOWN={"extensions": ["callouts"], "output_format": "html5"},
    )
    trial.extension("callouts")
    trial.extension("callout_words")
    write_island_news(trial)
    trial.article("bus", "A bus at last", "2024-05-01 08:00", "It is red.\n\n!! It stops for cows.")
    assert "<strong>Note well:</strong> It stops" in trial.agrees("at first").text("a-bus-at-last.html")
    trial.edit("extensions/callouts.py", "**{WORDS}**", "*{WORDS}*")
    assert "<em>Note well:</em> It stops" in trial.agrees("the extension is edited").text("a-bus-at-last.html")
    trial.edit("extensions/callout_words.py", "Note well", "Take note")
    pages = trial.agrees("a module that it imports is edited")
    assert "<em>Take note:</em> It stops" in pages.text("a-bus-at-last.html")
    trial.settings(MARKDOWN={"output_format": "html5"})
    trial.agrees("it is switched off")
