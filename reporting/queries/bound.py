"""Figures bound into what offices write: as seen by the writer, as approved now, and who changed
them in between. A fixed number of queries for a whole report.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from indicators.models import Baseline, Correction, Submission, Target
from indicators.queries.standing import APPROVED
from indicators.rules.periods import years_of
from organization.models import AuditEntry
from reporting.assembly.bound import Refused, resolve
from reporting.document import Figure
from reporting.kinds import KINDS, ReportKind
from reporting.models import BoundFigure
from reporting.rules.references import BadReference, Reference, parse

AGENCY = ("target", "first", "baseline", "progress", "expected", "change")
"""What depends on targets and baselines of the agency."""
DECISIONS = {"set target": _("new target"), "set baseline": _("new baseline")}
REGISTER = ("merge authorities", "undo merge")


@dataclass(frozen=True)
class Changed:
    """Who changed an approved figure, when and why."""

    who: str
    at: datetime
    how: str | Promise
    why: str = ""


@dataclass(frozen=True)
class Approved:
    """Who approved the newest of the figures behind a number, and when."""

    who: str
    at: datetime


@dataclass(frozen=True)
class Bound:
    """One figure bound into a section.

    `figure` is the approved one now, or `refused` says why there is none. `seen` is what the
    writer saw; None if it could not be seen yet. `changed` is known for stale figures only.
    """

    reference: str
    figure: Figure | None
    refused: Refused | None = None
    seen: BoundFigure | None = None
    changed: Changed | None = None
    approved: Approved | None = None

    @property
    def now(self) -> str:
        """What is printed now, in a form of its own: a form brings back what its reader saw."""
        if self.figure is None:
            return ""
        value = printed(self.figure.value, self.figure.decimals)
        return self.figure.nothing if value is None else format(value, "f")

    @property
    def is_stale(self) -> bool:
        """True if a reader would now read another number than the writer saw."""
        if self.seen is None or self.figure is None:
            return False
        was = printed(self.seen.value, self.figure.decimals)
        now = printed(self.figure.value, self.figure.decimals)
        return was != now or self.seen.nothing != self.figure.nothing


def printed(value: Decimal | None, decimals: int) -> Decimal | None:
    """The value as it is printed: what is too small to be printed makes no sentence stale."""
    if value is None:
        return None
    return value.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)


def resolved(
    references: Iterable[str], *, kind: str, today: date
) -> Mapping[str, Figure | Refused]:
    """References with their approved figures now; none asked for, no query."""
    asked = list(dict.fromkeys(references))
    declared: ReportKind | None = KINDS.get(kind)
    return resolve(asked, kind=declared, today=today) if asked and declared else {}


def bound_figures(
    references: Mapping[int, Sequence[str]], *, kind: str, today: date
) -> dict[int, tuple[Bound, ...]]:
    """For each section (by id) the figures that its texts refer to, in their order."""
    rows = BoundFigure.objects.filter(section__in=list(references))
    seen = {(row.section_id, row.reference): row for row in rows}
    found = resolved((one for many in references.values() for one in many), kind=kind, today=today)
    plain = {
        section: [_bound(one, found.get(one), seen.get((section, one))) for one in many]
        for section, many in references.items()
    }
    history = _History([one for many in plain.values() for one in many])
    return {section: tuple(map(history.told, many)) for section, many in plain.items()}


def _bound(reference: str, found: Figure | Refused | None, seen: BoundFigure | None) -> Bound:
    if isinstance(found, Figure):
        return Bound(reference, found, seen=seen)
    missing = Refused("unknown_figure", _("There is no such figure."))
    return Bound(reference, None, found or missing, seen)


class _History:
    """What happened to the figures behind some references. Six queries, whatever their number."""

    def __init__(self, bound: Sequence[Bound]) -> None:
        self.codes = {one.code for one in map(_parsed, bound) if one}
        stale = [one.seen.seen_at for one in bound if one.seen and one.is_stale]
        self.since = min(stale, default=None)
        self.approvals = self._approvals()
        self.corrections = self._corrections()
        self.decisions = self._decisions()

    def _approvals(self) -> list[tuple[str, str, int, datetime, str]]:
        """Indicator, office, year, when and by whom."""
        if not self.codes:
            return []
        rows = Submission.objects.filter(
            state__in=APPROVED, office__indicators__indicator__code__in=self.codes
        ).values_list(
            "office__indicators__indicator__code",
            "office__code",
            "period__end__year",
            "approved_at",
            "approved_by__name",
        )
        known = {(code, office, year, at, who) for code, office, year, at, who in rows if at}
        return sorted(known, key=lambda row: row[3])

    def _corrections(self) -> list[Correction]:
        if self.since is None:
            return []
        return list(
            Correction.objects.filter(
                figure__indicator__code__in=self.codes, corrected_at__gt=self.since
            )
            .select_related("figure__indicator", "figure__office", "figure__period", "corrected_by")
            .order_by("corrected_at")
        )

    def _decisions(self) -> list[tuple[str, AuditEntry]]:
        """Targets and baselines set since, with the code of their indicator; merges, with none."""
        if self.since is None:
            return []
        codes = {
            (model._meta.label_lower, str(pk)): code
            for model in (Target, Baseline)
            for pk, code in model.objects.filter(indicator__code__in=self.codes).values_list(
                "pk", "indicator__code"
            )
        }
        entries = AuditEntry.objects.filter(
            at__gt=self.since, action__in=[*DECISIONS, *REGISTER]
        ).order_by("number")
        return [(codes.get((entry.subject_type, entry.subject_id), ""), entry) for entry in entries]

    def told(self, one: Bound) -> Bound:
        """The same with who approved it and, if it is stale, who changed it."""
        reference = _parsed(one)
        if reference is None or one.figure is None:
            return one
        last = _last_year(reference)
        approvals = [
            Approved(who, at)
            for code, office, year, at, who in self.approvals
            if code == reference.code and year <= last and reference.office in {"", office}
        ]
        approved = approvals[-1] if approvals else None
        changed = self._change(reference, one.seen, approved, last) if one.is_stale else None
        return Bound(one.reference, one.figure, one.refused, one.seen, changed, approved)

    def _change(
        self, reference: Reference, seen: BoundFigure | None, approved: Approved | None, last: int
    ) -> Changed | None:
        """The newest thing since the writer looked that can have changed the figure."""
        if seen is None:
            return None
        found = [
            Changed(str(row.corrected_by), row.corrected_at, _("correction"), row.reason)
            for row in self.corrections
            if row.figure.indicator.code == reference.code
            and row.figure.period.year <= last
            and reference.office in {"", row.figure.office.code}
        ]
        if reference.what in AGENCY:
            found += [
                Changed(entry.by_name, entry.at, DECISIONS[entry.action], entry.reason)
                for code, entry in self.decisions
                if code == reference.code
            ]
        found = [one for one in found if one.at > seen.seen_at]
        if not found and approved and approved.at > seen.seen_at:
            found = [Changed(approved.who, approved.at, _("approval"))]
        if not found:
            found = [
                Changed(entry.by_name, entry.at, _("change in the register"), entry.reason)
                for _code, entry in self.decisions
                if entry.action in REGISTER and entry.at > seen.seen_at
            ]
        return max(found, key=lambda one: one.at) if found else None


def _parsed(one: Bound) -> Reference | None:
    try:
        return parse(one.reference)
    except BadReference:
        return None


def _last_year(reference: Reference) -> int:
    """The last year that a figure is read from."""
    return years_of(reference.period)[-1]
