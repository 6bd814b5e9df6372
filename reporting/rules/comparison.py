"""What differs between two documents: place by place, in all languages, with the figures behind it.

Compared is what is printed: a figure that changed in a decimal that is not printed makes no
difference. Parts are matched by what they are (key of a table, code of a section, words of a
paragraph), so that an added paragraph makes only itself different. `matched` compares the figures
of two reports across their periods.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from difflib import SequenceMatcher

from reporting.document import (
    FALLBACK,
    NO_TEXT,
    Cell,
    Chart,
    ChartMark,
    ChartPoint,
    Column,
    Document,
    Figure,
    FigureRef,
    Inline,
    Paragraph,
    Progress,
    Rating,
    Row,
    Table,
    Text,
    figures_of,
)
from reporting.rules import printed
from reporting.rules.alignment import Pair, by_identity
from reporting.rules.places import Identity, Place, Placed, identity, pairs, placed
from reporting.rules.printed import Passage
from reporting.rules.rows import bound_in, first_name, names, row_name, row_said

Runs = tuple[Inline, ...]
Content = Passage | Cell
"""What is printed at a place: sentences of a paragraph by language, or a cell, name or title."""


@dataclass(frozen=True)
class FigureChange:
    """A figure behind a difference, exact; None where the document has no such figure."""

    key: str
    was: Figure | None
    now: Figure | None


@dataclass(frozen=True)
class Difference:
    """What a place says in one document and in the other; None where it has no such place.

    Of a paragraph in both, only the sentences that differ. `figures` are those printed there that
    changed; `codes` name what the figures printed there are of.
    """

    place: Place
    was: Content | None
    now: Content | None
    figures: tuple[FigureChange, ...] = ()
    codes: frozenset[str] = frozenset()

    @property
    def is_of_words(self) -> bool:
        """True if both say something there and neither a figure nor a rating differs."""
        is_graded = isinstance(self.was, (Rating, Progress))
        both = self.was is not None and self.now is not None
        return both and not self.figures and not is_graded


@dataclass(frozen=True)
class Matched:
    """The same figure in two reports: of each report's own period, or of one year in both."""

    of: Identity
    was: Figure | None
    now: Figure | None

    @property
    def change(self) -> Decimal | None:
        """The later value less the earlier one, where both are numbers."""
        if self.was is None or self.now is None:
            return None
        if self.was.value is None or self.now.value is None:
            return None
        return self.now.value - self.was.value


def code_of(key: str) -> str:
    """What a figure is of: `FA2.1` in `FA2.1@2017:actual`."""
    return key.partition("@")[0]


def compare(was: Document, now: Document) -> tuple[Difference, ...]:
    """Every place whose printed figures or words differ, in printed order."""
    return tuple(_Comparison(was, now).differences())


def matched(was: Document, now: Document) -> tuple[Matched, ...]:
    """The figures printed in either report, paired across their periods, in printed order."""
    found: dict[Identity, list[Figure | None]] = {}
    for side, document in enumerate((was, now)):
        for key in figures_of(document):
            if (same := identity(key, own=document.period)) is not None:
                found.setdefault(same, [None, None])[side] = document.figures[key]
    return tuple(Matched(same, *pair) for same, pair in found.items())


def renumbered(
    differences: Iterable[Difference], *, base: Document, issued: Document
) -> tuple[Difference, ...]:
    """Differences from `base`, at the places where `issued` prints the same parts."""
    ours, theirs = placed(issued), placed(base)
    homes = {
        _spot(theirs[there].place): ours[here].place
        for here, there in pairs(ours, theirs)
        if here is not None and there is not None
    }
    found = []
    for one in differences:
        home = homes.get(_spot(one.place), one.place)
        found.append(replace(one, place=replace(one.place, number=home.number, item=home.item)))
    return tuple(found)


def _spot(place: Place) -> tuple[str, int, int, str]:
    """The block that a place stands in, as a key."""
    return place.kind, place.number, place.item, str(place.words.in_language(FALLBACK))


class _Comparison:
    """Two documents while they are compared."""

    def __init__(self, was: Document, now: Document) -> None:
        self.was, self.now = was, now

    def differences(self) -> Iterator[Difference]:
        """All differences, in the order of the first document."""
        ours, theirs = placed(self.was), placed(self.now)
        last = Place("paragraph")
        for here, there in pairs(ours, theirs):
            if here is None:
                if there is not None:
                    yield self.added(theirs[there], last)
                continue
            last = ours[here].place if ours[here].place.kind == "paragraph" else last
            if there is None:
                yield self.difference(ours[here].place, _whole(ours[here]), None)
            else:
                yield from self.of(ours[here], theirs[there])

    def added(self, one: Placed, last: Place) -> Difference:
        """A block that only the second document has."""
        place = one.place
        if place.kind == "paragraph":
            place = replace(last, section=place.section, is_after=True)
        return self.difference(place, None, _whole(one))

    def of(self, was: Placed, now: Placed) -> Iterator[Difference]:
        """What differs between two blocks that answer to each other."""
        first, second = was.block, now.block
        if isinstance(first, Paragraph) and isinstance(second, Paragraph):
            yield from self.paragraphs(was.place, first, second)
        elif isinstance(first, Table) and isinstance(second, Table):
            yield from self.tables(was.place, first, second)
        elif isinstance(first, Chart) and isinstance(second, Chart):
            yield from self.charts(was.place, first, second)
        else:
            yield from self.cells(was.place, was.place.words, now.place.words)

    def paragraphs(self, place: Place, was: Paragraph, now: Paragraph) -> Iterator[Difference]:
        """The sentences of a paragraph that differ, in each language."""
        before: dict[str, Runs] = {}
        after: dict[str, Runs] = {}
        for language in printed.languages_of(was, now):
            quoted = self.sentences(was, now, language)
            if quoted is not None:
                before[language], after[language] = quoted
        if before:
            bound = printed.keys(was.runs) | printed.keys(now.runs)
            yield self.difference(place, before, after, around=bound)

    def sentences(self, was: Paragraph, now: Paragraph, language: str) -> tuple[Runs, Runs] | None:
        """The sentences that differ in one language, on both sides; None if none does.

        A sentence that stands on one side only is quoted with the one beside it.
        """
        ours = printed.sentences(printed.read(was, language))
        theirs = printed.sentences(printed.read(now, language))
        steps = SequenceMatcher(
            None,
            [self.said(one, self.was, language) for one in ours],
            [self.said(one, self.now, language) for one in theirs],
            autojunk=False,
        ).get_opcodes()
        changed = [step[1:] for step in steps if step[0] != "equal"]
        if not changed:
            return None
        left = [place for first, end, _j, _k in changed for place in range(first, end)]
        right = [place for _i, _e, first, end in changed for place in range(first, end)]
        if not (left and right):
            beside = _beside(changed[0], len(ours), len(theirs))
            left, right = sorted([*left, *beside[0]]), sorted([*right, *beside[1]])
        return (
            printed.joined([(place, ours[place]) for place in left], language),
            printed.joined([(place, theirs[place]) for place in right], language),
        )

    def said(self, sentence: Runs, document: Document, language: str) -> str:
        """A sentence as printed."""
        return "".join(printed.inline(run, document, language) for run in sentence).strip()

    def tables(self, place: Place, was: Table, now: Table) -> Iterator[Difference]:
        """The title, note and column heads that differ, then the cells, row by row."""
        bound = bound_in(*was.rows, *now.rows)
        yield from self.cells(place, was.title, now.title, bound)
        yield from self.cells(place, was.note or None, now.note or None, bound)
        columns = by_identity(was.columns, now.columns, _key, _head)
        for here, there in columns:
            before = was.columns[here].heading if here is not None else None
            after = now.columns[there].heading if there is not None else None
            column = replace(place, column=before or after or NO_TEXT)
            yield from self.cells(column, before, after, bound)
        for here, there in by_identity(was.rows, now.rows, names, first_name):
            if here is None or there is None:
                yield self.row(place, was, now, (here, there))
            else:
                yield from self.rows(place, was, (was.rows[here], now.rows[there]), columns)

    def rows(
        self, place: Place, was: Table, rows: tuple[Row, Row], columns: Sequence[Pair]
    ) -> Iterator[Difference]:
        """The cells of two rows that answer to each other."""
        name, bound = row_name(rows[0]), bound_in(*rows)
        if "group" in {row.kind for row in rows}:
            yield from self.cells(replace(place, row=name), rows[0].cells[0], rows[1].cells[0])
            return
        for here, there in columns:
            if here is not None and there is not None:
                cell = replace(place, row=name, column=was.columns[here].heading)
                yield from self.cells(cell, rows[0].cells[here], rows[1].cells[there], bound)

    def row(self, place: Place, was: Table, now: Table, at: Pair) -> Difference:
        """A row that only one of the documents has, its cells named."""
        here, there = at
        table, number = (was, here) if here is not None else (now, there or 0)
        row = table.rows[number]
        said = row_said(row, table)
        before, after = (said, None) if here is not None else (None, said)
        return self.difference(replace(place, row=row_name(row)), before, after)

    def charts(self, place: Place, was: Chart, now: Chart) -> Iterator[Difference]:
        """The title and note that differ, then the points, then the marks."""
        bound = {point.figure for chart in (was, now) for point in chart.points if point.figure}
        yield from self.cells(place, was.title, now.title, bound)
        yield from self.cells(place, was.note or None, now.note or None, bound)
        labels = {point.key: point.label for chart in (now, was) for point in chart.points}
        for here, there in by_identity(was.points, now.points, _point):
            before = was.points[here] if here is not None else None
            after = now.points[there] if there is not None else None
            either = before or after
            at = replace(place, column=either.label if either else NO_TEXT)
            yield from self.cells(at, _drawn(before), _drawn(after), bound)
            if before and after:
                yield from self.cells(at, before.label, after.label)
                yield from self.cells(at, before.progress, after.progress, bound)
        for here, there in by_identity(was.marks, now.marks, _mark):
            first = was.marks[here] if here is not None else None
            second = now.marks[there] if there is not None else None
            mark = first or second
            if mark is not None:
                at = replace(place, row=mark.label, column=labels.get(mark.point, NO_TEXT))
                yield from self.cells(at, _height(first), _height(second), bound)

    def cells(
        self, place: Place, was: Cell | None, now: Cell | None, bound: Iterable[str] = ()
    ) -> Iterator[Difference]:
        """A cell, title or name, if it differs."""
        if printed.cell(was, self.was) != printed.cell(now, self.now):
            yield self.difference(place, was, now, around=bound)

    def difference(
        self,
        place: Place,
        was: Content | None,
        now: Content | None,
        *,
        around: Iterable[str] = (),
    ) -> Difference:
        """A difference with the figures behind it; `around` are others printed beside it."""
        keys = sorted(_keys(was) | _keys(now))
        changes = [
            FigureChange(key, self.was.figures.get(key), self.now.figures.get(key)) for key in keys
        ]
        return Difference(
            place,
            was,
            now,
            tuple(change for change in changes if _has_changed(change)),
            frozenset(map(code_of, [*keys, *around])),
        )


def _beside(step: tuple[int, int, int, int], ours: int, theirs: int) -> tuple[list[int], list[int]]:
    """The sentence on both sides before a change, else the one after it, if there is one."""
    first, end, other, other_end = step
    if first and other:
        return [first - 1], [other - 1]
    if end < ours and other_end < theirs:
        return [end], [other_end]
    return [], []


def _has_changed(change: FigureChange) -> bool:
    if change.was is None or change.now is None:
        return True
    return (change.was.value, change.was.nothing) != (
        change.now.value,
        change.now.nothing,
    ) or printed.figure(change.was) != printed.figure(change.now)


def _keys(content: Content | None) -> set[str]:
    """The figures printed in a content."""
    if isinstance(content, FigureRef):
        return {content.key}
    if content is None or isinstance(content, (Text, Rating, Progress)):
        return set()
    return printed.keys(content)


def _whole(one: Placed) -> Content:
    """All that a block says, where it has no counterpart: a paragraph, or a title."""
    return one.block.runs if isinstance(one.block, Paragraph) else one.place.words


def _key(column: Column) -> str:
    return column.key


def _head(column: Column) -> str:
    return str(column.heading.in_language(FALLBACK))


def _point(point: ChartPoint) -> str:
    return point.key


def _mark(mark: ChartMark) -> tuple[str, str]:
    return mark.point, mark.kind


def _drawn(point: ChartPoint | None) -> FigureRef | None:
    return FigureRef(point.figure) if point is not None and point.figure else None


def _height(mark: ChartMark | None) -> FigureRef | None:
    return FigureRef(mark.figure) if mark is not None else None
