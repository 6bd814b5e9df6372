"""What a section begins with: what offices explained of their results, for its writer to edit."""

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import islice

from django.utils.translation import gettext as _

from focus_areas.queries import PlanElement
from indicators.queries.explanations import Explanation, explanations
from reporting.assembly.bound import Refused
from reporting.assembly.composer import Place
from reporting.document import Figure
from reporting.kinds import KINDS
from reporting.models import Report
from reporting.queries.bound import resolved
from reporting.rules.markup import escaped
from reporting.rules.references import Reference


def first_words(report: Report, places: Sequence[Place], *, today: date) -> dict[str, str]:
    """Code of a section → the text it begins with, from explanations in approved submissions."""
    asking = [place for place in places if "explanations" in place.section.asks]
    if not asking:
        return {}
    told = explanations(period=report.period, levels=KINDS[report.kind].levels)
    asked = [reference for one in told for reference in _references(one)]
    found = resolved(asked, kind=report.kind, today=today)
    return {
        place.code: "\n\n".join(_told(one, found) for one in told if _concerns(one, place.area))
        for place in asking
    }


def _references(one: Explanation) -> tuple[str, str]:
    """The figure that is explained: that of the office if it has its own, else the agency's."""
    year = str(one.year)
    return (
        str(Reference(one.indicator.code, year, "actual", one.office.code)),
        str(Reference(one.indicator.code, year, "actual")),
    )


def _concerns(one: Explanation, area: PlanElement | None) -> bool:
    return area is None or one.indicator.result.focus_area_id == area.result.focus_area_id


def _told(one: Explanation, found: Mapping[str, Figure | Refused]) -> str:
    """One explanation as a paragraph for the writer to edit, with the figure it explains."""
    parts = [f"**{one.indicator.code}, {escaped(str(one.office.name))}, {one.year}:**"]
    printed = (name for name in _references(one) if isinstance(found.get(name), Figure))
    parts += [f"[[{name}]]." for name in islice(printed, 1)]
    if one.illustrative:
        parts.append(_("(Illustrative.)"))
    if one.cause:
        parts.append(_("Cause: %(cause)s.") % {"cause": escaped(one.cause)})
    if one.explanation:
        parts.append(escaped(one.explanation))
    if one.measures:
        parts.append(_("Measures: %(measures)s") % {"measures": escaped(one.measures)})
    return " ".join(parts)
