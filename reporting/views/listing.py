"""What the list of reports shows: the issued ones, those in work, and what the plan asks for."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from focus_areas.models import Period, ReportingObligation
from focus_areas.queries import NO_WORDING, texts
from habitat_plan.kit.wording import Wording
from reporting import permissions
from reporting.kinds import KINDS, ReportKind
from reporting.models import Report
from reporting.queries import Person, ReportRow, visible_reports
from reporting.views.files import FileRow, file_rows

LATEST = 4


@dataclass(frozen=True)
class ListedReport:
    """A report in the list with its files by language."""

    report: Report
    kind_title: str
    files: tuple[FileRow, ...]


@dataclass(frozen=True)
class Turn:
    """One period of an obligation. `report` is None while there is none the reader may see."""

    period: Period
    slug: str
    report: Report | None
    is_due: bool
    may_open: bool

    @property
    def is_issued(self) -> bool:
        """True if the report of this period is out."""
        return self.report is not None and self.report.state == Report.State.ISSUED


@dataclass(frozen=True)
class Asked:
    """A report that the plan asks for. Without turns this system does not make it."""

    obligation: ReportingObligation
    words: Wording
    addressee: Wording
    turns: tuple[Turn, ...]


@dataclass(frozen=True)
class ReportList:
    """The page of all reports."""

    issued: tuple[ListedReport, ...]
    in_work: tuple[ListedReport, ...]
    asked: tuple[Asked, ...]

    @property
    def made_here(self) -> list[Asked]:
        """The obligations that a report of this system meets."""
        return [asked for asked in self.asked if asked.turns]

    @property
    def not_here(self) -> list[Asked]:
        """The other reports that the plan asks for."""
        return [asked for asked in self.asked if not asked.turns]


def latest(rows: Iterable[ReportRow]) -> list[ListedReport]:
    """The reports issued last, the newest first."""
    issued = [listed(row) for row in rows if row.report.issued_on]
    issued.sort(key=lambda found: found.report.issued_on or date.min, reverse=True)
    return issued[:LATEST]


def listed(row: ReportRow) -> ListedReport:
    """A report with its files in the order of the languages."""
    return ListedReport(row.report, row.kind_title, file_rows(row.renderings))


def report_list(user: Person, *, today: date) -> ReportList:
    """All that the reader may see. Five queries."""
    rows = visible_reports(user)
    state = Report.State.ISSUED
    return ReportList(
        issued=tuple(listed(row) for row in rows if row.report.state == state),
        in_work=tuple(listed(row) for row in rows if row.report.state != state),
        asked=asked(rows, today=today, sees_work=permissions.sees_work(user)),
    )


def asked(rows: Sequence[ReportRow], *, today: date, sees_work: bool) -> tuple[Asked, ...]:
    """The reports of the plan's obligations, period by period. Three queries."""
    found = list(ReportingObligation.objects.exclude(report_kind=""))
    words = texts(codes=[code for one in found for code in (one.code, f"{one.code}.to")])
    periods = list(Period.objects.all())
    known = {(row.report.kind, row.report.period_id): row.report for row in rows}

    def turns(kind: ReportKind) -> tuple[Turn, ...]:
        return tuple(
            Turn(
                period=period,
                slug=slug_of(kind, period),
                report=known.get((kind.code, period.pk)),
                is_due=period.end < today,
                may_open=sees_work or (kind.code, period.pk) in known,
            )
            for period in periods
            if period.kind in kind.periods
        )

    return tuple(
        Asked(
            obligation=one,
            words=words[one.code].wording if one.code in words else NO_WORDING,
            addressee=words[to].wording if (to := f"{one.code}.to") in words else NO_WORDING,
            turns=turns(KINDS[one.report_kind]) if one.report_kind in KINDS else (),
        )
        for one in found
    )


def slug_of(kind: ReportKind, period: Period) -> str:
    """The name in the address of the report of a kind and period."""
    return f"{kind.code.replace('_', '-')}-{period.code}"
