"""The Committee's space: issued reports by kind, and what changed since the last of a kind."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import get_language

from organization.kept import kept
from reporting import permissions
from reporting.document import Document, Figure, figures_of, from_json
from reporting.kinds import KINDS
from reporting.models import Report, ReportDocument
from reporting.queries.questions import seen_questions
from reporting.queries.reports import Person, ReportRow, visible_reports
from reporting.rendering.reading import Reader

SHOWN_CHANGES = 5


@dataclass(frozen=True)
class ChangedFigure:
    """A figure that stands otherwise than in the report before; both as printed."""

    label: str
    language: str
    before: str
    now: str


@dataclass(frozen=True)
class Changes:
    """What changed since the report before: the first figures, and how many there are."""

    shown: tuple[ChangedFigure, ...] = ()
    number: int = 0

    @property
    def more(self) -> int:
        """How many are not shown."""
        return self.number - len(self.shown)


@dataclass(frozen=True)
class IssuedReport:
    """An issued report with what belongs to it.

    `previous` is the report of the same kind before it, `open_questions` those of the reader's own
    delegation (of all delegations, for the secretariat).
    """

    row: ReportRow
    previous: Report | None
    changes: Changes
    corrigenda: tuple[ReportRow, ...]
    open_questions: int = 0
    answered_questions: int = 0


@dataclass(frozen=True)
class KindShelf:
    """The issued reports of one kind, the newest period first."""

    title: str
    reports: tuple[IssuedReport, ...]


def committee_shelves(user: Person) -> list[KindShelf]:
    """All issued reports that the person may see, by kind in the order of declaration.

    Three queries. Changes are worked out for the newest report of each kind.
    """
    rows = [row for row in visible_reports(user) if row.report.state == Report.State.ISSUED]
    corrigenda: defaultdict[int | None, list[ReportRow]] = defaultdict(list)
    by_kind: defaultdict[str, list[ReportRow]] = defaultdict(list)
    for row in rows:
        if row.report.corrects_id:
            corrigenda[row.report.corrects_id].append(row)
        else:
            by_kind[row.report.kind].append(row)
    counted = _questions(user)

    def issued(row: ReportRow, previous: Report | None, *, is_newest: bool) -> IssuedReport:
        own = corrigenda[row.report.pk]
        return IssuedReport(
            row=row,
            previous=previous,
            changes=changes(row.report, previous) if is_newest else Changes(),
            corrigenda=tuple(sorted(own, key=lambda one: one.report.ordinal)),
            open_questions=counted[row.report.pk, True],
            answered_questions=counted[row.report.pk, False],
        )

    return [
        KindShelf(
            title=by_kind[code][0].kind_title,
            reports=tuple(
                issued(row, previous, is_newest=place == 0)
                for place, (row, previous) in enumerate(_with_previous(by_kind[code]))
            ),
        )
        for code in KINDS
        if code in by_kind
    ]


def _with_previous(rows: Sequence[ReportRow]) -> Iterator[tuple[ReportRow, Report | None]]:
    """Each report, the newest period first, with the one before it."""
    ordered = sorted(rows, key=lambda row: row.report.period.end, reverse=True)
    before: list[Report | None] = [row.report for row in ordered[1:]]
    yield from zip(ordered, [*before, None], strict=True)


def corrigenda_of(report: Report, user: Person) -> list[Report]:
    """The corrigenda of a report that the person may see, in their order. One query."""
    rows = Report.objects.filter(permissions.seen_by(user), corrects=report)
    return list(rows.select_related("period").order_by("ordinal"))


def _questions(user: Person) -> Counter[tuple[int, bool]]:
    """(report, is open) → how many questions. One query."""
    asked = seen_questions(user).values_list("report_id", "answered_at")
    return Counter((report, answered_at is None) for report, answered_at in asked)


def changes(report: Report, previous: Report | None) -> Changes:
    """What changed between two issued reports of one kind, in the reader's language.

    Both documents are frozen, so what was found once is kept.
    """
    now, before = report.document, previous.document if previous else None
    if now is None or before is None:
        return Changes()
    return kept(("changes", now.sha256, before.sha256), lambda: _changes(now, before))


def _changes(now: ReportDocument, before: ReportDocument) -> Changes:
    after, earlier = from_json(now.content.encode()), from_json(before.content.encode())
    language = get_language() or "en"
    readers = Reader(earlier, language), Reader(after, language)
    changed = [pair for pair in _pairs(earlier, after) if _says(pair[0]) != _says(pair[1])]
    shown = []
    for old, new in changed[:SHOWN_CHANGES]:
        label = readers[1].read(new.label)
        shown.append(
            ChangedFigure(
                label.text, label.language, readers[0].figure(old.key), readers[1].figure(new.key)
            )
        )
    return Changes(tuple(shown), len(changed))


def _pairs(earlier: Document, after: Document) -> Iterator[tuple[Figure, Figure]]:
    """The actual figures of the period that both reports print, in the order of the later one."""
    of_period = f"@{after.period}:actual"
    for key in figures_of(after):
        if key.endswith(of_period):
            found = earlier.figures.get(key.replace(of_period, f"@{earlier.period}:actual"))
            if found is not None:
                yield found, after.figures[key]


def _says(figure: Figure) -> tuple[object, str]:
    return figure.value, figure.nothing
