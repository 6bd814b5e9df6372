"""The home page, and how figures are made."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from reporting.queries import visible_reports
from reporting.views.front_page import front_page
from reporting.views.listing import latest


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What the plan promises and how far it has come."""
    page = front_page(today=timezone.localdate())
    reports = latest(visible_reports(request.user))
    context = {"page": page, "reports": reports, "illustrative": page.illustrative}
    return render(request, "reporting/home.html", context)


@require_safe
def about_figures(request: HttpRequest) -> HttpResponse:
    """How figures are made, in plain words."""
    return render(request, "reporting/about_figures.html")
