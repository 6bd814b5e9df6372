"""Charts as SVG text: one small module for pages and issued documents alike.

Exact decimals in, escaped SVG out; no database, no request, no drawing library. Without a theme
the marks carry classes and the stylesheet of the site colours them; with a theme they carry
presentation attributes, so that typst and a converter to PNG draw the same picture.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise
from typing import Literal

from habitat_plan.kit.bar_charts import Bar, bars, bullet, share_bar
from habitat_plan.kit.drawing import (
    DOCUMENT_THEME,
    Label,
    Pen,
    Theme,
    px,
    text_width,
    ticks,
    wrapped,
)

__all__ = [
    "DOCUMENT_THEME",
    "Bar",
    "Mark",
    "Point",
    "Theme",
    "bars",
    "bullet",
    "line_chart",
    "share_bar",
    "spark",
]

Number = Callable[[Decimal], str]
Kind = Literal["target", "target-old", "expected", "baseline"]

_EVERY_YEAR = 10  # a shorter span shows each of its years, also those without a value
_TOP, _BOTTOM = Decimal(16), Decimal(26)
_LINE = Decimal(14)  # the least distance between two lines of text
_FEW = 8  # up to so many points are drawn as large dots
_NEAR = Decimal(24)  # what a value and its dot need above or below
_ANCHOR = {True: "start", False: "middle"}
_TICK = 14  # half the width of a target's bar
_MARGIN = 22  # beside the words at the right edge
_NEXT = Decimal("0.001")  # keeps the lines of one label together until they are spread


@dataclass(frozen=True)
class Point:
    """A value at a year (or a named step); no value leaves a gap in the line.

    `weak`: what reported covers less than two thirds, so it is drawn hollow and dotted.
    """

    x: str
    y: Decimal | None
    weak: bool = False


@dataclass(frozen=True)
class Mark:
    """A target, a target since revised, what was expected by then, or the baseline.

    `label` is printed whole ("110 target"), since the order of words differs by language;
    an empty one prints nothing.
    """

    x: str
    y: Decimal
    kind: Kind
    label: str


@dataclass(frozen=True)
class _Frame:
    """Where values and years stand on the paper."""

    left: Decimal
    right: Decimal
    top: Decimal
    bottom: Decimal
    steps: tuple[Decimal, ...]
    high: Decimal
    places: dict[str, Decimal]
    room: Decimal = Decimal(0)  # for words at the right of the frame

    def y(self, value: Decimal) -> Decimal:
        low = self.steps[0]
        return self.bottom - (value - low) / (self.high - low) * (self.bottom - self.top)

    def x(self, name: str) -> Decimal:
        return self.left + self.places[name] * (self.right - self.left)


@dataclass(frozen=True)
class _Shown:
    """All that one line chart shows."""

    points: Sequence[Point]
    marks: Sequence[Mark]
    published: Sequence[Point]
    published_label: str
    number: Number
    tick: Number

    @property
    def values(self) -> list[Decimal]:
        both = [p.y for p in (*self.points, *self.published) if p.y is not None]
        return both + [mark.y for mark in self.marks]

    @property
    def names(self) -> list[str]:
        return [p.x for p in (*self.points, *self.published)] + [m.x for m in self.marks]

    def at_the_edge(self, last: str) -> list[str]:
        """The texts that stand to the right of the frame."""
        marks = [m.label for m in self.marks if m.kind == "baseline" or m.x == last]
        values = [self.number(p.y) for p in self.points if p.x == last and p.y is not None]
        return [*marks, *values, self.published_label]


def line_chart(
    points: Sequence[Point],
    *,
    marks: Sequence[Mark] = (),
    published: Sequence[Point] = (),
    published_label: str = "",
    name: str,
    number: Number,
    tick: Number | None = None,
    width: int = 580,
    height: int = 250,
    zero: bool = True,
    maximum: Decimal | None = None,
    theme: Theme | None = None,
) -> str:
    """Values over time with their targets; time runs from left to right in every language.

    `name` is a sentence that says what the chart shows. `number` prints a value and `tick` a
    value of the axis (the same unless given). `published` is a quiet second series, usually the
    custodian's own figure. Years keep their distances; other steps stand evenly. `maximum` fixes
    the top of the axis for charts that are compared; it gives way to a higher value.
    """
    pen = Pen(theme)
    shown = _Shown(points, marks, published, published_label, number, tick or number)
    frame = _fitted(shown, Decimal(width), Decimal(height), _axis(shown.values, zero, maximum))
    parts = [
        *_axes(pen, frame, shown.tick),
        *_marks(pen, frame, marks),
        *(pen.path("pub", d) for d, _ in _runs(frame, published)),
        *(pen.path("line weak" if weak else "line", d) for d, weak in _runs(frame, points)),
        *_dots(pen, frame, points),
        *(pen.text(label) for label in _spread([*_labels(frame, shown)], frame)),
    ]
    return pen.picture(name, width, height, parts)


def spark(values: Sequence[Decimal | None], theme: Theme | None = None) -> str:
    """The shape of a series in the height of a line, with a dot at its last value."""
    pen = Pen(theme)
    given = [v for v in values if v is not None]
    if not given:
        return pen.ornament("spark", (88, 24), ())
    low, high = min(given), max(given)
    margin = (high - low) / 8 or Decimal(1)
    frame = _Frame(
        left=Decimal(3),
        right=Decimal(85),
        top=Decimal(2),
        bottom=Decimal(22),
        steps=(low - margin,),
        high=high + margin,
        places=_places([str(place) for place in range(len(values))]),
    )
    points = [Point(str(place), value) for place, value in enumerate(values)]
    end = next(p for p in reversed(points) if p.y is not None)
    parts = [pen.path("line", d) for d, _ in _runs(frame, points)]
    parts.append(pen.dot("dot", frame.x(end.x), frame.y(end.y or Decimal(0)), "2.6"))
    return pen.ornament("spark", (88, 24), parts)


def _fitted(
    shown: _Shown, width: Decimal, height: Decimal, axis: tuple[tuple[Decimal, ...], Decimal]
) -> _Frame:
    """The frame that leaves room for the words on both sides, at most two fifths at the right."""
    places = _places(shown.names)
    edge = shown.at_the_edge(max(places, key=places.__getitem__, default=""))
    words = max((text_width(text) for text in edge if text), default=Decimal(-4))
    words = min(words, width * 2 / 5 - _MARGIN)
    return _Frame(
        left=max(text_width(shown.tick(step)) for step in axis[0]) + 10,
        right=width - words - _MARGIN,
        top=_TOP,
        bottom=height - _BOTTOM,
        steps=axis[0],
        high=axis[1],
        places=places,
        room=words,
    )


def _axis(
    values: Sequence[Decimal], zero: bool, maximum: Decimal | None
) -> tuple[tuple[Decimal, ...], Decimal]:
    """The axis' ticks and its top."""
    least = min(values, default=Decimal(0))
    low = min(least, Decimal(0)) if zero else least
    greatest = max([*values, low])
    top = max(greatest, maximum) if maximum is not None else greatest
    steps = ticks(low, top, whole=all(v % 1 == 0 for v in values))
    if maximum is not None and top == maximum and maximum > low:
        steps = [s for s in steps if s <= maximum]
        return tuple(steps), max(maximum, steps[-1])
    return tuple(steps), steps[-1]


def _places(names: Sequence[str]) -> dict[str, Decimal]:
    """Each year's or step's place between 0 and 1, in order."""
    unique = list(dict.fromkeys(names))
    if unique and all(name.isdecimal() for name in unique):
        years = sorted(int(name) for name in unique)
        if years[-1] - years[0] <= _EVERY_YEAR:
            years = [*range(years[0], years[-1] + 1)]
        unique = [str(year) for year in years]
        at = [Decimal(name) for name in unique]
    else:
        at = [Decimal(place) for place in range(len(unique))]
    span = (at[-1] - at[0]) if at else Decimal(0)
    return {
        n: (a - at[0]) / span if span else Decimal("0.5") for n, a in zip(unique, at, strict=True)
    }


def _axes(pen: Pen, frame: _Frame, tick: Number) -> Iterator[str]:
    """The horizontal lines with their values, and the years under them."""
    across = f"H{px(frame.right)}"
    for step in frame.steps:
        y = frame.y(step)
        role = "axis" if step == max(frame.steps[0], Decimal(0)) else "grid"
        yield pen.path(role, f"M{px(frame.left)} {px(y)}{across}")
        yield pen.text(Label(frame.left - 6, y + 4, tick(step), "s", "end"))
    names = list(frame.places)
    free = Decimal(-100)
    for name in names:
        half = text_width(name) / 2
        x = frame.x(name)
        crowds_last = name != names[-1] and x + half + 6 > frame.x(names[-1]) - half
        if x - half >= free and not crowds_last:
            yield pen.text(Label(x, frame.bottom + 18, name, "s", "middle"))
            free = x + half + 6


def _runs(frame: _Frame, points: Sequence[Point]) -> list[tuple[str, bool]]:
    """The line in pieces: broken where nothing was reported, dotted beside weak points."""
    runs: list[tuple[str, bool, Point]] = []
    for one, two in pairwise(points):
        if one.y is None or two.y is None:
            continue
        weak = one.weak or two.weak
        end = f" {px(frame.x(two.x))},{px(frame.y(two.y))}"
        if runs and runs[-1][1:] == (weak, one):
            runs[-1] = (runs[-1][0] + end, weak, two)
        else:
            start = f"M{px(frame.x(one.x))},{px(frame.y(one.y))}"
            runs.append((start + end, weak, two))
    return [(d, weak) for d, weak, _ in runs]


def _dots(pen: Pen, frame: _Frame, points: Sequence[Point]) -> Iterator[str]:
    size = "4" if len(points) <= _FEW else "3"
    for point in points:
        if point.y is not None:
            role = "hollow" if point.weak else "dot"
            yield pen.dot(role, frame.x(point.x), frame.y(point.y), size)


def _marks(pen: Pen, frame: _Frame, marks: Sequence[Mark]) -> Iterator[str]:
    for mark in marks:
        x, y = frame.x(mark.x), px(frame.y(mark.y))
        if mark.kind == "baseline":
            yield pen.path("base", f"M{px(frame.left)} {y}H{px(frame.right)}")
        else:
            yield pen.path(mark.kind, f"M{px(x - _TICK)} {y}h{2 * _TICK}")


def _mark_labels(frame: _Frame, marks: Sequence[Mark], points: Sequence[Point]) -> Iterator[Label]:
    """Each mark's name: at the right edge, or above its bar where the line goes on."""
    reported = [frame.x(p.x) for p in points if p.y is not None]
    for mark in marks:
        if not mark.label:
            continue
        x, y = frame.x(mark.x), frame.y(mark.y)
        role = "v" if mark.kind == "target" else "s"
        if mark.kind == "baseline" or x == frame.right:
            for place, line in enumerate(wrapped(mark.label, frame.room)):
                yield Label(frame.right + _TICK + 6, y + 4 + place * _NEXT, line, role)
        elif any(place > x for place in reported):
            yield Label(x, y - 7, mark.label, role, "middle")
        else:
            yield Label(x + _TICK + 5, y + 4, mark.label, role)


def _value_labels(
    frame: _Frame, points: Sequence[Point], marks: Sequence[Mark], number: Number
) -> Iterator[Label]:
    """Values beside their dots: all where there is room, else the first and the last."""
    drawn = [p for p in points if p.y is not None]
    widest = max((text_width(number(p.y)) for p in drawn if p.y is not None), default=Decimal(0))
    roomy = all(frame.x(b.x) - frame.x(a.x) > widest + 6 for a, b in pairwise(drawn))
    for place, point in enumerate(drawn):
        if point.y is None or not (roomy or place in {0, len(drawn) - 1}):
            continue
        x, y = frame.x(point.x), frame.y(point.y)
        if x == frame.right:
            marked = any(mark.x == point.x for mark in marks)
            yield Label(x + (_TICK + 6 if marked else 8), y + 4, number(point.y), "v")
            continue
        beside = drawn[place + 1] if place + 1 < len(drawn) else drawn[place - 1]
        slope = (beside.y or Decimal(0)) - point.y
        rising = slope > 0 if place + 1 < len(drawn) else slope < 0
        lines = [frame.y(m.y) - y for m in marks if m.kind == "baseline" or m.x == point.x]
        height = y - 9 if _above(rising, lines, frame.bottom - y) else y + 19
        first = place == 0
        yield Label(x + (2 if first else 0), height, number(point.y), "v", _ANCHOR[first])


def _above(rising: bool, lines: Sequence[Decimal], room: Decimal) -> bool:
    """Whether a value stands above its dot: away from the line, from marks and from the axis."""
    if room < _NEAR:
        return True
    free_above = not any(-_NEAR < line < 0 for line in lines)
    free_below = not any(0 < line < _NEAR for line in lines)
    return free_above and not (rising and free_below)


def _spread(labels: Sequence[Label], frame: _Frame) -> list[Label]:
    """The labels at the right edge moved apart, so that none covers another."""
    edge = sorted((label for label in labels if label.x > frame.right), key=lambda at: at.y)
    apart: list[Label] = []
    for label in edge:
        y = max(label.y, apart[-1].y + _LINE) if apart else label.y
        apart.append(replace(label, y=y))
    floor = frame.bottom + 4
    for place in range(len(apart) - 1, -1, -1):
        apart[place] = replace(apart[place], y=min(apart[place].y, floor))
        floor = apart[place].y - _LINE
    return [*(label for label in labels if label.x <= frame.right), *apart]


def _labels(frame: _Frame, shown: _Shown) -> Iterator[Label]:
    yield from _mark_labels(frame, shown.marks, shown.points)
    yield from _value_labels(frame, shown.points, shown.marks, shown.number)
    drawn = [p.y for p in shown.published if p.y is not None]
    if shown.published_label and drawn:
        edge = frame.right + _TICK + 6
        yield Label(edge, frame.y(drawn[-1]) + 4, shown.published_label, "s")
