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

from habitat_plan.kit.drawing import (
    DOCUMENT_THEME,
    Label,
    Pen,
    Theme,
    px,
    escaped,
    mirrored,
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

_TOP, _BOTTOM = Decimal(16), Decimal(26)
_LINE = Decimal(14)  # the least distance between two lines of text
_FEW = 8  # up to so many points are drawn as large dots
_NEAR = Decimal(24)  # what a value and its dot need above or below
_TICK = 14  # half the width of a target's bar
_BULLET_TARGET, _BULLET_END = Decimal(132), Decimal("150.5")


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
class Bar:
    """One row of a bar chart; `quiet` rows ("not disaggregated") are pale."""

    label: str
    value: Decimal | None
    quiet: bool = False


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

    def names(self) -> list[str]:
        return [item.x for item in (*self.points, *self.published, *self.marks)]

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


def bars(
    rows: Sequence[Bar],
    *,
    name: str,
    number: Number,
    width: int = 580,
    right_to_left: bool = False,
    theme: Theme | None = None,
) -> str:
    """Horizontal bars on one axis that starts at zero, each with its label and its value.

    Rows without a value keep their label and show no bar. The bars start from the side where
    reading starts.
    """
    pen = Pen(theme)
    values = [row.value for row in rows if row.value is not None]
    low, high = min([Decimal(0), *values]), max([Decimal(0), *values])
    written = max((text_width(number(v)) for v in values), default=Decimal(0)) + 8
    words = Decimal(width) * 2 / 5
    scale = (width - words - written - 8) / ((high - low) or 1)
    parts, y = [], Decimal(4)
    for row in rows:
        lines = wrapped(row.label, words - 12)
        tall = max(len(lines) * _LINE, Decimal(16))
        for place, line in enumerate(lines):
            at = (Decimal(0), y + 12 + place * _LINE)
            parts.append(pen.text(mirrored(Label(*at, line, "l"), width, right_to_left)))
        if row.value is not None:
            start = words + (min(row.value, Decimal(0)) - low) * scale
            long = max(abs(row.value) * scale, Decimal(1))
            left = width - start - long if right_to_left else start
            role = "kb" if row.quiet else "k1"
            parts.append(
                pen.path(
                    role,
                    f"M{px(left)} {px(y + 2)}h{px(long)}v11H{px(left)}z",
                )
            )
            end = Label(start + long + 6, y + 12, number(row.value), "v")
            parts.append(pen.text(mirrored(end, width, right_to_left)))
        y += tall + 8
    return pen.picture(name, width, int(y), parts)


def bullet(
    achievement: Decimal | None,
    expected: Decimal | None,
    status: str,
    theme: Theme | None = None,
) -> str:
    """Progress from baseline (0) to target (1) as a small bar; the words stand beside it.

    `achievement` and `expected` are shares of the way, `status` one of the five ratings. The
    target stands at 132 of 152, so up to 114 per cent is seen. Not rated: a dashed outline.
    """
    pen = Pen(theme)
    status = status.replace("_", "").replace("-", "").lower()
    parts = [pen.path("track", f"M0 3h{_BULLET_TARGET}v10H0z")]
    if expected is not None and expected > 0:
        band = min(expected, Decimal(1)) * _BULLET_TARGET
        parts.append(pen.path("band", f"M0 3h{px(band)}v10H0z"))
    if achievement is None:
        parts.append(pen.path("none", "M.5 5.5h131v5H.5z"))
    else:
        long = min(max(achievement * _BULLET_TARGET, Decimal("1.5")), _BULLET_END)
        parts.append(pen.path("bar", f"M0 5.5h{px(long)}v5H0z", status))
    parts.append(pen.path("tgt", "M131 0h2.5v16H131z"))
    return pen.ornament(f"bullet flip {escaped(status)}", (152, 16), parts)


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


def share_bar(
    value: Decimal | None,
    maximum: Decimal,
    overlap: Decimal | None = None,
    *,
    quiet: bool = False,
) -> str:
    """The bar of one table row, as a share of the table's highest value.

    `overlap` is the part also counted by another office: pale, at the bar's end.
    """
    whole = _share(value, maximum)
    pale = min(_share(overlap, maximum), whole)
    look = ' class="q"' if quiet else ""
    parts = [f'<rect{look} width="{px(whole - pale)}" height="8"/>']
    if pale:
        parts.append(f'<rect class="q" x="{px(whole - pale)}" width="{px(pale)}" height="8"/>')
    return (
        '<svg class="hb flip" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">'
        f"{''.join(parts)}</svg>"
    )


def _fitted(
    shown: _Shown, width: Decimal, height: Decimal, axis: tuple[tuple[Decimal, ...], Decimal]
) -> _Frame:
    """The frame that leaves room for the words on both sides, at most two fifths at the right."""
    places = _places(shown.names())
    edge = shown.at_the_edge(max(places, key=places.__getitem__, default=""))
    words = max((text_width(text) for text in edge if text), default=Decimal(-4))
    return _Frame(
        left=max(text_width(shown.tick(step)) for step in axis[0]) + 10,
        right=width - min(words + 22, width * 2 / 5),
        top=_TOP,
        bottom=height - _BOTTOM,
        steps=axis[0],
        high=axis[1],
        places=places,
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
        unique.sort(key=int)
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
            yield Label(frame.right + _TICK + 6, y + 4, mark.label, role)
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
            yield Label(frame.right + _TICK + 6, y + 4, number(point.y), "v")
            continue
        beside = drawn[place + 1] if place + 1 < len(drawn) else drawn[place - 1]
        slope = (beside.y or Decimal(0)) - point.y
        rising = slope > 0 if place + 1 < len(drawn) else slope < 0
        near = [y - frame.y(m.y) for m in marks if m.x == point.x and m.kind != "baseline"]
        above = (
            not rising and not any(0 < gap < _NEAR for gap in near)
        ) or y + _NEAR > frame.bottom
        shift = Decimal(0) if widest < _NEAR else widest / 2 - 8
        at = max(x, frame.left + shift) if place == 0 else x
        yield Label(at, y - 9 if above else y + 19, number(point.y), "v", "middle")


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


def _share(value: Decimal | None, maximum: Decimal) -> Decimal:
    """A value as per cent of the highest, between 0 and 100."""
    if value is None or maximum <= 0:
        return Decimal(0)
    return min(max(value * 100 / maximum, Decimal(0)), Decimal(100))
