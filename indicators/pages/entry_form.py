"""The entry page as it is shown and as it comes back: rows as cells, a form as typed texts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from habitat_plan.kit import formats
from habitat_plan.kit.errors import RuleBroken
from indicators.models import Figure, Indicator
from indicators.queries.entry import EntryPage, EntryRow, OpenCheck
from indicators.rules.aggregation import NO, YES, Entry
from indicators.rules.checks import Severity
from indicators.rules.kinds import Nothing
from indicators.services import entry
from indicators.services.entry import Typed
from organization.models import User

CHOSEN = frozenset({Indicator.Kind.YES_NO, Indicator.Kind.SCALE, Indicator.Kind.MILESTONE})
# What stands between the texts of a row in the hidden field that says what the page showed.
BETWEEN = "|"
LONGEST_VERSION = 9
# The one question that is closed by cause, explanation and measures instead of an answer.
UNEXPLAINED = "off_track_unexplained"


@dataclass(frozen=True)
class Input:
    """One field of a cell: its name in the form, what it says, what a screen reader calls it."""

    name: str
    text: str
    label: str
    wrong: bool = False


@dataclass(frozen=True)
class Refusal:
    """Why a row was not saved, and what was typed there."""

    code: str
    sentence: str | Promise
    field: str
    texts: Mapping[str, str]


@dataclass(frozen=True)
class Cell:
    """One row of the entry page in words: what it held last, holds now and should reach."""

    row: EntryRow
    state: str
    icon: str
    sentence: str
    link: tuple[str, str]
    inputs: tuple[Input, ...]
    options: tuple[tuple[str, str], ...]
    value: str
    seen: str
    description: str
    previous: str
    previous_share: str
    target: str
    share: str
    url: str
    changed_today: bool

    @property
    def code(self) -> str:
        """The indicator's code."""
        return self.row.indicator.code

    @property
    def version(self) -> int:
        """The version of the figure that the page shows; 0 if there is none."""
        return self.row.figure.version if self.row.figure else 0

    @property
    def is_open(self) -> bool:
        """True if there are fields to fill in."""
        return bool(self.inputs)

    @property
    def is_together(self) -> bool:
        """True if the fields are one entry (a part and its whole) and are saved as one."""
        return len(self.inputs) > 1


def number_text(value: Decimal | int | None, decimals: int | None = None) -> str:
    """A number in the page's language; with its own decimals (at most four) if none are named."""
    if value is None:
        return ""
    exponent = Decimal(value).normalize().as_tuple().exponent
    own = min(4, max(0, -exponent)) if isinstance(exponent, int) else 0
    return formats.figure(value, own if decimals is None else decimals, get_language() or "en")


def field_names(indicator: Indicator) -> tuple[str, ...]:
    """Which fields an indicator of this kind is typed in."""
    if indicator.kind == Indicator.Kind.RATIO:
        return ("numerator", "denominator")
    return ("choice",) if indicator.kind in CHOSEN else ("value",)


def stored_texts(indicator: Indicator, figure: Figure | None) -> dict[str, str]:
    """What the fields of a row say when the page is opened."""
    return {
        name: _stored_text(getattr(figure, name)) if figure else ""
        for name in field_names(indicator)
    }


def _stored_text(value: Decimal | str | None) -> str:
    return value if isinstance(value, str) else number_text(value)


def choices(indicator: Indicator) -> tuple[tuple[str, str], ...]:
    """The answers to choose from: code and word."""
    if indicator.kind == Indicator.Kind.YES_NO:
        return ((YES, _("Yes")), (NO, _("No")))
    return tuple((option.code, str(option.label)) for option in indicator.options.all())


def entry_text(indicator: Indicator, entered: Entry | Figure | None) -> str:
    """An entry in words: "8 of 10", "212", "Adopted", nothing if there is none."""
    if entered is None or entered.not_applicable:
        return ""
    if entered.numerator is not None and entered.denominator is not None:
        return _("%(part)s of %(whole)s") % {
            "part": number_text(entered.numerator),
            "whole": number_text(entered.denominator),
        }
    if entered.choice:
        return dict(choices(indicator)).get(entered.choice, entered.choice)
    number = entered.value if isinstance(entered, Figure) else entered.number
    return number_text(number)


def measured(row: EntryRow) -> Decimal | None:
    """The row's figure as one number, a ratio in per cent; None if it is not a number."""
    figure = row.figure
    if row.indicator.kind == Indicator.Kind.COUNT:
        return Decimal(row.count_to_date)
    if figure is None or figure.not_applicable:
        return None
    if figure.numerator is not None and figure.denominator:
        return figure.numerator * 100 / figure.denominator
    return figure.value


def percent_text(value: Decimal | None) -> str:
    """A value in per cent, without decimals."""
    return "" if value is None else formats.per_cent(value, 0, get_language() or "en")


def _ratio_text(entered: Entry | None) -> str:
    if entered is None or not entered.is_ratio or not entered.denominator:
        return ""
    return percent_text((entered.numerator or Decimal(0)) * 100 / entered.denominator)


def target_text(row: EntryRow) -> str:
    """The target for the year with its unit where that is per cent."""
    if row.target is None:
        return ""
    in_per_cent = row.indicator.is_per_cent or row.indicator.kind == Indicator.Kind.RATIO
    return percent_text(row.target) if in_per_cent else number_text(row.target)


def share_text(row: EntryRow) -> str:
    """How much of the year's target the figure is."""
    number = measured(row)
    return percent_text(number * 100 / row.target) if number is not None and row.target else ""


def description(indicator: Indicator) -> str:
    """Kind and meaning of an entry in a few words, so that nobody has to guess."""
    if indicator.kind == Indicator.Kind.COUNT:
        return _("counted from your register entries, to date")
    if indicator.kind == Indicator.Kind.STATISTIC:
        return _("statistic, from the custodian")
    words = [str(indicator.get_kind_display()), str(indicator.get_entry_meaning_display())]
    if indicator.frequency != Indicator.Frequency.ANNUAL:
        words.append(str(indicator.get_frequency_display()))
    return ", ".join(words)


def saved_sentence(figure: Figure) -> str:
    """When the figure was saved; and that zero counts, if it is one."""
    at, language = timezone.localtime(figure.changed_at), get_language() or "en"
    same_day = at.date() == timezone.localdate()
    when = f"{at:%H:%M}" if same_day else formats.day(at.date(), language)
    saved = _("Saved %(when)s.") % {"when": when}
    is_zero = figure.value == 0 or figure.numerator == 0
    return f"{saved} {_('Zero counts as a value.')}" if is_zero else saved


@dataclass(frozen=True)
class _State:
    """Class, icon, sentence and link of the line under a cell."""

    look: str
    icon: str = ""
    sentence: str = ""
    link: tuple[str, str] = ("", "")


def _without_field(row: EntryRow, url: str, *, locked: bool) -> _State | None:
    """The state of a row that nobody types in; None for one that has fields."""
    if row.indicator.kind == Indicator.Kind.COUNT:
        return _counted(row, url)
    if row.indicator.kind == Indicator.Kind.STATISTIC:
        return _State("is-locked", "lock", _("Comes from the custodian’s series"))
    if row.nothing is Nothing.NOT_APPLICABLE and row.figure:
        change = ("", "") if locked else (f"{url}#not-applicable", _("Change"))
        return _State("is-na", "", row.figure.reason, change)
    if row.nothing is Nothing.NOT_DUE:
        due = _("Next due for %(year)s.") % {"year": row.next_due} if row.next_due else ""
        return _State("is-notdue", "", due)
    return _State("is-locked") if locked else None


def _counted(row: EntryRow, url: str) -> _State:
    found = next((check for check in row.checks if check.is_open), None)
    if found is None:
        return _State("is-counted")
    return _State("is-counted", "warning", found.sentence, _way_out(found, url))


def _state(row: EntryRow, url: str, *, locked: bool) -> _State:
    without = _without_field(row, url, locked=locked)
    if without is not None:
        return without
    if row.nothing is Nothing.NOT_REPORTED or row.figure is None:
        return _State("is-empty", "", "", (f"{url}#not-applicable", _("Not applicable?")))
    open_check = next((check for check in row.checks if check.is_open), None)
    if open_check is not None:
        return _State("is-check", "warning", open_check.sentence, _way_out(open_check, url))
    return _State("is-saved", "tick", saved_sentence(row.figure))


def _way_out(found: OpenCheck, url: str) -> tuple[str, str]:
    """Where an open check is closed, and what is done there; an error is corrected in its cell."""
    if found.check.severity is Severity.ERROR:
        return ("", "")
    if found.check.code == UNEXPLAINED:
        return (f"{url}#explanation", _("Explain"))
    return (url, _("Answer"))


def _refused(refusal: Refusal, row: EntryRow) -> _State:
    sentence = str(refusal.sentence)
    if refusal.code == "changed_elsewhere":
        now = entry_text(row.indicator, row.figure) or _("not applicable")
        typed = " / ".join(refusal.texts.values())
        sentence += " " + _("It now says %(now)s; you typed %(typed)s.") % {
            "now": now,
            "typed": dict(choices(row.indicator)).get(typed, typed),
        }
    return _State("is-invalid", "warning", sentence)


def _inputs(row: EntryRow, texts: Mapping[str, str], wrong: str) -> tuple[Input, ...]:
    indicator = row.indicator
    labels = {
        "numerator": str(indicator.numerator_label) or _("part"),
        "denominator": str(indicator.denominator_label) or _("whole"),
    }
    return tuple(
        Input(
            name=f"{indicator.code}-{name}",
            text=text,
            label=f"{indicator.code}: {labels.get(name, indicator.title)}",
            wrong=bool(wrong),
        )
        for name, text in texts.items()
    )


def _is_today(figure: Figure | None) -> bool:
    return figure is not None and timezone.localdate(figure.changed_at) == timezone.localdate()


def cell(page: EntryPage, row: EntryRow, refusal: Refusal | None, *, editable: bool) -> Cell:
    """One row in words; with what was typed there if it was refused."""
    indicator = row.indicator
    url = reverse("office-figure", args=[page.office.code, page.period.code, indicator.code])
    state = _refused(refusal, row) if refusal else _state(row, url, locked=not editable)
    stored = stored_texts(indicator, row.figure)
    fields_stand = state.look in {"is-empty", "is-check", "is-saved", "is-invalid"}
    is_count = indicator.kind == Indicator.Kind.COUNT
    before = row.count_before if is_count else None
    return Cell(
        row=row,
        state=state.look,
        icon=state.icon,
        sentence=state.sentence,
        link=state.link,
        inputs=_inputs(row, refusal.texts if refusal else stored, refusal.field if refusal else "")
        if refusal or (editable and fields_stand)
        else (),
        options=choices(indicator) if indicator.kind in CHOSEN else (),
        value=number_text(row.count_to_date) if is_count else entry_text(indicator, row.figure),
        seen=BETWEEN.join(stored.values()),
        description=description(indicator),
        previous=number_text(before) if is_count else entry_text(indicator, row.previous),
        previous_share=_ratio_text(row.previous),
        target=target_text(row),
        share=share_text(row),
        url=url,
        changed_today=_is_today(row.figure),
    )


def typed_row(row: EntryRow, form: QueryDict) -> tuple[Typed, dict[str, str]] | None:
    """What was typed in a row of the grid; None if the row is not in the form or was not touched.

    A row is untouched if its fields say what the page showed. So a colleague's change of a row
    that this person left alone is no clash. Explanation and answers have their own page and stay.
    """
    code = row.indicator.code
    names = field_names(row.indicator)
    if not any(f"{code}-{name}" in form for name in names):
        return None
    texts = {name: form.get(f"{code}-{name}", "").strip() for name in names}
    if BETWEEN.join(texts.values()) == form.get(f"{code}-seen"):
        return None
    given: dict[str, Any] = {**texts, "version": version_of(form.get(f"{code}-version", ""))}
    return Typed(**given), texts


def version_of(text: str) -> int | None:
    """The version that a form carries; None if it carries none that can be one."""
    return int(text) if text.isdecimal() and len(text) <= LONGEST_VERSION else None


def save_grid(
    page: EntryPage, form: QueryDict, *, language: str, by: User, at: datetime
) -> dict[str, Refusal]:
    """Saves each row that was touched in a transaction of its own; what was refused, by code."""
    refusals = {}
    for row in page.rows:
        found = typed_row(row, form)
        if found is None:
            continue
        typed, texts = found
        try:
            entry.enter_figure(
                indicator=row.indicator,
                office=page.office,
                period=page.period,
                typed=typed,
                language=language,
                by=by,
                at=at,
            )
        except RuleBroken as broken:
            refusals[row.indicator.code] = Refusal(
                broken.code, broken.message, broken.field or "value", texts
            )
    return refusals
