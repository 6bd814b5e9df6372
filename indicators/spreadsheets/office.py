"""The workbook of one office and year: what is due, as it stands, to be filled in and sent back."""

from collections.abc import Sequence
from decimal import Decimal

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from focus_areas.models import Period
from habitat_plan.kit import formats
from indicators.models import Achievement, Authority, Figure, Indicator
from indicators.queries.entry import EntryPage, EntryRow
from indicators.rules.aggregation import Entry
from indicators.rules.checks import Severity
from indicators.spreadsheets.book import Book, TableSheet, Value
from indicators.spreadsheets.sheets import ACHIEVEMENTS, FIGURES, PARTS, QUESTIONS
from indicators.spreadsheets.words import CHOSEN, choices
from organization.models import Country, Office

EMPTY_ROWS = 100
"""Rows ready for new achievements."""

EXPLAINED = ("cause", "explanation", "measures")
Row = dict[str, Value]


def illustrative_mark(*, illustrative: bool) -> str:
    """The sentence that invented data carry everywhere; empty for real ones."""
    return _("Illustrative data: invented to show how the system works.") if illustrative else ""


def yes_if(flag: bool) -> str | None:
    """The word for a mark that is set."""
    return _("Yes") if flag else None


def achievement_row(one: Achievement, indicator: Indicator, office: Office, period: Period) -> Row:
    """An achievement as a row; what it belongs to is given, so that nothing is asked for it."""
    return {
        "code": indicator.code,
        "authority": one.authority.name,
        "country": str(one.authority.country.name),
        "type": one.authority.get_type_display(),
        "achieved_on": one.achieved_on,
        "evidence": one.evidence,
        "link": one.link,
        "office": office.code,
        "period": period.code,
        "illustrative": yes_if(one.illustrative),
    }


def fields_of(indicator: Indicator) -> tuple[str, ...]:
    """The columns of the sheet of figures that an indicator of this kind is filled in by."""
    if indicator.kind == Indicator.Kind.COUNT:
        return EXPLAINED
    if indicator.kind == Indicator.Kind.RATIO:
        value: tuple[str, ...] = ("numerator", "denominator")
    else:
        value = ("choice",) if indicator.kind in CHOSEN else ("value",)
    return (*value, "not_applicable", "reason", *EXPLAINED)


def due_rows(page: EntryPage) -> list[EntryRow]:
    """What stands in the workbook: all that is due, but what comes from custodians."""
    return [
        row for row in page.rows if row.is_due and row.indicator.kind != Indicator.Kind.STATISTIC
    ]


def _how(indicator: Indicator) -> str:
    """What is asked for, in a few words."""
    if indicator.kind == Indicator.Kind.COUNT:
        return _("counted: see the sheet “%(sheet)s”") % {"sheet": ACHIEVEMENTS.title}
    if indicator.kind == Indicator.Kind.RATIO:
        part, whole = str(indicator.numerator_label), str(indicator.denominator_label)
        return _("part (%(part)s) and whole (%(whole)s)") % {
            "part": part or _("part"),
            "whole": whole or _("whole"),
        }
    if indicator.kind in CHOSEN:
        return _("an answer from the list")
    return _("a number, %(meaning)s") % {"meaning": indicator.get_entry_meaning_display()}


def _last(indicator: Indicator, row: EntryRow) -> Value:
    """The last value: a number as a number, parts and answers in words."""
    if indicator.kind == Indicator.Kind.COUNT:
        return row.count_before
    last: Entry | None = row.previous
    if last is None or not last.has_value:
        return None
    if last.is_ratio:
        language = get_language() or "en"
        return _("%(part)s of %(whole)s") % {
            "part": formats.figure(last.numerator or Decimal(0), 0, language),
            "whole": formats.figure(last.denominator or Decimal(0), 0, language),
        }
    if last.choice:
        return dict(choices(indicator)).get(last.choice, last.choice)
    return last.number


def figure_row(row: EntryRow, page: EntryPage) -> Row:
    """One indicator as it stands."""
    indicator, figure = row.indicator, row.figure or Figure()
    is_na = figure.not_applicable
    return {
        "code": indicator.code,
        "title": str(indicator.title),
        "unit": str(indicator.unit),
        "how": _how(indicator),
        "previous": _last(indicator, row),
        "target": row.target,
        "value": figure.value,
        "numerator": figure.numerator,
        "denominator": figure.denominator,
        "choice": dict(choices(indicator)).get(figure.choice) if figure.choice else None,
        "not_applicable": _("Yes") if is_na else None,
        "reason": figure.reason,
        "cause": str(Figure.Cause(figure.cause).label) if figure.cause else None,
        "explanation": figure.explanation,
        "measures": figure.measures,
        "office": page.office.code,
        "period": page.period.code,
        "version": row.figure.version if row.figure else 0,
        "illustrative": yes_if(indicator.illustrative or figure.illustrative),
    }


def office_workbook(page: EntryPage, countries: Sequence[Country]) -> bytes:
    """The workbook in the language of the page."""
    heading = _("%(office)s: figures for %(period)s") % {
        "office": page.office.name,
        "period": page.period,
    }
    rows = due_rows(page)
    mark = illustrative_mark(
        illustrative=any(
            row.indicator.illustrative or (row.figure is not None and row.figure.illustrative)
            for row in rows
        )
    )
    book = Book(heading)
    _instructions(book, page, heading, mark)
    figures = book.table(FIGURES, heading, mark)
    for row in rows:
        _figure(figures, row, page)
    figures.sheet.activate()
    if any(row.indicator.axes.all() for row in rows):
        _parts(book.table(PARTS, heading, mark), rows)
    if any(check for row in rows for check in row.checks):
        _questions(book.table(QUESTIONS, heading, mark), rows)
    _achievements(book.table(ACHIEVEMENTS, heading, mark), rows, page, countries)
    return book.bytes()


def _instructions(book: Book, page: EntryPage, heading: str, mark: str) -> None:
    """What to do, in the order in which it is done."""
    sheet = book.sheet(_("Instructions"))
    sheet.set_column(0, 0, 100)
    due = formats.day(page.window.due_on, get_language() or "en") if page.window else ""
    lines = [
        mark,
        _("Due on %(day)s.") % {"day": due} if due else "",
        _("Fill in the white cells. The grey ones are locked: they help, and are not read."),
        _("Zero counts as a value. Leave a cell empty if the figure is not known yet."),
        _("If a figure does not apply, choose “Yes” in that column and say why."),
        _("Write numbers only. Type the number itself: formulas are refused."),
        _("Add each authority once on the sheet “%(sheet)s”. The count follows from it.")
        % {"sheet": ACHIEVEMENTS.title},
        _("Upload the file where you downloaded it. You see what changes before it is saved."),
        _("Do not rename the sheets or headings. Rows may be left out."),
    ]
    sheet.write_string(0, 0, heading, book.format(bold=True, font_size=13))
    text = book.format(text_wrap=True)
    for number, line in enumerate((line for line in lines if line), 2):
        sheet.write_string(number, 0, line, text)
    sheet.protect("", {"format_columns": True})


def _figure(table: TableSheet, row: EntryRow, page: EntryPage) -> None:
    indicator = row.indicator
    open_cells = fields_of(indicator)
    place = table.row(figure_row(row, page), fill=open_cells, decimals=indicator.decimals)
    negative = indicator.kind == Indicator.Kind.NUMBER
    for key in ("value", "numerator", "denominator"):
        if key in open_cells:
            table.ask_number(place, key, f"{indicator.code}: {indicator.unit}", negative=negative)
    if "choice" in open_cells:
        table.choose(place, "choice", [word for _code, word in choices(indicator)])
    if "not_applicable" in open_cells:
        table.choose(place, "not_applicable", [_("Yes"), _("No")])
    table.choose(place, "cause", [str(label) for label in Figure.Cause.labels])


def _parts(table: TableSheet, rows: Sequence[EntryRow]) -> None:
    for row in rows:
        stored = {
            (part.category.axis.code, part.category.code): part.value
            for part in (row.figure.parts.all() if row.figure else ())
        }
        for axis in row.indicator.axes.all():
            for category in axis.categories.all():
                values: Row = {
                    "code": row.indicator.code,
                    "title": str(row.indicator.title),
                    "axis": str(axis.label),
                    "category": str(category.label),
                    "value": stored.get((axis.code, category.code)),
                    "part": f"{axis.code}:{category.code}",
                }
                table.row(values, decimals=row.indicator.decimals)


def _questions(table: TableSheet, rows: Sequence[EntryRow]) -> None:
    """Questions of the checks that a sentence can answer; errors only say what is wrong."""
    for row in rows:
        for check in row.checks:
            is_error = check.check.severity is Severity.ERROR
            values: Row = {
                "code": row.indicator.code,
                "title": str(row.indicator.title),
                "question": check.sentence,
                "answer": check.answer,
                "check": check.check.code,
            }
            table.row(values, fill=() if is_error else None)


def _achievements(
    table: TableSheet, rows: Sequence[EntryRow], page: EntryPage, countries: Sequence[Country]
) -> None:
    """What is counted for the year, and empty rows for more."""
    counted = [row for row in rows if row.indicator.kind == Indicator.Kind.COUNT]
    for row in counted:
        for one in row.achievements:
            table.row(
                achievement_row(one, row.indicator, page.office, page.period),
                fill=("achieved_on", "evidence", "link"),
            )
    first = table.next_row
    open_cells = ("code", "authority", "country", "type", "achieved_on", "evidence", "link")
    for _number in range(EMPTY_ROWS):
        table.row({}, fill=open_cells)
    last = table.next_row - 1
    table.choose(first, "code", [row.indicator.code for row in counted], last)
    table.choose(first, "type", [str(label) for label in Authority.Type.labels], last)
    table.choose(first, "country", [str(country.name) for country in countries], last)
