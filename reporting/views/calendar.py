"""The calendar of reports: the page, its file, and moving sessions and reports in it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from indicators.views.doors import person
from reporting import permissions
from reporting.forms_calendar import BodyFilter
from reporting.queries.calendar import calendar
from reporting.rules.icalendar import calendar_file
from reporting.views.calendar_moving import (
    move_report,
    move_session,
    report_to_move,
    session_to_move,
)
from reporting.views.calendar_page import calendar_page, entries


def _body(request: HttpRequest) -> tuple[BodyFilter, str]:
    """The filter and the body it names; none if it names one that is not known."""
    form = BodyFilter(request.GET or None)
    return form, form.cleaned_data["body"] if form.is_valid() else ""


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """What is due when, to whom; what is late, what is issued."""
    form, body = _body(request)
    today = timezone.localdate()
    page = calendar_page(calendar(today=today, user=request.user, body=body), today=today)
    context = {
        "page": page,
        "filter": form,
        "body": body,
        "sees_work": permissions.sees_work(request.user),
        "may_move": permissions.may_assemble(request.user),
    }
    return render(request, "reporting/calendar.html", context)


@require_safe
def download(request: HttpRequest) -> HttpResponse:
    """The dates that are not over, for the reader's own calendar."""
    _form, body = _body(request)
    found = calendar(today=timezone.localdate(), user=request.user, body=body)

    def address(slug: str) -> str:
        return request.build_absolute_uri(reverse("report", args=[slug]))

    host = request.get_host().partition(":")[0]
    content = calendar_file(
        entries(found.rows, site=host, address=address),
        name=_("Calendar of reports"),
        at=timezone.now(),
    )
    headers = {"Content-Disposition": 'attachment; filename="calendar.ics"'}
    return HttpResponse(content, content_type="text/calendar; charset=utf-8", headers=headers)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def session(request: HttpRequest, code: str) -> HttpResponse:
    """One session with its reports. A POST gives it other days."""
    user = person(request.user)
    if not permissions.may_assemble(user):
        raise Http404
    page = session_to_move(code, request.POST if request.method == "POST" else None)
    if request.method == "POST" and move_session(page, by=user, at=timezone.now()):
        messages.success(request, _("The session has its new days, and all due dates moved along."))
        for sentence in page.outdated:
            messages.warning(request, sentence)
        return redirect("calendar")
    status = 422 if page.form.errors else 200
    return render(request, "reporting/calendar_session.html", {"page": page}, status=status)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest, slug: str) -> HttpResponse:
    """One report with its steps. A POST sends it to another session."""
    user = person(request.user)
    if not permissions.may_assemble(user):
        raise Http404
    typed = request.POST if request.method == "POST" else None
    page = report_to_move(slug, typed, today=timezone.localdate())
    if request.method == "POST" and move_report(page, by=user, at=timezone.now()):
        messages.success(request, _("The report goes to the other session."))
        for sentence in page.outdated:
            messages.warning(request, sentence)
        return redirect("calendar")
    status = 422 if page.form.errors else 200
    return render(request, "reporting/calendar_report.html", {"page": page}, status=status)
