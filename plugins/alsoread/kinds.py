"""What does a cross-link say of the two stories it joins?

Its kind is the editor's word for it: from the label that the line begins with, or from the front matter. Seen from the
other end, a link reads differently: what one story calls background has this one as its later coverage.
"""

from typing import Final, Literal

__all__ = ["KINDS", "LABELS", "RELATIONS", "Relation", "kind_of_label", "relation_of"]

Relation = Literal["later", "denied", "reactions", "reaction-to", "earlier", "linked"]

KINDS: Final = ("background", "update", "denies", "reaction", "opinion", "promo")

RELATIONS: Final[tuple[Relation, ...]] = ("later", "denied", "reactions", "reaction-to", "earlier", "linked")
"""How a story may stand to one that it links to, in the order of a page."""

# for each language: labels, each with the kind that it says
LABEL_KINDS: Final = {
    "*": {"ALSO READ": "", "READ": "", "RELATED": "", "BACKGROUND": "background"},
    "ar": {"اقرأ أيضا": "", "اقرأ أيضاً": "", "اقرأ أيضًا": "", "خلفية": "background"},
    "de": {"LESEN SIE AUCH": "", "MEHR DAZU": "", "HINTERGRUND": "background"},
    "es": {"LEA TAMBIÉN": "", "LEE TAMBIÉN": "", "CONTEXTO": "background", "ANTECEDENTES": "background"},
    "fr": {"À LIRE AUSSI": "", "A LIRE AUSSI": "", "LIRE AUSSI": "", "CONTEXTE": "background"},
    "it": {"LEGGI ANCHE": "", "CONTESTO": "background"},
    "nl": {"LEES OOK": "", "ACHTERGROND": "background"},
    "pt": {"LEIA TAMBÉM": "", "LEIA MAIS": "", "CONTEXTO": "background"},
}

# what other labels say where a digest uses them without saying so itself
_SAY: Final = {
    "UPDATE": "update",
    "DENIED": "denies",
    "DENIES": "denies",
    "DENIAL": "denies",
    "REACTION": "reaction",
    "REACTIONS": "reaction",
    "OPINION": "opinion",
    "COMMENT": "opinion",
    "ANALYSIS": "opinion",
    "SEE ALSO": "promo",
}

LABELS: Final = {lang: tuple(labels) for lang, labels in LABEL_KINDS.items()}


def kind_of_label(label: str) -> str:
    """The kind that a label says by itself, or nothing."""
    said = {words.casefold(): kind for labels in LABEL_KINDS.values() for words, kind in labels.items()}
    said |= {words.casefold(): kind for words, kind in _SAY.items()}
    return said.get(label.casefold(), "")


def relation_of(kind: str, *, later: bool) -> Relation:
    """How a story that links by ``kind`` stands to the one it links to; ``later`` tells that it is the newer one."""
    if kind == "denies":
        return "denied"
    if kind == "reaction":
        return "reactions" if later else "reaction-to"
    if kind in ("background", "update"):
        return "later" if later else "earlier"
    return "linked"
