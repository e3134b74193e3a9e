"""The command line. Each command is a module, imported when it is called, so that help is there at once."""

import gc
import os
import sys
from importlib import import_module
from typing import Any, Final, NoReturn, cast

import click

from alsoread import __version__

__all__ = ["main"]

_COMMANDS: Final = {
    "build": "Build the site.",
    "check": "Say what is wrong with stories, and mend it.",
    "diff": "Say what a reader would see that is not there now.",
    "explain": "Say what a code means, and what to do.",
    "import": "Turn plain text stories into story files.",
    "init": "Make a new digest in a folder.",
    "new": "Start a story from a headline.",
    "publish": "Build the site for the web, deliver it, and note which addresses were published.",
    "related": "Show which stories are related to one, and why.",
    "withdraw": "Say why a published address is gone.",
    "why": "Say what a page was made from, and why it was rendered or not.",
    "topics": "List, rename, merge and suggest topics.",
    "retitle": "Give a story another headline.",
    "schema": "Print what editors' own tools want to know of the files.",
    "serve": "Build, show the site on this machine, and rebuild when something changes.",
}


_BETWEEN_COLLECTIONS: Final = 1_000_000


class _LazyGroup(click.Group):
    """A group that knows its commands by name and imports the one that is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        module = import_module(f"alsoread.cli.{cmd_name}_")
        return cast("click.Command", module.command)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(sorted(_COMMANDS.items()))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            import difflib

            near = difflib.get_close_matches(args[0], list(_COMMANDS), n=1) if args else []
            if near:
                raise click.UsageError(f"{error.message} Did you mean '{near[0]}'?") from error
            raise


@click.group(cls=_LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="alsoread")
def group() -> None:
    """Alsoread makes a website of a folder of news stories.

    Exit codes: 0 all is well; 1 something in the content is wrong; 2 Alsoread could not do its work.
    """


def main(args: list[str] | None = None) -> NoReturn:
    """Run the command line with the arguments of the process (or ``args``), and end with its exit code."""
    from alsoread.cli.failures import explained

    # a command makes much that it keeps to its end: looking through all of it for cycles costs a fifth of its time
    gc.set_threshold(_BETWEEN_COLLECTIONS)
    with explained():
        result: Any = group.main(args, prog_name="alsoread", standalone_mode=False)
        _leave(result if isinstance(result, int) else 0)
    sys.exit(2)


def _leave(code: int) -> NoReturn:
    """End the process without taking apart, one by one, all that it holds: that takes a tenth of a long check."""
    if "logging" in sys.modules:
        import logging

        logging.shutdown()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)
