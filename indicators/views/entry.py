"""An office's figures of a year: the grid, one indicator, handing them in."""

from typing import Any

from django.contrib import messages as notes
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from focus_areas.models import Period
from habitat_plan.kit.errors import NotAllowed, RuleBroken
from indicators.models import Submission
from indicators.pages.entry import entry_context
from indicators.pages.entry_door import rows_content, save_cell, signed_out
from indicators.pages.entry_form import save_grid
from indicators.pages.row import row_context, save_row
from indicators.queries.entry import entry_page
from indicators.services import submissions
from indicators.views import doors
from organization.models import Office, Role
from organization.permissions import require


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest, office: str, period: str) -> HttpResponse:
    """The grid of one office and year. A POST saves it; what is refused stays typed (422)."""
    where, year = doors.office_year(request, office, period)
    if request.method != "POST":
        return _grid(request, where, year, show=request.GET.get("show", ""))
    refusals = _saved(request, where, year)
    if refusals:
        return _grid(request, where, year, status=422, refusals=refusals)
    notes.success(request, _("Saved. Nothing is handed in until you submit."))
    return redirect("office-period", office, period)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def submit(request: HttpRequest, office: str, period: str) -> HttpResponse:
    """Saves what the form holds and hands the year in; or says what is still open (422)."""
    where, year = doors.office_year(request, office, period)
    if request.method != "POST":
        return redirect("office-period", office, period)
    if "withdraw" in request.POST:
        return _withdrawn(request, where, year)
    if refusals := _saved(request, where, year):
        return _grid(request, where, year, status=422, refusals=refusals)
    return _submitted(request, where, year)


@require_http_methods(["POST"])
def cell(request: HttpRequest, office: str, period: str, indicator: str) -> HttpResponse:
    """Saves what one row of the grid sends by itself; answers in JSON, also when signed out."""
    if not request.user.is_authenticated:
        status, content = signed_out(office, period)
    else:
        where, year, measure = doors.assigned(request, office, period, indicator)
        user = doors.person(request.user)
        status, content = save_cell(measure, where, year, request.POST, user)
    return JsonResponse(content, status=status)


@require_http_methods(["GET"])
def rows(request: HttpRequest, office: str, period: str) -> HttpResponse:
    """Some rows of the grid as they stand, with the counts and what is left to do, in JSON."""
    if not request.user.is_authenticated:
        status, content = signed_out(office, period)
        return JsonResponse(content, status=status)
    where, year = doors.office_year(request, office, period)
    codes, user = request.GET.getlist("code"), doors.person(request.user)
    return JsonResponse(rows_content(request, user, where, year, codes))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def row(request: HttpRequest, office: str, period: str, indicator: str) -> HttpResponse:
    """One indicator: earlier values, parts, answers, explanation, evidence.

    `?part=panel` gives the piece that opens beside the grid.
    """
    where, year = doors.office_year(request, office, period)
    refused = save_row(request, where, year, indicator) if request.method == "POST" else {}
    if request.method == "POST" and not refused:
        notes.success(request, _("Saved."))
        return redirect("office-figure", office, period, indicator)
    context = row_context(request.user, where, year, indicator, **refused)
    name = "panel" if request.GET.get("part") == "panel" else "detail"
    page = f"indicators/entry_{name}.html"
    return render(request, page, context, status=422 if refused else 200)


def _saved(request: HttpRequest, office: Office, period: Period) -> dict[str, Any]:
    """Saves the touched rows of the grid; the refusals by code."""
    user = doors.person(request.user)
    require(user, Role.CONTRIBUTOR, office=office)
    found = entry_page(office=office, period=period, today=timezone.localdate())
    return save_grid(found, request.POST, language=doors.language(), by=user, at=timezone.now())


def _grid(
    request: HttpRequest, office: Office, period: Period, *, status: int = 200, **refused: Any
) -> HttpResponse:
    context = entry_context(
        doors.person(request.user), office, period, today=timezone.localdate(), **refused
    )
    return render(request, "indicators/entry.html", context, status=status)


def _submitted(request: HttpRequest, office: Office, period: Period) -> HttpResponse:
    try:
        submissions.submit(
            office=office, period=period, by=doors.person(request.user), at=timezone.now()
        )
    except NotAllowed:
        raise
    except RuleBroken as broken:
        if _is_handed_in(request, office, period):
            return redirect("office-period", office.code, period.code)
        refused = {"refused": broken.message, "matters": broken.details}
        return _grid(request, office, period, status=422, **refused)
    notes.success(request, _("Submitted. The approver of your office decides next."))
    return redirect("office-period", office.code, period.code)


def _is_handed_in(request: HttpRequest, office: Office, period: Period) -> bool:
    """True if this person has submitted the year already: they only pressed twice."""
    return Submission.objects.filter(
        office=office,
        period=period,
        state=Submission.State.SUBMITTED,
        submitted_by=doors.person(request.user),
    ).exists()


def _withdrawn(request: HttpRequest, office: Office, period: Period) -> HttpResponse:
    submission = Submission.objects.filter(office=office, period=period).first()
    if submission is None:
        raise Http404
    submissions.withdraw(submission=submission, by=doors.person(request.user), at=timezone.now())
    notes.success(request, _("Withdrawn. You can change the figures and submit again."))
    return redirect("office-period", office.code, period.code)
