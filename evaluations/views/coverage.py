"""What ought to be evaluated and is not. For the secretariat: gaps name unpublished evaluations."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from evaluations.pages.coverage import coverage_context
from indicators.views.doors import person


@login_required
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Focus areas, mandates and projects without evaluation; asked for an office, what it does."""
    context = coverage_context(person(request.user), request.GET, today=timezone.localdate())
    return render(request, "evaluations/coverage.html", context)
