"""Published results: the list, one result, one indicator, its arithmetic and history."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import localdate
from django.views.decorators.http import require_safe

from indicators import exports
from indicators.pages import results as results_page
from indicators.pages.corrections import published_context
from indicators.pages.history import offices_to_open
from indicators.queries import results
from organization.models import User
from organization.queries import history as audit_history


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """All results by level at the end of a period."""
    asked = request.GET
    found = results.results_list(
        period=asked.get("period", ""), level=asked.get("level", ""), today=localdate()
    )
    return render(request, "indicators/results.html", results_page.list_context(found, asked))


@require_safe
def result(request: HttpRequest, code: str) -> HttpResponse:
    """A focus area, a support function or an indicator, whichever the code names."""
    page = results.result_page(code, today=localdate())
    if page is not None:
        return render(request, "indicators/result.html", results_page.result_context(page))
    return _indicator(request, code, "indicators/indicator.html")


@require_safe
def arithmetic(request: HttpRequest, code: str) -> HttpResponse:
    """Where one figure comes from, line by line."""
    return _indicator(request, code, "indicators/arithmetic.html")


def _indicator(request: HttpRequest, code: str, template: str) -> HttpResponse:
    found = results.indicator_page(code, period=request.GET.get("period", ""), today=localdate())
    if found is None:
        raise Http404
    return render(request, template, results_page.indicator_context(found, request.GET))


@require_safe
def history(request: HttpRequest, code: str) -> HttpResponse:
    """Targets, wordings and changes of an indicator."""
    found = results.indicator_page(code, period="", today=localdate())
    if found is None:
        raise Http404
    subjects = [("indicators.indicator", str(found.standing.indicator.pk))]
    subjects += [("indicators.target", str(one.pk)) for one in found.target_versions]
    if found.standing.baseline:
        subjects.append(("indicators.baseline", str(found.standing.baseline.pk)))
    context = results_page.indicator_context(found, request.GET)
    until = max((period.end for period in found.periods), default=None)
    context["corrected"] = published_context(found.standing.indicator, until)
    if isinstance(request.user, User):
        context["own_histories"] = offices_to_open(request.user, found.standing, found.offices)
    context["entries"] = audit_history(*subjects)
    return render(request, "indicators/history.html", context)


@require_safe
def download(request: HttpRequest, format: str) -> HttpResponse:
    """The published results as a spreadsheet."""
    if format not in exports.FORMATS:
        raise Http404
    found = results.results_list(period=request.GET.get("period", ""), level="", today=localdate())
    content, content_type = exports.results_file(found, format)
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="results.{format}"'
    return response
