"""What the pages of corrections and comparisons show: places, words and figures, ready to print."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from habitat_plan.kit import formats
from reporting.assembly.changes import place_text, shown, why
from reporting.assembly.corrigendum import anchor
from reporting.document import Document, Figure, Text
from reporting.models import Report
from reporting.queries import title_of
from reporting.queries.comparisons import Compared
from reporting.queries.corrections import Corrigendum, Touched, corrections_of
from reporting.rendering.numbers import Numbers
from reporting.rendering.reading import Reader
from reporting.rules.comparison import Difference, Matched, compare, matched

WHATS: Mapping[str, str | Promise] = {
    "baseline": _("baseline"),
    "actual": _("actual"),
    "target": _("target"),
    "first": _("target first set"),
    "change": _("change since the baseline"),
    "progress": _("way from baseline to target"),
    "expected": _("way expected by then"),
}
_LETTERS = r"[^\W\u3400-\u9fff]+"
_WORDS = re.compile(rf"\s+|[\u3400-\u9fff]|{_LETTERS}(?:[.,–-]{_LETTERS})*|.", re.DOTALL)
_PAGE = re.compile(r"p\d|table-|figure-")


@dataclass(frozen=True)
class ShownChange:
    """A place that differs: its name and anchor in the report, its words, and why."""

    place: str
    anchor: str
    was: str
    now: str
    why: str = ""
    pieces: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class TouchedReport:
    """An issued report with what later corrections touch in it."""

    report: Report
    title: str
    changes: tuple[ShownChange, ...]
    draft: Report | None
    is_illustrative: bool


@dataclass(frozen=True)
class CorrectedPlace:
    """A place that a corrigendum corrects, and its figures as printed: was and is."""

    name: str
    anchor: str
    figures: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class ShownCorrigendum:
    """An issued corrigendum on the page of the report that it corrects."""

    ordinal: int
    symbol: str
    slug: str
    dated: str
    places: tuple[CorrectedPlace, ...]


@dataclass(frozen=True)
class FigureRow:
    """A figure in two reports. `period` is a year, or empty for each report's own period."""

    code: str
    label: str
    what: str | Promise
    period: str
    was: str
    now: str
    change: str


@dataclass(frozen=True)
class ComparedPage:
    """Two documents side by side."""

    earlier: Report
    later: Report
    earlier_title: str
    later_title: str
    is_in_work: bool
    figures: tuple[FigureRow, ...]
    only_earlier: tuple[str, ...]
    only_later: tuple[str, ...]
    texts: tuple[ShownChange, ...]
    cells: tuple[ShownChange, ...]
    is_illustrative: bool


def touched_page(found: Iterable[Touched], language: str) -> list[TouchedReport]:
    """The touched reports in the language of the page."""
    return [
        TouchedReport(
            one.report,
            title_of(one.report.kind),
            tuple(
                _change(change.difference, one.base, one.today, language, why(change.causes))
                for change in one.changes
            ),
            one.draft if one.draft and one.draft.document_id else None,
            any(figure.illustrative for figure in one.today.figures.values()),
        )
        for one in found
    ]


def corrigenda_shown(corrigenda: Iterable[Report], language: str) -> tuple[ShownCorrigendum, ...]:
    """What the issued ones of some corrigenda correct, in the language of the page. One query."""
    return tuple(_corrigendum(one, language) for one in corrections_of(corrigenda))


def _corrigendum(one: Corrigendum, language: str) -> ShownCorrigendum:
    numbers, report = Numbers.of(one.document, language), one.report
    return ShownCorrigendum(
        report.ordinal,
        report.symbol,
        report.slug,
        numbers.date(report.issued_on) if report.issued_on else "",
        tuple(
            CorrectedPlace(
                str(place.place.in_language(language)),
                _linked(place.anchor),
                tuple(
                    (_figure(was, one.document, language), _figure(now, one.document, language))
                    for was, now in place.figures
                ),
            )
            for place in one.corrections
        ),
    )


def _linked(anchor_of: str) -> str:
    """The anchor, if there is one on the page."""
    return anchor_of if _PAGE.match(anchor_of) else ""


def _change(
    one: Difference, was: Document, now: Document, language: str, cause: Text | None = None
) -> ShownChange:
    before, after = shown(one.was, was, language), shown(one.now, now, language)
    return ShownChange(
        place=str(place_text(one.place).in_language(language)),
        anchor=_linked(anchor(one.place)),
        was=before,
        now=after,
        why=str(cause.in_language(language)) if cause else "",
        pieces=tuple(pieces(before, after)),
    )


def pieces(was: str, now: str) -> Iterator[tuple[str, str]]:
    """Two texts as one: pieces that are in both (empty), removed (`del`) or added (`ins`)."""
    ours, theirs = _WORDS.findall(was), _WORDS.findall(now)
    for step, first, end, other, other_end in SequenceMatcher(
        None, ours, theirs, autojunk=False
    ).get_opcodes():
        if step == "equal":
            yield "", "".join(ours[first:end])
            continue
        if first < end:
            yield "del", "".join(ours[first:end])
        if other < other_end:
            yield "ins", "".join(theirs[other:other_end])


def compared_page(found: Compared, language: str) -> ComparedPage:
    """Two documents in the language of the page."""
    differences = compare(found.was, found.now)
    blocks = [one for one in differences if one.place.kind not in {"summary", "paragraph"}]
    # A note that was added is no table that was added.
    whole = [one for one in blocks if (one.was or one.now) == one.place.words]
    whole = [one for one in whole if one.was is None or one.now is None]
    cells = [one for one in blocks if one not in whole] if found.is_in_work else []
    texts = [one for one in differences if one.place.kind in {"summary", "paragraph"}]
    return ComparedPage(
        earlier=found.earlier,
        later=found.later,
        earlier_title=_title(found.was, language),
        later_title=_title(found.now, language),
        is_in_work=found.is_in_work,
        figures=tuple(_rows(matched(found.was, found.now), found, language)),
        only_earlier=_named([one for one in whole if one.now is None], language),
        only_later=_named([one for one in whole if one.was is None], language),
        texts=tuple(_change(one, found.was, found.now, language) for one in texts),
        cells=tuple(_change(one, found.was, found.now, language) for one in cells),
        is_illustrative=any(
            figure.illustrative
            for document in (found.was, found.now)
            for figure in document.figures.values()
        ),
    )


def _title(document: Document, language: str) -> str:
    return str(document.masthead.title.in_language(language))


def _named(found: Sequence[Difference], language: str) -> tuple[str, ...]:
    """Headings, tables and charts by their words."""
    names = []
    for one in found:
        name = str(place_text(one.place).in_language(language))
        words = str(one.place.words.in_language(language))
        names.append(words if one.place.kind == "heading" else f"{name}: {words}")
    return tuple(names)


def _rows(found: Iterable[Matched], both: Compared, language: str) -> Iterator[FigureRow]:
    """Figures of the reports' own periods, and those of one year that were printed differently.

    Indicator by indicator in printed order, each under the title that its own figure has.
    """
    told = [one for one in found if one.of.what in WHATS and not one.of.office]
    codes = list(dict.fromkeys(one.of.code for one in told))
    titles = {
        one.of.code: str(known.label.in_language(language))
        for one in told
        if one.of.what == "actual" and (known := one.now or one.was)
    }
    kinds = list(WHATS)
    for one in sorted(told, key=lambda one: (codes.index(one.of.code), kinds.index(one.of.what))):
        known = one.now or one.was
        was, now = _figure(one.was, both.was, language), _figure(one.now, both.now, language)
        is_restated = one.was is not None and one.now is not None and was != now
        if known is None or ((one.of.period or both.is_in_work) and not is_restated):
            continue
        change = ""
        if one.change is not None:
            change = formats.figure(one.change, known.decimals, language, signed=True)
        title = titles.get(one.of.code, "")
        yield FigureRow(one.of.code, title, WHATS[one.of.what], one.of.period, was, now, change)


def _figure(figure: Figure | None, document: Document, language: str) -> str:
    """A figure as the report prints it; the kind of nothing in words; empty if it prints none."""
    if figure is None:
        return ""
    if figure.nothing:
        return Reader(document, language).label(f"{figure.nothing}_words")
    return Numbers.of(document, language).figure(figure, sign=True)
