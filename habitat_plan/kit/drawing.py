"""The pen the charts are drawn with: colours, letters, round axis steps and safe SVG text."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from html import escape

_INTERVALS = 6
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")


@dataclass(frozen=True)
class Theme:
    """Colours and letters written into the SVG itself, for where no stylesheet reaches."""

    font_family: str = "Noto Sans, Noto Naskh Arabic, Noto Sans SC"
    ink: str = "#14212d"
    ink_2: str = "#414f5b"
    ink_3: str = "#586672"
    paper: str = "#ffffff"
    track: str = "#e8edf1"
    edge: str = "#74828e"
    accent: str = "#0b5688"
    band: str = "#cfd9e1"
    grid: str = "#e1e7ec"
    achieved: str = "#0a655a"
    ontrack: str = "#0b5688"
    offtrack: str = "#974200"
    noprogress: str = "#861c4d"
    notrated: str = "#414f5b"

    def attributes(self, role: str, status: str = "") -> str:
        """The presentation attributes of one role of mark."""
        line = f'fill="none" stroke="{self.accent}" stroke-linejoin="round"'
        letters = f'font-family="{self.font_family}"'
        bar = getattr(self, status) if status else self.accent
        return {
            "axis": f'fill="none" stroke="{self.edge}"',
            "grid": f'fill="none" stroke="{self.grid}"',
            "line": f'{line} stroke-width="2.25"',
            "line weak": f'{line} stroke-width="1.75" stroke-dasharray="2 4"',
            "pub": f'fill="none" stroke="{self.edge}" stroke-width="1.5"',
            "dot": f'fill="{self.accent}"',
            "hollow": f'fill="{self.paper}" stroke="{self.accent}" stroke-width="1.75"',
            "base": f'fill="none" stroke="{self.ink}" stroke-dasharray="1 3"',
            "target": f'fill="none" stroke="{self.ink}" stroke-width="2.5"',
            "target-old": f'fill="none" stroke="{self.edge}" stroke-width="2" '
            'stroke-dasharray="3 2"',
            "expected": f'fill="none" stroke="{self.ink}" stroke-width="1.5"',
            "v": f'{letters} font-size="12" font-weight="600" fill="{self.ink}"',
            "s": f'{letters} font-size="11" fill="{self.ink_3}"',
            "l": f'{letters} font-size="12" fill="{self.ink_2}"',
            "k1": f'fill="{self.accent}"',
            "kb": f'fill="{self.band}"',
            "track": f'fill="{self.track}"',
            "band": f'fill="{self.band}"',
            "bar": f'fill="{bar}"',
            "tgt": f'fill="{self.ink}"',
            "none": f'fill="none" stroke="{self.edge}" stroke-dasharray="2 2"',
        }[role]


DOCUMENT_THEME = Theme()


def ticks(low: Decimal, high: Decimal, *, whole: bool) -> list[Decimal]:
    """Round values from at or below `low` to at or above `high`, about six steps apart.

    `whole`: counts have no ticks between whole numbers.
    """
    raw = (high - low) / _INTERVALS if high > low else Decimal(1)
    unit = Decimal(1).scaleb(raw.adjusted())
    steps = [unit * factor for factor in (1, 2, Decimal("2.5"), 5, 10)]
    step = next(s for s in steps if s >= raw and (not whole or s % 1 == 0 or s < 1))
    if whole:
        step = max(step, Decimal(1))
    first = (low / step).to_integral_value(ROUND_FLOOR)
    last = max((high / step).to_integral_value(ROUND_CEILING), first + 1)
    return [plain(step * (first + n)) for n in range(int(last - first) + 1)]


@dataclass(frozen=True)
class Label:
    x: Decimal
    y: Decimal
    text: str
    role: str
    anchor: str = "start"


@dataclass(frozen=True)
class Pen:
    """Writes marks either with classes or with the attributes of a theme."""

    theme: Theme | None

    def look(self, role: str, status: str = "") -> str:
        return self.theme.attributes(role, status) if self.theme else f'class="{role}"'

    def path(self, role: str, d: str, status: str = "") -> str:
        return f'<path {self.look(role, status)} d="{d}"/>'

    def dot(self, role: str, x: Decimal, y: Decimal, radius: str) -> str:
        return f'<circle {self.look(role)} cx="{px(x)}" cy="{px(y)}" r="{radius}"/>'

    def text(self, label: Label) -> str:
        anchor = "" if label.anchor == "start" else f' text-anchor="{label.anchor}"'
        return (
            f'<text {self.look(label.role)} x="{px(label.x)}" y="{px(label.y)}"{anchor}>'
            f"{isolated(label.text)}</text>"
        )

    def picture(self, name: str, width: int, height: int, parts: Iterable[str]) -> str:
        """The whole chart. Anchors of text count from the left in every language."""
        size = (
            f'xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}"'
            if self.theme
            else 'class="chart"'
        )
        return (
            f'<svg {size} viewBox="0 0 {width} {height}" direction="ltr" role="img" '
            f'aria-label="{escaped(name)}">{"".join(parts)}</svg>'
        )

    def ornament(self, classes: str, box: tuple[int, int], parts: Iterable[str]) -> str:
        """A small mark beside its own figure in text, so silent for a screen reader."""
        size = (
            f'xmlns="http://www.w3.org/2000/svg" width="{box[0]}" height="{box[1]}"'
            if self.theme
            else f'class="{classes}"'
        )
        return (
            f'<svg {size} viewBox="0 0 {box[0]} {box[1]}" aria-hidden="true">{"".join(parts)}</svg>'
        )


def plain(value: Decimal) -> Decimal:
    """The same number without an exponent, so that any way of printing it prints digits."""
    return Decimal(f"{value.normalize():f}")


def px(value: Decimal) -> str:
    """A place on the paper to a tenth of a pixel."""
    text = f"{value:.1f}".removesuffix(".0")
    return "0" if text == "-0" else text


def escaped(text: str) -> str:
    """Text that may stand in SVG: markup escaped, characters XML forbids left out."""
    return escape(_FORBIDDEN.sub("", text))


def isolated(text: str) -> str:
    """Escaped text; words written from right to left keep their own order of reading."""
    return f"\u2067{escaped(text)}\u2069" if _RIGHT_TO_LEFT.search(text) else escaped(text)


def text_width(text: str) -> Decimal:
    """About how wide a text is at 12 px: no font is read, so it errs to the wide side."""
    wide = sum(1 for c in text if unicodedata.east_asian_width(c) in "WF")
    silent = sum(1 for c in text if unicodedata.combining(c) or unicodedata.category(c) == "Cf")
    return Decimal("12.5") * wide + Decimal("6.9") * (len(text) - wide - silent)


def wrapped(text: str, width: Decimal) -> list[str]:
    """The lines of a text; a word wider than a line is broken, as Chinese is."""
    pieces = text.split(" ")
    if any(text_width(piece) > width for piece in pieces):
        pieces, glue = list(text), ""
    else:
        glue = " "
    lines = [pieces[0]]
    for piece in pieces[1:]:
        longer = f"{lines[-1]}{glue}{piece}"
        if text_width(longer) <= width:
            lines[-1] = longer
        else:
            lines.append(piece)
    return lines


def mirrored(label: Label, width: int, right_to_left: bool) -> Label:
    """The label as it stands where reading starts from the right."""
    return replace(label, x=width - label.x, anchor="end") if right_to_left else label
