"""Stock Pelican and the press give the same bytes: sites that use what Pelican has, and plugins that many sites use.

Each test is a small site and a series of edits. After each edit the site is built several ways; see `trial`.
"""

import shutil
import struct
import zlib

from island_news import write_island_news
from trial import Trial


def picture(shade: int) -> bytes:
    """A grey PNG picture of one pixel."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    pixel = zlib.compress(bytes([0, shade]), 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", pixel) + chunk(b"IEND", b"")


def test_the_builders_build_what_the_command_builds(trial: Trial) -> None:
    trial.settings()
    write_island_news(trial)
    trial.agrees("at first")
    trial.agrees_with_the_command()


def test_neighbours_point_to_each_other_when_articles_come_go_and_move(trial: Trial) -> None:
    trial.settings(plugins=("alsoread.press", "neighbors"), THEME="theme")
    write_island_news(trial)
    trial.write(
        "theme/templates/article.html",
        "{% extends '!simple/article.html' %}{% block content %}{{ super() }}"
        "{% if article.next_article %}<p>Newer: {{ article.next_article.title }}</p>{% endif %}"
        "{% if article.prev_article %}<p>Older: <a href='/{{ article.prev_article.url }}'>{{ article.prev_article.title }}</a></p>{% endif %}"
        "{% with a = article.prev_article_in_category %}{% if a %}<p>Older in {{ a.category }}: {{ a.summary }}</p>{% endif %}{% endwith %}"
        "{% endblock %}",
    )
    pages = trial.agrees("at first")
    assert "Newer: Lighthouse opens for tours" in pages.text("seals-counted-on-the-north-shore.html")
    trial.edit("content/seal-count.md", "Title: Seals counted", "Title: Many seals counted")
    pages = trial.agrees("a title is edited")
    assert "Many seals counted" in pages.text("lighthouse-opens-for-tours.html")
    trial.article("bus", "A bus at last", "2024-02-01 08:00", category="Village", tags="bus")
    pages = trial.agrees("an article comes between two")
    assert "Newer: A bus at last" in pages.text("many-seals-counted-on-the-north-shore.html")
    trial.edit("content/school-roof.md", "Date: 2024-01-09", "Date: 2024-05-09")
    trial.agrees("an article moves to the front")
    trial.edit("content/cable-laid.md", "Category: Harbour", "Category: Village")
    trial.agrees("an article changes its category")
    trial.edit_unseen("content/ferry-repaired.md", "The *Tern* sails", "The *Gull* sails")
    pages = trial.agrees("a body is edited")
    trial.remove("content/bus.md")
    trial.agrees("an article goes")
    trial.edit("theme/templates/article.html", "<p>Newer:", "<p class='newer'>Next:")
    trial.agrees("the template is edited")


def test_a_sitemap_names_every_page_also_those_that_did_not_change(trial: Trial) -> None:
    """Its date for pages without one is the time when the plugin was imported, so the site sets another."""
    trial.settings(
        "from datetime import datetime\nfrom pelican.plugins.sitemap import generator\ngenerator.now = datetime(2024, 6, 1)\n",
        plugins=("alsoread.press", "sitemap"),
        SITEMAP={
            "format": "xml",
            "exclude": ["^author/", "tags.html"],
            "priorities": {"articles": 0.7},
            "changefreqs": {"indexes": "weekly"},
        },
    )
    write_island_news(trial)
    trial.write("content/pages/about.md", "Title: About us\nDate: 2023-01-01\n\nWho we are.\n")
    sitemap = trial.agrees("at first").text("sitemap.xml")
    assert sitemap.count("<url>") > 25
    assert "/author/" not in sitemap
    trial.edit(
        "content/seal-count.md", "Category: Nature", "Category: Nature\nModified: 2024-03-03 10:00\nPriority: 0.9"
    )
    assert "2024-03-03T10:00:00" in trial.agrees("an article was modified").text("sitemap.xml")
    trial.agrees_again()
    trial.article("bus", "A bus at last", "2024-05-01 08:00", category="Traffic", tags="bus")
    assert "/category/traffic.html" in trial.agrees("an article comes").text("sitemap.xml")
    trial.remove("content/storm-warning.md")
    assert "weather" not in trial.agrees("the only article of a category goes").text("sitemap.xml")
    trial.edit("content/bus.md", "Tags: bus", "Tags: bus\nStatus: hidden")
    trial.agrees("an article is hidden")
    trial.settings(SITEMAP={"format": "txt"})
    pages = trial.agrees("the sitemap becomes a text")
    assert "sitemap.xml" not in pages
    assert "https://skerry.example/ferry-back-after-repairs.html\n" in pages.text("sitemap.txt")
    trial.settings(SITEURL="https://news.skerry.example")
    trial.agrees("the site moves")


def test_bundles_of_webassets_stay_and_follow_their_sources(trial: Trial) -> None:
    trial.settings(
        plugins=("alsoread.press", "webassets"),
        THEME="theme",
        WEBASSETS_BUNDLES=[("boat", ("js/sail.js", "js/anchor.js"), {"filters": "rjsmin", "output": "js/boat.js"})],
        # the cache holds pickles with times, which no two builds share
        WEBASSETS_CONFIG=[("cache", False), ("manifest", False)],
        STATIC_PATHS=["images"],
    )
    write_island_news(trial)
    trial.write("content/pages/about.md", "Title: About us\n\nWho we are.\n")
    trial.write(
        "theme/templates/base.html",
        "{% extends '!simple/base.html' %}{% block head %}{{ super() }}"
        "{% assets output='css/packed.css', 'css/letters.css', 'css/print/*.css' %}"
        "<link rel='stylesheet' href='{{ SITEURL }}/{{ ASSET_URL }}'>{% endassets %}{% endblock %}",
    )
    trial.write(
        "theme/templates/page.html",
        "{% extends '!simple/page.html' %}{% block footer %}"
        "{% assets 'boat' %}<script src='{{ SITEURL }}/{{ ASSET_URL }}'></script>{% endassets %}{% endblock %}",
    )
    trial.write("theme/static/css/letters.css", "body { color: #123456 }\n")
    trial.write("theme/static/css/print/layout.css", "h2 { margin: 0 }\n")
    trial.write("theme/static/js/sail.js", "function sail ( knots ) {\n  // off we go\n  return knots + 1 ;\n}\n")
    trial.write("theme/static/js/anchor.js", "var anchor = ' dropped ' ;\n")
    pages = trial.agrees("at first")
    assert "h2 { margin: 0 }" in pages.text("theme/css/packed.css")
    assert "off we go" not in pages.text("theme/js/boat.js")
    assert "theme/css/packed.css?" in pages.text("index.html")
    trial.edit("content/seal-count.md", "112 seals", "113 seals")
    trial.agrees("a body is edited, and the bundles stay")
    trial.edit_unseen("theme/static/css/letters.css", "#123456", "#654321")
    trial.agrees("a source of the bundle is edited")
    trial.edit("theme/static/js/anchor.js", "dropped", "weighed")
    trial.agrees("a source of a bundle that one page uses is edited")
    trial.write("theme/static/css/print/paper.css", "h3 { margin: 1em }\n")
    trial.agrees("a file comes that a pattern of the bundle matches")
    trial.edit("theme/templates/base.html", "css/packed.css", "css/all.css")
    pages = trial.agrees("the bundle gets another name")
    assert "theme/css/packed.css" not in pages
    trial.remove("content/pages/about.md")
    pages = trial.agrees("the only page with scripts goes, and the bundle with it")
    assert "theme/js/boat.js" not in pages


def test_a_series_is_numbered_anew_when_a_part_comes_or_goes(trial: Trial) -> None:
    trial.settings(plugins=("series", "alsoread.press"), THEME="theme")
    write_island_news(trial)
    for part, (title, day) in enumerate([("Boards", "01"), ("Ribs", "08"), ("Tar", "15")], start=1):
        body = f"How to build a boat, with {title.lower()}."
        trial.article(f"boat-{part}", title, f"2024-03-{day} 10:00", body, category="Boats", series="Build a boat")
    trial.write(
        "theme/templates/article.html",
        "{% extends '!simple/article.html' %}{% block content %}{{ super() }}{% if article.series %}"
        "<p>Part {{ article.series.index }} of {{ article.series.all|count }} of {{ article.series.name }}</p>"
        "{% if article.series.previous %}<p>Before: {{ article.series.previous.title }}</p>{% endif %}"
        "<ol>{% for part in article.series.all_next %}<li>{{ part.title }}: {{ part.summary }}</li>{% endfor %}</ol>"
        "{% endif %}{% endblock %}",
    )
    trial.write(
        "theme/templates/archives.html",
        "{% extends '!simple/archives.html' %}{% block content %}{{ super() }}"
        "{% for name, parts in article_series.items() %}<h2>{{ name }}</h2>{% for part in parts %}<p>{{ part.title }}</p>{% endfor %}{% endfor %}"
        "{% endblock %}",
    )
    assert "Part 3 of 3" in trial.agrees("at first").text("tar.html")
    trial.article(
        "boat-4", "Keel", "2024-02-20 10:00", "First of all, the keel.", category="Boats", series="Build a boat"
    )
    pages = trial.agrees("an earlier part comes")
    assert "Part 4 of 4" in pages.text("tar.html")
    trial.edit("content/boat-3.md", "Series: Build a boat", "Series: Build a boat\nSeries_index: 1")
    assert "Part 1 of 4" in trial.agrees("a part is put first by its number").text("tar.html")
    trial.edit("content/boat-2.md", "with ribs", "with oak ribs")
    trial.agrees("a part's text is edited")
    trial.edit("content/boat-1.md", "Title: Boards", "Title: Planks")
    trial.agrees("a part gets another title")
    trial.remove("content/boat-4.md")
    trial.agrees("a part goes")
    trial.edit("content/cable-laid.md", "Tags: repairs, power", "Tags: power\nSeries: Power for all")
    trial.agrees("another series begins")


def test_typography_is_as_stock(trial: Trial) -> None:
    trial.settings(TYPOGRIFY=True, TYPOGRIFY_DASHES="oldschool")
    write_island_news(trial)
    trial.article(
        "quotes", '"Quotes" & ampersands -- in a title', "2024-05-01", 'It\'s "fine"... <kbd>"not"</kbd> NASA'
    )
    pages = trial.agrees("at first")
    assert "&#8220;up to 40 knots&#8221;" in pages.text("storm-warning-for-the-weekend.html")
    trial.edit("content/quotes.md", "It's", 'That\'s "not"')
    trial.agrees("a body is edited")
    trial.edit("content/storm-warning.md", "Title: Storm warning for", "Title: Storm -- 'warning' for")
    trial.agrees("a title is edited")
    trial.settings(TYPOGRIFY_IGNORE_TAGS=["kbd"])
    trial.agrees("a tag is left alone")
    trial.settings(TYPOGRIFY_OMIT_FILTERS=["widont"])
    trial.agrees("a filter is left out")
    trial.settings(TYPOGRIFY=False)
    trial.agrees("it is switched off")


def test_restructured_text_follows_the_files_it_includes(trial: Trial) -> None:
    trial.settings(PYGMENTS_RST_OPTIONS={"linenos": "inline"}, STATIC_PATHS=["pictures"])
    write_island_news(trial)
    trial.write(
        "content/tides.rst",
        "Tides of the week\n#################\n\n:date: 2024-05-02 08:00\n:tags: tides, harbour\n:category: Harbour\n"
        ":summary: *High* water, with `numbers <{filename}/bakery-prize.md>`_.\n\n"
        ".. include:: ../shared/notice.rst\n\n.. csv-table:: High water\n   :header-rows: 1\n   :file: ../shared/tides.csv\n\n"
        ".. raw:: html\n   :file: ../shared/badge.html\n\nThat was |place|.\n\n.. |place| replace:: the north pier\n",
    )
    trial.write(
        "content/reckoning.rst",
        "How the tables are made\n=======================\n\nIn two steps\n------------\n\n:date: 2024-05-03 08:00\n:tags: tides\n\n"
        ".. code-block:: python\n\n   def height(hour):\n       return 2 + hour % 6\n\n"
        ".. sourcecode:: sh\n   :linenos: table\n\n   echo tide\n\n"
        ".. include:: ../shared/height.py\n   :code: python\n\nA footnote [1]_ and :abbr:`NPL (North Pier Light)`.\n\n.. [1] Measured at the pier.\n\n"
        ".. image:: {static}/pictures/pier.png\n   :alt: The pier\n",
    )
    trial.write("shared/notice.rst", "Boats may leave **two hours** before.\n\n.. include:: ../shared/office.rst\n")
    trial.write("shared/office.rst", "The office is open.\n")
    trial.write("shared/tides.csv", "Day,Time\nMonday,06:10\nTuesday,07:00\n")
    trial.write("shared/badge.html", "<b>official</b>\n")
    trial.write("shared/height.py", "LOW = 2\n")
    trial.write("content/pictures/pier.png", picture(40))
    pages = trial.agrees("at first")
    assert "two hours" in pages.text("tides-of-the-week.html")
    assert "07:00" in pages.text("tides-of-the-week.html")
    assert 'class="highlight"' in pages.text("how-the-tables-are-made.html")
    trial.edit("shared/notice.rst", "two hours", "three hours")
    assert "three hours" in trial.agrees("an included file is edited").text("tides-of-the-week.html")
    trial.edit_unseen("shared/office.rst", "is open", "is shut")
    assert "is shut" in trial.agrees("a file that an included file includes is edited").text("tides-of-the-week.html")
    trial.edit("shared/tides.csv", "07:00", "07:02")
    assert "07:02" in trial.agrees("a table's file is edited").text("tides-of-the-week.html")
    trial.edit("shared/badge.html", "official", "unofficial")
    trial.agrees("a raw file is edited")
    trial.edit("shared/height.py", "2", "3")
    trial.agrees("an included program is edited")
    trial.edit("content/tides.rst", "the north pier", "the south pier")
    trial.agrees("a substitution is edited")
    trial.settings(PYGMENTS_RST_OPTIONS={"linenos": "table"}, DOCUTILS_SETTINGS={"initial_header_level": 3})
    trial.agrees("settings of the reader change")


def test_restructured_text_that_says_the_date_says_todays(trial: Trial) -> None:
    """Between the two time zones there is always a day."""
    trial.settings()
    write_island_news(trial)
    trial.write(
        "content/today.rst",
        "Printed today\n#############\n\n:date: 2024-05-02 08:00\n\nPrinted on |today|.\n\n.. |today| date:: %d.%m.%Y\n",
    )
    trial.environment = {"TZ": "Etc/GMT+12"}
    trial.agrees("at first")
    trial.environment = {"TZ": "Etc/GMT-14"}
    trial.agrees("it is another day")


def test_translations_know_each_other(trial: Trial) -> None:
    """Stock Pelican has no order among several translations of one article, so the theme sorts them."""
    trial.settings(
        THEME="theme",
        ARTICLE_URL="{slug}/",
        ARTICLE_SAVE_AS="{slug}/index.html",
        ARTICLE_LANG_URL="{lang}/{slug}/",
        ARTICLE_LANG_SAVE_AS="{lang}/{slug}/index.html",
        PAGE_LANG_SAVE_AS="{lang}/pages/{slug}.html",
        PAGE_LANG_URL="{lang}/pages/{slug}.html",
        TRANSLATION_FEED_RSS="feeds/{lang}.rss.xml",
    )
    write_island_news(trial, lang="en")
    trial.write(
        "theme/templates/translations.html",
        "{% macro translations_for(entry) %}{% for other in entry.translations|sort(attribute='lang') %}"
        "<a href='{{ SITEURL }}/{{ other.url }}' hreflang='{{ other.lang }}'>{{ other.title }}</a>{% endfor %}{% endmacro %}"
        "{% macro entry_hreflang(entry) %}{{ entry.lang }}{% endmacro %}",
    )
    trial.article(
        "seal-count-pt",
        "Focas contadas",
        "2024-01-22 08:05",
        "112 focas.",
        category="Nature",
        lang="pt",
        slug="seals-counted-on-the-north-shore",
    )
    trial.article(
        "seal-count-no",
        "Sel talt",
        "2024-01-22 09:05",
        "112 seler.",
        category="Nature",
        lang="no",
        slug="seals-counted-on-the-north-shore",
    )
    trial.article(
        "bakery-pt",
        "Prémio de pão",
        "2024-04-20 09:00",
        "Pão de centeio.",
        category="Village",
        tags="bread, pão",
        lang="pt",
        slug="bakery-wins-a-prize",
    )
    trial.write("content/pages/about.md", "Title: About us\nSlug: about\nLang: en\n\nWho we are.\n")
    trial.write("content/pages/about-pt.md", "Title: Quem somos\nSlug: about\nLang: pt\n\nSomos nós.\n")
    pages = trial.agrees("at first")
    assert "/pt/seals-counted-on-the-north-shore/" in pages.text("seals-counted-on-the-north-shore/index.html")
    assert "feeds/all-pt.atom.xml" in pages
    trial.edit("content/seal-count-pt.md", "112 focas", "113 focas")
    trial.agrees("a translation is edited")
    trial.article(
        "puffins-pt",
        "Papagaios-do-mar de volta",
        "2024-04-03",
        "Cedo.",
        category="Nature",
        lang="pt",
        slug="puffins-return-early",
    )
    pages = trial.agrees("a translation comes")
    assert "/pt/puffins-return-early/" in pages.text("puffins-return-early/index.html")
    trial.remove("content/seal-count-no.md")
    trial.agrees("a translation goes")
    trial.remove("content/bakery-prize.md")
    trial.agrees("an original goes and its translation stays")
    trial.edit("content/seal-count.md", "Category: Nature", "Category: Nature\nTranslation: true")
    trial.agrees("the original says that it is the translation")
    trial.settings(DEFAULT_LANG="pt")
    trial.agrees("another language is the first one")
    trial.settings(ARTICLE_TRANSLATION_ID=False)
    trial.agrees("nothing is a translation")


def test_archives_of_periods_open_and_close(trial: Trial) -> None:
    trial.settings(
        YEAR_ARCHIVE_SAVE_AS="posts/{date:%Y}/index.html",
        YEAR_ARCHIVE_URL="posts/{date:%Y}/",
        MONTH_ARCHIVE_SAVE_AS="posts/{date:%Y}/{date:%b}/index.html",
        DAY_ARCHIVE_SAVE_AS="posts/{date:%Y}/{date:%b}/{date:%d}/index.html",
        ARTICLE_SAVE_AS="posts/{date:%Y}/{date:%b}/{slug}.html",
        ARTICLE_URL="posts/{date:%Y}/{date:%b}/{slug}.html",
        NEWEST_FIRST_ARCHIVES=False,
    )
    write_island_news(trial)
    pages = trial.agrees("at first")
    assert "posts/2024/Feb/28/index.html" in pages
    trial.edit("content/puffins-return.md", "Date: 2024-04-02", "Date: 2024-03-30")
    pages = trial.agrees("an article moves to another month")
    assert "posts/2024/Mar/index.html" in pages
    assert "posts/2024/Apr/02/index.html" not in pages
    trial.article("bus", "A bus at last", "2022-12-31 23:30", category="Traffic")
    assert "posts/2022/index.html" in trial.agrees("an article of an older year comes")
    trial.edit("content/school-roof.md", "Title: School gets", "Title: Old school gets")
    trial.agrees("a title is edited")
    trial.remove("content/bus.md")
    assert "posts/2022/index.html" not in trial.agrees("the year's only article goes")
    trial.settings(TIMEZONE="Pacific/Auckland", NEWEST_FIRST_ARCHIVES=True)
    trial.agrees("the site moves to another time zone and turns its archives round")
    trial.settings(DAY_ARCHIVE_SAVE_AS="")
    trial.agrees("days have no archives any more")


def test_template_pages_show_what_changed(trial: Trial) -> None:
    trial.settings(
        TEMPLATE_PAGES={"front/board.html": "board/index.html", "front/humans.txt": "humans.txt"},
        PAGE_PATHS=["pages"],
        ARTICLE_PATHS=["."],
        ARTICLE_EXCLUDES=["front", "pages"],
        STATIC_EXCLUDES=["front"],
        THEME="theme",
        READERS={"html": None},
    )
    write_island_news(trial)
    trial.write(
        "content/front/board.html",
        "{% extends 'base.html' %}{% block content %}<h2>{{ articles|length }} notices</h2>{% include 'notice.html' %}"
        "{% for article in articles|sort(attribute='title') %}<p>{{ article.title }}</p>{{ article.content }}{% endfor %}"
        "{% for category, filed in categories %}{{ category }}: {{ filed|map(attribute='title')|join(' / ') }}\n{% endfor %}{% endblock %}",
    )
    trial.write(
        "content/front/humans.txt",
        "{% for author, written in authors %}{{ author }} ({{ written|count }})\n{% endfor %}",
    )
    trial.write("theme/templates/notice.html", "<p>Put up by {{ AUTHOR }}</p>")
    pages = trial.agrees("at first")
    assert "8 notices" in pages.text("board/index.html")
    trial.edit("content/seal-count.md", "112 seals", "113 seals")
    assert "113 seals" in trial.agrees("a body is edited").text("board/index.html")
    trial.edit("content/front/board.html", "notices", "papers")
    trial.agrees("the page's own template is edited")
    trial.edit("theme/templates/notice.html", "Put up", "Nailed up")
    trial.agrees("a template that it includes is edited")
    trial.edit("content/bakery-prize.md", "Tags: bread", "Tags: bread\nAuthor: Pia Holm")
    assert "Pia Holm (1)" in trial.agrees("an author comes").text("humans.txt")
    trial.settings(TEMPLATE_PAGES={"front/humans.txt": "credits.txt"})
    pages = trial.agrees("one goes and the other is renamed")
    assert "board/index.html" not in pages
    trial.write("content/front/humans.txt", "nobody, says {{ SITENAME }}")
    trial.agrees("a template is written anew")


def test_relative_addresses_in_folders_are_those_of_each_page(trial: Trial) -> None:
    trial.settings(
        RELATIVE_URLS=True,
        ARTICLE_SAVE_AS="{category}/{date:%Y}/{slug}/index.html",
        ARTICLE_URL="{category}/{date:%Y}/{slug}/",
        PAGE_SAVE_AS="{slug}.html",
        PAGE_URL="{slug}.html",
        USE_FOLDER_AS_CATEGORY=True,
        STATIC_PATHS=["pictures"],
        DEFAULT_PAGINATION=3,
    )
    trial.article(
        "nature/birds/gulls",
        "Gulls on the pier",
        "2024-03-01",
        "See [the pier]({filename}/harbour/pier.md).\n\n![gull]({static}/pictures/gull.png)",
    )
    trial.article(
        "nature/birds/terns",
        "Terns and gulls",
        "2024-03-02",
        "Compare [gulls]({filename}gulls.md) in [the index]({index}).",
    )
    trial.article("nature/moss", "Moss", "2024-03-03", "Green. ![]({static}../pictures/moss.png)")
    trial.article(
        "harbour/pier",
        "The pier",
        "2024-03-04",
        "By [the office]({filename}../pages/office.md), [birds]({tag}birds)",
        tags="birds",
    )
    trial.article("harbour/crane", "A crane", "2024-03-05", "Lifts things. [Nature]({category}nature)")
    trial.article(
        "square",
        "The square",
        "2024-03-06",
        "Round. [Deep]({filename}nature/birds/terns.md#top)",
        summary="A [pier]({filename}harbour/pier.md) away.",
    )
    trial.write("content/pages/office.md", "Title: The office\n\nSee [the square]({filename}/square.md).\n")
    trial.write("content/pictures/gull.png", picture(1))
    trial.write("content/pictures/moss.png", picture(2))
    pages = trial.agrees("at first")
    assert 'href="../../../harbour/2024/the-pier/"' in pages.text("birds/2024/gulls-on-the-pier/index.html")
    assert 'href="./harbour/2024/the-pier/"' in pages.text("index.html")
    trial.edit("content/harbour/pier.md", "Title: The pier", "Title: The long pier")
    trial.agrees("an address changes that others point to")
    trial.rename("content/harbour/crane.md", "content/nature/crane.md")
    trial.agrees("a file moves to another folder, which is its category")
    trial.rename("content/nature/birds", "content/nature/fowl")
    trial.edit("content/square.md", "nature/birds", "nature/fowl")
    trial.agrees("a folder is renamed")
    trial.write("content/pictures/gull.png", picture(77))
    trial.agrees("a picture changes")
    trial.article("nature/fowl/swans", "Swans", "2024-02-01", "White.")
    trial.agrees("an article comes")
    trial.settings(ARTICLE_SAVE_AS="{slug}.html", ARTICLE_URL="{slug}.html")
    trial.agrees("articles leave their folders")
    trial.settings(RELATIVE_URLS=False)
    trial.agrees("addresses are absolute")


def test_links_follow_their_targets(trial: Trial) -> None:
    trial.settings(
        STATIC_PATHS=["pictures", "extra"],
        EXTRA_PATH_METADATA={"extra/robots.txt": {"path": "robots.txt"}},
        ARTICLE_SAVE_AS="news/{date:%Y}/{slug}.html",
        ARTICLE_URL="news/{date:%Y}/{slug}.html",
        SLUGIFY_SOURCE="title",
    )
    write_island_news(trial)
    trial.article(
        "guide",
        "A guide",
        "2024-05-01",
        "![map]({static}/pictures/map.png) [bakery]({filename}bakery-prize.md) [all]({index}) [repairs]({tag}repairs) [nature]({category}nature)"
        " [author]({author}ola-brandsund) [plan]({attach}drawings/plan.png) ![wide]({static}/unlisted/wide.png)",
        summary="From [the bakery]({filename}bakery-prize.md#door), ![map]({static}/pictures/map.png) and [bread]({tag}bread)",
    )
    trial.article(
        "first-sketch",
        "A first sketch",
        "2024-05-02",
        "![sketch]({attach}drawings/sketch.png) by [guide]({filename}guide.md?print)",
    )
    trial.article(
        "second-sketch",
        "A second sketch",
        "2024-05-03",
        "![sketch]({attach}drawings/sketch.png)",
        save_as="sketches/second/index.html",
        url="sketches/second/",
    )
    trial.article("third-sketch", "A third sketch", "2024-05-04", "In a page of its own.")
    trial.write(
        "content/pages/maps.md",
        "Title: Maps\nSummary: See [guide]({filename}/guide.md)\n\n[robots]({static}/extra/robots.txt) [old](|filename|/seal-count.md)\n",
    )
    for number, name in enumerate(
        ("pictures/map.png", "drawings/plan.png", "drawings/sketch.png", "unlisted/wide.png")
    ):
        trial.write(f"content/{name}", picture(number))
    trial.write("content/extra/robots.txt", "User-agent: *\n")
    pages = trial.agrees("at first")
    assert 'href="https://skerry.example/news/2024/bakery-wins-a-prize.html#door"' in pages.text("index.html")
    where = next(name for name in pages if name.endswith("sketch.png"))
    trial.edit("content/bakery-prize.md", "Title: Bakery wins", "Title: Baker wins")
    pages = trial.agrees("the address of a target changes")
    assert "news/2024/baker-wins-a-prize.html#door" in pages.text("index.html")
    trial.edit(
        f"content/{'second' if 'second' in where else 'first'}-sketch.md",
        "![sketch]({attach}drawings/sketch.png)",
        "No picture.",
    )
    pages = trial.agrees("the article that the picture was with does not show it any more")
    assert where not in pages
    trial.edit("content/third-sketch.md", "In a page of its own.", "![sketch]({attach}drawings/sketch.png)")
    trial.agrees("another article attaches the picture too")
    trial.write("content/pictures/map.png", picture(250))
    trial.agrees("a picture changes")
    trial.edit("content/bakery-prize.md", "Date: 2024", "Date: 2023")
    trial.agrees("a target moves to another year")
    trial.rename("content/guide.md", "content/guides/guide.md")
    for name in ("first-sketch.md", "pages/maps.md"):
        trial.edit(f"content/{name}", "guide.md", "guides/guide.md")
    trial.edit("content/guides/guide.md", "{filename}bakery", "{filename}/bakery")
    trial.edit("content/guides/guide.md", "{attach}drawings", "{attach}/drawings")
    trial.agrees("a file moves, and links to it and in it are mended")
    trial.settings(TAG_URL="topics/{slug}", TAG_SAVE_AS="topics/{slug}.html")
    trial.agrees("topics have other addresses")
    trial.settings(EXTRA_PATH_METADATA={"extra/robots.txt": {"path": "robots.old"}})
    assert "robots.txt" not in trial.agrees("a static file is put elsewhere")


def test_a_missing_target_is_linked_when_it_comes(trial: Trial) -> None:
    trial.settings(STATIC_PATHS=["pictures"])
    write_island_news(trial)
    trial.article(
        "news",
        "News of what is to come",
        "2024-05-01",
        "[later]({filename}later.md) ![soon]({static}/pictures/soon.png) [seals]({filename}seal-count.md)",
    )
    trial.agrees("at first")
    trial.article("later", "Later", "2024-05-02", "It came.")
    assert 'href="https://skerry.example/later.html"' in trial.agrees("the article comes").text(
        "news-of-what-is-to-come.html"
    )
    trial.write("content/pictures/soon.png", picture(3))
    trial.agrees("the picture comes")
    trial.edit("content/seal-count.md", "Category: Nature", "Category: Nature\nStatus: draft")
    trial.agrees("a target becomes a draft")
    trial.remove("content/later.md")
    trial.remove("content/pictures/soon.png")
    trial.agrees("both go")


def test_sources_are_put_beside_the_pages(trial: Trial) -> None:
    trial.settings(
        OUTPUT_SOURCES=True, OUTPUT_SOURCES_EXTENSION=".txt", ARTICLE_SAVE_AS="{slug}/index.html", ARTICLE_URL="{slug}/"
    )
    write_island_news(trial)
    trial.write("content/pages/about.md", "Title: About us\n\nWho we are.\n")
    pages = trial.agrees("at first")
    assert b"**new propeller**" in pages["ferry-back-after-repairs/index.txt"]
    trial.edit("content/ferry-repaired.md", "**new propeller**", "__new propeller__")
    trial.agrees("a source changes and its page does not")
    trial.rename("content/seal-count.md", "content/counts/seals.md")
    trial.agrees("a file is renamed", changed=False)
    trial.edit("content/storm-warning.md", "Title: Storm warning", "Title: A warning")
    assert "storm-warning-for-the-weekend/index.txt" not in trial.agrees("an address changes")
    trial.edit("content/pages/about.md", "Who we are", "Who we were")
    trial.agrees("a page is edited")
    trial.settings(OUTPUT_SOURCES_EXTENSION=".text")
    trial.agrees("sources have another ending")
    trial.settings(OUTPUT_SOURCES=False)
    trial.agrees("sources are kept back")


def test_drafts_and_hidden_articles_are_where_stock_puts_them(trial: Trial) -> None:
    trial.settings(
        DRAFT_SAVE_AS="drafts/{slug}.html", DRAFT_PAGE_SAVE_AS="drafts/pages/{slug}.html", TRANSLATION_FEED_ATOM=None
    )
    write_island_news(trial)
    trial.article("secret", "A secret", "2024-05-01", "Not yet.", category="Rumours", tags="whispers", status="draft")
    trial.article("hush", "Hush", "2024-05-02", "Only who knows the way.", category="Nature", status="hidden")
    trial.write("content/undated.md", "Title: Some day\nStatus: draft\nDate: 2024-05-09\n\nNo day was set.\n")
    trial.article("skipped", "Skipped", "2024-05-03", "Never.", status="skip")
    trial.write("content/pages/plans.md", "Title: Plans\nStatus: draft\n\nTo be drawn.\n")
    trial.write("content/pages/thanks.md", "Title: Thanks\nStatus: hidden\n\nThank you.\n")
    trial.write("content/pages/about.md", "Title: About us\n\nWho we are.\n")
    pages = trial.agrees("at first")
    assert {"drafts/a-secret.html", "hush.html", "drafts/pages/plans.html", "pages/thanks.html"} < pages.keys()
    assert "category/rumours.html" not in pages
    trial.edit("content/secret.md", "Status: draft", "Status: published")
    pages = trial.agrees("a draft is published")
    assert "drafts/a-secret.html" not in pages
    assert "category/rumours.html" in pages
    trial.edit("content/hush.md", "Status: hidden", "Status: draft")
    trial.agrees("a hidden article becomes a draft")
    trial.edit("content/seal-count.md", "Category: Nature", "Category: Nature\nStatus: hidden")
    trial.agrees("a published article is hidden")
    trial.edit("content/pages/plans.md", "Status: draft\n", "")
    assert "Plans" in trial.agrees("a page is published").text("index.html")
    trial.edit("content/skipped.md", "Status: skip", "Status: published")
    trial.agrees("an article that was skipped is published")
    trial.edit("content/undated.md", "No day", "No year")
    trial.agrees("a draft is edited")
    trial.settings(DEFAULT_METADATA={"status": "draft"})
    assert "drafts/bakery-wins-a-prize.html" in trial.agrees("whatever says nothing is a draft")


def test_pages_of_lists_shift_as_stock_shifts_them(trial: Trial) -> None:
    trial.settings(
        DEFAULT_PAGINATION=3,
        DEFAULT_ORPHANS=2,
        PAGINATION_PATTERNS=(
            (1, "{url}", "{save_as}"),
            (2, "{base_name}/page/{number}/", "{base_name}/page/{number}/index.html"),
        ),
        PAGINATED_TEMPLATES={"index": None, "tag": 2, "category": 2, "author": None},
    )
    write_island_news(trial)
    pages = trial.agrees("at first")
    assert "page/3/index.html" not in pages
    assert "category/village/page/2/index.html" not in pages
    for number, name in enumerate(("bus", "bench", "well")):
        trial.article(name, f"A {name} at last", f"2024-05-0{number + 1} 08:00", category="Village", tags="repairs")
    pages = trial.agrees("three articles come and push the others back")
    assert {"page/3/index.html", "category/village/page/2/index.html"} < pages.keys()
    trial.edit("content/ferry-repaired.md", "Title: Ferry back", "Title: Ferry is back")
    trial.agrees("a title on the last page is edited")
    trial.settings(ARTICLE_ORDER_BY="title")
    trial.agrees("articles are sorted by title")
    trial.settings(ARTICLE_ORDER_BY="reversed-basename", DEFAULT_ORPHANS=0)
    trial.agrees("articles are sorted by file, and the last page may be short")
    for name in ("bus", "bench", "well", "ferry-repaired"):
        trial.remove(f"content/{name}.md")
    trial.agrees("articles go, and pages of lists with them")
    trial.settings(DEFAULT_PAGINATION=False)
    trial.agrees("lists are whole")


FILTERS = """\
import itertools
from pathlib import Path

_numbers = itertools.count(1)
HERE = Path(__file__).parent

def numbered(text):
    return f"{next(_numbers)}. {text}"

def shout(text, mark="!"):
    return f"{text.upper()}{mark}"

def weather():
    return (HERE / "weather.txt").read_text("utf-8").strip()

def long(text):
    return len(text) > int((HERE / "limit.txt").read_text())

class Board:
    @property
    def notice(self):
        return (HERE / "notice.txt").read_text("utf-8").strip()

JINJA_FILTERS = {"numbered": numbered, "shout": shout}
JINJA_GLOBALS = {"weather": weather, "board": Board(), "motto": ["sea", "sky"]}
JINJA_TESTS = {"long": long}
"""


def test_extensions_and_functions_of_the_site_give_what_they_give_in_stock(trial: Trial) -> None:
    """Some functions are not pure: one counts its calls, others read files that no template names."""
    trial.settings(
        FILTERS,
        plugins=("phrases", "alsoread.press"),
        PLUGIN_PATHS=["extensions"],
        THEME="theme",
        JINJA_ENVIRONMENT={
            "trim_blocks": True,
            "lstrip_blocks": True,
            "extensions": ["jinja2.ext.i18n", "jinja2.ext.do", "jinja2.ext.loopcontrols"],
        },
    )
    trial.extension("phrases")
    write_island_news(trial)
    trial.write("content/pages/about.md", "Title: About us\n\nWho we are.\n")
    trial.write("phrases.json", '{"Weather": "Vær", "%(count)s articles": "%(count)s saker"}')
    trial.write("weather.txt", "fair\n")
    trial.write("limit.txt", "24")
    trial.write("notice.txt", "Mind the gap\n")
    trial.write(
        "theme/templates/article.html",
        "{% extends '!simple/article.html' %}\n{% block footer %}<h3>{{ article.title|numbered|shout }}</h3>\n"
        "{% if article.title is long %}<p>{{ board.notice }}</p>{% endif %}\n"
        "{% trans count=articles|length %}%(count)s article{% pluralize %}%(count)s articles{% endtrans %}\n"
        "{% trans count=articles|length %}{{ count }} article{% pluralize %}{{ count }} articles{% endtrans %}\n{% endblock %}\n",
    )
    trial.write(
        "theme/templates/page.html",
        "{% extends '!simple/page.html' %}\n{% block footer %}<p>{{ _('Weather') }}: {{ weather() }} {{ motto|join('+') }}</p>{% endblock %}\n",
    )
    trial.write(
        "theme/templates/tags.html",
        "{% extends '!simple/tags.html' %}\n{% block footer %}{% set seen = [] %}\n{% for tag, filed in tags|sort %}\n"
        "  {% if tag == 'power' %}{% continue %}{% endif %}\n  {% if loop.index > 7 %}{% break %}{% endif %}\n  {% do seen.append(tag.name) %}\n"
        "{% endfor %}\n{{ seen|join(', ')|shout('?') }}{% endblock %}\n",
    )
    pages = trial.agrees("at first")
    assert "1. BAKERY WINS A PRIZE!" in pages.text("bakery-wins-a-prize.html")
    assert "Vær: fair sea+sky" in pages.text("pages/about-us.html")
    trial.edit("weather.txt", "fair", "foul")
    assert "Vær: foul" in trial.agrees("a file changes that a function reads").text("pages/about-us.html")
    trial.edit_unseen("limit.txt", "24", "30")
    trial.agrees("a file changes that a test reads")
    trial.edit("notice.txt", "Mind", "Never mind")
    trial.agrees("a file changes that a property reads")
    trial.edit("content/cable-laid.md", "12 MW", "14 MW")
    trial.agrees("one article is edited, and all numbers stay")
    trial.article("bus", "A bus at last", "2024-05-01 08:00", category="Traffic", tags="bus")
    assert "2. BAKERY WINS A PRIZE!" in trial.agrees("an article comes, and numbers shift").text(
        "bakery-wins-a-prize.html"
    )
    trial.edit("phrases.json", "Vær", "Vêr")
    trial.agrees("a phrase changes")
    trial.edit("pelicanconf.py", "text.upper()", "text.title()")
    trial.agrees("a filter is written anew")
    trial.edit("pelicanconf.py", '["sea", "sky"]', '["sea", "sand"]')
    trial.agrees("a value changes that templates know")
    trial.edit("pelicanconf.py", "'trim_blocks': True", "'trim_blocks': False")
    trial.agrees("templates keep their line ends")


def test_a_template_that_comes_before_another_takes_its_place(trial: Trial) -> None:
    trial.settings(THEME="theme", THEME_TEMPLATES_OVERRIDES=["overrides"], THEME_STATIC_PATHS=["static"])
    write_island_news(trial)
    trial.write("content/pages/about.md", "Title: About us\nTemplate: letter\n\nWho we are.\n")
    trial.write(
        "theme/templates/letter.html",
        "{% extends 'page.html' %}{% block footer %}Dear all{% include ['seal.html', 'stamp.html'] %}{% include page.title ~ '.html' ignore missing %}{% endblock %}",
    )
    trial.write("theme/templates/stamp.html", "(stamp)")
    trial.write("theme/static/style.css", "p { margin: 0 }\n")
    trial.write("overrides/.keep", "")
    assert "Dear all(stamp)" in trial.agrees("at first").text("pages/about-us.html")
    trial.write(
        "overrides/article.html", "{% extends '!simple/article.html' %}{% block footer %}our own foot{% endblock %}"
    )
    assert "our own foot" in trial.agrees("an override of Pelican's own theme comes").text("puffins-return-early.html")
    trial.write("theme/templates/seal.html", "(seal)")
    assert "Dear all(seal)" in trial.agrees("the first of two templates to include comes").text("pages/about-us.html")
    trial.write("overrides/About us.html", "(photograph)")
    trial.agrees("a template comes that was missing and did not have to be there")
    trial.write("overrides/base.html", "{% extends '!theme/base.html' %}{% block nav %}no way{% endblock %}")
    trial.write(
        "theme/templates/base.html", "{% extends '!simple/base.html' %}{% block header %}{{ SITENAME }}{% endblock %}"
    )
    trial.agrees("a base comes in the theme and another before it")
    trial.edit("theme/templates/base.html", "{{ SITENAME }}", "{{ SITENAME|lower }}")
    trial.agrees("a base behind an override is edited")
    trial.write(
        "overrides/translations.html",
        "{% macro translations_for(article) %}{{ article.lang }}{% endmacro %}{% macro entry_hreflang(entry) %}{% endmacro %}",
    )
    trial.agrees("macros come that a template imports")
    trial.remove("overrides/article.html")
    trial.agrees("an override goes")
    trial.edit("theme/static/style.css", "margin: 0", "margin: 1em")
    trial.agrees("the theme's style sheet is edited")
    trial.settings(THEME_TEMPLATES_OVERRIDES=[])
    trial.agrees("overrides are switched off")


def test_settings_that_every_page_shows_reach_every_page(trial: Trial) -> None:
    trial.settings(
        THEME="notmyidea",
        LINKS=[("Tides", "https://tides.example/")],
        DEFAULT_DATE="fs",
        FEED_RSS="feeds/rss.xml",
        RSS_FEED_SUMMARY_ONLY=False,
    )
    write_island_news(trial)
    trial.write("content/undated.md", "Title: Found in a bottle\n\nNo date on it.\n")
    trial.age("content/undated.md", 1_710_000_000)
    trial.write("content/pages/about.md", "Title: About us\n\nWho we are.\n")
    trial.agrees("at first")
    trial.settings(SITENAME="The Skerry Islander", SITESUBTITLE="All of it")
    trial.agrees("the site gets another name")
    trial.settings(LINKS=[("Tides", "https://tides.example/"), ("Ferries", "https://ferries.example/")])
    trial.agrees("a link comes to every page's margin")
    trial.edit("content/pages/about.md", "Title: About us", "Title: About")
    trial.agrees("the title of a page changes, which every menu shows")
    trial.age("content/undated.md", 1_711_000_000)
    trial.agrees("a file is younger, and its time is the article's date")
    trial.settings(DEFAULT_DATE_FORMAT="%d.%m.%Y", SUMMARY_MAX_LENGTH=3, FEED_MAX_ITEMS=2)
    trial.agrees("dates and summaries look different")
    trial.settings(FILENAME_METADATA=r"(?P<slug>[a-z]+)-.*", IGNORE_FILES=["*-prize.md"])
    trial.agrees("files' names count, and one of them is ignored")
    trial.settings(
        MARKDOWN={
            "extension_configs": {"markdown.extensions.toc": {"permalink": True}, "markdown.extensions.smarty": {}},
            "output_format": "html5",
        }
    )
    trial.agrees("another extension of Markdown")
    trial.settings(THEME="simple", THEME_STATIC_DIR="look", CSS_FILE="wide.css")
    trial.agrees("the site gets another theme")


def test_names_that_make_one_address_are_one_topic(trial: Trial) -> None:
    """Which spelling is shown is for the order of articles to say."""
    trial.settings(
        THEME="theme",
        TAG_REGEX_SUBSTITUTIONS=[(r"\+\+", "-plus-plus"), (r"[^\w\s-]", ""), (r"[-\s]+", "-")],
        DEFAULT_METADATA={"mood": "calm"},
        EXTRA_PATH_METADATA={"bakery-prize.md": {"mood": "proud"}},
        AUTHOR_FEED_ATOM="feeds/by-{slug}.xml",
    )
    trial.write(
        "theme/templates/article.html",
        "{% extends '!simple/article.html' %}{% block footer %}{{ article.mood }} / {{ article.metadata.mood }} / {{ article.authors|join('+') }}{% endblock %}",
    )
    write_island_news(trial)
    trial.article(
        "bus",
        "A bus at last",
        "2024-05-01 08:00",
        tags="Ferry, C++",
        authors="Pia Holm; Ola Brandsund",
        category="village",
    )
    trial.article(
        "dock", "A dock", "2024-05-02 08:00", tags="FERRY, c plus plus", author="pia holm", category="VILLAGE"
    )
    trial.write(
        "content/bottle.html",
        "<html><head><title>A bottle</title><meta name='date' content='2024-05-03 10:00'>"
        "<meta name='tags' content='ferry'></head><body>Found <a href='{filename}bus.md'>on the bus</a>.</body></html>",
    )
    assert "proud / proud" in trial.agrees("at first").text("bakery-wins-a-prize.html")
    trial.edit("content/dock.md", "Date: 2024-05-02", "Date: 2023-05-02")
    trial.agrees("an article moves to the end, and its spellings with it")
    trial.edit("content/bus.md", "Authors: Pia Holm; Ola Brandsund", "Authors: Ola Brandsund; Pia Holm; Jens Holm")
    trial.agrees("a third author comes")
    trial.settings(DEFAULT_METADATA={"mood": "merry"}, EXTRA_PATH_METADATA={"bus.md": {"mood": "loud"}})
    assert "loud / loud" in trial.agrees("what is said of files elsewhere changes").text("a-bus-at-last.html")
    trial.settings(PATH_METADATA=r"(?P<mood>[a-z]+)-.*")
    trial.agrees("paths tell more")
    trial.settings(
        TAG_SAVE_AS="", AUTHOR_SAVE_AS="by/{slug}.html", AUTHOR_URL="by/{slug}.html", DIRECT_TEMPLATES=["index", "tags"]
    )
    trial.agrees("topics have no pages, authors have others")
    trial.edit("content/bottle.html", "Found", "Lost")
    trial.agrees("an article in HTML is edited")


def test_pelicans_own_cache_changes_nothing(trial: Trial) -> None:
    trial.settings(CACHE_CONTENT=True, LOAD_CONTENT_CACHE=True, CONTENT_CACHING_LAYER="generator")
    write_island_news(trial)
    trial.agrees("at first")
    trial.edit("content/seal-count.md", "112 seals", "one hundred seals")
    trial.agrees("a body is edited")
    trial.article(
        "bus", "A bus at last", "2024-05-01 08:00", "To [the seals]({filename}seal-count.md).", category="Traffic"
    )
    trial.agrees("an article comes")
    trial.settings(CONTENT_CACHING_LAYER="reader", CHECK_MODIFIED_METHOD="md5")
    trial.edit("content/seal-count.md", "Title: Seals", "Title: Many seals")
    trial.agrees("another layer is cached, and a title is edited")
    trial.remove("content/bus.md")
    trial.agrees("an article goes")


def test_a_picture_that_is_older_than_its_copy_is_copied(trial: Trial) -> None:
    trial.settings(STATIC_PATHS=["pictures"], STATIC_CHECK_IF_MODIFIED=True)
    trial.article("pier", "The pier", "2024-03-04", "![pier]({static}/pictures/pier.png)")
    trial.write("content/pictures/pier.png", picture(1))
    trial.agrees("at first")
    trial.write("content/pictures/pier.png", picture(2))
    trial.age("content/pictures/pier.png", 1_600_000_000)
    assert trial.agrees("an old picture takes its place")["pictures/pier.png"] == picture(2)
    trial.settings(STATIC_CHECK_IF_MODIFIED=False, STATIC_CREATE_LINKS=True)
    trial.agrees("pictures are linked", changed=False)
    trial.write("content/pictures/pier.png", picture(3))
    trial.agrees("the picture changes")
    trial.settings(STATIC_CREATE_LINKS=False)
    trial.write("content/pictures/pier.png", picture(4))
    trial.agrees("pictures are copied again")
    assert (trial.site / "content/pictures/pier.png").read_bytes() == picture(4)


def test_a_site_is_whole_again_whatever_became_of_its_output(trial: Trial) -> None:
    trial.settings()
    write_island_news(trial)
    pages = trial.agrees("at first")
    output = trial.site / "output"
    (output / "archives.html").unlink()
    (output / "index.html").write_bytes(pages["index.html"] + b"by hand")
    (output / "tags.html").write_bytes(pages["tags.html"].replace(b"Skerry", b"Island", 1))
    trial.agrees_again()
    trial.edit("content/seal-count.md", "112 seals", "113 seals")
    (output / "authors.html").unlink()
    trial.agrees("a page was removed and a body is edited")
    shutil.rmtree(output)
    trial.agrees_again()
    shutil.rmtree(trial.site / ".output.alsoread")
    trial.agrees_again()
    trial.edit("content/seal-count.md", "113 seals", "114 seals")
    trial.agrees("the press has forgotten all and a body is edited")
    trial.settings(DELETE_OUTPUT_DIRECTORY=True)
    trial.edit("content/seal-count.md", "114 seals", "115 seals")
    trial.agrees("Pelican is to empty the folder")


def test_a_build_that_failed_leaves_nothing_behind(trial: Trial) -> None:
    trial.settings(THEME="theme")
    write_island_news(trial)
    trial.write("theme/templates/tag.html", "{% extends '!simple/tag.html' %}{% block footer %}{{ tag }}{% endblock %}")
    trial.agrees("at first")
    trial.edit("content/seal-count.md", "112 seals", "113 seals")
    trial.edit("theme/templates/tag.html", "{{ tag }}", "{{ tag|no_such_filter }}")
    trial.fails()
    trial.edit("theme/templates/tag.html", "|no_such_filter", "")
    trial.agrees("the template is mended and a body is edited")
    trial.edit("theme/templates/tag.html", "{{ tag }}", "{% if tag == 'power' %}{{ 1 // 0 }}{% endif %}")
    trial.article("bus", "A bus at last", "2024-05-01 08:00", category="Traffic", tags="bus")
    trial.fails()
    trial.edit("content/cable-laid.md", ", power", "")
    trial.agrees("the one page is gone that could not be made")
