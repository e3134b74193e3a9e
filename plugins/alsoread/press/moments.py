"""How is an instant written down, so that it is read back with the very zone that it had?"""

import datetime as dt
from functools import cache
from typing import Any, Final, TypeVar
from zoneinfo import ZoneInfo

import dateutil.tz

from alsoread.press.digests import Untold

__all__ = ["moment_read", "moment_written"]

Moment = TypeVar("Moment", bound=dt.datetime)
_ZONES: Final = (dt.timezone, dateutil.tz.tzutc, dateutil.tz.tzoffset)


def moment_written(moment: dt.datetime) -> str | list[Any]:
    """An instant of UTC in ISO 8601; of another zone local time, the class of the zone and what it is made of, and
    ``fold`` where it is set (PEP 495).

    :raises Untold: for a zone that cannot be made again from a name or an offset.
    """
    if not isinstance(moment, dt.datetime):
        raise Untold(f"an instant of {type(moment).__qualname__}")
    if moment.tzinfo is dt.UTC and not moment.fold:
        return moment.isoformat()
    zone = _zone(moment)
    local = moment.replace(tzinfo=None, fold=0).isoformat()
    return [local, *zone, moment.fold] if moment.fold else [local, *zone]


def moment_read(written: Any, kind: type[Moment] = dt.datetime) -> Moment:  # type: ignore[assignment]
    """The instant that was written.

    :raises ValueError, LookupError, TypeError: if it was not written by :func:`moment_written`.
    """
    if isinstance(written, str):
        return kind.fromisoformat(written)
    local, name, made_of, *fold = written
    moment = kind.fromisoformat(local)
    zone = _zone_of(name, tuple(made_of) if isinstance(made_of, list) else made_of)
    return moment.replace(tzinfo=zone, fold=fold[0]) if fold else moment.replace(tzinfo=zone)


def _zone(moment: dt.datetime) -> list[Any]:
    zone = moment.tzinfo
    if zone is None:
        return ["", 0]
    if isinstance(zone, ZoneInfo) and zone.key:
        return ["ZoneInfo", zone.key]
    offset = moment.utcoffset()
    if type(zone) in _ZONES and offset is not None:
        name = moment.tzname() if type(zone) is dateutil.tz.tzoffset else None
        return [type(zone).__name__, [offset.total_seconds(), name]]
    raise Untold("a time zone")


@cache
def _zone_of(kind: str, made_of: Any) -> dt.tzinfo | None:
    if not kind:
        return None
    if kind == "ZoneInfo":
        return ZoneInfo(made_of)
    offset, name = made_of
    if kind == "timezone":
        return dt.UTC if offset == 0 else dt.timezone(dt.timedelta(seconds=offset))
    if kind not in ("tzutc", "tzoffset"):
        raise ValueError(kind)
    zone: dt.tzinfo = dateutil.tz.tzutc() if kind == "tzutc" else dateutil.tz.tzoffset(name, offset)
    return zone
