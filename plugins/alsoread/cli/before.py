"""On which site did a command work before a change?"""

import click

from alsoread.cli.desk import Desk
from alsoread.desk.check.old_settings import are_the_same, assignments_at, settings_before
from alsoread.desk.check.since import Before
from alsoread.diagnostics import Refusal
from alsoread.settings import read_settings
from alsoread.settings_file import SettingPlaces, read_assignments

__all__ = ["desk_before"]


def desk_before(desk: Desk, source: str, old: Before) -> Desk:
    """The desk with the settings that the site had before a change; the same one where they are the same.

    ``source`` is the file of the settings. What cannot be told of them is as it is now, and is said.
    """
    now, then = read_assignments(source), assignments_at(source, old.read)
    if then is None or are_the_same(now, then):
        return desk
    from pelican.settings import DEFAULT_CONFIG

    from alsoread.plugin.folders import folders_of

    site, untold = settings_before(now, then, desk.site, DEFAULT_CONFIG)
    if untold:
        click.echo(
            f"alsoread: what {', '.join(untold)} {'was' if len(untold) == 1 else 'were'} before cannot be told without "
            "running the settings of then; both sides are judged with what there is now",
            err=True,
        )
    if site == desk.site:
        return desk
    try:
        typed, findings = read_settings(site, clock=desk.settings.now, places=SettingPlaces.of(source, then, site))
    except Refusal:
        return desk
    return Desk(site, typed, folders_of(site, typed), findings)
