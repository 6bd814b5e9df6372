"""Bars: a chart of rows, the progress bullet and the bar of one table row, as SVG text."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from habitat_plan.kit.drawing import Label, Pen, Theme, escaped, mirrored, px, text_width, wrapped

_LINE = Decimal(14)  # from one line of a label to the next
_BULLET_TARGET, _BULLET_END = Decimal(132), Decimal("150.5")


@dataclass(frozen=True)
class Bar:
    """One row of a bar chart; `quiet` rows ("not disaggregated") are pale."""

    label: str
    value: Decimal | None
    quiet: bool = False


def bars(
    rows: Sequence[Bar],
    *,
    name: str,
    number: Callable[[Decimal], str],
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


def _share(value: Decimal | None, maximum: Decimal) -> Decimal:
    """A value as per cent of the highest, between 0 and 100."""
    if value is None or maximum <= 0:
        return Decimal(0)
    return min(max(value * 100 / maximum, Decimal(0)), Decimal(100))
