"""What happened to one figure, and what was said about it."""

from typing import Any

from django.contrib import messages as notes
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from indicators.pages.decisions import number_in
from indicators.pages.history import history_context
from indicators.pages.remarks import figure_queries_context, queries_context, speak
from indicators.permissions import WORKS_ON_FIGURES, readable_offices
from indicators.views import doors
from organization.models import Role
from organization.permissions import holds, require


@login_required
@require_safe
def figure(request: HttpRequest, office: str, period: str, indicator: str) -> HttpResponse:
    """Every change of one figure: who, when, from, to, why. Newest first."""
    where, year, measure = doors.assigned(request, office, period, indicator)
    page = number_in(request.GET.get("page", "")) or 1
    user = doors.person(request.user)
    context = history_context(user, where, year, measure, page=page)
    return render(request, "indicators/figure_history.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def queries_on(request: HttpRequest, office: str, period: str, indicator: str) -> HttpResponse:
    """What is said about one figure. A POST asks, answers or settles (422 if refused)."""
    where, year, measure = doors.assigned(request, office, period, indicator)
    user = doors.person(request.user)
    refused: dict[str, Any] = {}
    if request.method == "POST":
        if not holds(user, Role.QUALITY_ASSURANCE):
            require(user, *WORKS_ON_FIGURES, office=where)
        sentence, refused = speak(request.POST, where, year, measure, by=user, at=timezone.now())
        if sentence:
            notes.success(request, sentence)
            return redirect("figure-queries", office, period, indicator)
    context = figure_queries_context(user, where, year, measure, **refused)
    status = 422 if refused else 200
    return render(request, "indicators/remarks_on_figure.html", context, status=status)


@login_required
@require_safe
def queries(request: HttpRequest) -> HttpResponse:
    """The open questions on the figures that this person reads."""
    user = doors.person(request.user)
    if readable_offices(user) == frozenset():
        raise Http404
    context = queries_context(user, settled="settled" in request.GET)
    return render(request, "indicators/remarks.html", context)
