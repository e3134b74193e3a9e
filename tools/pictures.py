"""How are the pictures of the sample digest drawn?

Like engravings, each printed in at most six flat inks: shapes are polygons, and shades are lines that swell and shrink.
Every shape becomes a region, a list of spans for each row of a plate that is four times as fine as the picture; at the
end sixteen fine dots make one pixel. Chance has a fixed seed, so each run writes the same pictures. Usage:

    python tools/pictures.py content/images
"""

import math
import struct
import sys
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Final

WIDTH: Final = 1200
HEIGHT: Final = 800
FINE: Final = 4
STEPS: Final = 3
THINNEST: Final = 0.3
MOST_INKS: Final = 6

NIGHT: Final = "#10172a"
BLUE: Final = "#2b4168"
MIST: Final = "#8ea3bd"
PAPER: Final = "#fbf6ea"
SAND: Final = "#e8cf9f"
OCHRE: Final = "#c98e2e"
RUST: Final = "#b4552d"
BRICK: Final = "#8c1c13"
GREY: Final = "#7d7f86"
STONE: Final = "#c9c5bb"

Point = tuple[float, float]
Solid = tuple[float, float, float]
Region = dict[int, list[tuple[int, int]]]
Tone = Callable[[float, float], float]


@dataclass(frozen=True, slots=True)
class Line:
    """A line to engrave: where it runs, and the distance to its neighbours, which is the widest it may swell."""

    points: Sequence[Point]
    pitch: float


@dataclass(slots=True)
class Plate:
    """What lies on each fine dot: the number of an ink."""

    ground: str
    inks: list[str] = field(init=False)
    rows: list[bytearray] = field(init=False)

    def __post_init__(self) -> None:
        self.inks = [self.ground]
        self.rows = [bytearray(WIDTH * FINE) for _ in range(HEIGHT * FINE)]

    def lay(self, ink: str, region: Region, within: Region | None = None) -> None:
        """Print a region in an ink, or only that part of it which lies within another."""
        if ink not in self.inks:
            if len(self.inks) == MOST_INKS:
                raise ValueError(f"{ink} would be one ink too many beside {', '.join(self.inks)}")
            self.inks.append(ink)
        number = bytes([self.inks.index(ink)])
        for row, spans in (region if within is None else common(region, within)).items():
            dots = self.rows[row]
            for start, end in spans:
                dots[start:end] = number * (end - start)


# Regions


def polygon(points: Sequence[Point]) -> Region:
    """The region inside a closed polygon, by the even-odd rule."""
    crossings: dict[int, list[float]] = {}
    for (x0, y0), (x1, y1) in pairwise([*points, points[0]]):
        if y0 == y1:
            continue
        slope = (x1 - x0) / (y1 - y0)
        first = max(0, math.ceil(min(y0, y1) * FINE - 0.5))
        last = min(HEIGHT * FINE, math.ceil(max(y0, y1) * FINE - 0.5))
        for row in range(first, last):
            crossings.setdefault(row, []).append(x0 + ((row + 0.5) / FINE - y0) * slope)
    region: Region = {}
    for row, places in crossings.items():
        dots = [min(WIDTH * FINE, max(0, math.ceil(place * FINE - 0.5))) for place in sorted(places)]
        spans = [(start, end) for start, end in zip(dots[::2], dots[1::2], strict=True) if start < end]
        if spans:
            region[row] = spans
    return region


def joined(regions: Iterable[Region]) -> Region:
    """All of several regions."""
    whole: Region = {}
    for region in regions:
        for row, spans in region.items():
            whole.setdefault(row, []).extend(spans)
    return whole


def common(one: Region, other: Region) -> Region:
    """What two regions share."""
    shared: Region = {}
    for row, spans in one.items():
        found = [
            (max(start, begin), min(end, stop))
            for start, end in spans
            for begin, stop in other.get(row, ())
            if start < stop and begin < end
        ]
        if found:
            shared[row] = found
    return shared


def without(one: Region, other: Region) -> Region:
    """What of one region lies outside another."""
    rest: Region = {}
    for row, spans in one.items():
        left = spans
        for begin, stop in other.get(row, ()):
            left = [
                piece
                for start, end in left
                for piece in ((start, min(end, begin)), (max(start, stop), end))
                if piece[0] < piece[1]
            ]
        if left:
            rest[row] = left
    return rest


def box(left: float, top: float, right: float, bottom: float) -> Region:
    """An upright rectangle."""
    return polygon([(left, top), (right, top), (right, bottom), (left, bottom)])


def oval(x: float, y: float, across: float, down: float | None = None, turn: float = 0.0) -> list[Point]:
    """The outline of an ellipse from its half axes; of a circle from one of them."""
    count = max(16, min(240, int(across * 1.5)))
    high = across if down is None else down
    rim = [(across * math.cos(a), high * math.sin(a)) for a in (math.tau * k / count for k in range(count))]
    return placed(rim, x, y, turn=turn)


def disc(x: float, y: float, across: float, down: float | None = None, turn: float = 0.0) -> Region:
    """An ellipse, or a circle."""
    return polygon(oval(x, y, across, down, turn))


def placed(points: Iterable[Point], x: float, y: float, size: float = 1.0, turn: float = 0.0) -> list[Point]:
    """Points enlarged, turned clockwise by so many degrees and moved."""
    sine, cosine = math.sin(math.radians(turn)) * size, math.cos(math.radians(turn)) * size
    return [(x + px * cosine - py * sine, y + px * sine + py * cosine) for px, py in points]


@dataclass(frozen=True, slots=True)
class Frame:
    """Where the parts of a thing go that is drawn around its own middle, and then placed like its points."""

    x: float
    y: float
    size: float
    turn: float

    def __call__(self, *points: Point) -> list[Point]:
        return placed(points, self.x, self.y, self.size, self.turn)


def ribbon(points: Sequence[Point], widths: Sequence[float]) -> Region:
    """A line that has a width of its own at each point."""
    near, far = [], []
    last = len(points) - 1
    for k, ((x, y), width) in enumerate(zip(points, widths, strict=True)):
        (ax, ay), (bx, by) = points[max(0, k - 1)], points[min(last, k + 1)]
        length = math.hypot(bx - ax, by - ay) or 1.0
        dx, dy = (by - ay) / length * width / 2, (ax - bx) / length * width / 2
        near.append((x + dx, y + dy))
        far.append((x - dx, y - dy))
    return polygon([*near, *reversed(far)])


def varied(points: Sequence[Point], widths: Sequence[float]) -> Region:
    """A line of varying width that breaks off where it is too thin."""
    pieces = []
    start = 0
    for k in range(len(points) + 1):
        if k == len(points) or widths[k] < THINNEST:
            if k - start > 1:
                pieces.append(ribbon(points[start:k], widths[start:k]))
            start = k + 1
    return joined(pieces)


def stroke(points: Sequence[Point], width: float) -> Region:
    """A line of one width, with round joints where it is wide enough to need them."""
    pieces = [ribbon(pair, (width, width)) for pair in pairwise(points)]
    if width > 2.5:
        pieces += [disc(x, y, width / 2) for x, y in points[1:-1]]
    return joined(pieces)


def outline(points: Sequence[Point], width: float) -> Region:
    """The edge of a closed polygon."""
    return stroke([*points, points[0], points[1]], width)


def curve(*knots: Point, count: int = 24) -> list[Point]:
    """A Bézier curve through the first and last of its knots."""
    line = []
    for k in range(count + 1):
        left = list(knots)
        while len(left) > 1:
            left = [(ax + (bx - ax) * k / count, ay + (by - ay) * k / count) for (ax, ay), (bx, by) in pairwise(left)]
        line.append(left[0])
    return line


# Chance


def chance(seed: int, *cell: int) -> float:
    """A number from 0 to 1 that belongs to a cell of a grid."""
    value = seed * 0x9E3779B1 + 0x7F4A7C15
    for part in cell:
        value = ((value ^ (part & 0xFFFFFFFF)) * 0x85EBCA6B) & 0xFFFFFFFFFFFFFFFF
        value ^= value >> 29
    value = (value * 0xC2B2AE3D27D4EB4F) & 0xFFFFFFFFFFFFFFFF
    return (value >> 40) / (1 << 24)


def chances(seed: int) -> Iterator[float]:
    """An endless row of numbers from 0 to 1."""
    k = 0
    while True:
        yield chance(seed, k, 77)
        k += 1


def smooth(part: float) -> float:
    """A soft step from 0 to 1."""
    part = min(1.0, max(0.0, part))
    return part * part * (3 - 2 * part)


def drift(seed: int, x: float) -> float:
    """A smooth wandering between -1 and 1 along a line."""
    cell = math.floor(x)
    part = smooth(x - cell)
    return (chance(seed, cell) * (1 - part) + chance(seed, cell + 1) * part) * 2 - 1


def cloud(seed: int, x: float, y: float) -> float:
    """A smooth wandering between -1 and 1 over a plane."""
    column, row = math.floor(x), math.floor(y)
    across, down = smooth(x - column), smooth(y - row)
    top = chance(seed, column, row) * (1 - across) + chance(seed, column + 1, row) * across
    bottom = chance(seed, column, row + 1) * (1 - across) + chance(seed, column + 1, row + 1) * across
    return (top * (1 - down) + bottom * down) * 2 - 1


def rough(seed: int, x: float) -> float:
    """A wandering with detail, as of a skyline."""
    return sum(drift(seed + k, x * 2.0**k) / 2.0**k for k in range(5)) / 1.6


def scattered(seed: int, count: int, left: float, top: float, right: float, bottom: float) -> list[Solid]:
    """Random places in a rectangle, each with a random number from 0 to 1."""
    dice = chances(seed)
    return [(left + next(dice) * (right - left), top + next(dice) * (bottom - top), next(dice)) for _ in range(count)]


# Lines to engrave


def engraved(lines: Iterable[Line], tone: Tone) -> Region:
    """Lines that swell with the tone from nothing (0) until they touch (1)."""
    return joined(varied(line.points, [line.pitch * min(1.1, tone(x, y)) for x, y in line.points]) for line in lines)


def level_lines(top: float, bottom: float, pitch: float, left: float = 0, right: float = WIDTH) -> list[Line]:
    """Horizontal lines."""
    count = int((bottom - top) / pitch) + 1
    across = int((right - left) / 8) + 1
    return [Line([(left + 8 * j, top + (k + 0.5) * pitch) for j in range(across + 1)], pitch) for k in range(count)]


def slanting_lines(x: float, y: float, reach: float, pitch: float, turn: float, step: float = 6) -> list[Line]:
    """Parallel lines at an angle that cover a circle."""
    half = int(reach / pitch)
    along = int(reach / step)
    return [
        Line(placed([(j * step, k * pitch) for j in range(-along, along + 1)], x, y, turn=turn), pitch)
        for k in range(-half, half + 1)
    ]


def ground_lines(horizon: float, seed: int, pitch: float = 4, growth: float = 1.07, swell: float = 0.35) -> list[Line]:
    """Uneven horizontal lines that part as they come nearer."""
    lines, y = [], horizon + pitch / 2
    while y < HEIGHT + pitch:
        points = [
            (x, y + swell * pitch * (drift(seed, x / (12 * pitch) + y) + drift(seed + 1, x / (45 * pitch) + y / 60)))
            for x in range(-8, WIDTH + 16, 8)
        ]
        lines.append(Line(points, pitch))
        y += pitch
        pitch = min(pitch * growth, 15)
    return lines


def round_lines(
    x: float, y: float, least: float, most: float, pitch: float, flat: float = 1.0, turn: float = 0.0
) -> list[Line]:
    """Circles around a point, or ellipses."""
    lines = []
    for k in range(int((most - least) / pitch)):
        reach = least + (k + 0.5) * pitch
        rim = oval(x, y, reach, reach * flat, turn)
        lines.append(Line([*rim, rim[0]], pitch))
    return lines


def ray_lines(x: float, y: float, least: float, most: float, count: int, step: float = 8) -> list[Line]:
    """Straight lines away from a point."""
    lines = []
    for k in range(count):
        angle = math.tau * (k + 0.5) / count
        points = [
            (x + math.cos(angle) * reach, y + math.sin(angle) * reach)
            for reach in (least + step * j for j in range(int((most - least) / step) + 1))
        ]
        lines.append(Line(points, least * math.tau / count))
    return lines


def parallel_lines(
    x: float, y: float, size: float, pitch: float, tilt: float = 0.0, turn: float = 0.0, around: int = 180
) -> list[Line]:
    """Circles of latitude on the near side of a globe, whose north leans towards us by the tilt."""
    lines = []
    count = int(2 * size / pitch)
    sine, cosine = math.sin(math.radians(tilt)), math.cos(math.radians(tilt))
    for k in range(count):
        north = 1 - (2 * k + 1) / count
        reach = math.sqrt(1 - north * north)
        points = []
        for j in range(around + 1):
            angle = math.tau * (j / around - 0.5)
            east, front = reach * math.sin(angle), reach * math.cos(angle)
            if front * cosine + north * sine >= 0:
                points.append((size * east, -size * (north * cosine - front * sine)))
        if len(points) > 2:
            lines.append(Line(placed(points, x, y, turn=turn), 2 * size / count))
    return lines


def globe_shade(x: float, y: float, size: float, light: Solid, dark: float = 1.0, edge: float = 0.0) -> Tone:
    """How dark a globe is where the light comes from a direction (right, up, towards us)."""
    length = math.hypot(*light)
    right, up, front = (part / length for part in light)

    def tone(px: float, py: float) -> float:
        east, south = (px - x) / size, (py - y) / size
        near = math.sqrt(max(0.0, 1 - east * east - south * south))
        lit = east * right - south * up + near * front
        return dark * (1 - smooth((lit - edge) * 1.15))

    return tone


def lengthwise(at: Frame, middle: float, half: float, top: float, bottom: float, least: float) -> Region:
    """The shade of a round tower, in upright lines that grow towards its right."""
    pieces = []
    for k in range(-1, int(half / 2.5)):
        px = middle + k * 5.0
        width = 5.0 * (least + 0.85 * (px - middle) / half)
        if width > THINNEST:
            pieces.append(ribbon(at((px, top), (px, bottom)), (width, width)))
    return joined(pieces)


# Things that several pictures show


def night_sky(plate: Plate, seed: int, count: int = 260, floor: float = HEIGHT, glow: Tone | None = None) -> None:
    """Lay a dark sky with stars, engraved in blue where it glows."""
    if glow is not None:
        plate.lay(BLUE, engraved(level_lines(0, floor, 8), glow))
    for x, y, luck in scattered(seed, count, 0, 0, WIDTH, floor):
        plate.lay(PAPER, disc(x, y, 0.7 + 1.5 * luck**6 + 0.4 * luck))
        if luck > 0.982 and y < floor * 0.9:
            plate.lay(PAPER, spark(x, y, 9 + 600 * (luck - 0.982), 4))


def spark(x: float, y: float, reach: float, arms: int, turn: float = 0.0) -> Region:
    """A star with pointed arms."""
    points = []
    for k in range(2 * arms):
        angle = math.tau * k / (2 * arms) + math.radians(turn) - math.pi / 2
        size = reach if k % 2 == 0 else reach * 0.16
        points.append((x + size * math.cos(angle), y + size * math.sin(angle)))
    return polygon(points)


def haze(seed: int, floor: float, low: float, high: float) -> Tone:
    """A glow that grows towards the horizon, in soft patches."""
    return lambda x, y: low + (high - low) * (y / floor) ** 2 + 0.12 * cloud(seed, x / 260, y / 90)


def skyline(seed: int, base: float, height: float, wide: float) -> list[Point]:
    """The upper edge of hills."""
    return [(x, base - height * (0.5 + 0.5 * rough(seed, x / wide))) for x in range(-6, WIDTH + 12, 6)]


def hills(edge: Sequence[Point], floor: float = HEIGHT) -> Region:
    """All that lies between an upper edge and a level."""
    return polygon([*edge, (edge[-1][0], floor), (edge[0][0], floor)])


def hill_shade(edge: Sequence[Point], dark: float, deep: float) -> Tone:
    """How dark hills are: on slopes that fall to the right, and less towards the foot."""
    step = edge[1][0] - edge[0][0]

    def tone(x: float, y: float) -> float:
        k = min(len(edge) - 5, max(4, int((x - edge[0][0]) / step)))
        fall = (edge[k + 4][1] - edge[k - 4][1]) / (8 * step)
        below = max(0.0, y - edge[k][1])
        return dark * smooth(0.35 + fall * 1.6) * max(0.15, 1 - below / deep)

    return tone


def rock(plate: Plate, x: float, y: float, size: float, seed: int, lit: str, dark: str) -> None:
    """A stone on the ground, lit from the left."""
    dice = chances(seed)
    upper = [(math.cos(a), -abs(math.sin(a)) * 0.8) for a in (math.pi * (1 + k / 7) for k in range(8))]
    edge = [(px * size * (0.8 + 0.4 * next(dice)), py * size * (0.7 + 0.5 * next(dice))) for px, py in upper]
    shape = placed([*edge, (size * 0.7, size * 0.22), (-size * 0.6, size * 0.2)], x, y)
    at = Frame(x, y, size, 0)
    plate.lay(dark, polygon(at((-0.5, 0.1), (2.6, 0.22), (0.6, 0.34), (-0.4, 0.3))))
    plate.lay(lit, polygon(shape))
    split = 0.1 + 0.3 * next(dice)
    face = polygon(at((split - 0.25, -1.2), (1.4, -1.2), (1.4, 1), (split, 1)))
    plate.lay(dark, polygon(shape), within=face)


def billow(plate: Plate, x: float, y: float, size: float, inks: tuple[str, str, str], within: Region) -> None:
    """A puff of smoke or dust, lit from the upper left: its light, its body and its shade."""
    light, body, shade = inks
    flat = 0.82
    rim = common(disc(x, y, size, size * flat), within)
    plate.lay(shade, rim)
    plate.lay(body, common(disc(x - size * 0.09, y - size * 0.09, size * 0.95, size * flat * 0.95), rim))
    plate.lay(light, common(disc(x - size * 0.24, y - size * 0.22, size * 0.8, size * flat * 0.76), rim))


def box_at(at: Frame, left: float, top: float, right: float, bottom: float) -> Region:
    """A rectangle in the frame of a thing that is placed and turned."""
    return polygon(at((left, top), (right, top), (right, bottom), (left, bottom)))


def rover(plate: Plate, x: float, y: float, size: float, light: str, middle: str, dark: str, turn: float = 0.0) -> None:
    """A rover with six wheels seen from its side, its foot at a point, its front to the right."""
    at = Frame(x, y, size, turn)

    def wheel(px: float, rim: str) -> None:
        ((cx, cy),) = at((px, -24))
        plate.lay(dark, disc(cx, cy, 25 * size))
        plate.lay(rim, without(disc(cx, cy, 20 * size), disc(cx, cy, 16 * size)))
        plate.lay(rim, joined(stroke(placed([(0, 5), (0, 16)], cx, cy, size, 60 * k), 2.6 * size) for k in range(6)))
        plate.lay(rim, disc(cx, cy, 6 * size))

    plate.lay(dark, stroke(at((-108, -86), (-150, -112)), 26 * size))
    for k in range(4):
        plate.lay(light, stroke(at((-118 - 9 * k, -108 - 5 * k), (-106 - 9 * k, -82 - 5 * k)), 2 * size))
    body = at((-112, -76), (72, -76), (94, -92), (94, -118), (-112, -118))
    plate.lay(light, polygon(body))
    plate.lay(middle, polygon(at((-112, -76), (72, -76), (94, -92), (-112, -92))))
    plate.lay(dark, outline(body, 2.6 * size))
    plate.lay(dark, polygon(at((-116, -118), (98, -118), (98, -125), (-116, -125))))
    plate.lay(dark, joined(stroke(at((px, -92), (px, -118)), 1.8 * size) for px in (-70, -22, 30, 62)))
    plate.lay(middle, box_at(at, -60, -114, -32, -98))
    plate.lay(dark, stroke(at((-50, -125), (-50, -146)), 4 * size))
    plate.lay(light, polygon(at((-76, -150), (-58, -168), (-30, -160), (-34, -144))))
    plate.lay(dark, outline(at((-76, -150), (-58, -168), (-30, -160), (-34, -144)), 2.4 * size))
    plate.lay(dark, stroke(at((-92, -125), (-92, -165)), 3 * size))
    plate.lay(dark, stroke(at((62, -125), (62, -206)), 8 * size))
    plate.lay(light, stroke(at((60, -130), (60, -202)), 2.4 * size))
    head = at((34, -236), (92, -236), (92, -206), (34, -206))
    plate.lay(light, polygon(head))
    plate.lay(middle, polygon(at((34, -236), (50, -236), (50, -206), (34, -206))))
    plate.lay(dark, outline(head, 2.6 * size))
    ((ex, ey),) = at((76, -222))
    plate.lay(dark, disc(ex, ey, 9.5 * size))
    plate.lay(light, disc(ex - 2.5 * size, ey - 2.5 * size, 3 * size))
    plate.lay(dark, stroke(at((92, -104), (132, -128), (146, -92)), 8 * size))
    plate.lay(dark, polygon(at((130, -96), (162, -96), (166, -66), (140, -60), (128, -74))))
    plate.lay(middle, box_at(at, 138, -88, 154, -76))
    wheel(-96, middle)
    wheel(0, middle)
    wheel(102, middle)
    plate.lay(dark, stroke(at((102, -24), (92, -58), (34, -84), (-40, -58)), 9 * size))
    plate.lay(dark, stroke(at((-96, -24), (-84, -52), (-40, -58), (-8, -52), (0, -24)), 8 * size))
    ((px, py),) = at((34, -84))
    plate.lay(light, disc(px, py, 4 * size))


# Mars


def mars() -> Plate:
    """A descent stage lowers a rover on cables to a red plain."""
    plate = Plate(SAND)
    horizon = 560.0
    sky = level_lines(0, horizon, 8)
    plate.lay(PAPER, engraved(sky, lambda x, y: 0.1 + 0.85 * (y / horizon) ** 1.4))
    plate.lay(RUST, engraved(sky, lambda x, y: 0.66 - 1.1 * y / horizon + 0.11 * cloud(3, x / 300, y / 60)))
    plate.lay(SAND, disc(1020, 140, 50))
    plate.lay(PAPER, disc(1020, 140, 32))
    floor = horizon + 20
    for seed, base, height, wide, ink, dark in ((11, 566, 130, 260, OCHRE, RUST), (12, 572, 62, 190, RUST, BRICK)):
        edge = skyline(seed, base, height, wide)
        plate.lay(ink, hills(edge, floor))
        slopes = engraved(slanting_lines(600, 520, 640, 7, 62), hill_shade(edge, 0.8, 130))
        plate.lay(dark, slopes, within=hills(edge, floor))
    red_plain(plate, horizon)
    for x, y, luck in scattered(41, 40, 0, horizon + 8, WIDTH, HEIGHT - 10):
        if not (330 < x < 960 and y > 630):
            size = 3 + (y - horizon) / 13 * (0.4 + luck)
            rock(plate, x, y, size, int(luck * 999), OCHRE, NIGHT if y > 620 else BRICK)
    dust_ring(plate, 655, 716)
    sky_crane(plate, 640, 140)
    return plate


def red_plain(plate: Plate, horizon: float) -> None:
    """The ground of Mars from the horizon to the foot of the picture."""
    plate.lay(RUST, box(0, horizon, WIDTH, HEIGHT))
    for ink, seed, tone in (
        (OCHRE, 21, lambda x, y: 0.34 - (y - horizon) / 800 + 0.3 * cloud(5, x / 190, y / 34)),
        (BRICK, 22, lambda x, y: 0.12 + (y - horizon) / 420 + 0.4 * cloud(6, x / 230, y / 40)),
        (NIGHT, 23, lambda x, y: (y - horizon) / 420 - 0.22 + 0.35 * cloud(7, x / 280, y / 50)),
    ):
        plate.lay(ink, engraved(ground_lines(horizon + 2, seed), tone))


def dust_ring(plate: Plate, x: float, y: float) -> None:
    """The dust that the engines blow away from the shadow of the craft."""
    plate.lay(BRICK, disc(x, y, 215, 24))
    plate.lay(NIGHT, engraved(level_lines(y - 24, y + 24, 6), lambda px, py: 0.8), within=disc(x, y, 170, 17))
    puffs = []
    for k in range(90):
        side = -1 if k % 2 else 1
        out = chance(31, k)
        px, py = x + side * (170 + 210 * out), y + 16 - 46 * chance(32, k) * (1 - 0.75 * out)
        puffs.append((py + (1 - out) * 12, px, py, (30 - 20 * out) * (0.6 + 0.5 * chance(33, k))))
    for _, px, py, size in sorted(puffs):
        billow(plate, px, py, size, (SAND, OCHRE, BRICK), box(0, 0, WIDTH, y + 20))


def sky_crane(plate: Plate, x: float, y: float) -> None:
    """The hovering stage with its engines burning, and the rover on three cables under it."""
    lean = -4.0
    foot = (x + 20, y + 506)

    at = Frame(x, y, 1.15, lean)
    hooks = placed([(-92, -125), (36, -125), (-30, -125)], *foot, 0.98, lean)
    for start, end in zip(at((-44, 18), (44, 18), (0, 18)), hooks, strict=True):
        plate.lay(NIGHT, stroke([start, end], 2.2))
    (ax, ay), (bx, by) = at((14, 18))[0], placed([(0, -125)], *foot, 0.98, lean)[0]
    coil = [(ax + (bx - ax) * k / 120 + 9 * math.sin(k * 0.8), ay + (by - ay) * k / 120) for k in range(121)]
    plate.lay(NIGHT, stroke(coil, 1.7))
    for side in (-1, 1):
        plate.lay(NIGHT, stroke(at((side * 80, 10), (side * 154, -14)), 8))
        plate.lay(NIGHT, stroke(at((side * 80, -20), (side * 136, -10)), 4))
        for px in (122, 150):
            engine(plate, at((side * px, -14))[0], 12.0 * side, px + side)
    for px in (-58, 58):
        ((cx, cy),) = at((px, -24))
        plate.lay(NIGHT, disc(cx, cy, 42))
        plate.lay(OCHRE, disc(cx, cy, 38.5))
        plate.lay(PAPER, disc(cx - 13, cy - 15, 9, 7, -40))
        shade = engraved(slanting_lines(cx, cy, 44, 5, 60), globe_shade(cx, cy, 40, (-1, 1, 1), 0.95))
        plate.lay(NIGHT, shade, within=disc(cx, cy, 38.5))
    plate.lay(NIGHT, polygon(at((-27, -60), (27, -60), (27, 0), (-27, 0))))
    plate.lay(PAPER, polygon(at((-24, -57), (24, -57), (24, 0), (-24, 0))))
    plate.lay(BRICK, polygon(at((-24, -44), (24, -44), (24, -34), (-24, -34))))
    plate.lay(NIGHT, stroke(at((12, -60), (12, -92)), 3))
    plate.lay(NIGHT, polygon(at((-112, -14), (112, -14), (112, 4), (86, 24), (-86, 24), (-112, 4))))
    plate.lay(PAPER, polygon(at((-109, -11), (109, -11), (109, 3), (-109, 3))))
    plate.lay(SAND, polygon(at((40, -11), (109, -11), (109, 3), (40, 3))))
    plate.lay(NIGHT, joined(stroke(at((px, -11), (px, 3)), 2) for px in (-74, -40, 0, 40, 74)))
    rover(plate, *foot, 0.98, PAPER, OCHRE, NIGHT, lean)


def engine(plate: Plate, top: Point, lean: float, seed: int) -> None:
    """A small engine and its exhaust, a fan of lines that fade."""
    (mouth,) = placed([(0, 44)], *top, turn=-lean)
    for k in range(11):
        reach = 230 + 80 * chance(35, seed, k) - 6 * (k - 5) ** 2
        fan = placed([((k - 5) * 1.8, reach * j / 20) for j in range(21)], *mouth, turn=-lean + 1.3 * (5 - k))
        plate.lay(PAPER, varied(fan, [5.5 * (1 - j / 20) for j in range(21)]))
    nozzle = [(-6, -8), (6, -8), (7, 14), (15, 46), (-15, 46), (-7, 14)]
    plate.lay(NIGHT, polygon(placed(nozzle, *top, turn=-lean)))
    plate.lay(SAND, stroke(placed([(-4, -2), (-5, 14), (-11, 42)], *top, turn=-lean), 2.4))


# The Moon


def moon() -> Plate:
    """A lander lies tipped on its side on the Moon; the Earth is above the horizon."""
    plate = Plate(NIGHT)
    horizon = 450.0
    night_sky(plate, 51, 240, horizon, haze(8, horizon, -0.1, 0.3))
    earth(plate, 900, 180, 100)
    far = skyline(61, horizon + 16, 96, 300)
    slopes = slanting_lines(600, 450, 640, 6, 48)
    plate.lay(GREY, hills(far))
    dusk = hill_shade(far, 1.3, 200)
    plate.lay(STONE, engraved(slopes, lambda x, y: 0.8 - dusk(x, y)), within=hills(far, horizon + 10))
    plate.lay(NIGHT, engraved(slopes, hill_shade(far, 1.1, 140)), within=hills(far, horizon + 6))
    plate.lay(GREY, box(0, horizon, WIDTH, HEIGHT))
    for ink, seed, tone in (
        (STONE, 71, lambda x, y: 0.74 - (y - horizon) / 520 + 0.34 * cloud(72, x / 210, y / 38)),
        (NIGHT, 73, lambda x, y: (y - horizon) / 560 - 0.18 + 0.4 * cloud(74, x / 230, y / 36)),
    ):
        plate.lay(ink, engraved(ground_lines(horizon, seed), tone))
    for place in PITS:
        crater(plate, *place)
    for x, y, luck in scattered(83, 22, 0, horizon + 30, WIDTH, HEIGHT - 8):
        if not 330 < x < 1000:
            rock(plate, x, y, 3 + (y - horizon) / 22 * (0.3 + luck), int(luck * 999), STONE, NIGHT)
    tipped_lander(plate, 600, 560)
    return plate


CLOUDS: Final = (
    (-0.35, 0.06, 0.62), (0.1, 0.34, 0.5), (-0.5, -0.3, 0.4), (0.12, -0.16, 0.4), (-0.2, -0.62, 0.6), (-0.1, 0.7, 0.5),
    (0.2, -0.46, 0.34),
)  # fmt: skip


def earth(plate: Plate, x: float, y: float, size: float) -> None:
    """The Earth, lit from the left, with two continents and bands of cloud."""
    globe = disc(x, y, size)
    lines = parallel_lines(x, y, size, 6, 4, 12)
    plate.lay(BLUE, globe)
    plate.lay(STONE, engraved(lines, lambda px, py: 0.2 - (px - x) / 300), within=globe)
    for seed, px, py, across, down, turn in (
        (1, -34, -36, 44, 24, 30),
        (2, -4, 40, 24, 38, -12),
        (4, 52, -20, 20, 40, 8),
    ):
        rim = oval(x + px, y + py, across, down, turn)
        shore = [(a + 12 * drift(seed, k / 3), b + 12 * drift(seed + 9, k / 3)) for k, (a, b) in enumerate(rim)]
        plate.lay(OCHRE, polygon(shore), within=globe)
    for k, (east, north, long) in enumerate(CLOUDS):
        wisp = [
            (size * (east + long * part), size * (0.16 * part - north - 0.05 * drift(k + 94, 4 * part + 2)))
            for part in (j / 20 - 0.5 for j in range(21))
        ]
        widths = [17 * math.sin(math.pi * j / 20) * (0.6 + 0.5 * drift(k + 71, j / 3)) for j in range(21)]
        plate.lay(PAPER, varied(placed(wisp, x, y), widths), within=globe)
    plate.lay(PAPER, disc(x + 18, y - size + 5, 46, 13, 12), within=globe)
    plate.lay(PAPER, disc(x - 20, y + size - 6, 44, 12, 12), within=globe)
    dusk = globe_shade(x, y, size, (-0.8, 0.2, 0.75), 1.2, -0.12)
    plate.lay(NIGHT, engraved(parallel_lines(x, y, size * 1.02, 6, 4, 12), dusk), within=globe)
    plate.lay(BLUE, without(globe, disc(x - 1.5, y, size - 1)))


PITS: Final = (
    (150, 502, 66), (330, 482, 30), (1020, 492, 54), (800, 476, 26), (985, 548, 40), (1150, 590, 64), (170, 668, 140),
    (60, 572, 40), (1020, 722, 118), (640, 494, 22), (470, 520, 34), (560, 768, 46), (330, 570, 26),
)  # fmt: skip


def crater(plate: Plate, x: float, y: float, across: float) -> None:
    """A crater on a plain, lit from the left: a bright rim, a dark near wall, a bright far wall."""
    down = across * 0.27
    rim = disc(x, y - across * 0.02, across * 1.1, down * 1.16)
    plate.lay(NIGHT, without(disc(x + across * 0.09, y + down * 0.1, across * 1.12, down * 1.18), rim))
    plate.lay(PAPER, rim)
    bowl = disc(x, y, across, down)
    plate.lay(STONE, bowl)
    rings = [
        Line(oval(x - (across - reach) * 0.34, y, reach, reach * 0.27), 7) for reach in range(4, int(across) + 8, 7)
    ]
    plate.lay(GREY, engraved(rings, lambda px, py: 0.5 - (px - x) / across * 0.5), within=bowl)
    plate.lay(NIGHT, without(bowl, disc(x + across * 0.5, y + down * 0.1, across * 1.02, down * 1.12)))
    dark = engraved(level_lines(y - down, y + down, 4, x - across, x + across), lambda px, py: 0.42 - (px - x) / across)
    plate.lay(NIGHT, dark, within=without(bowl, disc(x + across * 0.86, y + down * 0.3, across * 1.05, down * 1.3)))


def tipped_lander(plate: Plate, x: float, y: float) -> None:
    """A tall lander that has fallen over: it rests on a foot and on its nose, the other legs stand in the air."""
    turn = 104.0

    at = Frame(x, y, 1.25, turn)
    ground = y + 134
    near = [(x - 180, ground + 12), (x - 250, ground - 4), (x - 60, ground - 34), (x + 160, ground - 16)]
    far = [(x + 420, ground + 6), (x + 480, ground + 20), (x + 300, ground + 26), (x + 60, ground + 20)]
    plate.lay(NIGHT, polygon([*near, *far]))
    legs: list[tuple[Point, Point]] = [((-40, 196), (-30, 70)), ((52, 190), (40, 70)), ((-150, 150), (-62, 40))]
    for foot, knee in (*legs, ((150, 150), (62, 40))):
        plate.lay(NIGHT, stroke(at(foot, knee), 12))
        plate.lay(STONE, stroke(at(foot, knee), 8))
        plate.lay(STONE, stroke(at(foot, (knee[0] * 0.5, 90)), 4))
        ((fx, fy),) = at(foot)
        plate.lay(NIGHT, disc(fx, fy, 33, 11, turn))
        plate.lay(PAPER, disc(fx - 2, fy, 30, 8, turn))
    nozzle = at((-16, 82), (16, 82), (36, 126), (-36, 126))
    plate.lay(GREY, polygon(nozzle))
    shade = engraved(slanting_lines(*at((0, 104))[0], 60, 5, turn + 90), lambda px, py: (py - y + 10) / 60)
    plate.lay(NIGHT, shade, within=polygon(nozzle))
    plate.lay(NIGHT, outline(nozzle, 2.5))
    for left, right, ink in ((-72, -36, PAPER), (-36, 36, STONE), (36, 72, GREY)):
        plate.lay(ink, polygon(at((left, -130), (right, -130), (right, 84), (left, 84))))
    plate.lay(OCHRE, polygon(at((-72, 36), (72, 36), (72, 84), (-72, 84))))
    hull = at((-72, -130), (72, -130), (72, 84), (-72, 84))
    shade = engraved(slanting_lines(x, y, 190, 6, turn - 90), lambda px, py: (py - y - 0.25 * (px - x)) / 130 + 0.02)
    plate.lay(NIGHT, shade, within=polygon(hull))
    plate.lay(BLUE, polygon(at((-30, -112), (30, -112), (30, 22), (-30, 22))))
    plate.lay(STONE, joined(stroke(at((px, -112), (px, 22)), 1.6) for px in (-15, 0, 15)))
    plate.lay(STONE, joined(stroke(at((-30, py), (30, py)), 1.6) for py in (-85, -58, -32, -5)))
    plate.lay(PAPER, outline(at((-30, -112), (30, -112), (30, 22), (-30, 22)), 2))
    plate.lay(NIGHT, outline(hull, 3))
    plate.lay(NIGHT, joined(stroke(at((px, -130), (px, 84)), 2.4) for px in (-36, 36)))
    plate.lay(NIGHT, stroke(at((-72, 36), (72, 36)), 2.4))
    nose = at((-52, -130), (52, -130), (36, -156), (-36, -156))
    plate.lay(STONE, polygon(nose))
    plate.lay(NIGHT, outline(nose, 2.4))
    plate.lay(STONE, stroke(at((-24, -156), (-24, -226)), 3))
    plate.lay(PAPER, disc(*at((-24, -226))[0], 5))
    ((dx, dy),) = at((-92, -96))
    plate.lay(STONE, stroke(at((-72, -96), (-92, -96)), 4))
    plate.lay(PAPER, disc(dx, dy, 26, 9, 14))
    plate.lay(NIGHT, outline(oval(dx, dy, 26, 9, 14), 1.8))


# The asteroid


def asteroid() -> Plate:
    """A lumpy asteroid with craters, and a probe with two solar wings near it."""
    plate = Plate(NIGHT)

    def glow(x: float, y: float) -> float:
        return 0.34 - math.hypot(x - 420, y - 420) / 1500 + 0.14 * cloud(17, x / 240, y / 120)

    night_sky(plate, 101, 300, HEIGHT, glow)
    boulder(plate, 450, 450, 350)
    probe(plate, 990, 172)
    return plate


CRATERS: Final = (
    ((-0.30, 0.34, 0.85), 0.36), ((0.34, -0.05, 0.90), 0.19), ((-0.38, -0.52, 0.75), 0.20), ((0.36, 0.62, 0.62), 0.20),
    ((-0.86, 0.05, 0.45), 0.20), ((0.06, -0.34, 0.92), 0.11), ((-0.66, -0.20, 0.72), 0.11), ((0.62, -0.42, 0.60), 0.21),
    ((-0.10, -0.80, 0.55), 0.13), ((0.12, 0.12, 0.97), 0.08), ((-0.76, 0.50, 0.40), 0.13), ((0.20, -0.62, 0.75), 0.08),
    ((-0.04, 0.78, 0.60), 0.10), ((-0.52, -0.02, 0.85), 0.07), ((0.66, 0.26, 0.68), 0.12), ((0.44, -0.30, 0.85), 0.07),
)  # fmt: skip


WAVES: Final = (
    (1, 0.04, 0.9), (2, 0.19, -0.5), (3, 0.06, 0.4), (4, 0.03, 0.9), (5, 0.025, 4.0), (9, 0.01, 1.0), (14, 0.006, 3.0),
)  # fmt: skip


def lump(angle: float) -> float:
    """How far the outline of the asteroid is from its middle in a direction."""
    return 0.9 + sum(size * math.cos(count * angle + start) for count, size, start in WAVES)


def unit(vector: Solid) -> Solid:
    """A vector of length one."""
    length = math.sqrt(sum(part * part for part in vector)) or 1.0
    return vector[0] / length, vector[1] / length, vector[2] / length


def slope(spot: Solid) -> Solid:
    """Which way the ground of the asteroid faces at a spot of the unit globe, with its craters and bumps."""
    right, up, front = spot
    right += 0.2 * cloud(111, spot[0] * 3 + 9, spot[1] * 3) + 0.1 * cloud(112, spot[0] * 9, spot[1] * 9)
    up += 0.2 * cloud(113, spot[0] * 3, spot[1] * 3 + 5) + 0.1 * cloud(114, spot[0] * 9, spot[1] * 9)
    for centre, reach in CRATERS:
        cx, cy, cz = unit(centre)
        dx, dy, dz = (spot[0] - cx) / reach, (spot[1] - cy) / reach, (spot[2] - cz) / reach
        far = math.sqrt(dx * dx + dy * dy + dz * dz)
        if far < 1.35:
            lean = -1.15 * far * smooth((1.04 - far) / 0.14) + 0.6 * smooth((far - 0.9) / 0.14) * (1.35 - far) / 0.45
            right, up, front = right + lean * dx, up + lean * dy, front + lean * dz
    return unit((right, up, front))


def boulder(plate: Plate, x: float, y: float, size: float) -> None:
    """The asteroid, engraved along circles of latitude that are bent to its shape."""
    rim = [math.tau * k / 360 for k in range(360)]
    body = polygon([(x + size * lump(a) * math.cos(a), y - size * lump(a) * math.sin(a)) for a in rim])
    plate.lay(GREY, body)
    light = unit((-0.72, 0.55, 0.62))
    dark: list[Region] = []
    bright: list[Region] = []
    for line in parallel_lines(0, 0, 1, 7.5 / size, 7, 24, 640):
        places, shades = [], []
        for east, south in line.points:
            reach = min(1.0, math.hypot(east, south))
            grown = size * lump(math.atan2(-south, east))
            places.append((x + east * grown, y + south * grown))
            facing = slope((east, -south, math.sqrt(1 - reach * reach)))
            shades.append(sum(one * two for one, two in zip(facing, light, strict=True)))
        dark.append(varied(places, [7.8 * (1 - smooth((shade + 0.1) * 1.6)) for shade in shades]))
        bright.append(varied(places, [7.5 * smooth((shade - 0.3) * 1.6) for shade in shades]))
    plate.lay(STONE, joined(bright), within=body)
    plate.lay(NIGHT, joined(dark), within=body)


def probe(plate: Plate, x: float, y: float) -> None:
    """A probe with two solar wings and a dish."""
    at = Frame(x, y, 1.15, -24)
    for side in (-1, 1):
        plate.lay(STONE, stroke(at((side * 30, 0), (side * 58, 0)), 4))
        for k in range(3):
            left, right = side * (58 + 38 * k), side * (92 + 38 * k)
            corners = at((left, -27), (right, -27), (right, 27), (left, 27))
            plate.lay(BLUE, polygon(corners))
            plate.lay(STONE, joined(stroke(at((left, py), (right, py)), 1.2) for py in (-13.5, 0, 13.5)))
            plate.lay(STONE, stroke(at(((left + right) / 2, -27), ((left + right) / 2, 27)), 1.2))
            plate.lay(PAPER, outline(corners, 2))
    plate.lay(OCHRE, polygon(at((-30, -32), (30, -32), (30, 32), (-30, 32))))
    plate.lay(PAPER, polygon(at((-30, -32), (-8, -32), (-8, 32), (-30, 32))))
    shade = engraved(slanting_lines(x, y, 60, 5, -24), lambda px, py: 0.06 + (px - x) / 60)
    plate.lay(NIGHT, shade, within=polygon(at((-8, -32), (30, -32), (30, 32), (-8, 32))))
    plate.lay(NIGHT, outline(at((-30, -32), (30, -32), (30, 32), (-30, 32)), 2))
    plate.lay(NIGHT, stroke(at((-8, -32), (-8, 32)), 1.6))
    ((cx, cy),) = at((0, 50))
    plate.lay(STONE, stroke(at((0, 30), (0, 50)), 5))
    plate.lay(PAPER, disc(cx, cy, 32, 12, -24))
    plate.lay(GREY, disc(cx + 1, cy + 2, 25, 7, -24))
    plate.lay(PAPER, stroke(at((0, 50), (0, 72)), 2))
    plate.lay(PAPER, stroke(at((14, -32), (22, -60)), 2))


# Jupiter


BELTS: Final = (
    (0.97, 0.86, OCHRE), (0.82, 0.74, OCHRE), (0.70, 0.67, OCHRE), (0.60, 0.55, OCHRE), (0.46, 0.19, OCHRE),
    (0.40, 0.31, BRICK), (0.25, 0.21, BRICK), (0.19, -0.12, PAPER), (0.06, 0.03, OCHRE), (-0.12, -0.36, OCHRE),
    (-0.15, -0.21, BRICK), (-0.27, -0.30, BRICK), (-0.36, -0.47, PAPER), (-0.50, -0.56, BRICK), (-0.64, -0.69, OCHRE),
    (-0.76, -0.98, OCHRE),
)  # fmt: skip


def jupiter() -> Plate:
    """A large banded planet with small moons and their shadows."""
    plate = Plate(NIGHT)
    x, y, size = 560.0, 410.0, 345.0

    def glow(px: float, py: float) -> float:
        return 0.4 - abs(math.hypot(px - x, py - y) - 350) / 560 + 0.06 * cloud(19, px / 240, py / 120)

    night_sky(plate, 121, 280, HEIGHT, glow)
    globe = disc(x, y, size * 1.03, size * 0.98, -7)
    plate.lay(SAND, globe)
    for k, (top, bottom, ink) in enumerate(BELTS):
        band = polygon([*belt_edge(x, y, size, top, 2 * k), *reversed(belt_edge(x, y, size, bottom, 2 * k + 1))])
        plate.lay(ink, band, within=globe)
    streaks(plate, x, y, size, globe)
    red_spot(plate, x, y, size)
    for px, py, across in ((-112, -36, 18), (120, -128, 13)):
        plate.lay(NIGHT, disc(x + px, y + py, across), within=globe)
    shade = globe_shade(x, y, size * 1.03, (-0.68, 0.26, 0.85), 1.2, -0.16)
    plate.lay(NIGHT, engraved(parallel_lines(x, y, size * 1.04, 8, 3, -7), shade), within=globe)
    for px, py, across, ink in ((-250, 6, 20, OCHRE), (505, 80, 17, SAND), (452, -210, 12, PAPER)):
        plate.lay(NIGHT, disc(x + px, y + py, across + 3))
        moonlet = disc(x + px, y + py, across)
        plate.lay(ink, moonlet)
        plate.lay(NIGHT, without(moonlet, disc(x + px - across * 0.4, y + py - across * 0.2, across * 1.08)))
    return plate


def belt_edge(x: float, y: float, size: float, north: float, seed: int, wild: float = 1.0) -> list[Point]:
    """The wavy edge of one of Jupiter's belts; those near the red spot bend around it."""
    points = []
    for k in range(-110, 111):
        east = k / 105
        ripple = 0.011 * drift(seed + 160, east * 17) + 0.006 * drift(seed + 190, east * 37)
        bend = 0.018 * drift(seed + 130, east * 6) + wild * ripple
        near = math.exp(-(((east - 0.22) / 0.2) ** 2))
        pull = (0.11 if north > -0.3 else -0.07) * near * math.exp(-(((north + 0.33) / 0.14) ** 2))
        points.append((east * size * 1.06, -(north + bend + pull) * size))
    return placed(points, x, y, turn=-7)


def streaks(plate: Plate, x: float, y: float, size: float, globe: Region) -> None:
    """Fine lines of cloud along the belts: red in the dark belts, pale between them."""

    def belt(px: float, py: float) -> float:
        north = (y - py - (px - x) * 0.12) / size
        return max(math.exp(-(((north - 0.32) / 0.13) ** 2)), math.exp(-(((north + 0.25) / 0.11) ** 2)))

    for seed, ink, least, gain in ((141, PAPER, 0.16, -0.2), (142, BRICK, 0.24, 0.7), (143, OCHRE, 0.06, 0.1)):
        lines = [
            Line(belt_edge(x, y, size, 0.97 - 0.024 * k + 0.008 * (seed - 142), k // 9, 0.25), 8) for k in range(82)
        ]

        def tone(px: float, py: float, seed: int = seed, least: float = least, gain: float = gain) -> float:
            return 0.5 * cloud(seed, px / 130, (py + px * 0.12) / 11) - least + gain * belt(px, py)

        plate.lay(ink, engraved(lines, tone), within=globe)


def red_spot(plate: Plate, x: float, y: float, size: float) -> None:
    """Jupiter's great red spot, with its pale collar and its whirl."""
    ((cx, cy),) = placed([(0.22 * size, 0.335 * size)], x, y, turn=-7)
    plate.lay(PAPER, disc(cx, cy, 90, 50, -7))
    plate.lay(SAND, disc(cx, cy, 80, 42, -7))
    plate.lay(BRICK, disc(cx, cy, 72, 37, -7))
    for k in range(3):
        whirl = oval(cx, cy, 58 - 18 * k, 28 - 9 * k, -7)[6 * k :]
        plate.lay(SAND, varied(whirl, [3.4 * math.sin(math.pi * j / len(whirl)) for j in range(len(whirl))]))
    plate.lay(SAND, disc(cx - 2, cy, 9, 4, -7))


# The telescope


def telescope() -> Plate:
    """A honeycomb of golden mirrors under the stars."""
    plate = Plate(NIGHT)
    night_sky(plate, 201, 330, HEIGHT, lambda x, y: 0.4 * cloud(21, (x + y) / 330, (y - x) / 200) + 0.12)
    for x, y, reach in ((150, 140, 56), (1050, 270, 44), (1010, 90, 24), (205, 470, 28), (90, 330, 20), (330, 70, 18)):
        plate.lay(NIGHT, disc(x, y, reach * 0.6))
        plate.lay(PAPER, spark(x, y, reach, 6, 30))
        plate.lay(PAPER, disc(x, y, reach / 11 + 1.5))
    sunshield(plate)
    mirror(plate, 600, 345, 67)
    return plate


def foil(wide: float, drop: float) -> list[Point]:
    """The outline of a layer of the sunshield, seen from a little above."""
    return [
        (600 + part * wide, level + drop)
        for part, level in ((-1, 684), (-0.55, 640), (0.55, 640), (1, 684), (0.42, 744), (-0.42, 744))
    ]


def sunshield(plate: Plate) -> None:
    """The layers of foil that keep the telescope in the shade."""
    for k, ink in enumerate((BLUE, NIGHT, SAND, NIGHT, BLUE, NIGHT)):
        plate.lay(ink, polygon(foil(540 - 8 * k, 36 - 6 * k)))
    sheet = foil(492, 0)
    plate.lay(PAPER, polygon(sheet))
    pleats = [
        Line([(600 + (px - 600) * j / 24, 590 + 160 * j / 24) for j in range(25)], 18) for px in range(-600, 1801, 18)
    ]

    def sunlit(x: float, y: float) -> float:
        return (0.62 - abs(x - 330) / 1500) * (y - 590) / 160

    def shaded(x: float, y: float) -> float:
        return (0.06 + (x - 330) / 900 + 0.1 * cloud(5, x / 90, 1)) * (y - 590) / 160

    plate.lay(SAND, engraved(pleats, sunlit), within=polygon(sheet))
    plate.lay(BLUE, engraved(pleats, shaded), within=polygon(sheet))
    plate.lay(NIGHT, disc(640, 676, 230, 26), within=polygon(sheet))
    plate.lay(NIGHT, outline(sheet, 2.5))
    plate.lay(NIGHT, polygon([(552, 560), (648, 560), (676, 678), (524, 678)]))
    plate.lay(OCHRE, joined(stroke([(px, 620), (px + (px - 600) * 0.3, 680)], 4) for px in (556, 600, 644)))


def hexagon(x: float, y: float, size: float) -> list[Point]:
    """A hexagon that stands on a side."""
    return [(x + size * math.cos(math.tau * k / 6), y + size * math.sin(math.tau * k / 6)) for k in range(6)]


def segment(plate: Plate, x: float, y: float, size: float, light: float, number: int) -> None:
    """One mirror of the honeycomb; each catches the light in its own way."""
    edge = hexagon(x, y, size)
    lines = slanting_lines(x, y, size + 8, 7, -62 + 14 * chance(77, number))
    plate.lay(OCHRE, polygon(edge))
    plate.lay(SAND, engraved(lines, lambda px, py: light - (px - x + py - y) / 170), within=polygon(edge))
    plate.lay(BRICK, engraved(lines, lambda px, py: 0.4 - light + (px - x + py - y) / 190), within=polygon(edge))
    plate.lay(PAPER, stroke([edge[3], edge[4], edge[5]], 2.4))


def mirror(plate: Plate, x: float, y: float, size: float) -> None:
    """Eighteen hexagons around a hole, and the small mirror on three struts before them."""
    step = size * math.sqrt(3)
    cells = [
        (x + 1.5 * size * q, y + step * (r + q / 2)) for q in range(-2, 3) for r in range(-2, 3) if abs(q + r) <= 2
    ]
    for grow, ink in ((10.0, OCHRE), (6.0, NIGHT)):
        for cx, cy in cells:
            plate.lay(ink, polygon(hexagon(cx, cy, size + grow)))
    for k, (cx, cy) in enumerate(cells):
        if (cx, cy) != (x, y):
            segment(plate, cx, cy, size - 3, 0.42 - (cx - x) / 900 - (cy - y) / 1100 + 0.2 * (chance(78, k) - 0.5), k)
    plate.lay(BLUE, outline(hexagon(x, y, size * 0.7), 3))
    plate.lay(BLUE, polygon(hexagon(x, y, size * 0.45)))
    small = (x + 4, y + 22)
    for start in ((x, y - 2.5 * step - 6), (x - 2.1 * size, y + 2.05 * step), (x + 2.1 * size, y + 2.05 * step)):
        plate.lay(NIGHT, stroke([start, small], 12))
        plate.lay(PAPER, stroke([start, small], 5.5))
    for across, ink in ((38, NIGHT), (33, PAPER), (25, OCHRE), (21, NIGHT), (8, SAND)):
        plate.lay(ink, disc(*small, across))


# The rocket


def rocket() -> Plate:
    """A rocket rises over the sea on a long plume."""
    plate = Plate(BLUE)
    horizon = 640.0
    sky = level_lines(0, horizon, 8)
    plate.lay(NIGHT, engraved(sky, lambda x, y: 0.95 - 1.35 * y / horizon + 0.12 * cloud(31, x / 300, y / 70)))
    plate.lay(SAND, engraved(sky, lambda x, y: 1.35 * y / horizon - 0.5 + 0.12 * cloud(32, x / 330, y / 40)))
    low = level_lines(4, horizon, 8)
    plate.lay(OCHRE, engraved(low, lambda x, y: 1.4 * y / horizon - 0.95 + 0.1 * cloud(33, x / 330, y / 40)))
    for px, py, luck in scattered(36, 70, 0, 0, WIDTH, 260):
        plate.lay(PAPER, disc(px, py, 0.8 + luck))
    sea(plate, horizon, 640)
    shore(plate, horizon)
    plume(plate, curve((714, 400), (690, 480), (640, 560), (560, 628), count=60), box(0, 0, WIDTH, horizon + 3))
    launcher(plate, 720, 300, 7)
    return plate


def sea(plate: Plate, horizon: float, x: float) -> None:
    """The sea, with the glitter of the flame below it."""
    plate.lay(NIGHT, box(0, horizon, WIDTH, HEIGHT))
    waves = ground_lines(horizon, 41, 4, 1.06, 0.2)
    plate.lay(BLUE, engraved(waves, lambda px, py: 0.5 + 0.3 * cloud(42, px / 120, py / 12)))
    for ink, wide, spread, seed in ((OCHRE, 90, 0.9, 43), (PAPER, 34, 0.4, 45)):

        def glitter(px: float, py: float, wide: float = wide, spread: float = spread, seed: int = seed) -> float:
            return 0.8 - abs(px - x) / (wide + spread * (py - horizon)) + 0.5 * cloud(seed + 1, px / 60, py / 7)

        plate.lay(ink, engraved(ground_lines(horizon, seed, 4, 1.07, 0.2), glitter))


def shore(plate: Plate, horizon: float) -> None:
    """The flat coast with the launch tower."""
    at = Frame(0, horizon, 1, 0)
    plate.lay(NIGHT, polygon(at((0, -12), (200, -16), (420, -9), (640, -6), (790, 2), (0, 2))))
    plate.lay(NIGHT, joined(stroke(at((px, -6), (px, -92)), 3) for px in (476, 492)))
    plate.lay(NIGHT, joined(stroke(at((476, -12 * k), (492, -12 * k - 12)), 1.6) for k in range(7)))
    plate.lay(NIGHT, stroke(at((484, -90), (484, -118)), 2))
    for left, right, tall in ((300, 352, 50), (352, 390, 28), (150, 178, 30)):
        plate.lay(NIGHT, box(left, horizon - tall, right, horizon))
    plate.lay(OCHRE, joined(box(308 + 14 * k, horizon - 40, 313 + 14 * k, horizon - 35) for k in range(3)))


def plume(plate: Plate, path: Sequence[Point], within: Region) -> None:
    """The smoke, from the tail of the rocket down to the ground where it billows."""
    puffs = []
    for k in range(230):
        part = chance(51, k) ** 0.6
        px, py = path[int(part * 60)]
        wide = 9 + 30 * part**1.4
        low = smooth((part - 0.8) / 0.2)
        side = chance(52, k) + chance(55, k) - 1
        size = wide * (0.55 + 0.45 * chance(54, k)) * (1 - 0.45 * abs(side) * low)
        lift = (chance(53, k) - 0.5) * wide * 0.9 - 26 * low * chance(56, k) * (1 - abs(side))
        order = part - 0.2 * abs(side) + 0.1 * chance(57, k)
        puffs.append((order, px + side * (wide * 0.9 + 165 * low), py + lift, size))
    for _, px, py, size in sorted(puffs):
        billow(plate, px, py, size, (PAPER, SAND, BLUE), within)


def launcher(plate: Plate, x: float, y: float, lean: float) -> None:
    """The rocket itself with its flame, lit from the left."""
    at = Frame(x, y, 1.0, lean)
    for ink, wide, long in ((OCHRE, 30, 250), (SAND, 22, 205), (PAPER, 15, 165)):
        left = curve((-wide, 4), (-wide * 1.9, long * 0.3), (-wide * 0.5, long * 0.6), (-6, long))
        right = curve((-6, long), (wide * 0.7, long * 0.6), (wide * 1.9, long * 0.3), (wide, 4))
        plate.lay(ink, polygon(at(*left, *right)))
    hull = at(
        *curve((0, -262), (-21, -236), (-24, -200), (-24, -176)),
        (-24, 0),
        (24, 0),
        *curve((24, -176), (24, -200), (21, -236), (0, -262)),
    )
    for side in (-1, 1):
        px = side * 37
        booster = at((px, -150), (px - 12, -122), (px - 12, 6), (px + 12, 6), (px + 12, -122))
        plate.lay(NIGHT, polygon(at((px - 8, 6), (px + 8, 6), (px + 12, 16), (px - 12, 16))))
        plate.lay(PAPER, polygon(booster))
        plate.lay(NIGHT, lengthwise(at, px, 12, -150, 6, 0.1), within=polygon(booster))
        plate.lay(NIGHT, outline(booster, 2))
    plate.lay(NIGHT, polygon(at((-18, 0), (18, 0), (24, 12), (-24, 12))))
    plate.lay(PAPER, polygon(hull))
    for top, bottom in ((-170, -152), (-76, -69), (-30, -25)):
        plate.lay(BRICK, polygon(at((-24, top), (24, top), (24, bottom), (-24, bottom))))
    plate.lay(NIGHT, lengthwise(at, 0, 24, -262, 0, 0.02), within=polygon(hull))
    plate.lay(NIGHT, outline(hull, 2.2))


# The comet


def comet() -> Plate:
    """A comet with two tails above a dark horizon."""
    plate = Plate(NIGHT)
    night_sky(plate, 301, 340, 720, haze(22, 720, -0.14, 0.75))
    x, y = 330.0, 440.0
    coma(plate, x, y, 118, BLUE)
    coma(plate, x, y, 80, MIST)
    for k in range(11):
        side = (k - 5) / 5
        line = tail(x - 14, y - 10, 820 - 220 * abs(side) - 120 * chance(62, k), -54 + 4 * side, 1.5 * drift(63, k))
        plate.lay(MIST, varied(line, [(2 + 5 * smooth(j / 30)) * (1 - j / 80) for j in range(81)]))
    for k in range(37):
        side = (k - 18) / 18
        long = 900 - 330 * side * side - 150 * chance(61, k)
        line = tail(x + 10 * side, y + 24 * side, long, -25 + 9 * side, -8 + 4 * side)
        widths = [(3.4 + 6.5 * smooth(j / 40)) * (1 - j / 80) ** 0.8 for j in range(81)]
        plate.lay(PAPER if abs(side) < 0.62 and k % 3 > 0 else SAND, varied(line, widths))
    plate.lay(SAND, disc(x, y, 31))
    plate.lay(PAPER, disc(x, y, 24))
    landscape(plate)
    return plate


def coma(plate: Plate, x: float, y: float, reach: float, ink: str) -> None:
    """The glow around the head of a comet."""
    halo = engraved(round_lines(x, y, 10, reach, 6), lambda px, py: 0.95 * (1 - math.hypot(px - x, py - y) / reach))
    plate.lay(ink, halo)


def tail(x: float, y: float, reach: float, turn: float, bend: float) -> list[Point]:
    """A line from the head of a comet that bends by so many degrees on its way."""
    line = []
    for j in range(81):
        angle = math.radians(turn + bend * (j / 80) ** 1.3)
        line.append((x + reach * j / 80 * math.cos(angle), y + reach * j / 80 * math.sin(angle)))
    return line


def landscape(plate: Plate) -> None:
    """Hills by night, with firs and an observatory."""
    far = skyline(311, 716, 100, 330)
    plate.lay(BLUE, hills(far))
    slopes = engraved(slanting_lines(600, 700, 640, 7, 30), lambda x, y: 0.3 + (y - 640) / 240)
    plate.lay(NIGHT, slopes, within=hills(far))
    near = skyline(322, 776, 96, 420)
    plate.lay(NIGHT, hills(near))
    for px, py, luck in scattered(71, 75, 0, 0, WIDTH, 1):
        if not 800 < px < 1040:
            foot = near[min(len(near) - 1, int((px + 6) / 6))][1] + 8 + 6 * py
            fir(plate, px, foot, 26 + 56 * luck)
    observatory(plate, 920, near[154][1] + 8)


def fir(plate: Plate, x: float, y: float, tall: float) -> None:
    """A dark fir."""
    for j in range(4):
        up, wide = tall * j / 4.6, tall * 0.24 * (1 - j / 5)
        plate.lay(NIGHT, polygon([(x - wide, y - up), (x + wide, y - up), (x, y - up - tall * 0.42)]))


def observatory(plate: Plate, x: float, y: float) -> None:
    """A dome with an open slit and a lit window."""
    plate.lay(NIGHT, polygon([(x - 190, y + 40), (x - 70, y - 6), (x + 70, y - 6), (x + 200, y + 40)]))
    vault = curve((x - 66, y - 62), (x - 66, y - 150), (x + 66, y - 150), (x + 66, y - 62))
    dome = polygon([*vault, (x + 66, y - 56), (x - 66, y - 56)])
    wall = box(x - 60, y - 56, x + 60, y)
    plate.lay(NIGHT, joined([wall, dome]))
    meridians = [
        Line(curve((x + px, y - 56), (x + px, y - 122), (x + px * 0.3, y - 129), count=20), 12)
        for px in range(-66, 67, 11)
    ]
    plate.lay(MIST, engraved(meridians, lambda px, py: 0.42 - (px - x) / 110), within=dome)
    plate.lay(MIST, engraved(slanting_lines(x, y - 30, 90, 8, 90), lambda px, py: 0.2 - (px - x) / 140), within=wall)
    plate.lay(NIGHT, box(x - 68, y - 60, x + 68, y - 54))
    plate.lay(NIGHT, polygon([(x - 30, y - 62), (x - 36, y - 116), (x - 8, y - 131), (x - 4, y - 62)]))
    plate.lay(OCHRE, polygon([(x - 26, y - 64), (x - 32, y - 115), (x - 13, y - 125), (x - 9, y - 64)]))
    plate.lay(NIGHT, stroke([(x - 14, y - 64), (x - 30, y - 120)], 7))
    plate.lay(OCHRE, box(x + 22, y - 32, x + 36, y - 14))


# The Sun


def sun() -> Plate:
    """The Sun's disc with its corona, and a tiny probe behind a heat shield."""
    plate = Plate(NIGHT)
    x, y, size = 290.0, 570.0, 330.0
    night_sky(plate, 401, 150)

    def corona(px: float, py: float) -> float:
        angle, far = math.atan2(py - y, px - x), math.hypot(px - x, py - y) / size
        reach = 1.05 + 0.75 * drift(81, angle * 2.4 + 40) + 0.3 * drift(82, angle * 11 + 40)
        return 0.62 * (1 - (far - 1) / max(0.3, reach))

    rays = ray_lines(x, y, size, 1080, 100, 16)
    plate.lay(OCHRE, engraved(rays[::2], corona))
    plate.lay(BRICK, engraved(rays[1::2], lambda px, py: 1.05 * corona(px, py)))
    flames(plate, x, y, size)
    photosphere(plate, x, y, size)
    solar_probe(plate, 905, 235)
    return plate


def flames(plate: Plate, x: float, y: float, size: float) -> None:
    """Short tongues of gas at the edge of the Sun."""
    for k in range(100):
        tall = 8 + 14 * chance(86, k)
        spots = ((-8.0, 0.0), (tall * 0.6, 0.0), (tall, 1.2))
        tongue = curve(*(placed([(size + up, 0)], x, y, turn=2.2 * k - 165 + side)[0] for up, side in spots), count=6)
        plate.lay(BRICK, varied(tongue, [11 * (1 - j / 6) for j in range(7)]))


SPOTS: Final = (
    (448, 412, 15), (478, 424, 8), (420, 400, 5), (500, 440, 5), (462, 394, 4), (160, 700, 7), (176, 706, 4),
)  # fmt: skip


def stirred(x: float, y: float) -> Point:
    """A place that the seething gas has moved."""
    return x + 10 * cloud(83, x / 60, y / 60), y + 10 * cloud(84, x / 60, y / 60)


def photosphere(plate: Plate, x: float, y: float, size: float) -> None:
    """The seething face of the Sun, bright in the middle and red at the edge, with spots."""
    globe = disc(x, y, size)
    plate.lay(OCHRE, globe)
    level = parallel_lines(x, y, size * 1.04, 13, 0, -18)
    lines = [Line([stirred(*place) for place in line.points[::2]], line.pitch) for line in level]

    def away(px: float, py: float) -> float:
        return math.hypot(px - x + 14, py - y + 6) / size

    def boil(px: float, py: float) -> float:
        return 0.5 * cloud(85, px / 64, py / 40)

    def glare(px: float, py: float) -> float:
        bright = 0.4 - 0.9 * away(px, py) ** 2 + boil(px, py)
        return bright if bright > 0.09 else 0.0

    plate.lay(SAND, engraved(lines, lambda px, py: 0.8 - 0.85 * away(px, py) ** 2 + 0.5 * boil(px, py)), within=globe)
    plate.lay(PAPER, engraved(lines, glare), within=globe)
    plate.lay(BRICK, engraved(lines, lambda px, py: 1.3 * away(px, py) ** 4 - 0.66 + 0.6 * boil(px, py)), within=globe)
    plate.lay(BRICK, without(globe, disc(x - 2, y + 2, size - 5)))
    for px, py, across in SPOTS:
        plate.lay(BRICK, disc(px, py, across * 1.8, across * 1.3, 30))
        plate.lay(NIGHT, disc(px, py, across, across * 0.7, 30))


def solar_probe(plate: Plate, x: float, y: float) -> None:
    """A probe that turns its heat shield to the Sun at the lower left, and hides in its shadow."""
    at = Frame(x, y, 1.2, 61)
    plate.lay(NIGHT, polygon(at((-66, 30), (66, 30), (50, -600), (-50, -600))))
    for side in (-1, 1):
        wing = at((side * 18, -46), (side * 30, -58), (side * 52, -104), (side * 36, -110), (side * 16, -66))
        plate.lay(BLUE, polygon(wing))
        plate.lay(PAPER, outline(wing, 1.8))
        plate.lay(PAPER, stroke(at((side * 30, -58), (side * 24, -84)), 1.4))
        plate.lay(PAPER, stroke(at((side * 44, 4), (side * 120, -36)), 2.2))
        plate.lay(SAND, stroke(at((side * 38, 0), (side * 14, -36), (side * 8, 0)), 2))
    bus = at((-18, -30), (18, -30), (20, -82), (-20, -82))
    plate.lay(BLUE, polygon(bus))
    plate.lay(SAND, polygon(at((-18, -30), (-5, -30), (-6, -82), (-20, -82))))
    plate.lay(PAPER, outline(bus, 1.8))
    plate.lay(PAPER, joined(stroke(at((-5, py), (19, py)), 1.4) for py in (-46, -64)))
    plate.lay(SAND, stroke(at((0, -82), (0, -170)), 2.6))
    plate.lay(SAND, polygon(at((-54, 8), (54, 8), (42, -4), (-42, -4))))
    plate.lay(PAPER, polygon(at((-54, 8), (54, 8), (50, 20), (-50, 20))))
    plate.lay(BRICK, stroke(at((-52, 22), (52, 22)), 3))


# Saturn


def saturn() -> Plate:
    """Saturn with its rings, and a small probe before it."""
    plate = Plate(NIGHT)
    night_sky(plate, 501, 300, HEIGHT, lambda x, y: 0.3 * cloud(91, (x + 2 * y) / 520, (2 * y - x) / 300) + 0.12)
    x, y, size, turn, flat = 570.0, 370.0, 215.0, -17.0, 0.33
    globe = disc(x, y, size, size * 0.94, turn)
    front = polygon(placed([(-900, 0), (900, 0), (900, 900), (-900, 900)], x, y, turn=turn))
    rings(plate, x, y, size, flat, turn, box(0, 0, WIDTH, HEIGHT))
    shadow = joined(disc(*placed([(15 * k, -4 * k)], x, y, turn=turn)[0], size, size * 0.94, turn) for k in range(6))
    hole = disc(x, y, size * 1.355, size * 1.355 * flat, turn)
    annulus = without(disc(x, y, size * 2.27, size * 2.27 * flat, turn), hole)
    plate.lay(NIGHT, without(common(shadow, annulus), joined([front, globe])))
    banded_globe(plate, x, y, size, flat, turn)
    rings(plate, x, y, size, flat, turn, front)
    cassini(plate, 925, 610)
    plate.lay(SAND, disc(1060, 120, 14))
    plate.lay(NIGHT, disc(1066, 121, 12))
    plate.lay(PAPER, disc(240, 640, 6))
    return plate


ZONES: Final = (
    (0.0, 0.05, OCHRE), (0.09, 0.13, OCHRE), (0.17, 0.21, OCHRE), (0.27, 0.35, OCHRE), (0.38, 0.44, PAPER),
    (0.47, 0.55, OCHRE), (0.58, 0.68, PAPER), (0.74, 0.8, OCHRE), (0.88, 1.0, OCHRE),
)  # fmt: skip


def banded_globe(plate: Plate, x: float, y: float, size: float, flat: float, turn: float) -> None:
    """The globe of Saturn with its belts and its night side."""
    globe = disc(x, y, size, size * 0.94, turn)
    plate.lay(SAND, globe)
    tilt = math.degrees(math.asin(flat))
    lines = parallel_lines(x, y, size * 1.01, 7, tilt, turn)
    count = len(lines)
    for start, end, ink in ZONES:
        plate.lay(ink, engraved(lines[int(start * count) : int(end * count) + 1], lambda px, py: 1.09), within=globe)
    grain = engraved(lines, lambda px, py: 0.5 * cloud(92, px / 500, (py + px * 0.3) / 15) - 0.02)
    plate.lay(BRICK, grain, within=globe)
    plate.lay(NIGHT, engraved(lines, globe_shade(x, y, size, (-0.62, 0.3, 0.9), 1.2, -0.2)), within=globe)


RINGLETS: Final = (
    (2.27, SAND), (2.21, NIGHT), (2.195, SAND), (2.12, OCHRE), (2.09, SAND), (2.03, NIGHT), (1.95, PAPER), (1.84, SAND),
    (1.80, PAPER), (1.72, SAND), (1.66, OCHRE), (1.64, SAND), (1.56, OCHRE), (1.53, NIGHT), (1.515, BRICK),
    (1.47, NIGHT), (1.455, BRICK), (1.42, NIGHT), (1.40, BRICK), (1.375, NIGHT),
)  # fmt: skip


def rings(plate: Plate, x: float, y: float, size: float, flat: float, turn: float, part: Region) -> None:
    """The rings, from the outermost inwards."""
    hole = disc(x, y, size * 1.355, size * 1.355 * flat, turn)
    for reach, ink in RINGLETS:
        plate.lay(ink, common(without(disc(x, y, size * reach, size * reach * flat, turn), hole), part))


def cassini(plate: Plate, x: float, y: float) -> None:
    """A probe with a large dish and a long boom."""
    at = Frame(x, y, 1.0, 28)
    plate.lay(SAND, stroke(at((20, 30), (190, 50)), 3))
    plate.lay(SAND, joined(stroke(at((24 + 17 * k, 25 + 2 * k), (32 + 17 * k, 37 + 2 * k)), 1.6) for k in range(9)))
    bus = at((-26, -6), (26, -6), (32, 84), (-32, 84))
    plate.lay(OCHRE, polygon(bus))
    shade = engraved(slanting_lines(x - 18, y + 36, 70, 6, 118), lambda px, py: 0.2 + (px - x + 20) / 70)
    plate.lay(NIGHT, shade, within=polygon(bus))
    plate.lay(NIGHT, joined(stroke(at((-31, py), (31, py)), 2) for py in (22, 54)))
    plate.lay(BLUE, polygon(at((-14, 84), (14, 84), (22, 110), (-22, 110))))
    plate.lay(SAND, outline(at((-14, 84), (14, 84), (22, 110), (-22, 110)), 1.8))
    plate.lay(SAND, stroke(at((-30, 40), (-84, 66)), 3))
    plate.lay(BRICK, polygon(at((-98, 62), (-80, 54), (-72, 74), (-90, 82))))
    ((cx, cy),) = at((0, -22))
    plate.lay(OCHRE, polygon(at((-70, -22), (70, -22), (34, 6), (-34, 6))))
    plate.lay(NIGHT, polygon(at((10, -22), (70, -22), (34, 6), (10, 6))))
    plate.lay(PAPER, disc(cx, cy, 74, 21, 28))
    plate.lay(SAND, disc(cx + 1, cy + 2, 62, 14, 28))
    plate.lay(PAPER, joined(stroke(at((px, -22), (0, -66)), 2.2) for px in (-46, 0, 46)))
    plate.lay(PAPER, disc(*at((0, -66))[0], 9))


# The capsule


def capsule() -> Plate:
    """A sample capsule hangs under a parachute over a desert with mountains."""
    plate = Plate(PAPER)
    horizon = 620.0
    sky = level_lines(0, horizon, 8)
    plate.lay(MIST, engraved(sky, lambda x, y: 0.82 - 1.1 * y / horizon + 0.2 * cloud(93, x / 330, y / 60)))
    plate.lay(SAND, engraved(sky, lambda x, y: y / horizon - 0.42))
    floor = horizon + 10
    for seed, base, height, wide, ink, deep in (
        (611, 616, 190, 330, MIST, 220), (622, 620, 84, 240, OCHRE, 130), (633, 627, 44, 160, BRICK, 80),
    ):  # fmt: skip
        edge = skyline(seed, base, height, wide)
        plate.lay(ink, hills(edge, floor))
        slopes = engraved(slanting_lines(600, 520, 640, 7, 60), hill_shade(edge, 0.7, deep))
        plate.lay(NIGHT, slopes, within=hills(edge, floor))
    plate.lay(SAND, box(0, horizon, WIDTH, HEIGHT))
    for ink, seed, tone in (
        (OCHRE, 641, lambda x, y: 0.34 + (y - horizon) / 500 + 0.4 * cloud(94, x / 210, y / 36)),
        (BRICK, 643, lambda x, y: (y - horizon) / 460 - 0.12 + 0.4 * cloud(95, x / 230, y / 38)),
    ):
        plate.lay(ink, engraved(ground_lines(horizon, seed), tone))
    for x, y, luck in sorted(scattered(652, 44, 0, horizon + 14, WIDTH, HEIGHT), key=lambda spot: spot[1]):
        shrub(plate, x, y, (3 + (y - horizon) / 9) * (0.6 + 0.6 * luck), int(luck * 999))
    parachute(plate, 630, 190)
    return plate


def shrub(plate: Plate, x: float, y: float, size: float, seed: int) -> None:
    """A tuft of the desert with its shadow."""
    plate.lay(NIGHT, disc(x + size * 0.7, y + 1, size * 1.2, size * 0.16))
    for k in range(9):
        lean = (k - 4) / 4
        tip = (x + size * lean * 1.1, y - size * (1 - 0.45 * lean * lean) * (0.7 + 0.5 * chance(seed, k)))
        plate.lay(NIGHT if k > 2 else MIST, ribbon([(x + lean * size * 0.3, y), tip], (max(1.2, size * 0.2), 0.6)))


def parachute(plate: Plate, x: float, y: float) -> None:
    """A striped canopy and the capsule on its lines."""
    wide, tall, gores = 215.0, 146.0, 10
    crown, knot = (x, y - tall), (x + 24, y + 232)
    spokes = [math.pi * k / gores for k in range(gores + 1)]
    hem = [(x - wide * math.cos(angle), y + 8 + 26 * math.sin(angle)) for angle in spokes]
    seams = [
        curve(crown, ((x + px) / 2 + (px - x) * 0.42, crown[1] + 8), (px, py - tall * 0.5), (px, py)) for px, py in hem
    ]
    scallops = [
        curve((ax, ay), ((ax + bx) / 2, (ay + by) / 2 - 16), (bx, by), count=10) for (ax, ay), (bx, by) in pairwise(hem)
    ]
    for place in hem:
        plate.lay(NIGHT, stroke([place, knot], 1.7))
    folds = round_lines(x, y + 70, 30, 260, 7)
    for k, (left, right) in enumerate(pairwise(seams)):
        gore = polygon([*left, *scallops[k][1:-1], *reversed(right)])
        plate.lay(BRICK if k % 2 else PAPER, gore)
        shade = engraved(folds, lambda px, py: 0.08 + max(0.0, (px - x) / 330) + 0.3 * smooth((py - y + 60) / 120))
        plate.lay(NIGHT, shade, within=gore)
    for seam in seams:
        plate.lay(NIGHT, stroke(seam, 2))
    plate.lay(NIGHT, stroke([point for scallop in scallops for point in scallop], 2.4))
    sample_capsule(plate, *knot)


def sample_capsule(plate: Plate, x: float, y: float) -> None:
    """The capsule: a blunt lid above, a scorched heat shield below."""
    at = Frame(x, y, 1.5, -6)
    plate.lay(NIGHT, joined(stroke(at((0, 0), (px, 26)), 2.6) for px in (-20, 0, 20)))
    lid = at((-22, 24), (22, 24), (62, 58), (-62, 58))
    shield = polygon(at((-66, 58), (66, 58), *curve((66, 58), (50, 94), (-50, 94), (-66, 58))))
    plate.lay(PAPER, polygon(lid))
    plate.lay(SAND, polygon(at((-4, 24), (22, 24), (62, 58), (-4, 58))))
    shade = engraved(slanting_lines(x, y + 66, 110, 5, 84), lambda px, py: (px - x) / 110)
    plate.lay(NIGHT, shade, within=polygon(lid))
    plate.lay(NIGHT, joined(stroke(at((px, 24), (px * 2.8, 58)), 1.8) for px in (-14, 6)))
    plate.lay(NIGHT, outline(lid, 2.6))
    plate.lay(NIGHT, shield)
    belly = polygon(at((-60, 64), (60, 64), *curve((60, 64), (46, 90), (-46, 90), (-60, 64))))

    def glint(px: float, py: float) -> float:
        return 0.26 - (px - x + 20) / 190 + 0.3 * cloud(98, px / 50, py / 6)

    plate.lay(OCHRE, engraved(slanting_lines(x, y + 122, 120, 7, -6), glint), within=common(shield, belly))
    plate.lay(BRICK, stroke(at((-65, 58), (65, 58)), 6))


# The antenna


def antenna() -> Plate:
    """A large dish antenna by night."""
    plate = Plate(NIGHT)

    def milky_way(x: float, y: float) -> float:
        band = math.exp(-(((x * 0.55 + y - 560) / 150) ** 2)) * (0.6 + 0.6 * cloud(96, x / 90, y / 60))
        return 0.6 * math.pow(y / 700, 2.2) + 0.5 * band - 0.04

    night_sky(plate, 701, 360, 700, milky_way)
    edge = skyline(711, 716, 104, 340)
    plate.lay(BLUE, hills(edge))
    slopes = engraved(slanting_lines(600, 700, 640, 7, 30), lambda x, y: 0.36 + (y - 650) / 180)
    plate.lay(NIGHT, slopes, within=hills(edge))
    plate.lay(NIGHT, box(0, 722, WIDTH, HEIGHT))
    plate.lay(BLUE, engraved(ground_lines(722, 713), lambda x, y: 0.05 + 0.4 * cloud(97, x / 150, y / 22)))
    support(plate, 625)
    dish(plate, 590, 330)
    hut(plate, 930, 716)
    return plate


def dish(plate: Plate, x: float, y: float) -> None:
    """The bowl, seen from its side and below, pointing to the upper left."""
    turn, wide, flat, deep = -36.0, 280.0, 0.4, 78.0

    at = Frame(x, y, 1, turn)

    def wall(east: float, north: float) -> Point:
        return wide * east, wide * flat * north + deep * (1 - east * east - north * north)

    back = polygon(at(*curve((-wide, 0), (-wide * 0.7, 215), (wide * 0.7, 215), (wide, 0), count=40)))
    plate.lay(GREY, back)
    ribs = [Line(at(*curve((px, 0), (px * 0.8, 160), (px * 0.25, 162), count=30)), 26) for px in range(-260, 261, 26)]
    plate.lay(STONE, engraved(ribs, lambda px, py: 0.6 - (px - x + 160) / 260), within=back)
    plate.lay(NIGHT, engraved(ribs, lambda px, py: 0.14 + 0.5 * smooth((px - x + 120) / 380)), within=back)
    for k in range(1, 5):
        hoop = at(*curve((-wide + 14 * k, 36 * k), (0, 36 * k + 62), (wide - 14 * k, 36 * k)))
        plate.lay(NIGHT, stroke(hoop, 2), within=back)
    rim = oval(x, y, wide, wide * flat, turn)
    bowl = polygon(rim)
    plate.lay(STONE, bowl)
    sections = []
    for level in range(-112, 118, 7):
        # where the middle of a section through the bowl is at this level: a quadratic equation in north
        bend = (wide * flat) ** 2 - 4 * deep * (level - deep)
        north = (wide * flat - math.sqrt(max(0.0, bend))) / (2 * deep)
        half = math.sqrt(max(0.0, 1 - north * north))
        sections.append(Line(at(*(wall(half * j / 40, north) for j in range(-40, 41))), 7))

    def shade(px: float, py: float) -> float:
        return 0.4 + (px - x) / 520 + (py - y) / 1500

    plate.lay(PAPER, engraved(sections, lambda px, py: 0.75 - 1.4 * shade(px, py)), within=bowl)
    plate.lay(NIGHT, engraved(sections, lambda px, py: 1.25 * shade(px, py) - 0.2), within=bowl)
    for k in range(16):
        angle = math.tau * (k + 0.5) / 16
        spoke = at(*(wall(math.cos(angle) * j / 12, math.sin(angle) * j / 12) for j in range(13)))
        plate.lay(GREY, stroke(spoke, 1.8), within=bowl)
    plate.lay(NIGHT, outline(rim, 7))
    plate.lay(PAPER, outline(oval(x, y, wide - 1, wide * flat - 1, turn), 3))
    feed(plate, at, wall, turn)


def feed(plate: Plate, at: Frame, wall: Callable[[float, float], Point], turn: float) -> None:
    """The horn in the middle of the bowl, and the small mirror on three legs above it."""
    focus = at((0, -200))[0]
    legs = [[*at(wall(east, north)), focus] for east, north in ((0.0, -0.72), (-0.66, 0.1), (0.66, 0.1))]
    horn = at((-26, 74), (0, 82), (26, 74), (13, -36), (-13, -36))
    plate.lay(NIGHT, stroke(legs[0], 8))
    plate.lay(PAPER, stroke(legs[0], 3.6))
    plate.lay(NIGHT, outline(horn, 6))
    plate.lay(PAPER, polygon(horn))
    plate.lay(GREY, polygon(at((3, 82), (26, 74), (13, -36), (2, -36))))
    for leg in legs[1:]:
        plate.lay(NIGHT, stroke(leg, 8))
        plate.lay(PAPER, stroke(leg, 3.6))
    plate.lay(NIGHT, disc(*focus, 44, 21, turn))
    plate.lay(STONE, disc(*focus, 39, 16, turn))
    plate.lay(BRICK, disc(*at((0, -218))[0], 7))


STRUTS: Final = (
    (-96, 630, 122, 630), (-62, 572, 92, 572), (-124, 676, 122, 630), (148, 676, -96, 630), (-96, 630, 92, 572),
    (122, 630, -62, 572), (-62, 572, 60, 520), (92, 572, -32, 520),
)  # fmt: skip


def support(plate: Plate, x: float) -> None:
    """The steel frame that carries and turns the dish."""
    for left, right in (((x - 150, 722), (x + 10, 450)), ((x + 170, 722), (x + 30, 450))):
        plate.lay(STONE, stroke([left, right], 13))
    for ax, ay, bx, by in STRUTS:
        plate.lay(GREY, stroke([(x + ax, ay), (x + bx, by)], 6))
    plate.lay(STONE, box(x - 190, 700, x + 210, 728))
    plate.lay(NIGHT, joined(box(x - 178 + 26 * k, 706, x - 166 + 26 * k, 724) for k in range(15)))
    plate.lay(STONE, disc(x + 20, 452, 34))
    plate.lay(NIGHT, disc(x + 20, 452, 20))


def hut(plate: Plate, x: float, y: float) -> None:
    """A low building with lit windows, for scale."""
    plate.lay(GREY, box(x, y - 34, x + 130, y + 8))
    plate.lay(NIGHT, polygon([(x - 6, y - 34), (x + 136, y - 34), (x + 130, y - 42), (x, y - 42)]))
    plate.lay(PAPER, joined(box(x + 14 + 22 * k, y - 22, x + 26 + 22 * k, y - 10) for k in range(5)))
    plate.lay(NIGHT, stroke([(x + 120, y - 40), (x + 120, y - 110)], 2.5))
    plate.lay(BRICK, disc(x + 120, y - 112, 5))


# The rover


def rover_on_ridge() -> Plate:
    """A rover with six wheels on a ridge before a low sun."""
    plate = Plate(SAND)
    sx, sy = 365.0, 420.0
    glow = round_lines(sx, sy, 84, 1080, 15)

    def far(px: float, py: float) -> float:
        return math.hypot(px - sx, py - sy)

    plate.lay(PAPER, engraved(glow, lambda px, py: 0.95 - far(px, py) / 370))
    plate.lay(OCHRE, engraved(glow, lambda px, py: (far(px, py) - 270) / 560))
    plate.lay(RUST, engraved(glow, lambda px, py: (far(px, py) - 690) / 560))
    plate.lay(PAPER, disc(sx, sy, 78))
    for seed, base, height, wide, ink, dark in ((811, 540, 110, 330, OCHRE, RUST), (822, 590, 90, 230, RUST, BRICK)):
        edge = skyline(seed, base, height, wide)
        plate.lay(ink, hills(edge))
        slopes = engraved(slanting_lines(600, 520, 640, 10, 62), hill_shade(edge, 0.9, 150))
        plate.lay(dark, slopes, within=hills(edge))
    ridge = [
        (x, 636 - 46 * math.sin((x - 120) / 420) - 14 * rough(833, x / 190) * (0.1 if 560 < x < 1010 else 1.0))
        for x in range(-6, WIDTH + 12, 6)
    ]
    land = hills(ridge)
    plate.lay(BRICK, land)
    for ink, start, tone in (
        (NIGHT, 834, lambda x, y: 0.1 + (y - 600) / 210 + 0.35 * cloud(99, x / 210, y / 30)),
        (OCHRE, 835, lambda x, y: 0.36 - (y - 600) / 190 + 0.35 * cloud(100, x / 130, y / 22) - abs(x - sx) / 1300),
    ):
        plate.lay(ink, engraved(ground_lines(560, start, 7, 1.02), tone), within=land)
    foot = ridge[129][1] + 5
    shadow = polygon(
        [(590, foot - 3), (980, foot - 6), (1240, foot + 36), (1240, foot + 66), (960, foot + 24), (760, foot + 8)]
    )
    plate.lay(NIGHT, shadow, within=land)
    for x, y, luck in scattered(843, 17, 0, 670, WIDTH, HEIGHT):
        rock(plate, x, y, 6 + (y - 630) / 9 * (0.2 + luck), int(luck * 999), RUST, NIGHT)
    rover(plate, 770, foot, 1.5, SAND, RUST, NIGHT)
    return plate


# The PNG file


def channels(ink: str) -> list[int]:
    """Red, green and blue of an ink."""
    return [int(ink[k : k + 2], 16) for k in (1, 3, 5)]


class Mixer(dict[tuple[int, ...], int]):
    """Which colour of the palette stands for the fine dots of a pixel? The two inks that most have, mixed in thirds."""

    def __init__(self, inks: Sequence[str]) -> None:
        super().__init__()
        self.inks = inks
        self.palette: list[bytes] = []

    def __missing__(self, dots: tuple[int, ...]) -> int:
        (main, most), *others = Counter(sorted(dots)).most_common(2)
        other, fewer = others[0] if others else (main, 0)
        part = round(STEPS * fewer / (most + fewer)) / STEPS
        pairs = zip(channels(self.inks[main]), channels(self.inks[other]), strict=True)
        colour = bytes(round(one * (1 - part) + two * part) for one, two in pairs)
        if colour not in self.palette:
            self.palette.append(colour)
        self[dots] = self.palette.index(colour)
        return self[dots]


def pixels(plate: Plate, mixer: Mixer) -> list[bytes]:
    """The rows of the picture, a byte for each pixel."""
    rows = []
    for top in range(0, HEIGHT * FINE, FINE):
        fine = [plate.rows[top + down][across::FINE] for down in range(FINE) for across in range(FINE)]
        rows.append(bytes(map(mixer.__getitem__, zip(*fine, strict=True))))
    return rows


def chunk(kind: bytes, data: bytes) -> bytes:
    """A part of a PNG file."""
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(plate: Plate) -> bytes:
    """A picture as a PNG file with a palette."""
    mixer = Mixer(plate.inks)
    rows = pixels(plate, mixer)
    plain = b"".join(b"\0" + row for row in rows)
    above = [bytes(WIDTH), *rows]
    raised = b"".join(
        b"\2" + bytes((now - old) & 255 for now, old in zip(row, up, strict=True))
        for row, up in zip(rows, above, strict=False)
    )
    data = min((zlib.compress(plain, 9), zlib.compress(raised, 9)), key=len)
    header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 3, 0, 0, 0)
    parts = [(b"IHDR", header), (b"PLTE", b"".join(mixer.palette)), (b"IDAT", data), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(kind, part) for kind, part in parts)


DRAWINGS: Final[dict[str, Callable[[], Plate]]] = {
    "mars": mars,
    "moon": moon,
    "asteroid": asteroid,
    "jupiter": jupiter,
    "telescope": telescope,
    "rocket": rocket,
    "comet": comet,
    "sun": sun,
    "saturn": saturn,
    "capsule": capsule,
    "antenna": antenna,
    "rover": rover_on_ridge,
}


def main(arguments: Sequence[str]) -> None:
    """Write the pictures, or only those that are named, into a folder."""
    if not arguments:
        sys.exit("Usage: python tools/pictures.py FOLDER [NAME ...]")
    folder = Path(arguments[0])
    folder.mkdir(parents=True, exist_ok=True)
    for name in arguments[1:] or DRAWINGS:
        (folder / f"{name}.png").write_bytes(png(DRAWINGS[name]()))


if __name__ == "__main__":
    main(sys.argv[1:])
