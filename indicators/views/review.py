"""Submissions that wait for a decision; one submission, approved, returned or verified."""

from typing import Any

from django.contrib import messages as notes
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from indicators.forms.review import ReturnForm
from indicators.models import Submission
from indicators.pages.decisions import approve_several, decide, row_notes
from indicators.pages.review import queue_context, submission_context
from indicators.permissions import WORKS_ON_FIGURES
from indicators.queries.waiting import readable_submission
from indicators.views import doors
from organization.models import Role
from organization.permissions import holds, require


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def queue(request: HttpRequest) -> HttpResponse:
    """What waits for this person. A POST approves the submissions it names."""
    user = doors.person(request.user)
    if request.method == "POST":
        require(user, Role.APPROVER)
        done, refusals = approve_several(request.POST, by=user, at=timezone.now())
        if done:
            notes.success(request, done)
        for sentence in refusals:
            notes.error(request, sentence)
        return redirect("submissions")
    if not holds(user, Role.APPROVER, Role.QUALITY_ASSURANCE):
        raise Http404
    context = queue_context(user, today=timezone.localdate())
    return render(request, "indicators/submissions.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def submission(request: HttpRequest, number: int) -> HttpResponse:
    """One submission: what differs, what was answered. A POST decides on it (422 if refused)."""
    user = doors.person(request.user)
    found = readable_submission(user, number)
    if found is None:
        raise Http404
    if request.method != "POST":
        return _shown(request, found)
    if not holds(user, Role.QUALITY_ASSURANCE):
        require(user, *WORKS_ON_FIGURES, office=found.office)
    sentence, broken = decide(request.POST, found, by=user, at=timezone.now())
    if broken is None:
        notes.success(request, sentence)
        return redirect("submission", number)
    form = ReturnForm(request.POST)
    form.is_valid()
    if broken.code == "note_missing":
        form.add_error("note", str(broken.message))
    typed = row_notes(request.POST)
    return _shown(request, found, form=form, notes=typed, refused=broken.message, status=422)


@login_required
@require_safe
def preview(request: HttpRequest, office: str, period: str) -> HttpResponse:
    """What the approver will see of a year that is not submitted yet; nothing can be done here."""
    where, year = doors.office_year(request, office, period)
    context = submission_context(
        doors.person(request.user), where, year, today=timezone.localdate()
    )
    return render(request, "indicators/submission.html", context)


def _shown(
    request: HttpRequest, found: Submission, *, status: int = 200, **refused: Any
) -> HttpResponse:
    context = submission_context(
        doors.person(request.user),
        found.office,
        found.period,
        today=timezone.localdate(),
        **refused,
    )
    return render(request, "indicators/submission.html", context, status=status)
