"""Finding a figure to bind into a sentence: by code or by words in any language."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from focus_areas.models import Period, PlanText
from focus_areas.queries import texts
from habitat_plan.kit.wording import Wording
from indicators.models import Indicator
from organization.models import Office
from reporting.assembly.bound import Refused
from reporting.document import Figure
from reporting.models import Report
from reporting.queries.bound import resolved
from reporting.rules.references import OF_OFFICES, WHATS, Reference

AT_MOST = 8
_TYPED = re.compile(
    r"(?P<code>[^@\s]+)@(?P<period>[\w-]*)(?:/(?P<office>[\w-]*))?(?::(?P<what>\w*))?"
)


@dataclass(frozen=True)
class Asked:
    """What the writer looks for: words or a code, the period, an office (empty: the agency)."""

    words: str = ""
    period: str = ""
    office: str = ""
    what: str = ""

    @classmethod
    def typed(cls, words: str, period: str, office: str) -> "Asked":
        """From the fields of the form; a reference begun by hand says more than they do."""
        found = _TYPED.fullmatch(words.strip())
        if found is None:
            return cls(words.strip(), period, office)
        return cls(
            found["code"], found["period"] or period, found["office"] or "", found["what"] or ""
        )


@dataclass(frozen=True)
class FoundIndicator:
    """An indicator with those of its figures that can be bound, in the order of `WHATS`."""

    indicator: Indicator
    figures: tuple[tuple[str, Figure], ...]


def find(report: Report, asked: Asked, *, today: date) -> tuple[FoundIndicator, ...]:
    """The indicators that fit and have a figure for the period. A fixed number of queries."""
    rows = list(Indicator.objects.filter(retired_on=None))
    statements = texts(codes=[one.code for one in rows])
    fitting = [
        one
        for one in rows
        if _fits(one.code, asked.words, one.title, *_wordings(statements.get(one.code)))
    ]
    period = _period(report, asked.period)
    whats = OF_OFFICES if asked.office else WHATS
    wanted = {
        one.code: {
            what: str(Reference(one.code, period, what, asked.office))
            for what in whats
            if what.startswith(asked.what)
        }
        for one in fitting[: 3 * AT_MOST]
    }
    references = [reference for one in wanted.values() for reference in one.values()]
    found = resolved(references, kind=report.kind, today=today)
    shown = (
        FoundIndicator(one, tuple(_figures(wanted[one.code], found)))
        for one in fitting
        if one.code in wanted
    )
    return tuple(one for one in shown if one.figures)[:AT_MOST]


def _figures(
    references: Mapping[str, str], found: Mapping[str, Figure | Refused]
) -> list[tuple[str, Figure]]:
    pairs = ((what, found.get(reference)) for what, reference in references.items())
    return [(what, figure) for what, figure in pairs if isinstance(figure, Figure)]


def _period(report: Report, typed: str) -> str:
    """The period that is meant: one begun by hand is the first that begins so."""
    known = list(Period.objects.values_list("code", flat=True))
    if not typed:
        return report.period.code
    return next((code for code in (typed, *known) if code in known and code.startswith(typed)),
                report.period.code)  # fmt: skip


def _wordings(text: PlanText | None) -> tuple[Wording, ...]:
    return (text.wording,) if text else ()


def _fits(code: str, words: str, *told: Wording) -> bool:
    """True if the code begins so, or the title or the plan's statement has all the words."""
    asked = words.casefold().split()
    if not asked:
        return False
    if code.casefold().startswith(asked[0]) and len(asked) == 1:
        return True
    return any(
        all(word in local.text.casefold() for word in asked) for one in told for local in one
    )


def offices_with_figures() -> list[Office]:
    """The offices that report on any indicator. One query."""
    return list(Office.objects.filter(indicators__isnull=False).distinct())
