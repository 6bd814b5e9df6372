"""What later corrections touch: issued reports that would print something else today, and why.

An issued report is compared as its issued corrigenda left it, so that nothing is listed twice: with
each draft of a corrigendum the report as it would read is frozen just before it (`basis_number`).
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F, Q, QuerySet

from evaluations.queries.recorded import recorded_since
from indicators.models import Achievement, Assignment, Submission
from indicators.models import Correction as FigureCorrection
from indicators.queries.standing import APPROVED
from organization.models import AuditEntry
from reporting.assembly import recompose, words
from reporting.assembly.blocks.evaluation_counts import RECOMMENDATION, name_of, ranges
from reporting.assembly.corrigendum import (
    Corrected,
    Correction,
    compose_corrigendum,
    corrections_in,
)
from reporting.document import Document, Text, from_json
from reporting.models import Report, ReportDocument
from reporting.rules.causes import Cause, CauseKind, Explained, explained
from reporting.rules.comparison import code_of, compare, renumbered

MERGES: Mapping[str, CauseKind] = {
    "merge authorities": "merge",
    "undo merge": "undone_merge",
}
# Two that write at the same moment wait for each other, so the later one may bear the earlier time.
LEEWAY = timedelta(minutes=1)


@dataclass(frozen=True)
class Touched:
    """An issued report that would read otherwise today, place by place with the causes.

    `base` is the report as its issued corrigenda left it, `today` as it would be assembled now.
    `ordinal` is the number of the next corrigendum, `draft` that corrigendum if it is in work.
    """

    report: Report
    issued: Document
    base: Document
    today: Document
    changes: tuple[Explained, ...]
    ordinal: int
    draft: Report | None = None

    @property
    def corrigendum(self) -> Document:
        """The document of the corrigendum. Raises ValueError for a report without a date."""
        report = self.report
        if report.issued_on is None:
            raise ValueError(f"{report} is not issued")
        corrected = Corrected(
            report.symbol, report.issued_on, self.ordinal, self.issued, self.base, self.today
        )
        return compose_corrigendum(corrected, self.changes)


def touched() -> list[Touched]:
    """All issued reports that later corrections touch, the newest period first.

    Thirteen queries, and those of one assembly for each report whose figures were changed later.
    """
    return list(_all_touched(_issued()))


def touched_report(report: Report) -> Touched | None:
    """The same of one report; None if it would read as it is, or is not issued."""
    return next(_all_touched(_issued().filter(pk=report.pk)), None)


def basis_number(corrigendum: Report) -> int:
    """The number of the frozen document that a corrigendum leads to: the report as it then reads.

    Issuing freezes the corrigendum once more, with its symbol.
    """
    number = corrigendum.document.number if corrigendum.document else 0
    return number - (2 if corrigendum.state == Report.State.ISSUED else 1)


def bases_of(corrigenda: Collection[Report]) -> dict[int, ReportDocument]:
    """The report as it reads with each of some issued corrigenda, by their ids. One query."""
    rows = ReportDocument.objects.filter(
        report__in=[one.pk for one in corrigenda],
        report__state=Report.State.ISSUED,
        number=F("report__document__number") - 2,
    )
    return {row.report_id: row for row in rows}


def _issued() -> QuerySet[Report]:
    """Issued reports proper, with their corrigenda."""
    return (
        Report.objects.filter(state=Report.State.ISSUED, corrects__isnull=True)
        .select_related("period", "document", "session")
        .prefetch_related("corrigenda")
    )


def _all_touched(reports: QuerySet[Report]) -> Iterator[Touched]:
    found = list(reports)
    if not found:
        return
    last = {
        report.pk: max(issued, key=lambda one: one.ordinal)
        for report in found
        if (issued := _issued_corrigenda(report))
    }
    bases = bases_of(last.values())
    rows = {
        report.pk: bases[last[report.pk].pk] if report.pk in last else report.document
        for report in found
    }
    since = min(row.assembled_at for row in rows.values() if row is not None)
    causes = causes_since(since - LEEWAY)
    for report in found:
        row = rows[report.pk]
        if row is not None and (one := _touched(report, row, causes)) is not None:
            yield one


def _issued_corrigenda(report: Report) -> list[Report]:
    return [one for one in report.corrigenda.all() if one.state == Report.State.ISSUED]


def _touched(report: Report, row: ReportDocument, causes: Sequence[Cause]) -> Touched | None:
    """One report against what changed since `row` was assembled; None if nothing printed differs.

    First what is quick: only a later change of a figure that the report holds has it put together
    anew. It is put together as on the day of its assembly: not time is to make a difference.
    """
    if report.document is None:
        return None
    until = report.period.end.year
    later = [
        cause for cause in causes if cause.at > row.assembled_at - LEEWAY and cause.year <= until
    ]
    if not later:
        return None
    base = from_json(row.content.encode())
    held = frozenset(map(code_of, base.figures))
    later = [cause for cause in later if cause.codes & held]
    if not later:
        return None
    is_corrected = row.pk != report.document.pk
    issued = from_json(report.document.content.encode()) if is_corrected else base
    today = recompose(report, at=report.document.assembled_at)
    differences = compare(base, today)
    if is_corrected:
        differences = renumbered(differences, base=base, issued=issued)
    changes = explained(differences, later)
    if not changes:
        return None
    draft = next((one for one in report.corrigenda.all() if one.state != Report.State.ISSUED), None)
    ordinals = [one.ordinal for one in _issued_corrigenda(report)]
    ordinal = draft.ordinal if draft else max(ordinals, default=0) + 1
    return Touched(report, issued, base, today, changes, ordinal, draft)


def causes_since(since: datetime) -> list[Cause]:
    """Every later change of what reports print: of approved figures, and of evaluations.

    Corrections, merges, late approvals; what was recorded later of evaluations. Ten queries.
    """
    return [*_corrections(since), *_approvals(since), *_merges(since), *_evaluations(since)]


def _corrections(since: datetime) -> Iterator[Cause]:
    rows = FigureCorrection.objects.filter(corrected_at__gt=since).select_related(
        "figure__indicator", "figure__office", "figure__period"
    )
    for row in rows.order_by("corrected_at", "pk"):
        yield Cause(
            "correction",
            row.corrected_at,
            frozenset({row.figure.indicator.code}),
            row.figure.period.year,
            words.of(row.figure.office.name),
            row.reason,
        )


def _approvals(since: datetime) -> Iterator[Cause]:
    rows = list(
        Submission.objects.filter(state__in=APPROVED, approved_at__gt=since)
        .select_related("office", "period")
        .order_by("approved_at", "pk")
    )
    codes: dict[int, set[str]] = defaultdict(set)
    assigned = Assignment.objects.filter(office__in={row.office_id for row in rows})
    for office, code in assigned.values_list("office_id", "indicator__code"):
        codes[office].add(code)
    for row in rows:
        if row.approved_at is not None:
            yield Cause(
                "approval",
                row.approved_at,
                frozenset(codes[row.office_id]),
                row.period.year,
                words.of(row.office.name),
            )


def _merges(since: datetime) -> Iterator[Cause]:
    """Merges of authorities and merges taken back, for whatever counts both entries."""
    entries = list(
        AuditEntry.objects.filter(
            subject_type="indicators.authority", action__in=MERGES, at__gt=since
        ).order_by("number")
    )
    others = {entry.number: _other(entry) for entry in entries}
    concerned = {int(entry.subject_id) for entry in entries} | {*others.values()}
    rows = Achievement.objects.filter(
        Q(authority__in=concerned) | Q(authority__merged_into__in=others.values())
    ).values_list("authority_id", "authority__merged_into_id", "indicator__code", "period__end")
    counted = list(rows) if entries else []
    for entry in entries:
        own, other = int(entry.subject_id), others[entry.number]
        mine = {code: end.year for one, _into, code, end in counted if one == own}
        theirs = {code for one, into, code, _end in counted if one != own and other in {one, into}}
        if both := mine.keys() & theirs:
            yield Cause(
                MERGES[entry.action],
                entry.at,
                frozenset(both),
                min(mine[code] for code in both),
                Text.of(en=entry.subject_label),
                entry.reason,
            )


def _other(entry: AuditEntry) -> int:
    """The entry of the register that the merged one pointed at."""
    before, after = entry.changes["merged into"]
    return int(after or before)


def _evaluations(since: datetime) -> Iterator[Cause]:
    """What was recorded of evaluations only later, by evaluation and day of recording."""
    for one in recorded_since(since):
        name, codes = name_of(one.evaluation), {"evaluations"}
        subject = words.said("Evaluation %(evaluation)s", evaluation=name)
        if one.numbers:
            codes = {f"{RECOMMENDATION}-{one.evaluation.code}-{number}" for number in one.numbers}
            codes.add("recommendations")
            subject = words.said(
                "Recommendations of evaluation %(evaluation)s (%(numbers)s)",
                evaluation=name,
                numbers=ranges(one.numbers),
            )
        yield Cause(one.what, one.at, frozenset(codes), one.year, subject)


@dataclass(frozen=True)
class Corrigendum:
    """A corrigendum of a report with what it corrects, place by place."""

    report: Report
    corrections: tuple[Correction, ...]
    document: Document


def corrections_of(corrigenda: Iterable[Report]) -> list[Corrigendum]:
    """What some corrigenda correct, those that are issued. One query; none for none."""
    issued = [one for one in corrigenda if one.state == Report.State.ISSUED]
    if not issued:
        return []
    rows = ReportDocument.objects.in_bulk([one.document_id for one in issued])
    found = []
    for one in issued:
        document = from_json(rows[one.document_id].content.encode())
        found.append(Corrigendum(one, tuple(corrections_in(document)), document))
    return found
