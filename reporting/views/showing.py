"""What the page of one report shows to one person."""

from dataclasses import dataclass, field

from django.http import Http404
from django.utils import timezone
from django.utils.translation import get_language

from habitat_plan.kit.errors import RuleBroken
from indicators.queries.gaps import unapproved
from reporting import permissions
from reporting.forms import AssembleForm, ClearForm, IssueForm
from reporting.kinds import KINDS
from reporting.models import Report
from reporting.pages.work import WorkView, shown_work
from reporting.queries import Person, ReportPage, report_page, title_of
from reporting.queries.calendar import CalendarRow, calendar_of, turn_of
from reporting.rendering.presenting import present
from reporting.rendering.shown import DocumentPage
from reporting.views.files import FileRow, file_rows


@dataclass(frozen=True)
class ReportView:
    """A report's page, its document in the reader's language, its work in the background.

    `calendar` are the steps of a report in work; None once it is issued.
    """

    page: ReportPage
    shown: DocumentPage | None
    files: tuple[FileRow, ...]
    work: WorkView | None
    broken: RuleBroken | None = None
    assemble_form: AssembleForm = field(default_factory=AssembleForm)
    clear_form: ClearForm = field(default_factory=ClearForm)
    issue_form: IssueForm = field(default_factory=IssueForm)
    calendar: CalendarRow | None = None

    @property
    def is_working(self) -> bool:
        """True while a worker has something to do, so the page asks again by itself."""
        return self.work is not None and not self.work.is_over

    @property
    def is_issued(self) -> bool:
        """True if the report is out."""
        return self.page.report.state == Report.State.ISSUED

    @property
    def illustrative(self) -> bool:
        """True if the document prints anything made up."""
        return bool(self.shown and self.shown.illustrative)


def found(slug: str, user: Person) -> ReportPage:
    """The report, or the one that may be assembled under this name; 404 for everybody else."""
    page = report_page(slug, user) or _planned(slug, user)
    if page is None:
        raise Http404
    return page


def view_of(
    page: ReportPage, *, broken: RuleBroken | None = None, issue_form: IssueForm | None = None
) -> ReportView:
    """The page for a template."""
    row, report = page.document_row, page.report
    shown = None
    if page.document and row:
        shown = present(
            page.document,
            get_language() or "en",
            symbol=report.symbol or page.document.masthead.symbol,
            date=report.issued_on or page.document.masthead.date,
        )
    # A report in work has a working copy in one language only.
    is_issued = report.state == Report.State.ISSUED
    kind = KINDS.get(report.kind)
    expected = kind.languages if kind and is_issued else ()
    return ReportView(
        page=page,
        shown=shown,
        files=file_rows(page.renderings, expected, KINDS[report.kind].formats),
        work=work_of(page),
        broken=broken,
        issue_form=issue_form or IssueForm(initial=_proposed(report)),
        calendar=calendar_of(report, timezone.localdate()) if kind and not is_issued else None,
    )


def _proposed(report: Report) -> dict[str, str]:
    """What a corrigendum is to be issued as: `HSP/GC/26/5/Corr.1`."""
    if report.corrects is None:
        return {}
    symbol = f"{report.corrects.symbol}/Corr.{report.ordinal}"
    return {"symbol": symbol, "agenda_item": report.agenda_item}


def work_of(page: ReportPage) -> WorkView | None:
    """Where the work in the background stands; None if there is none to speak of."""
    if page.work is None or page.work.is_done:
        return None
    return shown_work(page.work, at=timezone.now())


def _planned(slug: str, user: Person) -> ReportPage | None:
    """A report that nobody has assembled yet, for those who see the work. Three queries."""
    if not permissions.sees_work(user):
        return None
    turn = turn_of(slug)
    if turn is None or Report.objects.filter(slug=slug).exists():
        return None
    kind, period = turn
    return ReportPage(
        report=Report(kind=kind.code, period=period, slug=slug),
        kind_title=title_of(kind.code),
        document=None,
        document_row=None,
        renderings=(),
        work=None,
        gaps=tuple(gap.sentence for gap in unapproved(levels=kind.levels, period=period)),
        may_assemble=permissions.may_assemble(user),
        may_clear=False,
        may_issue=False,
    )
