"""With what was a page rendered, should somebody want to render it once more?"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import jinja2

__all__ = ["Call"]

# what Pelican sets anew for each page
_CHANGING: Final = "localsiteurl"


@dataclass(frozen=True, slots=True)
class Call:
    """A page's template, and the names that are its own; all other names are those that all pages share."""

    template: jinja2.Template
    own: Mapping[str, Any]
    siteurl: Any

    @classmethod
    def of(cls, template: jinja2.Template, context: Mapping[str, Any], own: Mapping[str, Any]) -> "Call":
        """The call that is about to be made, with the names that all pages share now."""
        return cls(template, own, context.get(_CHANGING))

    def again(self, context: dict[str, Any], **names: Any) -> str:
        """The page's text as it is now, with other values for some of its own names."""
        # contents look it up for themselves
        context[_CHANGING] = self.siteurl
        replaced = {name: value for name, value in names.items() if name in self.own}
        return self.template.render({**context, **self.own, **replaced})
