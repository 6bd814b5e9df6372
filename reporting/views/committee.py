"""The Committee's space, and the permanent addresses of reports by symbol."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from indicators.views.doors import person
from reporting import permissions
from reporting.models import Report
from reporting.queries.calendar import calendar
from reporting.queries.committee import committee_shelves
from reporting.queries.questions import all_questions
from reporting.queries.reports import report_of_symbol
from reporting.views.committee_page import committee_page
from reporting.views.questions import rights


@login_required
@require_safe
def committee(request: HttpRequest) -> HttpResponse:
    """What is issued, what changed, was asked, and comes. For others there is no such page."""
    user = person(request.user)
    if not permissions.reads_for_committee(user):
        raise Http404
    today = timezone.localdate()
    turns = calendar(today=today, user=user).rows
    page = committee_page(committee_shelves(user), all_questions(user), turns, today=today)
    return render(request, "reporting/committee.html", {"page": page} | rights(user))


@require_safe
def by_symbol(request: HttpRequest, symbol: str) -> HttpResponse:
    """Leads from the symbol of an issued report to its page; 404 to what the reader may not see."""
    report = report_of_symbol(symbol, request.user) or report_of_symbol(
        symbol.rstrip("/"), request.user
    )
    if report is None:
        raise Http404
    return redirect("report", report.slug)


def permanent_address(request: HttpRequest, report: Report) -> str:
    """The address of an issued report by its symbol; without a language, it leads to the best."""
    path = reverse("report-symbol", args=[report.symbol])
    return request.build_absolute_uri(path.removeprefix(f"/{get_language()}"))
