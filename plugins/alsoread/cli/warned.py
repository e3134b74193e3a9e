"""What does Pelican warn of meanwhile, and how is it told?"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["Terse", "warnings_told"]


class Terse(logging.Formatter):
    """A line of what is logged: how bad it is, and the message."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        return f"{record.levelname.lower()}: {super().format(record)}"


@contextmanager
def warnings_told() -> Iterator[list[logging.LogRecord]]:
    """The warnings and errors that are logged in the block, which whoever goes without it would not hear again."""

    class Heard(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            told.append(record)

    told: list[logging.LogRecord] = []
    handler = Heard(logging.WARNING)
    logging.getLogger().addHandler(handler)
    try:
        yield told
    finally:
        logging.getLogger().removeHandler(handler)
