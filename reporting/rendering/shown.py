"""What a page of a document shows, block by block: plain values for the templates.

`template` is that of the site, `file` that of the HTML file.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from django.utils.safestring import SafeString

from habitat_plan.kit.charts import Bar, Mark, Point


@dataclass(frozen=True)
class ShownHeading:
    """A heading; `level` is that of the page, where the title of the document is the first."""

    template: ClassVar[str] = "reporting/blocks/heading.html"
    file: ClassVar[str] = "heading.html"
    anchor: str
    level: int
    words: str


@dataclass(frozen=True)
class ShownParagraph:
    """A paragraph. `sentence` is safe; `is_fallback` where it stands in another language.

    `anchor` is `p12` for paragraph 12 and `p12-1` for the first that follows it without a number.
    `mark` is what stands before it: `12.`, or `(a)` for a subparagraph (`is_item`).
    """

    template: ClassVar[str] = "reporting/blocks/paragraph.html"
    file: ClassVar[str] = "paragraph.html"
    number: int
    shown_number: str
    anchor: str
    mark: str
    is_item: bool
    sentence: SafeString
    language: str
    direction: str
    is_fallback: bool


@dataclass(frozen=True)
class ShownCell:
    """A cell: `kind` is text, code, number, nothing, rating or progress.

    `origin` leads to where its figure comes from. `picture` is the sign of a rating or the bar of
    a progress, where the page has no components for them.
    """

    kind: str
    words: str = ""
    is_head: bool = False
    status: str = ""
    reason: str = ""
    achievement: Decimal | None = None
    expected: Decimal | None = None
    origin: str = ""
    is_latin: bool = False
    picture: str = ""


@dataclass(frozen=True)
class ShownRow:
    """A row of a table: `kind` is empty, group or total."""

    kind: str
    cells: tuple[ShownCell, ...]


@dataclass(frozen=True)
class ShownTable:
    """A table with its caption; `behind` is where its figures come from."""

    template: ClassVar[str] = "reporting/blocks/table.html"
    file: ClassVar[str] = "table.html"
    anchor: str
    caption: str
    name: str
    columns: tuple[tuple[str, str], ...]
    rows: tuple[ShownRow, ...]
    note: str
    sources: str
    is_illustrative: bool
    has_progress: bool
    behind: str
    signs: str = ""


@dataclass(frozen=True)
class ShownValue:
    """A value of a chart as a row of a table; `origin` leads to where it comes from."""

    label: str
    value: str
    origin: str = ""
    is_latin: bool = False


@dataclass(frozen=True)
class ShownChart:
    """A line or bar chart, with its values as the rows of a table."""

    template: ClassVar[str] = "reporting/blocks/chart.html"
    file: ClassVar[str] = "chart.html"
    anchor: str
    kind: str
    caption: str
    alternative: str
    points: tuple[Point, ...]
    bars: tuple[Bar, ...]
    marks: tuple[Mark, ...]
    rows: tuple[ShownValue, ...]
    decimals: int
    in_per_cent: bool
    note: str
    sources: str
    is_illustrative: bool
    picture: str = ""


ShownBlock = ShownHeading | ShownParagraph | ShownTable | ShownChart


@dataclass(frozen=True)
class ShownLine:
    """One line of the arithmetic behind a figure: `evidence` in words, `approval` by whom."""

    label: str
    value: str
    note: str
    evidence: str = ""
    approval: str = ""
    is_latin: bool = False

    @property
    def remarks(self) -> tuple[str, ...]:
        """What is said of the value besides."""
        return tuple(part for part in (self.note, self.evidence, self.approval) if part)


@dataclass(frozen=True)
class Origin:
    """Where one printed figure comes from, as frozen; `code` and `period` lead to it as of now.

    `place` is the anchor of the block that prints it first.
    """

    anchor: str
    reference: str
    label: str
    shown: str
    unit: str
    rule: str
    lines: tuple[ShownLine, ...]
    source: str
    is_illustrative: bool
    code: str = ""
    period: str = ""
    place: str = ""
    is_latin: bool = False
    exact: str = ""


@dataclass(frozen=True)
class Note:
    """A footnote: its number as printed, the citation, the anchors of the marks that cite it."""

    number: int
    shown_number: str
    citation: str
    marks: tuple[str, ...] = ()


@dataclass(frozen=True)
class DocumentPage:
    """All that the page of a document shows."""

    title: str
    plain_title: str
    author: str
    united_nations: str
    organ: str
    symbol_head: str
    symbol_rest: str
    distribution: str
    date: str
    original: str
    session: tuple[str, ...]
    summary_label: str
    summary: tuple[ShownParagraph, ...]
    blocks: tuple[ShownBlock, ...]
    contents: tuple[ShownHeading, ...]
    notes: tuple[Note, ...]
    origins: tuple[Origin, ...]
    illustrative: str
    working_note: str
    fallback_note: str
    has_fallback: bool
