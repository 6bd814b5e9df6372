"""Years: opened, due and closed by quality assurance; exceptions; who has come how far."""

from typing import Any

from django.contrib import messages as notes
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from indicators.pages.period import change_period, period_context
from indicators.pages.periods import calendar_context, send_again
from indicators.permissions import READS_EVERYTHING
from indicators.views import doors
from organization.models import Role
from organization.permissions import holds, require


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def index(request: HttpRequest) -> HttpResponse:
    """The calendar of years. A POST gives a message that got stuck back to be sent."""
    user = doors.person(request.user)
    if not holds(user, *READS_EVERYTHING):
        raise Http404
    if request.method == "POST":
        require(user, Role.QUALITY_ASSURANCE)
        if sentence := send_again(request.POST, by=user, at=timezone.now()):
            notes.success(request, sentence)
        return redirect("periods")
    context = calendar_context(user, at=timezone.now(), today=timezone.localdate())
    return render(request, "indicators/periods.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def period(request: HttpRequest, code: str) -> HttpResponse:
    """One year: state, exceptions, completeness. A POST opens, closes, lets in or reminds."""
    user = doors.person(request.user)
    if not holds(user, *READS_EVERYTHING):
        raise Http404
    year = doors.year(code)
    refused: dict[str, Any] = {}
    if request.method == "POST":
        require(user, Role.QUALITY_ASSURANCE)
        sentence, refused = change_period(request.POST, year, by=user, at=timezone.now())
        if sentence:
            notes.success(request, sentence)
            return redirect("period", code)
    context = period_context(user, year, today=timezone.localdate(), **refused)
    return render(request, "indicators/period.html", context, status=422 if refused else 200)
