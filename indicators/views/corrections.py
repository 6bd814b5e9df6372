"""Correcting a figure after approval, and the list of corrections."""

from typing import Any

from django.contrib import messages as notes
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from indicators.pages.corrections import correct_context, corrections_context, make_correction
from indicators.pages.decisions import number_in
from indicators.permissions import readable_offices
from indicators.views import doors
from organization.models import Role
from organization.permissions import require


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: HttpRequest, office: str, period: str, indicator: str) -> HttpResponse:
    """Changes an approved figure with a reason (422 if refused). For quality assurance."""
    where, year, measure = doors.assigned(request, office, period, indicator)
    user = doors.person(request.user)
    require(user, Role.QUALITY_ASSURANCE)
    refused: dict[str, Any] = {}
    if request.method == "POST":
        sentence, refused = make_correction(
            request.POST,
            where,
            year,
            measure,
            language=doors.language(),
            by=user,
            at=timezone.now(),
        )
        if sentence:
            notes.success(request, sentence)
            return redirect("figure-history", office, period, indicator)
    asked = request.GET.get("q", "")
    context = correct_context(where, year, measure, asked=asked, **refused)
    return render(request, "indicators/correct.html", context, status=422 if refused else 200)


@login_required
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """What was corrected after approval in the offices that this person reads."""
    user = doors.person(request.user)
    if readable_offices(user) == frozenset():
        raise Http404
    page = number_in(request.GET.get("page", "")) or 1
    return render(request, "indicators/corrections.html", corrections_context(user, page=page))
