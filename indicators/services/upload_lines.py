"""From the rows of a file to the lines that the services take, each with the cells it came from."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from django.utils.translation import gettext as _

from focus_areas.models import Period
from habitat_plan.kit.errors import RuleBroken
from indicators.models import Indicator, Upload
from indicators.services.authorities import AchievementLine, AuthorityLine
from indicators.services.entry import EntryLine, Typed
from indicators.services.target_lines import BaselineLine, TargetLine, unknown_indicator
from indicators.spreadsheets.office import EXPLAINED, fields_of
from indicators.spreadsheets.reading import Anew, FileContent, FileRow
from indicators.spreadsheets.words import cause_codes, choice_codes, code_of, yes_no_codes
from organization.models import Office

VALUES = ("value", "numerator", "denominator", "choice")
LONGEST_VERSION = 9
Line = EntryLine | AchievementLine | AuthorityLine | BaselineLine | TargetLine
Place = tuple[str, int, str]
"""Kind of sheet, number of the row, name of the cell."""


@dataclass(slots=True)
class Placed:
    """A line and where it stands in the file; or why the row is no line."""

    row: FileRow
    label: str
    line: Any = None
    refusal: RuleBroken | None = None
    beside: Mapping[str, Place] | None = None
    """Fields that were typed on a further sheet, and where."""

    def place_of(self, name: str | None) -> Place:
        """The cell that a field was typed in; the first cell of the row if it has none."""
        here = (self.row.sheet, self.row.number, self.row.cell(name or ""))
        return (self.beside or {}).get(name or "", here)


class Known:
    """What the codes in a file stand for; a fixed number of queries."""

    def __init__(self) -> None:
        rows = Indicator.objects.prefetch_related("options", "axes__categories")
        self.indicators = {one.code.casefold(): one for one in rows}
        self.offices = {one.code.casefold(): one for one in Office.objects.all()}
        self.periods = {one.code: one for one in Period.objects.all() if one.is_year}
        self.causes = cause_codes()
        self.yes_no = yes_no_codes()

    def indicator(self, row: FileRow) -> Indicator:
        """Raises RuleBroken `unknown_indicator`."""
        code = row.texts.get("code", "")
        found = self.indicators.get(code.casefold())
        if found is None:
            raise unknown_indicator(code)
        return found

    def office(self, row: FileRow, upload: Upload) -> Office:
        """That of the row, else that of the upload. Raises RuleBroken `unknown_office`."""
        code = row.texts.get("office", "")
        found = self.offices.get(code.casefold()) if code else upload.office
        if found is None:
            raise RuleBroken(
                "unknown_office",
                _("No office has the code “%(code)s”. Copy the code from the list.")
                % {"code": code},
                "office",
            )
        return found

    def period(self, row: FileRow, upload: Upload) -> Period:
        """That of the row, else that of the upload. Raises RuleBroken `not_a_year`."""
        code = row.texts.get("period", "")
        found = self.periods.get(code) if code else upload.period
        if found is None:
            raise RuleBroken(
                "not_a_year", _("Write the year in four figures, such as 2017."), "period"
            )
        return found


def lines_of(content: FileContent, upload: Upload) -> dict[str, Iterable[Placed]]:
    """Kind of line → the lines of a file. Raises RuleBroken `other_office` for a file of another.

    Rows that can be no line carry their refusal. Figures are made anew from the rows each time
    they are gone through, since there may be a hundred thousand of them.
    """
    _refuse_other_office(content, upload)
    known = Known()
    found: dict[str, Iterable[Placed]] = {}
    for kind, rows in content.rows.items():
        if kind == "figures":
            found[kind] = Anew(partial(_figures, content, upload, known, _beside(content)))
        elif kind in MAKERS:
            made = MAKERS[kind]
            found[kind] = [_placed(row, upload, known, made) for row in rows]
    return found


def _refuse_other_office(content: FileContent, upload: Upload) -> None:
    """A file of another office or year is refused whole: its rows would look right here."""
    if upload.office is None or upload.period is None:
        return
    here = (upload.office.code.casefold(), upload.period.code)
    for rows in content.rows.values():
        for row in rows:
            office = row.texts.get("office", "") or upload.office.code
            period = row.texts.get("period", "") or upload.period.code
            if (office.casefold(), period) != here:
                raise RuleBroken(
                    "other_office",
                    _(
                        "This file is for %(office)s and %(period)s (row %(row)d), and this page "
                        "for %(here)s and %(year)s. Upload it on the page of that office and year."
                    )
                    % {
                        "office": office,
                        "period": period,
                        "row": row.number,
                        "here": upload.office.code,
                        "year": upload.period.code,
                    },
                )


Maker = Callable[[FileRow, Upload, Known], tuple[str, Any]]


def _placed(row: FileRow, upload: Upload, known: Known, make: Maker) -> Placed:
    label = row.texts.get("code") or row.texts.get("name", "")
    if row.refusal is not None:
        return Placed(row, label, refusal=row.refusal)
    try:
        label, line = make(row, upload, known)
    except RuleBroken as broken:
        return Placed(row, label, refusal=broken)
    return Placed(row, label, line=line)


def _achievement(row: FileRow, upload: Upload, known: Known) -> tuple[str, AchievementLine]:
    text = row.texts.get
    indicator = known.indicator(row)
    line = AchievementLine(
        indicator=indicator,
        office=known.office(row, upload),
        period=known.period(row, upload),
        authority=text("authority", ""),
        country=text("country", ""),
        type=text("type", ""),
        achieved_on=text("achieved_on", ""),
        evidence=text("evidence", ""),
        link=text("link", ""),
    )
    return f"{indicator.code} {line.authority}", line


def _authority(row: FileRow, upload: Upload, known: Known) -> tuple[str, AuthorityLine]:
    text = row.texts.get
    others = (name.strip() for name in text("other_names", "").split(";"))
    line = AuthorityLine(
        name=text("name", ""),
        type=text("type", ""),
        country=text("country", ""),
        other_names=tuple(name for name in others if name),
        key=text("key", "").strip().casefold(),
    )
    return line.name, line


def _baseline(row: FileRow, upload: Upload, known: Known) -> tuple[str, BaselineLine]:
    keys = ("code", "value", "year", "source")
    return row.texts["code"], BaselineLine(**{key: row.texts.get(key, "") for key in keys})


def _target(row: FileRow, upload: Upload, known: Known) -> tuple[str, TargetLine]:
    keys = ("code", "office", "year", "value", "decided_on", "decision", "reason", "source")
    line = TargetLine(**{key: row.texts.get(key, "") for key in keys})
    return " ".join(filter(None, (line.code, line.office, line.year))), line


MAKERS: Mapping[str, Maker] = {
    "achievements": _achievement,
    "authorities": _authority,
    "baselines": _baseline,
    "targets": _target,
}


@dataclass
class _Beside:
    """What the further sheets of a workbook say on an indicator."""

    parts: dict[str, str] = field(default_factory=dict)
    answers: dict[str, str] = field(default_factory=dict)
    places: dict[str, Place] = field(default_factory=dict)
    row: FileRow | None = None
    refusal: RuleBroken | None = None


def _beside(content: FileContent) -> dict[str, _Beside]:
    """Code of the indicator → its parts and answers."""
    found: dict[str, _Beside] = defaultdict(_Beside)
    sources = (("parts", "part", "value", "part"), ("questions", "check", "answer", "answer"))
    for sheet, key, column, prefix in sources:
        for row in content.rows.get(sheet, ()):
            one = found[row.texts.get("code", "").casefold()]
            name = row.texts.get(key, "")
            texts = one.parts if sheet == "parts" else one.answers
            texts[name] = row.texts.get(column, "")
            place = (sheet, row.number, row.cell(column))
            one.places[f"{prefix}:{name}"] = place
            one.row = one.row or row
            if row.refusal is not None and one.refusal is None:
                one.refusal = RuleBroken(row.refusal.code, row.refusal.message, f"{prefix}:{name}")
    return found


def _figures(
    content: FileContent, upload: Upload, known: Known, beside: Mapping[str, _Beside]
) -> Iterator[Placed]:
    nothing = _Beside()
    seen: dict[tuple[int, int], set[int]] = defaultdict(set)
    for row in _with_orphans(content, beside):
        extra = beside.get(row.texts.get("code", "").casefold(), nothing)
        one = _placed(row, upload, known, _figure_maker(extra))
        one.beside = extra.places
        if one.line is not None:
            here = seen[one.line.office.pk, one.line.period.pk]
            if one.line.indicator.pk in here:
                one.refusal = RuleBroken(
                    "twice_in_file",
                    _("This stands in the file twice. Keep one of the rows."),
                    "code",
                )
            here.add(one.line.indicator.pk)
        yield one


def _with_orphans(content: FileContent, beside: Mapping[str, _Beside]) -> Iterator[FileRow]:
    """The rows of figures, then one for each indicator that only a further sheet names."""
    named = set()
    for row in content.rows["figures"]:
        named.add(row.texts.get("code", "").casefold())
        yield row
    for code, one in beside.items():
        if code not in named and one.row is not None:
            code_only = {"code": one.row.texts.get("code", "")}
            yield FileRow(one.row.sheet, one.row.number, code_only, one.row.letters)


def _figure_maker(extra: _Beside) -> Maker:
    def make(row: FileRow, upload: Upload, known: Known) -> tuple[str, EntryLine]:
        indicator = known.indicator(row)
        office, period = known.office(row, upload), known.period(row, upload)
        if extra.refusal is not None:
            raise extra.refusal
        label = indicator.code
        if upload.office is None:
            label = f"{indicator.code} {office.code} {period.code}"
        return label, EntryLine(
            indicator=indicator,
            office=office,
            period=period,
            typed=_typed(indicator, row.texts, extra, known),
        )

    return make


def _typed(indicator: Indicator, texts: Mapping[str, str], extra: _Beside, known: Known) -> Typed:
    """What a row says. A column that the file has not is left as stored; an empty cell is blank."""
    wanted = fields_of(indicator)
    # What is typed where nothing is asked goes on too: the core refuses it, nothing is dropped.
    given: dict[str, Any] = {
        name: texts.get(name)
        for name in (*VALUES, "reason", *EXPLAINED)
        if name in wanted or texts.get(name)
    }
    if given.get("choice"):
        given["choice"] = code_of(given["choice"], choice_codes(indicator))
    if given.get("cause"):
        given["cause"] = code_of(given["cause"], known.causes)
    if "not_applicable" in wanted:
        given["not_applicable"] = _not_applicable(texts.get("not_applicable"), known)
    version = texts.get("version", "")
    if version.isdecimal() and len(version) <= LONGEST_VERSION:
        given["version"] = int(version)
    return Typed(parts=extra.parts, answers=extra.answers, **given)


def _not_applicable(text: str | None, known: Known) -> bool | None:
    if text is None:
        return None
    if not text:
        return False
    code = code_of(text, known.yes_no)
    if code not in {"yes", "no"}:
        raise RuleBroken(
            "unknown_choice", _("Choose one of the answers in the list."), "not_applicable"
        )
    return code == "yes"
