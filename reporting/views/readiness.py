"""Is a coming report ready? What it lacks, by office and focus area; one button reminds all."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.text import format_lazy
from django.views.decorators.http import require_http_methods, require_safe

from indicators.pages.readiness import readiness_context
from indicators.pages.reminding import reminded_words
from indicators.queries.readiness import readiness
from indicators.services import reminders
from indicators.views.doors import person
from reporting import permissions
from reporting.kinds import KINDS
from reporting.models import Report
from reporting.queries.coming import coming_report
from reporting.views.showing import found


@login_required
@require_safe
def coming(request: HttpRequest) -> HttpResponse:
    """Leads to the readiness of the report that is prepared next; to the list if none is."""
    if not permissions.prepares(person(request.user)):
        raise Http404
    slug = coming_report(today=timezone.localdate())
    return redirect("report-readiness", slug) if slug else redirect("reports")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest, slug: str) -> HttpResponse:
    """What the report lacks. A POST reminds all offices concerned. An issued one lacks nothing."""
    user = person(request.user)
    if not permissions.prepares(user):
        raise Http404
    shown = found(slug, user)
    if shown.report.state == Report.State.ISSUED:
        return redirect("report", slug)
    kind, period = KINDS[shown.report.kind], shown.report.period
    lacking = readiness(levels=kind.levels, period=period)
    if request.method == "POST":
        title = format_lazy("{}, {}", kind.title, period)
        done = reminders.remind_of_report(
            report=title, slug=slug, lacking=lacking, by=user, at=timezone.now()
        )
        messages.success(request, reminded_words(done))
        return redirect("report-readiness", slug)
    context = readiness_context(user, lacking) | {"page": shown}
    return render(request, "reporting/readiness.html", context)
