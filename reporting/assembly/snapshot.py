"""Everything a report is composed from, read at one moment in a fixed number of queries."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from django.db.models import Count, Q
from django.utils.timezone import localdate

from evaluations.queries.reported import Reported, reported
from focus_areas.models import Period, PlanRevision, Result, StrategicPlan
from focus_areas.queries import PlanElement, elements, plan, revisions
from habitat_plan.kit.wording import Wording
from indicators.models import Evidence, RatingGrade, Submission, Target
from indicators.queries import Standing, standings_in
from indicators.queries.gaps import Gap, unapproved
from indicators.queries.standing import APPROVED
from indicators.rules.periods import years_of
from organization.models import Country, Office
from reporting.kinds import ReportKind, may_print, walk
from reporting.models import Report, ReportDocument, SectionText, Session, Slot
from reporting.rules import markup
from reporting.rules.references import BadReference, parse

OF_EVALUATIONS = frozenset(
    {
        "evaluations",
        "evaluated_areas",
        "evaluation_plan",
        "follow_up",
        "late_recommendations",
        "lessons",
        "open_recommendations",
        "rates_of_evaluations",
        "recommendations",
        "recommendations_by_office",
    }
)
"""Blocks that print evaluations, or what was recommended."""


def evaluations_key(period: Period) -> str:
    """The figure that every document holds whose evaluations were read: how many there were."""
    return f"evaluations@{period.code}#known"


@dataclass(frozen=True)
class Written:
    """What an office wrote in one section: its language, and the texts by language.

    A translation that was made from an earlier revision of the original is left out.
    """

    original: str
    texts: Mapping[str, str]


@dataclass(frozen=True)
class Snapshot:
    """What a report is made of: the plan's words, standings, the offices' texts, what is missing.

    `as_of` is the moment of the last approval or correction that went in, not of the reading: the
    same data make the same document on any day. `standings`: period code → standings, the report's
    own period and those that texts refer to. `approvals`: office and year → when approved.
    `evidence`: indicator, office and year → pieces. `invented_targets`: indicator and year of
    targets that are demonstration. `evaluated`: evaluations at the end of the period; None if the
    kind prints none, or the report was issued before they were recorded in this system.
    """

    kind: ReportKind
    plan: StrategicPlan
    revision: PlanRevision
    period: Period
    elements: Mapping[str, tuple[PlanElement, ...]]
    standings_by_period: Mapping[str, Sequence[Standing]]
    gaps: tuple[Gap, ...]
    offices: Mapping[str, Office]
    countries: Mapping[str, Wording]
    grades: Mapping[str, Wording]
    approvals: Mapping[tuple[str, int], datetime]
    evidence: Mapping[tuple[int, str, int], int]
    invented_targets: frozenset[tuple[str, int]]
    written: Mapping[str, Written] = field(default_factory=dict)
    session: Session | None = None
    agenda_item: str = ""
    evaluated: Reported | None = None

    @property
    def standings(self) -> Sequence[Standing]:
        """Those that the report prints by itself: of its own levels and period."""
        return [
            one
            for one in self.standings_by_period[self.period.code]
            if one.indicator.result.level in self.kind.levels
        ]

    @property
    def focus_areas(self) -> tuple[PlanElement, ...]:
        """The seven focus areas, in order."""
        return self.elements.get(Result.Level.FOCUS_AREA, ())

    @property
    def as_of(self) -> datetime | None:
        """The moment of the last change of what is printed here."""
        moments = [figure.changed_at for one in self.standings for figure in one.figures]
        moments += self.approvals.values()
        if self.evaluated is not None and self.evaluated.changed_at is not None:
            moments.append(self.evaluated.changed_at)
        return max(moments).astimezone(UTC) if moments else None

    def of_result(self, code: str) -> list[Standing]:
        """The standings of one result's indicators."""
        return [one for one in self.standings if one.indicator.result.code == code]

    def of_area(self, code: str, level: str) -> list[Standing]:
        """The standings of a focus area's indicators on a level."""
        return [
            one
            for one in self.standings
            if one.indicator.result.level == level
            and one.indicator.result.focus_area is not None
            and one.indicator.result.focus_area.code == code
        ]

    def of_level(self, level: str) -> list[Standing]:
        """The standings on one level, in the plan's order."""
        return [one for one in self.standings if one.indicator.result.level == level]

    def find(self, code: str, period: str) -> Standing | None:
        """One indicator at the end of a period, if it was read."""
        found = self.standings_by_period.get(period, ())
        return next((one for one in found if one.indicator.code == code), None)


def take(
    *,
    kind: ReportKind,
    period: Period,
    at: datetime,
    report: Report | None = None,
    references: Iterable[str] = (),
    whole: bool = True,
) -> Snapshot:
    """Reads everything a report of this kind prints for the period, and what its texts refer to.

    `references` are further figures asked for, beside those bound in the report's sections. An
    issued report is read with the targets decided by its assembly: a later one is no correction.
    Without `whole` figures of indicators are read only, as texts refer to them.
    """
    written = _written(report)
    asked = [*references, *_references(written)]
    found = _standings(kind, period, asked, today=at.date(), decided_by=_assembled_on(report))
    return Snapshot(
        kind=kind,
        plan=plan(),
        revision=revisions()[-1],
        period=period,
        elements=_elements(kind, period),
        standings_by_period=found,
        gaps=tuple(unapproved(levels=kind.levels, period=period)) if kind.levels else (),
        offices={office.code: office for office in Office.objects.all()},
        countries=_countries(kind),
        grades={grade.code: grade.word for grade in RatingGrade.objects.all()},
        approvals=_approvals(kind, years_of(period.code)[-1]),
        evidence=_evidence(found),
        invented_targets=frozenset(
            Target.objects.filter(illustrative=True, office__isnull=True).values_list(
                "indicator__code", "year"
            )
        ),
        written=written,
        session=_session(kind, period, report),
        agenda_item=report.agenda_item if report else "",
        evaluated=_evaluated(kind, period, report) if whole else None,
    )


def _issued(report: Report | None) -> ReportDocument | None:
    """The document of an issued report; None for one in work."""
    if report is None or report.state != Report.State.ISSUED:
        return None
    return report.document


def _assembled_on(report: Report | None) -> date | None:
    """The day of an issued report's assembly; None for one in work."""
    document = _issued(report)
    return localdate(document.assembled_at) if document else None


def _evaluated(kind: ReportKind, period: Period, report: Report | None) -> Reported | None:
    """Evaluations at the end of the period, if the kind prints them. Eleven queries.

    An issued report that holds nothing of them stays without: what it said was right. One that does
    is read with the lessons and plans that were there at its assembly.
    """
    named = {name for section in walk(kind.outline) for name in section.blocks}
    document = _issued(report)
    if not named & OF_EVALUATIONS:
        return None
    if document is None:
        return reported(period)
    # A quotation mark within a text is escaped in JSON, so that no text looks like a key.
    if f'"{evaluations_key(period)}":' not in document.content:
        return None
    return reported(period, known_by=document.assembled_at)


def _references(written: Mapping[str, Written]) -> Iterable[str]:
    """What the texts refer to."""
    for one in written.values():
        for text in one.texts.values():
            yield from markup.parse(text).references


def _written(report: Report | None) -> dict[str, Written]:
    """Section code → its texts; sections without words are left out. One query."""
    if report is None or report.pk is None:
        return {}
    rows = SectionText.objects.filter(section__report=report).select_related("section")
    originals = {row.section_id: row for row in rows if row.language == row.section.original}
    texts: dict[str, dict[str, str]] = {}
    for row in rows:
        original = originals.get(row.section_id)
        is_current = row is original or (
            original is not None and row.translates == original.revision
        )
        if row.body.strip() and is_current:
            texts.setdefault(row.section.code, {})[row.language] = row.body
    return {
        row.section.code: Written(row.language, texts[row.section.code])
        for row in originals.values()
        if row.language in texts.get(row.section.code, {})
    }


def _standings(
    kind: ReportKind,
    period: Period,
    asked: Sequence[str],
    *,
    today: date,
    decided_by: date | None = None,
) -> dict[str, list[Standing]]:
    """Standings of the kind's levels, and of the indicators and periods referred to.

    What may not stand in the report is left out, so that no reference finds it (p.93).
    """
    codes, periods = {"MK.1", "EV.1"}, {period.code}
    for typed in asked:
        try:
            reference = parse(typed)
        except BadReference:
            continue
        codes.add(reference.code)
        periods.add(reference.period)
    rows = {one.code: one for one in Period.objects.filter(code__in=periods)}
    found = standings_in(
        levels=kind.levels,
        codes=codes,
        periods=[rows.get(period.code, period), *(rows[c] for c in rows if c != period.code)],
        today=today,
        decided_by=decided_by,
    )
    return {
        code: [one for one in standings if _may_stand(kind, period, one)]
        for code, standings in found.items()
    }


def _may_stand(kind: ReportKind, period: Period, standing: Standing) -> bool:
    """Not the plan's own level outside its two reports, nor accomplishments of other biennia."""
    result = standing.indicator.result
    if result.level == Result.Level.PLAN and not may_print(kind, result.level):
        return False
    return result.lies_in(standing.period.start.year, standing.period.year)


def _elements(kind: ReportKind, period: Period) -> dict[str, tuple[PlanElement, ...]]:
    """The plan's elements by level. Two queries."""
    found: dict[str, list[PlanElement]] = {}
    levels = {*kind.levels, Result.Level.FOCUS_AREA, Result.Level.SUPPORT}
    for element in elements(*sorted(levels)):
        found.setdefault(element.result.level, []).append(element)
    return {level: tuple(members) for level, members in found.items()}


def _countries(kind: ReportKind) -> dict[str, Wording]:
    """Names of countries, for reports that print statistics of countries."""
    if Result.Level.PLAN not in kind.levels:
        return {}
    return {country.iso3: country.name for country in Country.objects.all()}


def _approvals(kind: ReportKind, until: int) -> dict[tuple[str, int], datetime]:
    """When the figures of the offices that report on these levels were approved. One query."""
    rows = Submission.objects.filter(
        state__in=APPROVED,
        period__end__year__lte=until,
        office__indicators__indicator__result__level__in=kind.levels,
    ).distinct()
    return {
        (office, year): approved
        for office, year, approved in rows.values_list(
            "office__code", "period__end__year", "approved_at"
        )
        if approved is not None
    }


def _evidence(
    found: Mapping[str, Sequence[Standing]],
) -> dict[tuple[int, str, int], int]:
    """Pieces of evidence in force, by indicator, office and year. One query."""
    indicators = {one.indicator.pk for members in found.values() for one in members}
    rows = (
        Evidence.objects.filter(Q(retired_at__isnull=True), indicator__in=indicators)
        .values_list("indicator_id", "office__code", "period__end__year")
        .annotate(pieces=Count("pk"))
        .order_by()
    )
    return {(indicator, office, year): pieces for indicator, office, year, pieces in rows}


def _session(kind: ReportKind, period: Period, report: Report | None) -> Session | None:
    """The session that an issued report went to, else that of its slot. One query at most."""
    if report is not None and report.state == Report.State.ISSUED:
        return report.session
    slot = Slot.objects.filter(kind=kind.code, period=period).select_related("session").first()
    return slot.session if slot else None
