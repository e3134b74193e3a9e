"""Which addresses has a site that others link to, and that have a life of their own?

Worked out from the digest and the settings, before any page is made. Pages that come and go with counts are not among
them: the further pages of a list, two topics together, years and months (docs/decisions/0030). A test holds the result
to what a build makes.
"""

import posixpath
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from alsoread.news.addresses import Address, Addresses
from alsoread.news.digest import Digest
from alsoread.news.ledger import Kind, Live, is_site_file
from alsoread.news.names import cut_slug, slugify
from alsoread.outputs.redirects import file_of_alias
from alsoread.plugin.addresses import addresses_of
from alsoread.settings import DigestSettings
from alsoread.story import Story, Topic

__all__ = ["expired_addresses", "former_topics", "live_addresses", "moved_feeds", "moved_topics", "topics_with_stories"]


def live_addresses(
    digest: Digest, site: Mapping[str, Any], settings: DigestSettings, addresses: Addresses | None = None
) -> tuple[Live, ...]:
    """The addresses of a digest, sorted; ``site`` are Pelican's settings, ``settings`` Alsoread's, and ``addresses``
    those of stories and pages, where somebody has them at hand.
    """
    addresses = addresses or addresses_of(site)
    found = [
        *_of_stories(digest.stories, addresses.of_story, "story"),
        *_of_stories(digest.pages, addresses.of_page, "page"),
        *_of_topics(digest, site),
        *_of_threads(digest, settings),
        *_of_sources(digest, settings),
        *_of_authors(digest, site),
        *_of_site(digest, site, settings),
        *_redirects(digest),
    ]
    named = {each.file: each for each in reversed(found) if is_site_file(each.file)}
    return tuple(named[file] for file in sorted(named))


def _of_stories(stories: Iterable[Story], address: Callable[[Story], Address], kind: Kind) -> Iterator[Live]:
    for story in stories:
        yield Live(address(story).save_as, kind, story.path)


def _of_topics(digest: Digest, site: Mapping[str, Any]) -> Iterator[Live]:
    topics = digest.vocabulary.topics
    for slug in sorted(topics_with_stories(digest)):
        yield from _of_topic(slug, site, topics[slug].path)


def _of_topic(slug: str, site: Mapping[str, Any], path: str = "") -> Iterator[Live]:
    yield from _filled(site, "TAG_SAVE_AS", "topic", slug, path)
    yield from _filled(site, "TAG_FEED_ATOM", "feed", slug)
    yield from _filled(site, "TAG_FEED_RSS", "feed", slug)


def topics_with_stories(digest: Digest) -> frozenset[str]:
    """The slugs of the topics that have a page: those of stories in lists, and the ones above them."""
    own = {slug for story in digest.listed for slug in digest.vocabulary.of_story.get(story.path, ())}
    return frozenset(own.union(*map(digest.vocabulary.branches.above, own)))


def _of_threads(digest: Digest, settings: DigestSettings) -> Iterator[Live]:
    for slug in digest.threads:
        yield from _of_thread(slug, settings)


def _of_thread(slug: str, settings: DigestSettings) -> Iterator[Live]:
    yield from _named(settings.thread_page.format(slug=slug), "thread")
    yield from _named(settings.thread_feed.format(slug=slug), "feed")


def _of_sources(digest: Digest, settings: DigestSettings) -> Iterator[Live]:
    for slug in digest.outlets:
        yield from _named(settings.source_page.format(slug=slug), "source")


def _of_authors(digest: Digest, site: Mapping[str, Any]) -> Iterator[Live]:
    default = _slug_of_author(site) if site.get("AUTHOR") else ""
    names = {name for story in digest.listed for name in story.authors}
    slugs = {slugify(name) or "unnamed" for name in names}
    if default and any(not story.authors for story in digest.listed):
        slugs.add(default)
    for slug in sorted(slugs):
        yield from _of_author(slug, site)


def _slug_of_author(site: Mapping[str, Any]) -> str:
    """The slug that Pelican gives the author of stories that name none."""
    from pelican.urlwrappers import Author

    return str(Author(site["AUTHOR"], site).slug)


def _of_author(slug: str, site: Mapping[str, Any]) -> Iterator[Live]:
    yield from _filled(site, "AUTHOR_SAVE_AS", "author", slug)
    yield from _filled(site, "AUTHOR_FEED_ATOM", "feed", slug)
    yield from _filled(site, "AUTHOR_FEED_RSS", "feed", slug)


def _of_site(digest: Digest, site: Mapping[str, Any], settings: DigestSettings) -> Iterator[Live]:
    """The lists that the settings name, and the feeds of the whole."""
    for name in site["DIRECT_TEMPLATES"]:
        yield from _named(site.get(f"{name.upper()}_SAVE_AS", f"{name}.html"), "list")
    for name in site["TEMPLATE_PAGES"].values():
        yield from _named(name, "list")
    yield from _named(settings.threads_page if digest.threads else "", "list")
    yield from _named(settings.sources_page if digest.outlets else "", "list")
    for name in ("FEED_ATOM", "FEED_RSS", "FEED_ALL_ATOM", "FEED_ALL_RSS"):
        yield from _named(site.get(name), "feed")


def expired_addresses(digest: Digest, site: Mapping[str, Any], settings: DigestSettings) -> dict[str, date]:
    """The files of stories that have expired, and of what went with them if no other story has it; and the day."""
    found: dict[str, date] = {}
    for story in digest.unseen:
        if story.until is not None:
            gone = [Live(story.file, "story")]
            gone += [each for slug in story.topics for each in _of_topic(slug, site)]
            gone += [each for slug in story.authors for each in _of_author(slug or "unnamed", site)]
            for slug in story.outlets:
                gone += [
                    *_named(settings.source_page.format(slug=slug), "source"),
                    *_named(settings.sources_page, "list"),
                ]
            if story.thread:
                gone += [*_of_thread(story.thread, settings), *_named(settings.threads_page, "list")]
            found |= {each.file: max(story.until, found.get(each.file, story.until)) for each in gone}
    return found


def _redirects(digest: Digest) -> Iterator[Live]:
    for story in (*digest.stories, *digest.pages):
        for file in filter(None, map(file_of_alias, story.aliases)):
            yield Live(file, "redirect", story.path)


def moved_topics(digest: Digest, site: Mapping[str, Any]) -> frozenset[str]:
    """The files at which topics stood, or might have, under the other names that they have: pages and feeds."""
    settings = [str(site[name]) for name in ("TAG_SAVE_AS", "TAG_FEED_ATOM", "TAG_FEED_RSS") if site.get(name)]
    former = [name for _, name in former_topics(digest, topics_with_stories(digest))]
    return frozenset(_normal(setting.format(slug=name)) for setting in settings for name in former)


def former_topics(digest: Digest, present: Collection[str]) -> Iterator[tuple[Topic, str]]:
    """Topics of those that are ``present``, each with a slug that it had and that is no other topic's."""
    vocabulary = digest.vocabulary
    for slug, topic in sorted(vocabulary.topics.items()):
        names = [name for name in map(slugify, topic.aliases) if vocabulary.means.get(name) == slug]
        for name in dict.fromkeys(map(cut_slug, names)) if slug in present else ():
            if name not in present:
                yield topic, name


def moved_feeds(digest: Digest, site: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Former and present file of topics' feeds. No page can stand at one, but servers can answer for it."""
    fills = [str(site[setting]).format for setting in ("TAG_FEED_ATOM", "TAG_FEED_RSS") if site.get(setting)]
    if not fills or not any(topic.aliases for topic in digest.vocabulary.topics.values()):
        return
    former = list(former_topics(digest, topics_with_stories(digest)))
    for fill in fills:
        yield from ((fill(slug=name), fill(slug=topic.slug)) for topic, name in former)


def _filled(site: Mapping[str, Any], setting: str, kind: Kind, slug: str, path: str = "") -> Iterator[Live]:
    if site.get(setting):
        yield Live(_normal(str(site[setting]).format(slug=slug)), kind, path)


def _named(name: object, kind: Kind) -> Iterator[Live]:
    if name:
        yield Live(_normal(str(name)), kind)


def _normal(name: str) -> str:
    return posixpath.normpath(name)
