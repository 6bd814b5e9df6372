"""The plan itself, as it can be read by everybody."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from focus_areas import queries


@require_safe
def plan(request: HttpRequest) -> HttpResponse:
    """Vision to annex: everything the plan says that is not one focus area's."""
    return render(request, "focus_areas/plan.html", {"page": queries.plan_page()})


@require_safe
def wordings(request: HttpRequest, code: str) -> HttpResponse:
    """All wordings that one text has had, in all six languages, with status and source."""
    found = queries.wordings_of(code)
    if not found:
        raise Http404
    return render(request, "focus_areas/wordings.html", {"code": code, "wordings": found})
