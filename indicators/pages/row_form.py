"""The page of one indicator for an office and year: fields, filled from figure or form."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from habitat_plan.kit.errors import RuleBroken
from indicators.models import Figure, Indicator
from indicators.pages.entry_form import (
    UNEXPLAINED,
    choices,
    entry_text,
    field_names,
    number_text,
    stored_texts,
    version_of,
)
from indicators.queries.entry import EntryRow
from indicators.rules.checks import Severity
from indicators.services.entry import Typed

# Why an office is behind its target: a cause of a list, what happened, what is done about it.
EXPLAINED = ("cause", "explanation", "measures")


@dataclass(frozen=True)
class Part:
    """One field of an axis."""

    name: str
    label: str
    text: str
    error: str = ""


@dataclass(frozen=True)
class AxisFields:
    """The parts of one axis, and what the figure leaves undivided."""

    label: str
    parts: tuple[Part, ...]
    rest: str


@dataclass(frozen=True)
class Answer:
    """An open or answered check with the field for its sentence."""

    name: str
    sentence: str
    text: str
    is_error: bool
    takes_sentence: bool


@dataclass(frozen=True)
class RowFields:
    """All fields of the page; `error` and `error_field` say what was refused and where."""

    inputs: tuple[Part, ...]
    options: tuple[tuple[str, str], ...]
    not_applicable: bool
    reason: str
    causes: tuple[tuple[str, str], ...]
    cause: str
    explanation: str
    measures: str
    needs_explanation: bool
    axes: tuple[AxisFields, ...]
    answers: tuple[Answer, ...]
    version: int
    error: str = ""
    error_field: str = ""

    @property
    def cause_word(self) -> str:
        """The chosen cause in words."""
        return dict(self.causes).get(self.cause, "")


def typed_form(indicator: Indicator, form: QueryDict) -> Typed:
    """What was typed on the page of one indicator."""
    counted = indicator.kind == Indicator.Kind.COUNT
    names = () if counted else (*field_names(indicator), "reason")
    texts: dict[str, Any] = {name: form.get(name, "").strip() for name in names}
    return Typed(
        **texts,
        **{name: str(form[name]).strip() for name in EXPLAINED if name in form},
        not_applicable=None if counted else "not_applicable" in form,
        parts={
            name.removeprefix("part:"): text.strip()
            for name, text in form.items()
            if name.startswith("part:") and isinstance(text, str)
        },
        answers={
            name.removeprefix("answer:"): text
            for name, text in form.items()
            if name.startswith("answer:") and isinstance(text, str)
        },
        version=version_of(form.get("version", "")),
    )


def _stored(row: EntryRow) -> Typed:
    """What the figure holds, as the texts that somebody would type."""
    figure = row.figure
    told = {name: getattr(figure, name) if figure else "" for name in ("reason", *EXPLAINED)}
    return Typed(
        **stored_texts(row.indicator, figure),
        **told,
        not_applicable=bool(figure and figure.not_applicable),
        parts={key: number_text(value) for key, value in _parts(figure).items()},
        answers={check.check.code: check.answer for check in row.checks},
        version=figure.version if figure else 0,
    )


def _parts(figure: Figure | None) -> dict[str, Decimal]:
    if figure is None:
        return {}
    return {
        f"{part.category.axis.code}:{part.category.code}": part.value for part in figure.parts.all()
    }


def _rest(figure: Figure | None, axis: str, parts: Mapping[str, Decimal]) -> str:
    """What is not disaggregated on an axis; worked out, never typed."""
    if figure is None:
        return ""
    whole = figure.value if figure.numerator is None else figure.numerator
    own = [value for key, value in parts.items() if key.startswith(f"{axis}:")]
    if whole is None or not own:
        return ""
    return number_text(max(Decimal(0), whole - sum(own)))


def row_fields(
    row: EntryRow, typed: Typed | None = None, broken: RuleBroken | None = None
) -> RowFields:
    """The fields of the page; with what was typed if it was refused."""
    indicator, shown = row.indicator, typed or _stored(row)
    where, what = (broken.field or "value", str(broken.message)) if broken else ("", "")
    if broken is not None and broken.code == "changed_elsewhere":
        now = entry_text(indicator, row.figure) or _("not applicable")
        what += " " + _("It now says: %(now)s.") % {"now": now}
    labels = {
        "value": _("Figure"),
        "choice": _("Answer"),
        "numerator": str(indicator.numerator_label) or _("Part"),
        "denominator": str(indicator.denominator_label) or _("Whole"),
    }
    names = () if indicator.kind == Indicator.Kind.COUNT else field_names(indicator)
    at_first = where == "value" and "value" not in names
    return RowFields(
        inputs=tuple(
            Part(
                name,
                labels[name],
                getattr(shown, name) or "",
                what if where == name or (at_first and name == names[0]) else "",
            )
            for name in names
        ),
        options=choices(indicator) if "choice" in names else (),
        not_applicable=bool(shown.not_applicable),
        reason=shown.reason or "",
        causes=tuple((code, str(word)) for code, word in Figure.Cause.choices),
        cause=shown.cause or "",
        explanation=shown.explanation or "",
        measures=shown.measures or "",
        needs_explanation=any(check.check.code == UNEXPLAINED for check in row.checks),
        axes=_axes(row, shown, where, what) if names else (),
        answers=tuple(
            Answer(
                f"answer:{check.check.code}",
                check.sentence,
                shown.answers.get(check.check.code, ""),
                check.check.severity is Severity.ERROR,
                check.check.severity is not Severity.ERROR and check.check.code != UNEXPLAINED,
            )
            for check in row.checks
        ),
        version=row.figure.version if row.figure else 0,
        error=what,
        error_field=where,
    )


def _axes(row: EntryRow, shown: Typed, where: str, what: str) -> tuple[AxisFields, ...]:
    stored = _parts(row.figure)
    return tuple(
        AxisFields(
            label=str(axis.label),
            parts=tuple(
                Part(
                    f"part:{axis.code}:{category.code}",
                    str(category.label),
                    shown.parts.get(f"{axis.code}:{category.code}", ""),
                    what if where == f"part:{axis.code}:{category.code}" else "",
                )
                for category in axis.categories.all()
            ),
            rest=_rest(row.figure, axis.code, stored),
        )
        for axis in row.indicator.axes.all()
    )
