"""A process that has imported what Pelican imports, and nothing of any site, and forks for each build.

The child is what `python -m pelican` is when it has come so far: it has its own modules, signals and settings.
"""

import atexit
import gc
import json
import os
import sys
import time

import jinja2
import markdown
import pelican.readers
from pelican.plugins._utils import get_namespace_plugins


def warm() -> None:
    """Import what is imported on the way, and let libraries compile their own expressions."""
    get_namespace_plugins()  # Pelican imports them all before it asks which are wanted
    markdown.markdown("text", extensions=["extra", "meta", "codehilite", "toc"])
    jinja2.Environment(autoescape=False).from_string("{{ text }}").render()
    gc.freeze()


def serve() -> None:
    """Read builds from the standard input, a line each; answer each with its exit code."""
    while line := sys.stdin.readline():
        child = os.fork()
        if not child:
            os._exit(build(**json.loads(line)))
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


def build(folder: str, arguments: list[str], log: str, environment: dict[str, str]) -> int:
    """Be `python -m pelican` in a folder, as far as its end, and give its exit code."""
    silence, sink = os.open(os.devnull, os.O_RDONLY), os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
    for old, new in ((0, silence), (1, sink), (2, sink)):
        os.dup2(new, old)
    os.environ.update(environment)
    time.tzset()
    os.chdir(folder)
    sys.argv[:] = ["pelican", *arguments]
    sys.path[0] = folder
    exit_code = 0
    try:
        pelican.main()
    except SystemExit as end:
        exit_code = end.code if isinstance(end.code, int) else end.code is not None
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    return exit_code


if __name__ == "__main__":
    warm()
    serve()
