"""Which links join the stories of a digest, and what should an editor know of those that lead nowhere?"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from html import escape
from typing import Final

from alsoread.diagnostics import Diagnostic
from alsoread.kinds import RELATIONS, Relation, relation_of
from alsoread.news.body import lead_of
from alsoread.news.compose import words_of
from alsoread.news.crosslinks import CrossLinkIndex, Resolution
from alsoread.news.sanitize import text_of
from alsoread.story import Body, CrossLink, Link, Story

__all__ = ["BackLink", "as_read", "links_between", "resolve_all"]

_FROM_FRONT_MATTER: Final = "links"
_NONE: Final[Mapping[str, str]] = {}
# a story with more lost cross-links than this gets no suggestions for the others: each is sought in all headlines
_MOST_GUESSES: Final = 20


@dataclass(frozen=True, slots=True)
class BackLink:
    """A story that links to another one: its path, and how it stands to that one."""

    path: str
    relation: Relation


def resolve_all(
    stories: Iterable[Story],
    bodies: Mapping[str, Body],
    index: CrossLinkIndex,
    titles: Mapping[str, str],
    findings: list[Diagnostic],
) -> tuple[dict[str, tuple[Resolution, ...]], dict[str, list[tuple[Link, Resolution]]]]:
    """Where the cross-links of each body lead, one by one, and those of each front matter."""
    resolutions: dict[str, tuple[Resolution, ...]] = {}
    from_links: dict[str, list[tuple[Link, Resolution]]] = {}
    for story in stories:
        found: list[Resolution] = []
        guesses = 0
        crosslinks = bodies[story.path].crosslinks
        if not crosslinks and not story.links:
            resolutions[story.path], from_links[story.path] = (), []
            continue
        for crosslink in crosslinks:
            resolution = index.resolve(
                crosslink.text,
                href=crosslink.href,
                own=story.path,
                exactly=not crosslink.certain,
                guess=guesses < _MOST_GUESSES,
            )
            guesses += resolution.outcome == "unresolved"
            found.append(resolution)
            findings += _about(story.path, crosslink, resolution, titles)
        resolutions[story.path] = tuple(found)
        from_links[story.path] = []
        for link in story.links:
            resolution = index.resolve(link.ref, own=story.path, guess=guesses < _MOST_GUESSES)
            guesses += resolution.outcome == "unresolved"
            from_links[story.path].append((link, resolution))
            findings += _about(
                story.path,
                CrossLink(_FROM_FRONT_MATTER, link.ref, certain=True, html="", line=0, column=0),
                resolution,
                titles,
            )
    return resolutions, from_links


def _about(path: str, crosslink: CrossLink, resolution: Resolution, titles: Mapping[str, str]) -> list[Diagnostic]:
    """What an editor should know about a cross-link that leads to no story."""
    outcome = resolution.outcome
    where = (path, crosslink.line, crosslink.column)
    shown = crosslink.text if len(crosslink.text) <= 80 else crosslink.text[:79] + "…"
    if resolution.misspelt and outcome == "resolved":
        message = f"'{shown}' is read as a misspelling of the headline of {resolution.path}, and shown as typed"
        return [Diagnostic(*where, "AR405", message, _typed_as(crosslink, titles[resolution.path]))]
    if outcome in ("resolved", "external") or (outcome == "unresolved" and not crosslink.certain):
        return []
    if outcome == "withheld":
        message = f"the story '{shown}' is a draft, hidden, embargoed or expired; the cross-link is left out"
        return [Diagnostic(*where, "AR404", message, "nothing to do: the link appears with the story")]
    if outcome == "itself":
        hint = "remove the brackets" if crosslink.inline else "remove the line"
        return [Diagnostic(*where, "AR403", f"'{shown}' is this story itself", hint)]
    if outcome == "ambiguous":
        message = f"several stories are called '{shown}': {', '.join(resolution.near)}"
        return [Diagnostic(*where, "AR402", message, _keyed_as(crosslink, resolution.keys[0]))]
    if not resolution.near:
        hint = "check the slug, or name the story by its headline" if "[[" in shown else _LOST
    elif "[[" in crosslink.text:
        hint = _keyed_as(crosslink, resolution.keys[0])
    else:
        hint = _typed_as(crosslink, resolution.near[0])
    more = resolution.keys[1:] if "[[" in crosslink.text else resolution.near[1:]
    others = f" (also near: {'; '.join(more)})" if more else ""
    if crosslink.label == _FROM_FRONT_MATTER:
        message = f"the link '{shown}' of the front matter names no story; it is left out{others}"
        return [Diagnostic(*where, "AR401", message, hint if resolution.near else "ref: its-slug")]
    return [Diagnostic(*where, "AR401", f"no story is called '{shown}'; it is shown as plain text{others}", hint)]


_LOST: Final = "check the headline, or name the story: [[id]]"


def _keyed_as(crosslink: CrossLink, key: str) -> str:
    """The line, the field or the brackets with the key of a story, and the words that were chosen for it."""
    if crosslink.label == _FROM_FRONT_MATTER:
        return f"ref: {key}"
    if key.startswith("/"):
        return f"[{crosslink.text.strip('[]').partition('|')[2] or key}]({key})"
    words = crosslink.text.strip("[]").partition("|")[2].strip() if "[[" in crosslink.text else ""
    named = f"[[{key}|{words}]]" if words else f"[[{key}]]"
    return named if crosslink.inline else f"{crosslink.label} {named}"


def _typed_as(crosslink: CrossLink, headline: str) -> str:
    """The line, the field or the brackets with another headline."""
    if crosslink.label == _FROM_FRONT_MATTER:
        return f'ref: "{headline}"'
    return f"[[{headline}]]" if crosslink.inline else f"{crosslink.label}: {headline}"


def as_read(body: Body, resolutions: Sequence[Resolution], titles: Mapping[str, str]) -> Body:
    """A body whose text and lead say what its readers see of the cross-links, which is nothing of one withheld.

    Labels are no words of the story's. A cross-link is no lead; prose that only begins like one is.
    """
    if not body.crosslinks:
        return body
    resolved = iter(resolutions)
    told: list[str] = []
    leading: list[str] = []
    for part in body.parts:
        if isinstance(part, str):
            told.append(part)
            leading.append(part)
            continue
        resolution = next(resolved)
        if part.inline:
            words = words_of(part, resolution, titles)
        elif not part.certain and resolution.outcome in ("unresolved", "external"):
            words = part.html
        else:
            told.append("" if resolution.outcome == "withheld" else f"<p>{escape(part.text)}</p>")
            continue
        told.append(words)
        leading.append(words)
    return replace(body, text=text_of("".join(told)), lead=lead_of("".join(leading)))


def links_between(
    listed: Sequence[Story],
    bodies: Mapping[str, Body],
    resolutions: Mapping[str, tuple[Resolution, ...]],
    from_links: Mapping[str, list[tuple[Link, Resolution]]],
    kinds: Mapping[str, str],
    translations: frozenset[str] = frozenset(),
    originals: Mapping[str, str] = _NONE,
) -> tuple[dict[str, tuple[BackLink, ...]], dict[str, frozenset[str]]]:
    """For every story that has any, which stories link to it (by relation, then newest first), and which it links to.

    Of ``translations`` and their original one is told of: the one in the language of the story that they link to.
    ``originals`` has what they have in common, by path.
    """
    stories = {story.path: story for story in listed}
    place = {story.path: number for number, story in enumerate(listed)}
    back: dict[str, list[BackLink]] = defaultdict(list)
    linked: dict[str, frozenset[str]] = {}
    for story in listed:
        if not resolutions[story.path] and not from_links[story.path]:
            continue
        said = zip(bodies[story.path].crosslinks, resolutions[story.path], strict=True)
        links = [(kinds.get(crosslink.label, ""), resolution) for crosslink, resolution in said]
        links += [(link.kind, resolution) for link, resolution in from_links[story.path]]
        kind_to: dict[str, str] = {}
        for kind, resolution in links:
            if resolution.outcome == "resolved":
                kind_to[resolution.path] = kind_to.get(resolution.path) or kind
        linked[story.path] = frozenset(kind_to)
        for target, kind in kind_to.items():
            if target in place:
                later = place[story.path] < place[target]
                back[target].append(BackLink(story.path, relation_of(kind, later=later)))
    ordered = {
        path: tuple(
            sorted(
                _once(links, stories, stories[path].lang, translations, originals),
                key=lambda link: RELATIONS.index(link.relation),
            )
        )
        for path, links in back.items()
    }
    return ordered, linked


def _once(
    links: Sequence[BackLink],
    stories: Mapping[str, Story],
    lang: str,
    translations: frozenset[str],
    originals: Mapping[str, str],
) -> list[BackLink]:
    """The links of stories of which none is a translation of another."""
    nearest: dict[str, BackLink] = {}
    if not translations:
        return list(links)
    for link in sorted(links, key=lambda link: (stories[link.path].lang != lang, link.path in translations)):
        nearest.setdefault(originals[link.path], link)
    return [link for link in links if nearest[originals[link.path]] is link]
