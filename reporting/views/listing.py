"""What the list of reports shows: the issued ones, those in work, and what the plan asks for."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from habitat_plan.kit.wording import Wording
from reporting.kinds import KINDS, ReportKind
from reporting.models import Report
from reporting.queries import Person, ReportRow, visible_reports
from reporting.queries.calendar import Calendar, CalendarRow, Obligation, calendar
from reporting.views.files import FileRow, file_rows

LATEST = 4


@dataclass(frozen=True)
class ListedReport:
    """A report in the list with its files by language, and what corrects it."""

    report: Report
    kind_title: str
    files: tuple[FileRow, ...]
    corrigenda: tuple["ListedReport", ...] = ()


@dataclass(frozen=True)
class Shelf:
    """The issued reports of one kind, the newest period first."""

    title: str
    reports: tuple[ListedReport, ...]


@dataclass(frozen=True)
class Asked:
    """A kind of report that the plan asks for, with its periods as the calendar has them.

    Several paragraphs may ask for the same report: it stands once, in the words of the first.
    """

    kind: ReportKind
    words: Wording
    addressee: Wording
    paragraphs: tuple[str, ...]
    turns: tuple[CalendarRow, ...]


@dataclass(frozen=True)
class ReportList:
    """The page of all reports, as one person sees it.

    `elsewhere`: what the plan asks for and others than the reader are given. `not_made`: what this
    system does not make.
    """

    issued: tuple[Shelf, ...]
    in_work: tuple[ListedReport, ...]
    asked: tuple[Asked, ...]
    elsewhere: tuple[Obligation, ...]
    not_made: tuple[Obligation, ...]

    @property
    def number_issued(self) -> int:
        """How many reports are out; corrigenda are counted with what they correct."""
        return sum(len(shelf.reports) for shelf in self.issued)


def latest(rows: Iterable[ReportRow]) -> list[ListedReport]:
    """The reports issued last, the newest first."""
    issued = [listed(row) for row in rows if row.report.issued_on]
    issued.sort(key=lambda found: found.report.issued_on or date.min, reverse=True)
    return issued[:LATEST]


def listed(row: ReportRow, corrigenda: Sequence[ReportRow] = ()) -> ListedReport:
    """A report with its files in the order of the languages."""
    return ListedReport(
        row.report,
        row.kind_title,
        file_rows(row.renderings),
        tuple(listed(one) for one in sorted(corrigenda, key=lambda one: one.report.ordinal)),
    )


def report_list(user: Person, *, today: date) -> ReportList:
    """All that the reader may see. Eight queries for the public."""
    rows = visible_reports(user)
    found = calendar(today=today, user=user)
    state = Report.State.ISSUED
    known = {row.kind.code for row in found.rows}
    asked = [one for one in found.obligations if one.obligation.report_kind]
    return ReportList(
        issued=_shelves([row for row in rows if row.report.state == state]),
        in_work=tuple(listed(row) for row in rows if row.report.state != state),
        asked=tuple(_asked(found, kind) for kind in KINDS.values() if kind.code in known),
        elsewhere=tuple(
            one
            for one in asked
            if one.obligation.report_kind in KINDS and one.obligation.report_kind not in known
        ),
        not_made=tuple(one for one in asked if one.obligation.report_kind not in KINDS),
    )


def _shelves(issued: Sequence[ReportRow]) -> tuple[Shelf, ...]:
    """The issued reports by kind, in the order in which kinds are declared."""
    corrigenda: defaultdict[int, list[ReportRow]] = defaultdict(list)
    by_kind: defaultdict[str, list[ReportRow]] = defaultdict(list)
    for row in issued:
        if row.report.corrects_id is not None:
            corrigenda[row.report.corrects_id].append(row)
        else:
            by_kind[row.report.kind].append(row)
    order = list(KINDS)
    kinds = sorted(by_kind, key=lambda code: order.index(code) if code in KINDS else len(order))
    return tuple(
        Shelf(
            by_kind[code][0].kind_title,
            tuple(listed(row, corrigenda[row.report.pk]) for row in by_kind[code]),
        )
        for code in kinds
    )


def _asked(found: Calendar, kind: ReportKind) -> Asked:
    asking = found.asking_for(kind.code)
    first = asking[0] if asking else None
    paragraphs = [paragraph for one in asking for paragraph in one.obligation.paragraph.split(", ")]
    return Asked(
        kind=kind,
        words=first.words if first else Wording({}),
        addressee=first.addressee if first else Wording({}),
        paragraphs=tuple(dict.fromkeys(paragraphs)) or (kind.paragraph,),
        turns=tuple(row for row in found.rows if row.kind.code == kind.code),
    )
