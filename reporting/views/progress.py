"""The work in the background on a report: how far it is, cancelling it, trying again."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from habitat_plan.kit.errors import NotAllowed, RuleBroken
from indicators.views.doors import person
from reporting import services
from reporting.views.showing import found, work_of
from reporting.views.steps import step


@require_safe
def progress(request: HttpRequest, slug: str) -> HttpResponse:
    """The part of the page that says how far the work is; the whole page once it is over."""
    page = found(slug, request.user)
    work = work_of(page)
    if request.headers.get("HX-Request") != "true":
        return redirect("report", slug)
    response = render(request, "reporting/progress.html", {"page": page, "work": work})
    if work is None or work.is_over:
        response["HX-Refresh"] = "true"
    return response


@step
def cancel(request: HttpRequest, slug: str) -> HttpResponse:
    """Cancels all that waits or runs."""
    report = found(slug, request.user).report
    try:
        services.cancel_work(report=report, by=person(request.user), at=timezone.now())
    except NotAllowed:
        raise
    except RuleBroken as broken:
        # Over since the page was shown: nothing was typed that could be lost.
        messages.warning(request, str(broken.message))
    else:
        messages.success(request, _("The work is cancelled. What was made by then stays."))
    return redirect("report", slug)


@step
def retry(request: HttpRequest, slug: str) -> HttpResponse:
    """Starts anew what failed, was cancelled or was set aside."""
    report, by = found(slug, request.user).report, person(request.user)
    language = get_language() or "en"
    try:
        services.retry_work(report=report, by=by, at=timezone.now(), language=language)
    except NotAllowed:
        raise
    except RuleBroken as broken:
        messages.warning(request, str(broken.message))
    else:
        messages.success(request, _("The work goes on where it stopped. You may leave this page."))
    return redirect("report", slug)
